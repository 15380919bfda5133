/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was booked and told while nobody knew what time it was. */

#include "ledger-fixture.h"

static uint64_t undated_rx(Ledger *l, int64_t sim, const char *boot) {
        Traffic undated;

        g_assert_cmpint(ledger_load_undated(l, sim, boot, &undated), ==, 0);
        return undated.rx;
}

/* Bytes of an hour that nobody knew go where they belong, with all sums that are kept of them. */
static void test_redated(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);
        LedgerStint stint = { .id = 1, .modem = 1, .sim = 1, .since = NOW };
        LedgerUsage undated = { .sim = 1,
                                .start = NOW,
                                .session = 2,
                                .bytes = { 30, 3 },
                                .first_at = NOW + 5,
                                .last_at = NOW + 7,
                                .boot = "boot",
                                .boottime = 5 };

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        g_assert_cmpint(ledger_put_stint(l, &stint), ==, 0);
        for (int i = 1; i <= 2; i++) {
                LedgerSession session = { .id = i, .stint = 1, .apn = (char *) "", .since = NOW };

                g_assert_cmpint(ledger_put_session(l, &session), ==, 0);
        }
        add(l, 1, NOW, 1, false, 100);
        g_assert_cmpint(ledger_add_usage(l, &undated), ==, 0);
        commit(l);
        g_assert_cmpuint(history_rows(l, 1, CALENDAR_HOUR), ==, 1);

        g_assert_cmpuint(undated_rx(l, 1, "boot"), ==, 30);
        g_assert_cmpuint(undated_rx(l, 1, "another boot"), ==, 0);
        g_assert_cmpuint(undated_rx(l, 2, "boot"), ==, 0);

        g_assert_cmpint(ledger_redate(l, "another boot", 2 * HOUR, NOW), ==, 0);
        g_assert_cmpuint(history_rows(l, 1, CALENDAR_HOUR), ==, 1);
        g_assert_cmpint(ledger_redate(l, "boot", 2 * HOUR, NOW), ==, 0);
        g_assert_cmpuint(history_rows(l, 1, CALENDAR_HOUR), ==, 2);
        g_assert_cmpuint(total_rx(l, 1), ==, 130);
        g_assert_cmpuint(history_rx(l, 1, CALENDAR_HOUR, "UTC"), ==, 130);
        g_assert_cmpuint(undated_rx(l, 1, "boot"), ==, 0);

        /* Once is enough. */
        g_assert_cmpint(ledger_redate(l, "boot", 2 * HOUR, NOW), ==, 0);
        g_assert_cmpuint(history_rows(l, 1, CALENDAR_HOUR), ==, 2);
}

static int64_t first_seen(Ledger *l, int64_t sim) {
        g_auto(LedgerSim) row = { 0 };

        g_assert_cmpint(ledger_load_sim(l, sim, &row), ==, 0);
        return row.first_seen;
}

/* What was seen first while the clock was not trusted. */
static void test_first_seen_redated(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        add(l, 1, NOW, 1, false, 100);
        commit(l);

        g_assert_cmpint(ledger_redate(l, "boot", HOUR, NOW + 1), ==, 0);
        g_assert_cmpint(first_seen(l, 1), ==, NOW);
        g_assert_cmpint(ledger_redate(l, "boot", HOUR, NOW), ==, 0);
        g_assert_cmpint(first_seen(l, 1), ==, NOW + HOUR);
}

static void put_visit(Ledger *l, int64_t since) {
        g_assert_cmpint(ledger_put_visit(l, 1, since, "44010", false), ==, 0);
}

/* Visits a second apart, dated by a second in either direction, and to where one was dated. */
static void test_visits_redated(Fixture *f, const void *data) {
        static const struct {
                int64_t shift, at[3];
                guint n;
        } cases[] = {
                { 1, { NOW, NOW + 6, NOW + 7 }, 3 },
                { -1, { NOW, NOW + 4, NOW + 5 }, 3 },
                { -5, { NOW, NOW + 1 }, 2 },
                { HOUR, { NOW, NOW + 5 + HOUR, NOW + 6 + HOUR }, 3 },
        };

        for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(Ledger) l = open_ledger(f);
                g_autoptr(GArray) visits = NULL;

                begin(l);
                g_assert_cmpint(ledger_forget_sim(l, 1), ==, 0);
                put_sim(l, 1, (char *) "8981100000000000017");
                put_visit(l, NOW); /* while the clock was trusted */
                put_visit(l, NOW + 5);
                put_visit(l, NOW + 6);
                commit(l);

                g_assert_cmpint(ledger_redate(l, "boot", cases[i].shift, NOW + 1), ==, 0);
                g_assert_cmpint(ledger_load_visits(l, 1, &visits), ==, 0);
                g_assert_cmpuint(visits->len, ==, cases[i].n);
                for (guint k = 0; k < visits->len; k++)
                        g_assert_cmpint(g_array_index(visits, LedgerVisit, k).since, ==,
                                        cases[i].at[k]);
        }
}

/* What was told while the clock was not trusted moves with the bytes; slices stay apart. */
static void test_events_redated(Fixture *f, const void *data) {
        LedgerEvent now = { .sim = 1,
                            .at = NOW + 10,
                            .recorded_at = NOW + 10,
                            .kind = (char *) "plan",
                            .body = (char *) "",
                            .boot = "boot",
                            .boottime = 10 };
        LedgerEvent dated = now;
        LedgerUsage u = { .sim = 1, .session = 2, .bytes = { 1, 0 }, .boot = "boot" };
        g_autoptr(Ledger) l = open_ledger(f);
        g_autoptr(GArray) events = NULL, slices = NULL;

        now.id = ledger_new_id(l, LEDGER_EVENT);
        dated.id = ledger_new_id(l, LEDGER_EVENT);
        dated.at = NOW - HOUR;
        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        for (int i = 0; i < 2; i++) {
                u.first_at = u.last_at = NOW + 11 * i;
                u.start = i == 0 ? NOW - NOW % QUARTER : NOW + 11;
                g_assert_cmpint(ledger_add_usage(l, &u), ==, 0);
        }
        g_assert_cmpint(ledger_put_event(l, &now), ==, 0);
        g_assert_cmpint(ledger_put_event(l, &dated), ==, 0);
        commit(l);
        g_assert_cmpint(ledger_redate(l, "boot", 2 * HOUR + 1, NOW), ==, 0);

        g_assert_cmpint(ledger_load_events(l, 1, &events), ==, 0);
        g_assert_cmpint(g_array_index(events, LedgerEvent, 0).at, ==, NOW - HOUR);
        g_assert_cmpint(g_array_index(events, LedgerEvent, 1).at, ==, NOW + 2 * HOUR + 11);
        for (guint i = 0; i < 2; i++)
                g_assert_cmpint(g_array_index(events, LedgerEvent, i).recorded_at, ==,
                                NOW + 2 * HOUR + 11);
        g_assert_cmpint(ledger_load_slices(l, 1, &slices), ==, 0);
        g_assert_cmpuint(slices->len, ==, 2);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        ADD("/ledger/undated/bytes", test_redated);
        ADD("/ledger/undated/first-seen", test_first_seen_redated);
        ADD("/ledger/undated/visits", test_visits_redated);
        ADD("/ledger/undated/events", test_events_redated);
        return g_test_run();
}
