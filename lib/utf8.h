/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Text that comes from outside, made fit to be shown. */

#include <stddef.h>

/*
 * Valid UTF-8 of at most max_bytes, cut between characters: each byte that is not valid, and each
 * noncharacter (U+FFFE and others), becomes U+FFFD; control characters, line ends and tabs become
 * spaces; characters that only steer (direction marks, overrides and isolates, joiners, tags) are
 * left out. n is the length in bytes, or SIZE_MAX where a NUL ends it; reading stops at a NUL in
 * any case. Never NULL.
 */
char *utf8_sanitize(const char *bytes, size_t n, size_t max_bytes);

/* How many columns of a terminal the text takes, which must be valid UTF-8, as sanitized. */
size_t utf8_width(const char *text);

/*
 * Where a line of at most so many columns can end: before a space, or between characters of scripts
 * that have none, as their typography has it. It is the text's end where all of it has room, and
 * the first such place where not even that has.
 */
const char *utf8_line_end(const char *text, size_t columns);

/*
 * Shortens to at most so many columns, with the ellipsis at the end where something is missing;
 * empty where not even the ellipsis has room. Both must be valid UTF-8.
 */
char *utf8_ellipsize(const char *text, size_t columns, const char *ellipsis);
