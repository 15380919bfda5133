/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The periods of a plan, one a line. */

#include <stdio.h>

#include "i18n.h"
#include "print.h"
#include "traffic.h"
#include "utf8.h"

#define WHEN_COLUMNS 20
#define USED_COLUMNS 18
#define BAR_CELLS    10
#define LONGEST_DAY  90000 /* of 25 hours */
#define WIDE         60    /* there is room for all */

static uint64_t end_of(const RemoteBucket *b) {
        return b->period_end ?: b->expires_at;
}

static char *when_text(const Style *s, const RemoteBucket *b) {
        g_autofree char *from = style_day_short(s, b->period_start);
        g_autofree char *to = NULL;

        if (end_of(b) == 0)
                return g_strdup_printf(_("since %s"), from);
        if (end_of(b) - b->period_start <= LONGEST_DAY)
                return style_day(s, b->period_start);
        to = style_end_day(s, end_of(b));
        return g_strdup_printf(C_("time", "%s to %s"), from, to);
}

static char *used_text(const Style *s, const RemoteBucket *b) {
        g_autofree char *used = size_format(b->used_bytes, s->unit);

        if (b->unlimited)
                return g_steal_pointer(&used);
        return style_pair(s, b->used_bytes, traffic_saturated(b->bytes, b->rolled_over_bytes));
}

static void print_period(const Style *s, const RemoteBucket *b) {
        uint64_t limit = traffic_saturated(b->bytes, b->rolled_over_bytes);
        bool is_wide = s->width >= WIDE;
        double share = limit > 0 ? (double) b->used_bytes / (double) limit : 0;
        unsigned full = (unsigned) (CLAMP(share, 0, 1) * BAR_CELLS);
        g_autofree char *when = when_text(s, b), *used = used_text(s, b);
        g_autofree char *over = size_format(b->over_bytes, s->unit);

        printf("    ");
        print_column(when, MAX(WHEN_COLUMNS, utf8_width(when) + 1));
        print_column(used, is_wide && !b->unlimited ? USED_COLUMNS : 0);
        if (!b->unlimited && is_wide) {
                print_cells(s->ascii ? "#" : "█", full);
                print_cells(s->ascii ? "-" : "░", BAR_CELLS - full);
        }
        if (b->over_bytes > 0 && is_wide)
                printf(" +%s", over);
        putchar('\n');
}

/* Under the name of each amount, its own. */
void print_periods(const Style *s, const RemoteSim *sim, const GPtrArray *periods) {
        g_autoptr(GHashTable) said = g_hash_table_new(g_str_hash, g_str_equal);
        g_autofree char *tail = style_tail(s, sim->iccid_tail);

        printf("%s %s\n", sim->label, tail);
        if (periods->len == 0)
                printf(_("  No period of a plan was in that time.\n"));
        for (guint i = 0; i < periods->len; i++) {
                const RemoteBucket *first = periods->pdata[i];

                if (!g_hash_table_add(said, first->name))
                        continue;
                printf("  %s\n", first->name);
                for (guint j = i; j < periods->len; j++) {
                        const RemoteBucket *b = periods->pdata[j];

                        if (g_str_equal(b->name, first->name))
                                print_period(s, b);
                }
        }
}

/* A name is the only text: quoted as RFC 4180 has it. */
static void print_quoted(const char *text) {
        putchar('"');
        for (; *text; text++) {
                if (*text == '"')
                        putchar('"');
                putchar(*text);
        }
        putchar('"');
}

void print_periods_csv(const GPtrArray *periods) {
        printf("bucket,period_start,period_end,bytes,rolled_over_bytes,used_bytes,"
               "remaining_bytes,over_bytes\n");
        for (guint i = 0; i < periods->len; i++) {
                const RemoteBucket *b = periods->pdata[i];
                g_autofree char *start = rfc3339(b->period_start), *end = rfc3339(end_of(b));

                print_quoted(b->name);
                printf(",%s,%s,%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT
                       ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT "\n",
                       start ?: "", end ?: "", b->bytes, b->rolled_over_bytes, b->used_bytes,
                       b->remaining_bytes, b->over_bytes);
        }
}
