/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A plan as a person gives it: in words, in a file, or on standard input. */

#include "plan.h"
#include "remote.h"
#include "words.h"

typedef struct PlanInput {
        Plan *plan;
        char *text;   /* in the format of simtally.plan(5) */
        Words *words; /* with what was said to be left or used; NULL: it was not in words */
} PlanInput;

void plan_input_clear(PlanInput *input);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlanInput, plan_input_clear)

/*
 * One word that names a file (that is there, or has a slash or .plan at its end) is read;
 * "-" is standard input; anything else is the plan in words, said at `now` on the clocks of this
 * system. Says on stderr what is wrong.
 */
ExitCode plan_input_read(char **words, int64_t now, PlanInput *ret);

/* The same for a text that is there already. */
ExitCode plan_input_parse(const char *text, const char *where, PlanInput *ret);
ExitCode plan_input_say(const char *text, int64_t now, PlanInput *ret);

/* The buckets as they stand now where the plan holds since then, and nothing else was counted. */
GPtrArray *plan_input_buckets(const PlanInput *input, int64_t since, int64_t now);
