/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What comes next: the instant, or the bytes, until the answer may be another. */

#include "level.h"
#include "tally-internal.h"

int64_t tally_next_boundary(const Tally *t, int64_t now) {
        g_autoptr(Tally) copy = NULL;

        return tally_look_ahead(t, now, &copy)->boundary;
}

/* How far it is to a level of the buckets that a byte counts against. */
static uint64_t levels_ahead(const Tally *t, int i) {
        uint64_t least = UINT64_MAX;

        for (; i != NO_BUCKET; i = live(t, i)->within) {
                const LiveBucket *b = live(t, i);
                Levels levels = levels_of(b->plan, b->bucket, b->is_daily);

                if (is_unlimited(b) || b->is_free)
                        continue;
                for (guint k = 0; k < levels.n; k++)
                        least = MIN(least,
                                    level_distance(levels.levels[k], b->limit, live_used(b)));
        }

        return least;
}

/* What comes after the end of the bucket that pays now is further away than that. */
static uint64_t buckets_ahead(const Tally *t) {
        int stopper, i = order_find(t, &stopper);
        AtZero at_zero;

        if (i != NO_BUCKET)
                return MIN(levels_ahead(t, i), chain_room(t, i));

        at_zero = order_at_zero(t, stopper);
        if (stopper != NO_BUCKET && at_zero.kind == AT_ZERO_BILL)
                return price_bytes_to_step(&at_zero, live(t, stopper)->over);
        return UINT64_MAX;
}

static bool waits_for_use(const Tally *t) {
        for (int i = 0; t->begins_by_use && i < n_live(t); i++)
                if (bucket_waits_for_use(t, i))
                        return true;

        return false;
}

uint64_t tally_bytes_to_next_level(const Tally *t, int64_t now) {
        g_autoptr(Tally) copy = NULL;
        const Tally *then = tally_look_ahead(t, now, &copy);
        g_autofree bool *counted = g_new0(bool, (gsize) n_live(t) + 1);
        uint64_t step = t->plan ? t->plan->round_up_bytes : 0, least;

        if (!t->plan)
                return UINT64_MAX;
        if (waits_for_use(then))
                return 1;

        least = MIN(buckets_ahead(then), price_bytes_to_tier(then));
        least = MIN(least, limits_ahead(then));
        answer_counted(then, counted);
        least = MIN(least, state_bytes_to_sum_level(then, counted));
        if (least == UINT64_MAX || step == 0)
                return least;

        /* A new session's first byte counts as a whole step. */
        return least > step ? least - step + 1 : 1;
}
