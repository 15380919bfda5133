/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "ports.h"

static int load(const char *text, Config *ret, char **ret_why) {
        g_autofree char *path = NULL;
        int fd = g_file_open_tmp("test-config-XXXXXX", &path, NULL), r;

        g_assert_cmpint(fd, >=, 0);
        (void) close(fd);
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
        r = config_load(path, false, port_parse, ret, ret_why);
        (void) g_remove(path);
        return r;
}

static void clear(Config *c) {
        for (guint i = 0; i < c->ports->len; i++)
                port_free(c->ports->pdata[i]);
        g_ptr_array_unref(c->ports);
}

static void test_good(void) {
        static const struct {
                const char *text;
                guint n_ports;
                const char *first, *label;
                bool search;
        } cases[] = {
                { "", 0, NULL, NULL, true },
                { "# nothing yet\n[Ports]\n", 0, NULL, NULL, true },
                { "[Ports]\nSearch=false\n", 0, NULL, NULL, false },
                { "[Ports]\nNamed=qmi:/dev/cdc-wdm0@wwan0\n", 1, "/dev/cdc-wdm0", NULL, true },
                { "[Ports]\nNamed=link:@usb0=Pocket router; mbim:/dev/cdc-wdm1 ;\nSearch=true\n", 2,
                  "usb0", "Pocket router", true },
                { "[Ports]\nNamed=qrtr:0@rmnet_ipa0\nSearch=false\n", 1, "qrtr:0", NULL, false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *why = NULL;
                Config c;

                g_assert_cmpint(load(cases[i].text, &c, &why), ==, 0);
                g_assert_cmpuint(c.ports->len, ==, cases[i].n_ports);
                g_assert_true(c.search == cases[i].search);
                if (cases[i].first) {
                        g_assert_cmpstr(((Port *) c.ports->pdata[0])->path, ==, cases[i].first);
                        g_assert_cmpstr(((Port *) c.ports->pdata[0])->label, ==, cases[i].label);
                }
                clear(&c);
        }
}

static void test_bad(void) {
        static const char *const cases[] = {
                "Named=qmi:/dev/cdc-wdm0\n",
                "[Port]\nNamed=qmi:/dev/cdc-wdm0\n",
                "[Ports]\nNames=qmi:/dev/cdc-wdm0\n",
                "[Ports]\nNamed=cdc-wdm0\n",
                "[Ports]\nNamed=link:@usb0\n",
                "[Ports]\nSearch=maybe\n",
                "[Ports\n",
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *why = NULL;
                Config c;

                g_assert_cmpint(load(cases[i], &c, &why), ==, -EINVAL);
                g_assert_nonnull(why);
        }
}

static void test_missing(void) {
        g_autofree char *why = NULL;
        Config c;

        g_assert_cmpint(config_load("/nowhere/simtally.conf", false, port_parse, &c, &why), ==,
                        -EINVAL);
        g_assert_cmpint(config_load("/nowhere/simtally.conf", true, port_parse, &c, &why), ==, 0);
        g_assert_cmpuint(c.ports->len, ==, 0);
        g_assert_true(c.search);
        clear(&c);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/config/good", test_good);
        g_test_add_func("/config/bad", test_bad);
        g_test_add_func("/config/missing", test_missing);
        return g_test_run();
}
