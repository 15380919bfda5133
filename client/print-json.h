/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the JSON of several verbs has in common. */

#include "json.h"
#include "print.h"

#define FORMAT_VERSION 1

void json_add_bucket(Json *j, const char *name, const RemoteBucket *bucket);
void json_add_rows(Json *j, const GArray *rows); /* RemoteRow, as "rows" */
