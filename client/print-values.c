/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What programs are told, in any format: names, which are the bus's in snake_case, and values. */

#include <string.h>

#include "print.h"

/* clang-format off */
void sim_values(const RemoteSim *sim, Value values[N_SIM_VALUES]) {
        const Value all[N_SIM_VALUES] = {
                { "path", 's', sim->path, 0, 0 },
                { "label", 's', sim->label, 0, 0 },
                { "iccid_tail", 's', sim->iccid_tail, 0, 0 },
                { "kind", 's', sim->kind, 0, 0 },
                { "operator", 's', sim->operator, 0, 0 },
                { "home_plmn", 's', sim->home_plmn, 0, 0 },
                { "network_plmn", 's', sim->network_plmn, 0, 0 },
                { "network_name", 's', sim->network_name, 0, 0 },
                { "present", 'b', NULL, sim->present, 0 },
                { "connected", 'b', NULL, sim->connected, 0 },
                { "current", 'b', NULL, sim->current, 0 },
                { "roaming", 'b', NULL, sim->roaming, 0 },
                { "rx_bytes", 't', NULL, sim->rx_bytes, 0 },
                { "tx_bytes", 't', NULL, sim->tx_bytes, 0 },
                { "today_rx_bytes", 't', NULL, sim->today_rx_bytes, 0 },
                { "today_tx_bytes", 't', NULL, sim->today_tx_bytes, 0 },
                { "undated_rx_bytes", 't', NULL, sim->undated_rx_bytes, 0 },
                { "undated_tx_bytes", 't', NULL, sim->undated_tx_bytes, 0 },
                { "first_seen_at", 'T', NULL, sim->first_seen_at, 0 },
                { "last_used_at", 'T', NULL, sim->last_used_at, 0 },
        };

        memcpy(values, all, sizeof(all));
}

void plan_values(const RemotePlan *plan, Value values[N_PLAN_VALUES]) {
        const Value all[N_PLAN_VALUES] = {
                { "has_plan", 'b', NULL, plan->has_plan, 0 },
                { "read_only", 'b', NULL, plan->read_only, 0 },
                { "name", 's', plan->name, 0, 0 },
                { "zone", 's', plan->zone, 0, 0 },
                { "since", 'T', NULL, plan->since, 0 },
                { "shared", 'b', NULL, plan->shared, 0 },
                { "state", 's', plan->state, 0, 0 },
                { "unlimited", 'b', NULL, plan->unlimited, 0 },
                { "limit_bytes", 't', NULL, plan->limit_bytes, 0 },
                { "used_bytes", 't', NULL, plan->used_bytes, 0 },
                { "remaining_bytes", 't', NULL, plan->remaining_bytes, 0 },
                { "over_bytes", 't', NULL, plan->over_bytes, 0 },
                { "after_expiry_bytes", 't', NULL, plan->after_expiry_bytes, 0 },
                { "percent_used", 'd', NULL, 0, plan->percent_used },
                { "period_start", 'T', NULL, plan->period_start, 0 },
                { "period_end", 'T', NULL, plan->period_end, 0 },
                { "expires_at", 'T', NULL, plan->expires_at, 0 },
                { "has_forecast", 'b', NULL, plan->has_forecast, 0 },
                { "runs_out_at", 'T', NULL, plan->runs_out_at, 0 },
                { "spare_bytes", 't', NULL, plan->spare_bytes, 0 },
                { "missing_bytes", 't', NULL, plan->missing_bytes, 0 },
                { "has_safe", 'b', NULL, plan->has_safe, 0 },
                { "safe_today_bytes", 't', NULL, plan->safe_today_bytes, 0 },
                { "safe_daily_bytes", 't', NULL, plan->safe_daily_bytes, 0 },
                { "rate_limit", 't', NULL, plan->rate_limit, 0 },
                { "lifts_at", 'T', NULL, plan->lifts_at, 0 },
                { "charged", 'd', NULL, 0, plan->charged },
                { "currency", 's', plan->currency, 0, 0 },
                { "keep_alive_until", 'T', NULL, plan->keep_alive_until, 0 },
                { "top_up_url", 's', plan->top_up_url, 0, 0 },
                { "support", 's', plan->support, 0, 0 },
        };

        memcpy(values, all, sizeof(all));
}

void bucket_values(const RemoteBucket *bucket, Value values[N_BUCKET_VALUES]) {
        const Value all[N_BUCKET_VALUES] = {
                { "name", 's', bucket->name, 0, 0 },
                { "bytes", 't', NULL, bucket->bytes, 0 },
                { "unlimited", 'b', NULL, bucket->unlimited, 0 },
                { "used_bytes", 't', NULL, bucket->used_bytes, 0 },
                { "remaining_bytes", 't', NULL, bucket->remaining_bytes, 0 },
                { "over_bytes", 't', NULL, bucket->over_bytes, 0 },
                { "rolled_over_bytes", 't', NULL, bucket->rolled_over_bytes, 0 },
                { "period_start", 'T', NULL, bucket->period_start, 0 },
                { "period_end", 'T', NULL, bucket->period_end, 0 },
                { "begun_at", 'T', NULL, bucket->begun_at, 0 },
                { "expires_at", 'T', NULL, bucket->expires_at, 0 },
                { "start_by", 'T', NULL, bucket->start_by, 0 },
                { "begun", 'b', NULL, bucket->begun, 0 },
                { "expired", 'b', NULL, bucket->expired, 0 },
                { "here", 'b', NULL, bucket->here, 0 },
                { "counted", 'b', NULL, bucket->counted, 0 },
                { "used_up_at", 'T', NULL, bucket->used_up_at, 0 },
                { "at_zero", 's', bucket->at_zero, 0, 0 },
                { "rate_limit", 't', NULL, bucket->rate_limit, 0 },
                { "where", 's', bucket->where, 0, 0 },
        };

        memcpy(values, all, sizeof(all));
}

void report_values(const RemoteReport *report, Value values[N_REPORT_VALUES]) {
        const Value all[N_REPORT_VALUES] = {
                { "query_method", 's', report->query_method, 0, 0 },
                { "query_state", 's', report->query_state, 0, 0 },
                { "query_error", 's', report->query_error, 0, 0 },
                { "has_report", 'b', NULL, report->has_report, 0 },
                { "reported_at", 'T', NULL, report->reported_at, 0 },
                { "reported_remaining_bytes", 't', NULL, report->remaining_bytes, 0 },
                { "reports_used", 'b', NULL, report->reports_used, 0 },
                { "reported_used_bytes", 't', NULL, report->used_bytes, 0 },
                { "reported_expires_at", 'T', NULL, report->expires_at, 0 },
                { "report_state", 's', report->state, 0, 0 },
                { "own_bytes", 't', NULL, report->own_bytes, 0 },
                { "drift_percent", 'd', NULL, 0, report->drift_percent },
        };

        memcpy(values, all, sizeof(all));
}

void modem_values(const RemoteModem *modem, Value values[N_MODEM_VALUES]) {
        const Value all[N_MODEM_VALUES] = {
                { "path", 's', modem->path, 0, 0 },
                { "device", 's', modem->device, 0, 0 },
                { "protocol", 's', modem->protocol, 0, 0 },
                { "model", 's', modem->model, 0, 0 },
                { "state", 's', modem->state, 0, 0 },
                { "problem", 's', modem->problem, 0, 0 },
                { "sim", 's', modem->sim, 0, 0 },
                { "links", 's', modem->links, 0, 0 },
                { "source", 's', modem->source, 0, 0 },
                { "counter_dispute", 'b', NULL, modem->counter_dispute, 0 },
                { "unassigned_rx_bytes", 't', NULL, modem->unassigned_rx_bytes, 0 },
                { "unassigned_tx_bytes", 't', NULL, modem->unassigned_tx_bytes, 0 },
        };

        memcpy(values, all, sizeof(all));
}
/* clang-format on */

/* Numbers whose names end like this are instants. */
static bool is_instant(const char *name) {
        static const char *const ends[] = { "_at", "_start", "_end", "_until", "_by" };

        for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
                if (g_str_has_suffix(name, ends[i]))
                        return true;

        return false;
}

Value value_of(const RemoteValue *v) {
        char type = v->type == 't' && is_instant(v->name) ? 'T' : v->type;

        return (Value){ v->name, type, v->text, v->number, v->real };
}
