/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "muxed.h"

#define FLAT_FRACTION 16 /* below, less than this part of what moves above: it is not counted */

/* What both have counted is one and the same. */
static void match(Muxed *m) {
        Traffic both = traffic_least(m->below, m->ahead);

        m->below = traffic_beyond(m->below, both);
        m->ahead = traffic_beyond(m->ahead, both);
}

void muxed_move_below(Muxed *m, Traffic bytes) {
        m->below = traffic_add(m->below, bytes);
        match(m);
}

void muxed_move_above(Muxed *m, Traffic bytes, Traffic headers) {
        m->ahead = traffic_add(m->ahead, bytes);
        m->above = traffic_add(m->above, bytes);
        m->headers = traffic_add(m->headers, headers);
        match(m);
}

bool muxed_is_in_doubt(const Muxed *m) {
        return !traffic_is_zero(m->above) && !traffic_is_zero(traffic_beyond(m->below, m->headers));
}

static uint64_t take_own(uint64_t below, uint64_t ahead, uint64_t *headers) {
        uint64_t own = below > *headers ? below : 0;

        if (ahead == 0) /* each packet above has been counted below, and so was its header */
                *headers = 0;
        return own;
}

Traffic muxed_take_own(Muxed *m) {
        Traffic own = { take_own(m->below.rx, m->ahead.rx, &m->headers.rx),
                        take_own(m->below.tx, m->ahead.tx, &m->headers.tx) };

        m->below = (Traffic){ 0 };
        m->own = traffic_add(m->own, own);
        return own;
}

Traffic muxed_put_back(Muxed *m) {
        Traffic below = m->below;

        m->below = (Traffic){ 0 };
        return below;
}

Traffic muxed_take_charged(Muxed *m, Traffic moved, bool comes_back) {
        Traffic charged = traffic_least(moved, m->ahead);

        if (!comes_back)
                charged = traffic_least(charged, m->own);

        m->ahead = traffic_beyond(m->ahead, charged);
        m->own = traffic_beyond(m->own, charged);
        return charged;
}

static uint64_t still_to_come(uint64_t ahead, uint64_t above) {
        uint64_t counted = above - MIN(ahead, above);

        return counted < above / FLAT_FRACTION ? 0 : ahead;
}

void muxed_end(Muxed *m) {
        m->ahead = (Traffic){ still_to_come(m->ahead.rx, m->above.rx),
                              still_to_come(m->ahead.tx, m->above.tx) };
        m->above = m->ahead;
        m->headers = (Traffic){ m->ahead.rx > 0 ? m->headers.rx : 0,
                                m->ahead.tx > 0 ? m->headers.tx : 0 };
}
