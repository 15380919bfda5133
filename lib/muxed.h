/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A link that carries several sessions, and the links of these sessions above it: each packet of
 * theirs is counted by both, and is to be charged once.
 */

#include "traffic.h"

typedef struct Muxed {
        Traffic ahead;   /* what those above have counted, and the link below not yet */
        Traffic below;   /* what the link below has counted, and none of those above yet */
        Traffic headers; /* at most, of packets above, that the link below counts beside them */
        Traffic own;     /* what was taken for the link's own in all */
        Traffic above;   /* what those above have moved since there are any */
} Muxed;

/* The link below is counted from here on; ahead is what those above were ahead of it before. */
static inline Muxed muxed_begin(Traffic ahead) {
        return (Muxed){ .ahead = ahead, .above = ahead };
}

/* First what the link below has moved, then, read after it, what those above have. */
void muxed_move_below(Muxed *m, Traffic bytes);

/* headers is what so many packets cost below beside themselves, at most. */
void muxed_move_above(Muxed *m, Traffic bytes, Traffic headers);

/* The link below has moved more than headers: it has a session of its own, or was counted first. */
bool muxed_is_in_doubt(const Muxed *m);

/* All are read: what of the link below is its own session's. */
Traffic muxed_take_own(Muxed *m);

/*
 * One above was not read: what the link below has moved meanwhile may be that one's. Returns how
 * much of its reading must wait.
 */
Traffic muxed_put_back(Muxed *m);

/*
 * Of one above that was heard of late: how much of what it moved was taken for the link's own. All
 * that is ahead, where it comes back from where it could not be seen.
 */
Traffic muxed_take_charged(Muxed *m, Traffic moved, bool comes_back);

/*
 * There is nothing above any more: what the link below has not counted by now it will count later,
 * unless it does not count what is above at all.
 */
void muxed_end(Muxed *m);
