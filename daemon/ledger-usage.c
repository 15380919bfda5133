/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The bytes in the book: adding, and moving them from one SIM to another. */

#include <errno.h>
#include <string.h>

#include "ledger-internal.h"

#define HOUR 3600

/* Adds to a slice, or takes from it, together with the sums that are kept of it. */
static int book(Ledger *l, const LedgerUsage *u, bool take) {
        const char *sign = take ? "-" : "+";
        g_autofree char *hours = NULL, *totals = NULL;
        int64_t rx = (int64_t) u->bytes.rx, tx = (int64_t) u->bytes.tx;
        int r;

        ledger_past_changed(l, u->sim, u->start);
        hours = g_strdup_printf("INSERT INTO hour_total VALUES(?1,?2,?3,?4,?5)"
                                " ON CONFLICT DO UPDATE SET rx=rx%sexcluded.rx, tx=tx%sexcluded.tx",
                                sign, sign);
        r = ledger_run(l, "write an hour", hours, "iiiii", u->sim, u->start - u->start % HOUR,
                       (int64_t) u->roaming, rx, tx);
        if (r < 0)
                return r;

        totals = g_strdup_printf("UPDATE sim SET rx=rx%s?, tx=tx%s? WHERE id=?", sign, sign);
        return ledger_run(l, "write a total", totals, "iii", rx, tx, u->sim);
}

int ledger_add_usage(Ledger *l, const LedgerUsage *u) {
        int r;

        r = ledger_run(l, "write a slice",
                       "INSERT INTO usage VALUES(?,?,?,?,?,?,?,?,?,nullif(?, 0))"
                       " ON CONFLICT DO UPDATE SET rx=rx+excluded.rx, tx=tx+excluded.tx,"
                       " first_at=min(first_at, excluded.first_at),"
                       " last_at=max(last_at, excluded.last_at),"
                       " gap_from=min(coalesce(gap_from, excluded.gap_from),"
                       "              coalesce(excluded.gap_from, gap_from))",
                       "iiisiiiiii", u->sim, u->start, u->session, u->plmn, (int64_t) u->roaming,
                       (int64_t) u->bytes.rx, (int64_t) u->bytes.tx, u->first_at, u->last_at,
                       u->gap_from);
        if (r < 0)
                return r;

        r = book(l, u, false);
        if (r < 0 || !u->boot)
                return r;

        return ledger_run(l, "write what is not dated", "INSERT INTO undated VALUES(?,?,?,?,?,?,?)",
                          "siisiii", u->boot, u->boottime, u->session, u->plmn,
                          (int64_t) u->roaming, (int64_t) u->bytes.rx, (int64_t) u->bytes.tx);
}

static int take_usage(Ledger *l, const LedgerUsage *u) {
        int r;

        r = ledger_run(l, "move a slice",
                       "UPDATE usage SET rx=rx-?, tx=tx-?"
                       " WHERE sim=? AND start=? AND session=? AND plmn=? AND roaming=?",
                       "iiiiisi", (int64_t) u->bytes.rx, (int64_t) u->bytes.tx, u->sim, u->start,
                       u->session, u->plmn, (int64_t) u->roaming);
        if (r < 0)
                return r;

        r = ledger_run(l, "move a slice",
                       "DELETE FROM usage WHERE rx=0 AND tx=0 AND"
                       " sim=? AND start=? AND session=? AND plmn=? AND roaming=?",
                       "iiisi", u->sim, u->start, u->session, u->plmn, (int64_t) u->roaming);
        if (r < 0)
                return r;

        return book(l, u, true);
}

static int move_usage(Ledger *l, LedgerUsage u, int64_t to, int64_t to_session) {
        int r;

        if (u.sim == to || traffic_is_zero(u.bytes))
                return 0;

        r = take_usage(l, &u);
        if (r < 0)
                return r;

        if (to_session > 0) {
                /* Sessions are undated whole: so is the one that gets bytes of such a session. */
                r = ledger_run(l, "move what is not dated",
                               "INSERT INTO undated SELECT boot, boottime, ?, plmn, roaming, 0, 0"
                               " FROM undated WHERE session=? LIMIT 1",
                               "ii", to_session, u.session);
                if (r < 0)
                        return r;
                u.session = to_session;
        }

        u.sim = to;
        return ledger_add_usage(l, &u);
}

#define USAGE_COLUMNS                                                                              \
        "u.sim, u.start, u.session, u.plmn, u.roaming, u.rx, u.tx, u.first_at, u.last_at, "        \
        "u.gap_from"

static LedgerUsage read_usage(sqlite3_stmt *s) {
        LedgerUsage u = {
                .sim = sqlite3_column_int64(s, 0),
                .start = sqlite3_column_int64(s, 1),
                .session = sqlite3_column_int64(s, 2),
                .roaming = sqlite3_column_int64(s, 4),
                .bytes = ledger_column_traffic(s, 5),
                .first_at = sqlite3_column_int64(s, 7),
                .last_at = sqlite3_column_int64(s, 8),
                .gap_from = sqlite3_column_int64(s, 9),
        };

        (void) g_strlcpy(u.plmn, (const char *) sqlite3_column_text(s, 3), sizeof(u.plmn));
        return u;
}

static int read_usages(Ledger *l, sqlite3_stmt *s, GArray **ret) {
        g_autoptr(GArray) usages = g_array_new(FALSE, FALSE, sizeof(LedgerUsage));
        int r;

        while ((r = ledger_step(l, s, "read slices")) > 0) {
                LedgerUsage u = read_usage(s);

                g_array_append_val(usages, u);
        }
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&usages);
        return 0;
}

int ledger_load_slices(Ledger *l, int64_t sim, GArray **ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = ledger_prepare(l, &s, "read slices",
                           "SELECT " USAGE_COLUMNS " FROM usage u WHERE u.sim=?"
                           " ORDER BY u.first_at, u.session",
                           "i", sim);
        return r < 0 ? r : read_usages(l, s, ret);
}

int ledger_move_stint(Ledger *l, int64_t stint, int64_t from, int64_t to, int64_t to_session,
                      Traffic most, Traffic *ret_moved) {
        g_autoptr(sqlite3_stmt) s = NULL;
        g_autoptr(GArray) usages = NULL;
        Traffic moved = { 0 };
        int r;

        r = ledger_prepare(l, &s, "read slices",
                           "SELECT " USAGE_COLUMNS " FROM usage u JOIN session n ON n.id=u.session"
                           " WHERE u.sim=? AND n.stint=? ORDER BY u.last_at DESC, u.session DESC",
                           "ii", from, stint);
        if (r < 0)
                return r;

        r = read_usages(l, s, &usages);
        if (r < 0)
                return r;

        for (guint i = 0; i < usages->len; i++) {
                LedgerUsage u = g_array_index(usages, LedgerUsage, i);

                u.bytes = traffic_least(u.bytes, traffic_beyond(most, moved));
                r = move_usage(l, u, to, to_session);
                if (r < 0)
                        return r;
                moved = traffic_add(moved, u.bytes);
        }

        *ret_moved = moved;
        return 0;
}

static int redate_usage(Ledger *l, LedgerUsage u, int64_t shift) {
        bool is_broken = u.start % LEDGER_SLICE_SECONDS != 0;
        int r;

        r = take_usage(l, &u);
        if (r < 0)
                return r;

        u.first_at += shift;
        u.last_at += shift;
        u.start = is_broken ? u.start + shift : u.first_at - u.first_at % LEDGER_SLICE_SECONDS;
        return ledger_add_usage(l, &u);
}

#define UNDATED_SESSIONS "(SELECT session FROM undated WHERE boot=?)"

/* What is known of a SIM says by its instant alone whether it is dated. */
static int redate_sims(Ledger *l, int64_t shift, int64_t since) {
        int r;

        r = ledger_run(l, "date a SIM's first use",
                       "UPDATE sim SET first_seen=first_seen+? WHERE first_seen>=?", "ii", shift,
                       since);
        /* By way of instants that no visit has: it may come to where another one was, or is. */
        if (r >= 0)
                r = ledger_run(l, "date visits", "UPDATE visit SET since=-(since+?) WHERE since>=?",
                               "ii", shift, since);
        if (r >= 0)
                r = ledger_run(l, "date visits",
                               "UPDATE OR IGNORE visit SET since=-since WHERE since<0", "");
        if (r >= 0)
                r = ledger_run(l, "date visits", "DELETE FROM visit WHERE since<0", "");
        return r;
}

static int redate(Ledger *l, const char *boot, int64_t shift, int64_t since) {
        g_autoptr(sqlite3_stmt) s = NULL;
        g_autoptr(GArray) usages = NULL;
        int r;

        r = ledger_prepare(l, &s, "read slices",
                           "SELECT " USAGE_COLUMNS " FROM usage u"
                           " WHERE u.session IN " UNDATED_SESSIONS,
                           "s", boot);
        if (r >= 0)
                r = read_usages(l, s, &usages);
        for (guint i = 0; r >= 0 && i < usages->len; i++)
                r = redate_usage(l, g_array_index(usages, LedgerUsage, i), shift);
        if (r >= 0)
                r = ledger_run(l, "date sessions",
                               "UPDATE session SET since=since+?, until=until+?"
                               " WHERE id IN " UNDATED_SESSIONS,
                               "iis", shift, shift, boot);
        if (r >= 0) /* those that were told to be of another instant than now stay there */
                r = ledger_run(l, "date events",
                               "UPDATE event SET at=at+iif(at=recorded_at, ?, 0),"
                               " recorded_at=recorded_at+?"
                               " WHERE -id IN " UNDATED_SESSIONS,
                               "iis", shift, shift, boot);
        if (r >= 0)
                r = redate_sims(l, shift, since);
        if (r >= 0)
                r = ledger_run(l, "date a SIM's use",
                               "UPDATE sim SET last_used=coalesce("
                               "(SELECT max(last_at) FROM usage WHERE usage.sim=sim.id), last_used)"
                               " WHERE id IN (SELECT sim FROM usage"
                               "              WHERE session IN " UNDATED_SESSIONS ")",
                               "s", boot);
        return r < 0 ? r
                     : ledger_run(l, "date slices", "DELETE FROM undated WHERE boot=?", "s", boot);
}

int ledger_redate(Ledger *l, const char *boot, int64_t shift, int64_t since) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = ledger_prepare(l, &s, "look for what is not dated",
                           "SELECT 1 FROM undated WHERE boot=?1"
                           " UNION ALL SELECT 1 FROM sim WHERE first_seen>=?2 AND ?3<>0"
                           " UNION ALL SELECT 1 FROM visit WHERE since>=?2 AND ?3<>0 LIMIT 1",
                           "sii", boot, since, shift);
        if (r >= 0)
                r = ledger_step(l, s, "look for what is not dated");
        if (r <= 0)
                return r;
        g_clear_pointer(&s, ledger_release);

        r = ledger_begin(l);
        if (r < 0)
                return r;

        r = redate(l, boot, shift, since);
        if (r < 0) {
                ledger_rollback(l);
                return r;
        }

        return ledger_commit(l);
}

/* A slice may begin before its session: the boundary of its time, or the second before one. */
int ledger_load_undated(Ledger *l, int64_t sim, const char *boot, Traffic *ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = ledger_prepare(l, &s, "add up what is not dated",
                           "SELECT coalesce(sum(rx), 0), coalesce(sum(tx), 0) FROM usage"
                           " WHERE sim=? AND session IN " UNDATED_SESSIONS
                           " AND start>=(SELECT min(since) - ? FROM session"
                           "             WHERE id IN " UNDATED_SESSIONS ")",
                           "isis", sim, boot, (int64_t) (2 * LEDGER_SLICE_SECONDS), boot);
        if (r >= 0)
                r = ledger_step(l, s, "add up what is not dated");
        if (r < 0)
                return r;

        *ret = ledger_column_traffic(s, 0);
        return 0;
}

int ledger_assign(Ledger *l, int64_t modem, int64_t unassigned, int64_t to, int64_t since,
                  int64_t until, GArray **ret_touched_sims) {
        g_autoptr(GArray) touched = g_array_new(FALSE, FALSE, sizeof(int64_t));
        g_autoptr(sqlite3_stmt) s = NULL;
        g_autoptr(GArray) usages = NULL;
        int r;

        r = ledger_prepare(l, &s, "read slices",
                           "SELECT " USAGE_COLUMNS " FROM usage u JOIN session n ON n.id=u.session"
                           " JOIN stint t ON t.id=n.stint"
                           " WHERE t.modem=? AND t.sim=? AND u.first_at>=? AND u.first_at<?",
                           "iiii", modem, unassigned, since, until > 0 ? until : INT64_MAX);
        if (r < 0)
                return r;

        r = read_usages(l, s, &usages);
        if (r < 0)
                return r;

        for (guint i = 0; i < usages->len; i++) {
                LedgerUsage u = g_array_index(usages, LedgerUsage, i);

                r = move_usage(l, u, to, 0);
                if (r < 0)
                        return r;
                g_array_append_val(touched, u.sim);
        }

        g_array_append_val(touched, to);
        *ret_touched_sims = g_steal_pointer(&touched);
        return 0;
}
