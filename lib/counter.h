/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Running totals that someone else keeps: what a new reading adds, and which of two is believed. */

#include "traffic.h"

/* What was odd about a reading; the odd direction adds nothing. */
typedef enum CounterFault {
        COUNTER_WENT_BACK = 1 << 0,   /* a value below the last one */
        COUNTER_UNAVAILABLE = 1 << 1, /* all ones */
        COUNTER_LEAPT = 1 << 2,       /* more than could have been carried meanwhile */
        COUNTER_RESTARTED = 1 << 3,   /* a second reading agrees that it begins anew: see below */
} CounterFault;

typedef struct Counter {
        Traffic seen; /* the checkpoint: the last reading that was accepted, each direction apart */
        Traffic doubtful; /* the last reading, if it was refused */
        bool is_doubtful;
} Counter;

/*
 * Feeds a reading. *ret_delta is what it adds (never more than `most`, which is what can have been
 * carried since the last accepted reading; UINT64_MAX: no bound). Returns CounterFault flags, 0
 * where all is well.
 *
 * A value that went down is never a wrap. A reading that is refused changes nothing, so that a
 * passing glitch costs nothing either. When the next reading agrees with the refused one (at least
 * as high in both directions, by no more than `most`), the counter has been set anew: its
 * checkpoint is put there, and only what moved between the two is added: what lies before is not
 * known.
 */
unsigned counter_feed(Counter *c, Traffic reading, uint64_t most, Traffic *ret_delta);

/* A counter whose life begins at zero, under our eyes. */
static inline Counter counter_at_zero(void) {
        return (Counter){ 0 };
}

/* A counter that was running before we came: only what is added to this counts. */
static inline Counter counter_from(Traffic seen) {
        return (Counter){ .seen = seen };
}

typedef enum Source {
        SOURCE_LINK,    /* the kernel's counter of the link */
        SOURCE_SESSION, /* the modem's own, of its data session */
        SOURCE_DEVICE,  /* the modem's own, of all its sessions together */
} Source;

const char *source_to_string(Source source);

/*
 * Two counters see the same traffic; one is believed, and never both are added. Cumulative totals
 * are kept of both, and of what was charged, since the stint began. The modem's figure comes a
 * while after it was asked for, and may be as old as that.
 */
typedef struct Belief {
        Source believed;
        Source own; /* what the modem's own counter is of: a session, or the device */
        bool has_link;
        Traffic link, modem, charged;
        Traffic since;     /* what of the link's total has moved since the modem was asked */
        bool is_unaligned; /* the modem's total is not in step with the link's: see below */
        bool link_is_away; /* its counter goes on where we cannot see it */
        bool is_resumed;   /* and we have not seen one since our start */
        /* Where the present comparison began; the link's may have been lower for the modem. */
        Traffic link_mark, link_mark_least, modem_mark;
        Traffic aligned;  /* where both were put when they were last aligned: neither moved there */
        bool is_disputed; /* both have moved since, and differ by more than 10 % and 1 MB */
} Belief;

/* Without a link, only the modem's counter is left to believe. */
static inline Belief belief_new(bool has_link, Source own) {
        return (Belief){ .believed = has_link ? SOURCE_LINK : own,
                         .own = own,
                         .has_link = has_link };
}

/* The modem is asked now: its answer will not be older. */
void belief_ask(Belief *b);

/*
 * The link was read, and has added so much. Returns what to charge: whatever the believed total has
 * beyond what was charged.
 */
Traffic belief_feed(Belief *b, Traffic link);

/*
 * The modem's answer has added so much, and the link, which was read after it, as well: NULL where
 * it could not be read, because it is about to go. Returns what to charge.
 *
 * If the answer is_whole, the two are compared: the link is believed, unless the modem's counter
 * moves (by at least 1 MB) while the link's does not (by less than 1/16 of that). If it is not,
 * since the modem has not told of all or not answered, the link is believed where it has told of
 * much since they were compared, until they are compared again.
 *
 * Where the two are not aligned, the modem's figure adds nothing; if it is whole, they are from
 * here on.
 */
Traffic belief_hear(Belief *b, Traffic modem, const Traffic *link, bool is_whole);

/*
 * One of the two was not listened to: what the modem counted before its next answer is not known in
 * step with the link, and was charged on the link's word. What the link has moved since the modem
 * was asked, in this stint or already in the one before, may be missing in that answer, and must
 * not be charged on the modem's word if the link goes.
 */
static inline void belief_unalign(Belief *b) {
        b->is_unaligned = true;
}

/*
 * The link went: only the modem's counter is left to believe. is_away: the link's goes on
 * meanwhile, as in another network namespace, and may come back with what was charged on the
 * modem's word.
 */
void belief_link_gone(Belief *b, bool is_away);

/*
 * The link has said its last word, which was fed: what of all that it has told was never charged,
 * because the modem was believed, and its total was not in step.
 */
Traffic belief_last_word(Belief *b);

/*
 * A link came. goes_on: it is one that was away. Of another one, what was charged meanwhile on the
 * modem's word is not expected again.
 */
void belief_link_came(Belief *b, bool goes_on);

/*
 * The modem's counter is taken up without a link, after a restart: it stands at seen, and so much
 * was charged during its life, on whoever's word.
 */
void belief_resume(Belief *b, Traffic seen, Traffic charged);

/*
 * Another stint: the totals begin anew; what was charged ahead of the believed one, or of a link
 * that is away, stays owed. Where the link is believed, the modem's next word may be of the stint
 * before: they are to be aligned.
 */
void belief_begin(Belief *b);
