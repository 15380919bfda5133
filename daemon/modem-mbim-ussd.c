/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* USSD: what the network says comes as the response to what was sent, or as an indication. */

#include "modem-mbim.h"

#include <errno.h>

#include "sentence.h"
#include "ussd.h"

#define ANSWER_SECONDS 120            /* for the network to say something */
#define COPY_USEC      G_USEC_PER_SEC /* within which the same question is a copy of it */

static void end(MbimSession *s, int result, const char *text) {
        s->ussd = MBIM_USSD_NONE;
        s->ussd_serial++;
        g_clear_pointer(&s->ussd_menu, g_free);
        s->events.ussd(result, text, false, s->events.data);
}

static bool is_copy(const MbimSession *s, const char *text) {
        return s->ussd_menu && g_str_equal(s->ussd_menu, text) &&
               g_get_monotonic_time() - s->ussd_menu_usec < COPY_USEC;
}

static void ask_owner(MbimSession *s, const char *text) {
        if (is_copy(s, text))
                return;

        g_free(s->ussd_menu);
        s->ussd_menu = g_strdup(text);
        s->ussd_menu_usec = g_get_monotonic_time();
        s->ussd = MBIM_USSD_WAITS;
        s->ussd_serial++; /* what was sent has been answered */
        s->events.ussd(0, text, true, s->events.data);
}

static void hear(MbimSession *s, MbimUssdResponse response, const char *text) {
        switch (response) {
        case MBIM_USSD_RESPONSE_NO_ACTION_REQUIRED:
                if (!is_copy(s, text))
                        end(s, 0, text);
                break;
        case MBIM_USSD_RESPONSE_ACTION_REQUIRED:
                ask_owner(s, text);
                break;
        case MBIM_USSD_RESPONSE_TERMINATED_BY_NETWORK:
                if (*text)
                        end(s, 0, text);
                else
                        end(s, -ECANCELED, N_("The network ended the dialogue"));
                break;
        case MBIM_USSD_RESPONSE_OPERATION_NOT_SUPPORTED:
                end(s, -ENOENT, N_("The network does not know the code"));
                break;
        case MBIM_USSD_RESPONSE_NETWORK_TIMEOUT:
                end(s, -ETIMEDOUT, N_("The network did not answer"));
                break;
        case MBIM_USSD_RESPONSE_OTHER_LOCAL_CLIENT:
                end(s, -EREMOTEIO, N_("Another program holds a dialogue with the network"));
                break;
        default:
                end(s, -EREMOTEIO, N_("The network said something that cannot be understood"));
                break;
        }
}

/* No more than a network can say; "" where it cannot be read at all. */
static char *read_text(uint32_t scheme, const uint8_t *bytes, size_t n) {
        char *text;

        if (scheme > UINT8_MAX ||
            ussd_text_decode((uint8_t) scheme, bytes, MIN(n, USSD_BYTES), &text) < 0)
                return g_strdup("");
        return text;
}

static void on_words(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                     unsigned serial) {
        g_autofree char *text = NULL;
        MbimUssdResponse response;
        const uint8_t *bytes;
        uint32_t scheme, n;
        int r;

        if (s->ussd != MBIM_USSD_ASKED || serial != s->ussd_serial)
                return;

        if (outcome == MBIM_REFUSED) {
                r = mbim_refusal(s, "USSD", &text);
                end(s, r, text);
        } else if (reply && mbim_message_ussd_response_parse(reply, &response, NULL, &scheme, &n,
                                                             &bytes, NULL)) {
                text = read_text(scheme, bytes, n);
                hear(s, response, text);
        } else {
                mbim_ussd_cancel(s);
                end(s, -ETIMEDOUT, N_("The network did not answer"));
        }
}

/* Who else is in a dialogue is told as well; where there is none of ours, it is none of ours. */
void mbim_ussd_words(MbimSession *s, const MbimMessage *indication) {
        g_autofree char *text = NULL;
        MbimUssdResponse response;
        const uint8_t *bytes;
        uint32_t scheme, n;

        if (s->ussd == MBIM_USSD_NONE ||
            !mbim_message_ussd_notification_parse(indication, &response, NULL, &scheme, &n, &bytes,
                                                  NULL) ||
            response == MBIM_USSD_RESPONSE_OTHER_LOCAL_CLIENT)
                return;

        text = read_text(scheme, bytes, n);
        hear(s, response, text);
}

int mbim_ussd_send(MbimSession *s, const char *text, bool is_answer) {
        uint8_t bytes[USSD_BYTES];
        uint8_t scheme;
        size_t n;
        int r;

        if (!s->has_ussd)
                return -EOPNOTSUPP;

        r = ussd_text_encode(text, &scheme, bytes, &n);
        if (r < 0)
                return r;

        s->ussd = MBIM_USSD_ASKED;
        mbim_ask_network(s,
                         mbim_message_ussd_set_new(is_answer ? MBIM_USSD_ACTION_CONTINUE
                                                             : MBIM_USSD_ACTION_INITIATE,
                                                   scheme, (uint32_t) n, bytes, NULL),
                         ANSWER_SECONDS, on_words, ++s->ussd_serial);
        return 0;
}

static void on_cancelled(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                         unsigned about) {
        g_debug("%s: a dialogue was cancelled: %d", s->path, outcome);
}

void mbim_ussd_cancel(MbimSession *s) {
        if (s->ussd == MBIM_USSD_NONE)
                return;

        mbim_ask(s, mbim_message_ussd_set_new(MBIM_USSD_ACTION_CANCEL, 0, 0, NULL, NULL),
                 on_cancelled, 0);
        s->ussd = MBIM_USSD_NONE;
        s->ussd_serial++;
        g_clear_pointer(&s->ussd_menu, g_free);
}
