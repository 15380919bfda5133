/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The keys of a query's text: where each is kept, how it is read and how it is written. */

#include "query.h"

typedef enum QueryValue {
        QUERY_VALUE_TEXT,
        QUERY_VALUE_LIST,
        QUERY_VALUE_METHODS,
        QUERY_VALUE_YES_OR_NO,
        QUERY_VALUE_LENGTH, /* that is so many seconds */
        QUERY_VALUE_NUMBER,
        QUERY_VALUE_ASK,
} QueryValue;

typedef struct QueryKey {
        const char *name;
        QueryValue value;
        gsize offset;                /* in Query; all but Method and Ask */
        int (*check)(const char *s); /* each text: -EINVAL, or -ERANGE */
        int64_t least, most;         /* seconds, or the number itself */
        QueryMethod method;          /* that it belongs to; QUERY_NONE: to all */
        const char *wanted, *bounds; /* ends of sentences */
} QueryKey;

const QueryKey *query_keys(size_t *ret_n);

/* -EINVAL: it is none of these, see wanted; -ERANGE: out of bounds. */
int query_value_read(const QueryKey *key, const char *text, Query *q);

/* NULL where nothing was said. */
char *query_value_write(const QueryKey *key, const Query *q);
