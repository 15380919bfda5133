/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The answer: what a settled tally says at an instant. */

#include <string.h>

#include "tally-internal.h"

const char *tally_state_to_string(TallyState state) {
        static const char *const names[] = {
                [TALLY_NONE] = "none",
                [TALLY_WAITING] = "waiting",
                [TALLY_OK] = "ok",
                [TALLY_LOW] = "low",
                [TALLY_THROTTLED] = "throttled",
                [TALLY_BILLING] = "billing",
                [TALLY_EXHAUSTED] = "exhausted",
                [TALLY_EXPIRED] = "expired",
        };

        return names[state];
}

static void bucket_seen_clear(void *data) {
        TallyBucket *b = data;

        g_free(b->name);
}

static GArray *new_seen_array(void) {
        GArray *array = g_array_new(FALSE, FALSE, sizeof(TallyBucket));

        g_array_set_clear_func(array, bucket_seen_clear);
        return array;
}

void tally_answer_clear(TallyAnswer *a) {
        if (a->buckets)
                g_array_unref(a->buckets);
        if (a->limits)
                g_array_unref(a->limits);
        *a = (TallyAnswer){ 0 };
}

/* Used up for ever: of what was bought over the years it would make an ever larger part. */
static bool is_spent(const Tally *t, const LiveBucket *b) {
        return !is_unlimited(b) && b->remaining == 0 && !b->recurs && !b->rolls_along &&
               bucket_end(t, b) == PERIOD_NEVER;
}

static bool is_ended(const LiveBucket *b) {
        return b->phase == PHASE_ENDED || b->phase == PHASE_LAPSED;
}

static bool count_phase(const Tally *t, Phase phase, bool only_here, bool *counted) {
        bool is_any = false, has_left = false, has_unlimited = false;

        for (int i = 0; i < n_live(t); i++) {
                const LiveBucket *b = live(t, i);

                counted[i] = b->phase == phase && b->within == NO_BUCKET &&
                             (!only_here || bucket_is_here(t, i));
                is_any = is_any || counted[i];
                has_unlimited = has_unlimited || (counted[i] && is_unlimited(b));
                has_left = has_left || (counted[i] && !is_spent(t, b));
        }

        for (int i = 0; phase == PHASE_RUNNING && i < n_live(t); i++)
                if (has_unlimited)
                        counted[i] = counted[i] && is_unlimited(live(t, i));
                else if (has_left)
                        counted[i] = counted[i] && !is_spent(t, live(t, i));
        return is_any;
}

/*
 * The buckets whose sum the answer is: those that run here and now; else those that run; else those
 * that wait; else those that ended last. While an unlimited one runs, the others rest.
 */
void answer_counted(const Tally *t, bool *counted) {
        int64_t last = INT64_MIN;

        if (count_phase(t, PHASE_RUNNING, true, counted) ||
            count_phase(t, PHASE_RUNNING, false, counted) ||
            count_phase(t, PHASE_WAITING, false, counted))
                return;

        for (int i = 0; i < n_live(t); i++)
                if (is_ended(live(t, i)) && live(t, i)->within == NO_BUCKET)
                        last = MAX(last, live(t, i)->end);
        for (int i = 0; i < n_live(t); i++)
                counted[i] = is_ended(live(t, i)) && live(t, i)->within == NO_BUCKET &&
                             live(t, i)->end == last;
}

static void add_up(const Tally *t, const bool *counted, TallyAnswer *a) {
        bool has_ended = false;

        for (int i = 0; i < n_live(t); i++) {
                TallyBucket seen = bucket_seen(t, i);

                if (!counted[i])
                        continue;
                has_ended = is_ended(live(t, i));
                a->is_unlimited = a->is_unlimited || (seen.is_unlimited && !has_ended);
                a->used = traffic_saturated(a->used, seen.used);
                a->over = traffic_saturated(a->over, seen.over);
                a->remaining = traffic_saturated(a->remaining, seen.remaining);
                a->limit = traffic_saturated(a->limit,
                                             traffic_saturated(seen.bytes, seen.rolled_over));
        }

        /* What is within another has an excess of its own. */
        for (int i = 0; i < n_live(t); i++)
                if (live(t, i)->within != NO_BUCKET && live(t, i)->phase == PHASE_RUNNING)
                        a->over = traffic_saturated(a->over, live(t, i)->over);
        if (a->limit > 0)
                a->percent_used = 100.0 * (double) a->used / (double) a->limit;
}

/* The first with periods tells the period; the one that is used now tells until when it is good. */
static void set_times(const Tally *t, const bool *counted, TallyAnswer *a) {
        int period = NO_BUCKET, now, stopper;
        TallyBucket seen;

        now = order_find(t, &stopper);
        while (now != NO_BUCKET && live(t, now)->within != NO_BUCKET)
                now = live(t, now)->within;
        for (int i = 0; i < n_live(t); i++) {
                if (!counted[i] || !(live(t, i)->phase == PHASE_RUNNING || is_ended(live(t, i))))
                        continue;
                if (period == NO_BUCKET || (live(t, i)->recurs && !live(t, period)->recurs))
                        period = i;
                if (now == NO_BUCKET || !counted[now])
                        now = i;
        }
        if (period == NO_BUCKET)
                return;

        a->expires_at = bucket_seen(t, now).expires_at;
        seen = bucket_seen(t, live(t, period)->recurs ? period : now);
        a->period_start = seen.period_start;
        a->period_end = seen.period_end;
}

/* Is there something that is used here, or begins once it is used here? */
static bool covers_here(const Tally *t, int i) {
        return bucket_waits_for_use(t, i) ||
               (live(t, i)->phase == PHASE_RUNNING && where_covers(t, live(t, i)->where));
}

static void list_buckets(const Tally *t, int64_t now, const bool *counted, TallyAnswer *a) {
        int stopper, pays = order_find(t, &stopper);

        for (int i = 0; i < n_live(t); i++) {
                const LiveBucket *b = live(t, i);
                TallyBucket seen = bucket_seen(t, i);
                bool is_slow =
                        pays == NO_BUCKET && i == stopper && seen.at_zero.kind == AT_ZERO_THROTTLE;

                a->is_covered = a->is_covered || covers_here(t, i);
                if (is_top_up(b) && is_ended(b) && !counted[i] && b->end <= now - HIDE_AFTER)
                        continue;
                seen.name = g_strdup(b->name);
                seen.is_counted = counted[i];
                seen.is_here = bucket_is_here(t, i);
                seen.rate_bps = is_slow ? seen.at_zero.rate_bps : 0;
                g_array_append_val(a->buckets, seen);
        }
}

static TallyAnswer answer(const Tally *t, int64_t now) {
        g_autofree bool *counted = g_new0(bool, (gsize) n_live(t) + 1);
        TallyAnswer a = { .plan = t->plan, .place = t->place, .uncovered = t->uncovered };

        a.buckets = new_seen_array();
        a.limits = g_array_new(FALSE, FALSE, sizeof(TallyLimit));
        answer_counted(t, counted);
        list_buckets(t, now, counted, &a);
        if (!t->plan)
                return a;

        a.contract_since = t->since;
        if (t->plan->keep_alive.unit != LENGTH_NONE)
                a.keep_alive = period_validity_end(t->zone,
                                                   t->last_top_up_at ? t->last_top_up_at : t->since,
                                                   t->plan->keep_alive);
        add_up(t, counted, &a);
        set_times(t, counted, &a);
        price_charge(t, &a);
        state_set(t, now, counted, &a);
        if (a.state == TALLY_EXPIRED)
                a.after_expiry = t->after_expiry;
        report_answer(t, &a);
        return a;
}

/* As it stands then: the tally itself, or a copy that went on until then. */
const Tally *tally_look_ahead(const Tally *t, int64_t now, Tally **ret_copy) {
        now = tally_bounded(now);
        if (now < t->boundary && t->is_order_known)
                return t;

        *ret_copy = tally_copy(t);
        tally_settle(*ret_copy, MAX(now, t->clock));
        order_refresh(*ret_copy);
        return *ret_copy;
}

TallyAnswer tally_at(const Tally *t, int64_t now) {
        g_autoptr(Tally) copy = NULL;

        return answer(tally_look_ahead(t, now, &copy), now);
}

static void list_period(GArray *periods, TallyBucket seen, int64_t since, int64_t until) {
        if (seen.period_start >= until || (seen.period_end != 0 && seen.period_end <= since))
                return;

        seen.name = g_strdup(seen.name);
        g_array_append_val(periods, seen);
}

static int by_start(const void *a, const void *b) {
        const TallyBucket *one = a, *other = b;

        if (one->period_start != other->period_start)
                return one->period_start < other->period_start ? -1 : 1;
        return strcmp(one->name, other->name);
}

GArray *tally_periods(const Tally *t, int64_t since, int64_t until, int64_t now) {
        g_autoptr(Tally) copy = NULL;
        const Tally *then = tally_look_ahead(t, now, &copy);
        GArray *periods = new_seen_array();

        for (guint i = 0; i < t->past->len; i++)
                list_period(periods, g_array_index(t->past, PastPeriod, i).seen, since, until);
        for (guint i = 0; then != t && i < then->past->len; i++)
                list_period(periods, g_array_index(then->past, PastPeriod, i).seen, since, until);
        for (int i = 0; i < n_live(then); i++)
                if (live(then, i)->phase == PHASE_RUNNING)
                        list_period(periods, bucket_seen(then, i), since, until);

        g_array_sort(periods, by_start);
        return periods;
}
