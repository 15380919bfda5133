/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "plan.h"

#include <string.h>

static void free_array(GArray *array) {
        if (array)
                g_array_unref(array);
}

static void bucket_free(void *data) {
        Bucket *b = data;

        g_free(b->name);
        g_free(b->zone);
        g_free(b->starts.after);
        g_free(b->within);
        free_array(b->where.mccs);
        free_array(b->free_hours);
        free_array(b->hours);
        free_array(b->warn);
        g_free(b);
}

static void limit_free(void *data) {
        Limit *l = data;

        g_free(l->name);
        g_free(l->zone);
        free_array(l->where.mccs);
        g_free(l);
}

static void top_up_free(void *data) {
        TopUp *t = data;

        g_free(t->name);
        g_free(t);
}

Plan *plan_new(void) {
        Plan *p = g_new(Plan, 1);

        *p = (Plan){ .pace = -1,
                     .buckets = g_ptr_array_new_with_free_func(bucket_free),
                     .limits = g_ptr_array_new_with_free_func(limit_free),
                     .top_ups = g_ptr_array_new_with_free_func(top_up_free) };
        return p;
}

Plan *plan_free(Plan *p) {
        if (!p)
                return NULL;

        g_free(p->name);
        g_free(p->zone);
        free_array(p->warn);
        free_array(p->warn_expiry);
        free_array(p->tiers);
        g_free(p->top_up_url);
        g_free(p->check_url);
        g_free(p->app);
        g_free(p->support);
        g_free(p->support_cost);
        g_free(p->note);
        g_ptr_array_unref(p->buckets);
        g_ptr_array_unref(p->limits);
        g_ptr_array_unref(p->top_ups);
        g_free(p->match.iccid);
        g_free(p->match.operator);
        g_free(p->match.plmn);
        g_free(p);
        return NULL;
}

Bucket *bucket_new(const char *name) {
        Bucket *b = g_new(Bucket, 1);

        *b = (Bucket){ .name = g_strdup(name), .at = TIME_NONE, .roll_cap = PLAN_UNLIMITED };
        return b;
}

Limit *limit_new(const char *name) {
        Limit *l = g_new(Limit, 1);

        *l = (Limit){ .name = g_strdup(name),
                      .then_at = TIME_NONE,
                      .during_from = TIME_NONE,
                      .during_until = TIME_NONE };
        return l;
}

TopUp *top_up_new(const char *name) {
        TopUp *t = g_new(TopUp, 1);

        *t = (TopUp){ .name = g_strdup(name), .if_expired_at = TIME_NONE };
        return t;
}

const Bucket *plan_find_bucket(const Plan *p, const char *name) {
        for (guint i = 0; i < p->buckets->len; i++) {
                const Bucket *b = p->buckets->pdata[i];

                if (strcmp(b->name, name) == 0)
                        return b;
        }

        return NULL;
}

const TopUp *plan_find_top_up(const Plan *p, const char *name) {
        for (guint i = 0; i < p->top_ups->len; i++) {
                const TopUp *t = p->top_ups->pdata[i];

                if (strcmp(t->name, name) == 0)
                        return t;
        }

        return NULL;
}
