/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What was bought: a plan as a value, and its text (the format of simtally.plan(5)).
 *
 * A plan says what was agreed, not what became of it: instants are kept as they were written, in
 * the plan's zone, and are worked out in period.c and tally.c.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define PLAN_MAX_BYTES   (64 * 1024)
#define PLAN_MAX_BUCKETS 100

#define PLAN_UNLIMITED UINT64_MAX /* as an amount of bytes */

/* A span of time as carriers say it. */
typedef enum LengthUnit {
        LENGTH_NONE,            /* not said */
        LENGTH_SECONDS,         /* exact: 24h, 10x24h */
        LENGTH_DAYS,            /* of the calendar; as a validity the first one counts as day 1 */
        LENGTH_WEEKS,           /* steps of the calendar from the start */
        LENGTH_MONTHS,          /* the same, clamped to short months without drift */
        LENGTH_CALENDAR_MONTHS, /* to the end of the n-th month, the running one being the first */
} LengthUnit;

typedef struct Length {
        LengthUnit unit;
        int64_t n; /* > 0 unless LENGTH_NONE */
} Length;

/* A date, and perhaps a time of day, on the clocks of the plan's zone. */
typedef struct LocalTime {
        int16_t year; /* 0: not said */
        uint8_t month, day, hour, minute;
        bool has_time;
} LocalTime;

/* Minutes since midnight; 1440 is the end of the day. */
#define TIME_NONE (-1)

/* Decimal money: 220 JPY, 2.50 EUR. */
typedef struct Money {
        int64_t micros;   /* millionths of the currency's unit */
        char currency[4]; /* ISO 4217; "" where nothing was said */
} Money;

typedef enum CountDirection {
        COUNT_TOTAL,
        COUNT_RX,
        COUNT_TX,
} CountDirection;

/* A warning: so much of the limit is used, or only so many bytes are left. */
typedef struct WarnLevel {
        bool is_left;
        uint64_t value; /* percent, or bytes */
} WarnLevel;

typedef enum AtZeroKind {
        AT_ZERO_UNSAID,
        AT_ZERO_NEXT,
        AT_ZERO_BLOCK,
        AT_ZERO_THROTTLE,
        AT_ZERO_BILL,
} AtZeroKind;

/* What happens when the bytes are used up. */
typedef struct AtZero {
        AtZeroKind kind;
        uint64_t rate_bps;   /* THROTTLE */
        Money price;         /* BILL: this for each step … */
        uint64_t step_bytes; /* … of so many bytes … */
        Money ceiling;       /* … up to that; currency "" where there is no ceiling */
} AtZero;

typedef enum WhereKind {
        WHERE_ANYWHERE,
        WHERE_HOME,
        WHERE_ABROAD,
        WHERE_MCCS,
} WhereKind;

typedef struct Where {
        WhereKind kind;
        GArray *mccs; /* uint16_t; NULL unless WHERE_MCCS */
} Where;

/* Hours of the week: Mon-Fri 01:00-07:00. Over midnight where until <= from. */
typedef struct WeekWindow {
        uint8_t days; /* bit 0: Monday … bit 6: Sunday */
        int16_t from, until;
} WeekWindow;

typedef enum StartKind {
        START_UNSAID, /* From, else now */
        START_AT,     /* a date or time */
        START_NOW,
        START_INSTALL,
        START_FIRST_USE,
        START_FIRST_NETWORK,
        START_FIRST_USE_ABROAD,
        START_AFTER, /* another bucket */
} StartKind;

typedef struct Start {
        StartKind kind;
        LocalTime at; /* START_AT */
        char *after;  /* START_AFTER: the bucket's name */
} Start;

#define ROLL_FOREVER (-1)

typedef struct Bucket {
        char *name;
        uint64_t bytes; /* in each period; PLAN_UNLIMITED */
        char *zone;     /* NULL: the plan's */
        Start starts;
        LocalTime bought;
        Length activate_within;
        Length lasts;
        LocalTime until;
        Length every; /* LENGTH_NONE: one period */
        LocalTime from;
        int day; /* of the month, 1 to 31; 0: not said */
        int at;  /* minutes since midnight, or TIME_NONE */
        bool round_to_day_end;
        Length rolling;
        int roll_over;     /* periods, 0: none, ROLL_FOREVER */
        uint64_t roll_cap; /* PLAN_UNLIMITED: not capped */
        Length roll_lasts;
        Where where;
        GArray *free_hours; /* WeekWindow; NULL: none */
        GArray *hours;      /* WeekWindow; NULL: always */
        int order;
        char *within; /* another bucket's name; NULL */
        AtZero at_zero;
        GArray *warn; /* WarnLevel; NULL: not said */
} Bucket;

typedef enum LimitKind {
        LIMIT_OVER,  /* Over=15GB in 3 days */
        LIMIT_AFTER, /* After=15 days from first-use */
} LimitKind;

typedef enum LimitUntil {
        LIMIT_UNTIL_UNSAID,
        LIMIT_UNTIL_HOME_USE,
        LIMIT_UNTIL_NEXT_PERIOD,
} LimitUntil;

/* Rules of speed and fairness, which are no amounts. */
typedef struct Limit {
        char *name;
        char *zone; /* NULL: the plan's */
        LimitKind kind;
        uint64_t over_bytes;  /* LIMIT_OVER: more than this … */
        Length window;        /* … in so long; LIMIT_AFTER: after so long … */
        StartKind after_what; /* … from a START_FIRST_… on */
        Where where;
        bool blocks;
        uint64_t rate_bps;             /* unless it blocks */
        int then_at;                   /* from that time of day on, or TIME_NONE: at once */
        int during_from, during_until; /* TIME_NONE: always */
        bool during_next_day;
        LimitUntil until;
} Limit;

/* What can be bought besides. */
typedef struct TopUp {
        char *name;
        uint64_t bytes; /* 0: none */
        Length adds;    /* to the validity of the bucket that it tops up */
        Length lasts;
        Length grace;      /* Within=2 days after expiry */
        int if_expired_at; /* IfExpired=until 23:59: a time of day, or TIME_NONE */
        Money price;
} TopUp;

typedef enum SessionRule {
        SESSION_BY_SLICE, /* as the bytes came */
        SESSION_BY_START, /* a session that crosses a month belongs to the one it began in */
        SESSION_BY_END,
} SessionRule;

typedef enum Billing {
        BILLING_UNSAID,
        BILLING_PREPAID,
        BILLING_POSTPAID,
} Billing;

/* Price by the period's use: 1078 JPY up to 3 GB, … */
typedef struct Tier {
        uint64_t bytes; /* PLAN_UNLIMITED in the last */
        Money price;
} Tier;

/* Of which SIM a plan in plans.d is. */
typedef struct PlanMatch {
        bool is_said;
        char *iccid; /* a prefix; NULL: not said */
        char *operator;
        char *plmn;
        bool any;
} PlanMatch;

typedef struct Plan {
        char *name;
        char *zone; /* NULL: not said, the system's is written in when the plan is set */
        CountDirection count;
        GArray *warn;        /* WarnLevel; NULL: not said */
        GArray *warn_expiry; /* Length; NULL: not said */
        int pace;            /* 1, 0, or -1: not said */
        AtZero at_zero;
        GArray *tiers;           /* Tier; NULL: none */
        uint64_t round_up_bytes; /* per session; 0: none */
        SessionRule session;
        Length keep_alive; /* after a top-up */
        Length lag;
        bool is_shared;
        Billing billing;
        Money price;
        char *top_up_url, *check_url, *app, *support, *note; /* NULL: not said */
        char *support_cost;
        GPtrArray *buckets; /* Bucket */
        GPtrArray *limits;  /* Limit */
        GPtrArray *top_ups; /* TopUp */
        PlanMatch match;
} Plan;

/* One in which nothing is said. */
Plan *plan_new(void);
Plan *plan_free(Plan *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* The same for its parts, which the plan owns once they are in its array; the name is copied. */
Bucket *bucket_new(const char *name);
Limit *limit_new(const char *name);
TopUp *top_up_new(const char *name);

/*
 * Reads a plan's text. -EINVAL: *ret_error is a sentence that names line and key and says what
 * would be right ("line 7: Every: \"1 moon\" is no length; say for example 1 month, 10 days or
 * 24h").
 *
 * What was taken holds together: buckets that are named exist, and follow or are within each other
 * without a circle; amounts and rates are not 0; periods, Rolling and the windows of limits are at
 * least an hour long, lengths at most 100 years; years are 1971 to 9998; Day comes with months, At
 * and RollOver with Every, Rolling without it, and Lasts without Until; all money is of one
 * currency; no bucket is called topup-…
 */
int plan_parse(const char *text, gsize length, Plan **ret, char **ret_error);

/* Writes it back, stable: parse -> print -> parse is the identity. The caller's to free. */
char *plan_print(const Plan *p);

/* NULL where there is none of this name. */
const Bucket *plan_find_bucket(const Plan *p, const char *name);
const TopUp *plan_find_top_up(const Plan *p, const char *name);
