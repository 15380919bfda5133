/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "bus.h"

#include <errno.h>
#include <string.h>

#include "bus-cleanup.h"
#include "bus-internal.h"
#include "bus-source.h"
#include "sentence.h"

#define NAME_IS_OURS 1 /* DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER of the D-Bus specification */

Bus *bus_served(sd_bus *bus) {
        return sd_bus_slot_get_userdata(sd_bus_get_current_slot(bus));
}

char *bus_sim_path(const Account *a) {
        return a ? g_strconcat(BUS_SIM_PATH "/", account_slug(a), NULL) : g_strdup("/");
}

char *bus_modem_path(const Meter *m) {
        return g_strconcat(BUS_MODEM_PATH "/", meter_slug(m), NULL);
}

const char *bus_path_slug(const char *path, const char *prefix) {
        size_t length = strlen(prefix);

        if (strncmp(path, prefix, length) != 0 || path[length] != '/' ||
            strchr(path + length + 1, '/'))
                return NULL;

        return path + length + 1;
}

Account *bus_path_sim(Bus *b, const char *path) {
        const char *slug = bus_path_slug(path, BUS_SIM_PATH);

        if (g_str_equal(path, BUS_CURRENT_PATH))
                return manager_current_sim(b->manager);
        return slug ? manager_find_sim_by_slug(b->manager, slug) : NULL;
}

int64_t bus_refresh(Bus *b) {
        if (!sd_bus_get_current_message(b->bus))
                return manager_now(b->manager);

        if (!b->is_fresh) {
                b->is_fresh = true;
                b->fresh_at = 0;
                manager_refresh(b->manager); /* and what comes of it may be told at once */
                b->fresh_at = manager_now(b->manager);
        }

        return b->fresh_at ?: manager_now(b->manager);
}

int bus_append_text(sd_bus_message *reply, const char *text) {
        g_autofree char *valid =
                g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);

        return sd_bus_message_append_basic(reply, 's', valid ?: text);
}

int bus_ledger_error(sd_bus_error *error, int r) {
        switch (r) {
        case -ENOSPC:
                return sd_bus_error_set(
                        error, SD_BUS_ERROR_NO_MEMORY,
                        N_("The disk is full: nothing was changed. Make room and try "
                           "again"));
        case -EBUSY:
                return sd_bus_error_set(error, BUS_ERROR("Busy"),
                                        N_("The ledger is locked by another program: nothing was "
                                           "changed. Try again in a moment"));
        default:
                return sd_bus_error_set(
                        error, SD_BUS_ERROR_IO_ERROR,
                        N_("The ledger cannot be used: nothing was changed. See the "
                           "log of simtallyd"));
        }
}

static void on_sim_added(Account *a, void *userdata) {
        Bus *b = userdata;

        bus_emit_sim_added(b->emitter, a);
}

static void on_sim_removed(Account *a, void *userdata) {
        Bus *b = userdata;

        bus_emit_sim_removed(b->emitter, a);
}

static void on_sim_changed(Account *a, AccountChange what, void *userdata) {
        Bus *b = userdata;

        bus_emit_sim(b->emitter, a, what);
}

static void on_alert_raised(Account *a, int64_t id, const Alert *alert, void *userdata) {
        bus_alert_raised(userdata, a, id, alert);
}

static void on_alert_cleared(Account *a, int64_t id, void *userdata) {
        bus_alert_cleared(userdata, a, id);
}

static void on_modem_added(Meter *m, void *userdata) {
        Bus *b = userdata;

        bus_emit_modem_added(b->emitter, m);
}

static void on_modem_changed(Meter *m, void *userdata) {
        Bus *b = userdata;

        bus_emit_modem(b->emitter, m);
}

static void on_changed(ManagerChange what, void *userdata) {
        Bus *b = userdata;

        bus_emit_manager(b->emitter, what);
}

static const ManagerListener manager_listener = {
        .sim_added = on_sim_added,
        .sim_removed = on_sim_removed,
        .sim_changed = on_sim_changed,
        .alert_raised = on_alert_raised,
        .alert_cleared = on_alert_cleared,
        .modem_added = on_modem_added,
        .modem_changed = on_modem_changed,
        .changed = on_changed,
};

static void on_lost(int error, void *userdata) {
        Bus *b = userdata;

        b->lost(error, b->userdata);
}

static int on_message(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;

        b->is_fresh = false;
        return 0; /* not answered here */
}

static int on_name_reply(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const sd_bus_error *refused = sd_bus_message_get_error(reply);
        Bus *b = userdata;
        uint32_t code = 0;

        if (refused)
                g_warning("The bus refuses the name %s: %s", BUS_NAME,
                          refused->message ?: refused->name);
        else if (sd_bus_message_read(reply, "u", &code) < 0 || code != NAME_IS_OURS)
                g_warning("Another program on the bus has the name %s", BUS_NAME);

        if (code != NAME_IS_OURS)
                b->lost(refused ? -sd_bus_error_get_errno(refused) : -EEXIST, b->userdata);
        return 1;
}

static int on_name_lost(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;
        const char *name;

        if (sd_bus_message_read(signal, "s", &name) < 0 || !g_str_equal(name, BUS_NAME))
                return 0;

        g_warning("The name %s was taken away", BUS_NAME);
        b->lost(-ESTALE, b->userdata);
        return 0;
}

static int bus_export(Bus *b) {
        int r;

        r = sd_bus_add_filter(b->bus, NULL, on_message, b);
        if (r < 0)
                return r;
        r = sd_bus_add_object_manager(b->bus, NULL, BUS_PATH);
        if (r < 0)
                return r;
        r = bus_manager_export(b);
        if (r < 0)
                return r;
        r = bus_sim_export(b);
        if (r < 0)
                return r;
        r = bus_plan_export(b);
        if (r < 0)
                return r;
        r = bus_carrier_export(b);
        if (r < 0)
                return r;

        return bus_modem_export(b);
}

static int bus_request_name(Bus *b) {
        int r;

        r = sd_bus_match_signal_async(b->bus, NULL, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                      "org.freedesktop.DBus", "NameLost", on_name_lost, NULL, b);
        if (r < 0)
                return r;

        /* Nobody may replace us, and we wait in no queue. */
        return sd_bus_request_name_async(b->bus, NULL, BUS_NAME, 0, on_name_reply, b);
}

int bus_new(Manager *manager, void (*lost)(int error, void *userdata), void *userdata, Bus **ret) {
        Bus *b = g_new0(Bus, 1);
        int r;

        b->manager = manager;
        b->lost = lost;
        b->userdata = userdata;
        b->emitter = bus_emitter_new(b);
        b->polkit = polkit_new();

        /* Before the name is ours everything is there. */
        b->sleep_lock = -1;
        r = sd_bus_open_system(&b->bus);
        if (r >= 0)
                r = bus_export(b);
        if (r >= 0)
                r = bus_sleep_watch(b);
        if (r >= 0)
                r = bus_request_name(b);
        if (r < 0) {
                g_warning("Failed to set up the connection to the bus: %s", g_strerror(-r));
                bus_free(b);
                return r;
        }

        b->source = bus_source_new(b->bus, on_lost, b);
        (void) g_source_attach(b->source, NULL);
        manager_set_listener(manager, &manager_listener, b);
        manager_set_starter(manager, &bus_command_starter, b);
        *ret = b;
        return 0;
}

Bus *bus_free(Bus *b) {
        if (!b)
                return NULL;

        manager_set_listener(b->manager, NULL, NULL);
        manager_set_starter(b->manager, NULL, NULL);
        bus_emit_rest(b->emitter);
        bus_emitter_free(b->emitter);
        polkit_free(b->polkit);
        bus_sleep_done(b);
        if (b->source) {
                g_source_destroy(b->source);
                g_source_unref(b->source);
        }
        sd_bus_flush_close_unref(b->bus);
        g_free(b);
        return NULL;
}
