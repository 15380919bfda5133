/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is bought besides, and figures that someone says: the owner's and the carrier's. */

#include <stdlib.h>
#include <string.h>

#include "tally-internal.h"

#define DAY         86400
#define LAST_MINUTE 1439 /* until 23:59 is all of that minute */

/* How well a bucket serves as the one that is topped up. */
static int suits(const Tally *t, int i) {
        const LiveBucket *b = live(t, i);

        if (b->within != NO_BUCKET)
                return 0;
        if (b->phase == PHASE_RUNNING && !is_top_up(b))
                return is_unlimited(b) ? 4 : bucket_is_here(t, i) ? 6 : 5;
        if (b->phase == PHASE_RUNNING)
                return 3;
        if (b->phase == PHASE_WAITING)
                return 2;
        return b->phase == PHASE_ENDED ? 1 : 0;
}

/* The plan's first running bucket; else what was bought, or what ended, last. */
static int find_target(const Tally *t) {
        int best = NO_BUCKET, best_suits = 0;

        for (int i = 0; i < n_live(t); i++) {
                int n = suits(t, i);

                if (n > best_suits || (n == best_suits && (n == 1 || n == 3) &&
                                       bucket_end(t, live(t, i)) > bucket_end(t, live(t, best)))) {
                        best = i;
                        best_suits = n;
                }
        }

        return best;
}

static int64_t day_time_after(GTimeZone *zone, int64_t at, int minutes) {
        Recurrence days = recurrence_new(zone, (Length){ LENGTH_DAYS, 1 }, at, (LocalTime){ 0 }, 0,
                                         minutes >= LAST_MINUTE ? 0 : minutes);

        return recurrence_at(&days, at).end;
}

static void set_validity(const Tally *t, LiveBucket *b, int target, const TallyTopUp *said,
                         const TopUp *offer) {
        Length lasts = said->lasts.unit != LENGTH_NONE || !offer ? said->lasts : offer->lasts;
        bool is_late = target != NO_BUCKET && live(t, target)->phase == PHASE_ENDED;

        if (said->expires_at > 0)
                b->end = tally_bounded(said->expires_at);
        else if (lasts.unit != LENGTH_NONE)
                b->end = period_validity_end(b->zone, b->start_at, lasts);
        else if (is_late && offer && offer->if_expired_at != TIME_NONE)
                b->end = day_time_after(b->zone, b->start_at, offer->if_expired_at);
        else if (is_late && offer)
                b->end = period_validity_end(b->zone, b->start_at, offer->adds);
        else if (!is_late)
                b->follows = target;
}

static void add_top_up(Tally *t, int target, const TallyItem *item, const TopUp *offer,
                       uint64_t bytes) {
        g_autofree char *name = g_strdup_printf("topup-%" G_GINT64_FORMAT, item->id);
        LiveBucket b = { .key = t->next_key++,
                         .plan = t->plan,
                         .name = g_string_chunk_insert(t->names, name),
                         .zone = t->zone,
                         .bytes = bytes,
                         .within = NO_BUCKET,
                         .after = NO_BUCKET,
                         .follows = NO_BUCKET,
                         .lags = t->plan && t->plan->lag.unit != LENGTH_NONE,
                         .start_kind = START_AT,
                         .start_at = t->clock,
                         .purchase = t->clock,
                         .lapses_at = PERIOD_NEVER,
                         .counts_from = INT64_MIN,
                         .end = PERIOD_NEVER,
                         .hours_until = PERIOD_NEVER,
                         .settled_at = INT64_MIN };

        if (target != NO_BUCKET) {
                b.zone = live(t, target)->zone;
                b.where = live(t, target)->where;
                b.order = live(t, target)->order;
        }
        set_validity(t, &b, target, &item->top_up, offer);
        g_array_append_val(t->buckets, b);
}

void event_top_up(Tally *t, const TallyItem *item) {
        const TallyTopUp *said = &item->top_up;
        const TopUp *offer = said->name && t->plan ? plan_find_top_up(t->plan, said->name) : NULL;
        int target = find_target(t);
        bool is_late = target != NO_BUCKET && live(t, target)->phase == PHASE_ENDED;
        uint64_t bytes = said->bytes;

        if (is_late && offer && offer->grace.unit != LENGTH_NONE &&
            t->clock >= period_later(t->zone, live(t, target)->end, offer->grace))
                return; /* too late: there is nothing left to top up */

        t->last_top_up_at = t->clock;
        t->report.is_jump = false; /* it may be what the carrier's figure was about */
        if (offer && offer->adds.unit != LENGTH_NONE && target != NO_BUCKET && !is_late)
                bucket_lengthen(live(t, target), offer->adds);
        if (bytes == 0 && offer)
                bytes = offer->bytes;
        if (bytes != PLAN_UNLIMITED)
                bytes = MIN(bytes, MOST_BYTES);
        if (bytes > 0)
                add_top_up(t, target, item, offer, bytes);
}

/*
 * The buckets that a figure is about, in the order of use: those that run and are limited; else the
 * first of the others that the answer is about.
 */
static GArray *figure_buckets(Tally *t, const char *name) {
        GArray *buckets = g_array_new(FALSE, FALSE, sizeof(int));
        g_autofree bool *counted = g_new0(bool, (gsize) n_live(t) + 1);

        if (name) {
                for (int i = n_live(t) - 1; i >= 0 && buckets->len == 0; i--)
                        if (strcmp(live(t, i)->name, name) == 0)
                                g_array_append_val(buckets, i);
                return buckets;
        }

        answer_counted(t, counted);
        for (int i = 0; i < n_live(t); i++)
                if (counted[i] && live(t, i)->phase == PHASE_RUNNING && !is_unlimited(live(t, i)))
                        order_insert(t, buckets, i);
        for (int i = 0; i < n_live(t) && buckets->len == 0; i++)
                if (counted[i])
                        g_array_append_val(buckets, i);
        return buckets;
}

/* It ended, but someone knows that it goes on. */
static void revive(Tally *t, LiveBucket *b) {
        for (guint i = t->past->len; i > 0; i--) {
                const PastPeriod *past = &g_array_index(t->past, PastPeriod, i - 1);

                if (past->key != b->key || past->number != b->number)
                        continue;
                g_array_remove_index(t->past, i - 1);
                break;
        }

        b->phase = PHASE_RUNNING;
        t->is_order_known = false;
}

/* Whoever says that some of it is used, or until when it is good, says that it has begun. */
static bool is_begun_by(Tally *t, int i, const TallyFigure *figure) {
        LiveBucket *b = live(t, i);
        bool is_used = (figure->has_used && figure->used > 0) ||
                       (figure->has_remaining && !is_unlimited(b) && figure->remaining < b->bytes);

        if (b->phase == PHASE_RUNNING)
                return true;
        if (b->phase == PHASE_ENDED) {
                if (figure->expires_at <= t->clock)
                        return false;
                revive(t, b);
                return true;
        }
        if (figure->expires_at > t->clock || (b->phase == PHASE_WAITING && is_used)) {
                b->end = PERIOD_NEVER;
                bucket_begin(t, i, t->clock);
                return true;
        }

        return false;
}

static void set_expiry(Tally *t, LiveBucket *b, bool is_report, const TallyFigure *figure) {
        int64_t expires_at = figure->expires_at, end = bucket_end(t, b);

        if (expires_at == 0)
                return;
        /* The carrier says until when this period's bytes are good, often by the day alone. */
        if (b->recurs && end == PERIOD_NEVER && (is_report || !figure->bucket))
                return;
        if (is_report && end != PERIOD_NEVER && llabs(end - expires_at) < DAY)
                return;

        b->end = expires_at;
        b->follows = NO_BUCKET;
}

/* In the order of use where more is used, and backwards where less is. */
static void set_sum(Tally *t, const GArray *buckets, uint64_t remaining) {
        uint64_t sum = 0, n;

        for (guint k = 0; k < buckets->len; k++)
                sum = traffic_saturated(sum, live(t, g_array_index(buckets, int, k))->remaining);

        for (guint k = 0; sum > remaining && k < buckets->len; k++) {
                LiveBucket *b = live(t, g_array_index(buckets, int, k));

                n = MIN(sum - remaining, b->remaining);
                if (n > 0)
                        amount_set_remaining(b, t->clock, b->remaining - n);
                sum -= n;
        }
        for (guint k = buckets->len; sum < remaining && k > 0; k--) {
                LiveBucket *b = live(t, g_array_index(buckets, int, k - 1));

                n = MIN(remaining - sum, live_used(b));
                if (n > 0)
                        amount_set_remaining(b, t->clock, b->remaining + n);
                sum += n;
        }
        if (sum < remaining) {
                LiveBucket *b = live(t, g_array_index(buckets, int, 0));

                amount_set_remaining(b, t->clock, b->remaining + (remaining - sum));
        }
}

/*
 * What the carrier does not know of yet: the bytes since its figure was made. false: the figure may
 * be one of the period before.
 */
static bool find_recent(Tally *t, const GArray *buckets, uint64_t *ret_recent) {
        uint64_t recent = 0;

        for (guint k = 0; k < buckets->len; k++) {
                LiveBucket *b = live(t, g_array_index(buckets, int, k));

                if (!b->lags)
                        continue;
                if (period_later(b->zone, b->period.start, b->plan->lag) > t->clock)
                        return false;
                (void) window_advance(&b->recent, t->clock);
                recent = traffic_saturated(recent, b->recent.sum);
        }

        *ret_recent = recent;
        return true;
}

static uint64_t distance(uint64_t a, uint64_t b) {
        return a > b ? a - b : b - a;
}

static void set_limited(Tally *t, const GArray *buckets, const TallyFigure *figure,
                        uint64_t recent) {
        uint64_t limit = 0, remaining = 0, wanted, over = 0;
        LiveBucket *last = live(t, g_array_index(buckets, int, buckets->len - 1));

        for (guint k = 0; k < buckets->len; k++) {
                limit = traffic_saturated(limit, live(t, g_array_index(buckets, int, k))->limit);
                remaining = traffic_saturated(remaining,
                                              live(t, g_array_index(buckets, int, k))->remaining);
        }

        if (figure->has_remaining) {
                wanted = figure->remaining - MIN(recent, figure->remaining);
        } else {
                uint64_t used = traffic_saturated(figure->used, recent);

                wanted = limit - MIN(used, limit);
                over = used - MIN(used, limit);
        }
        if (distance(wanted, remaining) < figure->resolution)
                return;

        set_sum(t, buckets, wanted);
        if (figure->has_used)
                last->over = over;
        for (guint k = 0; k < buckets->len; k++) {
                int i = g_array_index(buckets, int, k);

                if (live(t, i)->remaining == 0)
                        order_used_up(t, i, t->clock);
        }
}

static void set_unlimited(Tally *t, LiveBucket *b, const TallyFigure *figure, uint64_t recent) {
        uint64_t used = traffic_saturated(figure->used, recent);

        if (figure->has_used && distance(used, b->used) >= figure->resolution)
                amount_set_used(b, t->clock, used);
}

void event_figure(Tally *t, const TallyItem *item) {
        g_autoptr(GArray) buckets = figure_buckets(t, item->figure.bucket);
        TallyFigure figure = item->figure;
        bool has_amount = figure.has_remaining || figure.has_used;
        uint64_t recent = 0;
        LiveBucket *first;

        figure.remaining = MIN(figure.remaining, MOST_BYTES);
        figure.used = MIN(figure.used, MOST_BYTES);
        figure.expires_at = tally_bounded(figure.expires_at);
        for (guint k = buckets->len; k > 0; k--)
                if (!is_begun_by(t, g_array_index(buckets, int, k - 1), &figure))
                        g_array_remove_index(buckets, k - 1);
        if (buckets->len == 0)
                return;

        first = live(t, g_array_index(buckets, int, 0));
        if (item->kind == TALLY_CORRECTION)
                figure.resolution = 0;
        else if (!find_recent(t, buckets, &recent))
                return;
        if (item->kind == TALLY_REPORT && has_amount && !figure.bucket &&
            !report_note(t, buckets, &figure, recent))
                return;
        set_expiry(t, first, item->kind == TALLY_REPORT, &figure);
        if (!has_amount)
                return;

        if (is_unlimited(first))
                set_unlimited(t, first, &figure, recent);
        else
                set_limited(t, buckets, &figure, recent);
        if (!figure.bucket)
                report_settle(t, buckets, &figure, recent, item->kind == TALLY_REPORT);
}
