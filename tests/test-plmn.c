/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "plmn.h"

#include <errno.h>
#include <glib.h>

static void test_parse(void) {
        static const struct {
                const char *text, *written;
                Plmn plmn;
        } cases[] = {
                { "44010", "44010", { 440, 10, 2 } },  { "310260", "310260", { 310, 260, 3 } },
                { "440-10", "44010", { 440, 10, 2 } }, { "310-260", "310260", { 310, 260, 3 } },
                { "00101", "00101", { 1, 1, 2 } },     { "001001", "001001", { 1, 1, 3 } },
                { "405000", "405000", { 405, 0, 3 } },
        };
        static const char *const bad[] = { "",        "440",      "4401",   "4401000", "44a10",
                                           "440--10", "44010 ",   " 44010", "00001",   "440-",
                                           "440-1",   "440-1000", "44-010", "-44010" };
        Plmn plmn;

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = NULL;

                g_assert_cmpint(plmn_parse(cases[i].text, &plmn), ==, 0);
                g_assert_true(plmn_equal(plmn, cases[i].plmn));
                text = plmn_format(plmn);
                g_assert_cmpstr(text, ==, cases[i].written);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
                g_assert_cmpint(plmn_parse(bad[i], &plmn), ==, -EINVAL);
}

static void test_none(void) {
        g_autofree char *text = plmn_format((Plmn){ 0 });

        g_assert_cmpstr(text, ==, "");
        g_assert_false(plmn_equal((Plmn){ 1, 1, 2 }, (Plmn){ 1, 1, 3 }));
}

static void test_bcd(void) {
        static const struct {
                uint8_t bytes[PLMN_BYTES];
                const char *text;
        } cases[] = {
                { { 0x44, 0xf0, 0x01 }, "44010" }, { { 0x13, 0x00, 0x62 }, "310260" },
                { { 0x00, 0xf1, 0x10 }, "00101" }, { { 0x00, 0x11, 0x00 }, "001001" },
                { { 0xff, 0xff, 0xff }, NULL },    { { 0x00, 0x00, 0x00 }, NULL },
                { { 0x44, 0xff, 0x01 }, NULL },    { { 0x44, 0xf0, 0xf1 }, NULL },
                { { 0x44, 0x00, 0xf1 }, NULL },    { { 0xa4, 0xf0, 0x01 }, NULL },
                { { 0x44, 0xa0, 0x01 }, NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = NULL;
                Plmn plmn = { 0 };
                int r = plmn_from_bcd(cases[i].bytes, &plmn);

                g_assert_cmpint(r, ==, cases[i].text ? 0 : -EINVAL);
                text = plmn_format(plmn);
                g_assert_cmpstr(text, ==, cases[i].text ?: "");
        }
}

static void test_abroad(void) {
        static const struct {
                const char *serving, *home;
                bool abroad;
        } cases[] = {
                { "44010", "44010", false },
                { "44020", "44010", false },   /* a partner in the same country */
                { "44110", "44020", false },   /* Japan */
                { "310260", "316480", false }, /* United States */
                { "330110", "310260", true },  /* Puerto Rico is another area */
                { "40445", "40567", false },   /* India */
                { "40603", "40445", false },
                { "23410", "23594", false }, /* United Kingdom */
                { "46000", "46110", false }, /* China */
                { "45400", "46000", true },  /* Hong Kong */
                { "42402", "43101", false }, /* United Arab Emirates */
                { "43001", "42403", false },
                { "42501", "42402", true },
                { "43201", "43101", true },
                { "45005", "44010", true },
                { "26201", "310260", true },
                { "90114", "44010", true }, /* on a plane */
                { "44010", "90137", true }, /* at home nowhere */
                { "90114", "90137", true },
                { "90137", "90137", false },
        };
        Plmn serving, home;

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_assert_cmpint(plmn_parse(cases[i].serving, &serving), ==, 0);
                g_assert_cmpint(plmn_parse(cases[i].home, &home), ==, 0);
                g_assert_true(plmn_is_abroad(serving, home) == cases[i].abroad);
                g_assert_true(plmn_is_abroad(home, serving) == cases[i].abroad);
        }
        g_assert_false(plmn_is_abroad((Plmn){ 0 }, home));
        g_assert_false(plmn_is_abroad(serving, (Plmn){ 0 }));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/plmn/parse", test_parse);
        g_test_add_func("/plmn/none", test_none);
        g_test_add_func("/plmn/bcd", test_bcd);
        g_test_add_func("/plmn/abroad", test_abroad);
        return g_test_run();
}
