/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Modems that udev finds: run below umockdev-wrapper, which shows us a machine of our own. */

#include <gio/gio.h>
#include <umockdev.h>

#include "ports.h"

#define NODE "180:1" /* some major and minor number: it has a node in /dev */

typedef struct World {
        UMockdevTestbed *udev;
        Ports *ports;
        GString *news; /* what was told, a word each */
} World;

static void on_appeared(const Port *port, void *userdata) {
        static const char *const names[] = { "qmi", "mbim", "link" };
        World *w = userdata;

        g_string_append_printf(w->news, "+%s:%s@%s ", names[port->protocol], port->path,
                               port->link ?: "");
}

static void on_vanished(const Port *port, void *userdata) {
        World *w = userdata;

        g_string_append_printf(w->news, "-%s ", port->path);
}

static const PortsListener listener = { on_appeared, on_vanished };

static gboolean on_patience_ends(void *data) {
        g_error("%s was told", ((World *) data)->news->str);
        return G_SOURCE_REMOVE;
}

static void expect(World *w, const char *news) {
        guint patience = g_timeout_add_seconds(30, on_patience_ends, w);

        while (!g_str_equal(w->news->str, news))
                (void) g_main_context_iteration(NULL, TRUE);
        (void) g_source_remove(patience);
        g_string_set_size(w->news, 0);
}

static void begin(World *w) {
        w->udev = umockdev_testbed_new();
        w->news = g_string_new(NULL);
}

static void watch(World *w, const char *spec) {
        g_autofree char *why = NULL;
        Port *port = NULL;

        if (spec)
                g_assert_cmpint(port_parse(spec, &port, &why), ==, 0);
        g_assert_cmpint(ports_new(&port, spec ? 1 : 0, true, &listener, w, &w->ports), ==, 0);
}

static void end(World *w) {
        ports_free(w->ports);
        g_object_unref(w->udev);
        g_string_free(w->news, TRUE);
}

/* The USB interface of a modem. */
static char *add_usb(World *w, const char *name, const char *driver) {
        g_autofree char *target = g_strdup_printf("../../bus/usb/drivers/%s", driver);
        char *path = umockdev_testbed_add_device(w->udev, "usb", name, NULL, NULL, NULL);

        umockdev_testbed_set_attribute_link(w->udev, path, "driver", target);
        return path;
}

static char *add_wdm(World *w, const char *name, const char *parent, const char *id_path) {
        g_autofree char *node = g_strconcat("/dev/", name, NULL);

        return umockdev_testbed_add_device(w->udev, "usbmisc", name, parent, "dev", NODE, NULL,
                                           "DEVNAME", node, "ID_PATH", id_path, NULL);
}

static char *add_net(World *w, const char *name, const char *parent) {
        return umockdev_testbed_add_device(w->udev, "net", name, parent, "ifindex", "7", NULL,
                                           "INTERFACE", name, NULL);
}

static void tell(World *w, const char *path, const char *action) {
        umockdev_testbed_uevent(w->udev, path, action);
}

static void unplug(World *w, const char *path) {
        tell(w, path, "remove");
        umockdev_testbed_remove_device(w->udev, path);
}

static void test_there_from_the_start(void) {
        g_autofree char *qmi = NULL, *mbim = NULL, *other = NULL, *a = NULL, *b = NULL, *c = NULL;
        g_autofree char *net_a = NULL, *net_b = NULL, *net_c = NULL;
        World w;

        begin(&w);
        qmi = add_usb(&w, "1-1:1.4", "qmi_wwan");
        mbim = add_usb(&w, "2-1:1.0", "cdc_mbim");
        other = add_usb(&w, "3-1:1.0", "cdc_wdm");
        a = add_wdm(&w, "cdc-wdm0", qmi, "usb-1");
        b = add_wdm(&w, "cdc-wdm1", mbim, "usb-2");
        c = add_wdm(&w, "cdc-wdm2", other, "usb-3");
        net_a = add_net(&w, "wwan0", qmi);
        net_b = add_net(&w, "wwp0s2", mbim);
        net_c = add_net(&w, "eth0", other);
        watch(&w, NULL);
        expect(&w, "+qmi:/dev/cdc-wdm0@wwan0 +mbim:/dev/cdc-wdm1@wwp0s2 ");
        end(&w);
}

/* Plugged in, out, and in again; the link comes after the port, and is renamed. */
static void test_plugged(void) {
        g_autofree char *usb = NULL, *wdm = NULL, *net = NULL, *renamed = NULL;
        World w;

        begin(&w);
        watch(&w, NULL);
        for (int i = 0; i < 2; i++) {
                usb = add_usb(&w, "1-1:1.4", "cdc_mbim");
                wdm = add_wdm(&w, i == 0 ? "cdc-wdm0" : "cdc-wdm3", usb, "usb-1");
                tell(&w, wdm, "add");
                expect(&w, i == 0 ? "+mbim:/dev/cdc-wdm0@ " : "+mbim:/dev/cdc-wdm3@ ");

                net = add_net(&w, "wwan0", usb);
                tell(&w, net, "add");
                expect(&w, i == 0 ? "-/dev/cdc-wdm0 +mbim:/dev/cdc-wdm0@wwan0 "
                                  : "-/dev/cdc-wdm3 +mbim:/dev/cdc-wdm3@wwan0 ");

                umockdev_testbed_remove_device(w.udev, net);
                renamed = add_net(&w, "wwp0s1", usb);
                tell(&w, renamed, "move");
                expect(&w, i == 0 ? "-/dev/cdc-wdm0 +mbim:/dev/cdc-wdm0@wwp0s1 "
                                  : "-/dev/cdc-wdm3 +mbim:/dev/cdc-wdm3@wwp0s1 ");

                unplug(&w, renamed);
                unplug(&w, wdm);
                expect(&w, i == 0 ? "-/dev/cdc-wdm0 " : "-/dev/cdc-wdm3 ");
                umockdev_testbed_remove_device(w.udev, usb);
                g_clear_pointer(&usb, g_free);
                g_clear_pointer(&wdm, g_free);
                g_clear_pointer(&net, g_free);
                g_clear_pointer(&renamed, g_free);
        }
        end(&w);
}

/* The parts of a PCI modem hang below it in several places; what each port speaks is told. */
static void test_wwan(void) {
        g_autofree char *pci = NULL, *at = NULL, *mbim = NULL, *net = NULL;
        World w;

        begin(&w);
        pci = umockdev_testbed_add_device(w.udev, "pci", "0000:01:00.0", NULL, NULL, NULL);
        at = umockdev_testbed_add_device(w.udev, "wwan", "wwan0at0", pci, "type", "AT", "dev", NODE,
                                         NULL, "DEVNAME", "/dev/wwan0at0", NULL);
        mbim = umockdev_testbed_add_device(w.udev, "wwan", "wwan0mbim0", pci, "type", "MBIM", "dev",
                                           NODE, NULL, "DEVNAME", "/dev/wwan0mbim0", NULL);
        net = add_net(&w, "wwan0", pci);
        watch(&w, NULL);
        expect(&w, "+mbim:/dev/wwan0mbim0@wwan0 ");
        end(&w);
}

/* What a person has named is not found once more; its node is nowhere to be seen here. */
static void test_named_and_found(void) {
        g_autofree char *usb = NULL, *other = NULL, *a = NULL, *b = NULL;
        World w;

        begin(&w);
        usb = add_usb(&w, "1-1:1.4", "qmi_wwan");
        other = add_usb(&w, "2-1:1.4", "qmi_wwan");
        a = add_wdm(&w, "cdc-wdm77", usb, "usb-1");
        b = add_wdm(&w, "cdc-wdm78", other, "usb-2");
        watch(&w, "qmi:/dev/cdc-wdm77@wwan9");
        expect(&w, "+qmi:/dev/cdc-wdm78@ ");
        end(&w);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/ports-udev/there-from-the-start", test_there_from_the_start);
        g_test_add_func("/ports-udev/plugged", test_plugged);
        g_test_add_func("/ports-udev/wwan", test_wwan);
        g_test_add_func("/ports-udev/named-and-found", test_named_and_found);
        return g_test_run();
}
