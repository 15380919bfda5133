/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "sms.h"

#include <errno.h>
#include <string.h>

#include "gsm.h"

static GByteArray *bytes_of(const char *hex) {
        GByteArray *bytes = g_byte_array_new();

        for (const char *c = hex; *c;) {
                uint8_t byte;

                if (*c == ' ') {
                        c++;
                        continue;
                }
                byte = (uint8_t) (g_ascii_xdigit_value(c[0]) << 4 | g_ascii_xdigit_value(c[1]));
                g_byte_array_append(bytes, &byte, 1);
                c += 2;
        }
        return bytes;
}

static char *hex_of(GBytes *bytes) {
        gsize n;
        const uint8_t *data = g_bytes_get_data(bytes, &n);
        GString *hex = g_string_new(NULL);

        for (gsize i = 0; i < n; i++)
                g_string_append_printf(hex, "%02X", data[i]);
        return g_string_free(hex, FALSE);
}

static int parse(const char *hex, bool has_smsc, SmsDeliver *ret) {
        g_autoptr(GByteArray) bytes = bytes_of(hex);

        return sms_deliver_parse(bytes->data, bytes->len, has_smsc, ret);
}

static void test_deliver(void) {
        static const struct {
                const char *hex, *sender, *text;
                int64_t at;
                uint8_t part, n_parts;
        } cases[] = {
                /* A classic of the trade, with its centre's address. */
                { "07911326040000F0 04 0B911346610089F6 00 00 20806291731408 0C "
                  "C8F71D14969741F977FD07",
                  "+31641600986", "How are you?", 1030390661, 0, 0 },
                /* From a name of seven letters; at 15:15 in a zone of +9 h. */
                { "00 04 0DD0C3B05C9E2ECB01 00 00 62115251510063 02 C834", "Carrier", "Hi",
                  1795587300, 0, 0 },
                { "00 04 038111F1 00 08 62115251510000 08 6B8B308AD83DDE00", "111", "残り😀",
                  1795619700, 0, 0 },
                { "00 44 038111F1 00 08 62115251510000 0A 050003420302 6B8B308A", "111", "残り",
                  1795619700, 2, 3 },
                { "00 44 038111F1 00 08 62115251510000 0B 060804123402 01 6B8B308A", "111", "残り",
                  1795619700, 1, 2 },
                /* A lone half of a pair, and a time that is none. */
                { "00 04 038111F1 00 08 00000000000000 02 D83D", "111", "\xef\xbf\xbd", 0, 0, 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(SmsDeliver) d = { 0 };
                int r = parse(cases[i].hex, true, &d);

                if (r < 0)
                        g_error("%s: %s", cases[i].hex, g_strerror(-r));
                g_assert_cmpstr(d.sender, ==, cases[i].sender);
                g_assert_cmpstr(d.text, ==, cases[i].text);
                g_assert_cmpint(d.at, ==, cases[i].at);
                g_assert_cmpuint(d.part, ==, cases[i].part);
                g_assert_cmpuint(d.n_parts, ==, cases[i].n_parts);
        }
}

static void test_hostile(void) {
        static const struct {
                const char *hex;
                int error;
        } cases[] = {
                { "", -EBADMSG },
                { "000ABF00", -ENOTSUP },
                { "001C011C", -EBADMSG },
                { "00F101010C0000000000", -ENOTSUP },
                { "FF04", -EBADMSG },
                { "0004", -EBADMSG },
                { "0004FF91", -EBADMSG },                           /* 255 digits */
                { "00040391111F0000621152510000", -EBADMSG },       /* no whole time */
                { "00040391111F000062115251000000A0", -EBADMSG },   /* no text */
                { "00440391111F00006211525100000001FF", -EBADMSG }, /* the header is longer */
                { "00440391111F00006211525100000008050003420209AA", -EBADMSG }, /* part 9 of 2 */
                { "00040391111F00046211525100000002AABB", -ENOTSUP },           /* data */
                { "00040391111F00206211525100000002AABB", -ENOTSUP },           /* compressed */
                { "00060391111F00006211525100000000", -ENOTSUP }, /* a status report */
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(SmsDeliver) d = { 0 };

                g_assert_cmpint(parse(cases[i].hex, true, &d), ==, cases[i].error);
        }
}

static void test_submit(void) {
        static const struct {
                const char *to, *text, *hex;
        } cases[] = {
                { "+46708251358", "hellohello",
                  "0011000B916407281553F800000B0AE8329BFD4697D9EC37" },
                { "111", "DATA", "001100038111F100000B04C4203508" },
                { "111", "残り", "001100038111F100080B046B8B308A" },
                { "111", "€", "001100038111F100000B029B32" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GPtrArray) pdus = NULL;
                g_autofree char *hex = NULL;

                g_assert_cmpint(sms_submit_new(cases[i].to, cases[i].text, &pdus), ==, 0);
                g_assert_cmpuint(pdus->len, ==, 1);
                hex = hex_of(pdus->pdata[0]);
                g_assert_cmpstr(hex, ==, cases[i].hex);
        }
}

static void test_not_submitted(void) {
        g_autofree char *most = g_strnfill(160, 'x'), *more = g_strnfill(161, 'x');
        g_autoptr(GPtrArray) pdus = NULL;
        GPtrArray *none;

        g_assert_cmpint(sms_submit_new("", "x", &none), ==, -EINVAL);
        g_assert_cmpint(sms_submit_new("+", "x", &none), ==, -EINVAL);
        g_assert_cmpint(sms_submit_new("call", "x", &none), ==, -EINVAL);
        g_assert_cmpint(sms_submit_new("123456789012345678901", "x", &none), ==, -EINVAL);
        g_assert_cmpint(sms_submit_new("111", "", &none), ==, -EINVAL);
        g_assert_cmpint(sms_submit_new("111", "\xff", &none), ==, -EINVAL);
        g_assert_cmpint(sms_submit_new("111", more, &none), ==, -E2BIG);
        g_assert_cmpint(sms_submit_new("111", most, &pdus), ==, 0);
}

/* All of the alphabet, packed and unpacked. */
static void test_alphabet(void) {
        g_autoptr(GByteArray) codes = NULL, packed = NULL;
        g_autoptr(GString) text = g_string_new(NULL);
        g_autofree char *again = NULL;

        for (uint8_t code = 0; code < 128; code++)
                if (code != GSM_ESCAPE)
                        g_string_append_unichar(text, gsm_character(code));
        g_string_append(text, "^{}\\[~]|€");

        g_assert_cmpint(gsm_codes(text->str, &codes), ==, 0);
        packed = gsm_pack(codes);
        again = gsm_unpack(packed->data, packed->len, codes->len, 0);
        g_assert_cmpstr(again, ==, text->str);
}

static void add(SmsJoin *j, const char *sender, uint16_t reference, uint8_t part, uint8_t n_parts,
                int64_t now, const char *expected) {
        g_autofree char *text = g_strdup_printf("%s%u ", sender, part);
        const SmsDeliver d = { .sender = (char *) sender,
                               .text = text,
                               .part = part,
                               .n_parts = n_parts,
                               .reference = reference };
        g_auto(SmsDeliver) whole = { 0 };

        g_assert_cmpint(sms_join_add(j, &d, now, &whole), ==, expected ? 1 : 0);
        g_assert_cmpstr(whole.text, ==, expected);
}

static void test_join(void) {
        g_autoptr(SmsJoin) j = sms_join_new();

        add(j, "a", 1, 0, 0, 0, "a0 ");
        add(j, "a", 1, 3, 3, 0, NULL);
        add(j, "b", 1, 1, 3, 0, NULL); /* another's */
        add(j, "a", 1, 3, 3, 1, NULL); /* twice */
        add(j, "a", 1, 1, 3, 2, NULL);
        add(j, "a", 2, 2, 3, 2, NULL); /* of another message */
        add(j, "a", 1, 2, 3, 3, "a1 a2 a3 ");
        add(j, "a", 1, 2, 3, 4, NULL); /* begins anew */
        add(j, "b", 1, 2, 3, 3600, NULL);
        add(j, "b", 1, 3, 3, 3601, NULL); /* too late: the first one is forgotten */
        add(j, "c", 1, 200, 255, 3601, NULL);
        for (uint16_t i = 0; i < 1000; i++)
                add(j, "d", i, 1, 2, 3602, NULL);
        add(j, "d", 0, 2, 2, 3602, NULL); /* too many */
        add(j, "d", 999, 2, 2, 3602, "d1 d2 ");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);

        g_test_add_func("/sms/deliver", test_deliver);
        g_test_add_func("/sms/hostile", test_hostile);
        g_test_add_func("/sms/submit", test_submit);
        g_test_add_func("/sms/not-submitted", test_not_submitted);
        g_test_add_func("/sms/alphabet", test_alphabet);
        g_test_add_func("/sms/join", test_join);

        return g_test_run();
}
