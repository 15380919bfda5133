/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Short messages: those that come in are read where they are stored, and left as they are for the
 * other programs that share the modem. A message that is stored nowhere (transfer route) has to be
 * acknowledged to the network within some 12 seconds, or it comes again. Whoever else listens,
 * above all ModemManager, does that at once; so what was waited for is acknowledged a few seconds
 * later, when it is either needed, or refused and does no harm. Anything else is left to its
 * addressee.
 */

#include "modem-qmi.h"

#include <errno.h>

#include "sentence.h"

#define SEND_SECONDS        60 /* a network takes its time */
#define ACKNOWLEDGE_SECONDS 4
#define MOST_READ_TRIES     3
#define MOST_TO_READ        512

typedef struct Ack {
        QmiSession *session; /* not owned */
        uint32_t transaction;
        guint due;
} Ack;

static void read_reading(QmiSession *s);
static void read_next(QmiSession *s);
static void list(QmiSession *s, QmiWmsStorageType store);

/* --- the client */

static void give_back_if_idle(QmiSession *s) {
        QmiMessages *m = &s->messages;

        if (m->listens || m->to_send || m->acks || s->is_over)
                return;

        m->is_registered = m->is_registering = m->is_reading = false;
        m->n_tries = 0;
        qmi_loan_give_back(&m->wms);
}

/* Answers to a client that was given back are of no interest. */
static bool is_stale(const QmiSession *s, const void *client) {
        return s->is_over || client != s->messages.wms.client;
}

static void told_sent(QmiSession *s, int result, const char *why) {
        QmiMessages *m = &s->messages;

        g_clear_pointer(&m->to_send, g_byte_array_unref);
        m->is_sending = false;
        s->events.sent(result, why, s->events.data);
        give_back_if_idle(s);
}

/* --- sending */

static void on_sent(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autofree char *why = NULL;
        g_autoptr(QmiMessageWmsRawSendOutput) output =
                qmi_client_wms_raw_send_finish(QMI_CLIENT_WMS(object), result, &error);
        int r = 0;

        if (s->is_over)
                return;

        if (!output || !qmi_message_wms_raw_send_output_get_result(output, &error))
                r = qmi_refusal(error, N_("message"), &why);
        told_sent(s, r, why ?: "");
}

static void send_now(QmiSession *s) {
        g_autoptr(QmiMessageWmsRawSendInput) input = qmi_message_wms_raw_send_input_new();
        g_autoptr(GArray) bytes = g_array_new(FALSE, FALSE, 1);
        QmiMessages *m = &s->messages;

        m->is_sending = true;
        g_array_append_vals(bytes, m->to_send->data, m->to_send->len);
        (void) qmi_message_wms_raw_send_input_set_raw_message_data(
                input, QMI_WMS_MESSAGE_FORMAT_GSM_WCDMA_POINT_TO_POINT, bytes, NULL);
        qmi_client_wms_raw_send(QMI_CLIENT_WMS(m->wms.client), input, SEND_SECONDS, s->cancellable,
                                on_sent, qmi_session_ref(s));
}

void qmi_messages_send(QmiSession *s, const uint8_t *pdu, size_t size) {
        QmiMessages *m = &s->messages;

        m->to_send = g_byte_array_append(g_byte_array_new(), pdu, (guint) size);
        if (m->wms.client)
                send_now(s);
        else
                qmi_loan_take(&m->wms);
}

/* --- acknowledging */

static void on_acknowledged(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageWmsSendAckOutput) output =
                qmi_client_wms_send_ack_finish(QMI_CLIENT_WMS(object), result, &error);

        if (!output || !qmi_message_wms_send_ack_output_get_result(output, &error))
                g_debug("%s: a message was acknowledged by another, or not at all: %s", s->path,
                        error->message);
}

static gboolean on_ack_due(void *data) {
        Ack *ack = data;
        QmiSession *s = ack->session;
        g_autoptr(QmiMessageWmsSendAckInput) input = qmi_message_wms_send_ack_input_new();

        (void) qmi_message_wms_send_ack_input_set_information(
                input, ack->transaction, QMI_WMS_MESSAGE_PROTOCOL_WCDMA, TRUE, NULL);
        qmi_client_wms_send_ack(QMI_CLIENT_WMS(s->messages.wms.client), input, QMI_TIMEOUT_SECONDS,
                                s->cancellable, on_acknowledged, qmi_session_ref(s));

        s->messages.acks = g_slist_remove(s->messages.acks, ack);
        g_free(ack);
        give_back_if_idle(s);
        return G_SOURCE_REMOVE;
}

static void acknowledge_later(QmiSession *s, uint32_t transaction) {
        Ack *ack;

        for (GSList *a = s->messages.acks; a; a = a->next)
                if (((Ack *) a->data)->transaction == transaction)
                        return; /* the same message once more */

        ack = g_new(Ack, 1);
        *ack = (Ack){ .session = s, .transaction = transaction };
        ack->due = g_timeout_add_seconds(ACKNOWLEDGE_SECONDS, on_ack_due, ack);
        s->messages.acks = g_slist_prepend(s->messages.acks, ack);
}

static void ack_free(void *data) {
        Ack *ack = data;

        (void) g_source_remove(ack->due);
        g_free(ack);
}

/* --- reading */

static bool tell(QmiSession *s, const uint8_t *pdu, size_t size) {
        return s->messages.listens && s->events.message(pdu, size, s->events.data);
}

/* From elsewhere, whether somebody has read it or not. */
static bool is_received(QmiWmsMessageTagType tag) {
        return tag == QMI_WMS_MESSAGE_TAG_TYPE_MT_READ ||
               tag == QMI_WMS_MESSAGE_TAG_TYPE_MT_NOT_READ;
}

static void read_place(QmiSession *s, QmiWmsStorageType store, uint32_t index) {
        QmiMessages *m = &s->messages;
        QmiPlace *place;

        if (g_queue_get_length(m->to_read) >= MOST_TO_READ)
                return;

        place = g_new(QmiPlace, 1);
        *place = (QmiPlace){ store, index };
        g_queue_push_tail(m->to_read, place);
        read_next(s);
}

static void take_over(QmiSession *s, QmiMessageWmsRawReadOutput *output) {
        QmiWmsMessageFormat format;
        QmiWmsMessageTagType tag;
        GArray *bytes;

        if (qmi_message_wms_raw_read_output_get_raw_message_data(output, &tag, &format, &bytes,
                                                                 NULL) &&
            format == QMI_WMS_MESSAGE_FORMAT_GSM_WCDMA_POINT_TO_POINT && is_received(tag))
                (void) tell(s, (const uint8_t *) bytes->data, bytes->len);
}

static void on_read(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageWmsRawReadOutput) output =
                qmi_client_wms_raw_read_finish(QMI_CLIENT_WMS(object), result, &error);
        QmiMessages *m = &s->messages;

        if (is_stale(s, object))
                return;

        if (!output && qmi_is_timeout(error) && m->n_tries < MOST_READ_TRIES) {
                read_reading(s);
                return;
        }

        m->is_reading = false;
        if (output && qmi_message_wms_raw_read_output_get_result(output, &error))
                take_over(s, output);
        else
                g_debug("%s: a message that cannot be read: %s", s->path, error->message);
        read_next(s);
}

static void read_reading(QmiSession *s) {
        g_autoptr(QmiMessageWmsRawReadInput) input = qmi_message_wms_raw_read_input_new();
        QmiMessages *m = &s->messages;

        m->n_tries++;
        (void) qmi_message_wms_raw_read_input_set_message_memory_storage_id(input, m->reading.store,
                                                                            m->reading.index, NULL);
        (void) qmi_message_wms_raw_read_input_set_message_mode(
                input, QMI_WMS_MESSAGE_MODE_GSM_WCDMA, NULL);
        qmi_client_wms_raw_read(QMI_CLIENT_WMS(m->wms.client), input, QMI_TIMEOUT_SECONDS,
                                s->cancellable, on_read, qmi_session_ref(s));
}

/* One after the other: a modem that has many keeps some time for others. */
static void read_next(QmiSession *s) {
        g_autofree QmiPlace *place = NULL;
        QmiMessages *m = &s->messages;

        if (s->is_over || m->is_reading || !m->wms.client)
                return;

        place = g_queue_pop_head(m->to_read);
        if (!place)
                return;

        m->is_reading = true;
        m->n_tries = 0;
        m->reading = *place;
        read_reading(s);
}

typedef struct Listing {
        QmiSession *session;
        QmiWmsStorageType store;
} Listing;

static void take_list(QmiSession *s, QmiWmsStorageType store,
                      QmiMessageWmsListMessagesOutput *output) {
        GArray *found;

        if (!qmi_message_wms_list_messages_output_get_message_list(output, &found, NULL))
                return;

        for (guint i = 0; i < found->len && i < MOST_TO_READ; i++) {
                const QmiMessageWmsListMessagesOutputMessageListElement *one =
                        &g_array_index(found, QmiMessageWmsListMessagesOutputMessageListElement, i);

                if (is_received(one->message_tag))
                        read_place(s, store, one->memory_index);
        }
}

static void on_listed(GObject *object, GAsyncResult *result, void *data) {
        g_autofree Listing *l = data;
        g_autoptr(QmiSession) s = l->session;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageWmsListMessagesOutput) output =
                qmi_client_wms_list_messages_finish(QMI_CLIENT_WMS(object), result, &error);

        if (is_stale(s, object) || !s->messages.listens)
                return;

        if (!output && qmi_is_timeout(error)) {
                s->messages.wants_list = true;
                modem_retry_later(&s->messages.retry);
                return;
        }

        if (output && qmi_message_wms_list_messages_output_get_result(output, NULL))
                take_list(s, l->store, output);
        if (l->store == QMI_WMS_STORAGE_TYPE_UIM)
                list(s, QMI_WMS_STORAGE_TYPE_NV);
}

static void list(QmiSession *s, QmiWmsStorageType store) {
        g_autoptr(QmiMessageWmsListMessagesInput) input = NULL;
        Listing *l;

        if (!s->messages.wms.client)
                return;

        input = qmi_message_wms_list_messages_input_new();
        l = g_new(Listing, 1);
        *l = (Listing){ qmi_session_ref(s), store };
        (void) qmi_message_wms_list_messages_input_set_storage_type(input, store, NULL);
        (void) qmi_message_wms_list_messages_input_set_message_mode(
                input, QMI_WMS_MESSAGE_MODE_GSM_WCDMA, NULL);
        qmi_client_wms_list_messages(QMI_CLIENT_WMS(s->messages.wms.client), input,
                                     QMI_TIMEOUT_SECONDS, s->cancellable, on_listed, l);
}

/* --- listening */

/* The message centre's address comes elsewhere, and is of no use: "the usual one". */
static void take_handed(QmiSession *s, QmiWmsAckIndicator wants_ack, uint32_t transaction,
                        const GArray *bytes) {
        g_autoptr(GByteArray) pdu = g_byte_array_new();
        const uint8_t no_centre = 0;

        (void) g_byte_array_append(pdu, &no_centre, 1);
        (void) g_byte_array_append(pdu, (const uint8_t *) bytes->data, bytes->len);
        if (tell(s, pdu->data, pdu->len) && !s->is_over && wants_ack == QMI_WMS_ACK_INDICATOR_SEND)
                acknowledge_later(s, transaction);
}

static void on_event(QmiClientWms *client, QmiIndicationWmsEventReportOutput *output,
                     QmiSession *s) {
        QmiWmsStorageType store;
        QmiWmsAckIndicator wants_ack;
        QmiWmsMessageFormat format;
        uint32_t index, transaction;
        GArray *bytes;

        if (s->is_over || !s->messages.listens)
                return;

        if (qmi_indication_wms_event_report_output_get_mt_message(output, &store, &index, NULL))
                read_place(s, store, index);
        if (qmi_indication_wms_event_report_output_get_transfer_route_mt_message(
                    output, &wants_ack, &transaction, &format, &bytes, NULL) &&
            format == QMI_WMS_MESSAGE_FORMAT_GSM_WCDMA_POINT_TO_POINT)
                take_handed(s, wants_ack, transaction, bytes);
}

static void list_if_wanted(QmiSession *s) {
        if (!s->messages.wants_list)
                return;

        s->messages.wants_list = false;
        list(s, QMI_WMS_STORAGE_TYPE_UIM);
}

static void on_registered(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageWmsSetEventReportOutput) output =
                qmi_client_wms_set_event_report_finish(QMI_CLIENT_WMS(object), result, &error);
        QmiMessages *m = &s->messages;

        if (is_stale(s, object))
                return;

        m->is_registering = false;
        m->is_registered =
                output && qmi_message_wms_set_event_report_output_get_result(output, &error);
        if (m->is_registered)
                modem_retry_stop(&m->retry);
        else if (qmi_is_timeout(error))
                modem_retry_later(&m->retry);
        else
                g_debug("%s: does not tell of messages: %s", s->path, error->message);

        /* Only now: what comes from here on is told of by itself. */
        list_if_wanted(s);
}

static void register_events(QmiSession *s) {
        g_autoptr(QmiMessageWmsSetEventReportInput) input =
                qmi_message_wms_set_event_report_input_new();

        s->messages.is_registering = true;
        (void) qmi_message_wms_set_event_report_input_set_new_mt_message_indicator(input, TRUE,
                                                                                   NULL);
        qmi_client_wms_set_event_report(QMI_CLIENT_WMS(s->messages.wms.client), input,
                                        QMI_TIMEOUT_SECONDS, s->cancellable, on_registered,
                                        qmi_session_ref(s));
}

/* Does what listening still needs. */
static void go_on(void *session) {
        QmiSession *s = session;
        QmiMessages *m = &s->messages;

        if (!m->listens || m->is_registering)
                return;

        if (!m->wms.client)
                qmi_loan_take(&m->wms);
        else if (!m->is_registered)
                register_events(s);
        else
                list_if_wanted(s);
}

static void on_client(void *session, const GError *error) {
        QmiSession *s = session;
        QmiMessages *m = &s->messages;
        g_autofree char *why = NULL;
        int r;

        if (error) {
                g_debug("%s: no client for messages: %s", s->path, error->message);
                if (m->listens && qmi_is_timeout(error))
                        modem_retry_later(&m->retry);
                if (!m->to_send)
                        return;

                /* Nothing was sent, whatever became of the question for a client. */
                r = qmi_refusal(error, N_("short messages"), &why);
                if (r == -EOPNOTSUPP)
                        told_sent(s, r, why);
                else
                        told_sent(s, -EREMOTEIO, N_("The modem does not answer"));
                return;
        }

        g_signal_handlers_disconnect_by_data(m->wms.client, s);
        g_signal_connect(m->wms.client, "event-report", G_CALLBACK(on_event), s);
        go_on(s);
        if (m->to_send && !m->is_sending)
                send_now(s);
        read_next(s);
}

void qmi_messages_listen(QmiSession *s, bool listen) {
        QmiMessages *m = &s->messages;

        m->listens = listen;
        if (listen) {
                go_on(s);
                return;
        }

        m->wants_list = false;
        modem_retry_stop(&m->retry);
        g_queue_clear_full(m->to_read, g_free);
        give_back_if_idle(s);
}

void qmi_messages_read(QmiSession *s) {
        s->messages.wants_list = true;
        go_on(s);
}

void qmi_messages_start(QmiSession *s) {
        QmiMessages *m = &s->messages;

        m->to_read = g_queue_new();
        qmi_loan_init(&m->wms, s, QMI_SERVICE_WMS, on_client, s);
        modem_retry_init(&m->retry, go_on, s, &s->is_over);
}

void qmi_messages_stop(QmiSession *s) {
        QmiMessages *m = &s->messages;

        modem_retry_stop(&m->retry);
        g_slist_free_full(g_steal_pointer(&m->acks), ack_free);
        g_clear_pointer(&m->to_send, g_byte_array_unref);
        g_queue_free_full(g_steal_pointer(&m->to_read), g_free);
        if (m->wms.client)
                g_signal_handlers_disconnect_by_data(m->wms.client, s);
}
