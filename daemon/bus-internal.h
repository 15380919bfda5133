/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the bus share: the connection, paths, and the three interfaces. */

#include <systemd/sd-bus.h>

#include "bus.h"
#include "polkit.h"

#define BUS_NAME         "org.simtally1"
#define BUS_PATH         "/org/simtally1"
#define BUS_SIM_PATH     "/org/simtally1/sim"
#define BUS_MODEM_PATH   "/org/simtally1/modem"
#define BUS_CURRENT_PATH "/org/simtally1/current"

#define BUS_MANAGER_INTERFACE "org.simtally1.Manager"
#define BUS_SIM_INTERFACE     "org.simtally1.Sim"
#define BUS_MODEM_INTERFACE   "org.simtally1.Modem"

#define BUS_ERROR(name) "org.simtally1.Error." name

typedef struct BusEmitter BusEmitter;

struct Bus {
        sd_bus *bus;
        GSource *source;
        Manager *manager; /* not owned */
        BusEmitter *emitter;
        Polkit *polkit;
        int sleep_lock; /* logind waits while it is open; -1: none */
        bool is_fresh;  /* counters were read for the message that is being answered */
        void (*lost)(int error, void *userdata);
        void *userdata;
};

/* The Bus whose vtable is being served. */
Bus *bus_served(sd_bus *bus);

/* Object paths; "/" for NULL. */
char *bus_sim_path(const Account *a);
char *bus_modem_path(const Meter *m);

/* The object of a path under a prefix: its last element; NULL if there is more or less. */
const char *bus_path_slug(const char *path, const char *prefix);

/* The SIM of a path, /org/simtally1/current included; NULL if there is none. */
Account *bus_path_sim(Bus *b, const char *path);

/*
 * Figures are exact at the instant that they are asked for: reads the counters, once for each
 * message. What is told unasked is as it stands.
 */
void bus_refresh(Bus *b);

/* Appends a string; one that is not valid UTF-8 would make the whole reply fail. */
int bus_append_text(sd_bus_message *reply, const char *text);

/* An errno of the manager's as a sentence for the caller. */
int bus_ledger_error(sd_bus_error *error, int r);

/* Each adds its interface to the connection. */
int bus_manager_export(Bus *b);
int bus_sim_export(Bus *b);
int bus_modem_export(Bus *b);

/* bus-sleep.c: commits before the machine sleeps */
int bus_sleep_watch(Bus *b);
void bus_sleep_done(Bus *b);

/* bus-emit.c: when the bus is told of what has changed */
BusEmitter *bus_emitter_new(Bus *b);
BusEmitter *bus_emitter_free(BusEmitter *e);
void bus_emit_sim_added(BusEmitter *e, Account *a);
void bus_emit_sim_removed(BusEmitter *e, Account *a);
void bus_emit_sim(BusEmitter *e, Account *a, AccountChange what);
void bus_emit_modem_added(BusEmitter *e, Meter *m);
void bus_emit_modem(BusEmitter *e, Meter *m);
void bus_emit_manager(BusEmitter *e, ManagerChange what);
void bus_emit_rest(BusEmitter *e); /* all that waits, now */
