/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "words.h"

#include <errno.h>

#include "words-internal.h"

void words_part_init(WordsPart *part, uint64_t bytes) {
        *part = (WordsPart){ .bytes = bytes, .weekday = -1, .at = TIME_NONE };
}

void words_read_clear(WordsRead *said) {
        for (int i = 0; i < WORDS_MAX_PARTS; i++)
                g_clear_pointer(&said->parts[i].where.mccs, g_array_unref);
        g_clear_pointer(&said->zone, g_free);
        g_clear_pointer(&said->name, g_free);
}

Words *words_free(Words *w) {
        if (!w)
                return NULL;

        plan_free(w->plan);
        g_ptr_array_unref(w->figures);
        g_free(w);
        return NULL;
}

int words_read(const char *text, int64_t now, GTimeZone *zone, Words **ret, char **ret_error) {
        g_auto(WordsRead) said = { 0 };
        int r;

        r = words_parse(text, &said, ret_error);
        if (r < 0)
                return r;
        return words_compile(&said, now, zone, ret, ret_error);
}
