/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "forecast.h"

#include "calendar.h"

#define DAY 86400

static bool is_running(const TallyAnswer *a) {
        return a->state >= TALLY_OK && a->state <= TALLY_EXHAUSTED && !a->is_unlimited &&
               a->limit > 0;
}

static int64_t end_of(const TallyAnswer *a) {
        if (a->period_end == 0 || a->expires_at == 0)
                return MAX(a->period_end, a->expires_at);
        return MIN(a->period_end, a->expires_at);
}

static void set_safe(const TallyAnswer *a, int64_t now, GTimeZone *zone, uint64_t used_today,
                     Forecast *f) {
        int64_t days = calendar_day(zone, f->end - 1) - calendar_day(zone, now) + 1;
        uint64_t part;

        if (days < 1)
                return;

        f->has_safe = true;
        part = traffic_saturated(a->remaining, used_today) / (uint64_t) days;
        f->safe_today = part - MIN(used_today, part);
        f->safe_daily = days > 1 ? a->remaining / (uint64_t) (days - 1) : 0;
}

static uint64_t whole_bytes(double bytes) {
        return bytes >= 1e19 ? UINT64_MAX : (uint64_t) bytes;
}

static void set_pace(const TallyAnswer *a, int64_t now, Forecast *f) {
        int64_t elapsed = now - a->period_start, ahead = f->end - now;
        double used = (double) a->used + (double) a->over, pace, needed;

        if (elapsed < DAY || (f->end != 0 && elapsed * 10 < f->end - a->period_start) ||
            a->remaining == 0)
                return;

        f->speaks = true;
        pace = used / (double) elapsed;
        f->per_day = whole_bytes(pace * DAY);
        if (f->end == 0) {
                if (pace > 0 && (double) a->remaining / pace < (double) (CALENDAR_LAST - now))
                        f->runs_out_at = now + (int64_t) ((double) a->remaining / pace);
                return;
        }

        needed = pace * (double) ahead;
        if (needed > (double) a->remaining) {
                f->runs_out_at = now + (int64_t) ((double) a->remaining / pace);
                f->missing = whole_bytes(needed - (double) a->remaining);
        } else {
                f->spare = whole_bytes((double) a->remaining - needed);
        }
}

Forecast forecast_at(const TallyAnswer *a, int64_t now, GTimeZone *zone, uint64_t used_today) {
        Forecast f = { .end = end_of(a) };

        if (f.end > 0 && f.end <= now)
                f.end = 0;
        if (f.end > a->period_start && now >= a->period_start)
                f.elapsed = (double) (now - a->period_start) / (double) (f.end - a->period_start);
        if (!is_running(a) || a->period_start == 0)
                return f;

        if (f.end > 0)
                set_safe(a, now, zone, used_today, &f);
        set_pace(a, now, &f);
        return f;
}
