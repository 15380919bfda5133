/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "alert.h"

#include <string.h>

#include "tally-script.h"

#define MONTHLY                                                                                    \
        "[Plan]\nZone=UTC\nAtZero=throttle 300kbit/s\n[Bucket m]\nBytes=10GB\nEvery=1 month\n"     \
        "From=2026-11-01\n"

static char *describe(const GArray *due) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < due->len; i++) {
                const Alert *a = &g_array_index(due, Alert, i);

                g_string_append_printf(text, "%s%s:%s", i > 0 ? " " : "",
                                       alert_kind_to_string(a->kind), a->bucket);
                if (a->kind == ALERT_LEVEL)
                        g_string_append_printf(text, ":%" G_GUINT64_FORMAT "%s", a->level.value,
                                               a->level.is_left ? "B" : "%");
                if (a->kind == ALERT_EXPIRES || a->kind == ALERT_SIM_LIFETIME)
                        g_string_append_printf(text, ":%" G_GINT64_FORMAT "h", a->within / 3600);
                if (a->kind == ALERT_SURCHARGE)
                        g_string_append_printf(text, ":%" G_GUINT64_FORMAT, a->steps);
                if (a->severity == ALERT_CRITICAL)
                        g_string_append_c(text, '!');
        }

        return g_string_free(text, FALSE);
}

static GArray *due_at(const Tally *t, GTimeZone *zone, int64_t now) {
        g_auto(TallyAnswer) a = tally_at(t, now);
        Forecast f = forecast_at(&a, now, zone, 0);

        return alerts_due(&(AlertInput){ .answer = &a, .forecast = &f, .now = now });
}

/* In each row, `expected` is the list of what is due then. */
static void check(const char *plan, const ScriptRow *rows, gsize n_rows) {
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();

        for (gsize i = 0; i < n_rows; i++) {
                g_autoptr(GPtrArray) plans = script_plans();
                g_autoptr(Tally) t = script_tally(plan, rows, i + 1, plans);
                g_autoptr(GArray) due = due_at(t, utc, script_instant(utc, rows[i].at));
                g_autofree char *text = describe(due);

                if (strcmp(text, rows[i].expected) != 0)
                        g_error("%s: due is \"%s\", not \"%s\" (%s)", rows[i].at, text,
                                rows[i].expected, rows[i].words);
        }
}
#define CHECK(plan, rows) check(plan, rows, G_N_ELEMENTS(rows))

static void test_levels(void) {
        static const ScriptRow rows[] = {
                { "2026-11-20 00:00", "use 7.9GB", "pace:", "79 %, in 19 days of 30" },
                { "2026-11-28 00:00", "use 100MB", "level:m:80%", "80 %" },
                { "2026-11-28 01:00", "use 1.5GB",
                  "level:m:95%! pace:", "the highest alone; and 1.5 days early" },
                { "2026-11-28 02:00", "use 1GB", "throttled:m", "used up, and slow" },
                { "2026-12-01 00:00", NULL, "lifted:m", "full speed again" },
                { "2026-12-02 00:00", NULL, "", "which is news for a day" },
        };
        static const char levels[] = "[Plan]\nZone=UTC\nWarn=50%;1GB left;20GB left\nPace=no\n"
                                     "[Bucket b]\nBytes=10GB\n";
        static const ScriptRow levels_rows[] = {
                { "2026-11-01 00:00", "use 4GB", "", "never had 20 GB" },
                { "2026-11-01 00:00", "use 2GB", "level:b:50%", "" },
                { "2026-11-01 00:00", "use 3GB", "level:b:1000000000B!", "1 GB left" },
                { "2026-11-01 00:00", "use 3GB", "used-up:b!", "blocked" },
        };
        static const char daily[] = "[Plan]\nZone=UTC\nAtZero=throttle 128kbit/s\n[Bucket d]\n"
                                    "Bytes=1GB\nEvery=1 day\nLasts=7 days\n";
        static const ScriptRow daily_rows[] = {
                { "2026-11-01 00:00", "use 990MB", "", "daily buckets at zero only" },
                { "2026-11-01 12:00", "use 1GB", "day-cap:d", "daily cap reached" },
                { "2026-11-02 00:00", NULL, "lifted:d", "and lifted" },
        };

        CHECK(MONTHLY, rows);
        CHECK(levels, levels_rows);
        CHECK(daily, daily_rows);
}

static void test_carrier(void) {
        static const ScriptRow rows[] = {
                { "2026-11-11 00:00", "use 1GB", "", "" },
                { "2026-11-11 01:00", "report left 8.96GB to 10MB", "", "40 MB are rounding" },
                { "2026-11-11 02:00", "report left 8.8GB to 10MB",
                  "carrier-differs:", "1.2 GB used, and not 1.04: more than 10 %, and 50 MB" },
                { "2026-11-11 03:00", "use 100MB", "carrier-differs:", "it stands" },
                { "2026-11-11 04:00", "report left 8.7GB to 10MB", "", "both agree again" },
                { "2026-11-11 05:00", "report left 9.7GB to 10MB",
                  "carrier-more:", "a reply that jumps up is a question" },
                { "2026-11-11 06:00", "report left 9.7GB to 10MB", "carrier-more:", "the same" },
                { "2026-11-11 07:00", "buy 1GB", "", "answered" },
        };

        CHECK(MONTHLY, rows);
}

static void test_expiry(void) {
        static const char days[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=10GB\nLasts=10 days\n"
                                   "[TopUp t]\nBytes=1GB\nAdds=1 day\n";
        static const ScriptRow days_rows[] = {
                { "2026-11-01 00:00", NULL, "", "" },
                { "2026-11-08 23:59:59", NULL, "", "" },
                { "2026-11-09 00:00", NULL, "expires:b:48h", "2 days" },
                { "2026-11-10 21:00", NULL, "expires:b:3h!", "3 hours" },
                { "2026-11-11 00:00", NULL, "expired:", "an expired plan must not look active" },
                { "2026-11-18 00:00", NULL, "", "" },
        };
        static const char year[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=10GB\nLasts=365x24h\n"
                                   "Starts=first-use\nActivateWithin=30 days\n";
        static const ScriptRow year_rows[] = {
                { "2026-11-01 00:00", NULL, "", "" },
                { "2026-11-24 00:00", NULL, "expires:b:168h", "it must begin soon" },
                { "2026-11-25 00:00", "use 1MB", "begun:b", "" },
                { "2027-11-18 00:00", NULL, "expires:b:168h", "7 days: validity over 31 days" },
        };
        static const char soon[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=10GB\nLasts=24h\n"
                                   "Starts=first-use\nActivateWithin=3 days\n";
        static const ScriptRow soon_rows[] = {
                { "2026-11-01 00:00", NULL, "", "who has three days is not told so at once" },
                { "2026-11-02 00:00", NULL, "expires:b:48h", "2 days" },
                { "2026-11-03 21:00", NULL, "expires:b:3h!", "3 hours" },
        };
        static const ScriptRow lapsed_rows[] = {
                { "2026-11-01 00:00", NULL, "", "" },
                { "2026-12-01 00:00", NULL, "lapsed:b", "" },
        };
        static const char pass[] = "[Plan]\nZone=UTC\nWarnExpiry=1h;2 days\n[Bucket b]\n"
                                   "Bytes=unlimited\nLasts=24h\n";
        static const ScriptRow pass_rows[] = {
                { "2026-11-01 00:00", NULL, "", "2 days before is before it began" },
                { "2026-11-01 23:00", NULL, "expires:b:1h!", "" },
        };
        static const ScriptRow empty_rows[] = {
                { "2026-11-01 00:00", "use 10GB", "used-up:b!", "" },
                { "2026-11-09 00:00", NULL, "used-up:b!", "nobody minds the end of nothing" },
        };

        CHECK(days, days_rows);
        CHECK(year, year_rows);
        CHECK(soon, soon_rows);
        CHECK(year, lapsed_rows);
        CHECK(pass, pass_rows);
        CHECK(days, empty_rows);
}

static void test_others(void) {
        static const char bill[] = "[Plan]\nZone=UTC\nPace=no\n[Bucket b]\nBytes=1GB\n"
                                   "Every=1 month\nFrom=2026-11-01\nRollOver=1 period\n"
                                   "AtZero=bill 220 JPY per 1GB\n";
        static const ScriptRow bill_rows[] = {
                { "2026-11-01 00:00", "use 1GB", "used-up:b", "" },
                { "2026-11-02 00:00", "use 1MB", "used-up:b surcharge::1", "begun" },
                { "2026-11-03 00:00", "use 1GB", "used-up:b surcharge::2", "each step" },
        };
        static const ScriptRow waste_rows[] = {
                { "2026-11-01 00:00", "use 7GB", "", "" },
                { "2026-11-28 23:59:59", NULL, "", "" },
                { "2026-11-29 00:00", NULL, "waste:m", "3 GB are lost in 2 days" },
        };
        static const char home[] = "[Plan]\nZone=UTC\nKeepAlive=60 days after top-up\n[Bucket h]\n"
                                   "Bytes=5GB\nWhere=home\nEvery=1 month\nFrom=2026-11-01\n"
                                   "RollOver=1 period\n";
        static const ScriptRow home_rows[] = {
                { "2026-11-01 00:00", "network in 440", "", "" },
                { "2026-11-02 00:00", "network abroad 450", "abroad:!", "no bucket covers it" },
                { "2026-11-03 00:00", "network in 440", "", "" },
                { "2026-12-17 00:00", NULL, "sim-lifetime::336h", "60 days: until 31 December" },
                { "2026-12-29 00:00", NULL, "sim-lifetime::48h!", "" },
                { "2026-12-30 00:00", "buy 1GB for 3 days", "", "a top-up" },
        };
        static const char limit[] = "[Plan]\nZone=UTC\n[Bucket b]\nBytes=unlimited\n[Limit fair]\n"
                                    "Over=3GB in 24h\nThen=throttle 1Mbit/s\n";
        static const ScriptRow limit_rows[] = {
                { "2026-11-01 00:00", "use 4GB", "throttled:fair", "" },
                { "2026-11-02 00:00", NULL, "lifted:fair", "" },
                { "2026-11-03 00:00", NULL, "", "" },
        };
        static const char two[] = "[Plan]\nZone=UTC\n[Bucket a]\nBytes=1GB\nOrder=-1\n"
                                  "[Bucket b]\nBytes=9GB\n";
        static const ScriptRow two_rows[] = {
                { "2026-11-01 00:00", "use 1.1GB", "used-up:a", "the next one follows" },
        };

        CHECK(bill, bill_rows);
        CHECK(MONTHLY, waste_rows);
        CHECK(home, home_rows);
        CHECK(limit, limit_rows);
        CHECK(two, two_rows);
}

static void test_new_sim(void) {
        g_autoptr(Tally) t = tally_new(NULL, 0);
        g_auto(TallyAnswer) a = tally_at(t, 1794000000);
        g_autoptr(GArray) due = alerts_due(
                &(AlertInput){ .answer = &a, .now = 1794000000, .sim_since = 1793990000 });

        g_assert_cmpuint(due->len, ==, 1);
        g_assert_cmpstr(g_array_index(due, Alert, 0).key, ==, "new-sim//0/");
        g_assert_cmpint(g_array_index(due, Alert, 0).severity, ==, ALERT_LOW);
}

static Alert *find(GArray *due, AlertKind kind) {
        for (guint i = 0; i < due->len; i++)
                if (g_array_index(due, Alert, i).kind == kind)
                        return &g_array_index(due, Alert, i);

        return NULL;
}

/* It is raised where it is clear, and stands until the pace is right again. */
static void test_pace(void) {
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_autoptr(Plan) plan = plan_new();
        TallyAnswer a = {
                .state = TALLY_OK, .plan = plan, .limit = 3000, .period_start = 1793491200
        };
        int64_t now = a.period_start + 15 * 86400;
        AlertRecord record = { NULL, 1, 0 };
        g_autofree char *key = NULL;

        a.period_end = a.period_start + 30 * 86400;
        a.buckets = g_array_new(FALSE, FALSE, sizeof(TallyBucket));
        a.limits = g_array_new(FALSE, FALSE, sizeof(TallyLimit));
        for (uint64_t used = 1400; used <= 1700; used += 50) {
                Forecast f;
                AlertInput input = { .answer = &a, .forecast = &f, .now = now };
                g_autoptr(GArray) fresh = NULL, raised = NULL;

                a.used = used;
                a.remaining = a.limit - used;
                f = forecast_at(&a, now, utc, 0);
                fresh = alerts_due(&input);
                if (find(fresh, ALERT_PACE) && !key)
                        key = g_strdup(find(fresh, ALERT_PACE)->key);
                g_assert_cmpint(find(fresh, ALERT_PACE) != NULL, ==, used >= 1600);

                record.key = "pace//1793491200/";
                input.records = &record;
                input.n_records = 1;
                raised = alerts_due(&input);
                g_assert_cmpint(find(raised, ALERT_PACE) != NULL, ==, used > 1500);
        }
        g_assert_cmpstr(key, ==, record.key);
        g_array_unref(a.buckets);
        g_array_unref(a.limits);
}

static void test_next(void) {
        static const ScriptRow rows[] = { { "2026-11-01 00:00", NULL, NULL, NULL } };
        static const struct {
                const char *now, *next;
        } cases[] = {
                { "2026-11-01 00:00", "2026-11-02 00:00" }, /* the forecast may speak */
                { "2026-11-02 00:00", "2026-11-09 00:00" }, /* 2 days */
                { "2026-11-09 00:00", "2026-11-10 21:00" }, /* 3 hours */
                { "2026-11-11 00:00", "2026-11-18 00:00" }, /* it is an old story */
        };
        g_autoptr(GPtrArray) plans = script_plans();
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_autoptr(Tally) t = script_tally(
                "[Plan]\nZone=UTC\n[Bucket b]\nBytes=10GB\nLasts=10 days\n", rows, 1, plans);

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                int64_t now = script_instant(utc, cases[i].now);
                g_auto(TallyAnswer) a = tally_at(t, now);

                g_assert_cmpint(alerts_next(&a, now), ==, script_instant(utc, cases[i].next));
        }
}

static void assert_changes(const char *due_keys, const AlertRecord *records, gsize n_records,
                           int64_t event_at, const char *wanted) {
        g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(Alert)), changes = NULL;
        g_autoptr(GString) text = g_string_new(NULL);
        g_auto(GStrv) keys = g_strsplit(due_keys, " ", -1);

        for (char **key = keys; *key && **key; key++) {
                Alert alert = { .key = *key, .period_start = 100, .period_end = 1000 };

                if (g_str_has_prefix(*key, "past"))
                        alert.period_end = 400;
                if (g_str_has_prefix(*key, "rolling"))
                        alert.rearms_after = 50;
                g_array_append_val(due, alert);
        }

        changes = alerts_reconcile(due, records, n_records, 500, event_at);
        for (guint i = 0; i < changes->len; i++) {
                const AlertChange *c = &g_array_index(changes, AlertChange, i);

                g_string_append_printf(text, "%s%s%s", i > 0 ? " " : "", c->is_raised ? "+" : "-",
                                       c->is_raised ? keys[c->index] : records[c->index].key);
        }
        g_assert_cmpstr(text->str, ==, wanted);
}

static void test_reconcile(void) {
        static const AlertRecord none[] = { { "x", 0, 0 } };
        static const AlertRecord standing[] = { { "a", 200, 0 } };
        static const AlertRecord cleared[] = { { "a", 200, 300 }, { "rolling", 200, 470 } };
        static const AlertRecord old[] = { { "rolling", 200, 450 } };

        assert_changes("a b", none, 0, 0, "+a +b");
        assert_changes("a", standing, 1, 0, "");
        assert_changes("b", standing, 1, 0, "-a +b");
        assert_changes("", standing, 1, 0, "-a");
        /* its period is not the one of now */
        assert_changes("past", none, 0, 0, "");
        /* once cleared, it is not raised again in that period … */
        assert_changes("a rolling", cleared, 2, 0, "");
        assert_changes("a", cleared, 2, 299, "");
        /* … unless an event cleared it, or came since */
        assert_changes("a", cleared, 2, 300, "+a");
        assert_changes("a", cleared, 2, 400, "+a");
        /* without periods: after a while */
        assert_changes("rolling", old, 1, 0, "+rolling");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/alert/levels", test_levels);
        g_test_add_func("/alert/carrier", test_carrier);
        g_test_add_func("/alert/expiry", test_expiry);
        g_test_add_func("/alert/others", test_others);
        g_test_add_func("/alert/new-sim", test_new_sim);
        g_test_add_func("/alert/pace", test_pace);
        g_test_add_func("/alert/next", test_next);
        g_test_add_func("/alert/reconcile", test_reconcile);
        return g_test_run();
}
