/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The life of a modem's port, whatever it speaks: opened, lost, and opened again. */

#include "modem.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

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

typedef enum Dialogue {
        DIALOGUE_NONE,
        DIALOGUE_ASKED, /* the network is to say something */
        DIALOGUE_WAITS, /* for our answer */
} Dialogue;

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
        unsigned n_failed;   /* sessions in a row that did not */
        guint retry, delay;
        char *told_why;   /* lost() was told that, and nothing better since */
        char *logged_why; /* what was logged last, and when */
        gint64 logged_usec;

        unsigned muxes[MODEM_MOST_MUXES];
        size_t n_muxes;
        bool listens_messages;
        bool is_sending; /* a message, whose answer is to come */
        Dialogue ussd;

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

static bool is_open(const Modem *m) {
        return m->session && m->opened_usec > 0;
}

static bool on_message(const uint8_t *pdu, size_t size, void *data) {
        Modem *m = data;

        if (!m->listens_messages || !m->listener->message || size > MODEM_MESSAGE_BYTES)
                return false;

        return m->listener->message(pdu, size, m->userdata);
}

static void on_sent(int result, const char *why, void *data) {
        Modem *m = data;

        if (!m->is_sending)
                return;

        m->is_sending = false;
        if (m->listener->sent)
                m->listener->sent(result, why, m->userdata);
}

static void on_ussd(int result, const char *text, bool wants_answer, void *data) {
        Modem *m = data;

        if (m->ussd == DIALOGUE_NONE)
                return;

        m->ussd = wants_answer ? DIALOGUE_WAITS : DIALOGUE_NONE;
        if (m->listener->ussd)
                m->listener->ussd(result, text, wants_answer, m->userdata);
}

static void close_session(Modem *m) {
        if (!m->session)
                return;

        m->driver->close(g_steal_pointer(&m->session), on_session_closed, m);
        if (!m->listener)
                return;

        on_sent(-ECONNRESET, "The connection to the modem broke; it may have been sent", m);
        on_ussd(-ECONNRESET, "The connection to the modem broke", false, m);
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
        if (m->opened_usec == 0)
                m->n_failed++;
        if (m->is_there) {
                log_failure(m, why);
                retry_later(m);
        }
        tell_lost(m, why);
}

static void watch_muxes(Modem *m) {
        if (is_open(m) && m->driver->watch_muxes)
                m->driver->watch_muxes(m->session, m->muxes, m->n_muxes);
}

static void on_opened(const char *model, void *data) {
        Modem *m = data;

        m->opened_usec = g_get_monotonic_time();
        m->n_failed = 0;
        g_clear_pointer(&m->told_why, g_free);
        m->listener->opened(model, m->userdata);
        if (m->n_muxes > 0)
                watch_muxes(m);
        if (is_open(m) && m->listens_messages && m->driver->listen_messages)
                m->driver->listen_messages(m->session, true);
}

static void modem_open(Modem *m) {
        if (m->session || !m->is_there)
                return;

        m->opened_usec = 0;
        m->session = m->driver->open(m->port, m->n_failed, &m->events);
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
                                   .message = on_message,
                                   .sent = on_sent,
                                   .ussd = on_ussd,
                                   .data = m };
        m->driver = drivers[port->protocol];
        m->delay = FIRST_DELAY_SECONDS;
        m->is_there = true;
        modem_open(m);
        return m;
}

void modem_port_appeared(Modem *m) {
        m->is_there = true;
        m->n_failed = 0;
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

void modem_watch_muxes(Modem *m, const unsigned *ids, size_t n) {
        g_assert(n <= MODEM_MOST_MUXES);

        if (n == m->n_muxes && memcmp(ids, m->muxes, n * sizeof(*ids)) == 0)
                return;

        memcpy(m->muxes, ids, n * sizeof(*ids));
        m->n_muxes = n;
        watch_muxes(m);
}

void modem_query_statistics(Modem *m) {
        if (m->session)
                m->driver->query_statistics(m->session);
}

void modem_listen_messages(Modem *m, bool listen) {
        if (m->listens_messages == listen)
                return;

        m->listens_messages = listen;
        if (is_open(m) && m->driver->listen_messages)
                m->driver->listen_messages(m->session, listen);
}

void modem_read_messages(Modem *m) {
        if (m->listens_messages && is_open(m) && m->driver->read_messages)
                m->driver->read_messages(m->session);
}

int modem_send_message(Modem *m, const uint8_t *pdu, size_t size) {
        int r;

        if (!m->driver->send_message)
                return -EOPNOTSUPP;
        if (!is_open(m))
                return -ENOTCONN;
        if (m->is_sending)
                return -EBUSY;
        if (size == 0)
                return -EINVAL;
        if (size > MODEM_MESSAGE_BYTES)
                return -EMSGSIZE;

        r = m->driver->send_message(m->session, pdu, size);
        if (r < 0)
                return r;

        m->is_sending = true;
        return 0;
}

static int send_ussd(Modem *m, const char *text, bool is_answer) {
        int r;

        if (!m->driver->send_ussd)
                return -EOPNOTSUPP;
        if (!is_open(m))
                return -ENOTCONN;
        if (*text == '\0')
                return -EINVAL;
        if (strlen(text) > MODEM_USSD_BYTES)
                return -EMSGSIZE;

        r = m->driver->send_ussd(m->session, text, is_answer);
        if (r < 0)
                return r;

        m->ussd = DIALOGUE_ASKED;
        return 0;
}

int modem_send_ussd(Modem *m, const char *code) {
        return m->ussd == DIALOGUE_NONE ? send_ussd(m, code, false) : -EBUSY;
}

int modem_answer_ussd(Modem *m, const char *text) {
        return m->ussd == DIALOGUE_WAITS ? send_ussd(m, text, true) : -ENOENT;
}

void modem_cancel_ussd(Modem *m) {
        if (m->ussd == DIALOGUE_NONE)
                return;

        m->ussd = DIALOGUE_NONE;
        m->driver->cancel_ussd(m->session);
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
