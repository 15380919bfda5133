/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.simtally1.Manager */

#include <errno.h>
#include <sys/stat.h>

#include "bus-cleanup.h"
#include "bus-internal.h"
#include "sentence.h"

static int append_paths(sd_bus_message *reply, GPtrArray *objects, char *(*path_of)(void *object)) {
        int r;

        r = sd_bus_message_open_container(reply, 'a', "o");
        if (r < 0)
                return r;

        for (guint i = 0; i < objects->len; i++) {
                g_autofree char *path = path_of(objects->pdata[i]);

                r = sd_bus_message_append(reply, "o", path);
                if (r < 0)
                        return r;
        }

        return sd_bus_message_close_container(reply);
}

static char *sim_path(void *object) {
        return bus_sim_path(object);
}

static char *modem_path(void *object) {
        return bus_modem_path(object);
}

static int get_version(sd_bus *bus, const char *path, const char *interface, const char *property,
                       sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "s", SIMTALLY_VERSION);
}

static int get_sims(sd_bus *bus, const char *path, const char *interface, const char *property,
                    sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;

        return append_paths(reply, manager_sims(b->manager), sim_path);
}

static int get_modems(sd_bus *bus, const char *path, const char *interface, const char *property,
                      sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;

        return append_paths(reply, manager_modems(b->manager), modem_path);
}

static int get_current_sim(sd_bus *bus, const char *path, const char *interface,
                           const char *property, sd_bus_message *reply, void *userdata,
                           sd_bus_error *error) {
        Bus *b = userdata;
        g_autofree char *sim = bus_sim_path(manager_current_sim(b->manager));

        return sd_bus_message_append(reply, "o", sim);
}

static int get_problems(sd_bus *bus, const char *path, const char *interface, const char *property,
                        sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;

        return sd_bus_message_append_strv(reply, (char **) manager_problems(b->manager));
}

static int method_find_sim(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        g_autofree char *path = NULL;
        Bus *b = userdata;
        const char *text;
        Account *a;
        int r;

        r = sd_bus_message_read(call, "s", &text);
        if (r < 0)
                return r;

        r = manager_find_sim(b->manager, text, &a);
        if (r == -ENOTUNIQ)
                return sd_bus_error_set(error, BUS_ERROR("NoSuchSim"),
                                        N_("Several SIMs fit that text: give one of them another "
                                           "label, or use the last part of its object path"));
        if (r < 0)
                return sd_bus_error_set(
                        error, BUS_ERROR("NoSuchSim"),
                        N_("No SIM has that label, path or last four digits: see the "
                           "property Sims for those that are known"));

        path = bus_sim_path(a);
        return sd_bus_reply_method_return(call, "o", path);
}

/* A pipe could make us wait for its reader. */
static bool is_file(int fd) {
        struct stat st;

        return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static int export(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;
        int fd, r;

        r = sd_bus_message_rewind(call, true);
        if (r >= 0)
                r = sd_bus_message_read(call, "h", &fd);
        if (r < 0)
                return r;

        r = manager_export(b->manager, fd);
        if (r < 0)
                return bus_ledger_error(error, r);
        return sd_bus_reply_method_return(call, "");
}

static int method_export(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;
        int fd, r;

        r = sd_bus_message_read(call, "h", &fd);
        if (r < 0)
                return r;
        if (!is_file(fd))
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "Only a regular file can be written to: open one for "
                                        "writing, and pass that");

        return polkit_check(b->polkit, call, POLKIT_IDENTIFY, export, b, error);
}

static const sd_bus_vtable vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("Version", "s", get_version, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Sims", "ao", get_sims, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Modems", "ao", get_modems, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("CurrentSim", "o", get_current_sim, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Problems", "as", get_problems, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_METHOD_WITH_ARGS("FindSim", SD_BUS_ARGS("s", text), SD_BUS_RESULT("o", sim),
                                method_find_sim, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("CheckPlan", SD_BUS_ARGS("s", plan, "t", at),
                                SD_BUS_RESULT("aa{sv}", buckets), bus_method_check_plan,
                                SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("ListPresets", SD_BUS_NO_ARGS, SD_BUS_RESULT("a(sss)", presets),
                                bus_method_list_presets, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("GetPreset", SD_BUS_ARGS("s", id), SD_BUS_RESULT("s", text),
                                bus_method_get_preset, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_SIGNAL_WITH_ARGS(
                "AlertRaised",
                SD_BUS_ARGS("o", sim, "t", id, "s", kind, "s", severity, "a{sv}", details), 0),
        SD_BUS_SIGNAL_WITH_ARGS("AlertCleared", SD_BUS_ARGS("o", sim, "t", id), 0),
        SD_BUS_METHOD_WITH_ARGS("Export", SD_BUS_ARGS("h", file), SD_BUS_NO_RESULT, method_export,
                                SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};

static int find_manager(sd_bus *bus, const char *path, const char *interface, void *userdata,
                        void **ret_found, sd_bus_error *error) {
        if (!g_str_equal(path, BUS_PATH))
                return 0;

        *ret_found = userdata;
        return 1;
}

/* A path has vtables of one sort only, and the alias beneath this one needs a fallback. */
int bus_manager_export(Bus *b) {
        return sd_bus_add_fallback_vtable(b->bus, NULL, BUS_PATH, BUS_MANAGER_INTERFACE, vtable,
                                          find_manager, b);
}
