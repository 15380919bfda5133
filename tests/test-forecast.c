/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "forecast.h"

#include "tally-script.h"

#define GB UINT64_C(1000000000)
#define MB UINT64_C(1000000)

static TallyAnswer answer(GTimeZone *zone, const char *start, const char *end, uint64_t limit,
                          uint64_t used) {
        return (TallyAnswer){ .state = TALLY_OK,
                              .period_start = script_instant(zone, start),
                              .period_end = end ? script_instant(zone, end) : 0,
                              .limit = limit,
                              .used = used,
                              .remaining = limit - used };
}

static void assert_near(uint64_t is, uint64_t wanted, uint64_t tolerance) {
        uint64_t off = is > wanted ? is - wanted : wanted - is;

        if (off > tolerance)
                g_error("%" G_GUINT64_FORMAT " is not %" G_GUINT64_FORMAT, is, wanted);
}

/* 20 GB from 15 November to 15 December. */
static void test_lasts(void) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Berlin");
        TallyAnswer a = answer(zone, "2026-11-15", "2026-12-15", 20 * GB, 4900 * MB);
        Forecast f = forecast_at(&a, script_instant(zone, "2026-11-23 14:18"), zone, 412 * MB);

        /* 22 days with today: (15.1 GB + 412 MB) / 22 is 705 MB, of which 412 MB are used. */
        g_assert_true(f.has_safe);
        assert_near(f.safe_today, 293 * MB, MB);
        /* 4.9 GB in 8.6 days are 17.1 GB in 30. */
        g_assert_true(f.speaks);
        g_assert_cmpint(f.runs_out_at, ==, 0);
        assert_near(f.spare, 2900 * MB, 10 * MB);
        g_assert_cmpuint(f.missing, ==, 0);
        g_assert_cmpfloat_with_epsilon(f.elapsed, 8.596 / 30, 0.001);
}

static void test_runs_out(void) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Berlin");
        TallyAnswer a = answer(zone, "2026-11-15", "2026-12-15", 20 * GB, 16400 * MB);
        Forecast f = forecast_at(&a, script_instant(zone, "2026-11-30 14:00"), zone, 1200 * MB);

        /* 16.4 GB in 15.6 days; 3.6 GB last another 3.4 days. */
        g_assert_true(f.speaks);
        g_assert_cmpint(f.runs_out_at, >, script_instant(zone, "2026-12-03 23:00"));
        g_assert_cmpint(f.runs_out_at, <, script_instant(zone, "2026-12-04 02:00"));
        g_assert_cmpuint(f.safe_today, ==, 0);
        assert_near(f.safe_daily, 257 * MB, MB); /* 3.6 GB for 14 days from tomorrow on */
        g_assert_cmpuint(f.spare, ==, 0);
        assert_near(f.missing, 11600 * MB, 50 * MB);
}

static void test_silence(void) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Tokyo");
        TallyAnswer month = answer(zone, "2026-11-01", "2026-12-01", 10 * GB, GB);
        TallyAnswer day = answer(zone, "2026-11-01", "2026-11-02", GB, GB / 2);
        TallyAnswer week = answer(zone, "2026-11-01", "2026-11-08", GB, GB / 2);

        /* a tenth of a month is three days; of a week, less than one */
        g_assert_false(
                forecast_at(&month, script_instant(zone, "2026-11-03 23:59:59"), zone, 0).speaks);
        g_assert_true(forecast_at(&month, script_instant(zone, "2026-11-04"), zone, 0).speaks);
        g_assert_false(
                forecast_at(&week, script_instant(zone, "2026-11-01 23:59:59"), zone, 0).speaks);
        g_assert_true(forecast_at(&week, script_instant(zone, "2026-11-02"), zone, 0).speaks);
        g_assert_false(
                forecast_at(&day, script_instant(zone, "2026-11-01 23:59:59"), zone, 0).speaks);

        /* safe at once: what is left of a day's bucket is today's */
        g_assert_cmpuint(forecast_at(&day, script_instant(zone, "2026-11-01 20:00"), zone, GB / 2)
                                 .safe_today,
                         ==, GB / 2);
}

static void test_ends(void) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Tokyo");
        TallyAnswer a = answer(zone, "2026-11-19", "2026-11-29", 10 * GB, 3700 * MB);
        Forecast f = forecast_at(&a, script_instant(zone, "2026-11-23 13:38"), zone, 412 * MB);

        /* 6 days with today: 6.712 GB / 6 is 1118 MB, of which 412 MB are used */
        assert_near(f.safe_today, 706 * MB, MB);
        assert_near(f.spare, 1900 * MB, 10 * MB);

        /* the validity ends before the period */
        a.expires_at = script_instant(zone, "2026-11-25");
        f = forecast_at(&a, script_instant(zone, "2026-11-23 13:38"), zone, 412 * MB);
        g_assert_cmpint(f.end, ==, a.expires_at);
        assert_near(f.safe_today, 2944 * MB, MB); /* 6.712 GB / 2 - 412 MB */

        /* never */
        a = answer(zone, "2026-11-01", NULL, 10 * GB, 2 * GB);
        f = forecast_at(&a, script_instant(zone, "2026-11-11"), zone, 0);
        g_assert_true(f.speaks);
        g_assert_false(f.has_safe);
        g_assert_cmpint(f.runs_out_at, ==, script_instant(zone, "2026-12-21"));
        g_assert_cmpfloat(f.elapsed, ==, 0);
        a.used = 0;
        g_assert_cmpint(forecast_at(&a, script_instant(zone, "2026-11-11"), zone, 0).runs_out_at,
                        ==, 0);
}

static void test_nothing_to_say(void) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Tokyo");
        int64_t now = script_instant(zone, "2026-11-20");
        TallyAnswer a = answer(zone, "2026-11-01", "2026-12-01", 10 * GB, 10 * GB);

        a.state = TALLY_EXHAUSTED;
        g_assert_false(forecast_at(&a, now, zone, 0).speaks);
        g_assert_cmpuint(forecast_at(&a, now, zone, 0).safe_today, ==, 0);
        a = answer(zone, "2026-11-01", "2026-12-01", 10 * GB, GB);
        a.state = TALLY_EXPIRED;
        g_assert_false(forecast_at(&a, now, zone, 0).speaks);
        g_assert_false(forecast_at(&a, now, zone, 0).has_safe);
        a = (TallyAnswer){ .state = TALLY_OK, .is_unlimited = true };
        g_assert_false(forecast_at(&a, now, zone, 0).speaks);
        a = (TallyAnswer){ 0 };
        g_assert_false(forecast_at(&a, now, zone, 0).speaks);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/forecast/lasts", test_lasts);
        g_test_add_func("/forecast/runs-out", test_runs_out);
        g_test_add_func("/forecast/silence", test_silence);
        g_test_add_func("/forecast/ends", test_ends);
        g_test_add_func("/forecast/nothing-to-say", test_nothing_to_say);
        return g_test_run();
}
