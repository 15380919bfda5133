/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A slot that is believed can be written again as it was. */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "slot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree uint8_t *buffer = g_malloc(SLOT_MAX_BYTES);
        g_auto(Slot) slot = { 0 };
        int size;

        slot_init(&slot);
        if (slot_decode(data, n, &slot) == 0) {
                size = slot_encode(&slot, buffer);
                g_assert_cmpint(size, >, 0);
                g_assert_cmpuint((size_t) size, <=, n);
                g_assert_cmpint(memcmp(buffer, data, 24), ==, 0);
        }

        return 0;
}
