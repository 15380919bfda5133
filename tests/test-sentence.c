/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "sentence.h"

#include <errno.h>

static void test_quote(void) {
        static const struct {
                const char *text, *quoted;
        } cases[] = {
                { "", "\"\"" },
                { "1 moon", "\"1 moon\"" },
                { "a\nb\x1b[31m", "\"a b [31m\"" },
                { "\xff", "\"\xef\xbf\xbd\"" },
                { "1234567890123456789012345678901234567890",
                  "\"1234567890123456789012345678901234567890\"" },
                { "12345678901234567890123456789012345678901",
                  "\"123456789012345678901234567890123456789…\"" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *quoted = sentence_quote(cases[i].text);

                g_assert_cmpstr(quoted, ==, cases[i].quoted);
        }
}

static void test_nearest(void) {
        static const char *const known[] = { "Name", "Bytes", "RollOver", "RollOverCap", "Every" };
        static const struct {
                const char *word, *nearest;
        } cases[] = {
                { "Nane", "Name" },
                { "BYTES", "Bytes" },
                { "Byte", "Bytes" },
                { "rollover", "RollOver" },
                { "RollOverCup", "RollOverCap" },
                { "Evry", "Every" },
                { "Zone", NULL },
                { "N", NULL },
                { "", NULL },
                { "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                g_assert_cmpstr(sentence_nearest(cases[i].word, known, G_N_ELEMENTS(known)), ==,
                                cases[i].nearest);
        g_assert_null(sentence_nearest("Name", NULL, 0));
}

static void test_refuse(void) {
        g_autofree char *error = NULL;

        g_assert_cmpint(sentence_refuse(&error, "line %d: %s", 3, "no"), ==, -EINVAL);
        g_assert_cmpstr(error, ==, "line 3: no");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/sentence/quote", test_quote);
        g_test_add_func("/sentence/nearest", test_nearest);
        g_test_add_func("/sentence/refuse", test_refuse);
        return g_test_run();
}
