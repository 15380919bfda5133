/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <string.h>

#include "plan-source.h"
#include "plan-values.h"
#include "sentence.h"
#include "utf8.h"

#define MAX_KEYS 64 /* more than any group has */

G_STATIC_ASSERT(PLAN_MAX_BYTES == KEYFILE_MAX_BYTES);

static const PlanKey *find_key(PlanGroup kind, const char *name) {
        size_t n;
        const PlanKey *keys = plan_keys(kind, &n);

        for (size_t i = 0; i < n; i++)
                if (strcmp(keys[i].name, name) == 0)
                        return &keys[i];

        return NULL;
}

/* The key may be one of another group, or misspelt. */
static int refuse_key(PlanGroup kind, const KeyfileGroup *group, const KeyfileEntry *entry,
                      char **ret_error) {
        g_autofree char *quoted = sentence_quote(entry->key);
        const char *names[MAX_KEYS], *nearest;
        size_t n;
        const PlanKey *keys = plan_keys(kind, &n);

        for (PlanGroup other = 0; other < N_GROUPS; other++)
                if (other != kind && find_key(other, entry->key))
                        return sentence_refuse(
                                ret_error, "line %u: %s is no key of [%s], but of [%s%s]",
                                entry->line, entry->key, group->name, plan_group_name(other),
                                plan_group_is_named(other) ? " NAME" : "");

        for (size_t i = 0; i < n; i++)
                names[i] = keys[i].name;
        nearest = sentence_nearest(entry->key, names, n);
        if (nearest)
                return sentence_refuse(ret_error, "line %u: %s is no key of [%s]; did you mean %s?",
                                       entry->line, quoted, group->name, nearest);
        return sentence_refuse(ret_error, "line %u: %s is no key of [%s]; see simtally.plan(5)",
                               entry->line, quoted, group->name);
}

static int refuse_value(const PlanKey *key, const KeyfileEntry *entry, int error,
                        char **ret_error) {
        g_autofree char *quoted = sentence_quote(entry->value);
        const char *wanted = sentence_translate(error == -ERANGE ? plan_value_bounds(key->value)
                                                                 : plan_value_wanted(key->value));

        if (strchr(entry->value, '#'))
                return sentence_refuse(ret_error,
                                       "line %u: %s: %s %s; a comment needs a line of its own",
                                       entry->line, entry->key, quoted, wanted);
        return sentence_refuse(ret_error, "line %u: %s: %s %s", entry->line, entry->key, quoted,
                               wanted);
}

static int read_keys(PlanGroup kind, const KeyfileGroup *group, void *fields, char **ret_error) {
        for (guint i = 0; i < group->entries->len; i++) {
                const KeyfileEntry *entry = group->entries->pdata[i];
                const PlanKey *key = find_key(kind, entry->key);
                g_autofree char *value = NULL;
                int r;

                if (!key)
                        return refuse_key(kind, group, entry, ret_error);
                value = value_squeeze(entry->value);
                r = plan_value_read(key, value, fields);
                if (r < 0)
                        return refuse_value(key, entry, r, ret_error);
        }

        return 0;
}

static int refuse_group(const KeyfileGroup *group, const char *word, char **ret_error) {
        g_autofree char *quoted = sentence_quote(word);
        const char *names[N_GROUPS], *nearest;

        for (PlanGroup kind = 0; kind < N_GROUPS; kind++)
                names[kind] = plan_group_name(kind);
        nearest = sentence_nearest(word, names, N_GROUPS);
        if (nearest)
                return sentence_refuse(ret_error, "line %u: %s is no group; did you mean %s?",
                                       group->line, quoted, nearest);
        return sentence_refuse(ret_error,
                               "line %u: %s is no group; say [Plan], [Bucket NAME], [Limit NAME], "
                               "[TopUp NAME] or [Match]",
                               group->line, quoted);
}

static int check_name(PlanGroup kind, const KeyfileGroup *group, const char *name,
                      char **ret_error) {
        const char *word = plan_group_name(kind);
        g_autofree char *shown = NULL;

        if (!plan_group_is_named(kind)) {
                if (name)
                        return sentence_refuse(ret_error, "line %u: [%s] has no name of its own",
                                               group->line, word);
                return 0;
        }
        if (!name)
                return sentence_refuse(ret_error,
                                       "line %u: [%s] needs a name; say for example [%s monthly]",
                                       group->line, word, word);
        if (strlen(name) > PLAN_MAX_NAME)
                return sentence_refuse(ret_error, "line %u: this name is longer than %d bytes",
                                       group->line, PLAN_MAX_NAME);

        shown = utf8_sanitize(name, SIZE_MAX, PLAN_MAX_NAME);
        if (strcmp(shown, name) != 0)
                return sentence_refuse(ret_error,
                                       "line %u: this name has characters that cannot be shown",
                                       group->line);
        return 0;
}

/* Where the fields of a new group go; NULL where there are too many of its kind. */
static void *add_group(Plan *p, PlanGroup kind, const char *name) {
        GPtrArray *of_kind[N_GROUPS] = {
                [GROUP_BUCKET] = p->buckets,
                [GROUP_LIMIT] = p->limits,
                [GROUP_TOP_UP] = p->top_ups,
        };
        void *group;

        if (kind == GROUP_PLAN)
                return p;
        if (kind == GROUP_MATCH) {
                p->match.is_said = true;
                return &p->match;
        }
        if (of_kind[kind]->len == PLAN_MAX_BUCKETS)
                return NULL;

        group = kind == GROUP_BUCKET  ? (void *) bucket_new(name)
                : kind == GROUP_LIMIT ? (void *) limit_new(name)
                                      : (void *) top_up_new(name);
        g_ptr_array_add(of_kind[kind], group);
        return group;
}

/* Names are alike when they are but for blanks. */
static int check_twins(const PlanSource *source, PlanGroup kind, const KeyfileGroup *group,
                       const char *name, char **ret_error) {
        const GPtrArray *others = source->groups[kind];

        for (guint i = 0; name && i < others->len; i++) {
                const KeyfileGroup *other = others->pdata[i];
                g_autofree char *squeezed = value_squeeze(other->name);

                if (strcmp(strchr(squeezed, ' ') + 1, name) == 0)
                        return sentence_refuse(ret_error,
                                               "line %u: [%s] is there already, in line %u",
                                               group->line, group->name, other->line);
        }

        return 0;
}

static int read_group(PlanSource *source, const KeyfileGroup *group, char **ret_error) {
        g_autofree char *word = value_squeeze(group->name);
        char *space = strchr(word, ' ');
        const char *name = space ? space + 1 : NULL;
        PlanGroup kind = 0;
        void *fields;
        int r;

        if (space)
                *space = '\0';
        while (kind < N_GROUPS && strcmp(word, plan_group_name(kind)) != 0)
                kind++;
        if (kind == N_GROUPS)
                return refuse_group(group, word, ret_error);

        r = check_name(kind, group, name, ret_error);
        if (r < 0)
                return r;
        r = check_twins(source, kind, group, name, ret_error);
        if (r < 0)
                return r;

        fields = add_group(source->plan, kind, name);
        if (!fields)
                return sentence_refuse(ret_error, "line %u: more than %d groups of this kind",
                                       group->line, PLAN_MAX_BUCKETS);
        g_ptr_array_add(source->groups[kind], (void *) group);
        return read_keys(kind, group, fields, ret_error);
}

/* Written out, it may be longer than it was; but it has to be read again. */
static int check_length(const Plan *p, char **ret_error) {
        g_autofree char *text = plan_print(p);

        if (strlen(text) > PLAN_MAX_BYTES)
                return sentence_refuse(ret_error, "longer than %d KiB when it is written out",
                                       PLAN_MAX_BYTES / 1024);
        return 0;
}

static int read_plan(PlanSource *source, const Keyfile *file, char **ret_error) {
        int r;

        for (guint i = 0; i < file->groups->len; i++) {
                r = read_group(source, file->groups->pdata[i], ret_error);
                if (r < 0)
                        return r;
        }

        r = plan_check(source, ret_error);
        if (r < 0)
                return r;
        return check_length(source->plan, ret_error);
}

int plan_parse(const char *text, gsize length, Plan **ret, char **ret_error) {
        g_autoptr(Keyfile) file = NULL;
        g_autoptr(Plan) plan = plan_new();
        PlanSource source = { .plan = plan };
        int r;

        r = keyfile_parse(text, length, &file, ret_error);
        if (r < 0)
                return r;

        for (PlanGroup kind = 0; kind < N_GROUPS; kind++)
                source.groups[kind] = g_ptr_array_new();
        r = read_plan(&source, file, ret_error);
        for (PlanGroup kind = 0; kind < N_GROUPS; kind++)
                g_ptr_array_unref(source.groups[kind]);
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&plan);
        return 0;
}
