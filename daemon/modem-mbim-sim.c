/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Which SIM is in the modem: the subscriber's status has its ICCID, the slots' status tells whether
 * it is an eSIM. A hint of a change makes all questions stale that were asked before.
 */

#include "modem-mbim.h"

#include "iccid.h"
#include "sim-text.h"

#define MOST_TRIES 6 /* for a card that is in error; a modem that says nothing is asked on */

typedef struct Ready {
        MbimSubscriberReadyState state;
        MbimSubscriberReadyStatusFlag flags;
        char *imsi, *iccid; /* as the modem writes them; may be NULL */
} Ready;

static void ready_clear(Ready *r) {
        g_free(r->imsi);
        g_free(r->iccid);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ready, ready_clear)

static void tell_sim(MbimSession *s) {
        SimIdentity identity = {
                .iccid = s->iccid,
                .kind = s->kind,
                .imsi = s->imsi ?: "",
                .eid = "",
                .label = "",
                .operator= s->operator?: "",
                .home = s->home,
        };

        s->sim_was_told = true;
        s->events.listener->sim(&identity, s->events.userdata);
}

static void forget_details(MbimSession *s) {
        g_clear_pointer(&s->imsi, g_free);
        g_clear_pointer(&s->operator, g_free);
        s->home = (Plmn){ 0 };
}

static void tell_no_sim(MbimSession *s) {
        if (s->sim_was_told && !s->iccid)
                return;

        s->sim_was_told = true;
        g_clear_pointer(&s->iccid, g_free);
        forget_details(s);
        s->events.listener->sim(NULL, s->events.userdata);
}

static void doubt(MbimSession *s) {
        s->sim_serial++;
        if (!s->sim_was_told)
                return;

        s->sim_was_told = false;
        s->events.listener->sim_doubtful(s->events.userdata);
}

static void on_home(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                    unsigned serial) {
        g_autoptr(MbimProvider) provider = NULL;

        if (serial != s->sim_serial)
                return;

        if (reply && mbim_message_home_provider_response_parse(reply, &provider, NULL)) {
                g_free(s->operator);
                s->operator= mbim_text(provider->provider_name);
                if (!provider->provider_id || plmn_parse(provider->provider_id, &s->home) < 0)
                        s->home = (Plmn){ 0 };
        }
        if (outcome == MBIM_NO_ANSWER)
                modem_retry_later(&s->sim_retry);
        tell_sim(s);
}

static void ask_home(MbimSession *s) {
        mbim_ask(s, mbim_message_home_provider_query_new(NULL), on_home, s->sim_serial);
}

static void take_slot_state(MbimSession *s, MbimUiccSlotState state) {
        s->slot_state = state;
        if (state == MBIM_UICC_SLOT_STATE_ACTIVE_ESIM)
                s->kind = SIM_KIND_ESIM;
        else if (state == MBIM_UICC_SLOT_STATE_ACTIVE)
                s->kind = SIM_KIND_PHYSICAL;
}

static void on_slot(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                    unsigned serial) {
        MbimUiccSlotState state;
        uint32_t slot;

        if (serial != s->sim_serial)
                return;

        if (reply && mbim_message_ms_basic_connect_extensions_slot_info_status_response_parse(
                             reply, &slot, &state, NULL))
                take_slot_state(s, state);
        ask_home(s);
}

static void on_mappings(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                        unsigned serial) {
        g_autoptr(MbimSlotArray) slots = NULL;
        uint32_t count = 0;

        if (serial != s->sim_serial)
                return;

        /* Of several executors, the first carries the data. */
        if (reply && mbim_message_ms_basic_connect_extensions_device_slot_mappings_response_parse(
                             reply, &count, &slots, NULL))
                s->slot = count > 0 ? slots[0]->slot : 0;
        mbim_ask(s,
                 mbim_message_ms_basic_connect_extensions_slot_info_status_query_new(s->slot, NULL),
                 on_slot, serial);
}

static void ask_details(MbimSession *s) {
        if (s->has_slots)
                mbim_ask(s,
                         mbim_message_ms_basic_connect_extensions_device_slot_mappings_query_new(
                                 NULL),
                         on_mappings, s->sim_serial);
        else
                ask_home(s);
}

static bool parse_ready_3(const MbimMessage *message, Ready *ret, uint32_t *ret_n,
                          char ***ret_numbers) {
        return (mbim_is_indication(message)
                        ? mbim_message_ms_basic_connect_v3_subscriber_ready_status_notification_parse
                        : mbim_message_ms_basic_connect_v3_subscriber_ready_status_response_parse)(
                message, &ret->state, &ret->flags, &ret->imsi, &ret->iccid, NULL, ret_n,
                ret_numbers, NULL);
}

static bool parse_ready_1(const MbimMessage *message, Ready *ret, uint32_t *ret_n,
                          char ***ret_numbers) {
        return (mbim_is_indication(message)
                        ? mbim_message_subscriber_ready_status_notification_parse
                        : mbim_message_subscriber_ready_status_response_parse)(
                message, &ret->state, &ret->imsi, &ret->iccid, NULL, ret_n, ret_numbers, NULL);
}

static bool parse_ready(const MbimSession *s, const MbimMessage *message, Ready *ret) {
        g_autofree char **numbers = NULL;
        uint32_t n_numbers = 0;

        if (!(mbim_version(s) >= 3 ? parse_ready_3 : parse_ready_1)(message, ret, &n_numbers,
                                                                    &numbers))
                return false;

        /* Some may be NULL, with more behind: libmbim itself would leave those. */
        for (uint32_t i = 0; numbers && i < n_numbers; i++)
                g_free(numbers[i]);
        return true;
}

/* The ICCID is known: it is told at once, what else there is to know follows. */
static void found(MbimSession *s, const char *iccid, const Ready *ready) {
        bool is_same = s->iccid && iccid_same(s->iccid, iccid);
        bool was_told = s->sim_was_told && is_same;

        if (!is_same) {
                doubt(s); /* changed without a hint */
                forget_details(s);
                s->kind = SIM_KIND_UNKNOWN;
        }

        s->sim_serial++;
        g_free(s->iccid);
        s->iccid = g_strdup(iccid);
        if (ready->flags & MBIM_SUBSCRIBER_READY_STATUS_FLAG_ESIM)
                s->kind = SIM_KIND_ESIM;
        if (sim_text_is_imsi(ready->imsi)) {
                g_free(s->imsi);
                s->imsi = g_strdup(ready->imsi);
        }

        modem_retry_stop(&s->sim_retry);
        if (!was_told)
                tell_sim(s);
        ask_details(s);
}

/* Whether there may be a card whose ICCID will be known in a while. */
static bool may_come(MbimSubscriberReadyState state) {
        return state == MBIM_SUBSCRIBER_READY_STATE_NOT_INITIALIZED ||
               state == MBIM_SUBSCRIBER_READY_STATE_FAILURE;
}

static void judge_ready(MbimSession *s, const Ready *ready) {
        g_autofree char *iccid = NULL;

        switch (ready->state) {
        case MBIM_SUBSCRIBER_READY_STATE_SIM_NOT_INSERTED:
        case MBIM_SUBSCRIBER_READY_STATE_NO_ESIM_PROFILE:
                break;
        default:
                if (ready->iccid)
                        (void) iccid_normalize(ready->iccid, &iccid);
        }
        if (iccid) {
                found(s, iccid, ready);
                return;
        }

        if (may_come(ready->state) && s->sim_retry.n_tries < MOST_TRIES) {
                doubt(s);
                modem_retry_later(&s->sim_retry);
        } else {
                s->sim_serial++;
                modem_retry_stop(&s->sim_retry);
                tell_no_sim(s);
        }
}

static void on_ready(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                     unsigned serial) {
        g_auto(Ready) ready = { 0 };

        if (serial != s->sim_serial)
                return;

        if (reply && parse_ready(s, reply, &ready)) {
                judge_ready(s, &ready);
                return;
        }

        if (outcome == MBIM_NO_ANSWER || s->sim_retry.n_tries < MOST_TRIES)
                modem_retry_later(&s->sim_retry);
        if (outcome == MBIM_REFUSED)
                tell_no_sim(s);
}

static void sim_ask(void *session) {
        MbimSession *s = session;

        modem_retry_hold(&s->sim_retry);
        mbim_ask(s, mbim_message_subscriber_ready_status_query_new(NULL), on_ready,
                 ++s->sim_serial);
}

void mbim_sim_ready(MbimSession *s, const MbimMessage *indication) {
        g_auto(Ready) ready = { 0 };

        if (!parse_ready(s, indication, &ready))
                return;

        s->sim_serial++; /* what was asked before is older than this */
        modem_retry_stop(&s->sim_retry);
        judge_ready(s, &ready);
}

static bool has_card(unsigned state) {
        return state == MBIM_UICC_SLOT_STATE_ACTIVE || state == MBIM_UICC_SLOT_STATE_ACTIVE_ESIM;
}

void mbim_sim_slot(MbimSession *s, const MbimMessage *indication) {
        MbimUiccSlotState state;
        uint32_t slot;

        if (!mbim_message_ms_basic_connect_extensions_slot_info_status_notification_parse(
                    indication, &slot, &state, NULL))
                return;

        /* Another slot that has a card now may be the one that the modem has changed to. */
        if (slot == s->slot ? state == s->slot_state : !has_card(state))
                return;

        if (slot == s->slot) {
                s->slot_state = state;
                if (!has_card(state))
                        doubt(s);
        }
        modem_retry_stop(&s->sim_retry);
        sim_ask(s);
}

void mbim_sim_start(MbimSession *s) {
        modem_retry_init(&s->sim_retry, sim_ask, s, &s->is_over);
        sim_ask(s);
}
