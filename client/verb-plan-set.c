/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The plan of a SIM: shown, set, taken from a preset, cleared. */

#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "plan-set.h"
#include "verbs.h"

/* What the owner says of it now is a fact of its own: a figure that corrects what was counted. */
static ExitCode record_figures(Remote *r, const RemoteSim *sim, const Words *words) {
        ExitCode code = EXIT_CODE_OK;
        uint64_t event;

        for (guint i = 0; code == EXIT_CODE_OK && words && i < words->figures->len; i++) {
                const WordsFigure *f = words->figures->pdata[i];

                code = remote_correct(r, sim->path,
                                      &(RemoteCorrection){ .bucket = f->bucket,
                                                           .is_left = f->is_left,
                                                           .bytes = f->bytes },
                                      &event);
        }

        return code;
}

/* since: 0 amends the plan in force. */
static ExitCode set_since(const Options *o, Remote *r, const RemoteSim *sim, const PlanInput *input,
                          uint64_t since) {
        g_autofree char *name = NULL;
        g_auto(Style) style = { 0 };
        ExitCode code;

        options_style(o, &style);
        name = sim_name(&style, sim);
        code = remote_set_plan(r, sim->path, input->text, since);
        if (code == EXIT_CODE_OK)
                code = record_figures(r, sim, input->words);
        if (code == EXIT_CODE_OK)
                printf(_("The plan of %s is set.\n"), name);
        return code;
}

ExitCode plan_set(const Options *o, Remote *r, const RemoteSim *sim, const PlanInput *input) {
        uint64_t since;
        ExitCode code;

        code = parse_instant(o->since, 0, &since);
        return code == EXIT_CODE_OK ? set_since(o, r, sim, input, since) : code;
}

/* What was understood, as it will be reckoned: an amendment holds since its contract began. */
static void preview(const Style *s, const RemoteSim *sim, const PlanInput *input, uint64_t since) {
        const RemotePlan *former = &sim->plan;
        bool amends = since == 0 && former->has_plan;
        g_autofree char *begun = style_instant(s, former->since);
        g_autoptr(GPtrArray) buckets = NULL;

        if (amends)
                since = former->since;
        buckets = plan_input_buckets(input, since > 0 ? (int64_t) since : s->now, s->now);
        print_check(s, input->plan, buckets);
        putchar('\n');
        if (amends)
                printf(_("This corrects the plan in force, from %s on;\n"
                         "--since TIME begins another one then.\n\n"),
                       begun);
}

ExitCode plan_ask_and_set(const Options *o, Remote *r, const RemoteSim *sim,
                          const PlanInput *input) {
        bool has_ended = sim->plan.has_plan && g_str_equal(sim->plan.state, "expired");
        g_autofree char *name = NULL, *question = NULL;
        g_auto(Style) style = { 0 };
        uint64_t since;
        ExitCode code;

        options_style(o, &style);
        code = parse_instant(o->since, has_ended ? (uint64_t) style.now : 0, &since);
        if (code != EXIT_CODE_OK)
                return code;

        if (!o->yes)
                preview(&style, sim, input, since);
        name = sim_name(&style, sim);
        question = g_strdup_printf(_("Set this plan for %s?"), name);
        code = confirm_on_terminal(o, question);
        return code == EXIT_CODE_OK ? set_since(o, r, sim, input, since) : code;
}

ExitCode verb_plan_set(Options *o, char **words) {
        g_auto(PlanInput) input = { 0 };
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        ExitCode code;

        code = plan_input_read(words, g_get_real_time() / G_USEC_PER_SEC, &input);
        if (code == EXIT_CODE_OK)
                code = load_sim(o, &r, &sim);
        return code == EXIT_CODE_OK ? plan_ask_and_set(o, r, sim, &input) : code;
}

ExitCode verb_plan_use(Options *o, char **words) {
        g_auto(PlanInput) input = { 0 };
        g_autofree char *text = NULL;
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        ExitCode code;

        code = load_sim(o, &r, &sim);
        if (code == EXIT_CODE_OK)
                code = remote_get_preset(r, words[0], &text);
        if (code == EXIT_CODE_OK)
                code = plan_input_parse(text, words[0], &input);
        if (code != EXIT_CODE_OK)
                return code;

        printf(_("A preset is a beginning: check it against your own contract.\n"));
        return plan_ask_and_set(o, r, sim, &input);
}

ExitCode verb_plan_presets(Options *o, char **words) {
        g_autoptr(GPtrArray) presets = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        ExitCode code;

        code = connect_remote(o, &r);
        if (code == EXIT_CODE_OK)
                code = remote_presets(r, &presets);
        if (code != EXIT_CODE_OK)
                return code;

        options_style(o, &style);
        if (wants(o, "json"))
                print_presets_json(presets);
        else
                print_presets(&style, presets);
        return EXIT_CODE_OK;
}

ExitCode verb_plan_show(Options *o, char **words) {
        g_autofree char *text = NULL;
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        ExitCode code;

        code = load_sim(o, &r, &sim);
        if (code == EXIT_CODE_OK)
                code = remote_get_plan(r, sim->path, &text);
        if (code != EXIT_CODE_OK)
                return code;

        if (wants(o, "json"))
                print_plan_json(sim, text);
        else if (!*text)
                return failed(_("%s has no plan yet: simtally plan set says what was bought"),
                              sim->label);
        else
                fputs(text, stdout);
        return EXIT_CODE_OK;
}

ExitCode verb_plan_clear(Options *o, char **words) {
        g_autofree char *name = NULL, *question = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        const RemoteSim *sim;
        ExitCode code;

        code = load_sim(o, &r, &sim);
        if (code != EXIT_CODE_OK)
                return code;

        options_style(o, &style);
        name = sim_name(&style, sim);
        question = g_strdup_printf(_("Has %s no plan any more from now on?"), name);
        code = confirm_on_terminal(o, question);
        if (code == EXIT_CODE_OK)
                code = remote_clear_plan(r, sim->path);
        if (code == EXIT_CODE_OK)
                printf(_("%s has no plan from now on; what was counted is kept.\n"), name);
        return code;
}
