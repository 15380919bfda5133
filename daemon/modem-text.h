/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Texts of USSD as modems give them. */

#include <stddef.h>
#include <stdint.h>

/* UTF-8; what cannot be read is U+FFFD. Lengths in units of 16 bits, and in bytes. Never NULL. */
char *modem_text_utf16(const uint16_t *units, size_t n);
char *modem_text_ucs2(const uint8_t *bytes, size_t n); /* TS 23.038: the higher byte comes first */
char *modem_text_ascii(const uint8_t *bytes, size_t n);

/*
 * By the data coding scheme of cell broadcasts (TS 23.038, section 5), which USSD has as well. What
 * is written takes at most size bytes. -EINVAL: it is no text; -EMSGSIZE: it is too long.
 */
char *modem_text_decode(uint32_t scheme, const uint8_t *bytes, size_t n);
int modem_text_encode(const char *text, uint8_t *ret_scheme, uint8_t *bytes, size_t size,
                      size_t *ret_n);
