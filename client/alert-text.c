/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "alert-text.h"

#include "i18n.h"

/* The details of an alert; what it does not say is 0 or "". */
typedef struct Details {
        const RemotePlan *plan;
        const char *severity, *bucket, *currency;
        uint64_t limit, used, remaining, rate;
        uint64_t period_end, expires, lifts, runs_out;
        uint64_t reported_left, reported_used;
        double charged;
} Details;

uint64_t alert_number(const GArray *alert, const char *name) {
        const RemoteValue *v = remote_value(alert, name);

        return v ? v->number : 0;
}

const char *alert_word(const GArray *alert, const char *name) {
        const RemoteValue *v = remote_value(alert, name);

        return v ? v->text : "";
}

static Details read_details(const RemoteSim *sim, const GArray *alert) {
        const RemoteValue *charged = remote_value(alert, "charged");

        return (Details){
                .plan = &sim->plan,
                .severity = alert_word(alert, "severity"),
                .bucket = alert_word(alert, "bucket"),
                .currency = alert_word(alert, "currency"),
                .limit = alert_number(alert, "limit_bytes"),
                .used = alert_number(alert, "used_bytes"),
                .remaining = alert_number(alert, "remaining_bytes"),
                .rate = alert_number(alert, "rate_limit"),
                .period_end = alert_number(alert, "period_end"),
                .expires = alert_number(alert, "expires_at"),
                .lifts = alert_number(alert, "lifts_at"),
                .runs_out = alert_number(alert, "runs_out_at"),
                .reported_left = alert_number(alert, "reported_remaining_bytes"),
                .reported_used = alert_number(alert, "reported_used_bytes"),
                .charged = charged ? charged->real : 0,
        };
}

static bool is_severity(const Details *d, const char *severity) {
        return g_str_equal(d->severity, severity);
}

/* Sentences, one behind the other. Takes both; either may be NULL. */
static char *join(char *first, char *second) {
        g_autofree char *a = first, *b = second;

        if (!a)
                return g_steal_pointer(&b);
        if (!b)
                return g_steal_pointer(&a);
        return g_strdup_printf(C_("sentences", "%s %s"), a, b);
}

static char *say_pace_of(const Style *s, const RemotePlan *p, uint64_t runs_out) {
        g_autofree char *day = style_day_near(s, runs_out);
        int64_t early = style_days_early(s, runs_out, plan_end(p));

        if (early < 1)
                return g_strdup_printf(_("At this pace it ends %s."), day);
        return g_strdup_printf(ngettext("At this pace it ends %s, %d day early.",
                                        "At this pace it ends %s, %d days early.",
                                        (unsigned long) early),
                               day, (int) early);
}

static char *head_level(const Style *s, const Details *d) {
        g_autofree char *left = size_format(d->remaining, s->unit);

        return g_strdup_printf(C_("headline", "%s left"), left);
}

/* How much of it is used by now, which is more than the level that was crossed. */
static char *body_level(const Style *s, const Details *d) {
        g_autofree char *limit = size_format(d->limit, s->unit);
        const RemotePlan *p = d->plan;
        int percent = (int) (100.0 * (double) (d->limit - MIN(d->remaining, d->limit)) /
                             (double) MAX(d->limit, 1));
        char *amount = g_strdup_printf(_("%d %% of %s used."), percent, limit);

        return join(amount, p->has_forecast && p->runs_out_at > 0
                                    ? say_pace_of(s, p, p->runs_out_at)
                                    : NULL);
}

static char *head_used_up(const Style *s, const Details *d) {
        g_autofree char *limit = size_format(d->limit, s->unit);

        if (d->limit == 0)
                return g_strdup(_("a limit of the plan is reached"));
        return g_strdup_printf(_("%s used up"), limit);
}

static char *head_day_cap(const Style *s, const Details *d) {
        g_autofree char *limit = size_format(d->limit, s->unit);

        return g_strdup_printf(_("today's %s used up"), limit);
}

/* What follows when a bucket is used up, or a limit reached. */
static char *say_after(const Style *s, const Details *d) {
        g_autofree char *rate = style_rate(d->rate);
        g_autofree char *when = style_instant(s, d->lifts);
        bool is_amount = d->limit > 0; /* of a limit, more would not help */

        if (d->rate > 0 && d->lifts > 0)
                return g_strdup_printf(_("The plan slows to %s until %s."), rate, when);
        if (d->rate > 0 && is_amount)
                return g_strdup_printf(_("The plan slows to %s until more is bought."), rate);
        if (d->rate > 0)
                return g_strdup_printf(_("The plan slows to %s."), rate);
        if (is_severity(d, "critical") && d->lifts > 0)
                return g_strdup_printf(_("The plan stops until %s."), when);
        if (is_severity(d, "critical"))
                return g_strdup(is_amount ? _("The plan stops until more is bought.")
                                          : _("The plan stops."));
        if (is_severity(d, "normal"))
                return g_strdup(_("What follows is billed."));
        return g_strdup(_("Other data is used now."));
}

static char *body_used_up(const Style *s, const Details *d) {
        return join(d->limit > 0 ? g_strdup(_("By our count.")) : NULL, say_after(s, d));
}

static char *head_lifted(const Style *s, const Details *d) {
        return g_strdup(_("full speed again"));
}

static char *body_lifted(const Style *s, const Details *d) {
        g_autofree char *amount = style_pair(s, d->remaining, d->limit);

        return d->limit > 0 ? g_strdup_printf(_("%s left."), amount) : NULL;
}

static char *head_surcharge(const Style *s, const Details *d) {
        g_autofree char *money = style_money(d->charged, d->currency);

        return g_strdup_printf(_("%s so far beside the plan's price"), money);
}

static bool is_unbegun(const RemotePlan *p, const char *bucket) {
        for (guint i = 0; i < p->buckets->len; i++) {
                const RemoteBucket *b = p->buckets->pdata[i];

                if (g_str_equal(b->name, bucket))
                        return !b->begun;
        }

        return false;
}

bool alert_is_to_begin(const RemoteSim *sim, const GArray *alert) {
        return g_str_equal(alert_word(alert, "kind"), "expires") &&
               is_unbegun(&sim->plan, alert_word(alert, "bucket"));
}

static char *head_expires(const Style *s, const Details *d) {
        g_autofree char *distance = style_distance(s, d->expires);

        return is_unbegun(d->plan, d->bucket) ? g_strdup_printf(_("must begin within %s"), distance)
                                              : g_strdup_printf(_("expires in %s"), distance);
}

static char *body_expires(const Style *s, const Details *d) {
        g_autofree char *when = style_end(s, d->expires, d->plan->zone, "");
        g_autofree char *left = size_format(d->remaining, s->unit);

        if (is_unbegun(d->plan, d->bucket))
                return g_strdup_printf(_("%s. What is not begun by then lapses."), when);
        if (d->remaining == 0)
                return g_strdup_printf(C_("sentence", "%s."), when);
        return g_strdup_printf(_("%s. What is left (%s) will be lost."), when, left);
}

static char *head_expired(const Style *s, const Details *d) {
        return g_strdup(_("expired"));
}

static char *body_expired(const Style *s, const Details *d) {
        g_autofree char *when = style_end(s, d->expires, d->plan->zone, "");

        return d->expires > 0 ? g_strdup_printf(C_("sentence", "%s."), when) : NULL;
}

static char *head_waste(const Style *s, const Details *d) {
        g_autofree char *left = size_format(d->remaining, s->unit);

        return g_strdup_printf(_("%s will be lost"), left);
}

static char *body_waste(const Style *s, const Details *d) {
        g_autofree char *when =
                style_end(s, d->period_end > 0 ? d->period_end : d->expires, d->plan->zone, "");

        return g_strdup_printf(_("It can be used until %s."), when);
}

static char *head_pace(const Style *s, const Details *d) {
        g_autofree char *day = style_day_near(s, d->runs_out);

        return g_strdup_printf(_("runs out %s"), day);
}

static char *body_pace(const Style *s, const Details *d) {
        g_autofree char *amount = style_pair(s, d->remaining, d->limit);
        char *left = d->limit > 0 ? g_strdup_printf(_("%s left."), amount) : NULL;

        return join(left, say_pace_of(s, d->plan, d->runs_out));
}

static const char *bucket_name(const Details *d) {
        return *d->bucket ? d->bucket : _("the plan");
}

static char *head_begun(const Style *s, const Details *d) {
        return g_strdup_printf(_("%s has begun"), bucket_name(d));
}

static char *body_begun(const Style *s, const Details *d) {
        g_autofree char *limit = size_format(d->limit, s->unit);
        uint64_t end = d->expires > 0 ? d->expires : d->period_end;
        g_autofree char *when = style_end(s, end, d->plan->zone, "");

        if (d->limit == 0)
                return end > 0 ? g_strdup_printf(_("Until %s."), when) : NULL;
        return end > 0 ? g_strdup_printf(C_("sentence", "%s until %s."), limit, when)
                       : g_strdup_printf(C_("sentence", "%s."), limit);
}

static char *head_lapsed(const Style *s, const Details *d) {
        return g_strdup_printf(_("%s was not begun in time"), bucket_name(d));
}

static char *head_abroad(const Style *s, const Details *d) {
        return g_strdup(_("not covered here"));
}

static char *body_abroad(const Style *s, const Details *d) {
        return g_strdup(_("The plan does not cover the country where the SIM is."));
}

static char *head_sim_lifetime(const Style *s, const Details *d) {
        g_autofree char *distance = style_distance(s, d->expires);

        return g_strdup_printf(_("top up within %s"), distance);
}

static char *body_sim_lifetime(const Style *s, const Details *d) {
        g_autofree char *when = style_end(s, d->expires, d->plan->zone, "");

        return g_strdup_printf(_("Without a top-up by %s the number is lost."), when);
}

static char *head_new_sim(const Style *s, const Details *d) {
        return g_strdup(_("new SIM, counting"));
}

static char *body_new_sim(const Style *s, const Details *d) {
        return g_strdup_printf(_("Tell simtally the plan: %s"), "simtally plan set");
}

static char *head_carrier(const Style *s, const Details *d) {
        bool is_used = d->reported_used > 0;
        g_autofree char *said = size_format(is_used ? d->reported_used : d->reported_left, s->unit);

        return is_used ? g_strdup_printf(_("the carrier says %s used"), said)
                       : g_strdup_printf(_("the carrier says %s left"), said);
}

static char *body_carrier_differs(const Style *s, const Details *d) {
        g_autofree char *own = size_format(d->reported_used > 0 ? d->used : d->remaining, s->unit);

        return g_strdup_printf(_("By our count it was %s."), own);
}

static char *body_carrier_more(const Style *s, const Details *d) {
        g_autofree char *more =
                size_format(d->reported_left - MIN(d->remaining, d->reported_left), s->unit);

        return g_strdup_printf(_("Looks like +%s. Record a top-up?"), more);
}

typedef char *(*Say)(const Style *s, const Details *d);

static const struct {
        const char *kind;
        Say headline, body;
} kinds[] = {
        { "level", head_level, body_level },
        { "used-up", head_used_up, body_used_up },
        { "day-cap", head_day_cap, body_used_up },
        { "throttled", head_used_up, body_used_up },
        { "lifted", head_lifted, body_lifted },
        { "surcharge", head_surcharge, NULL },
        { "expires", head_expires, body_expires },
        { "expired", head_expired, body_expired },
        { "waste", head_waste, body_waste },
        { "pace", head_pace, body_pace },
        { "begun", head_begun, body_begun },
        { "lapsed", head_lapsed, NULL },
        { "abroad", head_abroad, body_abroad },
        { "sim-lifetime", head_sim_lifetime, body_sim_lifetime },
        { "new-sim", head_new_sim, body_new_sim },
        { "carrier-differs", head_carrier, body_carrier_differs },
        { "carrier-more", head_carrier, body_carrier_more },
};

void alert_text(const Style *s, const RemoteSim *sim, const GArray *alert, char **ret_headline,
                char **ret_body) {
        const char *kind = alert_word(alert, "kind");
        Details d = read_details(sim, alert);
        char *body = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
                if (!g_str_equal(kinds[i].kind, kind))
                        continue;
                if (kinds[i].body)
                        body = kinds[i].body(s, &d);
                *ret_headline = kinds[i].headline(s, &d);
                *ret_body = body ?: g_strdup("");
                return;
        }

        /* Of a later version of the daemon. */
        *ret_headline = g_strdup(kind);
        *ret_body = g_strdup("");
}

char *alert_sentence(const Style *s, const RemoteSim *sim, const GArray *alert) {
        g_autofree char *headline = NULL, *body = NULL;

        alert_text(s, sim, alert, &headline, &body);
        return *body ? g_strdup_printf(C_("sentences", "%s. %s"), headline, body)
                     : g_steal_pointer(&headline);
}
