/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Text from outside: the first byte says how much of it may be kept. */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree char *text = NULL, *again = NULL, *shortened = NULL;
        const char *shown;
        size_t most;

        if (n == 0)
                return 0;

        most = data[0];
        text = utf8_sanitize((const char *) data + 1, n - 1, most);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_assert_cmpuint(strlen(text), <=, most);

        again = utf8_sanitize(text, SIZE_MAX, most);
        g_assert_cmpstr(again, ==, text);

        shortened = utf8_ellipsize(text, most / 4, "…");
        g_assert_true(g_utf8_validate(shortened, -1, NULL));
        g_assert_cmpuint(utf8_width(shortened), <=, most / 4);

        for (const char *line = text; *line; line = shown) {
                shown = utf8_line_end(line, most / 4);
                g_assert_true(shown > line);
        }

        return 0;
}
