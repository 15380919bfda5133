/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the owner says of the carriers, and when they are asked without being told to. */

#include <errno.h>

#include "manager-internal.h"

#define CHECK_USEC (60 * G_USEC_PER_SEC) /* between looks whether it is time to ask */

void manager_set_starter(Manager *m, const CommandStarter *starter, void *userdata) {
        m->starter = starter;
        m->starter_userdata = userdata;
}

const Carrier *manager_carrier(const Manager *m, const Account *a) {
        const Asked *asked = manager_asked(m, a);

        return asked ? asked->carrier : NULL;
}

int manager_set_query(Manager *m, Account *a, const char *text) {
        Asked *asked = manager_asked(m, a);
        int r;

        /* The SIM itself may be so new that it is not written yet. */
        r = manager_flush(m);
        if (r < 0)
                return r;

        asked = asked ?: manager_new_asked(m, a);
        r = carrier_set(asked->carrier, text);
        if (r < 0 && !*carrier_text(asked->carrier))
                manager_forget_carrier(m, a);
        return r;
}

int manager_confirm_query(Manager *m, Account *a, const char *text, const char *to) {
        Asked *asked = manager_asked(m, a);

        return asked ? carrier_confirm(asked->carrier, text, to, clock_now()) : -ENOENT;
}

CarrierRefusal manager_query(Manager *m, Account *a, int *ret_errno) {
        Asked *asked = manager_asked(m, a);
        CarrierNow now;

        if (!asked)
                return CARRIER_HAS_NO_QUERY;

        now = asked_look(asked);
        return carrier_ask(asked->carrier, &now, ret_errno);
}

int64_t manager_seconds_to_query(const Manager *m, const Account *a) {
        const Asked *asked = manager_asked(m, a);
        CarrierNow now;

        if (!asked)
                return 0;

        now = asked_look(asked);
        return carrier_seconds_to_wait(asked->carrier, &now);
}

void manager_test_reply(Manager *m, Account *a, const char *text, Reply *ret) {
        int64_t now = clock_now();
        g_autoptr(GTimeZone) zone = manager_zone_of(a, now);
        const CarrierNow as_of = { .now = now,
                                   .is_trusted = clock_is_trusted(),
                                   .zone = zone,
                                   .home_mcc = account_home(a).mcc };

        carrier_test_reply(manager_carrier(m, a), text, &as_of, ret);
}

/* When its last word is to be had anew before the plan's end; PERIOD_NEVER. */
static int64_t before_expiry(const Asked *asked, int64_t now) {
        const Query *query = carrier_query(asked->carrier);
        int64_t expires_at = account_answer(asked->account, now)->expires_at;

        if (!query || query->ask_before_expiry.unit == LENGTH_NONE || expires_at <= now)
                return PERIOD_NEVER;
        return expires_at - length_seconds(query->ask_before_expiry);
}

int64_t manager_next_asking(Manager *m) {
        int64_t next = PERIOD_NEVER, now = clock_now();

        for (guint i = 0; i < m->carriers->len; i++) {
                int64_t at = before_expiry(m->carriers->pdata[i], now);

                if (at > now)
                        next = MIN(next, at);
        }

        return next;
}

static bool is_stale(const Asked *asked, int64_t reported_at, int64_t now) {
        const Query *query = carrier_query(asked->carrier);
        Traffic moved;

        if (query->ask_age.unit == LENGTH_NONE ||
            now - reported_at < length_seconds(query->ask_age))
                return false;

        /* The bytes of its own second are those before it. */
        return account_traffic_since(asked->account, reported_at + 1, &moved) >= 0 &&
               traffic_sum(moved) >= query->ask_bytes;
}

static bool asks_by_itself(const Asked *asked) {
        const Query *query = carrier_query(asked->carrier);

        return query &&
               (query->ask_age.unit != LENGTH_NONE || query->ask_before_expiry.unit != LENGTH_NONE);
}

static bool is_time(const Asked *asked, int64_t now) {
        AccountReport report = { 0 };
        int64_t before = before_expiry(asked, now);

        (void) account_last_report(asked->account, &report);
        return (before <= now && report.at < before) || is_stale(asked, report.at, now);
}

/* One that came to nothing is not repeated sooner than the owner would be allowed to. */
static bool was_tried(const Asked *asked, const CarrierNow *now) {
        return asked->tried_seconds > 0 &&
               now->boottime - asked->tried_seconds <
                       query_minimum_delay(carrier_query(asked->carrier));
}

static gboolean on_consider(void *userdata) {
        Asked *asked = userdata;
        CarrierNow now = asked_look(asked);
        CarrierRefusal refusal;
        int error = 0;

        asked->consider = 0;
        asked->checked_usec = clock_boottime_usec();
        if (!asks_by_itself(asked) || !now.is_trusted || was_tried(asked, &now) ||
            !is_time(asked, now.now))
                return G_SOURCE_REMOVE;

        asked->tried_seconds = now.boottime;
        refusal = carrier_ask(asked->carrier, &now, &error);
        g_message("SIM %s: it is time to ask its carrier%s", account_slug(asked->account),
                  refusal == CARRIER_ASKED ? "" : ", which cannot be done now");
        return G_SOURCE_REMOVE;
}

/* Later: who tells that something has moved is in the midst of it. */
void manager_consider_asking(Manager *m, const Account *a) {
        Asked *asked = manager_asked(m, a);
        int64_t wait_usec;

        if (!asked || asked->consider > 0 || !asks_by_itself(asked))
                return;

        wait_usec = asked->checked_usec > 0
                            ? asked->checked_usec + CHECK_USEC - clock_boottime_usec()
                            : 0;
        asked->consider = g_timeout_add((guint) (MAX(wait_usec, 0) / 1000), on_consider, asked);
}
