/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What becomes of it at this pace: when it runs out, how much is safe today, what will be spare. */

#include "tally.h"

typedef struct Forecast {
        int64_t end;    /* of the period, or of the validity if that is sooner; 0: none */
        double elapsed; /* of the period, 0 to 1: the even pace of a bar; 0 where it has no end */
        bool has_safe;  /* the two figures below mean something */
        uint64_t safe_today; /* so much more today, then the days that are left have even parts */
        uint64_t safe_daily; /* the even part of each day from tomorrow on, if none is used today */
        bool speaks;         /* not before a day, and a tenth of the period, have shown a pace */
        uint64_t per_day;    /* the pace since the period began, in bytes */
        int64_t runs_out_at; /* 0: not before the end */
        uint64_t spare;   /* left at the end; what is bought then is lost, unless it rolls over */
        uint64_t missing; /* what will be lacking at the end */
} Forecast;

/*
 * used_today: the bytes, of the direction that counts, since the midnight of `zone`, whose days are
 * the days of "today" and "a day".
 */
Forecast forecast_at(const TallyAnswer *a, int64_t now, GTimeZone *zone, uint64_t used_today);
