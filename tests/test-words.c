/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "words.h"

#include <errno.h>
#include <string.h>

/* A Wednesday; noon in Tokyo. */
#define NOW  INT64_C(1795575600)
#define HOME "Asia/Tokyo"

static Words *read_at(const char *text, int64_t now) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(HOME);
        g_autofree char *error = NULL;
        Words *w = NULL;

        if (words_read(text, now, zone, &w, &error) < 0)
                g_error("%s: %s", text, error);
        g_assert_null(error);
        return w;
}

/* The plan's text, which is taken as it is, in one line, with what is left or used after it. */
static char *lines_of(const Words *w) {
        g_autofree char *text = plan_print(w->plan), *error = NULL, *again = NULL;
        g_autoptr(Plan) plan = NULL;
        g_autoptr(GString) lines = g_string_new(text);

        if (plan_parse(text, strlen(text), &plan, &error) < 0)
                g_error("%s: %s", text, error);
        again = plan_print(plan);
        g_assert_cmpstr(again, ==, text);

        g_string_truncate(lines, lines->len - 1);
        g_string_replace(lines, "\n\n", " ", 0);
        g_string_replace(lines, "]\n", "] ", 0);
        g_string_replace(lines, "\n", "|", 0);
        for (guint i = 0; i < w->figures->len; i++) {
                const WordsFigure *f = w->figures->pdata[i];

                g_string_append_printf(lines, " (%s %s %" G_GUINT64_FORMAT " MB)", f->bucket,
                                       f->is_left ? "left" : "used", f->bytes / 1000000);
        }

        return g_strdup(lines->str);
}

typedef struct Case {
        const char *words, *lines;
} Case;

static void assert_cases(const Case *cases, size_t n, int64_t now) {
        for (size_t i = 0; i < n; i++) {
                g_autoptr(Words) w = read_at(cases[i].words, now);
                g_autofree char *lines = lines_of(w);

                if (strcmp(lines, cases[i].lines) != 0)
                        g_error("%s:\n%s\n%s", cases[i].words, lines, cases[i].lines);
        }
}

/* As the manual and the first screen have them. */
static void test_examples(void) {
        static const Case cases[] = {
                { "10GB for 10 days from first use, in Japan",
                  "[Bucket data] Bytes=10GB|Starts=first-use|Lasts=10 days|Where=440;441" },
                { "100GB monthly on 17, left 59GB",
                  "[Bucket monthly] Bytes=100GB|Every=1 month|From=2026-11-17 (monthly left 59000 "
                  "MB)" },
                { "1GB daily for 7 days, then 128kbit/s, zone +08:00",
                  "[Plan] Zone=+08:00|AtZero=throttle 128kbit/s [Bucket daily] Bytes=1GB|Lasts=7 "
                  "days|Every=1 day|From=2026-11-25" },
                { "20GB monthly on 1 and 1GB daily within it, then 300kbit/s",
                  "[Plan] AtZero=throttle 300kbit/s [Bucket monthly] Bytes=20GB|Every=1 "
                  "month|From=2026-11-01 [Bucket daily] Bytes=1GB|Every=1 "
                  "day|From=2026-11-01|Within=monthly|AtZero=throttle 300kbit/s" },
                { "20GB monthly on 15",
                  "[Bucket monthly] Bytes=20GB|Every=1 month|From=2026-11-15" },
                { "10GB for 10 days from 19 Nov, left 6.3GB",
                  "[Bucket data] Bytes=10GB|Starts=2026-11-19|Lasts=10 days (data left 6300 MB)" },
                { "1GB daily for 7 days, then 128kbit/s",
                  "[Plan] AtZero=throttle 128kbit/s [Bucket daily] Bytes=1GB|Lasts=7 days|Every=1 "
                  "day|From=2026-11-25" },
        };

        assert_cases(cases, G_N_ELEMENTS(cases), NOW);
}

#define MONTHLY "[Bucket monthly] Bytes=1GB|Every=1 month|"
#define WEEKLY  "[Bucket weekly] Bytes=1GB|Every=1 week|"
#define DAILY   "[Bucket daily] Bytes=1GB|Every=1 day|"

static void test_periods(void) {
        static const Case cases[] = {
                { "1GB monthly", MONTHLY "From=2026-11-01" },
                { "1GB every month", MONTHLY "From=2026-11-01" },
                { "1GB a month", MONTHLY "From=2026-11-01" },
                { "1GB per month", MONTHLY "From=2026-11-01" },
                { "1GB monthly on 25", MONTHLY "From=2026-11-25" },
                { "1GB monthly on 26", MONTHLY "From=2026-10-26" },
                { "1GB monthly on the 15th", MONTHLY "From=2026-11-15" },
                { "1GB monthly on day 3", MONTHLY "From=2026-11-03" },
                { "1GB monthly on 31", MONTHLY "From=2026-10-31" },
                { "1GB monthly on the last day", MONTHLY "From=2026-10-31" },
                { "1GB monthly on 25 at 12:00", MONTHLY "From=2026-11-25 12:00" },
                { "1GB monthly on 25 at 12:01", MONTHLY "From=2026-10-25 12:01" },
                { "1GB monthly from 10 Nov", MONTHLY "From=2026-11-10" },
                { "1GB monthly on 15 from 10 Nov",
                  "[Bucket monthly] Bytes=1GB|Starts=2026-11-10|Every=1 month|Day=15" },
                { "1GB monthly from first use",
                  "[Bucket monthly] Bytes=1GB|Starts=first-use|Every=1 month" },
                { "1GB monthly on 3 from first network",
                  "[Bucket monthly] Bytes=1GB|Starts=first-network|Every=1 month|Day=3" },
                { "1GB monthly from now", "[Bucket monthly] Bytes=1GB|Starts=now|Every=1 month" },
                { "1GB monthly for 3 months",
                  "[Bucket monthly] Bytes=1GB|Lasts=3 months|Every=1 month|From=2026-11-25" },
                { "1GB weekly", WEEKLY "From=2026-11-23" },
                { "1GB weekly on Wednesday", WEEKLY "From=2026-11-25" },
                { "1GB weekly on thu", WEEKLY "From=2026-11-19" },
                { "1GB weekly on Wed at 13:00", WEEKLY "From=2026-11-18 13:00" },
                { "1GB weekly from 1 Nov", WEEKLY "From=2026-11-01" },
                { "1GB weekly on Monday from 1 Nov",
                  "[Bucket weekly] Bytes=1GB|Starts=2026-11-01|Every=1 week|From=2026-10-26" },
                { "1GB daily", DAILY "From=2026-11-25" },
                { "1GB a day", DAILY "From=2026-11-25" },
                { "1GB each day", DAILY "From=2026-11-25" },
                { "1GB/day", DAILY "From=2026-11-25" },
                { "1GB daily at 01:00", DAILY "From=2026-11-25 01:00" },
                { "1GB daily at 1:00", DAILY "From=2026-11-25 01:00" },
                { "1GB daily at 13:00", DAILY "From=2026-11-24 13:00" },
                { "1GB daily at 13:00 for 7 days",
                  "[Bucket daily] Bytes=1GB|Lasts=7 days|Every=1 day|From=2026-11-25|At=13:00" },
                { "1GB daily at 01:00 from 19 Nov", DAILY "From=2026-11-19|At=01:00" },
                { "1GB daily from first use for 7 days",
                  "[Bucket daily] Bytes=1GB|Starts=first-use|Lasts=7 days|Every=1 day|At=00:00" },
                { "1GB every 24h", "[Bucket every 24h] Bytes=1GB|Every=24h" },
                { "1GB every 24h from first use",
                  "[Bucket every 24h] Bytes=1GB|Starts=first-use|Every=24h" },
                { "1GB every 28 days", "[Bucket every 28 days] Bytes=1GB|Every=28 days|"
                                       "From=2026-11-25" },
                { "1GB every 30 days from 2026-11-02 18:30",
                  "[Bucket every 30 days] Bytes=1GB|Every=30 days|From=2026-11-02 18:30" },
                { "1GB every 3 months on 1",
                  "[Bucket every 3 months] Bytes=1GB|Every=3 months|From=2026-11-01" },
                { "1GB yearly from 1 Apr", "[Bucket yearly] Bytes=1GB|Every=12 months|"
                                           "From=2026-04-01" },
        };

        assert_cases(cases, G_N_ELEMENTS(cases), NOW);
}

#define ONCE "[Bucket data] Bytes=1GB|"

static void test_dates(void) {
        static const Case cases[] = {
                { "1GB", "[Bucket data] Bytes=1GB" },
                { "1GB for 24h", ONCE "Lasts=24h" },
                { "1GB for a week", ONCE "Lasts=1 week" },
                { "1GB for 10days", ONCE "Lasts=10 days" },
                { "1GB for 10x24h", ONCE "Lasts=10x24h" },
                { "1GB for 2 calendar months", ONCE "Lasts=2 calendar months" },
                { "1GB for 1 year", ONCE "Lasts=12 months" },
                { "1GB valid for 90 minutes", ONCE "Lasts=90 minutes" },
                { "1GB from 19 Nov", ONCE "Starts=2026-11-19" },
                { "1GB from Nov 19", ONCE "Starts=2026-11-19" },
                { "1GB from the 19th of November", ONCE "Starts=2026-11-19" },
                { "1GB from 19 November 2025", ONCE "Starts=2025-11-19" },
                { "1GB from 5 Jan", ONCE "Starts=2027-01-05" },
                { "1GB from 1 jun", ONCE "Starts=2026-06-01" },
                { "1GB from 29 Feb", ONCE "Starts=2028-02-29" },
                { "1GB from today", ONCE "Starts=2026-11-25" },
                { "1GB from yesterday 18:30", ONCE "Starts=2026-11-24 18:30" },
                { "1GB from tomorrow", ONCE "Starts=2026-11-26" },
                { "1GB from now", ONCE "Starts=now" },
                { "1GB from install", ONCE "Starts=install" },
                { "1GB from first use abroad", ONCE "Starts=first-use-abroad" },
                { "1GB from first use, abroad", ONCE "Starts=first-use|Where=abroad" },
                { "1GB from first-use", ONCE "Starts=first-use" },
                { "1GB from first network", ONCE "Starts=first-network" },
                { "1GB from 2026-11-19T18:30", ONCE "Starts=2026-11-19 18:30" },
                { "1GB from 19 Nov 18:30", ONCE "Starts=2026-11-19 18:30" },
                { "1GB from 19 Nov at 18:30", ONCE "Starts=2026-11-19 18:30" },
                { "1GB starting 19 Nov", ONCE "Starts=2026-11-19" },
                /* the day that is named is the last one */
                { "1GB until 30 Nov", ONCE "Until=2026-12-01" },
                { "1GB until 30 Nov 23:59", ONCE "Until=2026-12-01" },
                { "1GB until 30 Nov 18:00", ONCE "Until=2026-11-30 18:00" },
                { "1GB until 24 Nov", ONCE "Until=2027-11-25" },
                { "1GB until today", ONCE "Until=2026-11-26" },
                { "1GB from 19 Nov until 30 Nov", ONCE "Starts=2026-11-19|Until=2026-12-01" },
        };

        assert_cases(cases, G_N_ELEMENTS(cases), NOW);
}

static void test_rest(void) {
        static const Case cases[] = {
                { "unlimited for 24h", "[Bucket data] Bytes=unlimited|Lasts=24h" },
                { "5 GiB", "[Bucket data] Bytes=5GiB" },
                { "1gb, MONTHLY, ON 15, LEFT 500mb",
                  MONTHLY "From=2026-11-15 (monthly left 500 MB)" },
                { "1GB then block", "[Plan] AtZero=block [Bucket data] Bytes=1GB" },
                { "1GB then 1Mbps", "[Plan] AtZero=throttle 1Mbit/s [Bucket data] Bytes=1GB" },
                { "1GB then 128 kbit/s",
                  "[Plan] AtZero=throttle 128kbit/s [Bucket data] Bytes=1GB" },
                { "1GB then throttled to 128kbit/s",
                  "[Plan] AtZero=throttle 128kbit/s [Bucket data] Bytes=1GB" },
                { "1GB then slowed down to 128kbit/s",
                  "[Plan] AtZero=throttle 128kbit/s [Bucket data] Bytes=1GB" },
                { "1GB then 220 JPY per 1GB",
                  "[Plan] AtZero=bill 220 JPY per 1GB [Bucket data] Bytes=1GB" },
                { "1GB then 220jpy per GB up to 2200 jpy",
                  "[Plan] AtZero=bill 220 JPY per 1GB up to 2200 JPY [Bucket data] Bytes=1GB" },
                { "1GB then 220 yen per 1GB",
                  "[Plan] AtZero=bill 220 JPY per 1GB [Bucket data] Bytes=1GB" },
                { "1GB then 0.10 EUR per 100 MB",
                  "[Plan] AtZero=bill 0.10 EUR per 100MB [Bucket data] Bytes=1GB" },
                { "1GB abroad", ONCE "Where=abroad" },
                { "1GB at home", ONCE "Where=home" },
                { "1GB in JP", ONCE "Where=440;441" },
                { "1GB in Japan and Korea, Taiwan or hong kong", ONCE "Where=440;441;450;466;454" },
                { "1GB abroad in Thailand", ONCE "Where=520" },
                { "1GB abroad Thailand", ONCE "Where=520" },
                { "1GB in Antigua and Barbuda and Cuba", ONCE "Where=344;368" },
                { "1GB in India", ONCE "Where=404;405;406" },
                { "1GB in in", ONCE "Where=404;405;406" },
                { "1GB in AT, in IN", ONCE "Where=232;404;405;406" },
                { "1GB in 440 441", ONCE "Where=440;441" },
                { "1GB daily in Austria at 01:00",
                  "[Bucket daily] Bytes=1GB|Every=1 day|From=2026-11-25 01:00|Where=232" },
                { "1GB in the USA for 3 days",
                  ONCE "Lasts=3 days|Where=310;311;312;313;314;315;316" },
                { "1GB monthly rollover", MONTHLY "From=2026-11-01|RollOver=1 period" },
                { "1GB monthly with rollover 3 periods",
                  MONTHLY "From=2026-11-01|RollOver=3 periods" },
                { "1GB monthly, rollover forever", MONTHLY "From=2026-11-01|RollOver=forever" },
                { "1GB monthly rollover, left 1.5GB",
                  MONTHLY "From=2026-11-01|RollOver=1 period (monthly left 1500 MB)" },
                { "1GB used 300 MB", "[Bucket data] Bytes=1GB (data used 300 MB)" },
                { "1GB, 300MB used", "[Bucket data] Bytes=1GB (data used 300 MB)" },
                { "1GB and 300MB left", "[Bucket data] Bytes=1GB (data left 300 MB)" },
                { "1GB, used 3GB", "[Bucket data] Bytes=1GB (data used 3000 MB)" },
                { "1GB zone asia/tokyo", "[Plan] Zone=Asia/Tokyo [Bucket data] Bytes=1GB" },
                { "1GB zone america/port-au-prince",
                  "[Plan] Zone=America/Port-au-Prince [Bucket data] Bytes=1GB" },
                { "1GB zone utc", "[Plan] Zone=UTC [Bucket data] Bytes=1GB" },
                { "1GB called Work SIM", "[Plan] Name=Work SIM [Bucket data] Bytes=1GB" },
                { "1GB called Work SIM, zone UTC",
                  "[Plan] Name=Work SIM|Zone=UTC [Bucket data] Bytes=1GB" },
                { "1GB called Work SIM zone UTC left 1GB",
                  "[Plan] Name=Work SIM|Zone=UTC [Bucket data] Bytes=1GB (data left 1000 MB)" },
                { "1GB called zone", "[Plan] Name=zone [Bucket data] Bytes=1GB" },
                { "1GB called the one for work", "[Plan] Name=the one for work [Bucket data] "
                                                 "Bytes=1GB" },
                { "1GB called \"Data in Japan, mine\" daily",
                  "[Plan] Name=Data in Japan, mine " DAILY "From=2026-11-25" },
                { "1GB monthly and 2GB monthly",
                  MONTHLY "From=2026-11-01 [Bucket monthly 2] Bytes=2GB|Every=1 "
                          "month|From=2026-11-01" },
                { "1GB monthly then 128kbit/s and 2GB for 3 days",
                  "[Plan] AtZero=throttle 128kbit/s " MONTHLY
                  "From=2026-11-01 [Bucket data] Bytes=2GB|Lasts=3 days" },
                { "1GB monthly then 128kbit/s and 2GB for 3 days then block",
                  "[Plan] AtZero=block " MONTHLY
                  "From=2026-11-01|AtZero=throttle 128kbit/s [Bucket data] Bytes=2GB|Lasts=3 "
                  "days" },
                { "20GB monthly then block and 1GB daily within it, left 300MB",
                  "[Plan] AtZero=block [Bucket monthly] Bytes=20GB|Every=1 month|From=2026-11-01 "
                  "[Bucket daily] Bytes=1GB|Every=1 day|From=2026-11-01|Within=monthly|AtZero="
                  "block (daily left 300 MB)" },
                { "20GB for 30 days from first use and 1GB daily within it",
                  "[Bucket data] Bytes=20GB|Starts=first-use|Lasts=30 days [Bucket daily] "
                  "Bytes=1GB|Starts=first-use|Every=1 day|At=00:00|Within=data" },
        };

        assert_cases(cases, G_N_ELEMENTS(cases), NOW);
}

/* The zone that is said is the one whose clock says what day it is. */
static void test_clock(void) {
        static const struct {
                const char *words, *lines;
                int64_t now;
        } cases[] = {
                { "1GB daily", DAILY "From=2026-11-26", NOW + 12 * 3600 },
                { "1GB daily", DAILY "From=2026-11-25", NOW + 12 * 3600 - 1 },
                { "1GB daily zone UTC",
                  "[Plan] Zone=UTC [Bucket daily] Bytes=1GB|Every=1 day|From=2026-11-25",
                  NOW + 12 * 3600 },
                { "1GB daily zone -03:30",
                  "[Plan] Zone=-03:30 [Bucket daily] Bytes=1GB|Every=1 day|From=2026-11-24", NOW },
                { "1GB monthly on 31", MONTHLY "From=2027-01-31", NOW + 95 * INT64_C(86400) },
                { "1GB until 28 Feb", ONCE "Until=2027-03-01", NOW + 95 * INT64_C(86400) },
                { "1GB until 29 Feb", ONCE "Until=2028-03-01", NOW + 95 * INT64_C(86400) },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                const Case one = { cases[i].words, cases[i].lines };

                assert_cases(&one, 1, cases[i].now);
        }
}

static void assert_refused(const char *words, int64_t now, const char *part) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(HOME);
        g_autofree char *error = NULL;
        Words *w = NULL;

        if (words_read(words, now, zone, &w, &error) != -EINVAL)
                g_error("%s is taken", words);
        g_assert_null(w);
        g_assert_true(g_utf8_validate(error, -1, NULL));
        if (!strstr(error, part))
                g_error("%s: %s", words, error);
}

static void test_refused(void) {
        static const struct {
                const char *words, *part;
        } cases[] = {
                { "", "say what was bought, for example 20GB monthly on 15" },
                { " , ", "say what was bought" },
                { "monthly", "\"monthly\" is no amount; begin with one such as 5GB, 500MB or" },
                { "5", "\"5\" is no amount" },
                { "5G monthly", "\"5G\" is no amount" },
                { "-5GB", "\"-5GB\" is no amount" },
                { "0GB monthly", "\"0gb\" is too little or too much; a size is from 1B" },
                { "9999999999999TB", "is too little or too much" },
                { "6,3GB monthly", "\"6,3\": decimals have a point, such as 6.3GB" },
                { "10GB, left 6,3GB", "decimals have a point" },
                { "\xff", "this is not UTF-8" },
                { "10GB called \"x", "a quotation mark (\") has no second one" },
                { "10GB montly", "\"montly\" is not understood; did you mean monthly?" },
                { "10GB dayly", "did you mean daily?" },
                { "10GB 10 days",
                  "\"10 days\": say for 10 days, if it lasts so long, or every 10 days" },
                { "10GB 10", "\"10\" is not understood; an example: 10GB for 10 days" },
                { "10GB/fortnight", "\"10GB/fortnight\" is no amount" },
                { "10GB blorp", "\"blorp\" is not understood; an example" },
                { "10GB \"quoted\"", "is not understood" },
                { "10GB 5GB", "one amount after another \"5GB\": say and between them" },
                { "10GB monthly and", "say what was bought" },
                { "10GB monthly and quickly", "\"quickly\" is no amount" },
                { "10GB daily weekly", "how often it begins again is said twice" },
                { "10GB every", "every: what? say for example every 28 days" },
                { "10GB every moon", "every \"moon\": say for example every 28 days" },
                { "10GB every 30 minutes", "every: the least is every 1h" },
                { "10GB every 0 days",
                  "\"0 days\" is too little or too much; a length is at most" },
                { "10GB monthly on", "on: what? say a day of the month or of the week" },
                { "10GB monthly on 32", "\"32\" is too little or too much; a day of the month is" },
                { "10GB monthly on 0", "a day of the month is from 1 to 31" },
                { "10GB monthly on May", "on \"May\": say a day of the month or of the week" },
                { "10GB monthly on 1 on 2", "on DAY is said twice" },
                { "10GB monthly on Monday", "a day of the week is for what comes weekly" },
                { "10GB weekly on 15", "a day of the month is for what comes monthly" },
                { "10GB daily on 15", "a day of the month is for what comes monthly" },
                { "10GB on 15",
                  "a day of the month is for what comes monthly; say for example 20GB" },
                { "10GB at 01:00", "at is the time at which it begins again" },
                { "10GB from first use at 01:00", "at is the time at which it begins again" },
                { "10GB daily at 25:00", "\"25:00\" is too little or too much; a time of day is" },
                { "10GB daily at 1am", "at \"1am\": say a time of day, for example at 01:00" },
                { "10GB daily at", "at: what? say a time of day" },
                { "10GB daily at 01:00 at 02:00", "at HH:MM is said twice" },
                { "10GB for", "for: what? say a length, for example for 10 days" },
                { "10GB for ever", "for \"ever\": say a length" },
                { "10GB for 10", "for \"10\": say a length" },
                { "10GB for 200 years", "\"200 years\" is too little or too much; a length is at" },
                { "10GB for 1 day for 2 days", "for LENGTH is said twice" },
                { "10GB for 1 day until 30 Nov", "for and until both say the end" },
                { "10GB from", "from: what? say a date, for example from 19 Nov, from today" },
                { "10GB from monday", "from \"monday\": say a date" },
                { "10GB from 19/11", "\"19/11\": which is the day, and which the month?" },
                { "10GB from 19.11.2026", "which is the day, and which the month?" },
                { "10GB from 31 Nov", "there is no such day: the 31. of month 11" },
                { "10GB from 29 Feb 2027", "there is no such day" },
                { "10GB from 19 Nov 1950", "there is no such day" },
                { "10GB from 2026-11-31", "there is no 2026-11-31; dates are of the years" },
                { "10GB from 19 Nov 24:30", "\"24:30\" is too little or too much" },
                { "10GB from today from today", "from is said twice" },
                { "10GB from first", "from \"first\": say a date" },
                { "10GB until", "until: what? say a date, for example until 30 Nov" },
                { "10GB until soon", "until \"soon\": say a date" },
                { "10GB until 30 Nov until 1 Dec", "until is said twice" },
                { "10GB until yesterday", "until: that is before it begins; say a later day" },
                { "10GB from 30 Nov until 28 Nov", "until: that is before it begins" },
                { "10GB until 25 Nov 2025", "until: that is before it begins" },
                { "10GB until today 12:00", "until: that is before it begins" },
                { "10GB until 31 Dec 9998", "until: that is too far away" },
                { "10GB then", "then: what? say what happens at zero: block, a rate such as" },
                { "10GB then slow", "then: what? say what happens at zero" },
                { "10GB then 128k", "then \"128k\": say what happens at zero" },
                { "10GB then 0kbit/s", "\"0kbit/s\" is too little or too much; say block" },
                { "10GB then 220 JPY", "then: what? a price is per SIZE, for example 220 JPY per" },
                { "10GB then 220 euro per GB", "then \"220\": say what happens at zero" },
                { "10GB then $5 per GB", "then \"$5\": say what happens at zero" },
                { "10GB then 220 JPY per day", "per \"day\": say a size" },
                { "10GB then 220 JPY per 1GB up to 10", "up to \"10\": say a price" },
                { "10GB then 220 JPY per 1GB up to 10 EUR", "EUR beside JPY: say one currency" },
                { "10GB then block then block", "then is said twice" },
                { "10GB in", "in: what? no such country is known" },
                { "10GB in Narnia",
                  "in \"Narnia\": no such country is known; say for example in Ja" },
                { "10GB in Asia", "in \"Asia\": no such country is known" },
                { "10GB in 44", "in \"44\": no such country is known" },
                { "10GB in Japan abroad", "where is said twice" },
                { "10GB in Japan, Narnia", "\"Narnia\" is not understood" },
                { "10GB rollover", "nothing rolls over that does not begin again" },
                { "unlimited monthly rollover", "nothing rolls over of unlimited" },
                { "10GB monthly rollover rollover", "rollover is said twice" },
                { "10GB zone", "zone: what? say for example zone Asia/Tokyo" },
                { "10GB zone UTC+8", "zone \"UTC+8\": is no zone; say a name such as Asia/Tokyo" },
                { "10GB zone JST", "zone \"JST\": is no zone" },
                { "10GB zone UTC zone UTC", "zone is said twice" },
                { "10GB left", "left: what? say how much, for example left 6.3GB" },
                { "10GB left most", "left \"most\": say how much" },
                { "10GB left 6", "left \"6\": is no size; say for example left 6.3GB" },
                { "10GB left 11GB", "more is left than there is" },
                { "10GB left 1GB used 9GB", "left or used is said twice" },
                { "10GB left 1GB, 9GB used", "left or used is said twice" },
                { "unlimited left 1GB", "of unlimited, nothing can be left; say used SIZE" },
                { "10GB within it",
                  "within what? Say for example 20GB monthly on 1 and 1GB daily" },
                { "20GB monthly and 1GB daily within", "within: what? say it, for example" },
                { "20GB monthly and 1GB daily within 20GB", "within \"20GB\": say it" },
                { "10GB called", "called: what? Say for example called Work SIM" },
                { "10GB called a, called b", "called is said twice" },
                { "1GB and 1GB and 1GB and 1GB and 1GB and 1GB and 1GB and 1GB and 1GB",
                  "more than 8 amounts" },
        };
        g_autofree char *name = g_strnfill(129, 'x'),
                        *words = g_strconcat("1GB called ", name, NULL);
        g_autofree char *blanks = g_strnfill(WORDS_MAX_BYTES + 1, ' ');

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                assert_refused(cases[i].words, NOW, cases[i].part);

        assert_refused(words, NOW, "this name is longer than 128 bytes");
        assert_refused(blanks, NOW, "longer than 1000 bytes");
        assert_refused("1GB monthly", 0, "the clock is not set (it says 1970)");
        assert_refused("1GB monthly", INT64_MAX, "the clock is not set");
        assert_refused("1GB monthly", INT64_C(253402300799), "the clock is not set");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/words/examples", test_examples);
        g_test_add_func("/words/periods", test_periods);
        g_test_add_func("/words/dates", test_dates);
        g_test_add_func("/words/rest", test_rest);
        g_test_add_func("/words/clock", test_clock);
        g_test_add_func("/words/refused", test_refused);
        return g_test_run();
}
