/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Amounts beside each other, and rates, in the order and with the units of each language. */

#include <string.h>

#include "i18n.h"
#include "print.h"

char *style_pair(const Style *s, uint64_t part, uint64_t whole) {
        g_autofree char *a = NULL, *b = NULL;

        size_format_halves(part, whole, s->unit, &a, &b);
        /* Translators: "6.3 of 10 GB"; the unit is said once, behind the second. */
        return g_strdup_printf(C_("amount", "%s of %s"), a, b);
}

char *style_rate(uint64_t bps) {
        static const char unit[] = N_("bit/s");
        g_autofree char *text = size_format_rate(bps);

        text[strlen(text) - strlen(unit)] = '\0';
        return g_strconcat(text, gettext(unit), NULL);
}
