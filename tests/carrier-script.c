/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "carrier-script.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define SIM INT64_C(1)

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

static void note_figure(World *w, const char *what, const Reply *reply, const char *when) {
        g_autofree char *until = NULL;

        if (reply->has_expires) {
                g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(reply->expires_at);

                until = g_date_time_format(utc, " until %F %H:%M");
        }
        note(w, "%s %s %" G_GUINT64_FORMAT "MB%s%s", what, reply->has_remaining ? "left" : "used",
             (reply->has_remaining ? reply->remaining : reply->used) / 1000000, when, until ?: "");
}

static int report(const LedgerQuery *row, const GArray *sendings, const Reply *reply, int64_t at,
                  void *userdata) {
        World *w = userdata;
        int r;

        r = write_row(row, sendings, userdata);
        if (r < 0)
                return r;

        note_figure(w, "report", reply, at == w->wall ? "" : " of before");
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
                             .home_mcc = 234, /* where the day comes first */
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

void world_begin(World *w, const char *query) {
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

void world_end(World *w) {
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

static void test_reply(World *w, const char *text, const CarrierNow *n) {
        g_auto(Reply) reply = { 0 };

        carrier_test_reply(w->carrier, text, n, &reply);
        if (reply.verdict == REPLY_FIGURE)
                note_figure(w, "would be", &reply, "");
        else
                note(w, "would be %s", reply_verdict_to_string(reply.verdict));
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
        else if (strcmp(word, "trusted") == 0)
                w->is_untrusted = false;
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
        else if (strcmp(word, "test") == 0)
                test_reply(w, rest, &n);
        else if (strcmp(word, "test-last") == 0)
                test_reply(w, carrier_reply(w->carrier), &n);
        else if (strcmp(word, "tick") == 0)
                carrier_tick(w->carrier, &n);
        else if (strcmp(word, "restart") == 0 || strcmp(word, "reboot") == 0)
                load(w);
        else
                g_error("%s?", what);
}

void carrier_check_row(World *w, const CarrierRow *row) {
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

void carrier_check(const char *query, const CarrierRow *rows, size_t n_rows) {
        World w;

        world_begin(&w, query);
        for (size_t i = 0; i < n_rows; i++)
                carrier_check_row(&w, &rows[i]);
        world_end(&w);
}
