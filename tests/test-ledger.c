/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define NOW     INT64_C(1790000000)
#define HOUR    3600
#define QUARTER 900

typedef struct Fixture {
        char *directory;
        char *file;
} Fixture;

static void set_up(Fixture *f, const void *data) {
        f->directory = g_dir_make_tmp("test-ledger-XXXXXX", NULL);
        f->file = g_build_filename(f->directory, "ledger.db", NULL);
}

static void tear_down(Fixture *f, const void *data) {
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

static Ledger *open_ledger(const Fixture *f) {
        Ledger *l;

        g_assert_cmpint(ledger_open(f->directory, NOW, &l), ==, 0);
        return l;
}

/* How many files in the directory begin with this. */
static unsigned count_files(const Fixture *f, const char *prefix) {
        g_autoptr(GDir) dir = g_dir_open(f->directory, 0, NULL);
        const char *name;
        unsigned n = 0;

        while ((name = g_dir_read_name(dir)))
                n += g_str_has_prefix(name, prefix);
        return n;
}

static void put_sim(Ledger *l, int64_t id, char *iccid) {
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

static void add(Ledger *l, int64_t sim, int64_t at, int64_t session, bool roaming, uint64_t rx) {
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

static void begin(Ledger *l) {
        g_assert_cmpint(ledger_begin(l), ==, 0);
}

static void commit(Ledger *l) {
        g_assert_cmpint(ledger_commit(l), ==, 0);
}

static uint64_t total_rx(Ledger *l, int64_t sim) {
        g_auto(LedgerSim) row = { 0 };

        g_assert_cmpint(ledger_load_sim(l, sim, &row), ==, 0);
        return row.total.rx;
}

static uint64_t history_sum(Ledger *l, int64_t sim, CalendarUnit unit, const char *zone,
                            guint *ret_rows) {
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

static uint64_t history_rx(Ledger *l, int64_t sim, CalendarUnit unit, const char *zone) {
        guint rows;

        return history_sum(l, sim, unit, zone, &rows);
}

static guint history_rows(Ledger *l, int64_t sim, CalendarUnit unit) {
        guint rows;

        (void) history_sum(l, sim, unit, "UTC", &rows);
        return rows;
}

static void test_kept(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);
        LedgerSighting sighting = { .boot = (char *) "b:1", .ifindex = 7, .at = NOW };
        g_auto(LedgerSighting) seen = { 0 };

        g_assert_cmpint(ledger_load_sighting(l, &seen), ==, -ENOENT);
        begin(l);
        put_sim(l, ledger_new_id(l, LEDGER_SIM), (char *) "8981100000000000017");
        add(l, 1, NOW, 1, false, 100);
        add(l, 1, NOW + 1, 1, false, 20);
        add(l, 1, NOW + HOUR, 1, true, 3);
        g_assert_cmpint(ledger_put_sighting(l, &sighting), ==, 0);
        commit(l);

        ledger_free(g_steal_pointer(&l));
        l = open_ledger(f);
        g_assert_cmpuint(total_rx(l, 1), ==, 123);
        g_assert_cmpint(ledger_load_sighting(l, &seen), ==, 0);
        g_assert_cmpint(seen.ifindex, ==, 7);
        g_assert_cmpint(ledger_new_id(l, LEDGER_SIM), ==, 2);
        g_assert_cmpuint(count_files(f, "ledger.db.damaged"), ==, 0);
}

static void test_rolled_back(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        commit(l);
        begin(l);
        add(l, 1, NOW, 1, false, 100);
        ledger_rollback(l);
        g_assert_cmpuint(total_rx(l, 1), ==, 0);
        g_assert_cmpuint(history_rx(l, 1, CALENDAR_15MIN, "UTC"), ==, 0);
}

static void test_history_adds_up(Fixture *f, const void *data) {
        static const char *const zones[] = { "UTC", "Asia/Tokyo", "Asia/Kathmandu",
                                             "Australia/Lord_Howe", "America/St_Johns" };
        static const CalendarUnit units[] = { CALENDAR_15MIN, CALENDAR_HOUR,  CALENDAR_DAY,
                                              CALENDAR_WEEK,  CALENDAR_MONTH, CALENDAR_YEAR };
        g_autoptr(GRand) random = g_rand_new_with_seed(1);
        g_autoptr(Ledger) l = open_ledger(f);
        uint64_t sum = 0;

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        for (int i = 0; i < 300; i++) {
                uint64_t rx = g_rand_int(random) % 1000000;

                add(l, 1, NOW + (int64_t) (g_rand_int(random) % (400 * 24 * HOUR)), 1,
                    g_rand_boolean(random), rx);
                sum += rx;
        }
        commit(l);

        g_assert_cmpuint(total_rx(l, 1), ==, sum);
        for (size_t z = 0; z < G_N_ELEMENTS(zones); z++)
                for (size_t u = 0; u < G_N_ELEMENTS(units); u++)
                        g_assert_cmpuint(history_rx(l, 1, units[u], zones[z]), ==, sum);
}

static void test_history_is_bounded(Fixture *f, const void *data) {
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HistoryRow));
        LedgerHistory h = {
                .unit = CALENDAR_DAY, .zone = utc, .until = INT64_MAX, .max_rows = 3, .rows = rows
        };
        g_autoptr(Ledger) l = open_ledger(f);

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        for (int i = 0; i < 4; i++)
                add(l, 1, NOW + i * 24 * HOUR, 1, false, 1);
        commit(l);
        g_assert_cmpint(ledger_history_load(l, 1, &h), ==, -E2BIG);
}

/* Enough hours that the ledger keeps their sums: all that changes what was is seen all the same. */
static void test_history_kept(Fixture *f, const void *data) {
        static const char *const zones[] = { "UTC", "Asia/Kathmandu" };
        g_autoptr(Ledger) l = open_ledger(f);
        const int hours = 1500;
        uint64_t sum = hours;

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        put_sim(l, 2, (char *) "8981100000000000025");
        add(l, 2, NOW, 1, false, 7);
        for (int i = 0; i < hours; i++)
                add(l, 1, NOW + i * HOUR, 1, false, 1);
        commit(l);

        for (size_t z = 0; z < G_N_ELEMENTS(zones); z++) {
                guint rows;

                for (int i = 0; i < 2; i++) {
                        g_assert_cmpuint(history_rx(l, 1, CALENDAR_DAY, zones[z]), ==, sum);
                        g_assert_cmpuint(history_rx(l, 2, CALENDAR_DAY, zones[z]), ==, 7);
                }

                begin(l);
                add(l, 1, NOW + HOUR, 1, true, 10); /* into a slice that was over */
                g_assert_cmpuint(history_rx(l, 1, CALENDAR_DAY, zones[z]), ==, sum + 10);
                ledger_rollback(l);
                g_assert_cmpuint(history_rx(l, 1, CALENDAR_DAY, zones[z]), ==, sum);

                begin(l);
                add(l, 1, NOW + HOUR, 1, true, 100);
                add(l, 1, NOW + hours * HOUR, 1, false, 1000); /* into the last one, or after it */
                commit(l);
                sum += 1100;
                g_assert_cmpuint(history_rx(l, 1, CALENDAR_DAY, zones[z]), ==, sum);
                g_assert_cmpuint(history_sum(l, 1, CALENDAR_MONTH, zones[z], &rows), ==, sum);
                g_assert_cmpuint(rows, ==, 3);
        }

        begin(l);
        g_assert_cmpint(ledger_forget_sim(l, 1), ==, 0);
        commit(l);
        g_assert_cmpuint(history_rx(l, 1, CALENDAR_MONTH, "Asia/Kathmandu"), ==, 0);
}

/* Of what is kept, a part may be asked for. */
static void test_history_part(Fixture *f, const void *data) {
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_autoptr(Ledger) l = open_ledger(f);
        const int64_t base = NOW - NOW % HOUR;
        const int hours = 1500;

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        for (int i = 0; i < hours; i++)
                add(l, 1, base + i * HOUR, 1, false, 1);
        commit(l);

        for (int from = -48; from < hours; from += 7)
                for (int to = from; to < hours + 48; to += 301) {
                        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HistoryRow));
                        LedgerHistory h = { .unit = CALENDAR_DAY,
                                            .zone = utc,
                                            .since = base + from * HOUR,
                                            .until = base + to * HOUR,
                                            .max_rows = 4096,
                                            .rows = rows };
                        uint64_t sum = 0;

                        g_assert_cmpuint(history_rx(l, 1, CALENDAR_DAY, "UTC"), ==, hours);
                        g_assert_cmpint(ledger_history_load(l, 1, &h), ==, 0);
                        for (guint i = 0; i < rows->len; i++)
                                sum += g_array_index(rows, HistoryRow, i).home.rx;
                        g_assert_cmpuint(sum, ==, CLAMP(to, 0, hours) - CLAMP(from, 0, hours));
                }
}

/* Bytes of a stint go to the SIM that is shown to have carried them, newest first. */
static void test_moved(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);
        LedgerStint stint = { .id = 1, .modem = 1, .sim = 2, .since = NOW };
        LedgerSession session = { .id = 1, .stint = 1, .apn = (char *) "", .since = NOW };
        Traffic moved;

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        put_sim(l, 2, NULL);
        g_assert_cmpint(ledger_put_stint(l, &stint), ==, 0);
        g_assert_cmpint(ledger_put_session(l, &session), ==, 0);
        add(l, 2, NOW, 1, false, 100);
        add(l, 2, NOW + HOUR, 1, false, 30);
        g_assert_cmpint(ledger_move_stint(l, 1, 2, 1, 0, (Traffic){ 50, UINT64_MAX }, &moved), ==,
                        0);
        commit(l);
        g_assert_cmpuint(moved.rx, ==, 50);

        g_assert_cmpuint(total_rx(l, 1), ==, 50);
        g_assert_cmpuint(total_rx(l, 2), ==, 80);
        g_assert_cmpuint(history_rx(l, 1, CALENDAR_15MIN, "UTC"), ==, 50);
        g_assert_cmpuint(history_rx(l, 2, CALENDAR_DAY, "UTC"), ==, 80);
}

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

static void test_assigned_and_back(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);
        LedgerStint stint = { .id = 1, .modem = 1, .sim = 3, .since = NOW };
        LedgerSession session = { .id = 1, .stint = 1, .apn = (char *) "", .since = NOW };
        static const struct {
                int64_t to, since, until;
                uint64_t rx[4];
        } steps[] = {
                { 1, 0, 0, { 0, 130, 0, 0 } },
                { 2, NOW + 1, 0, { 0, 100, 30, 0 } },
                { 3, 0, 0, { 0, 0, 0, 130 } },
        };

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        put_sim(l, 2, (char *) "8981100000000000025");
        put_sim(l, 3, NULL);
        g_assert_cmpint(ledger_put_stint(l, &stint), ==, 0);
        g_assert_cmpint(ledger_put_session(l, &session), ==, 0);
        add(l, 3, NOW, 1, false, 100);
        add(l, 3, NOW + HOUR, 1, false, 30);
        commit(l);

        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
                g_autoptr(GArray) touched = NULL;

                begin(l);
                g_assert_cmpint(ledger_assign(l, 1, 3, steps[i].to, steps[i].since, steps[i].until,
                                              &touched),
                                ==, 0);
                commit(l);
                for (int64_t sim = 1; sim <= 3; sim++)
                        g_assert_cmpuint(total_rx(l, sim), ==, steps[i].rx[sim]);
        }
}

static void test_counters(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);
        LedgerCounter c = { .id = 1, .epoch = (char *) "kernel:b:1:2", .seen = { UINT64_MAX, 5 } };
        g_auto(LedgerCounter) loaded = { 0 };

        begin(l);
        g_assert_cmpint(ledger_put_counter(l, &c), ==, 0);
        commit(l);
        g_assert_cmpint(ledger_load_counter(l, c.epoch, &loaded), ==, 0);
        g_assert_cmpuint(loaded.seen.rx, ==, UINT64_MAX);
        g_assert_cmpint(ledger_load_counter(l, "kernel:b:1:3", &loaded), ==, -ENOENT);

        c.ended = NOW;
        begin(l);
        g_assert_cmpint(ledger_put_counter(l, &c), ==, 0);
        commit(l);
        g_assert_cmpint(ledger_load_counter(l, c.epoch, &(LedgerCounter){ 0 }), ==, -ENOENT);
}

static void test_forgotten(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        put_sim(l, 2, (char *) "8981100000000000025");
        add(l, 1, NOW, 1, false, 100);
        add(l, 2, NOW, 2, false, 7);
        g_assert_cmpint(ledger_forget_sim(l, 1), ==, 0);
        commit(l);
        g_assert_cmpuint(history_rx(l, 1, CALENDAR_YEAR, "UTC"), ==, 0);
        g_assert_cmpuint(total_rx(l, 2), ==, 7);
}

static void expect_warning(const char *pattern) {
        g_test_expect_message("simtallyd", G_LOG_LEVEL_WARNING, pattern);
}

static void test_garbage_is_set_aside(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = NULL;

        g_assert_true(g_file_set_contents(f->file,
                                          "no database, but long enough to look at it "
                                          "as one would look at one ...................",
                                          -1, NULL));
        expect_warning("Failed to read the ledger: *");
        expect_warning("*was set aside as*");
        l = open_ledger(f);
        g_test_assert_expected_messages();
        g_assert_cmpuint(count_files(f, "ledger.db.damaged-"), ==, 1);
}

/* A few pages in the middle are overwritten. */
static void test_damage_is_set_aside(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);
        char junk[4096];
        int fd;

        begin(l);
        for (int64_t i = 1; i <= 300; i++)
                put_sim(l, i, NULL);
        commit(l);
        ledger_free(g_steal_pointer(&l));

        memset(junk, 0xa5, sizeof(junk));
        fd = g_open(f->file, O_WRONLY | O_CLOEXEC, 0);
        for (off_t at = 4096; at < 10 * 4096; at += 4096)
                g_assert_cmpint(pwrite(fd, junk, sizeof(junk), at), ==, sizeof(junk));
        (void) close(fd);

        expect_warning("*");
        expect_warning("*was set aside as*");
        l = open_ledger(f);
        g_test_assert_expected_messages();
        g_assert_cmpuint(count_files(f, "ledger.db.damaged-"), ==, 1);
}

static void test_newer_is_left_alone(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);
        g_autofree char *before = NULL, *after = NULL;
        gsize length;
        sqlite3 *db;

        ledger_free(g_steal_pointer(&l));
        g_assert_cmpint(sqlite3_open(f->file, &db), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_exec(db, "PRAGMA user_version=999", NULL, NULL, NULL), ==,
                        SQLITE_OK);
        (void) sqlite3_close(db);
        g_assert_true(g_file_get_contents(f->file, &before, &length, NULL));

        expect_warning("*is of version 999*left alone*");
        g_assert_cmpint(ledger_open(f->directory, NOW, &l), ==, -EPROTONOSUPPORT);
        g_test_assert_expected_messages();
        g_assert_cmpuint(count_files(f, "ledger.db.damaged"), ==, 0);
        g_assert_true(g_file_get_contents(f->file, &after, NULL, NULL));
        g_assert_cmpmem(before, length, after, length);
}

static void test_one_daemon(Fixture *f, const void *data) {
        Ledger *l = open_ledger(f), *second;

        expect_warning("Another simtallyd uses *");
        g_assert_cmpint(ledger_open(f->directory, NOW, &second), ==, -EBUSY);
        g_test_assert_expected_messages();

        ledger_free(l);
        l = open_ledger(f);
        ledger_free(l);
}

static void test_locked(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);
        sqlite3 *db;

        g_assert_cmpint(sqlite3_open(f->file, &db), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
        expect_warning("Failed to begin a transaction: *");
        g_assert_cmpint(ledger_begin(l), ==, -EBUSY);
        g_test_assert_expected_messages();
        (void) sqlite3_close(db);
        begin(l);
        commit(l);
}

static void put_event(Ledger *l, int64_t sim, int64_t at, const char *body, int64_t removed_at) {
        LedgerEvent e = { .id = ledger_new_id(l, LEDGER_EVENT),
                          .sim = sim,
                          .at = at,
                          .recorded_at = NOW + HOUR,
                          .kind = (char *) "top-up",
                          .body = (char *) body,
                          .removed_at = removed_at };

        g_assert_cmpint(ledger_put_event(l, &e), ==, 0);
}

/* In the order of their instants and, within a second, of their ids; each SIM's own. */
static void test_events(Fixture *f, const void *data) {
        static const struct {
                int64_t id, at, removed_at;
                const char *body;
        } wanted[] = {
                { 2, NOW - 5, 0, "2GB" },
                { 1, NOW, 0, "1GB" },
                { 3, NOW, NOW + 9, "3GB" },
        };
        g_autoptr(Ledger) l = open_ledger(f);
        g_autoptr(GArray) events = NULL;

        begin(l);
        put_event(l, 1, NOW, "1GB", 0);
        put_event(l, 1, NOW - 5, "2GB", 0);
        put_event(l, 1, NOW, "3GB", NOW + 9);
        put_event(l, 2, NOW, "4GB", 0);
        commit(l);

        g_assert_cmpint(ledger_load_events(l, 1, &events), ==, 0);
        g_assert_cmpuint(events->len, ==, G_N_ELEMENTS(wanted));
        for (guint i = 0; i < events->len; i++) {
                const LedgerEvent *e = &g_array_index(events, LedgerEvent, i);

                g_assert_cmpint(e->id, ==, wanted[i].id);
                g_assert_cmpint(e->at, ==, wanted[i].at);
                g_assert_cmpint(e->removed_at, ==, wanted[i].removed_at);
                g_assert_cmpint(e->recorded_at, ==, NOW + HOUR);
                g_assert_cmpstr(e->kind, ==, "top-up");
                g_assert_cmpstr(e->body, ==, wanted[i].body);
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

/* An id is given out once, even where the SIM that had it is forgotten. */
static void test_ids_are_not_given_out_again(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        put_event(l, 1, NOW, "1GB", 0);
        put_event(l, 1, NOW, "2GB", 0);
        g_assert_cmpint(ledger_forget_sim(l, 1), ==, 0);
        commit(l);

        ledger_free(g_steal_pointer(&l));
        l = open_ledger(f);
        g_assert_cmpint(ledger_new_id(l, LEDGER_EVENT), ==, 3);
        g_assert_cmpint(ledger_new_id(l, LEDGER_ALERT), ==, 1);
}

static void test_alerts(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);
        g_autoptr(GArray) alerts = NULL;
        LedgerAlert alert = { .id = 1, .sim = 1, .key = (char *) "level", .raised_at = NOW };
        LedgerAlert twin = { .id = 2, .sim = 1, .key = (char *) "level", .raised_at = NOW + 1 };
        const LedgerAlert *read;

        begin(l);
        g_assert_cmpint(ledger_put_alert(l, &alert), ==, 0);
        commit(l);

        alert.acked_at = NOW + 2;
        alert.cleared_at = NOW + 3;
        begin(l);
        g_assert_cmpint(ledger_put_alert(l, &alert), ==, 0);
        commit(l);

        begin(l);
        expect_warning("Failed to write an alert: *");
        g_assert_cmpint(ledger_put_alert(l, &twin), <, 0);
        g_test_assert_expected_messages();
        ledger_rollback(l);

        g_assert_cmpint(ledger_load_alerts(l, 1, &alerts), ==, 0);
        g_assert_cmpuint(alerts->len, ==, 1);
        read = &g_array_index(alerts, LedgerAlert, 0);
        g_assert_cmpstr(read->key, ==, "level");
        g_assert_cmpint(read->raised_at, ==, NOW);
        g_assert_cmpint(read->acked_at, ==, NOW + 2);
        g_assert_cmpint(read->snoozed_until, ==, 0);
        g_assert_cmpint(read->cleared_at, ==, NOW + 3);
}

/* What a replay reads: slices in the order of their bytes, broken ones apart, and visits. */
static void test_facts_of_a_replay(Fixture *f, const void *data) {
        static const uint64_t wanted_rx[] = { 100, 5, 3 };
        g_autoptr(Ledger) l = open_ledger(f);
        g_autoptr(GArray) slices = NULL, visits = NULL;
        LedgerUsage broken = { .sim = 1,
                               .start = NOW + 9,
                               .bytes = { 5, 0 },
                               .first_at = NOW + 9,
                               .last_at = NOW + 9 };
        const LedgerVisit *abroad;

        begin(l);
        put_sim(l, 1, (char *) "8981100000000000017");
        add(l, 1, NOW + HOUR, 1, true, 3);
        add(l, 1, NOW, 2, false, 100);
        g_assert_cmpint(ledger_add_usage(l, &broken), ==, 0);
        g_assert_cmpint(ledger_put_visit(l, 1, NOW + 7, "26201", true), ==, 0);
        g_assert_cmpint(ledger_put_visit(l, 1, NOW, "44010", false), ==, 0);
        commit(l);

        g_assert_cmpint(ledger_load_slices(l, 1, &slices), ==, 0);
        g_assert_cmpuint(slices->len, ==, G_N_ELEMENTS(wanted_rx));
        for (guint i = 0; i < slices->len; i++)
                g_assert_cmpuint(g_array_index(slices, LedgerUsage, i).bytes.rx, ==, wanted_rx[i]);

        g_assert_cmpint(ledger_load_visits(l, 1, &visits), ==, 0);
        g_assert_cmpuint(visits->len, ==, 2);
        abroad = &g_array_index(visits, LedgerVisit, 1);
        g_assert_cmpint(abroad->since, ==, NOW + 7);
        g_assert_cmpstr(abroad->plmn, ==, "26201");
        g_assert_true(abroad->roaming);
}

static void test_slug(void) {
        g_autofree char *a = ledger_new_slug(), *b = ledger_new_slug();

        g_assert_cmpuint(strlen(a), ==, 16);
        g_assert_cmpuint(strspn(a, "0123456789abcdef"), ==, 16);
        g_assert_cmpstr(a, !=, b);
}

static void put_query(Ledger *l, const LedgerQuery *q, const GArray *sendings) {
        begin(l);
        g_assert_cmpint(ledger_put_query(l, q), ==, 0);
        g_assert_cmpint(ledger_put_sendings(l, q->sim, sendings), ==, 0);
        commit(l);
}

static void assert_sendings(Ledger *l, int64_t sim, const GArray *wanted) {
        g_autoptr(GArray) found = NULL;

        g_assert_cmpint(ledger_load_sendings(l, sim, &found), ==, 0);
        g_assert_cmpuint(found->len, ==, wanted->len);
        for (guint i = 0; i < found->len; i++) {
                const LedgerSending *a = &g_array_index(found, LedgerSending, i);
                const LedgerSending *b = &g_array_index(wanted, LedgerSending, i);

                g_assert_cmpint(a->at, ==, b->at);
                g_assert_cmpstr(a->boot, ==, b->boot);
                g_assert_cmpint(a->boottime, ==, b->boottime);
                g_assert_cmpint(a->is_estimated, ==, b->is_estimated);
        }
}

static void test_query(Fixture *f, const void *data) {
        g_autoptr(Ledger) l = open_ledger(f);
        g_autoptr(GArray) sendings = g_array_new(FALSE, FALSE, sizeof(LedgerSending));
        const LedgerSending first = { NOW, (char *) "boot", 17, true },
                            second = { NOW + HOUR, (char *) "boot", 17 + HOUR, false };
        LedgerQuery q = { .sim = 1,
                          .body = (char *) "[Query]\nMethod=none\n",
                          .state = (char *) "idle",
                          .error = (char *) "",
                          .reply = (char *) "" };
        g_auto(LedgerQuery) found = { 0 };

        g_assert_cmpint(ledger_load_query(l, 1, &found), ==, -ENOENT);
        g_array_append_val(sendings, first);
        put_query(l, &q, sendings);
        assert_sendings(l, 1, sendings);

        q.confirmed_at = NOW;
        q.confirmed = 5;
        q.state = (char *) "failed";
        q.sent_at = NOW + HOUR;
        q.tries = 2;
        q.error = (char *) "No answer";
        q.reply = (char *) "残り 1GB";
        q.replied_at = NOW + 2;
        g_array_append_val(sendings, second);
        put_query(l, &q, sendings);
        assert_sendings(l, 1, sendings);

        g_assert_cmpint(ledger_load_query(l, 1, &found), ==, 0);
        g_assert_cmpstr(found.body, ==, q.body);
        g_assert_cmpint(found.confirmed_at, ==, NOW);
        g_assert_cmpuint(found.confirmed, ==, 5);
        g_assert_cmpstr(found.state, ==, "failed");
        g_assert_cmpint(found.sent_at, ==, NOW + HOUR);
        g_assert_cmpuint(found.tries, ==, 2);
        g_assert_cmpstr(found.error, ==, q.error);
        g_assert_cmpstr(found.reply, ==, q.reply);
        g_assert_cmpint(found.replied_at, ==, NOW + 2);

        begin(l);
        g_assert_cmpint(ledger_forget_sim(l, 1), ==, 0);
        commit(l);
        g_array_set_size(sendings, 0);
        assert_sendings(l, 1, sendings);
        ledger_query_clear(&found);
        g_assert_cmpint(ledger_load_query(l, 1, &found), ==, -ENOENT);
}

#define ADD(path, test) g_test_add(path, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        ADD("/ledger/kept", test_kept);
        ADD("/ledger/rolled-back", test_rolled_back);
        ADD("/ledger/history", test_history_adds_up);
        ADD("/ledger/history-bounded", test_history_is_bounded);
        ADD("/ledger/history-kept", test_history_kept);
        ADD("/ledger/history-part", test_history_part);
        ADD("/ledger/moved", test_moved);
        ADD("/ledger/assigned", test_assigned_and_back);
        ADD("/ledger/counters", test_counters);
        ADD("/ledger/forgotten", test_forgotten);
        ADD("/ledger/garbage", test_garbage_is_set_aside);
        ADD("/ledger/damage", test_damage_is_set_aside);
        ADD("/ledger/redated", test_redated);
        ADD("/ledger/first-seen-redated", test_first_seen_redated);
        ADD("/ledger/newer", test_newer_is_left_alone);
        ADD("/ledger/one-daemon", test_one_daemon);
        ADD("/ledger/locked", test_locked);
        ADD("/ledger/events", test_events);
        ADD("/ledger/events-redated", test_events_redated);
        ADD("/ledger/ids", test_ids_are_not_given_out_again);
        ADD("/ledger/alerts", test_alerts);
        ADD("/ledger/replay", test_facts_of_a_replay);
        ADD("/ledger/query", test_query);
        g_test_add_func("/ledger/slug", test_slug);
        return g_test_run();
}
