/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A contract: the buckets and limits of a plan, from an instant on, until another one begins. */

#include <string.h>

#include "calendar.h"
#include "tally-internal.h"

static bool is_day(Length every) {
        return (every.unit == LENGTH_SECONDS && every.n <= 86400) ||
               (every.unit == LENGTH_DAYS && every.n == 1);
}

static GTimeZone *zone_for(Tally *t, const char *own) {
        return own ? tally_zone(t, own) : t->zone;
}

/*
 * When nothing is said of its start, a bucket begins now; but where its periods follow the
 * calendar, the one that runs now began before anybody spoke of it.
 */
static int64_t unsaid_start(const LiveBucket *b, int64_t since) {
        const Bucket *bucket = b->bucket;
        Recurrence r;

        if (bucket->from.year != 0)
                return period_instant(b->zone, bucket->from);
        if (!b->recurs ||
            !recurrence_is_anchored(bucket->every, bucket->from, bucket->day, bucket->at))
                return since;

        r = recurrence_new(b->zone, bucket->every, since, bucket->from, bucket->day, bucket->at);
        return recurrence_at(&r, since).start;
}

static void set_start(Tally *t, LiveBucket *b) {
        const Bucket *bucket = b->bucket;
        bool is_bought = bucket->bought.year != 0;

        b->start_kind = bucket->starts.kind;
        b->purchase = is_bought ? period_instant(b->zone, bucket->bought) : t->since;
        b->lapses_at = period_validity_end(b->zone, b->purchase, bucket->activate_within);
        b->start_at = PERIOD_NEVER;

        switch (bucket->starts.kind) {
        case START_UNSAID:
                b->start_at = unsaid_start(b, t->since);
                break;
        case START_AT:
                b->start_at = period_instant(b->zone, bucket->starts.at);
                break;
        case START_NOW:
                b->start_at = t->since;
                break;
        case START_INSTALL:
                /* It may have been there before anybody spoke of it. */
                if (t->installed_at == 0)
                        return;
                b->start_at = t->is_first_contract && !is_bought
                                      ? t->installed_at
                                      : MAX(t->installed_at, b->purchase);
                break;
        default:
                return;
        }
        b->start_kind = START_AT;
}

static LiveBucket new_bucket(Tally *t, const Bucket *bucket) {
        LiveBucket b = { .key = t->next_key++,
                         .bucket = bucket,
                         .plan = t->plan,
                         .name = bucket->name,
                         .where = &bucket->where,
                         .zone = zone_for(t, bucket->zone),
                         .bytes = bucket->bytes,
                         .order = bucket->order,
                         .at_zero = bucket->at_zero,
                         .within = NO_BUCKET,
                         .after = NO_BUCKET,
                         .follows = NO_BUCKET,
                         .recurs = bucket->every.unit != LENGTH_NONE,
                         .is_daily = is_day(bucket->every),
                         .is_by_month = bucket->every.unit == LENGTH_MONTHS ||
                                        bucket->every.unit == LENGTH_CALENDAR_MONTHS,
                         .rolls_along = bucket->rolling.unit != LENGTH_NONE,
                         .lags = t->plan->lag.unit != LENGTH_NONE,
                         .end = PERIOD_NEVER,
                         .counts_from = t->is_first_contract ? INT64_MIN : t->since,
                         .hours_until = PERIOD_NEVER,
                         .settled_at = INT64_MIN };

        if (b.is_by_month && t->plan->session == SESSION_BY_END)
                b.shares = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
        set_start(t, &b);
        return b;
}

static int find_bucket(const Plan *plan, const char *name) {
        for (guint i = 0; name && i < plan->buckets->len; i++)
                if (strcmp(((const Bucket *) plan->buckets->pdata[i])->name, name) == 0)
                        return (int) i;

        return NO_BUCKET;
}

static void add_buckets(Tally *t) {
        const Plan *plan = t->plan;

        /* Before what was bought, so that a bucket's index is that of the plan. */
        for (guint i = 0; i < plan->buckets->len; i++) {
                LiveBucket b = new_bucket(t, plan->buckets->pdata[i]);

                g_array_insert_val(t->buckets, i, b);
        }
        for (guint i = 0; i < plan->buckets->len; i++) {
                const Bucket *bucket = plan->buckets->pdata[i];
                LiveBucket *b = live(t, (int) i);

                b->after = find_bucket(plan, bucket->starts.after);
                b->within = find_bucket(plan, bucket->within);
                t->n_within += b->within != NO_BUCKET;
                t->begins_by_use = t->begins_by_use || b->start_kind == START_FIRST_USE ||
                                   b->start_kind == START_FIRST_NETWORK ||
                                   b->start_kind == START_FIRST_USE_ABROAD;
        }
        for (int i = (int) plan->buckets->len; i < n_live(t); i++)
                live(t, i)->follows = NO_BUCKET;
}

static void add_limits(Tally *t) {
        for (guint i = 0; i < t->plan->limits->len; i++) {
                LiveLimit l = { .limit = t->plan->limits->pdata[i], .resets_at = PERIOD_NEVER };

                l.zone = zone_for(t, l.limit->zone);
                g_array_append_val(t->limits, l);
        }
}

void contract_begin(Tally *t, const Plan *plan, int64_t since) {
        t->plan = plan;
        t->since = since;
        t->uncovered = t->after_expiry = 0;
        t->begins_by_use = false;
        t->n_within = 0;
        t->is_order_known = false;
        t->boundary = INT64_MIN;
        g_hash_table_remove_all(t->rounded);
        g_hash_table_remove_all(t->sessions);
        if (!plan)
                return;

        t->zone = tally_zone(t, plan->zone);
        add_buckets(t);
        add_limits(t);
}

/* What was bought besides goes on to be good, until the end that it has now. */
void contract_end(Tally *t) {
        for (int i = n_live(t) - 1; i >= 0; i--)
                if (is_top_up(live(t, i)))
                        live(t, i)->end = bucket_end(t, live(t, i));

        for (int i = n_live(t) - 1; i >= 0; i--) {
                if (is_top_up(live(t, i))) {
                        live(t, i)->follows = NO_BUCKET;
                        continue;
                }
                if (live(t, i)->phase == PHASE_RUNNING)
                        bucket_close(t, i, t->clock, PHASE_ENDED);
                bucket_clear(live(t, i));
                g_array_remove_index(t->buckets, (guint) i);
        }

        for (guint i = 0; i < t->limits->len; i++)
                limit_clear(live_limit(t, i));
        g_array_set_size(t->limits, 0);
        t->stopper = NO_BUCKET;
        t->is_order_known = false;
}
