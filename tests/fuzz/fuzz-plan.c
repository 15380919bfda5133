/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A plan that is taken reads back, as written, to the same; one that is not has a sentence. */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "plan.h"

static Plan *parse_again(const char *text) {
        g_autofree char *error = NULL;
        Plan *p = NULL;

        if (plan_parse(text, strlen(text), &p, &error) < 0)
                g_error("%s: %s", text, error);
        return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autoptr(Plan) plan = NULL, again = NULL;
        g_autofree char *error = NULL, *text = NULL, *twice = NULL;

        if (plan_parse((const char *) data, n, &plan, &error) < 0) {
                g_assert_nonnull(error);
                g_assert_true(g_utf8_validate(error, -1, NULL));
                g_assert_null(strchr(error, '\n'));
                return 0;
        }

        g_assert_null(error);
        text = plan_print(plan);
        again = parse_again(text);
        twice = plan_print(again);
        g_assert_cmpstr(text, ==, twice);

        return 0;
}
