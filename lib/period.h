/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Lengths of time and what recurs, as instants: what a plan says on the clocks of a zone.
 *
 * Local times that do not exist move forward to the instant at which the clock jumps over them;
 * those that exist twice mean the first. Instants are UTC seconds; what lies after year 9999 is
 * PERIOD_NEVER.
 */

#include "plan.h"

#define PERIOD_NEVER INT64_MAX

typedef struct Period {
        int64_t start;
        int64_t end; /* the first instant that is no longer in it; PERIOD_NEVER */
} Period;

static inline bool period_contains(Period p, int64_t instant) {
        return p.start <= instant && instant < p.end;
}

/* A date alone is its first instant. PERIOD_NEVER where nothing was said. */
int64_t period_instant(GTimeZone *zone, LocalTime local);

/* The first instant of the day after the one that holds an instant. */
int64_t period_day_end(GTimeZone *zone, int64_t instant);

/*
 * Where a validity ends that begins at `start`: exact for LENGTH_SECONDS; at the midnight after day
 * n for LENGTH_DAYS, the day of `start` being day 1; weeks and months later on the same clock time,
 * clamped to short months; at the end of the n-th month for LENGTH_CALENDAR_MONTHS, the month of
 * `start` being the first. PERIOD_NEVER for LENGTH_NONE.
 */
int64_t period_validity_end(GTimeZone *zone, int64_t start, Length length);

/* The same, but a day is the same clock time on the next day: what lengthens a validity. */
int64_t period_later(GTimeZone *zone, int64_t instant, Length length);

/* Seconds, where no clock matters: days of 24 hours, months of 30 days; 0 for LENGTH_NONE. */
int64_t length_seconds(Length length);

/* What begins again and again; a plain value that borrows its zone. */
typedef struct Recurrence {
        GTimeZone *zone; /* not owned */
        Length every;
        int64_t instant; /* where period 0 begins: LENGTH_SECONDS */
        int64_t day;     /* the same of calendar steps: days since 1970 … */
        int64_t month;   /* … months since year 0 … */
        int month_day;   /* … and the day of the month, before it is clamped … */
        int64_t seconds; /* … at this time of day */
} Recurrence;

/*
 * `start` is the anchor, as far as `from`, `day` (of the month, 0: not said) and `at` (minutes,
 * TIME_NONE: not said) say nothing else. Steps of days and calendar months begin at midnight, and
 * so does what has a date or a day of the month for its anchor.
 */
Recurrence recurrence_new(GTimeZone *zone, Length every, int64_t start, LocalTime from, int day,
                          int at);

/* Whether its periods are laid by the calendar or a date, and not by when `start` happened to be.
 */
bool recurrence_is_anchored(Length every, LocalTime from, int day, int at);

/* Where a period begins; those before the anchor have negative numbers. */
int64_t recurrence_start(const Recurrence *r, int64_t number);

/* The number of the period that holds an instant, at a cost that does not depend on how far it is.
 */
int64_t recurrence_number(const Recurrence *r, int64_t instant);

/* The period that holds an instant. */
Period recurrence_at(const Recurrence *r, int64_t instant);
