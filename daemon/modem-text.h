/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Texts of USSD as modems give them. */

#include <stddef.h>
#include <stdint.h>

/* UTF-8; what cannot be read is U+FFFD. Lengths in units of 16 bits, and in bytes. Never NULL. */
char *modem_text_utf16(const uint16_t *units, size_t n);
char *modem_text_ucs2(const uint8_t *bytes, size_t n); /* TS 23.038: the higher byte comes first */
char *modem_text_ascii(const uint8_t *bytes, size_t n);
