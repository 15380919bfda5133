/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "bus-source.h"

/*
 * GLib's events have the values of poll(2), which is what sd-bus speaks. Nothing is
 * remembered between prepare() and dispatch(): GLib skips check() when another thread
 * touches its context, and then simply asks again.
 */
typedef struct BusSource {
        GSource source;
        GPollFD poll;
        sd_bus *bus;
        void (*lost)(int error, void *userdata);
        void *userdata;
} BusSource;

static int bus_source_timeout(sd_bus *bus) {
        uint64_t until, now = (uint64_t) g_get_monotonic_time();

        if (sd_bus_get_timeout(bus, &until) < 0)
                return 0; /* broken: let dispatch() find out why */
        if (until == UINT64_MAX)
                return -1;
        if (until <= now)
                return 0;

        return (int) MIN((until - now + 999) / 1000, (uint64_t) G_MAXINT);
}

static gboolean bus_source_prepare(GSource *source, int *ret_timeout) {
        BusSource *s = (BusSource *) source;
        int events;

        events = sd_bus_get_events(s->bus);
        s->poll.events = events < 0 ? 0 : (gushort) events;
        *ret_timeout = events < 0 ? 0 : bus_source_timeout(s->bus);

        return *ret_timeout == 0;
}

static gboolean bus_source_check(GSource *source) {
        BusSource *s = (BusSource *) source;

        return s->poll.revents != 0 || bus_source_timeout(s->bus) == 0;
}

static gboolean bus_source_dispatch(GSource *source, GSourceFunc callback, void *data) {
        BusSource *s = (BusSource *) source;
        int r;

        r = sd_bus_process(s->bus, NULL); /* one message a turn keeps the loop fair */
        if (r >= 0)
                return G_SOURCE_CONTINUE;

        s->lost(r, s->userdata);
        return G_SOURCE_REMOVE;
}

static void bus_source_finalize(GSource *source) {
        BusSource *s = (BusSource *) source;

        sd_bus_unref(s->bus);
}

GSource *bus_source_new(sd_bus *bus, void (*lost)(int error, void *userdata), void *userdata) {
        static GSourceFuncs funcs = {
                .prepare = bus_source_prepare,
                .check = bus_source_check,
                .dispatch = bus_source_dispatch,
                .finalize = bus_source_finalize,
        };
        GSource *source = g_source_new(&funcs, sizeof(BusSource));
        BusSource *s = (BusSource *) source;

        s->bus = sd_bus_ref(bus);
        s->poll.fd = sd_bus_get_fd(bus);
        s->lost = lost;
        s->userdata = userdata;

        g_source_set_name(source, "sd-bus");
        /* No loop runs within a handler, and without this GLib wakes itself up around each. */
        g_source_set_can_recurse(source, TRUE);
        g_source_add_poll(source, &s->poll);
        return source;
}
