/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The agent of a session: keeps what notifications say and what the daemon says the same.
 *
 * It looks at what stands, not at what happened: whatever it may have missed, the next look puts
 * right. A SIM has one notification at most, which is replaced as its alerts move; SIMs that have
 * news at the same time share one, and those with news soon after each other wait for their turn.
 */

#include <systemd/sd-bus.h>

#include "notify-memory.h"

typedef struct Agent Agent;

/* Neither is owned, and both must outlive it. */
int agent_new(sd_bus *session, Memory *memory, Agent **ret);
Agent *agent_free(Agent *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Agent, agent_free)

/* Alerts become notifications from now on. */
void agent_start(Agent *a);

/* What is left on all SIMs; shown(), which may be NULL, is called once it is, or cannot be. */
typedef void (*AgentShown)(int result, void *userdata);
void agent_show(Agent *a, AgentShown shown, void *userdata);

void agent_set_quiet(Agent *a, bool is_quiet);
