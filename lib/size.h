/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Amounts of bytes, and rates, as people read and write them. */

#include <stdint.h>

typedef enum SizeUnit {
        SIZE_SI,    /* 5 GB = 5 * 10^9 */
        SIZE_IEC,   /* 5 GiB = 5 * 2^30 */
        SIZE_BYTES, /* 5000000000 B */
} SizeUnit;

/*
 * "412 MB", "15.1 GB": rounded down, so that neither what is left nor what is used is overstated
 * (999,999 bytes are 999 kB, and never "1000 kB"). One decimal below 10, and for GB and more below
 * 100; never ".0". With a normal space.
 */
char *size_format(uint64_t bytes, SizeUnit unit);

/*
 * A part beside its whole, the unit said once where both have it: "6.3 of 10 GB", but "412 MB of
 * 10 GB". The two halves are for languages that put them in another order.
 */
char *size_format_pair(uint64_t part, uint64_t whole, SizeUnit unit);
void size_format_halves(uint64_t part, uint64_t whole, SizeUnit unit, char **ret_part,
                        char **ret_whole);

/*
 * Reads "5GB", "5 GiB", "1.2 GB", "300B": B, kB, MB, GB, TB and KiB, MiB, GiB, TiB in any case.
 * Exact, with what is less than a byte cut off. -EINVAL: not a size; -ERANGE: 2^64 bytes or more.
 */
int size_parse(const char *text, uint64_t *ret_bytes);

/* "300 kbit/s", "1.5 Mbit/s": bits per second, rounded as sizes are; always in powers of 1000. */
char *size_format_rate(uint64_t bps);

/*
 * Reads "300kbit/s", "1 Mbit/s", "0.5Mbit/s": bit/s, kbit/s, Mbit/s, Gbit/s in any case. Errors as
 * size_parse().
 */
int size_parse_rate(const char *text, uint64_t *ret_bps);
