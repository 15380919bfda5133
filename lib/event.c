/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "event.h"

#include <errno.h>
#include <string.h>

#include "plan-values.h"
#include "sentence.h"

void event_top_up_clear(EventTopUp *t) {
        g_clear_pointer(&t->name, g_free);
}

/* Cuts a text off at a word that stands alone in it; the part after it, or NULL. */
static char *cut_at_word(char *text, const char *word) {
        size_t length = strlen(word);

        for (char *at = text; at; at = strchr(at, ' ')) {
                if (at != text)
                        at++;
                if (g_ascii_strncasecmp(at, word, length) != 0 ||
                    (at[length] != ' ' && at[length] != '\0'))
                        continue;

                if (at > text)
                        at[-1] = '\0';
                else
                        *at = '\0';
                return at[length] ? at + length + 1 : at + length;
        }

        return NULL;
}

static int read_bytes(const char *text, uint64_t *ret, char **ret_error) {
        g_autofree char *small = g_ascii_strdown(text, -1);

        if (value_read_bytes(g_str_equal(small, "unlimited") ? small : text, ret) < 0)
                return sentence_refuse(
                        ret_error, "\"%s\" is no size: say for example 1GB, or unlimited", text);
        return 0;
}

static int read_lasts(const char *text, Length *ret, char **ret_error) {
        g_autofree char *small = g_ascii_strdown(text, -1);

        if (value_read_length(small, ret) < 0)
                return sentence_refuse(ret_error,
                                       "lasts: \"%s\" is no length: say for example 30 days, "
                                       "24h or 1 month",
                                       text);
        return 0;
}

int event_read_top_up(const char *text, EventTopUp *ret, char **ret_error) {
        g_auto(EventTopUp) t = { 0 };
        g_autofree char *rest = NULL;
        char *name, *lasts;
        int r;

        if (strlen(text) > EVENT_MAX_TEXT || !g_utf8_validate(text, -1, NULL))
                return sentence_refuse(ret_error,
                                       "A top-up is said in at most %d bytes of UTF-8: say for "
                                       "example 1GB lasts 30 days",
                                       EVENT_MAX_TEXT);

        rest = value_squeeze(text);
        name = cut_at_word(rest, "name");
        lasts = cut_at_word(rest, "lasts");
        if (name && !*name)
                return sentence_refuse(ret_error, "name: say which [TopUp] of the plan it is");
        if (!*rest && !name)
                return sentence_refuse(ret_error, "How much was bought? Say for example 1GB, or "
                                                  "name and a [TopUp] of the plan");

        r = *rest ? read_bytes(rest, &t.bytes, ret_error) : 0;
        if (r >= 0 && lasts)
                r = read_lasts(lasts, &t.lasts, ret_error);
        if (r < 0)
                return r;

        t.name = g_strdup(name);
        *ret = t;
        t.name = NULL;
        return 0;
}

char *event_write_figure(const TallyFigure *figure) {
        GString *text = g_string_new(NULL);

        if (figure->has_remaining)
                g_string_append_printf(text, "Remaining=%" G_GUINT64_FORMAT "\n",
                                       figure->remaining);
        if (figure->has_used)
                g_string_append_printf(text, "Used=%" G_GUINT64_FORMAT "\n", figure->used);
        if (figure->resolution > 0)
                g_string_append_printf(text, "Resolution=%" G_GUINT64_FORMAT "\n",
                                       figure->resolution);
        if (figure->expires_at > 0)
                g_string_append_printf(text, "Expires=%" G_GINT64_FORMAT "\n", figure->expires_at);
        if (figure->bucket)
                g_string_append_printf(text, "Bucket=%s\n", figure->bucket);

        return g_string_free(text, FALSE);
}

static int read_number(const char *text, uint64_t *ret) {
        guint64 number;

        if (!g_ascii_string_to_unsigned(text, 10, 0, UINT64_MAX, &number, NULL))
                return -EINVAL;

        *ret = number;
        return 0;
}

static int read_line(const char *key, const char *value, TallyFigure *f) {
        uint64_t expires;

        if (g_str_equal(key, "Remaining")) {
                f->has_remaining = true;
                return read_number(value, &f->remaining);
        }
        if (g_str_equal(key, "Used")) {
                f->has_used = true;
                return read_number(value, &f->used);
        }
        if (g_str_equal(key, "Resolution"))
                return read_number(value, &f->resolution);
        if (g_str_equal(key, "Expires")) {
                if (read_number(value, &expires) < 0 || expires > INT64_MAX)
                        return -EINVAL;
                f->expires_at = (int64_t) expires;
                return 0;
        }
        if (g_str_equal(key, "Bucket") && !f->bucket) {
                f->bucket = g_strdup(value);
                return 0;
        }

        return -EINVAL;
}

int event_read_figure(const char *text, TallyFigure *ret) {
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        TallyFigure f = { 0 };
        int r = 0;

        for (char **line = lines; r >= 0 && *line; line++) {
                char *equals = strchr(*line, '=');

                if (!**line)
                        continue;
                if (!equals) {
                        r = -EINVAL;
                        break;
                }
                *equals = '\0';
                r = read_line(*line, equals + 1, &f);
        }

        if (r < 0 || f.has_remaining == f.has_used) {
                event_figure_clear(&f);
                return -EINVAL;
        }

        *ret = f;
        return 0;
}

void event_figure_clear(TallyFigure *figure) {
        g_free((char *) figure->bucket);
        figure->bucket = NULL;
}
