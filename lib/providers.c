/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "providers.h"

#include <errno.h>
#include <string.h>

#define MOST_BYTES (8 * 1024 * 1024) /* twenty times what it is */
#define MOST_DEPTH 16                /* of elements; it has 7 */
#define MOST_TEXT  256
#define MOST_WAYS  64

struct Providers {
        GMarkupParseContext *context;
        Plmn home;
        size_t n_bytes;
        unsigned depth;

        /* Of the element that is read. */
        GString *text;
        bool has_text;    /* what stands in it is wanted */
        bool is_too_long; /* the text, and so it is not this one's */
        char *sms;

        /* Of the provider that is read: which networks it has may be said last. */
        char *name;
        bool is_home;
        GPtrArray *queries;

        GArray *ways;
};

static void way_clear(void *data) {
        ProviderWay *way = data;

        g_free(way->name);
        query_free(way->query);
}

static void free_query(void *data) {
        query_free(data);
}

static void forget_provider(Providers *p) {
        g_clear_pointer(&p->name, g_free);
        g_clear_pointer(&p->sms, g_free);
        g_ptr_array_set_size(p->queries, 0);
        p->is_home = false;
        p->has_text = false;
}

static const char *find_attribute(const char **names, const char **values, const char *wanted) {
        for (size_t i = 0; names[i]; i++)
                if (strcmp(names[i], wanted) == 0)
                        return values[i];

        return NULL;
}

static bool is_home(const Providers *p, const char **names, const char **values) {
        const char *mcc = find_attribute(names, values, "mcc");
        const char *mnc = find_attribute(names, values, "mnc");
        g_autofree char *both = NULL;
        Plmn plmn;

        if (!mcc || !mnc || strlen(mcc) != 3)
                return false;
        both = g_strconcat(mcc, mnc, NULL);
        return plmn_parse(both, &plmn) >= 0 && plmn_equal(plmn, p->home);
}

static const char *parent(GMarkupParseContext *context) {
        const GSList *stack = g_markup_parse_context_get_element_stack(context);

        return stack && stack->next ? stack->next->data : "";
}

static void begin_text(Providers *p) {
        g_string_truncate(p->text, 0);
        p->has_text = true;
        p->is_too_long = false;
}

static void start_element(GMarkupParseContext *context, const char *element, const char **names,
                          const char **values, void *userdata, GError **error) {
        Providers *p = userdata;
        const char *above = parent(context);

        p->has_text = false;
        if (++p->depth > MOST_DEPTH)
                g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "deep");
        else if (strcmp(element, "provider") == 0)
                forget_provider(p);
        else if (strcmp(element, "network-id") == 0)
                p->is_home = p->is_home || is_home(p, names, values);
        else if (strcmp(element, "name") == 0 && strcmp(above, "provider") == 0 && !p->name)
                begin_text(p);
        else if (strcmp(above, "balance-check") != 0)
                return;
        else if (strcmp(element, "sms") == 0) {
                g_free(p->sms);
                p->sms = g_strdup(find_attribute(names, values, "text"));
                begin_text(p);
        } else if (strcmp(element, "ussd") == 0 && !find_attribute(names, values, "replacement"))
                begin_text(p); /* but not a code that something has to be put into */
}

static void read_text(GMarkupParseContext *context, const char *text, gsize n, void *userdata,
                      GError **error) {
        Providers *p = userdata;

        if (!p->has_text)
                return;
        if (p->text->len + n > MOST_TEXT)
                p->is_too_long = true;
        else
                g_string_append_len(p->text, text, (gssize) n);
}

/* Nothing that a line of a query could not hold, and nothing that could begin another. */
static bool is_one_line(const char *text) {
        for (const char *c = text; *c; c = g_utf8_next_char(c))
                if (g_unichar_iscntrl(g_utf8_get_char(c)))
                        return false;

        return *text && strlen(text) <= MOST_TEXT;
}

/* As the owner could have written it, and with all that is refused there; NULL: it is refused. */
static Query *make_query(const Providers *p, bool is_sms) {
        const char *said = p->text->str;
        g_autofree char *text = NULL, *sentence = NULL;
        g_autoptr(Query) query = NULL;

        if (p->is_too_long || !is_one_line(said) || (is_sms && (!p->sms || !is_one_line(p->sms))))
                return NULL;

        text = is_sms ? g_strdup_printf("[Query]\nMethod=sms\nTo=%s\nText=%s\n", said, p->sms)
                      : g_strdup_printf("[Query]\nMethod=ussd\nCode=%s\n", said);
        if (query_parse(text, strlen(text), &query, &sentence) < 0 ||
            strcmp(is_sms ? query->to : query->code, said) != 0 ||
            (is_sms && strcmp(query->text, p->sms) != 0))
                return NULL;
        return g_steal_pointer(&query);
}

static bool is_known(const Providers *p, const char *name, const char *query) {
        for (guint i = 0; i < p->ways->len; i++) {
                const ProviderWay *way = &g_array_index(p->ways, ProviderWay, i);
                g_autofree char *other = query_print(way->query);

                if (strcmp(way->name, name) == 0 && strcmp(other, query) == 0)
                        return true;
        }

        return false;
}

static void take_provider(Providers *p) {
        while (p->is_home && p->name && p->queries->len > 0 && p->ways->len < MOST_WAYS) {
                g_autoptr(Query) query = g_ptr_array_steal_index(p->queries, 0);
                g_autofree char *text = query_print(query);
                ProviderWay way = { 0 };

                if (is_known(p, p->name, text))
                        continue;
                way.name = g_strdup(p->name);
                way.query = g_steal_pointer(&query);
                g_array_append_val(p->ways, way);
        }
        forget_provider(p);
}

static void take_text(Providers *p, const char *element) {
        Query *query;

        p->has_text = false;
        g_strstrip(p->text->str);
        p->text->len = strlen(p->text->str);
        if (strcmp(element, "name") == 0) {
                if (!p->is_too_long && is_one_line(p->text->str))
                        p->name = g_strdup(p->text->str);
                return;
        }

        query = p->queries->len < MOST_WAYS ? make_query(p, strcmp(element, "sms") == 0) : NULL;
        if (query)
                g_ptr_array_add(p->queries, query);
}

static void end_element(GMarkupParseContext *context, const char *element, void *userdata,
                        GError **error) {
        Providers *p = userdata;

        p->depth--;
        if (p->has_text)
                take_text(p, element);
        else if (strcmp(element, "provider") == 0)
                take_provider(p);
}

Providers *providers_new(Plmn home) {
        static const GMarkupParser parser = {
                .start_element = start_element,
                .end_element = end_element,
                .text = read_text,
        };
        Providers *p = g_new0(Providers, 1);

        p->context = g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, p, NULL);
        p->home = home;
        p->text = g_string_new(NULL);
        p->queries = g_ptr_array_new_with_free_func(free_query);
        p->ways = g_array_new(FALSE, FALSE, sizeof(ProviderWay));
        g_array_set_clear_func(p->ways, way_clear);
        return p;
}

Providers *providers_free(Providers *p) {
        if (!p)
                return NULL;

        forget_provider(p);
        g_markup_parse_context_free(p->context);
        g_string_free(p->text, TRUE);
        g_ptr_array_unref(p->queries);
        g_array_unref(p->ways);
        g_free(p);
        return NULL;
}

int providers_feed(Providers *p, const char *bytes, size_t n) {
        if (n > MOST_BYTES - p->n_bytes)
                return -EFBIG;
        p->n_bytes += n;

        if (!g_markup_parse_context_parse(p->context, bytes, (gssize) n, NULL))
                return p->depth > MOST_DEPTH ? -EFBIG : -EBADMSG;
        return 0;
}

int providers_end(Providers *p, GArray **ret) {
        if (!g_markup_parse_context_end_parse(p->context, NULL))
                return -EBADMSG;

        *ret = g_array_ref(p->ways);
        return 0;
}
