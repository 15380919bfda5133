/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ledger-fixture.h"

#include <glib/gstdio.h>

void set_up(Fixture *f, const void *data) {
        f->directory = g_dir_make_tmp("test-ledger-XXXXXX", NULL);
        f->file = g_build_filename(f->directory, "ledger.db", NULL);
}

void tear_down(Fixture *f, const void *data) {
        g_autoptr(GDir) dir = g_dir_open(f->directory, 0, NULL);
        const char *name;

        while ((name = g_dir_read_name(dir))) {
                g_autofree char *path = g_build_filename(f->directory, name, NULL);

                (void) g_chmod(path, 0700);
                (void) g_remove(path);
        }
        (void) g_rmdir(f->directory);
        g_free(f->directory);
        g_free(f->file);
}

Ledger *open_ledger(const Fixture *f) {
        Ledger *l;

        g_assert_cmpint(ledger_open(f->directory, NOW, &l), ==, 0);
        return l;
}

void put_sim(Ledger *l, int64_t id, char *iccid) {
        char slug[17], empty[] = "", kind[] = "physical";

        (void) g_snprintf(slug, sizeof(slug), "%016x", (unsigned) id);
        g_assert_cmpint(ledger_put_sim(l, &(LedgerSim){ .id = id,
                                                        .slug = slug,
                                                        .iccid = iccid,
                                                        .kind = kind,
                                                        .label = empty,
                                                        .name = empty,
                                                        .operator= empty,
                                                        .home_plmn = empty,
                                                        .first_seen = NOW }),
                        ==, 0);
}

void add(Ledger *l, int64_t sim, int64_t at, int64_t session, bool roaming, uint64_t rx) {
        LedgerUsage u = { .sim = sim,
                          .start = at - at % QUARTER,
                          .session = session,
                          .plmn = "44010",
                          .roaming = roaming,
                          .bytes = { rx, 1 },
                          .first_at = at,
                          .last_at = at };

        g_assert_cmpint(ledger_add_usage(l, &u), ==, 0);
}

void begin(Ledger *l) {
        g_assert_cmpint(ledger_begin(l), ==, 0);
}

void commit(Ledger *l) {
        g_assert_cmpint(ledger_commit(l), ==, 0);
}

uint64_t total_rx(Ledger *l, int64_t sim) {
        g_auto(LedgerSim) row = { 0 };

        g_assert_cmpint(ledger_load_sim(l, sim, &row), ==, 0);
        return row.total.rx;
}

uint64_t history_sum(Ledger *l, int64_t sim, CalendarUnit unit, const char *zone, guint *ret_rows) {
        g_autoptr(GTimeZone) tz = g_time_zone_new_identifier(zone);
        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HistoryRow));
        LedgerHistory h = { .unit = unit,
                            .zone = tz,
                            .until = INT64_C(253402300799),
                            .max_rows = 4096,
                            .rows = rows };
        uint64_t sum = 0;

        g_assert_cmpint(ledger_history_load(l, sim, &h), ==, 0);
        for (guint i = 0; i < rows->len; i++) {
                const HistoryRow *row = &g_array_index(rows, HistoryRow, i);

                sum += row->home.rx + row->roaming.rx;
                if (i > 0)
                        g_assert_cmpint(row[-1].start, <, row->start);
        }
        *ret_rows = rows->len;
        return sum;
}

uint64_t history_rx(Ledger *l, int64_t sim, CalendarUnit unit, const char *zone) {
        guint rows;

        return history_sum(l, sim, unit, zone, &rows);
}

guint history_rows(Ledger *l, int64_t sim, CalendarUnit unit) {
        guint rows;

        (void) history_sum(l, sim, unit, "UTC", &rows);
        return rows;
}
