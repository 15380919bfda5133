/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The 7-bit alphabet of phones (3GPP TS 23.038, 6.1.2.1 and 6.2.1). */

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#define GSM_ESCAPE 0x1b

/* The character of a code below 0x80; and of one that comes after an escape. */
gunichar gsm_character(uint8_t code);
gunichar gsm_extension(uint8_t code);

/* So many codes of 7 bits, the first of them after `fill` bits; those that are not there end it. */
char *gsm_unpack(const uint8_t *bytes, size_t size, size_t n_codes, unsigned fill);

/*
 * The codes of a text, one in each byte, for gsm_pack(). -EINVAL: a character is not in the
 * alphabet.
 */
int gsm_codes(const char *text, GByteArray **ret);
GByteArray *gsm_pack(const GByteArray *codes);
