/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a SIM has carried, slice by slice. */

#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "print.h"
#include "utf8.h"

#define WHEN_COLUMNS 17
#define SIZE_COLUMNS 9
#define FEWEST_BAR   8

static uint64_t home_bytes(const RemoteRow *row) {
        return row->home_rx + row->home_tx;
}

static uint64_t roaming_bytes(const RemoteRow *row) {
        return row->roaming_rx + row->roaming_tx;
}

static char *when_text(const Style *s, const char *slice, uint64_t start) {
        static const struct {
                const char *slice, *format;
        } formats[] = {
                { "15min", NC_("date", "%-d %b %H:%M") }, { "hour", NC_("date", "%-d %b %H:%M") },
                { "day", NC_("date", "%a %-d %b %Y") },   { "week", NC_("date", "%a %-d %b %Y") },
                { "month", NC_("date", "%b %Y") },        { "year", NC_("date", "%Y") },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
                if (g_str_equal(formats[i].slice, slice))
                        return style_time(s, start, g_dpgettext2(NULL, "date", formats[i].format));

        return g_strdup("?");
}

/* A bar: at home full, roaming shaded; the largest slice fills the width. */
static void print_bar(const Style *s, const RemoteRow *row, uint64_t largest, unsigned cells) {
        unsigned all = largest > 0 ? (unsigned) ((double) (home_bytes(row) + roaming_bytes(row)) /
                                                 (double) largest * cells)
                                   : 0;
        unsigned roaming =
                largest > 0 ? (unsigned) ((double) roaming_bytes(row) / (double) largest * cells)
                            : 0;

        all = MIN(all, cells);
        roaming = MIN(roaming, all);
        print_cells(s->ascii ? "#" : "█", all - roaming);
        print_cells(s->ascii ? "=" : "▒", roaming);
}

void print_history(const Style *s, const RemoteSim *sim, const char *slice, const GArray *rows) {
        g_autofree char *tail = style_tail(s, sim->iccid_tail);
        size_t columns = WHEN_COLUMNS;
        uint64_t largest = 0;
        bool has_roaming = false;

        printf("%s %s\n", sim->label, tail);
        if (rows->len == 0) {
                printf(_("  Nothing was counted in that time.\n"));
                return;
        }

        for (guint i = 0; i < rows->len; i++) {
                const RemoteRow *row = &g_array_index(rows, RemoteRow, i);
                g_autofree char *when = when_text(s, slice, row->start);

                columns = MAX(columns, utf8_width(when));
                largest = MAX(largest, home_bytes(row) + roaming_bytes(row));
                has_roaming |= roaming_bytes(row) > 0;
        }
        columns += 2 + SIZE_COLUMNS;

        for (guint i = 0; i < rows->len; i++) {
                const RemoteRow *row = &g_array_index(rows, RemoteRow, i);
                g_autofree char *when = when_text(s, slice, row->start);
                g_autofree char *bytes = size_format(home_bytes(row) + roaming_bytes(row), s->unit);

                fputs("  ", stdout);
                print_column(when, columns - 2 - SIZE_COLUMNS);
                printf("%*s  ", SIZE_COLUMNS - 2, bytes);
                print_bar(s, row, largest,
                          s->width > columns + FEWEST_BAR ? s->width - columns - 2
                                                          : FEWEST_BAR - 2);
                putchar('\n');
        }
        if (has_roaming)
                printf(_("  %s at home   %s roaming\n"), s->ascii ? "#" : "█",
                       s->ascii ? "=" : "▒");
}

void print_history_csv(const GArray *rows) {
        printf("start,home_rx_bytes,home_tx_bytes,roaming_rx_bytes,roaming_tx_bytes\n");
        for (guint i = 0; i < rows->len; i++) {
                const RemoteRow *row = &g_array_index(rows, RemoteRow, i);
                g_autofree char *start = rfc3339(row->start);

                printf("%s,%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT
                       ",%" G_GUINT64_FORMAT "\n",
                       start ?: "", row->home_rx, row->home_tx, row->roaming_rx, row->roaming_tx);
        }
}
