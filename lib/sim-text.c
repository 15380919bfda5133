/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "sim-text.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "gsm.h"

#define UNUSED 0xff

/* Appends the character at bytes[i] (below 0x80), and returns how many bytes it took. */
static size_t append_gsm(GString *text, const uint8_t *bytes, size_t n, size_t i) {
        if (bytes[i] == GSM_ESCAPE && i + 1 < n && bytes[i + 1] < 0x80) {
                g_string_append_unichar(text, gsm_extension(bytes[i + 1]));
                return 2;
        }

        g_string_append_unichar(text, gsm_character(bytes[i]));
        return 1;
}

static void append_ucs2(GString *text, gunichar c) {
        if (c > 0 && g_unichar_validate(c))
                g_string_append_unichar(text, c);
}

/* Characters of the default alphabet, and others as an offset from a base; 0: there are none. */
static void append_compressed(GString *text, const uint8_t *bytes, size_t n, gunichar base) {
        for (size_t i = 0; i < n && bytes[i] != UNUSED;) {
                if (bytes[i] & 0x80) {
                        if (base > 0)
                                append_ucs2(text, base + (bytes[i] & 0x7f));
                        i++;
                } else
                        i += append_gsm(text, bytes, n, i);
        }
}

static void append_ucs2_text(GString *text, const uint8_t *bytes, size_t n) {
        for (size_t i = 0; i + 1 < n; i += 2) {
                gunichar c = (gunichar) bytes[i] << 8 | bytes[i + 1];

                if (c == 0xffff)
                        return; /* unused */
                append_ucs2(text, c);
        }
}

char *sim_text_from_alpha(const uint8_t *bytes, size_t n) {
        GString *text = g_string_new(NULL);

        switch (n > 0 ? bytes[0] : 0) {
        case 0x80:
                append_ucs2_text(text, bytes + 1, n - 1);
                break;
        case 0x81:
                if (n >= 3)
                        append_compressed(text, bytes + 3, MIN(n - 3, bytes[1]),
                                          (gunichar) bytes[2] << 7);
                break;
        case 0x82:
                if (n >= 4)
                        append_compressed(text, bytes + 4, MIN(n - 4, bytes[1]),
                                          (gunichar) bytes[2] << 8 | bytes[3]);
                break;
        default:
                append_compressed(text, bytes, n, 0);
                break;
        }

        return g_string_free(text, FALSE);
}

/* The length in bytes comes first, then a nibble of parity, then digits with swapped nibbles. */
char *sim_text_from_imsi(const uint8_t *bytes, size_t n) {
        g_autoptr(GString) digits = g_string_new(NULL);
        bool is_odd;

        if (n < 2 || bytes[0] < 1 || bytes[0] > 8 || (size_t) bytes[0] + 1 > n)
                return NULL;

        is_odd = bytes[1] & 0x8;
        for (size_t i = 1; i < 2 * (size_t) bytes[0]; i++) {
                uint8_t byte = bytes[1 + i / 2], digit = i % 2 ? byte >> 4 : byte & 0xf;
                bool is_last = i == 2 * (size_t) bytes[0] - 1;

                if (is_last && !is_odd && digit == 0xf)
                        break;
                if (digit > 9)
                        return NULL;
                g_string_append_c(digits, (char) ('0' + digit));
        }

        if (digits->len < 6 || digits->len > 15)
                return NULL;
        return g_string_free(g_steal_pointer(&digits), FALSE);
}

bool sim_text_is_imsi(const char *text) {
        size_t n = text ? strspn(text, "0123456789") : 0;

        return n >= 6 && n <= 15 && text[n] == '\0';
}
