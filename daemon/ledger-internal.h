/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the ledger share: the connection, running a statement, sums of the past. */

#include <sqlite3.h>

#include "ledger.h"

/* Days of a SIM that are over: all its bytes from since to until. Nothing is kept without them. */
typedef struct LedgerPast {
        int64_t sim;
        GTimeZone *zone;
        int64_t since, until;
        GArray *days; /* HistoryRow */
} LedgerPast;

struct Ledger {
        sqlite3 *db;
        GHashTable *statements; /* by their SQL, as long as the connection is open */
        char *path;
        int lock; /* the state directory, locked for us */
        bool in_transaction;
        int64_t last_id[N_LEDGER_TABLES];
        LedgerPast past;
};

/* Statements are the ledger's, and not prepared again: one that is done with waits for its next
 * use. */
static inline void ledger_release(sqlite3_stmt *s) {
        (void) sqlite3_reset(s); /* an error of it has been told by its last step */
        (void) sqlite3_clear_bindings(s);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, ledger_release)

/* The one place where SQLite's result codes become errno; logs "Failed to DOING: …". */
int ledger_errno(Ledger *l, const char *doing);

/*
 * Takes a statement and binds its parameters by a letter each: i int64_t, u uint64_t (kept as the
 * same 64 bits), s const char * (NULL: NULL). The same one is not taken again before its release.
 */
int ledger_prepare(Ledger *l, sqlite3_stmt **ret, const char *doing, const char *sql,
                   const char *types, ...);

/* The same, and runs it to its end. */
int ledger_run(Ledger *l, const char *doing, const char *sql, const char *types, ...);

/* Steps: 1 with a row, 0 at the end. */
int ledger_step(Ledger *l, sqlite3_stmt *s, const char *doing);

/* A column's text, newly allocated; "" for NULL. */
char *ledger_column(sqlite3_stmt *s, int column);
Traffic ledger_column_traffic(sqlite3_stmt *s, int column);

/* To be called with each change to what is booked of a SIM at an instant: it is read anew then. */
void ledger_past_changed(Ledger *l, int64_t sim, int64_t at);
void ledger_past_clear(LedgerPast *p);
