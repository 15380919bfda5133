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

/* A call that is under way for one client, and for one connection of it. */
typedef struct Ask {
        QmiData *data;
        unsigned serial;
} Ask;

static Ask *ask_new(QmiData *d) {
        Ask *a = g_new(Ask, 1);

        (void) qmi_session_ref(d->session);
        *a = (Ask){ d, d->serial };
        return a;
}

static void ask_free(Ask *a) {
        qmi_session_unref(a->data->session);
        g_free(a);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ask, ask_free)

/* What still comes is of no interest: the session is over, or another client stands for it. */
static bool is_stale(const QmiData *d, const GObject *client) {
        return d->session->is_over || (const GObject *) d->wds != client;
}

static void on_settings(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(Ask) a = data;
        QmiData *d = a->data;
        g_autoptr(QmiMessageWdsGetCurrentSettingsOutput) output =
                qmi_client_wds_get_current_settings_finish(QMI_CLIENT_WDS(object), result, NULL);
        g_autofree char *apn = NULL;
        const char *name = NULL;

        if (is_stale(d, object) || a->serial != d->serial || !output ||
            !qmi_message_wds_get_current_settings_output_get_result(output, NULL) ||
            !qmi_message_wds_get_current_settings_output_get_apn_name(output, &name, NULL))
                return;

        apn = qmi_text(name);
        d->session->events.listener->connection(d->family, true, apn, d->session->events.userdata);
}

static void ask_settings(QmiData *d) {
        g_autoptr(QmiMessageWdsGetCurrentSettingsInput) input =
                qmi_message_wds_get_current_settings_input_new();

        (void) qmi_message_wds_get_current_settings_input_set_requested_settings(
                input, QMI_WDS_REQUESTED_SETTINGS_APN_NAME, NULL);
        qmi_client_wds_get_current_settings(d->wds, input, QMI_TIMEOUT_SECONDS,
                                            d->session->cancellable, on_settings, ask_new(d));
}

static void tell_connection(QmiData *d) {
        QmiSession *s = d->session;

        if (d->mux > 0) {
                s->events.listener->muxed(s->events.userdata);
                return;
        }

        s->events.listener->connection(d->family, d->connected, "", s->events.userdata);
        if (d->connected && !s->is_over)
                ask_settings(d);
}

static void set_connection(QmiData *d, bool connected) {
        QmiSession *s = d->session;

        if (d->is_known && d->connected == connected)
                return;

        if (d->is_known && connected)
                d->n_begun++;
        d->is_known = true;
        d->connected = connected;
        d->is_told = false;
        d->serial++;
        tell_connection(d);
        if (s->statistics_wait && !s->is_over)
                qmi_data_query(s);
}

static void on_status(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(Ask) a = data;
        QmiData *d = a->data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageWdsGetPacketServiceStatusOutput) output =
                qmi_client_wds_get_packet_service_status_finish(QMI_CLIENT_WDS(object), result,
                                                                &error);
        QmiWdsConnectionStatus status = QMI_WDS_CONNECTION_STATUS_UNKNOWN;

        if (is_stale(d, object) || d->is_known)
                return; /* an indication was faster */

        if (output && qmi_message_wds_get_packet_service_status_output_get_result(output, &error))
                (void) qmi_message_wds_get_packet_service_status_output_get_connection_status(
                        output, &status, NULL);

        if (qmi_is_timeout(error))
                modem_retry_later(&d->retry);
        else
                set_connection(d, status == QMI_WDS_CONNECTION_STATUS_CONNECTED ||
                                          status == QMI_WDS_CONNECTION_STATUS_SUSPENDED);
}

static void ask_status(QmiData *d) {
        qmi_client_wds_get_packet_service_status(d->wds, NULL, QMI_TIMEOUT_SECONDS,
                                                 d->session->cancellable, on_status, ask_new(d));
}

static void on_status_indication(QmiClientWds *client,
                                 QmiIndicationWdsPacketServiceStatusOutput *output, QmiData *d) {
        QmiData *families_of_it = d - d->family;
        QmiWdsConnectionStatus status;
        QmiWdsIpFamily said;

        if (d->session->is_over ||
            !qmi_indication_wds_packet_service_status_output_get_connection_status(output, &status,
                                                                                   NULL, NULL))
                return;

        /* Some modems tell every client of every family's sessions. */
        if (qmi_indication_wds_packet_service_status_output_get_ip_family(output, &said, NULL)) {
                if (said == QMI_WDS_IP_FAMILY_IPV4)
                        d = &families_of_it[IP_FAMILY_4];
                else if (said == QMI_WDS_IP_FAMILY_IPV6)
                        d = &families_of_it[IP_FAMILY_6];
        }
        if (!d->wds)
                return;

        if (status == QMI_WDS_CONNECTION_STATUS_CONNECTED)
                set_connection(d, true);
        else if (status == QMI_WDS_CONNECTION_STATUS_DISCONNECTED)
                set_connection(d, false);
}

/* Figures that the modem pushes are not believed: they make us ask, when they are new. */
static void on_report_indication(QmiClientWds *client, QmiIndicationWdsEventReportOutput *output,
                                 QmiData *d) {
        QmiSession *s = d->session;
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

static void set_report(QmiData *d) {
        g_autoptr(QmiMessageWdsSetEventReportInput) input =
                qmi_message_wds_set_event_report_input_new();

        /* A modem that does not push them is asked at the meter's own pace. */
        (void) qmi_message_wds_set_event_report_input_set_transfer_statistics(input, REPORT_SECONDS,
                                                                              REPORT_BYTES, NULL);
        qmi_client_wds_set_event_report(d->wds, input, QMI_TIMEOUT_SECONDS, d->session->cancellable,
                                        NULL, NULL);
}

void qmi_data_drop(QmiData *d) {
        modem_retry_stop(&d->retry);
        d->is_known = d->connected = d->is_told = false;
        d->serial++;
        d->n_begun = 0;
        if (d->mux > 0) {
                d->wds = NULL;
                qmi_loan_give_back(&d->loan);
        } else if (d->wds) {
                g_signal_handlers_disconnect_by_data(d->wds, d);
                qmi_drop_client(d->session, QMI_CLIENT(g_steal_pointer(&d->wds)));
        }
}

static void on_family_set(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(Ask) a = data;
        QmiData *d = a->data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageWdsSetIpFamilyOutput) output =
                qmi_client_wds_set_ip_family_finish(QMI_CLIENT_WDS(object), result, &error);

        if (is_stale(d, object))
                return;

        if (output)
                (void) qmi_message_wds_set_ip_family_output_get_result(output, &error);
        if (qmi_is_timeout(error)) {
                modem_retry_later(&d->retry);
                return;
        }
        if (error && d->family != IP_FAMILY_4 &&
            !g_error_matches(error, QMI_PROTOCOL_ERROR, QMI_PROTOCOL_ERROR_NO_EFFECT)) {
                /* The second client would count the first one's session once more. */
                g_debug("%s: IPv6 sessions: %s", d->session->path, error->message);
                qmi_data_drop(d);
                set_connection(d, false);
                return;
        }

        set_report(d);
        ask_status(d);
}

void qmi_data_set_family(void *data) {
        g_autoptr(QmiMessageWdsSetIpFamilyInput) input = qmi_message_wds_set_ip_family_input_new();
        QmiData *d = data;

        (void) qmi_message_wds_set_ip_family_input_set_preference(input, families[d->family], NULL);
        qmi_client_wds_set_ip_family(d->wds, input, QMI_TIMEOUT_SECONDS, d->session->cancellable,
                                     on_family_set, ask_new(d));
}

void qmi_data_init(QmiData *d, QmiSession *s, unsigned mux, IpFamily family, void (*ask)(void *d)) {
        d->session = s;
        d->mux = mux;
        d->family = family;
        modem_retry_init(&d->retry, ask, d, &s->is_over);
}

void qmi_data_listen(QmiData *d) {
        g_signal_handlers_disconnect_by_data(d->wds, d);
        g_signal_connect(d->wds, "packet-service-status", G_CALLBACK(on_status_indication), d);
        g_signal_connect(d->wds, "event-report", G_CALLBACK(on_report_indication), d);
}

void qmi_data_start(QmiSession *s) {
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                QmiData *d = &s->data[f];

                qmi_data_init(d, s, 0, f, qmi_data_set_family);
                if (!d->wds) {
                        set_connection(d, false);
                        continue;
                }

                qmi_data_listen(d);
                qmi_data_set_family(d);
        }
}

void qmi_data_stop(QmiSession *s) {
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                QmiData *d = &s->data[f];

                modem_retry_stop(&d->retry);
                if (d->wds)
                        g_signal_handlers_disconnect_by_data(d->wds, d);
        }
}

static void statistics_end(QmiSession *s) {
        ModemStatistics statistics = { 0 };

        if (--s->n_statistics > 0 || s->is_over)
                return;

        if (s->statistics_ask_again) {
                s->statistics_ask_again = false;
                qmi_data_query(s); /* this answer is older than the last question */
                return;
        }

        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                QmiData *d = &s->data[f];

                d->is_told |= d->is_ended && !d->connected;
                statistics.running[f] = d->is_running;
                statistics.ended[f] = d->is_ended;
                *(d->is_running ? &statistics.total[f] : &statistics.last[f]) = d->counted;
        }
        qmi_mux_tell(s, &statistics);
        s->events.listener->statistics(&statistics, s->events.userdata);
}

static void on_statistics(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(Ask) a = data;
        QmiData *d = a->data;
        QmiSession *s = d->session;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageWdsGetPacketStatisticsOutput) output =
                qmi_client_wds_get_packet_statistics_finish(QMI_CLIENT_WDS(object), result, &error);
        Traffic counted = { UINT64_MAX, UINT64_MAX };

        if (is_stale(d, object)) {
                statistics_end(s);
                return;
        }

        if (output && qmi_message_wds_get_packet_statistics_output_get_result(output, &error)) {
                (void) qmi_message_wds_get_packet_statistics_output_get_rx_bytes_ok(
                        output, &counted.rx, NULL);
                (void) qmi_message_wds_get_packet_statistics_output_get_tx_bytes_ok(
                        output, &counted.tx, NULL);
                d->is_running = true;
        } else if (output &&
                   g_error_matches(error, QMI_PROTOCOL_ERROR, QMI_PROTOCOL_ERROR_OUT_OF_CALL)) {
                /* These come together with the error. */
                (void) qmi_message_wds_get_packet_statistics_output_get_last_call_rx_bytes_ok(
                        output, &counted.rx, NULL);
                (void) qmi_message_wds_get_packet_statistics_output_get_last_call_tx_bytes_ok(
                        output, &counted.tx, NULL);
                d->is_ended = true;
        } else
                g_debug("%s: statistics: %s", s->path, error->message);

        d->counted = counted;
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

static void ask_statistics(QmiData *d) {
        g_autoptr(QmiMessageWdsGetPacketStatisticsInput) input = NULL;

        d->is_running = d->is_ended = false;
        d->counted = (Traffic){ 0 };
        if (!d->wds || !d->is_known || d->is_told)
                return;

        input = qmi_message_wds_get_packet_statistics_input_new();
        (void) qmi_message_wds_get_packet_statistics_input_set_mask(
                input,
                QMI_WDS_PACKET_STATISTICS_MASK_FLAG_TX_BYTES_OK |
                        QMI_WDS_PACKET_STATISTICS_MASK_FLAG_RX_BYTES_OK,
                NULL);
        d->session->n_statistics++;
        qmi_client_wds_get_packet_statistics(d->wds, input, QMI_TIMEOUT_SECONDS,
                                             d->session->cancellable, on_statistics, ask_new(d));
}

void qmi_data_query(QmiSession *s) {
        if (s->n_statistics > 0) {
                s->statistics_ask_again = true;
                return;
        }

        s->statistics_wait = !families_are_known(s);
        if (s->statistics_wait)
                return;

        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                ask_statistics(&s->data[f]);
        for (size_t i = 0; i < MODEM_MOST_MUXES; i++)
                for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                        ask_statistics(&s->muxes[i].data[f]);
        if (s->n_statistics == 0) {
                s->n_statistics = 1;
                (void) g_idle_add(on_nobody_to_ask, qmi_session_ref(s));
        }
}
