/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Preloaded by tests: a wall clock that the file in TEST_CLOCK sets. It holds "OFFSET
 * SYNCHRONISED", seconds from the real clock and 0 or 1, and is read at each question. With a third
 * number, it stands still at that second.
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

/* stands_at: 0 where it runs. */
typedef struct TestClock {
        long offset, stands_at;
        int is_synchronised;
} TestClock;

static TestClock read_clock(void) {
        static int fd = -1;
        TestClock clock = { 0 };
        char text[64] = "";

        if (fd < 0 && getenv("TEST_CLOCK"))
                fd = open(getenv("TEST_CLOCK"), O_RDONLY | O_CLOEXEC);
        if (fd >= 0 && pread(fd, text, sizeof(text) - 1, 0) > 0)
                (void) sscanf(text, "%ld %d %ld", &clock.offset, &clock.is_synchronised,
                              &clock.stands_at);
        return clock;
}

int clock_gettime(clockid_t id, struct timespec *ret) {
        static int (*real)(clockid_t id, struct timespec * ret);
        TestClock clock;
        int r;

        if (!real)
                *(void **) &real = dlsym(RTLD_NEXT, "clock_gettime");
        r = real(id, ret);
        if (r != 0 || id != CLOCK_REALTIME)
                return r;

        clock = read_clock();
        ret->tv_sec += clock.offset;
        if (clock.stands_at != 0)
                *ret = (struct timespec){ .tv_sec = clock.stands_at };
        return 0;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone) {
        struct timespec now;

        if (clock_gettime(CLOCK_REALTIME, &now) < 0)
                return -1;
        *ret = (struct timeval){ now.tv_sec, now.tv_nsec / 1000 };
        return 0;
}

int adjtimex(struct timex *ret) {
        TestClock clock = read_clock();

        *ret = (struct timex){ .status = clock.is_synchronised ? 0 : STA_UNSYNC };
        return clock.is_synchronised ? TIME_OK : TIME_ERROR;
}

/* Only timers of the wall clock can be cancelled when it is set. */
int timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *old) {
        static int (*real)(int fd, int flags, const struct itimerspec *value,
                           struct itimerspec *old);
        struct itimerspec until = *value;

        if (!real)
                *(void **) &real = dlsym(RTLD_NEXT, "timerfd_settime");
        if ((flags & TFD_TIMER_CANCEL_ON_SET) && until.it_value.tv_sec > 0) {
                until.it_value.tv_sec -= read_clock().offset;
                if (until.it_value.tv_sec <= 0)
                        until.it_value = (struct timespec){ .tv_nsec = 1 };
        }
        return real(fd, flags, &until, old);
}
