/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A strict reader of groups of Key=Value lines.
 *
 *     # a comment has a line of its own
 *     [Group with a name]
 *     Key=Value to the end of the line, # included
 *
 * Spaces around lines, keys and values do not count, nor do empty lines; lines may end with CR LF.
 * Everything is kept with the number of its line, so that whoever reads the values can name it.
 */

#include <glib.h>

#define KEYFILE_MAX_BYTES  (64 * 1024)
#define KEYFILE_MAX_LINE   4096
#define KEYFILE_MAX_GROUPS 512
#define KEYFILE_MAX_KEYS   128 /* in a group */

typedef struct KeyfileEntry {
        unsigned line; /* from 1 on */
        char *key;     /* letters, digits and hyphens */
        char *value;   /* never empty */
} KeyfileEntry;

typedef struct KeyfileGroup {
        unsigned line;
        char *name;         /* what stands between the brackets */
        GPtrArray *entries; /* KeyfileEntry */
} KeyfileGroup;

typedef struct Keyfile {
        GPtrArray *groups; /* KeyfileGroup */
} Keyfile;

Keyfile *keyfile_free(Keyfile *k);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keyfile, keyfile_free)

/*
 * Reads a text of so many bytes, in the order of its lines. -EINVAL: *ret_error is a sentence that
 * names the line; a group or a key that comes twice is an error, as is what is not UTF-8.
 */
int keyfile_parse(const char *text, gsize length, Keyfile **ret, char **ret_error);

/* NULL where there is none of this name. */
const KeyfileEntry *keyfile_find(const KeyfileGroup *group, const char *key);
