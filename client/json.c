/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "json.h"

#include <math.h>

void json_init(Json *j) {
        *j = (Json){ .text = g_string_new(NULL) };
}

void json_clear(Json *j) {
        if (j->text)
                g_string_free(j->text, TRUE);
        j->text = NULL;
}

static bool is_plain(char c) {
        return (guchar) c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

static void append_quoted(GString *out, const char *text) {
        g_string_append_c(out, '"');
        while (*text) {
                const char *end = text;

                while (is_plain(*end))
                        end++;
                g_string_append_len(out, text, end - text);
                text = end;
                if (!*text)
                        break;

                if (*text == '"' || *text == '\\')
                        g_string_append_printf(out, "\\%c", *text);
                else if (*text == '\n')
                        g_string_append(out, "\\n");
                else
                        g_string_append_printf(out, "\\u%04x", (unsigned) *text);
                text++;
        }
        g_string_append_c(out, '"');
}

/* Names are our own: plain letters. */
static void append_name(Json *j, const char *name) {
        if (j->needs_comma)
                g_string_append_c(j->text, ',');
        j->needs_comma = true;

        if (!name)
                return;
        g_string_append_c(j->text, '"');
        g_string_append(j->text, name);
        g_string_append_len(j->text, "\":", 2);
}

void json_begin(Json *j, const char *name, char bracket) {
        append_name(j, name);
        g_string_append_c(j->text, bracket);
        j->needs_comma = false;
}

void json_end(Json *j, char bracket) {
        g_string_append_c(j->text, bracket);
        j->needs_comma = true;
}

void json_add_text(Json *j, const char *name, const char *text) {
        append_name(j, name);
        if (text)
                append_quoted(j->text, text);
        else
                g_string_append(j->text, "null");
}

/* Thousands of them make a history: printf() would take as long as the rest. */
void json_add_number(Json *j, const char *name, uint64_t number) {
        char digits[20], *first = digits + sizeof(digits);

        do
                *--first = (char) ('0' + number % 10);
        while ((number /= 10) > 0);

        append_name(j, name);
        g_string_append_len(j->text, first, digits + sizeof(digits) - first);
}

/* What JSON has no number for is null. */
void json_add_real(Json *j, const char *name, double real) {
        char digits[G_ASCII_DTOSTR_BUF_SIZE];

        append_name(j, name);
        g_string_append(j->text, isfinite(real)
                                         ? g_ascii_formatd(digits, sizeof(digits), "%.10g", real)
                                         : "null");
}

void json_add_boolean(Json *j, const char *name, bool value) {
        append_name(j, name);
        g_string_append(j->text, value ? "true" : "false");
}
