/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "notify-open.h"

#include <glib.h>

#include "bus-cleanup.h"

#define PORTAL "org.freedesktop.portal.Desktop"

/* As a unit of its own where we are one: a browser must not live in our sandbox, nor end with us.
 */
static void spawn_opener(const char *url) {
        const char *const as_unit[] = { "systemd-run", "--user",   "--collect", "--quiet",
                                        "--",          "xdg-open", url,         NULL };
        const char *const alone[] = { "xdg-open", url, NULL };
        const char *const *words = g_getenv("INVOCATION_ID") ? as_unit : alone;
        g_autoptr(GError) error = NULL;

        if (!g_spawn_async(NULL, (char **) words, NULL,
                           G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                                   G_SPAWN_STDERR_TO_DEV_NULL,
                           NULL, NULL, NULL, &error))
                g_warning("Nothing opens the page: %s", error->message);
}

static int on_portal(sd_bus_message *m, void *userdata, sd_bus_error *ret_error) {
        const sd_bus_error *error = sd_bus_message_get_error(m);

        if (error) {
                g_debug("The portal does not open it: %s", error->message);
                spawn_opener(userdata);
        }
        return 0;
}

void open_url(sd_bus *session, const char *url) {
        g_autoptr(sd_bus_slot) slot = NULL;
        char *copy = g_strdup(url);
        int r;

        r = sd_bus_call_method_async(session, &slot, PORTAL, "/org/freedesktop/portal/desktop",
                                     "org.freedesktop.portal.OpenURI", "OpenURI", on_portal, copy,
                                     "ssa{sv}", "", url, 0);
        if (r < 0) {
                spawn_opener(copy);
                g_free(copy);
                return;
        }

        (void) sd_bus_slot_set_destroy_callback(slot, g_free);
        (void) sd_bus_slot_set_floating(slot, 1);
}
