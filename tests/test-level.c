/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "level.h"

#include "plan-values.h"

static void test_reached(void) {
        static const struct {
                WarnLevel level;
                uint64_t limit, used;
                bool is_reached;
                uint64_t distance;
        } cases[] = {
                { { false, 80 }, 1000, 799, false, 1 },
                { { false, 80 }, 1000, 800, true, UINT64_MAX },
                { { false, 80 }, 1000, 0, false, 800 },
                { { false, 95 }, 3, 2, false, 1 }, /* rounded up: all of it */
                { { false, 33 }, 10, 3, false, 1 },
                { { false, 33 }, 10, 4, true, UINT64_MAX },
                { { false, 100 },
                  UINT64_C(1000000000000000000),
                  0,
                  false,
                  UINT64_C(1000000000000000000) },
                { { true, 500 }, 1000, 499, false, 1 },
                { { true, 500 }, 1000, 500, true, UINT64_MAX },
                /* never more than that: it says nothing */
                { { true, 500 }, 500, 500, false, UINT64_MAX },
                { { true, 500 }, 300, 0, false, UINT64_MAX },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_assert_cmpint(level_is_reached(cases[i].level, cases[i].limit, cases[i].used), ==,
                                cases[i].is_reached);
                g_assert_cmpuint(level_distance(cases[i].level, cases[i].limit, cases[i].used), ==,
                                 cases[i].distance);
        }
}

static void test_which(void) {
        g_autoptr(Plan) plan = plan_new();
        Bucket bucket = { 0 };

        g_assert_cmpuint(levels_of(NULL, NULL, false).n, ==, 2);
        g_assert_cmpuint(levels_of(plan, &bucket, false).n, ==, 2);
        g_assert_cmpuint(levels_of(plan, &bucket, true).n, ==, 0);

        g_assert_cmpint(value_read_warn("50%;70%;90%", &plan->warn), ==, 0);
        g_assert_cmpuint(levels_of(plan, &bucket, false).n, ==, 3);
        g_assert_cmpuint(levels_of(plan, &bucket, true).n, ==, 0);
        g_assert_cmpuint(levels_of(plan, NULL, false).levels[2].value, ==, 90);

        g_assert_cmpint(value_read_warn("10MB left", &bucket.warn), ==, 0);
        g_assert_cmpuint(levels_of(plan, &bucket, true).n, ==, 1);
        g_array_unref(bucket.warn);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/level/reached", test_reached);
        g_test_add_func("/level/which", test_which);
        return g_test_run();
}
