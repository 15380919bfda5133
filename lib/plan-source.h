/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A plan beside the lines that it was read from, while it is being read. */

#include "keyfile.h"
#include "plan-keys.h"
#include "plan.h"

typedef struct PlanSource {
        Plan *plan;
        /* Of each kind of group in turn; the n-th bucket of the plan was read from the n-th here.
         */
        GPtrArray *groups[N_GROUPS]; /* KeyfileGroup, not owned */
} PlanSource;

/*
 * Does all of it fit together? What contradicts, is missing, or names what is not there. -EINVAL:
 * *ret_error is a sentence that names the line.
 */
int plan_check(const PlanSource *source, char **ret_error);
