/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The connection and what is read from it; for the remote's own files. */

#include "bus-cleanup.h"
#include "remote.h"

#define NAME       "org.simtally1"
#define PATH       "/org/simtally1"
#define MANAGER    "org.simtally1.Manager"
#define SIM        "org.simtally1.Sim"
#define PLAN       "org.simtally1.Plan"
#define CARRIER    "org.simtally1.Carrier"
#define MODEM      "org.simtally1.Modem"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define TEXT_BYTES 384

struct Remote {
        sd_bus *bus;
        uint64_t timeout_usec;
        GPtrArray *sims, *modems;
        uint64_t n_sims, n_modems; /* as the daemon says */
        unsigned most_away;        /* 0: all are read */
        char *current;
        GStrv problems;
        bool only_looks;                   /* never starts the daemon */
        bool is_changed;                   /* since it was asked for */
        sd_bus_slot *slots[2];             /* while it is read: what was asked, */
        sd_bus_message *objects, *manager; /* and the answers that are there */

        /* Where it is watched on a loop. */
        GSource *source;
        const RemoteListener *listener; /* not owned */
        void *userdata;
        RemoteDone loaded; /* NULL: nothing is being loaded */
        void *loaded_userdata;
};

/* The two answers that a load is made of; negative errno. */
int remote_read_objects(Remote *r, sd_bus_message *reply);
int remote_read_manager(Remote *r, sd_bus_message *reply);

/* One error of a call as an exit code, and a sentence; and the same with the sentence on stderr. */
ExitCode remote_explain(const sd_bus_error *error, int r, char **ret_sentence);
ExitCode remote_report(const sd_bus_error *error, int r);

/* An empty message for a method; a person may be asked for a password. */
int remote_new_message(Remote *r, sd_bus_message **ret, const char *path, const char *interface,
                       const char *method);

/* Sends it and waits; what comes back is the caller's to read. ret: NULL for nothing. */
ExitCode remote_send(Remote *r, sd_bus_message *message, sd_bus_message **ret);

/* The two at once, with arguments of the given types. */
ExitCode remote_call(Remote *r, sd_bus_message **ret, const char *path, const char *interface,
                     const char *method, const char *types, ...);

/* A call that is under way while others are made: *reply is set once it is answered. */
int remote_begin(Remote *r, sd_bus_slot **ret, sd_bus_message **reply, const char *path,
                 const char *interface, const char *method, const char *types, ...);
int remote_await(Remote *r, sd_bus_message **reply); /* waits for that; negative errno */

/*
 * Which property goes where. Types: s text, b boolean, t number, d real number, l a list of texts,
 * joined, n how many it has; B buckets, D dictionaries.
 */
typedef struct Field {
        const char *name;
        char type;
        size_t offset;
} Field;

/* All texts and lists must be there, also where the daemon does not say them. */
void fields_fill(void *object, const Field *fields, size_t n_fields);
void fields_clear(void *object, const Field *fields, size_t n_fields);

/* Line ends are part of a plan's text; nothing else that steers a terminal is. */
char *remote_sanitize_lines(const char *text);

/* Reads a{sv}; what is not known, or of another type than expected, is passed over. */
int read_properties(sd_bus_message *m, void *object, const Field *fields, size_t n_fields);

int read_dictionary(sd_bus_message *m, GArray **ret); /* a{sv} of any values: RemoteValue */
int read_dictionaries(sd_bus_message *m, GPtrArray *dictionaries); /* aa{sv} */
int read_buckets(sd_bus_message *m, GPtrArray *buckets);           /* aa{sv} */

/* Reads a{sv}: what the manager says. */
int remote_read_manager(Remote *r, sd_bus_message *reply);

/* Reads a{oa{sa{sv}}} into the SIMs and modems. */
int read_objects(Remote *r, sd_bus_message *m);

/* Reads the a{sv} of one interface of an object; once all are read, what was not said is filled. */
int read_interface(Remote *r, sd_bus_message *m, const char *path, const char *interface);
void fill_sims(Remote *r);

void remote_modem_free(void *modem);
