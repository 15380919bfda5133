/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a slot of the journal holds comes into the book. */

#include <errno.h>
#include <string.h>

#include "ledger-internal.h"

static int load_meta(Ledger *l, const char *key, sqlite3_stmt **ret) {
        int r;

        r = ledger_prepare(l, ret, "read the ledger", "SELECT value FROM meta WHERE key=?", "s",
                           key);
        if (r < 0)
                return r;

        r = ledger_step(l, *ret, "read the ledger");
        return r == 0 ? -ENOENT : r;
}

int ledger_load_uuid(Ledger *l, char **ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        r = load_meta(l, "uuid", &s);
        if (r < 0)
                return r;

        *ret = ledger_column(s, 0);
        return 0;
}

int ledger_load_sequence(Ledger *l, uint64_t *ret) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int r;

        *ret = 0;
        r = load_meta(l, "sequence", &s);
        if (r == -ENOENT)
                return 0;
        if (r < 0)
                return r;

        *ret = (uint64_t) sqlite3_column_int64(s, 0);
        return 0;
}

int ledger_put_sequence(Ledger *l, uint64_t sequence) {
        return ledger_run(l, "write the sequence",
                          "INSERT OR REPLACE INTO meta VALUES('sequence', ?)", "u", sequence);
}

static int replay_counter(Ledger *l, const SlotCounter *c) {
        return ledger_run(l, "replay a counter",
                          "UPDATE counter SET rx=?, tx=?, charged_rx=?, charged_tx=?, believed=?"
                          " WHERE id=?",
                          "uuuuii", c->seen.rx, c->seen.tx, c->charged.rx, c->charged.tx,
                          (int64_t) c->believed, c->id);
}

static int replay_usage(Ledger *l, const SlotUsage *u, const char *boot) {
        LedgerUsage usage = {
                .sim = u->sim,
                .start = u->start,
                .session = u->session,
                .roaming = u->roaming,
                .bytes = u->bytes,
                .first_at = u->first_at,
                .last_at = u->last_at,
                .gap_from = u->gap_from,
                .boot = u->boottime > 0 ? boot : NULL,
                .boottime = u->boottime,
        };
        int r;

        (void) g_strlcpy(usage.plmn, u->plmn, sizeof(usage.plmn));
        r = ledger_add_usage(l, &usage);
        if (r < 0)
                return r;

        return ledger_run(l, "replay a SIM's use",
                          "UPDATE sim SET last_used=max(last_used, ?) WHERE id=?", "ii", u->last_at,
                          u->sim);
}

/* The boot of the last commit: whoever wrote the slot had committed before. */
static int load_boot(Ledger *l, char **ret) {
        g_auto(LedgerSighting) sighting = { 0 };
        int r;

        r = ledger_load_sighting(l, &sighting);
        if (r < 0)
                return r;

        *ret = g_strndup(sighting.boot, strcspn(sighting.boot, ":"));
        return 0;
}

static int replay(Ledger *l, const Slot *slot) {
        g_autofree char *boot = NULL;
        int r;

        r = load_boot(l, &boot);

        for (guint i = 0; r >= 0 && i < slot->counters->len; i++)
                r = replay_counter(l, &g_array_index(slot->counters, SlotCounter, i));
        for (guint i = 0; r >= 0 && i < slot->usages->len; i++)
                r = replay_usage(l, &g_array_index(slot->usages, SlotUsage, i), boot);
        return r < 0 ? r : ledger_put_sequence(l, slot->sequence);
}

int ledger_replay(Ledger *l, const Slot *slot) {
        int r;

        r = ledger_begin(l);
        if (r < 0)
                return r;

        r = replay(l, slot);
        if (r < 0) {
                ledger_rollback(l);
                return r;
        }

        return ledger_commit(l);
}
