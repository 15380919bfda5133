/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "follow.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "cleanup.h"

/* A bus that is gone cannot say when it is back: it is looked for, less and less often. */
#define RETRY_FIRST_USEC (G_USEC_PER_SEC / 10)
#define RETRY_LAST_USEC  (10 * G_USEC_PER_SEC)

typedef struct Follower {
        FollowShow show;
        void *userdata;
        uint64_t timeout_usec;
        unsigned most_away;
        Remote *remote; /* NULL: there is no bus */
        uint64_t retry_usec, retry_at_usec;
        int timer;   /* of the wall clock, so that it counts sleep and sees the clock being set */
        bool is_due; /* time alone has changed what is shown */
} Follower;

static uint64_t now_usec(void) {
        return (uint64_t) g_get_monotonic_time();
}

static ExitCode show(Follower *f, const char *why) {
        int64_t changes_at = INT64_MAX;
        struct itimerspec until = { 0 };
        ExitCode code;

        code = f->show(why ? NULL : f->remote, why, &changes_at, f->userdata);
        if (changes_at != INT64_MAX)
                until.it_value.tv_sec = changes_at;
        if (timerfd_settime(f->timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &until, NULL) <
            0)
                f->is_due = errno == ECANCELED; /* the clock has been set since */
        return code;
}

static ExitCode lose_bus(Follower *f, int error) {
        g_autofree char *why = remote_explain_bus(error);

        f->remote = remote_free(f->remote);
        f->retry_at_usec = now_usec() + f->retry_usec;
        f->retry_usec = MIN(f->retry_usec * 2, RETRY_LAST_USEC);
        return show(f, why);
}

static ExitCode find_bus(Follower *f) {
        int e;

        e = remote_open(f->timeout_usec, &f->remote);
        if (e < 0)
                return lose_bus(f, e);

        remote_only_look(f->remote);
        remote_read_few(f->remote, f->most_away);
        e = remote_follow(f->remote);
        return e < 0 ? lose_bus(f, e) : EXIT_CODE_OK;
}

/* A daemon that is slow is asked again; one that is not there is waited for. */
static ExitCode finish_reading(Follower *f, bool *ret_is_slow) {
        g_autofree char *why = NULL;
        ExitCode code = remote_load_end(f->remote, &why);

        if (code == EXIT_CODE_OK)
                f->retry_usec = RETRY_FIRST_USEC;
        *ret_is_slow = code == EXIT_CODE_TIMED_OUT;
        return show(f, why);
}

/* All that can be done without waiting. */
static ExitCode take_turn(Follower *f) {
        ExitCode code = EXIT_CODE_OK;
        bool is_slow = false;
        int e;

        if (!f->remote && now_usec() >= f->retry_at_usec)
                code = find_bus(f);
        if (!f->remote || code != EXIT_CODE_OK)
                return code;

        e = remote_process(f->remote);
        if (e < 0)
                return lose_bus(f, e);
        if (remote_load_is_done(f->remote))
                code = finish_reading(f, &is_slow);
        if (code != EXIT_CODE_OK || remote_load_is_running(f->remote))
                return code;

        if (remote_take_change(f->remote) || f->is_due || is_slow) {
                f->is_due = false;
                e = remote_load_begin(f->remote);
        }
        return e < 0 ? lose_bus(f, e) : EXIT_CODE_OK;
}

static struct timespec *time_left(uint64_t until_usec, struct timespec *left) {
        uint64_t now = now_usec(), usec = until_usec > now ? until_usec - now : 0;

        if (until_usec == UINT64_MAX)
                return NULL;
        *left = (struct timespec){ (time_t) (usec / G_USEC_PER_SEC),
                                   (long) (usec % G_USEC_PER_SEC) * 1000 };
        return left;
}

/* Returns whether somebody still reads: an empty set of events is for errors and a hung up end. */
static int wait_for_something(Follower *f, const sigset_t *signals) {
        struct pollfd fds[] = { { .fd = STDOUT_FILENO },
                                { .fd = f->timer, .events = POLLIN },
                                { .fd = -1 } };
        uint64_t until_usec = f->retry_at_usec, n;
        struct timespec left;
        int events, e;

        if (f->remote) {
                e = remote_poll(f->remote, &fds[2].fd, &events, &until_usec);
                if (e < 0)
                        return 1; /* the next turn finds out why */
                fds[2].events = (short) events;
        }

        e = ppoll(fds, G_N_ELEMENTS(fds), time_left(until_usec, &left), signals);
        if (e < 0)
                f->is_due = errno == EINTR; /* the window has another size */
        if (e < 0)
                return errno == EINTR ? 1 : -errno;

        if (fds[1].revents)
                f->is_due = read(f->timer, &n, sizeof(n)) > 0 || errno == ECANCELED;
        return fds[0].revents == 0;
}

static void on_signal(int number) {
}

/* The window's size may change while we wait, and only then. */
static void block_signals(sigset_t *ret_waiting) {
        struct sigaction action = { .sa_handler = on_signal };
        sigset_t window;

        (void) sigaction(SIGWINCH, &action, NULL);
        sigemptyset(&window);
        sigaddset(&window, SIGWINCH);
        (void) sigprocmask(SIG_BLOCK, &window, ret_waiting);
        sigdelset(ret_waiting, SIGWINCH);
}

ExitCode follow(uint64_t timeout_usec, unsigned most_away, FollowShow show_it, void *userdata) {
        g_auto(Fd) timer = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
        Follower f = {
                .show = show_it,
                .userdata = userdata,
                .timeout_usec = timeout_usec,
                .most_away = most_away,
                .retry_usec = RETRY_FIRST_USEC,
                .timer = timer,
        };
        ExitCode code;
        sigset_t waiting;
        int r = 1;

        block_signals(&waiting);
        do {
                code = take_turn(&f);
                if (code == EXIT_CODE_OK)
                        r = wait_for_something(&f, &waiting);
        } while (code == EXIT_CODE_OK && r > 0);

        f.remote = remote_free(f.remote);
        return r < 0 ? EXIT_CODE_FAILED : code;
}
