/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A ledger in a directory of its own, and what tests put into it and ask of it. */

#include "ledger.h"

#define NOW     INT64_C(1790000000)
#define HOUR    3600
#define QUARTER 900

typedef struct Fixture {
        char *directory;
        char *file;
} Fixture;

void set_up(Fixture *f, const void *data);
void tear_down(Fixture *f, const void *data);

#define ADD(path, test) g_test_add(path, Fixture, NULL, set_up, test, tear_down)

Ledger *open_ledger(const Fixture *f);
void begin(Ledger *l);
void commit(Ledger *l);

/* iccid NULL: of bytes that are nobody's. */
void put_sim(Ledger *l, int64_t id, char *iccid);

/* So many bytes received, and one sent, in the slice of that instant. */
void add(Ledger *l, int64_t sim, int64_t at, int64_t session, bool roaming, uint64_t rx);

uint64_t total_rx(Ledger *l, int64_t sim);

/* All that a SIM has ever received, as the history in such units tells, and how many rows that is;
 * or one of the two. */
uint64_t history_sum(Ledger *l, int64_t sim, CalendarUnit unit, const char *zone, guint *ret_rows);
uint64_t history_rx(Ledger *l, int64_t sim, CalendarUnit unit, const char *zone);
guint history_rows(Ledger *l, int64_t sim, CalendarUnit unit);
