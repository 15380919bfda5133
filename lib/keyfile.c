/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "keyfile.h"

#include <errno.h>
#include <string.h>

#include "sentence.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define KEY_LETTERS     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"

static void entry_free(void *data) {
        KeyfileEntry *e = data;

        g_free(e->key);
        g_free(e->value);
        g_free(e);
}

static void group_free(void *data) {
        KeyfileGroup *g = data;

        g_free(g->name);
        g_ptr_array_unref(g->entries);
        g_free(g);
}

Keyfile *keyfile_free(Keyfile *k) {
        if (!k)
                return NULL;

        g_ptr_array_unref(k->groups);
        g_free(k);
        return NULL;
}

const KeyfileEntry *keyfile_find(const KeyfileGroup *group, const char *key) {
        for (guint i = 0; i < group->entries->len; i++) {
                const KeyfileEntry *e = group->entries->pdata[i];

                if (strcmp(e->key, key) == 0)
                        return e;
        }

        return NULL;
}

static const KeyfileGroup *find_group(const Keyfile *k, const char *name) {
        for (guint i = 0; i < k->groups->len; i++) {
                const KeyfileGroup *g = k->groups->pdata[i];

                if (strcmp(g->name, name) == 0)
                        return g;
        }

        return NULL;
}

static int add_group(Keyfile *k, char *text, unsigned line, char **ret_error) {
        size_t length = strlen(text);
        const KeyfileGroup *twin;
        KeyfileGroup *group;
        const char *name;

        if (text[length - 1] != ']')
                return sentence_refuse(ret_error,
                                       "line %u: a group ends with ], and has its line to itself",
                                       line);

        text[length - 1] = '\0';
        name = g_strstrip(text + 1);
        if (*name == '\0' || strpbrk(name, "[]"))
                return sentence_refuse(
                        ret_error, "line %u: a group is a name in brackets, such as [Plan]", line);

        twin = find_group(k, name);
        if (twin)
                return sentence_refuse(
                        ret_error, "line %u: [%s] is there already, in line %u; put them together",
                        line, name, twin->line);
        if (k->groups->len == KEYFILE_MAX_GROUPS)
                return sentence_refuse(ret_error, "line %u: more than %d groups", line,
                                       KEYFILE_MAX_GROUPS);

        group = g_new(KeyfileGroup, 1);
        *group = (KeyfileGroup){ .line = line,
                                 .name = g_strdup(name),
                                 .entries = g_ptr_array_new_with_free_func(entry_free) };
        g_ptr_array_add(k->groups, group);
        return 0;
}

static int check_key(const KeyfileGroup *group, const char *key, const char *value, unsigned line,
                     char **ret_error) {
        g_autofree char *quoted = sentence_quote(key);
        const KeyfileEntry *twin;

        if (*key == '\0' || key[strspn(key, KEY_LETTERS)] != '\0')
                return sentence_refuse(ret_error,
                                       "line %u: %s is no key; a key is letters and digits, such "
                                       "as Bytes=5GB",
                                       line, quoted);
        if (*value == '\0')
                return sentence_refuse(ret_error,
                                       "line %u: %s: nothing is said; leave the line out, or put "
                                       "a # before it",
                                       line, key);

        twin = keyfile_find(group, key);
        if (twin)
                return sentence_refuse(ret_error,
                                       "line %u: %s is said already, in line %u; leave one out",
                                       line, key, twin->line);
        if (group->entries->len == KEYFILE_MAX_KEYS)
                return sentence_refuse(ret_error, "line %u: more than %d keys in [%s]", line,
                                       KEYFILE_MAX_KEYS, group->name);

        return 0;
}

static int add_entry(Keyfile *k, char *text, unsigned line, char **ret_error) {
        KeyfileGroup *group = k->groups->len > 0 ? k->groups->pdata[k->groups->len - 1] : NULL;
        char *equals = strchr(text, '=');
        KeyfileEntry *entry;
        char *key, *value;
        int r;

        if (!equals) {
                g_autofree char *quoted = sentence_quote(text);

                return sentence_refuse(ret_error,
                                       "line %u: %s has no =; a line is Key=Value, a [Group], or "
                                       "a comment after #",
                                       line, quoted);
        }
        if (!group)
                return sentence_refuse(
                        ret_error, "line %u: no group yet; begin with a line such as [Plan]", line);

        *equals = '\0';
        key = g_strstrip(text);
        value = g_strstrip(equals + 1);
        r = check_key(group, key, value, line, ret_error);
        if (r < 0)
                return r;

        entry = g_new(KeyfileEntry, 1);
        *entry = (KeyfileEntry){ .line = line, .key = g_strdup(key), .value = g_strdup(value) };
        g_ptr_array_add(group->entries, entry);
        return 0;
}

static int add_line(Keyfile *k, char *text, unsigned line, char **ret_error) {
        g_strstrip(text); /* and the CR of a CR LF */

        if (*text == '\0' || *text == '#')
                return 0;
        if (*text == ';')
                return sentence_refuse(ret_error, "line %u: a comment begins with #", line);

        return *text == '[' ? add_group(k, text, line, ret_error)
                            : add_entry(k, text, line, ret_error);
}

static unsigned line_at(const char *text, const char *where) {
        unsigned line = 1;

        for (; text < where; text++)
                if (*text == '\n')
                        line++;
        return line;
}

static int check_bytes(const char *text, gsize length, char **ret_error) {
        const char *end;

        if (length > KEYFILE_MAX_BYTES)
                return sentence_refuse(ret_error, "longer than %d KiB", KEYFILE_MAX_BYTES / 1024);
        if (g_utf8_validate_len(text, length, &end))
                return 0;

        if (*end == '\0')
                return sentence_refuse(ret_error, "line %u: a byte of value 0; this is no text",
                                       line_at(text, end));
        return sentence_refuse(ret_error, "line %u: this is not UTF-8; save it as UTF-8",
                               line_at(text, end));
}

int keyfile_parse(const char *text, gsize length, Keyfile **ret, char **ret_error) {
        g_autoptr(Keyfile) k = g_new(Keyfile, 1);
        const char *end = text + length;
        int r;

        k->groups = g_ptr_array_new_with_free_func(group_free);

        r = check_bytes(text, length, ret_error);
        if (r < 0)
                return r;

        if (length >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0)
                text += 3;
        for (unsigned line = 1; text < end; line++) {
                const char *line_end = memchr(text, '\n', (size_t) (end - text));
                size_t n = (size_t) ((line_end ? line_end : end) - text);
                g_autofree char *copy = NULL;

                if (n > KEYFILE_MAX_LINE)
                        return sentence_refuse(ret_error, "line %u: longer than %d bytes", line,
                                               KEYFILE_MAX_LINE);
                copy = g_strndup(text, n);
                r = add_line(k, copy, line, ret_error);
                if (r < 0)
                        return r;
                text += line_end ? n + 1 : n;
        }

        *ret = g_steal_pointer(&k);
        return 0;
}
