/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a status bar shows: a few characters, and the rest of it in a tooltip. */

#include "feed.h"

#include <string.h>

#include "calendar.h"
#include "i18n.h"
#include "utf8.h"

#define MINUTE        60
#define HOUR          3600
#define DAY           86400
#define LABEL_COLUMNS 40

static bool is_state(const RemotePlan *p, const char *state) {
        return g_str_equal(p->state, state);
}

/* "5d", "7h", "12m": until the plan's end; "" where it has none. */
static char *short_distance(const Style *s, uint64_t instant) {
        int64_t seconds = (int64_t) MIN(instant, CALENDAR_LAST) - s->now;

        if (instant == 0 || seconds < 0)
                return g_strdup("");
        if (seconds >= DAY)
                return g_strdup_printf("%" G_GINT64_FORMAT "d", style_days_until(s, instant));
        if (seconds >= HOUR)
                return g_strdup_printf("%" G_GINT64_FORMAT "h", seconds / HOUR);
        return g_strdup_printf("%" G_GINT64_FORMAT "m", seconds / MINUTE);
}

static char *ok_text(const Style *s, const RemotePlan *p) {
        g_autofree char *left = size_format(p->remaining_bytes, s->unit);
        g_autofree char *distance = short_distance(s, plan_end(p));
        const char *most = !p->shared ? "" : s->ascii ? "<" : "≤";

        return g_strdup_printf("%s%s%s%s", p->unlimited ? "" : most,
                               !p->unlimited ? left
                               : s->ascii    ? "unlimited"
                                             : "∞",
                               *distance ? " " : "", distance);
}

/* "128k", "1.5M" */
static char *short_rate(uint64_t rate) {
        g_autofree char *text = size_format_rate(rate);
        char *space = strchr(text, ' ');
        char unit = space ? space[1] : '\0';

        if (space)
                *space = '\0';
        return unit && unit != 'b' ? g_strdup_printf("%s%c", text, unit) : g_strdup(text);
}

/* "128k→01:00", "300k→15 Dec" */
static char *throttled_text(const Style *s, const RemotePlan *p) {
        g_autofree char *rate = short_rate(p->rate_limit), *when = NULL;

        if (p->lifts_at == 0)
                return g_steal_pointer(&rate);

        when = p->lifts_at <= (uint64_t) s->now + DAY ? style_clock(s, p->lifts_at)
                                                      : style_day_short(s, p->lifts_at);
        return g_strdup_printf("%s%s%s", rate, s->ascii ? ">" : "→", when);
}

static char *none_text(const Style *s, const RemoteSim *sim) {
        g_autofree char *today = size_format(sim_today(sim), s->unit);

        return g_strdup_printf(C_("bar", "%s today"), today);
}

static char *bar_text(const Style *s, const RemoteSim *sim) {
        const RemotePlan *p = &sim->plan;
        g_autofree char *left = size_format(p->remaining_bytes, s->unit);
        g_autofree char *money = style_money(p->charged, p->currency);

        if (!p->has_plan)
                return none_text(s, sim);
        if (is_state(p, "low"))
                return g_strdup_printf("%s !", left);
        if (is_state(p, "throttled"))
                return throttled_text(s, p);
        if (is_state(p, "billing"))
                return g_strdup_printf("%s !", money);
        if (is_state(p, "exhausted"))
                return g_strdup(C_("bar", "used up"));
        if (is_state(p, "ok"))
                return ok_text(s, p);
        return g_strdup(style_state(p->state)); /* expired, waiting */
}

/* The answer, as the first line of the screen has it. */
static char *tooltip_answer(const Style *s, const RemotePlan *p) {
        g_autofree char *amount = style_amount(s, p), *end = style_plan_end(s, p, false);
        g_autofree char *rate = style_rate(p->rate_limit);
        g_autofree char *money = style_money(p->charged, p->currency);
        g_autofree char *used = size_format(p->used_bytes, s->unit);
        g_autofree char *lift = style_lift(s, p, false), *lost = style_lost(s, p);

        if (!p->has_plan)
                return g_strdup(_("Left: unknown, no plan yet (simtally plan set)"));
        if (is_state(p, "expired"))
                return g_strdup_printf(_("Expired: %s"), lost);
        if (is_state(p, "throttled"))
                return g_strdup_printf(_("%s: %s, %s"), amount, rate, lift);
        if (is_state(p, "billing"))
                return g_strdup_printf(_("%s: %s so far, %s"), amount, money, end);
        if (is_state(p, "waiting"))
                return g_steal_pointer(&amount);
        if (p->unlimited)
                return g_strdup_printf(_("%s, %s used, %s"), amount, used, end);
        return g_strdup_printf(_("%s, %s"), amount, end);
}

static void add_line(GString *lines, const char *line) {
        if (lines->len > 0)
                g_string_append_c(lines, '\n');
        g_string_append(lines, line);
}

static void add_heading(GString *lines, const Style *s, const RemoteSim *sim) {
        g_autofree char *label = utf8_ellipsize(sim->label, LABEL_COLUMNS, style_ellipsis(s));
        g_autofree char *tail = style_tail(s, sim->iccid_tail);
        bool is_esim = g_str_equal(sim->kind, "esim");

        g_string_append_printf(lines, "%s%s%s (%s)", label, *tail ? " " : "", tail,
                               is_esim ? _("eSIM") : _("SIM"));
}

/* A sentence of the screen begins a line here. */
static void add_sentence(GString *lines, const char *sentence) {
        g_autofree char *first = g_utf8_substring(sentence, 0, 1);
        g_autofree char *capital = g_utf8_strup(first, -1);
        g_autofree char *line = g_strconcat(capital, sentence + strlen(first), NULL);

        add_line(lines, line);
}

static char *tooltip(const Style *s, Remote *r, const RemoteSim *sim) {
        GString *lines = g_string_new(NULL);
        g_autofree char *answer = tooltip_answer(s, &sim->plan);
        g_autofree char *outlook = style_outlook(s, &sim->plan);
        const char *name;
        g_autofree char *today = style_today(s, sim, &name);

        add_heading(lines, s, sim);
        add_line(lines, answer);
        if (!is_state(&sim->plan, "expired") && !is_state(&sim->plan, "waiting")) {
                g_autofree char *line = g_strdup_printf(C_("tooltip", "%s %s"), name, today);

                add_line(lines, line);
                if (outlook)
                        add_sentence(lines, outlook);
        }
        for (const char *const *p = remote_problems(r); *p; p++) {
                g_autofree char *line = problem_text(s, r, *p);

                add_line(lines, line);
        }
        return g_string_free(lines, FALSE);
}

typedef struct FeedState {
        const char *name;
        FeedLevel level;
} FeedState;

/* States that we know; a daemon of another age must not give a bar a class of any other kind. */
static const FeedState *known_state(const RemotePlan *p) {
        static const FeedState none = { "none", FEED_CALM };
        static const FeedState states[] = {
                { "waiting", FEED_CALM },     { "ok", FEED_CALM },
                { "low", FEED_WARNING },      { "throttled", FEED_WARNING },
                { "billing", FEED_CRITICAL }, { "exhausted", FEED_CRITICAL },
                { "expired", FEED_CRITICAL },
        };

        for (size_t i = 0; p->has_plan && i < G_N_ELEMENTS(states); i++)
                if (is_state(p, states[i].name))
                        return &states[i];

        return &none;
}

/* When a distance reads otherwise: each hour of the last day, each minute of the last hour. */
static int64_t distance_changes_at(const Style *s, uint64_t instant) {
        int64_t seconds = (int64_t) MIN(instant, CALENDAR_LAST) - s->now;
        int64_t step = seconds > HOUR ? HOUR : MINUTE;

        if (instant == 0 || seconds < 0 || seconds >= 2 * DAY)
                return INT64_MAX;
        if (seconds >= DAY)
                return s->now + seconds - DAY + 1;
        return s->now + seconds % step + 1;
}

int64_t style_changes_at(const Style *s, const RemotePlan *p) {
        int64_t midnight = INT64_MAX, end, lift;

        (void) calendar_next(CALENDAR_DAY, s->zone, s->now, &midnight);
        end = distance_changes_at(s, plan_end(p));
        lift = distance_changes_at(s, p->lifts_at);
        return MIN(MIN(midnight, end), lift);
}

void feed_init(Feed *f, const Style *s, Remote *r, const RemoteSim *sim) {
        const RemotePlan *p = &sim->plan;
        const FeedState *state = known_state(p);

        *f = (Feed){
                .text = bar_text(s, sim),
                .tooltip = tooltip(s, r, sim),
                .state = state->name,
                .level = state->level,
                .roaming = sim->roaming,
                .has_percentage = p->has_plan && !p->unlimited,
                .percentage = (unsigned) CLAMP(p->percent_used, 0, 100),
        };
}

void feed_init_hidden(Feed *f, bool has_modem) {
        *f = (Feed){
                .text = g_strdup(has_modem ? C_("bar", "no SIM") : ""),
                .tooltip = g_strdup(has_modem ? _("No SIM has been seen yet") : ""),
                .state = "none",
        };
}

void feed_init_unknown(Feed *f, const char *why) {
        *f = (Feed){
                .text = g_strdup("sim ?"),
                .tooltip = g_strdup(why),
                .state = "unknown",
                .level = FEED_UNKNOWN,
        };
}

void feed_clear(Feed *f) {
        g_clear_pointer(&f->text, g_free);
        g_clear_pointer(&f->tooltip, g_free);
}

/* Padded in front: what changes stays beside what follows, and the end does not move. */
void feed_fit(Feed *f, const Style *s, size_t columns) {
        g_autofree char *text = utf8_ellipsize(f->text, columns, style_ellipsis(s));
        size_t width = utf8_width(text);

        if (columns == 0 || !*f->text)
                return;
        g_free(f->text);
        f->text = g_strdup_printf("%*s%s", (int) (columns - width), "", text);
}
