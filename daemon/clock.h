/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What time it is: the only place that asks. */

#include <stdint.h>

/* UTC seconds. */
int64_t clock_now(void);

/* Microseconds since boot, suspend included. */
int64_t clock_boottime_usec(void);

/* The kernel's id of this boot. */
const char *clock_boot_id(void);
