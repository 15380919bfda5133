/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a SIM has carried, slice by slice. Ten years are 60,000 hours, of which only the newest ones
 * change: the days that are over are kept in memory, of the SIM and in the zone that were asked
 * about last. Weeks, months and years are made of days.
 */

#include <errno.h>

#include "ledger-internal.h"

#define HOUR          3600
#define WORTH_KEEPING 1000 /* rows of the book; fewer are read in no time */
#define MOST_DAYS     4096

void ledger_past_clear(LedgerPast *p) {
        g_clear_pointer(&p->zone, g_time_zone_unref);
        g_clear_pointer(&p->days, g_array_unref);
}

void ledger_past_changed(Ledger *l, int64_t sim, int64_t at) {
        if (sim == l->past.sim && at < l->past.until)
                ledger_past_clear(&l->past);
}

/* Keeps all days but the last one, which may grow. */
static void keep_past(Ledger *l, int64_t sim, const LedgerHistory *days) {
        guint n = MAX(days->rows->len, 1) - 1;

        if (n == 0 || n > MOST_DAYS || l->in_transaction) /* that may be rolled back */
                return;

        ledger_past_clear(&l->past);
        l->past = (LedgerPast){
                .sim = sim,
                .zone = g_time_zone_ref(days->zone),
                .since = days->since,
                .until = g_array_index(days->rows, HistoryRow, n).start,
                .days = g_array_sized_new(FALSE, FALSE, sizeof(HistoryRow), n),
        };
        g_array_append_vals(l->past.days, days->rows->data, n);
}

/* Whether what is kept is how this begins. GLib has one object for all who name a zone. */
static bool past_fits(const LedgerPast *p, int64_t sim, const LedgerHistory *days) {
        return p->days && p->sim == sim && p->zone == days->zone &&
               days->max_rows >= p->days->len && days->until >= p->until &&
               days->since >= p->since &&
               days->since <= g_array_index(p->days, HistoryRow, 0).start;
}

int ledger_history_add(LedgerHistory *h, int64_t at, bool roaming, Traffic bytes) {
        HistoryRow *row = NULL;
        int64_t start = 0;
        Traffic *sum;
        guint i;
        int r;

        if (at < h->since || at >= h->until)
                return 0;

        if (at < h->slice_start || at >= h->slice_end) {
                r = calendar_floor(h->unit, h->zone, at, &h->slice_start);
                if (r >= 0)
                        r = calendar_next(h->unit, h->zone, h->slice_start, &h->slice_end);
                if (r < 0)
                        return r;
        }
        start = h->slice_start;

        for (i = h->rows->len; i > 0; i--) {
                row = &g_array_index(h->rows, HistoryRow, i - 1);
                if (row->start <= start)
                        break;
        }

        if (i == 0 || row->start != start) {
                HistoryRow empty = { .start = start };

                if (h->rows->len >= h->max_rows)
                        return -E2BIG;
                g_array_insert_val(h->rows, i, empty);
                row = &g_array_index(h->rows, HistoryRow, i);
        }

        sum = roaming ? &row->roaming : &row->home;
        *sum = traffic_add(*sum, bytes);
        return 0;
}

/* Where slices begin within a UTC hour, the hours' sums cannot tell what belongs where. */
static bool splits_hours(int64_t at) {
        return at % HOUR != 0 && at < INT64_MAX;
}

/* Adds what is booked from an instant on. Returns how many rows of the book were read. */
static int load_rows(Ledger *l, int64_t sim, int64_t since, bool hours, LedgerHistory *h) {
        g_autoptr(sqlite3_stmt) s = NULL;
        int n_read = 0, r;

        r = ledger_prepare(l, &s, "read the history",
                           hours ? "SELECT hour, roaming, rx, tx FROM hour_total"
                                   " WHERE sim=? AND hour>=? AND hour<? ORDER BY hour"
                                 : "SELECT start, roaming, rx, tx FROM usage"
                                   " WHERE sim=? AND start>=? AND start<? ORDER BY start",
                           "iii", sim, since, h->until);
        if (r < 0)
                return r;

        for (; (r = ledger_step(l, s, "read the history")) > 0; n_read++) {
                Traffic bytes = ledger_column_traffic(s, 2);

                if (traffic_is_zero(bytes))
                        continue;
                r = ledger_history_add(h, sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),
                                       bytes);
                if (r < 0)
                        return r;
                if (hours && (splits_hours(h->slice_start) || splits_hours(h->slice_end)))
                        return -EDOM;
        }

        return r < 0 ? r : n_read;
}

static int load_slices(Ledger *l, int64_t sim, int64_t since, LedgerHistory *h) {
        bool hours = h->unit != CALENDAR_15MIN && !splits_hours(since) && !splits_hours(h->until);
        guint n_past = h->rows->len;
        int r;

        r = load_rows(l, sim, since, hours, h);
        if (r == -EDOM) {
                g_array_set_size(h->rows, n_past);
                h->slice_start = h->slice_end = 0;
                r = load_rows(l, sim, since, false, h);
        }

        return r;
}

static int load_days(Ledger *l, int64_t sim, LedgerHistory *days) {
        int64_t since = days->since;
        int r;

        if (past_fits(&l->past, sim, days)) {
                since = l->past.until;
                g_array_append_vals(days->rows, l->past.days->data, l->past.days->len);
        }

        r = load_slices(l, sim, since, days);
        if (r >= WORTH_KEEPING)
                keep_past(l, sim, days);
        return r;
}

/* Makes larger slices of days. */
static int fold_days(const GArray *days, LedgerHistory *h) {
        int r = 0;

        for (guint i = 0; r >= 0 && i < days->len; i++) {
                const HistoryRow *day = &g_array_index(days, HistoryRow, i);
                int64_t at = MAX(day->start, h->since); /* of the first day, a part may be asked */

                r = ledger_history_add(h, at, false, day->home);
                if (r >= 0)
                        r = ledger_history_add(h, at, true, day->roaming);
        }

        return r;
}

int ledger_history_load(Ledger *l, int64_t sim, LedgerHistory *h) {
        g_autoptr(GArray) rows = NULL;
        LedgerHistory days = *h;
        int r;

        if (h->unit < CALENDAR_DAY)
                r = load_slices(l, sim, h->since, h);
        else if (h->unit == CALENDAR_DAY)
                r = load_days(l, sim, h);
        else {
                rows = g_array_new(FALSE, FALSE, sizeof(HistoryRow));
                days.unit = CALENDAR_DAY;
                days.rows = rows;
                days.max_rows = SIZE_MAX;
                r = load_days(l, sim, &days);
                if (r >= 0)
                        r = fold_days(rows, h);
        }

        return MIN(r, 0);
}
