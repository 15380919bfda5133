/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is left of a plan, and until when: the answer comes first. */

#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "plan-values.h"
#include "print.h"
#include "utf8.h"

#define LEFT_COLUMNS 35 /* where the right-hand column begins */
#define BAR_CELLS    30
#define LONGEST_DAY  90000 /* of 25 hours */
#define KEEP_DAYS    31    /* the SIM's own end is told from then on */

static bool is_state(const RemotePlan *p, const char *state) {
        return g_str_equal(p->state, state);
}

bool plan_resets(const RemotePlan *p) {
        return p->period_end > 0 && (p->expires_at == 0 || p->period_end < p->expires_at);
}

uint64_t plan_end(const RemotePlan *p) {
        return plan_resets(p) ? p->period_end : p->expires_at;
}

/* Both columns in one line, if there is room. */
static void print_pair(const Style *s, const char *left, const char *right) {
        size_t columns = LEFT_COLUMNS - 2;

        printf("  ");
        if (!*right) {
                printf("%s\n", left);
        } else if (utf8_width(left) < columns && LEFT_COLUMNS + utf8_width(right) <= s->width) {
                print_column(left, columns);
                printf("%s\n", right);
        } else {
                printf("%s\n  ", left);
                print_folded(s, (const char *const[]){ right, NULL }, "", 2);
        }
}

/* The even pace: how much of the period has gone; negative where there is none. */
static double pace(const Style *s, const RemotePlan *p) {
        uint64_t end = plan_end(p);

        if (p->period_start == 0 || end <= p->period_start || (uint64_t) s->now < p->period_start ||
            (uint64_t) s->now >= end)
                return -1;
        return (double) ((uint64_t) s->now - p->period_start) / (double) (end - p->period_start);
}

static char *bar_text(const Style *s, double used, double mark) {
        GString *bar = g_string_new(NULL);
        int cells = (int) MIN(s->width - 2, BAR_CELLS);
        int full = (int) (CLAMP(used, 0, 1) * cells), at = mark < 0 ? -1 : (int) (mark * cells);

        for (int i = 0; i < cells; i++)
                if (i == at)
                        g_string_append(bar, s->ascii ? "|" : "│");
                else if (i < full)
                        g_string_append(bar, s->ascii ? "#" : "█");
                else
                        g_string_append(bar, s->ascii ? "-" : "░");
        return g_string_free(bar, FALSE);
}

/* "resets 15 Dec 00:00 (21 days)", "until Sat 28 Nov 23:59 (5 days)" */
char *style_plan_end(const Style *s, const RemotePlan *p, bool with_distance) {
        g_autofree char *distance = style_distance(s, plan_end(p)), *when = NULL;
        g_autofree char *still =
                with_distance ? g_strdup_printf(C_("time left", "%s"), distance) : g_strdup("");

        if (plan_end(p) == 0)
                return g_strdup(_("has no end"));
        if (plan_resets(p)) {
                when = style_moment(s, p->period_end, p->zone, still);
                return g_strdup_printf(_("resets %s"), when);
        }
        when = style_end(s, p->expires_at, p->zone, still);
        return g_strdup_printf(_("until %s"), when);
}

/* The bucket that stops or slows the line, or bills. */
static const RemoteBucket *used_up_bucket(const RemotePlan *p) {
        const RemoteBucket *found = NULL;

        for (guint i = 0; i < p->buckets->len; i++) {
                const RemoteBucket *b = p->buckets->pdata[i];

                if (b->rate_limit > 0)
                        return b;
                if (b->begun && !b->expired && !b->unlimited && b->remaining_bytes == 0)
                        found = b;
        }

        return found;
}

/* "full speed 01:00 (in 3 h 12 min)" */
char *style_lift(const Style *s, const RemotePlan *p, bool with_distance) {
        g_autofree char *distance = NULL, *more = NULL, *when = NULL;

        if (p->lifts_at == 0)
                return g_strdup(used_up_bucket(p) ? _("until more is bought")
                                                  : _("no end is known"));

        distance = style_distance(s, p->lifts_at);
        more = g_strdup_printf(C_("time", "in %s"), distance);
        when = style_soon(s, p->lifts_at, "", with_distance ? more : "");
        return g_strdup_printf(_("full speed %s"), when);
}

bool bucket_is_daily(const RemoteBucket *b) {
        return b->period_end > b->period_start && b->period_end - b->period_start <= LONGEST_DAY;
}

char *style_amount(const Style *s, const RemotePlan *p) {
        g_autofree char *left = size_format(p->remaining_bytes, s->unit);
        g_autofree char *limit = size_format(p->limit_bytes, s->unit);
        const RemoteBucket *up = used_up_bucket(p);
        bool is_over =
                is_state(p, "throttled") || is_state(p, "billing") || is_state(p, "exhausted");

        if (is_over && up) {
                g_autofree char *size = size_format(up->bytes + up->rolled_over_bytes, s->unit);

                return g_strdup_printf(bucket_is_daily(up) ? _("Today's %s is used up")
                                                           : _("%s is used up"),
                                       size);
        }
        if (p->unlimited)
                return g_strdup(_("Unlimited"));
        if (is_state(p, "waiting"))
                return g_strdup_printf(_("%s, not begun"), left);
        return g_strdup_printf(p->shared ? _("At most %s left of %s") : _("%s left of %s"), left,
                               limit);
}

char *style_money(double amount, const char *currency) {
        bool is_whole = amount < 1e9 && amount == (double) (int64_t) amount;

        return g_strdup_printf("%.*f %s", is_whole ? 0 : 2, amount, currency);
}

static char *state_text(const Style *s, const RemotePlan *p) {
        g_autofree char *rate = style_rate(p->rate_limit);
        g_autofree char *used = size_format(p->used_bytes, s->unit);
        g_autofree char *money = style_money(p->charged, p->currency);

        if (is_state(p, "throttled"))
                return g_strdup_printf(_("THROTTLED to %s"), rate);
        if (is_state(p, "billing"))
                return g_strdup_printf(_("BILLING, %s so far"), money);
        if (is_state(p, "ok") && p->unlimited)
                return g_strdup_printf(_("%s used"), used);
        if (is_state(p, "ok") || is_state(p, "low"))
                return g_strdup_printf(is_state(p, "low") ? _("%d %% used  LOW") : _("%d %% used"),
                                       (int) p->percent_used);
        if (is_state(p, "waiting"))
                return g_strdup(_("WAITING"));
        if (is_state(p, "exhausted"))
                return g_strdup(_("EXHAUSTED"));
        return g_ascii_strup(p->state, -1); /* of a later version of the daemon */
}

static void print_answer(const Style *s, const RemotePlan *p) {
        bool is_slow = is_state(p, "throttled");
        const RemoteBucket *up = used_up_bucket(p);
        double used = is_slow && up ? 1 : p->percent_used / 100;
        g_autofree char *amount = style_amount(s, p), *state = state_text(s, p);
        g_autofree char *end = is_slow ? style_lift(s, p, true) : style_plan_end(s, p, true);
        g_autofree char *bar = bar_text(s, used, is_slow ? -1 : pace(s, p));

        print_pair(s, amount, state);
        if (is_state(p, "waiting"))
                return;
        if (p->unlimited && !is_slow)
                print_pair(s, end, "");
        else
                print_pair(s, bar, end);
}

/* On the last day of a period there is no tomorrow in it. */
static bool is_tight(const RemotePlan *p) {
        return p->has_safe && is_state(p, "low") && p->safe_daily_bytes > 0;
}

char *style_today(const Style *s, const RemoteSim *sim, const char **ret_name) {
        const RemotePlan *p = &sim->plan;
        g_autofree char *today = size_format(sim_today(sim), s->unit);
        g_autofree char *safe = size_format(p->safe_today_bytes, s->unit);
        g_autofree char *daily = size_format(p->safe_daily_bytes, s->unit);

        *ret_name = is_tight(p) ? _("Safe") : _("Today");
        if (is_tight(p))
                return g_strdup_printf(_("%s a day from tomorrow (today: %s)"), daily, today);
        if (p->has_safe && p->safe_today_bytes > 0)
                return g_strdup_printf(_("%s; %s more is safe"), today, safe);
        if (p->has_safe && p->safe_daily_bytes > 0)
                return g_strdup_printf(_("%s; that is more than safe, %s a day from tomorrow"),
                                       today, daily);
        return g_steal_pointer(&today);
}

static void print_today(const Style *s, const RemoteSim *sim) {
        const char *name;
        g_autofree char *text = style_today(s, sim, &name);

        print_sentence(s, name, text);
}

char *style_outlook(const Style *s, const RemotePlan *p) {
        g_autofree char *spare = size_format(p->spare_bytes, s->unit), *day = NULL, *days = NULL;
        int64_t early;

        if (!p->has_forecast)
                return NULL;
        if (p->runs_out_at == 0)
                return p->spare_bytes > 0 ? g_strdup_printf(_("lasts, about %s to spare"), spare)
                                          : g_strdup(_("lasts"));

        early = style_days_early(s, p->runs_out_at, plan_end(p));
        day = style_day(s, p->runs_out_at);
        days = style_days((int) MAX(early, 1));
        return early > 0 ? g_strdup_printf(_("runs out %s, %s early"), day, days)
                         : g_strdup_printf(_("runs out %s"), day);
}

static void print_outlook(const Style *s, const RemotePlan *p) {
        g_autofree char *text = style_outlook(s, p);

        if (text)
                print_sentence(s, _("Outlook"), text);
}

/* What follows: the rule of the last bucket that is used here. */
static const char *last_rule(const RemotePlan *p) {
        const char *rule = NULL;

        for (guint i = 0; i < p->buckets->len; i++) {
                const RemoteBucket *b = p->buckets->pdata[i];

                if (b->counted && !b->unlimited && !g_str_equal(b->at_zero, "next"))
                        rule = b->at_zero;
        }

        return rule;
}

static void print_at_zero(const Style *s, const RemotePlan *p) {
        g_autofree char *rule = last_rule(p) ? style_at_zero(last_rule(p)) : NULL;
        g_autofree char *day = style_day_short(s, plan_end(p));
        g_autofree char *top_up = g_strdup_printf(_("top up: %s"), p->top_up_url);
        g_autofree char *then = NULL;

        if (!rule || !is_state(p, "low")) {
                if (*p->top_up_url)
                        print_sentence(s, _("Top up"), p->top_up_url);
                return;
        }

        then = plan_resets(p) ? g_strdup_printf(_("%s until %s"), rule, day) : g_strdup(rule);
        print_entry(s, _("At zero"),
                    (const char *const[]){ then, *p->top_up_url ? top_up : NULL, NULL },
                    style_dot(s));
}

static void print_excess(const Style *s, const RemotePlan *p) {
        const RemoteBucket *up = used_up_bucket(p);
        uint64_t bytes = up ? up->over_bytes : p->over_bytes;
        g_autofree char *over = size_format(bytes, s->unit), *since = NULL, *text = NULL;

        if (up && up->used_up_at > 0) {
                since = style_days_until(s, up->used_up_at) == 0 ? style_clock(s, up->used_up_at)
                                                                 : style_instant(s, up->used_up_at);
                text = g_strdup_printf(_("%s since %s"), over, since);
        } else
                text = g_strdup_printf(_("%s beyond it"), over);
        print_sentence(s, is_state(p, "throttled") ? _("Slow") : _("Beyond"), text);
}

static void print_bucket_line(const Style *s, const RemoteBucket *b, const char *zone) {
        bool resets = b->period_end > 0 && (b->expires_at == 0 || b->period_end < b->expires_at);
        uint64_t limit = b->bytes + b->rolled_over_bytes;
        g_autofree char *left = style_pair(s, b->remaining_bytes, limit);
        g_autofree char *used = size_format(b->used_bytes, s->unit);
        g_autofree char *amount = b->unlimited ? g_strdup_printf(_("unlimited, %s used"), used)
                                               : g_strdup_printf(_("%s left"), left);
        g_autofree char *when = resets ? style_moment(s, b->period_end, zone, "")
                                       : style_end(s, b->expires_at, zone, "");
        g_autofree char *end = g_strdup_printf(resets ? _("resets %s") : _("until %s"), when);
        g_autofree char *name = utf8_ellipsize(b->name, 9, style_ellipsis(s));
        const char *state = !b->begun                                  ? _("not begun")
                            : !b->here                                 ? _("not here, or not now")
                            : b->period_end == 0 && b->expires_at == 0 ? _("has no end")
                                                                       : end;

        print_entry(s, name, (const char *const[]){ amount, state, NULL }, style_dot(s));
}

static void print_buckets(const Style *s, const RemotePlan *p) {
        guint n = 0;

        for (guint i = 0; i < p->buckets->len; i++)
                n += !((const RemoteBucket *) p->buckets->pdata[i])->expired;
        for (guint i = 0; n > 1 && i < p->buckets->len; i++) {
                const RemoteBucket *b = p->buckets->pdata[i];

                if (!b->expired)
                        print_bucket_line(s, b, p->zone);
        }
}

static void print_carrier(const Style *s, const RemoteSim *sim) {
        g_autofree char *text = sim->report.has_report ? style_report(s, sim) : NULL;

        if (text)
                print_sentence(s, _("Carrier"), text);
}

static void print_keep_alive(const Style *s, const RemotePlan *p) {
        g_autofree char *last = style_end(s, p->keep_alive_until, p->zone, "");
        g_autofree char *text = g_strdup_printf(_("top up by %s, or the number is lost"), last);

        if (p->keep_alive_until > 0 && style_days_until(s, p->keep_alive_until) <= KEEP_DAYS)
                print_sentence(s, _("SIM"), text);
}

static void print_start(const Style *s, const RemotePlan *p) {
        for (guint i = 0; i < p->buckets->len; i++) {
                const RemoteBucket *b = p->buckets->pdata[i];
                g_autofree char *last = style_end(s, b->start_by, p->zone, "");
                g_autofree char *text = g_strdup_printf(_("by %s, or it lapses"), last);

                if (b->start_by > 0 && !b->begun) {
                        print_sentence(s, _("Begin"), text);
                        return;
                }
        }
}

void print_left(const Style *s, const RemoteSim *sim) {
        const RemotePlan *p = &sim->plan;

        if (is_state(p, "expired")) {
                print_ended(s, p);
                return;
        }

        print_answer(s, p);
        if (is_tight(p))
                print_outlook(s, p);
        if (is_state(p, "throttled") || is_state(p, "billing") || is_state(p, "exhausted"))
                print_excess(s, p);
        else if (is_state(p, "waiting"))
                print_start(s, p);
        else
                print_today(s, sim);
        if (!is_tight(p))
                print_outlook(s, p);
        if (!is_state(p, "ok"))
                print_at_zero(s, p);
        print_term(s, p);
        print_buckets(s, p);
        if (p->shared)
                print_sentence(s, _("Shared"),
                               _("others use it too, and may have used more of it"));
        print_carrier(s, sim);
        print_keep_alive(s, p);
}

char *left_sentence(const Style *s, const RemoteSim *sim) {
        const RemotePlan *p = &sim->plan;
        g_autofree char *amount = NULL, *end = NULL;

        if (!p->has_plan)
                return g_strdup(_("no plan is set"));
        if (is_state(p, "expired"))
                return g_strdup(style_state(p->state));

        amount = style_amount(s, p);
        end = style_plan_end(s, p, true);
        return g_strjoin(style_dot(s), amount, end, NULL);
}

char *style_summary(const Style *s, const RemoteSim *sim) {
        const RemotePlan *p = &sim->plan;
        g_autofree char *left = size_format(p->remaining_bytes, s->unit);
        g_autofree char *limit = size_format(p->limit_bytes, s->unit);
        g_autofree char *moment = style_moment(s, p->period_end, p->zone, "");
        g_autofree char *last = style_end(s, p->expires_at, p->zone, "");
        g_autofree char *amount = g_strdup_printf(_("%s left of %s"), left, limit);
        g_autofree char *end = plan_resets(p) ? g_strdup_printf(_("resets %s"), moment)
                                              : g_strdup_printf(_("until %s"), last);
        const char *state = style_state(p->state), *comma = C_("between parts", ", ");

        if (!p->has_plan)
                return g_strdup(_("no plan is set"));
        if (g_str_equal(p->state, "expired"))
                return p->expires_at > 0 ? g_strdup_printf(_("expired %s"), last) : g_strdup(state);
        if (p->unlimited)
                return g_strjoin(comma, state, _("unlimited"), NULL);
        return g_strjoin(comma, state, amount, plan_end(p) > 0 ? end : NULL, NULL);
}
