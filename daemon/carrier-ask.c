/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One question to the carrier: sent once, waited for, answered, or asked in the next way. */

#include <errno.h>
#include <string.h>

#include "carrier-internal.h"
#include "reply-json.h"
#include "sentence.h"

#define CLOCKS_DIFFER 120 /* seconds; the network's clock and ours */

static void fail(Carrier *c, const char *why, const CarrierNow *now);

static void set_state(Carrier *c, CarrierState state) {
        c->state = state;
        (void) carrier_write(c); /* logged there; what was sent has been written before */
        c->actions->changed(c->userdata);
}

static int send(Carrier *c, QueryMethod method) {
        switch (method) {
        case QUERY_SMS:
                return c->actions->send_message(c->query->to, c->query->text, c->userdata);
        case QUERY_USSD:
                return c->actions->send_ussd(c->query->code, c->userdata);
        case QUERY_COMMAND:
                return c->actions->run_command(c->query->command, c->userdata);
        case QUERY_NONE:
        default:
                g_assert_not_reached();
        }
}

/* Whatever it was, it did not leave the modem. */
static bool is_unsent(int result) {
        return result != -ETIMEDOUT && result != -ECONNRESET && result != -EREMOTEIO;
}

static void take_back(Carrier *c) {
        carrier_remove_sending(c);
        c->row.sent_at = 0;
}

static const char *describe(int result) {
        switch (result) {
        case -ENOTCONN:
                return N_("The modem's port is not open");
        case -EBUSY:
                return N_("The modem is busy with another message");
        case -EOPNOTSUPP:
                return N_("This modem, or its SIM, cannot do that: choose another Method");
        case -EINVAL:
        case -EMSGSIZE:
        case -E2BIG:
                return N_("The text cannot be sent as one message: say it with fewer characters");
        default:
                return N_("It could not be sent");
        }
}

int carrier_begin(Carrier *c, unsigned method, const CarrierNow *now) {
        g_autofree char *error = g_strdup(c->row.error);
        CarrierState state = c->state;
        LedgerQuery before = c->row;
        int r;

        carrier_add_sending(c, now);
        c->state = CARRIER_SENDING;
        c->row.sent_at = now->now;
        c->row.tries = method + 1;
        carrier_set_error(c, "");
        c->n_answered = 0;
        r = carrier_write(c);
        if (r < 0) {
                carrier_remove_sending(c);
                c->state = state;
                c->row.sent_at = before.sent_at;
                c->row.tries = before.tries;
                carrier_set_error(c, error);
                return r;
        }

        c->is_in_dialogue = c->query->methods[method] == QUERY_USSD;
        c->actions->changed(c->userdata);
        r = send(c, c->query->methods[method]);
        if (r < 0) {
                take_back(c);
                c->is_in_dialogue = false;
                fail(c, describe(r), now);
        }
        return 0;
}

static void end_dialogue(Carrier *c) {
        if (c->is_in_dialogue)
                c->actions->cancel_ussd(c->userdata);
        c->is_in_dialogue = false;
}

/* This way leads to nothing; the next one may. */
static void fail(Carrier *c, const char *why, const CarrierNow *now) {
        g_autofree char *copy = g_strdup(why);
        unsigned next;

        end_dialogue(c);
        if (carrier_find_method(c, now, c->row.tries, &next) == CARRIER_ASKED &&
            carrier_begin(c, next, now) >= 0)
                return;

        carrier_set_error(c, copy);
        set_state(c, CARRIER_FAILED);
}

static bool is_asking_by(const Carrier *c, QueryMethod method) {
        return carrier_is_under_way(c) && carrier_method(c) == method;
}

/* The carrier's figure: true where it is one. What it says besides is why it is none. */
static bool take_figure(Carrier *c, const Reply *reply, int64_t at, const CarrierNow *now) {
        g_autofree char *error = NULL;
        CarrierState state = c->state;

        if (reply->verdict != REPLY_FIGURE)
                return false;

        end_dialogue(c);
        error = g_strdup(c->row.error);
        c->state = CARRIER_IDLE;
        carrier_set_error(c, "");
        if (c->actions->report(carrier_row(c), c->sendings, reply, at, c->userdata) < 0) {
                c->state = state;
                carrier_set_error(c, error);
                carrier_set_error(c,
                                  N_("The carrier answered, but it could not be written down: see "
                                     "the log of simtallyd"));
                c->state = CARRIER_FAILED;
        }
        c->actions->changed(c->userdata);
        return true;
}

/* Where nobody knows what day it is, nobody knows what "tomorrow" is. */
static int64_t said_at(int64_t at, const CarrierNow *now) {
        return now->is_trusted ? at : 0;
}

/* Its words, or the output of a command. NULL: a SIM whose carrier nothing is known of. */
static int read_reply(const Carrier *c, bool is_output, const char *text, int64_t at,
                      const CarrierNow *now, Reply *ret, char **ret_error) {
        const char *pattern = c && c->query ? c->query->pattern : NULL;
        const ReplyOrigin origin = { .said_at = at, .zone = now->zone, .home_mcc = now->home_mcc };

        return is_output ? reply_from_json(text, pattern, &origin, ret, ret_error)
                         : reply_read(text, pattern, &origin, ret);
}

void carrier_test_reply(const Carrier *c, const char *text, const CarrierNow *now, Reply *ret) {
        bool is_last = c && g_str_equal(text, c->row.reply ?: "");
        int64_t at = is_last ? c->row.replied_at : said_at(now->now, now);
        g_autofree char *error = NULL;

        if (!c || !c->query || !query_has_method(c->query, QUERY_COMMAND) ||
            read_reply(c, true, text, at, now, ret, &error) < 0)
                (void) read_reply(c, false, text, at, now, ret, NULL);
}

static bool read_text(Carrier *c, const char *text, int64_t at, const CarrierNow *now, Reply *ret) {
        carrier_set_reply(c, text, said_at(at, now));
        (void) read_reply(c, false, c->row.reply, c->row.replied_at, now, ret, NULL);
        return take_figure(c, ret, at, now);
}

static bool expects_messages(const Carrier *c) {
        unsigned i = c->row.tries;

        if (!c->query || c->row.sent_at == 0 || i == 0 || i > c->query->n_methods)
                return false;
        return c->query->senders || c->query->methods[i - 1] == QUERY_SMS;
}

bool carrier_listens(const Carrier *c, const CarrierNow *now) {
        if (!expects_messages(c))
                return false;
        if (carrier_is_under_way(c))
                return true;
        return c->state == CARRIER_FAILED &&
               carrier_seconds_since_sent(c, now) < CARRIER_LATE_SECONDS;
}

int64_t carrier_seconds_to_tick(const Carrier *c, const CarrierNow *now) {
        int64_t since = carrier_seconds_since_sent(c, now);

        if (carrier_is_under_way(c))
                return MAX(CARRIER_WAIT_SECONDS - since, 0);
        return carrier_listens(c, now) ? MAX(CARRIER_LATE_SECONDS - since, 0) : -1;
}

void carrier_tick(Carrier *c, const CarrierNow *now) {
        if (carrier_seconds_to_tick(c, now) != 0)
                return;

        if (is_asking_by(c, QUERY_COMMAND))
                c->actions->stop_command(c->userdata);
        if (carrier_is_under_way(c))
                fail(c,
                     is_asking_by(c, QUERY_COMMAND)
                             ? N_("The command did not end within 5 minutes")
                             : N_("The carrier did not answer within 5 minutes"),
                     now);
        else
                c->actions->changed(c->userdata);
}

void carrier_sent(Carrier *c, int result, const char *why, const CarrierNow *now) {
        if (c->state != CARRIER_SENDING || !is_asking_by(c, QUERY_SMS))
                return;

        if (result < 0 && is_unsent(result)) {
                take_back(c);
                fail(c, why, now);
        } else if (result == -EREMOTEIO) {
                fail(c, why, now);
        } else {
                set_state(c, CARRIER_WAITING); /* where nobody knows, it may have been sent */
        }
}

static void answer_menu(Carrier *c, const CarrierNow *now) {
        const char *answer =
                c->query->answers ? c->query->answers[c->n_answered] : NULL; /* NULL: the last */
        int r;

        if (!answer) {
                fail(c,
                     N_("The carrier's menu waits for a choice: see simtally query last, and say it "
                        "in Answers"),
                     now);
                return;
        }

        c->n_answered++;
        r = c->actions->answer_ussd(answer, c->userdata);
        if (r < 0)
                fail(c, describe(r), now);
        else
                set_state(c, CARRIER_WAITING);
}

/* The dialogue is over without a figure: it may come by SMS, if its sender is known. */
static void end_without(Carrier *c, const char *why, const CarrierNow *now) {
        c->is_in_dialogue = false;
        if (expects_messages(c))
                set_state(c, CARRIER_WAITING);
        else
                fail(c, why, now);
}

void carrier_ussd(Carrier *c, int result, const char *text, bool wants_answer,
                  const CarrierNow *now) {
        g_auto(Reply) reply = { 0 };

        if (!is_asking_by(c, QUERY_USSD))
                return;

        if (result < 0) {
                bool is_unknown = result == -ETIMEDOUT || result == -ECONNRESET;

                c->is_in_dialogue = false;
                if (is_unsent(result) && c->n_answered == 0 && c->state == CARRIER_SENDING &&
                    result != -ENOENT && result != -ECANCELED)
                        take_back(c);
                if (is_unknown)
                        end_without(c, text, now);
                else
                        fail(c, text, now);
                return;
        }

        c->is_in_dialogue = wants_answer;
        if (read_text(c, text, now->now, now, &reply))
                return;
        if (wants_answer)
                answer_menu(c, now);
        else if (reply.verdict == REPLY_AMBIGUOUS)
                fail(c, reply.why, now);
        else
                end_without(c, reply.why, now);
}

void carrier_command_done(Carrier *c, int result, const char *output, const CarrierNow *now) {
        g_auto(Reply) reply = { 0 };
        g_autofree char *error = NULL;

        if (!is_asking_by(c, QUERY_COMMAND))
                return;

        if (result < 0) {
                fail(c, output, now);
                return;
        }

        carrier_set_reply(c, output, said_at(now->now, now));
        if (read_reply(c, true, c->row.reply, c->row.replied_at, now, &reply, &error) < 0)
                fail(c, error, now);
        else if (!take_figure(c, &reply, now->now, now))
                fail(c, reply.why, now);
}

/* Sent before it was asked for: it answers something else. 0: its time is not known. */
static bool is_old(const Carrier *c, int64_t at, const CarrierNow *now) {
        int64_t sent_at = now->now - carrier_seconds_since_sent(c, now);

        return at > 0 && now->is_trusted && at < sent_at - CLOCKS_DIFFER;
}

/* When the carrier made it: as it says, if that can be. */
static int64_t made_at(const Carrier *c, int64_t at, const CarrierNow *now) {
        int64_t sent_at = now->now - carrier_seconds_since_sent(c, now);

        return at > sent_at && at < now->now ? at : now->now;
}

bool carrier_awaits(const Carrier *c, const char *sender, int64_t at, const CarrierNow *now) {
        return carrier_listens(c, now) && !is_old(c, at, now) &&
               query_accepts_sender(c->query, sender);
}

bool carrier_message(Carrier *c, const char *sender, const char *text, int64_t at,
                     const CarrierNow *now) {
        g_auto(Reply) reply = { 0 };

        if (!carrier_awaits(c, sender, at, now))
                return false;
        if (read_text(c, text, made_at(c, at, now), now, &reply))
                return true;
        if (reply.verdict == REPLY_AMBIGUOUS && carrier_is_under_way(c))
                fail(c, reply.why, now);
        else
                (void) carrier_write(c); /* its words; perhaps the next message has the figure */
        return true;
}
