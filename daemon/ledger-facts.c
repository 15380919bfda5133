/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows of the book: reading them at the start, writing them whole. */

#include <errno.h>
#include <string.h>

#include "ledger-internal.h"

/* 0 stands for "none", which is NULL in the book. */
#define NULLIF_0 "nullif(?, 0)"

void ledger_sim_clear(LedgerSim *s) {
        g_clear_pointer(&s->slug, g_free);
        g_clear_pointer(&s->iccid, g_free);
        g_clear_pointer(&s->kind, g_free);
        g_clear_pointer(&s->label, g_free);
        g_clear_pointer(&s->name, g_free);
        g_clear_pointer(&s->operator, g_free);
        g_clear_pointer(&s->home_plmn, g_free);
}

void ledger_modem_clear(LedgerModem *m) {
        g_clear_pointer(&m->slug, g_free);
        g_clear_pointer(&m->key, g_free);
}

void ledger_session_clear(LedgerSession *s) {
        g_clear_pointer(&s->apn, g_free);
}

void ledger_counter_clear(LedgerCounter *c) {
        g_clear_pointer(&c->epoch, g_free);
}

void ledger_sighting_clear(LedgerSighting *s) {
        g_clear_pointer(&s->boot, g_free);
}

#define SIM_COLUMNS                                                                                \
        "id, slug, iccid, kind, label, name, operator, home_plmn, first_seen, last_used, rx, tx"

static LedgerSim read_sim(sqlite3_stmt *s) {
        return (LedgerSim){
                .id = sqlite3_column_int64(s, 0),
                .slug = ledger_column(s, 1),
                .iccid = g_strdup((const char *) sqlite3_column_text(s, 2)),
                .kind = ledger_column(s, 3),
                .label = ledger_column(s, 4),
                .name = ledger_column(s, 5),
                .operator= ledger_column(s, 6),
                .home_plmn = ledger_column(s, 7),
                .first_seen = sqlite3_column_int64(s, 8),
                .last_used = sqlite3_column_int64(s, 9),
                .total = ledger_column_traffic(s, 10),
        };
}

int ledger_load_sims(Ledger *l, GArray **ret) {
        g_autoptr(GArray) sims = g_array_new(FALSE, FALSE, sizeof(LedgerSim));
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        g_array_set_clear_func(sims, (GDestroyNotify) ledger_sim_clear);

        r = ledger_prepare(l, &s, "read the SIMs", "SELECT " SIM_COLUMNS " FROM sim ORDER BY id",
                           "");
        if (r < 0)
                return r;

        while ((r = ledger_step(l, s, "read the SIMs")) > 0) {
                LedgerSim sim = read_sim(s);

                g_array_append_val(sims, sim);
        }
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&sims);
        return 0;
}

/* Prepares, binds and steps to the only row; -ENOENT where there is none. */
static int find_row(Ledger *l, sqlite3_stmt **ret, const char *doing, const char *sql, int64_t id) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = ledger_prepare(l, &s, doing, sql, "i", id);
        if (r < 0)
                return r;

        r = ledger_step(l, s, doing);
        if (r < 0)
                return r;
        if (r == 0)
                return -ENOENT;

        *ret = g_steal_pointer(&s);
        return 0;
}

static int find_row_by_text(Ledger *l, sqlite3_stmt **ret, const char *doing, const char *sql,
                            const char *text) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = ledger_prepare(l, &s, doing, sql, "s", text);
        if (r < 0)
                return r;

        r = ledger_step(l, s, doing);
        if (r < 0)
                return r;
        if (r == 0)
                return -ENOENT;

        *ret = g_steal_pointer(&s);
        return 0;
}

int ledger_load_sim(Ledger *l, int64_t id, LedgerSim *ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = find_row(l, &s, "read a SIM", "SELECT " SIM_COLUMNS " FROM sim WHERE id=?", id);
        if (r < 0)
                return r;

        *ret = read_sim(s);
        return 0;
}

int ledger_load_modem(Ledger *l, const char *key, LedgerModem *ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = find_row_by_text(l, &s, "read a modem",
                             "SELECT id, slug, key, unassigned FROM modem WHERE key=?", key);
        if (r < 0)
                return r;

        *ret = (LedgerModem){ .id = sqlite3_column_int64(s, 0),
                              .slug = ledger_column(s, 1),
                              .key = ledger_column(s, 2),
                              .unassigned = sqlite3_column_int64(s, 3) };
        return 0;
}

static int load_stint(Ledger *l, const char *sql, int64_t modem, LedgerStint *ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = find_row(l, &s, "read a stint", sql, modem);
        if (r < 0)
                return r;

        *ret = (LedgerStint){ .id = sqlite3_column_int64(s, 0),
                              .modem = sqlite3_column_int64(s, 1),
                              .sim = sqlite3_column_int64(s, 2),
                              .since = sqlite3_column_int64(s, 3),
                              .until = sqlite3_column_int64(s, 4),
                              .confirmed = sqlite3_column_int64(s, 5) };
        return 0;
}

#define STINT_COLUMNS "id, modem, sim, since, until, confirmed"

int ledger_load_last_stint(Ledger *l, int64_t modem, LedgerStint *ret) {
        return load_stint(
                l, "SELECT " STINT_COLUMNS " FROM stint WHERE modem=? ORDER BY id DESC LIMIT 1",
                modem, ret);
}

int ledger_load_last_confirmed_stint(Ledger *l, int64_t modem, LedgerStint *ret) {
        return load_stint(l,
                          "SELECT " STINT_COLUMNS
                          " FROM stint WHERE modem=? AND confirmed ORDER BY id DESC LIMIT 1",
                          modem, ret);
}

int ledger_load_open_session(Ledger *l, int64_t stint, LedgerSession *ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = find_row(
                l, &s, "read a session",
                "SELECT id, stint, mux, apn, since FROM session WHERE stint=? AND until IS NULL"
                " ORDER BY id DESC LIMIT 1",
                stint);
        if (r < 0)
                return r;

        *ret = (LedgerSession){ .id = sqlite3_column_int64(s, 0),
                                .stint = sqlite3_column_int64(s, 1),
                                .mux = sqlite3_column_int(s, 2),
                                .apn = ledger_column(s, 3),
                                .since = sqlite3_column_int64(s, 4) };
        return 0;
}

int ledger_load_counter(Ledger *l, const char *epoch, LedgerCounter *ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = find_row_by_text(l, &s, "read a counter",
                             "SELECT id, epoch, session, rx, tx, charged_rx, charged_tx,"
                             " believed FROM counter WHERE epoch=? AND ended IS NULL",
                             epoch);
        if (r < 0)
                return r;

        *ret = (LedgerCounter){ .id = sqlite3_column_int64(s, 0),
                                .epoch = ledger_column(s, 1),
                                .session = sqlite3_column_int64(s, 2),
                                .seen = ledger_column_traffic(s, 3),
                                .charged = ledger_column_traffic(s, 5),
                                .believed = sqlite3_column_int64(s, 7) };
        return 0;
}

int ledger_load_sighting(Ledger *l, LedgerSighting *ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = ledger_prepare(l, &s, "read the last sighting",
                           "SELECT (SELECT value FROM meta WHERE key='boot'),"
                           "(SELECT value FROM meta WHERE key='ifindex'),"
                           "(SELECT value FROM meta WHERE key='at'),"
                           "(SELECT value FROM meta WHERE key='boottime'),"
                           "(SELECT value FROM meta WHERE key='trusted_at')",
                           "");
        if (r < 0)
                return r;

        r = ledger_step(l, s, "read the last sighting");
        if (r < 0)
                return r;
        if (sqlite3_column_type(s, 0) == SQLITE_NULL)
                return -ENOENT;

        *ret = (LedgerSighting){ .boot = ledger_column(s, 0),
                                 .ifindex = sqlite3_column_int64(s, 1),
                                 .at = sqlite3_column_int64(s, 2),
                                 .boottime = sqlite3_column_int64(s, 3),
                                 .trusted_at = sqlite3_column_int64(s, 4) };
        return 0;
}

int ledger_load_traffic_since(Ledger *l, int64_t sim, int64_t since, Traffic *ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = ledger_prepare(l, &s, "add up a SIM's bytes",
                           "SELECT coalesce(sum(rx), 0), coalesce(sum(tx), 0) FROM usage"
                           " WHERE sim=? AND start>=?",
                           "ii", sim, since);
        if (r < 0)
                return r;

        r = ledger_step(l, s, "add up a SIM's bytes");
        if (r < 0)
                return r;

        *ret = ledger_column_traffic(s, 0);
        return 0;
}

int ledger_put_sim(Ledger *l, const LedgerSim *s) {
        /* The totals are the usage's: ledger_add_usage() keeps them. */
        return ledger_run(l, "write a SIM",
                          "INSERT INTO sim(" SIM_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,0,0)"
                          " ON CONFLICT(id) DO UPDATE SET kind=excluded.kind, label=excluded.label,"
                          " name=excluded.name, operator=excluded.operator,"
                          " home_plmn=excluded.home_plmn, last_used=excluded.last_used",
                          "isssssssii", s->id, s->slug, s->iccid, s->kind, s->label, s->name,
                          s->operator, s->home_plmn, s->first_seen, s->last_used);
}

int ledger_put_modem(Ledger *l, const LedgerModem *m) {
        return ledger_run(l, "write a modem",
                          "INSERT OR REPLACE INTO modem(id, slug, key, unassigned) VALUES(?,?,?,?)",
                          "issi", m->id, m->slug, m->key, m->unassigned);
}

int ledger_put_stint(Ledger *l, const LedgerStint *s) {
        return ledger_run(l, "write a stint",
                          "INSERT OR REPLACE INTO stint(" STINT_COLUMNS ")"
                          " VALUES(?,?,?,?," NULLIF_0 ",?)",
                          "iiiiii", s->id, s->modem, s->sim, s->since, s->until,
                          (int64_t) s->confirmed);
}

int ledger_put_session(Ledger *l, const LedgerSession *s) {
        return ledger_run(l, "write a session",
                          "INSERT OR REPLACE INTO session(id, stint, mux, apn, since, until)"
                          " VALUES(?,?,?,?,?," NULLIF_0 ")",
                          "iiisii", s->id, s->stint, (int64_t) s->mux, s->apn, s->since, s->until);
}

int ledger_put_counter(Ledger *l, const LedgerCounter *c) {
        return ledger_run(l, "write a counter",
                          "INSERT OR REPLACE INTO counter"
                          "(id, epoch, session, rx, tx, charged_rx, charged_tx, believed, ended)"
                          " VALUES(?,?," NULLIF_0 ",?,?,?,?,?," NULLIF_0 ")",
                          "isiuuuuii", c->id, c->epoch, c->session, c->seen.rx, c->seen.tx,
                          c->charged.rx, c->charged.tx, (int64_t) c->believed, c->ended);
}

int ledger_put_sighting(Ledger *l, const LedgerSighting *s) {
        return ledger_run(l, "write the sighting",
                          "INSERT OR REPLACE INTO meta VALUES"
                          "('boot', ?), ('ifindex', ?), ('at', ?), ('boottime', ?),"
                          "('trusted_at', ?)",
                          "siiii", s->boot, s->ifindex, s->at, s->boottime, s->trusted_at);
}

int ledger_put_visit(Ledger *l, int64_t sim, int64_t since, const char *plmn, bool roaming) {
        return ledger_run(l, "write a visit",
                          "INSERT OR IGNORE INTO visit(sim, since, plmn, roaming) VALUES(?,?,?,?)",
                          "iisi", sim, since, plmn, (int64_t) roaming);
}

int ledger_forget_sim(Ledger *l, int64_t sim) {
        static const char *const deletions[] = {
                "DELETE FROM usage WHERE sim=?",
                "DELETE FROM hour_total WHERE sim=?",
                "DELETE FROM visit WHERE sim=?",
                "DELETE FROM event WHERE sim=?",
                "DELETE FROM alert WHERE sim=?",
                "DELETE FROM query WHERE sim=?",
                "DELETE FROM query_sent WHERE sim=?",
                "DELETE FROM session WHERE stint IN (SELECT id FROM stint WHERE sim=?)",
                "DELETE FROM stint WHERE sim=?",
                "DELETE FROM sim WHERE id=?",
        };
        int r;

        ledger_past_changed(l, sim, INT64_MIN);
        for (size_t i = 0; i < G_N_ELEMENTS(deletions); i++) {
                r = ledger_run(l, "forget a SIM", deletions[i], "i", sim);
                if (r < 0)
                        return r;
        }

        return 0;
}
