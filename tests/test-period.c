/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "period.h"

#include <stdio.h>
#include <string.h>

#include "calendar.h"

static int64_t instant(const char *iso) {
        g_autoptr(GDateTime) time = NULL;

        if (strcmp(iso, "never") == 0)
                return PERIOD_NEVER;

        time = g_date_time_new_from_iso8601(iso, NULL);
        if (!time)
                g_error("%s is no instant", iso);
        return g_date_time_to_unix(time);
}

static GTimeZone *zone_of(const char *id) {
        GTimeZone *zone = NULL;

        g_assert_cmpint(calendar_zone(id, &zone), ==, 0);
        return zone;
}

/* "2026-11-01 18:30", "2026-11-01"; NULL is not said. */
static LocalTime local_time(const char *text) {
        int year, month, day, hour = 0, minute = 0, n;

        if (!text)
                return (LocalTime){ 0 };

        n = sscanf(text, "%d-%d-%d %d:%d", &year, &month, &day, &hour, &minute);
        g_assert_true(n == 3 || n == 5);
        return (LocalTime){ .year = (int16_t) year,
                            .month = (uint8_t) month,
                            .day = (uint8_t) day,
                            .hour = (uint8_t) hour,
                            .minute = (uint8_t) minute,
                            .has_time = n == 5 };
}

static void assert_instant(const char *what, int64_t is, const char *wanted) {
        if (is != instant(wanted))
                g_error("%s: %" G_GINT64_FORMAT ", not %s", what, is, wanted);
}

static void test_local_times(void) {
        static const struct {
                const char *zone, *local, *instant;
        } cases[] = {
                { "Asia/Tokyo", "2026-11-01", "2026-10-31T15:00:00Z" },
                { "Asia/Tokyo", "2026-11-01 18:30", "2026-11-01T09:30:00Z" },
                { "+05:45", "2026-11-01", "2026-10-31T18:15:00Z" },
                /* skipped: the instant at which the clock jumps */
                { "Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:00:00Z" },
                { "Europe/Berlin", "2026-03-29 03:00", "2026-03-29T01:00:00Z" },
                { "Europe/Berlin", "2026-03-29 01:59", "2026-03-29T00:59:00Z" },
                /* twice: the first */
                { "Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30:00Z" },
                { "America/Havana", "2026-11-01 00:30", "2026-11-01T04:30:00Z" },
                /* days without midnight */
                { "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z" },
                { "Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00Z" },
                /* a midnight inside a skipped hour: 23:59 was followed by 01:01 */
                { "America/St_Johns", "2010-03-14", "2010-03-14T03:30:00Z" },
                { "America/St_Johns", "2010-03-14 00:30", "2010-03-14T03:31:00Z" },
                /* a date that a zone left out */
                { "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z" },
                { "Pacific/Apia", "2011-12-30 15:00", "2011-12-30T10:00:00Z" },
                { "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z" },
                { "UTC", NULL, "never" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GTimeZone) zone = zone_of(cases[i].zone);

                assert_instant(cases[i].local, period_instant(zone, local_time(cases[i].local)),
                               cases[i].instant);
        }
}

static void test_validities(void) {
        static const struct {
                const char *zone, *start;
                Length length;
                const char *end;
        } cases[] = {
                /* exact */
                { "Asia/Tokyo",
                  "2026-11-01T03:04:05Z",
                  { LENGTH_SECONDS, 30 * 86400 },
                  "2026-12-01T03:04:05Z" },
                { "Europe/Berlin",
                  "2026-10-24T10:00:00Z",
                  { LENGTH_SECONDS, 86400 },
                  "2026-10-25T10:00:00Z" },
                /* day 1 is the day of the start, be it at 00:00:00 or at 23:59:59 */
                { "Asia/Tokyo",
                  "2026-11-19T05:00:00Z",
                  { LENGTH_DAYS, 10 },
                  "2026-11-28T15:00:00Z" },
                { "Asia/Tokyo",
                  "2026-11-18T15:00:00Z",
                  { LENGTH_DAYS, 10 },
                  "2026-11-28T15:00:00Z" },
                { "Asia/Tokyo",
                  "2026-11-19T14:59:59Z",
                  { LENGTH_DAYS, 10 },
                  "2026-11-28T15:00:00Z" },
                { "Asia/Tokyo",
                  "2026-11-19T14:59:59Z",
                  { LENGTH_DAYS, 1 },
                  "2026-11-19T15:00:00Z" },
                { "+05:45", "2026-11-19T18:15:00Z", { LENGTH_DAYS, 1 }, "2026-11-20T18:15:00Z" },
                { "Europe/Berlin",
                  "2026-10-24T22:00:00Z",
                  { LENGTH_DAYS, 1 },
                  "2026-10-25T23:00:00Z" },
                { "America/Sao_Paulo",
                  "2018-11-03T12:00:00Z",
                  { LENGTH_DAYS, 1 },
                  "2018-11-04T03:00:00Z" },
                { "Africa/Cairo",
                  "2024-04-25T10:00:00Z",
                  { LENGTH_DAYS, 1 },
                  "2024-04-25T22:00:00Z" },
                /* set back over midnight, it is the new day all the same */
                { "America/St_Johns",
                  "2010-11-07T03:00:00Z",
                  { LENGTH_DAYS, 1 },
                  "2010-11-08T03:30:00Z" },
                /* steps of the clock */
                { "Asia/Tokyo",
                  "2026-11-19T05:06:07Z",
                  { LENGTH_WEEKS, 2 },
                  "2026-12-03T05:06:07Z" },
                { "Asia/Tokyo",
                  "2026-01-31T05:06:07Z",
                  { LENGTH_MONTHS, 1 },
                  "2026-02-28T05:06:07Z" },
                { "Asia/Tokyo",
                  "2028-01-31T05:06:07Z",
                  { LENGTH_MONTHS, 1 },
                  "2028-02-29T05:06:07Z" },
                { "Asia/Tokyo",
                  "2026-12-30T05:06:07Z",
                  { LENGTH_MONTHS, 2 },
                  "2027-02-28T05:06:07Z" },
                { "Europe/Berlin",
                  "2026-03-22T01:30:00Z",
                  { LENGTH_WEEKS, 1 },
                  "2026-03-29T01:00:00Z" }, /* 02:30 is skipped */
                { "Europe/Berlin",
                  "2026-03-28T11:00:00Z",
                  { LENGTH_WEEKS, 1 },
                  "2026-04-04T10:00:00Z" }, /* 12:00 in winter, 12:00 in summer */
                { "UTC", "2028-02-29T00:00:00Z", { LENGTH_MONTHS, 12 }, "2029-02-28T00:00:00Z" },
                /* to the end of the n-th month */
                { "Asia/Tokyo",
                  "2026-11-19T05:00:00Z",
                  { LENGTH_CALENDAR_MONTHS, 1 },
                  "2026-11-30T15:00:00Z" },
                { "Asia/Tokyo",
                  "2026-11-30T14:59:59Z",
                  { LENGTH_CALENDAR_MONTHS, 2 },
                  "2026-12-31T15:00:00Z" },
                { "Asia/Tokyo",
                  "2026-11-30T15:00:00Z",
                  { LENGTH_CALENDAR_MONTHS, 3 },
                  "2027-02-28T15:00:00Z" },
                { "UTC", "2026-11-19T05:00:00Z", { LENGTH_NONE, 0 }, "never" },
                { "UTC", "2026-11-19T05:00:00Z", { LENGTH_MONTHS, INT64_MAX }, "never" },
                { "UTC", "2026-11-19T05:00:00Z", { LENGTH_WEEKS, INT64_MAX }, "never" },
                { "UTC", "2026-11-19T05:00:00Z", { LENGTH_DAYS, INT64_MAX }, "never" },
                { "UTC", "2026-11-19T05:00:00Z", { LENGTH_SECONDS, INT64_MAX }, "never" },
                { "UTC", "9999-12-31T05:00:00Z", { LENGTH_DAYS, 1 }, "never" },
                { "UTC", "9999-12-31T05:00:00Z", { LENGTH_CALENDAR_MONTHS, 1 }, "never" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GTimeZone) zone = zone_of(cases[i].zone);

                assert_instant(cases[i].start,
                               period_validity_end(zone, instant(cases[i].start), cases[i].length),
                               cases[i].end);
        }
}

static void test_later(void) {
        g_autoptr(GTimeZone) tokyo = zone_of("Asia/Tokyo"), berlin = zone_of("Europe/Berlin");

        /* A day more of what ends at midnight ends at the next; of what ends at noon, at noon. */
        assert_instant(
                "midnight",
                period_later(tokyo, instant("2026-11-28T15:00:00Z"), (Length){ LENGTH_DAYS, 1 }),
                "2026-11-29T15:00:00Z");
        assert_instant(
                "noon",
                period_later(tokyo, instant("2026-11-28T03:00:00Z"), (Length){ LENGTH_DAYS, 1 }),
                "2026-11-29T03:00:00Z");
        assert_instant(
                "summer",
                period_later(berlin, instant("2026-10-24T10:00:00Z"), (Length){ LENGTH_DAYS, 1 }),
                "2026-10-25T11:00:00Z");
        g_assert_cmpint(period_later(tokyo, PERIOD_NEVER, (Length){ LENGTH_DAYS, 1 }), ==,
                        PERIOD_NEVER);

        assert_instant("day end", period_day_end(tokyo, instant("2026-11-28T14:59:59Z")),
                       "2026-11-28T15:00:00Z");
        assert_instant("day end", period_day_end(tokyo, instant("2026-11-28T15:00:00Z")),
                       "2026-11-29T15:00:00Z");
        g_assert_cmpint(period_day_end(tokyo, PERIOD_NEVER), ==, PERIOD_NEVER);
}

static void test_recurrences(void) {
        static const struct {
                const char *zone;
                Length every;
                const char *anchor, *from;
                int day, at;
                const char *instant, *start, *end;
        } cases[] = {
                /* the 31st: clamped, without drift */
                { "Asia/Tokyo",
                  { LENGTH_MONTHS, 1 },
                  "2026-01-01T00:00:00Z",
                  "2026-01-31",
                  0,
                  TIME_NONE,
                  "2026-02-27T12:00:00Z",
                  "2026-01-30T15:00:00Z",
                  "2026-02-27T15:00:00Z" },
                { "Asia/Tokyo",
                  { LENGTH_MONTHS, 1 },
                  "2026-01-01T00:00:00Z",
                  "2026-01-31",
                  0,
                  TIME_NONE,
                  "2026-02-27T15:00:00Z",
                  "2026-02-27T15:00:00Z",
                  "2026-03-30T15:00:00Z" },
                { "Asia/Tokyo",
                  { LENGTH_MONTHS, 1 },
                  "2026-01-01T00:00:00Z",
                  NULL,
                  31,
                  TIME_NONE,
                  "2028-02-29T12:00:00Z",
                  "2028-02-28T15:00:00Z",
                  "2028-03-30T15:00:00Z" },
                { "Europe/Berlin",
                  { LENGTH_MONTHS, 1 },
                  "2026-01-01T00:00:00Z",
                  "2026-03-01",
                  0,
                  TIME_NONE,
                  "2026-03-29T01:30:00Z",
                  "2026-02-28T23:00:00Z",
                  "2026-03-31T22:00:00Z" },
                /* before the anchor as well */
                { "UTC",
                  { LENGTH_MONTHS, 1 },
                  "2026-11-20T10:00:00Z",
                  "2026-12-17",
                  0,
                  TIME_NONE,
                  "2026-11-20T10:00:00Z",
                  "2026-11-17T00:00:00Z",
                  "2026-12-17T00:00:00Z" },
                { "UTC",
                  { LENGTH_MONTHS, 1 },
                  "2026-11-10T10:00:00Z",
                  NULL,
                  17,
                  TIME_NONE,
                  "2026-11-10T10:00:00Z",
                  "2026-10-17T00:00:00Z",
                  "2026-11-17T00:00:00Z" },
                { "UTC",
                  { LENGTH_MONTHS, 3 },
                  "2026-11-20T10:00:00Z",
                  NULL,
                  17,
                  TIME_NONE,
                  "2027-03-01T00:00:00Z",
                  "2027-02-17T00:00:00Z",
                  "2027-05-17T00:00:00Z" },
                /* from the start's own instant, as nothing else is said */
                { "UTC",
                  { LENGTH_MONTHS, 1 },
                  "2026-10-31T10:11:12Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2026-12-01T00:00:00Z",
                  "2026-11-30T10:11:12Z",
                  "2026-12-31T10:11:12Z" },
                { "UTC",
                  { LENGTH_WEEKS, 1 },
                  "2026-11-03T10:11:12Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2026-11-17T10:11:11Z",
                  "2026-11-10T10:11:12Z",
                  "2026-11-17T10:11:12Z" },
                { "UTC",
                  { LENGTH_WEEKS, 1 },
                  "2026-11-03T10:11:12Z",
                  NULL,
                  0,
                  6 * 60,
                  "2026-11-17T06:00:00Z",
                  "2026-11-17T06:00:00Z",
                  "2026-11-24T06:00:00Z" },
                { "UTC",
                  { LENGTH_SECONDS, 86400 },
                  "2026-11-03T10:11:12Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2026-11-17T10:11:12Z",
                  "2026-11-17T10:11:12Z",
                  "2026-11-18T10:11:12Z" },
                { "Europe/Berlin",
                  { LENGTH_SECONDS, 86400 },
                  "2026-10-24T10:00:00Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2026-10-26T00:00:00Z",
                  "2026-10-25T10:00:00Z",
                  "2026-10-26T10:00:00Z" },
                { "UTC",
                  { LENGTH_SECONDS, 86400 },
                  "2026-11-03T10:11:12Z",
                  "2026-11-01 06:00",
                  0,
                  TIME_NONE,
                  "2026-11-17T10:11:12Z",
                  "2026-11-17T06:00:00Z",
                  "2026-11-18T06:00:00Z" },
                /* days begin at midnight, or at a time that is said */
                { "+08:00",
                  { LENGTH_DAYS, 1 },
                  "2026-11-20T10:00:00Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2026-11-24T15:59:59Z",
                  "2026-11-23T16:00:00Z",
                  "2026-11-24T16:00:00Z" },
                { "UTC",
                  { LENGTH_DAYS, 28 },
                  "2026-11-20T10:00:00Z",
                  "2026-11-01",
                  0,
                  TIME_NONE,
                  "2026-11-29T00:00:00Z",
                  "2026-11-29T00:00:00Z",
                  "2026-12-27T00:00:00Z" },
                { "Asia/Kathmandu",
                  { LENGTH_DAYS, 1 },
                  "2026-11-20T10:00:00Z",
                  NULL,
                  0,
                  6 * 60,
                  "2026-11-24T00:14:59Z",
                  "2026-11-23T00:15:00Z",
                  "2026-11-24T00:15:00Z" },
                { "Europe/Berlin",
                  { LENGTH_DAYS, 1 },
                  "2026-03-20T10:00:00Z",
                  NULL,
                  0,
                  150,
                  "2026-03-29T00:59:59Z",
                  "2026-03-28T01:30:00Z",
                  "2026-03-29T01:00:00Z" },
                { "Europe/Berlin",
                  { LENGTH_DAYS, 1 },
                  "2026-03-20T10:00:00Z",
                  NULL,
                  0,
                  150,
                  "2026-03-29T01:00:00Z",
                  "2026-03-29T01:00:00Z",
                  "2026-03-30T00:30:00Z" },
                { "Europe/Berlin",
                  { LENGTH_DAYS, 1 },
                  "2026-03-20T10:00:00Z",
                  NULL,
                  0,
                  150,
                  "2026-10-25T01:30:00Z",
                  "2026-10-25T00:30:00Z",
                  "2026-10-26T01:30:00Z" },
                { "America/Sao_Paulo",
                  { LENGTH_DAYS, 1 },
                  "2018-10-01T10:00:00Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2018-11-04T03:00:00Z",
                  "2018-11-04T03:00:00Z",
                  "2018-11-05T02:00:00Z" },
                { "Africa/Cairo",
                  { LENGTH_DAYS, 1 },
                  "2024-04-01T10:00:00Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2024-04-25T21:59:59Z",
                  "2024-04-24T22:00:00Z",
                  "2024-04-25T22:00:00Z" },
                { "Africa/Cairo",
                  { LENGTH_DAYS, 1 },
                  "2024-04-01T10:00:00Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2024-10-31T21:30:00Z",
                  "2024-10-30T21:00:00Z",
                  "2024-10-31T22:00:00Z" },
                { "Africa/Cairo",
                  { LENGTH_MONTHS, 1 },
                  "2024-04-01T10:00:00Z",
                  NULL,
                  26,
                  TIME_NONE,
                  "2024-04-25T22:00:00Z",
                  "2024-04-25T22:00:00Z",
                  "2024-05-25T21:00:00Z" },
                { "Pacific/Apia",
                  { LENGTH_DAYS, 1 },
                  "2011-12-01T10:00:00Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2011-12-30T10:00:00Z",
                  "2011-12-30T10:00:00Z",
                  "2011-12-31T10:00:00Z" },
                { "Asia/Tokyo",
                  { LENGTH_CALENDAR_MONTHS, 1 },
                  "2026-11-19T10:00:00Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2027-01-31T14:59:59Z",
                  "2026-12-31T15:00:00Z",
                  "2027-01-31T15:00:00Z" },
                { "Asia/Tokyo",
                  { LENGTH_CALENDAR_MONTHS, 2 },
                  "2026-11-19T10:00:00Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2026-12-31T14:59:59Z",
                  "2026-10-31T15:00:00Z",
                  "2026-12-31T15:00:00Z" },
                /* one period, for ever */
                { "UTC",
                  { LENGTH_NONE, 0 },
                  "2026-11-19T10:00:00Z",
                  NULL,
                  0,
                  TIME_NONE,
                  "2036-11-19T10:00:00Z",
                  "2026-11-19T10:00:00Z",
                  "never" },
                /* the last one that can be said */
                { "UTC",
                  { LENGTH_MONTHS, 1 },
                  "2026-11-19T10:00:00Z",
                  NULL,
                  1,
                  TIME_NONE,
                  "9999-12-31T23:59:59Z",
                  "9999-12-01T00:00:00Z",
                  "never" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GTimeZone) zone = zone_of(cases[i].zone);
                Recurrence r = recurrence_new(zone, cases[i].every, instant(cases[i].anchor),
                                              local_time(cases[i].from), cases[i].day, cases[i].at);
                Period p = recurrence_at(&r, instant(cases[i].instant));

                assert_instant(cases[i].instant, p.start, cases[i].start);
                assert_instant(cases[i].instant, p.end, cases[i].end);
        }
}

static const char *const zones[] = {
        "UTC",
        "Asia/Tokyo",
        "+05:45",
        "Europe/Berlin",
        "Pacific/Apia",
        "America/Sao_Paulo",
        "Australia/Lord_Howe",
        "America/Havana",
        "Africa/Cairo",
        "America/St_Johns",
};

static Length random_length(GRand *random) {
        static const LengthUnit units[] = { LENGTH_SECONDS, LENGTH_DAYS, LENGTH_WEEKS,
                                            LENGTH_MONTHS, LENGTH_CALENDAR_MONTHS };
        LengthUnit unit = units[g_rand_int_range(random, 0, G_N_ELEMENTS(units))];

        return (Length){ unit, unit == LENGTH_SECONDS ? g_rand_int_range(random, 3600, 10000000)
                                                      : g_rand_int_range(random, 1, 40) };
}

/* Periods follow each other without gap or overlap, and each instant is in its own. */
static void test_partition(void) {
        g_autoptr(GRand) random = g_rand_new_with_seed(20261117);

        for (size_t z = 0; z < G_N_ELEMENTS(zones); z++) {
                g_autoptr(GTimeZone) zone = zone_of(zones[z]);

                for (int i = 0; i < 2000; i++) {
                        int64_t start = 400000000 + g_rand_int(random) % 1800000000u;
                        int64_t at = 400000000 + g_rand_int(random) % 1800000000u, number;
                        LocalTime from = { 0 };
                        Recurrence r = recurrence_new(zone, random_length(random), start, from,
                                                      g_rand_int_range(random, 0, 32),
                                                      g_rand_int_range(random, -1, 1440));
                        Period p = recurrence_at(&r, at);

                        g_assert_true(period_contains(p, at));
                        number = recurrence_number(&r, p.start);
                        g_assert_cmpint(recurrence_start(&r, number), ==, p.start);
                        g_assert_cmpint(recurrence_at(&r, p.end - 1).start, ==, p.start);
                        g_assert_cmpint(recurrence_at(&r, p.end).start, ==, p.end);
                }
        }
}

/* A period of a day, thousands of years away. */
static void test_far(void) {
        g_autoptr(GTimeZone) zone = zone_of("Europe/Berlin");
        Recurrence days = recurrence_new(zone, (Length){ LENGTH_SECONDS, 86400 }, 1000000000,
                                         (LocalTime){ 0 }, 0, TIME_NONE);
        Recurrence months = recurrence_new(zone, (Length){ LENGTH_MONTHS, 1 }, 1000000000,
                                           (LocalTime){ 0 }, 31, TIME_NONE);
        int64_t before = g_get_monotonic_time();

        for (int i = 0; i < 1000; i++) {
                int64_t at = INT64_C(250000000000) + i * INT64_C(86400);

                g_assert_true(period_contains(recurrence_at(&days, at), at));
                g_assert_true(period_contains(recurrence_at(&months, at), at));
        }

        /* Stepping would take minutes. */
        g_assert_cmpint(g_get_monotonic_time() - before, <, 5 * G_USEC_PER_SEC);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/period/local-times", test_local_times);
        g_test_add_func("/period/validities", test_validities);
        g_test_add_func("/period/later", test_later);
        g_test_add_func("/period/recurrences", test_recurrences);
        g_test_add_func("/period/partition", test_partition);
        g_test_add_func("/period/far", test_far);
        return g_test_run();
}
