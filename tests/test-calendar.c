/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "calendar.h"

#include <errno.h>

static int64_t instant(const char *iso) {
        g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, NULL);

        g_assert_nonnull(time);
        return g_date_time_to_unix(time);
}

static void assert_slice(CalendarUnit unit, const char *id, const char *at, const char *start,
                         const char *end) {
        g_autoptr(GTimeZone) zone = NULL;
        int64_t s, e;

        g_assert_cmpint(calendar_zone(id, &zone), ==, 0);
        g_assert_cmpint(calendar_floor(unit, zone, instant(at), &s), ==, 0);
        g_assert_cmpint(calendar_next(unit, zone, instant(at), &e), ==, 0);
        if (s != instant(start) || e != instant(end))
                g_error("%s %d at %s: %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, id, unit, at, s,
                        e);
}

static void test_slices(void) {
        static const struct {
                CalendarUnit unit;
                const char *zone, *at, *start, *end;
        } cases[] = {
                { CALENDAR_DAY, "UTC", "2026-11-24T12:00:00Z", "2026-11-24T00:00:00Z",
                  "2026-11-25T00:00:00Z" },
                { CALENDAR_DAY, "Asia/Tokyo", "2026-11-24T15:00:00Z", "2026-11-24T15:00:00Z",
                  "2026-11-25T15:00:00Z" },
                { CALENDAR_DAY, "Asia/Tokyo", "2026-11-24T14:59:59Z", "2026-11-23T15:00:00Z",
                  "2026-11-24T15:00:00Z" },
                { CALENDAR_DAY, "Asia/Kathmandu", "2026-11-24T18:14:59Z", "2026-11-23T18:15:00Z",
                  "2026-11-24T18:15:00Z" },
                { CALENDAR_DAY, "+05:45", "2026-11-24T18:15:00Z", "2026-11-24T18:15:00Z",
                  "2026-11-25T18:15:00Z" },
                { CALENDAR_DAY, "Pacific/Chatham", "2026-01-10T12:00:00Z", "2026-01-10T10:15:00Z",
                  "2026-01-11T10:15:00Z" },
                /* summer time begins and ends: days of 23 and 25 hours */
                { CALENDAR_DAY, "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z",
                  "2026-03-29T22:00:00Z" },
                { CALENDAR_DAY, "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z",
                  "2026-10-25T23:00:00Z" },
                /* no midnight: the clock jumped from 00:00 to 01:00 */
                { CALENDAR_DAY, "America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z",
                  "2018-11-05T02:00:00Z" },
                { CALENDAR_DAY, "America/Sao_Paulo", "2018-11-04T02:59:59Z", "2018-11-03T03:00:00Z",
                  "2018-11-04T03:00:00Z" },
                /* the clock went from 24:00 back to 23:00 */
                { CALENDAR_DAY, "America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z",
                  "2018-02-18T03:00:00Z" },
                /* midnight twice: 01:00 went back to 00:00 */
                { CALENDAR_DAY, "America/Havana", "2025-11-02T04:30:00Z", "2025-11-02T04:00:00Z",
                  "2025-11-03T05:00:00Z" },
                { CALENDAR_DAY, "America/Havana", "2025-11-02T05:30:00Z", "2025-11-02T04:00:00Z",
                  "2025-11-03T05:00:00Z" },
                { CALENDAR_WEEK, "UTC", "2026-11-24T12:00:00Z", "2026-11-23T00:00:00Z",
                  "2026-11-30T00:00:00Z" },
                { CALENDAR_WEEK, "UTC", "2027-01-03T23:59:59Z", "2026-12-28T00:00:00Z",
                  "2027-01-04T00:00:00Z" },
                { CALENDAR_MONTH, "UTC", "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z",
                  "2028-03-01T00:00:00Z" },
                { CALENDAR_MONTH, "Europe/Berlin", "2026-03-31T21:59:59Z", "2026-02-28T23:00:00Z",
                  "2026-03-31T22:00:00Z" },
                { CALENDAR_MONTH, "UTC", "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z",
                  "2027-01-01T00:00:00Z" },
                { CALENDAR_YEAR, "Asia/Tokyo", "2026-12-31T15:00:00Z", "2026-12-31T15:00:00Z",
                  "2027-12-31T15:00:00Z" },
                { CALENDAR_HOUR, "Asia/Kathmandu", "2026-11-24T10:14:00Z", "2026-11-24T09:15:00Z",
                  "2026-11-24T10:15:00Z" },
                { CALENDAR_15MIN, "UTC", "2026-11-24T10:14:59Z", "2026-11-24T10:00:00Z",
                  "2026-11-24T10:15:00Z" },
                /* a day that Samoa left out, moving over the date line */
                { CALENDAR_DAY, "Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T10:00:00Z",
                  "2011-12-30T10:00:00Z" },
                { CALENDAR_DAY, "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z",
                  "2011-12-31T10:00:00Z" },
                { CALENDAR_MONTH, "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-01T10:00:00Z",
                  "2011-12-31T10:00:00Z" },
                /* Egypt: no midnight on the last Friday of April, one twice in October */
                { CALENDAR_DAY, "Africa/Cairo", "2024-04-25T22:00:00Z", "2024-04-25T22:00:00Z",
                  "2024-04-26T21:00:00Z" },
                { CALENDAR_DAY, "Africa/Cairo", "2024-10-31T20:59:59Z", "2024-10-30T21:00:00Z",
                  "2024-10-31T22:00:00Z" },
                { CALENDAR_DAY, "+12:45", "2026-01-10T11:15:00Z", "2026-01-10T11:15:00Z",
                  "2026-01-11T11:15:00Z" },
                { CALENDAR_MONTH, "UTC", "2026-01-31T12:00:00Z", "2026-01-01T00:00:00Z",
                  "2026-02-01T00:00:00Z" },
                { CALENDAR_MONTH, "UTC", "2100-02-28T12:00:00Z", "2100-02-01T00:00:00Z",
                  "2100-03-01T00:00:00Z" },
                { CALENDAR_YEAR, "UTC", "2028-12-31T23:59:59Z", "2028-01-01T00:00:00Z",
                  "2029-01-01T00:00:00Z" },
                /* the first hour after the last one of summer time has the same name */
                { CALENDAR_HOUR, "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z",
                  "2026-10-25T01:00:00Z" },
                { CALENDAR_HOUR, "Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z",
                  "2026-10-25T02:00:00Z" },
                { CALENDAR_15MIN, "+05:45", "2026-11-24T10:14:00Z", "2026-11-24T10:00:00Z",
                  "2026-11-24T10:15:00Z" },
                /* set back from 00:01: the old day's last hour comes again, in the new day */
                { CALENDAR_DAY, "America/St_Johns", "2010-11-07T03:00:00Z", "2010-11-07T02:30:00Z",
                  "2010-11-08T03:30:00Z" },
                { CALENDAR_DAY, "America/St_Johns", "2010-11-07T02:29:59Z", "2010-11-06T02:30:00Z",
                  "2010-11-07T02:30:00Z" },
                { CALENDAR_HOUR, "America/St_Johns", "2010-11-07T02:30:30Z", "2010-11-07T02:30:00Z",
                  "2010-11-07T02:31:00Z" },
                { CALENDAR_15MIN, "America/St_Johns", "2010-11-07T02:32:00Z",
                  "2010-11-07T02:31:00Z", "2010-11-07T02:45:00Z" },
                /* half an hour of summer time: the clock is set in the midst of an hour */
                { CALENDAR_HOUR, "Australia/Lord_Howe", "2026-04-04T15:10:00Z",
                  "2026-04-04T15:00:00Z", "2026-04-04T15:30:00Z" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                assert_slice(cases[i].unit, cases[i].zone, cases[i].at, cases[i].start,
                             cases[i].end);
}

static const char *const zones[] = {
        "UTC",          "Asia/Tokyo",        "Asia/Kathmandu",      "Europe/Berlin",
        "Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe", "America/Havana",
        "Africa/Cairo", "Pacific/Chatham",   "America/St_Johns",    "-03:30",
};

/* Slices follow each other without gap or overlap, and each instant is in its own. */
static void test_partition(void) {
        g_autoptr(GRand) random = g_rand_new_with_seed(20261117);

        for (size_t z = 0; z < G_N_ELEMENTS(zones); z++) {
                g_autoptr(GTimeZone) zone = NULL;

                g_assert_cmpint(calendar_zone(zones[z], &zone), ==, 0);
                for (int i = 0; i < 1500; i++) {
                        CalendarUnit unit = (CalendarUnit) (g_rand_int(random) % 6);
                        int64_t at = 400000000 + g_rand_int(random) % 1800000000u;
                        int64_t start, end, again;

                        g_assert_cmpint(calendar_floor(unit, zone, at, &start), ==, 0);
                        g_assert_cmpint(calendar_next(unit, zone, at, &end), ==, 0);
                        g_assert_cmpint(start, <=, at);
                        g_assert_cmpint(at, <, end);
                        g_assert_cmpint(calendar_floor(unit, zone, start, &again), ==, 0);
                        g_assert_cmpint(again, ==, start);
                        g_assert_cmpint(calendar_floor(unit, zone, end - 1, &again), ==, 0);
                        g_assert_cmpint(again, ==, start);
                        g_assert_cmpint(calendar_floor(unit, zone, end, &again), ==, 0);
                        g_assert_cmpint(again, ==, end);
                }
        }
}

/* A row after another, without asking where each begins. */
static void test_walk(void) {
        for (size_t z = 0; z < G_N_ELEMENTS(zones); z++) {
                g_autoptr(GTimeZone) zone = NULL;
                int64_t at, start;
                int days = 0;

                g_assert_cmpint(calendar_zone(zones[z], &zone), ==, 0);
                g_assert_cmpint(calendar_floor(CALENDAR_YEAR, zone, instant("2010-07-01T00:00:00Z"),
                                               &start),
                                ==, 0);
                for (at = start; at < instant("2019-12-31T00:00:00Z"); days++) {
                        int64_t next, same;

                        g_assert_cmpint(calendar_floor(CALENDAR_DAY, zone, at, &same), ==, 0);
                        g_assert_cmpint(same, ==, at);
                        g_assert_cmpint(calendar_next(CALENDAR_DAY, zone, at, &next), ==, 0);
                        g_assert_cmpint(next - at, >=, 22 * 3600);
                        g_assert_cmpint(next - at, <=, 26 * 3600);
                        at = next;
                }

                /* 2010 to 2019 have 3652 days; the last begins at the latest at 12:00 UTC. */
                g_assert_cmpint(days, >=, 3651 - g_str_equal(zones[z], "Pacific/Apia"));
                g_assert_cmpint(days, <=, 3652);
        }
}

/* Longer slices are made of whole shorter ones. */
static void test_nests(void) {
        static const CalendarUnit inner[] = { CALENDAR_DAY, CALENDAR_DAY, CALENDAR_MONTH };
        static const CalendarUnit outer[] = { CALENDAR_WEEK, CALENDAR_MONTH, CALENDAR_YEAR };
        g_autoptr(GRand) random = g_rand_new_with_seed(440);

        for (size_t z = 0; z < G_N_ELEMENTS(zones); z++) {
                g_autoptr(GTimeZone) zone = NULL;

                g_assert_cmpint(calendar_zone(zones[z], &zone), ==, 0);
                for (int i = 0; i < 300; i++) {
                        int64_t start, at = 400000000 + g_rand_int(random) % 1800000000u;
                        int64_t same;

                        g_assert_cmpint(calendar_floor(outer[i % 3], zone, at, &start), ==, 0);
                        g_assert_cmpint(calendar_floor(inner[i % 3], zone, start, &same), ==, 0);
                        g_assert_cmpint(same, ==, start);
                }
        }
}

static void test_units(void) {
        CalendarUnit unit;

        g_assert_cmpint(calendar_unit_from_string("15min", &unit), ==, 0);
        g_assert_cmpint(unit, ==, CALENDAR_15MIN);
        g_assert_cmpint(calendar_unit_from_string("year", &unit), ==, 0);
        g_assert_cmpint(unit, ==, CALENDAR_YEAR);
        g_assert_cmpint(calendar_unit_from_string("", &unit), ==, -EINVAL);
        g_assert_cmpint(calendar_unit_from_string("days", &unit), ==, -EINVAL);
}

static void test_zones(void) {
        static const char *const good[] = { "UTC",
                                            "Asia/Tokyo",
                                            "Etc/GMT+8",
                                            "EST5EDT",
                                            "+09:00",
                                            "-03:30",
                                            "America/Argentina/Buenos_Aires" };
        static const char *const bad[] = { "",
                                           "UTC+8",
                                           "JST-9",
                                           "EST5",
                                           "/etc/localtime",
                                           "../Asia/Tokyo",
                                           "Asia/../Asia/Tokyo",
                                           "Asia//Tokyo",
                                           "Asia",
                                           "Asia/",
                                           "Z",
                                           "localtime",
                                           "posixrules",
                                           "leapseconds",
                                           "right/UTC",
                                           "posix/Asia/Tokyo",
                                           "asia/tokyo",
                                           "Etc/GMT+99",
                                           "+15:00",
                                           ":Asia/Tokyo",
                                           "Asia/Nowhere",
                                           "+9",
                                           "+24:00",
                                           "+09:60",
                                           "Asia/Tokyo ",
                                           "EST5EDT,M3.2.0" };
        GTimeZone *zone;

        for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
                g_assert_cmpint(calendar_zone(good[i], &zone), ==, 0);
                g_time_zone_unref(zone);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
                g_assert_cmpint(calendar_zone(bad[i], &zone), ==, -EINVAL);
}

static void test_bounds(void) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_utc(), tokyo = NULL;
        int64_t t;

        g_assert_cmpint(calendar_floor(CALENDAR_DAY, zone, -1, &t), ==, -ERANGE);
        g_assert_cmpint(calendar_floor(CALENDAR_DAY, zone, CALENDAR_LAST + 1, &t), ==, -ERANGE);
        g_assert_cmpint(calendar_floor(CALENDAR_YEAR, zone, 0, &t), ==, 0);
        g_assert_cmpint(t, ==, 0);
        g_assert_cmpint(calendar_next(CALENDAR_YEAR, zone, CALENDAR_LAST, &t), ==, 0);
        g_assert_cmpint(t, ==, CALENDAR_LAST + 1);
        g_assert_cmpint(calendar_next(CALENDAR_DAY, zone, CALENDAR_LAST + 1, &t), ==, -ERANGE);
        g_assert_cmpint(calendar_next(CALENDAR_DAY, zone, INT64_MIN, &t), ==, -ERANGE);
        g_assert_cmpint(calendar_floor(CALENDAR_DAY, zone, INT64_MAX, &t), ==, -ERANGE);
        g_assert_cmpint(t, ==, CALENDAR_LAST + 1);

        /* In Tokyo 1970 began before the first instant: the start is walked on from all the same.
         */
        g_assert_cmpint(calendar_zone("Asia/Tokyo", &tokyo), ==, 0);
        g_assert_cmpint(calendar_floor(CALENDAR_YEAR, tokyo, 0, &t), ==, 0);
        g_assert_cmpint(t, ==, -9 * 3600);
        g_assert_cmpint(calendar_next(CALENDAR_YEAR, tokyo, t, &t), ==, 0);
        g_assert_cmpint(t, ==, 365 * 86400 - 9 * 3600);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/calendar/slices", test_slices);
        g_test_add_func("/calendar/partition", test_partition);
        g_test_add_func("/calendar/walk", test_walk);
        g_test_add_func("/calendar/nests", test_nests);
        g_test_add_func("/calendar/units", test_units);
        g_test_add_func("/calendar/zones", test_zones);
        g_test_add_func("/calendar/bounds", test_bounds);
        return g_test_run();
}
