/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One JSON object: integers for bytes, every instant twice. */

#include <json-glib/json-glib.h>
#include <stdio.h>

#include "print.h"

#define FORMAT_VERSION 1

static void add_instant(JsonBuilder *b, const char *name, uint64_t instant) {
        g_autofree char *name_again = g_strconcat(name, "_rfc3339", NULL);
        g_autofree char *text = rfc3339(instant);

        json_builder_set_member_name(b, name);
        json_builder_add_int_value(b, (gint64) instant);
        json_builder_set_member_name(b, name_again);
        if (text)
                json_builder_add_string_value(b, text);
        else
                json_builder_add_null_value(b);
}

static void add_number(JsonBuilder *b, const char *name, uint64_t number) {
        json_builder_set_member_name(b, name);
        json_builder_add_int_value(b, (gint64) MIN(number, (uint64_t) G_MAXINT64));
}

static void add_text(JsonBuilder *b, const char *name, const char *text) {
        json_builder_set_member_name(b, name);
        json_builder_add_string_value(b, text);
}

static void add_values(JsonBuilder *b, const Value *values, size_t n_values) {
        json_builder_begin_object(b);
        for (size_t i = 0; i < n_values; i++) {
                const Value *v = &values[i];

                switch (v->type) {
                case 's':
                        add_text(b, v->name, v->text);
                        break;
                case 'b':
                        json_builder_set_member_name(b, v->name);
                        json_builder_add_boolean_value(b, v->number != 0);
                        break;
                case 'T':
                        add_instant(b, v->name, v->number);
                        break;
                default:
                        add_number(b, v->name, v->number);
                        break;
                }
        }
        json_builder_end_object(b);
}

static void add_sim(JsonBuilder *b, const RemoteSim *sim) {
        Value values[N_SIM_VALUES];

        sim_values(sim, values);
        add_values(b, values, N_SIM_VALUES);
}

static void add_modem(JsonBuilder *b, const RemoteModem *modem) {
        Value values[N_MODEM_VALUES];

        modem_values(modem, values);
        add_values(b, values, N_MODEM_VALUES);
}

static JsonBuilder *begin(void) {
        JsonBuilder *b = json_builder_new();

        json_builder_begin_object(b);
        add_number(b, "version", FORMAT_VERSION);
        return b;
}

static void finish(JsonBuilder *b) {
        g_autoptr(JsonGenerator) generator = json_generator_new();
        g_autoptr(JsonNode) root = NULL;
        g_autofree char *text = NULL;

        json_builder_end_object(b);
        root = json_builder_get_root(b);
        json_generator_set_root(generator, root);
        text = json_generator_to_data(generator, NULL);
        puts(text);
}

void print_status_json(Remote *r, const RemoteSim *only) {
        GPtrArray *sims = remote_sims(r), *modems = remote_modems(r);
        g_autoptr(JsonBuilder) b = begin();

        json_builder_set_member_name(b, "sims");
        json_builder_begin_array(b);
        for (guint i = 0; i < sims->len; i++)
                if (!only || sims->pdata[i] == only)
                        add_sim(b, sims->pdata[i]);
        json_builder_end_array(b);

        json_builder_set_member_name(b, "modems");
        json_builder_begin_array(b);
        for (guint i = 0; i < modems->len; i++)
                add_modem(b, modems->pdata[i]);
        json_builder_end_array(b);

        json_builder_set_member_name(b, "problems");
        json_builder_begin_array(b);
        for (const char *const *p = remote_problems(r); *p; p++)
                json_builder_add_string_value(b, *p);
        json_builder_end_array(b);

        finish(b);
}

void print_history_json(const RemoteSim *sim, const char *slice, const char *zone,
                        const GArray *rows) {
        g_autoptr(JsonBuilder) b = begin();

        add_text(b, "sim", sim->path);
        add_text(b, "label", sim->label);
        add_text(b, "slice", slice);
        add_text(b, "zone", zone);
        json_builder_set_member_name(b, "rows");
        json_builder_begin_array(b);
        for (guint i = 0; i < rows->len; i++) {
                const RemoteRow *row = &g_array_index(rows, RemoteRow, i);
                const Value values[] = {
                        { "start", 'T', NULL, row->start },
                        { "home_rx_bytes", 't', NULL, row->home_rx },
                        { "home_tx_bytes", 't', NULL, row->home_tx },
                        { "roaming_rx_bytes", 't', NULL, row->roaming_rx },
                        { "roaming_tx_bytes", 't', NULL, row->roaming_tx },
                };

                add_values(b, values, G_N_ELEMENTS(values));
        }
        json_builder_end_array(b);

        finish(b);
}
