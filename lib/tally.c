/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "tally-internal.h"

#include "calendar.h"

static void unref_zone(void *zone) {
        g_time_zone_unref(zone);
}

static Tally *new_empty(void) {
        Tally *t = g_new0(Tally, 1);

        t->zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_zone);
        t->names = g_string_chunk_new(256);
        t->buckets = g_array_new(FALSE, FALSE, sizeof(LiveBucket));
        t->limits = g_array_new(FALSE, FALSE, sizeof(LiveLimit));
        t->order = g_array_new(FALSE, FALSE, sizeof(int));
        t->past = g_array_new(FALSE, FALSE, sizeof(PastPeriod));
        t->rounded = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
        t->sessions = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
        t->zone = tally_zone(t, NULL);
        t->clock = t->boundary = INT64_MIN;
        t->stopper = NO_BUCKET;
        t->is_first_contract = true;
        return t;
}

int64_t tally_bounded(int64_t instant) {
        return CLAMP(instant, 0, CALENDAR_LAST);
}

Tally *tally_new(const Plan *plan, int64_t since) {
        Tally *t = new_empty();

        if (plan)
                contract_begin(t, plan, tally_bounded(since));
        return t;
}

Tally *tally_free(Tally *t) {
        if (!t)
                return NULL;

        for (int i = 0; i < n_live(t); i++)
                bucket_clear(live(t, i));
        for (guint i = 0; i < t->limits->len; i++)
                limit_clear(live_limit(t, i));
        g_array_unref(t->buckets);
        g_array_unref(t->limits);
        g_array_unref(t->order);
        g_array_unref(t->past);
        if (!t->is_copy) {
                g_hash_table_unref(t->rounded);
                g_hash_table_unref(t->sessions);
                g_hash_table_unref(t->zones);
                g_string_chunk_free(t->names);
        }
        g_free(t);
        return NULL;
}

/* The present alone, to look ahead with. It borrows the names and zones. */
Tally *tally_copy(const Tally *t) {
        Tally *copy = g_new(Tally, 1);

        *copy = *t;
        copy->is_copy = true;
        copy->rounded = NULL;
        copy->sessions = NULL;
        copy->buckets = g_array_copy(t->buckets);
        copy->limits = g_array_copy(t->limits);
        copy->order = g_array_copy(t->order);
        copy->past = g_array_new(FALSE, FALSE, sizeof(PastPeriod));
        for (int i = 0; i < n_live(t); i++)
                *live(copy, i) = bucket_copy(live(t, i));
        for (guint i = 0; i < t->limits->len; i++)
                *live_limit(copy, i) = limit_copy(live_limit(t, i));

        return copy;
}

/* Plans name zones that exist, or none, which is UTC here. */
GTimeZone *tally_zone(Tally *t, const char *id) {
        GTimeZone *zone = g_hash_table_lookup(t->zones, id ? id : "UTC");

        if (zone)
                return zone;
        if (!id || calendar_zone(id, &zone) < 0)
                zone = g_time_zone_new_utc();

        g_hash_table_insert(t->zones, g_strdup(id ? id : "UTC"), zone);
        return zone;
}

void tally_find_boundary(Tally *t) {
        int64_t next = PERIOD_NEVER;

        for (int i = 0; i < n_live(t); i++)
                next = MIN(next, bucket_next(t, i));
        for (guint i = 0; i < t->limits->len; i++)
                next = MIN(next, limit_next(live_limit(t, i), t->clock));

        t->boundary = next;
}

/* Lets time go on, and whatever happens by itself meanwhile happen. */
void tally_settle(Tally *t, int64_t now) {
        if (now < t->boundary) {
                t->clock = MAX(t->clock, now);
                return;
        }

        order_note_stop(t);
        for (int i = 0; i < n_live(t); i++)
                bucket_settle(t, i, now);
        limits_settle(t, now);

        t->clock = now;
        t->is_order_known = false;
        tally_find_boundary(t);
}

/* The same where something was changed by hand, at an instant that may have been settled already.
 */
static void settle_anew(Tally *t) {
        for (int i = 0; i < n_live(t); i++)
                live(t, i)->settled_at = INT64_MIN;
        t->boundary = INT64_MIN;
        tally_settle(t, t->clock);
}

static void set_place(Tally *t, TallyPlace place) {
        if (place.mcc == 0 || (t->is_place_known && place.mcc == t->place.mcc &&
                               place.is_abroad == t->place.is_abroad))
                return;

        t->place = place;
        t->is_place_known = true;
        t->is_order_known = false;
}

static bool has_unlimited(Tally *t) {
        if (!t->is_order_known)
                order_refresh(t);

        return t->order->len > 0 && chain_is_unlimited(t, g_array_index(t->order, int, 0));
}

/* Does a bucket that waits for this begin with it? While an unlimited one runs, others rest. */
static bool begins_with(Tally *t, const LiveBucket *b, int64_t at, bool is_use, bool others_rest) {
        if (b->phase != PHASE_WAITING || at < b->purchase || at >= b->lapses_at ||
            !where_covers(t, b->where) || (others_rest && !is_unlimited(b)))
                return false;

        return b->start_kind == START_FIRST_NETWORK ||
               (is_use && (b->start_kind == START_FIRST_USE ||
                           (b->start_kind == START_FIRST_USE_ABROAD && t->place.is_abroad)));
}

static void begin_by_use(Tally *t, int64_t at, bool is_use) {
        bool others_rest = has_unlimited(t), is_any = false;

        for (int i = 0; i < n_live(t); i++) {
                if (!begins_with(t, live(t, i), at, is_use, others_rest))
                        continue;
                bucket_begin(t, i, at);
                is_any = true;
        }

        if (is_any)
                settle_anew(t);
}

static uint64_t count(const Plan *plan, Traffic bytes) {
        switch (plan ? plan->count : COUNT_TOTAL) {
        case COUNT_RX:
                return bytes.rx;
        case COUNT_TX:
                return bytes.tx;
        case COUNT_TOTAL:
        default:
                return traffic_sum(bytes);
        }
}

void tally_charge(Tally *t, int64_t at, TallyUsage usage) {
        uint64_t bytes, counted;

        at = MAX(tally_bounded(at), t->clock);
        tally_settle(t, at);
        set_place(t, usage.place);
        if (traffic_is_zero(usage.bytes))
                return;

        if (t->begins_by_use)
                begin_by_use(t, at, true);
        if (t->limits->len > 0)
                limits_note_use(t, at);

        counted = bytes = session_round_up(t, usage.session, count(t->plan, usage.bytes));
        if (t->plan && t->plan->session == SESSION_BY_END)
                bytes = traffic_saturated(bytes, session_move_on(t, usage.session));
        if (!t->plan || t->plan->session != SESSION_BY_START ||
            !session_book_late(t, at, usage.session, bytes))
                order_spend(t, at, usage.session, bytes);
        if (t->limits->len > 0)
                limits_add(t, at, counted);
}

static void feed_contract(Tally *t, const TallyContract *contract) {
        bool had_plan = t->plan != NULL;

        if (contract->amends && had_plan)
                return;

        contract_end(t);
        t->report.is_jump = t->report.differs = false;
        t->is_first_contract = t->is_first_contract && !had_plan;
        contract_begin(t, contract->plan, t->clock);
        settle_anew(t);
}

static void feed_installed(Tally *t, int64_t at) {
        if (t->installed_at == 0)
                t->installed_at = at;

        for (int i = 0; i < n_live(t); i++) {
                LiveBucket *b = live(t, i);

                if (b->phase == PHASE_WAITING && b->start_kind == START_INSTALL) {
                        bool is_early = t->is_first_contract && b->bucket->bought.year == 0;

                        b->start_kind = START_AT;
                        b->start_at = is_early ? at : MAX(at, b->purchase);
                }
        }
        settle_anew(t);
}

void tally_feed(Tally *t, const TallyItem *item) {
        int64_t at = MAX(tally_bounded(item->at), t->clock);

        if (item->kind == TALLY_USAGE) {
                tally_charge(t, at, item->usage);
                return;
        }

        tally_settle(t, at);
        switch (item->kind) {
        case TALLY_PLAN:
                feed_contract(t, &item->contract);
                break;
        case TALLY_TOP_UP:
                event_top_up(t, item);
                settle_anew(t);
                break;
        case TALLY_CORRECTION:
        case TALLY_REPORT:
                event_figure(t, item);
                settle_anew(t);
                break;
        case TALLY_INSTALLED:
                feed_installed(t, at);
                break;
        case TALLY_NETWORK:
                set_place(t, item->place);
                if (t->begins_by_use)
                        begin_by_use(t, at, false);
                limits_note_network(t, at);
                break;
        case TALLY_USAGE:
        default:
                g_assert_not_reached();
        }
}

void tally_amend(TallyItem *items, size_t n_items) {
        TallyItem *in_force = NULL;

        for (size_t i = 0; i < n_items; i++) {
                TallyItem *item = &items[i];

                if (item->kind != TALLY_PLAN)
                        continue;
                if (item->contract.amends && in_force && item->contract.plan) {
                        in_force->contract.plan = item->contract.plan;
                        continue;
                }
                item->contract.amends = false;
                in_force = item->contract.plan ? item : NULL;
        }
}

Tally *tally_replay(TallyItem *items, size_t n_items) {
        const TallyItem *first = NULL;
        Tally *t;

        tally_amend(items, n_items);
        for (size_t i = 0; i < n_items && !first; i++)
                if (items[i].kind == TALLY_PLAN && items[i].contract.plan)
                        first = &items[i];

        t = tally_new(first ? first->contract.plan : NULL, first ? first->at : 0);
        for (size_t i = 0; i < n_items; i++)
                if (items[i].kind != TALLY_PLAN || &items[i] > first)
                        tally_feed(t, &items[i]);

        return t;
}
