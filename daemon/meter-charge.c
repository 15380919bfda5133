/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From counters to charges: the link's counter and the session's own, and which is believed. */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "meter-internal.h"

#define FASTEST_BYTES_PER_SECOND (UINT64_C(10000000000) / 8) /* 5G's peak */
#define SLACK_BYTES              UINT64_C(1000000000)
#define GAP_SECONDS              60 /* a shorter one is told by first_at already */

/* The most that can have been carried since the counter was read last. */
static uint64_t most_since(const MeterCounter *c) {
        int64_t usec = clock_boottime_usec() - c->read_usec;

        return traffic_saturated((uint64_t) MAX(usec, 0) / G_USEC_PER_SEC *
                                         FASTEST_BYTES_PER_SECOND,
                                 SLACK_BYTES + FASTEST_BYTES_PER_SECOND);
}

static void tell_faults(const Meter *m, const char *what, unsigned faults) {
        const char *name = meter_device(m);

        if (faults & COUNTER_RESTARTED)
                g_warning("%s: the %s counter was set anew; what it counted meanwhile is not known",
                          name, what);
        else if (faults & COUNTER_LEAPT)
                g_warning("%s: the %s counter leapt by more than can be; not believed", name, what);
        else if (faults & COUNTER_WENT_BACK)
                g_info("%s: the %s counter went back; not believed", name, what);
}

/* Feeds a reading, and remembers what is to be written of it. */
Traffic meter_feed_counter(Meter *m, MeterCounter *c, const char *what, Traffic reading) {
        Traffic delta;
        unsigned faults;

        faults = counter_feed(&c->counter, reading, most_since(c), &delta);
        tell_faults(m, what, faults);
        if (!(faults & COUNTER_LEAPT) || (faults & COUNTER_RESTARTED))
                c->read_usec = clock_boottime_usec();
        if (!traffic_is_zero(delta) || (faults & COUNTER_RESTARTED)) {
                c->is_dirty = true;
                m->context.listener->dirty(m, m->context.userdata);
        }

        return delta;
}

static void note_charged(MeterCounter *c, Traffic bytes) {
        if (!c->is_open || traffic_is_zero(bytes))
                return;

        c->row.charged = traffic_add(c->row.charged, bytes);
        c->is_dirty = true;
}

void meter_book(Meter *m, int64_t session, Traffic bytes) {
        const Place place = { .session = session, .serving = m->serving, .roaming = m->roaming };
        int64_t now = clock_now();

        account_charge(m->booked, &place, bytes, now,
                       m->gap_from > 0 && now - m->gap_from > GAP_SECONDS ? m->gap_from : 0);
}

/*
 * The modem's own counters remember what was charged during their life, on whoever's word: it
 * must be known when nothing else is left to believe after a restart.
 */
static void charge(Meter *m, Traffic bytes, MeterCounter *source) {
        Traffic rest = meter_charge_above(m, bytes);

        if (traffic_is_zero(bytes))
                return;
        if (!traffic_is_zero(rest))
                meter_book(m, meter_session(m), rest);

        m->proved = traffic_add(m->proved, bytes);
        if (source != &m->link)
                note_charged(source, bytes);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                if (&m->family[f] != source)
                        note_charged(&m->family[f], bytes);
        if (&m->device != source)
                note_charged(&m->device, bytes);
        m->context.listener->dirty(m, m->context.userdata);
        if (m->booked == m->unassigned)
                m->context.listener->changed(m, m->context.userdata);
}

bool meter_believes_own(const Meter *m) {
        return m->belief.believed != SOURCE_LINK && m->belief.has_link;
}

bool meter_own_is_behind(const Meter *m) {
        return !traffic_is_zero(traffic_beyond(m->belief.charged, m->belief.modem));
}

bool meter_own_goes_on(const Meter *m) {
        return (meter_believes_own(m) || m->own_is_awaited) && !meter_own_is_behind(m);
}

/*
 * Another counter is believed now: all rows say so, or after a restart the modem's would be taken
 * for one that was believed all the time, and its figures for bytes that nobody has charged.
 */
static void note_belief(Meter *m) {
        MeterCounter *counters[] = { &m->link, &m->family[IP_FAMILY_4], &m->family[IP_FAMILY_6],
                                     &m->device };

        if (m->own_was_noted == meter_own_goes_on(m))
                return;

        m->own_was_noted = meter_own_goes_on(m);
        for (size_t i = 0; i < G_N_ELEMENTS(counters); i++)
                counters[i]->is_dirty |= counters[i]->is_open;
        m->context.listener->dirty(m, m->context.userdata);
}

int meter_read_link(Meter *m, const char *name, int ifindex, MeterCounter *c, Traffic *ret_delta,
                    Traffic *ret_packets) {
        Traffic reading, delta;
        int r;

        r = link_monitor_read(m->context.links, ifindex, &reading, ret_packets);
        if (r < 0) {
                if (r != -ENODEV)
                        g_warning("Failed to read the counter of %s: %s", name, g_strerror(-r));
                return r;
        }

        delta = meter_feed_counter(m, c, "link", reading);
        if (c->counter.is_doubtful &&
            link_monitor_read(m->context.links, ifindex, &reading, ret_packets) >= 0)
                delta = traffic_add(delta, meter_feed_counter(m, c, "link", reading));

        *ret_delta = delta;
        return 0;
}

Traffic meter_feed_link(Meter *m, MeterCounter *c, Traffic reading) {
        return meter_feed_counter(m, c, "link", reading);
}

/*
 * What the links' counters have added; nothing where there is no link. False where it is just about
 * to go: its last word is on the way.
 */
static bool read_link(Meter *m, Traffic *ret) {
        Traffic delta = { 0 };

        *ret = delta;
        if (m->ifindex > 0 &&
            meter_read_link(m, m->link_name, m->ifindex, &m->link, &delta, NULL) < 0)
                return false;

        delta = meter_read_above(m, delta);
        *ret = delta;
        return true;
}

void meter_read(Meter *m) {
        Traffic delta;

        (void) read_link(m, &delta);
        charge(m, belief_feed(&m->belief, delta), &m->link);
        note_belief(m);
        if (m->ifindex > 0)
                m->gap_from = 0;
}

/* Hands the row over to be written, and starts afresh. */
void meter_put_away(Meter *m, MeterCounter *c) {
        c->row.seen = c->counter.seen;
        g_array_append_val(m->old_counters, c->row);
        *c = (MeterCounter){ 0 };
}

void meter_close_counter(Meter *m, MeterCounter *c) {
        g_autofree char *epoch = NULL;

        if (!c->is_open)
                return;

        /* The name may come again: of those, only one is live. */
        epoch = g_strdup_printf("%s#%" PRIi64, c->row.epoch, c->row.id);
        g_free(c->row.epoch);
        c->row.epoch = g_steal_pointer(&epoch);
        c->row.ended = clock_now();
        meter_put_away(m, c);
}

void meter_open_counter(Meter *m, MeterCounter *c, char *epoch, Counter counter) {
        *c = (MeterCounter){
                .is_open = true,
                .row = { .id = ledger_new_id(m->context.ledger, LEDGER_COUNTER), .epoch = epoch },
                .counter = counter,
                .read_usec = clock_boottime_usec(),
                .is_new = true,
                .is_dirty = true,
        };
}

/* Goes on where the counter was left, if it is known: among what is to be written, or in the book.
 */
int meter_resume_counter(Meter *m, MeterCounter *c, const char *epoch) {
        LedgerCounter row;
        int r;

        for (guint i = 0; i < m->old_counters->len; i++) {
                LedgerCounter *old = &g_array_index(m->old_counters, LedgerCounter, i);

                if (!g_str_equal(old->epoch, epoch))
                        continue;
                row = *old;
                *old = (LedgerCounter){ 0 };
                g_array_remove_index(m->old_counters, i);
                *c = (MeterCounter){ .is_open = true,
                                     .row = row,
                                     .counter = counter_from(row.seen),
                                     .is_dirty = true };
                return 0;
        }

        r = ledger_load_counter(m->context.ledger, epoch, &row);
        if (r < 0)
                return r;

        *c = (MeterCounter){ .is_open = true, .row = row, .counter = counter_from(row.seen) };
        return 0;
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

/* From the start on, so that what is charged before the modem says something is noted. */
void meter_resume_counters(Meter *m) {
        g_autofree char *device = device_epoch(m);

        resume(m, &m->device, device);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++) {
                g_autofree char *epoch = meter_family_epoch(m, 0, f);

                resume(m, &m->family[f], epoch);
        }
}

void meter_open_family(Meter *m, IpFamily family) {
        g_autofree char *epoch = meter_family_epoch(m, 0, family);
        MeterCounter *c = &m->family[family];

        /* The modem said no last word of the one before, or has counted for the stint before. */
        if ((c->is_open || m->may_be_older[family]) && m->belief.believed == SOURCE_LINK)
                belief_unalign(&m->belief);
        m->may_be_older[family] = false;
        meter_close_counter(m, c);
        meter_open_counter(m, c, g_steal_pointer(&epoch), counter_at_zero());
        c->row.session = m->session.id;
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
                        note_charged(own[i], traffic_beyond(told, own[i]->row.charged));
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
        has_read = read_link(m, &link);
        beyond = meter_compare_muxes(m, has_read);
        link = traffic_add(link, beyond);
        bytes = belief_hear(&m->belief, modem, has_read || !traffic_is_zero(beyond) ? &link : NULL,
                            whole);
        charge(m, bytes, believed_counter(m));
        note_told(m);
        note_belief(m);
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

static char *link_epoch(const Link *link) {
        return g_strdup_printf("kernel:%s:%" PRIu64 ":%d", clock_boot_id(), link_namespace(),
                               link->ifindex);
}

/* Where the counter of a link stands for us: where we left it, at zero, or where it is now. */
int meter_open_link(Meter *m, const Link *link, MeterCounter *c, bool *ret_goes_on) {
        g_autofree char *epoch = link_epoch(link);
        Traffic now = { 0 };
        int r;

        r = meter_resume_counter(m, c, epoch);
        if (r >= 0)
                *ret_goes_on = true;
        if (r != -ENOENT)
                return r;

        if (!link->is_new) {
                r = link_monitor_read(m->context.links, link->ifindex, &now, NULL);
                if (r < 0)
                        return r;
        }

        meter_open_counter(m, c, g_steal_pointer(&epoch), counter_from(now));
        if (link->is_new)
                c->read_usec = 0;
        m->context.listener->dirty(m, m->context.userdata);
        return 0;
}

static void link_appeared_above(const Link *link, void *userdata) {
        (void) meter_above_appeared(userdata, link);
}

static bool has_links(const Meter *m) {
        return m->ifindex > 0 || m->above->len > 0;
}

static void begin_link(Meter *m, const Link *link) {
        bool goes_on = false, had_links = has_links(m);
        int r;

        r = meter_open_link(m, link, &m->link, &goes_on);
        if (r < 0) {
                g_warning("Failed to begin counting on %s: %s", link->name, g_strerror(-r));
                return;
        }

        m->ifindex = link->ifindex;
        m->link_name = g_strdup(link->name);
        m->link_counts_frames = link->nature.rx_has_header;
        if (!had_links) {
                belief_link_came(&m->belief, goes_on);
                m->own_is_awaited = goes_on && !m->link.row.believed;
        }
        g_info("%s: counting on %s", meter_device(m), link->name);
        link_monitor_foreach_above(m->context.links, m->ifindex, link_appeared_above, m);
        meter_begin_below(m);
        meter_read(m);
        m->context.listener->changed(m, m->context.userdata);
}

void meter_link_appeared(Meter *m, const Link *link) {
        bool is_ours = m->port->link && g_str_equal(link->name, m->port->link);

        if (link->ifindex == m->ifindex && !g_str_equal(link->name, m->link_name)) {
                g_free(m->link_name);
                m->link_name = g_strdup(link->name);
                m->context.listener->changed(m, m->context.userdata);
        }

        if (is_ours && m->ifindex == 0)
                begin_link(m, link);
        else if (m->ifindex > 0 && meter_above_appeared(m, link)) {
                meter_read(m);
                m->context.listener->changed(m, m->context.userdata);
                (void) m->context.listener->flush(m, m->context.userdata);
        }
}

void meter_charge_last(Meter *m, Traffic delta, bool is_the_last) {
        delta = belief_feed(&m->belief, delta);
        if (is_the_last)
                delta = traffic_add(delta, belief_last_word(&m->belief));
        charge(m, delta, &m->link);
        if (is_the_last)
                meter_confirm_presumed(m);
}

static void end_link(Meter *m, const Traffic *last) {
        m->away_ifindex = last ? 0 : m->ifindex;
        m->ifindex = 0;
        g_clear_pointer(&m->link_name, g_free);

        if (last) {
                Traffic delta = meter_feed_link(m, &m->link, *last);

                meter_charge_last(m, meter_read_above(m, delta), m->above->len == 0);
                meter_close_counter(m, &m->link);
        } else
                meter_put_away(m, &m->link); /* out of sight, but not over: it may return */
}

void meter_link_vanished(Meter *m, const Link *link, const Traffic *last) {
        if (link->ifindex == m->ifindex)
                end_link(m, last);
        else if (!meter_above_vanished(m, link, last))
                return;

        if (!has_links(m))
                belief_link_gone(&m->belief, !last);
        note_belief(m);
        g_info("%s: %s is gone", meter_device(m), link->name);
        m->context.listener->changed(m, m->context.userdata);
        (void) m->context.listener->flush(m, m->context.userdata);
}
