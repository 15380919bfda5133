/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "query.h"

#include <errno.h>
#include <string.h>

#include "keyfile.h"
#include "period.h"
#include "query-keys.h"
#include "sentence.h"

#define GROUP                 "Query"
#define DEFAULT_DELAY         (3 * 3600) /* as careful programs have always been */
#define DEFAULT_DAILY_MAXIMUM 4
#define MAX_KEYS              32 /* more than there are */

Query *query_free(Query *q) {
        if (!q)
                return NULL;

        g_free(q->to);
        g_free(q->text);
        g_free(q->code);
        g_strfreev(q->answers);
        g_free(q->command);
        g_strfreev(q->senders);
        g_free(q->pattern);
        g_free(q->cost);
        g_free(q);
        return NULL;
}

bool query_has_method(const Query *q, QueryMethod method) {
        for (unsigned i = 0; i < q->n_methods; i++)
                if (q->methods[i] == method)
                        return true;

        return false;
}

static const QueryKey *find_key(const char *name) {
        size_t n;
        const QueryKey *keys = query_keys(&n);

        for (size_t i = 0; i < n; i++)
                if (strcmp(keys[i].name, name) == 0)
                        return &keys[i];

        return NULL;
}

static int refuse_key(const KeyfileEntry *entry, char **ret_error) {
        g_autofree char *quoted = sentence_quote(entry->key);
        const char *names[MAX_KEYS], *nearest;
        size_t n;
        const QueryKey *keys = query_keys(&n);

        for (size_t i = 0; i < n; i++)
                names[i] = keys[i].name;
        nearest = sentence_nearest(entry->key, names, n);
        if (nearest)
                return sentence_refuse(ret_error, "line %u: %s is no key of [%s]; did you mean %s?",
                                       entry->line, quoted, GROUP, nearest);
        return sentence_refuse(ret_error,
                               "line %u: %s is no key of [%s]; those that say most are Method, "
                               "Code, To and Text",
                               entry->line, quoted, GROUP);
}

static int read_key(const KeyfileEntry *entry, Query *q, char **ret_error) {
        const QueryKey *key = find_key(entry->key);
        g_autofree char *quoted = sentence_quote(entry->value);
        int r;

        if (!key)
                return refuse_key(entry, ret_error);

        r = query_value_read(key, entry->value, q);
        if (r < 0)
                return sentence_refuse(
                        ret_error, "line %u: %s: %s %s", entry->line, entry->key, quoted,
                        sentence_translate(r == -ERANGE && key->bounds ? key->bounds
                                                                       : key->wanted));
        return 0;
}

/* What a method cannot do without. */
static int check_method(const KeyfileGroup *group, QueryMethod method, char **ret_error) {
        static const struct {
                QueryMethod method;
                const char *key, *example;
        } needs[] = {
                { QUERY_SMS, "To", "111" },
                { QUERY_SMS, "Text", "DATA" },
                { QUERY_USSD, "Code", "*111#" },
                { QUERY_COMMAND, "Command", "/usr/local/bin/data-left" },
        };
        unsigned line = keyfile_find(group, "Method")->line;

        for (size_t i = 0; i < G_N_ELEMENTS(needs); i++)
                if (needs[i].method == method && !keyfile_find(group, needs[i].key))
                        return sentence_refuse(
                                ret_error, "line %u: Method: %s needs %s; say for example %s=%s",
                                line, query_method_to_string(method), needs[i].key, needs[i].key,
                                needs[i].example);

        return 0;
}

/* What is said of a method that is not used would never be sent, against what was meant. */
static int check_unused(const KeyfileGroup *group, const Query *q, char **ret_error) {
        for (guint i = 0; i < group->entries->len; i++) {
                const KeyfileEntry *entry = group->entries->pdata[i];
                const QueryKey *key = find_key(entry->key);

                if (key->method != QUERY_NONE && !query_has_method(q, key->method))
                        return sentence_refuse(ret_error,
                                               "line %u: %s is of the method %s, which Method does "
                                               "not name: add it there, or leave this line out",
                                               entry->line, entry->key,
                                               query_method_to_string(key->method));
        }

        return 0;
}

static int check(const KeyfileGroup *group, const Query *q, char **ret_error) {
        int r;

        if (!keyfile_find(group, "Method"))
                return sentence_refuse(ret_error,
                                       "line %u: Method is missing; say ussd, sms, command or none",
                                       group->line);

        for (unsigned i = 0; i < q->n_methods; i++) {
                r = check_method(group, q->methods[i], ret_error);
                if (r < 0)
                        return r;
        }

        return check_unused(group, q, ret_error);
}

static int read_file(const Keyfile *file, Query *q, char **ret_error) {
        const KeyfileGroup *group = file->groups->len > 0 ? file->groups->pdata[0] : NULL;
        int r;

        if (!group)
                return sentence_refuse(ret_error,
                                       "there is nothing in it; begin with [%s], and Method=none "
                                       "where nothing is to be asked",
                                       GROUP);
        for (guint i = 0; i < file->groups->len; i++) {
                const KeyfileGroup *other = file->groups->pdata[i];
                g_autofree char *quoted = sentence_quote(other->name);

                if (strcmp(other->name, GROUP) != 0)
                        return sentence_refuse(ret_error,
                                               "line %u: %s is no group of a query; the only one "
                                               "is [%s]",
                                               other->line, quoted, GROUP);
        }

        for (guint i = 0; i < group->entries->len; i++) {
                r = read_key(group->entries->pdata[i], q, ret_error);
                if (r < 0)
                        return r;
        }

        return check(group, q, ret_error);
}

int query_parse(const char *text, gsize length, Query **ret, char **ret_error) {
        g_autoptr(Query) q = g_new0(Query, 1);
        g_autoptr(Keyfile) file = NULL;
        int r;

        if (length > QUERY_MAX_BYTES)
                return sentence_refuse(ret_error, "longer than %d KiB", QUERY_MAX_BYTES / 1024);

        r = keyfile_parse(text, length, &file, ret_error);
        if (r < 0)
                return r;
        r = read_file(file, q, ret_error);
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&q);
        return 0;
}

char *query_print(const Query *q) {
        GString *text = g_string_new("[" GROUP "]\n");
        size_t n;
        const QueryKey *keys = query_keys(&n);

        for (size_t i = 0; i < n; i++) {
                g_autofree char *value = query_value_write(&keys[i], q);

                if (value)
                        g_string_append_printf(text, "%s=%s\n", keys[i].name, value);
        }

        return g_string_free(text, FALSE);
}

char *query_sent_text(const Query *q, QueryMethod method) {
        g_autofree char *answers = NULL;

        if (!query_has_method(q, method))
                return NULL;
        if (method == QUERY_SMS)
                return g_strdup(q->text);
        if (method == QUERY_COMMAND)
                return g_strdup(q->command);

        answers = q->answers ? g_strjoinv(";", q->answers) : NULL;
        return g_strconcat(q->code, answers ? ";" : NULL, answers, NULL);
}

const char *query_sent_to(const Query *q, QueryMethod method) {
        return method == QUERY_SMS && q->to ? q->to : "";
}

int64_t query_minimum_delay(const Query *q) {
        return q->minimum_delay.unit == LENGTH_NONE ? DEFAULT_DELAY
                                                    : length_seconds(q->minimum_delay);
}

int query_daily_maximum(const Query *q) {
        return q->daily_maximum == 0 ? DEFAULT_DAILY_MAXIMUM : q->daily_maximum;
}

/* Names are alike in any case; numbers without what people put into them. */
static char *normalise(const char *sender) {
        g_autoptr(GString) text = g_string_new(NULL);

        for (const char *c = sender; *c; c++)
                if (*c != ' ' && *c != '-')
                        g_string_append_c(text, *c);
        return g_utf8_casefold(text->str, -1);
}

bool query_accepts_sender(const Query *q, const char *sender) {
        char *only[] = { q->to, NULL };
        char **senders = q->senders ? q->senders : only;
        g_autofree char *wanted = normalise(sender);

        for (char **s = senders; *s; s++) {
                g_autofree char *known = normalise(*s);

                if (strcmp(known, wanted) == 0)
                        return true;
        }

        return false;
}
