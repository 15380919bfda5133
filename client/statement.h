/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What was used in a period, to lay beside the carrier's bill. */

#include "print.h"

typedef struct Statement {
        const RemoteSim *sim;
        const RemoteBucket *period;
        const GArray *rows; /* RemoteRow, a day each in the plan's zone */
        bool has_bill;
        uint64_t bill;
        GHashTable *identity; /* text -> text; NULL: not asked for */
} Statement;

/* Where it ends: its period, or its validity, or now. */
uint64_t statement_end(const Style *s, const RemoteBucket *period);

void print_statement(const Style *s, const Statement *statement);
void print_statement_json(const Style *s, const Statement *statement);
