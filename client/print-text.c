/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What all screens are made of: columns, entries, and lines that fold. */

#include <stdio.h>
#include <string.h>

#include "print.h"
#include "utf8.h"

void print_column(const char *text, size_t columns) {
        size_t width = utf8_width(text);

        printf("%s%*s", text, (int) (width < columns ? columns - width : 0), "");
}

void print_cells(const char *cell, unsigned n) {
        for (unsigned i = 0; i < n; i++)
                fputs(cell, stdout);
}

/* A part that is wider than a line by itself, which begins at the column of the indent. */
static size_t print_lines(const Style *s, const char *part, size_t indent) {
        size_t columns = s->width > indent ? s->width - indent : 1;
        g_autofree char *line = NULL;

        for (;;) {
                const char *end = utf8_line_end(part, columns);

                g_free(line);
                line = g_strndup(part, (size_t) (end - part));
                fputs(line, stdout);
                part = end + strspn(end, " ");
                if (!*part)
                        return indent + utf8_width(line);
                printf("\n%*s", (int) indent, "");
        }
}

void print_folded(const Style *s, const char *const *parts, const char *separator, size_t indent) {
        size_t column = indent;
        bool is_first = true;

        for (; *parts; parts++) {
                size_t width = utf8_width(*parts) + (is_first ? 0 : utf8_width(separator));

                if (!is_first && column + width > s->width) {
                        printf("\n%*s", (int) indent, "");
                        column = indent;
                        is_first = true;
                        width = utf8_width(*parts);
                }
                if (is_first && column + width > s->width)
                        column = print_lines(s, *parts, indent);
                else {
                        printf("%s%s", is_first ? "" : separator, *parts);
                        column += width;
                }
                is_first = false;
        }
        putchar('\n');
}

void print_entry(const Style *s, const char *name, const char *const *parts,
                 const char *separator) {
        size_t columns = MAX(ENTRY_COLUMNS, utf8_width(name) + 1);

        printf("  ");
        print_column(name, columns);
        print_folded(s, parts, separator, 2 + columns);
}

void print_sentence(const Style *s, const char *name, const char *sentence) {
        print_entry(s, name, (const char *const[]){ sentence, NULL }, "");
}

const char *style_dot(const Style *s) {
        return s->ascii ? " * " : " · ";
}

const char *style_ellipsis(const Style *s) {
        return s->ascii ? ".." : "…";
}
