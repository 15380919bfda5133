/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What --help says, on a screen of 80 columns. */

#include "verb-table.h"

/* Of a verb, and those of its group; of all verbs where none was said (NULL). */
void help_print(const Verb *verb);
