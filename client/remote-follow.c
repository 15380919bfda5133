/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Is told by the daemon, and by the bus, when there is something else to read. */

#include <string.h>

#include "remote-internal.h"

static int on_signal(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        Remote *r = userdata;

        r->is_changed = true;
        return 0;
}

/* All that the daemon tells is told below its own path; that it comes or goes, the bus tells. */
int remote_follow(Remote *r) {
        static const char *const matches[] = {
                "type='signal',sender='" NAME "',path_namespace='" PATH "'",
                "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"
                "arg0='" NAME "'",
        };
        int e;

        for (size_t i = 0; i < G_N_ELEMENTS(matches); i++) {
                e = sd_bus_add_match_async(r->bus, NULL, matches[i], on_signal, NULL, r);
                if (e < 0)
                        return e;
        }

        r->is_changed = true;
        return 0;
}

void remote_only_look(Remote *r) {
        r->only_looks = true;
}

bool remote_take_change(Remote *r) {
        bool is_changed = r->is_changed;

        r->is_changed = false;
        return is_changed;
}

int remote_process(Remote *r) {
        int e;

        do
                e = sd_bus_process(r->bus, NULL);
        while (e > 0);
        return e;
}

int remote_poll(Remote *r, int *ret_fd, int *ret_events, uint64_t *ret_until_usec) {
        uint64_t until_usec;
        int fd, events, e;

        fd = sd_bus_get_fd(r->bus);
        if (fd < 0)
                return fd;
        events = sd_bus_get_events(r->bus);
        if (events < 0)
                return events;
        e = sd_bus_get_timeout(r->bus, &until_usec);
        if (e < 0)
                return e;

        *ret_fd = fd;
        *ret_events = events;
        *ret_until_usec = until_usec;
        return 0;
}

static bool is_called(const RemoteSim *sim, const char *text) {
        const char *slug = strrchr(sim->path, '/');

        return g_str_equal(sim->label, text) || (slug && g_str_equal(slug + 1, text));
}

static bool has_tail(const RemoteSim *sim, const char *text) {
        return strlen(text) == 4 && g_str_equal(sim->iccid_tail, text);
}

/* As the daemon finds it: a label or a slug goes before digits, and must be of one SIM alone. */
const RemoteSim *remote_look_up_sim(Remote *r, const char *text) {
        static bool (*const fits[])(const RemoteSim *sim, const char *text) = { is_called,
                                                                                has_tail };

        if (!text)
                return r->sims->len > 0 ? r->sims->pdata[0] : NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(fits); i++) {
                const RemoteSim *found = NULL;
                guint n = 0;

                for (guint j = 0; j < r->sims->len; j++)
                        if (fits[i](r->sims->pdata[j], text)) {
                                found = r->sims->pdata[j];
                                n++;
                        }
                if (n > 0)
                        return n == 1 ? found : NULL;
        }

        return NULL;
}
