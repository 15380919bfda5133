/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Parts of the sentences that say what is wrong with a text, and what would be right. They are in
 * the language of the program's locale: English in one that never sets it, as the daemon. Each
 * format is translated, and each text that was marked with N_() where it stands in a table.
 */

#include <glib.h>
#include <stddef.h>

/* The text in quotation marks, fit to be shown and shortened. The caller's to free. */
char *sentence_quote(const char *text);

/*
 * Which of the known words was meant: the nearest one, in any case, or NULL where none is near. The
 * result is one of the pointers given.
 */
const char *sentence_nearest(const char *word, const char *const *known, size_t n_known);

#ifndef N_
#define N_(english) (english) /* as glib/gi18n.h has it */
#endif

/* The result lives as long as the program. */
const char *sentence_translate(const char *english) G_GNUC_FORMAT(1);

/* Writes the sentence, its format translated, to *ret_error, and returns -EINVAL. */
int sentence_refuse(char **ret_error, const char *format, ...) G_GNUC_PRINTF(2, 3);
