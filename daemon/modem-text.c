/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "modem-text.h"

#include <glib.h>
#include <stdbool.h>

#define REPLACEMENT 0xfffd

static bool is_surrogate(gunichar c) {
        return c >= 0xd800 && c <= 0xdfff;
}

char *modem_text_utf16(const uint16_t *units, size_t n) {
        GString *text = g_string_sized_new(n);

        for (size_t i = 0; i < n; i++) {
                gunichar c = units[i];

                if (c >= 0xd800 && c <= 0xdbff && i + 1 < n && units[i + 1] >= 0xdc00 &&
                    units[i + 1] <= 0xdfff) {
                        c = 0x10000 + ((c - 0xd800) << 10) + (units[i + 1] - 0xdc00);
                        i++;
                }
                g_string_append_unichar(text, c == 0 || is_surrogate(c) ? REPLACEMENT : c);
        }
        return g_string_free(text, FALSE);
}

char *modem_text_ucs2(const uint8_t *bytes, size_t n) {
        g_autofree uint16_t *units = g_new(uint16_t, n / 2 + 1);

        for (size_t i = 0; i < n / 2; i++)
                units[i] = (uint16_t) (bytes[2 * i] << 8 | bytes[2 * i + 1]);
        return modem_text_utf16(units, n / 2);
}

char *modem_text_ascii(const uint8_t *bytes, size_t n) {
        GString *text = g_string_sized_new(n);

        for (size_t i = 0; i < n; i++)
                g_string_append_unichar(text,
                                        bytes[i] == 0 || bytes[i] > 127 ? REPLACEMENT : bytes[i]);
        return g_string_free(text, FALSE);
}
