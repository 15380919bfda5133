/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "carrier-script.h"

#include <errno.h>

#define CHECK(query, rows) carrier_check(query, rows, G_N_ELEMENTS(rows))
#define SMS                "Method=sms\nTo=111\nText=DATA\n"
#define USSD               "Method=ussd\nCode=*1#\n"
#define BOTH               "Method=ussd;sms\nCode=*1#\nTo=111\nText=DATA\n"
#define COMMAND            "Method=command\nCommand=/bin/x\n"
#define SENT               "asked; SMS 111 DATA; sending+"
#define WAITS              "sent", "waiting+"

static void test_messages(void) {
        static const CarrierRow answered[] = {
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
        static const CarrierRow before_it_was_sent[] = {
                { 0, "ask", SENT },
                { 1, "late-stamp-sms 111 You have 1.2 GB left", "report left 1200MB; idle" },
                { 1, "sent", "idle" },
        };
        static const CarrierRow late[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 298, "tick", "waiting+" },
                { 1, "tick", "failed+", "within 5 minutes" },
                { 3000, "sms 111 You have 3 GB left", "report left 3000MB; idle", "" },
                { 1, "sms 111 You have 4 GB left", "not ours; idle" },
        };
        static const CarrierRow too_late[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 300, "tick", "failed+" },
                { 3299, "tick", "failed", "within 5 minutes" },
                { 1, "sms 111 You have 3 GB left", "not ours; failed" },
        };
        static const CarrierRow never_asked[] = {
                { 0, "sms 111 You have 3 GB left", "not ours; idle" },
                { 0, "sent", "idle" },
                { 0, "ussd You have 3 GB left", "idle" },
                { 0, "command {\"remaining_bytes\":1}", "idle" },
                { 0, "tick", "idle" },
        };

        /* Midnight is 35200 seconds after the start. */
        static const CarrierRow at_midnight[] = {
                { 35100, "ask", SENT },
                { 1, WAITS },
                { 102, "made-before-sms 111 3 GB left until tomorrow",
                  "report left 3000MB of before until 2026-09-23 00:00; idle" },
        };
        static const CarrierRow after_midnight[] = {
                { 35100, "ask", SENT },
                { 1, WAITS },
                { 102, "sms 111 3 GB left until tomorrow",
                  "report left 3000MB until 2026-09-24 00:00; idle" },
        };
        static const CarrierRow on_an_unknown_day[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 0, "untrusted", "waiting+" },
                { 1, "sms 111 3 GB left until tomorrow", "report left 3000MB; idle" },
        };
        static const CarrierRow in_its_country[] = {
                { 0, "ask", SENT },
                { 1, "sms 111 3 GB left until 12/05/2027",
                  "report left 3000MB until 2027-05-13 00:00; idle" },
        };

        CHECK(SMS, in_its_country);
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
        static const CarrierRow unsent[] = {
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
        static const CarrierRow refused[] = {
                { 0, "ask", SENT },
                { 1, "sent REMOTEIO The network refused it", "failed+", "refused" },
                { 1, "ask", "too soon; failed+" },
        };
        /* What nobody knows of is awaited, and not sent again. */
        static const CarrierRow unknown[] = {
                { 0, "ask", SENT },
                { 1, "sent TIMEDOUT No answer", "waiting+" },
                { 1, "sms 111 1 GB left", "report left 1000MB; idle" },
                { 10800, "ask", SENT },
                { 1, "sent CONNRESET Unplugged", "waiting+" },
                { 299, "tick", "failed+", "5 minutes" },
                { 1, "ask", "too soon; failed+" },
        };
        static const CarrierRow silent[] = {
                { 0, "ask", SENT },
                { 300, "tick", "failed+", "5 minutes" },
        };
        static const CarrierRow full[] = {
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
        static const CarrierRow answered[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd You have 2 GB left", "report left 2000MB; idle" },
                { 1, "ussd You have 3 GB left", "idle" },
        };
        static const CarrierRow menu[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd? 1 Balance 2 Other", "answer 1; waiting" },
                { 1, "ussd? 1 Voice 2 Data", "answer 2; waiting" },
                { 1, "ussd? You have 2 GB left. 0 Back", "cancel; report left 2000MB; idle" },
        };
        static const CarrierRow longer_menu[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd? 1 Balance 2 Other", "answer 1; waiting" },
                { 1, "ussd? 1 Voice 2 Data", "answer 2; waiting" },
                { 1, "ussd? Which day?", "cancel; failed", "Answers" },
        };
        static const CarrierRow no_menu[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd? 1 Balance", "cancel; failed", "Answers" },
        };
        static const CarrierRow fails[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd-fails NOENT Unknown code", "failed", "Unknown code" },
                { 1, "ask", "too soon; failed" },
                { 10800, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd-fails OPNOTSUPP No voice service", "failed", "No voice" },
                { 1, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd-fails TIMEDOUT No answer", "failed", "No answer" },
                { 1, "ask", "too soon; failed" },
        };
        static const CarrierRow nothing_in_it[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd Welcome", "failed" },
                { 0, "sms 111 You have 2 GB left", "not ours; failed" },
        };
        static const CarrierRow silent[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 300, "tick", "cancel; failed", "5 minutes" },
        };
        /* "You will get an SMS", of one whose name is known. */
        static const CarrierRow by_sms[] = {
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
        static const CarrierRow next[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd-fails NOENT Unknown code", "SMS 111 DATA; sending+" },
                { 1, WAITS },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle", "" },
                { 1, "ask", "too soon; idle" },
        };
        static const CarrierRow at_once[] = {
                { 0, "fails OPNOTSUPP", "idle" },
                { 0, "ask", "asked; USSD *1#; SMS 111 DATA; failed", "Method" },
                { 0, "works", "failed" },
                { 0, "ask", "asked; USSD *1#; sending" },
        };
        static const CarrierRow silent[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 300, "tick", "cancel; SMS 111 DATA; sending+" },
                { 1, WAITS },
                { 299, "tick", "failed+", "5 minutes" },
        };
        /* Two are the most of a day: the second way is used up with the first question. */
        static const CarrierRow daily[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "ussd Welcome", "SMS 111 DATA; sending+" },
                { 1, "sent", "waiting+" },
                { 299, "tick", "failed+" },
                { 20000, "ask", "too often; failed" },
                { 86400 - 20302, "ask", "too often; failed" },
                { 1, "ask", "asked; USSD *1#; sending" },
                { 0, "ussd Welcome", "failed" },
        };
        static const CarrierRow no_network_for_one[] = {
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
        static const CarrierRow rows[] = {
                { 0, "absent", "idle" },  { 0, "ask", "not present; idle" }, { 0, "home", "idle" },
                { 0, "offline", "idle" }, { 0, "ask", "no network; idle" },  { 0, "home", "idle" },
                { 0, "abroad", "idle" },  { 0, "ask", "abroad; idle" },      { 0, "home", "idle" },
                { 0, "ask", SENT },
        };
        static const CarrierRow allowed[] = {
                { 0, "abroad", "idle" },
                { 0, "ask", SENT },
        };
        /* On the way: the second question of a pair is not asked where the first may be. */
        static const CarrierRow on_the_way[] = {
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
        static const CarrierRow rows[] = {
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
        static const CarrierRow sending[] = {
                { 0, "ask", SENT },        { 1, "restart", "waiting+" },
                { 1, "sent", "waiting+" }, { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
                { 1, "restart", "idle" },  { 1, "ask", "too soon; idle" },
        };
        static const CarrierRow waiting[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 60, "restart", "waiting+" },
                { 60, "reboot", "waiting+" },
                { 178, "tick", "waiting+" },
                { 1, "tick", "failed+", "5 minutes" },
                { 1, "restart", "failed+", "5 minutes" },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
        };
        static const CarrierRow dialogue[] = {
                { 0, "ask", "asked; USSD *1#; sending" },
                { 1, "restart", "failed", "started anew" },
                { 1, "ussd You have 1 GB left", "failed" },
                { 1, "ask", "too soon; failed" },
        };
        static const CarrierRow dialogue_by_sms[] = {
                { 0, "ask", "asked; USSD *1#; sending+" },
                { 1, "restart", "waiting+" },
                { 1, "sms Carrier 1 GB left", "report left 1000MB; idle" },
        };
        static const CarrierRow command[] = {
                { 0, "ask", "asked; run /bin/x; sending" },
                { 1, "restart", "failed", "started anew" },
                { 1, "ask", "too soon; failed" },
        };
        static const CarrierRow long_away[] = {
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
        static const CarrierRow ahead[] = {
                { 0, "ask", SENT },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
                { 1, "clock 100000", "idle" },
                { 1, "ask", "too soon; idle" },
                { 1, "restart", "idle" },
                { 1, "ask", "too soon; idle" },
                { 10795, "ask", SENT },
        };
        static const CarrierRow back[] = {
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
        static const CarrierRow back_again[] = {
                { 0, "ask", SENT },
                { 1, "sms 111 5 GB left", "report left 5000MB; idle" },
                { 1, "clock -100000", "idle" },
                { 1, "reboot", "idle" },
                { 5000, "reboot", "idle" },
                { 5799, "ask", "too soon; idle" },
                { 1, "ask", SENT },
        };
        static const CarrierRow while_waiting[] = {
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
        static const CarrierRow rows[] = {
                { 0, "ask", SENT },
                { 1, WAITS },
                { 1, "sms 111 You have 1 GB left, and 2 GB left", "failed+" },
                { 1, "sms 111 You have 1 GB left", "report left 1000MB; idle", "" },
        };

        CHECK(SMS, rows);
}

/* A text that is tried is read as an answer would be; the last one as it was. */
static void test_tried(void) {
        static const CarrierRow words[] = {
                { 0, "test You have 3 GB left", "would be left 3000MB; idle" },
                { 0, "test Left: 1 GB or 2 GB", "would be ambiguous; idle" },
                { 0, "test {\"remaining_bytes\": 3000000000}", "would be none; idle" },
                { 0, "test-last", "would be none; idle" },
                /* Midnight is 35200 seconds after the start. */
                { 35100, "ask", SENT },
                { 1, "sms 111 3 GB left until tomorrow",
                  "report left 3000MB until 2026-09-23 00:00; idle" },
                { 102, "test-last", "would be left 3000MB until 2026-09-23 00:00; idle" },
                { 0, "test 4 GB left until tomorrow",
                  "would be left 4000MB until 2026-09-24 00:00; idle" },
                { 0, "untrusted", "idle" },
                { 0, "test 4 GB left until tomorrow", "would be left 4000MB; idle" },
                { 0, "test-last", "would be left 3000MB until 2026-09-23 00:00; idle" },
                { 0, "restart", "idle" },
                { 0, "test-last", "would be left 3000MB until 2026-09-23 00:00; idle" },
        };
        /* On which day it was said stays unknown when the day of today is known again. */
        static const CarrierRow undated[] = {
                { 0, "untrusted", "idle" },
                { 0, "ask", SENT },
                { 1, "sms 111 3 GB left until tomorrow", "report left 3000MB; idle" },
                { 0, "test-last", "would be left 3000MB; idle" },
                { 0, "trusted", "idle" },
                { 0, "test-last", "would be left 3000MB; idle" },
                { 0, "restart", "idle" },
                { 0, "test-last", "would be left 3000MB; idle" },
                { 0, "test 4 GB left until tomorrow",
                  "would be left 4000MB until 2026-09-23 00:00; idle" },
        };
        static const CarrierRow outputs[] = {
                { 0, "test {\"remaining_bytes\": 3000000000}", "would be left 3000MB; idle" },
                { 0, "test {\"text\": \"3 GB left until tomorrow\"}",
                  "would be left 3000MB until 2026-09-23 00:00; idle" },
                { 0, "test 3 GB left", "would be left 3000MB; idle" },
        };

        CHECK(SMS, words);
        CHECK(SMS, undated);
        CHECK(COMMAND, outputs);
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

        carrier_check_row(&w, &(CarrierRow){ 0, "ask", "asked; SMS 112 DATA; sending+" });
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
        g_test_add_func("/carrier/tried", test_tried);
        g_test_add_func("/carrier/set", test_set);

        return g_test_run();
}
