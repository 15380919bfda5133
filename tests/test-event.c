/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "event.h"

#include <errno.h>
#include <string.h>

#include "plan-zone.h"

static void test_top_ups(void) {
        static const struct {
                const char *text;
                uint64_t bytes;
                LengthUnit unit;
                int64_t n;
                const char *name;
        } cases[] = {
                { "1GB", 1000000000, LENGTH_NONE, 0, NULL },
                { " 1.5 GB  Lasts 30 Days ", 1500000000, LENGTH_DAYS, 30, NULL },
                { "unlimited lasts 24h", PLAN_UNLIMITED, LENGTH_SECONDS, 86400, NULL },
                { "name coupon", 0, LENGTH_NONE, 0, "coupon" },
                { "Name What lasts", 0, LENGTH_NONE, 0, "What lasts" },
                { "2GB name Extra 1 GB", 2000000000, LENGTH_NONE, 0, "Extra 1 GB" },
                { "2GB lasts 1 month name a name", 2000000000, LENGTH_MONTHS, 1, "a name" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(EventTopUp) t = { 0 };
                g_autofree char *error = NULL;

                g_assert_cmpint(event_read_top_up(cases[i].text, &t, &error), ==, 0);
                g_assert_cmpuint(t.bytes, ==, cases[i].bytes);
                g_assert_cmpint(t.lasts.unit, ==, cases[i].unit);
                g_assert_cmpint(t.lasts.n, ==, cases[i].n);
                g_assert_cmpstr(t.name, ==, cases[i].name);
        }
}

static void test_refused(void) {
        static const char *const texts[] = {
                "",
                "1",
                "0GB",
                "lasts 30 days",
                "1GB lasts",
                "1GB 30days",
                "1GB name",
                "name",
                "lasts",
                "1GB lasts for ever",
                "-1GB",
                "1GB lasts 0 days",
                "1GB lasts 30 days lasts 2 days",
                "\xff",
        };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                g_auto(EventTopUp) t = { 0 };
                g_autofree char *error = NULL;

                g_assert_cmpint(event_read_top_up(texts[i], &t, &error), ==, -EINVAL);
                g_assert_cmpuint(strlen(error), >, 20);
        }
}

static void test_figures(void) {
        static const TallyFigure figures[] = {
                { .has_remaining = true, .remaining = 0 },
                { .has_used = true, .used = UINT64_MAX, .bucket = "a = b" },
                { .has_remaining = true,
                  .remaining = 5,
                  .resolution = 1000,
                  .expires_at = INT64_C(1790000000),
                  .bucket = "monthly" },
        };
        static const char *const bad[] = { "",
                                           "Used",
                                           "Used=x",
                                           "Used=1\nRemaining=2",
                                           "Other=1",
                                           "Bucket=a",
                                           "Used=1\nExpires=9223372036854775808",
                                           "Used=1\nBucket=a\nBucket=b" };

        for (size_t i = 0; i < G_N_ELEMENTS(figures); i++) {
                g_autofree char *text = event_write_figure(&figures[i]);
                TallyFigure read;

                g_assert_cmpint(event_read_figure(text, &read), ==, 0);
                g_assert_cmpuint(read.has_remaining, ==, figures[i].has_remaining);
                g_assert_cmpuint(read.has_used, ==, figures[i].has_used);
                g_assert_cmpuint(read.remaining, ==, figures[i].remaining);
                g_assert_cmpuint(read.used, ==, figures[i].used);
                g_assert_cmpuint(read.resolution, ==, figures[i].resolution);
                g_assert_cmpint(read.expires_at, ==, figures[i].expires_at);
                g_assert_cmpstr(read.bucket, ==, figures[i].bucket);
                event_figure_clear(&read);
        }

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
                g_assert_cmpint(event_read_figure(bad[i], &(TallyFigure){ 0 }), ==, -EINVAL);
}

static void test_zone_is_written_in(void) {
        static const struct {
                const char *text, *written;
        } cases[] = {
                { "[Plan]", "[Plan]\nZone=Asia/Tokyo" },
                { "# mine\n [Plan] \r\nName=x\n", "# mine\n [Plan] \r\nZone=Asia/Tokyo\nName=x\n" },
                { "[Bucket a]\nBytes=1GB\n", "[Plan]\nZone=Asia/Tokyo\n\n[Bucket a]\nBytes=1GB\n" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *written = plan_write_zone(cases[i].text, "Asia/Tokyo");

                g_assert_cmpstr(written, ==, cases[i].written);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/event/top-ups", test_top_ups);
        g_test_add_func("/event/refused", test_refused);
        g_test_add_func("/event/figures", test_figures);
        g_test_add_func("/event/zone", test_zone_is_written_in);
        return g_test_run();
}
