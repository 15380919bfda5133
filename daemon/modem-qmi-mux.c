/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Several sessions at once, each with a mux id (QMAP): for each, clients of our own are bound to
 * that id, which changes nothing for anybody else. A modem that refuses it tells nothing of them.
 */

#include "modem-qmi.h"

#define MHI_INTERFACE 4 /* as the firmware of PCIe modems names it */
#define IPA_INTERFACE 1 /* … and that of modems on the same chip */

static char *device_path(const QmiSession *s, const char *entry) {
        return g_build_filename("/sys/class/net", s->link, "device", entry, NULL);
}

/* Where the modem's data goes, as its firmware names it. False: not known, it has to know itself.
 */
static bool find_endpoint(const QmiSession *s, QmiDataEndpointType *ret_type,
                          uint32_t *ret_number) {
        g_autofree char *path = NULL, *text = NULL, *driver_path = NULL, *target = NULL;
        g_autofree char *driver = NULL;

        if (!s->link)
                return false;

        path = device_path(s, "bInterfaceNumber");
        if (g_file_get_contents(path, &text, NULL, NULL)) {
                *ret_type = QMI_DATA_ENDPOINT_TYPE_HSUSB;
                *ret_number = (uint32_t) g_ascii_strtoull(text, NULL, 16);
                return true;
        }

        driver_path = device_path(s, "driver");
        target = g_file_read_link(driver_path, NULL);
        driver = target ? g_path_get_basename(target) : NULL;
        if (g_strcmp0(driver, "mhi_net") == 0) {
                *ret_type = QMI_DATA_ENDPOINT_TYPE_PCIE;
                *ret_number = MHI_INTERFACE;
        } else if (g_strcmp0(driver, "ipa") == 0) {
                *ret_type = QMI_DATA_ENDPOINT_TYPE_EMBEDDED;
                *ret_number = IPA_INTERFACE;
        } else
                return false;

        return true;
}

static void on_bound(GObject *object, GAsyncResult *result, void *data) {
        QmiData *d = data;
        g_autoptr(QmiSession) s = d->session;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageWdsBindMuxDataPortOutput) output =
                qmi_client_wds_bind_mux_data_port_finish(QMI_CLIENT_WDS(object), result, &error);

        if (s->is_over || (GObject *) d->wds != object)
                return;

        if (output)
                (void) qmi_message_wds_bind_mux_data_port_output_get_result(output, &error);
        if (qmi_is_timeout(error))
                modem_retry_later(&d->retry);
        else if (error) {
                g_debug("%s: sessions of mux id %u: %s", s->path, d->mux, error->message);
                qmi_data_drop(d);
        } else {
                qmi_data_listen(d); /* until then it is told of other sessions */
                qmi_data_set_family(d);
        }
}

static void bind_client(QmiData *d) {
        g_autoptr(QmiMessageWdsBindMuxDataPortInput) input =
                qmi_message_wds_bind_mux_data_port_input_new();
        QmiDataEndpointType type;
        uint32_t number;

        (void) qmi_message_wds_bind_mux_data_port_input_set_mux_id(input, (uint8_t) d->mux, NULL);
        if (find_endpoint(d->session, &type, &number))
                (void) qmi_message_wds_bind_mux_data_port_input_set_endpoint_info(input, type,
                                                                                  number, NULL);
        qmi_client_wds_bind_mux_data_port(d->wds, input, QMI_TIMEOUT_SECONDS,
                                          d->session->cancellable, on_bound, d);
        (void) qmi_session_ref(d->session);
}

/* Takes the next step: a client, or what it is bound to. */
static void go_on(void *data) {
        QmiData *d = data;

        if (d->wds)
                bind_client(d);
        else
                qmi_loan_take(&d->loan);
}

static void on_client(void *data, const GError *error) {
        QmiData *d = data;

        if (qmi_is_timeout(error))
                modem_retry_later(&d->retry);
        else if (error)
                g_debug("%s: no client for mux id %u: %s", d->session->path, d->mux,
                        error->message);
        if (error)
                return;

        d->wds = QMI_CLIENT_WDS(d->loan.client);
        bind_client(d);
}

void qmi_mux_start(QmiSession *s) {
        for (size_t i = 0; i < MODEM_MOST_MUXES; i++)
                for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                        QmiData *d = &s->muxes[i].data[f];

                        qmi_loan_init(&d->loan, s, QMI_SERVICE_WDS, on_client, d);
                        qmi_data_init(d, s, 0, f, go_on);
                }
}

void qmi_mux_stop(QmiSession *s) {
        for (size_t i = 0; i < MODEM_MOST_MUXES; i++)
                for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                        QmiData *d = &s->muxes[i].data[f];

                        modem_retry_stop(&d->retry);
                        if (d->wds)
                                g_signal_handlers_disconnect_by_data(d->wds, d);
                }
}

static void begin(QmiMux *m, unsigned id) {
        m->id = id;
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                m->data[f].mux = id;
                qmi_loan_take(&m->data[f].loan);
        }
}

static void end(QmiMux *m) {
        m->id = 0;
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                qmi_data_drop(&m->data[f]);
                m->data[f].mux = 0;
        }
}

static QmiMux *find(QmiSession *s, unsigned id) {
        for (size_t i = 0; i < MODEM_MOST_MUXES; i++)
                if (s->muxes[i].id == id)
                        return &s->muxes[i];

        return NULL;
}

void qmi_mux_watch(QmiSession *s, const unsigned *ids, size_t n) {
        for (size_t i = 0; i < MODEM_MOST_MUXES; i++)
                if (s->muxes[i].id > 0 && !modem_mux_is_among(ids, n, s->muxes[i].id))
                        end(&s->muxes[i]);
        for (size_t i = 0; i < n; i++)
                if (!find(s, ids[i]))
                        begin(find(s, 0), ids[i]);
}

void qmi_mux_tell(QmiSession *s, ModemStatistics *statistics) {
        for (size_t i = 0; i < MODEM_MOST_MUXES; i++) {
                QmiMux *m = &s->muxes[i];
                ModemMuxStatistics *told = &statistics->muxes[statistics->n_muxes];

                if (m->id == 0)
                        continue;
                statistics->n_muxes++;
                told->mux = m->id;
                for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                        QmiData *d = &m->data[f];

                        d->is_told |= d->is_ended && !d->connected;
                        told->running[f] = d->is_running;
                        told->ended[f] = d->is_ended;
                        told->counted[f] = d->counted;
                        told->n_begun[f] = d->n_begun;
                        told->is_expected[f] = d->connected;
                }
        }
}
