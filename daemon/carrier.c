/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "carrier.h"

#include <errno.h>
#include <string.h>

#include "carrier-internal.h"

#define DAY          86400
#define MOST_SENDING 32 /* that are kept: more than any daily maximum */

static const char *const state_names[] = {
        [CARRIER_UNCONFIRMED] = "unconfirmed", [CARRIER_IDLE] = "idle",
        [CARRIER_SENDING] = "sending",         [CARRIER_WAITING] = "waiting",
        [CARRIER_FAILED] = "failed",
};

const char *carrier_state_to_string(CarrierState state) {
        return state_names[state];
}

static CarrierState state_from_string(const char *name) {
        for (CarrierState s = 0; s < G_N_ELEMENTS(state_names); s++)
                if (strcmp(name, state_names[s]) == 0)
                        return s;

        return CARRIER_IDLE;
}

Carrier *carrier_new(int64_t sim, const CarrierActions *actions, void *userdata) {
        Carrier *c = g_new0(Carrier, 1);

        c->row = (LedgerQuery){ .sim = sim,
                                .body = g_strdup(""),
                                .state = g_strdup(state_names[CARRIER_IDLE]),
                                .error = g_strdup(""),
                                .reply = g_strdup("") };
        c->state = CARRIER_IDLE;
        c->sendings = g_array_new(FALSE, FALSE, sizeof(LedgerSending));
        g_array_set_clear_func(c->sendings, (GDestroyNotify) ledger_sending_clear);
        c->actions = actions;
        c->userdata = userdata;
        return c;
}

Carrier *carrier_free(Carrier *c) {
        if (!c)
                return NULL;

        query_free(c->query);
        ledger_query_clear(&c->row);
        g_array_unref(c->sendings);
        g_free(c);
        return NULL;
}

static LedgerSending *sending(const Carrier *c, guint i) {
        return &g_array_index(c->sendings, LedgerSending, i);
}

/* All are of this boot from here on. true: one had to be taken for one of just now. */
static bool adopt_sendings(Carrier *c, const CarrierNow *now) {
        bool is_changed = false;

        for (guint i = 0; i < c->sendings->len; i++) {
                LedgerSending *s = sending(c, i);

                if (strcmp(s->boot, now->boot) == 0)
                        continue;
                if (s->is_estimated || s->at > now->now) {
                        s->at = now->now;
                        s->is_estimated = !now->is_trusted;
                        is_changed = true;
                }
                s->boottime = now->boottime - (now->now - s->at);
                g_free(s->boot);
                s->boot = g_strdup(now->boot);
        }

        return is_changed;
}

/* What was under way when we stopped may have been sent; but nobody speaks for us any more. */
static bool resume(Carrier *c) {
        QueryMethod method = carrier_method(c);

        if (c->state != CARRIER_SENDING && c->state != CARRIER_WAITING)
                return false;

        c->state = CARRIER_WAITING;
        if (method == QUERY_COMMAND || (method == QUERY_USSD && !c->query->senders)) {
                c->state = CARRIER_FAILED;
                carrier_set_error(c, "simtallyd was started anew while the carrier was asked: ask "
                                     "again");
        }
        return true;
}

static int read_body(Carrier *c, const char *text) {
        g_autofree char *error = NULL;
        Query *query;
        int r;

        if (!*text)
                return 0;

        r = query_parse(text, strlen(text), &query, &error);
        if (r < 0) {
                g_warning("A query in the ledger is not understood: %s", error);
                return r;
        }

        query_free(c->query);
        c->query = query;
        return 0;
}

int carrier_load(Carrier *c, Ledger *ledger, const CarrierNow *now) {
        g_autoptr(GArray) sendings = NULL;
        g_auto(LedgerQuery) row = { 0 };
        bool is_changed;
        int r;

        r = ledger_load_query(ledger, c->row.sim, &row);
        if (r == -ENOENT)
                return 0;
        if (r >= 0)
                r = ledger_load_sendings(ledger, c->row.sim, &sendings);
        if (r < 0)
                return r;

        ledger_query_clear(&c->row);
        c->row = row;
        row = (LedgerQuery){ 0 };
        g_array_unref(c->sendings);
        c->sendings = g_steal_pointer(&sendings);
        c->state = state_from_string(c->row.state);

        is_changed = adopt_sendings(c, now);
        if (read_body(c, c->row.body) < 0)
                c->state = CARRIER_IDLE; /* nothing is asked until the owner sets it anew */
        else if (c->query)
                is_changed |= resume(c);
        if (is_changed)
                (void) carrier_write(c); /* logged there; the same is found at the next start */
        return 0;
}

static bool is_confirmed(const Carrier *c, QueryMethod method) {
        return (c->row.confirmed & (1U << method)) != 0;
}

CarrierState carrier_state(const Carrier *c) {
        for (unsigned i = 0; c->query && i < c->query->n_methods; i++)
                if (is_confirmed(c, c->query->methods[i]))
                        return c->state;

        return CARRIER_UNCONFIRMED;
}

const Query *carrier_query(const Carrier *c) {
        return c->query;
}

const char *carrier_text(const Carrier *c) {
        return c->row.body;
}

bool carrier_is_under_way(const Carrier *c) {
        return c->state == CARRIER_SENDING || c->state == CARRIER_WAITING;
}

QueryMethod carrier_method(const Carrier *c) {
        if (!c->query || c->query->n_methods == 0)
                return QUERY_NONE;
        if (carrier_is_under_way(c) && c->row.tries > 0 && c->row.tries <= c->query->n_methods)
                return c->query->methods[c->row.tries - 1];
        for (unsigned i = 0; i < c->query->n_methods; i++)
                if (is_confirmed(c, c->query->methods[i]))
                        return c->query->methods[i];

        return c->query->methods[0];
}

const char *carrier_error(const Carrier *c) {
        return c->row.error;
}

const char *carrier_reply(const Carrier *c) {
        return c->row.reply;
}

void carrier_set_error(Carrier *c, const char *error) {
        char *copy = g_strdup(error);

        g_free(c->row.error);
        c->row.error = copy;
}

void carrier_set_reply(Carrier *c, const char *text, int64_t at) {
        g_free(c->row.reply);
        c->row.reply = g_strndup(text, REPLY_MAX_BYTES);
        c->row.replied_at = at;
}

LedgerQuery *carrier_row(Carrier *c) {
        g_free(c->row.state);
        c->row.state = g_strdup(state_names[c->state]);
        return &c->row;
}

int carrier_write(Carrier *c) {
        return c->actions->write(carrier_row(c), c->sendings, c->userdata);
}

/* Which methods send the same as before, to the letter. */
static unsigned unchanged(const Query *before, const Query *after) {
        unsigned bits = 0;

        for (QueryMethod m = QUERY_SMS; before && m < N_QUERY_METHODS; m++) {
                g_autofree char *old = query_sent_text(before, m);
                g_autofree char *new = query_sent_text(after, m);

                if (old && g_strcmp0(old, new) == 0 &&
                    strcmp(query_sent_to(before, m), query_sent_to(after, m)) == 0)
                        bits |= 1U << m;
        }

        return bits;
}

int carrier_set(Carrier *c, const char *text) {
        g_autofree char *body = g_strdup(c->row.body), *error = g_strdup(c->row.error), *why = NULL;
        unsigned confirmed = c->row.confirmed;
        g_autoptr(Query) query = NULL;
        CarrierState state = c->state;
        int r;

        if (carrier_is_under_way(c))
                return -EBUSY;
        r = query_parse(text, strlen(text), &query, &why);
        if (r < 0)
                return r;

        c->row.confirmed &= unchanged(c->query, query);
        g_free(c->row.body);
        c->row.body = g_strdup(text);
        c->state = CARRIER_IDLE;
        carrier_set_error(c, "");
        r = carrier_write(c);
        if (r < 0) {
                g_free(c->row.body);
                c->row.body = g_steal_pointer(&body);
                c->row.confirmed = confirmed;
                c->state = state;
                carrier_set_error(c, error);
                return r;
        }

        query_free(c->query);
        c->query = g_steal_pointer(&query);
        c->actions->changed(c->userdata);
        return 0;
}

int carrier_confirm(Carrier *c, const char *text, const char *to, int64_t now) {
        unsigned before = c->row.confirmed, bits = 0;
        int64_t confirmed_at = c->row.confirmed_at;
        int r;

        for (QueryMethod m = QUERY_SMS; c->query && m < N_QUERY_METHODS; m++) {
                g_autofree char *sent = query_sent_text(c->query, m);

                if (sent && strcmp(sent, text) == 0 && strcmp(query_sent_to(c->query, m), to) == 0)
                        bits |= 1U << m;
        }
        if (bits == 0)
                return -ENOENT;

        c->row.confirmed |= bits;
        c->row.confirmed_at = now;
        r = carrier_write(c);
        if (r < 0) {
                c->row.confirmed = before;
                c->row.confirmed_at = confirmed_at;
                return r;
        }

        c->actions->changed(c->userdata);
        return 0;
}

static int64_t since(const LedgerSending *s, const CarrierNow *now) {
        return now->boottime - s->boottime;
}

int64_t carrier_seconds_since_sent(const Carrier *c, const CarrierNow *now) {
        return c->sendings->len > 0 ? since(sending(c, c->sendings->len - 1), now) : INT64_MAX;
}

/* Of the last 24 hours; the n-th last tells when it is time again. */
static int64_t seconds_to_daily(const Carrier *c, const CarrierNow *now) {
        guint most = (guint) query_daily_maximum(c->query);

        if (c->sendings->len < most)
                return 0;
        return MAX(DAY - since(sending(c, c->sendings->len - most), now), 0);
}

static int64_t seconds_to_delay(const Carrier *c, const CarrierNow *now) {
        if (c->sendings->len == 0)
                return 0;
        return MAX(query_minimum_delay(c->query) - carrier_seconds_since_sent(c, now), 0);
}

int64_t carrier_seconds_to_wait(const Carrier *c, const CarrierNow *now) {
        return c->query ? MAX(seconds_to_delay(c, now), seconds_to_daily(c, now)) : 0;
}

void carrier_add_sending(Carrier *c, const CarrierNow *now) {
        LedgerSending s = { .at = now->now,
                            .boot = g_strdup(now->boot),
                            .boottime = now->boottime,
                            .is_estimated = !now->is_trusted };

        if (c->sendings->len == MOST_SENDING)
                g_array_remove_index(c->sendings, 0);
        g_array_append_val(c->sendings, s);
}

void carrier_remove_sending(Carrier *c) {
        g_array_set_size(c->sendings, c->sendings->len - 1);
}

/* May this method be used, here and now? */
static CarrierRefusal check_method(const Carrier *c, QueryMethod method, const CarrierNow *now) {
        if (!is_confirmed(c, method))
                return CARRIER_NOT_CONFIRMED;
        if (method == QUERY_COMMAND)
                return CARRIER_ASKED;
        if (!now->is_present)
                return CARRIER_NOT_PRESENT;
        if (!now->has_network)
                return CARRIER_NO_NETWORK;
        return now->is_abroad && c->query->abroad <= 0 ? CARRIER_IS_ABROAD : CARRIER_ASKED;
}

/* The next one that may be used, from a number on; what keeps the first of them back otherwise. */
CarrierRefusal carrier_find_method(const Carrier *c, const CarrierNow *now, unsigned from,
                                   unsigned *ret) {
        CarrierRefusal first = CARRIER_ASKED;

        if (seconds_to_daily(c, now) > 0)
                return CARRIER_TOO_OFTEN;

        for (unsigned i = from; i < c->query->n_methods; i++) {
                CarrierRefusal refusal = check_method(c, c->query->methods[i], now);

                if (refusal == CARRIER_ASKED) {
                        *ret = i;
                        return CARRIER_ASKED;
                }
                if (first == CARRIER_ASKED || first == CARRIER_NOT_CONFIRMED)
                        first = refusal;
        }

        return first == CARRIER_ASKED ? CARRIER_HAS_NO_QUERY : first;
}

CarrierRefusal carrier_ask(Carrier *c, const CarrierNow *now, int *ret_errno) {
        CarrierRefusal refusal;
        unsigned method;
        int r;

        if (!c->query || c->query->n_methods == 0)
                return CARRIER_HAS_NO_QUERY;
        if (carrier_is_under_way(c))
                return CARRIER_BUSY;
        if (carrier_state(c) == CARRIER_UNCONFIRMED)
                return CARRIER_NOT_CONFIRMED;
        if (seconds_to_delay(c, now) > 0)
                return CARRIER_TOO_SOON;
        refusal = carrier_find_method(c, now, 0, &method);
        if (refusal != CARRIER_ASKED)
                return refusal;

        r = carrier_begin(c, method, now);
        if (r < 0) {
                *ret_errno = r;
                return CARRIER_NOT_WRITTEN;
        }

        return CARRIER_ASKED;
}
