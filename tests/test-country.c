/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "country.h"

#include <errno.h>
#include <stdbool.h>

static char *mccs_of(const char *name) {
        g_autoptr(GArray) mccs = g_array_new(FALSE, FALSE, sizeof(uint16_t));
        GString *text = g_string_new(NULL);

        if (country_add_mccs(name, mccs) < 0)
                g_error("%s is not known", name);
        for (guint i = 0; i < mccs->len; i++)
                g_string_append_printf(text, "%s%u", i > 0 ? ";" : "",
                                       g_array_index(mccs, uint16_t, i));
        return g_string_free(text, FALSE);
}

static void test_names(void) {
        static const struct {
                const char *name, *mccs;
        } cases[] = {
                { "japan", "440;441" },
                { "jp", "440;441" },
                { "usa", "310;311;312;313;314;315;316" },
                { "the united states", "310;311;312;313;314;315;316" },
                { "gb", "234;235" },
                { "england", "234;235" },
                { "india", "404;405;406" },
                { "uae", "424;430;431" },
                { "china", "460;461" },
                { "hong kong", "454" },
                { "macao", "455" },
                { "taiwan", "466" },
                { "south korea", "450" },
                { "korea", "450" },
                { "thailand", "520" },
                { "de", "262" },
                { "ch", "228" },
                { "türkiye", "286" },
                { "ivory coast", "612" },
                { "antigua and barbuda", "344" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *mccs = mccs_of(cases[i].name);

                g_assert_cmpstr(mccs, ==, cases[i].mccs);
        }
}

static void test_unions(void) {
        static const struct {
                const char *name;
                guint n;
                uint16_t in, out;
        } cases[] = {
                { "eu", 27, 262, 228 }, /* one code each */
                { "european union", 27, 206, 234 },
                { "eea", 30, 242, 228 },
                { "europe", 53, 228, 440 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GArray) mccs = g_array_new(FALSE, FALSE, sizeof(uint16_t));
                bool is_in = false;

                g_assert_cmpint(country_add_mccs(cases[i].name, mccs), ==, 0);
                g_assert_cmpuint(mccs->len, ==, cases[i].n);
                for (guint j = 0; j < mccs->len; j++) {
                        g_assert_cmpuint(g_array_index(mccs, uint16_t, j), !=, cases[i].out);
                        is_in |= g_array_index(mccs, uint16_t, j) == cases[i].in;
                }
                g_assert_true(is_in);
        }
}

/* A place that is named twice, or is part of another, adds nothing. */
static void test_adds(void) {
        g_autoptr(GArray) mccs = g_array_new(FALSE, FALSE, sizeof(uint16_t));

        g_assert_cmpint(country_add_mccs("germany", mccs), ==, 0);
        g_assert_cmpint(country_add_mccs("de", mccs), ==, 0);
        g_assert_cmpuint(mccs->len, ==, 1);
        g_assert_cmpint(country_add_mccs("eu", mccs), ==, 0);
        g_assert_cmpuint(mccs->len, ==, 27);
        g_assert_cmpint(country_add_mccs("nowhere", mccs), ==, -ENOENT);
        g_assert_cmpint(country_add_mccs("", mccs), ==, -ENOENT);
        g_assert_cmpint(country_add_mccs("Japan", mccs), ==, -ENOENT);
        g_assert_cmpint(country_add_mccs("asia", mccs), ==, -ENOENT);
        g_assert_cmpuint(mccs->len, ==, 27);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/country/names", test_names);
        g_test_add_func("/country/unions", test_unions);
        g_test_add_func("/country/adds", test_adds);
        return g_test_run();
}
