/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tally of a SIM: worked out from all facts, and fed with each charge from then on. */

#include "account-internal.h"
#include "clock.h"

#define BOUNDARY_SLACK 1  /* seconds; what is read so soon after a boundary came before it */
#define MOST_STEPS     16 /* levels that are told one by one, of one charge */

void account_plan_init(Account *a) {
        account_alerts_init(a);
        a->boundary = a->pending_at = PERIOD_NEVER;
        a->to_level = UINT64_MAX;
        a->answer_at = INT64_MIN;
        if (!a->row.iccid)
                return;

        a->events = g_array_new(FALSE, FALSE, sizeof(LedgerEvent));
        a->plans = account_plans_new();
        a->tally = tally_new(NULL, 0);
}

void account_forget_answer(Account *a) {
        if (a->answer_at != INT64_MIN)
                tally_answer_clear(&a->answer);
        a->answer_at = INT64_MIN;
}

void account_plan_clear(Account *a) {
        account_forget_answer(a);
        account_alerts_clear(a);
        g_clear_pointer(&a->events, g_array_unref);
        tally_free(a->tally);
        g_clear_pointer(&a->plans, g_ptr_array_unref);
        g_free(a->fleet_text);
}

bool account_has_fleet_plan(const Account *a) {
        return a->fleet_text != NULL;
}

const GArray *account_events(const Account *a) {
        return a->events;
}

void account_update_boundary(Account *a, int64_t now) {
        a->boundary = MIN(a->pending_at, tally_next_boundary(a->tally, now));
        a->to_level = tally_bytes_to_next_level(a->tally, now);
}

int account_replay(Account *a) {
        int64_t now = clock_now();
        int r;

        if (!a->tally)
                return 0;

        r = account_replay_at(a, now);
        if (r >= 0)
                account_judge(a, now);
        return r;
}

static int load_events(Account *a) {
        GArray *events;
        int r;

        r = ledger_load_events(a->ledger, a->row.id, &events);
        if (r < 0)
                return r;

        g_array_unref(a->events);
        a->events = events;
        return 0;
}

int account_reload_events(Account *a, int64_t now) {
        int r;

        if (!a->tally)
                return 0;

        r = load_events(a);
        if (r >= 0)
                r = account_replay_at(a, now);
        if (r >= 0)
                account_judge(a, now);
        return r;
}

/* Where the last slice was broken before we came is not known: a new one begins. */
static void begin_slices(Account *a, int64_t now) {
        if (!account_is_reckoned(a))
                return;

        account_close_slice(a, now);
        for (guint i = 0; i < a->events->len; i++) {
                const LedgerEvent *e = &g_array_index(a->events, LedgerEvent, i);

                if (e->recorded_at == now)
                        account_close_slice(a, now + 1);
        }
}

int account_load_plan(Account *a) {
        int r;

        if (!a->tally)
                return 0;

        r = account_load_alerts(a);
        if (r >= 0)
                r = load_events(a);
        if (r < 0)
                return r;

        a->is_loaded = true;
        begin_slices(a, clock_now());
        return account_replay(a);
}

void account_set_fleet_plan(Account *a, char *text) {
        if (!a->tally || g_strcmp0(a->fleet_text, text) == 0) {
                g_free(text);
                return;
        }

        g_free(a->fleet_text);
        a->fleet_text = text;
        if (a->is_loaded)
                (void) account_replay(a); /* logged there */
}

int64_t account_next_instant(const Account *a) {
        return MAX(clock_now(), a->fed_at);
}

void account_close_slice(Account *a, int64_t from) {
        a->slice_from = from;
}

int64_t account_date(Account *a, int64_t at) {
        if (a->tally && at >= a->boundary) {
                if (at - a->boundary <= BOUNDARY_SLACK)
                        at = a->boundary - 1;
                else
                        account_close_slice(a, MAX(a->slice_from, a->boundary));
        }

        return MAX(at, a->slice_from);
}

static Traffic first_of(Traffic bytes, uint64_t most) {
        Traffic first = { .rx = MIN(bytes.rx, most) };

        first.tx = MIN(bytes.tx, most - first.rx);
        return first;
}

/* Each level on the way is told of, though one burst may cross several. */
void account_plan_charge(Account *a, const LedgerUsage *usage) {
        Traffic rest = usage->bytes;

        if (!a->tally)
                return;

        a->fed_at = MAX(a->fed_at, usage->first_at);
        for (int i = 1; !traffic_is_zero(rest); i++) {
                Traffic part = i < MOST_STEPS ? first_of(rest, MAX(a->to_level, 1)) : rest;

                tally_charge(a->tally, usage->first_at, account_tally_usage(usage, part));
                account_forget_answer(a);
                rest = traffic_beyond(rest, part);
                if (a->to_level == UINT64_MAX)
                        continue;
                a->to_level -= MIN(a->to_level, traffic_sum(part));
                if (a->to_level == 0 || i == MOST_STEPS)
                        account_judge(a, usage->first_at);
        }
}

void account_plan_visit(Account *a, const LedgerVisit *visit) {
        const TallyItem item = { .kind = TALLY_NETWORK,
                                 .at = visit->since,
                                 .place = account_tally_place(visit->plmn, visit->roaming) };

        if (!a->tally)
                return;

        tally_feed(a->tally, &item);
        a->fed_at = MAX(a->fed_at, visit->since);
        account_judge(a, visit->since);
}

/* The bytes of the system's day, as far as the plan counts them. */
static uint64_t used_today(Account *a, int64_t now) {
        Traffic today = account_today(a, now);

        switch (a->answer.plan ? a->answer.plan->count : COUNT_TOTAL) {
        case COUNT_RX:
                return today.rx;
        case COUNT_TX:
                return today.tx;
        case COUNT_TOTAL:
        default:
                return traffic_sum(today);
        }
}

static void update_answer(Account *a, int64_t now) {
        g_autoptr(GTimeZone) local = NULL;

        if (a->answer_at == now)
                return;

        account_forget_answer(a);
        a->answer = tally_at(a->tally, MAX(now, a->fed_at));
        a->answer_at = now;
        a->forecast = (Forecast){ 0 };
        if (!a->answer.plan)
                return;

        local = g_time_zone_new_local();
        a->forecast = forecast_at(&a->answer, now, local, used_today(a, now));
}

const TallyAnswer *account_answer(Account *a, int64_t now) {
        update_answer(a, now);
        return &a->answer;
}

const Forecast *account_forecast(Account *a, int64_t now) {
        update_answer(a, now);
        return &a->forecast;
}

void account_judge(Account *a, int64_t now) {
        TallyState before = a->state;

        if (!a->tally)
                return;

        account_forget_answer(a);
        update_answer(a, now);
        a->state = a->answer.state;
        a->is_urgent |= a->state != before;
        account_judge_alerts(a, now);
        account_update_boundary(a, MAX(now, a->fed_at));
        account_tell(a, ACCOUNT_CHANGED_PLAN);
}

const char *account_plan_text(const Account *a) {
        if (a->fleet_text)
                return a->fleet_text;

        for (guint i = a->events->len; i > 0; i--) {
                const LedgerEvent *e = &g_array_index(a->events, LedgerEvent, i - 1);

                if (e->removed_at == 0 && account_is_contract(e) && e->at < a->pending_at)
                        return e->body;
        }

        return "";
}

GArray *account_periods(const Account *a, int64_t since, int64_t until, int64_t now) {
        return tally_periods(a->tally, since, until, MAX(now, a->fed_at));
}

int64_t account_boundary(const Account *a) {
        return MIN(a->boundary, a->alert_at);
}

int account_pass_boundary(Account *a, int64_t now) {
        int r = 0;

        if (!a->tally || account_boundary(a) > now)
                return 0;

        if (a->boundary <= now)
                account_close_slice(a, MAX(a->slice_from, a->boundary));
        if (a->pending_at <= now) {
                account_close_slice(a, MAX(a->slice_from, now + 1));
                r = account_replay_at(a, now);
        }
        if (r >= 0)
                account_judge(a, now);
        return r;
}

/* Before a plan has begun, the first byte will tell, and nothing is lost by waiting for it. */
uint64_t account_bytes_to_level(const Account *a) {
        return a->state == TALLY_WAITING ? UINT64_MAX : a->to_level;
}

bool account_is_urgent(const Account *a) {
        return a->is_urgent || a->news->len > 0;
}
