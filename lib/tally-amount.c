/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is in a bucket: its own bytes, what was rolled over from former periods, and what is used.
 */

#include "tally-internal.h"

static Lot *lot(const LiveBucket *b, guint i) {
        return &g_array_index(b->lots, Lot, i);
}

static guint n_lots(const LiveBucket *b) {
        return b->lots ? b->lots->len : 0;
}

static void sum_up(LiveBucket *b) {
        b->limit = b->own;
        b->remaining = b->own_left;

        for (guint i = 0; i < n_lots(b); i++) {
                b->limit = traffic_saturated(b->limit, lot(b, i)->bytes);
                b->remaining = traffic_saturated(b->remaining, lot(b, i)->left);
        }
}

void amount_begin(LiveBucket *b) {
        b->own = b->own_left = is_unlimited(b) ? 0 : b->bytes;
        b->used = b->over = 0;
        b->used_up_at = 0;
        window_clear(&b->recent);
        sum_up(b);
}

static uint64_t times(uint64_t bytes, int64_t n) {
        uint64_t product;

        return __builtin_mul_overflow(bytes, (uint64_t) n, &product) ? UINT64_MAX : product;
}

static void add_lot(LiveBucket *b, int64_t origin, int64_t boundary, uint64_t bytes) {
        const Bucket *bucket = b->bucket;
        bool is_forever = bucket->roll_over == ROLL_FOREVER;
        Lot new = { .origin = origin, .last_period = INT64_MAX, .ends = PERIOD_NEVER };
        uint64_t carried = 0;

        for (guint i = 0; i < n_lots(b); i++)
                carried = traffic_saturated(carried, lot(b, i)->left);
        /* What does not fit under the cap is lost, and not what is there already. */
        new.bytes = MIN(bytes, bucket->roll_cap - MIN(carried, bucket->roll_cap));
        if (new.bytes == 0)
                return;

        if (!is_forever)
                new.last_period = origin + bucket->roll_over;
        if (bucket->roll_lasts.unit != LENGTH_NONE)
                new.ends = period_validity_end(b->zone, boundary, bucket->roll_lasts);

        new.left = new.bytes;
        if (!b->lots)
                b->lots = g_array_new(FALSE, FALSE, sizeof(Lot));
        if (is_forever && new.ends == PERIOD_NEVER && b->lots->len > 0) {
                new.bytes = new.left = traffic_saturated(lot(b, 0)->left, new.bytes);
                g_array_set_size(b->lots, 0);
        }
        g_array_append_val(b->lots, new);
}

/*
 * The running period ends at `boundary`, and what is left of it goes on to the next. Then come
 * n_idle periods, too many to go through them one by one, in which nothing is used.
 */
void amount_roll_over(LiveBucket *b, int64_t boundary, int64_t n_idle) {
        uint64_t own_left = b->own_left;

        if (!b->bucket || b->bucket->roll_over == 0 || is_unlimited(b))
                return;

        for (guint i = n_lots(b); i > 0; i--)
                if (lot(b, i - 1)->last_period <= b->number || lot(b, i - 1)->ends <= boundary ||
                    lot(b, i - 1)->left == 0)
                        g_array_remove_index(b->lots, i - 1);

        if (n_idle > 0 &&
            (b->bucket->roll_over != ROLL_FOREVER || b->bucket->roll_lasts.unit != LENGTH_NONE)) {
                /* Older than anything that is still good afterwards. */
                if (b->lots)
                        g_array_set_size(b->lots, 0);
                return;
        }

        add_lot(b, b->number, boundary, traffic_saturated(own_left, times(b->bytes, n_idle)));
        for (guint i = 0; i < n_lots(b); i++)
                lot(b, i)->bytes = lot(b, i)->left;
}

static void take(LiveBucket *b, int64_t at, uint64_t bytes) {
        uint64_t rest = bytes;

        if (is_unlimited(b)) {
                b->used = traffic_saturated(b->used, bytes);
                return;
        }

        for (guint i = 0; rest > 0 && i < n_lots(b); i++) {
                uint64_t n = MIN(rest, lot(b, i)->left);

                lot(b, i)->left -= n;
                rest -= n;
        }
        b->own_left -= rest;
        b->remaining -= bytes;
        if (b->rolls_along)
                window_add(&b->rolling, at, period_validity_end(b->zone, at, b->bucket->rolling),
                           bytes);
}

void amount_take(LiveBucket *b, int64_t at, uint64_t bytes) {
        if (b->lags)
                window_add(&b->recent, at, period_later(b->zone, at, b->plan->lag), bytes);
        take(b, at, bytes);
}

/* What was used last comes back first. */
void amount_give_back(LiveBucket *b, uint64_t bytes) {
        uint64_t n = MIN(bytes, b->own - b->own_left);

        b->own_left += n;
        bytes -= n;
        for (guint i = n_lots(b); bytes > 0 && i > 0; i--) {
                n = MIN(bytes, lot(b, i - 1)->bytes - lot(b, i - 1)->left);
                lot(b, i - 1)->left += n;
                bytes -= n;
        }

        sum_up(b);
        if (b->remaining > 0) {
                b->over = 0;
                b->used_up_at = 0;
        }
}

void amount_settle(LiveBucket *b, int64_t now) {
        for (guint i = 0; i < n_lots(b); i++)
                if (lot(b, i)->ends <= now && lot(b, i)->left > 0) {
                        lot(b, i)->bytes -= lot(b, i)->left;
                        lot(b, i)->left = 0;
                        sum_up(b);
                }
        if (b->remaining == 0 && b->used_up_at == 0 && !is_unlimited(b))
                b->used_up_at = now;

        if (b->rolls_along) {
                uint64_t left = window_advance(&b->rolling, now);

                if (is_unlimited(b))
                        b->used -= MIN(b->used, left);
                else if (left > 0)
                        amount_give_back(b, left);
        }
}

void amount_set_remaining(LiveBucket *b, int64_t at, uint64_t remaining) {
        if (is_unlimited(b))
                return;

        if (remaining > b->remaining) {
                uint64_t back = MIN(remaining - b->remaining, live_used(b));

                window_take(&b->rolling, back);
                amount_give_back(b, back);
        } else if (remaining < b->remaining) {
                take(b, at, b->remaining - remaining);
        }

        /* More than there ever was: the carrier gave something, for this period. */
        if (remaining > b->remaining) {
                b->own += remaining - b->remaining;
                b->own_left += remaining - b->remaining;
                sum_up(b);
        }

        if (b->remaining > 0)
                b->over = 0;
        if (b->remaining > 0 || b->used_up_at == 0)
                b->used_up_at = b->remaining > 0 ? 0 : at;
}

void amount_set_used(LiveBucket *b, int64_t at, uint64_t used) {
        if (is_unlimited(b)) {
                if (used > b->used)
                        take(b, at, used - b->used);
                else
                        window_take(&b->rolling, b->used - used);
                b->used = used;
                return;
        }

        amount_set_remaining(b, at, b->limit - MIN(used, b->limit));
        b->over = used - MIN(used, b->limit);
}

/* What is rolled over is used first, and what exceeds all is over: dealt out again. */
static void use_anew(LiveBucket *b, uint64_t total) {
        uint64_t rest;

        b->own_left = b->own;
        for (guint i = 0; i < n_lots(b); i++)
                lot(b, i)->left = lot(b, i)->bytes;
        sum_up(b);

        rest = MIN(total, b->limit);
        b->over = total - rest;
        for (guint i = 0; i < n_lots(b); i++) {
                uint64_t n = MIN(rest, lot(b, i)->left);

                lot(b, i)->left -= n;
                rest -= n;
        }
        b->own_left -= rest;
        sum_up(b);
        if (b->remaining > 0)
                b->used_up_at = 0;
}

/* More, or less, than was thought was left over of the period before this one. */
void amount_change_lot(LiveBucket *b, int64_t origin, uint64_t left_over) {
        uint64_t total = traffic_saturated(live_used(b), b->over), others = 0, bytes, cap;
        Lot *changed = NULL;

        if (!b->bucket || b->bucket->roll_over == 0 || origin + 1 != b->number)
                return;

        for (guint i = 0; i < n_lots(b); i++)
                if (lot(b, i)->origin == origin)
                        changed = lot(b, i);
                else
                        others = traffic_saturated(others, lot(b, i)->bytes);
        cap = b->bucket->roll_cap - MIN(others, b->bucket->roll_cap);
        bytes = MIN(left_over, cap);
        if (changed)
                changed->bytes = bytes;
        else if (bytes > 0)
                add_lot(b, origin, b->period.start, bytes);

        use_anew(b, total);
}
