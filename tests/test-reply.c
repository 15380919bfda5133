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

static void append_reason(GString *text, const ReplyReason *reason) {
        const ReplyDate *date = &reason->date;

        g_string_append_printf(text, "%s%s%s '%s' %s", text->len > 0 ? "; " : "",
                               reason->is_taken ? "*" : "", reply_piece_to_string(reason->piece),
                               reason->words, reply_rule_to_string(reason->rule));
        if (reason->because)
                g_string_append_printf(text, " '%s'", reason->because);
        if (reason->doubt != REPLY_DOUBT_NONE)
                g_string_append_printf(text, " but %s", reply_doubt_to_string(reason->doubt));
        if (date->by != REPLY_DATE_BY_ITSELF)
                g_string_append_printf(text, " %s by %s", date->is_month_first ? "m/d" : "d/m",
                                       reply_date_by_to_string(date->by));
        if (date->has_no_year)
                g_string_append(text, " next");
        if (date->is_counted)
                g_string_append(text, " counted");
}

static char *describe_reasons(const char *reply, const char *pattern, int64_t now, uint16_t mcc) {
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        GString *text = g_string_new(NULL);
        g_auto(Reply) r = { 0 };

        g_assert_cmpint(reply_read(reply, pattern, &(ReplyOrigin){ now, utc, mcc }, &r), ==, 0);
        for (guint i = 0; r.reasons && i < r.reasons->len; i++)
                append_reason(text, r.reasons->pdata[i]);
        return g_string_free(text, FALSE);
}

static void test_reasons(void) {
        static const struct {
                uint16_t mcc;
                const char *reply, *reasons;
        } cases[] = {
                { 0, "Hello", "" },
                { 0, "You have 3.5 GB left", "*remaining '3.5 GB' word-after 'left'" },
                { 0, "Used: 3GB, remaining: 7GB",
                  "*used '3GB' word-before 'Used'; *remaining '7GB' word-before 'remaining'" },
                { 0, "You have used 3 of 10 GB",
                  "*used '3' word-before 'used'; *limit '10 GB' whole 'of'" },
                { 0, "Data left 3/10GB",
                  "*remaining '3' word-before 'left'; *limit '10GB' whole '/'" },
                { 0, "Plan 10GB, 3GB left",
                  "*limit '10GB' word-before 'Plan'; *remaining '3GB' word-after 'left'" },
                { 0, "3GB left of 10GB per month",
                  "*remaining '3GB' word-after 'left'; *limit '10GB' rate 'per month'" },
                { 0, "3 GB, 100 min and 200 SMS left",
                  "*remaining '3 GB' sentence 'left'; nothing '100' no-unit; nothing '200' no-unit" },
                { 0, "11.17 GBs DATA until 13.06.2023",
                  "*remaining '11.17 GBs' balance; *expires '13.06.2023' word-before 'until' "
                  "d/m by size" },
                { 0, "Total 5GB left: 3GB main, 2GB bonus",
                  "*remaining '5GB' total 'Total'; nothing '3GB' part '5GB'; "
                  "nothing '2GB' part '5GB'" },
                /* as they stand in the text, whatever they are made of */
                { 0, "残り１．２ＧＢです", "*remaining '１．２ＧＢ' word-before '残り'" },
                { 0, "残り3㎇、有効期限2026年12月1日",
                  "*remaining '3㎇' word-before '残り'; "
                  "*expires '2026年12月1日' word-before '有効期限'" },
                { 0, "残ﾃﾞｰﾀ量3ｷﾞｶﾞ", "*remaining '3ｷﾞｶﾞ' word-before '残ﾃﾞｰﾀ量'" },
                { 0, "Te quedan 3 GB, VÁLIDOS hasta 15/12/2026",
                  "*remaining '3 GB' word-before 'Te quedan'; "
                  "*expires '15/12/2026' word-before 'VÁLIDOS hasta' d/m by size" },
                /* what is passed over */
                { 0, "1 GB left. Buy 5GB for $10!",
                  "*remaining '1 GB' word-after 'left'; nothing '5GB' price '$10'; "
                  "nothing '$10' money" },
                { 0, "1 GB left. Buy 5GB now",
                  "*remaining '1 GB' word-after 'left'; nothing '5GB' offer 'Buy'" },
                { 0, "1 GB left. Once you use 5GB, it is slow",
                  "*remaining '1 GB' word-after 'left'; nothing '5GB' condition 'Once'" },
                { 0, "You have less than 500MB. 15 left",
                  "nothing '500MB' bound 'less than'; nothing '15' no-unit" },
                { 0, "Left: -3GB", "nothing '3GB' range" },
                { 0, "Smart 30GB: 1GB left, 80%, Rp 5.000, 3,50 €",
                  "nothing '30GB' name; *remaining '1GB' word-after 'left'; "
                  "nothing '80' percentage; nothing 'Rp 5.000' money; nothing '3,50 €' money" },
                /* what is not clear names all that it could be */
                { 0, "Main 3GB left, bonus 2GB left",
                  "remaining '3GB' word-after 'left' but several; "
                  "remaining '2GB' word-after 'left' but several" },
                { 0, "Data: 3GB", "nothing '3GB' unsaid" },
                { 0, "Left: 1,234 GB", "remaining '1,234 GB' word-before 'Left' but unclear" },
                { 0, "3GB left. Remaining 3.0 GB",
                  "remaining '3GB' word-after 'left' but same; "
                  "*remaining '3.0 GB' word-before 'Remaining'" },
                { 0, "3GB left of 10GB, limit 20GB",
                  "*remaining '3GB' word-after 'left'; limit '10GB' whole 'of' but several; "
                  "limit '20GB' word-before 'limit' but several" },
                /* dates */
                { 0, "1 GB left until 05/12/2026",
                  "*remaining '1 GB' word-after 'left'; "
                  "expires '05/12/2026' word-before 'until' but unclear" },
                { 310, "1 GB left until 05/12/2026",
                  "*remaining '1 GB' word-after 'left'; "
                  "*expires '05/12/2026' word-before 'until' m/d by country" },
                { 234, "1 GB left until 05/12/2026",
                  "*remaining '1 GB' word-after 'left'; "
                  "*expires '05/12/2026' word-before 'until' d/m by country" },
                { 0, "1 GB left until 05.12.2026",
                  "*remaining '1 GB' word-after 'left'; "
                  "*expires '05.12.2026' word-before 'until' d/m by points" },
                { 0, "25/11/2026: 1 GB left until 05/12/2026",
                  "nothing '25/11/2026' unsaid d/m by size; *remaining '1 GB' word-after 'left'; "
                  "*expires '05/12/2026' word-before 'until' d/m by other-date" },
                { 0, "残り1GB 有効期限 12/05",
                  "*remaining '1GB' word-before '残り'; "
                  "*expires '12/05' word-before '有効期限' m/d by language next" },
                { 0, "1 GB left until 15 Dec",
                  "*remaining '1 GB' word-after 'left'; "
                  "*expires '15 Dec' word-before 'until' next" },
                { 0, "1 GB left until tomorrow",
                  "*remaining '1 GB' word-after 'left'; "
                  "*expires 'tomorrow' word-before 'until' counted" },
                { 0, "1 GB left, valid for 30 days",
                  "*remaining '1 GB' word-after 'left'; "
                  "*expires '30 days' word-before 'valid for' counted" },
                { 0, "1 GB left from 1 Dec 2026",
                  "*remaining '1 GB' word-after 'left'; nothing '1 Dec 2026' unsaid" },
                { 0, "1 GB left, valid 1 Nov 2026 to 1 Dec 2026",
                  "*remaining '1 GB' word-after 'left'; nothing '1 Nov 2026' begins; "
                  "*expires '1 Dec 2026' word-before 'valid'" },
                { 0, "3 GB used until 1 Dec 2026",
                  "*used '3 GB' word-after 'used'; nothing '1 Dec 2026' use 'used'" },
                { 0, "1 GB left. Buy 5GB, valid until 31 Dec 2026",
                  "*remaining '1 GB' word-after 'left'; nothing '5GB' offer 'Buy'; "
                  "nothing '31 Dec 2026' other '5GB'" },
                { 0, "1 GB left until 1 Dec 2026 or until 2 Dec 2026",
                  "*remaining '1 GB' word-after 'left'; "
                  "expires '1 Dec 2026' word-before 'until' but several; "
                  "expires '2 Dec 2026' word-before 'until' but several" },
                { 0, "1 GB left until 31 Feb 2026",
                  "*remaining '1 GB' word-after 'left'; "
                  "expires '31 Feb 2026' word-before 'until' but impossible" },
                { 0, "1 GB left until tomorrow at midnight",
                  "*remaining '1 GB' word-after 'left'; "
                  "expires 'tomorrow' word-before 'until' but unclear counted" },
        };
        g_autofree char *undated = describe_reasons("1 GB left until tomorrow", NULL, 0, 0);
        int n_wrong = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *found = describe_reasons(cases[i].reply, NULL, NOW, cases[i].mcc);

                if (strcmp(found, cases[i].reasons) == 0)
                        continue;
                g_test_message("%s\n  should be: %s\n  was read:  %s", cases[i].reply,
                               cases[i].reasons, found);
                n_wrong++;
        }

        g_assert_cmpint(n_wrong, ==, 0);
        g_assert_cmpstr(undated, ==,
                        "*remaining '1 GB' word-after 'left'; "
                        "expires 'tomorrow' word-before 'until' but undated counted");
}

static void test_reasons_of_pattern(void) {
        static const struct {
                const char *pattern, *reply, *reasons;
        } cases[] = {
                { "(?<used>\\d+) of (?<limit>\\d+) (?<unit>[KMG]B)", "3 of 10 GB",
                  "*limit '10' group 'limit'; *used '3' group 'used'" },
                { "left (?<remaining>\\d+MB) until (?<expires>[\\d/]+)",
                  "left 300MB until 15/12/2026",
                  "*remaining '300MB' group 'remaining'; "
                  "*expires '15/12/2026' group 'expires' d/m by size" },
                { "(?<remaining>.*)円", "３ＧＢ円", "*remaining '３ＧＢ' group 'remaining'" },
                { "(?<remaining>\\d+GB) (?<expires>x)", "3GB x",
                  "*remaining '3GB' group 'remaining'; expires 'x' group 'expires' but unread" },
                { "(?<limit>10GB).*(?<remaining>x)", "10GB x",
                  "limit '10GB' group 'limit'; remaining 'x' group 'remaining' but unread" },
                { "(?<remaining>1,234 MB)", "1,234 MB",
                  "remaining '1,234 MB' group 'remaining' but unclear" },
                { "(?<remaining>y)", "3GB left", "*remaining '3GB' word-after 'left'" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *found = describe_reasons(cases[i].reply, cases[i].pattern, NOW, 0);

                g_assert_cmpstr(found, ==, cases[i].reasons);
        }
}

/* What an amount is read in. */
static void test_units(void) {
        static const struct {
                const char *reply, *pattern, *unit;
                uint64_t bytes, unit_bytes;
        } cases[] = {
                { "1.5 GiB left", NULL, "GiB", 1610612736, 1073741824 },
                { "3.2ギガ残り", NULL, "ギガ", 3200000000, 1000000000 },
                { "Left 3 of 10 MB", NULL, "MB", 3000000, 1000000 },
                { "３ ＧＢ", "(?<remaining>.*)", "ＧＢ", 3000000000, 1000000000 },
                { "[3] Mo", "\\[(?<remaining>\\d)\\] (?<unit>..)", "Mo", 3000000, 1000000 },
        };
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                const ReplyReason *reason;
                g_auto(Reply) r = { 0 };

                g_assert_cmpint(reply_read(cases[i].reply, cases[i].pattern,
                                           &(ReplyOrigin){ NOW, utc, 0 }, &r),
                                ==, 0);
                reason = r.reasons->pdata[0];
                g_assert_cmpstr(reason->unit, ==, cases[i].unit);
                g_assert_cmpuint(reason->bytes, ==, cases[i].bytes);
                g_assert_cmpuint(reason->unit_bytes, ==, cases[i].unit_bytes);
        }
}

/* What is told on the bus is understood at its other end; what nobody knows is nothing. */
static void test_names(void) {
        for (guint i = 0; i <= REPLY_PIECE_EXPIRES; i++)
                g_assert_cmpuint(reply_piece_from_string(reply_piece_to_string(i)), ==, i);
        for (guint i = 0; i <= REPLY_RULE_OTHER; i++)
                g_assert_cmpuint(reply_rule_from_string(reply_rule_to_string(i)), ==, i);
        for (guint i = 0; i <= REPLY_DOUBT_UNREAD; i++)
                g_assert_cmpuint(reply_doubt_from_string(reply_doubt_to_string(i)), ==, i);
        for (guint i = 0; i <= REPLY_DATE_BY_COUNTRY; i++)
                g_assert_cmpuint(reply_date_by_from_string(reply_date_by_to_string(i)), ==, i);
        g_assert_cmpuint(reply_piece_from_string("x"), ==, REPLY_PIECE_NOTHING);
        g_assert_cmpuint(reply_rule_from_string(""), ==, REPLY_RULE_UNSAID);
}

static void test_many_reasons(void) {
        GString *text = g_string_new("1 GB left");
        g_autofree char *reply = NULL;
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_auto(Reply) r = { 0 };

        for (int i = 0; i < 1000; i++)
                g_string_append_printf(text, "; no. %d", i);
        reply = g_string_free(text, FALSE);
        g_assert_cmpint(reply_read(reply, NULL, &(ReplyOrigin){ NOW, utc, 0 }, &r), ==, 0);
        g_assert_cmpint(r.verdict, ==, REPLY_FIGURE);
        g_assert_cmpuint(r.reasons->len, ==, REPLY_MAX_REASONS);
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
        g_test_add_func("/reply/reasons", test_reasons);
        g_test_add_func("/reply/reasons-of-pattern", test_reasons_of_pattern);
        g_test_add_func("/reply/units", test_units);
        g_test_add_func("/reply/names", test_names);
        g_test_add_func("/reply/many-reasons", test_many_reasons);
        g_test_add_func("/reply/bounds", test_bounds);

        return g_test_run();
}
