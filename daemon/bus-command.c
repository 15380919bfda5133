/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The owner's own program in a transient unit: systemd starts it as a user that exists for it
 * alone, outside of the daemon's sandbox, and with the network that the daemon does not have.
 */

#include <errno.h>
#include <string.h>

#include "bus-cleanup.h"
#include "bus-internal.h"
#include "sentence.h"

#define SYSTEMD         "org.freedesktop.systemd1"
#define SYSTEMD_PATH    "/org/freedesktop/systemd1"
#define SYSTEMD_MANAGER SYSTEMD ".Manager"
#define MOST_MEMORY     (UINT64_C(512) << 20)
#define MOST_TASKS      UINT64_C(64)

typedef struct Unit {
        Bus *bus; /* not owned */
        char *name;
        sd_bus_slot *call, *removed; /* the call, and the signals */
        CommandEnded ended;
        void *data;
} Unit;

/* Signals of jobs are sent only while somebody wants them. */
static void tell_manager(Bus *b, const char *method) {
        int r;

        r = sd_bus_call_method_async(b->bus, NULL, SYSTEMD, SYSTEMD_PATH, SYSTEMD_MANAGER, method,
                                     NULL, NULL, NULL);
        if (r < 0)
                g_debug("Failed to tell systemd to %s: %s", method, g_strerror(-r));
}

static Unit *unit_new(Bus *b, CommandEnded ended, void *data) {
        g_autofree char *random = g_uuid_string_random();
        Unit *u = g_new0(Unit, 1);

        u->bus = b;
        u->name = g_strdup_printf("simtally-query-%s.service", random);
        u->ended = ended;
        u->data = data;
        if (b->n_units++ == 0)
                tell_manager(b, "Subscribe");
        return u;
}

static void unit_free(Unit *u) {
        if (--u->bus->n_units == 0)
                tell_manager(u->bus, "Unsubscribe");
        sd_bus_slot_unref(u->call);
        sd_bus_slot_unref(u->removed);
        g_free(u->name);
        g_free(u);
}

static void end(Unit *u, int result, const char *why) {
        CommandEnded ended = u->ended;
        void *data = u->data;

        unit_free(u);
        ended(result, why, data);
}

static int on_job_removed(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        const char *job, *name, *result;
        Unit *u = userdata;
        uint32_t id;

        if (sd_bus_message_read(signal, "uoss", &id, &job, &name, &result) < 0 ||
            !g_str_equal(name, u->name))
                return 0;

        if (g_str_equal(result, "done"))
                end(u, 0, NULL);
        else if (g_str_equal(result, "timeout"))
                end(u, -ETIMEDOUT, N_("The command did not end within a minute"));
        else
                end(u, -EREMOTEIO, N_("The command failed: see journalctl -u 'simtally-query-*'"));
        return 0;
}

static bool is_absent(const sd_bus_error *error) {
        static const char *const names[] = { SD_BUS_ERROR_SERVICE_UNKNOWN,
                                             SD_BUS_ERROR_NAME_HAS_NO_OWNER,
                                             "org.freedesktop.systemd1.ShuttingDown" };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (sd_bus_error_has_name(error, names[i]))
                        return true;

        return false;
}

static int on_started(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const sd_bus_error *refused = sd_bus_message_get_error(reply);
        Unit *u = userdata;

        if (!refused)
                return 1; /* its end is a signal */

        g_debug("systemd does not start a unit: %s", refused->message ?: refused->name);
        if (is_absent(refused))
                end(u, -ENOSYS, NULL);
        else
                end(u, -EIO, "systemd refuses to run the command: see the log of simtallyd");
        return 1;
}

static int append_flags(sd_bus_message *m) {
        static const char *const flags[] = { "DynamicUser",          "NoNewPrivileges",
                                             "PrivateDevices",       "ProtectKernelTunables",
                                             "ProtectKernelModules", "ProtectKernelLogs",
                                             "ProtectControlGroups", "ProtectClock",
                                             "ProtectHostname",      "RestrictRealtime",
                                             "LockPersonality" };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < G_N_ELEMENTS(flags); i++)
                r = sd_bus_message_append(m, "(sv)", flags[i], "b", 1);
        return r;
}

static int append_texts(sd_bus_message *m) {
        static const char *const texts[][2] = {
                { "Description", "Asks the carrier of a SIM what is left" },
                { "Type", "oneshot" },
                { "CollectMode", "inactive-or-failed" },
                { "StandardInput", "null" },
                { "StandardOutput", "null" }, /* else errors, of the same kind, go to our pipe */
                { "StandardError", "journal" },
                { "ProtectSystem", "strict" },
                { "ProtectHome", "yes" },
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < G_N_ELEMENTS(texts); i++)
                r = sd_bus_message_append(m, "(sv)", texts[i][0], "s", texts[i][1]);
        return r;
}

static int append_properties(sd_bus_message *m, const char *path, int output) {
        int r;

        r = append_texts(m);
        if (r >= 0)
                r = append_flags(m);
        if (r >= 0)
                r = sd_bus_message_append(m, "(sv)(sv)(sv)(sv)(sv)", "StandardOutputFileDescriptor",
                                          "h", output, "TimeoutStartUSec", "t",
                                          COMMAND_SECONDS * UINT64_C(1000000), "MemoryMax", "t",
                                          MOST_MEMORY, "TasksMax", "t", MOST_TASKS,
                                          "CapabilityBoundingSet", "t", UINT64_C(0));
        if (r >= 0)
                r = sd_bus_message_append(m, "(sv)", "Environment", "as", 1, "LANG=C.UTF-8");
        if (r >= 0)
                r = sd_bus_message_append(m, "(sv)", "ExecStart", "a(sasb)", 1, path, 1, path, 0);
        return r;
}

static int new_call(Bus *b, sd_bus_message **ret, const char *name, const char *path, int output) {
        g_autoptr(sd_bus_message) m = NULL;
        int r;

        r = sd_bus_message_new_method_call(b->bus, &m, SYSTEMD, SYSTEMD_PATH, SYSTEMD_MANAGER,
                                           "StartTransientUnit");
        if (r >= 0)
                r = sd_bus_message_set_auto_start(m, 0);
        if (r >= 0)
                r = sd_bus_message_append(m, "ss", name, "fail");
        if (r >= 0)
                r = sd_bus_message_open_container(m, 'a', "(sv)");
        if (r >= 0)
                r = append_properties(m, path, output);
        if (r >= 0)
                r = sd_bus_message_close_container(m);
        if (r >= 0)
                r = sd_bus_message_append(m, "a(sa(sv))", 0);
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&m);
        return 0;
}

static int unit_start(const char *path, int output, CommandEnded ended, void *data, void **ret_run,
                      void *userdata) {
        g_autoptr(sd_bus_message) m = NULL;
        Bus *b = userdata;
        Unit *u = unit_new(b, ended, data);
        int r;

        r = new_call(b, &m, u->name, path, output);
        if (r >= 0)
                r = sd_bus_match_signal_async(b->bus, &u->removed, SYSTEMD, SYSTEMD_PATH,
                                              SYSTEMD_MANAGER, "JobRemoved", on_job_removed, NULL,
                                              u);
        if (r >= 0)
                r = sd_bus_call_async(b->bus, &u->call, m, on_started, u, 0);
        if (r < 0) {
                g_warning("Failed to ask systemd to run a command: %s", g_strerror(-r));
                unit_free(u);
                return r;
        }

        *ret_run = u;
        return 0;
}

static void unit_stop(void *run, void *userdata) {
        Unit *u = run;
        int r;

        r = sd_bus_call_method_async(u->bus->bus, NULL, SYSTEMD, SYSTEMD_PATH, SYSTEMD_MANAGER,
                                     "StopUnit", NULL, NULL, "ss", u->name, "replace");
        if (r < 0)
                g_debug("Failed to stop a command: %s", g_strerror(-r));
        unit_free(u);
}

const CommandStarter bus_command_starter = {
        .start = unit_start,
        .stop = unit_stop,
};
