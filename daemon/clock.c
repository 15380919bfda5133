/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "clock.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#define STEP_USEC (2 * G_USEC_PER_SEC) /* what is less is slewing */
#define LEAP_USEC (INT64_C(10) * 365 * 24 * 3600 * G_USEC_PER_SEC)
#define EARLIEST  INT64_C(1767225600) /* 2026: no clock that is right says less */
#define FAR_AWAY  INT64_C(253402300799)
#define LATE_USEC 1000 /* a timer that comes too early would have to be set once more */

static struct {
        bool has_begun;
        int64_t offset; /* microseconds from time since boot to UTC, as they are given out */
        bool is_trusted;
        bool was_trusted; /* since this start */
        int64_t trusted_at;

        int fd;
        guint source, check;
        int64_t wake_at; /* 0: never */
        const ClockListener *listener;
        void *userdata;
} the_clock = { .fd = -1 };

int64_t clock_boottime_usec(void) {
        struct timespec now;

        if (clock_gettime(CLOCK_BOOTTIME, &now) < 0)
                g_error("The kernel has no CLOCK_BOOTTIME: %s", g_strerror(errno));

        return (int64_t) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

const char *clock_boot_id(void) {
        static char *id;

        if (!id) {
                g_autoptr(GError) error = NULL;

                /* Without it no counter could be told from one of an earlier boot. */
                if (!g_file_get_contents("/proc/sys/kernel/random/boot_id", &id, NULL, &error))
                        g_error("The kernel tells no boot id: %s", error->message);
                g_strstrip(id);
        }

        return id;
}

/* Not readable counts as no. */
static bool is_synchronised(void) {
        struct timex state = { 0 };

        return adjtimex(&state) >= 0 && !(state.status & STA_UNSYNC);
}

static int64_t wall_offset(void) {
        return g_get_real_time() - clock_boottime_usec();
}

static int64_t to_seconds(int64_t usec) {
        return usec / G_USEC_PER_SEC - (usec % G_USEC_PER_SEC < 0);
}

/* Can the clock be trusted, if this is what it says? */
static bool is_credible(int64_t offset) {
        int64_t wall = to_seconds(offset + clock_boottime_usec());

        if (is_synchronised())
                return true;
        if (the_clock.was_trusted && offset - the_clock.offset > LEAP_USEC)
                return false;
        return wall >= MAX(the_clock.trusted_at, EARLIEST);
}

static void note_trusted(int64_t boottime) {
        if (!the_clock.is_trusted)
                return;

        the_clock.was_trusted = true;
        the_clock.trusted_at = to_seconds(the_clock.offset + boottime);
}

/* An instant that is not trusted is told from one that was by being later. */
static int64_t beyond_trusted(int64_t offset) {
        return MAX(offset, (the_clock.trusted_at + 1) * G_USEC_PER_SEC - clock_boottime_usec());
}

int64_t clock_begin(const ClockPast *past) {
        int64_t offset = wall_offset(), before;

        the_clock.trusted_at = past->trusted_at;
        before = past->boottime >= 0
                         ? (past->at - past->boottime) * G_USEC_PER_SEC
                         : MAX(past->at, EARLIEST) * G_USEC_PER_SEC - clock_boottime_usec();

        the_clock.is_trusted = is_credible(offset);
        the_clock.offset = the_clock.is_trusted ? offset : beyond_trusted(before);
        the_clock.has_begun = true;
        note_trusted(clock_boottime_usec());
        if (!the_clock.is_trusted)
                g_message("The clock is not trusted: it is not synchronised, and says less than it "
                          "did before; what is counted is dated once it is");

        return the_clock.is_trusted && past->boottime >= 0 ? to_seconds(offset - before) : 0;
}

void clock_check(void) {
        int64_t offset = wall_offset(), shift;
        bool was_trusted = the_clock.is_trusted, is_trusted = is_credible(offset);

        g_clear_handle_id(&the_clock.check, g_source_remove);
        if (is_trusted == was_trusted &&
            (!is_trusted || ABS(offset - the_clock.offset) < STEP_USEC))
                return;

        if (the_clock.listener)
                the_clock.listener->changing(the_clock.userdata);

        shift = is_trusted ? to_seconds(offset - the_clock.offset) : 0;
        the_clock.is_trusted = is_trusted;
        the_clock.offset = is_trusted ? offset : beyond_trusted(the_clock.offset);
        note_trusted(clock_boottime_usec());
        g_message(is_trusted ? "The clock was set"
                             : "The clock was set to what cannot be, and is not trusted");
        if (the_clock.listener)
                the_clock.listener->stepped(shift, was_trusted, the_clock.userdata);
}

static gboolean on_check(void *userdata) {
        the_clock.check = 0;
        clock_check();
        return G_SOURCE_REMOVE;
}

/* It is asked for each figure that is told: each clock is looked at once. */
int64_t clock_now(void) {
        int64_t boottime = clock_boottime_usec(), offset = g_get_real_time() - boottime;

        if (!the_clock.has_begun)
                return to_seconds(offset + boottime);

        if (the_clock.is_trusted) {
                if (ABS(offset - the_clock.offset) < STEP_USEC)
                        the_clock.offset = offset;
                else if (the_clock.check == 0 && the_clock.listener) /* before all that waits */
                        the_clock.check = g_idle_add_full(G_PRIORITY_HIGH, on_check, NULL, NULL);
                note_trusted(boottime);
        }

        return to_seconds(the_clock.offset + boottime);
}

bool clock_is_trusted(void) {
        return the_clock.is_trusted;
}

int64_t clock_trusted_at(void) {
        return the_clock.trusted_at;
}

/* What the wall clock will say at an instant of ours: it may not be trusted. */
static int64_t wall_usec(int64_t instant) {
        return instant * G_USEC_PER_SEC - the_clock.offset + wall_offset() + LATE_USEC;
}

/* A timer that is cancelled when the clock is set, and otherwise ends when someone waits for it. */
static void arm(void) {
        struct itimerspec until = { .it_value = { .tv_sec = (time_t) FAR_AWAY } };

        if (the_clock.fd < 0)
                return;

        if (the_clock.wake_at > 0 && the_clock.wake_at < FAR_AWAY) {
                int64_t usec = MAX(wall_usec(the_clock.wake_at), 1);

                until.it_value.tv_sec = (time_t) (usec / G_USEC_PER_SEC);
                until.it_value.tv_nsec = usec % G_USEC_PER_SEC * 1000;
        }

        if (timerfd_settime(the_clock.fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &until,
                            NULL) < 0)
                g_warning("Failed to watch the clock: %s", g_strerror(errno));
}

static bool is_due(void) {
        return the_clock.wake_at > 0 && clock_now() >= the_clock.wake_at;
}

static gboolean on_timer(int fd, GIOCondition condition, void *userdata) {
        uint64_t n;

        if (read(fd, &n, sizeof(n)) < 0 && errno != ECANCELED)
                return G_SOURCE_CONTINUE;

        clock_check();
        if (is_due()) {
                the_clock.wake_at = 0;
                the_clock.listener->due(the_clock.userdata);
        }
        arm();
        return G_SOURCE_CONTINUE;
}

void clock_wake_at(int64_t instant) {
        if (instant == the_clock.wake_at)
                return;

        the_clock.wake_at = instant;
        arm();
}

void clock_watch(const ClockListener *listener, void *userdata) {
        the_clock.listener = listener;
        the_clock.userdata = userdata;

        the_clock.fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
        if (the_clock.fd < 0) {
                /* Steps are still noticed, at the next question. */
                g_warning("Failed to watch the clock: %s", g_strerror(errno));
                return;
        }

        arm();
        the_clock.source = g_unix_fd_add(the_clock.fd, G_IO_IN, on_timer, NULL);
}

void clock_done(void) {
        the_clock.listener = NULL;
        g_clear_handle_id(&the_clock.source, g_source_remove);
        g_clear_handle_id(&the_clock.check, g_source_remove);
        if (the_clock.fd >= 0)
                (void) close(the_clock.fd);
        the_clock.fd = -1;
}
