/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sizes and rates: what is read can be written, and is never written as more than it is. */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "size.h"

static void check_size(uint64_t bytes) {
        for (SizeUnit unit = SIZE_SI; unit <= SIZE_BYTES; unit++) {
                g_autofree char *text = size_format(bytes, unit);
                g_autofree char *pair = size_format_pair(bytes / 3, bytes, unit);
                uint64_t back;

                g_assert_cmpint(size_parse(text, &back), ==, 0);
                g_assert_cmpuint(back, <=, bytes);
                g_assert_true(g_str_has_suffix(pair, text)); /* the whole, with its unit */
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree char *text = g_strndup((const char *) data, n);
        uint64_t value, back;

        if (size_parse(text, &value) >= 0)
                check_size(value);
        if (size_parse_rate(text, &value) >= 0) {
                g_autofree char *rate = size_format_rate(value);

                g_assert_cmpint(size_parse_rate(rate, &back), ==, 0);
                g_assert_cmpuint(back, <=, value);
        }
        if (n >= sizeof(value)) {
                memcpy(&value, data, sizeof(value));
                check_size(value);
        }

        return 0;
}
