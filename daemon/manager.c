/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <limits.h>

#include "iccid.h"
#include "manager-internal.h"
#include "preset.h"

#define ROUTE_USEC (60 * G_USEC_PER_SEC) /* the current SIM may not be it any more */

static bool is_unassigned(const Account *a) {
        return account_iccid(a) == NULL;
}

void manager_tell(Manager *m, ManagerChange what) {
        if (m->listener)
                m->listener->changed(what, m->userdata);
}

static Meter *find_meter_of(Manager *m, const Account *unassigned) {
        for (guint i = 0; i < m->meters->len; i++)
                if (meter_unassigned(m->meters->pdata[i]) == unassigned)
                        return m->meters->pdata[i];

        return NULL;
}

/* The SIM behind the default route, else the last that carried data. */
static Account *choose_current(Manager *m) {
        int ifindex = link_monitor_default_ifindex(m->links);
        Account *latest = NULL;

        for (guint i = 0; i < m->meters->len; i++) {
                Meter *meter = m->meters->pdata[i];

                if (meter_has_link(meter, ifindex) && meter_account(meter))
                        return meter_account(meter);
        }

        for (guint i = 0; i < m->sims->len; i++) {
                Account *a = m->sims->pdata[i];

                if (!latest || account_last_used(a) > account_last_used(latest) ||
                    (account_last_used(a) == account_last_used(latest) &&
                     account_presence(a)->modem && !account_presence(latest)->modem))
                        latest = a;
        }

        return latest;
}

void manager_update_current(Manager *m) {
        Account *current = choose_current(m);

        m->route_usec = clock_boottime_usec();
        if (current == m->current)
                return;

        m->current = current;
        manager_tell(m, MANAGER_CHANGED_CURRENT);
}

static void on_account_changed(Account *a, AccountChange what, void *userdata) {
        Manager *m = userdata;

        if (is_unassigned(a)) {
                Meter *meter = find_meter_of(m, a);

                if (meter && m->listener)
                        m->listener->modem_changed(meter, m->userdata);
                return;
        }

        if (what & ACCOUNT_CHANGED_IDENTITY)
                manager_match_plan(m, a);
        if (m->listener)
                m->listener->sim_changed(a, what, m->userdata);
        if (what & ACCOUNT_CHANGED_PLAN)
                manager_plan_later(m);
        if (what & ACCOUNT_CHANGED_FIGURES)
                manager_consider_asking(m, a);
        if ((what & ACCOUNT_CHANGED_PRESENCE) ||
            ((what & ACCOUNT_CHANGED_FIGURES) &&
             (a != m->current || clock_boottime_usec() - m->route_usec > ROUTE_USEC)))
                manager_update_current(m);
}

static void on_alert_raised(Account *a, int64_t id, const Alert *alert, void *userdata) {
        Manager *m = userdata;

        if (m->listener)
                m->listener->alert_raised(a, id, alert, m->userdata);
}

static void on_alert_cleared(Account *a, int64_t id, void *userdata) {
        Manager *m = userdata;

        if (m->listener)
                m->listener->alert_cleared(a, id, m->userdata);
}

static const AccountListener account_listener = {
        .changed = on_account_changed,
        .alert_raised = on_alert_raised,
        .alert_cleared = on_alert_cleared,
};

Account *manager_account(Manager *m, int64_t id) {
        for (guint i = 0; i < m->sims->len; i++)
                if (account_id(m->sims->pdata[i]) == id)
                        return m->sims->pdata[i];
        for (guint i = 0; i < m->unassigned->len; i++)
                if (account_id(m->unassigned->pdata[i]) == id)
                        return m->unassigned->pdata[i];

        return NULL;
}

static void add_account(Manager *m, Account *a) {
        g_ptr_array_add(is_unassigned(a) ? m->unassigned : m->sims, a);
        if (!is_unassigned(a))
                g_hash_table_insert(m->sims_by_slug, (char *) account_slug(a), a);
}

/* A SIM, or (without an ICCID) the unassigned bytes of a modem, that was never seen before. */
static Account *begin_account(Manager *m, const char *iccid) {
        g_auto(LedgerSim) row = {
                .id = ledger_new_id(m->ledger, LEDGER_SIM),
                .slug = ledger_new_slug(),
                .iccid = g_strdup(iccid),
                .kind = g_strdup(iccid ? "unknown" : "unassigned"),
                .label = g_strdup(""),
                .name = g_strdup(""),
                .operator= g_strdup(""),
                .home_plmn = g_strdup(""),
                .first_seen = clock_now(),
        };
        Account *a = account_new(&row, true, m->ledger, &account_listener, m);

        add_account(m, a);
        return a;
}

static Account *account_of(const char *iccid, void *userdata) {
        Manager *m = userdata;
        Account *a;

        for (guint i = 0; i < m->sims->len; i++)
                if (iccid_same(account_iccid(m->sims->pdata[i]), iccid))
                        return m->sims->pdata[i];

        a = begin_account(m, iccid);
        if (m->listener)
                m->listener->sim_added(a, m->userdata);
        manager_match_plan(m, a);
        (void) account_load_plan(a); /* there is nothing yet, but something to be told */
        return a;
}

static Account *account_by_id(int64_t id, void *userdata) {
        return manager_account(userdata, id);
}

static void on_meter_changed(Meter *meter, void *userdata);

static void on_meter_dirty(Meter *meter, void *userdata) {
        manager_commit_later(userdata);
}

static int on_meter_flush(Meter *meter, void *userdata) {
        return manager_flush(userdata);
}

static const MeterListener meter_listener = {
        .account_of = account_of,
        .account_by_id = account_by_id,
        .changed = on_meter_changed,
        .dirty = on_meter_dirty,
        .flush = on_meter_flush,
};

static void on_meter_changed(Meter *meter, void *userdata) {
        Manager *m = userdata;

        manager_update_tick(m);
        manager_update_carriers(m);
        if (m->listener)
                m->listener->modem_changed(meter, m->userdata);
}

static void on_link_appeared(const Link *link, void *userdata) {
        Manager *m = userdata;

        for (guint i = 0; i < m->meters->len; i++)
                meter_link_appeared(m->meters->pdata[i], link);
}

static void on_link_vanished(const Link *link, const Traffic *last, void *userdata) {
        Manager *m = userdata;

        for (guint i = 0; i < m->meters->len; i++)
                meter_link_vanished(m->meters->pdata[i], link, last);
}

static const LinkListener link_listener = {
        .appeared = on_link_appeared,
        .vanished = on_link_vanished,
};

int manager_add_meter(Manager *m, const Port *port, Meter **ret) {
        MeterContext context = { .ledger = m->ledger,
                                 .links = m->links,
                                 .sighting = &m->sighting,
                                 .listener = &meter_listener,
                                 .answers = &manager_meter_answers,
                                 .userdata = m };
        g_auto(LedgerModem) row = { 0 };
        Account *unassigned = NULL;
        Meter *meter;
        bool is_known;
        int r;

        r = ledger_load_modem(m->ledger, port->key, &row);
        if (r < 0 && r != -ENOENT)
                return r;

        is_known = r >= 0;
        if (is_known)
                unassigned = manager_account(m, row.unassigned);
        if (!unassigned)
                unassigned = begin_account(m, NULL);
        if (!is_known)
                row = (LedgerModem){ .id = ledger_new_id(m->ledger, LEDGER_MODEM),
                                     .slug = ledger_new_slug(),
                                     .key = g_strdup(port->key),
                                     .unassigned = account_id(unassigned) };

        r = meter_new(port, &row, is_known, unassigned, &context, &meter);
        if (r < 0)
                return r;

        g_ptr_array_add(m->meters, meter);
        if (m->listener)
                m->listener->modem_added(meter, m->userdata);
        *ret = meter;
        return 0;
}

static int load_accounts(Manager *m) {
        g_autoptr(GArray) sims = NULL;
        int r;

        r = ledger_load_sims(m->ledger, &sims);
        if (r < 0)
                return r;

        for (guint i = 0; i < sims->len; i++) {
                const LedgerSim *row = &g_array_index(sims, LedgerSim, i);
                Account *a = account_new(row, false, m->ledger, &account_listener, m);

                add_account(m, a);
                if (!row->iccid)
                        continue;
                manager_match_plan(m, a);
                r = account_load_plan(a);
                if (r < 0)
                        return r;
        }

        return 0;
}

static void free_account(void *data) {
        account_free(data);
}

static void free_meter(void *data) {
        meter_free(data);
}

int manager_new(Ledger *ledger, Journal *journal, Manager **ret) {
        Manager *m = g_new0(Manager, 1);
        int r;

        m->ledger = ledger;
        m->journal = journal;
        m->sims = g_ptr_array_new_with_free_func(free_account);
        m->sims_by_slug = g_hash_table_new(g_str_hash, g_str_equal);
        m->unassigned = g_ptr_array_new_with_free_func(free_account);
        m->meters = g_ptr_array_new_with_free_func(free_meter);
        m->carriers = manager_carriers_new();
        m->fleet = presets_load_fleet();

        r = manager_recover(m);
        if (r >= 0)
                r = ledger_load_sighting(ledger, &m->sighting);
        if (r >= 0 || r == -ENOENT) {
                manager_begin_clock(m);
                r = load_accounts(m);
        }
        if (r >= 0)
                r = manager_load_carriers(m);
        if (r >= 0)
                r = link_monitor_new(&link_listener, m, &m->links);
        if (r < 0) {
                manager_free(m);
                return r;
        }

        *ret = m;
        return 0;
}

Manager *manager_free(Manager *m) {
        if (!m)
                return NULL;

        clock_done();
        manager_ports_done(m);
        g_clear_handle_id(&m->tick, g_source_remove);
        g_clear_handle_id(&m->commit, g_source_remove);
        g_clear_handle_id(&m->look, g_source_remove);
        g_clear_handle_id(&m->plan, g_source_remove);
        g_ptr_array_unref(m->carriers);
        g_ptr_array_unref(m->meters);
        ports_free(m->ports);
        link_monitor_free(m->links);
        g_hash_table_unref(m->sims_by_slug);
        g_ptr_array_unref(m->sims);
        g_ptr_array_unref(m->unassigned);
        g_array_unref(m->fleet);
        ledger_sighting_clear(&m->sighting);
        g_free(m);
        return NULL;
}

void manager_set_listener(Manager *m, const ManagerListener *listener, void *userdata) {
        m->listener = listener;
        m->userdata = userdata;
}

/* Links up to this index were there at our last sighting, and others began after it. */
static int known_ifindex(const Manager *m) {
        g_autofree char *boot = manager_boot();

        if (!m->sighting.boot)
                return INT_MAX; /* never seen anything: what is there may be old */
        if (!g_str_equal(m->sighting.boot, boot))
                return g_str_has_prefix(m->sighting.boot, clock_boot_id()) ? INT_MAX : 0;
        return (int) m->sighting.ifindex;
}

int manager_start(Manager *m, Port **ports, size_t n_ports, bool search) {
        Meter *meter;
        int r;

        /* The modems of named ports are there from the start: their links may come first. */
        for (size_t i = 0; i < n_ports; i++) {
                r = manager_add_meter(m, ports[i], &meter);
                if (r < 0)
                        return r;
        }

        r = link_monitor_start(m->links, known_ifindex(m));
        if (r < 0)
                return r;

        r = ports_new(ports, n_ports, search, &manager_ports_listener, m, &m->ports);
        if (r < 0)
                return r;

        clock_watch(&manager_clock_listener, m);
        manager_update_current(m);
        return 0;
}

static void on_closed(void *userdata) {
        Manager *m = userdata;

        if (--m->n_closing == 0)
                m->stopped(m->stopped_userdata);
}

void manager_stop(Manager *m, void (*stopped)(void *userdata), void *userdata) {
        m->stopped = stopped;
        m->stopped_userdata = userdata;
        m->n_closing = 1;

        for (guint i = 0; i < m->meters->len; i++)
                meter_read(m->meters->pdata[i]);
        (void) manager_flush(m); /* a failure is logged there, and nothing more can be done */

        for (guint i = 0; i < m->meters->len; i++) {
                m->n_closing++;
                meter_close(m->meters->pdata[i], on_closed, m);
        }
        on_closed(m);
}

GPtrArray *manager_sims(Manager *m) {
        return m->sims;
}

GPtrArray *manager_modems(Manager *m) {
        return m->meters;
}

Account *manager_current_sim(Manager *m) {
        return m->current;
}

int64_t manager_now(Manager *m) {
        return clock_now();
}

static gboolean on_look(void *userdata) {
        Manager *m = userdata;

        m->look = 0;
        for (guint i = 0; i < m->meters->len; i++)
                meter_look(m->meters->pdata[i]);
        return G_SOURCE_REMOVE;
}

void manager_refresh(Manager *m) {
        for (guint i = 0; i < m->meters->len; i++)
                meter_read(m->meters->pdata[i]);
        if (!clock_is_trusted())
                clock_check();

        /* Who asks is answered first: the modems' answers come too late for them anyway. */
        if (m->look == 0)
                m->look = g_idle_add(on_look, m);
}

void manager_suspend(Manager *m) {
        for (guint i = 0; i < m->meters->len; i++)
                meter_read(m->meters->pdata[i]);
        (void) manager_flush(m); /* logged there */
}

void manager_resume(Manager *m) {
        clock_check();
        manager_refresh(m);
}
