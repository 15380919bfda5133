/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "plan-zone.h"

#include <glib.h>
#include <string.h>

/* The end of the line [Plan]; NULL where there is none. */
static const char *end_of_heading(const char *text) {
        for (const char *line = text; *line;) {
                size_t length = strcspn(line, "\n");
                g_autofree char *stripped = g_strstrip(g_strndup(line, length));

                if (g_str_equal(stripped, "[Plan]"))
                        return line + length;
                line += length + (line[length] == '\n');
        }

        return NULL;
}

char *plan_write_zone(const char *text, const char *zone) {
        const char *end = end_of_heading(text);
        GString *written = g_string_new(NULL);

        if (!end) {
                g_string_printf(written, "[Plan]\nZone=%s\n\n%s", zone, text);
        } else {
                g_string_append_len(written, text, end - text);
                g_string_append_printf(written, "\nZone=%s%s", zone, end);
        }

        return g_string_free(written, FALSE);
}
