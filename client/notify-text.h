/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What notifications say. */

#include "alert-text.h"
#include "notify-server.h"

/* An alert, and whose it is; both belong to a Remote. */
typedef struct Told {
        const RemoteSim *sim;
        const GArray *alert;
        bool is_new; /* it was not on the screen before */
} Told;

#define ACTION_TOP_UP    "top-up"
#define ACTION_TOPPED_UP "topped-up"
#define ACTION_TOMORROW  "tomorrow"
#define ACTION_OFFER     "offer-" /* and its number */

/* Of Told, which are put in order: the one that matters most comes first. */
Notice *notice_of_alerts(const Style *s, GArray *told);

/* What is left on all SIMs. */
Notice *notice_of_sims(const Style *s, const GPtrArray *sims);

/* What was bought for a SIM? offers: names of top-ups; may be empty. */
Notice *notice_of_offers(const RemoteSim *sim, const GPtrArray *offers);

/* A line and a sentence about a SIM (NULL: about none). */
Notice *notice_of_text(const RemoteSim *sim, const char *headline, const char *body);

/* An address that a browser may be given. */
bool is_safe_url(const char *url);

/* When it is tomorrow enough to be told again. */
uint64_t tomorrow_morning(const Style *s);
