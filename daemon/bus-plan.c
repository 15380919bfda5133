/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.simtally1.Plan, on each SIM's own path and on /org/simtally1/current: what it tells. */

#include <string.h>

#include "bus-internal.h"

/* What a SIM's plan comes to now; all empty where there is no SIM. */
typedef struct View {
        Account *account;
        const TallyAnswer *answer;
        const Forecast *forecast;
        const Plan *plan; /* NULL: none is in force */
} View;

static View look(sd_bus *bus, void *userdata) {
        static const TallyAnswer no_answer;
        static const Forecast no_forecast;
        Account *a = bus_account_in(userdata);
        Bus *b = bus_served(bus);
        int64_t now = bus_refresh(b);

        if (!a)
                return (View){ .answer = &no_answer, .forecast = &no_forecast };

        return (View){ .account = a,
                       .answer = account_answer(a, now),
                       .forecast = account_forecast(a, now),
                       .plan = account_answer(a, now)->plan };
}

static int get_flag(sd_bus *bus, const char *path, const char *interface, const char *property,
                    sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const View v = look(bus, userdata);
        const struct {
                const char *name;
                bool is_so;
        } flags[] = {
                { "HasPlan", v.plan },
                { "ReadOnly", v.account && account_has_fleet_plan(v.account) },
                { "Shared", v.plan && v.plan->is_shared },
                { "Unlimited", v.answer->is_unlimited },
                { "HasForecast", v.forecast->speaks },
                { "HasSafe", v.forecast->has_safe },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
                if (g_str_equal(property, flags[i].name))
                        return bus_append_flag(reply, flags[i].is_so);
        g_assert_not_reached();
}

static int get_text(sd_bus *bus, const char *path, const char *interface, const char *property,
                    sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const View v = look(bus, userdata);
        const struct {
                const char *name, *text;
        } texts[] = {
                { "Name", v.plan ? v.plan->name : NULL },
                { "Zone", v.plan ? v.plan->zone : NULL },
                { "State", tally_state_to_string(v.answer->state) },
                { "Currency", v.answer->currency },
                { "TopUpUrl", v.plan ? v.plan->top_up_url : NULL },
                { "Support", v.plan ? v.plan->support : NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                if (g_str_equal(property, texts[i].name))
                        return bus_append_text(reply, texts[i].text ?: "");
        g_assert_not_reached();
}

static int get_bytes(sd_bus *bus, const char *path, const char *interface, const char *property,
                     sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const View v = look(bus, userdata);
        const struct {
                const char *name;
                uint64_t bytes;
        } bytes[] = {
                { "LimitBytes", v.answer->is_unlimited ? 0 : v.answer->limit },
                { "UsedBytes", v.answer->used },
                { "RemainingBytes", v.answer->is_unlimited ? 0 : v.answer->remaining },
                { "OverBytes", v.answer->over },
                { "AfterExpiryBytes", v.answer->after_expiry },
                { "SpareBytes", v.forecast->spare },
                { "MissingBytes", v.forecast->missing },
                { "SafeTodayBytes", v.forecast->safe_today },
                { "SafeDailyBytes", v.forecast->safe_daily },
                { "RateLimit", v.answer->rate_bps },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(bytes); i++)
                if (g_str_equal(property, bytes[i].name))
                        return bus_append_number(reply, bytes[i].bytes);
        g_assert_not_reached();
}

static int get_instant(sd_bus *bus, const char *path, const char *interface, const char *property,
                       sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const View v = look(bus, userdata);
        const struct {
                const char *name;
                int64_t at;
        } instants[] = {
                { "Since", v.answer->contract_since },
                { "PeriodStart", v.answer->period_start },
                { "PeriodEnd", v.answer->period_end },
                { "ExpiresAt", v.answer->expires_at },
                { "RunsOutAt", v.forecast->runs_out_at },
                { "LiftsAt", v.answer->lifts_at },
                { "KeepAliveUntil", v.answer->keep_alive },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(instants); i++)
                if (g_str_equal(property, instants[i].name))
                        return bus_append_number(reply, bus_instant(instants[i].at));
        g_assert_not_reached();
}

static int get_percent_used(sd_bus *bus, const char *path, const char *interface,
                            const char *property, sd_bus_message *reply, void *userdata,
                            sd_bus_error *error) {
        return bus_append_real(reply, look(bus, userdata).answer->percent_used);
}

static int get_charged(sd_bus *bus, const char *path, const char *interface, const char *property,
                       sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return bus_append_real(reply, (double) look(bus, userdata).answer->charged_micros / 1e6);
}

static int get_buckets(sd_bus *bus, const char *path, const char *interface, const char *property,
                       sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return bus_append_buckets(reply, look(bus, userdata).answer->buckets);
}

#define CHANGES     SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define INVALIDATES SD_BUS_VTABLE_PROPERTY_EMITS_INVALIDATION

static const sd_bus_vtable vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("HasPlan", "b", get_flag, 0, CHANGES),
        SD_BUS_PROPERTY("ReadOnly", "b", get_flag, 0, CHANGES),
        SD_BUS_PROPERTY("Name", "s", get_text, 0, CHANGES),
        SD_BUS_PROPERTY("Zone", "s", get_text, 0, CHANGES),
        SD_BUS_PROPERTY("Since", "t", get_instant, 0, CHANGES),
        SD_BUS_PROPERTY("Shared", "b", get_flag, 0, CHANGES),
        SD_BUS_PROPERTY("State", "s", get_text, 0, CHANGES),
        SD_BUS_PROPERTY("Unlimited", "b", get_flag, 0, CHANGES),
        SD_BUS_PROPERTY("LimitBytes", "t", get_bytes, 0, CHANGES),
        SD_BUS_PROPERTY("UsedBytes", "t", get_bytes, 0, CHANGES),
        SD_BUS_PROPERTY("RemainingBytes", "t", get_bytes, 0, CHANGES),
        SD_BUS_PROPERTY("OverBytes", "t", get_bytes, 0, CHANGES),
        SD_BUS_PROPERTY("AfterExpiryBytes", "t", get_bytes, 0, CHANGES),
        SD_BUS_PROPERTY("PercentUsed", "d", get_percent_used, 0, CHANGES),
        SD_BUS_PROPERTY("PeriodStart", "t", get_instant, 0, CHANGES),
        SD_BUS_PROPERTY("PeriodEnd", "t", get_instant, 0, CHANGES),
        SD_BUS_PROPERTY("ExpiresAt", "t", get_instant, 0, CHANGES),
        SD_BUS_PROPERTY("HasForecast", "b", get_flag, 0, CHANGES),
        SD_BUS_PROPERTY("RunsOutAt", "t", get_instant, 0, CHANGES),
        SD_BUS_PROPERTY("SpareBytes", "t", get_bytes, 0, CHANGES),
        SD_BUS_PROPERTY("MissingBytes", "t", get_bytes, 0, CHANGES),
        SD_BUS_PROPERTY("HasSafe", "b", get_flag, 0, CHANGES),
        SD_BUS_PROPERTY("SafeTodayBytes", "t", get_bytes, 0, CHANGES),
        SD_BUS_PROPERTY("SafeDailyBytes", "t", get_bytes, 0, CHANGES),
        SD_BUS_PROPERTY("RateLimit", "t", get_bytes, 0, CHANGES),
        SD_BUS_PROPERTY("LiftsAt", "t", get_instant, 0, CHANGES),
        SD_BUS_PROPERTY("Charged", "d", get_charged, 0, CHANGES),
        SD_BUS_PROPERTY("Currency", "s", get_text, 0, CHANGES),
        SD_BUS_PROPERTY("KeepAliveUntil", "t", get_instant, 0, CHANGES),
        SD_BUS_PROPERTY("TopUpUrl", "s", get_text, 0, CHANGES),
        SD_BUS_PROPERTY("Support", "s", get_text, 0, CHANGES),
        SD_BUS_PROPERTY("Buckets", "aa{sv}", get_buckets, 0, INVALIDATES),
        SD_BUS_METHOD_WITH_ARGS("GetPlan", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", text),
                                bus_method_get_plan, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("SetPlan", SD_BUS_ARGS("s", text, "t", since), SD_BUS_NO_RESULT,
                                bus_method_set_plan, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("ClearPlan", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT,
                                bus_method_clear_plan, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("TopUp", SD_BUS_ARGS("s", text, "t", at), SD_BUS_RESULT("t", event),
                                bus_method_top_up, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Correct", SD_BUS_ARGS("a{sv}", figure), SD_BUS_RESULT("t", event),
                                bus_method_correct, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("GetPeriods", SD_BUS_ARGS("t", since, "t", until),
                                SD_BUS_RESULT("aa{sv}", periods), bus_method_get_periods,
                                SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("ListEvents", SD_BUS_ARGS("t", after, "u", max),
                                SD_BUS_RESULT("a(ttsa{sv})", events), bus_method_list_events,
                                SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("RemoveEvent", SD_BUS_ARGS("t", event), SD_BUS_NO_RESULT,
                                bus_method_remove_event, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};

int bus_plan_export(Bus *b) {
        return bus_add_sim_interface(b, BUS_PLAN_INTERFACE, vtable);
}
