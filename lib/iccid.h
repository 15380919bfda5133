/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The ICCID, by which a SIM is known (ITU-T E.118; EF ICCID in ETSI TS 102 221, 13.2). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads digits as modems report and cards print them: white space and trailing filler (F) are left
 * out. *ret_iccid has 18 to 20 digits, and is the caller's to free. -EINVAL for anything else.
 */
int iccid_normalize(const char *text, char **ret_iccid);

/*
 * The same from the swapped-nibble BCD of EF ICCID (10 bytes) or of QMI's slot status: the low half
 * of a byte is the earlier digit. -EINVAL also for more than 10 bytes.
 */
int iccid_from_bcd(const uint8_t *bytes, size_t n, char **ret_iccid);

/*
 * Do two normalized ICCIDs name the same card? Some modems leave out the last digit (the check
 * digit), so that one card is reported with 19 or with 20. This is not transitive: two cards that
 * differ in the 20th digit alone are both the same as their common 19.
 */
bool iccid_same(const char *a, const char *b);

/* The last four digits, what people find printed on the card: a part of iccid, not to be freed; ""
 * of what is no ICCID but a name. */
const char *iccid_tail(const char *iccid);

/*
 * For logs: "..4321". Takes an ICCID, an EID (SGP.22: 32 digits) or any other identifier of digits;
 * one of fewer than eight is wholly hidden.
 */
char *iccid_mask(const char *identifier);
