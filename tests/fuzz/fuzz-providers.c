/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whatever is fed, in pieces of whatever size: what comes out are queries that an owner could have
 * written. */

#include <string.h>

#include "fuzz.h"
#include "providers.h"

static void check(const ProviderWay *way) {
        g_autofree char *text = query_print(way->query), *error = NULL;
        g_autoptr(Query) again = NULL;

        g_assert_true(*way->name != '\0' && g_utf8_validate(way->name, -1, NULL));
        g_assert_cmpint(query_parse(text, strlen(text), &again, &error), ==, 0);
        g_assert_cmpint(way->query->abroad, ==, 0);
}

/* The first byte says how large the pieces are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autoptr(Providers) p = providers_new((Plmn){ 440, 10, 2 });
        size_t piece = n > 0 ? data[0] + 1U : 1;
        g_autoptr(GArray) ways = NULL;

        for (size_t i = 1; i < n; i += piece)
                if (providers_feed(p, (const char *) data + i, MIN(piece, n - i)) < 0)
                        return 0;
        if (providers_end(p, &ways) < 0)
                return 0;

        for (guint i = 0; i < ways->len; i++)
                check(&g_array_index(ways, ProviderWay, i));
        return 0;
}
