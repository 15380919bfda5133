/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the owner's own program has found out: one flat JSON object, of
 *
 *     remaining_bytes, used_bytes, limit_bytes   whole numbers
 *     resolution_bytes   so exact they are
 *     expires_at         UNIX seconds, 0: not known
 *     text               the carrier's words, which are read as a reply is, where no number is said
 *
 * Other names are passed over; null is nothing said. Nothing is nested.
 */

#include "reply.h"

#define REPLY_JSON_MAX_BYTES (16 * 1024)

/* -EINVAL: *ret_error is a sentence that says what would be right. pattern, origin: for a text. */
int reply_from_json(const char *json, const char *pattern, const ReplyOrigin *origin, Reply *ret,
                    char **ret_error);
