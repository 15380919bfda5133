/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "query-preset.h"

#include <errno.h>
#include <string.h>

#include "keyfile.h"
#include "plan-values.h"
#include "sentence.h"

#define GROUP     "Carrier"
#define MAX_NAME  128
#define MAX_PLMNS 64

void query_preset_clear(QueryPreset *p) {
        g_clear_pointer(&p->name, g_free);
        g_clear_pointer(&p->source, g_free);
        g_clear_pointer(&p->plmns, g_array_unref);
        p->query = query_free(p->query);
}

static int read_plmn(const char *text, void *ret) {
        return plmn_parse(text, ret);
}

static int read_key(QueryPreset *p, const KeyfileEntry *entry) {
        if (strcmp(entry->key, "Name") == 0)
                return value_read_text(entry->value, MAX_NAME, &p->name);
        if (strcmp(entry->key, "Source") == 0)
                return value_read_url(entry->value, &p->source);
        if (strcmp(entry->key, "Plmn") == 0)
                return value_read_list(entry->value, MAX_PLMNS, sizeof(Plmn), read_plmn, &p->plmns);
        return -ENOENT;
}

static int read_carrier(QueryPreset *p, const KeyfileGroup *group, char **ret_error) {
        for (guint i = 0; i < group->entries->len; i++) {
                const KeyfileEntry *entry = group->entries->pdata[i];
                g_autofree char *quoted = sentence_quote(entry->value);
                int r;

                r = read_key(p, entry);
                if (r == -ENOENT)
                        return sentence_refuse(
                                ret_error,
                                "line %u: %s is no key of [%s], which has Name, Plmn "
                                "and Source",
                                entry->line, entry->key, GROUP);
                if (r < 0)
                        return sentence_refuse(ret_error, "line %u: %s: %s is not understood",
                                               entry->line, entry->key, quoted);
        }

        if (!p->name || !p->plmns || !p->source)
                return sentence_refuse(ret_error, "line %u: [%s] has Name, Plmn and Source",
                                       group->line, GROUP);
        return 0;
}

/* The lines from a group's on, with as many empty ones before them: so that each keeps its number.
 */
static char *from_line(const char *text, unsigned line) {
        GString *rest = g_string_new(NULL);

        for (unsigned i = 1; i < line && strchr(text, '\n'); i++) {
                text = strchr(text, '\n') + 1;
                g_string_append_c(rest, '\n');
        }
        g_string_append(rest, text);
        return g_string_free(rest, FALSE);
}

int query_preset_parse(const char *text, gsize length, QueryPreset *ret, char **ret_error) {
        g_auto(QueryPreset) p = { 0 };
        g_autoptr(Keyfile) file = NULL;
        g_autofree char *query = NULL;
        const KeyfileGroup *groups[2];
        int r;

        r = keyfile_parse(text, length, &file, ret_error);
        if (r < 0)
                return r;
        if (file->groups->len != G_N_ELEMENTS(groups))
                return sentence_refuse(ret_error, "there are two groups, [%s] and [Query]", GROUP);
        for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
                groups[i] = file->groups->pdata[i];
        if (strcmp(groups[0]->name, GROUP) != 0)
                return sentence_refuse(ret_error, "line %u: the first group is [%s]",
                                       groups[0]->line, GROUP);

        r = read_carrier(&p, groups[0], ret_error);
        if (r < 0)
                return r;
        query = from_line(text, groups[1]->line);
        r = query_parse(query, strlen(query), &p.query, ret_error);
        if (r < 0)
                return r;

        *ret = p;
        p = (QueryPreset){ 0 };
        return 0;
}

bool query_preset_is_of(const QueryPreset *p, Plmn home) {
        for (guint i = 0; i < p->plmns->len; i++)
                if (plmn_equal(g_array_index(p->plmns, Plmn, i), home))
                        return true;

        return false;
}
