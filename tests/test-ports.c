/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ports.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <unistd.h>

static void test_parse(void) {
        static const struct {
                const char *spec, *path, *link;
                ModemProtocol protocol;
        } cases[] = {
                { "mbim:/dev/cdc-wdm0@wwan0", "/dev/cdc-wdm0", "wwan0", MODEM_PROTOCOL_MBIM },
                { "mbim:/dev/wwan0mbim0", "/dev/wwan0mbim0", NULL, MODEM_PROTOCOL_MBIM },
                { "mbim:wwan0mbim0", NULL, NULL },
                { "mbim", NULL, NULL },
                { "at:/dev/ttyUSB0", NULL, NULL },
                { "qrtr:0@rmnet_ipa0", "qrtr:0", "rmnet_ipa0", MODEM_PROTOCOL_QMI },
                { "qrtr:7", "qrtr:7", NULL, MODEM_PROTOCOL_QMI },
                { "qrtr:", NULL, NULL },
                { "qrtr:4294967296", NULL, NULL },
                { "qrtr:-1", NULL, NULL },
                { "qrtr:0@", NULL, NULL },
                { "link:@usb0=Pocket router", "usb0", "usb0", MODEM_PROTOCOL_LINK },
                { "link:@usb0=a=b@c", "usb0", "usb0", MODEM_PROTOCOL_LINK },
                { "link:@usb0=", NULL, NULL },
                { "link:@usb0= \n", NULL, NULL },
                { "link:@usb0", NULL, NULL },
                { "link:@=Travel", NULL, NULL },
                { "link:usb0=Travel", NULL, NULL },
                { "qmi:/dev/cdc-wdm0@wwan0", "/dev/cdc-wdm0", "wwan0" },
                { "qmi:/dev/cdc-wdm0", "/dev/cdc-wdm0", NULL },
                { "qmi:/tmp/a@b/cdc-wdm0@wwan0", "/tmp/a@b/cdc-wdm0", "wwan0" },
                { "qmi:cdc-wdm0", NULL, NULL },
                { "qmi:", NULL, NULL },
                { "qmi:/dev/cdc-wdm0@", NULL, NULL },
                { "qmi:/dev/cdc-wdm0@averyveryverylongname", NULL, NULL },
                { "qmi:/@wwan0", NULL, NULL },
                { "qmi:/", NULL, NULL },
                { "qmi:/dev/cdc-wdm0@a/b", NULL, NULL },
                { "qmi:/dev/cdc-wdm0@a b", NULL, NULL },
                { "qmi:/dev/cdc-wdm0@..", NULL, NULL },
                { "qmi:/dev/cdc-wdm0@fifteen-letters", "/dev/cdc-wdm0", "fifteen-letters" },
                { "/dev/cdc-wdm0", NULL, NULL },
                { "", NULL, NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *why = NULL;
                Port *port = NULL;
                int r = port_parse(cases[i].spec, &port, &why);

                g_assert_cmpint(r, ==, cases[i].path ? 0 : -EINVAL);
                if (r < 0) {
                        g_assert_nonnull(why);
                        continue;
                }
                g_assert_cmpint(port->protocol, ==, cases[i].protocol);
                g_assert_cmpstr(port->path, ==, cases[i].path);
                g_assert_cmpstr(port->link, ==, cases[i].link);
                port_free(port);
        }
}

typedef struct Seen {
        int appeared, vanished;
} Seen;

static void on_appeared(const Port *port, void *userdata) {
        ((Seen *) userdata)->appeared++;
}

static void on_vanished(const Port *port, void *userdata) {
        ((Seen *) userdata)->vanished++;
}

static gboolean on_patience_ends(void *data) {
        g_assert_not_reached(); /* nothing came */
        return G_SOURCE_REMOVE;
}

static void wait_until(const int *value, int wanted) {
        guint patience = g_timeout_add_seconds(30, on_patience_ends, NULL);

        while (*value < wanted)
                (void) g_main_context_iteration(NULL, TRUE);
        (void) g_source_remove(patience);
        g_assert_cmpint(*value, ==, wanted);
}

static const PortsListener listener = { on_appeared, on_vanished };

static Ports *watch(const char *path, Seen *seen) {
        g_autofree char *spec = g_strdup_printf("qmi:%s", path);
        g_autofree char *why = NULL;
        Ports *ports;
        Port *port;

        g_assert_cmpint(port_parse(spec, &port, &why), ==, 0);
        g_assert_cmpint(ports_new(&port, 1, false, &listener, seen, &ports), ==, 0);
        g_assert_cmpint(seen->appeared, ==, 0);
        return ports;
}

/* A node comes and goes. */
static void test_named(void) {
        g_autofree char *dir = g_dir_make_tmp("test-ports-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(dir, "cdc-wdm0", NULL);
        Seen seen = { 0 };
        Ports *ports = watch(path, &seen);

        for (int i = 1; i <= 3; i++) {
                g_assert_true(g_file_set_contents(path, "", 0, NULL));
                wait_until(&seen.appeared, i);
                g_assert_cmpint(g_remove(path), ==, 0);
                wait_until(&seen.vanished, i);
        }

        ports_free(ports);
        (void) g_rmdir(dir);
}

/* A link is there from the start, is led elsewhere in one step, and leads nowhere. */
static void test_replaced(void) {
        g_autofree char *dir = g_dir_make_tmp("test-ports-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(dir, "cdc-wdm0", NULL);
        g_autofree char *other = g_build_filename(dir, "other", NULL);
        Seen seen = { 0 };
        Ports *ports;

        g_assert_cmpint(symlink("/dev/null", path), ==, 0);
        ports = watch(path, &seen);
        wait_until(&seen.appeared, 1);

        g_assert_cmpint(symlink("/nowhere", other), ==, 0);
        g_assert_cmpint(g_rename(other, path), ==, 0);
        wait_until(&seen.appeared, 2);
        g_assert_cmpint(seen.vanished, ==, 1);

        g_assert_cmpint(g_remove(path), ==, 0);
        wait_until(&seen.vanished, 2);
        g_assert_cmpint(seen.appeared, ==, 2);

        ports_free(ports);
        (void) g_rmdir(dir);
}

/* The folders on the way to the node come later than we do. */
static void test_no_folder(void) {
        g_autofree char *dir = g_dir_make_tmp("test-ports-XXXXXX", NULL);
        g_autofree char *outer = g_build_filename(dir, "outer", NULL);
        g_autofree char *inner = g_build_filename(outer, "inner", NULL);
        g_autofree char *path = g_build_filename(inner, "cdc-wdm0", NULL);
        Seen seen = { 0 };
        Ports *ports = watch(path, &seen);

        g_assert_cmpint(g_mkdir_with_parents(inner, 0700), ==, 0);
        g_assert_true(g_file_set_contents(path, "", 0, NULL));
        wait_until(&seen.appeared, 1);

        ports_free(ports);
        (void) g_remove(path);
        (void) g_rmdir(inner);
        (void) g_rmdir(outer);
        (void) g_rmdir(dir);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/ports/parse", test_parse);
        g_test_add_func("/ports/named", test_named);
        g_test_add_func("/ports/replaced", test_replaced);
        g_test_add_func("/ports/no-folder", test_no_folder);
        return g_test_run();
}
