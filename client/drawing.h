/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A picture as what it is drawn of, before it is SVG or pixels. */

#include <glib.h>
#include <stdbool.h>

/* What a shape stands for, which has a colour in each theme. */
typedef enum Role {
        ROLE_PAPER,
        ROLE_INK,
        ROLE_FAINT, /* grids, and what is said by the way */
        ROLE_HOME,
        ROLE_ABROAD,
        ROLE_CAP,
        ROLE_PACE,
        ROLE_FORECAST,
        N_ROLES,
} Role;

typedef struct Point {
        double x, y;
} Point;

typedef enum ShapeKind {
        SHAPE_AREA,
        SHAPE_LINE,
        SHAPE_TEXT,
} ShapeKind;

typedef enum Anchor {
        ANCHOR_START,
        ANCHOR_MIDDLE,
        ANCHOR_END,
} Anchor;

typedef struct Shape {
        ShapeKind kind;
        Role role;
        GArray *points; /* Point; of a text one, on its base line */
        double width;   /* of a line */
        double dash;    /* of a line; 0: it is whole */
        char *text;
        double size;
        Anchor anchor;
} Shape;

typedef struct Drawing {
        double width, height;
        GPtrArray *shapes; /* Shape, from the back to the front */
} Drawing;

void drawing_init(Drawing *d, double width, double height);
void drawing_clear(Drawing *d);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Drawing, drawing_clear)

void drawing_area(Drawing *d, Role role, const Point *points, guint n);
void drawing_box(Drawing *d, Role role, double x, double y, double width, double height);
void drawing_line(Drawing *d, Role role, double width, double dash, const Point *points, guint n);
void drawing_text(Drawing *d, Role role, Point at, Anchor anchor, double size, const char *text);

/* The colour of a role as a theme has it, "#rrggbb". */
const char *drawing_color(Role role, bool is_dark);

char *drawing_to_svg(const Drawing *d, bool is_dark);

/* A line for each shape, as simtally-png reads them. */
char *drawing_to_lines(const Drawing *d, bool is_dark);
