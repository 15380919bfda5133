/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Data sessions, of which a modem has several at once, and what it has counted: of all of them
 * together, since it got power.
 */

#include "modem-mbim.h"

typedef struct Connection {
        uint32_t session;
        MbimActivationState state;
        MbimContextIpType type;
        char *apn; /* NULL: not told */
} Connection;

static void connection_clear(Connection *c) {
        g_free(c->apn);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Connection, connection_clear)

static bool has_family(const Connection *c, IpFamily family) {
        if (c->state != MBIM_ACTIVATION_STATE_ACTIVATED &&
            c->state != MBIM_ACTIVATION_STATE_DEACTIVATING)
                return false;

        switch (c->type) {
        case MBIM_CONTEXT_IP_TYPE_IPV6:
                return family == IP_FAMILY_6;
        case MBIM_CONTEXT_IP_TYPE_IPV4V6:
        case MBIM_CONTEXT_IP_TYPE_IPV4_AND_IPV6:
                return true;
        default:
                return family == IP_FAMILY_4;
        }
}

/* Of all sessions together. Told again where the APN is known. */
static void tell_family(MbimSession *s, IpFamily family, const char *apn) {
        bool connected = false;

        for (unsigned i = 0; i < MBIM_MOST_SESSIONS; i++)
                connected |= s->is_connected[i][family];

        if (s->data_was_told[family] && s->data_connected[family] == connected &&
            !(connected && *apn))
                return;

        s->data_was_told[family] = true;
        s->data_connected[family] = connected;
        s->events.listener->connection(family, connected, apn, s->events.userdata);
}

static bool all_are_known(const MbimSession *s) {
        for (unsigned i = 0; i < s->n_sessions; i++)
                if (!s->session_is_known[i])
                        return false;
        return true;
}

static void tell(MbimSession *s, const char *apn) {
        for (IpFamily f = 0; f < N_IP_FAMILIES && !s->is_over; f++)
                tell_family(s, f, apn);
}

static void take_over(MbimSession *s, const Connection *c) {
        g_autofree char *apn = mbim_text(c->apn);

        if (c->session >= MBIM_MOST_SESSIONS)
                return;

        s->session_is_known[c->session] = true;
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                s->is_connected[c->session][f] = has_family(c, f);
        if (all_are_known(s))
                tell(s, apn);
}

static bool parse_3(const MbimMessage *message, Connection *ret) {
        GList *more = NULL;
        bool is_good;

        is_good = (mbim_is_indication(message)
                           ? mbim_message_ms_basic_connect_v3_connect_notification_parse
                           : mbim_message_ms_basic_connect_v3_connect_response_parse)(
                message, &ret->session, &ret->state, NULL, &ret->type, NULL, NULL, NULL, &ret->apn,
                &more, NULL);
        if (is_good)
                g_list_free_full(more, (GDestroyNotify) mbim_tlv_unref);
        return is_good;
}

static bool parse_1(const MbimMessage *message, Connection *ret) {
        return (mbim_is_indication(message) ? mbim_message_connect_notification_parse
                                            : mbim_message_connect_response_parse)(
                message, &ret->session, &ret->state, NULL, &ret->type, NULL, NULL, NULL);
}

static bool parse(const MbimSession *s, const MbimMessage *message, Connection *ret) {
        return (mbim_version(s) >= 3 ? parse_3 : parse_1)(message, ret);
}

static void data_ask(void *session);

static void on_connection(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                          unsigned session) {
        g_auto(Connection) c = { 0 };

        if (outcome == MBIM_NO_ANSWER) {
                modem_retry_later(&s->data_retry);
                return;
        }

        /* What an indication has told meanwhile is newer. A session that was never begun, some
         * modems refuse to speak of. */
        if (!s->session_is_known[session]) {
                if (!reply || !parse(s, reply, &c) || c.session != session)
                        c.state = MBIM_ACTIVATION_STATE_DEACTIVATED;
                c.session = session;
                take_over(s, &c);
        }
        if (!s->is_over)
                data_ask(s);
}

/* Asks for the next session that nothing is known of. */
static void data_ask(void *session) {
        MbimSession *s = session;
        unsigned i = 0;

        modem_retry_hold(&s->data_retry);
        while (i < s->n_sessions && s->session_is_known[i])
                i++;
        if (i == s->n_sessions) {
                modem_retry_stop(&s->data_retry);
                return;
        }

        mbim_ask(s,
                 mbim_version(s) >= 3
                         ? mbim_message_ms_basic_connect_v3_connect_query_new(i, NULL)
                         : mbim_message_connect_query_new(
                                   i, MBIM_ACTIVATION_STATE_UNKNOWN, MBIM_VOICE_CALL_STATE_NONE,
                                   MBIM_CONTEXT_IP_TYPE_DEFAULT,
                                   mbim_uuid_from_context_type(MBIM_CONTEXT_TYPE_INTERNET), 0,
                                   NULL),
                 on_connection, i);
}

void mbim_data_connect(MbimSession *s, const MbimMessage *indication) {
        g_auto(Connection) c = { 0 };

        if (parse(s, indication, &c))
                take_over(s, &c);
}

/* With the packet service, sessions end, which not every modem tells of each. */
void mbim_data_packet_service(MbimSession *s) {
        bool was_known = all_are_known(s);

        for (unsigned i = 0; i < s->n_sessions; i++)
                if (s->is_connected[i][IP_FAMILY_4] || s->is_connected[i][IP_FAMILY_6])
                        s->session_is_known[i] = false;
        if (was_known)
                data_ask(s);
}

void mbim_data_start(MbimSession *s) {
        modem_retry_init(&s->data_retry, data_ask, s, &s->is_over);
        data_ask(s);
}

static void on_statistics(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                          unsigned about) {
        ModemStatistics statistics = { 0 };
        uint64_t in, out;

        s->statistics_are_asked = false;
        if (s->statistics_ask_again) {
                s->statistics_ask_again = false;
                mbim_data_query(s); /* this answer is older than the last question */
                return;
        }

        if (reply && mbim_message_packet_statistics_response_parse(reply, NULL, NULL, &in, NULL,
                                                                   &out, NULL, NULL, NULL, NULL)) {
                statistics.has_device = true;
                statistics.device = (Traffic){ in, out };
        }
        s->events.listener->statistics(&statistics, s->events.userdata);
}

void mbim_data_query(MbimSession *s) {
        s->statistics_ask_again = s->statistics_are_asked;
        if (s->statistics_are_asked)
                return;

        s->statistics_are_asked = true;
        mbim_ask(s, mbim_message_packet_statistics_query_new(NULL), on_statistics, 0);
}
