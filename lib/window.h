/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The bytes of the last so many hours or days: what came in, each until it is too old to count. */

#include <glib.h>
#include <stdint.h>

/* Zeroed is empty; window_clear() frees. */
typedef struct Window {
        GArray *entries; /* oldest first */
        guint head;      /* those before it have left */
        uint64_t sum;
} Window;

void window_clear(Window *w);
Window window_copy(const Window *w);

/* Bytes that came at an instant and leave at another; neither is before that of the last call. */
void window_add(Window *w, int64_t at, int64_t leaves_at, uint64_t bytes);

/* Takes bytes back, the newest first. */
void window_take(Window *w, uint64_t bytes);

/* Lets go of what left at `now` or before; returns how much that was. */
uint64_t window_advance(Window *w, int64_t now);

/* When the next bytes leave; INT64_MAX where it is empty. */
int64_t window_next(const Window *w);

/* When so much has left that no more than this is in it; INT64_MIN where that is so already. */
int64_t window_at_most(const Window *w, uint64_t bytes);

/* What was in it at an instant, as far as it has not been let go of. */
uint64_t window_sum_at(const Window *w, int64_t instant);
