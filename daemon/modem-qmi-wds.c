/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Data sessions, one client for each IP family, and what the modem itself has counted of them. */

#include "modem-qmi.h"

#define REPORT_SECONDS 60
#define REPORT_BYTES                                                                               \
        (QMI_WDS_SET_EVENT_REPORT_TRANSFER_STATISTICS_REPORT_TX_BYTES_OK |                         \
         QMI_WDS_SET_EVENT_REPORT_TRANSFER_STATISTICS_REPORT_RX_BYTES_OK)

static const QmiWdsIpFamily families[] = {
        [IP_FAMILY_4] = QMI_WDS_IP_FAMILY_IPV4,
        [IP_FAMILY_6] = QMI_WDS_IP_FAMILY_IPV6,
};

/* A call that is under way for one family, and for one connection of it. */
typedef struct Ask {
        QmiSession *session;
        IpFamily family;
        unsigned serial;
} Ask;

static Ask *ask_new(QmiSession *s, IpFamily family) {
        Ask *a = g_new(Ask, 1);

        *a = (Ask){ qmi_session_ref(s), family, s->data[family].serial };
        return a;
}

static void ask_free(Ask *a) {
        qmi_session_unref(a->session);
        g_free(a);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ask, ask_free)

static IpFamily family_of(QmiSession *s, QmiClientWds *client) {
        return client == s->data[IP_FAMILY_6].wds ? IP_FAMILY_6 : IP_FAMILY_4;
}

static void on_settings(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(Ask) a = data;
        QmiSession *s = a->session;
        g_autoptr(QmiMessageWdsGetCurrentSettingsOutput) output =
                qmi_client_wds_get_current_settings_finish(QMI_CLIENT_WDS(object), result, NULL);
        g_autofree char *apn = NULL;
        const char *name = NULL;

        if (s->is_over || a->serial != s->data[a->family].serial || !output ||
            !qmi_message_wds_get_current_settings_output_get_result(output, NULL) ||
            !qmi_message_wds_get_current_settings_output_get_apn_name(output, &name, NULL))
                return;

        apn = qmi_text(name);
        s->events.listener->connection(a->family, true, apn, s->events.userdata);
}

static void ask_settings(QmiSession *s, IpFamily family) {
        g_autoptr(QmiMessageWdsGetCurrentSettingsInput) input =
                qmi_message_wds_get_current_settings_input_new();

        (void) qmi_message_wds_get_current_settings_input_set_requested_settings(
                input, QMI_WDS_REQUESTED_SETTINGS_APN_NAME, NULL);
        qmi_client_wds_get_current_settings(s->data[family].wds, input, QMI_TIMEOUT_SECONDS,
                                            s->cancellable, on_settings, ask_new(s, family));
}

static void set_connection(QmiSession *s, IpFamily family, bool connected) {
        QmiData *d = &s->data[family];

        if (d->is_known && d->connected == connected)
                return;

        d->is_known = true;
        d->connected = connected;
        d->is_told = false;
        d->serial++;
        s->events.listener->connection(family, connected, "", s->events.userdata);
        if (connected && !s->is_over)
                ask_settings(s, family);
        if (s->statistics_wait && !s->is_over)
                qmi_data_query(s);
}

static void on_status(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(Ask) a = data;
        QmiSession *s = a->session;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageWdsGetPacketServiceStatusOutput) output =
                qmi_client_wds_get_packet_service_status_finish(QMI_CLIENT_WDS(object), result,
                                                                &error);
        QmiWdsConnectionStatus status = QMI_WDS_CONNECTION_STATUS_UNKNOWN;

        if (s->is_over || s->data[a->family].is_known)
                return; /* an indication was faster */

        if (output && qmi_message_wds_get_packet_service_status_output_get_result(output, &error))
                (void) qmi_message_wds_get_packet_service_status_output_get_connection_status(
                        output, &status, NULL);

        if (qmi_is_timeout(error))
                modem_retry_later(&s->data[a->family].retry);
        else
                set_connection(s, a->family,
                               status == QMI_WDS_CONNECTION_STATUS_CONNECTED ||
                                       status == QMI_WDS_CONNECTION_STATUS_SUSPENDED);
}

static void ask_status(QmiSession *s, IpFamily family) {
        qmi_client_wds_get_packet_service_status(s->data[family].wds, NULL, QMI_TIMEOUT_SECONDS,
                                                 s->cancellable, on_status, ask_new(s, family));
}

static void on_status_indication(QmiClientWds *client,
                                 QmiIndicationWdsPacketServiceStatusOutput *output, QmiSession *s) {
        QmiWdsConnectionStatus status;
        QmiWdsIpFamily said;
        IpFamily family = family_of(s, client);

        if (s->is_over || !qmi_indication_wds_packet_service_status_output_get_connection_status(
                                  output, &status, NULL, NULL))
                return;

        /* Some modems tell every client of every family's sessions. */
        if (qmi_indication_wds_packet_service_status_output_get_ip_family(output, &said, NULL)) {
                if (said == QMI_WDS_IP_FAMILY_IPV4)
                        family = IP_FAMILY_4;
                else if (said == QMI_WDS_IP_FAMILY_IPV6)
                        family = IP_FAMILY_6;
        }
        if (!s->data[family].wds)
                return;

        if (status == QMI_WDS_CONNECTION_STATUS_CONNECTED)
                set_connection(s, family, true);
        else if (status == QMI_WDS_CONNECTION_STATUS_DISCONNECTED)
                set_connection(s, family, false);
}

/* Figures that the modem pushes are not believed: they make us ask, when they are new. */
static void on_report_indication(QmiClientWds *client, QmiIndicationWdsEventReportOutput *output,
                                 QmiSession *s) {
        QmiData *d = &s->data[family_of(s, client)];
        Traffic reported = d->reported;

        if (s->is_over)
                return;

        (void) qmi_indication_wds_event_report_output_get_rx_bytes_ok(output, &reported.rx, NULL);
        (void) qmi_indication_wds_event_report_output_get_tx_bytes_ok(output, &reported.tx, NULL);
        if (reported.rx == d->reported.rx && reported.tx == d->reported.tx)
                return;

        d->reported = reported;
        s->events.listener->active(s->events.userdata);
}

static void set_report(QmiSession *s, IpFamily family) {
        g_autoptr(QmiMessageWdsSetEventReportInput) input =
                qmi_message_wds_set_event_report_input_new();

        /* A modem that does not push them is asked at the meter's own pace. */
        (void) qmi_message_wds_set_event_report_input_set_transfer_statistics(input, REPORT_SECONDS,
                                                                              REPORT_BYTES, NULL);
        qmi_client_wds_set_event_report(s->data[family].wds, input, QMI_TIMEOUT_SECONDS,
                                        s->cancellable, NULL, NULL);
}

/* The second client would count the first one's session once more. */
static void drop_family(QmiSession *s, IpFamily family) {
        QmiData *d = &s->data[family];

        if (d->wds) {
                g_signal_handlers_disconnect_by_data(d->wds, s);
                qmi_drop_client(s, QMI_CLIENT(g_steal_pointer(&d->wds)));
        }
        set_connection(s, family, false);
}

static void on_family_set(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(Ask) a = data;
        QmiSession *s = a->session;
        QmiData *d = &s->data[a->family];
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageWdsSetIpFamilyOutput) output =
                qmi_client_wds_set_ip_family_finish(QMI_CLIENT_WDS(object), result, &error);

        if (s->is_over || !d->wds)
                return;

        if (output)
                (void) qmi_message_wds_set_ip_family_output_get_result(output, &error);
        if (qmi_is_timeout(error)) {
                modem_retry_later(&d->retry);
                return;
        }
        if (error && a->family != IP_FAMILY_4 &&
            !g_error_matches(error, QMI_PROTOCOL_ERROR, QMI_PROTOCOL_ERROR_NO_EFFECT)) {
                g_debug("%s: IPv6 sessions: %s", s->path, error->message);
                drop_family(s, a->family);
                return;
        }

        set_report(s, a->family);
        ask_status(s, a->family);
}

static void set_family(QmiSession *s, IpFamily family) {
        g_autoptr(QmiMessageWdsSetIpFamilyInput) input = qmi_message_wds_set_ip_family_input_new();

        (void) qmi_message_wds_set_ip_family_input_set_preference(input, families[family], NULL);
        qmi_client_wds_set_ip_family(s->data[family].wds, input, QMI_TIMEOUT_SECONDS,
                                     s->cancellable, on_family_set, ask_new(s, family));
}

static void set_family_4(void *session) {
        set_family(session, IP_FAMILY_4);
}

static void set_family_6(void *session) {
        set_family(session, IP_FAMILY_6);
}

void qmi_data_start(QmiSession *s) {
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                QmiData *d = &s->data[f];

                modem_retry_init(&d->retry, f == IP_FAMILY_4 ? set_family_4 : set_family_6, s,
                                 &s->is_over);
                if (!d->wds) {
                        set_connection(s, f, false);
                        continue;
                }

                g_signal_connect(d->wds, "packet-service-status", G_CALLBACK(on_status_indication),
                                 s);
                g_signal_connect(d->wds, "event-report", G_CALLBACK(on_report_indication), s);
                set_family(s, f);
        }
}

void qmi_data_stop(QmiSession *s) {
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                modem_retry_stop(&s->data[f].retry);
                if (s->data[f].wds)
                        g_signal_handlers_disconnect_by_data(s->data[f].wds, s);
        }
}

static void statistics_end(QmiSession *s) {
        ModemStatistics statistics = s->statistics;

        if (--s->n_statistics > 0 || s->is_over)
                return;

        if (s->statistics_ask_again) {
                s->statistics_ask_again = false;
                qmi_data_query(s); /* this answer is older than the last question */
                return;
        }

        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                s->data[f].is_told |= statistics.ended[f] && !s->data[f].connected;
        s->events.listener->statistics(&statistics, s->events.userdata);
}

static void on_statistics(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(Ask) a = data;
        QmiSession *s = a->session;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageWdsGetPacketStatisticsOutput) output =
                qmi_client_wds_get_packet_statistics_finish(QMI_CLIENT_WDS(object), result, &error);
        Traffic total = { UINT64_MAX, UINT64_MAX }, last = { UINT64_MAX, UINT64_MAX };

        if (output && qmi_message_wds_get_packet_statistics_output_get_result(output, &error)) {
                (void) qmi_message_wds_get_packet_statistics_output_get_rx_bytes_ok(
                        output, &total.rx, NULL);
                (void) qmi_message_wds_get_packet_statistics_output_get_tx_bytes_ok(
                        output, &total.tx, NULL);
                s->statistics.running[a->family] = true;
                s->statistics.total[a->family] = total;
        } else if (output &&
                   g_error_matches(error, QMI_PROTOCOL_ERROR, QMI_PROTOCOL_ERROR_OUT_OF_CALL)) {
                /* These come together with the error. */
                (void) qmi_message_wds_get_packet_statistics_output_get_last_call_rx_bytes_ok(
                        output, &last.rx, NULL);
                (void) qmi_message_wds_get_packet_statistics_output_get_last_call_tx_bytes_ok(
                        output, &last.tx, NULL);
                s->statistics.ended[a->family] = true;
                s->statistics.last[a->family] = last;
        } else if (!s->is_over)
                g_debug("%s: statistics: %s", s->path, error->message);

        statistics_end(s);
}

static gboolean on_nobody_to_ask(void *data) {
        g_autoptr(QmiSession) s = data;

        statistics_end(s);
        return G_SOURCE_REMOVE;
}

/* Does each client stand for its family by now, and is it known whether a session runs? */
static bool families_are_known(const QmiSession *s) {
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                if (s->data[f].wds && !s->data[f].is_known)
                        return false;

        return true;
}

void qmi_data_doubt(QmiSession *s) {
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                s->data[f].is_told = false;
}

void qmi_data_query(QmiSession *s) {
        g_autoptr(QmiMessageWdsGetPacketStatisticsInput) input = NULL;

        if (s->n_statistics > 0) {
                s->statistics_ask_again = true;
                return;
        }

        s->statistics_wait = !families_are_known(s);
        if (s->statistics_wait)
                return;

        s->statistics = (ModemStatistics){ 0 };
        input = qmi_message_wds_get_packet_statistics_input_new();
        (void) qmi_message_wds_get_packet_statistics_input_set_mask(
                input,
                QMI_WDS_PACKET_STATISTICS_MASK_FLAG_TX_BYTES_OK |
                        QMI_WDS_PACKET_STATISTICS_MASK_FLAG_RX_BYTES_OK,
                NULL);

        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                if (!s->data[f].wds || s->data[f].is_told)
                        continue;
                s->n_statistics++;
                qmi_client_wds_get_packet_statistics(s->data[f].wds, input, QMI_TIMEOUT_SECONDS,
                                                     s->cancellable, on_statistics, ask_new(s, f));
        }
        if (s->n_statistics == 0) {
                s->n_statistics = 1;
                (void) g_idle_add(on_nobody_to_ask, qmi_session_ref(s));
        }
}
