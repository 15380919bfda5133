/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From counters to charges: the links' counters, and what is booked of any. */

#include <errno.h>
#include <inttypes.h>

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

void meter_note_charged(MeterCounter *c, Traffic bytes) {
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
void meter_charge(Meter *m, Traffic bytes, MeterCounter *source) {
        Traffic rest = meter_charge_above(m, bytes);

        if (traffic_is_zero(bytes))
                return;
        if (!traffic_is_zero(rest))
                meter_book(m, meter_session(m), rest);

        m->proved = traffic_add(m->proved, bytes);
        if (source != &m->link)
                meter_note_charged(source, bytes);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                if (&m->family[f] != source)
                        meter_note_charged(&m->family[f], bytes);
        if (&m->device != source)
                meter_note_charged(&m->device, bytes);
        m->context.listener->dirty(m, m->context.userdata);
        if (m->booked == m->unassigned)
                m->context.listener->changed(m, m->context.userdata);
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

bool meter_read_links(Meter *m, Traffic *ret) {
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

        (void) meter_read_links(m, &delta);
        meter_charge(m, belief_feed(&m->belief, delta), &m->link);
        meter_note_belief(m);
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
        meter_charge(m, delta, &m->link);
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
        meter_note_belief(m);
        g_info("%s: %s is gone", meter_device(m), link->name);
        m->context.listener->changed(m, m->context.userdata);
        (void) m->context.listener->flush(m, m->context.userdata);
}
