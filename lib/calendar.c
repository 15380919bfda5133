/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "calendar.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define DAY         86400
#define JULIAN_1970 719163 /* GDate's number of 1970-01-01, a Thursday */

int calendar_unit_from_string(const char *text, CalendarUnit *ret) {
        static const char *const names[] = {
                [CALENDAR_15MIN] = "15min", [CALENDAR_HOUR] = "hour",   [CALENDAR_DAY] = "day",
                [CALENDAR_WEEK] = "week",   [CALENDAR_MONTH] = "month", [CALENDAR_YEAR] = "year",
        };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (strcmp(text, names[i]) == 0) {
                        *ret = (CalendarUnit) i;
                        return 0;
                }

        return -EINVAL;
}

static bool is_offset(const char *id) {
        return (id[0] == '+' || id[0] == '-') && strlen(id) == 6 && g_ascii_isdigit(id[1]) &&
               g_ascii_isdigit(id[2]) && id[3] == ':' && id[4] >= '0' && id[4] <= '5' &&
               g_ascii_isdigit(id[5]) && (id[1] == '0' || (id[1] == '1' && id[2] <= '4'));
}

/*
 * A name of tzdata. GLib also reads POSIX rules, which always have a digit, "Z", paths, and what
 * else lies in tzdata's folder: tables, copies with leap seconds (right/), links to this system's
 * zone. All of that begins with a small letter.
 */
static bool is_name(const char *id) {
        static const char *const with_digits[] = { "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT",
                                                   "GMT0",    "GMT+0",   "GMT-0" };

        if (!g_ascii_isupper(id[0]) || strlen(id) < 2 || strlen(id) > 64 || strstr(id, "//"))
                return false;
        if (strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_/-") == strlen(id))
                return true;
        if (strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/+-") !=
            strlen(id))
                return false;
        if (g_str_has_prefix(id, "Etc/GMT"))
                return true;

        for (size_t i = 0; i < G_N_ELEMENTS(with_digits); i++)
                if (strcmp(id, with_digits[i]) == 0)
                        return true;
        return false;
}

int calendar_zone(const char *id, GTimeZone **ret) {
        GTimeZone *zone;

        if (!is_offset(id) && !is_name(id))
                return -EINVAL;

        zone = g_time_zone_new_identifier(id);
        if (!zone)
                return -EINVAL;

        *ret = zone;
        return 0;
}

static int64_t offset_at(GTimeZone *zone, int64_t instant) {
        return g_time_zone_get_offset(
                zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, instant));
}

/* The first instant after `before`, at most `after`, from which the offset is that at `after`. */
static int64_t transition(GTimeZone *zone, int64_t before, int64_t after) {
        int64_t offset = offset_at(zone, after);

        while (after - before > 1) {
                int64_t middle = before + (after - before) / 2;

                if (offset_at(zone, middle) == offset)
                        after = middle;
                else
                        before = middle;
        }

        return after;
}

static int64_t floor_to(int64_t value, int64_t step) {
        int64_t rest = value % step;

        return value - (rest < 0 ? rest + step : rest);
}

int64_t calendar_local(GTimeZone *zone, int64_t instant) {
        return instant + offset_at(zone, instant);
}

int64_t calendar_instant(GTimeZone *zone, int64_t local) {
        int64_t earlier = offset_at(zone, local - DAY), later = offset_at(zone, local + DAY);
        bool is_earlier = offset_at(zone, local - earlier) == earlier;
        bool is_later = offset_at(zone, local - later) == later;

        if (is_earlier && is_later)
                return local - MAX(earlier, later);
        if (is_earlier)
                return local - earlier;
        if (is_later)
                return local - later;

        /* The clock jumps over it. */
        return transition(zone, local - later, local - earlier);
}

/* The first instant of a local day. */
static int64_t day_start(GTimeZone *zone, int64_t day) {
        return calendar_instant(zone, day * DAY);
}

int64_t calendar_day(GTimeZone *zone, int64_t instant) {
        int64_t day = floor_to(calendar_local(zone, instant), DAY) / DAY;

        /* Set back over midnight, the clock shows the old day again, but the new one has begun. */
        return day_start(zone, day + 1) <= instant ? day + 1 : day;
}

/* The first day of the week, month or year; and of the next one, if steps is 1. */
static int64_t step_days(CalendarUnit unit, int64_t day, unsigned steps) {
        GDate date;

        if (unit == CALENDAR_DAY)
                return day + steps;
        if (unit == CALENDAR_WEEK) /* 1970-01-01 was a Thursday */
                return floor_to(day + 3, 7) - 3 + 7 * (int64_t) steps;

        g_date_clear(&date, 1);
        g_date_set_julian(&date, (guint32) (day + JULIAN_1970));
        g_date_set_day(&date, 1);
        if (unit == CALENDAR_YEAR)
                g_date_set_month(&date, G_DATE_JANUARY);
        if (steps > 0)
                g_date_add_months(&date, unit == CALENDAR_YEAR ? 12 : 1);

        return (int64_t) g_date_get_julian(&date) - JULIAN_1970;
}

static int64_t clock_step(CalendarUnit unit) {
        return unit == CALENDAR_15MIN ? 900 : 3600;
}

/* A quarter or an hour of the local clock ends early where the clock is set in its midst. */
static int64_t clock_floor(CalendarUnit unit, GTimeZone *zone, int64_t instant) {
        int64_t offset = offset_at(zone, instant);
        int64_t start = floor_to(instant + offset, clock_step(unit)) - offset;

        return offset_at(zone, start) == offset ? start : transition(zone, start, instant);
}

static int64_t clock_next(CalendarUnit unit, GTimeZone *zone, int64_t instant) {
        int64_t offset = offset_at(zone, instant);
        int64_t end = floor_to(instant + offset, clock_step(unit)) - offset + clock_step(unit);

        return offset_at(zone, end) == offset ? end : transition(zone, instant, end);
}

int calendar_floor(CalendarUnit unit, GTimeZone *zone, int64_t instant, int64_t *ret) {
        if (instant < 0 || instant > CALENDAR_LAST)
                return -ERANGE;

        *ret = unit < CALENDAR_DAY
                       ? clock_floor(unit, zone, instant)
                       : day_start(zone, step_days(unit, calendar_day(zone, instant), 0));
        return 0;
}

int calendar_next(CalendarUnit unit, GTimeZone *zone, int64_t instant, int64_t *ret) {
        /* The slice that holds the first instant begins up to a year before it. */
        if (instant < -(int64_t) 366 * DAY || instant > CALENDAR_LAST)
                return -ERANGE;

        *ret = unit < CALENDAR_DAY
                       ? clock_next(unit, zone, instant)
                       : day_start(zone, step_days(unit, calendar_day(zone, instant), 1));
        return 0;
}
