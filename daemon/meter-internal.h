/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the meter share. */

#include "counter.h"
#include "meter.h"
#include "muxed.h"

/* A counter of someone else's, and its row in the ledger. */
typedef struct MeterCounter {
        bool is_open;
        LedgerCounter row;
        Counter counter;
        int64_t read_usec; /* CLOCK_BOOTTIME of the last reading that was accepted, 0: unknown */
        bool is_stale;     /* we were not listening: it may have begun anew */
        bool is_resumed;   /* out of the ledger, after a restart, and not read since */
        bool is_new;       /* the ledger does not know it yet */
        bool is_dirty;
} MeterCounter;

/* A link above the modem's own: it carries one session of several. */
typedef struct MeterAbove {
        int ifindex;
        char *name;
        LinkKind kind;
        unsigned mux;
        MeterCounter counter;
        Traffic packets; /* as of the last reading */
        Traffic pending; /* read, and not charged yet */
        /* meter-mux.c: what the modem counts of its session, where it has a mux id */
        MeterCounter family[N_IP_FAMILIES];
        unsigned n_begun[N_IP_FAMILIES]; /* as the modem told last */
        Belief belief;
        Traffic modem;         /* what the modem's last answer has added */
        Traffic modem_before;  /* … and the one before it */
        bool is_read;          /* … and its link was, after that */
        bool is_heard;         /* the modem's last answer told of it … */
        bool is_whole;         /* … and of all of it */
        bool was_noted;        /* the counters' rows say that they are believed */
        bool is_fresh;         /* not read yet since it came … */
        bool goes_on;          /* … from where we could not see it */
        LedgerSession session; /* id 0: none yet in this stint */
        bool session_is_dirty;
} MeterAbove;

struct Meter {
        const Port *port; /* not owned */
        LedgerModem row;
        bool is_known; /* the modem was seen before this start */
        MeterContext context;
        Modem *modem;

        /* What the modem says. */
        bool port_is_there, is_open;
        char *model, *problem;
        bool has_no_sim;
        bool roaming;
        Plmn serving;
        char *network;
        bool connected[N_IP_FAMILIES], connection_known[N_IP_FAMILIES];
        bool may_be_older[N_IP_FAMILIES]; /* a session that we hear of next: than the stint */
        char *apn;

        /* Whose bytes these are. */
        Account *unassigned; /* not owned, as all accounts */
        Account *sim;        /* the SIM in the modem, as far as it says */
        Account *booked;     /* who the present stint's bytes are booked to */
        Account *before;     /* the last SIM that was certain, before the present stint */
        Account *awaiting;   /* waits for the session's own counter to show what it carried */
        LedgerStint stint;   /* id 0: nothing to write yet */
        LedgerSession session;
        bool row_is_dirty, stint_is_dirty, session_is_dirty;
        bool session_is_ending; /* the modem is asked for its last figures */
        LedgerStint resumable;  /* the stint that was open when we stopped; id 0: none */
        int64_t proved_stint;   /* one that the running session proves in part; 0: none */
        Traffic proved;         /* what of the session's bytes is the SIM's by now */

        /* Which counters there are. */
        int ifindex; /* 0: no link */
        char *link_name;
        MeterCounter link, family[N_IP_FAMILIES], device;
        GPtrArray *above; /* MeterAbove */
        Muxed muxed;
        Traffic own_moved, own_before; /* of the link's own, since the modem's last answers */
        int away_ifindex;              /* the link, while it is out of sight; 0: it is not */
        bool link_counts_frames;
        bool device_may_begin_anew; /* some modems' own counter does with each connection */
        Belief belief;
        bool own_was_noted;  /* the counters' rows say so: see meter_own_goes_on() */
        bool own_is_awaited; /* the modem's was believed when we stopped, and was not heard since */
        bool was_disputed;
        Source was_believed;
        int64_t gap_from;   /* since when we did not look; 0: we did */
        bool is_asked;      /* the modem's answer is awaited */
        int64_t query_usec; /* when the modem was last asked */

        /* Rows that are over, and not written yet. */
        GArray *old_stints, *old_sessions, *old_counters;
};

/* meter-stint.c: whose bytes these are */

int meter_load_stint(Meter *m);
void meter_close_stint(Meter *m);

/* Something hints at another SIM. */
void meter_doubt(Meter *m);

/* The port is lost: bytes go on being booked to the last SIM, until it is known better. */
void meter_presume(Meter *m);

/* The link's life is over while its SIM was presumed: it is certain now. */
void meter_confirm_presumed(Meter *m);

/* The modem says which SIM is in it. */
void meter_resolve(Meter *m, Account *sim);
void meter_resolve_proven(Meter *m, Traffic session);

/* The session's own counter stands higher: bytes that moved while it was asked are the SIM's too.
 */
void meter_prove_more(Meter *m, Traffic session);

/* The session that bytes belong to now; makes stint and session if need be. */
int64_t meter_session(Meter *m);
void meter_end_session(Meter *m);
void meter_set_apn(Meter *m, const char *apn);

/* meter-charge.c: from the links' counters to charges, and what all counters have in common */

void meter_close_counter(Meter *m, MeterCounter *c);

/* Goes on where the counter was left, or -ENOENT; a new one, whose epoch is taken. */
int meter_resume_counter(Meter *m, MeterCounter *c, const char *epoch);
void meter_open_counter(Meter *m, MeterCounter *c, char *epoch, Counter counter);

/* Feeds a reading, and returns what it adds. what: for people. */
Traffic meter_feed_counter(Meter *m, MeterCounter *c, const char *what, Traffic reading);

/* So much was charged during the counter's life, on whoever's word. */
void meter_note_charged(MeterCounter *c, Traffic bytes);

/* Books what is to be charged, on the word of source, to whose they are. */
void meter_charge(Meter *m, Traffic bytes, MeterCounter *source);

/* The counter of a link: resumed, opened at zero, or where it is now. */
int meter_open_link(Meter *m, const Link *link, MeterCounter *c, bool *ret_goes_on);

/* Feeds the counter with what the kernel says now. -ENODEV: its last word is on the way. */
int meter_read_link(Meter *m, const char *name, int ifindex, MeterCounter *c, Traffic *ret_delta,
                    Traffic *ret_packets);

/*
 * What the links' counters have added; nothing where there is no link. False where it is just about
 * to go: its last word is on the way.
 */
bool meter_read_links(Meter *m, Traffic *ret);
void meter_put_away(Meter *m, MeterCounter *c);

/* Charges what a link's last word has added. is_the_last: of all links that we count. */
void meter_charge_last(Meter *m, Traffic delta, bool is_the_last);

/* A last word, or a reading, that was heard rather than asked for. */
Traffic meter_feed_link(Meter *m, MeterCounter *c, Traffic reading);

/* To whose they are, in a session of the present stint. */
void meter_book(Meter *m, int64_t session, Traffic bytes);

/* meter-own.c: the modem's own counters, and which is believed */

/* From the start on, so that what is charged before the modem says something is noted. */
void meter_resume_counters(Meter *m);

/* A session began under our eyes. just_charged: what may be its own already, if it was told late.
 */
void meter_open_family(Meter *m, IpFamily family, Traffic just_charged);

/* The modem's own counter of a family, live in the ledger under one name at a time. mux 0: of none.
 */
char *meter_family_epoch(const Meter *m, unsigned mux, IpFamily family);
bool meter_has_gone_back(const MeterCounter *c, Traffic reading);

/* The modem is asked; its answer is fed, compared with the links', and charged. */
void meter_query_modem(Meter *m);
void meter_feed_statistics(Meter *m, const ModemStatistics *statistics);

/* The modem's own counter is believed although there is a link. */
bool meter_believes_own(const Meter *m);

/* Something was charged on the link's word that the modem's counter has not told of yet. */
bool meter_own_is_behind(const Meter *m);

/* The modem's counter is believed, or was when we stopped, and may be believed after a restart. */
bool meter_own_goes_on(const Meter *m);

/*
 * Where another counter is believed now, all rows are to say so, or after a restart the modem's
 * would be taken for one that was believed all the time, and its figures for bytes that nobody has
 * charged.
 */
void meter_note_belief(Meter *m);

/* meter-above.c: several sessions at once, each with a link of its own */

void meter_above_free(void *above);

/*
 * A link came, or has another name: true where it is one of our sessions', to be read now together
 * with the link below.
 */
bool meter_above_appeared(Meter *m, const Link *link);

/* The link below came: what those above have moved since then, it counts as well. */
void meter_begin_below(Meter *m);

/* False where it is none of these. */
bool meter_above_vanished(Meter *m, const Link *link, const Traffic *last);

/*
 * Reads the links above, and returns what was moved in all: by them, and of what the link itself
 * has moved (delta) what was none of theirs.
 */
Traffic meter_read_above(Meter *m, Traffic delta);

/* Charges those above what they moved, but not more in all than bytes. Returns the rest. */
Traffic meter_charge_above(Meter *m, Traffic bytes);
void meter_end_sessions_above(Meter *m);

/* meter-mux.c: what the modem itself counts of sessions that have links of their own */

void meter_begin_mux(Meter *m, MeterAbove *above);
void meter_end_mux(Meter *m, MeterAbove *above);

/* Tells the modem whose sessions these are. */
void meter_watch_muxes(Meter *m);

/* The modem is not listened to: its sessions may have begun anew. */
void meter_lose_muxes(Meter *m);

/*
 * The modem is asked; has answered, before the links are read; and after that (has_read), what is
 * to be charged beyond what they have told of.
 */
void meter_ask_muxes(Meter *m);
void meter_feed_muxes(Meter *m, const ModemStatistics *statistics);
Traffic meter_compare_muxes(Meter *m, bool has_read);

bool meter_has_muxes(const Meter *m);
bool meter_believes_mux(const Meter *m); /* the modem's counter of some of them */
bool meter_mux_is_believed(const MeterAbove *above, const MeterCounter *c);

/* meter.c: the counter that is believed, as it is shown: the modem's, if any of its own is. */
Source meter_believed(const Meter *m);
