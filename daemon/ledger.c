/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Opening the book: schema, migration, setting aside what cannot be read; transactions. */

#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger-internal.h"

#define APPLICATION_ID    0x7354616c /* "sTal" */
#define BUSY_MSEC         250
#define QUICK_CHECK_BYTES (16 << 20) /* a larger file is only checked after an unclean stop */

/*
 * Steps of the schema, the first makes version 1. A step that was released is never edited: what
 * is new is appended.
 */
static const char *const schema_steps[] = {
        "CREATE TABLE meta(key TEXT PRIMARY KEY, value ANY) STRICT;"
        "CREATE TABLE sim("
        "  id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, iccid TEXT UNIQUE,"
        "  kind TEXT NOT NULL, label TEXT NOT NULL, name TEXT NOT NULL, operator TEXT NOT NULL,"
        "  home_plmn TEXT NOT NULL, first_seen INTEGER NOT NULL, last_used INTEGER NOT NULL,"
        "  rx INTEGER NOT NULL, tx INTEGER NOT NULL) STRICT;"
        "CREATE TABLE modem("
        "  id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE,"
        "  unassigned INTEGER NOT NULL) STRICT;"
        "CREATE TABLE stint("
        "  id INTEGER PRIMARY KEY, modem INTEGER NOT NULL, sim INTEGER NOT NULL,"
        "  since INTEGER NOT NULL, until INTEGER, confirmed INTEGER NOT NULL) STRICT;"
        "CREATE INDEX stint_modem ON stint(modem, id);"
        "CREATE TABLE session("
        "  id INTEGER PRIMARY KEY, stint INTEGER NOT NULL, mux INTEGER NOT NULL,"
        "  apn TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER) STRICT;"
        "CREATE INDEX session_stint ON session(stint);"
        "CREATE TABLE counter("
        "  id INTEGER PRIMARY KEY, epoch TEXT NOT NULL UNIQUE, session INTEGER,"
        "  rx INTEGER NOT NULL, tx INTEGER NOT NULL,"
        "  charged_rx INTEGER NOT NULL, charged_tx INTEGER NOT NULL,"
        "  believed INTEGER NOT NULL, ended INTEGER) STRICT;"
        "CREATE TABLE usage("
        "  sim INTEGER NOT NULL, start INTEGER NOT NULL, session INTEGER NOT NULL,"
        "  plmn TEXT NOT NULL, roaming INTEGER NOT NULL, rx INTEGER NOT NULL,"
        "  tx INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,"
        "  gap_from INTEGER,"
        "  PRIMARY KEY(sim, start, session, plmn, roaming)) STRICT, WITHOUT ROWID;"
        "CREATE TABLE undated("
        "  boot TEXT NOT NULL, boottime INTEGER NOT NULL, session INTEGER NOT NULL,"
        "  plmn TEXT NOT NULL, roaming INTEGER NOT NULL, rx INTEGER NOT NULL,"
        "  tx INTEGER NOT NULL) STRICT;"
        "CREATE TABLE hour_total("
        "  sim INTEGER NOT NULL, hour INTEGER NOT NULL, roaming INTEGER NOT NULL,"
        "  rx INTEGER NOT NULL, tx INTEGER NOT NULL,"
        "  PRIMARY KEY(sim, hour, roaming)) STRICT, WITHOUT ROWID;"
        "CREATE TABLE visit("
        "  sim INTEGER NOT NULL, since INTEGER NOT NULL, plmn TEXT NOT NULL,"
        "  roaming INTEGER NOT NULL, PRIMARY KEY(sim, since, plmn, roaming))"
        "  STRICT, WITHOUT ROWID;"
        "CREATE TABLE event("
        "  id INTEGER PRIMARY KEY AUTOINCREMENT, sim INTEGER NOT NULL, at INTEGER NOT NULL,"
        "  recorded_at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,"
        "  removed_at INTEGER) STRICT;"
        "CREATE INDEX event_sim ON event(sim, at, id);"
        "CREATE TABLE alert("
        "  id INTEGER PRIMARY KEY AUTOINCREMENT, sim INTEGER NOT NULL, key TEXT NOT NULL,"
        "  raised_at INTEGER NOT NULL, acked_at INTEGER, snoozed_until INTEGER,"
        "  cleared_at INTEGER, UNIQUE(sim, key)) STRICT;"
        "CREATE TABLE query("
        "  sim INTEGER PRIMARY KEY, body TEXT NOT NULL, confirmed_at INTEGER,"
        "  state TEXT NOT NULL, sent_at INTEGER, tries INTEGER NOT NULL) STRICT;",

        "ALTER TABLE query ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE query ADD COLUMN error TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE query ADD COLUMN reply TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE query ADD COLUMN replied_at INTEGER;"
        "CREATE TABLE query_sent("
        "  sim INTEGER NOT NULL, at INTEGER NOT NULL, boot TEXT NOT NULL,"
        "  boottime INTEGER NOT NULL, estimated INTEGER NOT NULL) STRICT;"
        "CREATE INDEX query_sent_sim ON query_sent(sim);",
};

int ledger_errno(Ledger *l, const char *doing) {
        int code = sqlite3_extended_errcode(l->db);

        g_warning("Failed to %s: %s", doing, sqlite3_errmsg(l->db));

        switch (code & 0xff) {
        case SQLITE_FULL:
                return -ENOSPC;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
                return -EBUSY;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
                return -EUCLEAN;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
                return -EACCES;
        default:
                return -EIO;
        }
}

static int ledger_exec(Ledger *l, const char *doing, const char *sql) {
        return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : ledger_errno(l, doing);
}

static int ledger_bind(sqlite3_stmt *s, const char *types, va_list values) {
        for (int i = 0; types[i]; i++) {
                int code;

                if (types[i] == 's')
                        code = sqlite3_bind_text(s, i + 1, va_arg(values, const char *), -1,
                                                 SQLITE_TRANSIENT);
                else if (types[i] == 'i')
                        code = sqlite3_bind_int64(s, i + 1, va_arg(values, int64_t));
                else
                        code = sqlite3_bind_int64(s, i + 1, (int64_t) va_arg(values, uint64_t));
                if (code != SQLITE_OK)
                        return code;
        }

        return SQLITE_OK;
}

static int ledger_take(Ledger *l, sqlite3_stmt **ret, const char *sql) {
        sqlite3_stmt *s = g_hash_table_lookup(l->statements, sql);
        int code;

        if (!s) {
                code = sqlite3_prepare_v3(l->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL);
                if (code != SQLITE_OK)
                        return code;
                g_hash_table_insert(l->statements, (char *) sqlite3_sql(s), s);
        }

        g_assert(!sqlite3_stmt_busy(s));
        *ret = s;
        return SQLITE_OK;
}

static int ledger_prepare_va(Ledger *l, sqlite3_stmt **ret, const char *doing, const char *sql,
                             const char *types, va_list values) {
        g_autoptr(sqlite3_stmt) s = NULL;

        if (ledger_take(l, &s, sql) != SQLITE_OK || ledger_bind(s, types, values) != SQLITE_OK)
                return ledger_errno(l, doing);

        *ret = g_steal_pointer(&s);
        return 0;
}

int ledger_prepare(Ledger *l, sqlite3_stmt **ret, const char *doing, const char *sql,
                   const char *types, ...) {
        va_list values;
        int r;

        va_start(values, types);
        r = ledger_prepare_va(l, ret, doing, sql, types, values);
        va_end(values);
        return r;
}

int ledger_step(Ledger *l, sqlite3_stmt *s, const char *doing) {
        switch (sqlite3_step(s)) {
        case SQLITE_ROW:
                return 1;
        case SQLITE_DONE:
                return 0;
        default:
                return ledger_errno(l, doing);
        }
}

int ledger_run(Ledger *l, const char *doing, const char *sql, const char *types, ...) {
        g_autoptr(sqlite3_stmt) s = NULL;
        va_list values;
        int r;

        va_start(values, types);
        r = ledger_prepare_va(l, &s, doing, sql, types, values);
        va_end(values);
        if (r < 0)
                return r;

        do
                r = ledger_step(l, s, doing);
        while (r > 0);
        return r;
}

char *ledger_column(sqlite3_stmt *s, int column) {
        const char *text = (const char *) sqlite3_column_text(s, column);

        return g_strdup(text ?: "");
}

Traffic ledger_column_traffic(sqlite3_stmt *s, int column) {
        return (Traffic){ (uint64_t) sqlite3_column_int64(s, column),
                          (uint64_t) sqlite3_column_int64(s, column + 1) };
}

int ledger_begin(Ledger *l) {
        int r;

        g_assert(!l->in_transaction);

        r = ledger_exec(l, "begin a transaction", "BEGIN IMMEDIATE");
        if (r < 0)
                return r;

        l->in_transaction = true;
        return 0;
}

void ledger_rollback(Ledger *l) {
        if (!l->in_transaction)
                return;

        l->in_transaction = false;
        /* After some errors SQLite has rolled back by itself: then this fails, as it should. */
        (void) sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
}

int ledger_commit(Ledger *l) {
        int r;

        g_assert(l->in_transaction);

        r = ledger_exec(l, "commit to the ledger", "COMMIT");
        if (r < 0) {
                ledger_rollback(l);
                return r;
        }

        l->in_transaction = false;
        return 0;
}

static int query_int(Ledger *l, const char *sql, int64_t *ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = ledger_prepare(l, &s, "read the ledger", sql, "");
        if (r < 0)
                return r;

        r = ledger_step(l, s, "read the ledger");
        if (r < 0)
                return r;

        *ret = r > 0 ? sqlite3_column_int64(s, 0) : 0;
        return 0;
}

static int ledger_migrate(Ledger *l, int64_t version) {
        int r;

        for (size_t i = (size_t) version; i < G_N_ELEMENTS(schema_steps); i++) {
                g_autofree char *mark = g_strdup_printf("PRAGMA user_version=%zu", i + 1);

                r = ledger_begin(l);
                if (r < 0)
                        return r;

                r = ledger_exec(l, "migrate the ledger", schema_steps[i]);
                if (r >= 0)
                        r = ledger_exec(l, "migrate the ledger", mark);
                if (r < 0) {
                        ledger_rollback(l);
                        return r;
                }

                r = ledger_commit(l);
                if (r < 0)
                        return r;
        }

        return 0;
}

static int ledger_begin_new(Ledger *l) {
        g_autofree char *application = g_strdup_printf("PRAGMA application_id=%d", APPLICATION_ID);
        g_autofree char *uuid = g_uuid_string_random();
        int r;

        r = ledger_exec(l, "begin a ledger", application);
        if (r < 0)
                return r;

        r = ledger_migrate(l, 0);
        if (r < 0)
                return r;

        return ledger_run(l, "begin a ledger", "INSERT INTO meta VALUES('uuid', ?)", "s", uuid);
}

/* What a clean end leaves nothing of: somebody was killed, or lost power. */
static bool has_unfinished(const Ledger *l) {
        g_autofree char *path = g_strconcat(l->path, "-wal", NULL);
        struct stat st;

        return stat(path, &st) == 0 && st.st_size > 0;
}

/* Is it whole? After a clean end it is only looked at as deep as a start may take. */
static int ledger_check(Ledger *l, bool is_unfinished) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int64_t pages, page_size;
        int r;

        r = query_int(l, "PRAGMA page_count", &pages);
        if (r < 0)
                return r;
        r = query_int(l, "PRAGMA page_size", &page_size);
        if (r < 0)
                return r;
        if (!is_unfinished && pages * page_size > QUICK_CHECK_BYTES)
                return 0;

        r = ledger_prepare(l, &s, "check the ledger", "PRAGMA quick_check(1)", "");
        if (r < 0)
                return r;
        r = ledger_step(l, s, "check the ledger");
        if (r < 0)
                return r;

        if (r == 0 || g_strcmp0((const char *) sqlite3_column_text(s, 0), "ok") != 0) {
                g_warning("The ledger is damaged: %s", (const char *) sqlite3_column_text(s, 0));
                return -EUCLEAN;
        }

        return 0;
}

static int ledger_recognize(Ledger *l, bool is_unfinished) {
        int64_t application, version, objects;
        int r;

        r = query_int(l, "PRAGMA application_id", &application);
        if (r < 0)
                return r;
        r = query_int(l, "PRAGMA user_version", &version);
        if (r < 0)
                return r;
        r = query_int(l, "SELECT count(*) FROM sqlite_schema", &objects);
        if (r < 0)
                return r;

        if (objects == 0 && version == 0)
                return ledger_begin_new(l);
        if (application != APPLICATION_ID) {
                g_warning("%s is not a ledger of simtally", l->path);
                return -EUCLEAN;
        }
        if (version > (int64_t) G_N_ELEMENTS(schema_steps)) {
                g_warning("%s is of version %" PRIi64 ", this simtallyd knows versions up to %zu. "
                          "It is left alone: install a newer simtally, or choose another state "
                          "directory",
                          l->path, version, G_N_ELEMENTS(schema_steps));
                return -EPROTONOSUPPORT;
        }

        r = ledger_check(l, is_unfinished);
        if (r < 0)
                return r;

        return ledger_migrate(l, version);
}

static int ledger_load_ids(Ledger *l) {
        static const char *const queries[N_LEDGER_TABLES] = {
                [LEDGER_SIM] = "SELECT max(id) FROM sim",
                [LEDGER_MODEM] = "SELECT max(id) FROM modem",
                [LEDGER_STINT] = "SELECT max(id) FROM stint",
                [LEDGER_SESSION] = "SELECT max(id) FROM session",
                [LEDGER_COUNTER] = "SELECT max(id) FROM counter",
                /* Those of forgotten SIMs are not given out again: programs may remember them. */
                [LEDGER_EVENT] = "SELECT seq FROM sqlite_sequence WHERE name='event'",
                [LEDGER_ALERT] = "SELECT seq FROM sqlite_sequence WHERE name='alert'",
        };
        int r;

        for (size_t i = 0; i < N_LEDGER_TABLES; i++) {
                r = query_int(l, queries[i], &l->last_id[i]);
                if (r < 0)
                        return r;
        }

        return 0;
}

static void finalize_statement(void *s) {
        (void) sqlite3_finalize(s);
}

static int ledger_connect(Ledger *l) {
        bool is_unfinished = has_unfinished(l);
        int r;

        l->statements = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, finalize_statement);

        if (sqlite3_open_v2(l->path, &l->db,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                            NULL) != SQLITE_OK)
                return l->db ? ledger_errno(l, "open the ledger") : -ENOMEM;

        (void) sqlite3_busy_timeout(l->db, BUSY_MSEC);

        /* Reads the file's header, so that what is no database is found out here. */
        r = ledger_recognize(l, is_unfinished);
        if (r < 0)
                return r;

        r = ledger_exec(l, "prepare the ledger",
                        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                        "PRAGMA trusted_schema=OFF");
        if (r < 0)
                return r;

        return ledger_load_ids(l);
}

static void ledger_disconnect(Ledger *l) {
        g_clear_pointer(&l->statements, g_hash_table_unref);
        (void) sqlite3_close(l->db);
        l->db = NULL;
}

static int ledger_set_aside(Ledger *l, int64_t now) {
        static const char *const suffixes[] = { "", "-wal", "-shm" };
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(now);
        g_autofree char *stamp = g_date_time_format(time, "%Y%m%dT%H%M%SZ");
        g_autofree char *aside = g_strdup_printf("%s.damaged-%s", l->path, stamp);

        for (int i = 1; g_file_test(aside, G_FILE_TEST_EXISTS); i++) {
                g_free(aside);
                aside = g_strdup_printf("%s.damaged-%s.%d", l->path, stamp, i);
        }

        for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
                g_autofree char *from = g_strconcat(l->path, suffixes[i], NULL);
                g_autofree char *to = g_strconcat(aside, suffixes[i], NULL);

                if (g_rename(from, to) < 0 && (i == 0 || errno != ENOENT)) {
                        int error = errno;

                        g_warning("Failed to set %s aside: %s", from, g_strerror(error));
                        return -error;
                }
        }

        g_warning("The ledger cannot be used and was set aside as %s; a new one is begun", aside);
        return 0;
}

/* One daemon per state directory. */
static int ledger_lock(Ledger *l, const char *directory) {
        if (g_mkdir_with_parents(directory, 0700) < 0) {
                int error = errno;

                g_warning("Failed to make %s: %s", directory, g_strerror(error));
                return -error;
        }

        l->lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (l->lock < 0) {
                int error = errno;

                g_warning("Failed to open %s: %s", directory, g_strerror(error));
                return -error;
        }

        if (flock(l->lock, LOCK_EX | LOCK_NB) < 0) {
                g_warning("Another simtallyd uses %s", directory);
                return -EBUSY;
        }

        return 0;
}

int ledger_open(const char *directory, int64_t now, Ledger **ret) {
        g_autoptr(Ledger) l = g_new0(Ledger, 1);
        int r;

        l->lock = -1;
        l->path = g_build_filename(directory, "ledger.db", NULL);

        r = ledger_lock(l, directory);
        if (r < 0)
                return r;

        r = ledger_connect(l);
        if (r == -EUCLEAN || r == -EACCES) {
                ledger_disconnect(l);

                r = ledger_set_aside(l, now);
                if (r < 0)
                        return r;

                r = ledger_connect(l);
        }
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&l);
        return 0;
}

Ledger *ledger_free(Ledger *l) {
        if (!l)
                return NULL;

        ledger_rollback(l);
        ledger_disconnect(l);
        ledger_past_clear(&l->past);
        if (l->lock >= 0)
                (void) close(l->lock);
        g_free(l->path);
        g_free(l);
        return NULL;
}

int64_t ledger_new_id(Ledger *l, LedgerTable table) {
        return ++l->last_id[table];
}

char *ledger_new_slug(void) {
        uint64_t random;

        /* Requests of up to 256 bytes are neither interrupted nor answered in part. */
        if (getrandom(&random, sizeof(random), 0) != sizeof(random))
                g_error("The kernel has no random numbers: %s", g_strerror(errno));

        return g_strdup_printf("%016" PRIx64, random);
}
