/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The libraries that parse what a modem says have crashed on some of it. When we crash, the ports
 * that were open are written down, and after the restart they wait: longer each time.
 */

#include <stdbool.h>

/* Reads DIRECTORY/crashes, and from now on adds to it. Without it nothing is kept back. */
void crash_watch(const char *directory);
void crash_done(void);

/* How long this port has to wait, in seconds; 0 for one that was not open when we crashed. */
unsigned crash_delay(const char *port);

/* From now on, a crash may be this port's fault; or no more. */
void crash_suspect(const char *port, bool is_suspect);

/* All has been well for a while: no port has to wait again. */
void crash_forgive(void);
