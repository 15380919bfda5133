/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What is left of which plan, until when: worked out from a plan and the facts about one SIM.
 *
 * Facts are fed in the order (at, id); where bytes and an event are of the same second, the bytes
 * come first. A tally only goes forward: whatever changes the past (an event removed, dated back or
 * amended) is told by making a new one from all facts. Nothing here asks what time it is. Instants
 * are UTC seconds, taken for 0 or CALENDAR_LAST where they lie beyond; amounts that someone says
 * are 10^18 bytes at most.
 */

#include "period.h"
#include "plan.h"
#include "traffic.h"

typedef struct Tally Tally;

typedef enum TallyKind {
        TALLY_USAGE,
        TALLY_PLAN,       /* a contract begins, is amended, or ends */
        TALLY_TOP_UP,     /* something was bought besides */
        TALLY_CORRECTION, /* the owner's figure */
        TALLY_REPORT,     /* the carrier's figure */
        TALLY_INSTALLED,  /* the profile was installed, or the card first seen */
        TALLY_NETWORK,    /* registered with a network */
} TallyKind;

/* Where the SIM is. An mcc of 0 is a network that is not known: the last known place is meant. */
typedef struct TallyPlace {
        uint16_t mcc;
        bool is_abroad;
} TallyPlace;

/* Bytes, whole at the instant at which the first of them came. */
typedef struct TallyUsage {
        Traffic bytes;
        int64_t session; /* the ledger's; 0: none, which is a session as well */
        TallyPlace place;
} TallyUsage;

/*
 * Without amends, a contract begins: what the former one had is closed, and its past stays as it
 * is. With it, the contract in force was this one from its beginning on: see tally_amend().
 */
typedef struct TallyContract {
        const Plan *plan; /* must outlive the tally; NULL: the plan was cleared */
        bool amends;
} TallyContract;

/* What was bought: first what is said here, then what the plan's [TopUp name] says. */
typedef struct TallyTopUp {
        const char *name; /* NULL: none of the plan's */
        uint64_t bytes;   /* 0: as the plan says; PLAN_UNLIMITED */
        Length lasts;
        int64_t expires_at; /* 0: not said */
} TallyTopUp;

/*
 * Absolute: so much is left, or used, then. Without a bucket it is the sum over the buckets of
 * which the answer's own figures are. A report does not overwrite what its words agree with, and is
 * as old as the plan's Lag.
 */
typedef struct TallyFigure {
        const char *bucket; /* NULL: their sum */
        bool has_remaining, has_used;
        uint64_t remaining, used;
        uint64_t resolution; /* of a report's words: 10^9 for "6 GB", 10^7 for "6.31 GB" */
        int64_t expires_at;  /* 0: not said */
} TallyFigure;

typedef struct TallyItem {
        TallyKind kind;
        int64_t at;
        int64_t id; /* the event's; a top-up's bucket is called topup-<id> */
        union {
                TallyUsage usage;
                TallyContract contract;
                TallyTopUp top_up;
                TallyFigure figure;
                TallyPlace place; /* TALLY_NETWORK */
        };
} TallyItem;

/*
 * The first contract, set at `since`, which is also what "now" and the purchase mean in it. Unlike
 * later contracts it holds for what was counted before as well, as far as its dates reach back:
 * feed that too. NULL: no plan yet. The plan must outlive the tally.
 */
Tally *tally_new(const Plan *plan, int64_t since);
Tally *tally_free(Tally *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tally, tally_free)

/*
 * Gives each contract the text of its last amendment. An amendment where no contract is in force
 * begins one. To be done to all items, in order, before they are fed.
 */
void tally_amend(TallyItem *items, size_t n_items);

/* A tally from all facts, in order: amends them, finds the first contract, and feeds all. */
Tally *tally_replay(TallyItem *items, size_t n_items);

/*
 * One more fact. Its texts are borrowed for the call, but for a contract's plan. An instant before
 * the last one fed is taken for that one.
 */
void tally_feed(Tally *t, const TallyItem *item);

/* The same for bytes alone, which is what happens most. */
void tally_charge(Tally *t, int64_t at, TallyUsage usage);

/*
 * Answers have texts and arrays of their own; but what is const in them, and the names of limits,
 * are the plans'.
 */

/* The worse of two is the greater, from ok to expired. */
typedef enum TallyState {
        TALLY_NONE,    /* no plan */
        TALLY_WAITING, /* bought, not begun */
        TALLY_OK,
        TALLY_LOW, /* a warning level is crossed */
        TALLY_THROTTLED,
        TALLY_BILLING, /* past the limit, and charged for */
        TALLY_EXHAUSTED,
        TALLY_EXPIRED,
} TallyState;

const char *tally_state_to_string(TallyState state);

/* A bucket in one of its periods. Instants are 0 where there is none. */
typedef struct TallyBucket {
        char *name;
        const Bucket *bucket; /* of the plan; NULL: a top-up */
        const Plan *plan;     /* in force when it was made; NULL */
        bool is_unlimited;
        uint64_t bytes;       /* of this period alone; 0 where unlimited */
        uint64_t rolled_over; /* what came from former periods besides */
        uint64_t used;        /* at most bytes + rolled_over, but for unlimited ones */
        uint64_t remaining;   /* 0 once expired: what was left is lost */
        uint64_t over;        /* what came after it was used up */
        int64_t begun_at;     /* its validity, of which the periods are parts */
        int64_t period_start, period_end;
        int64_t expires_at;
        int64_t start_by; /* it lapses, or lapsed, if it has not begun then */
        bool has_begun;
        bool has_expired; /* begun or not */
        bool has_lapsed;  /* it never began in time */
        bool is_here;     /* used where the SIM is, at this time of day */
        bool is_counted;  /* the answer's own figures include it */
        bool is_daily;    /* its periods are no longer than a day */
        bool rolls_over;
        bool is_next_begun;  /* a period follows this one */
        AtZero at_zero;      /* what happens at zero, the plan's rule where it has none */
        uint64_t rate_bps;   /* while it is used up and slows the line; else 0 */
        int64_t used_up_at;  /* in this period, if nothing is left */
        int64_t lifted_at;   /* the start of this period, if it ended a stop or a slow line … */
        uint64_t lifted_bps; /* … of this rate, 0: a stop */
        const Where *where;
} TallyBucket;

/* A limit that is in force, or was in force last. */
typedef struct TallyLimit {
        const char *name;
        bool is_active;
        bool blocks;
        uint64_t rate_bps; /* 0 where it blocks */
        int64_t since;     /* 0: it never was */
        int64_t lifts_at;  /* 0: not known, or not before something happens */
        int64_t lifted_at; /* 0 while it is active */
} TallyLimit;

/*
 * The carrier's last figure beside our own of that instant, before ours was set right: what is
 * left, or what is used of what has no limit.
 */
typedef struct TallyReport {
        int64_t at; /* 0: there was none */
        uint64_t own, said;
        bool is_used;  /* they are what is used */
        bool differs;  /* by more than 10 % of what is used, and 50 MB */
        bool is_jump;  /* more is left than can be, unless something was bought: not taken over */
        int64_t since; /* the first of the reports in a row that say so */
        int64_t ends;  /* with the period that it was about; PERIOD_NEVER */
} TallyReport;

typedef struct TallyAnswer {
        TallyState state;
        bool is_unlimited;
        uint64_t limit, used, remaining, over;
        double percent_used;
        int64_t period_start, period_end, expires_at; /* 0: none */
        uint64_t rate_bps;                            /* while throttled, else 0 */
        int64_t lifts_at;                             /* 0: nothing lifts it by itself */
        int64_t charged_micros;                       /* of this period, beside the plan's price */
        uint64_t charged_steps;                       /* how often a surcharge was due */
        char currency[4];
        int64_t contract_since; /* when the plan in force was set */
        int64_t keep_alive;     /* top up until then, or the SIM is lost; 0: not said */
        TallyPlace place;       /* the last known */
        bool is_covered;        /* a bucket that has begun, or will by use, covers this place */
        uint64_t uncovered;     /* bytes since the contract's start that no bucket covered */
        uint64_t after_expiry;  /* those of them that came after all had ended, while expired */
        TallyReport report;
        double drift_percent; /* the carrier counts so much more than we; 0 also: not known */
        const Plan *plan;     /* in force; NULL */
        GArray *buckets;      /* TallyBucket: of the plan in its order, then what was bought */
        GArray *limits;       /* TallyLimit */
} TallyAnswer;

void tally_answer_clear(TallyAnswer *a);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TallyAnswer, tally_answer_clear)

/* The answer at an instant that is not before the last fact. Changes nothing. */
TallyAnswer tally_at(const Tally *t, int64_t now);

/*
 * The buckets' periods, up to and with those that run now, that overlap with [since, until), as
 * they were at their end: TallyBucket, by start. Those without bytes are listed too, but of many
 * years of them the last 1201 alone. The caller's to unref.
 */
GArray *tally_periods(const Tally *t, int64_t since, int64_t until, int64_t now);

/* The next instant at which the answer may change without bytes; PERIOD_NEVER. */
int64_t tally_next_boundary(const Tally *t, int64_t now);

/*
 * The fewest bytes, of the direction that counts, until a level, a state or a step of the price may
 * be reached; UINT64_MAX: never. (With Session=end, an open session's bytes of the month before may
 * come on top.)
 */
uint64_t tally_bytes_to_next_level(const Tally *t, int64_t now);
