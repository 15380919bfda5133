/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The modem's own counters: taken up, fed with its answers, and compared with the link's. */

#include <inttypes.h>

#include "clock.h"
#include "meter-internal.h"

bool meter_believes_own(const Meter *m) {
        return m->belief.believed != SOURCE_LINK && m->belief.has_link;
}

bool meter_own_is_behind(const Meter *m) {
        return !traffic_is_zero(traffic_beyond(m->belief.charged, m->belief.modem));
}

bool meter_own_goes_on(const Meter *m) {
        return (meter_believes_own(m) || m->own_is_awaited) && !meter_own_is_behind(m);
}

void meter_note_belief(Meter *m) {
        MeterCounter *counters[] = { &m->link, &m->family[IP_FAMILY_4], &m->family[IP_FAMILY_6],
                                     &m->device };

        if (m->own_was_noted == meter_own_goes_on(m))
                return;

        m->own_was_noted = meter_own_goes_on(m);
        for (size_t i = 0; i < G_N_ELEMENTS(counters); i++)
                counters[i]->is_dirty |= counters[i]->is_open;
        m->context.listener->dirty(m, m->context.userdata);
}

char *meter_family_epoch(const Meter *m, unsigned mux, IpFamily family) {
        return g_strdup_printf("modem:%" PRIi64 ":%u:%d", m->row.id, mux,
                               family == IP_FAMILY_4 ? 4 : 6);
}

static char *device_epoch(const Meter *m) {
        return g_strdup_printf("modem:%" PRIi64 ":device", m->row.id);
}

static void resume(Meter *m, MeterCounter *c, const char *epoch) {
        c->is_stale = c->is_resumed = meter_resume_counter(m, c, epoch) >= 0;
}

void meter_resume_counters(Meter *m) {
        g_autofree char *device = device_epoch(m);

        resume(m, &m->device, device);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                g_autofree char *epoch = meter_family_epoch(m, 0, f);

                resume(m, &m->family[f], epoch);
        }
}

void meter_open_family(Meter *m, IpFamily family, Traffic just_charged) {
        g_autofree char *epoch = meter_family_epoch(m, 0, family);
        MeterCounter *c = &m->family[family];

        /* The modem said no last word of the one before, or has counted for the stint before. */
        if ((c->is_open || m->may_be_older[family]) && m->belief.believed == SOURCE_LINK)
                belief_unalign(&m->belief);
        m->may_be_older[family] = false;
        meter_close_counter(m, c);
        meter_open_counter(m, c, g_steal_pointer(&epoch), counter_at_zero());
        c->row.session = m->session.id;
        c->row.charged = just_charged;
}

bool meter_has_gone_back(const MeterCounter *c, Traffic reading) {
        return reading.rx < c->counter.seen.rx || reading.tx < c->counter.seen.tx;
}

/*
 * The modem's own counter has run while we were away, or not there yet: it is the one that we know,
 * unless it has gone back; else another, which began meanwhile. What it has counted since then the
 * link has counted too, if there is or was one; the modem's word is only wanted where it was
 * believed before. The device's runs since it got power: it has begun meanwhile only if we knew
 * another.
 */
static void adopt(Meter *m, MeterCounter *c, const char *epoch, Traffic reading) {
        bool has_begun = c == &m->device ? c->is_open : m->is_known;
        bool believed =
                (c->is_open && c->row.believed) || m->own_is_awaited || meter_believes_own(m);
        bool is_taken_up = c->is_resumed;

        c->is_stale = c->is_resumed = false;
        if (!c->is_open || meter_has_gone_back(c, reading)) {
                meter_close_counter(m, c);
                meter_open_counter(m, c, g_strdup(epoch),
                                   has_begun ? counter_at_zero() : counter_from(reading));
                c->row.charged = c->counter.seen; /* by nobody, and not to be either */
                c->read_usec = 0;
                is_taken_up = false;
        }

        if (is_taken_up && !m->belief.has_link)
                belief_resume(&m->belief, c->counter.seen, c->row.charged);
        else if (believed)
                m->belief.believed = m->belief.own;
        else if (m->belief.has_link || m->port->link) {
                c->counter = counter_from(reading);
                c->row.charged = traffic_most(c->row.charged, reading);
                belief_unalign(&m->belief);
        }
}

static Traffic feed_device(Meter *m, const ModemStatistics *s) {
        g_autofree char *epoch = device_epoch(m);
        MeterCounter *c = &m->device;
        Traffic delta;

        if (!s->has_device)
                return (Traffic){ 0 };

        if (!c->is_open || c->is_stale)
                adopt(m, c, epoch, s->device);
        else if (m->device_may_begin_anew && meter_has_gone_back(c, s->device)) {
                meter_close_counter(m, c);
                meter_open_counter(m, c, g_steal_pointer(&epoch), counter_at_zero());
        }
        m->device_may_begin_anew = false;

        delta = meter_feed_counter(m, c, "device", s->device);
        if (c->counter.is_doubtful)
                meter_query_modem(m); /* a fresh query decides */
        return delta;
}

static Traffic feed_family(Meter *m, const ModemStatistics *s, IpFamily family) {
        g_autofree char *epoch = meter_family_epoch(m, 0, family);
        MeterCounter *c = &m->family[family];
        Traffic delta = { 0 };

        if (s->running[family]) {
                if (!c->is_open || c->is_stale)
                        adopt(m, c, epoch, s->total[family]);
                delta = meter_feed_counter(m, c, "session", s->total[family]);
                if (c->counter.is_doubtful)
                        meter_query_modem(m); /* a fresh query decides */
        } else if (s->ended[family] && c->is_open && !c->is_resumed && !m->connected[family])
                delta = meter_feed_counter(m, c, "session", s->last[family]);

        return delta;
}

static MeterCounter *believed_counter(Meter *m) {
        if (m->belief.believed == SOURCE_LINK)
                return &m->link;
        if (m->belief.believed == SOURCE_DEVICE)
                return &m->device;
        return m->family[IP_FAMILY_4].is_open ? &m->family[IP_FAMILY_4] : &m->family[IP_FAMILY_6];
}

/*
 * Has the modem told of all that it counts? It may not have answered, or a session has ended and
 * its end is not told yet: its figures are taken only then.
 */
static bool is_whole(const Meter *m, const ModemStatistics *s) {
        if (m->belief.own == SOURCE_DEVICE)
                return s->has_device;

        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                bool is_expected = m->family[f].is_open && !m->family[f].is_stale;

                if (m->connected[f] ? !s->running[f]
                                    : is_expected && !s->running[f] && !s->ended[f])
                        return false;
        }

        return true;
}

/*
 * What the modem's own counters have told of is charged, but for what belief still has to charge:
 * also on the link's word before they were known, as of a session that is told late.
 */
static void note_told(Meter *m) {
        MeterCounter *own[] = { &m->family[IP_FAMILY_4], &m->family[IP_FAMILY_6], &m->device };
        Traffic told = { 0 };

        for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
                if (own[i]->is_open && !own[i]->is_stale)
                        told = traffic_add(told, own[i]->counter.seen);
        told = traffic_beyond(told, traffic_beyond(m->belief.modem, m->belief.charged));

        for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
                if (own[i]->is_open && !own[i]->is_stale)
                        meter_note_charged(own[i], traffic_beyond(told, own[i]->row.charged));
}

void meter_feed_statistics(Meter *m, const ModemStatistics *statistics) {
        bool whole = is_whole(m, statistics), has_read;
        Traffic modem = { 0 }, link, beyond, bytes;

        /* The session that it counts is one of several. */
        if (m->above->len > 0 && m->belief.own == SOURCE_SESSION &&
            m->belief.believed == SOURCE_LINK)
                belief_unalign(&m->belief);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                modem = traffic_add(modem, feed_family(m, statistics, f));
        modem = traffic_add(modem, feed_device(m, statistics));
        meter_feed_muxes(m, statistics);

        /* Read after the modem's, so that it cannot lag behind it. */
        has_read = meter_read_links(m, &link);
        beyond = meter_compare_muxes(m, has_read);
        link = traffic_add(link, beyond);
        bytes = belief_hear(&m->belief, modem, has_read || !traffic_is_zero(beyond) ? &link : NULL,
                            whole);
        meter_charge(m, bytes, believed_counter(m));
        note_told(m);
        meter_note_belief(m);
        m->own_is_awaited = false;
        m->gap_from = 0;

        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                if (statistics->ended[f] && !m->connected[f])
                        meter_close_counter(m, &m->family[f]);
                m->may_be_older[f] &= !statistics->ended[f];
        }

        if (meter_disputed(m) == m->was_disputed && meter_believed(m) == m->was_believed)
                return;

        m->was_disputed = meter_disputed(m);
        m->was_believed = meter_believed(m);
        m->context.listener->changed(m, m->context.userdata);
}

void meter_query_modem(Meter *m) {
        m->query_usec = clock_boottime_usec();
        m->is_asked = true;
        belief_ask(&m->belief);
        meter_ask_muxes(m);
        if (m->modem)
                modem_query_statistics(m->modem);
}
