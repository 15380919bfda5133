/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The life of a bucket: it waits, begins, goes from period to period, and ends. */

#include "hours.h"
#include "tally-internal.h"

void bucket_clear(LiveBucket *b) {
        if (b->lots)
                g_array_unref(b->lots);
        if (b->shares)
                g_hash_table_unref(b->shares);
        window_clear(&b->rolling);
        window_clear(&b->recent);
}

/* Without what sessions used, which only the past needs. */
LiveBucket bucket_copy(const LiveBucket *b) {
        LiveBucket copy = *b;

        copy.lots = b->lots ? g_array_copy(b->lots) : NULL;
        copy.rolling = window_copy(&b->rolling);
        copy.recent = window_copy(&b->recent);
        copy.shares = NULL;
        return copy;
}

int64_t bucket_end(const Tally *t, const LiveBucket *b) {
        const LiveBucket *other = b->follows == NO_BUCKET ? NULL : live(t, b->follows);

        if (!other || other->phase == PHASE_WAITING || other->phase == PHASE_LAPSED)
                return b->end;
        return MIN(b->end, bucket_end(t, other));
}

void bucket_lengthen(LiveBucket *b, Length length) {
        if (b->phase != PHASE_WAITING)
                b->end = period_later(b->zone, b->end, length);
        else if (b->lengthened.unit == length.unit)
                b->lengthened.n += length.n;
        else
                b->lengthened = length;
}

/* Where the bytes and the period that run are laid down. */
static void open_period(LiveBucket *b, int64_t number) {
        b->number = number;
        b->period = (Period){ b->start, PERIOD_NEVER };
        if (b->recurs)
                b->period = (Period){ recurrence_start(&b->recurrence, number),
                                      recurrence_start(&b->recurrence, number + 1) };

        b->period.start = MAX(b->period.start, MAX(b->start, b->counts_from));
        amount_begin(b);
}

void bucket_begin(Tally *t, int i, int64_t at) {
        LiveBucket *b = live(t, i);
        const Bucket *bucket = b->bucket;
        int64_t first = MAX(at, b->counts_from);

        t->after_expiry = 0;
        b->phase = PHASE_RUNNING;
        b->start = at;
        if (bucket) {
                b->end = bucket->until.year != 0 ? period_instant(b->zone, bucket->until)
                                                 : period_validity_end(b->zone, at, bucket->lasts);
                if (bucket->round_to_day_end && bucket->lasts.unit != LENGTH_DAYS &&
                    bucket->lasts.unit != LENGTH_CALENDAR_MONTHS)
                        b->end = period_day_end(b->zone, b->end);
                if (b->recurs)
                        b->recurrence = recurrence_new(b->zone, bucket->every, at, bucket->from,
                                                       bucket->day, bucket->at);
        }
        if (b->lengthened.unit != LENGTH_NONE)
                b->end = period_later(b->zone, b->end, b->lengthened);

        open_period(b, b->recurs ? recurrence_number(&b->recurrence, first) : 0);
        t->is_order_known = false;
}

static void keep_past(Tally *t, int i) {
        LiveBucket *b = live(t, i);
        PastPeriod past = { .seen = bucket_seen(t, i),
                            .key = b->key,
                            .number = b->number,
                            .own_used = b->own - b->own_left };

        if (past.seen.period_end == 0 || past.seen.period_start < past.seen.period_end)
                g_array_append_val(t->past, past);
}

PastPeriod *bucket_past(const Tally *t, const LiveBucket *b, int64_t number) {
        for (guint i = t->past->len; i > 0; i--) {
                PastPeriod *past = &g_array_index(t->past, PastPeriod, i - 1);

                if (past->key == b->key && past->number == number)
                        return past;
        }

        return NULL;
}

/* Did the line stand still, or go slowly, for want of these bytes too? */
static bool is_stopping(const Tally *t, int i, uint64_t *ret_bps) {
        AtZero at_zero;

        if (t->stopper == NO_BUCKET || live(t, i)->remaining > 0 || is_unlimited(live(t, i)))
                return false;

        at_zero = order_at_zero(t, t->stopper);
        *ret_bps = at_zero.kind == AT_ZERO_THROTTLE ? at_zero.rate_bps : 0;
        return at_zero.kind != AT_ZERO_BILL;
}

static void next_period(Tally *t, int i, int64_t target) {
        LiveBucket *b = live(t, i);
        int64_t boundary = b->period.end;
        int64_t leap = MAX(0, target - b->number - 1 - MAX_IDLE_PERIODS);
        uint64_t bps = 0;
        bool was_stopping = is_stopping(t, i, &bps);

        keep_past(t, i);
        if (b->period.start < boundary) /* not a day that the zone left out */
                amount_roll_over(b, boundary, leap);
        open_period(b, b->number + 1 + leap);

        b->lifted_at = was_stopping && leap == 0 ? b->period.start : 0;
        b->lifted_bps = bps;
        if (was_stopping)
                t->stopper = NO_BUCKET;
}

void bucket_close(Tally *t, int i, int64_t at, Phase phase) {
        LiveBucket *b = live(t, i);

        b->end = MIN(at, bucket_end(t, b));
        if (b->phase == PHASE_RUNNING)
                keep_past(t, i);
        b->phase = phase;
        t->is_order_known = false;
}

static int64_t waits_until(const Tally *t, const LiveBucket *b) {
        if (b->start_kind == START_AT)
                return b->start_at;
        if (b->start_kind == START_AFTER && b->after != NO_BUCKET &&
            live(t, b->after)->phase == PHASE_ENDED)
                return MAX(live(t, b->after)->end, b->purchase);

        return PERIOD_NEVER;
}

static void settle_hours(LiveBucket *b, int64_t now) {
        int64_t until;

        b->is_open = true;
        b->is_free = false;
        b->hours_until = PERIOD_NEVER;
        if (!b->bucket)
                return;

        if (b->bucket->hours) {
                b->is_open = hours_contain(b->bucket->hours, b->zone, now, &until);
                b->hours_until = until;
        }
        if (b->bucket->free_hours) {
                b->is_free = hours_contain(b->bucket->free_hours, b->zone, now, &until);
                b->hours_until = MIN(b->hours_until, until);
        }
}

static void settle_running(Tally *t, int i, int64_t now) {
        LiveBucket *b = live(t, i);
        int64_t end = bucket_end(t, b), last = MIN(now, end - 1);

        if (b->recurs && b->period.end <= last) {
                int64_t target = recurrence_number(&b->recurrence, last);

                while (b->number < target)
                        next_period(t, i, target);
        }

        amount_settle(b, last);
        settle_hours(b, now);
        if (end <= now)
                bucket_close(t, i, end, PHASE_ENDED);
}

/* Others, on which this one depends, go first. */
void bucket_settle(Tally *t, int i, int64_t now) {
        LiveBucket *b = live(t, i);

        if (b->settled_at == now)
                return;
        b->settled_at = now;
        if (b->after != NO_BUCKET)
                bucket_settle(t, b->after, now);
        if (b->follows != NO_BUCKET)
                bucket_settle(t, b->follows, now);

        if (b->phase == PHASE_WAITING) {
                int64_t start = waits_until(t, b);

                if (start <= now && start < b->lapses_at)
                        bucket_begin(t, i, start);
                else if (b->lapses_at <= now)
                        bucket_close(t, i, b->lapses_at, PHASE_LAPSED);
        }
        if (b->phase == PHASE_RUNNING)
                settle_running(t, i, now);
}

/* When something happens to it by itself. */
int64_t bucket_next(const Tally *t, int i) {
        const LiveBucket *b = live(t, i);
        int64_t next;

        if (b->phase == PHASE_WAITING)
                return MIN(b->lapses_at, waits_until(t, b));
        if (b->phase == PHASE_ENDED && is_top_up(b) && b->end + HIDE_AFTER > t->clock)
                return b->end + HIDE_AFTER;
        if (b->phase != PHASE_RUNNING)
                return PERIOD_NEVER;

        next = MIN(bucket_end(t, b), b->hours_until);
        if (b->recurs)
                next = MIN(next, b->period.end);
        if (b->rolls_along)
                next = MIN(next, window_next(&b->rolling));
        for (guint k = 0; b->lots && k < b->lots->len; k++) {
                const Lot *lot = &g_array_index(b->lots, Lot, k);

                if (lot->left > 0)
                        next = MIN(next, lot->ends);
        }

        return next;
}

/* As it stands; the name is not copied. */
TallyBucket bucket_seen(const Tally *t, int i) {
        const LiveBucket *b = live(t, i);
        int64_t end = bucket_end(t, b);
        TallyBucket seen = { .name = (char *) b->name,
                             .bucket = b->bucket,
                             .plan = b->plan,
                             .is_unlimited = is_unlimited(b),
                             .has_begun = b->phase == PHASE_RUNNING || b->phase == PHASE_ENDED,
                             .has_expired = b->phase == PHASE_ENDED || b->phase == PHASE_LAPSED,
                             .has_lapsed = b->phase == PHASE_LAPSED,
                             .is_daily = b->is_daily,
                             .rolls_over = b->bucket && b->bucket->roll_over != 0,
                             .at_zero = order_at_zero(t, i),
                             .where = b->where };

        if (!is_unlimited(b))
                seen.bytes =
                        b->phase == PHASE_WAITING || b->phase == PHASE_LAPSED ? b->bytes : b->own;
        if (b->phase == PHASE_WAITING)
                seen.remaining = seen.bytes;
        if ((b->phase == PHASE_WAITING || b->phase == PHASE_LAPSED) && b->lapses_at != PERIOD_NEVER)
                seen.start_by = b->lapses_at;
        if (!seen.has_begun)
                return seen;

        seen.used = live_used(b);
        seen.over = b->over;
        seen.used_up_at = b->used_up_at;
        seen.lifted_at = b->lifted_at;
        seen.lifted_bps = b->lifted_bps;
        seen.begun_at = b->start;
        seen.period_start = b->period.start;
        seen.period_end = MIN(b->period.end, end);
        seen.expires_at = end;
        seen.is_next_begun = b->recurs && b->period.end < end;
        if (!is_unlimited(b))
                seen.rolled_over = b->limit - b->own;
        if (!is_unlimited(b) && b->phase == PHASE_RUNNING)
                seen.remaining = b->remaining;
        if (seen.period_end == PERIOD_NEVER)
                seen.period_end = 0;
        if (seen.expires_at == PERIOD_NEVER)
                seen.expires_at = 0;
        return seen;
}
