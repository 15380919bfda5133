/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "sim-text.h"

#include <glib.h>

typedef struct Case {
        const char *bytes;
        size_t n;
        const char *text;
} Case;

#define BYTES(literal) literal, sizeof(literal) - 1

static void test_alpha(void) {
        static const Case cases[] = {
                { BYTES("Home\xff\xff\xff"), "Home" },
                { BYTES(""), "" },
                { BYTES("\xff"), "" },
                { BYTES("\x00\x11\x02"), "@_$" },
                { BYTES("5\x1b\x65\x1b\x3c"), "5€[" },
                { BYTES("A\x1b\xff"), "A\x1b" },
                { BYTES("A\x1b"), "A\x1b" },
                { BYTES("A\x90z"), "Az" },
                { BYTES("\x80\x30\xc9\x30\xb3\xff\xff"), "ドコ" },
                { BYTES("\x80\x30"), "" },
                { BYTES("\x80\xd8\x00\x00\x41"), "A" },
                { BYTES("\x81\x03\x08\x41\x90\x91"), "AАБ" },
                { BYTES("\x81\xff\x08\x41"), "A" },
                { BYTES("\x82\x02\x30\x00\xc9\xb3"), "\xe3\x81\x89\xe3\x80\xb3" },
                { BYTES("\x82\x02\x30"), "" },
                { BYTES("\x81"), "" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text =
                        sim_text_from_alpha((const uint8_t *) cases[i].bytes, cases[i].n);

                g_assert_cmpstr(text, ==, cases[i].text);
                g_assert_true(g_utf8_validate(text, -1, NULL));
        }
}

static void test_imsi(void) {
        static const Case cases[] = {
                { BYTES("\x08\x49\x04\x01\x21\x43\x65\x87\x09"), "440101234567890" },
                { BYTES("\x08\x41\x04\x01\x21\x43\x65\x87\xf9"), "44010123456789" },
                { BYTES("\x08\x49\x04\x01\x21\x43\x65\x87"), NULL },
                { BYTES("\x08\x49\x04\x01\x21\x43\x65\x87\xf9"), NULL },
                { BYTES("\x09\x49\x04\x01\x21\x43\x65\x87\x09\x00"), NULL },
                { BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff"), NULL },
                { BYTES("\x02\x49\x04"), NULL },
                { BYTES("\x00"), NULL },
                { BYTES(""), NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text =
                        sim_text_from_imsi((const uint8_t *) cases[i].bytes, cases[i].n);

                g_assert_cmpstr(text, ==, cases[i].text);
        }
}

static void test_is_imsi(void) {
        static const struct {
                const char *text;
                bool is_imsi;
        } cases[] = {
                { "440101234567890", true },
                { "123456", true },
                { "12345", false },
                { "4401012345678901", false },
                { "44010123456789f", false },
                { "", false },
                { NULL, false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                g_assert_true(sim_text_is_imsi(cases[i].text) == cases[i].is_imsi);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/sim-text/alpha", test_alpha);
        g_test_add_func("/sim-text/imsi", test_imsi);
        g_test_add_func("/sim-text/is-imsi", test_is_imsi);
        return g_test_run();
}
