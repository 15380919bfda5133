/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Texts of USSD as bytes and as UTF-8 (3GPP TS 23.038: the coding of cell broadcasts, section 5).
 */

#include <stddef.h>
#include <stdint.h>

#define USSD_BYTES      160 /* the most that a text takes in the air (TS 22.090) */
#define USSD_LETTERS    182 /* the same in letters of seven bits */
#define USSD_SCHEME_GSM 0x0f
#define USSD_SCHEME_8   0x44 /* of no known alphabet: all but ASCII is lost */
#define USSD_SCHEME_UCS 0x48 /* UTF-16, the higher byte first */

/*
 * Reads a text; what cannot be read in it is U+FFFD, and so is a NUL. Control characters stay.
 * -EOPNOTSUPP: it is compressed.
 */
int ussd_text_decode(uint8_t scheme, const uint8_t *bytes, size_t n, char **ret);

/*
 * Writes a text, in seven bits a letter where the alphabet has them all. -EINVAL: it is no UTF-8,
 * or empty; -EMSGSIZE: it does not fit.
 */
int ussd_text_encode(const char *text, uint8_t *ret_scheme, uint8_t ret_bytes[USSD_BYTES],
                     size_t *ret_n);

/* The same, in UTF-16 alone, the higher byte first. */
int ussd_text_encode_ucs(const char *text, uint8_t ret_bytes[USSD_BYTES], size_t *ret_n);
