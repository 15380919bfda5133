/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Before the machine sleeps everything is read and committed: logind waits for us by a delay lock
 * (org.freedesktop.login1, "Inhibitor Locks"). Without logind nothing is lost either as long as
 * the power holds; the clock of boot time counts sleep.
 */

#include <fcntl.h>
#include <unistd.h>

#include "bus-internal.h"

#define LOGIND_NAME      "org.freedesktop.login1"
#define LOGIND_PATH      "/org/freedesktop/login1"
#define LOGIND_INTERFACE "org.freedesktop.login1.Manager"

static void release(Bus *b) {
        if (b->sleep_lock < 0)
                return;

        (void) close(b->sleep_lock);
        b->sleep_lock = -1;
}

static int on_lock(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;
        int fd;

        if (sd_bus_message_is_method_error(reply, NULL) ||
            sd_bus_message_read(reply, "h", &fd) < 0) {
                g_debug("logind gives no lock: before sleep nothing is committed");
                return 1;
        }

        release(b);
        b->sleep_lock = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        return 1;
}

static void take(Bus *b) {
        (void) sd_bus_call_method_async(b->bus, NULL, LOGIND_NAME, LOGIND_PATH, LOGIND_INTERFACE,
                                        "Inhibit", on_lock, b, "ssss", "sleep", "simtally",
                                        "Counts up to the last byte", "delay");
}

static int on_prepare(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;
        int is_going;

        if (sd_bus_message_read(signal, "b", &is_going) < 0)
                return 0;

        if (is_going) {
                manager_suspend(b->manager);
                release(b);
        } else {
                manager_resume(b->manager);
                take(b);
        }
        return 0;
}

int bus_sleep_watch(Bus *b) {
        int r;

        r = sd_bus_match_signal_async(b->bus, NULL, LOGIND_NAME, LOGIND_PATH, LOGIND_INTERFACE,
                                      "PrepareForSleep", on_prepare, NULL, b);
        if (r < 0)
                return r;

        take(b);
        return 0;
}

void bus_sleep_done(Bus *b) {
        release(b);
}
