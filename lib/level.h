/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Warning levels of a bucket: which apply to it, which are reached, how far the next one is. */

#include "plan.h"

/* WarnLevel, of the plan or of our own: not owned. Buckets of a day have none but their own. */
typedef struct Levels {
        const WarnLevel *levels;
        guint n;
} Levels;

/* bucket: NULL for a top-up. */
Levels levels_of(const Plan *plan, const Bucket *bucket, bool is_daily);

/* "500MB left" says nothing of a bucket that never had more: it is not reached, ever. */
bool level_is_reached(WarnLevel level, uint64_t limit, uint64_t used);

/* Bytes until it is reached; UINT64_MAX if it is, or will not be. */
uint64_t level_distance(WarnLevel level, uint64_t limit, uint64_t used);
