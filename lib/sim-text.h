/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What stands in a SIM card's files, as text. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * An alpha field (3GPP TS 31.102, annex A; ETSI TS 102 221, annex A): the GSM default alphabet with
 * a byte for each character, or UCS2 in one of three codings. What is not valid is left out.
 */
char *sim_text_from_alpha(const uint8_t *bytes, size_t n);

/* EF IMSI (3GPP TS 31.102, 4.2.2): 6 to 15 digits, or NULL. */
char *sim_text_from_imsi(const uint8_t *bytes, size_t n);

/* Are these the 6 to 15 digits of an IMSI? text may be NULL. */
bool sim_text_is_imsi(const char *text);
