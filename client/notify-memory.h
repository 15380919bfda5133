/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a person was told of already, across restarts of the agent. */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Memory Memory;

/*
 * Reads the file, or begins anew without one. session: the id of the session's bus; with another
 * one than last time, only what was put away by hand is still known. Changes are written by
 * memory_save(); where they cannot be, it is said once, and they are known until the end.
 */
Memory *memory_new(const char *path, const char *session);
Memory *memory_free(Memory *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Memory, memory_free)

/* An alert is the same as long as it was raised at the same time. */
bool memory_has(const Memory *m, uint64_t alert, uint64_t raised_at);

/* Where an alert of a SIM was told: in a notification that a server gave a number. */
typedef struct MemoryEntry {
        const char *sim; /* path */
        uint64_t alert, raised_at;
        uint32_t notification;
} MemoryEntry;

void memory_add(Memory *m, const char *server, const MemoryEntry *entry);

/* Visits all that are still on the screen of that server (its unique name), as far as is known. */
void memory_visit(const Memory *m, const char *server,
                  void (*visit)(const MemoryEntry *entry, void *data), void *data);

/* It is not on the screen any more; by_hand: a person has put it away. */
void memory_close(Memory *m, uint64_t alert, bool by_hand);
void memory_forget(Memory *m, uint64_t alert);

/* Forgets all alerts but those in a set, whose keys are pointers to their uint64_t. */
void memory_keep(Memory *m, GHashTable *alerts);

/* Only what is critical is to be told. */
bool memory_is_quiet(const Memory *m);
void memory_set_quiet(Memory *m, bool is_quiet);

void memory_save(Memory *m);
