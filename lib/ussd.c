/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ussd.h"

#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "gsm.h"

#define REPLACEMENT      0xfffd
#define PADDING          '\r'
#define LANGUAGE_LETTERS 3 /* two for the language, and a line end */
#define LANGUAGE_BYTES   2

static uint8_t septet_at(const uint8_t *bytes, size_t n, size_t i) {
        size_t bit = i * 7, byte = bit / 8;
        unsigned both = bytes[byte] | (byte + 1 < n ? (unsigned) bytes[byte + 1] << 8 : 0);

        return both >> bit % 8 & 0x7f;
}

static char *decode_gsm(const uint8_t *bytes, size_t n, size_t skip) {
        size_t n_septets = n * 8 / 7;

        /* Seven bits that are left over in the last byte are filled with a line end. */
        if (n_septets > 0 && n_septets % 8 == 0 && septet_at(bytes, n, n_septets - 1) == PADDING)
                n_septets--;

        return gsm_unpack((GsmAlphabet){ 0 }, bytes, n, n_septets - MIN(skip, n_septets),
                          7 * (unsigned) skip);
}

static char *decode_8(const uint8_t *bytes, size_t n) {
        GString *text = g_string_sized_new(n);

        for (size_t i = 0; i < n; i++)
                g_string_append_unichar(text,
                                        bytes[i] > 0 && bytes[i] < 128 ? bytes[i] : REPLACEMENT);
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
                *ret = gsm_read_ucs2(bytes + MIN(n, LANGUAGE_BYTES), n - MIN(n, LANGUAGE_BYTES));
        else if (is_general(scheme) && (scheme & 0x0c) == 0x08)
                *ret = gsm_read_ucs2(bytes, n);
        else if ((is_general(scheme) && (scheme & 0x0c) == 0x04) ||
                 ((scheme & 0xf0) == 0xf0 && scheme & 0x04))
                *ret = decode_8(bytes, n);
        else
                *ret = decode_gsm(bytes, n, scheme == 0x10 ? LANGUAGE_LETTERS : 0);
        return 0;
}

/* -ENOENT: a letter is not in the alphabet. */
static int encode_gsm(const char *text, uint8_t *bytes, size_t *ret_n) {
        g_autoptr(GByteArray) codes = NULL, packed = NULL;
        const uint8_t padding = PADDING;

        if (gsm_codes(text, &codes) < 0)
                return -ENOENT;
        if (codes->len > USSD_LETTERS)
                return -EMSGSIZE;

        /* Neither may a letter be read out of bits that are left over, nor a line end be taken for
         * what fills them (section 6.1.2.3.1). */
        if (codes->len % 8 == 7 || (codes->len % 8 == 0 && g_str_has_suffix(text, "\r")))
                g_byte_array_append(codes, &padding, 1);

        packed = gsm_pack(codes);
        memcpy(bytes, packed->data, packed->len);
        *ret_n = packed->len;
        return 0;
}

int ussd_text_encode_ucs(const char *text, uint8_t ret_bytes[USSD_BYTES], size_t *ret_n) {
        g_autoptr(GByteArray) units = NULL;
        int r;

        r = gsm_ucs2(text, &units);
        if (r < 0)
                return r;
        if (units->len > USSD_BYTES)
                return -EMSGSIZE;

        memcpy(ret_bytes, units->data, units->len);
        *ret_n = units->len;
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
