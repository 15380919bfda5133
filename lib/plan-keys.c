/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "plan-keys.h"

#include <stddef.h>
#include <string.h>

#include "sentence.h"

static const PlanKey plan_group[] = {
        { "Name", offsetof(Plan, name), VALUE_NAME },
        { "Zone", offsetof(Plan, zone), VALUE_ZONE },
        { "Count", offsetof(Plan, count), VALUE_DIRECTION },
        { "Warn", offsetof(Plan, warn), VALUE_WARN },
        { "WarnExpiry", offsetof(Plan, warn_expiry), VALUE_LENGTHS },
        { "Pace", offsetof(Plan, pace), VALUE_YES_OR_NO },
        { "AtZero", offsetof(Plan, at_zero), VALUE_AT_ZERO },
        { "Tiers", offsetof(Plan, tiers), VALUE_TIERS },
        { "RoundUp", offsetof(Plan, round_up_bytes), VALUE_PER_SESSION },
        { "Session", offsetof(Plan, session), VALUE_SESSION },
        { "KeepAlive", offsetof(Plan, keep_alive), VALUE_AFTER_TOP_UP },
        { "Lag", offsetof(Plan, lag), VALUE_STEP },
        { "Shared", offsetof(Plan, is_shared), VALUE_YES },
        { "Billing", offsetof(Plan, billing), VALUE_BILLING },
        { "Price", offsetof(Plan, price), VALUE_MONEY },
        { "TopUpUrl", offsetof(Plan, top_up_url), VALUE_URL },
        { "CheckUrl", offsetof(Plan, check_url), VALUE_URL },
        { "App", offsetof(Plan, app), VALUE_NOTE },
        { "Support", offsetof(Plan, support), VALUE_NOTE },
        { "SupportCost", offsetof(Plan, support_cost), VALUE_NOTE },
        { "Note", offsetof(Plan, note), VALUE_NOTE },
};

static const PlanKey bucket_group[] = {
        { "Bytes", offsetof(Bucket, bytes), VALUE_BYTES },
        { "Zone", offsetof(Bucket, zone), VALUE_ZONE },
        { "Starts", offsetof(Bucket, starts), VALUE_START },
        { "Bought", offsetof(Bucket, bought), VALUE_LOCAL_TIME },
        { "ActivateWithin", offsetof(Bucket, activate_within), VALUE_LENGTH },
        { "Lasts", offsetof(Bucket, lasts), VALUE_LENGTH },
        { "Until", offsetof(Bucket, until), VALUE_LOCAL_TIME },
        { "Round", offsetof(Bucket, round_to_day_end), VALUE_DAY_END },
        { "Every", offsetof(Bucket, every), VALUE_STEP },
        { "From", offsetof(Bucket, from), VALUE_LOCAL_TIME },
        { "Day", offsetof(Bucket, day), VALUE_DAY },
        { "At", offsetof(Bucket, at), VALUE_TIME },
        { "Rolling", offsetof(Bucket, rolling), VALUE_STEP },
        { "RollOver", offsetof(Bucket, roll_over), VALUE_ROLL_OVER },
        { "RollOverCap", offsetof(Bucket, roll_cap), VALUE_SIZE },
        { "RollOverLasts", offsetof(Bucket, roll_lasts), VALUE_LENGTH },
        { "Where", offsetof(Bucket, where), VALUE_WHERE },
        { "Free", offsetof(Bucket, free_hours), VALUE_WINDOWS },
        { "Hours", offsetof(Bucket, hours), VALUE_WINDOWS },
        { "Order", offsetof(Bucket, order), VALUE_ORDER },
        { "Within", offsetof(Bucket, within), VALUE_BUCKET },
        { "AtZero", offsetof(Bucket, at_zero), VALUE_AT_ZERO },
        { "Warn", offsetof(Bucket, warn), VALUE_WARN },
};

static const PlanKey limit_group[] = {
        { "Over", 0, VALUE_OVER },
        { "After", 0, VALUE_AFTER },
        { "Zone", offsetof(Limit, zone), VALUE_ZONE },
        { "Where", offsetof(Limit, where), VALUE_WHERE },
        { "Then", 0, VALUE_THEN },
        { "During", 0, VALUE_DURING },
        { "Until", offsetof(Limit, until), VALUE_LIMIT_UNTIL },
};

static const PlanKey top_up_group[] = {
        { "Bytes", offsetof(TopUp, bytes), VALUE_BYTES },
        { "Adds", offsetof(TopUp, adds), VALUE_STEP },
        { "Lasts", offsetof(TopUp, lasts), VALUE_LENGTH },
        { "Within", offsetof(TopUp, grace), VALUE_AFTER_EXPIRY },
        { "IfExpired", offsetof(TopUp, if_expired_at), VALUE_UNTIL_TIME },
        { "Price", offsetof(TopUp, price), VALUE_MONEY },
};

static const PlanKey match_group[] = {
        { "Iccid", offsetof(PlanMatch, iccid), VALUE_ICCID },
        { "Operator", offsetof(PlanMatch, operator), VALUE_NAME },
        { "Plmn", offsetof(PlanMatch, plmn), VALUE_PLMN },
        { "Any", offsetof(PlanMatch, any), VALUE_YES },
};

static const struct {
        const char *name;
        bool is_named;
        const PlanKey *keys;
        size_t n_keys;
} groups[N_GROUPS] = {
        [GROUP_PLAN] = { "Plan", false, plan_group, G_N_ELEMENTS(plan_group) },
        [GROUP_BUCKET] = { "Bucket", true, bucket_group, G_N_ELEMENTS(bucket_group) },
        [GROUP_LIMIT] = { "Limit", true, limit_group, G_N_ELEMENTS(limit_group) },
        [GROUP_TOP_UP] = { "TopUp", true, top_up_group, G_N_ELEMENTS(top_up_group) },
        [GROUP_MATCH] = { "Match", false, match_group, G_N_ELEMENTS(match_group) },
};

const char *plan_group_name(PlanGroup group) {
        return groups[group].name;
}

bool plan_group_is_named(PlanGroup group) {
        return groups[group].is_named;
}

const PlanKey *plan_keys(PlanGroup group, size_t *ret_n) {
        *ret_n = groups[group].n_keys;
        return groups[group].keys;
}

static const struct {
        const char *wanted, *bounds;
} sentences[] = {
        [VALUE_BYTES] = { N_("is no size; say for example 5GB, 5GiB, 500MB or unlimited"),
                          N_("is too little or too much; a size is from 1B to 1000000TB") },
        [VALUE_SIZE] = { N_("is no size; say for example 5GB, 5GiB or 500MB"),
                         N_("is too little or too much; a size is from 1B to 1000000TB") },
        [VALUE_PER_SESSION] = { N_("is no rounding; say for example 1MB per session"),
                                N_("is too little or too much; a size is from 1B to 1000000TB") },
        [VALUE_LENGTH] = { N_("is no length; say for example 1 month, 10 days or 24h"),
                           N_("is too short or too long; a length is at most 100 years") },
        [VALUE_STEP] = { N_("is no length for this; say for example 1 month, 10 days or 24h"),
                         N_("is too short or too long; a length is at most 100 years") },
        [VALUE_LENGTHS] = { N_("are no lengths; say for example 2 days;3h"),
                            N_("is too much; at most 32 lengths of at most 100 years") },
        [VALUE_AFTER_TOP_UP] = { N_("is no life of a SIM; say for example 180 days after top-up"),
                                 N_("is too short or too long; a length is at most 100 years") },
        [VALUE_AFTER_EXPIRY] = { N_("is no time of grace; say for example 2 days after expiry"),
                                 N_("is too short or too long; a length is at most 100 years") },
        [VALUE_LOCAL_TIME] = { N_("is no date; say for example 2026-11-01 or 2026-11-01 18:30"),
                               N_("does not exist; dates are of the years 1971 to 9998, with months "
                                  "of 28 to 31 days, and times from 00:00 to 23:59") },
        [VALUE_DAY] = { N_("is no day of the month; say for example 15"),
                        N_("is no day of the month; say 1 to 31, where 31 is the last one of every "
                           "month") },
        [VALUE_TIME] = { N_("is no time of day; say for example 00:00 or 18:30"),
                         N_("is no time of day; say 00:00 to 23:59") },
        [VALUE_UNTIL_TIME] = { N_("is no end of a day; say for example until 23:59"),
                               N_("is no time of day; say until 00:00 to until 24:00") },
        [VALUE_MONEY] = { N_("is no price; say for example 220 JPY or 2.50 EUR"),
                          N_("is too exact or too much; a price has at most six decimals") },
        [VALUE_TIERS] = { N_("are no tiers; say for example 3GB:1078 JPY;unlimited:3278 JPY, in "
                             "ascending order and in one currency"),
                          N_("is too much; at most 32 tiers, of sizes from 1B on") },
        [VALUE_AT_ZERO] = { N_("is not what happens at zero; say next, block, throttle 300kbit/s, or "
                               "for example bill 220 JPY per 1GB up to 2200 JPY"),
                            N_("is too little or too much; say block where nothing goes any more") },
        [VALUE_WARN] = { N_("are no levels; say for example 80%;95%;500MB left"),
                         N_("is out of range; say 1% to 100%, and at most 32 levels") },
        [VALUE_YES] = { N_("is neither yes nor no"), NULL },
        [VALUE_YES_OR_NO] = { N_("is neither yes nor no"), NULL },
        [VALUE_DIRECTION] = { N_("is nothing to count; say total, rx or tx"), NULL },
        [VALUE_SESSION] = { N_("is neither start nor end"), NULL },
        [VALUE_BILLING] = { N_("is neither prepaid nor postpaid"), NULL },
        [VALUE_DAY_END] = { N_("is no rounding; the only one is day-end"), NULL },
        [VALUE_LIMIT_UNTIL] = { N_("is no end of a limit; say home-use or next-period"), NULL },
        [VALUE_START] = { N_("is no start; say a date such as 2026-11-01, or now, install, first-use, "
                             "first-network, first-use-abroad, after BUCKET"),
                          N_("does not exist; dates are of the years 1971 to 9998, with months of 28 "
                             "to 31 days, and times from 00:00 to 23:59") },
        [VALUE_ROLL_OVER] = { N_("is no roll-over; say for example 1 period, 3 periods or forever"),
                              N_("is out of range; say 1 period to 1200 periods, or forever") },
        [VALUE_WHERE] = { N_("is no place; say anywhere, home, abroad, or country codes (MCC) such as "
                             "440;441"),
                          N_("is out of range; a country code (MCC) is from 001 to 999") },
        [VALUE_WINDOWS] = { N_("are no hours; say for example Mon-Fri 01:00-07:00;Sat,Sun 00:00-24:00"),
                            N_("is out of range; say 00:00 to 24:00, and at most 32 times") },
        [VALUE_ORDER] = { N_("is no number; say for example 1, which is used before 2"),
                          N_("is out of range; say -1000 to 1000") },
        [VALUE_ZONE] = { N_("is no zone; say a name such as Asia/Tokyo, or an offset such as +08:00"),
                         NULL },
        [VALUE_NAME] = { N_("has nothing that can be shown"), N_("is longer than 128 bytes") },
        [VALUE_NOTE] = { N_("has nothing that can be shown"), N_("is longer than 1024 bytes") },
        [VALUE_URL] = { N_("is no address; say for example https://carrier.example/"),
                        N_("is longer than 1024 bytes") },
        [VALUE_BUCKET] = { N_("is no name of a bucket"), N_("is longer than 64 bytes") },
        [VALUE_ICCID] = { N_("is no ICCID's beginning; say 1 to 20 digits, such as 898130"), NULL },
        [VALUE_PLMN] = { N_("is no network; say MCC and MNC, such as 44010"), NULL },
        [VALUE_OVER] = { N_("is no rule; say for example 15GB in 3 days"),
                         N_("is out of range; a length is at most 100 years") },
        [VALUE_AFTER] = { N_("is no rule; say for example 15 days from first-use (or "
                             "first-use-abroad, first-network)"),
                          N_("is out of range; a length is at most 100 years") },
        [VALUE_THEN] = { N_("is no consequence; say for example throttle 128kbit/s, throttle 1Mbit/s "
                            "at 00:00, or block"),
                         N_("is out of range; say block where nothing goes any more") },
        [VALUE_DURING] = { N_("are no hours; say for example 18:00-02:00 or 18:00-02:00 next-day"),
                           N_("is out of range; say 00:00 to 24:00") },
};

const char *plan_value_wanted(PlanValue value) {
        return sentences[value].wanted;
}

const char *plan_value_bounds(PlanValue value) {
        return sentences[value].bounds ? sentences[value].bounds : sentences[value].wanted;
}
