/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "keyfile.h"

#include <errno.h>
#include <string.h>

static void test_groups(void) {
        static const char text[] = "\n# a comment\n[Plan]\nName = IIJmio 5 GB \n\t# another\n"
                                   "[ Bucket  of mine ]\r\nBytes=5GB # no comment\r\nNote==\n";
        g_autoptr(Keyfile) k = NULL;
        g_autofree char *error = NULL;
        const KeyfileGroup *plan, *bucket;

        g_assert_cmpint(keyfile_parse(text, strlen(text), &k, &error), ==, 0);
        g_assert_null(error);
        g_assert_cmpuint(k->groups->len, ==, 2);

        plan = k->groups->pdata[0];
        g_assert_cmpstr(plan->name, ==, "Plan");
        g_assert_cmpuint(plan->line, ==, 3);
        g_assert_cmpuint(plan->entries->len, ==, 1);
        g_assert_cmpstr(keyfile_find(plan, "Name")->value, ==, "IIJmio 5 GB");
        g_assert_cmpuint(keyfile_find(plan, "Name")->line, ==, 4);
        g_assert_null(keyfile_find(plan, "name"));

        bucket = k->groups->pdata[1];
        g_assert_cmpstr(bucket->name, ==, "Bucket  of mine");
        g_assert_cmpuint(bucket->line, ==, 6);
        g_assert_cmpstr(keyfile_find(bucket, "Bytes")->value, ==, "5GB # no comment");
        g_assert_cmpstr(keyfile_find(bucket, "Note")->value, ==, "=");
}

static void test_accepted(void) {
        static const struct {
                const char *text;
                gsize length;
                guint n_groups;
        } cases[] = {
                { "", 0, 0 },
                { "[A]\nB=1 and what is not read", 7, 1 },
                { "\n\n\n", 3, 0 },
                { "[A]", 3, 1 },
                { "[A]\r\n", 5, 1 },
                { "\xef\xbb\xbf[A]\nB=1", 10, 1 }, /* as some editors begin a file */
                { "[A]\n[B]\n[C]\n", 12, 3 },
                { "[\xe3\x83\x87\xe3\x83\xbc\xe3\x82\xbf]\nA=\xe6\xae\x8b\xe3\x82\x8a", 20, 1 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(Keyfile) k = NULL;
                g_autofree char *error = NULL;

                if (keyfile_parse(cases[i].text, cases[i].length, &k, &error) < 0)
                        g_error("case %zu: %s", i, error);
                g_assert_cmpuint(k->groups->len, ==, cases[i].n_groups);
        }
}

static void test_refused(void) {
        static const struct {
                const char *text;
                gsize length; /* 0: to the end */
                const char *error;
        } cases[] = {
                { "Bytes=5GB", 0, "line 1: no group yet" },
                { "[Plan]\nBytes", 0, "line 2: \"Bytes\" has no =" },
                { "[Plan]\n\nBytes 5GB\n", 0, "line 3: \"Bytes 5GB\" has no =" },
                { "[Plan\n", 0, "line 1: a group ends with ]" },
                { "[Plan] # mine\n", 0, "line 1: a group ends with ]" },
                { "[]\n", 0, "line 1: a group is a name in brackets" },
                { "[  ]\n", 0, "line 1: a group is a name in brackets" },
                { "[[Plan]]\n", 0, "line 1: a group is a name in brackets" },
                { "[a]b]\n", 0, "line 1: a group is a name in brackets" },
                { "[\n", 0, "line 1: a group ends with ]" },
                { "[Plan]\n[Bucket a]\n[Plan]\n", 0, "line 3: [Plan] is there already, in line 1" },
                { "[Plan]\nName=a\nZone=b\nName=c\n", 0,
                  "line 4: Name is said already, in line 2" },
                { "[Plan]\nName=\n", 0, "line 2: Name: nothing is said" },
                { "[Plan]\nName =  \n", 0, "line 2: Name: nothing is said" },
                { "[Plan]\n=5GB\n", 0, "line 2: \"\" is no key" },
                { "[Plan]\nTop up=5GB\n", 0, "line 2: \"Top up\" is no key" },
                { "[Plan]\nName[ja]=5GB\n", 0, "line 2: \"Name[ja]\" is no key" },
                { "[Plan]\n; old\n", 0, "line 2: a comment begins with #" },
                { "[Plan]\nName=a\0b\n", 17, "line 2: a byte of value 0" },
                { "[Plan]\n\nName=\xff\n", 0, "line 3: this is not UTF-8" },
                { "[Plan]\nName=\xe3\x83", 0, "line 2: this is not UTF-8" },
                { "[Plan]\rName=a\r", 0, "line 1: a group ends with ]" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                gsize length = cases[i].length > 0 ? cases[i].length : strlen(cases[i].text);
                g_autofree char *error = NULL;
                Keyfile *k = NULL;

                g_assert_cmpint(keyfile_parse(cases[i].text, length, &k, &error), ==, -EINVAL);
                g_assert_null(k);
                if (!g_str_has_prefix(error, cases[i].error))
                        g_error("case %zu: %s", i, error);
        }
}

static void assert_too_much(GString *text, const char *wanted) {
        g_autofree char *error = NULL;
        Keyfile *k = NULL;

        g_assert_cmpint(keyfile_parse(text->str, text->len, &k, &error), ==, -EINVAL);
        g_assert_cmpstr(error, ==, wanted);
        g_string_free(text, TRUE);
}

static GString *repeat(const char *start, const char *format, int n) {
        GString *text = g_string_new(start);

        for (int i = 0; i < n; i++) {
                g_autofree char *number = g_strdup_printf("%d", i);
                g_auto(GStrv) parts = g_strsplit(format, "N", 2);

                g_string_append_printf(text, "%s%s%s", parts[0], number, parts[1]);
        }

        return text;
}

static void test_bounds(void) {
        g_autoptr(Keyfile) k = NULL;
        g_autofree char *error = NULL, *blank = g_strnfill(KEYFILE_MAX_BYTES, '\n');

        g_assert_cmpint(keyfile_parse(blank, KEYFILE_MAX_BYTES, &k, &error), ==, 0);

        assert_too_much(repeat("", "\n#N", KEYFILE_MAX_BYTES / 3), "longer than 64 KiB");
        assert_too_much(repeat("[A]\n#", "N", KEYFILE_MAX_LINE), "line 2: longer than 4096 bytes");
        assert_too_much(repeat("", "[N]\n", KEYFILE_MAX_GROUPS + 1),
                        "line 513: more than 512 groups");
        assert_too_much(repeat("[A]\n", "N=a\n", KEYFILE_MAX_KEYS + 1),
                        "line 130: more than 128 keys in [A]");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/keyfile/groups", test_groups);
        g_test_add_func("/keyfile/accepted", test_accepted);
        g_test_add_func("/keyfile/refused", test_refused);
        g_test_add_func("/keyfile/bounds", test_bounds);
        return g_test_run();
}
