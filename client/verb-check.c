/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* For monitoring: one line and an exit code, after the convention of Nagios's plugins. */

#include <stdio.h>

#include "alert-text.h"
#include "i18n.h"
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
                printf("%s - %s\n", names[VERDICT_UNKNOWN], _("there is no figure"));
                return (ExitCode) VERDICT_UNKNOWN;
        }

        options_style(o, &style);
        verdict = judge_state(&sim->plan);
        alert = worst_alert(&style, sim);
        if (alert && verdict != VERDICT_UNKNOWN)
                verdict = VERDICT_CRITICAL;
        label = g_strdelimit(g_strdup(sim->label), "|", '/'); /* figures follow a bar */
        what = style_summary(&style, sim);
        more = alert ? alert_sentence(&style, sim, alert) : NULL;

        printf("%s - %s: %s%s%s", names[verdict], label, what, more ? "; " : "", more ?: "");
        print_figures(&sim->plan);
        putchar('\n');
        return (ExitCode) verdict;
}
