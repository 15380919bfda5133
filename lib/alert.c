/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "alert.h"

#include <string.h>

#include "level.h"

#define HOUR            3600
#define DAY             (24 * HOUR)
#define NEWS_LAST       DAY        /* what is good to know is not said for longer */
#define ENDS_LAST       (7 * DAY)  /* nor that something ended */
#define LONG_VALIDITY   (31 * DAY) /* which has a warning more */
#define WASTE_WITHIN    (2 * DAY)
#define WASTE_PERIOD    (7 * DAY) /* what is left of shorter ones is not worth a word */
#define WASTE_PERCENT   20
#define EARLY_PERCENT   5 /* of the period: so early it must run out to be said */
#define LIFETIME_WITHIN (14 * DAY)

static const char *const kinds[] = {
        [ALERT_LEVEL] = "level",
        [ALERT_USED_UP] = "used-up",
        [ALERT_DAY_CAP] = "day-cap",
        [ALERT_THROTTLED] = "throttled",
        [ALERT_LIFTED] = "lifted",
        [ALERT_SURCHARGE] = "surcharge",
        [ALERT_EXPIRES] = "expires",
        [ALERT_EXPIRED] = "expired",
        [ALERT_WASTE] = "waste",
        [ALERT_PACE] = "pace",
        [ALERT_BEGUN] = "begun",
        [ALERT_LAPSED] = "lapsed",
        [ALERT_ABROAD] = "abroad",
        [ALERT_SIM_LIFETIME] = "sim-lifetime",
        [ALERT_NEW_SIM] = "new-sim",
        [ALERT_CARRIER_DIFFERS] = "carrier-differs",
        [ALERT_CARRIER_MORE] = "carrier-more",
};

const char *alert_kind_to_string(AlertKind kind) {
        return kinds[kind];
}

const char *alert_severity_to_string(AlertSeverity severity) {
        static const char *const names[] = { "low", "normal", "critical" };

        return names[severity];
}

static void alert_clear(void *data) {
        Alert *a = data;

        g_free(a->key);
        g_free(a->bucket);
}

/* Alerts of one kind and bucket are told apart by an instant, mostly the period's, and a level. */
static void add_at(GArray *due, Alert alert, const char *bucket, int64_t at, const char *level) {
        alert.bucket = g_strdup(bucket);
        alert.key = g_strdup_printf("%s/%s/%" G_GINT64_FORMAT "/%s", kinds[alert.kind], bucket, at,
                                    level);
        g_array_append_val(due, alert);
}

static void add(GArray *due, Alert alert, const char *bucket, const char *level) {
        add_at(due, alert, bucket, alert.period_start, level);
}

static uint64_t limit_of(const TallyBucket *b) {
        return traffic_saturated(b->bytes, b->rolled_over);
}

static bool is_running(const TallyBucket *b) {
        return b->has_begun && !b->has_expired;
}

static Alert about(const TallyBucket *b, AlertKind kind, AlertSeverity severity) {
        bool rolls_along = b->bucket && b->bucket->rolling.unit != LENGTH_NONE;

        return (Alert){ .kind = kind,
                        .severity = severity,
                        .period_start = b->period_start,
                        .period_end = b->period_end,
                        .rearms_after = rolls_along ? DAY : 0,
                        .limit = limit_of(b),
                        .used = b->used,
                        .remaining = b->remaining,
                        .rate_bps = b->rate_bps,
                        .expires_at = b->expires_at };
}

/* The highest level that is reached stands for those below it. */
static void add_level(GArray *due, const TallyBucket *b) {
        Levels levels = levels_of(b->plan, b->bucket, b->is_daily);
        const WarnLevel *highest = NULL;
        uint64_t highest_at = 0;
        g_autofree char *text = NULL;
        bool is_last = true;
        Alert alert;

        for (guint k = 0; k < levels.n; k++) {
                uint64_t at = level_distance(levels.levels[k], limit_of(b), 0);

                if (!level_is_reached(levels.levels[k], limit_of(b), b->used)) {
                        is_last = is_last && at == UINT64_MAX;
                } else if (at > highest_at) {
                        highest = &levels.levels[k];
                        highest_at = at;
                }
        }
        if (!highest || b->remaining == 0)
                return;

        alert = about(b, ALERT_LEVEL, is_last && levels.n > 1 ? ALERT_CRITICAL : ALERT_NORMAL);
        alert.level = *highest;
        text = g_strdup_printf("%" G_GUINT64_FORMAT "%s", highest->value,
                               highest->is_left ? "B" : "%");
        add(due, alert, b->name, text);
}

static void add_used_up(GArray *due, const TallyAnswer *a, const TallyBucket *b) {
        Alert alert = about(b, ALERT_USED_UP, ALERT_LOW); /* the next one follows */

        if (b->remaining > 0)
                return;

        if (b->rate_bps > 0)
                alert.kind = ALERT_THROTTLED;
        if (b->is_daily)
                alert.kind = ALERT_DAY_CAP;
        if (b->rate_bps > 0 || a->state == TALLY_BILLING)
                alert.severity = ALERT_NORMAL;
        if (a->state == TALLY_EXHAUSTED)
                alert.severity = ALERT_CRITICAL;
        alert.lifts_at = a->state >= TALLY_THROTTLED ? a->lifts_at : 0;
        add(due, alert, b->name, "");
}

static void add_lifted(GArray *due, const TallyBucket *b, int64_t now) {
        Alert alert = about(b, ALERT_LIFTED, ALERT_LOW);

        if (b->lifted_at == 0 || now >= b->lifted_at + NEWS_LAST || b->remaining == 0)
                return;

        alert.rate_bps = b->lifted_bps;
        alert.lifts_at = b->lifted_at;
        add(due, alert, b->name, "");
}

/* How long before the end to warn: from the plan, or as is usual. Those longer than it all are not.
 */
static guint ladder(const TallyBucket *b, int64_t validity, int64_t rungs[static 32]) {
        static const int64_t usual[] = { 7 * DAY, 2 * DAY, 3 * HOUR };
        const GArray *said = b->plan ? b->plan->warn_expiry : NULL;
        guint n = 0, n_said = said ? MIN(said->len, 32) : G_N_ELEMENTS(usual);

        for (guint k = 0; k < n_said; k++) {
                int64_t rung = said ? length_seconds(g_array_index(said, Length, k)) : usual[k];

                if (!said && k == 0 && b->has_begun && validity <= LONG_VALIDITY)
                        continue;
                if (rung < validity)
                        rungs[n++] = rung;
        }
        return n;
}

/* When it ends, or lapses; and how long it was to last, or might wait. 0: never. */
static int64_t deadline(const TallyBucket *b, int64_t *ret_validity) {
        if (b->has_expired)
                return 0;

        if (b->has_begun)
                *ret_validity = b->expires_at - b->begun_at;
        else
                *ret_validity = b->bucket ? length_seconds(b->bucket->activate_within) : INT64_MAX;
        return b->has_begun ? b->expires_at : b->start_by;
}

/* Nobody minds the end of what is used up, unless it would begin again. */
static bool is_worth_words(const TallyBucket *b) {
        return !b->has_begun || b->is_unlimited || b->remaining > 0 || b->is_next_begun;
}

static void add_expires(GArray *due, const TallyBucket *b, int64_t now) {
        int64_t rungs[32], validity, end = deadline(b, &validity), nearest = INT64_MAX;
        g_autofree char *text = NULL;
        Alert alert;
        guint n;

        if (end == 0 || !is_worth_words(b))
                return;

        n = ladder(b, validity, rungs);
        for (guint k = 0; k < n; k++)
                if (now >= end - rungs[k])
                        nearest = MIN(nearest, rungs[k]);
        if (nearest == INT64_MAX)
                return;

        alert = about(b, ALERT_EXPIRES, nearest < DAY ? ALERT_CRITICAL : ALERT_NORMAL);
        alert.within = nearest;
        alert.expires_at = end;
        alert.period_start = b->begun_at;
        alert.period_end = end;
        text = g_strdup_printf("%" G_GINT64_FORMAT "s", nearest);
        add_at(due, alert, b->name, end, text); /* another end is another alert */
}

static bool waits_for_something(const TallyBucket *b) {
        return b->bucket && b->bucket->starts.kind >= START_INSTALL;
}

static void add_begun(GArray *due, const TallyBucket *b, int64_t now) {
        Alert alert = about(b, b->has_lapsed ? ALERT_LAPSED : ALERT_BEGUN,
                            b->has_lapsed ? ALERT_NORMAL : ALERT_LOW);

        alert.period_start = b->has_lapsed ? b->start_by : b->begun_at;
        alert.period_end = alert.period_start + (b->has_lapsed ? ENDS_LAST : NEWS_LAST);
        if (b->has_lapsed)
                alert.expires_at = b->start_by;
        if ((b->has_lapsed || (is_running(b) && waits_for_something(b))) && now < alert.period_end)
                add(due, alert, b->name, "");
}

static int64_t waste_from(const TallyBucket *b) {
        if (!is_running(b) || b->is_unlimited || b->rolls_over || b->period_end == 0 ||
            b->period_end - b->period_start < WASTE_PERIOD)
                return PERIOD_NEVER;

        return b->period_end - WASTE_WITHIN;
}

static void add_waste(GArray *due, const TallyBucket *b, int64_t now) {
        uint64_t limit = limit_of(b);

        if (now < waste_from(b) || !b->is_next_begun || b->remaining < limit / 100 * WASTE_PERCENT)
                return;

        add(due, about(b, ALERT_WASTE, ALERT_LOW), b->name, "");
}

static void add_buckets(GArray *due, const AlertInput *in) {
        const TallyAnswer *a = in->answer;

        for (guint i = 0; i < a->buckets->len; i++) {
                const TallyBucket *b = &g_array_index(a->buckets, TallyBucket, i);
                bool rests = a->is_unlimited && !b->is_unlimited;

                if (is_running(b) && !b->is_unlimited && !rests) {
                        add_level(due, b);
                        add_used_up(due, a, b);
                        add_lifted(due, b, in->now);
                }
                add_expires(due, b, in->now);
                add_begun(due, b, in->now);
                add_waste(due, b, in->now);
        }
}

static void add_limits(GArray *due, const AlertInput *in) {
        for (guint i = 0; i < in->answer->limits->len; i++) {
                const TallyLimit *l = &g_array_index(in->answer->limits, TallyLimit, i);
                bool is_news = l->lifted_at != 0 && in->now < l->lifted_at + NEWS_LAST;
                Alert alert = { .kind = l->is_active ? ALERT_THROTTLED : ALERT_LIFTED,
                                .severity = l->is_active ? ALERT_NORMAL : ALERT_LOW,
                                .period_start = l->is_active ? l->since : l->lifted_at,
                                .rate_bps = l->rate_bps,
                                .lifts_at = l->is_active ? l->lifts_at : l->lifted_at };

                if (l->is_active && l->blocks) {
                        alert.kind = ALERT_USED_UP;
                        alert.severity = ALERT_CRITICAL;
                }
                if (l->is_active || is_news)
                        add(due, alert, l->name, "");
        }
}

static Alert about_plan(const TallyAnswer *a, AlertKind kind, AlertSeverity severity) {
        return (Alert){ .kind = kind,
                        .severity = severity,
                        .period_start = a->period_start,
                        .period_end = a->period_end,
                        .limit = a->limit,
                        .used = a->used,
                        .remaining = a->remaining,
                        .expires_at = a->expires_at };
}

static bool stands(const AlertInput *in, const char *key) {
        for (gsize i = 0; i < in->n_records; i++)
                if (in->records[i].cleared_at == 0 && strcmp(in->records[i].key, key) == 0)
                        return true;

        return false;
}

/* Once raised it stands until the end is reached again; it is raised only where it is clear. */
static void add_pace(GArray *due, const AlertInput *in) {
        const TallyAnswer *a = in->answer;
        const Forecast *f = in->forecast;
        Alert alert = about_plan(a, ALERT_PACE, ALERT_NORMAL);
        g_autofree char *key =
                g_strdup_printf("%s//%" G_GINT64_FORMAT "/", kinds[ALERT_PACE], a->period_start);
        int64_t margin;

        if (!f || !f->speaks || f->runs_out_at == 0 || f->end == 0 || a->plan->pace == 0 ||
            (a->state != TALLY_OK && a->state != TALLY_LOW))
                return;

        margin = (f->end - a->period_start) / 100 * EARLY_PERCENT;
        if (f->runs_out_at > f->end - margin && !stands(in, key))
                return;

        alert.runs_out_at = f->runs_out_at;
        add(due, alert, "", "");
}

static void add_surcharge(GArray *due, const TallyAnswer *a) {
        Alert alert = about_plan(a, ALERT_SURCHARGE, ALERT_NORMAL);
        g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, a->charged_steps);

        if (a->charged_steps == 0)
                return;

        alert.steps = a->charged_steps;
        alert.charged_micros = a->charged_micros;
        memcpy(alert.currency, a->currency, sizeof(alert.currency));
        add(due, alert, "", text);
}

static void add_expired(GArray *due, const TallyAnswer *a, int64_t now) {
        Alert alert = about_plan(a, ALERT_EXPIRED, ALERT_NORMAL);

        if (a->state != TALLY_EXPIRED || a->expires_at == 0 || now >= a->expires_at + ENDS_LAST)
                return;

        alert.period_start = a->expires_at;
        alert.period_end = a->expires_at + ENDS_LAST;
        add(due, alert, "", "");
}

static void add_abroad(GArray *due, const TallyAnswer *a) {
        Alert alert = about_plan(a, ALERT_ABROAD, ALERT_CRITICAL);
        g_autofree char *text = g_strdup_printf("%u", a->place.mcc);

        if (!a->place.is_abroad || a->is_covered || a->buckets->len == 0)
                return;

        alert.mcc = a->place.mcc;
        alert.period_start = a->contract_since;
        alert.period_end = 0;
        alert.rearms_after = DAY;
        add(due, alert, "", text);
}

static void add_sim_lifetime(GArray *due, const TallyAnswer *a, int64_t now) {
        Alert alert = about_plan(a, ALERT_SIM_LIFETIME, ALERT_NORMAL);
        g_autofree char *text = NULL;

        if (a->keep_alive == 0 || now < a->keep_alive - LIFETIME_WITHIN)
                return;

        alert.within = now < a->keep_alive - WASTE_WITHIN ? LIFETIME_WITHIN : WASTE_WITHIN;
        if (alert.within == WASTE_WITHIN)
                alert.severity = ALERT_CRITICAL;
        alert.period_start = a->contract_since;
        alert.period_end = 0;
        alert.expires_at = a->keep_alive;
        text = g_strdup_printf("%" G_GINT64_FORMAT "s", alert.within);
        add_at(due, alert, "", a->keep_alive, text);
}

/* Both figures as they were when the carrier said so; from then on its own is ours. */
static void add_carrier(GArray *due, const TallyAnswer *a) {
        const TallyReport *r = &a->report;
        Alert alert = about_plan(a, r->is_jump ? ALERT_CARRIER_MORE : ALERT_CARRIER_DIFFERS,
                                 ALERT_NORMAL);

        if (!r->is_jump && !r->differs)
                return;

        alert.reported = r->said;
        alert.reported_at = r->at;
        alert.reports_used = r->is_used;
        *(r->is_used ? &alert.used : &alert.remaining) = r->own;
        add_at(due, alert, "", r->since, "");
}

GArray *alerts_due(const AlertInput *in) {
        const TallyAnswer *a = in->answer;
        GArray *due = g_array_new(FALSE, FALSE, sizeof(Alert));

        g_array_set_clear_func(due, alert_clear);
        if (!a->plan) {
                /* Its time may be set right later: the SIM is as new as before. */
                add_at(due,
                       (Alert){ .kind = ALERT_NEW_SIM,
                                .severity = ALERT_LOW,
                                .period_start = in->sim_since },
                       "", 0, "");
                return due;
        }

        add_buckets(due, in);
        add_limits(due, in);
        add_pace(due, in);
        add_surcharge(due, a);
        add_expired(due, a, in->now);
        add_abroad(due, a);
        add_sim_lifetime(due, a, in->now);
        add_carrier(due, a);
        return due;
}

static int64_t sooner(int64_t next, int64_t at, int64_t now) {
        return at > now ? MIN(next, at) : next;
}

static int64_t next_of_bucket(const TallyBucket *b, int64_t now) {
        int64_t rungs[32], validity, end = deadline(b, &validity), next = PERIOD_NEVER;

        if (end != 0) {
                guint n = ladder(b, validity, rungs);

                for (guint k = 0; k < n; k++)
                        next = sooner(next, end - rungs[k], now);
        }
        if (b->lifted_at != 0)
                next = sooner(next, b->lifted_at + NEWS_LAST, now);
        if (is_running(b) && waits_for_something(b))
                next = sooner(next, b->begun_at + NEWS_LAST, now);
        if (b->has_lapsed)
                next = sooner(next, b->start_by + ENDS_LAST, now);

        return sooner(next, waste_from(b), now);
}

int64_t alerts_next(const TallyAnswer *a, int64_t now) {
        int64_t next = PERIOD_NEVER;

        if (!a->plan)
                return PERIOD_NEVER;

        for (guint i = 0; i < a->buckets->len; i++)
                next = MIN(next, next_of_bucket(&g_array_index(a->buckets, TallyBucket, i), now));
        for (guint i = 0; i < a->limits->len; i++) {
                int64_t lifted_at = g_array_index(a->limits, TallyLimit, i).lifted_at;

                if (lifted_at != 0)
                        next = sooner(next, lifted_at + NEWS_LAST, now);
        }
        if (a->keep_alive != 0) {
                next = sooner(next, a->keep_alive - LIFETIME_WITHIN, now);
                next = sooner(next, a->keep_alive - WASTE_WITHIN, now);
        }
        if (a->state == TALLY_EXPIRED && a->expires_at != 0)
                next = sooner(next, a->expires_at + ENDS_LAST, now);
        if (a->period_start != 0 && a->plan->pace != 0) {
                /* The forecast begins to speak. */
                int64_t tenth = a->period_end ? (a->period_end - a->period_start) / 10 : 0;

                next = sooner(next, a->period_start + MAX(DAY, tenth), now);
        }

        return next;
}
