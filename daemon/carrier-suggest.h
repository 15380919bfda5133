/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Ways to ask a carrier that others know of: our own files, and the providers' database of the
 * system. They are shown to the owner, and nothing else is done with them.
 */

#include "plmn.h"
#include "query.h"

typedef struct CarrierSuggestion {
        char *name, *source; /* the provider, and who says so */
        QueryMethod method;
        char *text; /* of a query */
} CarrierSuggestion;

/* For the SIMs of a home network: CarrierSuggestion; the caller's to unref. */
GArray *carrier_suggest(Plmn home);
