/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Slots between commits: each once, in turn, and only what is newer than the ledger. */

#include "journal.h"

#include <errno.h>
#include <glib/gstdio.h>

#define LEDGER  "00112233445566778899aabbccddeeff"
#define ANOTHER "ffeeddccbbaa99887766554433221100"

typedef struct Fixture {
        char *directory;
} Fixture;

static void set_up(Fixture *f, const void *data) {
        f->directory = g_dir_make_tmp("test-journal-XXXXXX", NULL);
        g_assert_nonnull(f->directory);
}

static void tear_down(Fixture *f, const void *data) {
        g_autofree char *path = g_build_filename(f->directory, "journal", NULL);

        g_assert_cmpint(g_unlink(path), ==, 0);
        g_assert_cmpint(g_rmdir(f->directory), ==, 0);
        g_free(f->directory);
}

static Journal *open_journal(Fixture *f, const char *ledger, uint64_t sequence) {
        Journal *j = NULL;

        g_assert_cmpint(journal_open(f->directory, ledger, sequence, &j), ==, 0);
        return j;
}

static uint64_t write_rx(Journal *j, uint64_t rx) {
        const SlotCounter counter = { .id = 1, .seen = { rx, 0 }, .charged = { rx, 0 } };
        g_auto(Slot) slot = { 0 };

        slot_init(&slot);
        g_array_append_val(slot.counters, counter);
        g_assert_cmpint(journal_write(j, &slot), ==, 0);
        return journal_sequence(j);
}

/* What a start after a commit of that number finds; UINT64_MAX: nothing. */
static uint64_t read_rx(Fixture *f, const char *ledger, uint64_t sequence) {
        g_autoptr(Journal) j = open_journal(f, ledger, sequence);
        g_auto(Slot) slot = { 0 };
        int r;

        slot_init(&slot);
        r = journal_read(j, &slot);
        if (r < 0) {
                g_assert_cmpint(r, ==, -ENOENT);
                return UINT64_MAX;
        }

        return g_array_index(slot.counters, SlotCounter, 0).seen.rx;
}

static void test_in_turn(Fixture *f, const void *data) {
        g_autoptr(Journal) j = open_journal(f, LEDGER, 0);

        for (uint64_t rx = 1; rx <= 5; rx++) {
                g_assert_cmpuint(write_rx(j, rx), ==, rx);
                g_assert_cmpuint(read_rx(f, LEDGER, 0), ==, rx);
                g_assert_cmpuint(read_rx(f, LEDGER, rx - 1), ==, rx);
                g_assert_cmpuint(read_rx(f, LEDGER, rx), ==, UINT64_MAX);
        }
        g_assert_cmpuint(read_rx(f, ANOTHER, 0), ==, UINT64_MAX);
}

/* Nothing moved: nothing is written, and what was written stands. */
static void test_once(Fixture *f, const void *data) {
        g_autoptr(Journal) j = open_journal(f, LEDGER, 7);

        g_assert_cmpuint(write_rx(j, 1000), ==, 8);
        g_assert_cmpuint(write_rx(j, 1000), ==, 8);
        g_assert_cmpuint(write_rx(j, 1001), ==, 9);
        g_assert_cmpuint(write_rx(j, 1001), ==, 9);
        g_assert_cmpuint(read_rx(f, LEDGER, 7), ==, 1001);
        g_assert_cmpuint(write_rx(j, 1000), ==, 10); /* not what the last one says */

        /* The commit has made the last one stale. */
        journal_note_commit(j);
        g_assert_cmpuint(write_rx(j, 1000), ==, 11);
        g_assert_cmpuint(read_rx(f, LEDGER, 10), ==, 1000);
}

#define ADD(path, test) g_test_add(path, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        ADD("/journal/in-turn", test_in_turn);
        ADD("/journal/once", test_once);
        return g_test_run();
}
