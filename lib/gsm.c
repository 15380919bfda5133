/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gsm.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define N_CODES 128
#define EURO    0x20ac

/* In the order of its codes. */
static const char alphabet[] = "@£$¥èéùìòÇ\nØø\rÅå"
                               "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
                               " !\"#¤%&'()*+,-./"
                               "0123456789:;<=>?"
                               "¡ABCDEFGHIJKLMNO"
                               "PQRSTUVWXYZÄÖÑÜ§"
                               "¿abcdefghijklmno"
                               "pqrstuvwxyzäöñüà";

static const struct {
        uint8_t code;
        gunichar character;
} extension[] = {
        { 0x0a, '\f' }, { 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' }, { 0x2f, '\\' },
        { 0x3c, '[' },  { 0x3d, '~' }, { 0x3e, ']' }, { 0x40, '|' }, { 0x65, EURO },
};

gunichar gsm_character(uint8_t code) {
        return g_utf8_get_char(g_utf8_offset_to_pointer(alphabet, code));
}

gunichar gsm_extension(uint8_t code) {
        for (size_t i = 0; i < G_N_ELEMENTS(extension); i++)
                if (extension[i].code == code)
                        return extension[i].character;

        return gsm_character(code);
}

static uint8_t code_at(const uint8_t *bytes, size_t size, size_t bit) {
        unsigned low = bytes[bit / 8], high = bit / 8 + 1 < size ? bytes[bit / 8 + 1] : 0;

        return (uint8_t) ((low | high << 8) >> bit % 8 & 0x7f);
}

char *gsm_unpack(const uint8_t *bytes, size_t size, size_t n_codes, unsigned fill) {
        GString *text = g_string_new(NULL);
        bool is_escaped = false;

        for (size_t i = 0; i < n_codes && fill + 7 * (i + 1) <= 8 * size; i++) {
                uint8_t code = code_at(bytes, size, fill + 7 * i);

                if (code == GSM_ESCAPE && !is_escaped) {
                        is_escaped = true;
                        continue;
                }
                g_string_append_unichar(text,
                                        is_escaped ? gsm_extension(code) : gsm_character(code));
                is_escaped = false;
        }

        return g_string_free(text, FALSE);
}

static int append_codes(GByteArray *codes, gunichar c) {
        uint8_t bytes[2] = { GSM_ESCAPE };

        for (uint8_t code = 0; code < N_CODES; code++)
                if (code != GSM_ESCAPE && gsm_character(code) == c) {
                        g_byte_array_append(codes, &code, 1);
                        return 0;
                }
        for (size_t i = 0; i < G_N_ELEMENTS(extension); i++)
                if (extension[i].character == c) {
                        bytes[1] = extension[i].code;
                        g_byte_array_append(codes, bytes, 2);
                        return 0;
                }

        return -EINVAL;
}

int gsm_codes(const char *text, GByteArray **ret) {
        g_autoptr(GByteArray) codes = g_byte_array_new();
        int r;

        for (const char *c = text; *c; c = g_utf8_next_char(c)) {
                r = append_codes(codes, g_utf8_get_char(c));
                if (r < 0)
                        return r;
        }

        *ret = g_steal_pointer(&codes);
        return 0;
}

GByteArray *gsm_pack(const GByteArray *codes) {
        GByteArray *packed = g_byte_array_new();

        g_byte_array_set_size(packed, (codes->len * 7 + 7) / 8);
        memset(packed->data, 0, packed->len);
        for (guint i = 0; i < codes->len; i++) {
                unsigned bits = (unsigned) codes->data[i] << i * 7 % 8;
                guint at = i * 7 / 8;

                packed->data[at] |= (uint8_t) bits;
                if (bits > 0xff)
                        packed->data[at + 1] |= (uint8_t) (bits >> 8);
        }

        return packed;
}
