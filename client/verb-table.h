/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The verbs of the command line: which there are, and what can be said to each of them. */

#include "verbs.h"

#define ANY_WORDS        G_MAXINT
#define VERB_MAX_OPTIONS 40

typedef struct Verb {
        const char *name;
        const char *arguments; /* for --help */
        const char *summary;
        int least, most;     /* words after the verb; ANY */
        const char *outputs; /* those that -o knows, the first is the default; "" for none */
        unsigned options;
        ExitCode (*run)(Options *o, char **words);
} Verb;

/* All of them; the first one is meant where none is said. */
const Verb *verb_table(size_t *ret_n);
const Verb *verb_find(const char *name); /* NULL: there is none */

/* Whether a verb is of a group: "plan check" is of plan. */
bool verb_is_of(const Verb *verb, const char *group);

/*
 * The options of a verb (NULL: of all of them), which set those of *o, to *entries; how many they
 * are. Their descriptions are to be translated; that of --output is in the verb itself.
 */
size_t verb_options(const Verb *verb, Options *o, GOptionEntry entries[VERB_MAX_OPTIONS]);

/* Whether what comes after it is the value of this option: "-s", "--sim", but not "--sim=7719". */
bool verb_option_takes_value(const char *option);
