/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The same bytes as an ICCID's text, as its BCD and as a network's number. */

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "iccid.h"
#include "plmn.h"

static void check_iccid(const char *iccid) {
        g_autofree char *again = NULL, *mask = iccid_mask(iccid);

        g_assert_cmpuint(strlen(iccid), >=, 18);
        g_assert_cmpuint(strlen(iccid), <=, 20);
        g_assert_cmpuint(strspn(iccid, "0123456789"), ==, strlen(iccid));
        g_assert_cmpuint(strlen(mask), ==, 6);

        g_assert_cmpint(iccid_normalize(iccid, &again), ==, 0);
        g_assert_cmpstr(again, ==, iccid);
        g_assert_true(iccid_same(iccid, again));
}

static void check_plmn(Plmn plmn) {
        g_autofree char *text = plmn_format(plmn);
        Plmn again;

        g_assert_cmpint(plmn_parse(text, &again), ==, 0);
        g_assert_true(plmn_equal(plmn, again));
        g_assert_false(plmn_is_abroad(plmn, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree char *text = g_strndup((const char *) data, n), *iccid = NULL, *card = NULL;
        g_autofree char *mask = iccid_mask(text);
        Plmn plmn;

        g_assert_cmpuint(strlen(mask), <=, 6);
        if (iccid_normalize(text, &iccid) >= 0)
                check_iccid(iccid);
        if (iccid_from_bcd(data, n, &card) >= 0)
                check_iccid(card);
        if (plmn_parse(text, &plmn) >= 0)
                check_plmn(plmn);
        if (n >= PLMN_BYTES && plmn_from_bcd(data, &plmn) >= 0)
                check_plmn(plmn);

        return 0;
}
