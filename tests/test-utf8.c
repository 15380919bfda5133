/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "utf8.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

#define BAD "\xef\xbf\xbd"

static void test_sanitize(void) {
        static const struct {
                const char *bytes;
                size_t max;
                const char *text;
        } cases[] = {
                { "", 64, "" },
                { "Work SIM", 64, "Work SIM" },
                { "a\nb\tc\x1b[2J\x7f", 64, "a b c [2J " },
                { "a\xc2\x85"
                  "b",
                  64, "a b" }, /* C1: next line */
                { "a\xe2\x80\xa8"
                  "b\xe2\x80\xa9",
                  64, "a b " }, /* line, paragraph separator */
                { "caf\xe9", 64, "caf" BAD },
                { "\xff\xfe", 64, BAD BAD },
                { "\xe6\x97", 64, BAD BAD },                 /* cut short */
                { "\xe6\x97x", 64, BAD BAD "x" },            /* what follows is kept */
                { "\xc0\xaf", 64, BAD BAD },                 /* overlong */
                { "\xed\xa0\x80", 64, BAD BAD BAD },         /* surrogate */
                { "\xf4\x90\x80\x80", 64, BAD BAD BAD BAD }, /* above U+10FFFF */
                { "\xef\xbf\xbe\xef\xbf\xbf", 64,
                  BAD BAD }, /* noncharacters, which the bus refuses */
                { "\xef\xb7\x90\xf0\x9f\xbf\xbe", 64, BAD BAD },
                /* override, mark, isolate, joiner, byte order mark, soft hyphen, tag */
                { "a\xe2\x80\xae"
                  "b\xe2\x80\x8f\xe2\x81\xa6",
                  64, "ab" },
                { "a\xe2\x80\x8d"
                  "b\xef\xbb\xbf"
                  "c\xc2\xad"
                  "d\xf3\xa0\x81\xa1",
                  64, "abcd" },
                { "a\xe2\x80\x8b"
                  "b\xcd\x8f"
                  "c",
                  64, "abc" }, /* zero-width space, joiner */
                { "日本", 6, "日本" },
                { "日本", 5, "日" },
                { "日本", 2, "" },
                { "日本", 0, "" },
                { "ab\xff", 4, "ab" }, /* the replacement must fit as well */
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = utf8_sanitize(cases[i].bytes, SIZE_MAX, cases[i].max);
                g_autofree char *again = utf8_sanitize(text, SIZE_MAX, cases[i].max);

                g_assert_cmpstr(text, ==, cases[i].text);
                g_assert_cmpstr(again, ==, text);
        }
}

static void test_length(void) {
        static const char not_ended[] = { 'a', 'b', '\xe6' };
        g_autofree char *none = utf8_sanitize(NULL, 0, 64);
        g_autofree char *whole = utf8_sanitize(not_ended, sizeof(not_ended), 64);
        g_autofree char *part = utf8_sanitize("abcdef", 3, 64);
        g_autofree char *nul = utf8_sanitize("ab\0cd", 5, 64);

        g_assert_cmpstr(none, ==, "");
        g_assert_cmpstr(whole, ==, "ab" BAD);
        g_assert_cmpstr(part, ==, "abc");
        g_assert_cmpstr(nul, ==, "ab");
}

/* Whatever comes in, what goes out is valid, short enough, and stays as it is. */
static void test_random(void) {
        g_autoptr(GRand) random = g_rand_new_with_seed(20261117);

        for (int i = 0; i < 20000; i++) {
                size_t n = (size_t) g_rand_int_range(random, 0, 40);
                size_t max = (size_t) g_rand_int_range(random, 0, 60);
                g_autofree char *text = NULL, *again = NULL;
                char bytes[40];

                for (size_t b = 0; b < n; b++)
                        bytes[b] = (char) g_rand_int_range(random, 0, 256);
                text = utf8_sanitize(bytes, n, max);
                again = utf8_sanitize(text, SIZE_MAX, max);
                g_assert_true(g_utf8_validate(text, -1, NULL));
                g_assert_cmpuint(strlen(text), <=, max);
                g_assert_cmpstr(again, ==, text);
        }
}

static void test_width(void) {
        static const struct {
                const char *text;
                size_t columns;
        } cases[] = {
                { "", 0 },         { "SIM", 3 },
                { "日本 SIM", 8 }, { "e\xcc\x81", 1 }, /* a combining accent */
                { "カ", 2 },       { "ｶ", 1 },         /* half width */
                { "█░│", 3 },      { "··7719", 6 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                g_assert_cmpuint(utf8_width(cases[i].text), ==, cases[i].columns);
}

static void test_ellipsize(void) {
        static const struct {
                const char *text;
                size_t columns;
                const char *ellipsis, *shortened;
        } cases[] = {
                { "Airalo Japan", 12, "…", "Airalo Japan" },
                { "Airalo Japan", 8, "…", "Airalo …" },
                { "Airalo Japan", 8, "..", "Airalo.." },
                { "Airalo Japan", 8, "", "Airalo J" },
                { "Airalo Japan", 1, "…", "…" },
                { "Airalo Japan", 0, "…", "" },
                { "Airalo Japan", 1, "..", "" },
                { "日本", 4, "…", "日本" },
                { "日本の通信", 6, "…", "日本…" }, /* half a character has no room */
                { "日本の通信", 5, "…", "日本…" },
                { "e\xcc\x81"
                  "abc",
                  2, "…", "e\xcc\x81…" }, /* with its accent */
                { "", 0, "…", "" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text =
                        utf8_ellipsize(cases[i].text, cases[i].columns, cases[i].ellipsis);

                g_assert_cmpstr(text, ==, cases[i].shortened);
                g_assert_cmpuint(utf8_width(text), <=, cases[i].columns);
        }
}

static void test_line_end(void) {
        static const struct {
                const char *text;
                size_t columns;
                const char *line;
        } cases[] = {
                { "", 5, "" },
                { "to spare", 8, "to spare" },
                { "to spare", 7, "to" },
                { "to  spare", 3, "to " }, /* the second of two is not left for the next line */
                { "https://carrier.example/ now", 5, "https://carrier.example/" },
                { "https://carrier.example/", 5, "https://carrier.example/" },
                { "残りわずか", 10, "残りわずか" },
                { "残りわずか", 9, "残りわず" },
                { "残り、あと", 4, "残" },     /* no line begins with a comma */
                { "残り（あと）", 6, "残り" }, /* or ends with a bracket */
                { "計データ", 4, "計" },       /* or begins with a long vowel */
                { "残り 3.6 GB です", 8, "残り 3.6" },
                { "今日は412 MB", 6, "今日は" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                const char *end = utf8_line_end(cases[i].text, cases[i].columns);
                g_autofree char *line = g_strndup(cases[i].text, (size_t) (end - cases[i].text));

                g_assert_cmpstr(line, ==, cases[i].line);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/utf8/sanitize", test_sanitize);
        g_test_add_func("/utf8/length", test_length);
        g_test_add_func("/utf8/random", test_random);
        g_test_add_func("/utf8/width", test_width);
        g_test_add_func("/utf8/ellipsize", test_ellipsize);
        g_test_add_func("/utf8/line-end", test_line_end);
        return g_test_run();
}
