/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A preallocated file of two slots beside the ledger, written in turn: what was counted since the
 * last commit, at a fraction of a commit's price. A power cut costs what came after the last slot.
 */

#include "slot.h"

typedef struct Journal Journal;

/*
 * Opens DIRECTORY/journal, made if need be. ledger: the UUID of the ledger that it belongs to;
 * sequence: that of the ledger's last commit. Returns a negative errno; it is logged.
 */
int journal_open(const char *directory, const char *ledger, uint64_t sequence, Journal **ret);
Journal *journal_free(Journal *j);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Journal, journal_free)

/*
 * The newest slot that is whole, of this ledger, and newer than its last commit: -ENOENT if there
 * is none. ret has been initialised.
 */
int journal_read(Journal *j, Slot *ret);

/*
 * Writes a slot under the next sequence number; on the device when this returns 0. Nothing is
 * written if the last one since the last commit says the same.
 */
int journal_write(Journal *j, Slot *slot);

/* The number of the last slot: a commit that stores it makes that slot stale. */
uint64_t journal_sequence(const Journal *j);

/* The commit was made: the next slot is written whatever it says. */
void journal_note_commit(Journal *j);
