/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Several sessions at once: each has a link of its own above the modem's (a VLAN of an MBIM
 * session, a mux id of QMAP), and each such packet is counted by both. Those above are charged in
 * full; of what the link below has moved, only what none of them did.
 */

#include <errno.h>

#include "clock.h"
#include "meter-internal.h"

#define MUX_BYTES    16 /* at most, of QMAP headers, a checksum trailer and padding, for a packet */
#define TAG_BYTES    4  /* of a VLAN's tag, where whole frames are counted */
#define PACKET_BYTES 20 /* at least: an IPv4 header */

void meter_above_free(void *data) {
        MeterAbove *above = data;

        ledger_session_clear(&above->session);
        ledger_counter_clear(&above->counter.row);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                ledger_counter_clear(&above->family[f].row);
        g_free(above->name);
        g_free(above);
}

static MeterAbove *find(const Meter *m, int ifindex) {
        for (guint i = 0; i < m->above->len; i++) {
                MeterAbove *above = m->above->pdata[i];

                if (above->ifindex == ifindex)
                        return above;
        }

        return NULL;
}

static MeterAbove *begin(Meter *m, const Link *link) {
        MeterAbove *above = g_new0(MeterAbove, 1);
        bool goes_on = false;
        int r;

        r = meter_open_link(m, link, &above->counter, &goes_on);
        if (r < 0) {
                g_warning("Failed to begin counting on %s: %s", link->name, g_strerror(-r));
                meter_above_free(above);
                return NULL;
        }

        above->ifindex = link->ifindex;
        above->name = g_strdup(link->name);
        above->kind = link->nature.kind;
        above->mux = link->nature.mux;
        above->is_fresh = true;
        above->goes_on = goes_on;
        meter_begin_mux(m, above);
        g_ptr_array_add(m->above, above);
        meter_watch_muxes(m);
        g_info("%s: counting a session apart on %s", meter_device(m), link->name);
        return above;
}

bool meter_above_appeared(Meter *m, const Link *link) {
        MeterAbove *above = find(m, link->ifindex);

        if (!above && (link->nature.kind == LINK_KIND_PLAIN || link->nature.parent != m->ifindex))
                return false;
        if (!above)
                return begin(m, link) != NULL;
        if (g_str_equal(above->name, link->name))
                return false;

        g_free(above->name);
        above->name = g_strdup(link->name);
        return true;
}

/* What packets of those above cost below at most, beside themselves. */
static uint64_t overhead(const Meter *m, const MeterAbove *above) {
        if (above->kind == LINK_KIND_MUX)
                return MUX_BYTES;
        return m->link_counts_frames ? TAG_BYTES : 0;
}

static uint64_t headers_of(uint64_t bytes, uint64_t packets, uint64_t each) {
        return MIN(packets, bytes / PACKET_BYTES + 1) * each;
}

/* Returns what to charge: all of it, unless the modem's own counter of this session is believed. */
static Traffic count_moved(Meter *m, MeterAbove *above, Traffic delta, Traffic packets) {
        Traffic bytes = belief_feed(&above->belief, delta);
        uint64_t each = overhead(m, above);

        muxed_move_above(&m->muxed, delta,
                         (Traffic){ headers_of(delta.rx, packets.rx, each),
                                    headers_of(delta.tx, packets.tx, each) });
        above->pending = traffic_add(above->pending, bytes);
        return bytes;
}

/* Adds what they moved. False where one is about to go: its last word is on the way. */
static bool read_all(Meter *m, Traffic *moved) {
        bool is_all = true;

        for (guint i = 0; i < m->above->len; i++) {
                MeterAbove *above = m->above->pdata[i];
                Traffic delta, packets;

                above->is_read = meter_read_link(m, above->name, above->ifindex, &above->counter,
                                                 &delta, &packets) >= 0;
                if (!above->is_read) {
                        is_all = false;
                        continue;
                }
                delta = count_moved(m, above, delta, traffic_beyond(packets, above->packets));
                above->packets = packets;
                *moved = traffic_add(*moved, delta);
        }

        return is_all;
}

/*
 * A link that we hear of late, or that comes back, has moved what was taken for the link's own
 * meanwhile: it is charged already. Returns how much.
 */
static Traffic take_charged(Meter *m) {
        Traffic all = { 0 };

        for (guint i = 0; i < m->above->len; i++) {
                MeterAbove *above = m->above->pdata[i];
                Traffic part;

                if (!above->is_fresh)
                        continue;
                part = muxed_take_charged(&m->muxed, above->pending, above->goes_on);
                above->is_fresh = false;
                above->pending = traffic_beyond(above->pending, part);
                all = traffic_add(all, part);
        }

        return all;
}

/* How far the link's own bytes are accounted for is known after a restart, too. */
static void note_accounted(Meter *m) {
        Traffic to = traffic_add(m->link.counter.seen, m->muxed.ahead);

        if (!m->link.is_open || traffic_equal(to, m->link.row.charged))
                return;

        m->link.row.charged = to;
        m->link.is_dirty = true;
}

Traffic meter_read_above(Meter *m, Traffic delta) {
        Traffic moved = { 0 }, own = { 0 };
        bool is_all;

        muxed_move_below(&m->muxed, delta);
        is_all = read_all(m, &moved);
        if (is_all && muxed_is_in_doubt(&m->muxed)) /* what goes out may be counted below first */
                is_all = read_all(m, &moved);

        if (is_all)
                own = muxed_take_own(&m->muxed);
        else if (m->ifindex > 0) /* as if it had not been read */
                m->link.counter.seen =
                        traffic_beyond(m->link.counter.seen, muxed_put_back(&m->muxed));

        m->own_moved = traffic_add(m->own_moved, own);
        moved = traffic_beyond(moved, take_charged(m));
        note_accounted(m);
        return traffic_add(moved, own);
}

void meter_begin_below(Meter *m) {
        Traffic ahead = m->muxed.ahead;

        /* One that was away has counted on what those above moved, and tells of it now. */
        if (m->away_ifindex != m->ifindex)
                ahead = traffic_beyond(m->link.row.charged, m->link.counter.seen);
        m->away_ifindex = 0;
        m->muxed = muxed_begin(ahead);
        for (guint i = 0; i < m->above->len; i++)
                ((MeterAbove *) m->above->pdata[i])->is_fresh = false;
}

static int64_t session_of(Meter *m, MeterAbove *above) {
        if (above->session.id > 0)
                return above->session.id;

        (void) meter_session(m); /* makes the stint, if need be */
        above->session = (LedgerSession){
                .id = ledger_new_id(m->context.ledger, LEDGER_SESSION),
                .stint = m->stint.id,
                .mux = (int) above->mux,
                .apn = g_strdup(""),
                .since = clock_now(),
        };
        above->session_is_dirty = true;
        return above->session.id;
}

Traffic meter_charge_above(Meter *m, Traffic bytes) {
        for (guint i = 0; i < m->above->len; i++) {
                MeterAbove *above = m->above->pdata[i];
                Traffic part = traffic_least(above->pending, bytes);

                above->pending = (Traffic){ 0 };
                if (traffic_is_zero(part))
                        continue;
                meter_book(m, session_of(m, above), part);
                bytes = traffic_beyond(bytes, part);
        }

        return bytes;
}

static void end_session(Meter *m, MeterAbove *above) {
        if (above->session.id == 0)
                return;

        above->session.until = clock_now();
        g_array_append_val(m->old_sessions, above->session);
        above->session = (LedgerSession){ 0 };
        above->session_is_dirty = false;
}

void meter_end_sessions_above(Meter *m) {
        for (guint i = 0; i < m->above->len; i++)
                end_session(m, m->above->pdata[i]);
}

/* What its link has told of, and was not charged while the modem was believed. */
static Traffic take_last_word(MeterAbove *above) {
        Traffic bytes = belief_last_word(&above->belief);

        above->pending = traffic_add(above->pending, bytes);
        return bytes;
}

bool meter_above_vanished(Meter *m, const Link *link, const Traffic *last) {
        MeterAbove *above = find(m, link->ifindex);

        if (!above)
                return false;

        if (last) {
                Traffic delta = meter_feed_link(m, &above->counter, *last);

                delta = count_moved(m, above, delta, traffic_beyond(link->packets, above->packets));
                delta = traffic_add(delta, take_last_word(above));
                meter_charge_last(m, delta, m->ifindex == 0 && m->above->len == 1);
                meter_close_counter(m, &above->counter);
        } else
                meter_put_away(m, &above->counter);

        end_session(m, above);
        meter_end_mux(m, above);
        g_ptr_array_remove(m->above, above);
        meter_watch_muxes(m);
        meter_read(m);
        if (m->above->len == 0) {
                muxed_end(&m->muxed);
                note_accounted(m);
        }
        return true;
}
