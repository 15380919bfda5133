/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A plan in words: one that is taken has a text that is taken. The length moves the clock. */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "words.h"

#define NOW  INT64_C(1795575600)
#define WEEK (7 * 86400)

static void check(const Words *w) {
        g_autofree char *text = plan_print(w->plan), *error = NULL, *again = NULL;
        g_autoptr(Plan) plan = NULL;

        if (plan_parse(text, strlen(text), &plan, &error) < 0)
                g_error("%s: %s", text, error);
        again = plan_print(plan);
        g_assert_cmpstr(again, ==, text);

        for (guint i = 0; i < w->figures->len; i++) {
                const WordsFigure *f = w->figures->pdata[i];

                g_assert_nonnull(plan_find_bucket(plan, f->bucket));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree char *text = g_strndup((const char *) data, n), *error = NULL;
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Tokyo");
        g_autoptr(Words) w = NULL;

        if (words_read(text, NOW + (int64_t) n * WEEK, zone, &w, &error) >= 0) {
                g_assert_null(error);
                check(w);
        } else {
                g_assert_nonnull(error);
                g_assert_true(g_utf8_validate(error, -1, NULL));
                g_assert_null(strchr(error, '\n'));
        }

        return 0;
}
