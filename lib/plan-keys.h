/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The keys of a plan's text: where each of them is kept, how it is read and how it is written. */

#include "plan.h"

#define PLAN_MAX_NAME 64 /* bytes, of a bucket, a limit or a top-up */

typedef enum PlanValue {
        VALUE_BYTES,
        VALUE_SIZE, /* PLAN_UNLIMITED is nothing said */
        VALUE_PER_SESSION,
        VALUE_LENGTH,
        VALUE_STEP, /* a length without calendar months */
        VALUE_LENGTHS,
        VALUE_AFTER_TOP_UP,
        VALUE_AFTER_EXPIRY,
        VALUE_LOCAL_TIME,
        VALUE_DAY,
        VALUE_TIME,
        VALUE_UNTIL_TIME,
        VALUE_MONEY,
        VALUE_TIERS,
        VALUE_AT_ZERO,
        VALUE_WARN,
        VALUE_YES,
        VALUE_YES_OR_NO,
        VALUE_DIRECTION,
        VALUE_SESSION,
        VALUE_BILLING,
        VALUE_DAY_END,
        VALUE_LIMIT_UNTIL,
        VALUE_START,
        VALUE_ROLL_OVER,
        VALUE_WHERE,
        VALUE_WINDOWS,
        VALUE_ORDER,
        VALUE_ZONE,
        VALUE_NAME, /* of a plan or an operator */
        VALUE_NOTE,
        VALUE_URL,
        VALUE_BUCKET,
        VALUE_ICCID,
        VALUE_PLMN,
        VALUE_OVER,
        VALUE_AFTER,
        VALUE_THEN,
        VALUE_DURING,
} PlanValue;

typedef struct PlanKey {
        const char *name;
        gsize offset; /* in the group's struct */
        PlanValue value;
} PlanKey;

typedef enum PlanGroup {
        GROUP_PLAN,
        GROUP_BUCKET,
        GROUP_LIMIT,
        GROUP_TOP_UP,
        GROUP_MATCH,
        N_GROUPS,
} PlanGroup;

/* "Plan", "Bucket", …; all but [Plan] and [Match] have a name of their own after that word. */
const char *plan_group_name(PlanGroup group);
bool plan_group_is_named(PlanGroup group);

/* A group's keys, in the order in which they are written. */
const PlanKey *plan_keys(PlanGroup group, size_t *ret_n);

/*
 * Reads a value into the struct of its group. -EINVAL: plan_value_wanted() says what it would have
 * to be; -ERANGE: plan_value_bounds() says from where to where it may go.
 */
int plan_value_read(const PlanKey *key, const char *text, void *group);

/* The ends of sentences: "is no length; say for example 1 month, 10 days or 24h". */
const char *plan_value_wanted(PlanValue value);
const char *plan_value_bounds(PlanValue value);

/* NULL where nothing was said. */
char *plan_value_write(const PlanKey *key, const void *group);
