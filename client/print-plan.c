/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A plan that has not been set: what was understood of it. */

#include <stdio.h>
#include <string.h>

#include "plan-values.h"
#include "print.h"

char *style_at_zero(const char *at_zero) {
        AtZero rule;

        if (g_str_equal(at_zero, "next"))
                return g_strdup("the next amount");
        if (value_read_at_zero(at_zero, &rule) < 0)
                return g_strdup(at_zero);

        switch (rule.kind) {
        case AT_ZERO_THROTTLE:
                return size_format_rate(rule.rate_bps);
        case AT_ZERO_BILL:
                return g_strdup(at_zero + strlen("bill "));
        default:
                return g_strdup("nothing more");
        }
}

/* "every month", "every 28 days"; NULL for one period. */
static char *every_text(const Bucket *b) {
        g_autofree char *length = NULL;

        if (b->rolling.unit != LENGTH_NONE) {
                length = value_write_length(&b->rolling);
                return g_strdup_printf("in any %s", length);
        }
        if (b->every.unit == LENGTH_NONE)
                return NULL;

        length = value_write_length(&b->every);
        return g_strdup_printf("every %s", g_str_has_prefix(length, "1 ") ? length + 2 : length);
}

static char *start_text(const Bucket *b) {
        g_autofree char *at = NULL;

        switch (b->starts.kind) {
        case START_AT:
                at = value_write_local_time(&b->starts.at);
                return g_strdup_printf("begins %s", at);
        case START_FIRST_USE:
                return g_strdup("begins with the first use");
        case START_FIRST_NETWORK:
                return g_strdup("begins with the first network");
        case START_FIRST_USE_ABROAD:
                return g_strdup("begins with the first use abroad");
        case START_INSTALL:
                return g_strdup("begins when it is installed");
        case START_AFTER:
                return g_strdup_printf("begins after %s", b->starts.after);
        default:
                return g_strdup("has not begun");
        }
}

/* The longest part of a validity that has not begun: "then for 10 days". */
static char *lasts_text(const Bucket *b) {
        g_autofree char *length = NULL;

        if (b->lasts.unit == LENGTH_NONE)
                return NULL;
        length = value_write_length(&b->lasts);
        return g_strdup_printf("then lasts %s", length);
}

static char *where_text(const RemoteBucket *b) {
        if (g_str_equal(b->where, "anywhere"))
                return NULL;
        if (g_ascii_isdigit(*b->where))
                return g_strdup_printf("in %s", b->where);
        return g_strdup_printf("%s%s", g_str_equal(b->where, "home") ? "at " : "", b->where);
}

/* Adds a text, which it then owns, if there is one. */
static void add(GPtrArray *parts, char *text) {
        if (text)
                g_ptr_array_add(parts, text);
}

static void add_amount(const Style *s, GPtrArray *parts, const RemoteBucket *b,
                       const Bucket *said) {
        g_autofree char *size = size_format(b->bytes, s->unit), *every = NULL;

        every = said ? every_text(said) : NULL;
        add(parts, g_strdup_printf("%s%s%s", b->unlimited ? "unlimited" : size, every ? " " : "",
                                   every ?: ""));
        if (said && said->within)
                add(parts, g_strdup_printf("within %s", said->within));
        add(parts, where_text(b));
        if (!g_str_equal(b->at_zero, "next") && !b->unlimited) {
                g_autofree char *zero = style_at_zero(b->at_zero);

                add(parts, g_strdup_printf("then %s", zero));
        }
}

static void add_times(const Style *s, GPtrArray *parts, const RemoteBucket *b, const Bucket *said,
                      const char *zone) {
        g_autofree char *start = style_instant(s, b->period_start);
        g_autofree char *end = style_moment(s, b->period_end, zone, "");
        g_autofree char *last = style_end(s, b->expires_at, zone, "");
        g_autofree char *by = style_end_short(s, b->start_by);
        bool is_one = b->period_end == 0 || b->period_end == b->expires_at;

        if (b->expired)
                add(parts, g_strdup_printf("EXPIRED %s", b->expires_at > 0 ? last : ""));
        else if (!b->begun) {
                add(parts, said ? start_text(said) : g_strdup("has not begun"));
                add(parts, said ? lasts_text(said) : NULL);
                if (b->start_by > 0)
                        add(parts, g_strdup_printf("to begin by %s", by));
        } else if (is_one)
                add(parts, g_strdup_printf("since %s", start));
        else
                add(parts, g_strdup_printf("this one from %s to %s", start, end));
        if (b->begun && !b->expired && b->expires_at > 0)
                add(parts, g_strdup_printf("ends %s", last));
}

static void add_use(const Style *s, GPtrArray *parts, const RemoteBucket *b) {
        g_autofree char *left = size_format(b->remaining_bytes, s->unit);
        g_autofree char *used = size_format(b->used_bytes, s->unit);

        if (!b->unlimited)
                add(parts, g_strdup_printf("%s left", left));
        add(parts, g_strdup_printf("%s used", used));
}

static void print_bucket(const Style *s, const RemoteBucket *b, const Bucket *said,
                         const char *zone) {
        g_autoptr(GPtrArray) amount = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GPtrArray) times = g_ptr_array_new_with_free_func(g_free);

        add_amount(s, amount, b, said);
        add_times(s, times, b, said, zone);
        if (b->used_bytes > 0)
                add_use(s, times, b);
        g_ptr_array_add(amount, NULL);
        g_ptr_array_add(times, NULL);
        print_entry(s, b->name, (const char *const *) amount->pdata, style_dot(s));
        print_entry(s, "", (const char *const *) times->pdata, style_dot(s));
}

void print_check(const Style *s, const Plan *plan, const GPtrArray *buckets) {
        g_autofree char *text = plan_print(plan);
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        printf("%s\n", plan->name ?: "A plan without a name");
        for (guint i = 0; i < buckets->len; i++) {
                const RemoteBucket *b = buckets->pdata[i];
                const Bucket *said = plan_find_bucket(plan, b->name);

                print_bucket(s, b, said, (said && said->zone ? said->zone : plan->zone) ?: "");
        }
        putchar('\n');
        for (char **line = lines; *line && (*line[0] || line[1]); line++)
                printf("%s%s\n", **line ? "    " : "", *line);
}
