/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What all screens are made of: columns, entries, and lines that fold. */

#include <stdio.h>
#include <string.h>

#include "print.h"
#include "utf8.h"

#define ENTRY_COLUMNS 10

void print_column(const char *text, size_t columns) {
        size_t width = utf8_width(text);

        printf("%s%*s", text, (int) (width < columns ? columns - width : 0), "");
}

void print_cells(const char *cell, unsigned n) {
        for (unsigned i = 0; i < n; i++)
                fputs(cell, stdout);
}

/* Words of a part that is wider than a line by itself, which begins at the column of the indent. */
static size_t print_words(const Style *s, const char *part, size_t indent) {
        g_auto(GStrv) words = g_strsplit(part, " ", -1);
        size_t column = indent;

        for (char **word = words; *word; word++) {
                size_t width = utf8_width(*word);

                if (column > indent && column + 1 + width > s->width) {
                        printf("\n%*s", (int) indent, "");
                        column = indent;
                } else if (column > indent) {
                        putchar(' ');
                        column++;
                }
                fputs(*word, stdout);
                column += width;
        }
        return column;
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
                        column = print_words(s, *parts, indent);
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
