/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A period as a picture: above, what was used in all, towards the cap, beside the even pace, and
 * where it will end; below, day by day. At home and abroad apart.
 */

#include <math.h>

#include "drawing.h"
#include "i18n.h"
#include "month.h"
#include "picture.h"
#include "utf8.h"

#define WIDTH  720
#define HEIGHT 400
#define LEFT   70
#define RIGHT  (WIDTH - 20)
#define TOP    70  /* of what was used in all */
#define MIDDLE 270 /* its zero */
#define UPPER  292 /* of the days */
#define LOWER  346 /* their zero */
#define TITLE  18
#define SMALL  12
#define GRID   5   /* lines at most */
#define COLUMN 6.8 /* of small letters, roughly: what is beside them does not depend on fonts */

/* What is drawn of, and the scale of the upper half. */
typedef struct Plot {
        Drawing *drawing;
        const Style *style;
        const Month *month;
        double most;
} Plot;

static double x_of(const Plot *p, double day) {
        return LEFT + (RIGHT - LEFT) * CLAMP(day / p->month->n_days, 0, 1);
}

static double y_of(const Plot *p, double bytes) {
        return MIDDLE - (MIDDLE - TOP) * CLAMP(bytes / p->most, 0, 1);
}

static void draw_line(const Plot *p, Role role, double width, double dash, double x1, double y1,
                      double x2, double y2) {
        const Point ends[] = { { x1, y1 }, { x2, y2 } };

        drawing_line(p->drawing, role, width, dash, ends, G_N_ELEMENTS(ends));
}

static void draw_text(const Plot *p, Role role, double x, double y, Anchor anchor,
                      const char *text) {
        drawing_text(p->drawing, role, (Point){ x, y }, anchor, SMALL, text);
}

static void draw_heading(const Plot *p, const RemoteSim *sim) {
        g_autofree char *tail = style_tail(p->style, sim->iccid_tail);
        g_autofree char *title = g_strdup_printf("%s %s", sim->label, tail);
        g_autofree char *answer = left_sentence(p->style, sim);

        drawing_text(p->drawing, ROLE_INK, (Point){ 20, 30 }, ANCHOR_START, TITLE, title);
        draw_text(p, ROLE_FAINT, 20, 52, ANCHOR_START, answer);
}

/* Steps of 1, 2 or 5 and zeros, of the unit that amounts are shown in. */
static double grid_step(const Plot *p) {
        double base = p->style->unit == SIZE_IEC ? 1024 : 1000, unit = 1, step;

        while (p->most / unit >= base)
                unit *= base;
        step = pow(10, floor(log10(p->most / unit / GRID))) * unit;
        for (double factor = 1; factor <= 10; factor = factor == 2 ? 5 : factor * 2)
                if (p->most / (step * factor) <= GRID)
                        return step * factor;
        return step * 10;
}

static void draw_grid(const Plot *p) {
        double step = MAX(grid_step(p), 1);

        for (double bytes = 0; bytes <= p->most; bytes += step) {
                g_autofree char *size =
                        size_format((uint64_t) MIN(bytes + 0.5, 0x1p63), p->style->unit);

                draw_line(p, ROLE_FAINT, 0.5, 0, LEFT, y_of(p, bytes), RIGHT, y_of(p, bytes));
                draw_text(p, ROLE_FAINT, LEFT - 8, y_of(p, bytes) + 4, ANCHOR_END, size);
        }
}

/* The sums of some days, as the top of an area down to zero. */
static void draw_sums(const Plot *p, Role role, bool with_abroad) {
        g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(Point));
        unsigned n_days = month_days_counted(p->month);
        Point point = { x_of(p, 0), y_of(p, (double) p->month->before) };

        g_array_append_val(points, point);
        for (unsigned i = 0; i < n_days; i++) {
                uint64_t abroad, all = month_sum(p->month, i, &abroad);

                point = (Point){ x_of(p, MIN(i + 1, p->month->now)),
                                 y_of(p, (double) (with_abroad ? all : all - abroad)) };
                g_array_append_val(points, point);
        }
        point = (Point){ point.x, MIDDLE };
        g_array_append_val(points, point);
        point = (Point){ x_of(p, 0), MIDDLE };
        g_array_append_val(points, point);
        drawing_area(p->drawing, role, (const Point *) (void *) points->data, points->len);
}

static void draw_limits(const Plot *p) {
        const Month *m = p->month;

        if (m->limit == 0)
                return;
        draw_line(p, ROLE_PACE, 1.5, 6, x_of(p, 0), y_of(p, 0), x_of(p, m->n_days),
                  y_of(p, (double) m->limit));
        draw_line(p, ROLE_CAP, 2, 0, LEFT, y_of(p, (double) m->limit), RIGHT,
                  y_of(p, (double) m->limit));
        if (m->has_forecast)
                draw_line(p, ROLE_FORECAST, 2, 2, x_of(p, m->now),
                          y_of(p, month_forecast(m, m->now)), x_of(p, m->forecast_day),
                          y_of(p, (double) m->forecast_bytes));
}

static void draw_days(const Plot *p) {
        const Month *m = p->month;
        double width = (double) (RIGHT - LEFT) / m->n_days, most = 1;

        for (unsigned i = 0; i < m->n_days; i++)
                most = MAX(most, (double) m->home[i] + (double) m->abroad[i]);
        for (unsigned i = 0; i < m->n_days; i++) {
                double home = (double) m->home[i] / most * (LOWER - UPPER);
                double abroad = (double) m->abroad[i] / most * (LOWER - UPPER);
                double x = x_of(p, i) + width * 0.1;

                if (home > 0)
                        drawing_box(p->drawing, ROLE_HOME, x, LOWER - home, width * 0.8, home);
                if (abroad > 0)
                        drawing_box(p->drawing, ROLE_ABROAD, x, LOWER - home - abroad, width * 0.8,
                                    abroad);
        }
        draw_line(p, ROLE_FAINT, 0.5, 0, LEFT, LOWER, RIGHT, LOWER);
}

static void draw_dates(const Plot *p) {
        const Month *m = p->month;
        unsigned step = MAX(m->n_days / 6, 1);
        Style theirs = *p->style; /* its zone is not owned */

        theirs.zone = m->zone;
        for (unsigned i = 0; i < m->n_days; i += step) {
                g_autofree char *day = style_time(&theirs, month_day(m, i), C_("date", "%-d %b"));

                draw_line(p, ROLE_FAINT, 0.5, 0, x_of(p, i), LOWER, x_of(p, i), LOWER + 4);
                if (x_of(p, i) + (double) utf8_width(day) * COLUMN < WIDTH)
                        draw_text(p, ROLE_FAINT, x_of(p, i), LOWER + 17, ANCHOR_START, day);
        }
}

/* Each with a mark as it is drawn. */
static void draw_legend(const Plot *p) {
        uint64_t abroad;
        (void) month_sum(p->month, p->month->n_days, &abroad);
        const struct {
                Role role;
                double dash; /* negative: an area */
                const char *name;
                bool is_there;
        } entries[] = {
                { ROLE_HOME, -1, _("at home"), true },
                { ROLE_ABROAD, -1, C_("place", "abroad"), abroad > 0 },
                { ROLE_CAP, 0, _("what was bought"), p->month->limit > 0 },
                { ROLE_PACE, 6, _("even pace"), p->month->limit > 0 },
                { ROLE_FORECAST, 2, _("forecast"), p->month->has_forecast },
        };
        double x = LEFT, y = HEIGHT - 14;

        for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
                if (!entries[i].is_there)
                        continue;
                if (entries[i].dash < 0)
                        drawing_box(p->drawing, entries[i].role, x, y - 10, 12, 10);
                else
                        draw_line(p, entries[i].role, 2, entries[i].dash, x, y - 4, x + 24, y - 4);
                x += entries[i].dash < 0 ? 18 : 30;
                draw_text(p, ROLE_INK, x, y, ANCHOR_START, entries[i].name);
                x += (double) utf8_width(entries[i].name) * COLUMN + 22;
        }
}

static void draw(const Plot *p, const RemoteSim *sim) {
        drawing_box(p->drawing, ROLE_PAPER, 0, 0, WIDTH, HEIGHT);
        draw_heading(p, sim);
        draw_grid(p);
        draw_sums(p, ROLE_ABROAD, true);
        draw_sums(p, ROLE_HOME, false);
        draw_limits(p);
        draw_days(p);
        draw_dates(p);
        draw_legend(p);
}

char *picture_svg(const Style *s, const RemoteSim *sim, const Month *month, bool is_dark) {
        g_auto(Drawing) drawing = { 0 };

        drawing_init(&drawing, WIDTH, HEIGHT);
        draw(&(Plot){ &drawing, s, month, (double) month_most(month) * 1.05 }, sim);
        return drawing_to_svg(&drawing, is_dark);
}

char *picture_lines(const Style *s, const RemoteSim *sim, const Month *month, bool is_dark) {
        g_auto(Drawing) drawing = { 0 };

        drawing_init(&drawing, WIDTH, HEIGHT);
        draw(&(Plot){ &drawing, s, month, (double) month_most(month) * 1.05 }, sim);
        return drawing_to_lines(&drawing, is_dark);
}
