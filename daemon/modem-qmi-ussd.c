/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * USSD, which belongs to the Voice service. A code is sent without waiting for the network, whose
 * words then come as an indication; a modem that cannot do that gives them in its response.
 */

#include "modem-qmi.h"

#include <errno.h>
#include <string.h>

#include "sentence.h"
#include "ussd.h"

#define ANSWER_SECONDS 120            /* for the network to say something */
#define GRACE_MSEC     700            /* within which its last word may turn out to be a question */
#define COPY_USEC      G_USEC_PER_SEC /* within which the same question is a copy of it */

static void forget(QmiUssd *u) {
        u->state = QMI_USSD_NONE;
        g_clear_handle_id(&u->grace, g_source_remove);
        g_clear_handle_id(&u->deadline, g_source_remove);
        g_clear_pointer(&u->text, g_free);
        g_clear_pointer(&u->heard, g_free);
        g_clear_pointer(&u->menu, g_free);
}

/* The dialogue is over. */
static void end(QmiSession *s, int result, const char *text) {
        forget(&s->ussd);
        qmi_loan_give_back(&s->ussd.voice);
        s->events.ussd(result, text, false, s->events.data);
}

static void fail(QmiSession *s, const GError *error) {
        g_autofree char *why = NULL;
        int r = qmi_refusal(error, N_("USSD code"), &why);

        end(s, r, why);
}

/* The last ones, or those that were heard already. */
static void end_with_words(QmiSession *s, const char *text) {
        g_autofree char *heard = g_steal_pointer(&s->ussd.heard);

        end(s, 0, heard && *text == '\0' ? heard : text);
}

static gboolean on_grace(void *data) {
        QmiSession *s = data;

        s->ussd.grace = 0;
        end_with_words(s, "");
        return G_SOURCE_REMOVE;
}

/* The network's words, without a sign whether it waits for an answer: that may be on its way. */
static void hear(QmiSession *s, char *text) {
        QmiUssd *u = &s->ussd;

        g_free(u->heard);
        u->heard = text;
        g_clear_handle_id(&u->deadline, g_source_remove);
        if (u->grace == 0)
                u->grace = g_timeout_add(GRACE_MSEC, on_grace, s);
}

static void ask_owner(QmiSession *s, const char *text) {
        QmiUssd *u = &s->ussd;

        g_clear_handle_id(&u->grace, g_source_remove);
        g_clear_handle_id(&u->deadline, g_source_remove);
        g_clear_pointer(&u->heard, g_free);
        g_free(u->menu);
        u->menu = g_strdup(text);
        u->menu_usec = g_get_monotonic_time();
        u->state = QMI_USSD_WAITS;
        s->events.ussd(0, text, true, s->events.data);
}

/* --- texts */

static char *decode(uint8_t scheme, const void *bytes, size_t n) {
        char *text;

        return ussd_text_decode(scheme, bytes, n, &text) < 0 ? g_strdup("") : text;
}

/* UTF-16 comes along with newer modems; else the bytes, as their scheme has it. */
static char *read_text(const GArray *units, QmiVoiceUssDataCodingScheme scheme,
                       const GArray *bytes) {
        if (units) {
                g_autofree uint16_t *swapped = g_new0(uint16_t, units->len + 1);

                for (guint i = 0; i < units->len; i++)
                        swapped[i] = GUINT16_TO_BE(g_array_index(units, uint16_t, i));
                return decode(USSD_SCHEME_UCS, swapped, units->len * sizeof(uint16_t));
        }
        if (!bytes)
                return g_strdup("");
        return decode(scheme == QMI_VOICE_USS_DATA_CODING_SCHEME_UCS2 ? USSD_SCHEME_UCS
                                                                      : USSD_SCHEME_8,
                      bytes->data, bytes->len);
}

static bool is_ascii(const char *text) {
        for (const char *c = text; *c; c++)
                if (!g_ascii_isprint(*c))
                        return false;
        return true;
}

/* The text as it is sent; NULL: it is too long, or no text. */
static GArray *write_text(const char *text, QmiVoiceUssDataCodingScheme *ret_scheme) {
        GArray *bytes = g_array_new(FALSE, FALSE, 1);
        uint8_t ucs[USSD_BYTES];
        size_t n;

        if (is_ascii(text) && strlen(text) <= USSD_LETTERS) {
                *ret_scheme = QMI_VOICE_USS_DATA_CODING_SCHEME_ASCII;
                return g_array_append_vals(bytes, text, (guint) strlen(text));
        }
        if (!is_ascii(text) && ussd_text_encode_ucs(text, ucs, &n) == 0) {
                *ret_scheme = QMI_VOICE_USS_DATA_CODING_SCHEME_UCS2;
                return g_array_append_vals(bytes, ucs, (guint) n);
        }

        g_array_unref(bytes);
        return NULL;
}

/* --- what the network says */

static bool is_in_dialogue(const QmiSession *s) {
        return !s->is_over && (s->ussd.state == QMI_USSD_ASKED || s->ussd.state == QMI_USSD_WAITS);
}

static bool is_copy(const QmiUssd *u, const char *text) {
        return u->menu && g_str_equal(u->menu, text) &&
               g_get_monotonic_time() - u->menu_usec < COPY_USEC;
}

static void on_words(QmiClientVoice *client, QmiIndicationVoiceUssdOutput *output, QmiSession *s) {
        QmiVoiceUserAction action = QMI_VOICE_USER_ACTION_NOT_REQUIRED;
        QmiVoiceUssDataCodingScheme scheme = QMI_VOICE_USS_DATA_CODING_SCHEME_UNKNOWN;
        GArray *units = NULL, *bytes = NULL;
        g_autofree char *text = NULL;

        if (!is_in_dialogue(s))
                return;

        (void) qmi_indication_voice_ussd_output_get_user_action(output, &action, NULL);
        (void) qmi_indication_voice_ussd_output_get_uss_data_utf16(output, &units, NULL);
        (void) qmi_indication_voice_ussd_output_get_uss_data(output, &scheme, &bytes, NULL);
        text = read_text(units, scheme, bytes);
        if (is_copy(&s->ussd, text))
                return;

        if (action == QMI_VOICE_USER_ACTION_REQUIRED)
                ask_owner(s, text);
        else
                end_with_words(s, text);
}

static void on_first_words(QmiClientVoice *client,
                           QmiIndicationVoiceOriginateUssdNoWaitOutput *output, QmiSession *s) {
        QmiVoiceUssDataCodingScheme scheme = QMI_VOICE_USS_DATA_CODING_SCHEME_UNKNOWN;
        GArray *units = NULL, *bytes = NULL;
        g_autoptr(GError) error = NULL;
        uint16_t code;

        if (s->is_over || s->ussd.state != QMI_USSD_ASKED || s->ussd.menu)
                return;

        if (qmi_indication_voice_originate_ussd_no_wait_output_get_error_code(output, &code,
                                                                              NULL) &&
            code != QMI_PROTOCOL_ERROR_NONE) {
                error = g_error_new_literal(QMI_PROTOCOL_ERROR, code, "");
                fail(s, error);
                return;
        }

        (void) qmi_indication_voice_originate_ussd_no_wait_output_get_uss_data_utf16(output, &units,
                                                                                     NULL);
        (void) qmi_indication_voice_originate_ussd_no_wait_output_get_uss_data(output, &scheme,
                                                                               &bytes, NULL);
        hear(s, read_text(units, scheme, bytes));
}

static void on_release(QmiClientVoice *client, QmiSession *s) {
        if (!is_in_dialogue(s))
                return;

        if (s->ussd.heard)
                end_with_words(s, "");
        else
                end(s, -ECANCELED, N_("The network ended the dialogue"));
}

static void on_cancelled(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageVoiceCancelUssdOutput) output =
                qmi_client_voice_cancel_ussd_finish(QMI_CLIENT_VOICE(object), result, &error);

        if (!output || !qmi_message_voice_cancel_ussd_output_get_result(output, &error))
                g_debug("%s: a dialogue was not cancelled: %s", s->path, error->message);
}

/* Nothing, where the network knows of no dialogue. */
static void cancel(QmiSession *s) {
        if (s->ussd.state == QMI_USSD_ASKED || s->ussd.state == QMI_USSD_WAITS)
                qmi_client_voice_cancel_ussd(QMI_CLIENT_VOICE(s->ussd.voice.client), NULL,
                                             QMI_TIMEOUT_SECONDS, s->cancellable, on_cancelled,
                                             qmi_session_ref(s));
}

static gboolean on_deadline(void *data) {
        QmiSession *s = data;

        s->ussd.deadline = 0;
        cancel(s);
        end(s, -ETIMEDOUT, N_("The network did not answer"));
        return G_SOURCE_REMOVE;
}

/* --- sending */

static void await_words(QmiSession *s) {
        QmiUssd *u = &s->ussd;

        u->state = QMI_USSD_ASKED;
        g_clear_handle_id(&u->deadline, g_source_remove);
        u->deadline = g_timeout_add_seconds(ANSWER_SECONDS, on_deadline, s);
}

/* Whether an answer is to what was sent last, and not to a dialogue that is over. */
static bool is_stale(const QmiSession *s, const void *client) {
        return s->is_over || client != s->ussd.voice.client || s->ussd.state != QMI_USSD_ASKED;
}

static void on_originated(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageVoiceOriginateUssdOutput) output =
                qmi_client_voice_originate_ussd_finish(QMI_CLIENT_VOICE(object), result, &error);
        QmiVoiceUssDataCodingScheme scheme = QMI_VOICE_USS_DATA_CODING_SCHEME_UNKNOWN;
        GArray *units = NULL, *bytes = NULL;

        if (is_stale(s, object) || s->ussd.menu)
                return;

        if (!output || !qmi_message_voice_originate_ussd_output_get_result(output, &error)) {
                fail(s, error);
                return;
        }

        (void) qmi_message_voice_originate_ussd_output_get_uss_data_utf16(output, &units, NULL);
        (void) qmi_message_voice_originate_ussd_output_get_uss_data(output, &scheme, &bytes, NULL);
        hear(s, read_text(units, scheme, bytes));
}

static void originate(QmiSession *s) {
        g_autoptr(QmiMessageVoiceOriginateUssdInput) input =
                qmi_message_voice_originate_ussd_input_new();
        QmiVoiceUssDataCodingScheme scheme;
        g_autoptr(GArray) bytes = write_text(s->ussd.text, &scheme);

        (void) qmi_message_voice_originate_ussd_input_set_uss_data(input, scheme, bytes, NULL);
        qmi_client_voice_originate_ussd(QMI_CLIENT_VOICE(s->ussd.voice.client), input,
                                        ANSWER_SECONDS, s->cancellable, on_originated,
                                        qmi_session_ref(s));
}

static bool is_not_known(const GError *error) {
        return g_error_matches(error, QMI_PROTOCOL_ERROR, QMI_PROTOCOL_ERROR_INVALID_QMI_COMMAND) ||
               g_error_matches(error, QMI_PROTOCOL_ERROR, QMI_PROTOCOL_ERROR_NOT_SUPPORTED);
}

static void on_originated_no_wait(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageVoiceOriginateUssdNoWaitOutput) output =
                qmi_client_voice_originate_ussd_no_wait_finish(QMI_CLIENT_VOICE(object), result,
                                                               &error);

        if (is_stale(s, object))
                return;
        if (output && qmi_message_voice_originate_ussd_no_wait_output_get_result(output, &error))
                return;

        /* Only what certainly was not done is done in the other way. */
        if (is_not_known(error))
                originate(s);
        else if (!qmi_is_timeout(error)) /* else it may be under way all the same */
                fail(s, error);
}

static void originate_no_wait(QmiSession *s) {
        g_autoptr(QmiMessageVoiceOriginateUssdNoWaitInput) input =
                qmi_message_voice_originate_ussd_no_wait_input_new();
        QmiVoiceUssDataCodingScheme scheme;
        g_autoptr(GArray) bytes = write_text(s->ussd.text, &scheme);

        await_words(s);
        (void) qmi_message_voice_originate_ussd_no_wait_input_set_uss_data(input, scheme, bytes,
                                                                           NULL);
        qmi_client_voice_originate_ussd_no_wait(QMI_CLIENT_VOICE(s->ussd.voice.client), input,
                                                QMI_TIMEOUT_SECONDS, s->cancellable,
                                                on_originated_no_wait, qmi_session_ref(s));
}

static void on_answered(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageVoiceAnswerUssdOutput) output =
                qmi_client_voice_answer_ussd_finish(QMI_CLIENT_VOICE(object), result, &error);

        if (is_stale(s, object))
                return;

        if (output && qmi_message_voice_answer_ussd_output_get_result(output, &error))
                return;
        if (!qmi_is_timeout(error))
                fail(s, error);
}

static void answer(QmiSession *s) {
        g_autoptr(QmiMessageVoiceAnswerUssdInput) input = qmi_message_voice_answer_ussd_input_new();
        QmiVoiceUssDataCodingScheme scheme;
        g_autoptr(GArray) bytes = write_text(s->ussd.text, &scheme);

        await_words(s);
        (void) qmi_message_voice_answer_ussd_input_set_uss_data(input, scheme, bytes, NULL);
        qmi_client_voice_answer_ussd(QMI_CLIENT_VOICE(s->ussd.voice.client), input,
                                     QMI_TIMEOUT_SECONDS, s->cancellable, on_answered,
                                     qmi_session_ref(s));
}

/* Sent even where the modem does not register us: the first words come without. */
static void on_registered(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageVoiceIndicationRegisterOutput) output =
                qmi_client_voice_indication_register_finish(QMI_CLIENT_VOICE(object), result,
                                                            &error);

        if (s->is_over || (void *) object != s->ussd.voice.client ||
            s->ussd.state != QMI_USSD_PREPARED)
                return;

        if (!output && qmi_is_timeout(error))
                end(s, -EREMOTEIO, N_("The modem does not answer"));
        else
                originate_no_wait(s);
}

static void on_client(void *session, const GError *error) {
        QmiSession *s = session;
        g_autoptr(QmiMessageVoiceIndicationRegisterInput) input = NULL;
        QmiClient *client = s->ussd.voice.client;
        g_autofree char *why = NULL;
        int r;

        if (error) {
                r = qmi_refusal(error, "USSD", &why);
                if (r == -EOPNOTSUPP)
                        end(s, r, why);
                else
                        end(s, -EREMOTEIO, N_("The modem does not answer"));
                return;
        }

        g_signal_connect(client, "ussd", G_CALLBACK(on_words), s);
        g_signal_connect(client, "originate-ussd-no-wait", G_CALLBACK(on_first_words), s);
        g_signal_connect(client, "release-ussd", G_CALLBACK(on_release), s);

        input = qmi_message_voice_indication_register_input_new();
        (void) qmi_message_voice_indication_register_input_set_ussd_notification_events(input, TRUE,
                                                                                        NULL);
        qmi_client_voice_indication_register(QMI_CLIENT_VOICE(client), input, QMI_TIMEOUT_SECONDS,
                                             s->cancellable, on_registered, qmi_session_ref(s));
}

int qmi_ussd_send(QmiSession *s, const char *text, bool is_answer) {
        QmiVoiceUssDataCodingScheme scheme;
        g_autoptr(GArray) bytes = write_text(text, &scheme);
        QmiUssd *u = &s->ussd;

        if (!bytes)
                return -EMSGSIZE;

        g_free(u->text);
        u->text = g_strdup(text);
        if (is_answer) {
                answer(s);
                return 0;
        }

        u->state = QMI_USSD_PREPARED;
        qmi_loan_take(&u->voice);
        return 0;
}

void qmi_ussd_cancel(QmiSession *s) {
        cancel(s);
        forget(&s->ussd);
        qmi_loan_give_back(&s->ussd.voice);
}

void qmi_ussd_start(QmiSession *s) {
        qmi_loan_init(&s->ussd.voice, s, QMI_SERVICE_VOICE, on_client, s);
}

void qmi_ussd_stop(QmiSession *s) {
        forget(&s->ussd);
        if (s->ussd.voice.client)
                g_signal_handlers_disconnect_by_data(s->ussd.voice.client, s);
}
