/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A reply, and after a NUL a pattern, is a figure with an amount, or says why it is none. */

#include <glib.h>
#include <string.h>

#include "calendar.h"
#include "fuzz.h"
#include "reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree char *text = g_strndup((const char *) data, n);
        size_t text_size = strlen(text);
        g_autofree char *pattern =
                text_size < n ? g_strndup((const char *) data + text_size + 1, n - text_size - 1)
                              : NULL;
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_auto(Reply) r = { 0 };

        if (pattern && (!g_utf8_validate(pattern, -1, NULL) || reply_pattern_check(pattern) < 0))
                return 0;
        g_assert_cmpint(reply_read(text, pattern, &(ReplyOrigin){ 1795608000, utc, 234 }, &r), ==,
                        0);

        if (r.verdict == REPLY_FIGURE) {
                g_assert_true(r.has_remaining || r.has_used);
                g_assert_cmpuint(r.resolution, >, 0);
                g_assert_true(!r.has_expires ||
                              (r.expires_at > 0 && r.expires_at <= CALENDAR_LAST));
        } else {
                g_assert_nonnull(r.why);
                g_assert_false(r.has_remaining || r.has_used || r.has_limit || r.has_expires);
        }
        return 0;
}
