/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A notification that is on the screen, or on its way there, and what it is about. */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct CardAlert {
        char *sim; /* path */
        uint64_t id, raised_at;
} CardAlert;

typedef struct Card {
        uint32_t id;       /* at the server; 0: not there yet, or not any more */
        GArray *alerts;    /* CardAlert; empty where it is an answer to a person */
        bool is_stale;     /* what it says is not so any more, or its server has gone */
        bool is_show;      /* it lists all SIMs */
        char *sim;         /* of an answer; NULL */
        GPtrArray *offers; /* names of top-ups that its actions are; NULL */
} Card;

Card *card_new(void);
Card *card_free(Card *c);

void card_add(Card *c, const char *sim, uint64_t id, uint64_t raised_at);

/* Whether it has this alert; and whether all that it has are of this SIM (NULL: of several). */
bool card_has(const Card *c, uint64_t id);
bool card_is_of(const Card *c, const char *sim);

/* Drops what is not in the set, whose keys are pointers to ids; true where something was. */
bool card_keep(Card *c, GHashTable *ids);

/* In an array of them; NULL. */
Card *cards_find(const GPtrArray *cards, uint32_t id);
Card *cards_find_of(const GPtrArray *cards, const char *sim);
