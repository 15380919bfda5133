/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drawing.h"

static void free_shape(void *data) {
        Shape *shape = data;

        g_array_unref(shape->points);
        g_free(shape->text);
        g_free(shape);
}

void drawing_init(Drawing *d, double width, double height) {
        *d = (Drawing){ width, height, g_ptr_array_new_with_free_func(free_shape) };
}

void drawing_clear(Drawing *d) {
        g_clear_pointer(&d->shapes, g_ptr_array_unref);
}

static Shape *add_shape(Drawing *d, ShapeKind kind, Role role, const Point *points, guint n) {
        Shape *shape = g_new0(Shape, 1);

        shape->kind = kind;
        shape->role = role;
        shape->points = g_array_append_vals(g_array_new(FALSE, FALSE, sizeof(Point)), points, n);
        g_ptr_array_add(d->shapes, shape);
        return shape;
}

void drawing_area(Drawing *d, Role role, const Point *points, guint n) {
        (void) add_shape(d, SHAPE_AREA, role, points, n);
}

void drawing_box(Drawing *d, Role role, double x, double y, double width, double height) {
        const Point corners[] = {
                { x, y }, { x + width, y }, { x + width, y + height }, { x, y + height }
        };

        drawing_area(d, role, corners, G_N_ELEMENTS(corners));
}

void drawing_line(Drawing *d, Role role, double width, double dash, const Point *points, guint n) {
        Shape *shape = add_shape(d, SHAPE_LINE, role, points, n);

        shape->width = width;
        shape->dash = dash;
}

void drawing_text(Drawing *d, Role role, Point at, Anchor anchor, double size, const char *text) {
        Shape *shape = add_shape(d, SHAPE_TEXT, role, &at, 1);

        shape->text = g_strdup(text);
        shape->anchor = anchor;
        shape->size = size;
}

/* Told apart without colours too: by their place, and by what is dashed. */
const char *drawing_color(Role role, bool is_dark) {
        static const char *const colors[N_ROLES][2] = {
                [ROLE_PAPER] = { "#ffffff", "#1b1f24" },
                [ROLE_INK] = { "#1b1f24", "#e6e8ea" },
                [ROLE_FAINT] = { "#8b949e", "#8b949e" },
                [ROLE_HOME] = { "#2f7fd1", "#4c9be8" },
                [ROLE_ABROAD] = { "#e08a1e", "#f0a53c" },
                [ROLE_CAP] = { "#c62f3b", "#f0616d" },
                [ROLE_PACE] = { "#8b949e", "#8b949e" },
                [ROLE_FORECAST] = { "#1b1f24", "#e6e8ea" },
        };

        return colors[role][is_dark ? 1 : 0];
}

static void append_points(GString *text, const GArray *points) {
        for (guint i = 0; i < points->len; i++) {
                const Point *p = &g_array_index(points, Point, i);

                g_string_append_printf(text, "%s%.1f,%.1f", i > 0 ? " " : "", p->x, p->y);
        }
}

static void append_svg(GString *svg, const Shape *shape, const char *color) {
        static const char *const anchors[] = { "start", "middle", "end" };
        const Point *at = &g_array_index(shape->points, Point, 0);
        g_autofree char *text = NULL;

        switch (shape->kind) {
        case SHAPE_AREA:
                g_string_append_printf(svg, "<polygon fill=\"%s\" points=\"", color);
                append_points(svg, shape->points);
                g_string_append(svg, "\"/>\n");
                break;
        case SHAPE_LINE:
                g_string_append_printf(
                        svg, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"", color,
                        shape->width);
                if (shape->dash > 0)
                        g_string_append_printf(svg, " stroke-dasharray=\"%.1f\"", shape->dash);
                g_string_append(svg, " points=\"");
                append_points(svg, shape->points);
                g_string_append(svg, "\"/>\n");
                break;
        case SHAPE_TEXT:
                text = g_markup_escape_text(shape->text, -1);
                g_string_append_printf(svg,
                                       "<text fill=\"%s\" font-size=\"%.0f\" text-anchor=\"%s\" "
                                       "x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                                       color, shape->size, anchors[shape->anchor], at->x, at->y,
                                       text);
                break;
        }
}

char *drawing_to_svg(const Drawing *d, bool is_dark) {
        GString *svg = g_string_new(NULL);

        g_string_append_printf(svg,
                               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" "
                               "height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
                               "font-family=\"sans-serif\">\n",
                               d->width, d->height, d->width, d->height);
        for (guint i = 0; i < d->shapes->len; i++) {
                const Shape *shape = d->shapes->pdata[i];

                append_svg(svg, shape, drawing_color(shape->role, is_dark));
        }
        g_string_append(svg, "</svg>\n");
        return g_string_free(svg, FALSE);
}

char *drawing_to_lines(const Drawing *d, bool is_dark) {
        static const char *const names[] = { "area", "line", "text" };
        GString *lines = g_string_new(NULL);

        g_string_append_printf(lines, "size %.0f %.0f\n", d->width, d->height);
        for (guint i = 0; i < d->shapes->len; i++) {
                const Shape *shape = d->shapes->pdata[i];

                g_string_append_printf(lines, "%s %s ", names[shape->kind],
                                       drawing_color(shape->role, is_dark));
                if (shape->kind == SHAPE_LINE)
                        g_string_append_printf(lines, "%.1f %.1f ", shape->width, shape->dash);
                if (shape->kind == SHAPE_TEXT)
                        g_string_append_printf(lines, "%.0f %d ", shape->size, (int) shape->anchor);
                append_points(lines, shape->points);
                if (shape->kind == SHAPE_TEXT)
                        g_string_append_printf(lines, " %s", shape->text);
                g_string_append_c(lines, '\n');
        }
        return g_string_free(lines, FALSE);
}
