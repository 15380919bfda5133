/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is read is in the order of its lines and within bounds; what is not has a sentence. */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "keyfile.h"

static void check_group(const KeyfileGroup *group, unsigned *line) {
        g_assert_cmpuint(group->line, >, *line);
        g_assert_cmpuint(group->entries->len, <=, KEYFILE_MAX_KEYS);
        *line = group->line;

        for (guint i = 0; i < group->entries->len; i++) {
                const KeyfileEntry *entry = group->entries->pdata[i];

                g_assert_cmpuint(entry->line, >, *line);
                g_assert_cmpuint(strlen(entry->key), >, 0);
                g_assert_cmpuint(strlen(entry->value), >, 0);
                g_assert_true(g_utf8_validate(entry->value, -1, NULL));
                g_assert_true(keyfile_find(group, entry->key) == entry);
                *line = entry->line;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autoptr(Keyfile) k = NULL;
        g_autofree char *error = NULL;
        unsigned line = 0;

        if (keyfile_parse((const char *) data, n, &k, &error) < 0) {
                g_assert_nonnull(error);
                g_assert_true(g_utf8_validate(error, -1, NULL));
                g_assert_null(strchr(error, '\n'));
                return 0;
        }

        g_assert_null(error);
        for (guint i = 0; i < k->groups->len; i++)
                check_group(k->groups->pdata[i], &line);

        return 0;
}
