/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bytes as carriers count sessions: rounded up, and whole in one of two months. */

#include "tally-internal.h"

static gint64 *key_of(int64_t session) {
        gint64 *key = g_new(gint64, 1);

        *key = session;
        return key;
}

static uint64_t rounded(uint64_t bytes, uint64_t step) {
        uint64_t rest = bytes % step;

        return rest == 0 ? bytes : traffic_saturated(bytes, step - rest);
}

/* What a session's next bytes add to its total, rounded up. */
uint64_t session_round_up(Tally *t, int64_t session, uint64_t bytes) {
        uint64_t step = t->plan ? t->plan->round_up_bytes : 0;
        uint64_t *total, before;

        if (step == 0 || bytes == 0)
                return bytes;

        total = g_hash_table_lookup(t->rounded, &session);
        if (!total) {
                total = g_new0(uint64_t, 1);
                g_hash_table_insert(t->rounded, key_of(session), total);
        }

        before = *total;
        *total = traffic_saturated(*total, bytes);
        return rounded(*total, step) - rounded(before, step);
}

/* What was left of the month's own bytes goes on to the next: less of it does now. */
static void add_to_past(LiveBucket *b, PastPeriod *past, uint64_t bytes) {
        TallyBucket *seen = &past->seen;
        uint64_t n = MIN(bytes, seen->remaining), own_left = seen->bytes - past->own_used;
        uint64_t own = n - MIN(n, seen->remaining - own_left);

        if (is_unlimited(b)) {
                seen->used = traffic_saturated(seen->used, bytes);
                return;
        }

        past->own_used += own;
        seen->used += n;
        seen->remaining -= n;
        seen->over = traffic_saturated(seen->over, bytes - n);
        amount_change_lot(b, past->number, seen->bytes - past->own_used);
}

static void take_from_past(LiveBucket *b, PastPeriod *past, uint64_t bytes) {
        TallyBucket *seen = &past->seen;
        uint64_t over = MIN(bytes, seen->over), n = MIN(bytes - over, seen->used);

        if (is_unlimited(b)) {
                seen->used -= MIN(bytes, seen->used);
                return;
        }

        past->own_used -= MIN(n, past->own_used);
        seen->over -= over;
        seen->used -= n;
        seen->remaining += n;
        amount_change_lot(b, past->number, seen->bytes - past->own_used);
}

void session_note(LiveBucket *b, int64_t session, uint64_t bytes) {
        SessionShare *share;

        if (session == 0)
                return;

        share = g_hash_table_lookup(b->shares, &session);
        if (!share) {
                share = g_new0(SessionShare, 1);
                g_hash_table_insert(b->shares, key_of(session), share);
        }
        if (share->number != b->number)
                *share = (SessionShare){ .number = b->number };
        share->bytes = traffic_saturated(share->bytes, bytes);
}

/* Session=end: what the session used in months that have ended becomes this month's. */
uint64_t session_move_on(Tally *t, int64_t session) {
        uint64_t moved = 0;

        for (int i = 0; session != 0 && i < n_live(t); i++) {
                LiveBucket *b = live(t, i);
                SessionShare *share;
                PastPeriod *past;

                if (!b->shares || b->phase != PHASE_RUNNING)
                        continue;
                share = g_hash_table_lookup(b->shares, &session);
                if (!share || share->number == b->number)
                        continue;
                past = bucket_past(t, b, share->number);
                if (past) {
                        take_from_past(b, past, share->bytes);
                        moved = traffic_saturated(moved, share->bytes);
                }
                g_hash_table_remove(b->shares, &session);
        }

        return moved;
}

/* Session=start: is this of a month that has ended? Then it is booked there, and true. */
bool session_book_late(Tally *t, int64_t at, int64_t session, uint64_t bytes) {
        gint64 *begun;

        if (session == 0 || bytes == 0)
                return false;

        begun = g_hash_table_lookup(t->sessions, &session);
        if (!begun) {
                g_hash_table_insert(t->sessions, key_of(session), key_of(at));
                return false;
        }

        if (!t->is_order_known)
                order_refresh(t);
        for (guint k = 0; k < t->order->len; k++) {
                LiveBucket *b = live(t, g_array_index(t->order, int, k));
                PastPeriod *past;

                if (!b->is_by_month || b->period.start <= *begun || *begun < b->start)
                        continue;
                past = bucket_past(t, b, recurrence_number(&b->recurrence, *begun));
                if (past) {
                        add_to_past(b, past, bytes);
                        return true;
                }
        }

        return false;
}
