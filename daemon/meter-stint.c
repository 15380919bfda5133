/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Whose bytes these are. A stint is one SIM in one modem. It is confirmed when the modem has said
 * which SIM it is; until then its bytes are booked to the SIM that was there before (we were down,
 * or the port is), or to nobody (the modem hinted at a change), and are set right once it is known.
 */

#include <errno.h>

#include "clock.h"
#include "meter-internal.h"

#define EVERYTHING ((Traffic){ UINT64_MAX, UINT64_MAX })
#define NOTHING    ((Traffic){ 0 })

static void begin_stint(Meter *m, Account *booked) {
        m->stint = (LedgerStint){ .modem = m->row.id, .sim = account_id(booked) };
        m->booked = booked;
        m->stint_is_dirty = false;
        m->proved_stint = 0;
        belief_begin(&m->belief);
        if (!m->is_open)
                return;

        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                m->may_be_older[f] = !m->connected[f];
        meter_query_modem(m); /* does one run already? */
}

/* Gives the stint its row: something is to be written of it. */
static void materialize_stint(Meter *m) {
        if (m->stint.id > 0)
                return;

        if (m->resumable.id > 0) {
                m->resumable.until = clock_now();
                g_array_append_val(m->old_stints, m->resumable);
                m->resumable = (LedgerStint){ 0 };
        }

        m->stint.id = ledger_new_id(m->context.ledger, LEDGER_STINT);
        m->stint.since = clock_now();
        m->stint_is_dirty = true;
}

int meter_load_stint(Meter *m) {
        LedgerStint last = { 0 }, confirmed = { 0 };
        const MeterListener *l = m->context.listener;
        Account *booked;
        int r;

        r = ledger_load_last_stint(m->context.ledger, m->row.id, &last);
        if (r < 0 && r != -ENOENT)
                return r;
        r = ledger_load_last_confirmed_stint(m->context.ledger, m->row.id, &confirmed);
        if (r < 0 && r != -ENOENT)
                return r;

        if (confirmed.id > 0)
                m->before = l->account_by_id(confirmed.sim, m->context.userdata);
        booked = last.id > 0 && last.until == 0 ? l->account_by_id(last.sim, m->context.userdata)
                                                : NULL;
        begin_stint(m, booked ?: m->unassigned);

        if (last.id > 0 && last.until == 0 && booked) {
                if (last.confirmed)
                        m->resumable = last;
                else
                        m->stint = last;
        }

        return 0;
}

void meter_close_stint(Meter *m) {
        meter_end_session(m);
        meter_end_sessions_above(m);
        if (m->stint.id == 0)
                return;

        m->stint.until = clock_now();
        g_array_append_val(m->old_stints, m->stint);
        m->stint = (LedgerStint){ 0 };
        m->stint_is_dirty = false;
}

void meter_doubt(Meter *m) {
        meter_read(m);
        m->awaiting = NULL;
        m->sim = NULL;

        if (!m->stint.confirmed)
                return; /* it is in doubt already */

        m->before = m->booked;
        meter_close_stint(m);
        begin_stint(m, m->unassigned);
        (void) m->context.listener->flush(m, m->context.userdata);
}

void meter_presume(Meter *m) {
        Account *booked = m->booked;

        meter_read(m);
        m->awaiting = NULL;
        m->sim = NULL;

        if (!m->stint.confirmed)
                return;

        m->before = booked;
        meter_close_stint(m);
        begin_stint(m, booked);
        (void) m->context.listener->flush(m, m->context.userdata);
}

void meter_confirm_presumed(Meter *m) {
        if (m->stint.confirmed || m->booked == m->unassigned || m->is_open)
                return;

        if (m->stint.id > 0) {
                m->stint.confirmed = true;
                meter_close_stint(m);
        }
        begin_stint(m, m->unassigned);
}

static void confirm(Meter *m, Account *sim) {
        if (m->stint.id == 0 && m->resumable.id > 0 && m->resumable.sim == account_id(sim)) {
                m->stint = m->resumable;
                m->resumable = (LedgerStint){ 0 };
        } else {
                materialize_stint(m);
                m->stint.sim = account_id(sim);
                m->stint.confirmed = true;
                m->stint_is_dirty = true;
        }

        m->booked = m->before = sim;
        m->awaiting = NULL;
        (void) m->context.listener->flush(m, m->context.userdata);
}

/*
 * Gives a stint's bytes to those whose they are: all that is proven to the SIM, the rest to nobody.
 * They must have been written before. All in one transaction, or not at all.
 */
static int settle(Meter *m, int64_t stint, Account *from, Account *sim, Traffic proven,
                  Traffic *ret_moved) {
        Ledger *l = m->context.ledger;
        int64_t session = meter_session(m);
        Traffic rest;
        int r;

        r = ledger_begin(l);
        if (r < 0)
                return r;

        r = meter_write(m);
        if (r >= 0)
                r = ledger_move_stint(l, stint, account_id(from), account_id(sim), session, proven,
                                      ret_moved);
        if (r >= 0)
                r = ledger_move_stint(l, stint, account_id(from), account_id(m->unassigned), 0,
                                      EVERYTHING, &rest);
        if (r < 0) {
                ledger_rollback(l);
                return r;
        }

        r = ledger_commit(l);
        if (r < 0)
                return r;

        meter_written(m);
        return 0;
}

static void reload(Meter *m, Account *sim, Account *booked) {
        /* A failure is logged there; the figures are right again after the next start. */
        (void) account_reload(sim);
        (void) account_reload(m->unassigned);
        if (booked != sim && booked != m->unassigned)
                (void) account_reload(booked);
}

/* The bytes of this stint were another SIM's, or nobody's, in part. */
static int settle_stint(Meter *m, Account *sim, Traffic proven, Traffic *ret_moved) {
        LedgerStint old = m->stint;
        Account *booked = m->booked;
        int r;

        r = m->context.listener->flush(m, m->context.userdata);
        if (r < 0)
                return r;

        /* What stays of it is nobody's. */
        m->stint.sim = account_id(m->unassigned);
        meter_close_stint(m);
        begin_stint(m, sim);
        r = settle(m, old.id, booked, sim, proven, ret_moved);
        if (r < 0)
                return r;

        reload(m, sim, booked);
        return 0;
}

void meter_resolve(Meter *m, Account *sim) {
        Traffic moved;
        int r;

        m->sim = sim;
        if (m->stint.confirmed && m->booked == sim)
                return;
        if (m->stint.confirmed)
                meter_doubt(m);
        m->sim = sim;

        meter_read(m);
        if (m->stint.id == 0 || m->booked == sim) {
                if (m->stint.id == 0)
                        m->booked = sim;
                confirm(m, sim);
                return;
        }

        if (m->before != sim && m->belief.own == SOURCE_SESSION) {
                m->awaiting = sim;
                meter_query_modem(m);
                return;
        }

        /* The same SIM before and after: what lay with nobody meanwhile is its own. Of another's, a
         * counter of all sessions together proves nothing. */
        r = settle_stint(m, sim, m->before == sim ? EVERYTHING : NOTHING, &moved);
        if (r < 0)
                g_warning("Bytes wait for their SIM until the ledger can be written: %s",
                          g_strerror(-r));
        else
                confirm(m, sim);
}

void meter_resolve_proven(Meter *m, Traffic session) {
        Account *sim = m->awaiting;
        int64_t stint = m->stint.id;
        Traffic moved;
        int r;

        r = settle_stint(m, sim, session, &moved);
        if (r < 0) {
                g_warning("Bytes wait for their SIM until the ledger can be written: %s",
                          g_strerror(-r));
                return;
        }

        confirm(m, sim);
        m->proved_stint = stint;
        m->proved = moved;
}

void meter_prove_more(Meter *m, Traffic session) {
        Traffic more = traffic_beyond(session, m->proved), moved;
        int r;

        if (m->proved_stint == 0 || m->session.id == 0 || traffic_is_zero(more))
                return;

        r = m->context.listener->flush(m, m->context.userdata);
        if (r >= 0)
                r = settle(m, m->proved_stint, m->unassigned, m->booked, more, &moved);
        if (r < 0)
                return; /* the ledger has told why; the next figure proves it again */

        m->proved = traffic_add(m->proved, moved);
        reload(m, m->booked, m->unassigned);
        m->context.listener->changed(m, m->context.userdata);
}

int64_t meter_session(Meter *m) {
        if (m->session.id > 0)
                return m->session.id;

        materialize_stint(m);
        m->session = (LedgerSession){
                .id = ledger_new_id(m->context.ledger, LEDGER_SESSION),
                .stint = m->stint.id,
                .apn = g_strdup(m->apn ?: ""),
                .since = clock_now(),
        };
        m->session_is_dirty = true;
        return m->session.id;
}

void meter_end_session(Meter *m) {
        m->session_is_ending = false;
        if (m->session.id == 0)
                return;

        m->session.until = clock_now();
        g_array_append_val(m->old_sessions, m->session);
        m->session = (LedgerSession){ 0 };
        m->session_is_dirty = false;
}

void meter_set_apn(Meter *m, const char *apn) {
        g_free(m->apn);
        m->apn = g_strdup(apn);
        if (m->session.id == 0 || g_str_equal(m->session.apn, apn))
                return;

        g_free(m->session.apn);
        m->session.apn = g_strdup(apn);
        m->session_is_dirty = true;
        m->context.listener->dirty(m, m->context.userdata);
}
