/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The SIMs and modems, out of the daemon's list of all objects. */

#include "remote-internal.h"

static const Field sim_fields[] = {
        { "Label", 's', offsetof(RemoteSim, label) },
        { "IccidTail", 's', offsetof(RemoteSim, iccid_tail) },
        { "Kind", 's', offsetof(RemoteSim, kind) },
        { "Operator", 's', offsetof(RemoteSim, operator) },
        { "HomePlmn", 's', offsetof(RemoteSim, home_plmn) },
        { "NetworkPlmn", 's', offsetof(RemoteSim, network_plmn) },
        { "NetworkName", 's', offsetof(RemoteSim, network_name) },
        { "Modem", 's', offsetof(RemoteSim, modem) },
        { "Present", 'b', offsetof(RemoteSim, present) },
        { "Connected", 'b', offsetof(RemoteSim, connected) },
        { "Current", 'b', offsetof(RemoteSim, current) },
        { "Roaming", 'b', offsetof(RemoteSim, roaming) },
        { "RxBytes", 't', offsetof(RemoteSim, rx_bytes) },
        { "TxBytes", 't', offsetof(RemoteSim, tx_bytes) },
        { "TodayRxBytes", 't', offsetof(RemoteSim, today_rx_bytes) },
        { "TodayTxBytes", 't', offsetof(RemoteSim, today_tx_bytes) },
        { "UndatedRxBytes", 't', offsetof(RemoteSim, undated_rx_bytes) },
        { "UndatedTxBytes", 't', offsetof(RemoteSim, undated_tx_bytes) },
        { "FirstSeenAt", 't', offsetof(RemoteSim, first_seen_at) },
        { "LastUsedAt", 't', offsetof(RemoteSim, last_used_at) },
        { "Alerts", 'D', offsetof(RemoteSim, alerts) },
};

static const Field plan_fields[] = {
        { "HasPlan", 'b', offsetof(RemotePlan, has_plan) },
        { "ReadOnly", 'b', offsetof(RemotePlan, read_only) },
        { "Name", 's', offsetof(RemotePlan, name) },
        { "Zone", 's', offsetof(RemotePlan, zone) },
        { "Since", 't', offsetof(RemotePlan, since) },
        { "Shared", 'b', offsetof(RemotePlan, shared) },
        { "State", 's', offsetof(RemotePlan, state) },
        { "Unlimited", 'b', offsetof(RemotePlan, unlimited) },
        { "LimitBytes", 't', offsetof(RemotePlan, limit_bytes) },
        { "UsedBytes", 't', offsetof(RemotePlan, used_bytes) },
        { "RemainingBytes", 't', offsetof(RemotePlan, remaining_bytes) },
        { "OverBytes", 't', offsetof(RemotePlan, over_bytes) },
        { "AfterExpiryBytes", 't', offsetof(RemotePlan, after_expiry_bytes) },
        { "PercentUsed", 'd', offsetof(RemotePlan, percent_used) },
        { "PeriodStart", 't', offsetof(RemotePlan, period_start) },
        { "PeriodEnd", 't', offsetof(RemotePlan, period_end) },
        { "ExpiresAt", 't', offsetof(RemotePlan, expires_at) },
        { "HasForecast", 'b', offsetof(RemotePlan, has_forecast) },
        { "RunsOutAt", 't', offsetof(RemotePlan, runs_out_at) },
        { "SpareBytes", 't', offsetof(RemotePlan, spare_bytes) },
        { "MissingBytes", 't', offsetof(RemotePlan, missing_bytes) },
        { "HasSafe", 'b', offsetof(RemotePlan, has_safe) },
        { "SafeTodayBytes", 't', offsetof(RemotePlan, safe_today_bytes) },
        { "SafeDailyBytes", 't', offsetof(RemotePlan, safe_daily_bytes) },
        { "RateLimit", 't', offsetof(RemotePlan, rate_limit) },
        { "LiftsAt", 't', offsetof(RemotePlan, lifts_at) },
        { "Charged", 'd', offsetof(RemotePlan, charged) },
        { "Currency", 's', offsetof(RemotePlan, currency) },
        { "KeepAliveUntil", 't', offsetof(RemotePlan, keep_alive_until) },
        { "TopUpUrl", 's', offsetof(RemotePlan, top_up_url) },
        { "Support", 's', offsetof(RemotePlan, support) },
        { "Buckets", 'B', offsetof(RemotePlan, buckets) },
};

static const Field report_fields[] = {
        { "QueryMethod", 's', offsetof(RemoteReport, query_method) },
        { "QueryState", 's', offsetof(RemoteReport, query_state) },
        { "QueryError", 's', offsetof(RemoteReport, query_error) },
        { "HasReport", 'b', offsetof(RemoteReport, has_report) },
        { "ReportedAt", 't', offsetof(RemoteReport, reported_at) },
        { "ReportedRemainingBytes", 't', offsetof(RemoteReport, remaining_bytes) },
        { "ReportsUsed", 'b', offsetof(RemoteReport, reports_used) },
        { "ReportedUsedBytes", 't', offsetof(RemoteReport, used_bytes) },
        { "ReportedExpiresAt", 't', offsetof(RemoteReport, expires_at) },
        { "ReportState", 's', offsetof(RemoteReport, state) },
        { "OwnBytes", 't', offsetof(RemoteReport, own_bytes) },
        { "DriftPercent", 'd', offsetof(RemoteReport, drift_percent) },
};

static const Field modem_fields[] = {
        { "Device", 's', offsetof(RemoteModem, device) },
        { "Protocol", 's', offsetof(RemoteModem, protocol) },
        { "Model", 's', offsetof(RemoteModem, model) },
        { "State", 's', offsetof(RemoteModem, state) },
        { "Problem", 's', offsetof(RemoteModem, problem) },
        { "Sim", 's', offsetof(RemoteModem, sim) },
        { "Links", 'l', offsetof(RemoteModem, links) },
        { "Source", 's', offsetof(RemoteModem, source) },
        { "CounterDispute", 'b', offsetof(RemoteModem, counter_dispute) },
        { "UnassignedRxBytes", 't', offsetof(RemoteModem, unassigned_rx_bytes) },
        { "UnassignedTxBytes", 't', offsetof(RemoteModem, unassigned_tx_bytes) },
};

static void fill_sim(RemoteSim *sim) {
        fields_fill(sim, sim_fields, G_N_ELEMENTS(sim_fields));
        fields_fill(&sim->plan, plan_fields, G_N_ELEMENTS(plan_fields));
        fields_fill(&sim->report, report_fields, G_N_ELEMENTS(report_fields));
}

RemoteSim *remote_new_sim(void) {
        RemoteSim *sim = g_new0(RemoteSim, 1);

        sim->path = g_strdup("/");
        fill_sim(sim);
        return sim;
}

void remote_sim_free(void *data) {
        RemoteSim *sim = data;

        fields_clear(sim, sim_fields, G_N_ELEMENTS(sim_fields));
        fields_clear(&sim->plan, plan_fields, G_N_ELEMENTS(plan_fields));
        fields_clear(&sim->report, report_fields, G_N_ELEMENTS(report_fields));
        g_free(sim->path);
        g_free(sim);
}

void remote_modem_free(void *data) {
        RemoteModem *modem = data;

        fields_clear(modem, modem_fields, G_N_ELEMENTS(modem_fields));
        g_free(modem->path);
        g_free(modem);
}

/* One path has its interfaces in a row, in any order. */
static RemoteSim *sim_at(Remote *r, const char *path) {
        RemoteSim *sim = r->sims->len > 0 ? r->sims->pdata[r->sims->len - 1] : NULL;

        if (sim && g_str_equal(sim->path, path))
                return sim;

        sim = g_new0(RemoteSim, 1);
        sim->path = g_strdup(path);
        g_ptr_array_add(r->sims, sim);
        return sim;
}

static int read_modem(Remote *r, sd_bus_message *m, const char *path) {
        RemoteModem *modem = g_new0(RemoteModem, 1);
        int e;

        modem->path = g_strdup(path);
        g_ptr_array_add(r->modems, modem);
        e = read_properties(m, modem, modem_fields, G_N_ELEMENTS(modem_fields));
        fields_fill(modem, modem_fields, G_N_ELEMENTS(modem_fields));
        return e;
}

int read_interface(Remote *r, sd_bus_message *m, const char *path, const char *interface) {
        if (g_str_equal(interface, SIM))
                return read_properties(m, sim_at(r, path), sim_fields, G_N_ELEMENTS(sim_fields));
        if (g_str_equal(interface, PLAN))
                return read_properties(m, &sim_at(r, path)->plan, plan_fields,
                                       G_N_ELEMENTS(plan_fields));
        if (g_str_equal(interface, CARRIER))
                return read_properties(m, &sim_at(r, path)->report, report_fields,
                                       G_N_ELEMENTS(report_fields));
        if (g_str_equal(interface, MODEM))
                return read_modem(r, m, path);
        if (g_str_equal(interface, MANAGER))
                return remote_read_manager(r, m);
        return read_properties(m, NULL, NULL, 0);
}

void fill_sims(Remote *r) {
        for (guint i = 0; i < r->sims->len; i++)
                fill_sim(r->sims->pdata[i]);
}

/* Whom modems and the daemon name has been read, and so many others. */
static bool has_enough(Remote *r) {
        guint n_named = g_str_equal(r->current, "/") ? 0 : 1;

        if (r->most_away == 0 || r->modems->len < r->n_modems ||
            (n_named > 0 && !remote_sim_by_path(r, r->current)))
                return false;

        for (guint i = 0; i < r->modems->len; i++) {
                const char *sim = ((RemoteModem *) r->modems->pdata[i])->sim;

                if (g_str_equal(sim, "/"))
                        continue;
                if (!remote_sim_by_path(r, sim))
                        return false;
                n_named++;
        }

        return r->sims->len >= n_named + r->most_away;
}

static int read_object(Remote *r, sd_bus_message *m) {
        const char *path, *interface;
        int e;

        e = sd_bus_message_read_basic(m, 'o', &path);
        if (e >= 0)
                e = sd_bus_message_enter_container(m, 'a', "{sa{sv}}");
        while (e >= 0 && (e = sd_bus_message_enter_container(m, 'e', "sa{sv}")) > 0) {
                e = sd_bus_message_read_basic(m, 's', &interface);
                if (e >= 0)
                        e = read_interface(r, m, path, interface);
                if (e >= 0)
                        e = sd_bus_message_exit_container(m);
        }

        return e < 0 ? e : sd_bus_message_exit_container(m);
}

int read_objects(Remote *r, sd_bus_message *m) {
        int e;

        e = sd_bus_message_enter_container(m, 'a', "{oa{sa{sv}}}");
        while (e >= 0 && !has_enough(r) &&
               (e = sd_bus_message_enter_container(m, 'e', "oa{sa{sv}}")) > 0) {
                e = read_object(r, m);
                if (e >= 0)
                        e = sd_bus_message_exit_container(m);
        }

        fill_sims(r);
        return e;
}
