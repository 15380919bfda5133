/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A text of any scheme is UTF-8; and what was read, and is written again, is read as the same, but
 * for line ends at its end, with which the last byte may be filled up.
 */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "ussd.h"

static void chomp(char *text) {
        for (char *end = text + strlen(text); end > text && end[-1] == '\r'; end--)
                end[-1] = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree char *text = NULL, *again = NULL;
        uint8_t scheme, bytes[USSD_BYTES];
        size_t size;

        if (n == 0 || ussd_text_decode(data[0], data + 1, n - 1, &text) < 0)
                return 0;

        g_assert_true(g_utf8_validate(text, -1, NULL));
        if (ussd_text_encode(text, &scheme, bytes, &size) < 0)
                return 0;

        g_assert_cmpuint(size, <=, sizeof(bytes));
        g_assert_cmpint(ussd_text_decode(scheme, bytes, size, &again), ==, 0);
        chomp(text);
        chomp(again);
        g_assert_cmpstr(again, ==, text);
        return 0;
}
