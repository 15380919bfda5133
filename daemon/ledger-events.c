/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is known of a SIM besides its bytes, and what was told of it; all that a replay needs. */

#include "ledger-internal.h"

void ledger_event_clear(LedgerEvent *e) {
        g_clear_pointer(&e->kind, g_free);
        g_clear_pointer(&e->body, g_free);
}

void ledger_alert_clear(LedgerAlert *a) {
        g_clear_pointer(&a->key, g_free);
}

int ledger_load_events(Ledger *l, int64_t sim, GArray **ret) {
        g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(LedgerEvent));
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        g_array_set_clear_func(events, (GDestroyNotify) ledger_event_clear);

        r = ledger_prepare(l, &s, "read events",
                           "SELECT id, sim, at, recorded_at, kind, body, removed_at FROM event"
                           " WHERE sim=? ORDER BY at, id",
                           "i", sim);
        if (r < 0)
                return r;

        while ((r = ledger_step(l, s, "read events")) > 0) {
                LedgerEvent e = { .id = sqlite3_column_int64(s, 0),
                                  .sim = sqlite3_column_int64(s, 1),
                                  .at = sqlite3_column_int64(s, 2),
                                  .recorded_at = sqlite3_column_int64(s, 3),
                                  .kind = ledger_column(s, 4),
                                  .body = ledger_column(s, 5),
                                  .removed_at = sqlite3_column_int64(s, 6) };

                g_array_append_val(events, e);
        }
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&events);
        return 0;
}

/* Among what is not dated, an event stands where a session does, with its sign turned. */
static int put_undated(Ledger *l, const LedgerEvent *e) {
        return ledger_run(l, "write what is not dated",
                          "INSERT INTO undated VALUES(?,?,?,'',0,0,0)", "sii", e->boot, e->boottime,
                          -e->id);
}

int ledger_put_event(Ledger *l, const LedgerEvent *e) {
        int r;

        r = ledger_run(l, "write an event",
                       "INSERT OR REPLACE INTO event(id, sim, at, recorded_at, kind, body,"
                       " removed_at) VALUES(?,?,?,?,?,?,nullif(?, 0))",
                       "iiiissi", e->id, e->sim, e->at, e->recorded_at, e->kind, e->body,
                       e->removed_at);
        return r < 0 || !e->boot ? r : put_undated(l, e);
}

int ledger_load_alerts(Ledger *l, int64_t sim, GArray **ret) {
        g_autoptr(GArray) alerts = g_array_new(FALSE, FALSE, sizeof(LedgerAlert));
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        g_array_set_clear_func(alerts, (GDestroyNotify) ledger_alert_clear);

        r = ledger_prepare(l, &s, "read alerts",
                           "SELECT id, sim, key, raised_at, acked_at, snoozed_until, cleared_at"
                           " FROM alert WHERE sim=? ORDER BY id",
                           "i", sim);
        if (r < 0)
                return r;

        while ((r = ledger_step(l, s, "read alerts")) > 0) {
                LedgerAlert a = { .id = sqlite3_column_int64(s, 0),
                                  .sim = sqlite3_column_int64(s, 1),
                                  .key = ledger_column(s, 2),
                                  .raised_at = sqlite3_column_int64(s, 3),
                                  .acked_at = sqlite3_column_int64(s, 4),
                                  .snoozed_until = sqlite3_column_int64(s, 5),
                                  .cleared_at = sqlite3_column_int64(s, 6) };

                g_array_append_val(alerts, a);
        }
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&alerts);
        return 0;
}

int ledger_put_alert(Ledger *l, const LedgerAlert *a) {
        /* Another row with this key would be one alert told twice: that is refused. */
        return ledger_run(l, "write an alert",
                          "INSERT INTO alert(id, sim, key, raised_at, acked_at, snoozed_until,"
                          " cleared_at) VALUES(?,?,?,?,nullif(?, 0),nullif(?, 0),nullif(?, 0))"
                          " ON CONFLICT(id) DO UPDATE SET raised_at=excluded.raised_at,"
                          " acked_at=excluded.acked_at, snoozed_until=excluded.snoozed_until,"
                          " cleared_at=excluded.cleared_at",
                          "iisiiii", a->id, a->sim, a->key, a->raised_at, a->acked_at,
                          a->snoozed_until, a->cleared_at);
}

int ledger_load_visits(Ledger *l, int64_t sim, GArray **ret) {
        g_autoptr(GArray) visits = g_array_new(FALSE, FALSE, sizeof(LedgerVisit));
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = ledger_prepare(l, &s, "read visits",
                           "SELECT since, plmn, roaming FROM visit WHERE sim=?"
                           " ORDER BY since",
                           "i", sim);
        if (r < 0)
                return r;

        while ((r = ledger_step(l, s, "read visits")) > 0) {
                LedgerVisit v = { .since = sqlite3_column_int64(s, 0),
                                  .roaming = sqlite3_column_int64(s, 2) };

                (void) g_strlcpy(v.plmn, (const char *) sqlite3_column_text(s, 1), sizeof(v.plmn));
                g_array_append_val(visits, v);
        }
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&visits);
        return 0;
}
