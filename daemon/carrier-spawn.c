/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "carrier-spawn.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sentence.h"

#define NOBODY           65534
#define NOT_UNPRIVILEGED 125 /* exit status: it would have run as root */
#define MOST_MEMORY      (512U << 20)
#define MOST_FILE        (1U << 20)

struct Spawn {
        GPid pid;
        guint watch;
        CommandEnded ended;
        void *data;
};

/* Who it is to be; looked up before the fork. */
typedef struct Nobody {
        uid_t uid;
        gid_t gid;
} Nobody;

static void limit(int resource, rlim_t most) {
        const struct rlimit bounds = { most, most };

        (void) setrlimit((__rlimit_resource_t) resource, &bounds);
}

/* In the child, between fork and exec: nothing but system calls. */
static void give_up_privileges(void *userdata) {
        const Nobody *nobody = userdata;

        (void) setsid();
        limit(RLIMIT_CPU, COMMAND_SECONDS);
        limit(RLIMIT_DATA, MOST_MEMORY);
        limit(RLIMIT_FSIZE, MOST_FILE);
        limit(RLIMIT_CORE, 0);
        if (setgroups(0, NULL) < 0 || setresgid(nobody->gid, nobody->gid, nobody->gid) < 0 ||
            setresuid(nobody->uid, nobody->uid, nobody->uid) < 0 || setuid(0) == 0 ||
            prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                _exit(NOT_UNPRIVILEGED);
        (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void end(Spawn *s, int result, char *why) {
        g_autofree char *owned = why;

        s->ended(result, owned, s->data);
        g_spawn_close_pid(s->pid);
        g_free(s);
}

static void on_exited(GPid pid, int status, void *userdata) {
        Spawn *s = userdata;

        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
                end(s, 0, NULL);
        else if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_UNPRIVILEGED)
                end(s, -EPERM,
                    g_strdup(N_("The command was not run: simtallyd cannot become nobody here")));
        else if (WIFEXITED(status))
                end(s, -EREMOTEIO,
                    g_strdup_printf("The command failed, with %d", WEXITSTATUS(status)));
        else
                end(s, -EREMOTEIO,
                    g_strdup_printf("The command was ended by signal %d", WTERMSIG(status)));
}

int spawn_start(const char *path, int output, CommandEnded ended, void *data, Spawn **ret) {
        const char *argv[] = { path, NULL };
        const char *environment[] = { "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", NULL };
        const struct passwd *user = getpwnam("nobody");
        Nobody nobody = { user ? user->pw_uid : NOBODY, user ? user->pw_gid : NOBODY };
        g_autoptr(GError) error = NULL;
        Spawn *s;
        GPid pid;

        if (!g_spawn_async_with_pipes_and_fds(
                    "/", argv, environment,
                    (GSpawnFlags) (G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL),
                    give_up_privileges, &nobody, -1, output, -1, NULL, NULL, 0, &pid, NULL, NULL,
                    NULL, &error)) {
                g_warning("Failed to run %s: %s", path, error->message);
                return -EIO;
        }

        s = g_new(Spawn, 1);
        *s = (Spawn){ .pid = pid, .ended = ended, .data = data };
        s->watch = g_child_watch_add(pid, on_exited, s);
        *ret = s;
        return 0;
}

static void on_stopped(GPid pid, int status, void *userdata) {
        g_spawn_close_pid(pid);
}

void spawn_stop(Spawn *s) {
        (void) kill(-s->pid, SIGKILL);
        (void) g_source_remove(s->watch);
        (void) g_child_watch_add(s->pid, on_stopped, NULL);
        g_free(s);
}
