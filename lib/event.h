/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Events as texts: what was bought besides, and figures of the owner or the carrier. */

#include "tally.h"

#define EVENT_MAX_TEXT 1000

/*
 * "[SIZE|unlimited] [lasts LENGTH] [name NAME]", in this order: "1GB", "1GB lasts 30 days",
 * "name coupon". A name is one of the plan's [TopUp NAME], and NULL where none is said. -EINVAL:
 * *ret_error is a sentence that says what would be right.
 */
typedef struct EventTopUp {
        char *name;
        uint64_t bytes; /* 0: as the plan says; PLAN_UNLIMITED */
        Length lasts;
} EventTopUp;

void event_top_up_clear(EventTopUp *t);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EventTopUp, event_top_up_clear)

int event_read_top_up(const char *text, EventTopUp *ret, char **ret_error);

/*
 * A figure as lines of Key=Value, as it stands in the ledger. What is read owns its bucket.
 * -EINVAL: it is none of these.
 */
char *event_write_figure(const TallyFigure *figure);
int event_read_figure(const char *text, TallyFigure *ret);
void event_figure_clear(TallyFigure *figure);
