/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "manager.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "clock.h"
#include "crash.h"
#include "iccid.h"

#define TICK_SECONDS    10
#define QUIET_TICKS     2 /* quiet links are looked at this many times more rarely */
#define COMMIT_SECONDS  (5 * 60)
#define RETRY_SECONDS   10                    /* after a commit that failed */
#define SLOT_USEC       (19 * G_USEC_PER_SEC) /* at a tick after that, a slot is written */
#define N_PROBLEMS      3
#define FORGIVE_SECONDS (10 * 60) /* without a crash */
#define ROUTE_USEC      G_USEC_PER_SEC

struct Manager {
        Ledger *ledger;
        Journal *journal; /* NULL: none */
        LinkMonitor *links;
        Ports *ports;
        LedgerSighting sighting; /* of the last run */

        GPtrArray *sims;       /* Account, owned */
        GPtrArray *unassigned; /* Account, owned: one per modem */
        GPtrArray *meters;     /* Meter, owned */
        Account *current;      /* not owned */
        int failure;           /* of the last commit; 0: it worked */
        bool must_redate; /* by shift seconds, what was booked while the clock was not trusted */
        int64_t shift;

        guint tick, quiet_ticks;
        guint commit;
        int64_t route_usec;
        int64_t saved_usec; /* the last commit or slot */
        bool has_moved;     /* bytes since the last tick */

        const char *problems[N_PROBLEMS + 1];
        GSList *quarantine; /* Quarantine: ports that are not opened yet */
        guint forgive;

        int n_closing;
        void (*stopped)(void *userdata);
        void *stopped_userdata;

        const ManagerListener *listener;
        void *userdata;
};

static int manager_flush(Manager *m);

static bool is_unassigned(const Account *a) {
        return account_iccid(a) == NULL;
}

static void tell_changed(Manager *m, ManagerChange what) {
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

                if (ifindex > 0 && meter_ifindex(meter) == ifindex && meter_account(meter))
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

static void update_current(Manager *m) {
        Account *current = choose_current(m);

        m->route_usec = clock_boottime_usec();
        if (current == m->current)
                return;

        m->current = current;
        tell_changed(m, MANAGER_CHANGED_CURRENT);
}

static void on_account_changed(Account *a, AccountChange what, void *userdata) {
        Manager *m = userdata;

        if (what & ACCOUNT_CHANGED_FIGURES)
                m->has_moved = true;

        if (is_unassigned(a)) {
                Meter *meter = find_meter_of(m, a);

                if (meter && m->listener)
                        m->listener->modem_changed(meter, m->userdata);
                return;
        }

        if (m->listener)
                m->listener->sim_changed(a, what, m->userdata);
        if ((what & ACCOUNT_CHANGED_PRESENCE) ||
            ((what & ACCOUNT_CHANGED_FIGURES) &&
             (a != m->current || clock_boottime_usec() - m->route_usec > ROUTE_USEC)))
                update_current(m);
}

static const AccountListener account_listener = { .changed = on_account_changed };

static Account *find_account(Manager *m, int64_t id) {
        for (guint i = 0; i < m->sims->len; i++)
                if (account_id(m->sims->pdata[i]) == id)
                        return m->sims->pdata[i];
        for (guint i = 0; i < m->unassigned->len; i++)
                if (account_id(m->unassigned->pdata[i]) == id)
                        return m->unassigned->pdata[i];

        return NULL;
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

        g_ptr_array_add(iccid ? m->sims : m->unassigned, a);
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
        return a;
}

static Account *account_by_id(int64_t id, void *userdata) {
        return find_account(userdata, id);
}

static void on_meter_changed(Meter *meter, void *userdata);

static gboolean on_commit(void *userdata) {
        Manager *m = userdata;

        m->commit = 0;
        (void) manager_flush(m);
        return G_SOURCE_REMOVE;
}

static void on_meter_dirty(Meter *meter, void *userdata) {
        Manager *m = userdata;

        if (m->commit == 0)
                m->commit = g_timeout_add_seconds(COMMIT_SECONDS, on_commit, m);
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

static bool is_dirty(const Manager *m) {
        for (guint i = 0; i < m->sims->len; i++)
                if (account_is_dirty(m->sims->pdata[i]))
                        return true;
        for (guint i = 0; i < m->unassigned->len; i++)
                if (account_is_dirty(m->unassigned->pdata[i]))
                        return true;
        for (guint i = 0; i < m->meters->len; i++)
                if (meter_is_dirty(m->meters->pdata[i]))
                        return true;

        return false;
}

static char *boot_name(void) {
        return g_strdup_printf("%s:%" PRIu64, clock_boot_id(), link_namespace());
}

static int write_all(Manager *m) {
        g_auto(LedgerSighting) sighting = {
                .boot = boot_name(),
                .ifindex = link_monitor_max_ifindex(m->links),
                .at = clock_now(),
                .boottime = clock_boottime_usec() / G_USEC_PER_SEC,
                .trusted_at = clock_trusted_at(),
        };
        int r = 0;

        for (guint i = 0; r >= 0 && i < m->sims->len; i++)
                r = account_write(m->sims->pdata[i]);
        for (guint i = 0; r >= 0 && i < m->unassigned->len; i++)
                r = account_write(m->unassigned->pdata[i]);
        for (guint i = 0; r >= 0 && i < m->meters->len; i++)
                r = meter_write(m->meters->pdata[i]);

        return r < 0 ? r : ledger_put_sighting(m->ledger, &sighting);
}

static void all_written(Manager *m) {
        for (guint i = 0; i < m->sims->len; i++)
                account_written(m->sims->pdata[i]);
        for (guint i = 0; i < m->unassigned->len; i++)
                account_written(m->unassigned->pdata[i]);
        for (guint i = 0; i < m->meters->len; i++)
                meter_written(m->meters->pdata[i]);
}

static int write_sequence(Manager *m) {
        return m->journal ? ledger_put_sequence(m->ledger, journal_sequence(m->journal)) : 0;
}

static int write_transaction(Manager *m) {
        int r;

        r = ledger_begin(m->ledger);
        if (r < 0)
                return r;

        r = write_all(m);
        if (r >= 0)
                r = write_sequence(m);
        if (r < 0) {
                ledger_rollback(m->ledger);
                return r;
        }

        return ledger_commit(m->ledger);
}

/* Charges and checkpoints of all modems in one transaction. What cannot be written stays. */
static int commit(Manager *m) {
        int r;

        r = write_transaction(m);
        if (r >= 0)
                all_written(m);

        m->saved_usec = clock_boottime_usec();
        g_clear_handle_id(&m->commit, g_source_remove);
        if (r < 0)
                m->commit = g_timeout_add_seconds(RETRY_SECONDS, on_commit, m);

        if (m->failure != r) {
                m->failure = r;
                tell_changed(m, MANAGER_CHANGED_PROBLEMS);
        }
        return r;
}

/* The clock is right now: what was booked in this boot before is dated. */
static int redate(Manager *m) {
        int r;

        r = ledger_redate(m->ledger, clock_boot_id(), m->shift);
        if (r < 0)
                return r;

        m->must_redate = false;
        for (guint i = 0; i < m->sims->len; i++)
                (void) account_reload(m->sims->pdata[i]); /* logged there */
        for (guint i = 0; i < m->unassigned->len; i++)
                (void) account_reload(m->unassigned->pdata[i]);
        return 0;
}

static int manager_flush(Manager *m) {
        int r = 0;

        if (is_dirty(m))
                r = commit(m);
        if (r >= 0 && m->must_redate)
                r = redate(m);
        return r;
}

static void on_clock_changing(void *userdata) {
        Manager *m = userdata;

        for (guint i = 0; i < m->meters->len; i++)
                meter_read(m->meters->pdata[i]);
        (void) manager_flush(m); /* what cannot be written now keeps its dates */
}

static void on_clock_stepped(int64_t shift, bool was_trusted, void *userdata) {
        Manager *m = userdata;

        for (guint i = 0; i < m->meters->len; i++)
                meter_break_session(m->meters->pdata[i]);

        if (!was_trusted && clock_is_trusted()) {
                m->shift = shift;
                m->must_redate = true;
                (void) manager_flush(m); /* tried again with the next commit */
        }

        for (guint i = 0; i < m->sims->len; i++)
                account_day_changed(m->sims->pdata[i]);
        tell_changed(m, MANAGER_CHANGED_PROBLEMS);
}

static const ClockListener clock_listener = {
        .changing = on_clock_changing,
        .stepped = on_clock_stepped,
};

/* Whatever a slot names must be in the ledger already. */
static bool is_only_counting(const Manager *m) {
        for (guint i = 0; i < m->sims->len; i++)
                if (!account_is_only_counting(m->sims->pdata[i]))
                        return false;
        for (guint i = 0; i < m->unassigned->len; i++)
                if (!account_is_only_counting(m->unassigned->pdata[i]))
                        return false;
        for (guint i = 0; i < m->meters->len; i++)
                if (!meter_is_only_counting(m->meters->pdata[i]))
                        return false;

        return true;
}

static void write_slot(Manager *m) {
        g_auto(Slot) slot = { 0 };

        slot_init(&slot);
        for (guint i = 0; i < m->sims->len; i++)
                account_add_usages(m->sims->pdata[i], &slot);
        for (guint i = 0; i < m->unassigned->len; i++)
                account_add_usages(m->unassigned->pdata[i], &slot);
        for (guint i = 0; i < m->meters->len; i++)
                meter_add_readings(m->meters->pdata[i], &slot);

        (void) journal_write(m->journal, &slot); /* logged there; the next tick tries again */
        m->saved_usec = clock_boottime_usec();
}

/* Between commits: so that a power cut costs little. */
static void save(Manager *m) {
        if (!m->journal || clock_boottime_usec() - m->saved_usec < SLOT_USEC || !is_dirty(m))
                return;

        if (is_only_counting(m))
                write_slot(m);
        else if (m->failure == 0) /* else it is tried again soon enough */
                (void) manager_flush(m);
}

static gboolean on_tick(void *userdata);

/* No timer at all where nothing can move. */
static void update_tick(Manager *m) {
        bool is_live = false;

        for (guint i = 0; i < m->meters->len; i++)
                is_live |= meter_is_live(m->meters->pdata[i]);

        if (is_live && m->tick == 0)
                m->tick = g_timeout_add_seconds(TICK_SECONDS, on_tick, m);
        else if (!is_live)
                g_clear_handle_id(&m->tick, g_source_remove);
}

static gboolean on_tick(void *userdata) {
        Manager *m = userdata;

        if (!m->has_moved && ++m->quiet_ticks < QUIET_TICKS)
                return G_SOURCE_CONTINUE;

        m->quiet_ticks = 0;
        m->has_moved = false;
        for (guint i = 0; i < m->meters->len; i++)
                meter_tick(m->meters->pdata[i]);
        if (!clock_is_trusted())
                clock_check(); /* nobody tells when it is synchronised without a step */
        save(m);

        return G_SOURCE_CONTINUE;
}

static void on_meter_changed(Meter *meter, void *userdata) {
        Manager *m = userdata;

        update_tick(m);
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

/* The modem of this port, as the ledger knows it, or a new one. */
static int add_meter(Manager *m, const Port *port, Meter **ret) {
        MeterContext context = { .ledger = m->ledger,
                                 .links = m->links,
                                 .sighting = &m->sighting,
                                 .listener = &meter_listener,
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
                unassigned = find_account(m, row.unassigned);
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

static Meter *find_meter(Manager *m, const Port *port) {
        for (guint i = 0; i < m->meters->len; i++)
                if (meter_port(m->meters->pdata[i]) == port)
                        return m->meters->pdata[i];

        return NULL;
}

static void open_port(const Port *port, Meter *meter) {
        crash_suspect(port->key, true);
        meter_port_appeared(meter);
}

typedef struct Quarantine {
        Manager *manager;
        Meter *meter;
        guint source;
} Quarantine;

static void quarantine_free(void *data) {
        Quarantine *q = data;

        g_clear_handle_id(&q->source, g_source_remove);
        g_free(q);
}

static void quarantine_end(Manager *m, const Meter *meter) {
        for (GSList *i = m->quarantine; i; i = i->next) {
                Quarantine *q = i->data;

                if (q->meter != meter)
                        continue;
                m->quarantine = g_slist_delete_link(m->quarantine, i);
                quarantine_free(q);
                tell_changed(m, MANAGER_CHANGED_PROBLEMS);
                return;
        }
}

static gboolean on_forgive(void *userdata) {
        Manager *m = userdata;

        m->forgive = 0;
        crash_forgive();
        return G_SOURCE_REMOVE;
}

static gboolean on_quarantine_over(void *userdata) {
        Quarantine *q = userdata;
        Manager *m = q->manager;
        Meter *meter = q->meter;

        q->source = 0;
        quarantine_end(m, meter);
        open_port(meter_port(meter), meter);
        if (!m->quarantine && m->forgive == 0)
                m->forgive = g_timeout_add_seconds(FORGIVE_SECONDS, on_forgive, m);
        return G_SOURCE_REMOVE;
}

/* It may have made us crash: its link is counted, and nothing is said to the modem for a while. */
static bool quarantine_begin(Manager *m, const Port *port, Meter *meter) {
        unsigned seconds = crash_delay(port->key);
        Quarantine *q;

        if (seconds == 0)
                return false;

        q = g_new0(Quarantine, 1);
        q->manager = m;
        q->meter = meter;
        q->source = g_timeout_add_seconds(seconds, on_quarantine_over, q);
        m->quarantine = g_slist_prepend(m->quarantine, q);
        meter_port_quarantined(meter, seconds);
        tell_changed(m, MANAGER_CHANGED_PROBLEMS);
        return true;
}

static void on_port_appeared(const Port *port, void *userdata) {
        Manager *m = userdata;
        Meter *meter = find_meter(m, port);
        const Link *link;
        int r;

        if (!meter) {
                r = add_meter(m, port, &meter);
                if (r < 0) {
                        g_warning("Failed to begin with the modem at %s: %s", port->path,
                                  g_strerror(-r));
                        return;
                }

                link = port->link ? link_monitor_find(m->links, port->link) : NULL;
                if (link)
                        meter_link_appeared(meter, link);
        }

        if (!quarantine_begin(m, port, meter))
                open_port(port, meter);
}

static void on_port_vanished(const Port *port, void *userdata) {
        Manager *m = userdata;
        Meter *meter = find_meter(m, port);

        crash_suspect(port->key, false);
        quarantine_end(m, meter);
        if (meter)
                meter_port_vanished(meter);
}

static const PortsListener ports_listener = {
        .appeared = on_port_appeared,
        .vanished = on_port_vanished,
};

static int load_accounts(Manager *m) {
        g_autoptr(GArray) sims = NULL;
        int r;

        r = ledger_load_sims(m->ledger, &sims);
        if (r < 0)
                return r;

        for (guint i = 0; i < sims->len; i++) {
                const LedgerSim *row = &g_array_index(sims, LedgerSim, i);
                Account *a = account_new(row, false, m->ledger, &account_listener, m);

                g_ptr_array_add(row->iccid ? m->sims : m->unassigned, a);
        }

        return 0;
}

static void free_account(void *data) {
        account_free(data);
}

static void free_meter(void *data) {
        meter_free(data);
}

/* What was counted after the last commit, and lost with the power or our life. */
static int recover(Manager *m) {
        g_auto(Slot) slot = { 0 };

        slot_init(&slot);
        if (!m->journal || journal_read(m->journal, &slot) < 0)
                return 0;

        g_info("The journal is ahead of the ledger, and is read");
        return ledger_replay(m->ledger, &slot);
}

/* How the clock stood when we stopped; what was booked then is dated, if it can be now. */
static int begin_clock(Manager *m) {
        bool is_same_boot = m->sighting.boot && g_str_has_prefix(m->sighting.boot, clock_boot_id());
        const ClockPast past = { .trusted_at = m->sighting.trusted_at,
                                 .at = m->sighting.at,
                                 .boottime = is_same_boot ? m->sighting.boottime : -1 };
        int64_t shift = clock_begin(&past);

        if (!clock_is_trusted() || !is_same_boot)
                return 0;
        return ledger_redate(m->ledger, clock_boot_id(), shift);
}

int manager_new(Ledger *ledger, Journal *journal, Manager **ret) {
        Manager *m = g_new0(Manager, 1);
        int r;

        m->ledger = ledger;
        m->journal = journal;
        m->sims = g_ptr_array_new_with_free_func(free_account);
        m->unassigned = g_ptr_array_new_with_free_func(free_account);
        m->meters = g_ptr_array_new_with_free_func(free_meter);

        r = recover(m);
        if (r >= 0)
                r = ledger_load_sighting(ledger, &m->sighting);
        if (r >= 0 || r == -ENOENT)
                r = begin_clock(m);
        if (r >= 0)
                r = load_accounts(m);
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
        g_slist_free_full(m->quarantine, quarantine_free);
        g_clear_handle_id(&m->forgive, g_source_remove);
        g_clear_handle_id(&m->tick, g_source_remove);
        g_clear_handle_id(&m->commit, g_source_remove);
        g_ptr_array_unref(m->meters);
        ports_free(m->ports);
        link_monitor_free(m->links);
        g_ptr_array_unref(m->sims);
        g_ptr_array_unref(m->unassigned);
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
        g_autofree char *boot = boot_name();

        if (!m->sighting.boot)
                return INT_MAX; /* never seen anything: what is there may be old */
        if (!g_str_equal(m->sighting.boot, boot))
                return g_str_has_prefix(m->sighting.boot, clock_boot_id()) ? INT_MAX : 0;
        return (int) m->sighting.ifindex;
}

int manager_start(Manager *m, Port **ports, size_t n_ports) {
        Meter *meter;
        int r;

        /* The modems of named ports are there from the start: their links may come first. */
        for (size_t i = 0; i < n_ports; i++) {
                r = add_meter(m, ports[i], &meter);
                if (r < 0)
                        return r;
        }

        r = link_monitor_start(m->links, known_ifindex(m));
        if (r < 0)
                return r;

        r = ports_new(ports, n_ports, &ports_listener, m, &m->ports);
        if (r < 0)
                return r;

        clock_watch(&clock_listener, m);
        update_current(m);
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
        for (guint i = 0; i < m->sims->len; i++)
                if (g_str_equal(account_slug(m->sims->pdata[i]), slug))
                        return m->sims->pdata[i];

        return NULL;
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

int64_t manager_now(Manager *m) {
        return clock_now();
}

void manager_refresh(Manager *m) {
        for (guint i = 0; i < m->meters->len; i++)
                meter_look(m->meters->pdata[i]);
        if (!clock_is_trusted())
                clock_check();
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
        (void) g_ptr_array_find(m->sims, a, &index);
        (void) g_ptr_array_steal_index(m->sims, index);
        update_current(m);
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
                Account *a = find_account(m, g_array_index(touched, int64_t, i));

                if (a)
                        (void) account_reload(a);
        }
        return 0;
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
