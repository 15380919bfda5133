/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a tally is made of; for the tally's own files. */

#include "tally.h"
#include "window.h"

#define NO_BUCKET (-1)

/* So many periods without bytes are gone through, and listed, one by one; beyond, time leaps. */
#define MAX_IDLE_PERIODS 1201 /* more than any roll-over lasts */

#define HIDE_AFTER (31 * 86400) /* what was bought and ended so long ago is not listed any more */

#define MOST_BYTES UINT64_C(1000000000000000000) /* that anybody may say of an amount */

typedef enum Phase {
        PHASE_WAITING,
        PHASE_RUNNING,
        PHASE_ENDED,
        PHASE_LAPSED, /* never begun in time */
} Phase;

/* Bytes that were left over from a period. */
typedef struct Lot {
        int64_t origin;      /* the number of that period */
        int64_t last_period; /* the last one in which they can be used */
        int64_t ends;        /* and not from this instant on */
        uint64_t bytes;      /* at the start of the running period */
        uint64_t left;
} Lot;

/* What a session has used of a bucket in one of its periods. */
typedef struct SessionShare {
        int64_t number;
        uint64_t bytes;
} SessionShare;

/* A bucket as it stands. Buckets name each other by their index in the tally. */
typedef struct LiveBucket {
        int key;              /* of this tally, never used twice */
        const Bucket *bucket; /* NULL: a top-up */
        const Plan *plan;     /* in force when it was made; NULL */
        const char *name;
        const Where *where;
        GTimeZone *zone; /* not owned */
        uint64_t bytes;  /* of each period; PLAN_UNLIMITED */
        int order;
        AtZero at_zero;
        int within, after, follows; /* follows: ends with it; NO_BUCKET */
        bool recurs, is_daily, is_by_month;
        bool rolls_along;  /* Rolling */
        bool lags;         /* its plan says Lag */
        Length lengthened; /* before it began */

        StartKind start_kind;
        int64_t start_at;    /* START_AT, and what comes down to it */
        int64_t purchase;    /* it cannot begin before */
        int64_t lapses_at;   /* PERIOD_NEVER */
        int64_t counts_from; /* a contract's start cuts its periods short */

        Phase phase;
        int64_t start, end; /* end: exclusive, PERIOD_NEVER */
        Recurrence recurrence;
        int64_t number; /* of the running period */
        Period period;  /* cut to what runs of it */
        int64_t settled_at;

        uint64_t own, own_left;    /* this period's own bytes */
        GArray *lots;              /* Lot, in the order of use; NULL */
        uint64_t limit, remaining; /* both together; unused where unlimited */
        uint64_t used;             /* unlimited ones only */
        uint64_t over;
        int64_t used_up_at;
        int64_t lifted_at;
        uint64_t lifted_bps;
        Window rolling;     /* what counts against it, if it rolls along */
        Window recent;      /* what a lagging report does not know of yet */
        GHashTable *shares; /* session -> SessionShare; NULL */

        bool is_open, is_free; /* at this time of day */
        int64_t hours_until;
} LiveBucket;

typedef struct LiveLimit {
        const Limit *limit;
        GTimeZone *zone;      /* not owned */
        Window window;        /* LIMIT_OVER */
        int64_t first_at;     /* LIMIT_AFTER: what it counts from; 0: not yet */
        int64_t triggered_at; /* 0: not */
        int64_t resets_at;    /* Until=next-period; PERIOD_NEVER */
        int64_t lifted_at;
} LiveLimit;

typedef struct PastPeriod {
        TallyBucket seen; /* as it was at its end; the name is not owned */
        int key;
        int64_t number;
        uint64_t own_used; /* of the period's own bytes, not of what was rolled over */
} PastPeriod;

/* The last figure that was taken over: of which buckets, and what was used of them. */
typedef struct ReportBase {
        guint n; /* 0: there is none that a report could be held against */
        int keys[16];
        int64_t numbers[16];
        bool is_report;
        int64_t own, said;  /* once it was taken over */
        int64_t used_least; /* it cannot be less, unless something was bought */
} ReportBase;

struct Tally {
        bool is_copy;      /* of the present alone: no past, no sessions */
        GHashTable *zones; /* name -> GTimeZone */
        GStringChunk *names;

        const Plan *plan; /* in force; NULL */
        GTimeZone *zone;  /* the plan's; not owned */
        int64_t since;
        bool is_first_contract;
        int next_key;

        GArray *buckets; /* LiveBucket */
        GArray *limits;  /* LiveLimit */
        GArray *order;   /* int: which are used here and now, first to last */
        bool is_order_known;
        bool begins_by_use; /* some bucket waits for bytes */
        int n_within;

        int64_t clock;    /* how far time has gone */
        int64_t boundary; /* until when it may go on without anything changing */
        TallyPlace place;
        bool is_place_known;
        int64_t installed_at;   /* 0 */
        int64_t last_top_up_at; /* 0 */
        int stopper; /* the bucket whose AtZero was in force when time was last settled */
        uint64_t uncovered, after_expiry; /* the latter until something begins again */
        ReportBase base;
        TallyReport report;
        double learnt_own, learnt_said; /* bytes between reports */

        GHashTable *rounded;  /* session -> bytes, for RoundUp */
        GHashTable *sessions; /* session -> first instant, for Session=start */
        GArray *past;         /* PastPeriod */
};

static inline LiveBucket *live(const Tally *t, int i) {
        return &g_array_index(t->buckets, LiveBucket, i);
}

static inline int n_live(const Tally *t) {
        return (int) t->buckets->len;
}

static inline LiveLimit *live_limit(const Tally *t, guint i) {
        return &g_array_index(t->limits, LiveLimit, i);
}

static inline bool is_unlimited(const LiveBucket *b) {
        return b->bytes == PLAN_UNLIMITED;
}

static inline bool is_top_up(const LiveBucket *b) {
        return !b->bucket;
}

static inline uint64_t live_used(const LiveBucket *b) {
        return is_unlimited(b) ? b->used : b->limit - b->remaining;
}

/* tally.c */
int64_t tally_bounded(int64_t instant);
GTimeZone *tally_zone(Tally *t, const char *id);
Tally *tally_copy(const Tally *t);
void tally_settle(Tally *t, int64_t now);
void tally_find_boundary(Tally *t);

/* tally-contract.c: a plan's buckets and limits made, and closed */
void contract_begin(Tally *t, const Plan *plan, int64_t since);
void contract_end(Tally *t);

/* tally-bucket.c: the life of a bucket */
void bucket_clear(LiveBucket *b);
LiveBucket bucket_copy(const LiveBucket *b);
void bucket_begin(Tally *t, int i, int64_t at);
void bucket_settle(Tally *t, int i, int64_t now);
void bucket_close(Tally *t, int i, int64_t at, Phase phase);
int64_t bucket_end(const Tally *t, const LiveBucket *b);
void bucket_lengthen(LiveBucket *b, Length length);
TallyBucket bucket_seen(const Tally *t, int i);
int64_t bucket_next(const Tally *t, int i);
PastPeriod *bucket_past(const Tally *t, const LiveBucket *b, int64_t number);

/* tally-amount.c: what is in a bucket */
void amount_begin(LiveBucket *b);
void amount_roll_over(LiveBucket *b, int64_t boundary, int64_t n_idle);
void amount_take(LiveBucket *b, int64_t at, uint64_t bytes);
void amount_settle(LiveBucket *b, int64_t now);
void amount_set_remaining(LiveBucket *b, int64_t at, uint64_t remaining);
void amount_set_used(LiveBucket *b, int64_t at, uint64_t used);
void amount_give_back(LiveBucket *b, uint64_t bytes);
void amount_change_lot(LiveBucket *b, int64_t origin, uint64_t left_over);

/* tally-order.c: which bucket pays */
bool where_covers(const Tally *t, const Where *where);
bool bucket_is_here(const Tally *t, int i);
bool bucket_waits_for_use(const Tally *t, int i);
void order_insert(const Tally *t, GArray *order, int i);
void order_refresh(Tally *t);
int order_find(const Tally *t, int *ret_stopper);
uint64_t chain_room(const Tally *t, int i);
bool chain_is_unlimited(const Tally *t, int i);
int chain_empty(const Tally *t, int i);
AtZero order_at_zero(const Tally *t, int stopper);
void order_spend(Tally *t, int64_t at, int64_t session, uint64_t bytes);
void order_used_up(Tally *t, int i, int64_t at);
void order_note_stop(Tally *t);

/* tally-session.c: bytes as a session counts them */
uint64_t session_round_up(Tally *t, int64_t session, uint64_t bytes);
bool session_book_late(Tally *t, int64_t at, int64_t session, uint64_t bytes);
uint64_t session_move_on(Tally *t, int64_t session);
void session_note(LiveBucket *b, int64_t session, uint64_t bytes);

/* tally-limit.c */
void limit_clear(LiveLimit *l);
LiveLimit limit_copy(const LiveLimit *l);
void limits_note_use(Tally *t, int64_t at);
void limits_add(Tally *t, int64_t at, uint64_t bytes);
void limits_note_network(Tally *t, int64_t at);
void limits_settle(Tally *t, int64_t now);
TallyLimit limit_seen(const Tally *t, const LiveLimit *l, int64_t now);
int64_t limit_next(const LiveLimit *l, int64_t now);
uint64_t limits_ahead(const Tally *t);

/* tally-event.c */
void event_top_up(Tally *t, const TallyItem *item);
void event_figure(Tally *t, const TallyItem *item);

/* tally-price.c */
bool price_is_at_ceiling(const AtZero *bill, uint64_t over);
void price_charge(const Tally *t, TallyAnswer *a);
uint64_t price_bytes_to_step(const AtZero *bill, uint64_t over);
uint64_t price_bytes_to_tier(const Tally *t);

/* tally-answer.c */
void answer_counted(const Tally *t, bool *counted);
const Tally *tally_look_ahead(const Tally *t, int64_t now, Tally **ret_copy);

/* tally-state.c */
uint64_t state_bytes_to_sum_level(const Tally *t, const bool *counted);
bool state_has_expired(const Tally *t);
void state_set(const Tally *t, int64_t now, const bool *counted, TallyAnswer *a);

/* tally-report.c: the carrier's figures beside our own */

/* To be told of each report without a bucket, before it is taken over; false: it must not be. */
bool report_note(Tally *t, const GArray *buckets, const TallyFigure *figure, uint64_t recent);

/* … and of each such figure, after that. */
void report_settle(Tally *t, const GArray *buckets, const TallyFigure *figure, uint64_t recent,
                   bool is_report);
void report_answer(const Tally *t, TallyAnswer *a);
