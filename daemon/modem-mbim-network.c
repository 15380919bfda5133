/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which network serves the modem. */

#include "modem-mbim.h"

typedef struct Registration {
        MbimRegisterState state;
        char *id, *name; /* may be NULL */
} Registration;

static void registration_clear(Registration *r) {
        g_free(r->id);
        g_free(r->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Registration, registration_clear)

static void tell_network(MbimSession *s, const ModemNetwork *network) {
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

static bool parse_2(const MbimMessage *message, Registration *ret) {
        return (mbim_is_indication(message)
                        ? mbim_message_ms_basic_connect_v2_register_state_notification_parse
                        : mbim_message_ms_basic_connect_v2_register_state_response_parse)(
                message, NULL, &ret->state, NULL, NULL, NULL, &ret->id, &ret->name, NULL, NULL,
                NULL, NULL);
}

static bool parse_1(const MbimMessage *message, Registration *ret) {
        return (mbim_is_indication(message) ? mbim_message_register_state_notification_parse
                                            : mbim_message_register_state_response_parse)(
                message, NULL, &ret->state, NULL, NULL, NULL, &ret->id, &ret->name, NULL, NULL,
                NULL);
}

static bool read_network(MbimSession *s, const MbimMessage *message) {
        g_auto(Registration) r = { 0 };
        g_autofree char *name = NULL;
        ModemNetwork network = { .name = "" };

        if (!(mbim_version(s) >= 2 ? parse_2 : parse_1)(message, &r))
                return false;

        if (r.state == MBIM_REGISTER_STATE_HOME || r.state == MBIM_REGISTER_STATE_ROAMING ||
            r.state == MBIM_REGISTER_STATE_PARTNER) {
                name = mbim_text(r.name);
                network = (ModemNetwork){ .registered = true,
                                          .roaming = r.state != MBIM_REGISTER_STATE_HOME,
                                          .name = name };
                if (r.id)
                        (void) plmn_parse(r.id, &network.serving);
        }
        tell_network(s, &network);
        return true;
}

static void on_registration(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                            unsigned about) {
        if (reply && read_network(s, reply))
                modem_retry_stop(&s->network_retry);
        else if (outcome == MBIM_NO_ANSWER)
                modem_retry_later(&s->network_retry);
        else
                tell_network(s, &(ModemNetwork){ .name = "" });
}

static void network_ask(void *session) {
        MbimSession *s = session;

        modem_retry_hold(&s->network_retry);
        mbim_ask(s, mbim_message_register_state_query_new(NULL), on_registration, 0);
}

void mbim_network_registered(MbimSession *s, const MbimMessage *indication) {
        (void) read_network(s, indication);
}

void mbim_network_start(MbimSession *s) {
        modem_retry_init(&s->network_retry, network_ask, s, &s->is_over);
        network_ask(s);
}
