/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which bucket pays: those that are used here and now, in the order of use. */

#include "tally-internal.h"

bool where_covers(const Tally *t, const Where *where) {
        if (!where)
                return true;

        switch (where->kind) {
        case WHERE_HOME:
                return !t->place.is_abroad;
        case WHERE_ABROAD:
                return t->place.is_abroad;
        case WHERE_MCCS:
                /* Where it is, nobody has said yet: at home, where what was bought is good. */
                for (guint i = 0; t->is_place_known && i < where->mccs->len; i++)
                        if (g_array_index(where->mccs, uint16_t, i) == t->place.mcc)
                                return true;
                return !t->is_place_known;
        case WHERE_ANYWHERE:
        default:
                return true;
        }
}

bool bucket_is_here(const Tally *t, int i) {
        const LiveBucket *b = live(t, i);

        if (b->phase != PHASE_RUNNING || !b->is_open || !where_covers(t, b->where))
                return false;

        return b->within == NO_BUCKET || bucket_is_here(t, b->within);
}

bool bucket_waits_for_use(const Tally *t, int i) {
        const LiveBucket *b = live(t, i);

        return b->phase == PHASE_WAITING && where_covers(t, b->where) &&
               (b->start_kind == START_FIRST_USE || b->start_kind == START_FIRST_NETWORK ||
                (b->start_kind == START_FIRST_USE_ABROAD && t->place.is_abroad));
}

static uint64_t room(const LiveBucket *b) {
        return is_unlimited(b) || b->is_free ? UINT64_MAX : b->remaining;
}

/* What can be used of it: a byte counts against each bucket that it is within. */
uint64_t chain_room(const Tally *t, int i) {
        uint64_t least = UINT64_MAX;

        for (; i != NO_BUCKET; i = live(t, i)->within)
                least = MIN(least, room(live(t, i)));
        return least;
}

bool chain_is_unlimited(const Tally *t, int i) {
        return chain_room(t, i) == UINT64_MAX;
}

/* The bucket for want of which nothing can be used of it. */
int chain_empty(const Tally *t, int i) {
        for (; i != NO_BUCKET; i = live(t, i)->within)
                if (room(live(t, i)) == 0)
                        return i;

        return NO_BUCKET;
}

/* What is within another is used through it alone. */
static bool has_gate(const Tally *t, int i) {
        for (int k = 0; t->n_within > 0 && k < n_live(t); k++)
                if (live(t, k)->within == i && bucket_is_here(t, k))
                        return true;

        return false;
}

static bool goes_before(const Tally *t, int a, int b) {
        const LiveBucket *one = live(t, a), *other = live(t, b);
        bool is_first = chain_is_unlimited(t, a);
        int64_t ends, other_ends;

        if (is_first != chain_is_unlimited(t, b))
                return is_first;
        if (one->order != other->order)
                return one->order < other->order;

        ends = MIN(one->period.end, bucket_end(t, one));
        other_ends = MIN(other->period.end, bucket_end(t, other));
        return ends < other_ends; /* else as they are written */
}

void order_insert(const Tally *t, GArray *order, int i) {
        guint k = order->len;

        while (k > 0 && goes_before(t, i, g_array_index(order, int, k - 1)))
                k--;
        g_array_insert_val(order, k, i);
}

void order_refresh(Tally *t) {
        g_array_set_size(t->order, 0);

        for (int i = 0; i < n_live(t); i++)
                if (bucket_is_here(t, i) && !has_gate(t, i))
                        order_insert(t, t->order, i);

        t->is_order_known = true;
}

static bool says_stop(const LiveBucket *b) {
        return b->at_zero.kind == AT_ZERO_BLOCK || b->at_zero.kind == AT_ZERO_THROTTLE ||
               b->at_zero.kind == AT_ZERO_BILL;
}

/*
 * The bucket that pays for the next byte. A bucket that says what happens at zero closes the way to
 * those after it, but what was bought besides is always good. NO_BUCKET: *ret_stopper is the one
 * whose rule is in force, NO_BUCKET where no bucket is here at all.
 */
int order_find(const Tally *t, int *ret_stopper) {
        int last = NO_BUCKET, stopper = NO_BUCKET;

        for (guint k = 0; k < t->order->len; k++) {
                int i = g_array_index(t->order, int, k), empty;

                if (stopper != NO_BUCKET && !is_top_up(live(t, i)))
                        continue;
                empty = chain_empty(t, i);
                if (empty == NO_BUCKET) {
                        *ret_stopper = NO_BUCKET;
                        return i;
                }
                /* Within another that is empty, its own rule holds unless that has one. */
                if (!says_stop(live(t, empty)) && says_stop(live(t, i)))
                        empty = i;
                if (says_stop(live(t, empty)) && stopper == NO_BUCKET)
                        stopper = empty;
                if (last == NO_BUCKET || !is_top_up(live(t, empty)))
                        last = empty;
        }

        *ret_stopper = stopper != NO_BUCKET ? stopper : last;
        return NO_BUCKET;
}

/* What happens when this one is empty, and no other is left. */
AtZero order_at_zero(const Tally *t, int stopper) {
        AtZero at_zero = { .kind = AT_ZERO_UNSAID };

        if (stopper != NO_BUCKET && says_stop(live(t, stopper)))
                return live(t, stopper)->at_zero;

        if (t->plan)
                at_zero = t->plan->at_zero;
        if (at_zero.kind == AT_ZERO_UNSAID)
                at_zero.kind = AT_ZERO_BLOCK;
        return at_zero;
}

/* Whose rule is in force, before time goes on. */
void order_note_stop(Tally *t) {
        int stopper;

        if (!t->is_order_known)
                order_refresh(t);
        t->stopper = order_find(t, &stopper) == NO_BUCKET ? stopper : NO_BUCKET;
}

/* What comes after it begins, and needs not wait for its validity's end. */
void order_used_up(Tally *t, int i, int64_t at) {
        LiveBucket *b = live(t, i);

        if (b->used_up_at == 0)
                b->used_up_at = at;
        if (b->recurs || b->rolls_along)
                return;

        for (int k = 0; k < n_live(t); k++) {
                LiveBucket *next = live(t, k);

                if (next->after == i && next->phase == PHASE_WAITING && at < next->lapses_at) {
                        bucket_begin(t, k, at);
                        next->settled_at = INT64_MIN;
                        bucket_settle(t, k, at);
                        tally_find_boundary(t);
                }
        }
}

static void take(Tally *t, int i, int64_t at, int64_t session, uint64_t bytes) {
        for (; i != NO_BUCKET; i = live(t, i)->within) {
                LiveBucket *b = live(t, i);

                if (b->is_free)
                        continue;
                amount_take(b, at, bytes);
                if (b->shares)
                        session_note(b, session, bytes);
                if (b->rolls_along)
                        t->boundary = MIN(t->boundary, window_next(&b->rolling));
                if (b->remaining == 0 && !is_unlimited(b))
                        order_used_up(t, i, at);
        }
}

void order_spend(Tally *t, int64_t at, int64_t session, uint64_t bytes) {
        while (bytes > 0) {
                uint64_t n;
                int i, stopper;

                if (!t->is_order_known)
                        order_refresh(t);
                i = order_find(t, &stopper);
                if (i == NO_BUCKET) {
                        uint64_t *over =
                                stopper == NO_BUCKET ? &t->uncovered : &live(t, stopper)->over;

                        *over = traffic_saturated(*over, bytes);
                        if (state_has_expired(t))
                                t->after_expiry = traffic_saturated(t->after_expiry, bytes);
                        if (stopper != NO_BUCKET && live(t, stopper)->shares)
                                session_note(live(t, stopper), session, bytes);
                        return;
                }

                n = MIN(bytes, chain_room(t, i));
                take(t, i, at, session, n);
                bytes -= n;
        }
}
