/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "notify-server.h"

#include <errno.h>
#include <string.h>

#include "bus-cleanup.h"

#define NAME      "org.freedesktop.Notifications"
#define PATH      "/org/freedesktop/Notifications"
#define INTERFACE "org.freedesktop.Notifications"
#define APP_NAME  "simtally"
#define ICON      "network-cellular-signal-good"
#define DESKTOP   "simtally-notify" /* the name of our .desktop file */

#define CLOSED_BY_HAND 2 /* the reason, as the specification has it */

enum {
        CAN_ACTIONS = 1 << 0,
        CAN_BODY = 1 << 1,
        CAN_MARKUP = 1 << 2,
        KNOWN = 1 << 3, /* it was asked */
};

struct Server {
        sd_bus *bus;
        const ServerListener *listener; /* not owned */
        void *userdata;
        unsigned abilities;
        char *name;

        /* What is being shown; NULL: nothing is. */
        Notice *notice;
        uint32_t replaces;
        ServerShown shown;
        void *shown_userdata;
};

Notice *notice_new(void) {
        Notice *n = g_new0(Notice, 1);

        n->percent = -1;
        n->urgency = URGENCY_NORMAL;
        n->actions = g_ptr_array_new_with_free_func(g_free);
        return n;
}

Notice *notice_free(Notice *n) {
        if (!n)
                return NULL;

        g_ptr_array_unref(n->actions);
        g_free(n->title);
        g_free(n->body);
        g_free(n);
        return NULL;
}

void notice_add_action(Notice *n, const char *key, const char *label) {
        g_ptr_array_add(n->actions, g_strdup(key));
        g_ptr_array_add(n->actions, g_strdup(label));
}

static void finish(Server *s, int result, uint32_t id) {
        ServerShown shown = g_steal_pointer(&s->shown);

        s->notice = notice_free(s->notice);
        shown(result, id, s->shown_userdata);
}

static int error_of(const sd_bus_error *error) {
        if (sd_bus_error_has_name(error, SD_BUS_ERROR_SERVICE_UNKNOWN) ||
            sd_bus_error_has_name(error, SD_BUS_ERROR_NAME_HAS_NO_OWNER))
                return -ESRCH;
        if (sd_bus_error_has_name(error, NAME ".Error.ExcessNotificationGeneration"))
                return -EAGAIN;
        return -EIO;
}

static void set_name(Server *s, const char *name) {
        g_free(s->name);
        s->name = g_strdup(name ?: "");
}

static int on_shown(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        const sd_bus_error *error = sd_bus_message_get_error(m);
        Server *s = userdata;
        uint32_t id;
        int r;

        if (error) {
                g_info("A notification was refused: %s", error->message);
                finish(s, error_of(error), 0);
                return 0;
        }

        set_name(s, sd_bus_message_get_sender(m));
        r = sd_bus_message_read(m, "u", &id);
        finish(s, r < 0 ? r : 0, r < 0 ? 0 : id);
        return 0;
}

/* The title is always plain; the body is markup where the server knows it, and may be missing. */
static int append_texts(const Server *s, sd_bus_message *m, const Notice *n) {
        g_autofree char *escaped = g_markup_escape_text(n->body, -1);
        g_autofree char *all = g_strdup_printf("%s\n%s", n->title, n->body);

        if (!(s->abilities & CAN_BODY))
                return sd_bus_message_append(m, "ss", *n->body ? g_strdelimit(all, "\n", ' ') : all,
                                             "");
        return sd_bus_message_append(m, "ss", n->title,
                                     s->abilities & CAN_MARKUP ? escaped : n->body);
}

static int append_actions(const Server *s, sd_bus_message *m, const Notice *n) {
        int r;

        r = sd_bus_message_open_container(m, 'a', "s");
        for (guint i = 0; r >= 0 && s->abilities & CAN_ACTIONS && i < n->actions->len; i++)
                r = sd_bus_message_append(m, "s", n->actions->pdata[i]);
        return r < 0 ? r : sd_bus_message_close_container(m);
}

static int append_hints(sd_bus_message *m, const Notice *n) {
        int r;

        r = sd_bus_message_open_container(m, 'a', "{sv}");
        if (r >= 0)
                r = sd_bus_message_append(m, "{sv}{sv}{sv}", "urgency", "y", n->urgency, "category",
                                          "s", "network", "desktop-entry", "s", DESKTOP);
        if (r >= 0 && n->percent >= 0)
                r = sd_bus_message_append(m, "{sv}", "value", "i", MIN(n->percent, 100));
        return r < 0 ? r : sd_bus_message_close_container(m);
}

static int send_notice(Server *s) {
        g_autoptr(sd_bus_message) m = NULL;
        int r;

        r = sd_bus_message_new_method_call(s->bus, &m, NAME, PATH, INTERFACE, "Notify");
        if (r >= 0)
                r = sd_bus_message_append(m, "sus", APP_NAME, s->replaces, ICON);
        if (r >= 0)
                r = append_texts(s, m, s->notice);
        if (r >= 0)
                r = append_actions(s, m, s->notice);
        if (r >= 0)
                r = append_hints(m, s->notice);
        if (r >= 0)
                r = sd_bus_message_append(m, "i", -1); /* as long as the server thinks right */
        return r < 0 ? r : sd_bus_call_async(s->bus, NULL, m, on_shown, s, 0);
}

static int on_abilities(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        const sd_bus_error *error = sd_bus_message_get_error(m);
        Server *s = userdata;
        const char *ability;
        int r;

        if (error) {
                finish(s, error_of(error), 0);
                return 0;
        }

        s->abilities = KNOWN;
        r = sd_bus_message_enter_container(m, 'a', "s");
        while (r >= 0 && (r = sd_bus_message_read_basic(m, 's', &ability)) > 0)
                if (g_str_equal(ability, "actions"))
                        s->abilities |= CAN_ACTIONS;
                else if (g_str_equal(ability, "body"))
                        s->abilities |= CAN_BODY;
                else if (g_str_equal(ability, "body-markup"))
                        s->abilities |= CAN_MARKUP;
        if (r >= 0)
                r = send_notice(s);
        if (r < 0)
                finish(s, r, 0);
        return 0;
}

/* Asked when it is needed, and not before: that starts a server which none needed so far. */
static int ask_abilities(Server *s) {
        return sd_bus_call_method_async(s->bus, NULL, NAME, PATH, INTERFACE, "GetCapabilities",
                                        on_abilities, s, "");
}

void server_show(Server *s, uint32_t replaces, Notice *notice, ServerShown shown, void *userdata) {
        int r;

        g_assert(!s->notice);
        s->notice = notice;
        s->replaces = replaces;
        s->shown = shown;
        s->shown_userdata = userdata;

        r = s->abilities & KNOWN ? send_notice(s) : ask_abilities(s);
        if (r < 0)
                g_warning("The session bus cannot be used: %s", g_strerror(-r));
}

static int on_ignored(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        return 0;
}

void server_close(Server *s, uint32_t id) {
        g_autoptr(sd_bus_message) m = NULL;
        int r;

        r = sd_bus_message_new_method_call(s->bus, &m, NAME, PATH, INTERFACE, "CloseNotification");
        if (r >= 0)
                r = sd_bus_message_set_auto_start(m, 0); /* gone with its server, at the latest */
        if (r >= 0)
                r = sd_bus_message_append(m, "u", id);
        if (r >= 0)
                r = sd_bus_call_async(s->bus, NULL, m, on_ignored, s, 0);
        if (r < 0)
                g_debug("A notification could not be closed: %s", g_strerror(-r));
}

static int on_closed(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        Server *s = userdata;
        uint32_t id, reason;

        if (sd_bus_message_read(m, "uu", &id, &reason) >= 0)
                s->listener->closed(id, reason == CLOSED_BY_HAND, s->userdata);
        return 0;
}

static int on_invoked(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        Server *s = userdata;
        const char *action;
        uint32_t id;

        if (sd_bus_message_read(m, "us", &id, &action) >= 0)
                s->listener->invoked(id, action, s->userdata);
        return 0;
}

static int on_owner(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        const char *name, *before, *now;
        Server *s = userdata;

        if (sd_bus_message_read(m, "sss", &name, &before, &now) < 0)
                return 0;

        s->abilities = 0;
        if (*before)
                s->listener->gone(s->userdata);
        if (*now) {
                set_name(s, now);
                s->listener->came(s->userdata);
        }
        return 0;
}

static int on_first_owner(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        Server *s = userdata;
        const char *owner;

        if (!sd_bus_message_get_error(m) && sd_bus_message_read(m, "s", &owner) >= 0)
                set_name(s, owner);
        /* Where there is none yet, the first notification starts one, if one can be started. */
        s->listener->came(s->userdata);
        return 0;
}

int server_new(sd_bus *bus, const ServerListener *listener, void *userdata, Server **ret) {
        g_autoptr(Server) s = g_new0(Server, 1);
        int r;

        s->bus = sd_bus_ref(bus);
        s->listener = listener;
        s->userdata = userdata;
        s->name = g_strdup("");

        r = sd_bus_match_signal_async(bus, NULL, NAME, PATH, INTERFACE, "NotificationClosed",
                                      on_closed, NULL, s);
        if (r >= 0)
                r = sd_bus_match_signal_async(bus, NULL, NAME, PATH, INTERFACE, "ActionInvoked",
                                              on_invoked, NULL, s);
        if (r >= 0)
                r = sd_bus_add_match_async(bus, NULL,
                                           "type='signal',sender='org.freedesktop.DBus',"
                                           "member='NameOwnerChanged',arg0='" NAME "'",
                                           on_owner, NULL, s);
        if (r >= 0)
                r = sd_bus_call_method_async(bus, NULL, "org.freedesktop.DBus",
                                             "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                             "GetNameOwner", on_first_owner, s, "s", NAME);
        if (r < 0)
                return r;

        *ret = g_steal_pointer(&s);
        return 0;
}

Server *server_free(Server *s) {
        if (!s)
                return NULL;

        notice_free(s->notice);
        sd_bus_unref(s->bus);
        g_free(s->name);
        g_free(s);
        return NULL;
}

const char *server_name(const Server *s) {
        return s->name;
}
