/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Networks by their public number: MCC and MNC (ITU-T E.212; 3GPP TS 23.003, 2.2 and 12.1). */

#include <stdbool.h>
#include <stdint.h>

#define PLMN_BYTES 3

typedef struct Plmn {
        uint16_t mcc; /* 0: no network */
        uint16_t mnc;
        uint8_t mnc_digits; /* 2 or 3: 001 and 01 are two networks */
} Plmn;

/* Reads "44010", "310260" or "440-10". -EINVAL for anything else. */
int plmn_parse(const char *text, Plmn *ret);

/*
 * Reads the three bytes of 3GPP TS 24.008, 10.5.1.13 (also those of EF PLMN): MCC 2 and 1, MNC 3
 * and MCC 3, MNC 2 and 1, with F for an MNC of two digits. -EINVAL for anything else, the FF FF FF
 * of no network included.
 */
int plmn_from_bcd(const uint8_t bytes[PLMN_BYTES], Plmn *ret);

/* "44010"; "" for no network. The caller's to free. */
char *plmn_format(Plmn plmn);

bool plmn_equal(Plmn a, Plmn b);

/*
 * Some countries have several MCCs: are these two networks in the same one? Networks of no country
 * (901, on planes, at sea and for things that are at home nowhere) are each a country of their own.
 */
bool plmn_same_country(Plmn a, Plmn b);

/*
 * Is one abroad there? False where either network is not known. This is not the modem's roaming
 * flag, which partners in the same country set as well.
 */
bool plmn_is_abroad(Plmn serving, Plmn home);
