/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Preloaded into the daemon by tests: a wall clock that the file in TEST_CLOCK sets. It holds
 * "OFFSET SYNCHRONISED", seconds from the real clock and 0 or 1, and is read at each question.
 */

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static long read_clock(int *ret_synchronised) {
        static int fd = -1;
        char text[64] = "";
        long offset = 0;

        if (fd < 0 && getenv("TEST_CLOCK"))
                fd = open(getenv("TEST_CLOCK"), O_RDONLY | O_CLOEXEC);
        *ret_synchronised = 0;
        if (fd >= 0 && pread(fd, text, sizeof(text) - 1, 0) > 0)
                (void) sscanf(text, "%ld %d", &offset, ret_synchronised);
        return offset;
}

int clock_gettime(clockid_t id, struct timespec *ret) {
        static int (*real)(clockid_t id, struct timespec * ret);
        int synchronised, r;

        if (!real)
                *(void **) &real = dlsym(RTLD_NEXT, "clock_gettime");
        r = real(id, ret);
        if (r == 0 && id == CLOCK_REALTIME)
                ret->tv_sec += read_clock(&synchronised);
        return r;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone) {
        struct timespec now;

        if (clock_gettime(CLOCK_REALTIME, &now) < 0)
                return -1;
        *ret = (struct timeval){ now.tv_sec, now.tv_nsec / 1000 };
        return 0;
}

int adjtimex(struct timex *ret) {
        int synchronised;

        (void) read_clock(&synchronised);
        *ret = (struct timex){ .status = synchronised ? 0 : STA_UNSYNC };
        return synchronised ? TIME_OK : TIME_ERROR;
}

/* Only timers of the wall clock can be cancelled when it is set. */
int timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *old) {
        static int (*real)(int fd, int flags, const struct itimerspec *value,
                           struct itimerspec *old);
        struct itimerspec until = *value;
        int synchronised;

        if (!real)
                *(void **) &real = dlsym(RTLD_NEXT, "timerfd_settime");
        if ((flags & TFD_TIMER_CANCEL_ON_SET) && until.it_value.tv_sec > 0) {
                until.it_value.tv_sec -= read_clock(&synchronised);
                if (until.it_value.tv_sec <= 0)
                        until.it_value = (struct timespec){ .tv_nsec = 1 };
        }
        return real(fd, flags, &until, old);
}
