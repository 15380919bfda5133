/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.simtally1.Carrier: what the owner says and asks. Nothing is sent but by Query(). */

#include <errno.h>
#include <string.h>

#include "bus-cleanup.h"
#include "bus-internal.h"
#include "carrier-suggest.h"
#include "sentence.h"

/* The SIM of a call, and its first argument; NULL where it has none. */
static int read_call(Bus *b, sd_bus_message *call, bool changes, Account **ret,
                     const char **ret_text, sd_bus_error *error) {
        int r;

        r = bus_find_called(b, call, changes, ret, error);
        if (r < 0 || !ret_text)
                return r;
        r = sd_bus_message_rewind(call, true);
        return r < 0 ? r : sd_bus_message_read(call, "s", ret_text);
}

static int check_query(const char *text, sd_bus_error *error) {
        g_autofree char *sentence = NULL, *valid = NULL;
        g_autoptr(Query) query = NULL;
        int r;

        r = query_parse(text, strlen(text), &query, &sentence);
        if (r >= 0)
                return 0;

        valid = g_utf8_make_valid(sentence ?: N_("The query is not understood"), -1);
        return sd_bus_error_set(error, BUS_ERROR("InvalidQuery"), valid);
}

static int set_query(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        const char *text;
        Bus *b = userdata;
        Account *a;
        int r;

        r = read_call(b, call, true, &a, &text, error);
        if (r < 0)
                return r;
        r = check_query(text, error);
        if (r < 0)
                return r;
        r = manager_set_query(b->manager, a, text);
        if (r == -EBUSY)
                return sd_bus_error_set(
                        error, BUS_ERROR("Busy"),
                        N_("The carrier is being asked: change the query when it has "
                           "answered, in 5 minutes at most"));
        if (r < 0)
                return bus_ledger_error(error, r);

        g_message("SIM %s: another query was set", account_slug(a));
        return sd_bus_reply_method_return(call, NULL);
}

int bus_method_set_query(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        const char *text;
        Account *a;
        int r;

        r = read_call(b, call, true, &a, &text, error);
        if (r >= 0)
                r = check_query(text, error); /* nobody is asked about what cannot be done */
        return r < 0 ? r
                     : polkit_check(b->polkit, call, POLKIT_CONFIGURE_CARRIER, set_query, b, error);
}

static int confirm_query(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        const char *text, *to;
        Bus *b = userdata;
        Account *a;
        int r;

        r = read_call(b, call, true, &a, &text, error);
        if (r >= 0)
                r = sd_bus_message_read(call, "s", &to);
        if (r < 0)
                return r;

        r = manager_confirm_query(b->manager, a, text, to);
        if (r == -ENOENT)
                return sd_bus_error_set(
                        error, BUS_ERROR("InvalidQuery"),
                        N_("The query sends no such text to such a number: name what "
                           "it sends, to the letter (see GetQuery)"));
        if (r < 0)
                return bus_ledger_error(error, r);

        g_message("SIM %s: its owner has confirmed what its carrier may be asked", account_slug(a));
        return sd_bus_reply_method_return(call, NULL);
}

int bus_method_confirm_query(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        Account *a;
        int r;

        r = read_call(b, call, true, &a, NULL, error);
        return r < 0 ? r
                     : polkit_check(b->polkit, call, POLKIT_CONFIGURE_CARRIER, confirm_query, b,
                                    error);
}

static int refuse_too_soon(Bus *b, const Account *a, sd_bus_error *error) {
        int minutes = (int) ((manager_seconds_to_query(b->manager, a) + 59) / 60);

        return sd_bus_error_setf(error, BUS_ERROR("TooSoon"),
                                 "The carrier was asked not long ago: ask again in %d min, or see "
                                 "MinimumDelay and DailyMaximum in the query",
                                 minutes);
}

static int refuse(Bus *b, const Account *a, CarrierRefusal refusal, int r, sd_bus_error *error) {
        switch (refusal) {
        case CARRIER_ASKED:
                return 0;
        case CARRIER_HAS_NO_QUERY:
                return sd_bus_error_set(error, BUS_ERROR("NoQuery"),
                                        N_("It was not said how this SIM's carrier is asked: set a "
                                           "query first, with SetQuery"));
        case CARRIER_NOT_CONFIRMED:
                return sd_bus_error_set(
                        error, BUS_ERROR("Unconfirmed"),
                        N_("Nothing is sent that its owner has not confirmed, word for "
                           "word: see ConfirmQuery"));
        case CARRIER_BUSY:
                return sd_bus_error_set(error, BUS_ERROR("Busy"),
                                        N_("The carrier is being asked already: its answer will be "
                                           "this one, too"));
        case CARRIER_TOO_SOON:
        case CARRIER_TOO_OFTEN:
                return refuse_too_soon(b, a, error);
        case CARRIER_NOT_PRESENT:
                return sd_bus_error_set(
                        error, BUS_ERROR("NotPresent"),
                        N_("This SIM is in no modem that answers: put it in, or enable "
                           "the modem"));
        case CARRIER_NO_NETWORK:
                return sd_bus_error_set(
                        error, BUS_ERROR("NotPresent"),
                        N_("This SIM is registered with no network: switch airplane "
                           "mode off, or go where there is one"));
        case CARRIER_IS_ABROAD:
                return sd_bus_error_set(error, BUS_ERROR("RoamingForbidden"),
                                        N_("This SIM is abroad, where a question may be dear: say "
                                           "Abroad=yes in the query to allow it"));
        case CARRIER_NOT_WRITTEN:
        default:
                return bus_ledger_error(error, r);
        }
}

static int query(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        CarrierRefusal refusal;
        Bus *b = userdata;
        int failure = 0, r;
        Account *a;

        r = read_call(b, call, true, &a, NULL, error);
        if (r < 0)
                return r;

        refusal = manager_query(b->manager, a, &failure);
        r = refuse(b, a, refusal, failure, error);
        if (r < 0)
                return r;

        g_message("SIM %s: its carrier is asked", account_slug(a));
        return sd_bus_reply_method_return(call, NULL);
}

int bus_method_query(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        Account *a;
        int r;

        r = read_call(b, call, true, &a, NULL, error);
        return r < 0 ? r : polkit_check(b->polkit, call, POLKIT_SEND_QUERY, query, b, error);
}

static int get_query(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        const Carrier *carrier;
        Bus *b = userdata;
        Account *a;
        int r;

        r = read_call(b, call, false, &a, NULL, error);
        if (r < 0)
                return r;

        carrier = manager_carrier(b->manager, a);
        return sd_bus_reply_method_return(call, "s", carrier ? carrier_text(carrier) : "");
}

static int get_last_reply(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        g_autofree char *valid = NULL;
        const Carrier *carrier;
        Bus *b = userdata;
        Account *a;
        int r;

        r = read_call(b, call, false, &a, NULL, error);
        if (r < 0)
                return r;

        carrier = manager_carrier(b->manager, a);
        valid = g_utf8_make_valid(carrier ? carrier_reply(carrier) : "", -1);
        return sd_bus_reply_method_return(call, "s", valid);
}

static int ask_private(sd_bus_message *call, sd_bus_message_handler_t then, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        Account *a;
        int r;

        r = read_call(b, call, false, &a, NULL, error);
        return r < 0 ? r : polkit_check(b->polkit, call, POLKIT_READ_PRIVATE, then, b, error);
}

int bus_method_get_query(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return ask_private(call, get_query, error);
}

int bus_method_get_last_reply(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return ask_private(call, get_last_reply, error);
}

static int append_figure(sd_bus_message *m, const Reply *reply) {
        const struct {
                const char *name;
                bool is_said;
                uint64_t number;
        } figures[] = {
                { "RemainingBytes", reply->has_remaining, reply->remaining },
                { "UsedBytes", reply->has_used, reply->used },
                { "LimitBytes", reply->has_limit, reply->limit },
                { "ResolutionBytes", reply->resolution > 0, reply->resolution },
                { "ExpiresAt", reply->has_expires, bus_instant(reply->expires_at) },
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < G_N_ELEMENTS(figures); i++)
                if (figures[i].is_said)
                        r = sd_bus_message_append(m, "{sv}", figures[i].name, "t",
                                                  figures[i].number);
        return r;
}

static int append_date(sd_bus_message *m, const ReplyDate *date) {
        int r;

        r = sd_bus_message_append(m, "{sv}{sv}{sv}{sv}", "DateBy", "s",
                                  reply_date_by_to_string(date->by), "MonthFirst", "b",
                                  date->is_month_first, "HasYear", "b", !date->has_no_year,
                                  "Counted", "b", date->is_counted);
        if (r >= 0 && date->expires_at > 0)
                r = sd_bus_message_append(m, "{sv}", "ExpiresAt", "t",
                                          bus_instant(date->expires_at));
        return r;
}

static int append_amount(sd_bus_message *m, const ReplyReason *reason) {
        int r;

        r = sd_bus_message_append(m, "{sv}{sv}", "Unit", "s", reason->unit ?: "", "UnitBytes", "t",
                                  reason->unit_bytes);
        if (r >= 0 && reason->doubt != REPLY_DOUBT_UNCLEAR)
                r = sd_bus_message_append(m, "{sv}", "Bytes", "t", reason->bytes);
        return r;
}

static int append_reason(sd_bus_message *m, const ReplyReason *reason) {
        int r;

        r = sd_bus_message_open_container(m, 'a', "{sv}");
        if (r >= 0)
                r = sd_bus_message_append(m, "{sv}{sv}{sv}{sv}", "As", "s",
                                          reply_piece_to_string(reason->piece), "Taken", "b",
                                          reason->is_taken, "Words", "s", reason->words, "Rule",
                                          "s", reply_rule_to_string(reason->rule));
        if (r >= 0 && reason->because)
                r = sd_bus_message_append(m, "{sv}", "Because", "s", reason->because);
        if (r >= 0 && reason->doubt != REPLY_DOUBT_NONE)
                r = sd_bus_message_append(m, "{sv}", "Doubt", "s",
                                          reply_doubt_to_string(reason->doubt));
        if (r >= 0 && reason->unit_bytes > 0)
                r = append_amount(m, reason);
        if (r >= 0 && reason->piece == REPLY_PIECE_EXPIRES)
                r = append_date(m, &reason->date);
        return r < 0 ? r : sd_bus_message_close_container(m);
}

static int append_reasons(sd_bus_message *m, const Reply *reply) {
        int r;

        r = sd_bus_message_open_container(m, 'e', "sv");
        if (r >= 0)
                r = sd_bus_message_append(m, "s", "Reasons");
        if (r >= 0)
                r = sd_bus_message_open_container(m, 'v', "aa{sv}");
        if (r >= 0)
                r = sd_bus_message_open_container(m, 'a', "a{sv}");
        for (guint i = 0; r >= 0 && reply->reasons && i < reply->reasons->len; i++)
                r = append_reason(m, reply->reasons->pdata[i]);
        for (int depth = 0; r >= 0 && depth < 3; depth++)
                r = sd_bus_message_close_container(m);
        return r;
}

static int append_reply(sd_bus_message *m, const Reply *reply) {
        g_autofree char *why = g_utf8_make_valid(reply->why ?: "", -1);
        int r;

        r = sd_bus_message_open_container(m, 'a', "{sv}");
        if (r >= 0)
                r = sd_bus_message_append(m, "{sv}{sv}", "Verdict", "s",
                                          reply_verdict_to_string(reply->verdict), "Why", "s", why);
        if (r >= 0)
                r = append_figure(m, reply);
        if (r >= 0)
                r = append_reasons(m, reply);
        return r < 0 ? r : sd_bus_message_close_container(m);
}

int bus_method_test_reply(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        g_autoptr(sd_bus_message) message = NULL;
        g_auto(Reply) reply = { 0 };
        const char *text;
        Account *a;
        int r;

        r = read_call(b, call, false, &a, &text, error);
        if (r < 0)
                return r;
        if (strlen(text) > REPLY_MAX_BYTES)
                return sd_bus_error_setf(error, BUS_ERROR("TooMuch"),
                                         "No carrier answers with more than %d KiB",
                                         REPLY_MAX_BYTES / 1024);

        manager_test_reply(b->manager, a, text, &reply);
        r = sd_bus_message_new_method_return(call, &message);
        if (r >= 0)
                r = append_reply(message, &reply);
        return r < 0 ? r : sd_bus_send(NULL, message, NULL);
}

static int append_suggestion(sd_bus_message *m, const CarrierSuggestion *s) {
        g_autofree char *name = g_utf8_make_valid(s->name, -1);
        int r;

        r = sd_bus_message_open_container(m, 'a', "{sv}");
        if (r >= 0)
                r = sd_bus_message_append(m, "{sv}{sv}{sv}{sv}", "Name", "s", name, "Method", "s",
                                          query_method_to_string(s->method), "Text", "s", s->text,
                                          "Source", "s", s->source);
        return r < 0 ? r : sd_bus_message_close_container(m);
}

int bus_method_suggest_queries(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        g_autoptr(sd_bus_message) message = NULL;
        g_autoptr(GArray) suggestions = NULL;
        Account *a;
        int r;

        r = read_call(b, call, false, &a, NULL, error);
        if (r < 0)
                return r;

        suggestions = carrier_suggest(account_home(a));
        r = sd_bus_message_new_method_return(call, &message);
        if (r >= 0)
                r = sd_bus_message_open_container(message, 'a', "a{sv}");
        for (guint i = 0; r >= 0 && i < suggestions->len; i++)
                r = append_suggestion(message, &g_array_index(suggestions, CarrierSuggestion, i));
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r < 0 ? r : sd_bus_send(NULL, message, NULL);
}
