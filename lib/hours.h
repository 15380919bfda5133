/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Hours of the week, on the clocks of a zone: free nights, a night's quota. */

#include "plan.h"

/*
 * Is this instant in one of the windows (WeekWindow)? *ret_until is the next instant at which one
 * of them begins or ends, PERIOD_NEVER where there is none.
 */
bool hours_contain(const GArray *windows, GTimeZone *zone, int64_t instant, int64_t *ret_until);
