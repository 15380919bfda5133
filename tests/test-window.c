/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "window.h"

static void test_leaving(void) {
        Window w = { 0 };

        g_assert_cmpint(window_next(&w), ==, INT64_MAX);
        g_assert_cmpuint(window_advance(&w, 100), ==, 0);
        window_add(&w, 10, 20, 5);
        window_add(&w, 11, 20, 5); /* leaves with the one before */
        window_add(&w, 12, 25, 7);
        window_add(&w, 13, 26, 0);
        g_assert_cmpuint(w.sum, ==, 17);
        g_assert_cmpint(window_next(&w), ==, 20);

        g_assert_cmpint(window_at_most(&w, 17), ==, INT64_MIN);
        g_assert_cmpint(window_at_most(&w, 16), ==, 20);
        g_assert_cmpint(window_at_most(&w, 6), ==, 25);

        g_assert_cmpuint(window_sum_at(&w, 9), ==, 0);
        g_assert_cmpuint(window_sum_at(&w, 12), ==, 17);
        g_assert_cmpuint(window_sum_at(&w, 20), ==, 7);

        g_assert_cmpuint(window_advance(&w, 19), ==, 0);
        g_assert_cmpuint(window_advance(&w, 20), ==, 10);
        g_assert_cmpuint(w.sum, ==, 7);
        g_assert_cmpuint(window_advance(&w, 1000), ==, 7);
        g_assert_cmpuint(w.sum, ==, 0);
        window_clear(&w);
}

static void test_taking(void) {
        Window w = { 0 }, copy;

        window_add(&w, 10, 20, 5);
        window_add(&w, 12, 25, 7);
        window_take(&w, 9); /* the newest first */
        g_assert_cmpuint(w.sum, ==, 3);
        g_assert_cmpint(window_next(&w), ==, 20);

        copy = window_copy(&w);
        window_take(&w, 100);
        g_assert_cmpuint(w.sum, ==, 0);
        g_assert_cmpint(window_next(&w), ==, INT64_MAX);
        g_assert_cmpuint(copy.sum, ==, 3);
        window_clear(&w);
        window_clear(&copy);
}

/* A year of entries does not pile up. */
static void test_long(void) {
        Window w = { 0 };

        for (int i = 0; i < 100000; i++) {
                window_add(&w, i, i + 100, 1);
                (void) window_advance(&w, i);
                g_assert_cmpuint(w.sum, <=, 100);
        }
        g_assert_cmpuint(w.entries->len, <, 1000);
        window_clear(&w);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/window/leaving", test_leaving);
        g_test_add_func("/window/taking", test_taking);
        g_test_add_func("/window/long", test_long);
        return g_test_run();
}
