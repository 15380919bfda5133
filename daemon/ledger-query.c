/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the carriers are asked: the question of each SIM, how it stands, and when it was sent. */

#include <errno.h>

#include "ledger-internal.h"

void ledger_query_clear(LedgerQuery *q) {
        g_clear_pointer(&q->body, g_free);
        g_clear_pointer(&q->state, g_free);
        g_clear_pointer(&q->error, g_free);
        g_clear_pointer(&q->reply, g_free);
}

void ledger_sending_clear(LedgerSending *s) {
        g_clear_pointer(&s->boot, g_free);
}

int ledger_load_query_sims(Ledger *l, GArray **ret) {
        g_autoptr(GArray) sims = g_array_new(FALSE, FALSE, sizeof(int64_t));
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = ledger_prepare(l, &s, "read queries", "SELECT sim FROM query ORDER BY sim", "");
        if (r < 0)
                return r;

        while ((r = ledger_step(l, s, "read queries")) > 0) {
                int64_t sim = sqlite3_column_int64(s, 0);

                g_array_append_val(sims, sim);
        }
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&sims);
        return 0;
}

int ledger_load_query(Ledger *l, int64_t sim, LedgerQuery *ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = ledger_prepare(l, &s, "read a query",
                           "SELECT body, confirmed_at, confirmed, state, sent_at, tries, error,"
                           " reply, replied_at FROM query WHERE sim=?",
                           "i", sim);
        if (r >= 0)
                r = ledger_step(l, s, "read a query");
        if (r < 0)
                return r;
        if (r == 0)
                return -ENOENT;

        *ret = (LedgerQuery){ .sim = sim,
                              .body = ledger_column(s, 0),
                              .confirmed_at = sqlite3_column_int64(s, 1),
                              .confirmed = (unsigned) sqlite3_column_int(s, 2),
                              .state = ledger_column(s, 3),
                              .sent_at = sqlite3_column_int64(s, 4),
                              .tries = (unsigned) sqlite3_column_int(s, 5),
                              .error = ledger_column(s, 6),
                              .reply = ledger_column(s, 7),
                              .replied_at = sqlite3_column_int64(s, 8) };
        return 0;
}

int ledger_put_query(Ledger *l, const LedgerQuery *q) {
        return ledger_run(l, "write a query",
                          "INSERT OR REPLACE INTO query(sim, body, confirmed_at, confirmed, state,"
                          " sent_at, tries, error, reply, replied_at)"
                          " VALUES(?,?,nullif(?, 0),?,?,nullif(?, 0),?,?,?,nullif(?, 0))",
                          "isiisiissi", q->sim, q->body, q->confirmed_at, (int64_t) q->confirmed,
                          q->state, q->sent_at, (int64_t) q->tries, q->error, q->reply,
                          q->replied_at);
}

int ledger_load_sendings(Ledger *l, int64_t sim, GArray **ret) {
        g_autoptr(GArray) sendings = g_array_new(FALSE, FALSE, sizeof(LedgerSending));
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        g_array_set_clear_func(sendings, (GDestroyNotify) ledger_sending_clear);

        r = ledger_prepare(l, &s, "read what was sent",
                           "SELECT at, boot, boottime, estimated FROM query_sent WHERE sim=?"
                           " ORDER BY rowid",
                           "i", sim);
        if (r < 0)
                return r;

        while ((r = ledger_step(l, s, "read what was sent")) > 0) {
                LedgerSending sending = { .at = sqlite3_column_int64(s, 0),
                                          .boot = ledger_column(s, 1),
                                          .boottime = sqlite3_column_int64(s, 2),
                                          .is_estimated = sqlite3_column_int(s, 3) != 0 };

                g_array_append_val(sendings, sending);
        }
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&sendings);
        return 0;
}

int ledger_put_sendings(Ledger *l, int64_t sim, const GArray *sendings) {
        int r;

        r = ledger_run(l, "write what was sent", "DELETE FROM query_sent WHERE sim=?", "i", sim);
        for (guint i = 0; r >= 0 && i < sendings->len; i++) {
                const LedgerSending *s = &g_array_index(sendings, LedgerSending, i);

                r = ledger_run(l, "write what was sent", "INSERT INTO query_sent VALUES(?,?,?,?,?)",
                               "iisii", sim, s->at, s->boot, s->boottime,
                               (int64_t) s->is_estimated);
        }

        return r;
}
