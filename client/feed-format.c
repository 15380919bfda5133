/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Each bar's own way to be told something. Whatever a label holds comes out as text: markup, tags
 * and separators of the bar are escaped, or replaced where the bar knows no escape.
 */

#include <string.h>

#include "feed.h"
#include "json.h"

/* Legible on light and dark ground; NULL: the bar's own colour. */
static const char *color(const Style *s, const Feed *f) {
        static const char *const colors[] = {
                [FEED_CALM] = NULL,
                [FEED_WARNING] = "#e5a50a",
                [FEED_CRITICAL] = "#e01b24",
                [FEED_UNKNOWN] = "#9a9996",
        };

        return s->is_plain ? NULL : colors[f->level];
}

static char *markup(const char *text) {
        return g_markup_escape_text(text, -1);
}

static char *replace(const char *text, const char *from, const char *to) {
        g_auto(GStrv) parts = g_strsplit(text, from, -1);

        return g_strjoinv(to, parts);
}

/* The states that i3status-rust knows. */
static const char *rust_state(const Feed *f) {
        static const char *const states[] = {
                [FEED_CALM] = "Idle",
                [FEED_WARNING] = "Warning",
                [FEED_CRITICAL] = "Critical",
                [FEED_UNKNOWN] = "Info",
        };

        return states[f->level];
}

/*
 * One object for waybar, i3blocks and i3status-rust, each of which takes the names that it knows.
 * The list comes last: the reader of i3blocks 1.4 stops there.
 */
static void write_union(GString *out, const Style *s, const Feed *f) {
        g_autofree char *text = markup(f->text), *tooltip = markup(f->tooltip);
        g_auto(Json) j = { 0 };

        json_init(&j);
        json_begin(&j, NULL, '{');
        json_add_text(&j, "text", text);
        json_add_text(&j, "alt", f->state);
        json_add_text(&j, "tooltip", tooltip);
        json_add_text(&j, "full_text", text);
        json_add_text(&j, "short_text", text);
        if (color(s, f))
                json_add_text(&j, "color", color(s, f));
        json_add_text(&j, "markup", "pango");
        json_add_text(&j, "icon", "");
        json_add_text(&j, "state", rust_state(f));
        if (f->has_percentage)
                json_add_number(&j, "percentage", f->percentage);
        json_begin(&j, "class", '[');
        json_add_text(&j, NULL, f->state);
        if (f->roaming)
                json_add_text(&j, NULL, "roaming");
        json_end(&j, ']');
        json_end(&j, '}');
        g_string_append(out, j.text->str);
}

static void write_i3bar(GString *out, const Style *s, const Feed *f) {
        g_auto(Json) j = { 0 };

        json_init(&j);
        json_begin(&j, NULL, '[');
        if (*f->text) {
                json_begin(&j, NULL, '{');
                json_add_text(&j, "name", "simtally");
                json_add_text(&j, "full_text", f->text);
                json_add_text(&j, "short_text", f->text);
                if (color(s, f))
                        json_add_text(&j, "color", color(s, f));
                json_add_boolean(&j, "urgent", f->level == FEED_CRITICAL);
                json_end(&j, '}');
        }
        json_end(&j, ']');
        g_string_append(out, j.text->str);
}

/* It knows no escape for the beginning of a tag. */
static void write_polybar(GString *out, const Style *s, const Feed *f) {
        g_autofree char *text = replace(f->text, "%{", "% {");

        if (color(s, f))
                g_string_append_printf(out, "%%{F%s}%s%%{F-}", color(s, f), text);
        else
                g_string_append(out, text);
}

static void write_tmux(GString *out, const Style *s, const Feed *f) {
        g_autofree char *text = replace(f->text, "#", "##");

        if (color(s, f))
                g_string_append_printf(out, "#[fg=%s]%s#[default]", color(s, f), text);
        else
                g_string_append(out, text);
}

static void write_genmon(GString *out, const Style *s, const Feed *f) {
        g_autofree char *text = markup(f->text), *tooltip = markup(f->tooltip);

        if (color(s, f))
                g_string_append_printf(out, "<txt><span foreground='%s'>%s</span></txt>",
                                       color(s, f), text);
        else
                g_string_append_printf(out, "<txt>%s</txt>", text);
        g_string_append_printf(out, "<tool>%s</tool>", tooltip);
        if (f->has_percentage)
                g_string_append_printf(out, "<bar>%u</bar>", f->percentage);
}

/*
 * Nothing of a line is more than text, and attributes follow the bar, which a text cannot have. The
 * space in front, which is not shown, keeps dashes from being a menu.
 */
static void write_argos_line(GString *out, const char *line, const char *foreground) {
        g_autofree char *text = replace(line, "|", "/");

        g_string_append_printf(out, " %s | useMarkup=false unescape=false emojize=false ansi=false",
                               text);
        if (foreground)
                g_string_append_printf(out, " color=%s", foreground);
}

static void write_argos(GString *out, const Style *s, const Feed *f) {
        g_auto(GStrv) lines = g_strsplit(f->tooltip, "\n", -1);

        write_argos_line(out, f->text, color(s, f));
        g_string_append(out, "\n---");
        for (char **line = lines; *line; line++) {
                g_string_append_c(out, '\n');
                write_argos_line(out, *line, NULL);
        }
}

/* Tags, of which an empty line ends the set. */
static void write_yambar(GString *out, const Style *s, const Feed *f) {
        g_string_append_printf(out, "text|string|%s\nstate|string|%s\nroaming|bool|%s\n", f->text,
                               f->state, f->roaming ? "true" : "false");
        g_string_append_printf(out, "percentage|range:0-100|%u\n", f->percentage);
}

static void write_plain(GString *out, const Style *s, const Feed *f) {
        g_string_append(out, f->text);
}

const FeedFormat *feed_format(const char *name) {
        static const FeedFormat formats[] = {
                { "text", "", "", "", true, write_plain }, /* with a template */
                { "bar", "", "", "", false, write_union },
                { "waybar", "", "", "", true, write_union },
                { "i3blocks", "", "", "", false, write_union },
                { "i3status-rust", "", "", "", false, write_union },
                { "polybar", "", "", "", true, write_polybar },
                { "i3bar", "{\"version\":1}\n[\n", ",", "]\n", false, write_i3bar },
                { "genmon", "", "", "", true, write_genmon },
                { "tmux", "", "", "", true, write_tmux },
                { "argos", "", "", "", true, write_argos },
                { "yambar", "", "", "", false, write_yambar },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
                if (g_str_equal(formats[i].name, name))
                        return &formats[i];

        return NULL;
}

char *feed_format_text(const FeedFormat *format, const Style *s, const Feed *f) {
        GString *out = g_string_new(NULL);

        if (*f->text || !format->hides_empty)
                format->write(out, s, f);
        g_string_append_c(out, '\n');
        return g_string_free(out, FALSE);
}
