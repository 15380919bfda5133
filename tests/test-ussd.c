/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "ussd.h"

static GByteArray *from_hex(const char *hex) {
        GByteArray *bytes = g_byte_array_new();

        for (; *hex; hex += 2) {
                uint8_t byte = (uint8_t) (g_ascii_xdigit_value(hex[0]) << 4 |
                                          g_ascii_xdigit_value(hex[1]));

                g_byte_array_append(bytes, &byte, 1);
        }
        return bytes;
}

static void test_decode(void) {
        static const struct {
                uint8_t scheme;
                const char *hex, *text;
        } cases[] = {
                { 0x0f, "", "" },
                { 0x0f, "aa180c3602", "*100#" },
                { 0x0f, "aa180da682dd6c31192d36bbdd46", "*140*0761241377#" },
                { 0x00, "e8329bfd4697d9ec37", "hellohello" },
                { 0x01, "31d98c56b3dd1a", "1234567" },       /* filled up */
                { 0x01, "31d98c56b3dd00", "1234567@" },      /* not filled up */
                { 0x0f, "31d98c56b3dd1a0d", "1234567\r\r" }, /* one more, to be kept */
                { 0x0f, "1b1e", "[" },
                { 0x0f, "9b32", "€" },
                { 0x0f, "1b", "" },    /* an escape from nothing */
                { 0x0f, "9b0d", " " }, /* an escape from an escape */
                { 0x0f, "1b21", "B" }, /* one that nobody knows */
                { 0x10, "65772308", "A" },
                { 0x10, "65", "" }, /* not even a language */
                { 0x11, "e5", "" },
                { 0x11, "e5376b8b308a", "残り" },
                { 0x48, "6b8b308a", "残り" },
                { 0x48, "d83dde00", "😀" },
                { 0x48, "d83d0041",
                  "\xef\xbf\xbd"
                  "A" },
                { 0x48, "de00", "\xef\xbf\xbd" },
                { 0x48, "0000", "\xef\xbf\xbd" },
                { 0x48, "0041ff", "A" },
                { 0x98, "0041", "A" },
                { 0x44, "41ff00", "A\xef\xbf\xbd\xef\xbf\xbd" },
                { 0xf4, "4142", "AB" },
                /*
                 * Published, in the public domain, and not the specification's own text: SEND USSD
                 * as SIM toolkits are tested with it,
                 * https://github.com/rebhu-open-source-foundation/gecko-b2g/blob/HEAD/dom/icc/tests/marionette/test_stk_send_ussd.js
                 */
                { 0xf0,
                  "41e19058341e9149e592d9743ea151e9945ab55eb1596d2b2c1e93cbe6333aad5eb3dbee373c2e9f"
                  "d3ebf63b3eaf6fc564335acd76c3e560",
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuvwxyz-1234567890" },
                { 0x44,
                  "4142434445464748494a4b4c4d4e4f505152535455565758595a2d6162636465666768696a6b6c6d"
                  "6e6f707172737475767778797a2d31323334353637383930",
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuvwxyz-1234567890" },
                { 0x48, "041704140420041004120421042204120423041904220415", "ЗДРАВСТВУЙТЕ" },
                { 0xf0, "41", "A" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GByteArray) bytes = from_hex(cases[i].hex);
                g_autofree uint8_t *copy = g_memdup2(bytes->data, bytes->len);
                g_autofree char *text = NULL;

                g_assert_cmpint(ussd_text_decode(cases[i].scheme, copy, bytes->len, &text), ==, 0);
                g_assert_cmpstr(text, ==, cases[i].text);
        }
}

static void test_compressed(void) {
        char *text = NULL;

        g_assert_cmpint(ussd_text_decode(0x60, (const uint8_t *) "a", 1, &text), ==, -EOPNOTSUPP);
        g_assert_null(text);
}

static void test_encode(void) {
        static const struct {
                const char *text;
                uint8_t scheme;
                const char *hex;
        } cases[] = {
                { "*100#", 0x0f, "aa180c3602" },
                { "*140*0761241377#", 0x0f, "aa180da682dd6c31192d36bbdd46" },
                { "hellohello", 0x0f, "e8329bfd4697d9ec37" },
                { "1234567", 0x0f, "31d98c56b3dd1a" },
                { "€", 0x0f, "9b32" },
                { "残り", 0x48, "6b8b308a" },
                { "😀", 0x48, "d83dde00" },
                /* The same that are published. */
                { "ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuvwxyz-1234567890", 0x0f,
                  "41e19058341e9149e592d9743ea151e9945ab55eb1596d2b2c1e93cbe6333aad5eb3dbee373c2e9f"
                  "d3ebf63b3eaf6fc564335acd76c3e560" },
                { "ЗДРАВСТВУЙТЕ", 0x48, "041704140420041004120421042204120423041904220415" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GByteArray) wanted = from_hex(cases[i].hex);
                uint8_t scheme, bytes[USSD_BYTES];
                size_t n;

                g_assert_cmpint(ussd_text_encode(cases[i].text, &scheme, bytes, &n), ==, 0);
                g_assert_cmpint(scheme, ==, cases[i].scheme);
                g_assert_cmpmem(bytes, n, wanted->data, wanted->len);
        }
}

static void test_bounds(void) {
        static const struct {
                const char *letter;
                unsigned most;
        } cases[] = { { "a", 182 }, { "{", 91 }, { "残", 80 }, { "😀", 40 } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                for (unsigned n = 1; n <= cases[i].most + 1; n++) {
                        g_autoptr(GString) text = g_string_new(NULL);
                        g_autofree char *again = NULL;
                        uint8_t scheme, bytes[USSD_BYTES];
                        size_t size;
                        int r;

                        for (unsigned j = 0; j < n; j++)
                                g_string_append(text, cases[i].letter);
                        r = ussd_text_encode(text->str, &scheme, bytes, &size);
                        if (n > cases[i].most) {
                                g_assert_cmpint(r, ==, -EMSGSIZE);
                                continue;
                        }
                        g_assert_cmpint(r, ==, 0);
                        g_assert_cmpint(ussd_text_decode(scheme, bytes, size, &again), ==, 0);
                        g_assert_cmpstr(again, ==, text->str);
                }
}

static void test_no_text(void) {
        uint8_t scheme, bytes[USSD_BYTES];
        size_t n;

        g_assert_cmpint(ussd_text_encode("", &scheme, bytes, &n), ==, -EINVAL);
        g_assert_cmpint(ussd_text_encode("\xff", &scheme, bytes, &n), ==, -EINVAL);
}

/* Each letter of the alphabet, and of its extension, comes back as it went. */
static void test_all_letters(void) {
        static const char letters[] = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789"
                                      ":;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
                                      "abcdefghijklmnopqrstuvwxyzäöñüà\f^{}\\[~]|€";

        for (const char *c = letters; *c; c = g_utf8_next_char(c)) {
                g_autofree char *text =
                        g_strdup_printf("x%.*sx", (int) (g_utf8_next_char(c) - c), c);
                g_autofree char *again = NULL;
                uint8_t scheme, bytes[USSD_BYTES];
                size_t n;

                g_assert_cmpint(ussd_text_encode(text, &scheme, bytes, &n), ==, 0);
                g_assert_cmpint(scheme, ==, USSD_SCHEME_GSM);
                g_assert_cmpint(ussd_text_decode(scheme, bytes, n, &again), ==, 0);
                g_assert_cmpstr(again, ==, text);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);

        g_test_add_func("/ussd/decode", test_decode);
        g_test_add_func("/ussd/compressed", test_compressed);
        g_test_add_func("/ussd/encode", test_encode);
        g_test_add_func("/ussd/bounds", test_bounds);
        g_test_add_func("/ussd/no-text", test_no_text);
        g_test_add_func("/ussd/all-letters", test_all_letters);

        return g_test_run();
}
