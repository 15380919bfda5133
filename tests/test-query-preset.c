/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How carriers are asked: what a file may say, and those that come with us. */

#include "query-preset.h"

#include <string.h>

#define CARRIER "[Carrier]\nName=Blue\nPlmn=44010;44020\nSource=https://blue.example/\n"
#define QUERY   "[Query]\nMethod=ussd\nCode=*1#\n"

static const char *folder;

static void test_read(void) {
        static const char text[] = "# from its page\n" CARRIER "\n" QUERY;
        g_auto(QueryPreset) p = { 0 };
        g_autofree char *error = NULL;

        g_assert_cmpint(query_preset_parse(text, strlen(text), &p, &error), ==, 0);
        g_assert_cmpstr(p.name, ==, "Blue");
        g_assert_cmpstr(p.source, ==, "https://blue.example/");
        g_assert_cmpstr(p.query->code, ==, "*1#");
        g_assert_true(query_preset_is_of(&p, (Plmn){ 440, 10, 2 }));
        g_assert_true(query_preset_is_of(&p, (Plmn){ 440, 20, 2 }));
        g_assert_false(query_preset_is_of(&p, (Plmn){ 440, 30, 2 }));
}

static void test_refused(void) {
        static const struct {
                const char *text, *word;
        } cases[] = {
                { "", "two groups" },
                { CARRIER, "two groups" },
                { QUERY CARRIER, "line 1: the first group" },
                { CARRIER QUERY "[More]\n", "two groups" },
                { "[Carrier]\nName=Blue\nPlmn=44010\n" QUERY, "line 1: [Carrier] has Name" },
                { "[Carrier]\nName=Blue\nPlmn=blue\nSource=https://b.example/\n" QUERY,
                  "line 3: Plmn" },
                { "[Carrier]\nName=Blue\nPlmn=44010\nSource=http://b.example/\n" QUERY,
                  "line 4: Source" },
                { CARRIER "Cost=1\n" QUERY, "line 5: Cost" },
                { CARRIER "\n[Query]\nMethod=ussd\nCode=**21#\n", "line 8: Code" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(QueryPreset) p = { 0 };
                g_autofree char *error = NULL;

                g_assert_cmpint(
                        query_preset_parse(cases[i].text, strlen(cases[i].text), &p, &error), <, 0);
                if (!strstr(error, cases[i].word))
                        g_error("%s: %s", cases[i].text, error);
        }
}

static void test_ours(void) {
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        const char *name;
        int n = 0;

        g_assert_nonnull(dir);
        while ((name = g_dir_read_name(dir))) {
                g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
                g_autofree char *error = NULL;
                g_auto(QueryPreset) p = { 0 };

                if (!g_str_has_suffix(name, ".query"))
                        continue;
                g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
                if (query_preset_parse(text, strlen(text), &p, &error) < 0)
                        g_error("%s: %s", name, error);
                g_assert_cmpint(text[0], ==, '#'); /* the carrier's own words */
                n++;
        }
        g_assert_cmpint(n, >, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        folder = argv[1];

        g_test_add_func("/query-preset/read", test_read);
        g_test_add_func("/query-preset/refused", test_refused);
        g_test_add_func("/query-preset/ours", test_ours);

        return g_test_run();
}
