/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values one a line, for shells: with their names, or just those of some. */

#include <stdio.h>

#include "print.h"

static void print_value(const Value *v) {
        switch (v->type) {
        case 's':
                printf("%s\n", v->text);
                break;
        case 'b':
                printf("%s\n", v->number ? "yes" : "no");
                break;
        default:
                printf("%" G_GUINT64_FORMAT "\n", v->number);
                break;
        }
}

static void print_values(const char *kind, guint i, const Value *values, size_t n_values) {
        for (size_t j = 0; j < n_values; j++) {
                printf("%s.%u.%s=", kind, i, values[j].name);
                print_value(&values[j]);
        }
}

void print_status_keyvalue(Remote *r, const RemoteSim *only) {
        GPtrArray *sims = remote_sims(r), *modems = remote_modems(r);
        guint n = 0;

        for (guint i = 0; i < sims->len; i++) {
                Value values[N_SIM_VALUES];

                if (only && sims->pdata[i] != only)
                        continue;
                sim_values(sims->pdata[i], values);
                print_values("sim", n++, values, N_SIM_VALUES);
        }
        for (guint i = 0; i < modems->len; i++) {
                Value values[N_MODEM_VALUES];

                modem_values(modems->pdata[i], values);
                print_values("modem", i, values, N_MODEM_VALUES);
        }
        for (const char *const *p = remote_problems(r); *p; p++)
                printf("problem=%s\n", *p);
}

bool print_fields(const RemoteSim *sim, const char *names) {
        g_auto(GStrv) wanted = g_strsplit(names, ",", -1);
        Value values[N_SIM_VALUES];
        size_t i;

        sim_values(sim, values);
        for (char **name = wanted; *name; name++) {
                for (i = 0; i < N_SIM_VALUES; i++)
                        if (g_str_equal(values[i].name, *name))
                                break;
                if (i == N_SIM_VALUES) {
                        fprintf(stderr, "simtally: no field is called %s; -o keyvalue shows all\n",
                                *name);
                        return false;
                }
                print_value(&values[i]);
        }

        return true;
}
