/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A modem that cannot be spoken to, because it speaks another protocol or another program holds its
 * port: it says nothing but what the owner has said of it, and its link is counted.
 */

#include <gio/gio.h>

#include "modem-driver.h"

typedef struct LinkSession {
        const Port *port; /* not owned */
        ModemEvents events;
        guint opening, answering;
} LinkSession;

static gboolean on_open(void *data) {
        LinkSession *s = data;
        const ModemListener *listener = s->events.listener;
        void *userdata = s->events.userdata;
        g_autofree char *name = g_strconcat(SIM_NAME_PREFIX, s->port->label, NULL);
        const SimIdentity sim = {
                .iccid = name, .imsi = "", .eid = "", .label = s->port->label, .operator= "" };

        s->opening = 0;
        s->events.opened("", s->events.data);
        listener->sim(&sim, userdata);
        listener->network(&(ModemNetwork){ .name = "" }, userdata);
        listener->connection(IP_FAMILY_4, true, "", userdata);
        listener->connection(IP_FAMILY_6, false, "", userdata);
        return G_SOURCE_REMOVE;
}

static void *link_open(const Port *port, unsigned n_failed, const ModemEvents *events) {
        LinkSession *s = g_new0(LinkSession, 1);

        s->port = port;
        s->events = *events;
        s->opening = g_idle_add(on_open, s);
        return s;
}

static gboolean on_answer(void *data) {
        const ModemStatistics nothing = { 0 };
        LinkSession *s = data;

        s->answering = 0;
        s->events.listener->statistics(&nothing, s->events.userdata);
        return G_SOURCE_REMOVE;
}

static void link_query_statistics(void *session) {
        LinkSession *s = session;

        if (s->answering == 0)
                s->answering = g_idle_add(on_answer, s);
}

static void link_close(void *session, void (*closed)(void *userdata), void *userdata) {
        LinkSession *s = session;

        g_clear_handle_id(&s->opening, g_source_remove);
        g_clear_handle_id(&s->answering, g_source_remove);
        g_free(s);
        closed(userdata);
}

const ModemDriver modem_link_driver = {
        .name = "link",
        .open = link_open,
        .query_statistics = link_query_statistics,
        .close = link_close,
};
