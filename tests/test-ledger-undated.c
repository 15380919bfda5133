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

/* What was seen in this boot and has carried nothing; the second one's bytes are dated. */
static void test_first_seen_redated(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        put_sim(l, 2, (char *) "8981100000000000025");
        add(l, 2, NOW, 1, false, 100);
        commit(l);

        g_assert_cmpint(ledger_redate(l, "boot", HOUR, NOW + 1), ==, 0); /* another one's */
        g_assert_cmpint(first_seen(l, 1), ==, NOW);
        g_assert_cmpint(ledger_redate(l, "boot", HOUR, NOW), ==, 0);
        g_assert_cmpint(first_seen(l, 1), ==, NOW + HOUR);
        g_assert_cmpint(first_seen(l, 2), ==, NOW);
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
        ADD("/ledger/undated/events", test_events_redated);
        return g_test_run();
}
