/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "window.h"

#include "traffic.h"

#define MANY 64 /* entries that have left, before the array is moved up */

typedef struct Entry {
        int64_t at, leaves_at;
        uint64_t bytes;
} Entry;

static Entry *entry(const Window *w, guint i) {
        return &g_array_index(w->entries, Entry, i);
}

static guint end(const Window *w) {
        return w->entries ? w->entries->len : 0;
}

void window_clear(Window *w) {
        if (w->entries)
                g_array_unref(w->entries);
        *w = (Window){ 0 };
}

Window window_copy(const Window *w) {
        Window copy = { .sum = w->sum };

        if (w->head < end(w)) {
                copy.entries = g_array_new(FALSE, FALSE, sizeof(Entry));
                g_array_append_vals(copy.entries, entry(w, w->head), end(w) - w->head);
        }
        return copy;
}

void window_add(Window *w, int64_t at, int64_t leaves_at, uint64_t bytes) {
        Entry new = { at, leaves_at, bytes };

        if (bytes == 0)
                return;
        if (!w->entries)
                w->entries = g_array_new(FALSE, FALSE, sizeof(Entry));

        /* Bytes that leave together are one, as all of a day are. */
        if (w->head < end(w) && entry(w, end(w) - 1)->leaves_at == leaves_at)
                entry(w, end(w) - 1)->bytes = traffic_saturated(entry(w, end(w) - 1)->bytes, bytes);
        else
                g_array_append_val(w->entries, new);
        w->sum = traffic_saturated(w->sum, bytes);
}

void window_take(Window *w, uint64_t bytes) {
        bytes = MIN(bytes, w->sum);
        w->sum -= bytes;

        while (bytes > 0) {
                Entry *last = entry(w, end(w) - 1);
                uint64_t n = MIN(bytes, last->bytes);

                last->bytes -= n;
                bytes -= n;
                if (last->bytes == 0)
                        g_array_set_size(w->entries, end(w) - 1);
        }
}

uint64_t window_advance(Window *w, int64_t now) {
        uint64_t left = 0;

        while (w->head < end(w) && entry(w, w->head)->leaves_at <= now)
                left = traffic_saturated(left, entry(w, w->head++)->bytes);
        left = MIN(left, w->sum);
        w->sum -= left;

        if (w->head > MANY && w->head * 2 > end(w)) {
                g_array_remove_range(w->entries, 0, w->head);
                w->head = 0;
        }
        return left;
}

int64_t window_next(const Window *w) {
        return w->head < end(w) ? entry(w, w->head)->leaves_at : INT64_MAX;
}

int64_t window_at_most(const Window *w, uint64_t bytes) {
        uint64_t sum = w->sum;
        int64_t at = INT64_MIN;

        for (guint i = w->head; sum > bytes && i < end(w); i++) {
                sum -= MIN(sum, entry(w, i)->bytes);
                at = entry(w, i)->leaves_at;
        }

        return at;
}

uint64_t window_sum_at(const Window *w, int64_t instant) {
        uint64_t sum = 0;

        for (guint i = w->head; i < end(w); i++)
                if (entry(w, i)->at <= instant && entry(w, i)->leaves_at > instant)
                        sum = traffic_saturated(sum, entry(w, i)->bytes);

        return sum;
}
