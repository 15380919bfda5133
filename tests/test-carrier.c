/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A question to the carrier, as tables: after so many seconds something happens, and this is what
 * was done and how it stands then. Everything is kept in a real ledger, so that a restart is one.
 *
 * What happens: "ask"; "sent", "sent TIMEDOUT why"; "ussd words", "ussd? words" (a menu),
 * "ussd-fails ENOENT why"; "sms SENDER words", "old-sms SENDER words" (made two hours ago);
 * "command {…}", "command-fails why"; "tick"; "restart", "reboot"; "clock N" (set by so many
 * seconds), "untrusted"; "absent", "offline", "abroad", "home"; "full" (the disk), "room"; "fails
 * ERRNO" (all that is sent from here on is refused at once), "works".
 */

#include "carrier.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define SIM   INT64_C(1)
#define START INT64_C(1790000000)

typedef struct World {
        char *directory;
        Ledger *ledger;
        Carrier *carrier;
        GString *done; /* what it did */
        int64_t wall, boottime;
        int boot;
        char boot_id[16];
        bool is_absent, is_offline, is_abroad, is_untrusted;
        int write_error, send_error;
        GTimeZone *utc;
} World;

static void note(World *w, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void note(World *w, const char *format, ...) {
        va_list arguments;

        if (w->done->len > 0)
                g_string_append(w->done, "; ");
        va_start(arguments, format);
        g_string_append_vprintf(w->done, format, arguments);
        va_end(arguments);
}

static int write_row(const LedgerQuery *row, const GArray *sendings, void *userdata) {
        World *w = userdata;

        if (w->write_error < 0)
                return w->write_error;

        g_assert_cmpint(ledger_begin(w->ledger), ==, 0);
        g_assert_cmpint(ledger_put_query(w->ledger, row), ==, 0);
        g_assert_cmpint(ledger_put_sendings(w->ledger, row->sim, sendings), ==, 0);
        return ledger_commit(w->ledger);
}

static int report(const LedgerQuery *row, const GArray *sendings, const Reply *reply, int64_t at,
                  void *userdata) {
        g_autofree char *until = NULL;
        World *w = userdata;
        int r;

        r = write_row(row, sendings, userdata);
        if (r < 0)
                return r;

        if (reply->has_expires) {
                g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(reply->expires_at);

                until = g_date_time_format(utc, " until %F %H:%M");
        }
        note(w, "report %s %" G_GUINT64_FORMAT "MB%s%s", reply->has_remaining ? "left" : "used",
             (reply->has_remaining ? reply->remaining : reply->used) / 1000000,
             at == w->wall ? "" : " of before", until ?: "");
        return 0;
}

/* A restart in the midst of sending would be found here: it must have been written before. */
static int send(World *w, const char *what) {
        g_auto(LedgerQuery) row = { 0 };

        g_assert_cmpint(ledger_load_query(w->ledger, SIM, &row), ==, 0);
        g_assert_cmpstr(row.state, ==, "sending");
        note(w, "%s", what);
        return w->send_error;
}

static int send_message(const char *to, const char *text, void *userdata) {
        g_autofree char *what = g_strdup_printf("SMS %s %s", to, text);

        return send(userdata, what);
}

static int send_ussd(const char *code, void *userdata) {
        g_autofree char *what = g_strdup_printf("USSD %s", code);

        return send(userdata, what);
}

static int answer_ussd(const char *text, void *userdata) {
        note(userdata, "answer %s", text);
        return ((World *) userdata)->send_error;
}

static void cancel_ussd(void *userdata) {
        note(userdata, "cancel");
}

static int run_command(const char *path, void *userdata) {
        g_autofree char *what = g_strdup_printf("run %s", path);

        return send(userdata, what);
}

static void stop_command(void *userdata) {
        note(userdata, "stop");
}

static void changed(void *userdata) {
}

static const CarrierActions actions = {
        .write = write_row,
        .report = report,
        .send_message = send_message,
        .send_ussd = send_ussd,
        .answer_ussd = answer_ussd,
        .cancel_ussd = cancel_ussd,
        .run_command = run_command,
        .stop_command = stop_command,
        .changed = changed,
};

static CarrierNow now(World *w) {
        (void) g_snprintf(w->boot_id, sizeof(w->boot_id), "boot-%d", w->boot);
        return (CarrierNow){ .now = w->wall,
                             .is_trusted = !w->is_untrusted,
                             .boot = w->boot_id,
                             .boottime = w->boottime,
                             .zone = w->utc,
                             .is_present = !w->is_absent,
                             .has_network = !w->is_absent && !w->is_offline,
                             .is_abroad = w->is_abroad };
}

static void load(World *w) {
        const CarrierNow n = now(w);

        carrier_free(w->carrier);
        w->carrier = carrier_new(SIM, &actions, w);
        g_assert_cmpint(carrier_load(w->carrier, w->ledger, &n), ==, 0);
}

static void world_begin(World *w, const char *query) {
        g_autofree char *text = g_strconcat("[Query]\n", query, NULL);

        *w = (World){ .directory = g_dir_make_tmp("test-carrier-XXXXXX", NULL),
                      .done = g_string_new(NULL),
                      .wall = START,
                      .boottime = 1000,
                      .utc = g_time_zone_new_utc() };
        g_assert_cmpint(ledger_open(w->directory, START, &w->ledger), ==, 0);
        load(w);
        g_assert_cmpint(carrier_set(w->carrier, text), ==, 0);
        for (QueryMethod m = QUERY_SMS; m < N_QUERY_METHODS; m++) {
                const Query *q = carrier_query(w->carrier);
                g_autofree char *sent = query_sent_text(q, m);

                if (sent)
                        g_assert_cmpint(
                                carrier_confirm(w->carrier, sent, query_sent_to(q, m), START), ==,
                                0);
        }
}

static void world_end(World *w) {
        static const char *const files[] = { "ledger.db", "ledger.db-wal", "ledger.db-shm" };

        carrier_free(w->carrier);
        ledger_free(w->ledger);
        for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
                g_autofree char *path = g_build_filename(w->directory, files[i], NULL);

                (void) g_remove(path);
        }
        (void) g_rmdir(w->directory);
        g_free(w->directory);
        g_string_free(w->done, TRUE);
        g_time_zone_unref(w->utc);
}

static int errno_of(const char *name) {
        static const struct {
                const char *name;
                int number;
        } names[] = {
                { "TIMEDOUT", ETIMEDOUT },       { "CONNRESET", ECONNRESET },
                { "REMOTEIO", EREMOTEIO },       { "OPNOTSUPP", EOPNOTSUPP },
                { "NETDOWN", ENETDOWN },         { "BUSY", EBUSY },
                { "DESTADDRREQ", EDESTADDRREQ }, { "NOENT", ENOENT },
                { "NOTCONN", ENOTCONN },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (strcmp(names[i].name, name) == 0)
                        return -names[i].number;
        g_error("%s?", name);
}

static void ask(World *w, const CarrierNow *n) {
        static const char *const names[] = {
                [CARRIER_ASKED] = "asked",
                [CARRIER_HAS_NO_QUERY] = "no query",
                [CARRIER_NOT_CONFIRMED] = "not confirmed",
                [CARRIER_BUSY] = "busy",
                [CARRIER_TOO_SOON] = "too soon",
                [CARRIER_TOO_OFTEN] = "too often",
                [CARRIER_NOT_PRESENT] = "not present",
                [CARRIER_NO_NETWORK] = "no network",
                [CARRIER_IS_ABROAD] = "abroad",
                [CARRIER_NOT_WRITTEN] = "not written",
        };
        g_autofree char *done = NULL;
        const char *answer;
        int error = 0;

        answer = names[carrier_ask(w->carrier, n, &error)];
        done = g_strdup(w->done->str);
        g_string_printf(w->done, "%s%s%s", answer, *done ? "; " : "", done);
}

static void get_message(World *w, const char *rest, int64_t at, const CarrierNow *n) {
        g_auto(GStrv) words = g_strsplit(rest, " ", 2);

        if (!carrier_message(w->carrier, words[0], words[1], at, n))
                note(w, "not ours");
}

/* Things that the world does; false: it is none of these. */
static bool set_world(World *w, const char *word, const char *rest) {
        if (strcmp(word, "clock") == 0)
                w->wall += g_ascii_strtoll(rest, NULL, 10);
        else if (strcmp(word, "absent") == 0)
                w->is_absent = true;
        else if (strcmp(word, "offline") == 0)
                w->is_offline = true;
        else if (strcmp(word, "abroad") == 0)
                w->is_abroad = true;
        else if (strcmp(word, "home") == 0)
                w->is_absent = w->is_offline = w->is_abroad = false;
        else if (strcmp(word, "untrusted") == 0)
                w->is_untrusted = true;
        else if (strcmp(word, "full") == 0)
                w->write_error = -ENOSPC;
        else if (strcmp(word, "room") == 0)
                w->write_error = 0;
        else if (strcmp(word, "fails") == 0)
                w->send_error = errno_of(rest);
        else if (strcmp(word, "works") == 0)
                w->send_error = 0;
        else
                return false;

        return true;
}

static void happen(World *w, const char *what) {
        g_auto(GStrv) words = g_strsplit(what, " ", 2);
        const char *word = words[0], *rest = words[1] ? words[1] : "";
        g_auto(GStrv) error = g_strsplit(rest, " ", 2);
        CarrierNow n;

        if (set_world(w, word, rest))
                return;

        if (strcmp(word, "reboot") == 0) {
                w->boot++;
                w->boottime = 10;
        }
        n = now(w);
        if (strcmp(word, "ask") == 0)
                ask(w, &n);
        else if (strcmp(word, "sent") == 0)
                carrier_sent(w->carrier, *rest ? errno_of(error[0]) : 0, error[0] ? error[1] : "",
                             &n);
        else if (strcmp(word, "ussd") == 0 || strcmp(word, "ussd?") == 0)
                carrier_ussd(w->carrier, 0, rest, word[4] == '?', &n);
        else if (strcmp(word, "ussd-fails") == 0)
                carrier_ussd(w->carrier, errno_of(error[0]), error[1], false, &n);
        else if (strcmp(word, "sms") == 0)
                get_message(w, rest, w->wall, &n);
        else if (strcmp(word, "late-stamp-sms") == 0)
                get_message(w, rest, w->wall + 3600, &n);
        else if (strcmp(word, "made-before-sms") == 0)
                get_message(w, rest, w->wall - 5, &n);
        else if (strcmp(word, "old-sms") == 0)
                get_message(w, rest, w->wall - 7200, &n);
        else if (strcmp(word, "command") == 0)
                carrier_command_done(w->carrier, 0, rest, &n);
        else if (strcmp(word, "command-fails") == 0)
                carrier_command_done(w->carrier, -EIO, rest, &n);
        else if (strcmp(word, "tick") == 0)
                carrier_tick(w->carrier, &n);
        else if (strcmp(word, "restart") == 0 || strcmp(word, "reboot") == 0)
                load(w);
        else
                g_error("%s?", what);
}

typedef struct Row {
        int64_t after; /* seconds */
        const char *what;
        const char *expected; /* what was done; the state; and whether it listens: "+" */
        const char *error;    /* a word of it; NULL: not asked */
} Row;

static void check_row(World *w, const Row *row) {
        CarrierNow n;

        g_string_truncate(w->done, 0);
        w->wall += row->after;
        w->boottime += row->after;
        happen(w, row->what);

        n = now(w);
        note(w, "%s%s", carrier_state_to_string(carrier_state(w->carrier)),
             carrier_listens(w->carrier, &n) ? "+" : "");
        if (strcmp(w->done->str, row->expected) != 0)
                g_error("%s: \"%s\", not \"%s\" (%s)", row->what, w->done->str, row->expected,
                        carrier_error(w->carrier));
        if (row->error && !strstr(carrier_error(w->carrier), row->error))
                g_error("%s: \"%s\" has no \"%s\"", row->what, carrier_error(w->carrier),
                        row->error);
}

static void check(const char *query, const Row *rows, size_t n_rows) {
        World w;

        world_begin(&w, query);
        for (size_t i = 0; i < n_rows; i++)
                check_row(&w, &rows[i]);
        world_end(&w);
}
#define CHECK(query, rows) check(query, rows, G_N_ELEMENTS(rows))

#define SMS     "Method=sms\nTo=111\nText=DATA\n"
#define USSD    "Method=ussd\nCode=*1#\n"
#define BOTH    "Method=ussd;sms\nCode=*1#\nTo=111\nText=DATA\n"
#define COMMAND "Method=command\nCommand=/bin/x\n"
#define SENT    "asked; SMS 111 DATA; sending+"
#define WAITS   "sent", "waiting+"

static void test_messages(void) {
        static const Row answered[] = {
                { 0, "ask", "asked; SMS 111 DATA; sending+", "" },
                { 0, "ask", "busy; sending+" },
                { 1, "sent", "waiting+", "" },
                { 1, "sent", "waiting+" },
                { 1, "sms 222 You have 7 GB left", "not ours; waiting+" },
                { 1, "old-sms 111 You have 8 GB left", "not ours; waiting+" },
                { 1, "sms 111 Please wait", "waiting+", "" },
                { 1, "made-before-sms 111 You have 1.2 GB left",
                  "report left 1200MB of before; idle", "" },
                { 1, "sms 111 You have 1.2 GB left", "not ours; idle" },
                { 1, "ask", "too soon; idle" },
                { 3 * 3600 - 9, "ask", "too soon; idle" },
                { 1, "ask", SENT },
        };
        static const Row before_it_was_sent[] = {
                { 0, "ask", SENT },
                { 1, "late-stamp-sms 111 You have 1.2 GB left", "report left 1200MB; idle" },
                { 1, "sent", "idle" },
        };
        static const Row late[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 298, "tick", "waiting+" },
                { 1, "tick", "failed+", "within 5 minutes" },
                { 3000, "sms 111 You have 3 GB left", "report left 3000MB; idle", "" },
                { 1, "sms 111 You have 4 GB left", "not ours; idle" },
        };
        static const Row too_late[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 300, "tick", "failed+" },
                { 3299, "tick", "failed", "within 5 minutes" },
                { 1, "sms 111 You have 3 GB left", "not ours; failed" },
        };
        static const Row never_asked[] = {
                { 0, "sms 111 You have 3 GB left", "not ours; idle" },
                { 0, "sent", "idle" },
                { 0, "ussd You have 3 GB left", "idle" },
                { 0, "command {\"remaining_bytes\":1}", "idle" },
                { 0, "tick", "idle" },
        };

        /* Midnight is 35200 seconds after the start. */
        static const Row at_midnight[] = {
                { 35100, "ask", SENT },
                { 1, WAITS },
                { 102, "made-before-sms 111 3 GB left until tomorrow",
                  "report left 3000MB of before until 2026-09-23 00:00; idle" },
        };
        static const Row after_midnight[] = {
                { 35100, "ask", SENT },
                { 1, WAITS },
                { 102, "sms 111 3 GB left until tomorrow",
                  "report left 3000MB until 2026-09-24 00:00; idle" },
        };
        static const Row on_an_unknown_day[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 0, "untrusted", "waiting+" },
                { 1, "sms 111 3 GB left until tomorrow", "report left 3000MB; idle" },
        };

        CHECK(SMS, at_midnight);
        CHECK(SMS, after_midnight);
        CHECK(SMS, on_an_unknown_day);
        CHECK(SMS, answered);
        CHECK(SMS, before_it_was_sent);
        CHECK(SMS, late);
        CHECK(SMS, too_late);
        CHECK(SMS, never_asked);
}

static void test_sending_fails(void) {
        /* What did not leave the modem may be tried again at once. */
        static const Row unsent[] = {
                { 0, "ask", SENT },
                { 1, "sent DESTADDRREQ The SIM knows no message centre", "failed",
                  "no message centre" },
                { 1, "ask", SENT },
                { 1, "sent NETDOWN There is no network", "failed", "no network" },
                { 0, "fails NOTCONN", "failed" },
                { 1, "ask", "asked; SMS 111 DATA; failed", "not open" },
                { 0, "fails OPNOTSUPP", "failed" },
                { 1, "ask", "asked; SMS 111 DATA; failed", "Method" },
                { 0, "works", "failed" },
                { 1, "ask", SENT },
        };
        /* What the network refused was sent. */
        static const Row refused[] = {
                { 0, "ask", SENT },
                { 1, "sent REMOTEIO The network refused it", "failed+", "refused" },
                { 1, "ask", "too soon; failed+" },
        };
        /* What nobody knows of is awaited, and not sent again. */
        static const Row unknown[] = {
                { 0, "ask", SENT },
                { 1, "sent TIMEDOUT No answer", "waiting+" },
                { 1, "sms 111 1 GB left", "report left 1000MB; idle" },
                { 10800, "ask", SENT },
                { 1, "sent CONNRESET Unplugged", "waiting+" },
                { 299, "tick", "failed+", "5 minutes" },
                { 1, "ask", "too soon; failed+" },
        };
        static const Row silent[] = {
                { 0, "ask", SENT },
                { 300, "tick", "failed+", "5 minutes" },
        };
        static const Row full[] = {
                { 0, "full", "idle" },
                { 0, "ask", "not written; idle", "" },
                { 0, "room", "idle" },
                { 0, "ask", SENT },
                { 0, "full", "sending+" },
                { 1, "sms 111 1 GB left", "failed+", "could not be written" },
                { 0, "room", "failed+" },
                { 1, "sms 111 1 GB left", "report left 1000MB; idle", "" },
        };

        CHECK(SMS, unsent);
        CHECK(SMS, refused);
        CHECK(SMS, unknown);
        CHECK(SMS, silent);
        CHECK(SMS, full);
}

static void test_ussd(void) {
        static const Row answered[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd You have 2 GB left", "report left 2000MB; idle" },
                { 1, "ussd You have 3 GB left", "idle" },
        };
        static const Row menu[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd? 1 Balance 2 Other", "answer 1; waiting" },
                { 1, "ussd? 1 Voice 2 Data", "answer 2; waiting" },
                { 1, "ussd? You have 2 GB left. 0 Back", "cancel; report left 2000MB; idle" },
        };
        static const Row longer_menu[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd? 1 Balance 2 Other", "answer 1; waiting" },
                { 1, "ussd? 1 Voice 2 Data", "answer 2; waiting" },
                { 1, "ussd? Which day?", "cancel; failed", "Answers" },
        };
        static const Row no_menu[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd? 1 Balance", "cancel; failed", "Answers" },
        };
        static const Row fails[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd-fails NOENT Unknown code", "failed", "Unknown code" },
                { 1, "ask", "too soon; failed" },
                { 10800, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd-fails OPNOTSUPP No voice service", "failed", "No voice" },
                { 1, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd-fails TIMEDOUT No answer", "failed", "No answer" },
                { 1, "ask", "too soon; failed" },
        };
        static const Row nothing_in_it[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd Welcome", "failed" },
                { 0, "sms 111 You have 2 GB left", "not ours; failed" },
        };
        static const Row silent[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 300, "tick", "cancel; failed", "5 minutes" },
        };
        /* "You will get an SMS", of one whose name is known. */
        static const Row by_sms[] = {
                { 0, "ask", "asked; USSD *1#; sending+" },
                { 1, "ussd You will get a message", "waiting+" },
                { 1, "sms Carrier You have 2 GB left", "report left 2000MB; idle" },
        };

        CHECK(USSD, answered);
        CHECK(USSD "Answers=1;2\n", menu);
        CHECK(USSD "Answers=1;2\n", longer_menu);
        CHECK(USSD, no_menu);
        CHECK(USSD, fails);
        CHECK(USSD, nothing_in_it);
        CHECK(USSD, silent);
        CHECK(USSD "Senders=Carrier\n", by_sms);
}

static void test_other_ways(void) {
        static const Row next[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd-fails NOENT Unknown code", "SMS 111 DATA; sending+" },
                { 1, WAITS },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle", "" },
                { 1, "ask", "too soon; idle" },
        };
        static const Row at_once[] = {
                { 0, "fails OPNOTSUPP", "idle" },
                { 0, "ask", "asked; USSD *1#; SMS 111 DATA; failed", "Method" },
                { 0, "works", "failed" },
                { 0, "ask", "asked; USSD *1#; sending" },
        };
        static const Row silent[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 300, "tick", "cancel; SMS 111 DATA; sending+" },
                { 1, WAITS },
                { 299, "tick", "failed+", "5 minutes" },
        };
        /* Two are the most of a day: the second way is used up with the first question. */
        static const Row daily[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd Welcome", "SMS 111 DATA; sending+" },
                { 1, "sent", "waiting+" },
                { 299, "tick", "failed+" },
                { 20000, "ask", "too often; failed" },
                { 86400 - 20302, "ask", "too often; failed" },
                { 1, "ask", "asked; USSD *1#; sending" },
                { 0, "ussd Welcome", "failed" },
        };
        static const Row no_network_for_one[] = {
                { 0, "absent", "idle" },
                { 0, "ask", "asked; run /bin/x; sending" },
                { 1, "command {\"used_bytes\":5000000}", "report used 5MB; idle" },
        };

        CHECK(BOTH, next);
        CHECK(BOTH, at_once);
        CHECK(BOTH, silent);
        CHECK(BOTH "DailyMaximum=2\n", daily);
        CHECK("Method=sms;command\nTo=111\nText=DATA\nCommand=/bin/x\n", no_network_for_one);
}

static void test_where(void) {
        static const Row rows[] = {
                { 0, "absent", "idle" },  { 0, "ask", "not present; idle" }, { 0, "home", "idle" },
                { 0, "offline", "idle" }, { 0, "ask", "no network; idle" },  { 0, "home", "idle" },
                { 0, "abroad", "idle" },  { 0, "ask", "abroad; idle" },      { 0, "home", "idle" },
                { 0, "ask", SENT },
        };
        static const Row allowed[] = {
                { 0, "abroad", "idle" },
                { 0, "ask", SENT },
        };
        /* On the way: the second question of a pair is not asked where the first may be. */
        static const Row on_the_way[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "abroad", "sending" },
                { 1, "ussd Welcome", "failed" },
        };

        CHECK(SMS, rows);
        CHECK(SMS "Abroad=no\n", rows);
        CHECK(SMS "Abroad=yes\n", allowed);
        CHECK(BOTH, on_the_way);
}

static void test_commands(void) {
        static const Row rows[] = {
                { 0, "ask", "asked; run /bin/x; sending" },
                { 1, "command {\"remaining_bytes\":1000000}", "report left 1MB; idle" },
                { 10800, "ask", "asked; run /bin/x; sending" },
                { 1, "command nonsense", "failed", "no flat JSON" },
                { 10800, "ask", "asked; run /bin/x; sending" },
                { 1, "command-fails It failed", "failed", "It failed" },
                { 10800, "ask", "asked; run /bin/x; sending" },
                { 300, "tick", "stop; failed", "did not end" },
                { 1, "command {\"remaining_bytes\":1000000}", "failed" },
        };

        CHECK(COMMAND, rows);
}

/* In each state; nothing is sent a second time. */
static void test_restarts(void) {
        static const Row sending[] = {
                { 0, "ask", SENT },        { 1, "restart", "waiting+" },
                { 1, "sent", "waiting+" }, { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
                { 1, "restart", "idle" },  { 1, "ask", "too soon; idle" },
        };
        static const Row waiting[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 60, "restart", "waiting+" },
                { 60, "reboot", "waiting+" },
                { 178, "tick", "waiting+" },
                { 1, "tick", "failed+", "5 minutes" },
                { 1, "restart", "failed+", "5 minutes" },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
        };
        static const Row dialogue[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "restart", "failed", "started anew" },
                { 1, "ussd You have 1 GB left", "failed" },
                { 1, "ask", "too soon; failed" },
        };
        static const Row dialogue_by_sms[] = {
                { 0, "ask", "asked; USSD *1#; sending+" },
                { 1, "restart", "waiting+" },
                { 1, "sms Carrier 1 GB left", "report left 1000MB; idle" },
        };
        static const Row command[] = {
                { 0, "ask", "asked; run /bin/x; sending" },
                { 1, "restart", "failed", "started anew" },
                { 1, "ask", "too soon; failed" },
        };
        static const Row long_away[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 100000, "reboot", "waiting+" },
                { 0, "tick", "failed", "5 minutes" },
                { 0, "ask", SENT },
        };

        CHECK(SMS, sending);
        CHECK(SMS, waiting);
        CHECK(USSD, dialogue);
        CHECK(USSD "Senders=Carrier\n", dialogue_by_sms);
        CHECK(COMMAND, command);
        CHECK(SMS, long_away);
}

static void test_clocks(void) {
        static const Row ahead[] = {
                { 0, "ask", SENT },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
                { 1, "clock 100000", "idle" },
                { 1, "ask", "too soon; idle" },
                { 1, "restart", "idle" },
                { 1, "ask", "too soon; idle" },
                { 10795, "ask", SENT },
        };
        static const Row back[] = {
                { 0, "ask", SENT },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
                { 1, "clock -100000", "idle" },
                { 1, "ask", "too soon; idle" },
                { 10797, "ask", SENT },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
                /* With another boot: it was sent at the latest when we learn of it. */
                { 1, "clock -100000", "idle" },
                { 1, "reboot", "idle" },
                { 10799, "ask", "too soon; idle" },
                { 1, "ask", SENT },
        };
        static const Row back_again[] = {
                { 0, "ask", SENT },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
                { 1, "clock -100000", "idle" },
                { 1, "reboot", "idle" },
                { 5000, "reboot", "idle" },
                { 5799, "ask", "too soon; idle" },
                { 1, "ask", SENT },
        };
        static const Row while_waiting[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 1, "clock 100000", "waiting+" },
                { 1, "tick", "waiting+" },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
                { 10800, "ask", SENT },
                { 1, "clock -100000", "sending+" },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
        };

        CHECK(SMS, ahead);
        CHECK(SMS, back);
        CHECK(SMS, back_again);
        CHECK(SMS, while_waiting);
}

/* Two figures are none; but the next message may have one. */
static void test_ambiguous(void) {
        static const Row rows[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 1, "sms 111 You have 1 GB left, and 2 GB left", "failed+" },
                { 1, "sms 111 You have 1 GB left", "report left 1000MB; idle", "" },
        };

        CHECK(SMS, rows);
}

static void test_set(void) {
        World w;

        world_begin(&w, SMS);
        g_assert_cmpint(carrier_set(w.carrier, "[Query]\n" SMS "Cost=3 JPY\n"), ==, 0);
        g_assert_cmpint(carrier_state(w.carrier), ==, CARRIER_IDLE);
        g_assert_cmpint(carrier_set(w.carrier, "[Query]\nMethod=sms\nTo=112\nText=DATA\n"), ==, 0);
        g_assert_cmpint(carrier_state(w.carrier), ==, CARRIER_UNCONFIRMED);
        g_assert_cmpint(carrier_confirm(w.carrier, "DATA", "111", START), ==, -ENOENT);
        g_assert_cmpint(carrier_confirm(w.carrier, "DATA", "112", START), ==, 0);

        w.write_error = -ENOSPC;
        g_assert_cmpint(carrier_set(w.carrier, "[Query]\nMethod=none\n"), ==, -ENOSPC);
        g_assert_cmpint(carrier_method(w.carrier), ==, QUERY_SMS);
        g_assert_cmpint(carrier_state(w.carrier), ==, CARRIER_IDLE);
        w.write_error = 0;

        check_row(&w, &(Row){ 0, "ask", "asked; SMS 112 DATA; sending+" });
        g_assert_cmpint(carrier_set(w.carrier, "[Query]\nMethod=none\n"), ==, -EBUSY);
        world_end(&w);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);

        g_test_add_func("/carrier/messages", test_messages);
        g_test_add_func("/carrier/sending-fails", test_sending_fails);
        g_test_add_func("/carrier/ussd", test_ussd);
        g_test_add_func("/carrier/other-ways", test_other_ways);
        g_test_add_func("/carrier/where", test_where);
        g_test_add_func("/carrier/commands", test_commands);
        g_test_add_func("/carrier/restarts", test_restarts);
        g_test_add_func("/carrier/clocks", test_clocks);
        g_test_add_func("/carrier/ambiguous", test_ambiguous);
        g_test_add_func("/carrier/set", test_set);

        return g_test_run();
}
