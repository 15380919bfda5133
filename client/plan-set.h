/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How a plan that was understood becomes the plan of a SIM. */

#include "plan-input.h"
#include "verbs.h"

/*
 * Tells the daemon, with what was said to be left or used. It amends the plan in force, unless a
 * new contract is to begin by --since.
 */
ExitCode plan_set(const Options *o, Remote *r, const RemoteSim *sim, const PlanInput *input);

/*
 * The same, but it shows first what was understood, and asks. Where the plan in force has expired,
 * what was bought after it is no amendment of it: a contract begins now.
 */
ExitCode plan_ask_and_set(const Options *o, Remote *r, const RemoteSim *sim,
                          const PlanInput *input);
