/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A message that is read has a sender and a text; its parts come together, or do not. */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "sms.h"

static void check(const uint8_t *data, size_t n, bool has_smsc) {
        g_autoptr(SmsJoin) join = sms_join_new();
        g_auto(SmsDeliver) d = { 0 }, whole = { 0 };

        if (sms_deliver_parse(data, n, has_smsc, &d) < 0)
                return;

        g_assert_true(g_utf8_validate(d.sender, -1, NULL));
        g_assert_true(g_utf8_validate(d.text, -1, NULL));
        g_assert_cmpuint(d.part, <=, d.n_parts);
        if (sms_join_add(join, &d, 0, &whole) > 0)
                g_assert_cmpstr(whole.text, ==, d.text);
        sms_deliver_clear(&whole);
        d.part = d.n_parts;
        (void) sms_join_add(join, &d, 1, &whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree char *text = g_strndup((const char *) data, n);
        g_autoptr(GPtrArray) pdus = NULL;

        check(data, n, true);
        check(data, n, false);
        if (sms_submit_new("111", text, &pdus) >= 0) {
                g_assert_cmpuint(pdus->len, ==, 1);
                g_assert_cmpuint(g_bytes_get_size(pdus->pdata[0]), <=, 176);
        }
        return 0;
}
