/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "plan.h"

#include <string.h>

static Plan *parse(const char *text) {
        g_autofree char *error = NULL;
        Plan *p = NULL;

        if (plan_parse(text, strlen(text), &p, &error) < 0)
                g_error("%s: %s", text, error);
        g_assert_null(error);
        return p;
}

/* What is written reads back to what is written, however it was spelt at first. */
static void assert_printed(const char *text, const char *wanted) {
        g_autoptr(Plan) plan = parse(text), again = NULL;
        g_autofree char *printed = plan_print(plan), *twice = NULL;

        g_assert_cmpstr(printed, ==, wanted);
        again = parse(printed);
        twice = plan_print(again);
        g_assert_cmpstr(twice, ==, wanted);
}

/* Each key of each group, as it is written. */
static const char whole[] = "[Match]\n"
                            "Iccid=8981300\n"
                            "Operator=NTT docomo\n"
                            "Plmn=44010\n"
                            "\n"
                            "[Plan]\n"
                            "Name=Everything, 5 GB\n"
                            "Zone=Asia/Tokyo\n"
                            "Count=rx\n"
                            "Warn=80%;95%;500MB left\n"
                            "WarnExpiry=2 days;3h\n"
                            "Pace=no\n"
                            "AtZero=throttle 300kbit/s\n"
                            "Tiers=3GB:1078 JPY;20GB:2178 JPY;unlimited:3278 JPY\n"
                            "RoundUp=1MB per session\n"
                            "Session=end\n"
                            "KeepAlive=180 days after top-up\n"
                            "Lag=30 minutes\n"
                            "Shared=yes\n"
                            "Billing=prepaid\n"
                            "Price=850 JPY\n"
                            "TopUpUrl=https://carrier.example/top-up?sim=1\n"
                            "CheckUrl=https://carrier.example/\n"
                            "App=Carrier's own\n"
                            "Support=0570-09-4400\n"
                            "SupportCost=10 JPY a minute\n"
                            "Note=paid by the office # until May\n"
                            "\n"
                            "[Bucket monthly]\n"
                            "Bytes=5GB\n"
                            "Zone=+08:00\n"
                            "Starts=2026-11-01 18:30\n"
                            "Until=2027-11-01\n"
                            "Every=1 month\n"
                            "From=2026-11-01\n"
                            "Day=31\n"
                            "At=01:00\n"
                            "RollOver=1 period\n"
                            "RollOverCap=5GiB\n"
                            "RollOverLasts=2 calendar months\n"
                            "Where=home\n"
                            "Free=Mon-Fri 01:00-07:00;Sat,Sun 00:00-24:00\n"
                            "Hours=22:00-06:00\n"
                            "Order=-1\n"
                            "AtZero=bill 220 JPY per 1GB up to 2200 JPY\n"
                            "Warn=50%\n"
                            "\n"
                            "[Bucket daily]\n"
                            "Bytes=1GB\n"
                            "Starts=first-use-abroad\n"
                            "Bought=2026-10-20\n"
                            "ActivateWithin=180 days\n"
                            "Lasts=30x24h\n"
                            "Round=day-end\n"
                            "Rolling=30 days\n"
                            "Where=440;441\n"
                            "Within=monthly\n"
                            "\n"
                            "[Bucket more to come]\n"
                            "Bytes=unlimited\n"
                            "Starts=after daily\n"
                            "\n"
                            "[Limit fair use]\n"
                            "Over=15GB in 3 days\n"
                            "Zone=Europe/Berlin\n"
                            "Where=abroad\n"
                            "Then=throttle 1Mbit/s\n"
                            "During=18:00-02:00 next-day\n"
                            "Until=next-period\n"
                            "\n"
                            "[Limit abroad]\n"
                            "After=15 days from first-use\n"
                            "Then=block at 00:00\n"
                            "Until=home-use\n"
                            "\n"
                            "[TopUp 1GB]\n"
                            "Bytes=1GB\n"
                            "Adds=1 day\n"
                            "Lasts=3 calendar months\n"
                            "Within=2 days after expiry\n"
                            "IfExpired=until 23:59\n"
                            "Price=2.50 JPY\n";

static void test_whole(void) {
        assert_printed(whole, whole);
}

static void test_fields(void) {
        g_autoptr(Plan) p = parse(whole);
        const Bucket *monthly = plan_find_bucket(p, "monthly");
        const Bucket *daily = plan_find_bucket(p, "daily");
        const Limit *abroad = p->limits->pdata[1];

        g_assert_true(p->match.is_said);
        g_assert_cmpint(p->count, ==, COUNT_RX);
        g_assert_true(g_array_index(p->warn, WarnLevel, 2).is_left);
        g_assert_cmpuint(g_array_index(p->warn, WarnLevel, 2).value, ==, 500000000);
        g_assert_cmpint(g_array_index(p->warn_expiry, Length, 1).n, ==, 3 * 3600);
        g_assert_cmpint(p->pace, ==, 0);
        g_assert_cmpuint(p->at_zero.rate_bps, ==, 300000);
        g_assert_cmpint(g_array_index(p->tiers, Tier, 1).price.micros, ==, INT64_C(2178000000));
        g_assert_cmpint(p->session, ==, SESSION_BY_END);
        g_assert_cmpint(p->lag.n, ==, 1800);

        g_assert_cmpuint(monthly->bytes, ==, UINT64_C(5000000000));
        g_assert_cmpuint(monthly->roll_cap, ==, UINT64_C(5) << 30);
        g_assert_cmpint(monthly->starts.at.hour * 60 + monthly->starts.at.minute, ==, 1110);
        g_assert_false(monthly->until.has_time);
        g_assert_cmpint(g_array_index(monthly->free_hours, WeekWindow, 1).days, ==, 0x60);
        g_assert_cmpint(g_array_index(monthly->free_hours, WeekWindow, 1).until, ==, 1440);
        g_assert_cmpint(monthly->order, ==, -1);
        g_assert_cmpint(monthly->at_zero.kind, ==, AT_ZERO_BILL);
        g_assert_cmpint(monthly->at_zero.ceiling.micros, ==, INT64_C(2200000000));
        g_assert_cmpint(monthly->roll_lasts.unit, ==, LENGTH_CALENDAR_MONTHS);

        g_assert_cmpint(daily->lasts.unit, ==, LENGTH_SECONDS);
        g_assert_cmpint(daily->lasts.n, ==, 30 * 86400);
        g_assert_cmpuint(daily->roll_cap, ==, PLAN_UNLIMITED);
        g_assert_cmpint(daily->at, ==, TIME_NONE);
        g_assert_cmpuint(g_array_index(daily->where.mccs, uint16_t, 1), ==, 441);
        g_assert_cmpstr(plan_find_bucket(p, "more to come")->starts.after, ==, "daily");

        g_assert_true(abroad->blocks);
        g_assert_cmpint(abroad->then_at, ==, 0);
        g_assert_cmpint(abroad->after_what, ==, START_FIRST_USE);
        g_assert_cmpint(abroad->during_from, ==, TIME_NONE);
        g_assert_cmpint(plan_find_top_up(p, "1GB")->if_expired_at, ==, 1439);
        g_assert_null(plan_find_top_up(p, "2GB"));
}

/* Nothing is said: then nothing is written either. */
static void test_unsaid(void) {
        g_autoptr(Plan) p = parse("[Bucket a]\nBytes=1B");
        const Bucket *b = p->buckets->pdata[0];

        g_assert_null(p->zone);
        g_assert_cmpint(p->pace, ==, -1);
        g_assert_false(p->match.is_said);
        g_assert_cmpint(b->starts.kind, ==, START_UNSAID);
        g_assert_cmpint(b->at_zero.kind, ==, AT_ZERO_UNSAID);
        g_assert_cmpint(b->every.unit, ==, LENGTH_NONE);
        assert_printed("[Bucket a]\nBytes=1B", "[Bucket a]\nBytes=1B\n");
}

/* A key of a bucket, as it may be spelt, and as it is written. */
static void test_spellings(void) {
        static const struct {
                const char *text, *printed;
        } cases[] = {
                { "Lasts=1 days", "Lasts=1 day" },
                { "Lasts=24h", "Lasts=24h" },
                { "Lasts=10x24h", "Lasts=10x24h" },
                { "Lasts=240h", "Lasts=10x24h" },
                { "Lasts=36h", "Lasts=36h" },
                { "Lasts=24 hours", "Lasts=24h" },
                { "Lasts=90 minutes", "Lasts=90 minutes" },
                { "Lasts=61 seconds", "Lasts=61 seconds" },
                { "Lasts=120 seconds", "Lasts=2 minutes" },
                { "Lasts=1 year", "Lasts=12 months" },
                { "Lasts=1 calendar month", "Lasts=1 calendar month" },
                { "Lasts = 2   weeks ", "Lasts=2 weeks" },
                { "Lasts=36600 days", "Lasts=36600 days" },
                { "Starts=now", "Starts=now" },
                { "Starts=install", "Starts=install" },
                { "Starts=first-network", "Starts=first-network" },
                { "Starts=2028-02-29", "Starts=2028-02-29" },
                { "Until=2026-12-01 00:00", "Until=2026-12-01 00:00" },
                { "RollOver=forever\nEvery=1 week", "Every=1 week\nRollOver=forever" },
                { "RollOver=12 periods\nEvery=1 week", "Every=1 week\nRollOver=12 periods" },
                { "Where=anywhere", "" },
                { "Where=abroad", "Where=abroad" },
                { "Where=001; 262", "Where=001;262" },
                { "Order=0", "" },
                { "AtZero=next", "AtZero=next" },
                { "AtZero=throttle 1500kbit/s", "AtZero=throttle 1.5Mbit/s" },
                { "AtZero=throttle 128000 bit/s", "AtZero=throttle 128kbit/s" },
                { "AtZero=bill 2.5 EUR per 100 MB", "AtZero=bill 2.50 EUR per 100MB" },
                { "AtZero=bill 0.000001 XXX per 1KiB", "AtZero=bill 0.000001 XXX per 1KiB" },
                { "Hours=Fri-Mon 20:00-02:00", "Hours=Mon,Fri-Sun 20:00-02:00" },
                { "Hours=Mon,Tue,Wed 20:00-02:00", "Hours=Mon-Wed 20:00-02:00" },
                { "Hours=Mon-Tue 20:00-02:00", "Hours=Mon,Tue 20:00-02:00" },
                { "Hours=Mon-Sun 00:00-24:00", "Hours=00:00-24:00" },
                { "Zone=UTC", "Zone=UTC" },
                { "Zone=-03:30", "Zone=-03:30" },
                { "Warn=1kB left", "Warn=1kB left" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = g_strconcat("[Bucket a]\nBytes=1GB\n", cases[i].text, NULL);
                g_autofree char *printed = g_strconcat("[Bucket a]\nBytes=1GB\n", cases[i].printed,
                                                       *cases[i].printed ? "\n" : NULL, NULL);

                assert_printed(text, printed);
        }
}

static void test_sizes(void) {
        static const struct {
                const char *text, *printed;
        } cases[] = {
                { "5 GB", "5GB" },
                { "5gib", "5GiB" },
                { "1.5GB", "1.5GB" },
                { "0.5GB", "500MB" },
                { "512kB", "512kB" },
                { "500KiB", "512kB" },
                { "1000MiB", "1000MiB" },
                { "1234567B", "1234567B" },
                { "1.234GB", "1234MB" },
                { "1250MB", "1.25GB" },
                { "1000GB", "1TB" },
                { "1B", "1B" },
                { "1024B", "1KiB" },
                { "1000000TB", "1000000TB" },
                { "unlimited", "unlimited" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = g_strconcat("[Bucket a]\nBytes=", cases[i].text, NULL);
                g_autofree char *printed =
                        g_strconcat("[Bucket a]\nBytes=", cases[i].printed, "\n", NULL);

                assert_printed(text, printed);
        }
}

/* What need not be said, and what people paste. */
static void test_plans(void) {
        static const struct {
                const char *text, *printed;
        } cases[] = {
                { "[Plan]\nAtZero=throttle 128kbit/s", "[Plan]\nAtZero=throttle 128kbit/s\n" },
                { "[Plan]\n[TopUp a]\nAdds=1 day", "[TopUp a]\nAdds=1 day\n" },
                { "[TopUp a]\nBytes=unlimited\nLasts=24h",
                  "[TopUp a]\nBytes=unlimited\nLasts=24h\n" },
                { "[Match]\nAny=yes\n[Bucket a]\nBytes=1GB",
                  "[Match]\nAny=yes\n\n[Bucket a]\nBytes=1GB\n" },
                { "[Bucket a]\nBytes=1GB\n[Plan]\nName=\x1b[1mred\t and\x01 blue \n",
                  "[Plan]\nName=[1mred and blue\n\n[Bucket a]\nBytes=1GB\n" },
                { "[Bucket  b  c ]\r\nBytes=1GB\r\n[Bucket a]\r\nBytes=2GB\r\nWithin=b  c\r\n",
                  "[Bucket b c]\nBytes=1GB\n\n[Bucket a]\nBytes=2GB\nWithin=b c\n" },
                { "[Plan]\nPace=yes\nShared=no\nSession=start\nBilling=postpaid\n[Bucket \xe6\x9c\x88]\n"
                  "Bytes=1GB",
                  "[Plan]\nPace=yes\nSession=start\nBilling=postpaid\n\n[Bucket \xe6\x9c\x88]\n"
                  "Bytes=1GB\n" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                assert_printed(cases[i].text, cases[i].printed);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/plan/whole", test_whole);
        g_test_add_func("/plan/fields", test_fields);
        g_test_add_func("/plan/unsaid", test_unsaid);
        g_test_add_func("/plan/spellings", test_spellings);
        g_test_add_func("/plan/sizes", test_sizes);
        g_test_add_func("/plan/plans", test_plans);
        return g_test_run();
}
