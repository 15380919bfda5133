/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each preset is a plan, written as plan_print() writes it, beside comments that say whence. */

#include <stdio.h>
#include <string.h>

#include "plan.h"

static const char *folder;

/* The text without its comments, and without the empty line after them. */
static char *without_comments(const char *text) {
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        GString *rest = g_string_new(NULL);

        for (int i = 0; lines[i]; i++) {
                if (lines[i][0] == '#' || (lines[i][0] == '\0' && rest->len == 0))
                        continue;
                g_string_append_printf(rest, "%s%s", lines[i], lines[i + 1] ? "\n" : "");
        }

        return g_string_free(rest, FALSE);
}

static void check_preset(const char *name, const char *text) {
        g_autofree char *plain = without_comments(text), *printed = NULL, *error = NULL;
        g_autoptr(Plan) plan = NULL;

        if (plan_parse(text, strlen(text), &plan, &error) < 0)
                g_error("%s: %s", name, error);
        printed = plan_print(plan);
        g_assert_cmpstr(printed, ==, plain);

        g_assert_nonnull(plan->name);
        g_assert_nonnull(plan->zone);
        g_assert_cmpuint(plan->buckets->len, >, 0);
        g_assert_false(plan->match.is_said);
        g_assert_nonnull(strstr(text, "# Check against your own contract."));
        g_assert_nonnull(strstr(text, "# Source: "));
        g_assert_nonnull(strstr(text, "2026-11: \""));
}

static void test_presets(void) {
        g_autoptr(GDir) presets = g_dir_open(folder, 0, NULL);
        const char *name;
        int n = 0;

        g_assert_nonnull(presets);
        while ((name = g_dir_read_name(presets))) {
                g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;

                if (!g_str_has_suffix(name, ".plan"))
                        continue;
                g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
                check_preset(name, text);
                n++;
        }

        g_assert_cmpint(n, >=, 12);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        if (argc != 2) {
                fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
                return 2;
        }

        folder = argv[1];
        g_test_add_func("/presets", test_presets);
        return g_test_run();
}
