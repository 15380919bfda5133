/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "utf8.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define REPLACEMENT     0xfffd
#define GRAPHEME_JOINER 0x34f /* invisible, though it counts as a mark */

/* Code points that are for no text: sd-bus refuses a message with one of them. */
static bool is_noncharacter(gunichar c) {
        return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

/* One character of it as it may be shown; 0: nothing. */
static gunichar shown(gunichar c) {
        if (c == GRAPHEME_JOINER)
                return 0;
        if (is_noncharacter(c))
                return REPLACEMENT;

        switch (g_unichar_type(c)) {
        case G_UNICODE_CONTROL:
        case G_UNICODE_LINE_SEPARATOR:
        case G_UNICODE_PARAGRAPH_SEPARATOR:
                return ' ';
        case G_UNICODE_FORMAT:
        case G_UNICODE_SURROGATE:
                return 0;
        default:
                return c;
        }
}

static bool is_plain(gunichar c) {
        return c >= 0x20 && c < 0x7f;
}

static bool is_all_plain(const char *bytes, const char *end) {
        while (bytes < end && is_plain((unsigned char) *bytes))
                bytes++;
        return bytes == end;
}

char *utf8_sanitize(const char *bytes, size_t n, size_t max_bytes) {
        const char *end = n > 0 ? bytes + strnlen(bytes, n) : bytes; /* an empty one may be NULL */
        GString *text;

        if (is_all_plain(bytes, end)) /* as most are */
                return g_strndup(bytes ?: "", MIN((size_t) (end - bytes), max_bytes));

        text = g_string_new(NULL);

        while (bytes < end) {
                gunichar c = g_utf8_get_char_validated(bytes, end - bytes);
                char encoded[6];
                int length;

                if (c == (gunichar) -1 || c == (gunichar) -2) {
                        c = REPLACEMENT;
                        bytes++;
                } else {
                        bytes = g_utf8_next_char(bytes);
                        c = shown(c);
                }
                if (c == 0)
                        continue;

                length = g_unichar_to_utf8(c, encoded);
                if (text->len + (size_t) length > max_bytes)
                        break;
                g_string_append_len(text, encoded, length);
        }

        return g_string_free(text, FALSE);
}

static size_t columns_of(gunichar c) {
        if (is_plain(c))
                return 1;
        if (g_unichar_iszerowidth(c))
                return 0;
        return g_unichar_iswide(c) ? 2 : 1;
}

size_t utf8_width(const char *text) {
        size_t width = 0;

        for (; *text; text = g_utf8_next_char(text))
                width += columns_of(g_utf8_get_char(text));
        return width;
}

static bool is_never_first(gunichar c) {
        switch (g_unichar_break_type(c)) {
        case G_UNICODE_BREAK_CLOSE_PUNCTUATION:
        case G_UNICODE_BREAK_CLOSE_PARANTHESIS:
        case G_UNICODE_BREAK_CONDITIONAL_JAPANESE_STARTER:
        case G_UNICODE_BREAK_EXCLAMATION:
        case G_UNICODE_BREAK_INFIX_SEPARATOR:
        case G_UNICODE_BREAK_NON_STARTER:
                return true;
        default:
                return false;
        }
}

static bool can_break(gunichar before, gunichar after) {
        if (after == ' ')
                return true;
        if (!g_unichar_iswide(before) && !g_unichar_iswide(after))
                return false;
        return before != ' ' && !is_never_first(after) &&
               g_unichar_break_type(before) != G_UNICODE_BREAK_OPEN_PUNCTUATION;
}

const char *utf8_line_end(const char *text, size_t columns) {
        const char *last = NULL, *at = text;
        gunichar before = 0;
        size_t width = 0;

        for (; *at; at = g_utf8_next_char(at)) {
                gunichar c = g_utf8_get_char(at);

                if (at > text && can_break(before, c)) {
                        if (width > columns)
                                return last ?: at;
                        last = at;
                }
                width += columns_of(c);
                before = c;
        }

        return width > columns && last ? last : at;
}

char *utf8_ellipsize(const char *text, size_t columns, const char *ellipsis) {
        g_autofree char *start = NULL;
        size_t width = utf8_width(ellipsis);
        const char *end = text;

        if (utf8_width(text) <= columns)
                return g_strdup(text);
        if (width > columns)
                return g_strdup("");

        while (width + columns_of(g_utf8_get_char(end)) <= columns) {
                width += columns_of(g_utf8_get_char(end));
                end = g_utf8_next_char(end);
        }

        start = g_strndup(text, (size_t) (end - text));
        return g_strconcat(start, ellipsis, NULL);
}
