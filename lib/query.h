/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * How the carrier of a SIM is asked what is left: a text of one group, in the manner of a plan's.
 *
 *     [Query]
 *     Method=ussd;sms
 *     Code=*111#
 *     Answers=1;2
 *     To=111
 *     Text=DATA
 *     Senders=111;Carrier
 *
 * Nothing here sends anything. What may be sent is what the owner has confirmed, word for word: see
 * query_sent_text().
 */

#include "plan.h"

#define QUERY_MAX_BYTES   (8 * 1024)
#define QUERY_MAX_METHODS 3

typedef enum QueryMethod {
        QUERY_NONE,
        QUERY_SMS,
        QUERY_USSD,
        QUERY_COMMAND,
        N_QUERY_METHODS,
} QueryMethod;

typedef struct Query {
        QueryMethod methods[QUERY_MAX_METHODS]; /* the next one where one fails */
        unsigned n_methods;                     /* 0: Method=none */
        char *to, *text;                        /* SMS */
        char *code;                             /* USSD … */
        char **answers;       /* … and what its menus are answered; NULL: nothing */
        char *command;        /* the path of the owner's own program */
        char **senders;       /* of answers by SMS; NULL: `to`, if SMS is asked */
        char *pattern;        /* the owner's own, for the reply; NULL */
        char *cost;           /* for people; NULL */
        int abroad;           /* 1: it may be asked abroad, too; -1: not; 0: not */
        Length minimum_delay; /* LENGTH_NONE: as query_minimum_delay() says */
        int daily_maximum;    /* 0: as query_daily_maximum() says */
        Length lag;           /* the carrier's figure is this old */
        bool asks_by_hand;    /* said so, which is usual */
        Length ask_age;       /* when the last report is older, and … */
        uint64_t ask_bytes;   /* … so much was counted since; PLAN_UNLIMITED: none */
        Length ask_before_expiry;
} Query;

Query *query_free(Query *q);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Query, query_free)

/* -EINVAL: *ret_error is a sentence that names the line, and says what would be right. */
int query_parse(const char *text, gsize length, Query **ret, char **ret_error);

/* The same text in its stable form: it reads back to the same. */
char *query_print(const Query *q);

const char *query_method_to_string(QueryMethod method);
bool query_has_method(const Query *q, QueryMethod method);

/*
 * What a method sends, as its owner has to confirm it: the text of an SMS; the code and the answers
 * with semicolons between them; the path of a command. NULL: the method is not used. And to whom:
 * "" but for an SMS.
 */
char *query_sent_text(const Query *q, QueryMethod method);
const char *query_sent_to(const Query *q, QueryMethod method);

/* In seconds, between two questions; and how often in any 24 hours at most. */
int64_t query_minimum_delay(const Query *q);
int query_daily_maximum(const Query *q);

/* May a message of this sender be the answer? Blanks and hyphens of a number do not matter. */
bool query_accepts_sender(const Query *q, const char *sender);
