/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What was said, before it is a plan. */

#include "words.h"

/* A date as people say it. */
typedef struct WordsDate {
        bool is_said, is_relative;
        int days;       /* is_relative: from today on */
        LocalTime date; /* year 0: the nearest one, or the next one */
} WordsDate;

/* One amount, with all that was said of it. */
typedef struct WordsPart {
        uint64_t bytes;
        Length every;
        int day;     /* of the month; 0: not said */
        int weekday; /* 0: Monday; -1: not said */
        int at;      /* TIME_NONE: not said */
        Length lasts;
        StartKind from; /* START_AT: from_date */
        WordsDate from_date, until;
        AtZero then;
        Where where; /* owned until it moves to a bucket */
        bool is_where_said;
        int roll_over;
        bool is_within; /* the first part */
        bool has_figure, is_left;
        uint64_t figure;
} WordsPart;

typedef struct WordsRead {
        WordsPart parts[WORDS_MAX_PARTS];
        int n_parts;
        char *zone, *name; /* NULL: not said */
} WordsRead;

void words_part_init(WordsPart *part, uint64_t bytes);
void words_read_clear(WordsRead *said);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WordsRead, words_read_clear)

/* From the words to what was said; *ret must have been cleared. */
int words_parse(const char *text, WordsRead *ret, char **ret_error);

/* From what was said to a plan. */
int words_compile(WordsRead *said, int64_t now, GTimeZone *zone, Words **ret, char **ret_error);
