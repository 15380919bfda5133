/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ussd.h"

#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define REPLACEMENT      0xfffd
#define ESCAPE           0x1b
#define PADDING          '\r'
#define LANGUAGE_LETTERS 3 /* two for the language, and a line end */
#define LANGUAGE_BYTES   2

/* The default alphabet (TS 23.038, section 6.2.1); 0x1b is the escape. */
static const gunichar alphabet[128] = {
        '@',   0xa3,  '$',   0xa5,   0xe8,  0xe9,  0xf9,  0xec,  /* 0 */
        0xf2,  0xc7,  '\n',  0xd8,   0xf8,  '\r',  0xc5,  0xe5,  /**/
        0x394, '_',   0x3a6, 0x393,  0x39b, 0x3a9, 0x3a0, 0x3a8, /* 0x10 */
        0x3a3, 0x398, 0x39e, ESCAPE, 0xc6,  0xe6,  0xdf,  0xc9,  /**/
        ' ',   '!',   '"',   '#',    0xa4,  '%',   '&',   '\'',  /* 0x20 */
        '(',   ')',   '*',   '+',    ',',   '-',   '.',   '/',   /**/
        '0',   '1',   '2',   '3',    '4',   '5',   '6',   '7',   /* 0x30 */
        '8',   '9',   ':',   ';',    '<',   '=',   '>',   '?',   /**/
        0xa1,  'A',   'B',   'C',    'D',   'E',   'F',   'G',   /* 0x40 */
        'H',   'I',   'J',   'K',    'L',   'M',   'N',   'O',   /**/
        'P',   'Q',   'R',   'S',    'T',   'U',   'V',   'W',   /* 0x50 */
        'X',   'Y',   'Z',   0xc4,   0xd6,  0xd1,  0xdc,  0xa7,  /**/
        0xbf,  'a',   'b',   'c',    'd',   'e',   'f',   'g',   /* 0x60 */
        'h',   'i',   'j',   'k',    'l',   'm',   'n',   'o',   /**/
        'p',   'q',   'r',   's',    't',   'u',   'v',   'w',   /* 0x70 */
        'x',   'y',   'z',   0xe4,   0xf6,  0xf1,  0xfc,  0xe0,  /**/
};

/* What follows an escape (section 6.2.1.1). */
static const struct {
        uint8_t code;
        gunichar letter;
} extension[] = {
        { 0x0a, '\f' }, { 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' }, { 0x2f, '\\' },
        { 0x3c, '[' },  { 0x3d, '~' }, { 0x3e, ']' }, { 0x40, '|' }, { 0x65, 0x20ac },
};

static gunichar extended(uint8_t code) {
        for (size_t i = 0; i < G_N_ELEMENTS(extension); i++)
                if (extension[i].code == code)
                        return extension[i].letter;
        return alphabet[code]; /* as who does not know the extension shows it */
}

static uint8_t septet_at(const uint8_t *bytes, size_t n, size_t i) {
        size_t bit = i * 7, byte = bit / 8;
        unsigned both = bytes[byte] | (byte + 1 < n ? (unsigned) bytes[byte + 1] << 8 : 0);

        return both >> bit % 8 & 0x7f;
}

static void append(GString *text, gunichar letter) {
        g_string_append_unichar(text,
                                letter == 0 || !g_unichar_validate(letter) ? REPLACEMENT : letter);
}

static char *decode_gsm(const uint8_t *bytes, size_t n, size_t skip) {
        size_t n_septets = n * 8 / 7;
        GString *text = g_string_sized_new(n_septets);
        bool is_escaped = false;

        /* Seven bits that are left over in the last byte are filled with a line end. */
        if (n_septets > 0 && n_septets % 8 == 0 && septet_at(bytes, n, n_septets - 1) == PADDING)
                n_septets--;

        for (size_t i = skip; i < n_septets; i++) {
                uint8_t code = septet_at(bytes, n, i);

                if (code == ESCAPE && !is_escaped) {
                        is_escaped = true;
                        continue;
                }
                if (code == ESCAPE)
                        append(text, ' ');
                else
                        append(text, is_escaped ? extended(code) : alphabet[code]);
                is_escaped = false;
        }
        return g_string_free(text, FALSE);
}

static gunichar unit_at(const uint8_t *bytes, size_t i) {
        return (gunichar) bytes[i] << 8 | bytes[i + 1];
}

/* A byte that is left over is nobody's. */
static char *decode_ucs(const uint8_t *bytes, size_t n) {
        GString *text = g_string_sized_new(n);

        for (size_t i = 0; i + 2 <= n; i += 2) {
                gunichar letter = unit_at(bytes, i);

                if ((letter & 0xfc00) == 0xd800 && i + 4 <= n &&
                    (unit_at(bytes, i + 2) & 0xfc00) == 0xdc00) {
                        letter = 0x10000 +
                                 ((letter & 0x3ff) << 10 | (unit_at(bytes, i + 2) & 0x3ff));
                        i += 2;
                }
                append(text, letter);
        }
        return g_string_free(text, FALSE);
}

static char *decode_8(const uint8_t *bytes, size_t n) {
        GString *text = g_string_sized_new(n);

        for (size_t i = 0; i < n; i++)
                append(text, bytes[i] < 128 ? bytes[i] : REPLACEMENT);
        return g_string_free(text, FALSE);
}

/* Schemes that name alphabet and class in the same bits as those of short messages. */
static bool is_general(uint8_t scheme) {
        return (scheme & 0xc0) == 0x40 || (scheme & 0xf0) == 0x90;
}

int ussd_text_decode(uint8_t scheme, const uint8_t *bytes, size_t n, char **ret) {
        if ((scheme & 0xe0) == 0x60)
                return -EOPNOTSUPP;

        if (scheme == 0x11)
                *ret = decode_ucs(bytes + MIN(n, LANGUAGE_BYTES), n - MIN(n, LANGUAGE_BYTES));
        else if (is_general(scheme) && (scheme & 0x0c) == 0x08)
                *ret = decode_ucs(bytes, n);
        else if ((is_general(scheme) && (scheme & 0x0c) == 0x04) ||
                 ((scheme & 0xf0) == 0xf0 && scheme & 0x04))
                *ret = decode_8(bytes, n);
        else
                *ret = decode_gsm(bytes, n, scheme == 0x10 ? LANGUAGE_LETTERS : 0);
        return 0;
}

/* The letter's septets; 0: the alphabet does not have it. */
static size_t find_septets(gunichar letter, uint8_t ret[2]) {
        for (size_t i = 0; i < G_N_ELEMENTS(extension); i++)
                if (extension[i].letter == letter) {
                        ret[0] = ESCAPE;
                        ret[1] = extension[i].code;
                        return 2;
                }
        for (size_t i = 0; i < G_N_ELEMENTS(alphabet); i++)
                if (alphabet[i] == letter && i != ESCAPE) {
                        ret[0] = (uint8_t) i;
                        return 1;
                }
        return 0;
}

static void put_septet(uint8_t *bytes, size_t i, uint8_t code) {
        unsigned both = (unsigned) code << i * 7 % 8;

        bytes[i * 7 / 8] |= (uint8_t) both;
        if (both >> 8)
                bytes[i * 7 / 8 + 1] |= (uint8_t) (both >> 8);
}

/* -ENOENT: a letter is not in the alphabet. */
static int encode_gsm(const char *text, uint8_t *bytes, size_t *ret_n) {
        size_t n = 0;

        memset(bytes, 0, USSD_BYTES);
        for (const char *c = text; *c; c = g_utf8_next_char(c)) {
                uint8_t codes[2];
                size_t n_codes = find_septets(g_utf8_get_char(c), codes);

                if (n_codes == 0)
                        return -ENOENT;
                if (n + n_codes > USSD_LETTERS)
                        return -EMSGSIZE;
                for (size_t i = 0; i < n_codes; i++)
                        put_septet(bytes, n++, codes[i]);
        }

        /* Neither may a letter be read out of bits that are left over, nor a line end be taken for
         * what fills them (section 6.1.2.3.1). */
        if (n % 8 == 7 || (n % 8 == 0 && g_str_has_suffix(text, "\r") && n < USSD_LETTERS))
                put_septet(bytes, n++, PADDING);

        *ret_n = (n * 7 + 7) / 8;
        return 0;
}

int ussd_text_encode_ucs(const char *text, uint8_t ret_bytes[USSD_BYTES], size_t *ret_n) {
        g_autofree gunichar2 *units = NULL;
        glong n;

        units = g_utf8_to_utf16(text, -1, NULL, &n, NULL);
        if (!units)
                return -EINVAL;
        if ((size_t) n > USSD_BYTES / 2)
                return -EMSGSIZE;

        for (glong i = 0; i < n; i++) {
                ret_bytes[2 * i] = (uint8_t) (units[i] >> 8);
                ret_bytes[2 * i + 1] = (uint8_t) units[i];
        }
        *ret_n = 2 * (size_t) n;
        return 0;
}

int ussd_text_encode(const char *text, uint8_t *ret_scheme, uint8_t ret_bytes[USSD_BYTES],
                     size_t *ret_n) {
        uint8_t bytes[USSD_BYTES] = { 0 };
        bool is_gsm;
        size_t n;
        int r;

        if (*text == '\0' || !g_utf8_validate(text, -1, NULL))
                return -EINVAL;

        r = encode_gsm(text, bytes, &n);
        is_gsm = r != -ENOENT;
        if (!is_gsm)
                r = ussd_text_encode_ucs(text, bytes, &n);
        if (r < 0)
                return r;

        memcpy(ret_bytes, bytes, n);
        *ret_scheme = is_gsm ? USSD_SCHEME_GSM : USSD_SCHEME_UCS;
        *ret_n = n;
        return 0;
}
