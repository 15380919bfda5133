/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Builds the objects, joins them, runs the loop. */

#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include "bus.h"
#include "clock.h"
#include "config.h"
#include "crash.h"
#include "journal.h"
#include "ledger.h"
#include "log.h"
#include "manager.h"

#define DEFAULT_STATE_DIRECTORY "/var/lib/simtally"

typedef struct Daemon {
        GMainLoop *loop;
        Ledger *ledger;
        Journal *journal;
        Manager *manager;
        Bus *bus;
        bool is_stopping;
        int status;
} Daemon;

static void on_stopped(void *userdata) {
        Daemon *d = userdata;

        g_main_loop_quit(d->loop);
}

static void daemon_stop(Daemon *d) {
        if (d->is_stopping)
                return;

        d->is_stopping = true;
        (void) sd_notify(false, "STOPPING=1");
        manager_stop(d->manager, on_stopped, d);
}

static gboolean on_signal(void *userdata) {
        daemon_stop(userdata);
        return G_SOURCE_CONTINUE;
}

static void on_bus_lost(int error, void *userdata) {
        Daemon *d = userdata;

        g_warning("The bus is lost: %s", g_strerror(-error));
        d->status = EXIT_FAILURE;
        daemon_stop(d);
}

static gboolean on_watchdog(void *userdata) {
        (void) sd_notify(false, "WATCHDOG=1");
        return G_SOURCE_CONTINUE;
}

static void start_watchdog(void) {
        uint64_t usec;

        if (sd_watchdog_enabled(false, &usec) > 0)
                (void) g_timeout_add((guint) (usec / 2 / 1000), on_watchdog, NULL);
}

static const char *state_directory(void) {
        const char *directory = g_getenv("STATE_DIRECTORY");

        return directory && *directory ? directory : DEFAULT_STATE_DIRECTORY;
}

/* The ledger, and its journal; without that it goes on, and says what it costs. */
static int open_state(Daemon *d) {
        g_autofree char *uuid = NULL;
        uint64_t sequence = 0;
        int r;

        r = ledger_open(state_directory(), clock_now(), &d->ledger);
        if (r < 0)
                return r;
        r = ledger_load_uuid(d->ledger, &uuid);
        if (r < 0)
                return r;
        r = ledger_load_sequence(d->ledger, &sequence);
        if (r < 0)
                return r;

        crash_watch(state_directory());
        (void) journal_open(state_directory(), uuid, sequence, &d->journal);
        return 0;
}

static int daemon_run(Daemon *d, const Config *config) {
        int r;

        r = open_state(d);
        if (r < 0)
                return r;
        r = manager_new(d->ledger, d->journal, &d->manager);
        if (r < 0)
                return r;
        r = manager_start(d->manager, (Port **) config->ports->pdata, config->ports->len,
                          config->search);
        if (r < 0)
                return r;
        r = bus_new(d->manager, on_bus_lost, d, &d->bus);
        if (r < 0)
                return r;

        start_watchdog();
        (void) sd_notify(false, "READY=1");
        g_main_loop_run(d->loop);
        return 0;
}

static void daemon_done(Daemon *d) {
        bus_free(d->bus);
        manager_free(d->manager);
        journal_free(d->journal);
        crash_done();
        ledger_free(d->ledger);
        g_main_loop_unref(d->loop);
}

/* Reads the --port options; exits with a sentence where one cannot be understood. */
static GPtrArray *parse_ports(char **specs) {
        GPtrArray *ports = g_ptr_array_new();

        for (char **spec = specs; spec && *spec; spec++) {
                g_autofree char *why = NULL;
                Port *port;

                if (port_parse(*spec, &port, &why) < 0) {
                        fprintf(stderr, "simtallyd: --port %s: %s\n", *spec, why);
                        exit(2);
                }
                g_ptr_array_add(ports, port);
        }

        return ports;
}

/* What stands in the configuration file; exits with a sentence where it cannot be understood. */
static Config load_config(const char *path) {
        g_autofree char *why = NULL;
        Config config;

        if (config_load(path ?: CONFIG_PATH, path == NULL, port_parse, &config, &why) < 0) {
                fprintf(stderr, "simtallyd: %s\n", why);
                exit(2);
        }

        return config;
}

typedef struct Arguments {
        char **ports; /* NULL: what the configuration says */
        char *config;
} Arguments;

static void parse_arguments(int *argc, char ***argv, Arguments *ret) {
        gboolean version = FALSE;
        const GOptionEntry entries[] = {
                { "port", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &ret->ports,
                  "A modem, and the link of its data: qmi:PATH[@LINK], mbim:PATH[@LINK], "
                  "qrtr:NODE[@LINK], or link:@LINK=LABEL",
                  "SPEC" },
                { "config", 0, 0, G_OPTION_ARG_FILENAME, &ret->config,
                  "The configuration file, instead of " CONFIG_PATH, "FILE" },
                { "version", 0, 0, G_OPTION_ARG_NONE, &version, "Show the version", NULL },
                { 0 },
        };
        g_autoptr(GOptionContext) context = g_option_context_new(NULL);
        g_autoptr(GError) error = NULL;

        g_option_context_set_summary(context,
                                     "Counts the bytes of every SIM, and tells over D-Bus.\n"
                                     "Without --port, the modems that the configuration names are "
                                     "counted, and every QMI or MBIM modem that udev knows.");
        g_option_context_add_main_entries(context, entries, NULL);
        if (!g_option_context_parse(context, argc, argv, &error)) {
                fprintf(stderr, "simtallyd: %s\n", error->message);
                exit(2);
        }
        if (*argc > 1) {
                fprintf(stderr, "simtallyd: %s: not understood; see --help\n", (*argv)[1]);
                exit(2);
        }
        if (version) {
                printf("simtallyd %s\n", SIMTALLY_VERSION);
                exit(EXIT_SUCCESS);
        }
}

int main(int argc, char **argv) {
        Arguments arguments = { 0 };
        Daemon d = { 0 };
        Config config;
        int r;

        setlocale(LC_CTYPE, ""); /* who reads what it says on the bus may have another language */
        log_begin();
        parse_arguments(&argc, &argv, &arguments);
        config = arguments.ports ? (Config){ parse_ports(arguments.ports), false }
                                 : load_config(arguments.config);
        umask(0077);

        d.loop = g_main_loop_new(NULL, FALSE);
        (void) g_unix_signal_add(SIGTERM, on_signal, &d);
        (void) g_unix_signal_add(SIGINT, on_signal, &d);

        r = daemon_run(&d, &config);
        if (r < 0) {
                g_warning("simtallyd cannot go on: %s", g_strerror(-r));
                d.status = EXIT_FAILURE;
        }

        daemon_done(&d);
        g_ptr_array_unref(config.ports);
        g_strfreev(arguments.ports);
        g_free(arguments.config);
        return d.status;
}
