/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The carrier's figures beside our own: how far they differ, by how much the carrier counts more,
 * and whether there is suddenly more left than can be. That is a question to the owner, who may
 * have bought something: it is not taken over.
 */

#include <stdlib.h>

#include "tally-internal.h"

#define LEAST_JUMP      INT64_C(1000000)
#define LEAST_APART     UINT64_C(50000000)
#define LEAST_LEARNT    50e6              /* bytes, of which a drift is worth telling */
#define APART_DIVISOR   10                /* 10 % */
#define OWNER_S_DIVISOR 100               /* what the owner says is of 1 % … */
#define OWNER_S_BYTES   INT64_C(50000000) /* … or of this resolution */

/* The buckets of a figure, in their periods: those of an earlier one must all be among them. */
static bool is_same_set(const Tally *t, const ReportBase *base, const GArray *buckets) {
        for (guint i = 0; i < base->n; i++) {
                bool is_found = false;

                for (guint k = 0; k < buckets->len && !is_found; k++) {
                        const LiveBucket *b = live(t, g_array_index(buckets, int, k));

                        is_found = b->key == base->keys[i] && b->number == base->numbers[i];
                }
                if (!is_found)
                        return false;
        }

        return base->n > 0;
}

static void note_set(Tally *t, const GArray *buckets) {
        ReportBase *base = &t->base;

        base->n = 0;
        for (guint k = 0; buckets->len <= G_N_ELEMENTS(base->keys) && k < buckets->len; k++) {
                const LiveBucket *b = live(t, g_array_index(buckets, int, k));

                base->keys[base->n] = b->key;
                base->numbers[base->n++] = b->number;
        }
}

/* What the buckets hold, and what is used of it by our count: beyond all as well. */
typedef struct Sums {
        uint64_t limit, remaining, used;
        int64_t ends;
} Sums;

static Sums sum_up(const Tally *t, const GArray *buckets) {
        Sums s = { .ends = PERIOD_NEVER };

        for (guint k = 0; k < buckets->len; k++) {
                const LiveBucket *b = live(t, g_array_index(buckets, int, k));

                if (!is_unlimited(b)) {
                        s.limit = traffic_saturated(s.limit, b->limit);
                        s.remaining = traffic_saturated(s.remaining, b->remaining);
                }
                s.used = traffic_saturated(s.used, traffic_saturated(live_used(b), b->over));
                s.ends = MIN(s.ends, b->period.end);
        }

        s.limit = MIN(s.limit, MOST_BYTES);
        s.used = MIN(s.used, MOST_BYTES);
        return s;
}

/* What the carrier says is used, with what it does not know of yet; below 0: more than all is left.
 */
static int64_t said_used(const TallyFigure *figure, uint64_t recent, const Sums *s) {
        int64_t used = figure->has_used ? (int64_t) figure->used
                                        : (int64_t) s->limit - (int64_t) figure->remaining;

        return used + (int64_t) MIN(recent, MOST_BYTES);
}

static bool are_apart(int64_t own, int64_t said, uint64_t resolution) {
        uint64_t apart = (uint64_t) llabs(own - said);

        return apart > LEAST_APART && apart > resolution &&
               apart > (uint64_t) MAX(own, said) / APART_DIVISOR;
}

/* Between two figures of one set of buckets both have counted the same bytes. */
static void learn(Tally *t, int64_t own, int64_t said) {
        int64_t by_us = own - t->base.own, by_carrier = said - t->base.said;

        if (!t->base.is_report || by_us <= 0 || by_carrier < 0)
                return;

        t->learnt_own += (double) by_us;
        t->learnt_said += (double) by_carrier;
}

bool report_note(Tally *t, const GArray *buckets, const TallyFigure *figure, uint64_t recent) {
        bool is_unlimited_one = is_unlimited(live(t, g_array_index(buckets, int, 0)));
        Sums s = sum_up(t, buckets);
        int64_t said = said_used(figure, recent, &s), own = (int64_t) s.used;
        bool is_known = is_same_set(t, &t->base, buckets);
        int64_t least = is_known ? t->base.used_least : 0;
        int64_t slack = MAX((int64_t) MIN(figure->resolution, MOST_BYTES), LEAST_JUMP);
        bool was_jump = t->report.is_jump;

        t->report.at = t->clock;
        t->report.ends = s.ends;
        t->report.is_used = is_unlimited_one;
        t->report.own = is_unlimited_one ? s.used : s.remaining;
        t->report.said = is_unlimited_one ? (uint64_t) MAX(said, 0)
                                          : (uint64_t) MAX((int64_t) s.limit - said, 0);
        t->report.is_jump = !is_unlimited_one && said + slack < least;
        t->report.differs = !t->report.is_jump && are_apart(own, said, figure->resolution);
        if (!t->report.is_jump || !was_jump)
                t->report.since = t->clock;
        if (t->report.is_jump)
                return false;

        if (is_known)
                learn(t, own, said);
        return true;
}

void report_settle(Tally *t, const GArray *buckets, const TallyFigure *figure, uint64_t recent,
                   bool is_report) {
        Sums s = sum_up(t, buckets);
        int64_t said = said_used(figure, recent, &s), own = (int64_t) s.used;

        if (!is_report) {
                t->report.is_jump = t->report.differs = false;
                said = own - MAX((int64_t) (s.limit / OWNER_S_DIVISOR), OWNER_S_BYTES);
        }

        note_set(t, buckets);
        t->base.is_report = is_report;
        t->base.own = own;
        t->base.said = said;
        t->base.used_least = MIN(own, said - (int64_t) MIN(figure->resolution, MOST_BYTES));
}

void report_answer(const Tally *t, TallyAnswer *a) {
        a->report = t->report;
        if (a->report.at > 0 && t->clock >= a->report.ends)
                a->report.is_jump = a->report.differs = false;
        if (t->learnt_own >= LEAST_LEARNT)
                a->drift_percent = (t->learnt_said / t->learnt_own - 1) * 100;
}
