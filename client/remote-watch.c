/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The daemon, followed on a GLib loop: it is asked when it says that there is something to ask. */

#include <stdio.h>

#include "bus-source.h"
#include "remote-internal.h"

#define PATIENCE_USEC (5 * 60 * G_USEC_PER_SEC) /* a person may be typing a password */

static int on_raised(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        Remote *r = userdata;
        const char *sim;
        uint64_t id;

        if (sd_bus_message_read(m, "ot", &sim, &id) < 0)
                return 0;
        r->listener->alert_raised(sim, id, r->userdata);
        r->listener->changed(r->userdata);
        return 0;
}

static int on_cleared(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        Remote *r = userdata;

        r->listener->changed(r->userdata);
        return 0;
}

static int on_owner(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        const char *name, *before, *now;
        Remote *r = userdata;

        if (sd_bus_message_read(m, "sss", &name, &before, &now) >= 0 && *now)
                r->listener->changed(r->userdata);
        return 0;
}

static int on_has_owner(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        Remote *r = userdata;
        int is_there;

        if (sd_bus_message_read(m, "b", &is_there) >= 0 && is_there)
                r->listener->changed(r->userdata);
        return 0;
}

static void on_lost(int error, void *userdata) {
        Remote *r = userdata;

        g_warning("The system bus is gone: %s", g_strerror(-error));
        r->listener->lost(r->userdata);
}

static int add_matches(Remote *r) {
        int e;

        e = sd_bus_match_signal_async(r->bus, NULL, NAME, PATH, MANAGER, "AlertRaised", on_raised,
                                      NULL, r);
        if (e >= 0)
                e = sd_bus_match_signal_async(r->bus, NULL, NAME, PATH, MANAGER, "AlertCleared",
                                              on_cleared, NULL, r);
        if (e >= 0)
                e = sd_bus_add_match_async(r->bus, NULL,
                                           "type='signal',sender='org.freedesktop.DBus',"
                                           "member='NameOwnerChanged',arg0='" NAME "'",
                                           on_owner, NULL, r);
        if (e >= 0)
                e = sd_bus_call_method_async(r->bus, NULL, "org.freedesktop.DBus",
                                             "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                             "NameHasOwner", on_has_owner, r, "s", NAME);
        return e;
}

int remote_watch(Remote *r, const RemoteListener *listener, void *userdata) {
        int e;

        r->listener = listener;
        r->userdata = userdata;
        r->only_looks = true;
        e = add_matches(r);
        if (e < 0)
                return e;

        r->source = bus_source_new(r->bus, on_lost, r);
        g_source_attach(r->source, NULL);
        return 0;
}

static void finish_load(Remote *r, ExitCode code) {
        RemoteDone loaded = g_steal_pointer(&r->loaded);

        loaded(code, r->loaded_userdata);
}

static ExitCode finish_reading(int e) {
        return e < 0 ? remote_report(&SD_BUS_ERROR_NULL, e) : EXIT_CODE_OK;
}

static int on_manager(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        int e = -sd_bus_message_get_errno(m);
        Remote *r = userdata;

        if (e < 0)
                finish_load(r, remote_report(sd_bus_message_get_error(m), e));
        else
                finish_load(r, finish_reading(remote_read_manager(r, m)));
        return 0;
}

static int on_objects(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        int e = -sd_bus_message_get_errno(m);
        g_autoptr(sd_bus_message) ask = NULL;
        Remote *r = userdata;
        ExitCode code;

        code = e < 0 ? remote_report(sd_bus_message_get_error(m), e)
                     : finish_reading(remote_read_objects(r, m));
        if (code == EXIT_CODE_OK) {
                e = remote_new_message(r, &ask, PATH, PROPERTIES, "GetAll");
                if (e >= 0)
                        e = sd_bus_message_append(ask, "s", MANAGER);
                if (e >= 0)
                        e = sd_bus_call_async(r->bus, NULL, ask, on_manager, r, r->timeout_usec);
                if (e >= 0)
                        return 0;
                code = remote_report(&SD_BUS_ERROR_NULL, e);
        }

        finish_load(r, code);
        return 0;
}

void remote_load_async(Remote *r, RemoteDone done, void *userdata) {
        g_autoptr(sd_bus_message) ask = NULL;
        int e;

        g_assert(!r->loaded);
        r->loaded = done;
        r->loaded_userdata = userdata;

        e = remote_new_message(r, &ask, PATH, "org.freedesktop.DBus.ObjectManager",
                               "GetManagedObjects");
        if (e >= 0)
                e = sd_bus_call_async(r->bus, NULL, ask, on_objects, r, r->timeout_usec);
        if (e < 0) {
                /* Only a bus that is gone does this, and that is told by itself. */
                g_debug("The daemon cannot be asked: %s", g_strerror(-e));
                r->loaded = NULL;
        }
}

typedef struct Call {
        RemoteReplied replied;
        void *userdata;
        GDestroyNotify free_userdata;
} Call;

static void call_free(void *data) {
        Call *c = data;

        if (c->free_userdata)
                c->free_userdata(c->userdata);
        g_free(c);
}

static int on_reply(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        int e = -sd_bus_message_get_errno(m);
        g_autofree char *sentence = NULL;
        Call *c = userdata;

        if (e < 0)
                (void) remote_explain(sd_bus_message_get_error(m), e, &sentence);
        c->replied(e < 0 ? NULL : m, sentence, c->userdata);
        return 0;
}

void remote_call_async(Remote *r, const char *path, const char *interface, const char *method,
                       RemoteReplied replied, void *userdata, GDestroyNotify free_userdata,
                       const char *types, ...) {
        g_autoptr(sd_bus_message) message = NULL;
        g_autoptr(sd_bus_slot) slot = NULL;
        Call *c = g_new(Call, 1);
        va_list arguments;
        int e;

        *c = (Call){ replied, userdata, free_userdata };
        e = remote_new_message(r, &message, path, interface, method);
        if (e >= 0) {
                va_start(arguments, types);
                e = sd_bus_message_appendv(message, types, arguments);
                va_end(arguments);
        }
        if (e >= 0)
                e = sd_bus_call_async(r->bus, &slot, message, on_reply, c, PATIENCE_USEC);
        if (e < 0) {
                replied(NULL, g_strerror(-e), userdata);
                call_free(c);
                return;
        }

        (void) sd_bus_slot_set_destroy_callback(slot, call_free);
        (void) sd_bus_slot_set_floating(slot, 1); /* the bus keeps the question from here on */
}
