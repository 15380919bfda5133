/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The life of a modem's port, whatever it speaks: opened, lost, and opened again. */

#include "modem.h"

#include <glib.h>

#include "modem-driver.h"

#define FIRST_DELAY_SECONDS 1
#define LAST_DELAY_SECONDS  60
#define CLOSE_MSEC          3000
#define SETTLED_SECONDS     60   /* a port that lived that long is tried again at once */
#define REPEAT_SECONDS      3600 /* the same cause is not logged more often */

static const ModemDriver *const drivers[] = {
        [MODEM_PROTOCOL_QMI] = &modem_qmi_driver,
        [MODEM_PROTOCOL_MBIM] = &modem_mbim_driver,
        [MODEM_PROTOCOL_LINK] = &modem_link_driver,
};

struct Modem {
        const Port *port;              /* not owned */
        const ModemListener *listener; /* NULL: closing */
        void *userdata;

        ModemEvents events;
        const ModemDriver *driver;
        void *session;       /* NULL: not open */
        unsigned n_sessions; /* that are not closed yet: the running one, and those before it */
        bool is_there;       /* the port's node */
        gint64 opened_usec;  /* 0: the session has not got that far */
        guint retry, delay;
        char *told_why;   /* lost() was told that, and nothing better since */
        char *logged_why; /* what was logged last, and when */
        gint64 logged_usec;

        guint deadline;
        void (*closed)(void *userdata);
        void *closed_userdata;
};

static void modem_open(Modem *m);

static gboolean on_closed(void *data) {
        Modem *m = data;
        void (*closed)(void *userdata) = g_steal_pointer(&m->closed);

        m->deadline = 0;
        if (closed)
                closed(m->closed_userdata);
        if (m->n_sessions == 0)
                g_free(m);

        return G_SOURCE_REMOVE;
}

/* The last session was closed, or had been when the modem was told to close. */
static void finish_closing(Modem *m) {
        if (m->listener || m->n_sessions > 0)
                return;

        g_clear_handle_id(&m->deadline, g_source_remove);
        m->deadline = g_idle_add(on_closed, m);
}

static void on_session_closed(void *data) {
        Modem *m = data;

        m->n_sessions--;
        finish_closing(m);
}

static void close_session(Modem *m) {
        if (m->session)
                m->driver->close(g_steal_pointer(&m->session), on_session_closed, m);
}

static gboolean on_retry(void *data) {
        Modem *m = data;

        m->retry = 0;
        modem_open(m);
        return G_SOURCE_REMOVE;
}

static void retry_later(Modem *m) {
        gint64 lived = m->opened_usec > 0 ? g_get_monotonic_time() - m->opened_usec : 0;

        if (lived >= SETTLED_SECONDS * (gint64) G_USEC_PER_SEC)
                m->delay = FIRST_DELAY_SECONDS;

        m->retry = g_timeout_add_seconds(m->delay, on_retry, m);
        m->delay = MIN(m->delay * 2, LAST_DELAY_SECONDS);
}

/* One line for a cause, however often it is tried again. */
static void log_failure(Modem *m, const char *why) {
        gint64 now = g_get_monotonic_time();

        if (g_strcmp0(m->logged_why, why) == 0 &&
            now - m->logged_usec < REPEAT_SECONDS * (gint64) G_USEC_PER_SEC) {
                g_debug("%s: %s", m->port->path, why);
                return;
        }

        g_warning("%s: %s", m->port->path, why);
        g_free(m->logged_why);
        m->logged_why = g_strdup(why);
        m->logged_usec = now;
}

static void tell_lost(Modem *m, const char *why) {
        if (g_strcmp0(m->told_why, why) == 0)
                return;

        g_free(m->told_why);
        m->told_why = g_strdup(why);
        m->listener->lost(why, m->userdata);
}

static void on_failed(const char *why, void *data) {
        Modem *m = data;

        close_session(m);
        if (m->is_there) {
                log_failure(m, why);
                retry_later(m);
        }
        tell_lost(m, why);
}

static void on_opened(const char *model, void *data) {
        Modem *m = data;

        m->opened_usec = g_get_monotonic_time();
        g_clear_pointer(&m->told_why, g_free);
        m->listener->opened(model, m->userdata);
}

static void modem_open(Modem *m) {
        if (m->session || !m->is_there)
                return;

        m->opened_usec = 0;
        m->session = m->driver->open(m->port, &m->events);
        m->n_sessions++;
}

Modem *modem_new(const Port *port, const ModemListener *listener, void *userdata) {
        Modem *m = g_new0(Modem, 1);

        m->port = port;
        m->listener = listener;
        m->userdata = userdata;
        m->events = (ModemEvents){ .listener = listener,
                                   .userdata = userdata,
                                   .opened = on_opened,
                                   .failed = on_failed,
                                   .data = m };
        m->driver = drivers[port->protocol];
        m->delay = FIRST_DELAY_SECONDS;
        m->is_there = true;
        modem_open(m);
        return m;
}

void modem_port_appeared(Modem *m) {
        m->is_there = true;
        m->delay = FIRST_DELAY_SECONDS;
        g_clear_handle_id(&m->retry, g_source_remove);
        modem_open(m);
}

void modem_port_vanished(Modem *m) {
        bool was_open = m->session != NULL;

        m->is_there = false;
        g_clear_handle_id(&m->retry, g_source_remove);
        close_session(m);
        if (was_open)
                tell_lost(m, "The port is gone");
}

void modem_query_statistics(Modem *m) {
        if (m->session)
                m->driver->query_statistics(m->session);
}

void modem_close(Modem *m, void (*closed)(void *userdata), void *userdata) {
        m->listener = NULL;
        m->closed = closed;
        m->closed_userdata = userdata;
        g_clear_handle_id(&m->retry, g_source_remove);
        g_clear_pointer(&m->told_why, g_free);
        g_clear_pointer(&m->logged_why, g_free);

        m->deadline = g_timeout_add(CLOSE_MSEC, on_closed, m);
        close_session(m);
        finish_closing(m);
}
