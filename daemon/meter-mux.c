/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What the modem itself counts of each session that has a link of its own: believed where that link
 * stands still while the modem's counter of this very session moves, as with traffic that passes
 * the host by.
 */

#include "meter-internal.h"

#define ALIKE_FRACTION 16 /* figures that differ by less than this part may be of one counter */

static bool is_session(const MeterAbove *above) {
        return above->kind == LINK_KIND_MUX && above->mux > 0 && above->mux < 255;
}

void meter_begin_mux(Meter *m, MeterAbove *above) {
        above->belief = belief_new(true, SOURCE_SESSION);
        if (!is_session(above))
                return;

        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                g_autofree char *epoch = meter_family_epoch(m, above->mux, f);

                above->family[f].is_stale = meter_resume_counter(m, &above->family[f], epoch) >= 0;
        }
}

void meter_end_mux(Meter *m, MeterAbove *above) {
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                meter_close_counter(m, &above->family[f]);
}

void meter_watch_muxes(Meter *m) {
        unsigned ids[MODEM_MOST_MUXES] = { 0 };
        size_t n = 0;

        for (guint i = 0; i < m->above->len && n < MODEM_MOST_MUXES; i++) {
                const MeterAbove *above = m->above->pdata[i];

                if (is_session(above) && !modem_mux_is_among(ids, n, above->mux))
                        ids[n++] = above->mux;
        }

        if (m->modem)
                modem_watch_muxes(m->modem, ids, n);
}

static bool believes_modem(const MeterAbove *above) {
        return above->belief.believed != SOURCE_LINK;
}

bool meter_believes_mux(const Meter *m) {
        for (guint i = 0; i < m->above->len; i++)
                if (believes_modem(m->above->pdata[i]))
                        return true;

        return false;
}

bool meter_has_muxes(const Meter *m) {
        for (guint i = 0; m->belief.own == SOURCE_SESSION && i < m->above->len; i++)
                if (is_session(m->above->pdata[i]))
                        return true;

        return false;
}

/* It may be believed after a restart, too: nothing was charged that it has not told of. */
static bool goes_on(const MeterAbove *above) {
        return believes_modem(above) &&
               traffic_is_zero(traffic_beyond(above->belief.charged, above->belief.modem));
}

bool meter_mux_is_believed(const MeterAbove *above, const MeterCounter *c) {
        return c->is_stale ? c->row.believed : goes_on(above);
}

void meter_lose_muxes(Meter *m) {
        for (guint i = 0; i < m->above->len; i++) {
                MeterAbove *above = m->above->pdata[i];

                for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                        MeterCounter *c = &above->family[f];

                        c->row.believed = meter_mux_is_believed(above, c);
                        c->is_stale = c->is_open;
                        above->n_begun[f] = 0;
                }
        }
}

static const ModemMuxStatistics *find(const ModemStatistics *s, const MeterAbove *above) {
        for (size_t i = 0; is_session(above) && i < s->n_muxes; i++)
                if (s->muxes[i].mux == above->mux)
                        return &s->muxes[i];

        return NULL;
}

/*
 * The counter of a session that we did not see begin goes on where we left it, if it was believed
 * then; else only what is still to come can be compared with the link's.
 */
static void adopt(Meter *m, MeterAbove *above, IpFamily family, Traffic reading, bool has_begun) {
        MeterCounter *c = &above->family[family];
        bool was_believed = c->is_open && c->row.believed, was_known = c->is_open;

        if (!c->is_open || has_begun || meter_has_gone_back(c, reading)) {
                meter_close_counter(m, c);
                meter_open_counter(m, c, meter_family_epoch(m, above->mux, family),
                                   has_begun || was_known ? counter_at_zero()
                                                          : counter_from(reading));
                c->row.session = above->session.id;
                c->read_usec = 0;
        }

        c->is_stale = false;
        if (has_begun)
                return;
        if (was_believed)
                above->belief.believed = SOURCE_SESSION;
        else if (!believes_modem(above)) {
                c->counter = counter_from(reading);
                belief_unalign(&above->belief);
        }
}

static Traffic feed_family(Meter *m, MeterAbove *above, const ModemMuxStatistics *s,
                           IpFamily family) {
        MeterCounter *c = &above->family[family];
        bool has_begun = s->n_begun[family] != above->n_begun[family];
        Traffic delta = { 0 };

        if (!s->running[family] && !s->ended[family])
                return delta;

        if (has_begun || (s->running[family] && (!c->is_open || c->is_stale)))
                adopt(m, above, family, s->counted[family], has_begun);
        above->n_begun[family] = s->n_begun[family];
        if (c->is_open && !c->is_stale)
                delta = meter_feed_counter(m, c, "session", s->counted[family]);
        if (c->counter.is_doubtful && s->running[family])
                meter_query_modem(m); /* a fresh query decides */
        if (s->ended[family])
                meter_close_counter(m, c);
        return delta;
}

/* Has the modem told of all that it counts of this session? */
static bool is_whole(const MeterAbove *above, const ModemMuxStatistics *s) {
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                bool is_open = above->family[f].is_open && !above->family[f].is_stale;

                if ((s->is_expected[f] || is_open) && !s->running[f] && !s->ended[f])
                        return false;
        }

        return true;
}

void meter_ask_muxes(Meter *m) {
        for (guint i = 0; i < m->above->len; i++)
                belief_ask(&((MeterAbove *) m->above->pdata[i])->belief);
}

void meter_feed_muxes(Meter *m, const ModemStatistics *statistics) {
        for (guint i = 0; i < m->above->len; i++) {
                MeterAbove *above = m->above->pdata[i];
                const ModemMuxStatistics *s = find(statistics, above);

                above->modem_before = above->modem;
                above->modem = (Traffic){ 0 };
                above->is_heard = s != NULL;
                above->is_whole = s && is_whole(above, s);
                for (IpFamily f = 0; s && f < N_IP_FAMILIES; f++)
                        above->modem = traffic_add(above->modem, feed_family(m, above, s, f));
        }
}

static bool are_alike(Traffic a, Traffic b) {
        uint64_t most = MAX(traffic_sum(a), traffic_sum(b));

        return most - MIN(traffic_sum(a), traffic_sum(b)) <= most / ALIKE_FRACTION;
}

/*
 * A modem may count all its sessions in one, whatever a client is bound to; or what it tells of is
 * charged already, as the own of the link below, which counts it as nobody's. Looked at over two
 * answers: what comes in between may be in one figure and not yet in the other.
 */
static bool may_be_of_others(const Meter *m, const MeterAbove *above, Traffic own) {
        Traffic both = traffic_add(above->modem_before, above->modem);

        if (traffic_is_zero(above->modem))
                return false;
        if (traffic_sum(own) > traffic_sum(above->modem) / ALIKE_FRACTION)
                return true;

        for (guint i = 0; i < m->above->len; i++) {
                const MeterAbove *other = m->above->pdata[i];

                if (other != above && other->is_heard &&
                    (are_alike(other->modem, above->modem) ||
                     are_alike(traffic_add(other->modem_before, other->modem), both)))
                        return true;
        }

        return false;
}

/* What is to be charged beyond what the link has told of, which was read before (is_read). */
static Traffic compare(Meter *m, MeterAbove *above, Traffic own, bool is_read) {
        static const Traffic nothing_more;
        Traffic beyond;

        if (!may_be_of_others(m, above, own))
                return belief_hear(&above->belief, above->modem, is_read ? &nothing_more : NULL,
                                   above->is_whole);

        beyond = belief_last_word(&above->belief);
        above->belief = belief_new(true, SOURCE_SESSION);
        return beyond;
}

/* All rows say which counter is believed, or after a restart it would not be known. */
static void note_belief(Meter *m, MeterAbove *above) {
        if (above->was_noted == goes_on(above))
                return;

        above->was_noted = goes_on(above);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                above->family[f].is_dirty |= above->family[f].is_open;
        m->context.listener->dirty(m, m->context.userdata);
}

Traffic meter_compare_muxes(Meter *m, bool has_read) {
        Traffic own = traffic_add(m->own_before, m->own_moved), all = { 0 };

        m->own_before = m->own_moved;
        m->own_moved = (Traffic){ 0 };
        for (guint i = 0; i < m->above->len; i++) {
                MeterAbove *above = m->above->pdata[i];
                Traffic beyond;

                if (!above->is_heard)
                        continue;
                beyond = compare(m, above, own, has_read && above->is_read);
                above->pending = traffic_add(above->pending, beyond);
                all = traffic_add(all, beyond);
                note_belief(m, above);
        }

        return all;
}
