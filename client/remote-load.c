/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Everything that there is, read at once: while others wait, or as a turn of their loop. */

#include <stdio.h>
#include <string.h>

#include "remote-internal.h"

static int compare_sims(const void *a, const void *b) {
        const RemoteSim *x = *(RemoteSim *const *) a, *y = *(RemoteSim *const *) b;

        if (x->current != y->current)
                return x->current ? -1 : 1;
        if (x->present != y->present)
                return x->present ? -1 : 1;
        return strcmp(x->label, y->label) ?: strcmp(x->path, y->path);
}

static int compare_modems(const void *a, const void *b) {
        return strcmp((*(RemoteModem *const *) a)->device, (*(RemoteModem *const *) b)->device);
}

typedef struct ManagerSaid {
        char *current, *problems;
        uint64_t n_sims, n_modems;
} ManagerSaid;

int remote_read_manager(Remote *r, sd_bus_message *reply) {
        static const Field fields[] = {
                { "Sims", 'n', offsetof(ManagerSaid, n_sims) },
                { "Modems", 'n', offsetof(ManagerSaid, n_modems) },
                { "CurrentSim", 's', offsetof(ManagerSaid, current) },
                { "Problems", 'l', offsetof(ManagerSaid, problems) },
        };
        ManagerSaid said = { 0 };
        int e;

        e = read_properties(reply, &said, fields, G_N_ELEMENTS(fields));
        if (e >= 0) {
                fields_fill(&said, fields, G_N_ELEMENTS(fields));
                r->n_sims = said.n_sims;
                r->n_modems = said.n_modems;
                g_free(r->current);
                r->current = g_steal_pointer(&said.current);
                g_strfreev(r->problems);
                r->problems =
                        *said.problems ? g_strsplit(said.problems, " ", -1) : g_new0(char *, 1);
        }
        fields_clear(&said, fields, G_N_ELEMENTS(fields));
        return e < 0 ? e : 0;
}

void remote_read_few(Remote *r, unsigned most_away) {
        r->most_away = most_away;
}

/* Both questions leave at once. */
int remote_load_begin(Remote *r) {
        int e;

        remote_load_drop(r);
        e = remote_begin(r, &r->slots[0], &r->objects, PATH, "org.freedesktop.DBus.ObjectManager",
                         "GetManagedObjects", "");
        if (e >= 0)
                e = remote_begin(r, &r->slots[1], &r->manager, PATH, PROPERTIES, "GetAll", "s",
                                 MANAGER);
        if (e < 0)
                remote_load_drop(r);
        return e < 0 ? e : 0;
}

bool remote_load_is_running(Remote *r) {
        return r->slots[0] || r->slots[1];
}

bool remote_load_is_done(Remote *r) {
        return r->objects && r->manager;
}

void remote_load_drop(Remote *r) {
        for (size_t i = 0; i < G_N_ELEMENTS(r->slots); i++)
                r->slots[i] = sd_bus_slot_unref(r->slots[i]);
        r->objects = sd_bus_message_unref(r->objects);
        r->manager = sd_bus_message_unref(r->manager);
}

int remote_read_objects(Remote *r, sd_bus_message *reply) {
        int e;

        g_ptr_array_set_size(r->sims, 0);
        g_ptr_array_set_size(r->modems, 0);
        e = read_objects(r, reply);
        if (e < 0)
                return e;

        g_ptr_array_sort(r->sims, compare_sims);
        g_ptr_array_sort(r->modems, compare_modems);
        return 0;
}

ExitCode remote_load_end(Remote *r, char **ret_why) {
        sd_bus_message *const replies[] = { r->manager, r->objects };
        ExitCode code = EXIT_CODE_OK;
        int e;

        for (size_t i = 0; code == EXIT_CODE_OK && i < G_N_ELEMENTS(replies); i++) {
                e = -sd_bus_message_get_errno(replies[i]);
                if (e < 0)
                        code = remote_explain(sd_bus_message_get_error(replies[i]), e, ret_why);
        }
        if (code == EXIT_CODE_OK) {
                e = remote_read_manager(r, r->manager); /* which says how many objects there are */
                if (e >= 0)
                        e = remote_read_objects(r, r->objects);
                if (e < 0)
                        code = remote_explain(&SD_BUS_ERROR_NULL, e, ret_why);
        }

        remote_load_drop(r);
        return code;
}

ExitCode remote_load_quietly(Remote *r, char **ret_why) {
        int e;

        e = remote_load_begin(r);
        if (e >= 0)
                e = remote_await(r, &r->objects);
        if (e >= 0)
                e = remote_await(r, &r->manager);
        return e < 0 ? remote_explain(&SD_BUS_ERROR_NULL, e, ret_why) : remote_load_end(r, ret_why);
}

ExitCode remote_load(Remote *r) {
        g_autofree char *why = NULL;
        ExitCode code = remote_load_quietly(r, &why);

        if (code != EXIT_CODE_OK)
                fprintf(stderr, "simtally: %s\n", why);
        return code;
}
