/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "said.h"

#include <stdbool.h>
#include <string.h>

#include "i18n.h"

/* To the letter as they are made in daemon/ and lib/: a test holds them against each other. */
static const struct {
        const char *format;
        bool has_words; /* its values are words of ours, or of the modem, and nobody's names */
} sentences[] = {
        /* Translators: %d is minutes; MinimumDelay and DailyMaximum are names of keys. */
        { N_("The carrier was asked not long ago: ask again in %d min, or see MinimumDelay and "
             "DailyMaximum in the query"),
          false },
        { N_("The modem refused the %s: %s"), true },
        { N_("This modem has no %s"), true },
        { N_("This modem, or its SIM, has no %s"), true },
        { N_("The command failed, with %d"), false },
        { N_("The command was ended by signal %d"), false },
        { N_("The command %s is a link: say %s"), false },
        { N_("The command %s: %s"), false },
        { N_("%s does not belong to root: chown root it"), false },
        { N_("%s is no program that nobody may run: chmod a+rx it"), false },
        { N_("Others than root may write to %s: chmod go-w it"), false },
        { N_("the command's output has more than %d names"), false },
        { N_("the command's output is longer than %d KiB, or not UTF-8"), false },
        { N_("the command's output is no flat JSON object, at %s; let it say for example "
             "{\"remaining_bytes\": 1200000000}"),
          false },
        { N_("the command's output: %s: %s is no whole number of bytes or seconds"), false },
        { N_("%s is not understood: a figure has RemainingBytes or UsedBytes, and Bucket, At, "
             "ExpiresAt"),
          false },
        { N_("A label has at most %d bytes: give a shorter one"), false },
        { N_("More than %d events of a SIM are not kept: forget the SIM, or ask its programs to "
             "tell less"),
          false },
        { N_("More than %d periods: ask for less time"), false },
        { N_("More than %d rows: ask for less time or longer slices"), false },
        { N_("No carrier answers with more than %d KiB"), false },
        { N_("The plan has no [TopUp %s]: say how much was bought, or add it to the plan"), false },
        { N_("The plan has no bucket %s: see the property Buckets"), false },
};

/* Up to the next value of a format, or its end. */
static size_t literal_length(const char *format) {
        size_t n = 0;

        while (format[n] && !(format[n] == '%' && strchr("sd", format[n + 1])))
                n++;
        return n;
}

/* The values of a sentence, in their order. NULL: it is not made from this format. */
static GPtrArray *take_apart(const char *format, const char *sentence) {
        g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
        size_t n = literal_length(format);

        if (strncmp(format, sentence, n) != 0)
                return NULL;

        for (sentence += n, format += n; *format;) {
                bool is_number = format[1] == 'd';
                g_autofree char *literal = NULL, *value = NULL;
                const char *end;

                format += strlen("%s");
                n = literal_length(format);
                literal = g_strndup(format, n);
                end = format[n]                             ? strstr(sentence, literal)
                      : g_str_has_suffix(sentence, literal) ? sentence + strlen(sentence) - n
                                                            : NULL;
                if (!end || end == sentence)
                        return NULL;

                value = g_strndup(sentence, (size_t) (end - sentence));
                if (is_number && value[strspn(value, "0123456789")])
                        return NULL;
                g_ptr_array_add(values, g_steal_pointer(&value));
                sentence = end + n;
                format += n;
        }

        return *sentence ? NULL : g_steal_pointer(&values);
}

/* "%s", or "%2$s" where the language has another order. */
static const char *next_value(const char **at, const GPtrArray *values, guint *n_taken) {
        const char *c = *at + 1;
        guint i = *n_taken;

        if (g_ascii_isdigit(c[0]) && c[1] == '$') {
                i = (guint) (c[0] - '1');
                c += 2;
        }
        if ((*c != 's' && *c != 'd') || i >= values->len)
                return NULL;

        *n_taken = i + 1;
        *at = c + 1;
        return values->pdata[i];
}

static char *put_together(const char *format, const GPtrArray *values) {
        GString *sentence = g_string_new(NULL);
        guint n_taken = 0;

        for (const char *c = format; *c;) {
                const char *value = *c == '%' ? next_value(&c, values, &n_taken) : NULL;

                if (value)
                        g_string_append(sentence, value);
                else
                        g_string_append_c(sentence, *c++);
        }

        return g_string_free(sentence, FALSE);
}

char *said_translate(const char *english) {
        const char *translated = *english ? gettext(english) : english;

        if (translated != english)
                return g_strdup(translated);

        for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++) {
                g_autoptr(GPtrArray) values = take_apart(sentences[i].format, english);

                if (!values)
                        continue;
                for (guint k = 0; sentences[i].has_words && k < values->len; k++) {
                        char *word = values->pdata[k];

                        values->pdata[k] = g_strdup(gettext(word));
                        g_free(word);
                }
                return put_together(gettext(sentences[i].format), values);
        }

        return g_strdup(english);
}
