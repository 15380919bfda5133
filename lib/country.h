/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which mobile country codes (MCC) a place has, by the name that people give it. */

#include <glib.h>
#include <stdint.h>

/*
 * Adds the codes of a place to an array of uint16_t, unless they are there already. A place is a
 * country in English (Japan, Hong Kong, the USA), its two letters of ISO 3166 (JP), EU, EEA, or
 * Europe, which is all that the ITU counts to it (codes from 200 to 299). Small letters, with
 * single spaces. -ENOENT: no place of this name is known.
 */
int country_add_mccs(const char *name, GArray *mccs);
