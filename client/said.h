/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the daemon said in English, in the reader's language. Its sentences are translated by those
 * who show them: those without values as they are, the others by the list here of what they are
 * made from.
 */

/* The caller's to free; the English where it is none of them. */
char *said_translate(const char *english);
