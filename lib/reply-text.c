/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A reply's characters in one form. */

#include "reply-internal.h"

/* Letters that Unicode does not take apart. */
static gunichar plain_letter(gunichar c) {
        switch (c) {
        case 0x0111: /* đ */
                return 'd';
        case 0x0142: /* ł */
                return 'l';
        case 0x0131: /* dotless i */
                return 'i';
        case 0x2013: /* dashes */
        case 0x2014:
        case 0x2212:
                return '-';
        case 0x2019:
                return '\'';
        default:
                return c;
        }
}

static bool is_accent(gunichar c) {
        return c >= 0x0300 && c <= 0x036f;
}

char *reply_fold(const char *text) {
        g_autofree char *apart = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
        g_autofree char *small = g_utf8_casefold(apart ?: "", -1);
        g_autoptr(GString) plain = g_string_new(NULL);
        char *folded;

        for (const char *c = small; *c; c = g_utf8_next_char(c)) {
                gunichar letter = g_utf8_get_char(c);
                int digit = g_unichar_isdigit(letter) ? g_unichar_digit_value(letter) : -1;

                if (digit >= 0)
                        g_string_append_c(plain, (char) ('0' + digit));
                else if (letter != '\n' && (g_unichar_isspace(letter) || g_unichar_iscntrl(letter)))
                        g_string_append_c(plain, ' ');
                else if (!is_accent(letter))
                        g_string_append_unichar(plain, plain_letter(letter));
        }

        folded = g_utf8_normalize(plain->str, -1, G_NORMALIZE_ALL_COMPOSE);
        return folded ?: g_strdup("");
}
