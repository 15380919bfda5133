/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What else there is to know of a SIM: IMSI, its provider's name, its home network. */

#include "modem-qmi-sim.h"

#include "sim-text.h"

#define MASTER_FILE 0x3f00
#define ADF_USIM    0x7fff /* the application that is in use */
#define EF_IMSI     0x6f07 /* 3GPP TS 31.102, 4.2.2 */
#define EF_SPN      0x6f46 /* 3GPP TS 31.102, 4.2.12: display conditions, then an alpha field */

typedef struct FileCall {
        SimQuery *query;
        void (*then)(SimQuery *q, const GArray *bytes);
} FileCall;

SimQuery *sim_query_new(QmiSession *s) {
        SimQuery *q = g_new0(SimQuery, 1);

        q->session = qmi_session_ref(s);
        q->serial = s->sim_serial;
        return q;
}

void sim_query_free(SimQuery *q) {
        g_free(q->iccid);
        g_free(q->imsi);
        g_free(q->eid);
        g_free(q->provider);
        g_free(q->home_name);
        qmi_session_unref(q->session);
        g_free(q);
}

bool sim_query_is_stale(const SimQuery *q) {
        return q->session->is_over || q->serial != q->session->sim_serial;
}

void sim_query_failed(SimQuery *q, const GError *error) {
        if (!error)
                return;

        q->has_timed_out |= qmi_is_timeout(error);
        if (!q->session->is_over)
                g_debug("%s: SIM: %s", q->session->path, error->message);
}

static void on_file(GObject *object, GAsyncResult *result, void *data) {
        g_autofree FileCall *call = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageUimReadTransparentOutput) output =
                qmi_client_uim_read_transparent_finish(QMI_CLIENT_UIM(object), result, &error);
        GArray *bytes = NULL;

        if (!output || !qmi_message_uim_read_transparent_output_get_result(output, &error) ||
            !qmi_message_uim_read_transparent_output_get_read_result(output, &bytes, &error)) {
                sim_query_failed(call->query, error);
                bytes = NULL;
        }

        call->then(call->query, bytes);
}

void sim_query_read_file(SimQuery *q, QmiUimSessionType type, uint16_t directory, uint16_t file,
                         void (*then)(SimQuery *q, const GArray *bytes)) {
        g_autoptr(QmiMessageUimReadTransparentInput) input =
                qmi_message_uim_read_transparent_input_new();
        g_autoptr(GArray) path = g_array_new(FALSE, FALSE, 1);
        g_autoptr(GArray) no_aid = g_array_new(FALSE, FALSE, 1);
        const uint8_t elements[] = { MASTER_FILE & 0xff, MASTER_FILE >> 8, directory & 0xff,
                                     (uint8_t) (directory >> 8) };
        QmiSession *s = q->session;
        FileCall *call;

        g_array_append_vals(path, elements, directory == MASTER_FILE ? 2 : 4);
        (void) qmi_message_uim_read_transparent_input_set_session(input, type, no_aid, NULL);
        (void) qmi_message_uim_read_transparent_input_set_file(input, file, path, NULL);
        (void) qmi_message_uim_read_transparent_input_set_read_information(input, 0, 0, NULL);

        call = g_new(FileCall, 1);
        *call = (FileCall){ q, then };
        qmi_client_uim_read_transparent(s->uim, input, QMI_TIMEOUT_SECONDS, s->cancellable, on_file,
                                        call);
}

static void on_home_network(GObject *object, GAsyncResult *result, void *data) {
        SimQuery *q = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageNasGetHomeNetworkOutput) output =
                qmi_client_nas_get_home_network_finish(QMI_CLIENT_NAS(object), result, &error);
        gboolean is_3gpp = FALSE, three_digits = FALSE, is_known;
        const char *name = NULL;
        uint16_t mcc, mnc;

        if (output && qmi_message_nas_get_home_network_output_get_result(output, &error) &&
            qmi_message_nas_get_home_network_output_get_home_network(output, &mcc, &mnc, &name,
                                                                     &error)) {
                is_known = qmi_message_nas_get_home_network_output_get_home_network_3gpp_mnc(
                        output, &is_3gpp, &three_digits, NULL);
                q->home_name = qmi_text(name);
                q->home = qmi_plmn(mcc, mnc, is_known && is_3gpp, three_digits);
        }

        sim_query_failed(q, error);
        q->then(q);
}

static void ask_home_network(SimQuery *q) {
        QmiSession *s = q->session;

        if (s->nas && !sim_query_is_stale(q))
                qmi_client_nas_get_home_network(s->nas, NULL, QMI_TIMEOUT_SECONDS, s->cancellable,
                                                on_home_network, q);
        else
                q->then(q);
}

static void on_provider(SimQuery *q, const GArray *bytes) {
        g_autofree char *text = NULL;

        if (bytes && bytes->len > 1) {
                text = sim_text_from_alpha((const uint8_t *) bytes->data + 1, bytes->len - 1);
                q->provider = qmi_text(text);
        }
        ask_home_network(q);
}

static void ask_provider(SimQuery *q) {
        if (q->session->uim && !sim_query_is_stale(q))
                sim_query_read_file(q, QMI_UIM_SESSION_TYPE_PRIMARY_GW_PROVISIONING, ADF_USIM,
                                    EF_SPN, on_provider);
        else
                ask_home_network(q);
}

static void on_imsi_file(SimQuery *q, const GArray *bytes) {
        if (bytes)
                q->imsi = sim_text_from_imsi((const uint8_t *) bytes->data, bytes->len);
        ask_provider(q);
}

static void ask_imsi_file(SimQuery *q) {
        if (q->session->uim && !sim_query_is_stale(q))
                sim_query_read_file(q, QMI_UIM_SESSION_TYPE_PRIMARY_GW_PROVISIONING, ADF_USIM,
                                    EF_IMSI, on_imsi_file);
        else
                ask_provider(q);
}

static void on_imsi(GObject *object, GAsyncResult *result, void *data) {
        SimQuery *q = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageDmsUimGetImsiOutput) output =
                qmi_client_dms_uim_get_imsi_finish(QMI_CLIENT_DMS(object), result, &error);
        const char *imsi = NULL;

        if (output && qmi_message_dms_uim_get_imsi_output_get_result(output, &error) &&
            qmi_message_dms_uim_get_imsi_output_get_imsi(output, &imsi, &error) &&
            sim_text_is_imsi(imsi)) {
                q->imsi = g_strdup(imsi);
                ask_provider(q);
        } else {
                sim_query_failed(q, error);
                ask_imsi_file(q);
        }
}

void sim_query_details(SimQuery *q, void (*then)(SimQuery *q)) {
        QmiSession *s = q->session;

        q->then = then;
        if (s->dms && !sim_query_is_stale(q))
                qmi_client_dms_uim_get_imsi(s->dms, NULL, QMI_TIMEOUT_SECONDS, s->cancellable,
                                            on_imsi, q);
        else
                ask_imsi_file(q);
}
