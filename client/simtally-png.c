/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Draws the shapes that simtally describes on the standard input, and writes a PNG. A program of
 * its own, so that asking for the status loads no fonts.
 */

#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST    4000
#define LINE_BYTES 65536
#define SHARPNESS  2 /* pixels for each unit: for displays of today */

static void set_color(cairo_t *cairo, const char *color) {
        unsigned r = 0, g = 0, b = 0;

        (void) sscanf(color, "#%2x%2x%2x", &r, &g, &b);
        cairo_set_source_rgb(cairo, r / 255.0, g / 255.0, b / 255.0);
}

static void add_path(cairo_t *cairo, const char *points) {
        double x, y;
        int n;

        cairo_new_path(cairo);
        while (sscanf(points, " %lf,%lf%n", &x, &y, &n) == 2) {
                cairo_line_to(cairo, x, y);
                points += n;
        }
}

static int draw_line(cairo_t *cairo, const char *rest) {
        double width, dash;
        int n;

        if (sscanf(rest, "%lf %lf%n", &width, &dash, &n) != 2)
                return -1;

        add_path(cairo, rest + n);
        cairo_set_line_width(cairo, width);
        cairo_set_dash(cairo, &dash, dash > 0 ? 1 : 0, 0);
        cairo_stroke(cairo);
        return 0;
}

static int draw_text(cairo_t *cairo, const char *rest) {
        PangoFontDescription *font;
        PangoLayout *layout;
        PangoRectangle extents;
        double size, x, y;
        int anchor, n;

        if (sscanf(rest, "%lf %d %lf,%lf%n", &size, &anchor, &x, &y, &n) != 4 || rest[n] != ' ')
                return -1;

        font = pango_font_description_from_string("sans-serif");
        pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
        layout = pango_cairo_create_layout(cairo);
        pango_layout_set_font_description(layout, font);
        pango_layout_set_text(layout, rest + n + 1, -1);
        pango_layout_get_extents(layout, NULL, &extents);
        cairo_move_to(cairo, x - extents.width / 2.0 * anchor / PANGO_SCALE,
                      y - (double) pango_layout_get_baseline(layout) / PANGO_SCALE);
        pango_cairo_show_layout(cairo, layout);
        g_object_unref(layout);
        pango_font_description_free(font);
        return 0;
}

static int draw_shape(cairo_t *cairo, const char *line) {
        char kind[8], color[8];
        int n;

        if (sscanf(line, "%7s %7s %n", kind, color, &n) != 2)
                return -1;

        set_color(cairo, color);
        if (strcmp(kind, "line") == 0)
                return draw_line(cairo, line + n);
        if (strcmp(kind, "text") == 0)
                return draw_text(cairo, line + n);
        if (strcmp(kind, "area") != 0)
                return -1;

        add_path(cairo, line + n);
        cairo_fill(cairo);
        return 0;
}

static cairo_status_t write_bytes(void *file, const unsigned char *data, unsigned n) {
        return fwrite(data, 1, n, file) == n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

int main(void) {
        static char line[LINE_BYTES];
        cairo_surface_t *surface;
        cairo_status_t status;
        double width, height;
        cairo_t *cairo;
        int r = 0;

        if (!fgets(line, sizeof(line), stdin) ||
            sscanf(line, "size %lf %lf", &width, &height) != 2 || width < 1 || height < 1 ||
            width > LARGEST || height > LARGEST)
                return EXIT_FAILURE;

        surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int) width * SHARPNESS,
                                             (int) height * SHARPNESS);
        cairo = cairo_create(surface);
        cairo_scale(cairo, SHARPNESS, SHARPNESS);
        while (r == 0 && fgets(line, sizeof(line), stdin)) {
                line[strcspn(line, "\n")] = '\0';
                r = draw_shape(cairo, line);
        }

        status = cairo_surface_write_to_png_stream(surface, write_bytes, stdout);
        cairo_destroy(cairo);
        cairo_surface_destroy(surface);
        return r == 0 && status == CAIRO_STATUS_SUCCESS && fflush(stdout) == 0 ? EXIT_SUCCESS
                                                                               : EXIT_FAILURE;
}
