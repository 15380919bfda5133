/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the owner should know now, by an answer; and what to raise and to clear of it. */

#include "forecast.h"
#include "tally.h"

typedef enum AlertKind {
        ALERT_LEVEL,           /* a warning level of a bucket: the highest that is reached */
        ALERT_USED_UP,         /* a bucket is used up: nothing more, or the next one, follows */
        ALERT_DAY_CAP,         /* so is a bucket of a day */
        ALERT_THROTTLED,       /* the line is slow, for want of bytes or by a limit */
        ALERT_LIFTED,          /* a day's cap, a slow line or a stop is over */
        ALERT_SURCHARGE,       /* each step of a price past the limit */
        ALERT_EXPIRES,         /* soon, or must begin soon: the nearest of the plan's lengths */
        ALERT_EXPIRED,         /* all of the plan has ended */
        ALERT_WASTE,           /* much will be lost at the period's end */
        ALERT_PACE,            /* it will run out early */
        ALERT_BEGUN,           /* a bucket began with what it waited for */
        ALERT_LAPSED,          /* … or did not in time */
        ALERT_ABROAD,          /* and no bucket covers that place */
        ALERT_SIM_LIFETIME,    /* top up, or the SIM is lost */
        ALERT_NEW_SIM,         /* counted, but no plan is known */
        ALERT_CARRIER_DIFFERS, /* the carrier counts otherwise than we did */
        ALERT_CARRIER_MORE,    /* it says that there is more: was something bought? */
} AlertKind;

typedef enum AlertSeverity {
        ALERT_LOW,
        ALERT_NORMAL,
        ALERT_CRITICAL,
} AlertSeverity;

typedef struct Alert {
        AlertKind kind;
        AlertSeverity severity;
        char *key; /* kind, bucket, start of the period, level: the same alert has the same key */
        char *bucket;                     /* or limit; "" where it is about the whole plan */
        int64_t period_start, period_end; /* in which it is raised once; end 0: none */
        int64_t rearms_after; /* seconds after which it may be raised again; 0: not in its period */

        /* Details; 0 where they say nothing. */
        WarnLevel level; /* LEVEL */
        int64_t within;  /* EXPIRES, SIM_LIFETIME: seconds, as the plan said */
        uint64_t limit, used, remaining;
        uint64_t reported; /* CARRIER_…: what the carrier says is left, or used … */
        bool reports_used; /* … beside what was by our count, in `remaining` or `used` */
        int64_t reported_at;
        uint64_t rate_bps;
        int64_t expires_at;  /* of the bucket; SIM_LIFETIME: of the SIM */
        int64_t lifts_at;    /* LIFTED: when it was lifted */
        int64_t runs_out_at; /* PACE */
        uint64_t steps;      /* SURCHARGE */
        int64_t charged_micros;
        char currency[4];
        uint16_t mcc; /* ABROAD */
} Alert;

/* An alert that was raised once; of one key there is one. */
typedef struct AlertRecord {
        const char *key;
        int64_t raised_at;
        int64_t cleared_at; /* 0: it stands */
} AlertRecord;

const char *alert_kind_to_string(AlertKind kind);
const char *alert_severity_to_string(AlertSeverity severity);

typedef struct AlertInput {
        const TallyAnswer *answer;
        const Forecast *forecast;
        int64_t now;
        int64_t sim_since;          /* first seen */
        const AlertRecord *records; /* the pace is judged more kindly before it has been raised */
        gsize n_records;
} AlertInput;

/* Alert, each with texts of its own; the caller's to unref. */
GArray *alerts_due(const AlertInput *input);

/* The next instant at which an alert may fall due without bytes; PERIOD_NEVER. */
int64_t alerts_next(const TallyAnswer *a, int64_t now);

/* One of the two: a due alert to raise, a record's to clear. */
typedef struct AlertChange {
        bool is_raised;
        guint index; /* in `due`, or in `records` */
} AlertChange;

/*
 * What is due and not raised is raised, if its period contains now. What is raised and no longer
 * due is cleared, and not raised again in that period, unless an event made it so, or came since
 * (the last one was recorded at `event_at`, 0: none). AlertChange; the caller's to unref.
 */
GArray *alerts_reconcile(const GArray *due, const AlertRecord *records, gsize n_records,
                         int64_t now, int64_t event_at);
