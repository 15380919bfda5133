/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What comes over the bus, made plain values. */

#include <errno.h>
#include <string.h>

#include "remote-internal.h"
#include "utf8.h"

#define PLAN_BYTES (64 * 1024)

static bool is_text(const Field *field) {
        return field->type == 's' || field->type == 'l';
}

static bool is_list(const Field *field) {
        return field->type == 'B' || field->type == 'D';
}

static void free_bucket(void *bucket);

static void free_dictionary(void *dictionary) {
        g_array_unref(dictionary);
}

void fields_fill(void *object, const Field *fields, size_t n_fields) {
        for (size_t i = 0; i < n_fields; i++) {
                void **target = (void **) ((char *) object + fields[i].offset);

                if (is_text(&fields[i]) && !*target)
                        *target = g_strdup("");
                else if (is_list(&fields[i]) && !*target)
                        *target = g_ptr_array_new_with_free_func(
                                fields[i].type == 'B' ? free_bucket : free_dictionary);
        }
}

void fields_clear(void *object, const Field *fields, size_t n_fields) {
        for (size_t i = 0; i < n_fields; i++) {
                void **target = (void **) ((char *) object + fields[i].offset);

                if (is_text(&fields[i]))
                        g_free(*target);
                else if (is_list(&fields[i]) && *target)
                        g_ptr_array_unref(*target);
        }
}

static const Field bucket_fields[] = {
        { "Name", 's', offsetof(RemoteBucket, name) },
        { "Bytes", 't', offsetof(RemoteBucket, bytes) },
        { "Unlimited", 'b', offsetof(RemoteBucket, unlimited) },
        { "UsedBytes", 't', offsetof(RemoteBucket, used_bytes) },
        { "RemainingBytes", 't', offsetof(RemoteBucket, remaining_bytes) },
        { "OverBytes", 't', offsetof(RemoteBucket, over_bytes) },
        { "RolledOverBytes", 't', offsetof(RemoteBucket, rolled_over_bytes) },
        { "PeriodStart", 't', offsetof(RemoteBucket, period_start) },
        { "PeriodEnd", 't', offsetof(RemoteBucket, period_end) },
        { "BegunAt", 't', offsetof(RemoteBucket, begun_at) },
        { "ExpiresAt", 't', offsetof(RemoteBucket, expires_at) },
        { "StartBy", 't', offsetof(RemoteBucket, start_by) },
        { "Begun", 'b', offsetof(RemoteBucket, begun) },
        { "Expired", 'b', offsetof(RemoteBucket, expired) },
        { "Here", 'b', offsetof(RemoteBucket, here) },
        { "Counted", 'b', offsetof(RemoteBucket, counted) },
        { "UsedUpAt", 't', offsetof(RemoteBucket, used_up_at) },
        { "AtZero", 's', offsetof(RemoteBucket, at_zero) },
        { "RateLimit", 't', offsetof(RemoteBucket, rate_limit) },
        { "Where", 's', offsetof(RemoteBucket, where) },
};

static void free_bucket(void *bucket) {
        fields_clear(bucket, bucket_fields, G_N_ELEMENTS(bucket_fields));
        g_free(bucket);
}

GPtrArray *remote_new_buckets(void) {
        return g_ptr_array_new_with_free_func(free_bucket);
}

static char *sanitize(const char *text) {
        return utf8_sanitize(text, SIZE_MAX, TEXT_BYTES);
}

char *remote_sanitize_lines(const char *text) {
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        for (char **line = lines; *line; line++) {
                char *clean = utf8_sanitize(*line, SIZE_MAX, PLAN_BYTES);

                g_free(*line);
                *line = clean;
        }
        return g_strjoinv("\n", lines);
}

static int read_texts(sd_bus_message *m, GStrv *ret) {
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        const char *text;
        char type;
        const char *contents;
        int e;

        e = sd_bus_message_peek_type(m, &type, &contents);
        if (e < 0)
                return e;
        e = sd_bus_message_enter_container(m, 'a', contents);
        if (e < 0)
                return e;

        while ((e = sd_bus_message_read_basic(m, contents[0], &text)) > 0)
                g_ptr_array_add(texts, sanitize(text));
        if (e < 0)
                return e;

        e = sd_bus_message_exit_container(m);
        if (e < 0)
                return e;

        g_ptr_array_add(texts, NULL);
        *ret = (GStrv) g_ptr_array_free(g_steal_pointer(&texts), FALSE);
        return 0;
}

static int count_elements(sd_bus_message *m, uint64_t *ret) {
        const char *contents;
        uint64_t n = 0;
        char type;
        int e;

        e = sd_bus_message_peek_type(m, &type, &contents);
        if (e >= 0)
                e = sd_bus_message_enter_container(m, 'a', contents);
        while (e >= 0 && (e = sd_bus_message_at_end(m, false)) == 0) {
                e = sd_bus_message_skip(m, contents);
                n++;
        }
        if (e < 0)
                return e;

        *ret = n;
        return sd_bus_message_exit_container(m);
}

int read_buckets(sd_bus_message *m, GPtrArray *buckets) {
        int e;

        e = sd_bus_message_enter_container(m, 'a', "a{sv}");
        while (e >= 0 && (e = sd_bus_message_at_end(m, false)) == 0) {
                RemoteBucket *bucket = g_new0(RemoteBucket, 1);

                e = read_properties(m, bucket, bucket_fields, G_N_ELEMENTS(bucket_fields));
                fields_fill(bucket, bucket_fields, G_N_ELEMENTS(bucket_fields));
                g_ptr_array_add(buckets, bucket);
        }

        return e < 0 ? e : sd_bus_message_exit_container(m);
}

int read_dictionaries(sd_bus_message *m, GPtrArray *dictionaries) {
        int e;

        e = sd_bus_message_enter_container(m, 'a', "a{sv}");
        while (e >= 0 && (e = sd_bus_message_at_end(m, false)) == 0) {
                GArray *dictionary;

                e = read_dictionary(m, &dictionary);
                if (e >= 0)
                        g_ptr_array_add(dictionaries, dictionary);
        }

        return e < 0 ? e : sd_bus_message_exit_container(m);
}

/* A list is filled where it is; one that comes twice is the longer. */
static int read_list(sd_bus_message *m, const Field *field, GPtrArray **list) {
        if (!*list)
                *list = g_ptr_array_new_with_free_func(field->type == 'B' ? free_bucket
                                                                          : free_dictionary);
        return field->type == 'B' ? read_buckets(m, *list) : read_dictionaries(m, *list);
}

/* Reads a variant's value into a field; contents: as which of its types it comes. */
static int read_value(sd_bus_message *m, const Field *field, char contents, void *object) {
        void *target = (char *) object + field->offset;
        g_auto(GStrv) texts = NULL;
        const char *text;
        int e, boolean;

        switch (field->type) {
        case 't':
        case 'd':
                return sd_bus_message_read_basic(m, field->type, target);
        case 'b':
                e = sd_bus_message_read_basic(m, 'b', &boolean);
                if (e >= 0)
                        *(bool *) target = boolean;
                return e;
        case 'l':
                e = read_texts(m, &texts);
                if (e >= 0)
                        *(char **) target = g_strjoinv(" ", texts);
                return e;
        case 'n':
                return count_elements(m, target);
        case 'B':
        case 'D':
                return read_list(m, field, target);
        default:
                e = sd_bus_message_read_basic(m, contents, &text);
                if (e >= 0)
                        *(char **) target = sanitize(text);
                return e;
        }
}

/* The types that a field is told in. */
static const char *const *signatures(const Field *field) {
        static const char *const text[] = { "s", "o", NULL }, *const texts[] = { "as", "ao", NULL },
                                 *const list[] = { "aa{sv}", NULL }, *const flag[] = { "b", NULL },
                                 *const number[] = { "t", NULL }, *const real[] = { "d", NULL };

        switch (field->type) {
        case 's':
                return text;
        case 'l':
        case 'n':
                return texts;
        case 'b':
                return flag;
        case 't':
                return number;
        case 'd':
                return real;
        default:
                return list;
        }
}

/* Enters a variant if it is of the field's type, without a look at what it is before; else 0. */
static int enter_value(sd_bus_message *m, const Field *field, char *ret_contents) {
        for (const char *const *s = signatures(field); *s; s++) {
                int e = sd_bus_message_enter_container(m, 'v', *s);

                if (e == -ENXIO)
                        continue;
                *ret_contents = (*s)[0];
                return e;
        }

        return 0;
}

/* They mostly come in the order of the fields: *next is where the last one was, plus one. */
static const Field *find_field(const Field *fields, size_t n_fields, const char *name,
                               size_t *next) {
        for (size_t i = 0; i < n_fields; i++) {
                const Field *field = &fields[(*next + i) % n_fields];

                if (!g_str_equal(field->name, name))
                        continue;
                *next = (size_t) (field - fields) + 1;
                return field;
        }

        return NULL;
}

/* One entry of a{sv}, whose name has been read. */
static int read_entry(sd_bus_message *m, const Field *field, void *object) {
        char contents;
        int e;

        e = field ? enter_value(m, field, &contents) : 0;
        if (e == 0)
                return sd_bus_message_skip(m, "v");

        if (e >= 0)
                e = read_value(m, field, contents, object);
        return e < 0 ? e : sd_bus_message_exit_container(m);
}

int read_properties(sd_bus_message *m, void *object, const Field *fields, size_t n_fields) {
        size_t next = 0;
        const char *name;
        int e;

        e = sd_bus_message_enter_container(m, 'a', "{sv}");
        while (e >= 0 && (e = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
                e = sd_bus_message_read_basic(m, 's', &name);
                if (e >= 0)
                        e = read_entry(m, find_field(fields, n_fields, name, &next), object);
                if (e >= 0)
                        e = sd_bus_message_exit_container(m);
        }

        return e < 0 ? e : sd_bus_message_exit_container(m);
}

/* RemainingBytes is remaining_bytes. */
static char *snake_case(const char *name) {
        GString *snake = g_string_new(NULL);

        for (const char *c = name; *c; c++) {
                if (g_ascii_isupper(*c) && c > name)
                        g_string_append_c(snake, '_');
                if (g_ascii_isalnum(*c))
                        g_string_append_c(snake, g_ascii_tolower(*c));
        }

        return g_string_free(snake, FALSE);
}

static void clear_remote_value(void *data) {
        RemoteValue *v = data;

        g_free(v->name);
        g_free(v->text);
}

/* Whole numbers of any width are numbers; what is no plain value is passed over. */
static int read_any(sd_bus_message *m, char type, RemoteValue *v) {
        const char *text;
        uint32_t narrow;
        int e, boolean;

        switch (type) {
        case 't':
        case 'x':
                v->type = 't';
                return sd_bus_message_read_basic(m, type, &v->number);
        case 'u':
        case 'i':
                v->type = 't';
                e = sd_bus_message_read_basic(m, type, &narrow);
                v->number = e < 0 ? 0 : narrow;
                return e;
        case 'b':
                v->type = 'b';
                e = sd_bus_message_read_basic(m, 'b', &boolean);
                v->number = e >= 0 && boolean;
                return e;
        case 'd':
                v->type = 'd';
                return sd_bus_message_read_basic(m, 'd', &v->real);
        default:
                v->type = 's';
                e = sd_bus_message_read_basic(m, type, &text);
                if (e >= 0)
                        v->text = g_str_equal(v->name, "text") ? remote_sanitize_lines(text)
                                                               : sanitize(text);
                return e;
        }
}

static int read_dictionary_entry(sd_bus_message *m, const char *name, GArray *dictionary) {
        RemoteValue v = { 0 };
        const char *contents;
        char type;
        int e;

        e = sd_bus_message_peek_type(m, &type, &contents);
        if (e < 0)
                return e;
        if (!strchr("txuibdso", contents[0]) || contents[1] != '\0')
                return sd_bus_message_skip(m, "v");

        v.name = snake_case(name);
        e = sd_bus_message_enter_container(m, 'v', contents);
        if (e >= 0)
                e = read_any(m, contents[0], &v);
        if (!v.text)
                v.text = g_strdup("");
        g_array_append_val(dictionary, v);
        return e < 0 ? e : sd_bus_message_exit_container(m);
}

int read_dictionary(sd_bus_message *m, GArray **ret) {
        g_autoptr(GArray) dictionary = g_array_new(FALSE, TRUE, sizeof(RemoteValue));
        const char *name;
        int e;

        g_array_set_clear_func(dictionary, clear_remote_value);
        e = sd_bus_message_enter_container(m, 'a', "{sv}");
        while (e >= 0 && (e = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
                e = sd_bus_message_read_basic(m, 's', &name);
                if (e >= 0)
                        e = read_dictionary_entry(m, name, dictionary);
                if (e >= 0)
                        e = sd_bus_message_exit_container(m);
        }
        if (e >= 0)
                e = sd_bus_message_exit_container(m);
        if (e < 0)
                return e;

        *ret = g_steal_pointer(&dictionary);
        return 0;
}

const RemoteValue *remote_value(const GArray *dictionary, const char *name) {
        for (guint i = 0; i < dictionary->len; i++) {
                const RemoteValue *v = &g_array_index(dictionary, RemoteValue, i);

                if (g_str_equal(v->name, name))
                        return v;
        }

        return NULL;
}
