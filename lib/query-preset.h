/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * How the carriers of some networks are asked, as a file has it:
 *
 *     [Carrier]
 *     Name=AIS SIM2Fly
 *     Plmn=52003;52001
 *     Source=https://carrier.example/terms
 *
 *     [Query]
 *     Method=ussd
 *     Code=*111*6#
 */

#include "plmn.h"
#include "query.h"

typedef struct QueryPreset {
        char *name, *source; /* who says so */
        GArray *plmns;       /* Plmn */
        Query *query;
} QueryPreset;

void query_preset_clear(QueryPreset *p);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(QueryPreset, query_preset_clear)

/* -EINVAL: *ret_error is a sentence that names the line. */
int query_preset_parse(const char *text, gsize length, QueryPreset *ret, char **ret_error);

bool query_preset_is_of(const QueryPreset *p, Plmn home);
