/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values one a line, for shells: with their names, or just those of some. */

#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "print.h"

static char *value_text(const Value *v) {
        char digits[G_ASCII_DTOSTR_BUF_SIZE];

        switch (v->type) {
        case 's':
                return g_strdup(v->text);
        case 'b':
                return g_strdup(v->number ? "yes" : "no");
        case 'd':
                return g_strdup(g_ascii_formatd(digits, sizeof(digits), "%.10g", v->real));
        default:
                return g_strdup_printf("%" G_GUINT64_FORMAT, v->number);
        }
}

static void print_value(const Value *v) {
        g_autofree char *text = value_text(v);

        printf("%s\n", text);
}

static void print_values(const char *prefix, const Value *values, size_t n_values) {
        for (size_t i = 0; i < n_values; i++) {
                printf("%s%s=", prefix, values[i].name);
                print_value(&values[i]);
        }
}

static void print_sim_keyvalue(const RemoteSim *sim, guint n) {
        g_autofree char *prefix = g_strdup_printf("sim.%u.", n);
        g_autofree char *plan = g_strdup_printf("sim.%u.plan.", n);
        Value values[N_SIM_VALUES], of_plan[N_PLAN_VALUES], of_bucket[N_BUCKET_VALUES];

        sim_values(sim, values);
        print_values(prefix, values, N_SIM_VALUES);
        plan_values(&sim->plan, of_plan);
        print_values(plan, of_plan, N_PLAN_VALUES);
        for (guint i = 0; i < sim->plan.buckets->len; i++) {
                g_autofree char *bucket = g_strdup_printf("%sbuckets.%u.", plan, i);

                bucket_values(sim->plan.buckets->pdata[i], of_bucket);
                print_values(bucket, of_bucket, N_BUCKET_VALUES);
        }
        for (guint i = 0; i < sim->alerts->len; i++) {
                const GArray *alert = sim->alerts->pdata[i];
                g_autofree char *name = g_strdup_printf("%salerts.%u.", prefix, i);

                for (guint j = 0; j < alert->len; j++) {
                        Value v = value_of(&g_array_index(alert, RemoteValue, j));

                        print_values(name, &v, 1);
                }
        }
}

void print_status_keyvalue(Remote *r, const RemoteSim *only) {
        GPtrArray *sims = remote_sims(r), *modems = remote_modems(r);
        guint n = 0;

        for (guint i = 0; i < sims->len; i++)
                if (!only || sims->pdata[i] == only)
                        print_sim_keyvalue(sims->pdata[i], n++);
        for (guint i = 0; i < modems->len; i++) {
                g_autofree char *prefix = g_strdup_printf("modem.%u.", i);
                Value values[N_MODEM_VALUES];

                modem_values(modems->pdata[i], values);
                print_values(prefix, values, N_MODEM_VALUES);
        }
        for (const char *const *p = remote_problems(r); *p; p++)
                printf("problem=%s\n", *p);
}

static const Value *find_value(const Value *values, size_t n_values, const char *name) {
        for (size_t i = 0; i < n_values; i++)
                if (g_str_equal(values[i].name, name))
                        return &values[i];

        return NULL;
}

/* The plan's values have no prefix, unless the SIM has one of the same name. */
char *field_text(const RemoteSim *sim, const char *name) {
        bool is_plans = g_str_has_prefix(name, "plan.");
        const char *own = name + (is_plans ? strlen("plan.") : 0);
        Value values[N_SIM_VALUES], of_plan[N_PLAN_VALUES];
        const Value *v;

        sim_values(sim, values);
        v = is_plans ? NULL : find_value(values, N_SIM_VALUES, own);
        if (!v) {
                plan_values(&sim->plan, of_plan);
                v = find_value(of_plan, N_PLAN_VALUES, own);
        }
        return v ? value_text(v) : NULL;
}

bool print_fields(const RemoteSim *sim, const char *names) {
        g_auto(GStrv) wanted = g_strsplit(names, ",", -1);

        for (char **name = wanted; *name; name++) {
                g_autofree char *text = field_text(sim, *name);

                if (!text) {
                        fprintf(stderr,
                                _("simtally: no field is called %s; -o keyvalue shows all\n"),
                                *name);
                        return false;
                }
                printf("%s\n", text);
        }

        return true;
}
