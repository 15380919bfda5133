/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Shows what the daemon says, again whenever it changes, until nobody reads it any more. */

#include "remote.h"

/*
 * Shows what has been read; NULL where it could not be, for a reason that is a sentence.
 * *ret_changes_at: at the latest then (UNIX seconds) it is to be read and shown again, INT64_MAX:
 * when the daemon tells of something. Anything but EXIT_CODE_OK is the end.
 */
typedef ExitCode (*FollowShow)(Remote *r, const char *why, int64_t *ret_changes_at, void *userdata);

/*
 * Outlives the daemon and the bus; never starts either. Ends with EXIT_CODE_OK when the reader of
 * standard output has gone. Between two changes it sleeps. most_away is remote_read_few()'s.
 */
ExitCode follow(uint64_t timeout_usec, unsigned most_away, FollowShow show, void *userdata);
