/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The calendar's slices of time in a zone. Instants are UTC seconds, 0 to CALENDAR_LAST. */

#include <glib.h>
#include <stdint.h>

#define CALENDAR_LAST INT64_C(253402300799) /* 9999-12-31 23:59:59 */

typedef enum CalendarUnit {
        CALENDAR_15MIN,
        CALENDAR_HOUR,
        CALENDAR_DAY,
        CALENDAR_WEEK, /* from Monday on (ISO 8601) */
        CALENDAR_MONTH,
        CALENDAR_YEAR,
} CalendarUnit;

/* Reads 15min, hour, day, week, month or year. -EINVAL for anything else. */
int calendar_unit_from_string(const char *text, CalendarUnit *ret);

/*
 * A zone by a name that tzdata lists ("Asia/Tokyo", "UTC"), or by ±HH:MM, up to 14 hours and 59
 * minutes. -EINVAL for anything else, POSIX's reversed "UTC+8" and paths included.
 */
int calendar_zone(const char *id, GTimeZone **ret);

/*
 * The start of the slice that holds an instant, and of the slice after it. A day begins with its
 * first instant: where midnight does not exist, when the clock jumps over it; where it comes twice,
 * the first time; a day that a zone left out has no slice. Hours and quarters are those of the
 * local clock, and end early where it is set in their midst. Slices follow each other without gap
 * or overlap, so that rows are walked with calendar_next() alone, from one start to the next.
 * -ERANGE: out of bounds, which a start or a next start itself may be: calendar_next() takes it
 * too, if it lies before 0.
 */
int calendar_floor(CalendarUnit unit, GTimeZone *zone, int64_t instant, int64_t *ret);
int calendar_next(CalendarUnit unit, GTimeZone *zone, int64_t instant, int64_t *ret);

/*
 * What the local clock shows at an instant, as seconds since 1970-01-01 00:00 on that clock; and
 * the instant at which it shows that: the first one where it does so twice, and where the clock
 * jumps over it, the instant of the jump.
 */
int64_t calendar_local(GTimeZone *zone, int64_t instant);
int64_t calendar_instant(GTimeZone *zone, int64_t local);

/* The local day that holds an instant, counted from 1970-01-01; it begins as calendar_floor() says.
 */
int64_t calendar_day(GTimeZone *zone, int64_t instant);
