/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "hours.h"

#include "calendar.h"
#include "period.h"

#define DAY 86400

/* 1970-01-01 was a Thursday. */
static unsigned weekday(int64_t day) {
        return (unsigned) ((day % 7 + 7 + 3) % 7);
}

static Period window_on(const WeekWindow *w, GTimeZone *zone, int64_t day) {
        int64_t last = w->until <= w->from ? day + 1 : day;

        return (Period){ calendar_instant(zone, day * DAY + w->from * 60),
                         calendar_instant(zone, last * DAY + w->until * 60) };
}

bool hours_contain(const GArray *windows, GTimeZone *zone, int64_t instant, int64_t *ret_until) {
        int64_t today = calendar_day(zone, instant), until = PERIOD_NEVER;
        bool is_in = false;

        for (guint i = 0; i < windows->len; i++) {
                const WeekWindow *w = &g_array_index(windows, WeekWindow, i);

                /* The one that began yesterday may still be open; the next is within a week. */
                for (int64_t day = today - 1; day <= today + 7; day++) {
                        Period p;

                        if (!(w->days & (1u << weekday(day))))
                                continue;
                        p = window_on(w, zone, day);
                        is_in = is_in || period_contains(p, instant);
                        if (p.start > instant)
                                until = MIN(until, p.start);
                        if (p.end > instant)
                                until = MIN(until, p.end);
                        if (p.start > instant)
                                break;
                }
        }

        *ret_until = until;
        return is_in;
}
