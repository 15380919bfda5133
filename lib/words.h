/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A plan in words: "20GB monthly on 15", "10GB for 10 days from 19 Nov, left 6.3GB".
 *
 *     SIZE|unlimited [daily|weekly|monthly|every LENGTH] [on DAY] [at HH:MM] [for LENGTH]
 *       [from DATE|from first use] [until DATE] [then block|RATE|PRICE per SIZE]
 *       [in PLACES|abroad] [rollover] [zone Z] [used SIZE|left SIZE] [called NAME]
 *
 * in any order after the size, and with "and SIZE … [within it]" once more for a second amount.
 * Commas and case do not matter, but for a comma that ends a name.
 *
 * What is meant where nothing is said: monthly is from the 1st of a month, weekly from Monday,
 * daily from midnight, on the clocks of the zone, and the running period counts from its beginning;
 * with "for LENGTH" they begin today. A date without a year is the one nearest to today; that of a
 * yearly plan is the latest, and after `until` it is the next one, which is the last day on which
 * the bytes can be used. What is said to happen at zero is for the whole plan, and for what is
 * within it too.
 */

#include "plan.h"

#define WORDS_MAX_BYTES 1000
#define WORDS_MAX_PARTS 8 /* amounts */

/* What the owner says is left, or used, now. It is no part of the plan, but a fact to record. */
typedef struct WordsFigure {
        char *bucket;
        bool is_left; /* or used */
        uint64_t bytes;
} WordsFigure;

typedef struct Words {
        Plan *plan;
        GPtrArray *figures; /* WordsFigure, at most one for each bucket; it may be empty */
} Words;

Words *words_free(Words *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Words, words_free)

/*
 * `now` is in UTC seconds; `zone` is that of the clocks, where the words name none. -EINVAL:
 * *ret_error is a sentence that says what would be right. A plan that is taken prints, and its text
 * is taken by plan_parse().
 */
int words_read(const char *text, int64_t now, GTimeZone *zone, Words **ret, char **ret_error);
