/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A period in blocks: what was used in all, day by day, towards the cap. */

#include <stdio.h>

#include "i18n.h"
#include "picture.h"
#include "utf8.h"

#define ROWS          10
#define SCALE_COLUMNS 9 /* at least */
#define WIDEST_DAY    4
#define EIGHTHS       8

typedef struct Chart {
        const Style *style;
        const Month *month;
        double most;            /* at the top */
        const char *scale;      /* what is written beside the cap, or at the top */
        unsigned scale_columns; /* how far the cells are from the left */
        /* A cell is so many columns wide, and stands for so many days: one of both is 1. */
        unsigned n_cells, cell_columns, cell_days;
} Chart;

/* Blocks that fill so many eighths of a cell. */
static const char *const eighths[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

static const char *mark(const Chart *c, const char *mark, const char *ascii) {
        return c->style->ascii ? ascii : mark;
}

/* How much of a cell lies below an amount: 0 to EIGHTHS. */
static unsigned filled(const Chart *c, unsigned row, double bytes) {
        double cells = bytes / c->most * ROWS - row;

        return (unsigned) (CLAMP(cells, 0, 1) * EIGHTHS + 0.5);
}

static bool is_at(const Chart *c, unsigned row, double bytes) {
        return (int) (bytes / c->most * ROWS) == (int) row;
}

/* What a cell shows: what was used, else the cap, the forecast, or the even pace. */
static const char *cell(const Chart *c, unsigned row, unsigned number) {
        const Month *m = c->month;
        bool is_past = number * c->cell_days < month_days_counted(m);
        unsigned day = MIN((number + 1) * c->cell_days, m->n_days) - 1;
        uint64_t abroad, all = month_sum(m, day, &abroad);
        unsigned home = is_past ? filled(c, row, (double) (all - abroad)) : 0;
        unsigned both = is_past ? filled(c, row, (double) all) : 0;

        if (both > 0 && home < EIGHTHS / 2 && abroad > 0)
                return mark(c, "▒", "=");
        if (both > 0)
                return c->style->ascii ? (both >= EIGHTHS / 2 ? "#" : " ") : eighths[both];
        if (m->limit > 0 && is_at(c, row, (double) m->limit))
                return mark(c, "─", "-");
        if (!is_past && m->has_forecast && day < m->forecast_day &&
            filled(c, row, month_forecast(m, MIN(day + 1, m->forecast_day))) >= EIGHTHS / 2)
                return mark(c, "░", ":");
        if (m->limit > 0 && is_at(c, row, month_pace(m, day + 0.5)))
                return mark(c, "·", ".");
        return " ";
}

/* What is blank at its end is not printed. */
static void print_line(GString *line) {
        g_strchomp(line->str);
        puts(line->str);
        g_string_free(line, TRUE);
}

static void print_row(const Chart *c, unsigned row) {
        bool has_scale =
                c->month->limit > 0 ? is_at(c, row, (double) c->month->limit) : row == ROWS - 1;
        GString *line = g_string_new(NULL);

        g_string_append_printf(line, "%*s ", (int) c->scale_columns - 1, has_scale ? c->scale : "");
        for (unsigned number = 0; number < c->n_cells; number++)
                for (unsigned i = 0; i < c->cell_columns; i++)
                        g_string_append(line, cell(c, row, number));
        print_line(line);
}

/* As many dates as there is room for. */
static void print_dates(const Chart *c) {
        const Month *m = c->month;
        Style theirs = *c->style; /* its zone is not owned */
        size_t written = 0, all = (size_t) c->n_cells * c->cell_columns;
        GString *line = g_string_new(NULL);

        theirs.zone = m->zone;
        g_string_append_printf(line, "%*s", (int) c->scale_columns, "");
        for (unsigned number = 0; number < c->n_cells; number++) {
                g_autofree char *date = style_time(&theirs, month_day(m, number * c->cell_days),
                                                   C_("date", "%-d %b"));
                size_t at = (size_t) number * c->cell_columns, width = utf8_width(date);

                if ((number > 0 && at <= written) || at + width > all)
                        continue;
                g_string_append_printf(line, "%*s%s", (int) (at - written), "", date);
                written = at + width;
        }
        print_line(line);
}

static void print_legend(const Chart *c) {
        g_autofree char *home = g_strdup_printf("%s %s", mark(c, "█", "#"), _("at home"));
        g_autofree char *roaming =
                g_strdup_printf("%s %s", mark(c, "▒", "="), C_("place", "abroad"));
        g_autofree char *cap = g_strdup_printf("%s %s", mark(c, "─", "-"), _("what was bought"));
        g_autofree char *pace = g_strdup_printf("%s %s", mark(c, "·", "."), _("even pace"));
        g_autofree char *forecast = g_strdup_printf("%s %s", mark(c, "░", ":"), _("forecast"));
        const char *parts[6] = { home };
        uint64_t abroad;
        int n = 1;

        (void) month_sum(c->month, c->month->n_days, &abroad);
        if (abroad > 0)
                parts[n++] = roaming;
        if (c->month->limit > 0) {
                parts[n++] = cap;
                parts[n++] = pace;
        }
        if (c->month->has_forecast)
                parts[n++] = forecast;
        printf("  ");
        print_folded(c->style, parts, "   ", 2);
}

void print_chart(const Style *s, const RemoteSim *sim, const Month *month) {
        g_autofree char *scale = size_format(month->limit ?: month_most(month), s->unit);
        g_autofree char *tail = style_tail(s, sim->iccid_tail), *answer = left_sentence(s, sim);
        Chart c = { .style = s, .month = month, .scale = scale };
        unsigned columns;

        c.scale_columns = MAX(SCALE_COLUMNS, (unsigned) utf8_width(scale) + 1);
        columns = s->width > c.scale_columns ? s->width - c.scale_columns : 1;
        c.cell_days = (month->n_days + columns - 1) / columns;
        c.n_cells = (month->n_days + c.cell_days - 1) / c.cell_days;
        c.cell_columns = CLAMP(columns / month->n_days, 1, WIDEST_DAY);
        /* The cap has a row of its own above what reaches it. */
        c.most = (double) month_most(month) * ROWS / (ROWS - 1);

        printf("%s %s\n  ", sim->label, tail);
        print_folded(s, (const char *const[]){ answer, NULL }, "", 2);
        for (unsigned row = ROWS; row-- > 0;)
                print_row(&c, row);
        print_dates(&c);
        print_legend(&c);
}
