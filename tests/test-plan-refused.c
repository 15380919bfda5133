/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Plans that are not taken, and what their sentences say. */

#include "plan.h"

#include <errno.h>
#include <string.h>

#define BUCKET "[Bucket a]\nBytes=1GB\n"

/* Whole texts, with what their sentence begins with. */
static void test_refused(void) {
        static const struct {
                const char *text, *error;
        } cases[] = {
                { "", "this says nothing of what was bought; begin with [Bucket" },
                { "[Plan]\nName=a", "this says nothing of what was bought" },
                { "[Match]\nAny=yes", "this says nothing of what was bought" },
                { "10GB for 10 days", "line 1: \"10GB for 10 days\" has no =" },
                { "[Plans]\n", "line 1: \"Plans\" is no group; did you mean Plan?" },
                { "[plan]\n", "line 1: \"plan\" is no group; did you mean Plan?" },
                { "[Topup a]\n", "line 1: \"Topup\" is no group; did you mean TopUp?" },
                { "[Quota]\n", "line 1: \"Quota\" is no group; say [Plan], [Bucket NAME]" },
                { "[Plan mine]\n", "line 1: [Plan] has no name of its own" },
                { "[Bucket]\nBytes=1GB", "line 1: [Bucket] needs a name; say for example" },
                { "[Limit]\n", "line 1: [Limit] needs a name" },
                { "[Bucket a\xe2\x80\xae]\nBytes=1GB", "line 1: this name has characters" },
                { "[Bucket 12345678901234567890123456789012345678901234567890123456789012345]\n"
                  "Bytes=1GB",
                  "line 1: this name is longer than 64 bytes" },
                { BUCKET "[Bucket a]\nBytes=2GB",
                  "line 3: [Bucket a] is there already, in line 1" },
                { BUCKET "[Bucket  a]\nBytes=2GB", "line 3: [Bucket  a] is there already" },
                { "[Plan]\nZone=UTC\n[Plan]\n", "line 3: [Plan] is there already, in line 1" },
                { "[Bucket a]\nEvery=1 month", "line 1: [Bucket a]: how much is it? Say for" },
                { "[Bucket topup-3]\nBytes=1GB",
                  "line 1: [Bucket topup-3]: names that begin with" },

                /* keys */
                { "[Plan]\nNane=a", "line 2: \"Nane\" is no key of [Plan]; did you mean Name?" },
                { "[Plan]\nname=a", "line 2: \"name\" is no key of [Plan]; did you mean Name?" },
                { "[Plan]\nTimezone=UTC", "line 2: \"Timezone\" is no key of [Plan]; see" },
                { "[Plan]\nBytes=1GB", "line 2: Bytes is no key of [Plan], but of [Bucket NAME]" },
                { "[Plan]\nIccid=1", "line 2: Iccid is no key of [Plan], but of [Match]" },
                { BUCKET "Rollover=1 period",
                  "line 3: \"Rollover\" is no key of [Bucket a]; did you mean RollOver?" },
                { BUCKET "Last=1 day", "line 3: \"Last\" is no key of [Bucket a]; did you mean" },
                { BUCKET "Bytes=2GB", "line 3: Bytes is said already, in line 2" },
                { BUCKET "Lasts=", "line 3: Lasts: nothing is said" },
                { BUCKET "Lasts=10 days # of travel",
                  "line 3: Lasts: \"10 days # of travel\" is no length; say for example 1 month, "
                  "10 days or 24h; a comment needs a line of its own" },

                /* what contradicts */
                { BUCKET "Lasts=1 day\nUntil=2026-12-01",
                  "line 4: Until: does not go with Lasts (line 3); say its end in one way" },
                { BUCKET "Rolling=30 days\nEvery=1 day",
                  "line 3: Rolling: does not go with Every" },
                { BUCKET "Rolling=30 days\nDay=1", "line 3: Rolling: does not go with Day" },
                { BUCKET "Rolling=30 days\nAt=00:00", "line 3: Rolling: does not go with At" },
                { BUCKET "Rolling=30 days\nRollOver=forever", "line 3: Rolling: does not go with" },
                { BUCKET "Day=1", "line 3: Day: means nothing without Every; say for example" },
                { BUCKET "At=00:00", "line 3: At: means nothing without Every" },
                { BUCKET "RollOver=1 period", "line 3: RollOver: means nothing without Every" },
                { BUCKET "Every=1 day\nRollOverCap=1GB", "line 4: RollOverCap: means nothing" },
                { BUCKET "Every=1 day\nRollOverLasts=1 day", "line 4: RollOverLasts: means" },
                { BUCKET "Round=day-end", "line 3: Round: means nothing without Lasts" },
                { BUCKET "Every=1 day\nDay=1", "line 4: Day: a day of the month is for periods" },
                { BUCKET "Every=59 minutes", "line 3: Every: a period is at least 1h" },
                { BUCKET "Rolling=1 second", "line 3: Rolling: the least is 1h" },
                { BUCKET "ActivateWithin=9 days", "line 3: ActivateWithin: is for a start that" },
                { BUCKET "Starts=now\nActivateWithin=9 days", "line 4: ActivateWithin: is for" },
                { BUCKET "Starts=2026-11-02\nUntil=2026-11-02", "line 4: Until: is not after" },
                { BUCKET "From=2026-11-02 10:00\nUntil=2026-11-02 09:59", "line 4: Until: is not" },
                { "[Bucket a]\nBytes=unlimited\nEvery=1 day\nRollOver=1 period",
                  "line 4: RollOver: nothing is left over of unlimited" },
                { BUCKET "Within=b", "line 3: Within: there is no bucket \"b\"" },
                { BUCKET "Starts=after bb", "line 3: Starts: there is no bucket \"bb\"" },
                { "[Bucket monthly]\nBytes=1GB\nWithin=montly",
                  "line 3: Within: there is no bucket \"montly\"; did you mean monthly?" },
                { BUCKET "Within=a", "line 3: Within: leads back to [Bucket a]" },
                { BUCKET "Starts=after a", "line 3: Starts: leads back to [Bucket a]" },
                { BUCKET "Within=b\n[Bucket b]\nBytes=1GB\nWithin=a",
                  "line 3: Within: leads back" },
                { BUCKET "Within=b\n[Bucket b]\nBytes=1GB\nStarts=after a",
                  "line 3: Within: leads" },
                { "[Plan]\nAtZero=next\n" BUCKET, "line 2: AtZero: no bucket is left for next" },
                { "[Plan]\nTiers=1GB:1 EUR\n", "line 2: Tiers: of what? Say a bucket" },
                { "[Plan]\nSupportCost=free\n" BUCKET, "line 2: SupportCost: means nothing" },
                { "[Plan]\nPrice=1 EUR\n" BUCKET "AtZero=bill 1 USD per 1GB",
                  "line 5: AtZero: USD beside EUR; a plan has one currency" },
                { "[TopUp a]\nBytes=1GB\nPrice=1 EUR\n[TopUp b]\nBytes=1GB\nPrice=1 USD",
                  "line 6: Price: USD beside EUR" },
                { "[Plan]\nTiers=1GB:1 EUR\nAtZero=bill 1 USD per 1GB\n" BUCKET,
                  "line 2: Tiers: EUR beside USD" },
                { "[Limit a]\nThen=block", "line 1: [Limit a]: a limit of what? Say for example" },
                { "[Limit a]\nOver=1GB in 3 days", "line 1: [Limit a]: what happens then?" },
                { "[Limit a]\nOver=1GB in 3 days\nAfter=1 day from first-use\nThen=block",
                  "line 3: After: does not go with Over (line 2); make a limit of each" },
                { "[Limit a]\nOver=1GB in 1 minute\nThen=block", "line 1: [Limit a]: the least" },
                { "[TopUp a]\nPrice=1 EUR", "line 1: [TopUp a]: what is bought? Say for example" },
                { "[TopUp a]\nAdds=1 day\nLasts=1 day", "line 3: Lasts: means nothing without" },
                { "[Match]\n" BUCKET, "line 1: [Match]: which SIM? Say Iccid=" },
                { "[Match]\nAny=yes\nPlmn=44010\n" BUCKET, "line 2: Any: does not go with Plmn" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *error = NULL;
                Plan *p = NULL;

                g_assert_cmpint(plan_parse(cases[i].text, strlen(cases[i].text), &p, &error), ==,
                                -EINVAL);
                g_assert_null(p);
                if (!g_str_has_prefix(error, cases[i].error))
                        g_error("case %zu: %s", i, error);
        }
}

/* The value of a key alone, in line 3, with how the sentence goes on after it. */
static void test_refused_values(void) {
        static const struct {
                const char *group, *key, *value, *error;
        } cases[] = {
                { "Plan", "Zone", "UTC+8",
                  "is no zone; say a name such as Asia/Tokyo, or an offs" },
                { "Plan", "Zone", "/etc/localtime", "is no zone" },
                { "Plan", "Zone", "Asia/Nowhere", "is no zone" },
                { "Plan", "Zone", "+25:00", "is no zone" },
                { "Plan", "Count", "down", "is nothing to count; say total, rx or tx" },
                { "Plan", "Warn", "80", "are no levels; say for example 80%;95%;500MB left" },
                { "Plan", "Warn", "80%;", "are no levels" },
                { "Plan", "Warn", "0%", "is out of range; say 1% to 100%" },
                { "Plan", "Warn", "101%", "is out of range" },
                { "Plan", "Warn", "80.5%", "are no levels" },
                { "Plan", "Warn", "unlimited left", "are no levels" },
                { "Plan", "WarnExpiry", "soon", "are no lengths; say for example 2 days;3h" },
                { "Plan", "WarnExpiry", "2 calendar months", "are no lengths" },
                { "Plan", "Pace", "maybe", "is neither yes nor no" },
                { "Plan", "Shared", "Yes", "is neither yes nor no" },
                { "Plan", "AtZero", "throttle", "is not what happens at zero; say next, block" },
                { "Plan", "AtZero", "throttle 300", "is not what happens at zero" },
                { "Plan", "AtZero", "throttle 0kbit/s", "is too little or too much; say block" },
                { "Plan", "AtZero", "bill 220 per 1GB", "is not what happens at zero" },
                { "Plan", "AtZero", "bill 220 JPY", "is not what happens at zero" },
                { "Plan", "AtZero", "bill 220 JPY per GB", "is not what happens at zero" },
                { "Plan", "AtZero", "bill 220 JPY per 1GB up to 9 EUR", "is not what happens" },
                { "Plan", "AtZero", "Block", "is not what happens at zero" },
                { "Plan", "Tiers", "3GB", "are no tiers; say for example 3GB:1078 JPY;unlimited" },
                { "Plan", "Tiers", "3GB:1 JPY;2GB:2 JPY", "are no tiers" },
                { "Plan", "Tiers", "3GB:1 JPY;3GB:2 JPY", "are no tiers" },
                { "Plan", "Tiers", "unlimited:1 JPY;3GB:2 JPY", "are no tiers" },
                { "Plan", "Tiers", "3GB:1 JPY;4GB:2 EUR", "are no tiers" },
                { "Plan", "RoundUp", "1MB", "is no rounding; say for example 1MB per session" },
                { "Plan", "RoundUp", "0B per session", "is too little" },
                { "Plan", "Session", "middle", "is neither start nor end" },
                { "Plan", "KeepAlive", "180 days", "is no life of a SIM; say for example 180 da" },
                { "Plan", "Lag", "30m", "is no length for this" },
                { "Plan", "Billing", "monthly", "is neither prepaid nor postpaid" },
                { "Plan", "Price", "220", "is no price; say for example 220 JPY or 2.50 EUR" },
                { "Plan", "Price", "220 yen", "is no price" },
                { "Plan", "Price", "JPY 220", "is no price" },
                { "Plan", "Price", "-1 EUR", "is no price" },
                { "Plan", "Price", "2,50 EUR", "is no price" },
                { "Plan", "Price", "2. EUR", "is no price" },
                { "Plan", "Price", "2.0000001 EUR", "is too exact or too much" },
                { "Plan", "Price", "9999999999999 EUR", "is too exact or too much" },
                { "Plan", "TopUpUrl", "http://carrier.example/", "is no address; say for example" },
                { "Plan", "TopUpUrl", "javascript:alert(1)", "is no address" },
                { "Plan", "CheckUrl", "https://", "is no address" },
                { "Plan", "CheckUrl", "https://a b.example/", "is no address" },
                { "Plan", "CheckUrl", "https://user@carrier.example/", "is no address" },
                { "Plan", "CheckUrl", "https://x\xc3\xa9.example/", "is no address" },
                { "Plan", "Note", "\xe2\x80\xae\xe2\x80\xac", "has nothing that can be shown" },
                { "Bucket a", "Bytes", "5", "is no size; say for example 5GB, 5GiB, 500MB or unl" },
                { "Bucket a", "Bytes", "5G", "is no size" },
                { "Bucket a", "Bytes", "-5GB", "is no size" },
                { "Bucket a", "Bytes", "5,5GB", "is no size" },
                { "Bucket a", "Bytes", "0GB", "is too little or too much; a size is from 1B" },
                { "Bucket a", "Bytes", "2000000TB", "is too little or too much" },
                { "Bucket a", "Bytes", "99999999999999999999999TB", "is too little or too much" },
                { "Bucket a", "Bytes", "Unlimited", "is no size" },
                { "Bucket a", "Starts", "soon", "is no start; say a date such as 2026-11-01, or " },
                { "Bucket a", "Starts", "2026-02-30", "does not exist; dates are of the years" },
                { "Bucket a", "Starts", "1970-01-01", "does not exist" },
                { "Bucket a", "Starts", "9999-01-01", "does not exist" },
                { "Bucket a", "Starts", "after", "is no start" },
                { "Bucket a", "Bought", "1/11/2026", "is no date; say for example 2026-11-01 or" },
                { "Bucket a", "Until", "2026-11-01T18:30", "is no date" },
                { "Bucket a", "Until", "2026-11-01 24:00", "does not exist" },
                { "Bucket a", "Until", "2026-11-01 18:60", "does not exist" },
                { "Bucket a", "Until", "2026-13-01", "does not exist" },
                { "Bucket a", "Until", "2026-1-1", "is no date" },
                { "Bucket a", "Lasts", "1 moon",
                  "is no length; say for example 1 month, 10 days or 24h" },
                { "Bucket a", "Lasts", "month", "is no length" },
                { "Bucket a", "Lasts", "10", "is no length" },
                { "Bucket a", "Lasts", "1.5 days", "is no length" },
                { "Bucket a", "Lasts", "0 days", "is too short or too long; a length is at most" },
                { "Bucket a", "Lasts", "101 years", "is too short or too long" },
                { "Bucket a", "Lasts", "99999999999 days", "is too short or too long" },
                { "Bucket a", "Lasts", "99999x99999h", "is too short or too long" },
                { "Bucket a", "Lasts", "0x24h", "is too short or too long" },
                { "Bucket a", "Lasts", "1x0h", "is too short or too long" },
                { "Bucket a", "Lasts", "10x24", "is no length" },
                { "Bucket a", "Lasts", "10xh", "is no length" },
                { "Bucket a", "Round", "hour", "is no rounding; the only one is day-end" },
                { "Bucket a", "Every", "1 calendar month", "is no length for this" },
                { "Bucket a", "Every", "monthly", "is no length for this" },
                { "Bucket a", "From", "yesterday", "is no date" },
                { "Bucket a", "Day", "32", "is no day of the month; say 1 to 31, where 31 is the" },
                { "Bucket a", "Day", "0", "is no day of the month" },
                { "Bucket a", "Day", "last", "is no day of the month; say for example 15" },
                { "Bucket a", "At", "24:00", "is no time of day; say 00:00 to 23:59" },
                { "Bucket a", "At", "1am", "is no time of day; say for example 00:00 or 18:30" },
                { "Bucket a", "At", "1:00", "is no time of day" },
                { "Bucket a", "RollOver", "yes", "is no roll-over; say for example 1 period" },
                { "Bucket a", "RollOver", "0 periods", "is out of range; say 1 period to 1200" },
                { "Bucket a", "RollOverCap", "unlimited", "is no size" },
                { "Bucket a", "Where", "Japan", "is no place; say anywhere, home, abroad, or co" },
                { "Bucket a", "Where", "44", "is no place" },
                { "Bucket a", "Where", "000", "is out of range; a country code (MCC)" },
                { "Bucket a", "Where", "440,441", "is no place" },
                { "Bucket a", "Free", "night", "are no hours; say for example Mon-Fri 01:00-07:0" },
                { "Bucket a", "Free", "Mo-Fr 01:00-07:00", "are no hours" },
                { "Bucket a", "Free", "Mon-Fri", "are no hours" },
                { "Bucket a", "Free", "24:00-07:00", "is out of range" },
                { "Bucket a", "Hours", "01:00", "are no hours" },
                { "Bucket a", "Order", "first", "is no number; say for example 1, which is used" },
                { "Bucket a", "Order", "1001", "is out of range; say -1000 to 1000" },
                { "Bucket a", "Order", "--1", "is no number" },
                { "Limit a", "Over", "15GB", "is no rule; say for example 15GB in 3 days" },
                { "Limit a", "Over", "unlimited in 3 days", "is no rule" },
                { "Limit a", "Over", "15GB in 3 calendar months", "is no rule" },
                { "Limit a", "Over", "0B in 3 days", "is out of range" },
                { "Limit a", "After", "15 days", "is no rule; say for example 15 days from first" },
                { "Limit a", "After", "15 days from now", "is no rule" },
                { "Limit a", "Then", "stop", "is no consequence; say for example throttle" },
                { "Limit a", "Then", "throttle 1Mbit/s at 24:00", "is out of range" },
                { "Limit a", "Then", "bill 1 EUR per 1GB", "is no consequence" },
                { "Limit a", "During", "evening", "are no hours; say for example 18:00-02:00" },
                { "Limit a", "During", "18:00-02:00 tomorrow", "are no hours" },
                { "Limit a", "Until", "2026-11-01", "is no end of a limit; say home-use or next-" },
                { "TopUp a", "Within", "2 days", "is no time of grace; say for example 2 days" },
                { "TopUp a", "IfExpired", "23:59", "is no end of a day; say for example until" },
                { "TopUp a", "IfExpired", "until 24:01", "is no time of day" },
                { "Match", "Iccid", "8981F", "is no ICCID's beginning; say 1 to 20 digits" },
                { "Match", "Plmn", "440", "is no network; say MCC and MNC, such as 44010" },
                { "Match", "Any", "all", "is neither yes nor no" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = g_strdup_printf("# x\n[%s]\n%s=%s\n", cases[i].group,
                                                        cases[i].key, cases[i].value);
                g_autofree char *start = g_strdup_printf("line 3: %s: \"", cases[i].key);
                g_autofree char *error = NULL;
                Plan *p = NULL;

                if (plan_parse(text, strlen(text), &p, &error) != -EINVAL)
                        g_error("case %zu: %s is taken", i, text);
                if (!g_str_has_prefix(error, start) || !strstr(error, cases[i].error))
                        g_error("case %zu, %s: %s", i, text, error);
        }
}

static void assert_size(GString *text, bool is_taken, const char *error_part) {
        g_autofree char *error = NULL;
        g_autoptr(Plan) p = NULL;
        int r = plan_parse(text->str, text->len, &p, &error);

        if (is_taken != (r >= 0) || (!is_taken && !strstr(error, error_part)))
                g_error("%s", error ? error : "taken");
        g_string_free(text, TRUE);
}

static GString *buckets(int n) {
        GString *text = g_string_new(NULL);

        for (int i = 0; i < n; i++)
                g_string_append_printf(text, "[Bucket b%d]\nBytes=1GB\n", i);
        return text;
}

/* The longest chain that there can be, written against its direction. */
static GString *chain(int n) {
        GString *text = g_string_new(NULL);

        for (int i = 0; i < n; i++) {
                g_string_append_printf(text, "[Bucket b%d]\nBytes=1GB\n", i);
                if (i + 1 < n)
                        g_string_append_printf(text, "Starts=after b%d\n", i + 1);
        }

        return text;
}

static GString *long_value(const char *key, gsize length) {
        g_autofree char *value = g_strnfill(length, 'x');
        GString *text = g_string_new(NULL);

        g_string_printf(text, "[Plan]\n%s=%s\n" BUCKET, key, value);
        return text;
}

static void test_bounds(void) {
        GString *text = buckets(1);
        g_autofree char *blank = g_strnfill(PLAN_MAX_BYTES - text->len, '\n');

        assert_size(g_string_append(text, blank), true, NULL);
        text = buckets(1);
        assert_size(g_string_append_c(g_string_append(text, blank), '\n'), false,
                    "longer than 64 KiB");
        assert_size(buckets(PLAN_MAX_BUCKETS), true, NULL);
        assert_size(buckets(PLAN_MAX_BUCKETS + 1), false,
                    "line 201: more than 100 groups of this kind");
        assert_size(chain(PLAN_MAX_BUCKETS), true, NULL);
        assert_size(long_value("Name", 128), true, NULL);
        assert_size(long_value("Name", 129), false, "is longer than 128 bytes");
        assert_size(long_value("Note", 1024), true, NULL);
        assert_size(long_value("Note", 1025), false, "is longer than 1024 bytes");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/plan/refused", test_refused);
        g_test_add_func("/plan/refused-values", test_refused_values);
        g_test_add_func("/plan/bounds", test_bounds);
        return g_test_run();
}
