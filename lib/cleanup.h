/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* g_auto() and g_autoptr() for what libc gives us. */

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <unistd.h>

/* An owned file descriptor: g_auto(Fd) fd = -1; anything negative is none. */
typedef int Fd;

/* Keeps errno, so that it can run on the way out of a failure. */
static inline void fd_clear(Fd *fd) {
        int saved = errno;

        if (*fd >= 0)
                (void) close(*fd);
        *fd = -1;
        errno = saved;
}

/* Gives up ownership, as g_steal_pointer() does. */
static inline int fd_steal(Fd *fd) {
        int stolen = *fd;

        *fd = -1;
        return stolen;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fd, fd_clear)

/* What was written may be lost without a word: call fclose() where that matters. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FILE, fclose)
