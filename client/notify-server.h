/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The session's notification server, whichever it is: what it can, and what happens there. */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

/* Desktop Notifications Specification 1.2 */
typedef enum Urgency {
        URGENCY_LOW = 0,
        URGENCY_NORMAL = 1,
        URGENCY_CRITICAL = 2,
} Urgency;

/* What is to be shown, in plain text. */
typedef struct Notice {
        char *title;
        char *body; /* lines; may be empty */
        Urgency urgency;
        int percent;        /* a bar of it; -1: none */
        GPtrArray *actions; /* a key and a label in turns */
} Notice;

Notice *notice_new(void);
Notice *notice_free(Notice *n);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Notice, notice_free)

void notice_add_action(Notice *n, const char *key, const char *label);

typedef struct ServerListener {
        /* There is a (new) server. What an old one showed is gone. */
        void (*came)(void *userdata);
        void (*gone)(void *userdata);

        /* A notification was closed; by_hand: by a person, not for its age or by us. */
        void (*closed)(uint32_t id, bool by_hand, void *userdata);
        void (*invoked)(uint32_t id, const char *action, void *userdata);
} ServerListener;

typedef struct Server Server;

/* The listener must outlive the Server. */
int server_new(sd_bus *bus, const ServerListener *listener, void *userdata, Server **ret);
Server *server_free(Server *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Server, server_free)

/*
 * Shows it, which is taken, in the place of another one if that is there still (replaces 0: none).
 * shown() is called once, with 0 and the number by which it is known, never before this returns.
 * -EAGAIN: later, perhaps (KDE refuses what it has just shown); -ESRCH: there is no server; or
 * another error. One at a time.
 */
typedef void (*ServerShown)(int result, uint32_t id, void *userdata);
void server_show(Server *s, uint32_t replaces, Notice *notice, ServerShown shown, void *userdata);

void server_close(Server *s, uint32_t id);

/* The unique name of who answered last; "" before. */
const char *server_name(const Server *s);
