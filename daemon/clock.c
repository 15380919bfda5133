/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "clock.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <time.h>

int64_t clock_now(void) {
        return g_get_real_time() / G_USEC_PER_SEC;
}

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
