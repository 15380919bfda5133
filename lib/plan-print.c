/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "plan-keys.h"
#include "plan.h"

/* What was said of a group, and nothing else; false where nothing was said. */
static bool print_keys(GString *text, PlanGroup kind, const void *group) {
        size_t n;
        const PlanKey *keys = plan_keys(kind, &n);
        bool said = false;

        for (size_t i = 0; i < n; i++) {
                g_autofree char *value = plan_value_write(&keys[i], group);

                if (!value)
                        continue;
                g_string_append_printf(text, "%s=%s\n", keys[i].name, value);
                said = true;
        }

        return said;
}

/* Plan and Match are left out where nothing is said in them. */
static void print_group(GString *text, PlanGroup kind, const char *name, const void *group) {
        gsize before = text->len;

        if (before > 0)
                g_string_append_c(text, '\n');
        g_string_append_printf(text, "[%s%s%s]\n", plan_group_name(kind), name ? " " : "",
                               name ? name : "");
        if (!print_keys(text, kind, group) && !name)
                g_string_truncate(text, before);
}

char *plan_print(const Plan *p) {
        GString *text = g_string_new(NULL);

        print_group(text, GROUP_MATCH, NULL, &p->match);
        print_group(text, GROUP_PLAN, NULL, p);
        for (guint i = 0; i < p->buckets->len; i++) {
                const Bucket *b = p->buckets->pdata[i];

                print_group(text, GROUP_BUCKET, b->name, b);
        }
        for (guint i = 0; i < p->limits->len; i++) {
                const Limit *l = p->limits->pdata[i];

                print_group(text, GROUP_LIMIT, l->name, l);
        }
        for (guint i = 0; i < p->top_ups->len; i++) {
                const TopUp *t = p->top_ups->pdata[i];

                print_group(text, GROUP_TOP_UP, t->name, t);
        }

        return g_string_free(text, FALSE);
}
