/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which network serves the modem. */

#include "modem-qmi.h"

static void tell_network(QmiSession *s, const ModemNetwork *network) {
        if (s->network_was_told && s->network.registered == network->registered &&
            s->network.roaming == network->roaming &&
            plmn_equal(s->network.serving, network->serving) &&
            g_str_equal(s->network_name, network->name))
                return;

        s->network_was_told = true;
        s->network = *network;
        g_free(s->network_name);
        s->network_name = g_strdup(network->name);
        s->events.listener->network(network, s->events.userdata);
}

static Plmn read_plmn(QmiMessageNasGetServingSystemOutput *output, char **ret_name) {
        gboolean three_digits = FALSE, is_known;
        uint16_t mcc, mnc, mcc_again, mnc_again;
        const char *name = NULL;

        if (!qmi_message_nas_get_serving_system_output_get_current_plmn(output, &mcc, &mnc, &name,
                                                                        NULL)) {
                *ret_name = g_strdup("");
                return (Plmn){ 0 };
        }

        is_known = qmi_message_nas_get_serving_system_output_get_mnc_pcs_digit_include_status(
                           output, &mcc_again, &mnc_again, &three_digits, NULL) &&
                   mcc_again == mcc && mnc_again == mnc;
        *ret_name = qmi_text(name);
        return qmi_plmn(mcc, mnc, is_known, three_digits);
}

static void read_network(QmiSession *s, QmiMessageNasGetServingSystemOutput *output) {
        QmiNasRegistrationState registration = QMI_NAS_REGISTRATION_STATE_UNKNOWN;
        QmiNasRoamingIndicatorStatus roaming = QMI_NAS_ROAMING_INDICATOR_STATUS_OFF;
        g_autofree char *name = NULL;
        ModemNetwork network = { .name = "" };
        Plmn serving;

        (void) qmi_message_nas_get_serving_system_output_get_serving_system(
                output, &registration, NULL, NULL, NULL, NULL, NULL);
        (void) qmi_message_nas_get_serving_system_output_get_roaming_indicator(output, &roaming,
                                                                               NULL);
        serving = read_plmn(output, &name);

        if (registration == QMI_NAS_REGISTRATION_STATE_REGISTERED)
                network = (ModemNetwork){
                        .registered = true,
                        .roaming = roaming == QMI_NAS_ROAMING_INDICATOR_STATUS_ON,
                        .serving = serving,
                        .name = name,
                };
        tell_network(s, &network);
}

static void network_ask(void *session);

static void on_serving_system(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageNasGetServingSystemOutput) output =
                qmi_client_nas_get_serving_system_finish(QMI_CLIENT_NAS(object), result, &error);

        s->network_is_asked = false;
        if (s->is_over)
                return;
        if (s->network_ask_again) {
                network_ask(s); /* something has changed meanwhile */
                return;
        }

        if (output && qmi_message_nas_get_serving_system_output_get_result(output, &error)) {
                modem_retry_stop(&s->network_retry);
                read_network(s, output);
                return;
        }

        g_debug("%s: network: %s", s->path, error->message);
        if (qmi_is_timeout(error))
                modem_retry_later(&s->network_retry);
        else
                tell_network(s, &(ModemNetwork){ .name = "" });
}

static void network_ask(void *session) {
        QmiSession *s = session;

        s->network_ask_again = s->network_is_asked;
        if (s->network_is_asked)
                return;

        modem_retry_hold(&s->network_retry);
        s->network_is_asked = true;
        qmi_client_nas_get_serving_system(s->nas, NULL, QMI_TIMEOUT_SECONDS, s->cancellable,
                                          on_serving_system, qmi_session_ref(s));
}

/* Indications may be partial: the whole is asked for. */
static void on_indication(QmiClientNas *client, QmiIndicationNasServingSystemOutput *output,
                          QmiSession *s) {
        if (!s->is_over)
                network_ask(s);
}

static void on_registered(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageNasRegisterIndicationsOutput) output =
                qmi_client_nas_register_indications_finish(QMI_CLIENT_NAS(object), result, &error);

        if (!output && qmi_is_timeout(error))
                modem_retry_later(&s->indications_retry);
}

static void register_indications(void *session) {
        QmiSession *s = session;
        g_autoptr(QmiMessageNasRegisterIndicationsInput) input =
                qmi_message_nas_register_indications_input_new();

        (void) qmi_message_nas_register_indications_input_set_serving_system_events(input, TRUE,
                                                                                    NULL);
        qmi_client_nas_register_indications(s->nas, input, QMI_TIMEOUT_SECONDS, s->cancellable,
                                            on_registered, qmi_session_ref(s));
}

void qmi_network_start(QmiSession *s) {
        modem_retry_init(&s->network_retry, network_ask, s, &s->is_over);
        modem_retry_init(&s->indications_retry, register_indications, s, &s->is_over);
        if (!s->nas) {
                tell_network(s, &(ModemNetwork){ .name = "" });
                return;
        }

        g_signal_connect(s->nas, "serving-system", G_CALLBACK(on_indication), s);
        register_indications(s);
        network_ask(s);
}

void qmi_network_stop(QmiSession *s) {
        modem_retry_stop(&s->network_retry);
        modem_retry_stop(&s->indications_retry);
        if (s->nas)
                g_signal_handlers_disconnect_by_data(s->nas, s);
}
