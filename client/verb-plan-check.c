/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is understood of a plan: works without the daemon. */

#include <stdio.h>

#include "plan-input.h"
#include "verbs.h"

ExitCode verb_plan_check(Options *o, char **words) {
        g_autoptr(GPtrArray) buckets = NULL;
        g_auto(PlanInput) input = { 0 };
        g_auto(Style) style = { 0 };
        uint64_t at;
        ExitCode code;

        options_style(o, &style);
        code = parse_instant(o->at, (uint64_t) style.now, &at);
        if (code == EXIT_CODE_OK)
                code = plan_input_read(words, (int64_t) at, &input);
        if (code != EXIT_CODE_OK)
                return code;

        style.now = (int64_t) at;
        buckets = plan_input_buckets(&input, style.now, style.now);
        if (wants(o, "json"))
                print_check_json(input.plan->name ?: "", buckets);
        else if (wants(o, "plan")) {
                g_autofree char *text = plan_print(input.plan);

                fputs(text, stdout);
        } else
                print_check(&style, input.plan, buckets);
        return EXIT_CODE_OK;
}
