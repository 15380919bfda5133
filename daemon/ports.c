/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ports.h"

#include <errno.h>
#include <gio/gio.h>
#include <gudev/gudev.h>
#include <string.h>
#include <sys/stat.h>

typedef struct WatchedPort {
        Ports *ports; /* not owned */
        Port *port;
        bool is_named; /* by a person, not found */
        bool was_told; /* that it is there */

        /* named */
        GFileMonitor *monitor;
        char *watched;  /* the entry that is monitored: the node, or a folder on the way to it */
        char *identity; /* of the node that is there; NULL: none is */

        /* found by udev */
        char *sysfs; /* NULL: it is not there */
        char *home;  /* sysfs path of the hardware that it shares with its link */
} WatchedPort;

struct Ports {
        GPtrArray *watched; /* WatchedPort */
        GUdevClient *udev;
        guint telling;
        const PortsListener *listener;
        void *userdata;
};

static void stop_monitor(WatchedPort *w) {
        if (!w->monitor)
                return;

        g_signal_handlers_disconnect_by_data(w->monitor, w);
        (void) g_file_monitor_cancel(w->monitor);
        g_clear_object(&w->monitor);
}

static void watched_free(void *data) {
        WatchedPort *w = data;

        stop_monitor(w);
        port_free(w->port);
        g_free(w->watched);
        g_free(w->identity);
        g_free(w->sysfs);
        g_free(w->home);
        g_free(w);
}

/* Tells what has changed since it was told last. */
static void tell(WatchedPort *w) {
        Ports *p = w->ports;
        bool is_there = w->identity || w->sysfs;

        if (is_there == w->was_told)
                return;

        w->was_told = is_there;
        if (is_there)
                p->listener->appeared(w->port, p->userdata);
        else
                p->listener->vanished(w->port, p->userdata);
}

static void tell_all(Ports *p) {
        for (guint i = 0; i < p->watched->len; i++)
                tell(p->watched->pdata[i]);
}

static gboolean on_begin(void *data) {
        Ports *p = data;

        p->telling = 0;
        tell_all(p);
        return G_SOURCE_REMOVE;
}

/* Two nodes that follow each other under one name differ in this. NULL: there is none. */
static char *identity_of(const char *path) {
        struct stat st;

        /* A link counts itself: while it leads nowhere, the port is there, and cannot be opened. */
        if (lstat(path, &st) < 0)
                return NULL;

        return g_strdup_printf("%ju:%ju:%jd.%09ld", (uintmax_t) st.st_dev, (uintmax_t) st.st_ino,
                               (intmax_t) st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
}

static void on_entry(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                     WatchedPort *w);

/* The entry to be monitored: the node, or the first folder on the way to it that is missing. */
static char *entry_to_watch(const char *path) {
        g_autofree char *entry = g_strdup(path);

        for (;;) {
                g_autofree char *folder = g_path_get_dirname(entry);

                if (g_file_test(folder, G_FILE_TEST_IS_DIR) || g_str_equal(folder, entry))
                        return g_steal_pointer(&entry);
                g_free(entry);
                entry = g_steal_pointer(&folder);
        }
}

static int watch_entry(WatchedPort *w) {
        for (;;) {
                g_autofree char *entry = entry_to_watch(w->port->path);
                g_autoptr(GFile) file = g_file_new_for_path(entry);
                g_autoptr(GError) error = NULL;

                if (w->monitor && g_str_equal(entry, w->watched))
                        return 0;

                stop_monitor(w);
                g_free(w->watched);
                w->watched = g_steal_pointer(&entry);
                w->monitor = g_file_monitor_file(file, G_FILE_MONITOR_NONE, NULL, &error);
                if (!w->monitor) {
                        g_warning("Failed to watch %s: %s", w->watched, error->message);
                        return -EIO;
                }
                g_file_monitor_set_rate_limit(w->monitor, 0);
                g_signal_connect(w->monitor, "changed", G_CALLBACK(on_entry), w);
                /* And once more: a folder may have come before it was watched. */
        }
}

static void on_entry(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                     WatchedPort *w) {
        g_autofree char *identity = NULL;

        if (event != G_FILE_MONITOR_EVENT_CREATED && event != G_FILE_MONITOR_EVENT_DELETED)
                return;

        (void) watch_entry(w);
        identity = identity_of(w->port->path);
        if (g_strcmp0(identity, w->identity) == 0)
                return;

        /* Gone; or gone and there again, between two looks: that is another node. */
        g_clear_pointer(&w->identity, g_free);
        tell(w);

        w->identity = g_steal_pointer(&identity);
        tell(w);
}

static int watch_named(Ports *p, Port *port) {
        WatchedPort *w = g_new0(WatchedPort, 1);
        int r;

        w->ports = p;
        w->port = port;
        w->is_named = true;
        g_ptr_array_add(p->watched, w);
        if (port->has_no_node) {
                w->identity = g_strdup(port->key);
                return 0;
        }

        r = watch_entry(w);
        if (r < 0)
                return r;

        w->identity = identity_of(port->path);
        return 0;
}

static WatchedPort *find_by_sysfs(Ports *p, const char *sysfs) {
        for (guint i = 0; i < p->watched->len; i++) {
                WatchedPort *w = p->watched->pdata[i];

                if (g_strcmp0(w->sysfs, sysfs) == 0)
                        return w;
        }

        return NULL;
}

static WatchedPort *find_by_key(Ports *p, const char *key) {
        for (guint i = 0; i < p->watched->len; i++) {
                WatchedPort *w = p->watched->pdata[i];

                if (g_str_equal(w->port->key, key))
                        return w;
        }

        return NULL;
}

static bool is_wwan(GUdevDevice *device) {
        return g_str_equal(g_udev_device_get_subsystem(device), "wwan");
}

/* Whether a device is a control port of this protocol. */
static bool speaks(GUdevDevice *device, const char *usb_driver, const char *wwan_type) {
        g_autoptr(GUdevDevice) parent = NULL;

        if (is_wwan(device))
                return g_strcmp0(g_udev_device_get_sysfs_attr(device, "type"), wwan_type) == 0;

        parent = g_udev_device_get_parent(device);
        return g_str_has_prefix(g_udev_device_get_name(device), "cdc-wdm") && parent &&
               g_strcmp0(g_udev_device_get_driver(parent), usb_driver) == 0;
}

/* The USB interface, or the PCI device of a modem whose parts hang below it in several places. */
static char *home_of(GUdevDevice *device) {
        g_autoptr(GUdevDevice) home = NULL;

        if (is_wwan(device))
                home = g_udev_device_get_parent_with_subsystem(device, "pci", NULL);
        if (!home)
                home = g_udev_device_get_parent(device);

        return g_strdup(g_udev_device_get_sysfs_path(home ?: device));
}

static bool is_below(const char *path, const char *folder) {
        size_t n = strlen(folder);

        return strncmp(path, folder, n) == 0 && path[n] == '/';
}

/* The network interface of a modem; of several, the first by name. NULL: there is none yet. */
static char *link_of(Ports *p, const char *home) {
        g_autolist(GUdevDevice) devices = g_udev_client_query_by_subsystem(p->udev, "net");
        const char *link = NULL;

        for (GList *d = devices; d; d = d->next) {
                const char *name = g_udev_device_get_name(d->data);

                if (!is_below(g_udev_device_get_sysfs_path(d->data), home) ||
                    g_str_has_prefix(name, "mhi_swip")) /* its slow path, beside mhi_hwip */
                        continue;
                if (!link || strcmp(name, link) < 0)
                        link = name;
        }

        return g_strdup(link);
}

static char *key_of(GUdevDevice *device, const char *home) {
        return g_strdup_printf("udev:%s", g_udev_device_get_property(device, "ID_PATH") ?: home);
}

/* A person has named it: it is that port, however it is found. */
static bool is_named(Ports *p, const char *path) {
        for (guint i = 0; i < p->watched->len; i++) {
                const WatchedPort *w = p->watched->pdata[i];

                if (w->is_named && g_str_equal(w->port->path, path))
                        return true;
        }

        return false;
}

static void find_port(Ports *p, GUdevDevice *device) {
        const char *path = g_udev_device_get_device_file(device);
        ModemProtocol protocol = MODEM_PROTOCOL_QMI;
        g_autofree char *home = NULL, *key = NULL;
        WatchedPort *w;

        if (!path)
                return;
        if (is_named(p, path))
                return;
        if (speaks(device, "cdc_mbim", "MBIM"))
                protocol = MODEM_PROTOCOL_MBIM;
        else if (!speaks(device, "qmi_wwan", "QMI"))
                return;

        home = home_of(device);
        key = key_of(device, home);
        w = find_by_key(p, key);
        if (!w) {
                w = g_new0(WatchedPort, 1);
                w->ports = p;
                w->port = g_new0(Port, 1);
                w->port->key = g_steal_pointer(&key);
                g_ptr_array_add(p->watched, w);
        } else if (w->sysfs) {
                g_debug("%s is the same modem as %s", path, w->port->path);
                return;
        }

        g_free(w->port->path);
        g_free(w->port->link);
        g_free(w->home);
        w->port->protocol = protocol;
        w->port->path = g_strdup(path);
        w->port->link = link_of(p, home);
        w->home = g_steal_pointer(&home);
        w->sysfs = g_strdup(g_udev_device_get_sysfs_path(device));
}

/* Links come after their port, and are renamed: the port is another one then. */
static void on_link(Ports *p, GUdevDevice *device) {
        for (guint i = 0; i < p->watched->len; i++) {
                WatchedPort *w = p->watched->pdata[i];
                g_autofree char *link = NULL, *sysfs = NULL;

                if (!w->sysfs || !is_below(g_udev_device_get_sysfs_path(device), w->home))
                        continue;

                link = link_of(p, w->home);
                if (!link || g_strcmp0(link, w->port->link) == 0)
                        continue;

                sysfs = g_steal_pointer(&w->sysfs);
                tell(w);
                g_free(w->port->link);
                w->port->link = g_steal_pointer(&link);
                w->sysfs = g_steal_pointer(&sysfs);
                tell(w);
        }
}

static void on_uevent(GUdevClient *client, const char *action, GUdevDevice *device, Ports *p) {
        const char *sysfs = g_udev_device_get_sysfs_path(device);
        WatchedPort *w = find_by_sysfs(p, sysfs);

        if (g_str_equal(g_udev_device_get_subsystem(device), "net")) {
                if (!g_str_equal(action, "remove"))
                        on_link(p, device);
                return;
        }

        if (g_str_equal(action, "add"))
                find_port(p, device);
        else if (g_str_equal(action, "remove") && w)
                g_clear_pointer(&w->sysfs, g_free);
        tell_all(p);
}

static void watch_udev(Ports *p) {
        static const char *const subsystems[] = { "usbmisc", "wwan", "net", NULL };

        p->udev = g_udev_client_new(subsystems);
        g_signal_connect(p->udev, "uevent", G_CALLBACK(on_uevent), p);

        for (size_t i = 0; i < 2; i++) {
                g_autolist(GUdevDevice) devices =
                        g_udev_client_query_by_subsystem(p->udev, subsystems[i]);

                for (GList *d = devices; d; d = d->next)
                        find_port(p, d->data);
        }
}

int ports_new(Port **ports, size_t n_ports, bool search, const PortsListener *listener,
              void *userdata, Ports **ret) {
        Ports *p = g_new0(Ports, 1);
        int r, first_error = 0;

        p->watched = g_ptr_array_new_with_free_func(watched_free);
        p->listener = listener;
        p->userdata = userdata;

        for (size_t i = 0; i < n_ports; i++) {
                r = watch_named(p, ports[i]);
                if (r < 0 && first_error == 0)
                        first_error = r; /* the rest is taken over all the same */
        }
        if (first_error < 0) {
                ports_free(p);
                return first_error;
        }
        if (search)
                watch_udev(p);

        p->telling = g_idle_add(on_begin, p);
        *ret = p;
        return 0;
}

Ports *ports_free(Ports *p) {
        if (!p)
                return NULL;

        g_clear_handle_id(&p->telling, g_source_remove);
        if (p->udev)
                g_signal_handlers_disconnect_by_data(p->udev, p);
        g_clear_object(&p->udev);
        g_ptr_array_unref(p->watched);
        g_free(p);
        return NULL;
}
