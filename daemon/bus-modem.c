/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.simtally1.Modem */

#include <errno.h>
#include <string.h>

#include "bus-cleanup.h"
#include "bus-internal.h"
#include "iccid.h"

static int get_text(sd_bus *bus, const char *path, const char *interface, const char *property,
                    sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        static const struct {
                const char *property;
                const char *(*get)(const Meter *m);
        } texts[] = {
                { "Device", meter_device }, { "Protocol", meter_protocol },
                { "Model", meter_model },   { "Problem", meter_problem },
                { "Source", meter_source },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                if (g_str_equal(texts[i].property, property))
                        return bus_append_text(reply, texts[i].get(userdata));

        return bus_append_text(reply, meter_state_to_string(meter_state(userdata)));
}

static int get_sim(sd_bus *bus, const char *path, const char *interface, const char *property,
                   sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        g_autofree char *sim = bus_sim_path(meter_account(userdata));

        return sd_bus_message_append(reply, "o", sim);
}

static int get_links(sd_bus *bus, const char *path, const char *interface, const char *property,
                     sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        g_auto(GStrv) links = meter_links(userdata);

        return sd_bus_message_append_strv(reply, links);
}

static int get_counter_dispute(sd_bus *bus, const char *path, const char *interface,
                               const char *property, sd_bus_message *reply, void *userdata,
                               sd_bus_error *error) {
        return bus_append_flag(reply, meter_disputed(userdata));
}

static int get_unassigned(sd_bus *bus, const char *path, const char *interface,
                          const char *property, sd_bus_message *reply, void *userdata,
                          sd_bus_error *error) {
        Traffic t;

        bus_refresh(bus_served(bus));
        t = account_total(meter_unassigned(userdata));
        return bus_append_number(reply, strstr(property, "Rx") ? t.rx : t.tx);
}

typedef struct Assignment {
        Meter *modem;
        Account *sim; /* NULL: nobody */
        uint64_t since, until;
} Assignment;

/* Looks up what the call names; again after polkit's answer, for it may be gone by then. */
static int read_assignment(Bus *b, sd_bus_message *call, Assignment *ret, sd_bus_error *error) {
        const char *slug = bus_path_slug(sd_bus_message_get_path(call), BUS_MODEM_PATH), *sim;
        Assignment a = { .modem = slug ? manager_find_modem_by_slug(b->manager, slug) : NULL };
        int r;

        if (!a.modem)
                return sd_bus_error_set(
                        error, SD_BUS_ERROR_UNKNOWN_OBJECT,
                        "There is no such modem: see the property Modems of " BUS_PATH);

        r = sd_bus_message_rewind(call, true);
        if (r < 0)
                return r;
        r = sd_bus_message_read(call, "ott", &sim, &a.since, &a.until);
        if (r < 0)
                return r;

        if (a.since > CALENDAR_LAST || a.until > CALENDAR_LAST)
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "Instants are UNIX seconds, up to the end of 9999; 0: no "
                                        "bound");
        if (a.until > 0 && a.until < a.since)
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "The end lies before the beginning: exchange them, or give "
                                        "0 for no end");
        if (!g_str_equal(sim, "/")) {
                a.sim = bus_path_slug(sim, BUS_SIM_PATH) ? bus_path_sim(b, sim) : NULL;
                if (!a.sim)
                        return sd_bus_error_set(
                                error, BUS_ERROR("NoSuchSim"),
                                "There is no such SIM: see the property Sims of " BUS_PATH
                                "; / makes the bytes unassigned again");
        }

        *ret = a;
        return 0;
}

static int assign_to(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        g_autofree char *masked = NULL;
        Bus *b = userdata;
        Assignment a;
        int r;

        r = read_assignment(b, call, &a, error);
        if (r < 0)
                return r;
        r = manager_assign(b->manager, a.modem, a.sim, (int64_t) a.since, (int64_t) a.until);
        if (r < 0)
                return bus_ledger_error(error, r);

        masked = a.sim ? iccid_mask(account_iccid(a.sim)) : g_strdup("nobody");
        g_message("%s: unassigned bytes were given to %s%s", meter_device(a.modem),
                  a.sim ? "SIM " : "", masked);
        return sd_bus_reply_method_return(call, NULL);
}

static int method_assign_to(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        Assignment a;
        int r;

        r = read_assignment(b, call, &a, error); /* nobody is asked about what cannot be done */
        if (r < 0)
                return r;

        return polkit_check(b->polkit, call, POLKIT_MODIFY_PLAN, assign_to, b, error);
}

static const sd_bus_vtable vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("Device", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Protocol", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Model", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("State", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Problem", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Sim", "o", get_sim, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Links", "as", get_links, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Source", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("CounterDispute", "b", get_counter_dispute, 0,
                        SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("UnassignedRxBytes", "t", get_unassigned, 0,
                        SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("UnassignedTxBytes", "t", get_unassigned, 0,
                        SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_METHOD_WITH_ARGS("AssignTo", SD_BUS_ARGS("o", sim, "t", since, "t", until),
                                SD_BUS_NO_RESULT, method_assign_to, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};

static int find_modem(sd_bus *bus, const char *path, const char *interface, void *userdata,
                      void **ret_found, sd_bus_error *error) {
        const char *slug = bus_path_slug(path, BUS_MODEM_PATH);
        Bus *b = userdata;
        Meter *m = slug ? manager_find_modem_by_slug(b->manager, slug) : NULL;

        if (!m)
                return 0;

        *ret_found = m;
        return 1;
}

static int list_modems(sd_bus *bus, const char *prefix, void *userdata, char ***ret_nodes,
                       sd_bus_error *error) {
        Bus *b = userdata;
        GPtrArray *modems = manager_modems(b->manager);
        char **nodes = calloc(modems->len + 1, sizeof(char *)); /* sd-bus frees it */

        for (guint i = 0; nodes && i < modems->len; i++) {
                g_autofree char *path = bus_modem_path(modems->pdata[i]);

                nodes[i] = strdup(path);
        }

        *ret_nodes = nodes;
        return nodes ? 0 : -ENOMEM;
}

int bus_modem_export(Bus *b) {
        int r;

        r = sd_bus_add_fallback_vtable(b->bus, NULL, BUS_MODEM_PATH, BUS_MODEM_INTERFACE, vtable,
                                       find_modem, b);
        if (r < 0)
                return r;

        return sd_bus_add_node_enumerator(b->bus, NULL, BUS_MODEM_PATH, list_modems, b);
}
