/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "reply.h"

#include <string.h>

#include "size.h"

void reply_clear(Reply *r) {
        g_clear_pointer(&r->why, g_free);
}

/* What one digit of the last place is worth: "1.25" GB is exact to 10 MB. */
static uint64_t resolution_of(const char *number, const char *unit) {
        const char *point = strchr(number, '.');
        g_autofree char *one = g_strconcat("1", unit, NULL);
        uint64_t bytes = 0;

        (void) size_parse(one, &bytes);
        for (size_t i = point ? strlen(point + 1) : 0; i > 0; i--)
                bytes /= 10;
        return MAX(bytes, 1);
}

static bool is_about_use(char **words, guint n) {
        for (guint i = 0; i < n; i++)
                if (g_ascii_strncasecmp(words[i], "used", 4) == 0)
                        return true;

        return false;
}

static void take(Reply *r, uint64_t bytes, uint64_t resolution, bool is_used) {
        r->verdict = r->verdict == REPLY_NONE ? REPLY_FIGURE : REPLY_AMBIGUOUS;
        r->resolution = resolution;
        r->has_used = is_used;
        r->has_remaining = !is_used;
        *(is_used ? &r->used : &r->remaining) = bytes;
}

int reply_read(const char *text, const char *pattern, int64_t now, GTimeZone *zone, Reply *ret) {
        g_auto(GStrv) words = g_strsplit_set(text, " \n\t,;:!()", -1);
        guint n = g_strv_length(words);
        bool is_used = is_about_use(words, n);
        Reply r = { 0 };

        for (guint i = 0; i + 1 < n; i++) {
                g_autofree char *amount = g_strconcat(words[i], words[i + 1], NULL);
                uint64_t bytes;

                if (size_parse(amount, &bytes) >= 0)
                        take(&r, bytes, resolution_of(words[i], words[i + 1]), is_used);
        }

        if (r.verdict == REPLY_NONE)
                r.why = g_strdup("there is no amount of data in it");
        else if (r.verdict == REPLY_AMBIGUOUS)
                r.why = g_strdup("there are several amounts in it: say which one with Pattern");
        *ret = r;
        return 0;
}
