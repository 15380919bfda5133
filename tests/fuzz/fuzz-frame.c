/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is found good can be parsed: libmbim itself reads every field of it, and prints it. */

#include <glib.h>
#include <libmbim-glib.h>

#include "frame.h"
#include "fuzz.h"

/* libmbim loses what follows an empty text in an array of texts: nothing that we could refuse. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
        return "detect_leaks=0";
}

static void parse(const uint8_t *data, size_t n, unsigned version) {
        g_autoptr(MbimMessage) message = mbim_message_new(data, (guint32) n);
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;

        g_assert_true(mbim_message_validate(message, NULL));
        mbim_utils_set_show_personal_info(TRUE); /* else it would leave out what is most of use */
        text = mbim_message_get_printable_full(message, (guint8) version, 0, "", FALSE, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree uint8_t *copy = NULL;
        unsigned version;

        if (n <= 1)
                return 0;

        version = 1 + data[0] % 3;
        copy = g_memdup2(data + 1, n - 1);
        if (frame_check(data + 1, n - 1, version) == FRAME_GOOD)
                parse(data + 1, n - 1, version);
        if (frame_mend(copy, n - 1, version) == FRAME_GOOD)
                parse(copy, n - 1, version);
        return 0;
}
