/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Alerts: the property of org.simtally1.Sim, the methods there, and the signals of the Manager. */

#include <errno.h>

#include "bus-cleanup.h"
#include "bus-internal.h"
#include "sentence.h"

static int append_figures(sd_bus_message *m, const Alert *a) {
        const struct {
                const char *key;
                uint64_t value;
        } figures[] = {
                { "PeriodStart", bus_instant(a->period_start) },
                { "PeriodEnd", bus_instant(a->period_end) },
                { a->level.is_left ? "LevelBytes" : "LevelPercent", a->level.value },
                { "WithinSeconds", bus_instant(a->within) },
                { "LimitBytes", a->limit },
                { "UsedBytes", a->used },
                { "RemainingBytes", a->remaining },
                { "RateLimit", a->rate_bps },
                { "ExpiresAt", bus_instant(a->expires_at) },
                { "LiftsAt", bus_instant(a->lifts_at) },
                { "RunsOutAt", bus_instant(a->runs_out_at) },
                { "Steps", a->steps },
                { "Mcc", a->mcc },
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < G_N_ELEMENTS(figures); i++)
                if (figures[i].value > 0)
                        r = sd_bus_message_append(m, "{sv}", figures[i].key, "t", figures[i].value);
        return r;
}

/* Both figures, also where one of them is 0. */
static int append_reported(sd_bus_message *m, const Alert *a) {
        uint64_t own = a->reports_used ? a->used : a->remaining;
        int r = 0;

        if (own == 0)
                r = sd_bus_message_append(
                        m, "{sv}", a->reports_used ? "UsedBytes" : "RemainingBytes", "t", own);
        if (r >= 0)
                r = sd_bus_message_append(
                        m, "{sv}{sv}",
                        a->reports_used ? "ReportedUsedBytes" : "ReportedRemainingBytes", "t",
                        a->reported, "ReportedAt", "t", bus_instant(a->reported_at));
        return r;
}

static int append_details(sd_bus_message *m, const Alert *a) {
        g_autofree char *bucket = g_utf8_make_valid(a->bucket, -1);
        int r = 0;

        if (*bucket)
                r = sd_bus_message_append(m, "{sv}", "Bucket", "s", bucket);
        if (r >= 0)
                r = append_figures(m, a);
        if (r >= 0 && a->reported_at > 0)
                r = append_reported(m, a);
        if (r >= 0 && a->charged_micros > 0)
                r = sd_bus_message_append(m, "{sv}", "Charged", "d",
                                          (double) a->charged_micros / 1e6);
        if (r >= 0 && *a->currency)
                r = sd_bus_message_append(m, "{sv}", "Currency", "s", a->currency);
        return r;
}

static int append_alert(sd_bus_message *reply, const AccountAlert *a) {
        int r;

        r = sd_bus_message_open_container(reply, 'a', "{sv}");
        if (r < 0)
                return r;

        r = sd_bus_message_append(reply, "{sv}{sv}{sv}{sv}{sv}", "Id", "t", (uint64_t) a->row->id,
                                  "Kind", "s", alert_kind_to_string(a->alert->kind), "Severity",
                                  "s", alert_severity_to_string(a->alert->severity), "RaisedAt",
                                  "t", bus_instant(a->row->raised_at), "SnoozedUntil", "t",
                                  bus_instant(a->row->snoozed_until));
        if (r >= 0)
                r = append_details(reply, a->alert);
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

int bus_get_alerts(sd_bus *bus, const char *path, const char *interface, const char *property,
                   sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Account *a = bus_account_in(userdata);
        g_autoptr(GArray) alerts = a ? account_alerts(a) : NULL;
        int r;

        r = sd_bus_message_open_container(reply, 'a', "a{sv}");
        for (guint i = 0; r >= 0 && alerts && i < alerts->len; i++)
                r = append_alert(reply, &g_array_index(alerts, AccountAlert, i));
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int new_signal(Bus *b, Account *a, const char *name, int64_t id, sd_bus_message **ret) {
        g_autoptr(sd_bus_message) m = NULL;
        g_autofree char *path = bus_sim_path(a);
        int r;

        r = sd_bus_message_new_signal(b->bus, &m, BUS_PATH, BUS_MANAGER_INTERFACE, name);
        if (r >= 0)
                r = sd_bus_message_append(m, "ot", path, (uint64_t) id);
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&m);
        return 0;
}

static int send_raised(Bus *b, Account *a, int64_t id, const Alert *alert) {
        g_autoptr(sd_bus_message) m = NULL;
        int r;

        r = new_signal(b, a, "AlertRaised", id, &m);
        if (r >= 0)
                r = sd_bus_message_append(m, "ss", alert_kind_to_string(alert->kind),
                                          alert_severity_to_string(alert->severity));
        if (r >= 0)
                r = sd_bus_message_open_container(m, 'a', "{sv}");
        if (r >= 0)
                r = append_details(m, alert);
        if (r >= 0)
                r = sd_bus_message_close_container(m);
        return r < 0 ? r : sd_bus_send(b->bus, m, NULL);
}

void bus_alert_raised(Bus *b, Account *a, int64_t id, const Alert *alert) {
        int r;

        /* Whoever hears of it may ask for the SIM: that it is there is told first. */
        bus_emit_states(b->emitter);
        r = send_raised(b, a, id, alert);
        if (r < 0)
                g_warning("Failed to tell of an alert: %s", g_strerror(-r));
}

void bus_alert_cleared(Bus *b, Account *a, int64_t id) {
        g_autoptr(sd_bus_message) m = NULL;
        int r;

        r = new_signal(b, a, "AlertCleared", id, &m);
        if (r >= 0)
                r = sd_bus_send(b->bus, m, NULL);
        if (r < 0)
                g_debug("Failed to tell of an alert that is over: %s", g_strerror(-r));
}

static int no_such_alert(sd_bus_error *error) {
        return sd_bus_error_set(error, BUS_ERROR("NoSuchAlert"),
                                N_("There is no such alert of this SIM, or no longer: see its "
                                   "property Alerts"));
}

static int acknowledge(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;
        Account *a;
        int64_t id;
        int r;

        r = bus_find_called_id(b, call, &a, &id, error);
        if (r < 0)
                return r;

        r = manager_acknowledge_alert(b->manager, a, id);
        if (r == -ENOENT)
                return no_such_alert(error);
        return r < 0 ? bus_ledger_error(error, r) : sd_bus_reply_method_return(call, NULL);
}

static int snooze(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;
        uint64_t id, until;
        Account *a;
        int r;

        r = bus_find_called(b, call, true, &a, error);
        if (r < 0)
                return r;
        r = sd_bus_message_rewind(call, true);
        if (r >= 0)
                r = sd_bus_message_read(call, "tt", &id, &until);
        if (r < 0)
                return r;
        if (until > CALENDAR_LAST)
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "An instant is UNIX seconds, up to the end of 9999; 0 is "
                                        "for this period");

        r = manager_snooze_alert(b->manager, a, (int64_t) MIN(id, INT64_MAX), (int64_t) until);
        if (r == -ENOENT)
                return no_such_alert(error);
        return r < 0 ? bus_ledger_error(error, r) : sd_bus_reply_method_return(call, NULL);
}

static int ask(sd_bus_message *call, sd_bus_message_handler_t then, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        Account *a;
        int r;

        r = bus_find_called(b, call, true, &a, error);
        return r < 0 ? r : polkit_check(b->polkit, call, POLKIT_MODIFY_PLAN, then, b, error);
}

int bus_method_acknowledge(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return ask(call, acknowledge, error);
}

int bus_method_snooze(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return ask(call, snooze, error);
}
