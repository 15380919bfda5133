/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "help.h"

#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "utf8.h"

#define OPTION_COLUMNS 22
#define VERB_COLUMNS   12

/* A name, and behind it what it is, folded within its column. */
static void print_line(const Style *s, const char *name, size_t columns, const char *text) {
        printf("  ");
        if (utf8_width(name) < columns)
                print_column(name, columns);
        else
                printf("%s\n%*s", name, (int) columns + 2, "");
        print_folded(s, (const char *const[]){ text, NULL }, "", columns + 2);
}

static void print_options(const Style *s, const Verb *verb) {
        GOptionEntry entries[VERB_MAX_OPTIONS];
        Options o = { 0 };
        size_t n = verb_options(verb, &o, entries);
        g_auto(GStrv) formats = g_strsplit(verb->outputs, " ", -1);
        g_autofree char *outputs = g_strjoinv(", ", formats);

        for (size_t i = 0; i < n; i++) {
                const GOptionEntry *e = &entries[i];
                g_autofree char *name = g_strdup_printf(
                        "%c%c%c --%s%s%s", e->short_name ? '-' : ' ', e->short_name ?: ' ',
                        e->short_name ? ',' : ' ', e->long_name, e->arg_description ? " " : "",
                        e->arg_description ?: "");

                if (e->arg_data == &o.version)
                        continue; /* it is of the program, and not of a verb */
                print_line(s, name, OPTION_COLUMNS,
                           e->description ? gettext(e->description) : outputs);
        }
}

static void print_verb(const Style *s, const Verb *verb) {
        bool is_group = false;
        size_t n;
        const Verb *verbs = verb_table(&n);

        printf("simtally %s%s%s\n  ", verb->name, *verb->arguments ? " " : "", verb->arguments);
        print_folded(s, (const char *const[]){ gettext(verb->summary), NULL }, "", 2);
        putchar('\n');
        for (size_t i = 0; i < n; i++) {
                g_autofree char *call = g_strdup_printf("%s %s", verbs[i].name, verbs[i].arguments);

                if (verb_is_of(&verbs[i], verb->name) && &verbs[i] != verb) {
                        print_line(s, call, OPTION_COLUMNS, gettext(verbs[i].summary));
                        is_group = true;
                }
        }
        if (is_group)
                putchar('\n');
        print_options(s, verb);
}

/* "show, set, edit": the verbs of a group; NULL where it has none. */
static char *group_text(const char *group) {
        g_autoptr(GString) names = g_string_new(NULL);
        size_t n;
        const Verb *verbs = verb_table(&n);

        for (size_t i = 0; i < n; i++)
                if (verb_is_of(&verbs[i], group) && !g_str_equal(verbs[i].name, group))
                        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                               verbs[i].name + strlen(group) + 1);

        return names->len > 0 ? g_strdup(names->str) : NULL;
}

static void print_verbs(const Style *s) {
        size_t n;
        const Verb *verbs = verb_table(&n);

        printf(_("simtally [VERB] [OPTION...]\n"));
        for (size_t i = 0; i < n; i++) {
                g_autofree char *group = group_text(verbs[i].name), *text = NULL;
                const char *summary = gettext(verbs[i].summary);

                if (strchr(verbs[i].name, ' '))
                        continue;
                text = group ? g_strdup_printf(_("%s (%s)"), summary, group) : g_strdup(summary);
                print_line(s, verbs[i].name, VERB_COLUMNS, text);
        }
        printf(_("simtally VERB --help says more, and simtally(1) all of it.\n"));
}

void help_print(const Verb *verb) {
        g_auto(Style) style = { 0 };

        style_init(&style, SIZE_SI, 0);
        if (verb)
                print_verb(&style, verb);
        else
                print_verbs(&style);
}
