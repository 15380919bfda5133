/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One JSON object: integers for bytes, every instant twice. */

#include <stdio.h>

#include "print-json.h"

static void add_instant(Json *j, const char *name, uint64_t instant) {
        g_autofree char *name_again = g_strconcat(name, "_rfc3339", NULL);
        g_autofree char *text = rfc3339(instant);

        json_add_number(j, name, instant);
        json_add_text(j, name_again, text);
}

static void add_value(Json *j, const Value *v) {
        switch (v->type) {
        case 's':
                json_add_text(j, v->name, v->text);
                break;
        case 'b':
                json_add_boolean(j, v->name, v->number != 0);
                break;
        case 'd':
                json_add_real(j, v->name, v->real);
                break;
        case 'T':
                add_instant(j, v->name, v->number);
                break;
        default:
                json_add_number(j, v->name, v->number);
                break;
        }
}

static void add_values(Json *j, const Value *values, size_t n_values) {
        for (size_t i = 0; i < n_values; i++)
                add_value(j, &values[i]);
}

static void add_object(Json *j, const char *name, const Value *values, size_t n_values) {
        json_begin(j, name, '{');
        add_values(j, values, n_values);
        json_end(j, '}');
}

static void add_dictionary(Json *j, const GArray *dictionary) {
        for (guint i = 0; i < dictionary->len; i++) {
                Value v = value_of(&g_array_index(dictionary, RemoteValue, i));

                add_value(j, &v);
        }
}

void json_add_bucket(Json *j, const char *name, const RemoteBucket *bucket) {
        Value values[N_BUCKET_VALUES];

        bucket_values(bucket, values);
        add_object(j, name, values, N_BUCKET_VALUES);
}

static void add_buckets(Json *j, const char *name, const GPtrArray *buckets) {
        json_begin(j, name, '[');
        for (guint i = 0; i < buckets->len; i++)
                json_add_bucket(j, NULL, buckets->pdata[i]);
        json_end(j, ']');
}

static void add_plan(Json *j, const RemotePlan *plan) {
        Value values[N_PLAN_VALUES];

        plan_values(plan, values);
        json_begin(j, "plan", '{');
        add_values(j, values, N_PLAN_VALUES);
        add_buckets(j, "buckets", plan->buckets);
        json_end(j, '}');
}

static void add_alerts(Json *j, const GPtrArray *alerts) {
        json_begin(j, "alerts", '[');
        for (guint i = 0; i < alerts->len; i++) {
                json_begin(j, NULL, '{');
                add_dictionary(j, alerts->pdata[i]);
                json_end(j, '}');
        }
        json_end(j, ']');
}

static void add_sim(Json *j, const RemoteSim *sim) {
        Value values[N_SIM_VALUES];

        sim_values(sim, values);
        json_begin(j, NULL, '{');
        add_values(j, values, N_SIM_VALUES);
        add_plan(j, &sim->plan);
        add_alerts(j, sim->alerts);
        json_end(j, '}');
}

static void add_modem(Json *j, const RemoteModem *modem) {
        Value values[N_MODEM_VALUES];

        modem_values(modem, values);
        add_object(j, NULL, values, N_MODEM_VALUES);
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

void json_add_rows(Json *j, const GArray *rows) {
        json_begin(j, "rows", '[');
        for (guint i = 0; i < rows->len; i++) {
                const RemoteRow *row = &g_array_index(rows, RemoteRow, i);
                const Value values[] = {
                        { "start", 'T', NULL, row->start, 0 },
                        { "home_rx_bytes", 't', NULL, row->home_rx, 0 },
                        { "home_tx_bytes", 't', NULL, row->home_tx, 0 },
                        { "roaming_rx_bytes", 't', NULL, row->roaming_rx, 0 },
                        { "roaming_tx_bytes", 't', NULL, row->roaming_tx, 0 },
                };

                add_object(j, NULL, values, G_N_ELEMENTS(values));
        }
        json_end(j, ']');
}

static void begin_of_sim(Json *j, const RemoteSim *sim) {
        begin(j);
        json_add_text(j, "sim", sim->path);
        json_add_text(j, "label", sim->label);
}

void print_history_json(const RemoteSim *sim, const char *slice, const char *zone,
                        const GArray *rows) {
        g_auto(Json) j = { 0 };

        begin_of_sim(&j, sim);
        json_add_text(&j, "slice", slice);
        json_add_text(&j, "zone", zone);
        json_add_rows(&j, rows);
        finish(&j);
}

void print_periods_json(const RemoteSim *sim, const GPtrArray *periods) {
        g_auto(Json) j = { 0 };

        begin_of_sim(&j, sim);
        json_add_text(&j, "slice", "period");
        add_buckets(&j, "periods", periods);
        finish(&j);
}

/* What was not said is absent. */
static void add_figure(Json *j, const Reply *reply) {
        if (reply->has_remaining)
                json_add_number(j, "remaining_bytes", reply->remaining);
        if (reply->has_used)
                json_add_number(j, "used_bytes", reply->used);
        if (reply->has_limit)
                json_add_number(j, "limit_bytes", reply->limit);
        if (reply->resolution > 0)
                json_add_number(j, "resolution_bytes", reply->resolution);
        if (reply->has_expires)
                add_instant(j, "expires_at", (uint64_t) reply->expires_at);
}

static void add_date(Json *j, const ReplyDate *date) {
        if (date->expires_at > 0)
                add_instant(j, "expires_at", (uint64_t) date->expires_at);
        json_add_text(j, "date_by", reply_date_by_to_string(date->by));
        if (date->by != REPLY_DATE_BY_ITSELF)
                json_add_boolean(j, "month_first", date->is_month_first);
        json_add_boolean(j, "has_year", !date->has_no_year);
        json_add_boolean(j, "counted", date->is_counted);
}

static void add_reason(Json *j, const ReplyReason *reason) {
        json_begin(j, NULL, '{');
        json_add_text(j, "as", reply_piece_to_string(reason->piece));
        json_add_boolean(j, "taken", reason->is_taken);
        json_add_text(j, "words", reason->words);
        json_add_text(j, "rule", reply_rule_to_string(reason->rule));
        if (reason->because)
                json_add_text(j, "because", reason->because);
        if (reason->doubt != REPLY_DOUBT_NONE)
                json_add_text(j, "doubt", reply_doubt_to_string(reason->doubt));
        if (reason->unit_bytes > 0) {
                if (reason->doubt != REPLY_DOUBT_UNCLEAR)
                        json_add_number(j, "bytes", reason->bytes);
                json_add_text(j, "unit", reason->unit);
                json_add_number(j, "unit_bytes", reason->unit_bytes);
        }
        if (reason->piece == REPLY_PIECE_EXPIRES)
                add_date(j, &reason->date);
        json_end(j, '}');
}

void print_reply_json(const Reply *reply) {
        g_auto(Json) j = { 0 };

        begin(&j);
        json_add_text(&j, "verdict", reply_verdict_to_string(reply->verdict));
        if (reply->verdict == REPLY_FIGURE)
                add_figure(&j, reply);
        if (reply->why && *reply->why)
                json_add_text(&j, "why", reply->why);
        json_begin(&j, "reasons", '[');
        for (guint i = 0; reply->reasons && i < reply->reasons->len; i++)
                add_reason(&j, reply->reasons->pdata[i]);
        json_end(&j, ']');
        finish(&j);
}

void print_check_json(const char *name, const GPtrArray *buckets) {
        g_auto(Json) j = { 0 };

        begin(&j);
        json_add_text(&j, "name", name);
        add_buckets(&j, "buckets", buckets);
        finish(&j);
}

void print_plan_json(const RemoteSim *sim, const char *text) {
        g_auto(Json) j = { 0 };

        begin_of_sim(&j, sim);
        json_add_text(&j, "text", text);
        add_plan(&j, &sim->plan);
        finish(&j);
}

void print_presets_json(const GPtrArray *presets) {
        g_auto(Json) j = { 0 };

        begin(&j);
        json_begin(&j, "presets", '[');
        for (guint i = 0; i + 2 < presets->len; i += 3) {
                json_begin(&j, NULL, '{');
                json_add_text(&j, "id", presets->pdata[i]);
                json_add_text(&j, "name", presets->pdata[i + 1]);
                json_add_text(&j, "note", presets->pdata[i + 2]);
                json_end(&j, '}');
        }
        json_end(&j, ']');
        finish(&j);
}

void print_events_json(const RemoteSim *sim, const GPtrArray *events) {
        g_auto(Json) j = { 0 };

        begin_of_sim(&j, sim);
        json_begin(&j, "events", '[');
        for (guint i = 0; i < events->len; i++) {
                const RemoteEvent *event = events->pdata[i];

                json_begin(&j, NULL, '{');
                json_add_number(&j, "id", event->id);
                add_instant(&j, "at", event->at);
                json_add_text(&j, "kind", event->kind);
                add_dictionary(&j, event->body);
                json_end(&j, '}');
        }
        json_end(&j, ']');
        finish(&j);
}

void print_alerts_json(Remote *r, const RemoteSim *only) {
        GPtrArray *sims = remote_sims(r);
        g_auto(Json) j = { 0 };

        begin(&j);
        json_begin(&j, "sims", '[');
        for (guint i = 0; i < sims->len; i++) {
                const RemoteSim *sim = sims->pdata[i];

                if (only && sim != only)
                        continue;
                json_begin(&j, NULL, '{');
                json_add_text(&j, "path", sim->path);
                json_add_text(&j, "label", sim->label);
                add_alerts(&j, sim->alerts);
                json_end(&j, '}');
        }
        json_end(&j, ']');
        finish(&j);
}

void print_report_json(const RemoteSim *sim) {
        Value values[N_REPORT_VALUES];
        g_auto(Json) j = { 0 };

        report_values(&sim->report, values);
        begin(&j);
        json_add_text(&j, "label", sim->label);
        json_add_text(&j, "iccid_tail", sim->iccid_tail);
        add_values(&j, values, N_REPORT_VALUES);
        finish(&j);
}
