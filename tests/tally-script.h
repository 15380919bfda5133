/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Facts and expected answers as rows of text, for tables that can be read beside a carrier's words.
 *
 * What happens:   "use 1.5GB", "use 1GB in 440", "use 1GB abroad 450", "use 1GB session 7",
 *                 "topup coupon", "buy 1GB for 30 days", "left 2GB", "left 2GB of monthly",
 *                 "used 1GB", "good until 2026-12-01", "report left 6GB to 1GB" (so exact are its
 *                 words), "install", "network abroad 450"
 * What is said:   "low, left 1GB, used 4GB, over 0B, limit 5GB, unlimited, start 2026-11-01,
 *                 end 2026-12-01, expires 2026-12-01 09:30, rate 300kbit/s, lifts 2026-12-01,
 *                 charged 440, alive 2027-05-01, daily: left 0B used 1GB rolled 1GB over 1GB begun
 *                 expired waiting, nothing here"; "expires -" is never. Of the carrier's last
 *                 figure: "agrees, differs, question" (was something bought?), and "drift 12.5".
 * Times are on the clocks of the plan's zone: "2026-11-01 10:00", with ":59" for seconds.
 */

#include "tally.h"

typedef struct ScriptRow {
        const char *at;
        const char *happens;  /* NULL: nothing; or another plan's text, "[Plan]…", from then on */
        const char *expected; /* right after it; NULL: not asked */
        const char *words;    /* the carrier's, or the rule, that it follows from */
} ScriptRow;

Plan *script_plan(const char *text);
int64_t script_instant(GTimeZone *zone, const char *local);

/* Fails, and names the row, where an answer is another than expected. */
void script_check(const char *plan, const ScriptRow *rows, gsize n_rows);

/* The tally after the rows. The plans that it needs are added to `plans` (plan_free). */
Tally *script_tally(const char *plan, const ScriptRow *rows, gsize n_rows, GPtrArray *plans);
GPtrArray *script_plans(void);

#define SCRIPT(plan, rows) script_check(plan, rows, G_N_ELEMENTS(rows))
