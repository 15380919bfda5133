/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib.h>
#include <string.h>

#include "frame.h"

#define BASIC      "a289cc33bcbb8b4fb6b0133ec2aae6df"
#define SMS        "533fbeeb14fe44679f9033a223e56c3f"
#define USSD       "e550a0c85e82479e82f710abf4c3351f"
#define EXTENSIONS "3d01dcc5fef54d050d3abef7058e9aaf"
#define NOBODYS    "00112233445566778899aabbccddeeff"

#define ZERO "00000000"
#define ONE  "01000000"
#define UUID "000102030405060708090a0b0c0d0e0f"

/* Adds bytes that are written in hexadecimal digits; spaces are for the reader. */
static void add_hex(GByteArray *bytes, const char *hex) {
        for (const char *c = hex; *c; c++) {
                uint8_t byte;

                if (*c == ' ')
                        continue;
                byte = (uint8_t) (g_ascii_xdigit_value(c[0]) << 4 | g_ascii_xdigit_value(c[1]));
                g_byte_array_append(bytes, &byte, 1);
                c++;
        }
}

static void add_word(GByteArray *bytes, uint32_t word) {
        uint32_t little = GUINT32_TO_LE(word);

        g_byte_array_append(bytes, (const uint8_t *) &little, sizeof(little));
}

typedef struct Message {
        uint32_t type;
        const char *service;
        uint32_t command, status;
        const char *buffer;
} Message;

static GByteArray *build(const Message *m) {
        GByteArray *bytes = g_byte_array_new(), *buffer = g_byte_array_new();
        uint32_t length;

        add_hex(buffer, m->buffer);
        add_word(bytes, m->type);
        add_word(bytes, 0);
        add_word(bytes, 7); /* transaction */
        add_word(bytes, 1); /* fragments */
        add_word(bytes, 0);
        add_hex(bytes, m->service);
        add_word(bytes, m->command);
        if (m->type == 0x80000003)
                add_word(bytes, m->status);
        add_word(bytes, buffer->len);
        g_byte_array_append(bytes, buffer->data, buffer->len);
        g_byte_array_unref(buffer);

        length = GUINT32_TO_LE(bytes->len);
        memcpy(bytes->data + 4, &length, sizeof(length));
        return bytes;
}

static FrameVerdict check(const GByteArray *bytes, unsigned version) {
        /* In memory of its own, so that a sanitizer sees a look beyond the end. */
        g_autofree uint8_t *copy = g_memdup2(bytes->data, bytes->len);

        return frame_check(copy, bytes->len, version);
}

/* Ready, IMSI "44" at 28, ICCID "89" at 32, no protection, telephone numbers: */
#define READY                                                                                      \
        ONE "1c000000 04000000"                                                                    \
            "20000000 04000000" ZERO
#define READY_TEXTS                                                                                \
        "34003400"                                                                                 \
        "38003900"

/* With flags before the strings, whose texts stand 4 bytes later. */
#define READY_3                                                                                    \
        ONE ZERO "20000000 04000000"                                                               \
                 "24000000 04000000" ZERO

/* Home provider and what else has no strings: seven words. */
#define CONNECTED ZERO "02000000" ZERO ONE UUID ZERO

static void test_contents(void) {
        static const struct {
                const char *what, *service;
                uint32_t command;
                unsigned version;
                const char *buffer;
                FrameVerdict verdict;
        } cases[] = {
                { "subscriber", BASIC, 2, 1, READY ZERO READY_TEXTS, FRAME_GOOD },
                { "subscriber in version 2", BASIC, 2, 2, READY ZERO READY_TEXTS, FRAME_GOOD },
                { "subscriber in version 3", BASIC, 2, 3, READY_3 ZERO READY_TEXTS, FRAME_GOOD },
                { "the other version's", BASIC, 2, 3, READY ZERO READY_TEXTS, FRAME_BAD },
                { "one number", BASIC, 2, 1, READY ONE "1c000000 04000000" READY_TEXTS,
                  FRAME_GOOD },
                { "one number, not there", BASIC, 2, 1, READY ONE, FRAME_BAD },
                { "2^32-1 numbers", BASIC, 2, 1, READY "ffffffff" READY_TEXTS, FRAME_BAD },
                { "2^28 numbers", BASIC, 2, 1, READY "00000010" READY_TEXTS, FRAME_BAD },
                { "2^31-1 numbers", BASIC, 2, 1, READY "ffffff7f" READY_TEXTS, FRAME_BAD },
                { "2^28 in version 3", BASIC, 2, 3, READY_3 "00000010" READY_TEXTS, FRAME_BAD },
                { "an offset beyond the end", BASIC, 2, 1,
                  ONE "24000000 04000000" ZERO ZERO ZERO ZERO, FRAME_BAD },
                { "an offset near 2^32", BASIC, 2, 1, ONE "fcffffff 08000000" ZERO ZERO ZERO ZERO,
                  FRAME_BAD },
                { "a size near 2^32", BASIC, 2, 1, ONE "1c000000 fcffffff" ZERO ZERO ZERO ZERO,
                  FRAME_BAD },
                { "nothing, wherever it is", BASIC, 2, 1,
                  ONE "ffffffff 00000000" ZERO ZERO ZERO ZERO, FRAME_GOOD },
                { "no buffer", BASIC, 2, 1, "", FRAME_BAD },

                { "2^32-1 PDUs", SMS, 2, 1, ZERO "ffffffff", FRAME_BAD },
                { "2^28 PDUs", SMS, 2, 1, ZERO "00000010" ZERO ZERO, FRAME_BAD },
                { "no PDU", SMS, 2, 1, ZERO ZERO, FRAME_GOOD },
                { "one PDU", SMS, 2, 1,
                  ZERO ONE "10000000 14000000" ONE ONE "10000000 04000000"
                           "00010203",
                  FRAME_GOOD },
                { "a PDU's data beyond the end", SMS, 2, 1,
                  ZERO ONE "10000000 14000000" ONE ONE "14000000 04000000"
                           "00010203",
                  FRAME_BAD },
                { "CDMA messages", SMS, 2, 1, ONE ZERO, FRAME_BAD },
                { "SMS configuration", SMS, 1, 1,
                  ONE ZERO "14000000" ZERO "14000000 04000000 38003900", FRAME_GOOD },
                { "a centre of 4 GiB", SMS, 1, 1,
                  ONE ZERO "14000000" ZERO "14000000 fcffffff 38003900", FRAME_BAD },
                { "sent", SMS, 3, 1, ONE, FRAME_GOOD },
                { "sent, without a reference", SMS, 3, 1, "", FRAME_BAD },
                { "a new message", SMS, 5, 1, "02000000" ONE, FRAME_GOOD },
                { "a new message, somewhere", SMS, 5, 1, "02000000", FRAME_BAD },
                { "USSD", USSD, 1, 1, ZERO ZERO "0f000000 14000000 04000000 aa180c06", FRAME_GOOD },
                { "USSD without a word", USSD, 1, 1, "02000000" ZERO ZERO ZERO ZERO, FRAME_GOOD },
                { "USSD of 4 GiB", USSD, 1, 1, ZERO ZERO "0f000000 14000000 fcffffff aa180c06",
                  FRAME_BAD },
                { "USSD beyond the end", USSD, 1, 1,
                  ZERO ZERO "0f000000 18000000 04000000 aa180c06", FRAME_BAD },
                { "USSD, cut", USSD, 1, 1, ZERO ZERO "0f000000 14000000", FRAME_BAD },
                { "2^32-1 contexts", BASIC, 13, 1, "ffffffff", FRAME_BAD },
                { "2^31-1 contexts", BASIC, 13, 1, "ffffff7f" ZERO ZERO, FRAME_BAD },
                { "2^32-1 providers", BASIC, 8, 1, "ffffffff" ZERO ZERO, FRAME_BAD },
                { "2^28 providers", BASIC, 8, 1, "00000010" ZERO ZERO, FRAME_BAD },
                { "a structure that is not there", BASIC, 8, 1, ONE "0c000000 20000000",
                  FRAME_BAD },

                { "device services", BASIC, 16, 1,
                  ONE ZERO "10000000 24000000" UUID ZERO ZERO "02000000" ONE "02000000",
                  FRAME_GOOD },
                { "2^30 commands", BASIC, 16, 1,
                  ONE ZERO "10000000 24000000" UUID ZERO ZERO "00000040" ONE, FRAME_BAD },
                { "statistics", BASIC, 20, 1,
                  ZERO ZERO
                  "1122334455667788 0000000000000000 0102030405060708 0000000000000000" ZERO ZERO,
                  FRAME_GOOD },
                { "half of the statistics", BASIC, 20, 1, ZERO ZERO "1122334455667788", FRAME_BAD },
                { "slots", EXTENSIONS, 7, 1, ONE "0c000000 04000000" ZERO, FRAME_GOOD },
                { "2^29 slots", EXTENSIONS, 7, 1,
                  "00000020"
                  "0c000000 04000000" ZERO,
                  FRAME_BAD },

                { "connect", BASIC, 12, 1, CONNECTED, FRAME_GOOD },
                { "connect in version 3, old", BASIC, 12, 3, CONNECTED, FRAME_BAD },
                { "connect in version 3", BASIC, 12, 3, CONNECTED ZERO "0a000002 02000000 61000000",
                  FRAME_GOOD },
                { "with more behind", BASIC, 12, 3,
                  CONNECTED ZERO "0a000002 02000000 61000000"
                                 "0b000000 04000000 00000000"
                                 "0000",
                  FRAME_GOOD },
                { "a TLV of 4 GiB", BASIC, 12, 3, CONNECTED ZERO "0a000000 fcffffff 61000000",
                  FRAME_BAD },
                { "its padding beyond the end", BASIC, 12, 3,
                  CONNECTED ZERO "0a0000ff 02000000 61000000", FRAME_BAD },
                { "the head of a TLV only", BASIC, 12, 3, CONNECTED ZERO "0a000000", FRAME_BAD },
                { "a second TLV of 2 GiB", BASIC, 12, 3,
                  CONNECTED ZERO "0a000002 02000000 61000000"
                                 "0b000000 00000080",
                  FRAME_BAD },

                { "a command that nobody reads", BASIC, 77, 1, "ffffffff", FRAME_UNKNOWN },
                { "a service that nobody knows", NOBODYS, 2, 1, "ffffffff", FRAME_UNKNOWN },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                for (unsigned kind = 0; kind < 2; kind++) {
                        const Message m = { kind ? 0x80000003 : 0x80000007, cases[i].service,
                                            cases[i].command, 0, cases[i].buffer };
                        g_autoptr(GByteArray) bytes = build(&m);

                        g_test_message("%s", cases[i].what);
                        g_assert_cmpint(check(bytes, cases[i].version), ==, cases[i].verdict);
                }
}

static void test_headers(void) {
        static const struct {
                const char *what, *message;
                FrameVerdict verdict;
        } cases[] = {
                { "nothing", "", FRAME_BAD },
                { "half a header", "03000080 0c000000", FRAME_BAD },
                { "opened", "01000080 10000000 01000000 00000000", FRAME_UNKNOWN },
                { "not opened", "01000080 10000000 01000000 02000000", FRAME_REFUSED },
                { "opened, without a status", "01000080 0c000000 01000000", FRAME_BAD },
                { "an error", "04000080 10000000 01000000 06000000", FRAME_REFUSED },
                { "half an error", "04000080 0c000000 01000000", FRAME_BAD },
                { "longer than it is", "01000080 11000000 01000000 00000000", FRAME_BAD },
                { "shorter than it is", "01000080 0c000000 01000000 00000000", FRAME_BAD },
                { "the host's own", "03000000 0c000000 01000000", FRAME_BAD },
                { "no such type", "05000080 0c000000 01000000", FRAME_BAD },
                { "a reply without its service", "03000080 14000000 01000000" ONE ZERO, FRAME_BAD },
                { "a fragment",
                  "03000080 30000000 01000000"
                  "02000000" ZERO BASIC ONE ZERO ZERO,
                  FRAME_BAD },
                { "a later one",
                  "03000080 30000000 01000000"
                  "02000000" ONE BASIC ONE ZERO ZERO,
                  FRAME_BAD },
                { "of no fragments", "03000080 30000000 01000000" ZERO ZERO BASIC ONE ZERO ZERO,
                  FRAME_BAD },
                { "a refusal", "03000080 30000000 01000000" ONE ZERO BASIC ONE "02000000" ZERO,
                  FRAME_REFUSED },
                { "a buffer that is not there",
                  "03000080 30000000 01000000" ONE ZERO BASIC ONE ZERO "04000000", FRAME_BAD },
                { "a buffer of 4 GiB",
                  "03000080 30000000 01000000" ONE ZERO BASIC ONE ZERO "fcffffff", FRAME_BAD },
                { "a refusal with a buffer of 4 GiB",
                  "03000080 30000000 01000000" ONE ZERO BASIC ONE "02000000"
                  "fcffffff",
                  FRAME_BAD },
                { "an indication without its end", "07000080 2c000000 01000000" ONE ZERO BASIC ONE,
                  FRAME_BAD },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GByteArray) bytes = g_byte_array_new();

                add_hex(bytes, cases[i].message);
                g_test_message("%s", cases[i].what);
                g_assert_cmpint(check(bytes, 1), ==, cases[i].verdict);
        }
}

/* Many numbers that all lead to one long text: a small message that becomes a big one. */
static void test_copies(void) {
        static const struct {
                unsigned n_numbers;
                FrameVerdict verdict;
        } cases[] = {
                { 1, FRAME_GOOD }, { 4, FRAME_GOOD }, { 40, FRAME_BAD }, { 1000, FRAME_BAD }
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                const uint32_t length = 4096, head = 28 + 8 * cases[i].n_numbers;
                g_autoptr(GString) buffer = g_string_new(ONE ZERO ZERO ZERO ZERO ZERO);
                const Message m = { 0x80000003, BASIC, 2, 0, NULL };
                g_autoptr(GByteArray) bytes = NULL;
                Message message = m;

                g_string_append_printf(buffer, "%08x", GUINT32_SWAP_LE_BE(cases[i].n_numbers));
                for (unsigned j = 0; j < cases[i].n_numbers; j++)
                        g_string_append_printf(buffer, "%08x%08x", GUINT32_SWAP_LE_BE(head),
                                               GUINT32_SWAP_LE_BE(length));
                for (unsigned j = 0; j < length; j++)
                        g_string_append(buffer, j % 2 ? "00" : "37");

                message.buffer = buffer->str;
                bytes = build(&message);
                g_assert_cmpint(check(bytes, 1), ==, cases[i].verdict);
        }
}

static void test_mended(void) {
        static const struct {
                const char *what, *before, *after;
        } cases[] = {
                { "a pair", "3dd80ede", "3dd80ede" },
                { "its first half alone", "3dd83400", "fdff3400" },
                { "its second half alone", "34000ede", "3400fdff" },
                { "the other way round", "0ede3dd8", "fdfffdff" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *before = g_strconcat(ONE "1c000000 04000000" ZERO ZERO ZERO ZERO,
                                                      cases[i].before, NULL);
                g_autofree char *after = g_strconcat(ONE "1c000000 04000000" ZERO ZERO ZERO ZERO,
                                                     cases[i].after, NULL);
                g_autoptr(GByteArray) message =
                        build(&(Message){ 0x80000003, BASIC, 2, 0, before });
                g_autoptr(GByteArray) wanted = build(&(Message){ 0x80000003, BASIC, 2, 0, after });

                g_test_message("%s", cases[i].what);
                g_assert_cmpint(frame_mend(message->data, message->len, 1), ==, FRAME_GOOD);
                g_assert_cmpmem(message->data, message->len, wanted->data, wanted->len);
        }
}

/* The IMSI's text lies over the count of telephone numbers: mended, that is out of all bounds. */
static void test_mended_count(void) {
        g_autoptr(GByteArray) message = build(&(Message){
                0x80000003, BASIC, 2, 0, ONE "18000000 02000000" ZERO ZERO ZERO "00d80000" });

        g_byte_array_set_size(message, message->len + 0xd800 * 8);
        memset(message->data + message->len - 0xd800 * 8, 0, 0xd800 * 8);
        message->data[4] = (uint8_t) message->len;
        message->data[5] = (uint8_t) (message->len >> 8);
        message->data[6] = (uint8_t) (message->len >> 16);
        g_assert_cmpint(check(message, 1), ==, FRAME_GOOD);
        g_assert_cmpint(frame_mend(message->data, message->len, 1), ==, FRAME_BAD);
}

/* Cut anywhere, a message is bad; with a byte changed anywhere, it does not make us crash. */
static void test_cut_and_changed(void) {
        const Message m = { 0x80000003, BASIC, 12, 0, CONNECTED ZERO "0a000002 02000000 61000000" };
        g_autoptr(GByteArray) whole = build(&m);

        for (guint n = 0; n < whole->len; n++) {
                g_autoptr(GByteArray) part = g_byte_array_new();

                g_byte_array_append(part, whole->data, n);
                g_assert_cmpint(check(part, 3), ==, FRAME_BAD);
                if (n >= 8) {
                        uint32_t length = GUINT32_TO_LE(n);

                        memcpy(part->data + 4, &length, sizeof(length));
                        g_assert_cmpint(check(part, 3), ==, FRAME_BAD);
                }
        }

        for (guint i = 0; i < whole->len; i++)
                for (unsigned byte = 0; byte < 256; byte++) {
                        uint8_t before = whole->data[i];

                        whole->data[i] = (uint8_t) byte;
                        (void) check(whole, 3);
                        whole->data[i] = before;
                }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/frame/contents", test_contents);
        g_test_add_func("/frame/headers", test_headers);
        g_test_add_func("/frame/copies", test_copies);
        g_test_add_func("/frame/mended", test_mended);
        g_test_add_func("/frame/mended-count", test_mended_count);
        g_test_add_func("/frame/cut-and-changed", test_cut_and_changed);
        return g_test_run();
}
