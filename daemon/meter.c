/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One modem: what it says goes to the stint and the counters, and is shown to others. */

#include "meter.h"

#include <errno.h>

#include "clock.h"
#include "iccid.h"
#include "meter-internal.h"

#define QUERY_USEC      (60 * G_USEC_PER_SEC) /* to compare the modem's counter with the link's … */
#define QUERY_ONLY_USEC (20 * G_USEC_PER_SEC) /* … or to count: it is the one that is believed */
#define QUERY_LOOK_USEC (1 * G_USEC_PER_SEC)  /* at most, when someone looks */
#define QUERY_LATE_USEC (20 * G_USEC_PER_SEC) /* no answer yet: ask again */

static void changed(Meter *m) {
        m->context.listener->changed(m, m->context.userdata);
}

static bool is_connected(const Meter *m) {
        return m->connected[IP_FAMILY_4] || m->connected[IP_FAMILY_6];
}

/* A link that carries one session of several is there as long as its session is. */
static bool carries_data(const Meter *m) {
        return is_connected(m) || m->above->len > 0;
}

/* Tells the SIM where it is, and what its modem does. */
static void update_presence(Meter *m) {
        Presence presence = {
                .modem = m->row.slug,
                .connected = carries_data(m),
                .roaming = m->roaming,
                .serving = m->serving,
                .network = m->network,
        };

        if (m->sim)
                account_set_presence(m->sim, &presence);
}

static void set_sim(Meter *m, Account *before) {
        static const Presence nowhere;

        if (before && before != m->sim)
                account_set_presence(before, &nowhere);
        update_presence(m);
        (void) m->context.listener->flush(m, m->context.userdata); /* a visit, or a name */
        changed(m);
}

static void set_problem(Meter *m, const char *problem) {
        if (g_strcmp0(m->problem, problem) == 0)
                return;

        g_free(m->problem);
        m->problem = g_strdup(problem);
        changed(m);
}

static void on_opened(const char *model, void *userdata) {
        Meter *m = userdata;

        m->is_open = true;
        g_free(m->model);
        m->model = g_strdup(model);
        g_info("%s: %s answers", meter_device(m), *model ? model : "the modem");
        set_problem(m, NULL);
        if (m->belief.own == SOURCE_DEVICE)
                meter_query_modem(m); /* it runs already: where it stands before a session begins */
        changed(m);
}

static void on_lost(const char *why, void *userdata) {
        Meter *m = userdata;
        Account *before = m->sim;

        m->is_open = false;
        m->has_no_sim = false;
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                m->connected[f] = m->connection_known[f] = false;
        meter_presume(m);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                m->family[f].is_stale = true;
        m->device.is_stale = true;
        meter_lose_muxes(m);
        meter_end_session(m);
        set_sim(m, before);
        set_problem(m, why);
}

static void on_sim_doubtful(void *userdata) {
        Meter *m = userdata;
        Account *before = m->sim;

        meter_doubt(m);
        set_sim(m, before);
}

static void on_sim(const SimIdentity *identity, void *userdata) {
        Meter *m = userdata;
        Account *before = m->sim, *sim;

        m->has_no_sim = identity == NULL;
        if (!identity) {
                meter_doubt(m);
                set_sim(m, before);
                return;
        }

        sim = m->context.listener->account_of(identity->iccid, m->context.userdata);
        account_identify(sim, identity);
        meter_resolve(m, sim);
        if (before != sim) {
                g_autofree char *masked = iccid_mask(identity->iccid);

                g_info("%s: SIM %s", meter_device(m), masked);
        }
        set_sim(m, before);
}

static void on_network(const ModemNetwork *network, void *userdata) {
        Meter *m = userdata;
        bool moved = m->roaming != network->roaming || !plmn_equal(m->serving, network->serving);

        if (moved)
                meter_read(m); /* still under the old network */

        m->roaming = network->roaming;
        m->serving = network->serving;
        g_free(m->network);
        m->network = g_strdup(network->name);
        update_presence(m);
        if (moved)
                (void) m->context.listener->flush(m, m->context.userdata);
}

/* The one before may end with its next one's beginning: what it has carried, only we know now. */
static void leave_session(Meter *m) {
        bool was_one = m->session.id > 0;

        meter_end_session(m);
        g_clear_pointer(&m->apn, g_free);
        if (was_one)
                (void) m->context.listener->flush(m, m->context.userdata);
}

static void begin_session(Meter *m, IpFamily family, Traffic just_charged) {
        m->connected[family] = true;
        (void) meter_session(m);
        if (m->belief.own == SOURCE_SESSION)
                meter_open_family(m, family, just_charged);
        else
                m->device_may_begin_anew = true;
        m->context.listener->dirty(m, m->context.userdata);
}

static void on_connection(IpFamily family, bool connected, const char *apn, void *userdata) {
        Meter *m = userdata;
        bool is_news = m->connection_known[family];
        bool has_changed = m->connected[family] != connected;
        Traffic before = m->belief.charged;

        m->connection_known[family] = true;
        if (has_changed)
                meter_read(m);
        if (has_changed && connected && is_news && !is_connected(m))
                leave_session(m);
        if (connected && *apn)
                meter_set_apn(m, apn);
        if (!has_changed)
                return;

        if (connected && is_news)
                begin_session(m, family, traffic_beyond(m->belief.charged, before));
        else
                m->connected[family] = connected;
        m->session_is_ending = !is_connected(m);
        meter_query_modem(m);

        update_presence(m);
        changed(m);
}

/* Asks the modem, unless it was asked just now; a slow answer is waited for. */
static void look(Meter *m) {
        int64_t since = clock_boottime_usec() - m->query_usec;

        if (since >= (m->is_asked ? QUERY_LATE_USEC : QUERY_LOOK_USEC))
                meter_query_modem(m);
}

/* How long the modem's own counter can wait. */
static int64_t query_interval(const Meter *m) {
        return meter_believed(m) == SOURCE_LINK ? QUERY_USEC : QUERY_ONLY_USEC;
}

static void on_muxed(void *userdata) {
        Meter *m = userdata;

        meter_read(m);
        meter_query_modem(m);
}

static void on_active(void *userdata) {
        Meter *m = userdata;

        /* What the link counts as well is compared at the next tick. */
        if (traffic_is_zero(m->belief.since))
                meter_read(m);
        if (traffic_is_zero(m->belief.since))
                look(m);
}

/* All ones prove nothing. */
static Traffic available(Traffic t) {
        return (Traffic){ t.rx == UINT64_MAX ? 0 : t.rx, t.tx == UINT64_MAX ? 0 : t.tx };
}

/* What the running session has carried by its own counters. The last one may be another SIM's. */
static Traffic session_total(const ModemStatistics *s) {
        Traffic total = { 0 };

        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                if (s->running[f])
                        total = traffic_add(total, available(s->total[f]));
        return total;
}

static void on_statistics(const ModemStatistics *statistics, void *userdata) {
        Meter *m = userdata;

        m->is_asked = false;
        meter_feed_statistics(m, statistics);

        if (m->awaiting) {
                Account *before = m->sim;

                meter_resolve_proven(m, session_total(statistics));
                set_sim(m, before);
                if (!traffic_is_zero(m->belief.since))
                        meter_query_modem(m);
        } else if (m->proved_stint > 0) {
                meter_prove_more(m, session_total(statistics));
                if (traffic_is_zero(m->belief.since))
                        m->proved_stint = 0; /* the two were read at one instant: that is all */
        }

        if (m->session_is_ending) {
                meter_end_session(m);
                (void) m->context.listener->flush(m, m->context.userdata);
        }
}

static bool on_message(const uint8_t *pdu, size_t size, void *userdata) {
        Meter *m = userdata;

        return m->context.answers->message(m, pdu, size, m->context.userdata);
}

static void on_sent(int result, const char *why, void *userdata) {
        Meter *m = userdata;

        m->context.answers->sent(m, result, why, m->context.userdata);
}

static void on_ussd(int result, const char *text, bool wants_answer, void *userdata) {
        Meter *m = userdata;

        m->context.answers->ussd(m, result, text, wants_answer, m->context.userdata);
}

static const ModemListener modem_listener = {
        .opened = on_opened,
        .lost = on_lost,
        .sim_doubtful = on_sim_doubtful,
        .sim = on_sim,
        .network = on_network,
        .connection = on_connection,
        .muxed = on_muxed,
        .active = on_active,
        .statistics = on_statistics,
        .message = on_message,
        .sent = on_sent,
        .ussd = on_ussd,
};

int meter_new(const Port *port, const LedgerModem *row, bool is_known, Account *unassigned,
              const MeterContext *context, Meter **ret) {
        Meter *m = g_new0(Meter, 1);
        int r;

        m->port = port;
        m->row = (LedgerModem){ .id = row->id,
                                .slug = g_strdup(row->slug),
                                .key = g_strdup(row->key),
                                .unassigned = row->unassigned };
        m->is_known = is_known;
        m->row_is_dirty = !is_known;
        m->context = *context;
        m->unassigned = unassigned;
        m->belief = belief_new(false, port->protocol == MODEM_PROTOCOL_MBIM ? SOURCE_DEVICE
                                                                            : SOURCE_SESSION);
        m->gap_from = context->sighting->at;
        m->above = g_ptr_array_new_with_free_func(meter_above_free);
        m->old_stints = g_array_new(FALSE, FALSE, sizeof(LedgerStint));
        m->old_sessions = g_array_new(FALSE, FALSE, sizeof(LedgerSession));
        m->old_counters = g_array_new(FALSE, FALSE, sizeof(LedgerCounter));
        g_array_set_clear_func(m->old_sessions, (GDestroyNotify) ledger_session_clear);
        g_array_set_clear_func(m->old_counters, (GDestroyNotify) ledger_counter_clear);

        r = meter_load_stint(m);
        if (r < 0) {
                meter_free(m);
                return r;
        }

        meter_resume_counters(m);
        *ret = m;
        return 0;
}

Meter *meter_free(Meter *m) {
        if (!m)
                return NULL;

        ledger_modem_clear(&m->row);
        ledger_session_clear(&m->session);
        ledger_counter_clear(&m->link.row);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                ledger_counter_clear(&m->family[f].row);
        ledger_counter_clear(&m->device.row);
        g_ptr_array_unref(m->above);
        g_array_unref(m->old_stints);
        g_array_unref(m->old_sessions);
        g_array_unref(m->old_counters);
        g_free(m->model);
        g_free(m->problem);
        g_free(m->network);
        g_free(m->apn);
        g_free(m->link_name);
        g_free(m);
        return NULL;
}

const char *meter_state_to_string(MeterState state) {
        static const char *const names[] = {
                [METER_ABSENT] = "absent",
                [METER_FAILED] = "failed",
                [METER_OPENING] = "opening",
                [METER_NO_SIM] = "no-sim",
                [METER_DISCONNECTED] = "disconnected",
                [METER_CONNECTED] = "connected",
        };

        return names[state];
}

int64_t meter_id(const Meter *m) {
        return m->row.id;
}

const char *meter_slug(const Meter *m) {
        return m->row.slug;
}

const char *meter_device(const Meter *m) {
        return m->port->path;
}

const char *meter_protocol(const Meter *m) {
        static const char *const names[] = {
                [MODEM_PROTOCOL_QMI] = "qmi",
                [MODEM_PROTOCOL_MBIM] = "mbim",
                [MODEM_PROTOCOL_LINK] = "link",
        };

        return names[m->port->protocol];
}

const char *meter_model(const Meter *m) {
        return m->model ?: "";
}

MeterState meter_state(const Meter *m) {
        if (!m->port_is_there || (m->port->protocol == MODEM_PROTOCOL_LINK && m->ifindex == 0))
                return METER_ABSENT;
        if (!m->is_open)
                return m->problem ? METER_FAILED : METER_OPENING;
        if (m->has_no_sim)
                return METER_NO_SIM;
        return carries_data(m) ? METER_CONNECTED : METER_DISCONNECTED;
}

const char *meter_problem(const Meter *m) {
        return m->port_is_there && m->problem ? m->problem : "";
}

char **meter_links(const Meter *m) {
        g_autoptr(GStrvBuilder) links = g_strv_builder_new();

        if (m->link_name)
                g_strv_builder_add(links, m->link_name);
        for (guint i = 0; i < m->above->len; i++)
                g_strv_builder_add(links, ((MeterAbove *) m->above->pdata[i])->name);
        return g_strv_builder_end(links);
}

Source meter_believed(const Meter *m) {
        return meter_believes_mux(m) ? SOURCE_SESSION : m->belief.believed;
}

const char *meter_source(const Meter *m) {
        return source_to_string(meter_believed(m));
}

bool meter_disputed(const Meter *m) {
        return m->belief.is_disputed;
}

Account *meter_account(const Meter *m) {
        return m->sim;
}

Account *meter_unassigned(const Meter *m) {
        return m->unassigned;
}

const Port *meter_port(const Meter *m) {
        return m->port;
}

Modem *meter_modem(const Meter *m) {
        return m->modem;
}

bool meter_has_link(const Meter *m, int ifindex) {
        for (guint i = 0; i < m->above->len; i++)
                if (((MeterAbove *) m->above->pdata[i])->ifindex == ifindex)
                        return true;

        return ifindex > 0 && m->ifindex == ifindex;
}

void meter_port_appeared(Meter *m) {
        m->port_is_there = true;
        if (m->modem)
                modem_port_appeared(m->modem);
        else
                m->modem = modem_new(m->port, &modem_listener, m);
        meter_watch_muxes(m);
        changed(m);
}

void meter_port_quarantined(Meter *m, unsigned seconds) {
        g_autofree char *problem = g_strdup_printf(
                "simtallyd crashed while this port was open: it is opened %u seconds after the "
                "start; its link is counted",
                seconds);

        g_message("%s: %s", meter_device(m), problem);
        m->port_is_there = true;
        set_problem(m, problem);
}

void meter_port_vanished(Meter *m) {
        m->port_is_there = false;
        if (m->modem)
                modem_port_vanished(m->modem);
        changed(m);
}

void meter_break_session(Meter *m) {
        bool is_ending = m->session_is_ending;

        meter_end_session(m);
        meter_end_sessions_above(m);
        m->session_is_ending = is_ending;
}

/* That the modem counts, as far as it tells. */
static bool has_session(const Meter *m) {
        return is_connected(m) || (m->is_open && meter_has_muxes(m));
}

void meter_tick(Meter *m) {
        int64_t since = clock_boottime_usec() - m->query_usec;

        meter_read(m);
        if (has_session(m) && since >= query_interval(m))
                meter_query_modem(m);
}

void meter_look(Meter *m) {
        if (has_session(m))
                look(m);
}

bool meter_is_live(const Meter *m) {
        /* Where the port does not answer, the link alone may be moving bytes. */
        return carries_data(m) || (m->ifindex > 0 && !m->is_open);
}

bool meter_needs(const Meter *m, const Account *a) {
        return m->booked == a || m->sim == a || m->awaiting == a || m->unassigned == a;
}

void meter_forget(Meter *m, const Account *a) {
        if (m->before == a)
                m->before = NULL;
        if (m->resumable.sim == account_id(a))
                m->resumable = (LedgerStint){ 0 };
}

void meter_close(Meter *m, void (*closed)(void *userdata), void *userdata) {
        Modem *modem = g_steal_pointer(&m->modem);

        if (modem)
                modem_close(modem, closed, userdata);
        else
                closed(userdata);
}
