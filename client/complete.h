/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a shell offers after Tab: the scripts in data/completion ask for it. */

#include "remote.h"

/*
 * Prints what the last of the words after "simtally" may become, one a line, each with what it is
 * after a tab. Nothing is printed where a file is wanted, or where nothing is known.
 */
ExitCode complete_print(int n_words, char **words);
