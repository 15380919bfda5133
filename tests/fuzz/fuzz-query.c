/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A query that is taken reads back, as written, to the same; one that is not has a sentence. */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "query.h"

static Query *parse_again(const char *text) {
        g_autofree char *error = NULL;
        Query *q = NULL;

        if (query_parse(text, strlen(text), &q, &error) < 0)
                g_error("%s: %s", text, error);
        return q;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autoptr(Query) q = NULL, again = NULL;
        g_autofree char *error = NULL, *text = NULL, *twice = NULL;

        if (query_parse((const char *) data, n, &q, &error) < 0) {
                g_assert_nonnull(error);
                g_assert_true(g_utf8_validate(error, -1, NULL));
                g_assert_null(strchr(error, '\n'));
                return 0;
        }

        g_assert_null(error);
        text = query_print(q);
        again = parse_again(text);
        twice = query_print(again);
        g_assert_cmpstr(text, ==, twice);
        for (QueryMethod method = QUERY_SMS; method < N_QUERY_METHODS; method++) {
                g_autofree char *sent = query_sent_text(q, method);

                g_assert_true((sent != NULL) == query_has_method(q, method));
        }
        (void) query_accepts_sender(q, "111");

        return 0;
}
