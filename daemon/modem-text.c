/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "modem-text.h"

#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

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

/* Where the 7-bit alphabet and ASCII have the same code for the same letter. */
static bool is_common(unsigned code) {
        return code == '\n' || code == '\r' ||
               (code >= ' ' && code <= 'z' && !strchr("$@[\\]^_`", (int) code));
}

static char *decode_septets(const uint8_t *bytes, size_t n) {
        size_t n_letters = n * 8 / 7;
        GString *text = g_string_sized_new(n_letters);

        for (size_t i = 0; i < n_letters; i++) {
                size_t bit = i * 7, byte = bit / 8;
                unsigned both = bytes[byte] | (byte + 1 < n ? bytes[byte + 1] << 8 : 0);
                unsigned code = both >> bit % 8 & 0x7f;

                /* What fills the last byte up. */
                if (i + 1 == n_letters && n_letters % 8 == 0 && code == '\r')
                        break;
                g_string_append_unichar(text, is_common(code) ? code : REPLACEMENT);
        }
        return g_string_free(text, FALSE);
}

char *modem_text_decode(uint32_t scheme, const uint8_t *bytes, size_t n) {
        if ((scheme & 0xc0) == 0x40 && (scheme & 0x0c) == 0x08)
                return modem_text_ucs2(bytes, n);
        if (((scheme & 0xc0) == 0x40 || (scheme & 0xf0) == 0xf0) && (scheme & 0x0c) == 0x04)
                return modem_text_ascii(bytes, n);
        return decode_septets(bytes, n);
}

int modem_text_encode(const char *text, uint8_t *ret_scheme, uint8_t *bytes, size_t size,
                      size_t *ret_n) {
        size_t n = strlen(text);

        for (size_t i = 0; i < n; i++)
                if (!is_common((unsigned char) text[i]))
                        return -EINVAL;
        if ((n * 7 + 7) / 8 > size)
                return -EMSGSIZE;

        memset(bytes, 0, size);
        for (size_t i = 0; i < n; i++) {
                size_t bit = i * 7;
                unsigned both = (unsigned) (unsigned char) text[i] << bit % 8;

                bytes[bit / 8] |= (uint8_t) both;
                if (bit / 8 + 1 < size)
                        bytes[bit / 8 + 1] |= (uint8_t) (both >> 8);
        }
        if (n % 8 == 7)
                bytes[n * 7 / 8] |= '\r' << 1;

        *ret_scheme = 0x0f;
        *ret_n = (n * 7 + 7) / 8;
        return 0;
}
