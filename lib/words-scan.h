/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A sentence as words, and the values in it: each of these takes as many words as are its value.
 *
 * They return 1 where the next words are one, 0 (and take nothing) where they are none, and -EINVAL
 * with a sentence where they are one that cannot be.
 */

#include "words-internal.h"

typedef struct Word {
        char *text, *lower;
        bool is_quoted, has_comma; /* after it */
} Word;

typedef struct Scan {
        GPtrArray *words; /* Word */
        guint next;
        char **ret_error;
} Scan;

/* -EINVAL: too long, not UTF-8, or a quotation mark without its second. */
int scan_init(Scan *s, const char *text, char **ret_error);
void scan_clear(Scan *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scan, scan_clear)

/* The n-th of the words that come next, in small letters; "" after the end. */
const char *scan_peek(const Scan *s, guint n);

/* The next word as it was written; "" after the end. */
const char *scan_written(const Scan *s);

bool scan_is_done(const Scan *s);

/* Whether a comma stands before the next word. */
bool scan_is_after_comma(const Scan *s);

/* Takes the next word if it is this one. */
bool scan_accept(Scan *s, const char *word);

/* The next n words, with single spaces; NULL where there are not so many. */
char *scan_join(const Scan *s, guint n);

int scan_size(Scan *s, uint64_t *ret);
int scan_rate(Scan *s, uint64_t *ret_bps);
int scan_money(Scan *s, Money *ret);
int scan_length(Scan *s, Length *ret);
int scan_time(Scan *s, int *ret_minutes);
int scan_day_number(Scan *s, int *ret); /* 15, 15th, the 15th */
int scan_weekday(Scan *s, int *ret);
int scan_date(Scan *s, WordsDate *ret);
int scan_place(Scan *s, GArray *mccs);
