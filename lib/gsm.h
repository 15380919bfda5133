/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The alphabets of phones (3GPP TS 23.038): 7 bits, with those of nations, and UCS-2. */

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#define GSM_ESCAPE 0x1b

/* By their numbers (6.2.1.2.4). Others are read as GSM_ANY. */
enum {
        GSM_ANY,
        GSM_TURKISH,
        GSM_SPANISH,
        GSM_PORTUGUESE,
};

typedef struct GsmAlphabet {
        uint8_t locking; /* the language of plain codes … */
        uint8_t single;  /* … and of those after an escape */
} GsmAlphabet;

/* The character of a code below 0x80; and of one that comes after an escape. */
gunichar gsm_character(GsmAlphabet alphabet, uint8_t code);
gunichar gsm_extension(GsmAlphabet alphabet, uint8_t code);

/* So many codes of 7 bits, the first of them after `fill` bits; those that are not there end it. */
char *gsm_unpack(GsmAlphabet alphabet, const uint8_t *bytes, size_t size, size_t n_codes,
                 unsigned fill);

/*
 * The codes of a text, one in each byte, for gsm_pack(), in the alphabet of any language. -EINVAL:
 * a character is not in it.
 */
int gsm_codes(const char *text, GByteArray **ret);
GByteArray *gsm_pack(const GByteArray *codes);

/*
 * UCS-2, the higher byte first, and with the pairs of UTF-16. What is no character, or a NUL, is
 * read as U+FFFD, and a last byte that is left over is nobody's. -EINVAL: the text is no UTF-8.
 */
char *gsm_read_ucs2(const uint8_t *bytes, size_t n);
int gsm_ucs2(const char *text, GByteArray **ret);
