/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "i18n.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

/* Each category is a file to be read: just those that matter. */
void i18n_init(void) {
        const char *directory = g_getenv("SIMTALLY_LOCALE_DIR");

        setlocale(LC_CTYPE, "");
        if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
                return;

        setlocale(LC_MESSAGES, "");
        bindtextdomain("simtally", directory ?: LOCALE_DIR);
        textdomain("simtally");
}
