/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What carriers sell: each a plan, and what it comes to, instant by instant, by the carrier's own
 * words. The first row is when the plan was set. All but the plans' texts was worked out from the
 * words that stand beside it.
 */

#include "tally-script.h"

static void test_iijmio(void) {
        static const char plan[] = "[Plan]\nZone=Asia/Tokyo\nAtZero=throttle 300kbit/s\n"
                                   "[Bucket monthly]\nBytes=5GB\nEvery=1 month\nFrom=2026-11-01\n"
                                   "RollOver=1 period\nRollOverCap=5GB\n"
                                   "[TopUp coupon]\nBytes=1GB\nLasts=3 calendar months\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", NULL, "ok, left 5GB, start 2026-11-01, end 2026-12-01",
                  "monthly" },
                { "2026-11-30 23:59:59", "use 2GB", "ok, left 3GB", "monthly" },
                { "2026-12-01 00:00", NULL,
                  "ok, left 8GB, limit 8GB, used 0B, end 2027-01-01, monthly: rolled 3GB",
                  "carries over" },
                { "2026-12-10 00:00", "use 2GB", "ok, left 6GB, used 2GB", "carried data first" },
                { "2027-01-01 00:00", NULL, "ok, left 10GB, monthly: rolled 5GB",
                  "carries over to the end of next month: the 1 GB left of November is lost" },
                { "2027-02-01 00:00", NULL, "ok, left 10GB, monthly: rolled 5GB",
                  "cap = the plan's volume" },
                { "2027-02-10 12:00", "use 10GB",
                  "throttled, left 0B, rate 300kbit/s, lifts 2027-03-01", "then 300 kbit/s" },
                { "2027-02-11 12:00", "use 50MB", "throttled, left 0B, over 50MB", "" },
                { "2027-02-12 12:00", "topup coupon",
                  "low, left 1GB, rate -, topup-8: left 1GB expires 2027-05-01",
                  "bought coupons last to the end of the 3rd month" },
                { "2027-03-01 00:00", NULL, "ok, left 6GB, end 2027-04-01", "monthly" },
                { "2027-03-02 00:00", "use 5500MB",
                  "low, left 500MB, monthly: left 0B, topup-8: left 500MB", "the month's first" },
                { "2027-04-30 23:59:59", "use 5GB", "low, left 500MB, topup-8: left 500MB",
                  "the month's first" },
                { "2027-05-01 00:00", NULL, "ok, left 5GB, topup-8: expired left 0B",
                  "last to the end of the 3rd month" },
        };

        SCRIPT(plan, rows);
}

static void test_mineo(void) {
        static const char plan[] = "[Plan]\nZone=Asia/Tokyo\nAtZero=throttle 200kbit/s\n"
                                   "[Bucket charge]\nBytes=100MB\nLasts=2 calendar months\n";
        static const ScriptRow rows[] = {
                { "2026-11-30 23:59:59", NULL, "ok, left 100MB, expires 2027-01-01",
                  "valid to the end of next month" },
                { "2026-12-24 00:00", "use 99MB", "low, left 1MB", "100 MB" },
                { "2026-12-25 00:00", "use 2MB", "throttled, left 0B, over 1MB, rate 200kbit/s",
                  "then 200 kbit/s" },
                { "2026-12-31 23:59:59", NULL, "throttled, rate 200kbit/s", "then 200 kbit/s" },
                { "2027-01-01 00:00", NULL, "expired, left 0B, rate -",
                  "valid to the end of next month" },
        };

        SCRIPT(plan, rows);
}

static void test_povo(void) {
        static const char plan[] =
                "[Plan]\nZone=Asia/Tokyo\nAtZero=throttle 128kbit/s\n"
                "KeepAlive=180 days after top-up\n"
                "[Bucket 3GB]\nBytes=3GB\nLasts=30x24h\nRound=day-end\nWhere=home\n"
                "[TopUp 24h]\nBytes=unlimited\nLasts=24h\n[TopUp 1GB]\nBytes=1GB\nLasts=7x24h\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 12:34:56", NULL, "ok, left 3GB, expires 2026-12-02, alive 2027-04-30",
                  "a day is 24 h from purchase, but usable to 23:59:59 of the last day" },
                { "2026-11-10 00:00", "use 1GB", "ok, left 2GB", "" },
                { "2026-11-12 00:00", "topup 1GB", "ok, left 3GB, topup-2: expires 2026-11-19",
                  "" },
                { "2026-11-13 00:00", "use 500MB", "ok, left 2.5GB, topup-2: left 500MB",
                  "earliest expiry first" },
                { "2026-11-14 20:00", "topup 24h",
                  "ok, unlimited, used 0B, expires 2026-11-15 20:00, alive 2027-05-13",
                  "unlimited 24 h" },
                { "2026-11-15 19:59:59", "use 30GB",
                  "ok, unlimited, used 30GB, topup-2: left 500MB, 3GB: left 2GB",
                  "other buckets are not consumed meanwhile" },
                { "2026-11-15 20:00", NULL, "ok, left 2.5GB", "24 h" },
                { "2026-11-16 00:00", "use 1GB abroad 450",
                  "ok, left 2.5GB, nothing here, 3GB: left 2GB", "not abroad" },
                { "2026-12-01 23:59:59", "use 100MB", "ok, left 1.9GB",
                  "usable to 23:59:59 of the last day" },
                { "2026-12-02 00:00", NULL, "expired, left 0B",
                  "usable to 23:59:59 of the last day" },
        };
        static const char bare[] = "[Plan]\nZone=Asia/Tokyo\nAtZero=throttle 128kbit/s\n";
        static const ScriptRow bare_rows[] = {
                { "2026-11-01 12:00", NULL, "throttled, rate 128kbit/s, lifts -",
                  "128 kbit/s without a topping" },
                { "2026-11-01 13:00", "buy unlimited for 24h", "ok, unlimited, rate -", "" },
                { "2026-11-02 13:00", NULL, "throttled, rate 128kbit/s",
                  "128 kbit/s without a topping" },
        };

        SCRIPT(plan, rows);
        SCRIPT(bare, bare_rows);
}

static void test_rakuten(void) {
        static const char plan[] =
                "[Plan]\nZone=Asia/Tokyo\nTiers=3GB:1078 JPY;20GB:2178 JPY;unlimited:3278 JPY\n"
                "Session=end\n"
                "[Bucket home]\nBytes=unlimited\nEvery=1 month\nFrom=2026-11-01\nWhere=home\n"
                "[Bucket abroad]\nBytes=2GB\nEvery=1 month\nFrom=2026-11-01\nWhere=abroad\n"
                "AtZero=throttle 128kbit/s\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", NULL, "ok, unlimited, charged 1078", "tiers by use" },
                { "2026-11-05 00:00", "use 3GB session 1", "ok, used 3GB, charged 1078", "3 GB" },
                { "2026-11-06 00:00", "use 1B session 2", "ok, charged 2178", "20 GB" },
                { "2026-11-20 00:00", "use 17GB session 3", "ok, charged 3278", "unlimited" },
                { "2026-11-20 12:00", "use 2GB abroad 450 session 4",
                  "throttled, left 0B, rate 128kbit/s, lifts 2026-12-01",
                  "abroad 2 GB a month, then 128 kbit/s" },
                { "2026-11-30 23:59:59", "use 500MB session 5", "ok, used 20500000001B", "" },
                { "2026-12-01 00:10", "use 500MB session 5", "ok, used 1GB, charged 1078",
                  "a session that crosses the month counts to the following month" },
        };

        SCRIPT(plan, rows);
}

static void test_ahamo(void) {
        static const char plan[] =
                "[Plan]\nZone=Asia/Tokyo\nAtZero=throttle 1Mbit/s\n"
                "[Bucket monthly]\nBytes=30GB\nEvery=1 month\nFrom=2026-11-01\n"
                "[Limit abroad]\nAfter=15 days from first-use-abroad\nWhere=abroad\n"
                "Then=throttle 128kbit/s at 00:00\nUntil=home-use\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", "use 20GB", "ok, left 10GB", "30 GB" },
                { "2026-11-10 23:30", "use 1GB abroad 450", "ok, left 9GB, rate -", "" },
                { "2026-11-24 23:59:59", "use 1GB abroad 450", "ok, left 8GB, rate -",
                  "abroad 15 consecutive days from first use" },
                { "2026-11-25 00:00", NULL, "throttled, rate 128kbit/s, lifts -",
                  "then 128 kbit/s from 00:00 JST" },
                { "2026-12-01 00:00", NULL, "throttled, left 30GB, rate 128kbit/s",
                  "no rollover; until used in Japan again" },
                { "2026-12-03 00:00", "use 1GB", "ok, left 29GB, rate -",
                  "until used in Japan again" },
                { "2026-12-03 12:00", "use 29GB",
                  "throttled, left 0B, rate 1Mbit/s, lifts 2027-01-01", "then 1 Mbit/s" },
                { "2026-12-04 00:00", "use 1MB abroad 450", "throttled, rate 1Mbit/s", "" },
                { "2026-12-18 23:59", "use 1MB abroad 450", "throttled, rate 1Mbit/s", "15 days" },
                { "2026-12-19 00:00", NULL, "throttled, rate 128kbit/s, lifts -", "15 days" },
                { "2027-01-01 00:00", NULL, "throttled, left 30GB, rate 128kbit/s", "" },
        };

        SCRIPT(plan, rows);
}

static void test_wimax(void) {
        static const char plan[] =
                "[Plan]\nZone=Asia/Tokyo\n"
                "[Bucket monthly]\nBytes=unlimited\nEvery=1 month\nFrom=2026-11-01\n"
                "[Limit 3 days]\nOver=15GB in 3 days\nThen=throttle 1Mbit/s\n"
                "During=18:00-02:00 next-day\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", NULL, "ok, unlimited", "" },
                { "2026-11-02 10:00", "use 8GB", "ok, rate -", "" },
                { "2026-11-04 10:00", "use 8GB", "ok, rate -",
                  "15 GB or more in 3 days -> next day" },
                { "2026-11-04 20:00", NULL, "ok, rate -", "next day" },
                { "2026-11-05 17:59:59", NULL, "ok, rate -", "next day 18:00" },
                { "2026-11-05 18:00", NULL, "throttled, rate 1Mbit/s, lifts 2026-11-06 02:00",
                  "next day 18:00-02:00 about 1 Mbit/s" },
                { "2026-11-06 01:59:59", NULL, "throttled, rate 1Mbit/s", "18:00-02:00" },
                { "2026-11-06 02:00", NULL, "ok, rate -", "18:00-02:00" },
                { "2026-11-06 18:00", NULL, "ok, rate -", "the 3 days to 5 November had 8 GB" },
        };
        static const char plus[] = "[Plan]\nZone=Asia/Tokyo\nAtZero=throttle 128kbit/s\n"
                                   "[Bucket monthly]\nBytes=15GB\nEvery=1 month\nFrom=2026-11-01\n";
        static const ScriptRow plus_rows[] = {
                { "2026-11-01 00:00", "use 15GB", "throttled, rate 128kbit/s, lifts 2026-12-01",
                  "15 GB a month in another mode, then 128 kbit/s" },
                { "2026-12-01 00:00", NULL, "ok, left 15GB", "a month" },
        };

        SCRIPT(plan, rows);
        SCRIPT(plus, plus_rows);
}

static void test_ocn(void) {
        static const char plan[] = "[Plan]\nZone=Asia/Tokyo\nAtZero=throttle 200kbit/s\n"
                                   "[Bucket daily]\nBytes=100MB\nStarts=first-use\nLasts=7 days\n"
                                   "Every=1 day\nAt=00:00\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", NULL, "waiting, left 100MB, daily: waiting", "" },
                { "2026-11-03 23:59:59", "use 1MB",
                  "ok, left 99MB, end 2026-11-04, expires 2026-11-10", "for 7 days" },
                { "2026-11-04 00:00", "use 50MB", "ok, left 50MB", "100 MB a day" },
                { "2026-11-04 12:00", "use 60MB",
                  "throttled, left 0B, over 10MB, rate 200kbit/s, lifts 2026-11-05",
                  "200 kbit/s until 23:59" },
                { "2026-11-05 00:00", NULL, "ok, left 100MB, daily: lifted 2026-11-05",
                  "100 MB a day" },
                { "2026-11-09 23:59:59", "use 100MB", "throttled, lifts -", "for 7 days" },
                { "2026-11-10 00:00", NULL, "expired, left 0B, rate -", "for 7 days" },
        };

        SCRIPT(plan, rows);
}

static void test_visitor(void) {
        static const char plan[] =
                "[Plan]\nZone=Asia/Tokyo\n[Bucket data]\nBytes=5GB\nStarts=first-use\n"
                "Lasts=10 days\n[TopUp 1GB]\nBytes=1GB\nAdds=1 day\nWithin=2 days after expiry\n"
                "IfExpired=until 23:59\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", NULL, "waiting", "" },
                { "2026-11-01 10:00", "use 1GB", "ok, left 4GB, expires 2026-11-11", "" },
                { "2026-11-05 10:00", "topup 1GB",
                  "ok, left 5GB, expires 2026-11-12, topup-2: expires 2026-11-12",
                  "+1 GB and +1 day if still valid" },
                { "2026-11-11 23:59:59", "topup 1GB",
                  "ok, left 6GB, expires 2026-11-13, topup-2: expires 2026-11-13",
                  "+1 GB and +1 day if still valid" },
                { "2026-11-12 10:00", "use 5.5GB", "low, left 500MB", "" },
                { "2026-11-13 00:00", NULL, "expired, left 0B", "" },
                { "2026-11-14 23:59:59", "topup 1GB", "ok, left 1GB, expires 2026-11-15",
                  "otherwise 1 GB until 23:59 of that day; allowed until 2 days after expiry" },
                { "2026-11-15 00:00", NULL, "expired, left 0B", "until 23:59 of that day" },
                { "2026-11-17 00:00", "topup 1GB", "expired, left 0B",
                  "allowed until 2 days after expiry" },
        };

        SCRIPT(plan, rows);
}

static void test_sakura(void) {
        static const char plan[] = "[Plan]\nZone=Asia/Tokyo\n[Bucket data]\nBytes=30GB\n"
                                   "Starts=install\nLasts=10 days\n";
        static const ScriptRow rows[] = {
                { "2026-11-12 00:00", NULL, "waiting, left 30GB", "" },
                { "2026-11-12 23:59:59", "install", "ok, left 30GB, expires 2026-11-22",
                  "the day of installation is day 1" },
                { "2026-11-21 23:59:59", "use 29GB", "low, left 1GB", "ends 23:59 of day 10" },
                { "2026-11-22 00:00", "use 1GB", "expired, left 0B, used 29GB",
                  "ends 23:59 of day 10" },
        };

        SCRIPT(plan, rows);
}

static void test_keepgo(void) {
        static const char asia[] = "[Plan]\nZone=+08:00\nAtZero=throttle 128kbit/s\n"
                                   "[Bucket daily]\nBytes=1GB\nStarts=first-use\n"
                                   "ActivateWithin=180 days\nLasts=7 days\nEvery=1 day\nAt=00:00\n";
        static const ScriptRow asia_rows[] = {
                { "2026-11-01 12:00", NULL, "waiting, daily: by 2027-04-30",
                  "activate within 180 days" },
                { "2026-11-21 20:31", "use 1GB",
                  "throttled, left 0B, rate 128kbit/s, lifts 2026-11-22, expires 2026-11-28",
                  "1 GB a day, then 128 kbit/s" },
                { "2026-11-21 23:59:59", "use 61MB", "throttled, over 61MB", "" },
                { "2026-11-22 00:00", NULL, "ok, left 1GB, over 0B", "resets at midnight UTC+8" },
                { "2026-11-28 00:00", NULL, "expired", "expires at midnight UTC+8" },
        };
        static const ScriptRow late_rows[] = {
                { "2026-11-01 12:00", NULL, "waiting", "" },
                { "2027-04-29 23:59:59", NULL, "waiting", "activate within 180 days" },
                { "2027-04-30 00:00", "use 1MB", "expired, daily: expired lapsed",
                  "activate within 180 days" },
        };
        static const char elsewhere[] = "[Plan]\nZone=UTC\nAtZero=throttle 128kbit/s\n"
                                        "[Bucket daily]\nBytes=1GB\nStarts=first-use\n"
                                        "ActivateWithin=180 days\nLasts=24h\nEvery=1 day\n"
                                        "At=00:00\n";
        static const ScriptRow elsewhere_rows[] = {
                { "2026-11-01 00:00", NULL, "waiting", "" },
                { "2026-11-21 20:31:07", "use 1GB",
                  "throttled, lifts 2026-11-22, expires 2026-11-22 20:31:07",
                  "expires 24 h after activation" },
                { "2026-11-22 00:00", NULL, "ok, left 1GB, end 2026-11-22 20:31:07",
                  "resets 00:00 UTC" },
                { "2026-11-22 20:31:06", NULL, "ok, left 1GB", "" },
                { "2026-11-22 20:31:07", NULL, "expired", "expires 24 h after activation" },
        };

        SCRIPT(asia, asia_rows);
        SCRIPT(asia, late_rows);
        SCRIPT(elsewhere, elsewhere_rows);
}

static void test_sim2fly(void) {
        static const char plan[] = "[Plan]\nZone=Asia/Bangkok\nAtZero=block\n[Bucket data]\n"
                                   "Bytes=15GB\nStarts=first-use\nLasts=365x24h\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", "network abroad 440", "waiting, data: waiting",
                  "from first use" },
                { "2026-11-03 10:20:30", "use 1kB abroad 440",
                  "ok, left 14999999kB, expires 2027-11-03 10:20:30", "24 h basis from first use" },
                { "2027-11-03 10:20:29", "use 14999999kB abroad 440",
                  "exhausted, left 0B, rate -, lifts -", "hard stop" },
                { "2027-11-03 10:20:30", NULL, "expired, left 0B", "365 days, 24 h basis" },
        };

        SCRIPT(plan, rows);
}

static void test_airalo(void) {
        static const char network[] = "[Plan]\nZone=UTC\nAtZero=block\n[Bucket data]\nBytes=10GB\n"
                                      "Starts=first-network\nLasts=30x24h\n";
        static const ScriptRow network_rows[] = {
                { "2026-11-01 00:00", "install", "waiting", "starts at the first network" },
                { "2026-11-05 06:07:08", "network abroad 440",
                  "ok, left 10GB, expires 2026-12-05 06:07:08", "starts at the first network" },
        };
        static const char install[] = "[Plan]\nZone=UTC\nAtZero=block\n[Bucket data]\nBytes=10GB\n"
                                      "Starts=install\nLasts=30x24h\n";
        static const ScriptRow install_rows[] = {
                { "2026-11-01 00:00", "network abroad 440", "waiting", "or at install" },
                { "2026-11-05 06:07:08", "install", "ok, left 10GB, expires 2026-12-05 06:07:08",
                  "or at install" },
        };

        SCRIPT(network, network_rows);
        SCRIPT(install, install_rows);
}

static void test_nihon_tsushin(void) {
        static const char plan[] =
                "[Plan]\nZone=Asia/Tokyo\n[Bucket monthly]\nBytes=1GB\nEvery=1 month\n"
                "From=2026-11-01\nAtZero=bill 220 JPY per 1GB up to 2200 JPY\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", "use 1GB", "low, left 0B, charged 0", "" },
                { "2026-11-02 00:00", "use 1B", "billing, over 1B, charged 220",
                  "auto +1 GB for 220 yen" },
                { "2026-11-03 00:00", "use 999999999B", "billing, over 1GB, charged 220", "" },
                { "2026-11-04 00:00", "use 1B", "billing, charged 440", "+1 GB for 220 yen" },
                { "2026-11-05 00:00", "use 8GB", "billing, charged 2200", "" },
                { "2026-11-06 00:00", "use 999999999B",
                  "exhausted, over 10GB, charged 2200, lifts 2026-12-01",
                  "up to the owner's ceiling" },
                { "2026-12-01 00:00", NULL, "ok, left 1GB, charged 0", "" },
        };

        SCRIPT(plan, rows);
}

static void test_roamless(void) {
        static const char plan[] = "[Plan]\nZone=UTC\nAtZero=block\n[Bucket data]\nBytes=5GB\n"
                                   "[TopUp 1GB]\nBytes=1GB\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", "use 4.5GB", "low, left 500MB, expires -, end -",
                  "never expires" },
                { "2031-11-01 00:00", NULL, "low, left 500MB, expires -", "never expires" },
                { "2031-11-02 00:00", "topup 1GB", "low, left 1.5GB, limit 6GB", "never expires" },
                { "2031-11-03 00:00", "use 500MB", "ok, left 1GB, limit 1GB", "never expires" },
                { "2041-11-03 00:00", "use 500MB", "ok, left 500MB", "never expires" },
        };

        SCRIPT(plan, rows);
}

static void test_vodafone(void) {
        static const char plan[] = "[Plan]\nZone=Australia/Sydney\nRoundUp=512kB per session\n"
                                   "[Bucket data]\nBytes=20GB\nLasts=28 days\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", "use 1kB up 1kB session 1",
                  "ok, used 512kB, expires 2026-11-29", "steps of 512 kB" },
                { "2026-11-01 00:10", "use 300kB up 210kB session 1", "ok, used 512kB",
                  "up + down" },
                { "2026-11-01 00:20", "use 1B session 1", "ok, used 1024kB", "steps of 512 kB" },
                { "2026-11-01 00:30", "use 1B session 2", "ok, used 1536kB", "steps of 512 kB" },
        };

        SCRIPT(plan, rows);
}

static void test_emnify(void) {
        static const char plan[] =
                "[Plan]\nZone=UTC\nRoundUp=1kB per session\n"
                "[Bucket monthly]\nBytes=100MB\nEvery=1 month\nFrom=2026-11-01\n";
        static const ScriptRow rows[] = {
                { "2026-11-01 00:00", "use 1B session 1", "ok, used 1kB", "1 KB per session" },
                { "2026-11-01 00:15", "use 998B session 1", "ok, used 1kB", "1 KB per session" },
                { "2026-11-01 00:30", "use 1501B session 2", "ok, used 3kB", "1 KB per session" },
        };

        SCRIPT(plan, rows);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/tally-plans/iijmio", test_iijmio);
        g_test_add_func("/tally-plans/mineo", test_mineo);
        g_test_add_func("/tally-plans/povo", test_povo);
        g_test_add_func("/tally-plans/rakuten", test_rakuten);
        g_test_add_func("/tally-plans/ahamo", test_ahamo);
        g_test_add_func("/tally-plans/wimax", test_wimax);
        g_test_add_func("/tally-plans/ocn", test_ocn);
        g_test_add_func("/tally-plans/visitor", test_visitor);
        g_test_add_func("/tally-plans/sakura", test_sakura);
        g_test_add_func("/tally-plans/keepgo", test_keepgo);
        g_test_add_func("/tally-plans/sim2fly", test_sim2fly);
        g_test_add_func("/tally-plans/airalo", test_airalo);
        g_test_add_func("/tally-plans/nihon-tsushin", test_nihon_tsushin);
        g_test_add_func("/tally-plans/roamless", test_roamless);
        g_test_add_func("/tally-plans/vodafone", test_vodafone);
        g_test_add_func("/tally-plans/emnify", test_emnify);
        return g_test_run();
}
