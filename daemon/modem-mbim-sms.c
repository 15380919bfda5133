/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Short messages. Those that come in are read where they are stored, by their index, and left
 * there; that a modem marks what was read is its own doing, and other programs, who are told of the
 * same index, read it all the same.
 */

#include "modem-mbim.h"

#include <errno.h>

#include "sentence.h"

#define SEND_SECONDS 60 /* a network takes its time */
#define MOST_TRIES   3  /* to read one */
#define INDEX_MASK   0xffffffu
#define TRIES_SHIFT  24 /* above an index, in what a question is about */
#define WHOLE_STORE  INDEX_MASK

typedef struct Refusal {
        MbimStatusError status;
        int result;
        const char *why; /* NULL: the modem's own word */
} Refusal;

static const Refusal refusals[] = {
        { MBIM_STATUS_ERROR_SMS_UNKNOWN_SMSC_ADDRESS, -EDESTADDRREQ,
          N_("The SIM does not know the number of a message centre") },
        { MBIM_STATUS_ERROR_SIM_NOT_INSERTED, -ENOMEDIUM, N_("There is no SIM") },
        { MBIM_STATUS_ERROR_BAD_SIM, -ENOMEDIUM, N_("The SIM is not ready") },
        { MBIM_STATUS_ERROR_PIN_REQUIRED, -ENOMEDIUM, N_("The SIM waits for its PIN") },
        { MBIM_STATUS_ERROR_NOT_INITIALIZED, -ENOMEDIUM, N_("The SIM is not ready") },
        { MBIM_STATUS_ERROR_NOT_REGISTERED, -ENETDOWN, N_("There is no network") },
        { MBIM_STATUS_ERROR_RADIO_POWER_OFF, -ENETDOWN, N_("The radio is off") },
        { MBIM_STATUS_ERROR_SMS_NETWORK_TIMEOUT, -ETIMEDOUT,
          N_("The network did not answer; it may have been sent") },
        { MBIM_STATUS_ERROR_NO_DEVICE_SUPPORT, -EOPNOTSUPP, NULL },
        { MBIM_STATUS_ERROR_SERVICE_NOT_ACTIVATED, -EOPNOTSUPP, NULL },
        { MBIM_STATUS_ERROR_INVALID_DEVICE_SERVICE_OPERATION, -EOPNOTSUPP, NULL },
};

int mbim_refusal(const MbimSession *s, const char *what, char **ret_why) {
        for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++)
                if (refusals[i].status == s->refusal) {
                        *ret_why = refusals[i].why
                                           ? g_strdup(refusals[i].why)
                                           : g_strdup_printf("This modem, or its SIM, has no %s",
                                                             what);
                        return refusals[i].result;
                }

        *ret_why = g_strdup_printf("The modem refused the %s: %s", what,
                                   mbim_status_error_get_string(s->refusal)
                                           ?: N_("for no known reason"));
        return -EREMOTEIO;
}

/* --- sending */

static void on_sent(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply, unsigned about) {
        g_autofree char *why = NULL;
        int r = 0;

        if (outcome == MBIM_REFUSED)
                r = mbim_refusal(s, N_("short messages"), &why);
        else if (outcome == MBIM_NO_ANSWER) {
                r = -ETIMEDOUT;
                why = g_strdup(N_("The modem did not answer; it may have been sent"));
        }
        s->events.sent(r, why ?: "", s->events.data);
}

int mbim_sms_send(MbimSession *s, const uint8_t *pdu, size_t size) {
        g_autofree uint8_t *bytes = g_memdup2(pdu, size);
        const MbimSmsPduSendRecord record = { .pdu_data_size = (uint32_t) size, .pdu_data = bytes };

        if (!s->has_messages)
                return -EOPNOTSUPP;

        mbim_ask_network(s, mbim_message_sms_send_set_new(MBIM_SMS_FORMAT_PDU, &record, NULL, NULL),
                         SEND_SECONDS, on_sent, 0);
        return 0;
}

/* --- reading */

static void tell(MbimSession *s, MbimSmsPduReadRecordArray *records, uint32_t n) {
        for (uint32_t i = 0; i < n && s->listens && !s->is_over; i++)
                if (records[i]->message_status == MBIM_SMS_STATUS_NEW ||
                    records[i]->message_status == MBIM_SMS_STATUS_OLD)
                        (void) s->events.message(records[i]->pdu_data, records[i]->pdu_data_size,
                                                 s->events.data);
}

static void read_place(MbimSession *s, unsigned index, unsigned n_tries);

/* about: the index, and how often it was asked for. */
static void on_read(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply, unsigned about) {
        g_autoptr(MbimSmsPduReadRecordArray) records = NULL;
        unsigned n_tries = about >> TRIES_SHIFT;
        uint32_t n = 0;

        if (outcome == MBIM_NO_ANSWER && n_tries < MOST_TRIES && s->listens)
                read_place(s, about & INDEX_MASK, n_tries);
        else if (reply &&
                 mbim_message_sms_read_response_parse(reply, NULL, &n, &records, NULL, NULL))
                tell(s, records, n);
}

static void read_place(MbimSession *s, unsigned index, unsigned n_tries) {
        bool is_whole = index == WHOLE_STORE;

        mbim_ask(s,
                 mbim_message_sms_read_query_new(MBIM_SMS_FORMAT_PDU,
                                                 is_whole ? MBIM_SMS_FLAG_ALL : MBIM_SMS_FLAG_INDEX,
                                                 is_whole ? 0 : index, NULL),
                 on_read, (n_tries + 1) << TRIES_SHIFT | index);
}

void mbim_sms_stored(MbimSession *s, const MbimMessage *indication) {
        MbimSmsStatusFlag flag;
        uint32_t index;

        if (!s->listens || !mbim_message_sms_message_store_status_notification_parse(
                                   indication, &flag, &index, NULL))
                return;

        if (flag & MBIM_SMS_STATUS_FLAG_MESSAGE_STORE_FULL)
                g_warning("%s: the modem has no room for another message", s->path);
        if (flag & MBIM_SMS_STATUS_FLAG_NEW_MESSAGE && index < WHOLE_STORE)
                read_place(s, index, 0);
}

/* Of class 0, and stored nowhere. */
void mbim_sms_handed(MbimSession *s, const MbimMessage *indication) {
        g_autoptr(MbimSmsPduReadRecordArray) records = NULL;
        uint32_t n = 0;

        if (s->listens &&
            mbim_message_sms_read_notification_parse(indication, NULL, &n, &records, NULL, NULL))
                tell(s, records, n);
}

void mbim_sms_read(MbimSession *s) {
        read_place(s, WHOLE_STORE, 0);
}

/* Everybody hears of messages, from the start. */
void mbim_sms_listen(MbimSession *s, bool listen) {
        s->listens = listen;
}
