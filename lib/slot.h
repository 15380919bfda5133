/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What was counted since the last commit, in a form that can be written in one go and is believed
 * only when it is whole: readings of counters as absolute values, and the bytes charged on them.
 *
 * The form, all integers little-endian: magic (8 bytes), the ledger's UUID (16), sequence (8),
 * number of counters (4), number of usages (4), counters (48 each), usages (88 each), the first 16
 * bytes of the SHA-256 of all that.
 */

#include <glib.h>

#include "traffic.h"

#define SLOT_MAX_BYTES 65536
#define SLOT_UUID_SIZE 16

typedef struct SlotCounter {
        int64_t id; /* of the ledger, as all ids here */
        Traffic seen, charged;
        bool believed;
} SlotCounter;

typedef struct SlotUsage {
        int64_t sim, start, session;
        char plmn[8];
        bool roaming;
        Traffic bytes;
        int64_t first_at, last_at, gap_from; /* UTC seconds */
        int64_t boottime;
} SlotUsage;

typedef struct Slot {
        uint8_t ledger[SLOT_UUID_SIZE];
        uint64_t sequence;
        GArray *counters; /* SlotCounter */
        GArray *usages;   /* SlotUsage */
} Slot;

void slot_init(Slot *s);
void slot_clear(Slot *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Slot, slot_clear)

/* Returns the size, or -E2BIG when it does not fit into SLOT_MAX_BYTES. */
int slot_encode(const Slot *s, uint8_t buffer[static SLOT_MAX_BYTES]);

/* -EBADMSG: not a slot, or not whole. ret has been initialised. */
int slot_decode(const uint8_t *data, size_t size, Slot *ret);
