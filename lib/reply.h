/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a carrier's reply says is left, or used, and until when. */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum ReplyVerdict {
        REPLY_NONE,
        REPLY_FIGURE,
        REPLY_AMBIGUOUS, /* there are several, and which one is meant is not clear: none is taken */
} ReplyVerdict;

const char *reply_verdict_to_string(ReplyVerdict verdict);

typedef struct Reply {
        ReplyVerdict verdict;
        bool has_remaining, has_used, has_limit, has_expires;
        uint64_t remaining, used, limit;
        uint64_t resolution; /* of its words: 10^9 for "6 GB" */
        int64_t expires_at;
        char *why; /* a sentence; may be NULL for a figure */
} Reply;

void reply_clear(Reply *r);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reply, reply_clear)

/* What is known of a reply besides its words. */
typedef struct ReplyOrigin {
        int64_t said_at;   /* when, 0: not known; for dates without a year, and "in 30 days" */
        GTimeZone *zone;   /* not owned: of its dates */
        uint16_t home_mcc; /* the SIM's country, 0: not known; for dates like 12/05/2026 */
} ReplyOrigin;

#define REPLY_MAX_BYTES (16 * 1024)

/*
 * Takes what the words say, and guesses nothing: two balances, or a number that can be read in two
 * ways, are REPLY_AMBIGUOUS. A day that is not dated by a time ends with the midnight after it.
 *
 * pattern: the owner's own, NULL for none; where it matches, it alone counts.
 * Always 0: a text that cannot be read is REPLY_NONE.
 */
int reply_read(const char *text, const char *pattern, const ReplyOrigin *origin, Reply *ret);

/*
 * -EINVAL: no regular expression (of PCRE), or one that has neither a group named "remaining" nor
 * one named "used".
 */
int reply_pattern_check(const char *pattern);
