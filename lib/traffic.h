/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Bytes of IP packets in both directions, as a plain value. */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Traffic {
        uint64_t rx; /* towards this machine */
        uint64_t tx;
} Traffic;

static inline bool traffic_is_zero(Traffic t) {
        return t.rx == 0 && t.tx == 0;
}

static inline bool traffic_equal(Traffic a, Traffic b) {
        return a.rx == b.rx && a.tx == b.tx;
}

static inline uint64_t traffic_saturated(uint64_t a, uint64_t b) {
        return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Sums saturate: a total that cannot be held must not come out small. */
static inline Traffic traffic_add(Traffic a, Traffic b) {
        return (Traffic){ traffic_saturated(a.rx, b.rx), traffic_saturated(a.tx, b.tx) };
}

/* What a exceeds b by, each direction apart and never below zero. */
static inline Traffic traffic_beyond(Traffic a, Traffic b) {
        return (Traffic){ a.rx > b.rx ? a.rx - b.rx : 0, a.tx > b.tx ? a.tx - b.tx : 0 };
}

static inline Traffic traffic_least(Traffic a, Traffic b) {
        return (Traffic){ MIN(a.rx, b.rx), MIN(a.tx, b.tx) };
}

static inline Traffic traffic_most(Traffic a, Traffic b) {
        return (Traffic){ MAX(a.rx, b.rx), MAX(a.tx, b.tx) };
}

static inline uint64_t traffic_sum(Traffic t) {
        return traffic_saturated(t.rx, t.tx);
}
