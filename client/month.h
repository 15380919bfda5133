/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A period day by day, as pictures of it need it: what was used, the cap, and where it will end. */

#include "print.h"

#define MONTH_MAX_DAYS 100

/* Amounts by day: its own, not the sum. Instants are UNIX seconds. */
typedef struct Month {
        GTimeZone *zone;     /* of its days */
        uint64_t start, end; /* exclusive */
        int64_t first_day;   /* since 1970-01-01, on the zone's calendar */
        unsigned n_days;
        double now; /* days since the start, which it may be before or after */
        uint64_t home[MONTH_MAX_DAYS], abroad[MONTH_MAX_DAYS];
        uint64_t before; /* what the plan says is used besides what was counted */
        uint64_t limit;  /* 0: none */
        bool has_forecast;
        double forecast_day; /* when it ends: the period, or what is left */
        uint64_t forecast_bytes;
} Month;

/*
 * The period that is shown: the plan's, where it is neither too short nor too long, else the last
 * 31 days. The zone is the plan's, and borrowed from *s where it has none.
 */
void month_init(Month *m, const Style *s, const RemoteSim *sim);
void month_clear(Month *m);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Month, month_clear)

/* RemoteRow, one a day. */
void month_add(Month *m, const Style *s, const RemoteSim *sim, const GArray *rows);

/* All that was used up to the end of a day; how many days there are figures of. */
uint64_t month_sum(const Month *m, unsigned day, uint64_t *ret_abroad);
unsigned month_days_counted(const Month *m);

/* The largest amount that is shown: of the cap, of the sums, of the forecast. */
uint64_t month_most(const Month *m);

/* Where the forecast stands after so many days, in bytes; the even pace likewise. */
double month_forecast(const Month *m, double day);
double month_pace(const Month *m, double day);

/* The first instant of a day. */
uint64_t month_day(const Month *m, unsigned day);
