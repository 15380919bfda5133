/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "carrier-command.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "carrier-spawn.h"
#include "cleanup.h"

struct Command {
        char *path;
        const CommandStarter *starter; /* NULL: by ourselves */
        void *starter_userdata;
        void *run;        /* what the starter calls it; NULL: it has ended, or was not started */
        Fd output, input; /* both ends of the pipe of its output */
        GString *text;
        guint reader, timeout, begin;
        void (*done)(int result, const char *text, void *userdata);
        void *userdata;
};

static int refuse(char **ret_why, char *sentence) {
        *ret_why = sentence;
        return -EPERM;
}

/* Whoever may write a folder could put another file in; but for what root keeps in a sticky one. */
static int check_owner(const char *path, const struct stat *st, char **ret_why) {
        bool is_shared = (st->st_mode & (S_IWGRP | S_IWOTH)) != 0;

        if (st->st_uid != 0)
                return refuse(ret_why,
                              g_strdup_printf("%s does not belong to root: chown root it", path));
        if (is_shared && !(S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX)))
                return refuse(ret_why, g_strdup_printf("Others than root may write to %s: chmod "
                                                       "go-w it",
                                                       path));
        return 0;
}

static int check_folders(const char *path, char **ret_why) {
        g_autofree char *folder = g_path_get_dirname(path);
        struct stat st;

        if (stat(folder, &st) < 0)
                return refuse(ret_why, g_strdup_printf("%s: %s", folder, g_strerror(errno)));
        if (check_owner(folder, &st, ret_why) < 0)
                return -EPERM;

        return g_str_equal(folder, "/") ? 0 : check_folders(folder, ret_why);
}

int command_check(const char *path, char **ret_why) {
        g_autofree char *real =
                realpath(path, NULL); /* which has malloc()ed it, as g_free() wants */
        struct stat st;

        if (!real || stat(real, &st) < 0)
                return refuse(ret_why,
                              g_strdup_printf("The command %s: %s", path, g_strerror(errno)));
        if (!g_str_equal(real, path))
                return refuse(ret_why,
                              g_strdup_printf("The command %s is a link: say %s", path, real));
        if (!S_ISREG(st.st_mode) || (st.st_mode & S_IXOTH) == 0)
                return refuse(ret_why, g_strdup_printf("%s is no program that nobody may run: "
                                                       "chmod a+rx it",
                                                       path));

        return check_owner(path, &st, ret_why) < 0 ? -EPERM : check_folders(path, ret_why);
}

static void stop_run(Command *c) {
        void *run = g_steal_pointer(&c->run);

        if (run && c->starter)
                c->starter->stop(run, c->starter_userdata);
        else if (run)
                spawn_stop(run);
}

Command *command_stop(Command *c) {
        if (!c)
                return NULL;

        stop_run(c);
        g_clear_handle_id(&c->reader, g_source_remove);
        g_clear_handle_id(&c->timeout, g_source_remove);
        g_clear_handle_id(&c->begin, g_source_remove);
        fd_clear(&c->output);
        fd_clear(&c->input);
        if (c->text)
                g_string_free(c->text, TRUE);
        g_free(c->path);
        g_free(c);
        return NULL;
}

static void finish(Command *c, int result, const char *text) {
        g_autofree char *copy = g_strdup(text);
        void (*done)(int result, const char *text, void *userdata) = c->done;
        void *userdata = c->userdata;

        command_stop(c);
        done(result, copy, userdata);
}

/* What there is to be read. false: more than is bearable. */
static bool read_output(Command *c) {
        char buffer[4096];
        ssize_t n;

        while ((n = read(c->output, buffer, sizeof(buffer))) > 0) {
                if (c->text->len + (size_t) n > COMMAND_MOST_BYTES)
                        return false;
                g_string_append_len(c->text, buffer, n);
        }

        return true;
}

static void finish_too_much(Command *c) {
        finish(c, -EMSGSIZE, "The command says more than 16 KiB: let it say one JSON object");
}

static gboolean on_readable(int fd, GIOCondition condition, void *userdata) {
        Command *c = userdata;

        if (!read_output(c)) {
                c->reader = 0;
                finish_too_much(c);
                return G_SOURCE_REMOVE;
        }
        if (!(condition & (G_IO_HUP | G_IO_ERR)))
                return G_SOURCE_CONTINUE;

        c->reader = 0; /* whether it went well is told when it has ended */
        return G_SOURCE_REMOVE;
}

static gboolean on_timeout(void *userdata) {
        Command *c = userdata;

        c->timeout = 0;
        finish(c, -ETIMEDOUT, "The command did not end within a minute");
        return G_SOURCE_REMOVE;
}

static void start(Command *c);

/* All that it wrote is in the pipe by now, whoever else may hold the other end. */
static void on_ended(int result, const char *why, void *userdata) {
        Command *c = userdata;

        c->run = NULL;
        if (result == -ENOSYS && c->starter) {
                c->starter = NULL;
                start(c);
        } else if (result < 0) {
                finish(c, result, why);
        } else if (!read_output(c)) {
                finish_too_much(c);
        } else if (c->text->len != strlen(c->text->str)) {
                finish(c, -EBADMSG, "The command's output is no text");
        } else {
                finish(c, 0, c->text->str);
        }
}

static void start(Command *c) {
        int r;

        r = c->starter ? c->starter->start(c->path, c->input, on_ended, c, &c->run,
                                           c->starter_userdata)
                       : spawn_start(c->path, c->input, on_ended, c, (Spawn **) &c->run);
        if (r < 0)
                finish(c, r, "The command cannot be started: see the log of simtallyd");
}

static int open_pipe(Command *c) {
        int fds[2];

        if (!g_unix_open_pipe(fds, FD_CLOEXEC, NULL))
                return -errno;

        c->output = fds[0];
        c->input = fds[1];
        if (!g_unix_set_fd_nonblocking(c->output, TRUE, NULL))
                return -errno;

        c->reader = g_unix_fd_add(c->output, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, c);
        return 0;
}

static gboolean on_begin(void *userdata) {
        g_autofree char *why = NULL;
        Command *c = userdata;

        c->begin = 0;
        if (command_check(c->path, &why) < 0)
                finish(c, -EPERM, why);
        else if (open_pipe(c) < 0)
                finish(c, -EIO, "There are too many open files to run a command");
        else
                start(c);
        return G_SOURCE_REMOVE;
}

Command *command_run(const char *path, const CommandStarter *starter, void *starter_userdata,
                     void (*done)(int result, const char *text, void *userdata), void *userdata) {
        Command *c = g_new0(Command, 1);

        c->path = g_strdup(path);
        c->starter = starter;
        c->starter_userdata = starter_userdata;
        c->output = c->input = -1;
        c->text = g_string_new(NULL);
        c->done = done;
        c->userdata = userdata;
        c->timeout = g_timeout_add_seconds(COMMAND_SECONDS, on_timeout, c);
        c->begin = g_idle_add_full(G_PRIORITY_DEFAULT, on_begin, c, NULL);
        return c;
}
