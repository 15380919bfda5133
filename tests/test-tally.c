/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The keys of a plan one by one, and what events do. The carriers' plans are in test-tally-plans.
 */

#include "tally-script.h"

#include <string.h>

#include "calendar.h"

#define MONTHLY "[Plan]\nZone=Asia/Tokyo\n[Bucket m]\nBytes=10GB\nEvery=1 month\nFrom=2026-11-01\n"

static void test_edges(void) {
        static const char days[] = "[Plan]\nZone=Asia/Tokyo\n[Bucket b]\nBytes=1GB\n"
                                   "Starts=first-use\nLasts=10 days\n[TopUp t]\nBytes=1GB\n"
                                   "Adds=1 day\n";
        static const ScriptRow rows[] = {
                { "2026-11-19 12:00", NULL, "waiting, left 1GB, limit 1GB, expires -, start -",
                  "an unbegun bucket has 0 for its instants" },
                { "2026-11-19 23:59:59", "use 1MB",
                  "ok, start 2026-11-19 23:59:59, "
                  "expires 2026-11-29",
                  "first use at 23:59:59: that day is day 1" },
                { "2026-11-28 23:59:59", "topup t", "ok, left 1999MB, expires 2026-11-30",
                  "a top-up in the last second" },
                { "2026-11-29 23:59:59", NULL, "ok, left 1999MB", "the midnight after" },
                { "2026-11-30 00:00", NULL,
                  "expired, left 0B, used 1MB, limit 2GB, rate -, lifts -, b: left 0B used 1MB expired",
                  "an expired plan must not look active" },
                { "2026-12-24 00:00", "use 5MB",
                  "expired, left 0B, after 5MB, b: left 0B used 1MB over 0B", "" },
        };

        SCRIPT(days, rows);
}

static void test_after_expiry(void) {
        static const char week[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=1GB\nLasts=7 days\n"
                                   "[TopUp t]\nBytes=1GB\nLasts=1 day\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 09:00", "use 1.2GB", "exhausted, over 200MB, after 0B",
                  "what is too much is not what comes after" },
                { "2026-11-08 00:00", NULL, "expired, after 0B", "" },
                { "2026-11-08 00:00", "use 3MB", "expired, after 3MB", "its first second" },
                { "2026-11-09 00:00", "use 4MB", "expired, after 7MB", "" },
                { "2026-11-10 00:00", "topup t", "ok, after 0B", "it goes on" },
                { "2026-11-10 10:00", "use 5MB", "ok, left 995MB, after 0B", "" },
                { "2026-11-12 00:00", NULL, "expired, after 0B", "and ends again" },
                { "2026-11-12 09:00", "use 6MB", "expired, after 6MB", "" },
        };

        SCRIPT(week, rows);
}

static void test_starts(void) {
        static const char after[] =
                "[Plan]\nZone=Asia/Tokyo\n[Bucket a]\nBytes=1GB\nLasts=10 days\n"
                "[Bucket b]\nBytes=2GB\nStarts=after a\nLasts=10 days\n";
        static const ScriptRow by_end[] = {
                { "2026-11-01 09:00", NULL, "ok, left 1GB, b: waiting", "Starts=after" },
                { "2026-11-11 00:00", NULL, "ok, left 2GB, expires 2026-11-21, a: expired",
                  "after its end" },
                { "2026-11-21 00:00", NULL, "expired", "" },
        };
        static const ScriptRow by_use[] = {
                { "2026-11-01 09:00", NULL, "ok", "" },
                { "2026-11-03 09:00", "use 1.5GB",
                  "ok, left 1.5GB, used 1.5GB, a: left 0B, b: left 1.5GB expires 2026-11-13",
                  "after it is used up" },
        };
        static const char abroad[] =
                "[Plan]\nZone=Asia/Tokyo\n[Bucket home]\nBytes=5GB\nEvery=1 month\nFrom=2026-11-01\n"
                "Where=home\n[Bucket eu]\nBytes=3GB\nStarts=first-use-abroad\nWhere=262;208\n"
                "Lasts=7 days\n";
        static const ScriptRow abroad_rows[] = {
                { "2026-11-01 00:00", "use 1GB", "ok, left 4GB, eu: waiting", "" },
                { "2026-11-02 00:00", "use 1GB abroad 310", "ok, nothing here, eu: waiting", "" },
                { "2026-11-03 10:00", "use 1GB abroad 208",
                  "ok, left 2GB, expires 2026-11-10, home: left 4GB", "first-use-abroad" },
                { "2026-11-10 00:00", NULL, "ok, left 4GB, nothing here, eu: expired", "" },
                { "2026-11-11 00:00", "use 1GB", "ok, left 3GB", "" },
        };
        static const char bought[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=1GB\nStarts=install\n"
                                     "Bought=2026-10-01\nActivateWithin=30 days\nLasts=5 days\n";
        static const ScriptRow lapsed[] = {
                { "2026-11-05 00:00", "install", "expired, b: lapsed expired", "Bought=" },
        };
        static const char from[] =
                "[Plan]\nZone=UTC\n[Bucket b]\nBytes=1GB\nEvery=1 month\nDay=15\n";
        static const ScriptRow running[] = {
                { "2026-11-24 18:00", NULL, "ok, start 2026-11-15, end 2026-12-15",
                  "the period that runs began before it was told" },
        };

        SCRIPT(after, by_end);
        SCRIPT(after, by_use);
        SCRIPT(abroad, abroad_rows);
        SCRIPT(bought, lapsed);
        SCRIPT(from, running);
}

/* What was counted before the plan was told counts, as far as the plan's dates reach back. */
static void test_told_late(void) {
        g_autoptr(Plan) plan = script_plan(MONTHLY);
        TallyItem items[] = {
                { .kind = TALLY_USAGE, .at = 1793000000, .usage = { .bytes = { 1000, 1 } } },
                { .kind = TALLY_USAGE, .at = 1793600000, .usage = { .bytes = { 2000, 2 } } },
                { .kind = TALLY_PLAN, .at = 1794000000, .id = 1, .contract = { plan, false } },
                { .kind = TALLY_USAGE, .at = 1794100000, .usage = { .bytes = { 4000, 4 } } },
        };
        g_autoptr(Tally) t = tally_replay(items, G_N_ELEMENTS(items));
        g_auto(TallyAnswer) a = tally_at(t, 1794200000);

        /* 2026-11-01 in Tokyo is 1793458800. */
        g_assert_cmpint(a.period_start, ==, 1793458800);
        g_assert_cmpuint(a.used, ==, 6006);
        g_assert_cmpint(a.contract_since, ==, 1794000000);
}

static void test_amend(void) {
        g_autoptr(Plan) first = script_plan(MONTHLY);
        g_autoptr(Plan) second = script_plan("[Plan]\n[Bucket b]\nBytes=20GB\nEvery=1 month\n"
                                             "From=2026-11-01\n");
        g_autoptr(Plan) third = script_plan("[Plan]\n[Bucket c]\nBytes=1GB\n");
        TallyItem items[] = {
                { .kind = TALLY_PLAN, .at = 1794000000, .id = 1, .contract = { first, false } },
                { .kind = TALLY_USAGE, .at = 1794100000, .usage = { .bytes = { 4000, 4 } } },
                { .kind = TALLY_PLAN, .at = 1794200000, .id = 2, .contract = { second, true } },
                { .kind = TALLY_PLAN, .at = 1794300000, .id = 3, .contract = { NULL, false } },
                { .kind = TALLY_PLAN, .at = 1794400000, .id = 4, .contract = { third, true } },
                { .kind = TALLY_PLAN, .at = 1794500000, .id = 5, .contract = { first, true } },
        };
        g_autoptr(Tally) t = NULL;

        tally_amend(items, G_N_ELEMENTS(items));
        g_assert_true(items[0].contract.plan == second);
        g_assert_false(items[4].contract.amends);
        g_assert_true(items[4].contract.plan == first);

        t = tally_replay(items, 3);
        {
                g_auto(TallyAnswer) a = tally_at(t, 1794200000);

                g_assert_cmpuint(a.limit, ==, 20000000000);
                g_assert_cmpuint(a.used, ==, 4004);
        }
        tally_feed(t, &items[3]);
        {
                g_auto(TallyAnswer) a = tally_at(t, 1794300000);

                g_assert_cmpint(a.state, ==, TALLY_NONE);
                g_assert_null(a.plan);
        }
}

static void test_contract_change(void) {
        static const char next[] =
                "[Plan]\nZone=Asia/Tokyo\n[Bucket n]\nBytes=20GB\nEvery=1 month\n"
                "From=2026-11-01\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", "use 9GB", "low, left 1GB", "" },
                { "2026-12-10 00:00", "use 4GB", "ok, left 6GB", "" },
                { "2026-12-17 00:00", next,
                  "ok, left 20GB, used 0B, start 2026-12-17, end 2027-01-01",
                  "a new contract from an instant" },
                { "2026-12-18 00:00", "use 1GB", "ok, left 19GB", "" },
        };
        g_autoptr(GPtrArray) plans = script_plans();
        g_autoptr(Tally) t = script_tally(MONTHLY, rows, G_N_ELEMENTS(rows), plans);
        g_autoptr(GTimeZone) tokyo = g_time_zone_new_identifier("Asia/Tokyo");
        g_autoptr(GArray) periods =
                tally_periods(t, 0, PERIOD_NEVER, script_instant(tokyo, "2026-12-20"));
        const TallyBucket *p = (const TallyBucket *) (void *) periods->data;

        SCRIPT(MONTHLY, rows);
        g_assert_cmpuint(periods->len, ==, 3);
        g_assert_cmpuint(p[0].used, ==, 9000000000); /* last month, unchanged */
        g_assert_cmpint(p[0].period_end, ==, script_instant(tokyo, "2026-12-01"));
        g_assert_cmpuint(p[1].used, ==, 4000000000);
        g_assert_cmpint(p[1].period_end, ==, script_instant(tokyo, "2026-12-17"));
        g_assert_cmpuint(p[2].used, ==, 1000000000);
        g_assert_cmpint(p[2].period_start, ==, script_instant(tokyo, "2026-12-17"));
}

static void test_within(void) {
        static const char plan[] = "[Plan]\nZone=Asia/Tokyo\nAtZero=throttle 300kbit/s\n"
                                   "[Bucket month]\nBytes=3GB\nEvery=1 month\nFrom=2026-11-01\n"
                                   "[Bucket day]\nBytes=1GB\nEvery=1 day\nWithin=month\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", "use 600MB", "ok, left 2.4GB, day: left 400MB", "both" },
                { "2026-11-01 10:00", "use 600MB",
                  "throttled, left 2GB, over 200MB, day: left 0B over 200MB rate 300kbit/s, "
                  "lifts 2026-11-02",
                  "1 GB a day within 3 GB a month" },
                { "2026-11-02 00:00", "use 1GB", "throttled, left 1GB, lifts 2026-11-03", "" },
                { "2026-11-03 00:00", "use 2GB",
                  "throttled, left 0B, month: left 0B, day: left 0B over 1GB, lifts 2026-12-01",
                  "" },
                { "2026-11-04 00:00", "use 1MB",
                  "throttled, month: left 0B over 1MB, day: left 1GB, lifts 2026-12-01",
                  "nothing is left of the month" },
        };

        SCRIPT(plan, rows);
}

static void test_order(void) {
        static const char plan[] =
                "[Plan]\nZone=UTC\n[Bucket late]\nBytes=1GB\nUntil=2026-12-20\n"
                "[Bucket soon]\nBytes=1GB\nUntil=2026-12-10\n"
                "[Bucket first]\nBytes=1GB\nUntil=2026-12-30\nOrder=-1\n"
                "[Bucket pass]\nBytes=unlimited\nStarts=2026-11-05\nUntil=2026-11-06\nOrder=9\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", "use 500MB", "ok, first: left 500MB, soon: left 1GB",
                  "Order" },
                { "2026-11-05 00:00", "use 9GB", "ok, unlimited, used 9GB, first: left 500MB",
                  "a running unlimited bucket goes before all" },
                { "2026-11-06 00:00", "use 1GB", "ok, left 1.5GB, first: left 0B, soon: left 500MB",
                  "the one that expires first" },
                { "2026-11-07 00:00", "use 1GB", "low, left 500MB, soon: left 0B, late: left 500MB",
                  "" },
                { "2026-11-08 00:00", "use 600MB", "exhausted, left 0B, late: over 100MB, lifts -",
                  "" },
        };

        SCRIPT(plan, rows);
}

static void test_at_zero(void) {
        static const char plan[] =
                "[Plan]\nZone=UTC\nAtZero=bill 1 EUR per 100MB\n"
                "[Bucket day]\nBytes=1GB\nEvery=1 day\nLasts=7 days\nAtZero=throttle 128kbit/s\n"
                "[Bucket other]\nBytes=1GB\nUntil=2026-12-31\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 12:00", "use 1.1GB", "throttled, rate 128kbit/s, other: left 1GB",
                  "what it says happens, and not next" },
                { "2026-11-01 13:00", "buy 1GB for 1 day", "ok, rate -", "a top-up lifts" },
                { "2026-11-01 14:00", "use 1GB", "throttled, other: left 1GB", "" },
                { "2026-11-08 00:00", "use 1GB", "low, left 0B, charged 0", "" },
                { "2026-11-08 01:00", "use 250MB", "billing, over 250MB, charged 3", "the plan's" },
        };

        SCRIPT(plan, rows);
}

static void test_hours(void) {
        static const char plan[] =
                "[Plan]\nZone=Europe/Berlin\n"
                "[Bucket day]\nBytes=1GB\nEvery=1 month\nFrom=2026-11-01\n"
                "Free=Sat,Sun 00:00-24:00\n"
                "[Bucket night]\nBytes=2GB\nEvery=1 month\nFrom=2026-11-01\nHours=23:00-06:00\n"
                "Order=-1\n";
        static const ScriptRow rows[] = {
                { "2026-11-02 12:00", "use 900MB", "low, left 100MB, night: left 2GB", "a Monday" },
                { "2026-11-02 23:00", "use 1GB", "low, day: left 100MB, night: left 1GB", "Hours" },
                { "2026-11-03 05:59:59", "use 500MB", "low, night: left 500MB", "Hours" },
                { "2026-11-03 06:00", "use 100MB", "exhausted, left 0B, day: left 0B", "Hours" },
                { "2026-11-07 12:00", "use 5GB", "ok, day: left 0B used 1GB over 0B",
                  "hours not counted" },
                { "2026-11-09 00:00", "use 1GB",
                  "exhausted, night: left 0B over 0B, day: over 500MB",
                  "the last one is past its zero" },
        };

        SCRIPT(plan, rows);
}

static void test_rolling(void) {
        static const char plan[] = "[Plan]\nZone=UTC\nAtZero=throttle 1Mbit/s\n"
                                   "[Bucket b]\nBytes=10GB\nRolling=3 days\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 12:00", "use 6GB", "ok, left 4GB", "" },
                { "2026-11-02 12:00", "use 5GB", "throttled, left 0B, over 1GB, lifts 2026-11-04",
                  "" },
                { "2026-11-04 00:00", NULL, "ok, left 6GB, used 4GB, over 0B",
                  "the 1st is no longer one of the last 3 days" },
                { "2026-11-05 00:00", NULL, "ok, left 10GB", "" },
        };

        SCRIPT(plan, rows);
}

static void test_roll_over(void) {
        static const char plan[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=1GB\nEvery=1 month\n"
                                   "From=2026-11-01\nRollOver=forever\nRollOverCap=3GB\n"
                                   "RollOverLasts=45 days\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", NULL, "ok, left 1GB", "" },
                { "2026-12-01 00:00", NULL, "ok, left 2GB, b: rolled 1GB", "" },
                { "2027-01-01 00:00", NULL, "ok, left 3GB, b: rolled 2GB", "" },
                { "2027-01-02 00:00", "use 500MB", "ok, left 2.5GB", "rolled data is used first" },
                { "2027-01-15 00:00", NULL, "ok, left 2GB, used 500MB, b: rolled 1.5GB",
                  "December's roll is 45 days old: what is left of it goes" },
        };
        static const char capped[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=1GB\nEvery=24h\n"
                                     "From=2026-11-01\nRollOver=forever\nRollOverCap=3GB\n";
        static const ScriptRow capped_rows[] = {
                { "2026-11-01 00:00", NULL, "ok, left 1GB", "" },
                { "2036-11-01 00:00", NULL, "ok, left 4GB, b: rolled 3GB", "the cap" },
        };
        static const char corrected[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=5GB\nEvery=1 month\n"
                                        "From=2026-11-01\nRollOver=1 period\n";
        static const ScriptRow corrected_rows[] = {
                { "2026-11-01 00:00", "use 1GB", "ok, left 4GB", "" },
                { "2026-11-20 00:00", "left 3GB", "ok, left 3GB, used 2GB", "" },
                { "2026-12-01 00:00", NULL, "ok, left 8GB", "corrected use is what rolls over" },
        };

        SCRIPT(plan, rows);
        SCRIPT(capped, capped_rows);
        SCRIPT(corrected, corrected_rows);
}

/* The carrier's figures beside our own. */
static void test_reports(void) {
        static const char plan[] = "[Plan]\nZone=UTC\n[Bucket m]\nBytes=10GB\nEvery=1 month\n"
                                   "From=2026-11-01\n";
        static const ScriptRow rows[] = {
                { "2026-11-02 00:00", "use 1GB", "ok, left 9GB, agrees, drift 0", "" },
                { "2026-11-02 01:00", "report left 8.8GB to 100MB",
                  "ok, left 8.8GB, differs, drift 0", "1.2 GB used, and not 1" },
                { "2026-11-02 02:00", "use 1GB", "ok, left 7.8GB, differs", "" },
                { "2026-11-02 03:00", "report left 7.7GB to 100MB",
                  "ok, left 7.7GB, agrees, drift 10", "1.1 GB, where we counted 1" },
                { "2026-11-02 04:00", "use 1GB", "ok, left 6.7GB", "" },
                { "2026-11-02 05:00", "report used 4.5GB to 100MB",
                  "ok, left 5.5GB, differs, drift 65", "2.2 GB more; 3.3 in all to our 2" },
                { "2026-11-02 06:00", "report left 6.5GB to 100MB", "ok, left 5.5GB, question",
                  "looks like +1 GB: not taken over" },
                { "2026-11-02 07:00", "buy 1GB until 2026-12-01", "ok, left 6.5GB, agrees",
                  "so it was" },
                { "2026-11-02 08:00", "report left 6.5GB to 100MB", "ok, left 6.5GB, agrees", "" },
                { "2026-11-02 09:00", "report left 9GB to 1GB", "ok, left 6.5GB, question", "" },
                { "2026-11-02 10:00", "left 9GB", "ok, left 9GB, agrees", "the owner's word" },
                { "2026-11-02 11:00", "report left 9.04GB to 10MB", "ok, left 9.04GB, agrees",
                  "who said \"9 GB\" knew no better" },
                { "2026-12-01 00:00", NULL, "ok, left 10GB, agrees", "another period" },
                { "2026-12-02 00:00", "use 500MB", "ok, left 9.5GB", "" },
                { "2026-12-02 01:00", "report left 9.7GB to 10MB", "ok, left 9.7GB, differs",
                  "not all that we counted was billed" },
                { "2026-12-02 02:00", "use 100MB", "ok, left 9.6GB", "" },
                { "2026-12-02 03:00", "report left 9.7GB to 10MB", "ok, left 9.7GB, differs",
                  "free bytes are no jump" },
                { "2026-12-02 04:00", "report left 12GB to 10MB", "ok, left 9.7GB, question",
                  "more than there ever was" },
                { "2027-01-01 00:00", NULL, "ok, left 10GB, agrees", "which is over" },
                { "2027-01-01 01:00", "report left 10GB to 10MB", "ok, left 10GB, agrees", "" },
        };
        static const char unlimited[] = "[Plan]\nZone=UTC\n[Bucket u]\nBytes=unlimited\n";
        static const ScriptRow unlimited_rows[] = {
                { "2026-11-02 00:00", "use 1GB", "ok, used 1GB, agrees", "" },
                { "2026-11-02 01:00", "report used 1.2GB to 100MB", "ok, used 1.2GB, differs", "" },
                { "2026-11-02 02:00", "use 1GB", "ok, used 2.2GB", "" },
                { "2026-11-02 03:00", "report used 2.15GB to 10MB", "ok, used 2.15GB, agrees",
                  "less is no question here" },
        };

        SCRIPT(plan, rows);
        SCRIPT(unlimited, unlimited_rows);
}

static void test_figures(void) {
        static const char plan[] = "[Plan]\nZone=UTC\nLag=30 minutes\n"
                                   "[Bucket a]\nBytes=2GB\nUntil=2026-12-01\n"
                                   "[Bucket b]\nBytes=8GB\nUntil=2027-01-01\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", "use 1GB", "ok, left 9GB, a: left 1GB", "" },
                { "2026-11-02 00:00", "left 6GB", "ok, left 6GB, a: left 0B, b: left 6GB",
                  "the difference taken in the order of use" },
                { "2026-11-03 00:00", "left 8.5GB", "ok, left 8.5GB, b: left 8GB, a: left 500MB",
                  "" },
                { "2026-11-03 01:00", "left 12GB",
                  "ok, left 12GB, limit 12GB, used 0B, a: left 4GB", "more than there was" },
                { "2026-11-03 02:00", "used 3GB of b", "ok, left 9GB, b: left 5GB used 3GB", "" },
                { "2026-11-04 00:00", "report left 8GB to 1GB", "ok, left 8GB", "1 GB off" },
                { "2026-11-04 02:00", "use 310MB", "ok, left 7.69GB", "" },
                { "2026-11-04 03:00", "report left 7GB to 1GB", "ok, left 7.69GB",
                  "\"7 GB\" does not overwrite 7.69" },
                { "2026-11-04 04:00", "report left 6GB to 1GB", "ok, left 6GB", "" },
                { "2026-11-04 04:40", "use 500MB", "low, left 5.5GB, a: left 500MB", "80 % of a" },
                { "2026-11-04 05:00", "report left 6GB to 10MB", "low, left 5.5GB",
                  "a report that lags does not know of it" },
                { "2026-11-04 06:00", "report left 5GB to 10MB", "ok, left 5GB", "" },
                { "2026-11-05 00:00", "good until 2026-12-24 of b", "ok, b: expires 2026-12-24",
                  "" },
                { "2026-12-25 00:00", NULL, "expired", "" },
                { "2026-12-25 01:00", "left 2GB of b good until 2026-12-31",
                  "ok, left 2GB, expires 2026-12-31", "it goes on after all" },
                { "2026-12-26 00:00", "used 20GB", "exhausted, left 0B, over 12GB", "" },
        };
        static const char waiting[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=10GB\n"
                                      "Starts=first-use\nLasts=10 days\n";
        static const ScriptRow waiting_rows[] = {
                { "2026-11-01 00:00", "left 10GB", "waiting", "nothing is used" },
                { "2026-11-02 00:00", "left 6.3GB", "ok, left 6.3GB, expires 2026-11-12",
                  "what is used has begun" },
        };

        SCRIPT(plan, rows);
        SCRIPT(waiting, waiting_rows);
}

static void test_limits(void) {
        static const char over[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=unlimited\nEvery=1 month\n"
                                   "From=2026-11-01\n[Limit l]\nOver=3GB in 24h\n"
                                   "Then=throttle 1Mbit/s\n";
        static const ScriptRow over_rows[] = {
                { "2026-11-01 10:00", "use 2GB", "ok", "" },
                { "2026-11-01 12:00", "use 2GB", "throttled, rate 1Mbit/s, lifts 2026-11-02 10:00",
                  "more than 3 GB in 24 h" },
                { "2026-11-02 09:59:59", NULL, "throttled", "" },
                { "2026-11-02 10:00", NULL, "ok, rate -", "" },
        };
        static const char period[] =
                "[Plan]\nZone=UTC\n[Bucket b]\nBytes=unlimited\nEvery=1 month\n"
                "From=2026-11-01\n[Limit l]\nOver=3GB in 60 days\n"
                "Then=block\nUntil=next-period\n";
        static const ScriptRow period_rows[] = {
                { "2026-11-20 10:00", "use 3.5GB", "exhausted, lifts 2026-12-01", "Until=" },
                { "2026-12-01 00:00", "use 1GB", "ok", "it begins anew" },
        };
        static const char hours[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=unlimited\nEvery=1 month\n"
                                    "From=2026-11-01\n[Limit l]\nOver=3GB in 2 days\n"
                                    "Then=throttle 1Mbit/s\nDuring=20:00-23:00\nWhere=home\n";
        static const ScriptRow hours_rows[] = {
                { "2026-11-01 21:00", "use 3.5GB", "throttled, lifts 2026-11-01 23:00", "During=" },
                { "2026-11-01 22:00", "use 1GB abroad 310", "ok", "Where=home" },
                { "2026-11-01 22:30", "use 1kB", "throttled", "" },
                { "2026-11-01 23:00", NULL, "ok", "" },
                { "2026-11-02 20:00", NULL, "throttled, lifts 2026-11-02 23:00", "" },
                { "2026-11-03 20:00", NULL, "ok", "2 days" },
        };
        static const char after[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=9GB\n[Limit l]\n"
                                    "After=2 days from first-use\nThen=block at 06:00\n";
        static const ScriptRow after_rows[] = {
                { "2026-11-01 10:00", "use 1GB", "ok", "" },
                { "2026-11-03 05:59:59", NULL, "ok", "at 06:00" },
                { "2026-11-03 06:00", NULL, "exhausted, left 8GB", "at 06:00" },
        };

        SCRIPT(over, over_rows);
        SCRIPT(period, period_rows);
        SCRIPT(hours, hours_rows);
        SCRIPT(after, after_rows);
}

static void test_sessions(void) {
        static const char start[] = "[Plan]\nZone=UTC\nSession=start\n[Bucket b]\nBytes=5GB\n"
                                    "Every=1 month\nFrom=2026-11-01\nRollOver=1 period\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", "use 1GB session 1", "ok, left 4GB", "" },
                { "2026-11-30 23:00", "use 1GB session 2", "ok, left 3GB", "" },
                { "2026-12-01 01:00", "use 1GB session 2", "ok, left 7GB, used 0B, b: rolled 2GB",
                  "it belongs to the month in which it began" },
                { "2026-12-01 02:00", "use 1GB session 3", "ok, left 6GB", "" },
        };
        static const char rx[] = "[Plan]\nZone=UTC\nCount=rx\n[Bucket b]\nBytes=5GB\n";
        static const ScriptRow rx_rows[] = {
                { "2026-11-01 00:00", "use 1GB up 3GB", "ok, left 4GB", "Count=rx" },
        };

        SCRIPT(start, rows);
        SCRIPT(rx, rx_rows);
}

static void assert_next(const char *plan, const ScriptRow *rows, gsize n, const char *boundary,
                        uint64_t bytes) {
        g_autoptr(GPtrArray) plans = script_plans();
        g_autoptr(Tally) t = script_tally(plan, rows, n, plans);
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        int64_t now = script_instant(utc, rows[n - 1].at), next = tally_next_boundary(t, now);

        g_assert_cmpint(next, ==, boundary ? script_instant(utc, boundary) : PERIOD_NEVER);
        g_assert_cmpuint(tally_bytes_to_next_level(t, now), ==, bytes);
}

static void test_next(void) {
        static const char plan[] = "[Plan]\nWarn=50%;1GB left\nAtZero=bill 1 EUR per 1GB\n"
                                   "[Bucket b]\nBytes=10GB\nEvery=1 month\nFrom=2026-11-01\n"
                                   "Lasts=45 days\n[TopUp t]\nBytes=2GB\nLasts=24h\n";
        static const ScriptRow rows[] = {
                { "2026-11-02 00:00", "use 1GB", NULL, NULL },
                { "2026-11-02 01:00", "use 4.5GB", NULL, NULL },
                { "2026-11-02 02:00", "use 3.5GB", NULL, NULL },
                { "2026-11-02 03:00", "use 1GB", NULL, NULL },
                { "2026-11-02 04:00", "use 300MB", NULL, NULL },
                { "2026-11-02 05:00", "topup t", NULL, NULL },
                { "2026-12-01 00:00", NULL, NULL, NULL },
        };
        static const char waiting[] = "[Plan]\n[Bucket b]\nBytes=10GB\nStarts=first-use\n"
                                      "ActivateWithin=30 days\nLasts=2 days\n";
        static const ScriptRow waiting_rows[] = {
                { "2026-11-02 10:00", NULL, NULL, NULL },
                { "2026-11-03 10:00", "use 1GB", NULL, NULL },
                { "2026-11-05 10:00", NULL, NULL, NULL },
        };

        assert_next(plan, rows, 1, "2026-12-01", 4000000000);
        assert_next(plan, rows, 2, "2026-12-01", 3500000000);
        assert_next(plan, rows, 3, "2026-12-01", 1000000000);
        assert_next(plan, rows, 4, "2026-12-01", 1);
        assert_next(plan, rows, 5, "2026-12-01", 700000001);
        assert_next(plan, rows, 6, "2026-11-03 05:00", 1000000000);
        assert_next(plan, rows, 7, "2026-12-04 05:00", 5000000000); /* t is not listed any more */
        assert_next(waiting, waiting_rows, 1, "2026-12-02", 1);
        assert_next(waiting, waiting_rows, 2, "2026-11-05", 7000000000);
        assert_next(waiting, waiting_rows, 3, NULL, UINT64_MAX);
}

/* Asking changes nothing, and looks ahead as far as one likes. */
static void test_looking_ahead(void) {
        static const ScriptRow rows[] = { { "2026-11-02 00:00", "use 1GB", NULL, NULL } };
        g_autoptr(GPtrArray) plans = script_plans();
        g_autoptr(Tally) t = script_tally(MONTHLY, rows, 1, plans);
        g_autoptr(GTimeZone) tokyo = g_time_zone_new_identifier("Asia/Tokyo");

        for (int i = 0; i < 2; i++) {
                g_auto(TallyAnswer) later = tally_at(t, script_instant(tokyo, "2126-11-02"));
                g_auto(TallyAnswer) now = tally_at(t, script_instant(tokyo, "2026-11-02"));
                g_autoptr(GArray) periods = tally_periods(t, script_instant(tokyo, "2026-12-01"),
                                                          script_instant(tokyo, "2027-02-01"),
                                                          script_instant(tokyo, "2027-01-24"));

                g_assert_cmpuint(later.remaining, ==, 10000000000);
                g_assert_cmpint(later.period_start, ==, script_instant(tokyo, "2126-11-01"));
                g_assert_cmpuint(now.remaining, ==, 9000000000);
                g_assert_cmpuint(periods->len, ==, 2);
                g_assert_cmpint(g_array_index(periods, TallyBucket, 1).period_start, ==,
                                script_instant(tokyo, "2027-01-01"));
        }
}

static void test_no_plan(void) {
        g_autoptr(Tally) t = tally_new(NULL, 0);
        g_auto(TallyAnswer) a = { 0 };

        tally_charge(t, 1794000000, (TallyUsage){ .bytes = { 1000, 1 } });
        a = tally_at(t, 1794000000);
        g_assert_cmpint(a.state, ==, TALLY_NONE);
        g_assert_cmpuint(a.buckets->len, ==, 0);
        g_assert_cmpint(tally_next_boundary(t, 1794000000), ==, PERIOD_NEVER);
        g_assert_cmpuint(tally_bytes_to_next_level(t, 1794000000), ==, UINT64_MAX);
}

/* Nothing that can be said makes arithmetic go round. */
static void test_extremes(void) {
        static const char *const texts[] = {
                "[Plan]\nAtZero=bill 1000000000000 JPY per 1B\nTiers=1000000TB:1 JPY\n"
                "RoundUp=1000000TB per session\n[Bucket b]\nBytes=1000000TB\nEvery=1h\n"
                "RollOver=forever\n[TopUp t]\nBytes=1000000TB\nAdds=100 years\n",
                "[Plan]\nLag=100 years\n[Bucket b]\nBytes=unlimited\nEvery=100 years\n"
                "[Bucket c]\nBytes=1B\nRolling=100 years\n[Limit l]\n"
                "Over=1000000TB in 100 years\nThen=block at 23:59\nUntil=next-period\n",
                "[Plan]\nZone=-14:59\nSession=end\nKeepAlive=100 years after top-up\n[Bucket b]\n"
                "Bytes=1B\nLasts=100 years\nRound=day-end\nEvery=1 month\nDay=31\nRollOver=1200 "
                "periods\nFree=00:00-00:30\n",
        };
        static const int64_t instants[] = { INT64_MIN,     -1,       0, 1, 1794000000,
                                            CALENDAR_LAST, INT64_MAX };

        for (size_t i = 0; i < G_N_ELEMENTS(texts) * G_N_ELEMENTS(instants); i++) {
                g_autoptr(Plan) plan = script_plan(texts[i / G_N_ELEMENTS(instants)]);
                g_autoptr(Tally) t = tally_new(plan, instants[i % G_N_ELEMENTS(instants)]);

                for (size_t k = 0; k < G_N_ELEMENTS(instants); k++) {
                        TallyItem figure = { .kind = TALLY_CORRECTION, .at = instants[k] };
                        TallyItem top_up = { .kind = TALLY_TOP_UP, .at = instants[k] };
                        g_auto(TallyAnswer) a = { 0 };

                        tally_charge(t, instants[k],
                                     (TallyUsage){ .bytes = { UINT64_MAX, UINT64_MAX } });
                        figure.figure = (TallyFigure){ .has_remaining = k % 2,
                                                       .has_used = !(k % 2),
                                                       .remaining = UINT64_MAX,
                                                       .used = UINT64_MAX,
                                                       .expires_at = instants[k] };
                        tally_feed(t, &figure);
                        top_up.top_up.name = "t";
                        top_up.top_up.bytes = k % 2 ? UINT64_MAX - 1 : 0;
                        top_up.top_up.expires_at = instants[k];
                        tally_feed(t, &top_up);
                        a = tally_at(t, instants[k]);
                        g_assert_cmpuint(a.buckets->len, >, 0);
                        (void) tally_next_boundary(t, instants[k]);
                        (void) tally_bytes_to_next_level(t, instants[k]);
                }
        }
}

/* A year of quarters of an hour: they are all fed again whenever the past was edited. */
static void test_cost(void) {
        g_autoptr(Plan) plan = script_plan(
                "[Plan]\nZone=Europe/Berlin\nAtZero=throttle 300kbit/s\n"
                "[Bucket m]\nBytes=500GB\nEvery=1 month\nFrom=2026-01-01\nRollOver=1 period\n"
                "[Bucket d]\nBytes=20GB\nEvery=1 day\nWithin=m\n");
        g_autoptr(Tally) t = tally_new(plan, 1767222000);
        int64_t before = g_get_monotonic_time(), usec;

        for (int i = 0; i < 365 * 96; i++)
                tally_charge(t, 1767222000 + i * 900,
                             (TallyUsage){ .bytes = { 100000, 1000 },
                                           .session = i / 40,
                                           .place = { 262, false } });
        usec = g_get_monotonic_time() - before;
        g_test_message("a year of slices: %.2f ms", (double) usec / 1000);
        g_assert_cmpint(usec, <, 200000); /* on a busy machine; 2 ms on a quiet one */

        before = g_get_monotonic_time();
        for (int i = 0; i < 1000; i++) {
                tally_charge(t, 1767222000 + 365 * 86400, (TallyUsage){ .bytes = { 1000, 0 } });
                g_assert_cmpuint(tally_bytes_to_next_level(t, 1767222000 + 365 * 86400), >, 0);
        }
        usec = g_get_monotonic_time() - before;
        g_test_message("one more charge, and the next level: %.2f us", (double) usec / 1000);
        g_assert_cmpint(usec, <, 1000000); /* on a busy machine; 10 us each on a quiet one */

        before = g_get_monotonic_time();
        for (int i = 0; i < 1000; i++) {
                g_auto(TallyAnswer) a = tally_at(t, 1767222000 + 365 * 86400);

                g_assert_cmpuint(a.used, >, 0);
        }
        g_test_message("an answer: %.2f us", (double) (g_get_monotonic_time() - before) / 1000);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/tally/edges", test_edges);
        g_test_add_func("/tally/after-expiry", test_after_expiry);
        g_test_add_func("/tally/starts", test_starts);
        g_test_add_func("/tally/told-late", test_told_late);
        g_test_add_func("/tally/amend", test_amend);
        g_test_add_func("/tally/contract-change", test_contract_change);
        g_test_add_func("/tally/within", test_within);
        g_test_add_func("/tally/order", test_order);
        g_test_add_func("/tally/at-zero", test_at_zero);
        g_test_add_func("/tally/hours", test_hours);
        g_test_add_func("/tally/rolling", test_rolling);
        g_test_add_func("/tally/roll-over", test_roll_over);
        g_test_add_func("/tally/figures", test_figures);
        g_test_add_func("/tally/reports", test_reports);
        g_test_add_func("/tally/limits", test_limits);
        g_test_add_func("/tally/sessions", test_sessions);
        g_test_add_func("/tally/next", test_next);
        g_test_add_func("/tally/looking-ahead", test_looking_ahead);
        g_test_add_func("/tally/no-plan", test_no_plan);
        g_test_add_func("/tally/extremes", test_extremes);
        g_test_add_func("/tally/cost", test_cost);
        return g_test_run();
}
