/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The agent's insides; for its own files. */

#include "notify-agent.h"
#include "notify-card.h"
#include "notify-text.h"
#include "remote.h"

/* What a person asked for, and is shown before all else. */
typedef struct Answer {
        Card *card;
        Notice *notice;
} Answer;

struct Agent {
        sd_bus *session; /* not owned */
        Memory *memory;  /* not owned */
        Server *server;
        Remote *remote; /* NULL: the system bus is gone, for now */
        bool is_started, is_loading, is_loaded;

        GPtrArray *cards; /* Card */
        GQueue answers;   /* Answer */
        Card *posting;    /* what is being shown; NULL: nothing is */
        Card *replaced;   /* not owned: the one whose place it takes; NULL */
        bool has_server;  /* which is known to be there, or that there is none yet */
        bool has_adopted; /* what it showed before we came */
        unsigned n_failures;

        guint timer;
        int64_t timer_at,
                next_at; /* of g_get_monotonic_time(); next_at: not sooner, if it can wait */

        bool wants_show;
        AgentShown shown;
        void *shown_userdata;
};

/* Looks at what stands, in so long at most. */
void agent_look_in(Agent *a, unsigned delay_msec);

/* Puts it into the queue; takes both. */
void agent_answer(Agent *a, Card *card, Notice *notice);

/* notify-action.c: what a person chose on a card */
void agent_act(Agent *a, const Card *card, const char *action);
