/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What plans bring about: what is told of a SIM, and what falls due. */

#include <errno.h>

#include "manager-internal.h"
#include "preset.h"

static int64_t next_boundary(Manager *m) {
        int64_t next = manager_next_asking(m);

        for (guint i = 0; i < m->sims->len; i++)
                next = MIN(next, account_boundary(m->sims->pdata[i]));
        return next;
}

/* One timer for all SIMs; nothing is due twice in a second. */
static void update_boundary(Manager *m) {
        int64_t next = next_boundary(m);

        clock_wake_at(next == PERIOD_NEVER ? 0 : MAX(next, clock_now() + 1));
}

static bool is_urgent(const Manager *m) {
        for (guint i = 0; i < m->sims->len; i++)
                if (account_is_urgent(m->sims->pdata[i]))
                        return true;

        return false;
}

void manager_match_plan(Manager *m, Account *a) {
        g_autofree char *plmn = plmn_format(account_home(a));
        const PresetSim sim = { .iccid = account_iccid(a),
                                .operator= account_operator(a),
                                .plmn = plmn };
        const Preset *preset = presets_match(m->fleet, &sim);

        account_set_fleet_plan(a, preset ? g_strdup(preset->text) : NULL);
}

static gboolean on_plan(void *userdata) {
        Manager *m = userdata;

        m->plan = 0;
        if (is_urgent(m) && m->failure == 0) /* else it is tried again soon enough */
                (void) manager_flush(m);
        update_boundary(m);
        manager_update_tick(m);
        return G_SOURCE_REMOVE;
}

void manager_plan_later(Manager *m) {
        /* Before all that waits: promptness is what it is for. */
        if (m->plan == 0)
                m->plan = g_idle_add_full(G_PRIORITY_HIGH, on_plan, m, NULL);
}

static void read_all(Manager *m) {
        for (guint i = 0; i < m->meters->len; i++)
                meter_read(m->meters->pdata[i]);
}

void manager_pass_boundary(Manager *m) {
        int64_t now = clock_now();

        read_all(m);
        (void) manager_flush(m); /* what cannot be written now keeps its dates */
        for (guint i = 0; i < m->sims->len; i++) {
                (void) account_pass_boundary(m->sims->pdata[i], now); /* logged there */
                manager_consider_asking(m, m->sims->pdata[i]);
        }
        manager_plan_later(m);
}

int manager_put_row(Manager *m, const ManagerRow *row) {
        int r;

        r = ledger_put_query(m->ledger, row->query);
        return r < 0 ? r : ledger_put_sendings(m->ledger, row->query->sim, row->sendings);
}

static int write_event(Manager *m, const LedgerEvent *e, const ManagerRow *also) {
        int r;

        r = ledger_begin(m->ledger);
        if (r < 0)
                return r;

        r = ledger_put_event(m->ledger, e);
        if (r >= 0 && also)
                r = manager_put_row(m, also);
        if (r < 0) {
                ledger_rollback(m->ledger);
                return r;
        }

        return ledger_commit(m->ledger);
}

/* Written first; then everything is worked out anew. */
static int change_events(Manager *m, Account *a, const LedgerEvent *e, const ManagerRow *also,
                         int64_t now) {
        int r;

        r = write_event(m, e, also);
        if (r < 0)
                return r;

        account_close_slice(a, now + 1);
        (void) account_reload_events(a, now); /* logged there; right again after the next start */
        (void) manager_flush(m);              /* alerts; logged there, and tried again */
        return 0;
}

int manager_record(Manager *m, Account *a, int64_t at, const char *kind, const char *body,
                   const ManagerRow *also, int64_t *ret_id) {
        LedgerEvent e = { .sim = account_id(a), .kind = (char *) kind, .body = (char *) body };
        int64_t now;
        int r;

        read_all(m);
        r = manager_flush(m);
        if (r < 0)
                return r;

        now = account_next_instant(a);
        e.id = ledger_new_id(m->ledger, LEDGER_EVENT);
        e.at = at > 0 ? at : now;
        e.recorded_at = now;
        if (!clock_is_trusted()) {
                e.boot = clock_boot_id();
                e.boottime = clock_boottime_usec() / G_USEC_PER_SEC;
        }
        r = change_events(m, a, &e, also, now);
        if (r < 0)
                return r;

        *ret_id = e.id;
        return 0;
}

int manager_record_event(Manager *m, Account *a, int64_t at, const char *kind, const char *body,
                         int64_t *ret_id) {
        return manager_record(m, a, at, kind, body, NULL, ret_id);
}

static const LedgerEvent *find_event(const Account *a, int64_t id) {
        const GArray *events = account_events(a);

        for (guint i = 0; i < events->len; i++) {
                const LedgerEvent *e = &g_array_index(events, LedgerEvent, i);

                if (e->id == id && e->removed_at == 0)
                        return e;
        }

        return NULL;
}

int manager_remove_event(Manager *m, Account *a, int64_t id) {
        const LedgerEvent *found;
        LedgerEvent e;
        int64_t now;
        int r;

        if (!find_event(a, id))
                return -ENOENT;

        read_all(m);
        r = manager_flush(m);
        if (r < 0)
                return r;

        now = account_next_instant(a);
        found = find_event(a, id);
        e = *found;
        e.removed_at = now;
        return change_events(m, a, &e, NULL, now);
}

static int write_alert(Manager *m, Account *a, const LedgerAlert *before) {
        int r;

        r = manager_flush(m);
        if (r < 0)
                account_restore_alert(a, before);
        else
                manager_plan_later(m);
        return r;
}

int manager_acknowledge_alert(Manager *m, Account *a, int64_t id) {
        LedgerAlert before;
        int r;

        r = manager_flush(m);
        if (r >= 0)
                r = account_acknowledge(a, id, clock_now(), &before);
        return r < 0 ? r : write_alert(m, a, &before);
}

int manager_snooze_alert(Manager *m, Account *a, int64_t id, int64_t until) {
        LedgerAlert before;
        int r;

        r = manager_flush(m);
        if (r >= 0)
                r = account_snooze(a, id, until, &before);
        return r < 0 ? r : write_alert(m, a, &before);
}
