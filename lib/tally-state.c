/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state of the line: whether it runs, how fast, and what lifts it when it does not. */

#include "level.h"
#include "tally-internal.h"

/* When a bucket that is empty has bytes again. */
static int64_t refilled_at(const Tally *t, const LiveBucket *b) {
        if (b->recurs && b->period.end < bucket_end(t, b))
                return b->period.end;
        if (b->rolls_along && window_next(&b->rolling) < bucket_end(t, b))
                return window_next(&b->rolling);

        return PERIOD_NEVER;
}

static int64_t stop_lifts_at(const Tally *t) {
        int64_t lifts_at = PERIOD_NEVER;

        for (guint k = 0; k < t->order->len; k++) {
                int64_t all = INT64_MIN;

                for (int i = g_array_index(t->order, int, k); i != NO_BUCKET;
                     i = live(t, i)->within)
                        if (!is_unlimited(live(t, i)) && live(t, i)->remaining == 0)
                                all = MAX(all, refilled_at(t, live(t, i)));
                if (all != INT64_MIN)
                        lifts_at = MIN(lifts_at, all);
        }
        for (int i = 0; i < n_live(t); i++)
                if (live(t, i)->phase == PHASE_WAITING && live(t, i)->start_kind == START_AT &&
                    where_covers(t, live(t, i)->where))
                        lifts_at = MIN(lifts_at, live(t, i)->start_at);

        return lifts_at;
}

/* Nothing is left, here and now. */
static void set_stopped(const Tally *t, int stopper, TallyAnswer *a, int64_t *lifts_at) {
        AtZero at_zero = order_at_zero(t, stopper);
        uint64_t over = stopper == NO_BUCKET ? 0 : live(t, stopper)->over;

        if (at_zero.kind == AT_ZERO_BILL && !price_is_at_ceiling(&at_zero, over)) {
                a->state = over > 0 ? TALLY_BILLING : TALLY_LOW;
                return;
        }
        if (at_zero.kind == AT_ZERO_BILL)
                at_zero = t->plan ? t->plan->at_zero : at_zero;

        a->state = TALLY_EXHAUSTED;
        if (at_zero.kind == AT_ZERO_THROTTLE) {
                a->state = TALLY_THROTTLED;
                a->rate_bps = at_zero.rate_bps;
        }
        *lifts_at = stop_lifts_at(t);
}

static bool is_low(const Tally *t, int i) {
        const LiveBucket *b = live(t, i);
        Levels levels = levels_of(b->plan, b->bucket, b->is_daily);

        if (b->phase != PHASE_RUNNING || is_unlimited(b) || b->remaining == 0)
                return false;
        for (guint k = 0; k < levels.n; k++)
                if (level_is_reached(levels.levels[k], b->limit, live_used(b)))
                        return true;

        return false;
}

/* Several buckets together are judged by the plan's levels, besides each by its own. */
static Levels sum_levels(const Tally *t, const bool *counted, uint64_t *ret_limit,
                         uint64_t *ret_used) {
        int n = 0, n_daily = 0;

        *ret_limit = *ret_used = 0;
        for (int i = 0; i < n_live(t); i++) {
                if (!counted[i] || is_unlimited(live(t, i)))
                        continue;
                n++;
                n_daily += live(t, i)->is_daily;
                *ret_limit = traffic_saturated(*ret_limit, live(t, i)->limit);
                *ret_used = traffic_saturated(*ret_used, live_used(live(t, i)));
        }

        return n > 1 && n > n_daily ? levels_of(t->plan, NULL, false) : (Levels){ NULL, 0 };
}

static bool is_sum_low(const Tally *t, const bool *counted) {
        uint64_t limit, used;
        Levels levels = sum_levels(t, counted, &limit, &used);

        for (guint k = 0; k < levels.n; k++)
                if (level_is_reached(levels.levels[k], limit, used))
                        return true;

        return false;
}

uint64_t state_bytes_to_sum_level(const Tally *t, const bool *counted) {
        uint64_t limit, used, least = UINT64_MAX;
        Levels levels = sum_levels(t, counted, &limit, &used);

        for (guint k = 0; k < levels.n; k++)
                least = MIN(least, level_distance(levels.levels[k], limit, used));
        return least;
}

static void apply_limits(const Tally *t, int64_t now, TallyAnswer *a, int64_t *lifts_at) {
        for (guint k = 0; k < t->limits->len; k++) {
                TallyLimit seen = limit_seen(t, live_limit(t, k), now);

                g_array_append_val(a->limits, seen);
                if (!seen.is_active || a->state < TALLY_OK || a->state == TALLY_EXPIRED)
                        continue;

                *lifts_at = MAX(*lifts_at, seen.lifts_at ? seen.lifts_at : PERIOD_NEVER);
                if (seen.blocks) {
                        a->state = TALLY_EXHAUSTED;
                        a->rate_bps = 0;
                } else if (a->state != TALLY_EXHAUSTED) {
                        a->rate_bps = a->rate_bps ? MIN(a->rate_bps, seen.rate_bps) : seen.rate_bps;
                        a->state = MAX(a->state, TALLY_THROTTLED);
                }
        }
}

static bool has_phase(const Tally *t, Phase phase) {
        for (int i = 0; i < n_live(t); i++)
                if (live(t, i)->phase == phase)
                        return true;

        return false;
}

static void set_running_state(const Tally *t, const bool *counted, TallyAnswer *a,
                              int64_t *lifts_at) {
        int stopper, now = order_find(t, &stopper);
        bool is_unlimited_now = now != NO_BUCKET && chain_is_unlimited(t, now);

        a->state = TALLY_OK;
        if (now == NO_BUCKET && stopper != NO_BUCKET) {
                set_stopped(t, stopper, a, lifts_at);
                return;
        }
        if (is_unlimited_now)
                return;

        if (is_sum_low(t, counted))
                a->state = TALLY_LOW;
        for (int i = 0; i < n_live(t); i++) {
                bool is_within_here = live(t, i)->within != NO_BUCKET && bucket_is_here(t, i);

                if ((counted[i] || is_within_here) && is_low(t, i))
                        a->state = TALLY_LOW;
        }
}

bool state_has_expired(const Tally *t) {
        return t->plan && t->plan->buckets->len > 0 && !has_phase(t, PHASE_RUNNING) &&
               !has_phase(t, PHASE_WAITING);
}

void state_set(const Tally *t, int64_t now, const bool *counted, TallyAnswer *a) {
        int64_t lifts_at = INT64_MIN;

        if (!t->plan)
                a->state = TALLY_NONE;
        else if (has_phase(t, PHASE_RUNNING))
                set_running_state(t, counted, a, &lifts_at);
        else if (has_phase(t, PHASE_WAITING))
                a->state = TALLY_WAITING;
        else if (state_has_expired(t))
                a->state = TALLY_EXPIRED;
        else /* a line that lives without any */
                set_stopped(t, NO_BUCKET, a, &lifts_at);

        apply_limits(t, now, a, &lifts_at);
        if (lifts_at != INT64_MIN && lifts_at != PERIOD_NEVER)
                a->lifts_at = lifts_at;
        if (a->state == TALLY_EXPIRED)
                a->remaining = 0;
}
