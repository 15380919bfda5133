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

#define BUS_CARRIER_INTERFACE "org.simtally1.Carrier"
#define BUS_MANAGER_INTERFACE "org.simtally1.Manager"
#define BUS_SIM_INTERFACE     "org.simtally1.Sim"
#define BUS_PLAN_INTERFACE    "org.simtally1.Plan"
#define BUS_MODEM_INTERFACE   "org.simtally1.Modem"

#define BUS_ERROR(name) "org.simtally1.Error." name

typedef struct BusEmitter BusEmitter;

struct Bus {
        sd_bus *bus;
        GSource *source;
        Manager *manager; /* not owned */
        BusEmitter *emitter;
        Polkit *polkit;
        int sleep_lock;   /* logind waits while it is open; -1: none */
        bool is_fresh;    /* counters were read for the message that is being answered … */
        int64_t fresh_at; /* … at this instant; 0: they are being read */
        unsigned n_units; /* commands that systemd runs for us */
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
 * message, and returns that instant, which is the same for all of an answer. What is told unasked
 * is as it stands.
 */
int64_t bus_refresh(Bus *b);

/* Appends a string; one that is not valid UTF-8 would make the whole reply fail. */
int bus_append_text(sd_bus_message *reply, const char *text);

/* One value each: what a thousand SIMs are told by, so without a signature to be worked through. */
static inline int bus_append_number(sd_bus_message *reply, uint64_t number) {
        return sd_bus_message_append_basic(reply, 't', &number);
}

static inline int bus_append_flag(sd_bus_message *reply, bool flag) {
        int is_so = flag;

        return sd_bus_message_append_basic(reply, 'b', &is_so);
}

static inline int bus_append_real(sd_bus_message *reply, double number) {
        return sd_bus_message_append_basic(reply, 'd', &number);
}

/* An instant as it is on the bus: never, and what lies before 1970, are 0. */
static inline uint64_t bus_instant(int64_t at) {
        return at > 0 && at <= CALENDAR_LAST ? (uint64_t) at : 0;
}

/* An errno of the manager's as a sentence for the caller. */
int bus_ledger_error(sd_bus_error *error, int r);

/* The SIM that a property is asked of; NULL: there is no current one. */
Account *bus_account_in(void *userdata);

/* The SIM that a call is for, or an error for the caller. */
int bus_find_called(Bus *b, sd_bus_message *call, bool changes, Account **ret, sd_bus_error *error);

/* … that changes something of it, whose id is the only argument; read again after polkit's answer.
 */
int bus_find_called_id(Bus *b, sd_bus_message *call, Account **ret, int64_t *ret_id,
                       sd_bus_error *error);

/* Adds an interface to the SIMs' paths and to /org/simtally1/current. */
int bus_add_sim_interface(Bus *b, const char *interface, const sd_bus_vtable *vtable);

/* Each adds its interface to the connection. */
int bus_manager_export(Bus *b);
int bus_sim_export(Bus *b);
int bus_plan_export(Bus *b);
int bus_carrier_export(Bus *b);
int bus_modem_export(Bus *b);

/* bus-bucket.c: TallyBucket as aa{sv} */
int bus_append_buckets(sd_bus_message *reply, const GArray *buckets);

/* bus-plan-change.c: what the owner tells */
char *bus_system_zone(int64_t now);
int bus_read_plan(const char *text, Plan **ret, sd_bus_error *error); /* or InvalidPlan */
int bus_method_set_plan(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_clear_plan(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_top_up(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_correct(sd_bus_message *call, void *userdata, sd_bus_error *error);

/* bus-event.c: what was told, and past periods */
int bus_method_get_plan(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_get_periods(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_list_events(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_remove_event(sd_bus_message *call, void *userdata, sd_bus_error *error);

/* bus-preset.c: plans to begin with, or to try out */
int bus_method_check_plan(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_list_presets(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_get_preset(sd_bus_message *call, void *userdata, sd_bus_error *error);

/* bus-alert.c: what the owner should know */
int bus_get_alerts(sd_bus *bus, const char *path, const char *interface, const char *property,
                   sd_bus_message *reply, void *userdata, sd_bus_error *error);
int bus_method_acknowledge(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_snooze(sd_bus_message *call, void *userdata, sd_bus_error *error);
void bus_alert_raised(Bus *b, Account *a, int64_t id, const Alert *alert);
void bus_alert_cleared(Bus *b, Account *a, int64_t id);

/* bus-carrier.c: what may have changed of it, in a form that can be compared; NULL: nothing is
 * known */
char *bus_describe_carrier(Bus *b, Account *a);

/* bus-query.c: what carriers may be asked, and are */
int bus_method_set_query(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_get_query(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_confirm_query(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_query(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_test_reply(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_get_last_reply(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_suggest_queries(sd_bus_message *call, void *userdata, sd_bus_error *error);

/* bus-command.c: commands in units of their own; userdata is the Bus */
extern const CommandStarter bus_command_starter;

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
void bus_emit_states(BusEmitter *e); /* objects and states, now */
void bus_emit_rest(BusEmitter *e);   /* all that waits, now */
