/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "hours.h"

#include "calendar.h"
#include "period.h"
#include "plan-values.h"

static int64_t instant(const char *iso) {
        g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, NULL);

        g_assert_nonnull(time);
        return g_date_time_to_unix(time);
}

static void test_windows(void) {
        static const struct {
                const char *zone, *windows, *at;
                bool is_in;
                const char *until;
        } cases[] = {
                /* 2026-11-23 is a Monday */
                { "UTC", "Mon-Fri 01:00-07:00", "2026-11-23T00:59:59Z", false,
                  "2026-11-23T01:00:00Z" },
                { "UTC", "Mon-Fri 01:00-07:00", "2026-11-23T01:00:00Z", true,
                  "2026-11-23T07:00:00Z" },
                { "UTC", "Mon-Fri 01:00-07:00", "2026-11-27T07:00:00Z", false,
                  "2026-11-30T01:00:00Z" },
                { "UTC", "Sat,Sun 00:00-24:00", "2026-11-28T23:59:59Z", true,
                  "2026-11-29T00:00:00Z" },
                { "UTC", "Sat,Sun 00:00-24:00", "2026-11-29T12:00:00Z", true,
                  "2026-11-30T00:00:00Z" },
                { "UTC", "Sat,Sun 00:00-24:00", "2026-11-30T00:00:00Z", false,
                  "2026-12-05T00:00:00Z" },
                /* over midnight: a window is of the day on which it begins */
                { "Asia/Tokyo", "Fri 23:00-05:00", "2026-11-27T19:59:59Z", true,
                  "2026-11-27T20:00:00Z" },
                { "Asia/Tokyo", "Fri 23:00-05:00", "2026-11-26T19:59:59Z", false,
                  "2026-11-27T14:00:00Z" },
                /* an hour that the clock leaves out; one that comes twice counts the first time */
                { "Europe/Berlin", "02:00-02:30", "2026-03-29T01:00:00Z", false,
                  "2026-03-30T00:00:00Z" },
                { "Europe/Berlin", "02:00-03:00", "2026-10-25T00:00:00Z", true,
                  "2026-10-25T02:00:00Z" },
                { "Europe/Berlin", "02:00-02:30", "2026-10-25T01:10:00Z", false,
                  "2026-10-26T01:00:00Z" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GTimeZone) zone = NULL;
                g_autoptr(GArray) windows = NULL;
                int64_t until;

                g_assert_cmpint(calendar_zone(cases[i].zone, &zone), ==, 0);
                g_assert_cmpint(value_read_windows(cases[i].windows, &windows), ==, 0);
                if (hours_contain(windows, zone, instant(cases[i].at), &until) != cases[i].is_in ||
                    until != instant(cases[i].until))
                        g_error("%s at %s: until %" G_GINT64_FORMAT, cases[i].windows, cases[i].at,
                                until);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/hours/windows", test_windows);
        return g_test_run();
}
