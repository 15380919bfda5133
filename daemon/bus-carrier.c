/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.simtally1.Carrier, on each SIM's own path and on /org/simtally1/current: what it tells. */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "bus-internal.h"

/* What is known of a SIM's carrier; all empty where there is none. */
typedef struct View {
        const Carrier *carrier; /* NULL: it has no query */
        AccountReport report;
        bool has_report;
        TallyReport compared;
        double drift;
} View;

static View look_at(Bus *b, Account *a, int64_t now) {
        const TallyAnswer *answer;
        View v = { 0 };

        if (!a)
                return v;

        answer = account_answer(a, now);
        v.carrier = manager_carrier(b->manager, a);
        v.has_report = account_last_report(a, &v.report) >= 0;
        v.drift = answer->drift_percent;
        if (v.has_report && v.report.at == answer->report.at)
                v.compared = answer->report;
        return v;
}

static View look(sd_bus *bus, void *userdata) {
        Bus *b = bus_served(bus);

        return look_at(b, bus_account_in(userdata), bus_refresh(b));
}

/* How the last figure stands beside our own; "" where there is nothing to lay it beside. */
static const char *report_state(const View *v) {
        if (v->compared.at == 0)
                return "";
        if (v->compared.is_jump)
                return "question";
        return v->compared.differs ? "differs" : "agrees";
}

/* What it comes to in what is left, where the carrier says what is used. */
static uint64_t remaining(const View *v) {
        if (!v->report.is_used)
                return v->report.bytes;
        return v->compared.at > 0 && !v->compared.is_used ? v->compared.said : 0;
}

char *bus_describe_carrier(Bus *b, Account *a) {
        const View v = look_at(b, a, manager_now(b->manager));

        if (!v.carrier && !v.has_report)
                return NULL;

        return g_strdup_printf("%d|%d|%s|%d|%" PRIi64 "|%d|%" PRIu64 "|%" PRIi64 "|%s|%" PRIu64
                               "|%.2f",
                               v.carrier ? (int) carrier_method(v.carrier) : -1,
                               v.carrier ? (int) carrier_state(v.carrier) : -1,
                               v.carrier ? carrier_error(v.carrier) : "", v.has_report, v.report.at,
                               v.report.is_used, v.report.bytes, v.report.expires_at,
                               report_state(&v), v.compared.own, v.drift);
}

static int get_text(sd_bus *bus, const char *path, const char *interface, const char *property,
                    sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const View v = look(bus, userdata);
        CarrierState state = v.carrier ? carrier_state(v.carrier) : CARRIER_UNCONFIRMED;
        QueryMethod method = v.carrier ? carrier_method(v.carrier) : QUERY_NONE;
        const struct {
                const char *name, *text;
        } texts[] = {
                { "QueryMethod", query_method_to_string(method) },
                { "QueryState", carrier_state_to_string(state) },
                { "QueryError", v.carrier ? carrier_error(v.carrier) : "" },
                { "ReportState", report_state(&v) },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                if (g_str_equal(property, texts[i].name))
                        return bus_append_text(reply, texts[i].text);
        g_assert_not_reached();
}

static int get_number(sd_bus *bus, const char *path, const char *interface, const char *property,
                      sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const View v = look(bus, userdata);
        const struct {
                const char *name;
                uint64_t number;
        } numbers[] = {
                { "ReportedAt", bus_instant(v.report.at) },
                { "ReportedRemainingBytes", remaining(&v) },
                { "ReportedUsedBytes", v.report.is_used ? v.report.bytes : 0 },
                { "ReportedExpiresAt", bus_instant(v.report.expires_at) },
                { "OwnBytes", v.compared.own },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
                if (g_str_equal(property, numbers[i].name))
                        return bus_append_number(reply, numbers[i].number);
        g_assert_not_reached();
}

static int get_flag(sd_bus *bus, const char *path, const char *interface, const char *property,
                    sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const View v = look(bus, userdata);
        bool is_so = g_str_equal(property, "HasReport") ? v.has_report : v.report.is_used;

        return bus_append_flag(reply, is_so);
}

static int get_drift(sd_bus *bus, const char *path, const char *interface, const char *property,
                     sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return bus_append_real(reply, look(bus, userdata).drift);
}

#define CHANGES SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE

static const sd_bus_vtable vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("QueryMethod", "s", get_text, 0, CHANGES),
        SD_BUS_PROPERTY("QueryState", "s", get_text, 0, CHANGES),
        SD_BUS_PROPERTY("QueryError", "s", get_text, 0, CHANGES),
        SD_BUS_PROPERTY("HasReport", "b", get_flag, 0, CHANGES),
        SD_BUS_PROPERTY("ReportedAt", "t", get_number, 0, CHANGES),
        SD_BUS_PROPERTY("ReportedRemainingBytes", "t", get_number, 0, CHANGES),
        SD_BUS_PROPERTY("ReportsUsed", "b", get_flag, 0, CHANGES),
        SD_BUS_PROPERTY("ReportedUsedBytes", "t", get_number, 0, CHANGES),
        SD_BUS_PROPERTY("ReportedExpiresAt", "t", get_number, 0, CHANGES),
        SD_BUS_PROPERTY("ReportState", "s", get_text, 0, CHANGES),
        SD_BUS_PROPERTY("OwnBytes", "t", get_number, 0, CHANGES),
        SD_BUS_PROPERTY("DriftPercent", "d", get_drift, 0, CHANGES),
        SD_BUS_METHOD_WITH_ARGS("SuggestQueries", SD_BUS_NO_ARGS,
                                SD_BUS_RESULT("aa{sv}", suggestions), bus_method_suggest_queries,
                                SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("SetQuery", SD_BUS_ARGS("s", text), SD_BUS_NO_RESULT,
                                bus_method_set_query, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("GetQuery", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", text),
                                bus_method_get_query, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("ConfirmQuery", SD_BUS_ARGS("s", text, "s", to), SD_BUS_NO_RESULT,
                                bus_method_confirm_query, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Query", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, bus_method_query,
                                SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("TestReply", SD_BUS_ARGS("s", text), SD_BUS_RESULT("a{sv}", found),
                                bus_method_test_reply, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("GetLastReply", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", text),
                                bus_method_get_last_reply, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};

int bus_carrier_export(Bus *b) {
        return bus_add_sim_interface(b, BUS_CARRIER_INTERFACE, vtable);
}
