/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "period.h"

#include "calendar.h"

#define DAY         86400
#define JULIAN_1970 719163 /* GDate's number of 1970-01-01 */
#define FIRST_MONTH 12     /* January of year 1, in months since year 0 */
#define LAST_MONTH  (9999 * 12 + 11)
#define FIRST_DAY   (1 - JULIAN_1970)
#define LAST_DAY    (CALENDAR_LAST / DAY)

static int64_t floor_divide(int64_t value, int64_t divisor) {
        int64_t quotient = value / divisor;

        return value % divisor < 0 ? quotient - 1 : quotient;
}

/* a × b + c, as far as it can matter. */
static int64_t step_from(int64_t c, int64_t a, int64_t b) {
        int64_t product, sum;

        if (__builtin_mul_overflow(a, b, &product))
                return (a < 0) == (b < 0) ? PERIOD_NEVER : INT64_MIN;
        if (__builtin_add_overflow(product, c, &sum))
                return product > 0 ? PERIOD_NEVER : INT64_MIN;
        return sum;
}

/* The day of a month, clamped to the month's last. */
static int64_t day_of_month(int64_t month, int day) {
        GDate date;
        int year = (int) (month / 12);
        GDateMonth m = (GDateMonth) (month % 12 + 1);

        g_date_clear(&date, 1);
        g_date_set_dmy(&date, (GDateDay) MIN(day, g_date_get_days_in_month(m, (GDateYear) year)), m,
                       (GDateYear) year);

        return (int64_t) g_date_get_julian(&date) - JULIAN_1970;
}

static void split_day(int64_t day, int64_t *ret_month, int *ret_month_day) {
        GDate date;

        g_date_clear(&date, 1);
        g_date_set_julian(&date, (guint32) (CLAMP(day, FIRST_DAY, LAST_DAY) + JULIAN_1970));

        *ret_month = g_date_get_year(&date) * (int64_t) 12 + g_date_get_month(&date) - 1;
        *ret_month_day = g_date_get_day(&date);
}

static int64_t bounded(int64_t instant) {
        return instant > CALENDAR_LAST ? PERIOD_NEVER : instant;
}

static int64_t instant_of(GTimeZone *zone, int64_t day, int64_t seconds) {
        if (day > LAST_DAY)
                return PERIOD_NEVER;

        return bounded(calendar_instant(zone, MAX(day, FIRST_DAY) * DAY + seconds));
}

static int64_t instant_of_month(GTimeZone *zone, int64_t month, int day, int64_t seconds) {
        if (month > LAST_MONTH)
                return PERIOD_NEVER;

        return instant_of(zone, day_of_month(MAX(month, FIRST_MONTH), day), seconds);
}

static int64_t day_of_local_time(LocalTime local) {
        return day_of_month(local.year * (int64_t) 12 + local.month - 1, local.day);
}

int64_t period_instant(GTimeZone *zone, LocalTime local) {
        if (local.year == 0)
                return PERIOD_NEVER;

        return instant_of(zone, day_of_local_time(local), (local.hour * 60 + local.minute) * 60);
}

int64_t period_day_end(GTimeZone *zone, int64_t instant) {
        if (instant > CALENDAR_LAST)
                return PERIOD_NEVER;

        return instant_of(zone, calendar_day(zone, instant) + 1, 0);
}

/* Steps on the clock: the time of day stays. */
static int64_t step_clock(GTimeZone *zone, int64_t instant, int64_t days, int64_t months) {
        int64_t local = calendar_local(zone, instant);
        int64_t day = floor_divide(local, DAY), seconds = local - day * DAY, month;
        int month_day;

        if (months == 0)
                return instant_of(zone, step_from(day, 1, days), seconds);

        split_day(day, &month, &month_day);
        return instant_of_month(zone, step_from(month, 1, months), month_day, seconds);
}

int64_t period_validity_end(GTimeZone *zone, int64_t start, Length length) {
        int64_t month;
        int month_day;

        if (start > CALENDAR_LAST)
                return PERIOD_NEVER;

        switch (length.unit) {
        case LENGTH_DAYS:
                return instant_of(zone, step_from(calendar_day(zone, start), 1, length.n), 0);
        case LENGTH_CALENDAR_MONTHS:
                split_day(calendar_day(zone, start), &month, &month_day);
                return instant_of_month(zone, step_from(month, 1, length.n), 1, 0);
        default:
                return period_later(zone, start, length);
        }
}

int64_t length_seconds(Length length) {
        switch (length.unit) {
        case LENGTH_NONE:
                return 0;
        case LENGTH_SECONDS:
                return length.n;
        case LENGTH_DAYS:
                return length.n * DAY;
        case LENGTH_WEEKS:
                return length.n * 7 * DAY;
        case LENGTH_MONTHS:
        case LENGTH_CALENDAR_MONTHS:
        default:
                return length.n * 30 * DAY;
        }
}

int64_t period_later(GTimeZone *zone, int64_t instant, Length length) {
        if (instant > CALENDAR_LAST)
                return PERIOD_NEVER;

        switch (length.unit) {
        case LENGTH_SECONDS:
                return bounded(step_from(instant, 1, length.n));
        case LENGTH_DAYS:
                return step_clock(zone, instant, length.n, 0);
        case LENGTH_WEEKS:
                return step_clock(zone, instant, step_from(0, length.n, 7), 0);
        case LENGTH_MONTHS:
                return step_clock(zone, instant, 0, length.n);
        case LENGTH_CALENDAR_MONTHS:
                return period_validity_end(zone, instant, length);
        case LENGTH_NONE:
        default:
                return PERIOD_NEVER;
        }
}

bool recurrence_is_anchored(Length every, LocalTime from, int day, int at) {
        return from.year != 0 || day > 0 || at != TIME_NONE || every.unit == LENGTH_DAYS ||
               every.unit == LENGTH_CALENDAR_MONTHS;
}

Recurrence recurrence_new(GTimeZone *zone, Length every, int64_t start, LocalTime from, int day,
                          int at) {
        int64_t local = calendar_local(zone, MIN(start, CALENDAR_LAST));
        Recurrence r = { .zone = zone, .every = every };

        r.day = from.year != 0 ? day_of_local_time(from) : floor_divide(local, DAY);
        split_day(r.day, &r.month, &r.month_day);
        if (day > 0)
                r.month_day = day;
        if (every.unit == LENGTH_CALENDAR_MONTHS)
                r.month_day = 1;

        if (at != TIME_NONE)
                r.seconds = at * (int64_t) 60;
        else if (from.year != 0)
                r.seconds = (from.hour * 60 + from.minute) * 60;
        else if (!recurrence_is_anchored(every, from, day, at))
                r.seconds = local - r.day * DAY;

        r.instant = from.year == 0 && at == TIME_NONE ? start : instant_of(zone, r.day, r.seconds);
        return r;
}

int64_t recurrence_start(const Recurrence *r, int64_t number) {
        int64_t step = r->every.n;

        switch (r->every.unit) {
        case LENGTH_SECONDS:
                return bounded(step_from(r->instant, number, step));
        case LENGTH_WEEKS:
                return instant_of(r->zone, step_from(r->day, number, step_from(0, step, 7)),
                                  r->seconds);
        case LENGTH_DAYS:
                return instant_of(r->zone, step_from(r->day, number, step), r->seconds);
        case LENGTH_MONTHS:
        case LENGTH_CALENDAR_MONTHS:
                return instant_of_month(r->zone, step_from(r->month, number, step), r->month_day,
                                        r->seconds);
        case LENGTH_NONE:
        default:
                return number <= 0 ? r->instant : PERIOD_NEVER;
        }
}

int64_t recurrence_number(const Recurrence *r, int64_t instant) {
        int64_t day, month, number;
        int month_day;

        if (r->every.unit == LENGTH_NONE)
                return 0;
        if (r->every.unit == LENGTH_SECONDS)
                return floor_divide(instant - r->instant, r->every.n);

        /* The dates say it within one step; the time of day, and the clock's leaps, the rest. */
        day = floor_divide(calendar_local(r->zone, instant), DAY);
        if (r->every.unit == LENGTH_MONTHS || r->every.unit == LENGTH_CALENDAR_MONTHS) {
                split_day(day, &month, &month_day);
                number = floor_divide(month - r->month, r->every.n);
        } else {
                number = floor_divide(day - r->day, r->every.unit == LENGTH_WEEKS
                                                            ? step_from(0, r->every.n, 7)
                                                            : r->every.n);
        }

        while (recurrence_start(r, number) > instant)
                number--;
        while (recurrence_start(r, number + 1) <= instant)
                number++;
        return number;
}

Period recurrence_at(const Recurrence *r, int64_t instant) {
        int64_t number = recurrence_number(r, instant);

        return (Period){ recurrence_start(r, number), recurrence_start(r, number + 1) };
}
