/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * How the carriers of one network are asked, out of the database of mobile-broadband-provider-info
 * (serviceproviders.xml, format 2.0): the codes and messages of each <balance-check>.
 */

#include <stddef.h>

#include "plmn.h"
#include "query.h"

typedef struct ProviderWay {
        char *name; /* the provider's */
        Query *query;
} ProviderWay;

typedef struct Providers Providers;

Providers *providers_new(Plmn home);
Providers *providers_free(Providers *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Providers, providers_free)

/*
 * Takes the file piece by piece; a piece may end anywhere. -EBADMSG: it is no such file; -EFBIG: it
 * is larger, or deeper, than one can be. Nothing is to be fed after that.
 */
int providers_feed(Providers *p, const char *bytes, size_t n);

/*
 * All was fed: ProviderWay, in the order of the file, each way of a provider once; the caller's to
 * unref. What a query must not say, such as a code that diverts calls, is left out. -EBADMSG: the
 * file is cut short.
 */
int providers_end(Providers *p, GArray **ret);
