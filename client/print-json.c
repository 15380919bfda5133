/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One JSON object: integers for bytes, every instant twice. */

#include <stdio.h>

#include "json.h"
#include "print.h"

#define FORMAT_VERSION 1

static void add_instant(Json *j, const char *name, uint64_t instant) {
        g_autofree char *name_again = g_strconcat(name, "_rfc3339", NULL);
        g_autofree char *text = rfc3339(instant);

        json_add_number(j, name, instant);
        json_add_text(j, name_again, text);
}

static void add_values(Json *j, const Value *values, size_t n_values) {
        json_begin(j, NULL, '{');
        for (size_t i = 0; i < n_values; i++) {
                const Value *v = &values[i];

                switch (v->type) {
                case 's':
                        json_add_text(j, v->name, v->text);
                        break;
                case 'b':
                        json_add_boolean(j, v->name, v->number != 0);
                        break;
                case 'T':
                        add_instant(j, v->name, v->number);
                        break;
                default:
                        json_add_number(j, v->name, v->number);
                        break;
                }
        }
        json_end(j, '}');
}

static void add_sim(Json *j, const RemoteSim *sim) {
        Value values[N_SIM_VALUES];

        sim_values(sim, values);
        add_values(j, values, N_SIM_VALUES);
}

static void add_modem(Json *j, const RemoteModem *modem) {
        Value values[N_MODEM_VALUES];

        modem_values(modem, values);
        add_values(j, values, N_MODEM_VALUES);
}

static void begin(Json *j) {
        json_init(j);
        json_begin(j, NULL, '{');
        json_add_number(j, "version", FORMAT_VERSION);
}

static void finish(Json *j) {
        json_end(j, '}');
        puts(j->text->str);
}

void print_status_json(Remote *r, const RemoteSim *only) {
        GPtrArray *sims = remote_sims(r), *modems = remote_modems(r);
        g_auto(Json) j = { 0 };

        begin(&j);
        json_begin(&j, "sims", '[');
        for (guint i = 0; i < sims->len; i++)
                if (!only || sims->pdata[i] == only)
                        add_sim(&j, sims->pdata[i]);
        json_end(&j, ']');

        json_begin(&j, "modems", '[');
        for (guint i = 0; i < modems->len; i++)
                add_modem(&j, modems->pdata[i]);
        json_end(&j, ']');

        json_begin(&j, "problems", '[');
        for (const char *const *p = remote_problems(r); *p; p++)
                json_add_text(&j, NULL, *p);
        json_end(&j, ']');

        finish(&j);
}

void print_history_json(const RemoteSim *sim, const char *slice, const char *zone,
                        const GArray *rows) {
        g_auto(Json) j = { 0 };

        begin(&j);
        json_add_text(&j, "sim", sim->path);
        json_add_text(&j, "label", sim->label);
        json_add_text(&j, "slice", slice);
        json_add_text(&j, "zone", zone);
        json_begin(&j, "rows", '[');
        for (guint i = 0; i < rows->len; i++) {
                const RemoteRow *row = &g_array_index(rows, RemoteRow, i);
                const Value values[] = {
                        { "start", 'T', NULL, row->start },
                        { "home_rx_bytes", 't', NULL, row->home_rx },
                        { "home_tx_bytes", 't', NULL, row->home_tx },
                        { "roaming_rx_bytes", 't', NULL, row->roaming_rx },
                        { "roaming_tx_bytes", 't', NULL, row->roaming_tx },
                };

                add_values(&j, values, G_N_ELEMENTS(values));
        }
        json_end(&j, ']');

        finish(&j);
}
