/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What others may ask of the SIMs, and change. */

#include <errno.h>
#include <string.h>

#include "manager-internal.h"

const char *const *manager_problems(Manager *m) {
        size_t n = 0;

        if (m->failure < 0)
                m->problems[n++] = m->failure == -ENOSPC ? "disk-full" : "ledger-not-writable";
        if (!clock_is_trusted())
                m->problems[n++] = "clock-untrusted";
        if (m->quarantine)
                m->problems[n++] = "port-quarantined";
        m->problems[n] = NULL;
        return m->problems;
}

Account *manager_find_sim_by_slug(Manager *m, const char *slug) {
        return g_hash_table_lookup(m->sims_by_slug, slug);
}

Meter *manager_find_modem_by_slug(Manager *m, const char *slug) {
        for (guint i = 0; i < m->meters->len; i++)
                if (g_str_equal(meter_slug(m->meters->pdata[i]), slug))
                        return m->meters->pdata[i];

        return NULL;
}

static bool is_called(const Account *a, const char *text) {
        return g_str_equal(account_slug(a), text) || g_str_equal(account_label(a), text);
}

static bool has_tail(const Account *a, const char *text) {
        return strlen(text) == 4 && strspn(text, "0123456789") == 4 &&
               g_str_has_suffix(account_iccid(a), text);
}

int manager_find_sim(Manager *m, const char *text, Account **ret) {
        static bool (*const fits[])(const Account *a, const char *text) = { is_called, has_tail };

        for (size_t i = 0; i < G_N_ELEMENTS(fits); i++) {
                Account *found = NULL;

                for (guint j = 0; j < m->sims->len; j++) {
                        if (!fits[i](m->sims->pdata[j], text))
                                continue;
                        if (found)
                                return -ENOTUNIQ;
                        found = m->sims->pdata[j];
                }

                if (found) {
                        *ret = found;
                        return 0;
                }
        }

        return -ENOENT;
}

int manager_set_label(Manager *m, Account *a, const char *label) {
        g_autofree char *before = g_strdup(account_own_label(a));
        int r;

        account_set_label(a, label);
        r = manager_flush(m);
        if (r < 0)
                account_set_label(a, before);
        return r;
}

int manager_forget(Manager *m, Account *a) {
        guint index;
        int r;

        for (guint i = 0; i < m->meters->len; i++)
                if (meter_needs(m->meters->pdata[i], a))
                        return -EBUSY;

        r = manager_flush(m);
        if (r < 0)
                return r;
        r = ledger_begin(m->ledger);
        if (r < 0)
                return r;

        r = ledger_forget_sim(m->ledger, account_id(a));
        if (r < 0) {
                ledger_rollback(m->ledger);
                return r;
        }
        r = ledger_commit(m->ledger);
        if (r < 0)
                return r;

        for (guint i = 0; i < m->meters->len; i++)
                meter_forget(m->meters->pdata[i], a);
        if (m->listener)
                m->listener->sim_removed(a, m->userdata);
        (void) g_hash_table_remove(m->sims_by_slug, account_slug(a));
        (void) g_ptr_array_find(m->sims, a, &index);
        (void) g_ptr_array_steal_index(m->sims, index);
        manager_forget_carrier(m, a);
        manager_update_current(m);
        account_free(a);
        return 0;
}

int manager_assign(Manager *m, Meter *meter, Account *to, int64_t since, int64_t until) {
        g_autoptr(GArray) touched = NULL;
        Account *unassigned = meter_unassigned(meter);
        int r;

        r = manager_flush(m);
        if (r < 0)
                return r;
        r = ledger_begin(m->ledger);
        if (r < 0)
                return r;

        r = ledger_assign(m->ledger, meter_id(meter), account_id(unassigned),
                          account_id(to ?: unassigned), since, until, &touched);
        if (r < 0) {
                ledger_rollback(m->ledger);
                return r;
        }
        r = ledger_commit(m->ledger);
        if (r < 0)
                return r;

        for (guint i = 0; i < touched->len; i++) {
                Account *a = manager_account(m, g_array_index(touched, int64_t, i));

                if (a)
                        (void) account_reload(a);
        }
        return 0;
}

int manager_export(Manager *m, int fd) {
        int r;

        manager_refresh(m);
        r = manager_flush(m);
        return r < 0 ? r : ledger_export(m->ledger, fd);
}

int manager_history(Manager *m, Account *a, CalendarUnit unit, GTimeZone *zone, int64_t since,
                    int64_t until, size_t max_rows, GArray **ret) {
        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HistoryRow));
        LedgerHistory history = { .unit = unit,
                                  .zone = zone,
                                  .since = since,
                                  .until = until,
                                  .max_rows = max_rows,
                                  .rows = rows };
        int r;

        manager_refresh(m);

        r = ledger_history_load(m->ledger, account_id(a), &history);
        if (r < 0)
                return r;
        r = account_add_unwritten(a, &history);
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&rows);
        return 0;
}
