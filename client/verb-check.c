/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* For monitoring: one line and an exit code, after the convention of Nagios's plugins. */

#include <stdio.h>

#include "alert-text.h"
#include "verbs.h"

typedef enum Verdict {
        VERDICT_OK,
        VERDICT_WARNING,
        VERDICT_CRITICAL,
        VERDICT_UNKNOWN,
} Verdict;

static Verdict judge_state(const RemotePlan *p) {
        static const struct {
                const char *state;
                Verdict verdict;
        } states[] = {
                { "waiting", VERDICT_OK },       { "ok", VERDICT_OK },
                { "low", VERDICT_WARNING },      { "throttled", VERDICT_WARNING },
                { "billing", VERDICT_CRITICAL }, { "exhausted", VERDICT_CRITICAL },
                { "expired", VERDICT_CRITICAL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
                if (g_str_equal(states[i].state, p->state))
                        return states[i].verdict;

        return VERDICT_UNKNOWN;
}

/* A critical alert that nobody has seen is critical, whatever else is so. */
static const GArray *worst_alert(const Style *s, const RemoteSim *sim) {
        for (guint i = 0; i < sim->alerts->len; i++) {
                const RemoteValue *severity = remote_value(sim->alerts->pdata[i], "severity");
                const RemoteValue *snoozed = remote_value(sim->alerts->pdata[i], "snoozed_until");

                if (severity && g_str_equal(severity->text, "critical") &&
                    !(snoozed && snoozed->number > (uint64_t) s->now))
                        return sim->alerts->pdata[i];
        }

        return NULL;
}

static char *describe(const Style *s, const RemoteSim *sim) {
        const RemotePlan *p = &sim->plan;
        g_autofree char *left = size_format(p->remaining_bytes, s->unit);
        g_autofree char *limit = size_format(p->limit_bytes, s->unit);
        g_autofree char *end = plan_resets(p) ? style_moment(s, p->period_end, p->zone, "")
                                              : style_end(s, p->expires_at, p->zone, "");

        if (!p->has_plan)
                return g_strdup("no plan is set");
        if (g_str_equal(p->state, "expired"))
                return g_strdup_printf("expired %s", p->expires_at > 0 ? end : "");
        if (p->unlimited)
                return g_strdup_printf("%s, unlimited", p->state);
        return g_strdup_printf("%s, %s left of %s%s%s", p->state, left, limit,
                               plan_end(p) == 0 ? ""
                               : plan_resets(p) ? ", resets "
                                                : ", until ",
                               plan_end(p) == 0 ? "" : end);
}

/* After the bar are the figures, for graphs. */
static void print_figures(const RemotePlan *p) {
        if (!p->has_plan || p->unlimited)
                return;
        printf(" | remaining=%" G_GUINT64_FORMAT "B;;;0;%" G_GUINT64_FORMAT
               " used=%" G_GUINT64_FORMAT "B;;;0;%" G_GUINT64_FORMAT,
               p->remaining_bytes, p->limit_bytes, p->used_bytes, p->limit_bytes);
}

ExitCode verb_check(Options *o, char **words) {
        static const char *const names[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
        g_autofree char *label = NULL, *what = NULL, *more = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        const RemoteSim *sim;
        const GArray *alert;
        Verdict verdict;

        if (load_sim(o, &r, &sim) != EXIT_CODE_OK) {
                printf("UNKNOWN - there is no figure\n");
                return (ExitCode) VERDICT_UNKNOWN;
        }

        options_style(o, &style);
        verdict = judge_state(&sim->plan);
        alert = worst_alert(&style, sim);
        if (alert && verdict != VERDICT_UNKNOWN)
                verdict = VERDICT_CRITICAL;
        label = g_strdelimit(g_strdup(sim->label), "|", '/'); /* figures follow a bar */
        what = describe(&style, sim);
        more = alert ? alert_sentence(&style, sim, alert) : NULL;

        printf("%s - %s: %s%s%s", names[verdict], label, what, more ? "; " : "", more ?: "");
        print_figures(&sim->plan);
        putchar('\n');
        return (ExitCode) verdict;
}
