/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the owner's own program says is a figure with an amount, or has a sentence. */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "reply-json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree char *text = g_strndup((const char *) data, n), *error = NULL;
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_auto(Reply) reply = { 0 };

        if (reply_from_json(text, NULL, &(ReplyOrigin){ 1790000000, utc, 0 }, &reply, &error) < 0) {
                g_assert_nonnull(error);
                g_assert_true(g_utf8_validate(error, -1, NULL));
                return 0;
        }

        g_assert_null(error);
        if (reply.verdict == REPLY_FIGURE)
                g_assert_true(reply.has_remaining || reply.has_used);
        return 0;
}
