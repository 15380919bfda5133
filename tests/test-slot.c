/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "slot.h"

#include <errno.h>
#include <string.h>

static void fill(Slot *s) {
        const SlotCounter counter = {
                .id = 7, .seen = { 1000, UINT64_MAX }, .charged = { 900, 3 }, .believed = true
        };
        const SlotUsage usage = { .sim = 2,
                                  .start = 1795000500,
                                  .session = 9,
                                  .plmn = "310410",
                                  .roaming = true,
                                  .bytes = { 12, 34 },
                                  .first_at = 1795000501,
                                  .last_at = 1795000777,
                                  .gap_from = 1794000000,
                                  .boottime = 60 };

        memset(s->ledger, 0xa5, sizeof(s->ledger));
        s->sequence = 42;
        g_array_append_val(s->counters, counter);
        g_array_append_val(s->counters, counter);
        g_array_append_val(s->usages, usage);
}

static void test_there_and_back(void) {
        g_auto(Slot) in = { 0 }, out = { 0 };
        g_autofree uint8_t *buffer = g_malloc(SLOT_MAX_BYTES);
        const SlotUsage *u;
        const SlotCounter *c;
        int size;

        slot_init(&in);
        slot_init(&out);
        fill(&in);
        size = slot_encode(&in, buffer);
        g_assert_cmpint(size, >, 0);
        g_assert_cmpint(slot_decode(buffer, SLOT_MAX_BYTES, &out), ==, 0);

        g_assert_cmpmem(out.ledger, sizeof(out.ledger), in.ledger, sizeof(in.ledger));
        g_assert_cmpuint(out.sequence, ==, 42);
        g_assert_cmpuint(out.counters->len, ==, 2);
        g_assert_cmpuint(out.usages->len, ==, 1);
        c = &g_array_index(out.counters, SlotCounter, 1);
        g_assert_cmpint(c->id, ==, 7);
        g_assert_cmpuint(c->seen.tx, ==, UINT64_MAX);
        g_assert_cmpuint(c->charged.rx, ==, 900);
        g_assert_true(c->believed);
        u = &g_array_index(out.usages, SlotUsage, 0);
        g_assert_cmpstr(u->plmn, ==, "310410");
        g_assert_true(u->roaming);
        g_assert_cmpuint(u->bytes.tx, ==, 34);
        g_assert_cmpint(u->gap_from, ==, 1794000000);
        g_assert_cmpint(u->boottime, ==, 60);
}

/* Any bit that differs, any cut: not believed. */
static void test_torn(void) {
        g_auto(Slot) in = { 0 };
        g_autofree uint8_t *buffer = g_malloc0(SLOT_MAX_BYTES);
        int size;

        slot_init(&in);
        fill(&in);
        size = slot_encode(&in, buffer);

        for (int i = 0; i < size; i++) {
                g_auto(Slot) out = { 0 };

                slot_init(&out);
                buffer[i] ^= 1 << (i % 8);
                g_assert_cmpint(slot_decode(buffer, (size_t) size, &out), ==, -EBADMSG);
                buffer[i] ^= 1 << (i % 8);
                g_assert_cmpint(slot_decode(buffer, (size_t) i, &out), ==, -EBADMSG);
                g_assert_cmpuint(out.usages->len, ==, 0);
        }
}

static void test_too_many(void) {
        g_auto(Slot) in = { 0 };
        g_autofree uint8_t *buffer = g_malloc(SLOT_MAX_BYTES);

        slot_init(&in);
        for (int i = 0; i < 500; i++)
                fill(&in);
        g_assert_cmpint(slot_encode(&in, buffer), ==, -E2BIG);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/slot/there-and-back", test_there_and_back);
        g_test_add_func("/slot/torn", test_torn);
        g_test_add_func("/slot/too-many", test_too_many);
        return g_test_run();
}
