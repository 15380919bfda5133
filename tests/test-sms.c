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
                /*
                 * Published ones, none of them the specification's. Of 1999, from a number that is
                 * a subscriber's in a national plan: http://subnets.ru/saved/sms_pdu_format.html
                 */
                { "07917283010010F5 04 0BC87238880900F1 00 00 99309251619580 0A E8329BFD4697D9EC37",
                  "27838890001", "hellohello", 922713419, 0, 0 },
                /* From a network's trace, with the status report asked for, and seven hours ahead:
                 * https://techqa.club/v/q/which-standards-are-ss7-map-tags-defined-in-21382934 */
                { "00 24 0B912618185532F7 00 00 90400291614282 07 CAF03A2CA78701", "+62818155237",
                  "Jakarta", 1240229784, 0, 0 },
                /* From a name of seven letters; at 15:15 in a zone of +9 h. */
                { "00 04 0DD0C3B05C9E2ECB01 00 00 62115251510063 02 C834", "Carrier", "Hi",
                  1795587300, 0, 0 },
                { "00 04 038111F1 00 08 62115251510000 08 6B8B308AD83DDE00", "111", "残り😀",
                  1795619700, 0, 0 },
                { "00 44 038111F1 00 08 62115251510000 0A 050003420302 6B8B308A", "111", "残り",
                  1795619700, 2, 3 },
                { "00 44 038111F1 00 08 62115251510000 0B 060804123402 01 6B8B308A", "111", "残り",
                  1795619700, 1, 2 },
                /* Languages: after an escape, plain, both, and one that nobody knows. */
                { "00 44 038111F1 00 00 62115251510000 12 03240101D8CCD36D721AB4396F929B32", "111",
                  "şimdi ğİ€", 1795619700, 0, 0 },
                { "00 44 038111F1 00 00 62115251510000 10 03240102606FD2EE7218B4796E52", "111",
                  "línea Ó}", 1795619700, 0, 0 },
                { "00 44 038111F1 00 00 62115251510000 0E 03240103706FF66FD0A6B09100", "111",
                  "não êΦ", 1795619700, 0, 0 },
                { "00 44 038111F1 00 00 62115251510000 0C 03250101E0740E40F08200", "111", "ŞşıİçĞ€",
                  1795619700, 0, 0 },
                { "00 44 038111F1 00 00 62115251510000 0C 03250103006EC1FB0A8604", "111", "ÍÃ~ã∞€º",
                  1795619700, 0, 0 },
                { "00 44 038111F1 00 00 62115251510000 0C 062501012401029C4D9800", "111", "Şá€",
                  1795619700, 0, 0 },
                { "00 44 038111F1 00 00 62115251510000 0E 0624010D250163C83468332700", "111",
                  "Hi sè", 1795619700, 0, 0 },
                /* What the table after an escape does not have is read as if there were none. */
                { "00 44 038111F1 00 00 62115251510000 0A 062501012401019B0E", "111", "ş",
                  1795619700, 0, 0 },
                { "00 44 038111F1 00 00 62115251510000 0D 080003420201240101603307", "111", "ş",
                  1795619700, 1, 2 },
                /* Elements of another length than theirs say nothing. */
                { "00 44 038111F1 00 00 62115251510000 0A 06240025020101C834", "111", "Hi",
                  1795619700, 0, 0 },
                /* A sender's name of any letters: it is compared, and never shown. */
                { "00 04 07D00D455008 00 00 62115251510000 02 C834", "\r\nAB", "Hi", 1795619700, 0,
                  0 },
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

/* Each is short of bytes at its end, or has more than there can be. */
static void test_cut(void) {
        g_autoptr(GByteArray) whole =
                bytes_of("00 44 038111F1 00 00 62115251510000 0D 080003420201240101603307");
        g_autofree uint8_t *longer = g_malloc0(400);

        for (size_t n = 0; n < whole->len; n++) {
                g_autofree uint8_t *copy = g_memdup2(whole->data, n);
                g_auto(SmsDeliver) d = { 0 };

                g_assert_cmpint(sms_deliver_parse(copy, n, true, &d), ==, -EBADMSG);
        }

        memcpy(longer, whole->data, whole->len);
        for (unsigned length = 0; length < 256; length++) {
                g_auto(SmsDeliver) d = { 0 };

                longer[15] = (uint8_t) length; /* of the text: a header of 9 bytes is in it */
                g_assert_cmpint(sms_deliver_parse(longer, 400, true, &d), ==,
                                length < 11 || length > 160 ? -EBADMSG : 0);
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
                        g_string_append_unichar(text, gsm_character((GsmAlphabet){ 0 }, code));
        g_string_append(text, "^{}\\[~]|€");

        g_assert_cmpint(gsm_codes(text->str, &codes), ==, 0);
        packed = gsm_pack(codes);
        again = gsm_unpack((GsmAlphabet){ 0 }, packed->data, packed->len, codes->len, 0);
        g_assert_cmpstr(again, ==, text->str);
}

/*
 * The specification's own: TS 23.038, 6.1.2.1.1 (GSM 03.38 had them before,
 * https://itectec.com/spec/6-individual-parameters-2/). Character 2's highest bit is 2a, its lowest
 * 2g; each row is an octet, its highest bit first.
 */
static void test_packing(void) {
        static const struct {
                unsigned n;
                const char *octets;
        } cases[] = {
                { 1, "0  1a 1b 1c 1d 1e 1f 1g" },
                { 2, "2g 1a 1b 1c 1d 1e 1f 1g "
                     "0  0  2a 2b 2c 2d 2e 2f" },
                { 3, "2g 1a 1b 1c 1d 1e 1f 1g "
                     "3f 3g 2a 2b 2c 2d 2e 2f "
                     "0  0  0  3a 3b 3c 3d 3e" },
                { 7, "2g 1a 1b 1c 1d 1e 1f 1g "
                     "3f 3g 2a 2b 2c 2d 2e 2f "
                     "4e 4f 4g 3a 3b 3c 3d 3e "
                     "5d 5e 5f 5g 4a 4b 4c 4d "
                     "6c 6d 6e 6f 6g 5a 5b 5c "
                     "7b 7c 7d 7e 7f 7g 6a 6b "
                     "0  0  0  0  0  0  0  7a" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                for (unsigned c = 0; c < cases[i].n; c++)
                        for (unsigned bit = 0; bit < 7; bit++) {
                                g_autoptr(GByteArray) codes = g_byte_array_new(), packed = NULL;
                                const char name[] = { (char) ('1' + c), (char) ('g' - bit), '\0' };
                                size_t at =
                                        (size_t) (strstr(cases[i].octets, name) - cases[i].octets) /
                                        3;

                                g_byte_array_set_size(codes, cases[i].n);
                                memset(codes->data, 0, codes->len);
                                codes->data[c] = (uint8_t) (1 << bit);
                                packed = gsm_pack(codes);
                                g_assert_cmpuint(packed->len, ==, cases[i].n);
                                for (size_t k = 0; k < packed->len; k++)
                                        g_assert_cmphex(packed->data[k], ==,
                                                        k == at / 8 ? 0x80 >> at % 8 : 0);
                        }
        }
}

/* Published examples, none of them the specification's. */
static void test_packed(void) {
        static const struct {
                const char *text, *hex;
        } cases[] = {
                /* https://www.easymanua.ls/zoom/4575/manual?p=33 */
                { "Hello", "C8329BFD06" },
                /* http://gsmworld.it/smspdu_7bits_coding.htm */
                { "hellohello", "E8329BFD4697D9EC37" },
                /* http://archive.visualstudiomagazine.com/2004_09/magazine/columns/gettingstarted/Table2.aspx
                 */
                { "Is Wonderful", "C939E8FA7693CB72739D0D" },
                /* https://accessvba.blogsky.com/1402/03/22/post-762/decode-SMS-SUBMIT */
                { "Hello,my pretty world!", "C8329BFD66B5F320B8BC4CA7E741F7B79C4D0E01" },
                /* A test of SIM toolkits, in the public domain:
                 * https://github.com/rebhu-open-source-foundation/gecko-b2g/blob/HEAD/dom/icc/tests/marionette/test_stk_send_sms.js
                 */
                { "Short Message", "53F45B4E0735CBF379F85C06" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GByteArray) codes = NULL, packed = NULL;
                g_autoptr(GByteArray) wanted = bytes_of(cases[i].hex);
                g_autofree char *again = NULL;

                g_assert_cmpint(gsm_codes(cases[i].text, &codes), ==, 0);
                packed = gsm_pack(codes);
                g_assert_cmpmem(packed->data, packed->len, wanted->data, wanted->len);
                again = gsm_unpack((GsmAlphabet){ 0 }, wanted->data, wanted->len, codes->len, 0);
                g_assert_cmpstr(again, ==, cases[i].text);
        }
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

/* Each of two kinds of references counts for itself. */
static void test_join_kinds(void) {
        char sender[] = "a", eight[] = "8 bits ", sixteen[] = "16 bits ";
        g_autoptr(SmsJoin) j = sms_join_new();
        SmsDeliver part = {
                .sender = sender, .text = eight, .reference = 7, .part = 1, .n_parts = 2
        };
        g_auto(SmsDeliver) narrow = { 0 }, wide = { 0 };

        g_assert_cmpint(sms_join_add(j, &part, 0, &narrow), ==, 0);
        part.is_wide = true;
        part.text = sixteen;
        part.part = 2;
        g_assert_cmpint(sms_join_add(j, &part, 0, &wide), ==, 0);
        part.part = 1;
        g_assert_cmpint(sms_join_add(j, &part, 0, &wide), ==, 1);
        g_assert_cmpstr(wide.text, ==, "16 bits 16 bits ");
        part.is_wide = false;
        part.text = eight;
        part.part = 2;
        g_assert_cmpint(sms_join_add(j, &part, 0, &narrow), ==, 1);
        g_assert_cmpstr(narrow.text, ==, "8 bits 8 bits ");
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

/* Out of their bytes: in the wrong order, and one of them twice. */
static void test_parts(void) {
        static const struct {
                const char *hex, *whole;
        } cases[] = {
                { "00 44 038111F1 00 00 62115251510000 0B 06080412340303F01908", NULL },
                { "00 44 038111F1 00 00 62115251510000 0B 06080412340301F01808", NULL },
                { "00 44 038111F1 00 00 62115251510000 0B 06080412340303F01908", NULL },
                { "00 44 038111F1 00 00 62115251510000 0B 06080412340302701908", "p1 p2 p3 " },
        };
        g_autoptr(SmsJoin) j = sms_join_new();

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(SmsDeliver) d = { 0 }, whole = { 0 };

                g_assert_cmpint(parse(cases[i].hex, true, &d), ==, 0);
                g_assert_cmpuint(d.reference, ==, 0x1234);
                g_assert_cmpint(sms_join_add(j, &d, 0, &whole), ==, cases[i].whole ? 1 : 0);
                g_assert_cmpstr(whole.text, ==, cases[i].whole);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);

        g_test_add_func("/sms/deliver", test_deliver);
        g_test_add_func("/sms/cut", test_cut);
        g_test_add_func("/sms/hostile", test_hostile);
        g_test_add_func("/sms/submit", test_submit);
        g_test_add_func("/sms/not-submitted", test_not_submitted);
        g_test_add_func("/sms/alphabet", test_alphabet);
        g_test_add_func("/sms/packing", test_packing);
        g_test_add_func("/sms/packed", test_packed);
        g_test_add_func("/sms/join", test_join);
        g_test_add_func("/sms/join-kinds", test_join_kinds);
        g_test_add_func("/sms/parts", test_parts);

        return g_test_run();
}
