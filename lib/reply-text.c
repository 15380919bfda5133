/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A reply's characters in one form. */

#include <string.h>

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

/* What goes with the character before it, whatever that is. */
static bool joins(const char *text) {
        gunichar c = g_utf8_get_char(text), apart[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

        if ((unsigned char) *text < 0x80)
                return false;
        return g_unichar_fully_decompose(c, TRUE, apart, G_N_ELEMENTS(apart)) > 0 &&
               g_unichar_combining_class(apart[0]) != 0;
}

static bool is_ascii(const char *text, size_t n) {
        return n == 1 && (unsigned char) *text < 0x80;
}

GArray *reply_find_places(const char *text, const char *folded) {
        g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(ReplyPlace));
        ReplyPlace at = { 0 };

        while (text[at.text]) {
                const char *next = g_utf8_next_char(text + at.text);
                g_autofree char *part = NULL, *folded_part = NULL;
                size_t n;

                while (*next && joins(next))
                        next = g_utf8_next_char(next);
                g_array_append_val(places, at);
                n = (size_t) (next - (text + at.text));
                if (!is_ascii(text + at.text, n)) {
                        part = g_strndup(text + at.text, n);
                        folded_part = reply_fold(part);
                        /* Whatever else joins, it is not as it stands there. */
                        if (!g_str_has_prefix(folded + at.folded, folded_part))
                                return NULL;
                }
                at.folded += folded_part ? strlen(folded_part) : 1;
                at.text += n;
        }

        g_array_append_val(places, at);
        return folded[at.folded] == '\0' ? g_steal_pointer(&places) : NULL;
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
