/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "reply.h"

#include <errno.h>
#include <string.h>

#define NOW INT64_C(1795608000) /* 2026-11-25 12:00 UTC */

static const char *table; /* not owned: argv's */

/* Exact, in the largest unit. */
static char *in_units(uint64_t bytes) {
        static const char *const units[] = { "B", "kB", "MB", "GB" };
        int i = 0;

        while (i < 3 && bytes > 0 && bytes % 1000 == 0) {
                bytes /= 1000;
                i++;
        }
        return g_strdup_printf("%" G_GUINT64_FORMAT "%s", bytes, units[i]);
}

static void append_amount(GString *text, bool has, const char *word, uint64_t bytes) {
        g_autofree char *amount = in_units(bytes);

        if (has)
                g_string_append_printf(text, "%s%s %s", text->len > 0 ? " " : "", word, amount);
}

static char *describe(const Reply *r, bool with_resolution) {
        GString *text = g_string_new(r->verdict == REPLY_NONE        ? "none"
                                     : r->verdict == REPLY_AMBIGUOUS ? "ambiguous"
                                                                     : NULL);

        append_amount(text, r->has_remaining, "left", r->remaining);
        append_amount(text, r->has_used, "used", r->used);
        append_amount(text, r->has_limit, "of", r->limit);
        if (r->has_expires) {
                g_autoptr(GDateTime) until = g_date_time_new_from_unix_utc(r->expires_at);
                g_autofree char *date = g_date_time_format(
                        until, r->expires_at % 86400 == 0 ? "%Y-%m-%d" : "%Y-%m-%d %H:%M");

                g_string_append_printf(text, " until %s", date);
        }
        append_amount(text, with_resolution, "to", r->resolution);
        return g_string_free(text, FALSE);
}

static char *read_with(const char *reply, const char *pattern, bool with_resolution) {
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_auto(Reply) r = { 0 };

        g_assert_cmpint(reply_read(reply, pattern, &(ReplyOrigin){ NOW, utc, 0 }, &r), ==, 0);
        g_assert_true(r.verdict == REPLY_FIGURE || (r.why && *r.why));
        return describe(&r, with_resolution);
}

static void test_table(void) {
        g_autofree char *all = NULL;
        g_auto(GStrv) lines = NULL;
        int n = 0, n_figures = 0, n_wrong = 0;

        g_assert_true(g_file_get_contents(table, &all, NULL, NULL));
        lines = g_strsplit(all, "\n", -1);
        for (char **line = lines; *line; line++) {
                g_auto(GStrv) fields = g_strsplit(*line, "\t", 3);
                g_autofree char *reply = NULL, *found = NULL;

                if (**line == '#' || **line == '\0')
                        continue;
                g_assert_cmpuint(g_strv_length(fields), ==, 3);
                g_assert_true(g_str_has_prefix(fields[1], "http") ||
                              g_str_equal(fields[1], "made"));
                reply = g_strcompress(fields[2]);
                found = read_with(reply, NULL, strstr(fields[0], " to ") != NULL);
                n++;
                n_figures += strcmp(fields[0], "none") != 0 && strcmp(fields[0], "ambiguous") != 0;
                if (strcmp(found, fields[0]) == 0)
                        continue;
                g_test_message("%s\n  should be: %s\n  was read:  %s", fields[2], fields[0], found);
                n_wrong++;
        }

        g_assert_cmpint(n, >=, 150);
        g_assert_cmpint(n - n_figures, >=, n / 3);
        g_assert_cmpint(n_wrong, ==, 0);
}

static void test_pattern(void) {
        static const struct {
                const char *pattern, *reply, *found;
        } cases[] = {
                { "main (?<remaining>[\\d.]+ ?GB)", "Main 3.1GB, Bonus 2GB",
                  "left 3100MB to 100MB" },
                { "(?<used>\\d+) of (?<limit>\\d+) (?<unit>[KMG]B)", "3 of 10 GB",
                  "used 3GB of 10GB to 1GB" },
                { "left (?<remaining>\\d+MB) until (?<expires>[\\d.]+)",
                  "left 300MB until 15.12.2026", "left 300MB until 2026-12-16 to 1MB" },
                { "(?<remaining>\\d+GB).*for (?<expires>\\d+ days)", "Bal 3GB for 30 days",
                  "left 3GB until 2026-12-26 to 1GB" },
                { "(?<remaining>\\d+GB) til (?<expires>.*)", "3GB til tomorrow",
                  "left 3GB until 2026-11-27 to 1GB" },
                { "^bonus (?<remaining>.*)$", "Main 3GB\nBonus 2GB", "left 2GB to 1GB" },
                { "残(?<remaining>.+)円", "残３ＧＢ円", "left 3GB to 1GB" },
                { "(?<remaining>1,234 MB)", "1,234 MB", "ambiguous to 0B" },
                { "(?<remaining>x)", "x", "ambiguous to 0B" },
                { "(?<remaining>\\d+)", "left 3 GB", "ambiguous to 0B" },
                /* where it does not match, the words count */
                { "bonus (?<remaining>\\d+MB)", "3GB left", "left 3GB to 1GB" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *found = read_with(cases[i].reply, cases[i].pattern, true);

                g_assert_cmpint(reply_pattern_check(cases[i].pattern), ==, 0);
                g_assert_cmpstr(found, ==, cases[i].found);
        }
}

/* "Tomorrow" is the day after the message's, where the message was written. */
static void test_zones(void) {
        static const struct {
                const char *zone, *reply;
                int64_t now, expires_at;
        } cases[] = {
                /* 2026-11-25 23:30 in Tokyo, and half an hour later */
                { "+09:00", "3GB left until tomorrow", 1795617000, 1795705200 },
                { "+09:00", "3GB left until tomorrow", 1795618800, 1795791600 },
                { "+09:00", "3GB left, valid for 1 day", 1795617000, 1795705200 },
                { "+09:00", "3GB left, expires in 2 hours", 1795617000, 1795624200 },
                { "+00:00", "3GB left until tomorrow", 1795618800, 1795737600 },
                /* the clock is not known: 1970 is what it says */
                { "+00:00", "3GB left until tomorrow", 0, 0 },
                { "+00:00", "3GB left, valid for 30 days", 0, 0 },
                { "+00:00", "3GB left, expires in 2 hours", 0, 0 },
                { "+00:00", "3GB left until 15 Dec", 0, 0 },
                { "+00:00", "3GB left until 2026-11-26", 0, 1795737600 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(cases[i].zone);
                g_auto(Reply) r = { 0 };

                g_assert_cmpint(reply_read(cases[i].reply, NULL,
                                           &(ReplyOrigin){ cases[i].now, zone, 0 }, &r),
                                ==, 0);
                g_assert_cmpint(r.verdict, ==, REPLY_FIGURE);
                g_assert_cmpint(r.has_expires, ==, cases[i].expires_at > 0);
                g_assert_cmpint(r.expires_at, ==, cases[i].expires_at);
        }
}

/* Of which day 12/05/2026 is: a date of the same text says it, or the SIM's country. */
static void test_orders(void) {
        static const struct {
                uint16_t mcc;
                const char *reply, *found;
        } cases[] = {
                { 0, "1 GB left, valid until 12/05/2027", "left 1GB" },
                { 310, "1 GB left, valid until 12/05/2027", "left 1GB until 2027-12-06" },
                { 311, "1 GB left, valid until 12-05-2027", "left 1GB until 2027-12-06" },
                { 234, "1 GB left, valid until 12/05/2027", "left 1GB until 2027-05-13" },
                { 505, "1 GB left, valid until 12/05/27", "left 1GB until 2027-05-13" },
                { 404, "1 GB left, valid until 12-05-2027", "left 1GB until 2027-05-13" },
                { 262, "1 GB left, valid until 12/05/2027", "left 1GB until 2027-05-13" },
                { 302, "1 GB left, valid until 12/05/2027", "left 1GB" },
                { 515, "1 GB left, valid until 12/05/2027", "left 1GB" },
                { 440, "1 GB left, valid until 12/05/2027", "left 1GB" },
                /* the day is told by its size, wherever one is */
                { 310, "1 GB left, valid until 25/12/2026", "left 1GB until 2026-12-26" },
                { 234, "1 GB left, valid until 12/25/2026", "left 1GB until 2026-12-26" },
                /* a language that has one order, in a country that has the other */
                { 0, "Te queda 1 GB válido hasta 12/05/2027", "left 1GB until 2027-05-13" },
                { 214, "Te queda 1 GB válido hasta 12/05/2027", "left 1GB until 2027-05-13" },
                { 310, "Te queda 1 GB válido hasta 12/05/2027", "left 1GB" },
                { 310, "1 GB left, valid until 12.05.2027", "left 1GB until 2027-05-13" },
                { 234, "残り1GB 有効期限 12/05", "left 1GB until 2026-12-06" },
                /* another date, whatever it is of */
                { 0, "25/11/2026: 1 GB left, valid until 12/05/2027", "left 1GB until 2027-05-13" },
                { 0, "11/25/2026: 1 GB left, valid until 12/05/2027", "left 1GB until 2027-12-06" },
                { 310, "25/11/2026: 1 GB left, valid until 12/05/27", "left 1GB until 2027-05-13" },
                { 0, "1 GB left, valid from 26/11/2026 to 12/05/2027", "left 1GB" },
                { 0, "On 25/11/2026 and 11/25/2026: 1 GB left, valid until 12/05/2027",
                  "left 1GB" },
                { 0, "10.25.2026 1 GB left, valid until 12/05/2027", "left 1GB" },
                { 234, "1 GB left, valid until 2026-12-05", "left 1GB until 2026-12-06" },
        };
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                const ReplyOrigin origin = { NOW, utc, cases[i].mcc };
                g_autofree char *found = NULL;
                g_auto(Reply) r = { 0 };

                g_test_message("%s", cases[i].reply);
                g_assert_cmpint(reply_read(cases[i].reply, NULL, &origin, &r), ==, 0);
                found = describe(&r, false);
                g_assert_cmpstr(found, ==, cases[i].found);
        }
}

/* Why nothing is taken. */
static void test_why(void) {
        static const struct {
                const char *reply, *why;
        } cases[] = {
                { "Hello", "no amount of data" },
                { "Buy 5GB valid for 30 days", "an offer or a plan" },
                { "Your plan has 5GB", "an offer or a plan" },
                { "Main 3GB left, bonus 2GB left", "several amounts" },
                { "Data: 3GB", "whether that is left or used" },
                { "Left: 1,234 GB", "in two ways" },
        };
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(Reply) r = { 0 };

                g_assert_cmpint(reply_read(cases[i].reply, NULL, &(ReplyOrigin){ NOW, utc, 0 }, &r),
                                ==, 0);
                g_test_message("%s: %s", cases[i].reply, r.why);
                g_assert_nonnull(strstr(r.why, cases[i].why));
        }
}

/* Each of these would go on for longer than anyone lives. */
static void test_pattern_limits(void) {
        static const char *const patterns[] = {
                "(a|aa)+(?<remaining>\\d)",
                "(?<remaining>(a+a+)+[bc])",
                "(?<used>(a*)*)*[bc]",
        };
        g_autofree char *text = g_strnfill(1000, 'a');
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();

        for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++) {
                g_auto(Reply) r = { 0 };

                g_assert_cmpint(reply_pattern_check(patterns[i]), ==, 0);
                g_assert_cmpint(reply_read(text, patterns[i], &(ReplyOrigin){ NOW, utc, 0 }, &r),
                                ==, 0);
                g_assert_cmpint(r.verdict, ==, REPLY_NONE);
                g_assert_cmpstr(r.why, ==, "Pattern takes too long; make it simpler");
        }
}

static void test_pattern_refused(void) {
        static const char *const patterns[] = {
                "",
                "(",
                "(?<remaining>",
                "\\d+ GB",
                "(?<left>\\d+)",
                "(?<limit>\\d+)",
                "(*LIMIT_MATCH=4000000000)(?<remaining>a)",
                "(*NO_START_OPT)(?<remaining>a)",
                "(?<remaining>a)(?<remaining>b)",
                "(?<remaining>[)",
        };

        for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++)
                g_assert_cmpint(reply_pattern_check(patterns[i]), ==, -EINVAL);
}

static void test_bounds(void) {
        g_autofree char *most = g_strnfill(REPLY_MAX_BYTES, '1');
        g_autofree char *more = g_strnfill(REPLY_MAX_BYTES + 1, ' ');
        g_autofree char *a = read_with(most, NULL, false), *b = read_with(more, NULL, false);
        g_autofree char *c = read_with("\xff 3GB left", NULL, false),
                        *d = read_with("", NULL, false);

        g_assert_cmpstr(a, ==, "none");
        g_assert_cmpstr(b, ==, "none");
        g_assert_cmpstr(c, ==, "none");
        g_assert_cmpstr(d, ==, "none");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_assert_cmpint(argc, ==, 2);
        table = argv[1];

        g_test_add_func("/reply/table", test_table);
        g_test_add_func("/reply/pattern", test_pattern);
        g_test_add_func("/reply/pattern-limits", test_pattern_limits);
        g_test_add_func("/reply/pattern-refused", test_pattern_refused);
        g_test_add_func("/reply/zones", test_zones);
        g_test_add_func("/reply/orders", test_orders);
        g_test_add_func("/reply/why", test_why);
        g_test_add_func("/reply/bounds", test_bounds);

        return g_test_run();
}
