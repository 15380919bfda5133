/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The same bytes as a card's alpha field and as its EF IMSI. */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "sim-text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree char *alpha = sim_text_from_alpha(data, n);
        g_autofree char *imsi = sim_text_from_imsi(data, n);

        g_assert_true(g_utf8_validate(alpha, -1, NULL));
        if (imsi) {
                g_assert_cmpuint(strlen(imsi), <=, 15);
                g_assert_cmpuint(strspn(imsi, "0123456789"), ==, strlen(imsi));
        }

        return 0;
}
