/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The command line: finds the verb, reads its options, runs it. */

#include <stdio.h>
#include <string.h>

#include "complete.h"
#include "help.h"
#include "i18n.h"
#include "verb-table.h"

#define DEFAULT_WAIT_SECONDS 25

static ExitCode check_options(const Verb *verb, Options *o, int n_words, char **words) {
        g_auto(GStrv) outputs = g_strsplit(verb->outputs, " ", -1);

        if (n_words > 0 && verb->most == 0)
                return usage(_("there is no simtally %s %s"), verb->name, words[0]);
        if (n_words < verb->least || n_words > verb->most)
                return usage(_("it is simtally %s %s"), verb->name, verb->arguments);

        if (!o->output)
                o->output = g_strdup(outputs[0] ?: "");
        else if (!g_strv_contains((const char *const *) outputs, o->output))
                return usage(_("%s has no format %s"), verb->name, o->output);

        if (!o->unit || g_str_equal(o->unit, "si"))
                o->size_unit = SIZE_SI;
        else if (g_str_equal(o->unit, "iec"))
                o->size_unit = SIZE_IEC;
        else if (g_str_equal(o->unit, "bytes"))
                o->size_unit = SIZE_BYTES;
        else
                return usage(_("%s is no unit: si, iec or bytes"), o->unit);

        if (o->width < 0 || o->wait_seconds < 1)
                return usage(_("widths and waits are above 0"));
        return EXIT_CODE_OK;
}

/* The first word that is no option and no option's value; argc where there is none. */
static int first_word(int argc, char **argv) {
        int i = 1;

        while (i < argc && argv[i][0] == '-' && !g_str_equal(argv[i], "--"))
                i += verb_option_takes_value(argv[i]) ? 2 : 1;

        return MIN(i, argc);
}

static void drop_words(int *argc, char **argv, int at, int n) {
        memmove(&argv[at], &argv[at + n], (size_t) (*argc - at - n + 1) * sizeof(char *));
        *argc -= n;
}

/* The verb is the first word, or the first two; NULL where there is none. */
static ExitCode choose_verb(int *argc, char **argv, const Verb **ret) {
        int at = first_word(*argc, argv);
        g_autofree char *two = NULL;
        const Verb *verb;

        if (at == *argc || argv[at][0] == '-') {
                *ret = NULL;
                return EXIT_CODE_OK;
        }

        two = at + 1 < *argc ? g_strdup_printf("%s %s", argv[at], argv[at + 1]) : g_strdup("");
        verb = verb_find(two);
        if (verb)
                drop_words(argc, argv, at, 2);
        else {
                verb = verb_find(argv[at]);
                if (!verb)
                        return usage(_("there is no verb %s"), argv[at]);
                drop_words(argc, argv, at, 1);
        }

        *ret = verb;
        return EXIT_CODE_OK;
}

static ExitCode parse_options(const Verb *verb, Options *o, int *argc, char ***argv) {
        g_autoptr(GOptionContext) context = g_option_context_new(NULL);
        GOptionEntry entries[VERB_MAX_OPTIONS + 1] = { 0 };
        g_autoptr(GError) error = NULL;

        (void) verb_options(verb, o, entries);
        g_option_context_set_help_enabled(context, FALSE);
        g_option_context_add_main_entries(context, entries, NULL);
        if (!g_option_context_parse(context, argc, argv, &error))
                return usage("%s", error->message);
        return EXIT_CODE_OK;
}

static ExitCode run(int argc, char **argv) {
        g_auto(Options) options = { .wait_seconds = DEFAULT_WAIT_SECONDS };
        const Verb *said, *verb;
        ExitCode code;
        size_t n;

        code = choose_verb(&argc, argv, &said);
        if (code != EXIT_CODE_OK)
                return code;

        verb = said ?: verb_table(&n);
        code = parse_options(verb, &options, &argc, &argv);
        if (code != EXIT_CODE_OK)
                return code;
        if (options.version) {
                printf("simtally %s\n", SIMTALLY_VERSION);
                return EXIT_CODE_OK;
        }
        if (options.help) {
                help_print(said);
                return EXIT_CODE_OK;
        }

        code = check_options(verb, &options, argc - 1, argv + 1);
        return code == EXIT_CODE_OK ? verb->run(&options, argv + 1) : code;
}

int main(int argc, char **argv) {
        ExitCode code;

        i18n_init();
        if (argc > 2 && g_str_equal(argv[1], "--complete"))
                code = complete_print(argc - 2, argv + 2);
        else
                code = run(argc, argv);

        /* A reader that went away, or a full disk, is a failure too. */
        if ((fflush(stdout) != 0 || ferror(stdout)) && code == EXIT_CODE_OK)
                return EXIT_CODE_FAILED;
        return code;
}
