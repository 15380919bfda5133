/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gsm.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define N_CODES     128
#define EURO        0x20ac
#define REPLACEMENT 0xfffd

typedef struct Shift {
        uint8_t code;
        gunichar character;
} Shift;

/* In the order of their codes. */
#define SIGNS_AND_DIGITS "%&'()*+,-./0123456789:;<=>?"

static const char *const alphabets[] = {
        [GSM_ANY] = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
                    " !\"#¤" SIGNS_AND_DIGITS "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
                    "¿abcdefghijklmnopqrstuvwxyzäöñüà",
        [GSM_TURKISH] = "@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bŞşßÉ"
                        " !\"#¤" SIGNS_AND_DIGITS "İABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
                        "çabcdefghijklmnopqrstuvwxyzäöñüà",
        [GSM_PORTUGUESE] = "@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|\x1bÂâÊÉ"
                           " !\"#º" SIGNS_AND_DIGITS "ÍABCDEFGHIJKLMNOPQRSTUVWXYZÃÕÚÜ§"
                           "~abcdefghijklmnopqrstuvwxyzãõ`üà",
};

/* After an escape, in any language … */
static const Shift extension[] = {
        { 0x0a, '\f' }, { 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' },  { 0x2f, '\\' }, { 0x3c, '[' },
        { 0x3d, '~' },  { 0x3e, ']' }, { 0x40, '|' }, { 0x65, EURO }, { 0 },
};

/* … and besides, in one (A.2.1 to A.2.3). */
static const Shift turkish[] = {
        { 0x47, 0x11e }, { 0x49, 0x130 }, { 0x53, 0x15e }, { 0x63, 0xe7 },
        { 0x67, 0x11f }, { 0x69, 0x131 }, { 0x73, 0x15f }, { 0 },
};
static const Shift spanish[] = {
        { 0x09, 0xe7 }, { 0x41, 0xc1 }, { 0x49, 0xcd }, { 0x4f, 0xd3 }, { 0x55, 0xda },
        { 0x61, 0xe1 }, { 0x69, 0xed }, { 0x6f, 0xf3 }, { 0x75, 0xfa }, { 0 },
};
static const Shift portuguese[] = {
        { 0x05, 0xea },  { 0x09, 0xe7 },  { 0x0b, 0xd4 },  { 0x0c, 0xf4 },  { 0x0e, 0xc1 },
        { 0x0f, 0xe1 },  { 0x12, 0x3a6 }, { 0x13, 0x393 }, { 0x15, 0x3a9 }, { 0x16, 0x3a0 },
        { 0x17, 0x3a8 }, { 0x18, 0x3a3 }, { 0x19, 0x398 }, { 0x1f, 0xca },  { 0x41, 0xc0 },
        { 0x49, 0xcd },  { 0x4f, 0xd3 },  { 0x55, 0xda },  { 0x5b, 0xc3 },  { 0x5c, 0xd5 },
        { 0x61, 0xc2 },  { 0x69, 0xed },  { 0x6f, 0xf3 },  { 0x75, 0xfa },  { 0x7b, 0xe3 },
        { 0x7c, 0xf5 },  { 0x7f, 0xe2 },  { 0 },
};
static const Shift *const shifts[] = {
        [GSM_TURKISH] = turkish,
        [GSM_SPANISH] = spanish,
        [GSM_PORTUGUESE] = portuguese,
};

/* Who does not know a language reads the alphabet of any (6.2.1.2.4). */
gunichar gsm_character(GsmAlphabet alphabet, uint8_t code) {
        const char *characters =
                alphabet.locking < G_N_ELEMENTS(alphabets) ? alphabets[alphabet.locking] : NULL;

        return g_utf8_get_char(g_utf8_offset_to_pointer(characters ?: alphabets[GSM_ANY], code));
}

/* 0: the table does not have it. */
static gunichar find_shift(const Shift *table, uint8_t code) {
        for (const Shift *s = table; s && s->character; s++)
                if (s->code == code)
                        return s->character;

        return 0;
}

gunichar gsm_extension(GsmAlphabet alphabet, uint8_t code) {
        const Shift *national =
                alphabet.single < G_N_ELEMENTS(shifts) ? shifts[alphabet.single] : NULL;

        if (code == GSM_ESCAPE)
                return ' '; /* for another table, that does not exist yet */
        return find_shift(national, code) ?: find_shift(extension, code)
                                          ?: gsm_character(alphabet, code);
}

static uint8_t code_at(const uint8_t *bytes, size_t size, size_t bit) {
        unsigned low = bytes[bit / 8], high = bit / 8 + 1 < size ? bytes[bit / 8 + 1] : 0;

        return (uint8_t) ((low | high << 8) >> bit % 8 & 0x7f);
}

char *gsm_unpack(GsmAlphabet alphabet, const uint8_t *bytes, size_t size, size_t n_codes,
                 unsigned fill) {
        GString *text = g_string_new(NULL);
        bool is_escaped = false;

        for (size_t i = 0; i < n_codes && fill + 7 * (i + 1) <= 8 * size; i++) {
                uint8_t code = code_at(bytes, size, fill + 7 * i);

                if (code == GSM_ESCAPE && !is_escaped) {
                        is_escaped = true;
                        continue;
                }
                g_string_append_unichar(text, is_escaped ? gsm_extension(alphabet, code)
                                                         : gsm_character(alphabet, code));
                is_escaped = false;
        }

        return g_string_free(text, FALSE);
}

static int append_codes(GByteArray *codes, gunichar c) {
        uint8_t bytes[2] = { GSM_ESCAPE };

        for (uint8_t code = 0; code < N_CODES; code++)
                if (code != GSM_ESCAPE && gsm_character((GsmAlphabet){ 0 }, code) == c) {
                        g_byte_array_append(codes, &code, 1);
                        return 0;
                }
        for (const Shift *s = extension; s->character; s++)
                if (s->character == c) {
                        bytes[1] = s->code;
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

static gunichar unit_at(const uint8_t *bytes, size_t i) {
        return (gunichar) bytes[i] << 8 | bytes[i + 1];
}

char *gsm_read_ucs2(const uint8_t *bytes, size_t n) {
        GString *text = g_string_sized_new(n);

        for (size_t i = 0; i + 2 <= n; i += 2) {
                gunichar c = unit_at(bytes, i);

                if ((c & 0xfc00) == 0xd800 && i + 4 <= n &&
                    (unit_at(bytes, i + 2) & 0xfc00) == 0xdc00) {
                        c = 0x10000 + ((c & 0x3ff) << 10 | (unit_at(bytes, i + 2) & 0x3ff));
                        i += 2;
                }
                g_string_append_unichar(text, c > 0 && g_unichar_validate(c) ? c : REPLACEMENT);
        }

        return g_string_free(text, FALSE);
}

int gsm_ucs2(const char *text, GByteArray **ret) {
        GByteArray *bytes;
        glong n;
        g_autofree gunichar2 *units = g_utf8_to_utf16(text, -1, NULL, &n, NULL);

        if (!units)
                return -EINVAL;

        bytes = g_byte_array_sized_new(2 * (guint) n);
        for (glong i = 0; i < n; i++) {
                uint8_t unit[] = { (uint8_t) (units[i] >> 8), (uint8_t) units[i] };

                g_byte_array_append(bytes, unit, sizeof(unit));
        }
        *ret = bytes;
        return 0;
}
