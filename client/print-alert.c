/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Alerts as sentences, out of their numbers. */

#include <stdio.h>

#include "print.h"

/* The details of an alert; what it does not say is 0 or "". */
typedef struct Details {
        const char *bucket, *currency;
        uint64_t percent, level, limit, used, remaining, rate;
        uint64_t period_end, expires, lifts, runs_out;
        uint64_t reported_left, reported_used, reported_at;
        double charged;
} Details;

static uint64_t number(const GArray *alert, const char *name) {
        const RemoteValue *v = remote_value(alert, name);

        return v ? v->number : 0;
}

static const char *text(const GArray *alert, const char *name) {
        const RemoteValue *v = remote_value(alert, name);

        return v ? v->text : "";
}

static Details read_details(const GArray *alert) {
        const RemoteValue *charged = remote_value(alert, "charged");

        return (Details){
                .bucket = text(alert, "bucket"),
                .currency = text(alert, "currency"),
                .percent = number(alert, "level_percent"),
                .level = number(alert, "level_bytes"),
                .limit = number(alert, "limit_bytes"),
                .used = number(alert, "used_bytes"),
                .remaining = number(alert, "remaining_bytes"),
                .rate = number(alert, "rate_limit"),
                .period_end = number(alert, "period_end"),
                .expires = number(alert, "expires_at"),
                .lifts = number(alert, "lifts_at"),
                .runs_out = number(alert, "runs_out_at"),
                .reported_left = number(alert, "reported_remaining_bytes"),
                .reported_used = number(alert, "reported_used_bytes"),
                .reported_at = number(alert, "reported_at"),
                .charged = charged ? charged->real : 0,
        };
}

/* Each sentence says what is so, in the words of the status screen. */
typedef char *(*Say)(const Style *s, const Details *d);

static char *say_level(const Style *s, const Details *d) {
        g_autofree char *left = size_format(d->remaining, s->unit);
        g_autofree char *limit = size_format(d->limit, s->unit);

        if (d->percent > 0)
                return g_strdup_printf("%s left: %" G_GUINT64_FORMAT " %% of %s is used", left,
                                       d->percent, limit);
        return g_strdup_printf("%s left of %s", left, limit);
}

static char *say_used_up(const Style *s, const Details *d) {
        g_autofree char *limit = size_format(d->limit, s->unit);

        return g_strdup_printf("%s is used up, by our count", limit);
}

static char *say_day_cap(const Style *s, const Details *d) {
        g_autofree char *limit = size_format(d->limit, s->unit);

        return g_strdup_printf("today's %s is used up", limit);
}

static char *say_throttled(const Style *s, const Details *d) {
        g_autofree char *rate = size_format_rate(d->rate);
        g_autofree char *when = style_instant(s, d->lifts);

        if (d->lifts > 0)
                return g_strdup_printf("slowed to %s until %s", rate, when);
        /* A limit is not of an amount: more of it would not help. */
        return g_strdup_printf("slowed to %s%s", rate, d->limit > 0 ? " until more is bought" : "");
}

static char *say_lifted(const Style *s, const Details *d) {
        return g_strdup("full speed again");
}

static char *say_surcharge(const Style *s, const Details *d) {
        g_autofree char *money = style_money(d->charged, d->currency);

        return g_strdup_printf("%s so far beside the plan's price", money);
}

static char *say_expires(const Style *s, const Details *d) {
        g_autofree char *when = style_end(s, d->expires, "", "");
        g_autofree char *left = size_format(d->remaining, s->unit);

        return g_strdup_printf("ends %s; what is left by then (%s) will be lost", when, left);
}

static char *say_expired(const Style *s, const Details *d) {
        g_autofree char *when = style_end(s, d->expires, "", "");

        return d->expires > 0 ? g_strdup_printf("expired %s", when) : g_strdup("expired");
}

static char *say_waste(const Style *s, const Details *d) {
        g_autofree char *left = size_format(d->remaining, s->unit);
        g_autofree char *when =
                style_end(s, d->period_end > 0 ? d->period_end : d->expires, "", "");

        return g_strdup_printf("%s is left, and will be lost %s", left, when);
}

static char *say_pace(const Style *s, const Details *d) {
        g_autofree char *when = style_day(s, d->runs_out);

        return g_strdup_printf("at this pace it runs out %s", when);
}

static char *say_begun(const Style *s, const Details *d) {
        return g_strdup_printf("%s has begun", *d->bucket ? d->bucket : "the plan");
}

static char *say_lapsed(const Style *s, const Details *d) {
        return g_strdup_printf("%s was not begun in time", *d->bucket ? d->bucket : "the plan");
}

static char *say_abroad(const Style *s, const Details *d) {
        return g_strdup("the plan does not cover the country where the SIM is");
}

static char *say_sim_lifetime(const Style *s, const Details *d) {
        g_autofree char *when = style_end(s, d->expires, "", "");

        return g_strdup_printf("top up by %s, or the number is lost", when);
}

static char *say_new_sim(const Style *s, const Details *d) {
        return g_strdup("new: it is counted; say what you bought with simtally plan set");
}

static char *say_carrier_differs(const Style *s, const Details *d) {
        bool is_used = d->reported_used > 0;
        g_autofree char *said = size_format(is_used ? d->reported_used : d->reported_left, s->unit);
        g_autofree char *own = size_format(is_used ? d->used : d->remaining, s->unit);
        g_autofree char *when = style_instant(s, d->reported_at);

        if (is_used)
                return g_strdup_printf("the carrier said %s used (%s), we had counted %s", said,
                                       when, own);
        return g_strdup_printf("the carrier said %s left (%s), by our count it was %s", said, when,
                               own);
}

static char *say_carrier_more(const Style *s, const Details *d) {
        g_autofree char *said = size_format(d->reported_left, s->unit);
        g_autofree char *more =
                size_format(d->reported_left - MIN(d->remaining, d->reported_left), s->unit);

        return g_strdup_printf("the carrier says %s left; looks like +%s. Record a top-up?", said,
                               more);
}

char *style_alert(const Style *s, const GArray *alert) {
        static const struct {
                const char *kind;
                Say say;
        } kinds[] = {
                { "level", say_level },
                { "used-up", say_used_up },
                { "day-cap", say_day_cap },
                { "throttled", say_throttled },
                { "lifted", say_lifted },
                { "surcharge", say_surcharge },
                { "expires", say_expires },
                { "expired", say_expired },
                { "waste", say_waste },
                { "pace", say_pace },
                { "begun", say_begun },
                { "lapsed", say_lapsed },
                { "abroad", say_abroad },
                { "sim-lifetime", say_sim_lifetime },
                { "new-sim", say_new_sim },
                { "carrier-differs", say_carrier_differs },
                { "carrier-more", say_carrier_more },
        };
        const char *kind = text(alert, "kind");
        Details d = read_details(alert);

        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
                if (g_str_equal(kinds[i].kind, kind))
                        return kinds[i].say(s, &d);

        return g_strdup(kind);
}

static void print_alert(const Style *s, const GArray *alert) {
        uint64_t snoozed_until = number(alert, "snoozed_until");
        g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, number(alert, "id"));
        g_autofree char *sentence = style_alert(s, alert);
        g_autofree char *raised = style_instant(s, number(alert, "raised_at"));
        g_autofree char *until = style_instant(s, snoozed_until);
        g_autofree char *snoozed = g_strdup_printf("snoozed until %s", until);
        const char *parts[5] = { NULL };
        int n = 0;

        if (g_str_equal(text(alert, "severity"), "critical"))
                parts[n++] = "CRITICAL";
        parts[n++] = sentence;
        parts[n++] = raised;
        if (snoozed_until > 0)
                parts[n++] = snoozed;
        print_entry(s, id, parts, style_dot(s));
}

void print_alerts(const Style *s, const RemoteSim *sim) {
        g_autofree char *tail = style_tail(s, sim->iccid_tail);

        printf("%s %s\n", sim->label, tail);
        if (sim->alerts->len == 0)
                printf("  Nothing to tell.\n");
        for (guint i = 0; i < sim->alerts->len; i++)
                print_alert(s, sim->alerts->pdata[i]);
}
