/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "sentence.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "utf8.h"

#define QUOTE_BYTES   512
#define QUOTE_COLUMNS 40
#define WORD_BYTES    32 /* longer ones are nobody's slip of the pen */

const char *sentence_translate(const char *english) {
        return g_dgettext("simtally", english);
}

char *sentence_quote(const char *text) {
        g_autofree char *shown = utf8_sanitize(text, SIZE_MAX, QUOTE_BYTES);
        g_autofree char *shortened = utf8_ellipsize(shown, QUOTE_COLUMNS, "…");

        return g_strconcat("\"", shortened, "\"", NULL);
}

/* Levenshtein's distance, a letter's case being no difference. */
static unsigned distance(const char *a, const char *b) {
        unsigned row[WORD_BYTES + 1];
        size_t n_a = strlen(a), n_b = strlen(b);

        for (size_t j = 0; j <= n_b; j++)
                row[j] = (unsigned) j;

        for (size_t i = 1; i <= n_a; i++) {
                unsigned diagonal = row[0];

                row[0] = (unsigned) i;
                for (size_t j = 1; j <= n_b; j++) {
                        bool differs = g_ascii_tolower(a[i - 1]) != g_ascii_tolower(b[j - 1]);
                        unsigned replaced = diagonal + (differs ? 1 : 0);

                        diagonal = row[j];
                        row[j] = MIN(replaced, MIN(row[j], row[j - 1]) + 1);
                }
        }

        return row[n_b];
}

const char *sentence_nearest(const char *word, const char *const *known, size_t n_known) {
        const char *nearest = NULL;
        size_t length = strlen(word);
        unsigned least = (unsigned) MAX(length / 3, 1) + 1;

        if (length < 2 || length > WORD_BYTES)
                return NULL;

        for (size_t i = 0; i < n_known; i++) {
                unsigned d;

                if (strlen(known[i]) > WORD_BYTES)
                        continue;
                d = distance(word, known[i]);
                if (d < least) {
                        least = d;
                        nearest = known[i];
                }
        }

        return nearest;
}

int sentence_refuse(char **ret_error, const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        *ret_error = g_strdup_vprintf(sentence_translate(format), arguments);
        va_end(arguments);

        return -EINVAL;
}
