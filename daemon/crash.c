/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"

#define FIRST_DELAY     10 /* seconds, four times as long with each crash */
#define LONGEST_DELAY   3600
#define MOST_SUSPECTS   64
#define MOST_BYTES      8192
#define HANDLER_STACK   16384
#define MOST_FILE_BYTES 65536

static const int fatal[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

/* All that the handler needs is here beforehand: it may only write(). */
static struct {
        int fd;
        GPtrArray *suspects;
        GHashTable *crashes; /* port -> how many, before this start */
        char line[MOST_BYTES];
        volatile size_t length;
        char stack[HANDLER_STACK];
        struct sigaction old[G_N_ELEMENTS(fatal)];
} the_watch = { .fd = -1 };

static void on_fatal(int sig) {
        if (the_watch.fd >= 0 && the_watch.length > 0)
                (void) !write(the_watch.fd, the_watch.line, the_watch.length);

        /* It happens again, and then to whoever was there before us. */
        for (size_t i = 0; i < G_N_ELEMENTS(fatal); i++)
                (void) sigaction(fatal[i], &the_watch.old[i], NULL);
        (void) raise(sig);
}

static void install(void) {
        const stack_t stack = { .ss_sp = the_watch.stack, .ss_size = sizeof(the_watch.stack) };
        struct sigaction action = { .sa_handler = on_fatal, .sa_flags = SA_ONSTACK };

        (void) sigaltstack(&stack, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(fatal); i++)
                (void) sigaction(fatal[i], &action, &the_watch.old[i]);
}

static void count_crashes(const char *text) {
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        for (char **line = lines; *line; line++) {
                unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(the_watch.crashes, *line));

                if (**line)
                        g_hash_table_insert(the_watch.crashes, g_strdup(*line),
                                            GUINT_TO_POINTER(n + 1));
        }
}

static void read_crashes(void) {
        g_autofree char *text = g_malloc0(MOST_FILE_BYTES + 1);

        if (pread(the_watch.fd, text, MOST_FILE_BYTES, 0) > 0)
                count_crashes(text);
}

void crash_watch(const char *directory) {
        g_autofree char *path = g_build_filename(directory, "crashes", NULL);

        the_watch.suspects = g_ptr_array_new_with_free_func(g_free);
        the_watch.crashes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        the_watch.fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (the_watch.fd < 0) {
                g_warning("Failed to open %s: %s; a modem that makes us crash may do so again",
                          path, g_strerror(errno));
                return;
        }

        read_crashes();
        install();
}

void crash_done(void) {
        for (size_t i = 0; the_watch.fd >= 0 && i < G_N_ELEMENTS(fatal); i++)
                (void) sigaction(fatal[i], &the_watch.old[i], NULL);
        if (the_watch.fd >= 0)
                (void) close(the_watch.fd);
        the_watch.fd = -1;
        g_clear_pointer(&the_watch.suspects, g_ptr_array_unref);
        g_clear_pointer(&the_watch.crashes, g_hash_table_unref);
}

unsigned crash_delay(const char *port) {
        unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(the_watch.crashes, port));
        unsigned delay = FIRST_DELAY;

        if (n == 0)
                return 0;

        while (--n > 0 && delay < LONGEST_DELAY)
                delay *= 4;
        return MIN(delay, LONGEST_DELAY);
}

static void write_line(void) {
        g_autoptr(GString) line = g_string_new(NULL);

        for (guint i = 0; i < the_watch.suspects->len; i++)
                g_string_append_printf(line, "%s\n", (char *) the_watch.suspects->pdata[i]);

        the_watch.length = 0;
        memcpy(the_watch.line, line->str, MIN(line->len, sizeof(the_watch.line)));
        the_watch.length = MIN(line->len, sizeof(the_watch.line));
}

void crash_suspect(const char *port, bool is_suspect) {
        guint index;
        bool is_known =
                g_ptr_array_find_with_equal_func(the_watch.suspects, port, g_str_equal, &index);

        if (is_suspect == is_known)
                return;

        if (!is_suspect)
                g_ptr_array_remove_index_fast(the_watch.suspects, index);
        else if (the_watch.suspects->len < MOST_SUSPECTS)
                g_ptr_array_add(the_watch.suspects, g_strdup(port));
        write_line();
}

void crash_forgive(void) {
        g_hash_table_remove_all(the_watch.crashes);
        if (the_watch.fd >= 0 && ftruncate(the_watch.fd, 0) < 0)
                g_warning("Failed to forget former crashes: %s", g_strerror(errno));
}
