/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The book: facts about SIMs, kept in SQLite. The only SQL of the program.
 *
 * What happened is put into rows by their owners (accounts and meters) and written in one
 * transaction: ledger_begin(), ledger_put_*() and ledger_add_*() in any number, ledger_commit().
 * Ids are given out beforehand with ledger_new_id(), so that counting goes on while nothing can be
 * written. Everything returns 0 or a negative errno: -ENOSPC disk full, -EBUSY locked, -EUCLEAN
 * damaged, -EACCES not writable, -EIO anything else. Instants are UTC seconds, 0 for none.
 */

#include <stdbool.h>

#include "calendar.h"
#include "plmn.h"
#include "slot.h"
#include "traffic.h"

#define LEDGER_SLICE_SECONDS 900

typedef struct Ledger Ledger;

typedef enum LedgerTable {
        LEDGER_SIM,
        LEDGER_MODEM,
        LEDGER_STINT,
        LEDGER_SESSION,
        LEDGER_COUNTER,
        LEDGER_EVENT,
        LEDGER_ALERT,
        N_LEDGER_TABLES,
} LedgerTable;

typedef struct LedgerSim {
        int64_t id;
        char *slug;  /* 16 hexadecimal digits */
        char *iccid; /* NULL: a modem's unassigned bytes */
        char *kind;  /* physical, esim, unknown */
        char *label; /* what a person called it, or "" */
        char *name;  /* what the SIM calls itself, or "" */
        char *operator;
        char *home_plmn;
        int64_t first_seen, last_used;
        Traffic total;
} LedgerSim;

typedef struct LedgerModem {
        int64_t id;
        char *slug;
        char *key;
        int64_t unassigned; /* the SIM row of its unassigned bytes */
} LedgerModem;

/*
 * One SIM in one modem. While confirmed is false, sim is only who the bytes are booked to until it
 * is known better; until is 0 while it lasts.
 */
typedef struct LedgerStint {
        int64_t id, modem, sim, since, until;
        bool confirmed;
} LedgerStint;

typedef struct LedgerSession {
        int64_t id, stint;
        int mux;
        char *apn;
        int64_t since, until;
} LedgerSession;

typedef struct LedgerCounter {
        int64_t id;
        char *epoch;
        int64_t session; /* 0: not a session's */
        Traffic seen, charged;
        bool believed; /* it was its word that charges were made on, when it was written */
        int64_t ended;
} LedgerCounter;

typedef struct LedgerUsage {
        int64_t sim, start, session;
        char plmn[8];
        bool roaming;
        Traffic bytes;
        int64_t first_at, last_at, gap_from;
        const char *boot; /* borrowed; NULL: the instants are right, else they are estimated … */
        int64_t boottime; /* … in the boot of this id, so many seconds after it began */
} LedgerUsage;

/* A dated fact other than bytes. It is never deleted: what is removed counts no more. */
typedef struct LedgerEvent {
        int64_t id, sim;
        int64_t at;          /* since when it holds */
        int64_t recorded_at; /* when it was told */
        char *kind, *body;
        int64_t removed_at;
        const char *boot; /* as in LedgerUsage, when it is written … */
        int64_t boottime; /* … and both instants are estimated, or `recorded_at` alone */
} LedgerEvent;

/* That something was told: of each SIM and key once, and again only where it was armed again. */
typedef struct LedgerAlert {
        int64_t id, sim;
        char *key;
        int64_t raised_at, acked_at, snoozed_until, cleared_at;
} LedgerAlert;

/* A network that a SIM came to. */
typedef struct LedgerVisit {
        int64_t since;
        char plmn[8];
        bool roaming;
} LedgerVisit;

/*
 * What a SIM's carrier is asked (see lib/query.h), what of it the owner has confirmed (a bit for
 * each QueryMethod), and how the question stands.
 */
typedef struct LedgerQuery {
        int64_t sim;
        char *body;
        int64_t confirmed_at;
        unsigned confirmed;
        char *state;
        int64_t sent_at; /* 0: never */
        unsigned tries;  /* the methods that this question has come to, from 1 on */
        char *error;     /* why it failed: a sentence, or "" */
        char *reply;     /* the carrier's last words: private */
        int64_t replied_at;
} LedgerQuery;

/* That something was sent: what limits go by. */
typedef struct LedgerSending {
        int64_t at;
        char *boot;        /* the boot of this id … */
        int64_t boottime;  /* … and the seconds since it began */
        bool is_estimated; /* the clock was not trusted */
} LedgerSending;

/* What every commit says of the machine: what was seen, and when, last. */
typedef struct LedgerSighting {
        char *boot;         /* boot id and network namespace */
        int64_t ifindex;    /* the largest index of any link */
        int64_t at;         /* UTC seconds */
        int64_t boottime;   /* seconds since boot */
        int64_t trusted_at; /* the last instant at which the clock was trusted */
} LedgerSighting;

void ledger_sim_clear(LedgerSim *s);
void ledger_modem_clear(LedgerModem *m);
void ledger_session_clear(LedgerSession *s);
void ledger_counter_clear(LedgerCounter *c);
void ledger_sighting_clear(LedgerSighting *s);
void ledger_event_clear(LedgerEvent *e);
void ledger_alert_clear(LedgerAlert *a);
void ledger_query_clear(LedgerQuery *q);
void ledger_sending_clear(LedgerSending *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerSim, ledger_sim_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerModem, ledger_modem_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerSession, ledger_session_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerCounter, ledger_counter_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerSighting, ledger_sighting_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerEvent, ledger_event_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerAlert, ledger_alert_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerQuery, ledger_query_clear)

/*
 * Opens DIRECTORY/ledger.db, makes it if there is none, and brings it up to the present schema.
 * A file that is no ledger, is damaged, or cannot be read or migrated is set aside under a new name
 * (ledger.db.damaged-TIME) and a new one is begun; one of a newer version is left alone:
 * -EPROTONOSUPPORT. -EBUSY: another process holds it. now names the file set aside.
 */
int ledger_open(const char *directory, int64_t now, Ledger **ret);
Ledger *ledger_free(Ledger *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_free)

int64_t ledger_new_id(Ledger *l, LedgerTable table);
char *ledger_new_slug(void); /* 64 random bits: never derived from an identifier */

/* Arrays of the rows by value, with clear functions set. */
int ledger_load_sims(Ledger *l, GArray **ret);
int ledger_load_sim(Ledger *l, int64_t id, LedgerSim *ret); /* -ENOENT */

/* The modem of this key: -ENOENT if never seen. */
int ledger_load_modem(Ledger *l, const char *key, LedgerModem *ret);

/* The modem's last stint, and the last confirmed one: -ENOENT. */
int ledger_load_last_stint(Ledger *l, int64_t modem, LedgerStint *ret);
int ledger_load_last_confirmed_stint(Ledger *l, int64_t modem, LedgerStint *ret);

/* A stint's open session: -ENOENT. */
int ledger_load_open_session(Ledger *l, int64_t stint, LedgerSession *ret);

/* The live counter of this epoch: -ENOENT. */
int ledger_load_counter(Ledger *l, const char *epoch, LedgerCounter *ret);

/* The last sighting: -ENOENT before the first commit. */
int ledger_load_sighting(Ledger *l, LedgerSighting *ret);

/* The bytes of a SIM since an instant. */
int ledger_load_traffic_since(Ledger *l, int64_t sim, int64_t since, Traffic *ret);

/*
 * All that a SIM's tally is worked out from: its events (LedgerEvent by at and id, removed ones
 * included), visits (LedgerVisit) and slices (LedgerUsage by first_at).
 */
int ledger_load_events(Ledger *l, int64_t sim, GArray **ret);
int ledger_load_visits(Ledger *l, int64_t sim, GArray **ret);
int ledger_load_slices(Ledger *l, int64_t sim, GArray **ret);

/* What was told of a SIM: LedgerAlert by id. */
int ledger_load_alerts(Ledger *l, int64_t sim, GArray **ret);

/* What a SIM's carrier is asked: -ENOENT; and when it was (LedgerSending, oldest first). */
int ledger_load_query(Ledger *l, int64_t sim, LedgerQuery *ret);
int ledger_load_query_sims(Ledger *l, GArray **ret); /* int64_t: those that have one */
int ledger_load_sendings(Ledger *l, int64_t sim, GArray **ret);

int ledger_begin(Ledger *l);
int ledger_commit(Ledger *l); /* on failure everything since ledger_begin() is undone */
void ledger_rollback(Ledger *l);

/* Rows are written whole: new or changed. */
int ledger_put_sim(Ledger *l, const LedgerSim *s);
int ledger_put_modem(Ledger *l, const LedgerModem *m);
int ledger_put_stint(Ledger *l, const LedgerStint *s);
int ledger_put_session(Ledger *l, const LedgerSession *s);
int ledger_put_counter(Ledger *l, const LedgerCounter *c);
int ledger_put_sighting(Ledger *l, const LedgerSighting *s);
int ledger_put_visit(Ledger *l, int64_t sim, int64_t since, const char *plmn, bool roaming);
int ledger_put_event(Ledger *l, const LedgerEvent *e);
int ledger_put_alert(Ledger *l, const LedgerAlert *a);
int ledger_put_query(Ledger *l, const LedgerQuery *q);
int ledger_put_sendings(Ledger *l, int64_t sim, const GArray *sendings); /* all of them */

/* Adds to the slice, to the SIM's hour and to its total. */
int ledger_add_usage(Ledger *l, const LedgerUsage *u);

/*
 * Moves bytes of a stint that lie with one SIM to another, newest first, in each direction at most
 * `most`, and into the session to_session (0: they stay in theirs). Slices, hours and totals
 * follow. *ret_moved is what has been moved.
 */
int ledger_move_stint(Ledger *l, int64_t stint, int64_t from, int64_t to, int64_t to_session,
                      Traffic most, Traffic *ret_moved);

/*
 * Moves bytes that a modem's unconfirmed stints left with nobody, or that were assigned by hand
 * before, from since to until (exclusive), to a SIM: usage of stints of this modem that are booked
 * to `unassigned`.
 */
int ledger_assign(Ledger *l, int64_t modem, int64_t unassigned, int64_t to, int64_t since,
                  int64_t until, GArray **ret_touched_sims);

/* The ledger's name for itself, newly allocated, and the journal's number at its last commit. */
int ledger_load_uuid(Ledger *l, char **ret);
int ledger_load_sequence(Ledger *l, uint64_t *ret);
int ledger_put_sequence(Ledger *l, uint64_t sequence);

/* Adds what a slot holds, in a transaction of its own. */
int ledger_replay(Ledger *l, const Slot *slot);

/*
 * What was booked in this boot while the clock was not trusted is dated: its instants move by shift
 * seconds. So are the first sight and the visits of a SIM, if they are not before since: the first
 * instant that the old clock may have told wrong. In a transaction of its own; nothing is written
 * where there is nothing of the kind.
 */
int ledger_redate(Ledger *l, const char *boot, int64_t shift, int64_t since);

/* The bytes of a SIM that were booked in this boot, and are not dated yet. */
int ledger_load_undated(Ledger *l, int64_t sim, const char *boot, Traffic *ret);

/* Removes a SIM with all that hangs on it. */
int ledger_forget_sim(Ledger *l, int64_t sim);

/* Writes a whole and consistent copy to a file, by way of one beside the ledger. */
int ledger_export(Ledger *l, int fd);

typedef struct HistoryRow {
        int64_t start;
        Traffic home, roaming;
} HistoryRow;

/* Sums rows in the order of time into slices of the calendar. */
typedef struct LedgerHistory {
        CalendarUnit unit;
        GTimeZone *zone; /* not owned */
        int64_t since, until;
        size_t max_rows;
        GArray *rows;                   /* HistoryRow, in the order of time; made by the caller */
        int64_t slice_start, slice_end; /* the slice that was added to last; begin with 0, 0 */
} LedgerHistory;

/* Adds bytes to their slice: -E2BIG when that makes more than max_rows rows. */
int ledger_history_add(LedgerHistory *h, int64_t at, bool roaming, Traffic bytes);

/* Adds all that is written of a SIM. */
int ledger_history_load(Ledger *l, int64_t sim, LedgerHistory *h);
