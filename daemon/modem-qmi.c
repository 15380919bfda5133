/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The QMI driver: opening through qmi-proxy, clients, and every way out. */

#include "modem-qmi.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

#include "utf8.h"

#define OPEN_SECONDS  15
#define CLOSE_SECONDS 1
#define MOST_TIMEOUTS 3 /* in a row; with more the port is taken for dead */

/* Questions at once at an opening: twice as many each time, as long as there is hope. */
#define MOST_PROBES       128
#define HOPELESS_OPENINGS 10

#define NO_ANSWER "The modem does not answer"

static void finish_closing(QmiSession *s);

QmiSession *qmi_session_ref(QmiSession *s) {
        s->refs++;
        return s;
}

void qmi_session_unref(QmiSession *s) {
        if (--s->refs > 0)
                return;

        if (s->device)
                g_signal_handlers_disconnect_by_data(s->device, s);
        g_clear_object(&s->dms);
        g_clear_object(&s->uim);
        g_clear_object(&s->nas);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                g_clear_object(&s->data[f].wds);
        for (size_t i = 0; i < MODEM_MOST_MUXES; i++)
                for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                        g_clear_object(&s->muxes[i].data[f].loan.client);
        g_clear_object(&s->messages.wms.client);
        g_clear_object(&s->ussd.voice.client);
        g_clear_object(&s->device);
        g_clear_object(&s->cancellable);
        g_clear_object(&s->probing);
        g_free(s->iccid);
        g_free(s->slots_seen);
        g_free(s->cards_seen);
        g_free(s->applications_seen);
        g_free(s->network_name);
        g_free(s->life);
        g_free(s->path);
        g_free(s->link);
        g_free(s);
}

bool qmi_is_timeout(const GError *error) {
        return g_error_matches(error, QMI_CORE_ERROR, QMI_CORE_ERROR_TIMEOUT);
}

char *qmi_text(const char *text) {
        return utf8_sanitize(text ?: "", SIZE_MAX, QMI_TEXT_BYTES);
}

Plmn qmi_plmn(uint16_t mcc, uint16_t mnc, bool digits_known, bool three_digits) {
        /* The countries of the North American numbering plan write three. */
        bool is_american = mcc == 302 || (mcc >= 310 && mcc <= 316) || mcc == 334;

        if (mcc < 1 || mcc > 999 || mnc > 999)
                return (Plmn){ 0 };

        if (!digits_known)
                three_digits = is_american;
        return (Plmn){ .mcc = mcc, .mnc = mnc, .mnc_digits = mnc > 99 || three_digits ? 3 : 2 };
}

/* Told from the main loop: the caller may be deep within this session's own calls. */
typedef struct Failure {
        QmiSession *session;
        char *why;
} Failure;

static gboolean on_failure(void *data) {
        g_autofree Failure *f = data;
        g_autoptr(QmiSession) s = f->session;
        g_autofree char *why = f->why;

        if (!s->is_closing)
                s->events.failed(why, s->events.data);
        return G_SOURCE_REMOVE;
}

static void fail(QmiSession *s, const char *why) {
        Failure *f;

        if (s->is_over)
                return;

        s->is_over = true;
        f = g_new(Failure, 1);
        *f = (Failure){ qmi_session_ref(s), g_strdup(why) };
        (void) g_idle_add(on_failure, f);
}

static void on_removed(QmiDevice *device, QmiSession *s) {
        s->is_removed = true;
        fail(s, "The modem's port hung up");
}

static void on_timeouts(QmiDevice *device, GParamSpec *property, QmiSession *s) {
        if (qmi_device_get_consecutive_timeouts(device) > MOST_TIMEOUTS)
                fail(s, NO_ANSWER);
}

static void start(QmiSession *s, const char *model) {
        s->is_started = true;
        s->events.opened(model, s->events.data);
        if (!s->is_over)
                qmi_sim_start(s);
        if (!s->is_over)
                qmi_network_start(s);
        if (!s->is_over)
                qmi_data_start(s);
}

static void on_model(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(QmiMessageDmsGetModelOutput) output =
                qmi_client_dms_get_model_finish(QMI_CLIENT_DMS(object), result, NULL);
        g_autofree char *model = NULL;
        const char *text = NULL;

        if (s->is_over)
                return;

        if (output && qmi_message_dms_get_model_output_get_result(output, NULL))
                (void) qmi_message_dms_get_model_output_get_model(output, &text, NULL);
        model = qmi_text(text);
        start(s, model);
}

static void ask_model(QmiSession *s) {
        if (s->dms)
                qmi_client_dms_get_model(s->dms, NULL, QMI_TIMEOUT_SECONDS, s->cancellable,
                                         on_model, qmi_session_ref(s));
        else
                start(s, "");
}

/* Opening has come to an end, in one way or the other. True if there is something to go on with. */
static bool opening_ends(QmiSession *s) {
        s->is_opening = false;
        if (s->is_closing)
                finish_closing(s);
        return !s->is_over;
}

/* The clients that are wanted, one after the other; the modem may lack some of the services. */
static const QmiService services[] = { QMI_SERVICE_DMS, QMI_SERVICE_UIM, QMI_SERVICE_NAS,
                                       QMI_SERVICE_WDS, QMI_SERVICE_WDS };

typedef struct Allocation {
        QmiSession *session;
        size_t i;
        bool is_repeated;
} Allocation;

static void allocate(QmiSession *s, size_t i, bool is_repeated);

static void keep_client(QmiSession *s, size_t i, QmiClient *client) {
        switch (services[i]) {
        case QMI_SERVICE_DMS:
                s->dms = QMI_CLIENT_DMS(client);
                break;
        case QMI_SERVICE_UIM:
                s->uim = QMI_CLIENT_UIM(client);
                break;
        case QMI_SERVICE_NAS:
                s->nas = QMI_CLIENT_NAS(client);
                break;
        default:
                s->data[s->data[IP_FAMILY_4].wds ? IP_FAMILY_6 : IP_FAMILY_4].wds =
                        QMI_CLIENT_WDS(client);
                break;
        }
}

static void on_allocated(GObject *object, GAsyncResult *result, void *data) {
        g_autofree Allocation *a = data;
        g_autoptr(QmiSession) s = a->session;
        g_autoptr(GError) error = NULL;
        QmiClient *client = qmi_device_allocate_client_finish(QMI_DEVICE(object), result, &error);

        if (client) {
                keep_client(s, a->i, client);
                qmi_ids_save(s);
        } else
                g_debug("%s: no client for service %s: %s", s->path,
                        qmi_service_get_string(services[a->i]), error->message);

        /* To go on without a service is for good: what only got lost is asked for once more. */
        if (!client && !a->is_repeated && qmi_is_timeout(error))
                allocate(s, a->i, true);
        else
                allocate(s, a->i + 1, false);
}

static void allocate(QmiSession *s, size_t i, bool is_repeated) {
        Allocation *a;

        if (i < G_N_ELEMENTS(services) && !s->is_over) {
                a = g_new(Allocation, 1);
                *a = (Allocation){ qmi_session_ref(s), i, is_repeated };
                /* Not to be cancelled: the id that comes has to be given back. */
                qmi_device_allocate_client(s->device, services[i], QMI_CID_NONE,
                                           QMI_TIMEOUT_SECONDS, NULL, on_allocated, a);
                return;
        }

        if (!opening_ends(s))
                return;

        if (!s->dms && !s->uim && !s->nas && !s->data[IP_FAMILY_4].wds)
                fail(s, "The modem gives out no client ids");
        else
                ask_model(s);
}

static void on_probed(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(GArray) versions =
                qmi_device_get_service_version_info_finish(QMI_DEVICE(object), result, &error);
        bool is_late = !versions && qmi_is_timeout(error);

        s->n_probes--;
        if (s->is_probed || (is_late && s->n_probes > 0))
                return;

        s->is_probed = true;
        g_cancellable_cancel(s->probing);
        if (is_late)
                fail(s, NO_ANSWER);
        allocate(s, 0, false);
}

/*
 * A modem whose answers do not arrive would go on giving out client ids that nobody can give back,
 * so it has to answer something else first. What it says does not matter.
 *
 * Where the length of a message was damaged, the proxy takes whatever comes next for the rest of
 * it, up to 64 KiB, and serves nobody until it is there: then it finds the rest out of step, and
 * hangs up. The answers themselves make up that rest, so that with each opening more are asked for.
 */
static void probe(QmiSession *s) {
        bool may_be_out_of_step = !s->is_node && s->n_failed < HOPELESS_OPENINGS;
        unsigned n = may_be_out_of_step ? MIN(1U << s->n_failed, MOST_PROBES) : 1;

        s->n_probes = n;
        for (unsigned i = 0; i < n; i++)
                qmi_device_get_service_version_info(s->device, QMI_TIMEOUT_SECONDS, s->probing,
                                                    on_probed, qmi_session_ref(s));
}

static void on_opened(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;

        if (!qmi_device_open_finish(QMI_DEVICE(object), result, &error)) {
                g_autofree char *why =
                        g_strdup_printf("The port cannot be opened: %s", error->message);

                fail(s, why);
                (void) opening_ends(s);
                return;
        }

        if (s->is_over) {
                (void) opening_ends(s);
                return;
        }

        qmi_ids_give_back(s);
        probe(s);
}

static void on_device(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;

        s->device = s->is_node ? qmi_node_open_finish(result, &error)
                               : qmi_device_new_finish(result, &error);
        if (!s->device) {
                g_autofree char *why =
                        g_strdup_printf("The port cannot be used: %s", error->message);

                fail(s, why);
        }
        if (s->is_over) {
                (void) opening_ends(s);
                return;
        }

        g_signal_connect(s->device, QMI_DEVICE_SIGNAL_REMOVED, G_CALLBACK(on_removed), s);
        g_signal_connect(s->device, "notify::" QMI_DEVICE_CONSECUTIVE_TIMEOUTS,
                         G_CALLBACK(on_timeouts), s);

        /*
         * Shared with ModemManager and others; nothing is synchronised or set up anew. Without AUTO
         * and MBIM the port is taken for a QMI one, whatever sysfs says of it.
         */
        qmi_device_open(s->device,
                        s->is_node ? QMI_DEVICE_OPEN_FLAGS_NONE : QMI_DEVICE_OPEN_FLAGS_PROXY,
                        OPEN_SECONDS, s->cancellable, on_opened, qmi_session_ref(s));
}

static void *qmi_open(const Port *port, unsigned n_failed, const ModemEvents *events) {
        g_autoptr(GFile) file = g_file_new_for_path(port->path);
        QmiSession *s = g_new0(QmiSession, 1);

        qmi_utils_set_show_personal_info(FALSE);

        s->refs = 1;
        s->is_opening = true;
        s->n_failed = n_failed;
        s->path = g_strdup(port->path);
        s->link = g_strdup(port->link);
        s->is_node = g_str_has_prefix(port->path, PORT_QRTR);
        s->events = *events;
        s->cancellable = g_cancellable_new();
        s->probing = g_cancellable_new();
        qmi_mux_start(s);
        qmi_messages_start(s);
        qmi_ussd_start(s);
        if (s->is_node)
                qmi_node_open((uint32_t) g_ascii_strtoull(port->path + strlen(PORT_QRTR), NULL, 10),
                              s->cancellable, on_device, qmi_session_ref(s));
        else
                qmi_device_new(file, s->cancellable, on_device, qmi_session_ref(s));
        return s;
}

static void closed(QmiSession *s) {
        qmi_ids_forget(s);
        s->closed(s->closed_userdata);
        qmi_session_unref(s);
}

static void on_closed(GObject *object, GAsyncResult *result, void *data) {
        (void) qmi_device_close_finish(QMI_DEVICE(object), result, NULL);
        closed(data);
}

void qmi_release_ends(QmiSession *s) {
        if (--s->n_releasing > 0)
                return;

        if (s->device && qmi_device_is_open(s->device))
                qmi_device_close_async(s->device, CLOSE_SECONDS, NULL, on_closed, s);
        else
                closed(s);
}

static void on_released(GObject *object, GAsyncResult *result, void *data) {
        (void) qmi_device_release_client_finish(QMI_DEVICE(object), result, NULL);
        qmi_release_ends(data);
}

void qmi_release(QmiSession *s, void *client) {
        if (!client)
                return;

        /* Where the port hung up there is nobody to tell. */
        s->n_releasing++;
        qmi_device_release_client(s->device, QMI_CLIENT(client),
                                  s->is_removed ? QMI_DEVICE_RELEASE_CLIENT_FLAGS_NONE
                                                : QMI_DEVICE_RELEASE_CLIENT_FLAGS_RELEASE_CID,
                                  CLOSE_SECONDS, NULL, on_released, s);
}

static void on_dropped(GObject *object, GAsyncResult *result, void *data) {
        (void) qmi_device_release_client_finish(QMI_DEVICE(object), result, NULL);
        qmi_session_unref(data);
}

void qmi_drop_client(QmiSession *s, QmiClient *client) {
        qmi_device_release_client(s->device, client, QMI_DEVICE_RELEASE_CLIENT_FLAGS_RELEASE_CID,
                                  QMI_TIMEOUT_SECONDS, NULL, on_dropped, qmi_session_ref(s));
        g_object_unref(client);
        qmi_ids_save(s);
}

/* What is on its way is released when it is there. */
static void release_loan(QmiSession *s, QmiLoan *l) {
        if (l->is_asked)
                s->n_releasing++;
        else
                qmi_release(s, l->client);
}

static void finish_closing(QmiSession *s) {
        s->n_releasing = 1;
        qmi_release(s, s->dms);
        qmi_release(s, s->uim);
        qmi_release(s, s->nas);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                qmi_release(s, s->data[f].wds);
        for (size_t i = 0; i < MODEM_MOST_MUXES; i++)
                for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                        release_loan(s, &s->muxes[i].data[f].loan);
        release_loan(s, &s->messages.wms);
        release_loan(s, &s->ussd.voice);
        qmi_release_ends(s);
}

static void qmi_close(void *session, void (*closed_cb)(void *userdata), void *userdata) {
        QmiSession *s = session;

        s->is_over = true;
        s->is_closing = true;
        s->closed = closed_cb;
        s->closed_userdata = userdata;

        qmi_sim_stop(s);
        qmi_network_stop(s);
        qmi_data_stop(s);
        qmi_mux_stop(s);
        qmi_messages_stop(s);
        qmi_ussd_stop(s);
        g_cancellable_cancel(s->cancellable);
        g_cancellable_cancel(s->probing);

        if (!s->is_opening)
                finish_closing(s);
}

static void qmi_query_statistics(void *session) {
        QmiSession *s = session;

        if (s->is_started && !s->is_over)
                qmi_data_query(s);
}

static void qmi_watch_muxes(void *session, const unsigned *ids, size_t n) {
        QmiSession *s = session;

        if (!s->is_over)
                qmi_mux_watch(s, ids, n);
}

static void qmi_listen_messages(void *session, bool listen) {
        QmiSession *s = session;

        if (!s->is_over)
                qmi_messages_listen(s, listen);
}

static void qmi_read_messages(void *session) {
        QmiSession *s = session;

        if (!s->is_over)
                qmi_messages_read(s);
}

static int qmi_send_message(void *session, const uint8_t *pdu, size_t size) {
        QmiSession *s = session;

        if (s->is_over)
                return -ENOTCONN;

        qmi_messages_send(s, pdu, size);
        return 0;
}

static int qmi_send_ussd(void *session, const char *text, bool is_answer) {
        QmiSession *s = session;

        return s->is_over ? -ENOTCONN : qmi_ussd_send(s, text, is_answer);
}

static void qmi_cancel_ussd(void *session) {
        QmiSession *s = session;

        if (!s->is_over)
                qmi_ussd_cancel(s);
}

const ModemDriver modem_qmi_driver = {
        .name = "qmi",
        .open = qmi_open,
        .query_statistics = qmi_query_statistics,
        .watch_muxes = qmi_watch_muxes,
        .listen_messages = qmi_listen_messages,
        .read_messages = qmi_read_messages,
        .send_message = qmi_send_message,
        .send_ussd = qmi_send_ussd,
        .cancel_ussd = qmi_cancel_ussd,
        .close = qmi_close,
};
