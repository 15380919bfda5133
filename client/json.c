/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "json.h"

#include <math.h>
#include <string.h>

void json_init(Json *j) {
        *j = (Json){ .text = g_string_new(NULL) };
}

void json_clear(Json *j) {
        if (j->text)
                g_string_free(j->text, TRUE);
        j->text = NULL;
}

/* Most pieces are short, and fit into what is there: GLib's own way is twice as long. */
static void append(GString *out, const char *text, size_t size) {
        if (out->len + size >= out->allocated_len) {
                g_string_append_len(out, text, (gssize) size);
                return;
        }

        memcpy(out->str + out->len, text, size);
        out->len += size;
        out->str[out->len] = '\0';
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
                append(out, text, (size_t) (end - text));
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
        append(j->text, name, strlen(name));
        append(j->text, "\":", 2);
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
        append(j->text, first, (size_t) (digits + sizeof(digits) - first));
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
