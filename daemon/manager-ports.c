/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Modems come and go; one that may have made us crash waits. */

#include "crash.h"
#include "manager-internal.h"

#define FORGIVE_SECONDS (10 * 60) /* without a crash */

static Meter *find_meter(Manager *m, const Port *port) {
        for (guint i = 0; i < m->meters->len; i++)
                if (meter_port(m->meters->pdata[i]) == port)
                        return m->meters->pdata[i];

        return NULL;
}

static void open_port(const Port *port, Meter *meter) {
        crash_suspect(port->key, true);
        meter_port_appeared(meter);
}

typedef struct Quarantine {
        Manager *manager;
        Meter *meter;
        guint source;
} Quarantine;

static void quarantine_free(void *data) {
        Quarantine *q = data;

        g_clear_handle_id(&q->source, g_source_remove);
        g_free(q);
}

static void quarantine_end(Manager *m, const Meter *meter) {
        for (GSList *i = m->quarantine; i; i = i->next) {
                Quarantine *q = i->data;

                if (q->meter != meter)
                        continue;
                m->quarantine = g_slist_delete_link(m->quarantine, i);
                quarantine_free(q);
                manager_tell(m, MANAGER_CHANGED_PROBLEMS);
                return;
        }
}

static gboolean on_forgive(void *userdata) {
        Manager *m = userdata;

        m->forgive = 0;
        crash_forgive();
        return G_SOURCE_REMOVE;
}

static gboolean on_quarantine_over(void *userdata) {
        Quarantine *q = userdata;
        Manager *m = q->manager;
        Meter *meter = q->meter;

        q->source = 0;
        quarantine_end(m, meter);
        open_port(meter_port(meter), meter);
        if (!m->quarantine && m->forgive == 0)
                m->forgive = g_timeout_add_seconds(FORGIVE_SECONDS, on_forgive, m);
        return G_SOURCE_REMOVE;
}

/* It may have made us crash: its link is counted, and nothing is said to the modem for a while. */
static bool quarantine_begin(Manager *m, const Port *port, Meter *meter) {
        unsigned seconds = crash_delay(port->key);
        Quarantine *q;

        if (seconds == 0)
                return false;

        q = g_new0(Quarantine, 1);
        q->manager = m;
        q->meter = meter;
        q->source = g_timeout_add_seconds(seconds, on_quarantine_over, q);
        m->quarantine = g_slist_prepend(m->quarantine, q);
        meter_port_quarantined(meter, seconds);
        manager_tell(m, MANAGER_CHANGED_PROBLEMS);
        return true;
}

static void on_port_appeared(const Port *port, void *userdata) {
        Manager *m = userdata;
        Meter *meter = find_meter(m, port);
        const Link *link;
        int r;

        if (!meter) {
                r = manager_add_meter(m, port, &meter);
                if (r < 0) {
                        g_warning("Failed to begin with the modem at %s: %s", port->path,
                                  g_strerror(-r));
                        return;
                }
        }

        /* The port may be told of its link only after the link was. */
        link = port->link ? link_monitor_find(m->links, port->link) : NULL;
        if (link)
                meter_link_appeared(meter, link);

        if (!quarantine_begin(m, port, meter))
                open_port(port, meter);
}

static void on_port_vanished(const Port *port, void *userdata) {
        Manager *m = userdata;
        Meter *meter = find_meter(m, port);

        crash_suspect(port->key, false);
        quarantine_end(m, meter);
        if (meter)
                meter_port_vanished(meter);
}

const PortsListener manager_ports_listener = {
        .appeared = on_port_appeared,
        .vanished = on_port_vanished,
};

void manager_ports_done(Manager *m) {
        g_slist_free_full(m->quarantine, quarantine_free);
        g_clear_handle_id(&m->forgive, g_source_remove);
}
