/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The parts of a sentence, each of which begins with a word that says what it is about. */

#include "words-scan.h"

typedef struct Reader {
        Scan scan;
        WordsRead *said;
        WordsPart *part; /* the one that is being read */
} Reader;

/* Refuses the words that come next, with what they ought to be. */
int clause_refuse(Reader *r, const char *before, const char *wanted);
int clause_refuse_twice(Reader *r, const char *what);

/* The word itself has been taken. 0 or more, or -EINVAL with a sentence. */
int clause_daily(Reader *r);
int clause_weekly(Reader *r);
int clause_monthly(Reader *r);
int clause_yearly(Reader *r);
int clause_every(Reader *r);
int clause_on(Reader *r);
int clause_at(Reader *r);
int clause_for(Reader *r);
int clause_from(Reader *r);
int clause_until(Reader *r);
int clause_home(Reader *r);
int clause_anywhere(Reader *r);
int clause_in(Reader *r);
int clause_abroad(Reader *r);
int clause_then(Reader *r);
int clause_rollover(Reader *r);
int clause_zone(Reader *r);
int clause_left(Reader *r);
int clause_used(Reader *r);
