/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "iccid.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

static void test_normalize(void) {
        static const struct {
                const char *text, *iccid;
        } cases[] = {
                { "8981100000000000017", "8981100000000000017" },
                { "8981100000000000017F", "8981100000000000017" },
                { "898110000000000001ff", "898110000000000001" },
                { " 89811000000000000170\n", "89811000000000000170" },
                { "8981 1000 0000 0000 017 F", "8981100000000000017" },
                { "898110000000000001", "898110000000000001" },
                { "89811000000000000", NULL },     /* 17 */
                { "898110000000000001700", NULL }, /* 21 */
                { "898110000000000A017", NULL },
                { "8981100000000000017F1", NULL }, /* filler in the midst */
                { "8981-1000-0000-0000-017", NULL },
                { "FFFFFFFFFFFFFFFFFFFF", NULL },
                { "", NULL },
                { "   ", NULL },
                { "８９８１１００００００００００００１７", NULL }, /* digits, but not ASCII's */
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *iccid = NULL;
                int r = iccid_normalize(cases[i].text, &iccid);

                g_assert_cmpint(r, ==, cases[i].iccid ? 0 : -EINVAL);
                g_assert_cmpstr(iccid, ==, cases[i].iccid);
        }
}

static void test_bcd(void) {
        static const struct {
                size_t n;
                uint8_t bytes[11];
                const char *iccid;
        } cases[] = {
                { 10, { 0x98, 0x18, 0x01, 0, 0, 0, 0, 0, 0x10, 0xf7 }, "8981100000000000017" },
                { 10, { 0x98, 0x18, 0x01, 0, 0, 0, 0, 0, 0x10, 0x07 }, "89811000000000000170" },
                { 10, { 0x98, 0x18, 0x01, 0, 0, 0, 0, 0, 0x10, 0xff }, "898110000000000001" },
                { 9, { 0x98, 0x18, 0x01, 0, 0, 0, 0, 0, 0x10 }, "898110000000000001" },
                { 10, { 0x98, 0x18, 0xa1, 0, 0, 0, 0, 0, 0x10, 0xf7 }, NULL }, /* no digit */
                { 10, { 0x98, 0x18, 0xf1, 0, 0, 0, 0, 0, 0x10, 0xf7 }, NULL },
                { 10, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, NULL },
                { 11, { 0x98, 0x18, 0x01, 0, 0, 0, 0, 0, 0x10, 0xf7, 0xff }, NULL },
                { 8, { 0x98, 0x18, 0x01, 0, 0, 0, 0, 0 }, NULL },
                { 0, { 0 }, NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *iccid = NULL;
                int r = iccid_from_bcd(cases[i].bytes, cases[i].n, &iccid);

                g_assert_cmpint(r, ==, cases[i].iccid ? 0 : -EINVAL);
                g_assert_cmpstr(iccid, ==, cases[i].iccid);
        }
}

static void test_same(void) {
        static const struct {
                const char *a, *b;
                bool same;
        } cases[] = {
                { "8981100000000000017", "8981100000000000017", true },
                { "8981100000000000017", "89811000000000000170", true },
                { "8981100000000000017", "89811000000000000180", false },
                { "89811000000000000171", "89811000000000000170", false },
                { "898110000000000001", "8981100000000000017", false }, /* 18 and 19 */
                { "898110000000000001", "89811000000000000170", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_assert_true(iccid_same(cases[i].a, cases[i].b) == cases[i].same);
                g_assert_true(iccid_same(cases[i].b, cases[i].a) == cases[i].same);
        }
}

static void test_mask(void) {
        static const struct {
                const char *identifier, *mask;
        } cases[] = {
                { "8981100000000007719", "..7719" },
                { "89049032123451234512345678901235", "..1235" }, /* an EID */
                { "12345678", "..5678" },
                { "1234567", ".." },
                { "", ".." },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *mask = iccid_mask(cases[i].identifier);

                g_assert_cmpstr(mask, ==, cases[i].mask);
        }

        g_assert_cmpstr(iccid_tail("8981100000000007719"), ==, "7719");
        g_assert_cmpstr(iccid_tail("77"), ==, "77");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/iccid/normalize", test_normalize);
        g_test_add_func("/iccid/bcd", test_bcd);
        g_test_add_func("/iccid/same", test_same);
        g_test_add_func("/iccid/mask", test_mask);
        return g_test_run();
}
