/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "log.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

static int64_t now_usec = G_USEC_PER_SEC;

int64_t clock_boottime_usec(void) {
        return now_usec;
}

static void complain(unsigned n) {
        for (unsigned i = 0; i < n; i++)
                g_log("Qmi", G_LOG_LEVEL_WARNING, "what a modem said is wrong");
}

static unsigned count(const char *text, const char *what) {
        unsigned n = 0;

        for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
                n++;
        return n;
}

/* A few lines a minute, and with the next minute's first how many there would have been. */
static void test_complaints(void) {
        g_autofree char *path = NULL, *said = NULL;
        int fd = g_file_open_tmp("test-log-XXXXXX", &path, NULL), old = dup(STDERR_FILENO);

        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpint(dup2(fd, STDERR_FILENO), >=, 0);
        complain(20);
        g_warning("This one is ours");
        now_usec += 61 * G_USEC_PER_SEC;
        complain(2);
        now_usec += 61 * G_USEC_PER_SEC;
        complain(1);
        (void) fflush(stderr);
        g_assert_cmpint(dup2(old, STDERR_FILENO), >=, 0);

        g_assert_true(g_file_get_contents(path, &said, NULL, NULL));
        g_assert_cmpuint(count(said, "what a modem said is wrong"), ==, 6 + 2 + 1);
        g_assert_cmpuint(count(said, "14 more complaints"), ==, 1);
        g_assert_cmpuint(count(said, "more complaints"), ==, 1);
        g_assert_cmpuint(count(said, "This one is ours"), ==, 1);

        (void) close(fd);
        (void) close(old);
        (void) g_remove(path);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        (void) g_log_set_always_fatal(G_LOG_FATAL_MASK); /* as in the daemon */
        log_begin();
        g_test_add_func("/log/complaints", test_complaints);
        return g_test_run();
}
