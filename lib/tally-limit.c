/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rules of speed and fairness: how much of late, or how long since, and what then. */

#include "calendar.h"
#include "tally-internal.h"

#define DAY 86400

void limit_clear(LiveLimit *l) {
        window_clear(&l->window);
}

LiveLimit limit_copy(const LiveLimit *l) {
        LiveLimit copy = *l;

        copy.window = window_copy(&l->window);
        return copy;
}

/* The period that Until=next-period means: that of the first bucket which has some. */
static int64_t next_period(const Tally *t) {
        for (int i = 0; i < n_live(t); i++) {
                const LiveBucket *b = live(t, i);

                if (b->recurs && b->phase == PHASE_RUNNING && !is_top_up(b))
                        return b->period.end;
        }

        return PERIOD_NEVER;
}

/* The first time of day, in minutes, at an instant or after it. */
static int64_t time_of_day_from(GTimeZone *zone, int64_t instant, int minutes) {
        int64_t day = calendar_day(zone, instant) - 1, at;

        do
                at = calendar_instant(zone, day++ * DAY + minutes * 60);
        while (at < instant);
        return at;
}

/* From when on it holds, the hours aside; PERIOD_NEVER: nothing has set it off. */
static int64_t holds_from(const LiveLimit *l) {
        int64_t from = PERIOD_NEVER;

        if (l->limit->kind == LIMIT_OVER && l->triggered_at != 0)
                from = l->triggered_at;
        if (l->limit->kind == LIMIT_AFTER && l->first_at != 0)
                from = period_validity_end(l->zone, l->first_at, l->limit->window);
        if (from != PERIOD_NEVER && l->limit->then_at != TIME_NONE)
                from = time_of_day_from(l->zone, from, l->limit->then_at);

        return from;
}

static void begin_anew(LiveLimit *l, int64_t at) {
        if (holds_from(l) <= at)
                l->lifted_at = at;
        window_clear(&l->window);
        l->first_at = 0;
        l->triggered_at = 0;
        l->resets_at = PERIOD_NEVER;
}

/* Use at home lifts such a limit, and so it neither sets it off nor counts for it. */
static bool is_lifted_here(const Tally *t, const LiveLimit *l) {
        return l->limit->until == LIMIT_UNTIL_HOME_USE && !t->place.is_abroad;
}

static bool is_set_off(const LiveLimit *l) {
        return l->first_at != 0 || l->triggered_at != 0 || l->window.sum > 0;
}

static void set_off(Tally *t, LiveLimit *l, int64_t at) {
        if (l->limit->kind == LIMIT_AFTER)
                l->first_at = at;
        else
                l->triggered_at = at;
        if (l->limit->until == LIMIT_UNTIL_NEXT_PERIOD)
                l->resets_at = next_period(t);
        tally_find_boundary(t);
}

/* Bytes came, whatever they count for. */
void limits_note_use(Tally *t, int64_t at) {
        for (guint i = 0; i < t->limits->len; i++) {
                LiveLimit *l = live_limit(t, i);

                if (is_lifted_here(t, l)) {
                        if (is_set_off(l)) {
                                begin_anew(l, at);
                                tally_find_boundary(t);
                        }
                        continue;
                }
                if (l->limit->kind != LIMIT_AFTER || l->first_at != 0 ||
                    !where_covers(t, &l->limit->where) ||
                    (l->limit->after_what == START_FIRST_USE_ABROAD && !t->place.is_abroad))
                        continue;

                set_off(t, l, at);
        }
}

void limits_note_network(Tally *t, int64_t at) {
        for (guint i = 0; i < t->limits->len; i++) {
                LiveLimit *l = live_limit(t, i);

                if (l->limit->kind == LIMIT_AFTER && l->first_at == 0 &&
                    l->limit->after_what == START_FIRST_NETWORK &&
                    where_covers(t, &l->limit->where))
                        set_off(t, l, at);
        }
}

/* Bytes that count. */
void limits_add(Tally *t, int64_t at, uint64_t bytes) {
        for (guint i = 0; i < t->limits->len; i++) {
                LiveLimit *l = live_limit(t, i);
                const Limit *limit = l->limit;

                if (limit->kind != LIMIT_OVER || bytes == 0 || is_lifted_here(t, l) ||
                    !where_covers(t, &limit->where))
                        continue;

                window_add(&l->window, at, period_validity_end(l->zone, at, limit->window), bytes);
                if (l->triggered_at == 0 && l->window.sum > limit->over_bytes)
                        set_off(t, l, at);
                if (!limit->during_next_day)
                        t->boundary = MIN(t->boundary, window_next(&l->window));
        }
}

/* What left the window may have let it fall below its mark, at that very instant. */
static void settle_over(LiveLimit *l, int64_t now) {
        /* With next-day, an eve's sum is asked for until the hours that it rules are over. */
        if (l->limit->during_next_day) {
                (void) window_advance(&l->window, now - 3 * DAY);
                if (l->window.sum <= l->limit->over_bytes)
                        l->triggered_at = 0;
                return;
        }

        if (l->triggered_at != 0 && l->limit->until == LIMIT_UNTIL_UNSAID) {
                int64_t lifts_at = window_at_most(&l->window, l->limit->over_bytes);

                if (lifts_at <= now) {
                        l->lifted_at = lifts_at;
                        l->triggered_at = 0;
                }
        }
        (void) window_advance(&l->window, now);
}

void limits_settle(Tally *t, int64_t now) {
        for (guint i = 0; i < t->limits->len; i++) {
                LiveLimit *l = live_limit(t, i);

                if (l->resets_at <= now)
                        begin_anew(l, l->resets_at);
                if (l->limit->kind == LIMIT_OVER)
                        settle_over(l, now);
        }
}

static Period hours_of(const LiveLimit *l, int64_t day) {
        const Limit *limit = l->limit;
        int64_t last = limit->during_until <= limit->during_from ? day + 1 : day;

        return (Period){ calendar_instant(l->zone, day * DAY + limit->during_from * 60),
                         calendar_instant(l->zone, last * DAY + limit->during_until * 60) };
}

/* Do the hours that begin on this day hold, as far as is known at `now`? */
static bool rules_day(const LiveLimit *l, int64_t day, int64_t now) {
        Period hours = hours_of(l, day);

        if (l->limit->during_next_day) {
                int64_t eve = calendar_instant(l->zone, day * DAY) - 1;

                return window_sum_at(&l->window, MIN(eve, now)) > l->limit->over_bytes;
        }

        return holds_from(l) < hours.end && holds_from(l) <= now;
}

static void seen_by_hours(const LiveLimit *l, int64_t now, TallyLimit *seen) {
        int64_t today = calendar_day(l->zone, now);

        for (int64_t day = today - 1; day <= today; day++) {
                Period hours = hours_of(l, day);

                if (!rules_day(l, day, now))
                        continue;
                if (hours.start <= now) {
                        seen->since = hours.start;
                        if (!l->limit->during_next_day)
                                seen->since = MAX(hours.start, holds_from(l));
                        seen->is_active = period_contains(hours, now);
                        seen->lifts_at = seen->is_active ? hours.end : 0;
                        seen->lifted_at = seen->is_active ? 0 : hours.end;
                }
        }
}

static void seen_always(const LiveLimit *l, int64_t now, TallyLimit *seen) {
        int64_t from = holds_from(l);

        seen->lifted_at = l->lifted_at;
        if (from > now)
                return;

        seen->is_active = true;
        seen->since = from;
        seen->lifted_at = 0;
        if (l->resets_at != PERIOD_NEVER)
                seen->lifts_at = l->resets_at;
        else if (l->limit->kind == LIMIT_OVER && l->limit->until == LIMIT_UNTIL_UNSAID)
                seen->lifts_at = window_at_most(&l->window, l->limit->over_bytes);
}

TallyLimit limit_seen(const Tally *t, const LiveLimit *l, int64_t now) {
        TallyLimit seen = { .name = l->limit->name,
                            .blocks = l->limit->blocks,
                            .rate_bps = l->limit->blocks ? 0 : l->limit->rate_bps };

        if (l->limit->during_from != TIME_NONE)
                seen_by_hours(l, now, &seen);
        else
                seen_always(l, now, &seen);

        if (!where_covers(t, &l->limit->where) && seen.is_active) {
                seen.is_active = false;
                seen.lifts_at = 0;
        }
        return seen;
}

/* When something happens to it by itself. */
int64_t limit_next(const LiveLimit *l, int64_t now) {
        int64_t next = l->resets_at, from = holds_from(l), today;

        if (!l->limit->during_next_day)
                next = MIN(next, window_next(&l->window));
        if (from > now)
                next = MIN(next, from);
        if (l->limit->during_from == TIME_NONE || from == PERIOD_NEVER)
                return next;

        today = calendar_day(l->zone, now);
        for (int64_t day = today - 1; day <= today + 1; day++) {
                Period hours = hours_of(l, day);

                if (hours.start > now)
                        next = MIN(next, hours.start);
                if (hours.end > now)
                        next = MIN(next, hours.end);
        }
        return MIN(next, calendar_instant(l->zone, (today + 1) * DAY));
}

/* Bytes until one of them is set off, or lifted. */
uint64_t limits_ahead(const Tally *t) {
        uint64_t least = UINT64_MAX;

        for (guint i = 0; i < t->limits->len; i++) {
                const LiveLimit *l = live_limit(t, i);

                if (is_lifted_here(t, l)) {
                        if (is_set_off(l))
                                return 1;
                        continue;
                }
                if (l->limit->kind == LIMIT_OVER && l->triggered_at == 0 &&
                    where_covers(t, &l->limit->where))
                        least = MIN(least, l->limit->over_bytes - l->window.sum + 1);
        }

        return least;
}
