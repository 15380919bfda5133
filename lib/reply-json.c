/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* RFC 8259, as far as one object of plain values goes. */

#include "reply-json.h"

#include <errno.h>
#include <string.h>

#include "calendar.h"
#include "sentence.h"

#define MOST_BYTES   UINT64_C(1000000000000000000) /* 10^18, as of all amounts */
#define MAX_NAMES    64
#define BLANKS       " \t\n\r"
#define NUMBER_CHARS "+-.0123456789eE"

typedef struct Scan {
        const char *next;
        char **ret_error;
} Scan;

/* What was said; the text is owned. */
typedef struct Said {
        bool has_remaining, has_used, has_limit, has_resolution, has_expires;
        uint64_t remaining, used, limit, resolution, expires;
        char *text;
} Said;

static void said_clear(Said *s) {
        g_clear_pointer(&s->text, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Said, said_clear)

static void skip_blanks(Scan *s) {
        s->next += strspn(s->next, BLANKS);
}

static bool accept(Scan *s, char c) {
        skip_blanks(s);
        if (*s->next != c)
                return false;

        s->next++;
        return true;
}

static int refuse_syntax(Scan *s) {
        g_autofree char *quoted = sentence_quote(s->next);

        return sentence_refuse(s->ret_error,
                               "the command's output is no flat JSON object, at %s; let it say for "
                               "example {\"remaining_bytes\": 1200000000}",
                               quoted);
}

/* Four hexadecimal digits; -1. */
static gint32 read_hex(const char *text) {
        gint32 sum = 0;

        for (int i = 0; i < 4; i++) {
                if (!g_ascii_isxdigit(text[i]))
                        return -1;
                sum = sum * 16 + g_ascii_xdigit_value(text[i]);
        }

        return sum;
}

/* After \u: one UTF-16 unit, or two that are one character. */
static bool read_unicode(Scan *s, GString *text) {
        gint32 high = read_hex(s->next), low;

        if (high <= 0)
                return false;
        s->next += 4;
        if (high >= 0xd800 && high < 0xdc00) {
                if (s->next[0] != '\\' || s->next[1] != 'u')
                        return false;
                low = read_hex(s->next + 2);
                if (low < 0xdc00 || low > 0xdfff)
                        return false;
                s->next += 6;
                high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        } else if (high >= 0xdc00 && high < 0xe000) {
                return false;
        }

        g_string_append_unichar(text, (gunichar) high);
        return true;
}

static bool read_escape(Scan *s, GString *text) {
        static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
        const char *found = *s->next ? strchr(from, *s->next) : NULL;

        if (found) {
                g_string_append_c(text, to[found - from]);
                s->next++;
                return true;
        }
        if (*s->next != 'u')
                return false;

        s->next++;
        return read_unicode(s, text);
}

static int read_string(Scan *s, char **ret) {
        g_autoptr(GString) text = g_string_new(NULL);

        if (!accept(s, '"'))
                return refuse_syntax(s);

        while (*s->next != '"') {
                if ((unsigned char) *s->next < 0x20)
                        return refuse_syntax(s); /* the end of all included */
                if (*s->next != '\\') {
                        g_string_append_c(text, *s->next++);
                        continue;
                }
                s->next++;
                if (!read_escape(s, text))
                        return refuse_syntax(s);
        }

        s->next++;
        *ret = g_strdup(text->str);
        return 0;
}

/* A number, true, false or null: as it stands. */
static int read_word(Scan *s, char **ret) {
        static const char *const words[] = { "true", "false", "null" };
        size_t n;

        skip_blanks(s);
        n = strspn(s->next, NUMBER_CHARS);
        for (size_t i = 0; n == 0 && i < G_N_ELEMENTS(words); i++)
                if (g_str_has_prefix(s->next, words[i]))
                        n = strlen(words[i]);
        if (n == 0)
                return refuse_syntax(s);

        *ret = g_strndup(s->next, n);
        s->next += n;
        return 0;
}

/* Whole; a fraction of zeros (1e3, 5.0) is what some languages write. */
static int read_amount(Scan *s, const char *name, const char *word, uint64_t *ret) {
        g_autofree char *quoted = sentence_quote(word);
        char *end;
        guint64 whole;
        double real;

        if (g_ascii_string_to_unsigned(word, 10, 0, MOST_BYTES, &whole, NULL)) {
                *ret = whole;
                return 0;
        }

        real = g_ascii_strtod(word, &end);
        if (end == word || *end || !(real >= 0 && real <= (double) MOST_BYTES) ||
            real != (double) (uint64_t) real)
                return sentence_refuse(
                        s->ret_error,
                        "the command's output: %s: %s is no whole number of bytes or "
                        "seconds",
                        name, quoted);

        *ret = (uint64_t) real;
        return 0;
}

static int keep(Scan *s, const char *name, const char *word, Said *said) {
        const struct {
                const char *name;
                bool *has;
                uint64_t *number;
        } numbers[] = {
                { "remaining_bytes", &said->has_remaining, &said->remaining },
                { "used_bytes", &said->has_used, &said->used },
                { "limit_bytes", &said->has_limit, &said->limit },
                { "resolution_bytes", &said->has_resolution, &said->resolution },
                { "expires_at", &said->has_expires, &said->expires },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
                if (strcmp(numbers[i].name, name) != 0 || strcmp(word, "null") == 0)
                        continue;
                *numbers[i].has = true;
                return read_amount(s, name, word, numbers[i].number);
        }

        return 0;
}

static int read_member(Scan *s, Said *said) {
        g_autofree char *name = NULL, *value = NULL;
        int r;

        r = read_string(s, &name);
        if (r < 0)
                return r;
        if (!accept(s, ':'))
                return refuse_syntax(s);

        skip_blanks(s);
        if (*s->next == '"') {
                r = read_string(s, &value);
                if (r >= 0 && strcmp(name, "text") == 0 && !said->text)
                        said->text = g_steal_pointer(&value);
                return r;
        }

        r = read_word(s, &value);
        return r < 0 ? r : keep(s, name, value, said);
}

static int read_object(Scan *s, Said *said) {
        int r;

        if (!accept(s, '{'))
                return refuse_syntax(s);

        for (int n = 0; !accept(s, '}'); n++) {
                if (n == MAX_NAMES)
                        return sentence_refuse(s->ret_error,
                                               "the command's output has more than %d names",
                                               MAX_NAMES);
                if (n > 0 && !accept(s, ','))
                        return refuse_syntax(s);
                r = read_member(s, said);
                if (r < 0)
                        return r;
        }

        skip_blanks(s);
        return *s->next ? refuse_syntax(s) : 0;
}

int reply_from_json(const char *json, const char *pattern, const ReplyOrigin *origin, Reply *ret,
                    char **ret_error) {
        Scan s = { json, ret_error };
        g_auto(Said) said = { 0 };
        int r;

        if (strlen(json) > REPLY_JSON_MAX_BYTES || !g_utf8_validate(json, -1, NULL))
                return sentence_refuse(ret_error,
                                       "the command's output is longer than %d KiB, or not UTF-8",
                                       REPLY_JSON_MAX_BYTES / 1024);
        r = read_object(&s, &said);
        if (r < 0)
                return r;
        if (said.expires > CALENDAR_LAST)
                return sentence_refuse(
                        ret_error, "the command's output: expires_at is UNIX seconds, up to the "
                                   "end of 9999");

        if (!said.has_remaining && !said.has_used) {
                if (said.text)
                        return reply_read(said.text, pattern, origin, ret);
                return sentence_refuse(ret_error,
                                       "the command's output has neither remaining_bytes nor "
                                       "used_bytes, nor a text");
        }

        *ret = (Reply){ .verdict = REPLY_FIGURE,
                        .has_remaining = said.has_remaining,
                        .has_used = said.has_used,
                        .has_limit = said.has_limit,
                        .has_expires = said.expires > 0,
                        .remaining = said.remaining,
                        .used = said.used,
                        .limit = said.limit,
                        .resolution = said.resolution,
                        .expires_at = (int64_t) said.expires };
        return 0;
}
