/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All facts about a SIM, in their order, make a tally. */

#include <string.h>

#include "account-internal.h"
#include "event.h"

static void free_plan(void *data) {
        plan_free(data);
}

GPtrArray *account_plans_new(void) {
        return g_ptr_array_new_with_free_func(free_plan);
}

bool account_is_contract(const LedgerEvent *e) {
        return g_str_equal(e->kind, EVENT_PLAN) || g_str_equal(e->kind, EVENT_AMENDMENT);
}

/* Is there anything to reckon with? Else the bytes need not be read. */
bool account_is_reckoned(const Account *a) {
        if (a->fleet_text)
                return true;
        for (guint i = 0; i < a->events->len; i++)
                if (g_array_index(a->events, LedgerEvent, i).removed_at == 0)
                        return true;

        return false;
}

/* All facts, each with its place among those of one second. */
typedef struct Fact {
        TallyItem item;
        int rank;
        int64_t order;
        char *text; /* owned: what the item borrows */
} Fact;

enum {
        RANK_PLACE, /* where it is, before what it carries there … */
        RANK_BYTES, /* … and bytes before what was told in their second */
        RANK_EVENT,
};

static void fact_clear(void *data) {
        g_free(((Fact *) data)->text);
}

static int fact_compare(const void *a, const void *b) {
        const Fact *x = a, *y = b;

        if (x->item.at != y->item.at)
                return x->item.at < y->item.at ? -1 : 1;
        if (x->rank != y->rank)
                return x->rank - y->rank;
        return (x->order > y->order) - (x->order < y->order);
}

TallyPlace account_tally_place(const char *text, bool is_abroad) {
        Plmn plmn = { 0 };

        (void) plmn_parse(text, &plmn);
        return (TallyPlace){ .mcc = plmn.mcc, .is_abroad = is_abroad };
}

TallyUsage account_tally_usage(const LedgerUsage *u, Traffic bytes) {
        return (TallyUsage){ .bytes = bytes,
                             .session = u->session,
                             .place = account_tally_place(u->plmn, u->roaming) };
}

static void add_visit(GArray *facts, const LedgerVisit *v) {
        Fact fact = { .item = { .kind = TALLY_NETWORK,
                                .at = v->since,
                                .place = account_tally_place(v->plmn, v->roaming) },
                      .rank = RANK_PLACE,
                      .order = facts->len };

        g_array_append_val(facts, fact);
}

static void add_usage(GArray *facts, const LedgerUsage *u) {
        Fact fact = { .item = { .kind = TALLY_USAGE,
                                .at = u->first_at,
                                .usage = account_tally_usage(u, u->bytes) },
                      .rank = RANK_BYTES,
                      .order = facts->len };

        g_array_append_val(facts, fact);
}

/* A text that was taken once is taken again, but for one of a later version of ours. */
static int read_plan(Account *a, const char *text, const Plan **ret) {
        g_autofree char *error = NULL;
        Plan *plan;
        int r;

        if (!*text) {
                *ret = NULL;
                return 0;
        }

        r = plan_parse(text, strlen(text), &plan, &error);
        if (r < 0) {
                g_warning("A plan in the ledger is not understood: %s", error);
                return r;
        }

        g_ptr_array_add(a->plans, plan);
        *ret = plan;
        return 0;
}

static int read_top_up(const LedgerEvent *e, Fact *fact) {
        g_autofree char *error = NULL;
        EventTopUp t;
        int r;

        r = event_read_top_up(e->body, &t, &error);
        if (r < 0)
                return r;

        fact->item.kind = TALLY_TOP_UP;
        fact->item.top_up = (TallyTopUp){ .name = t.name, .bytes = t.bytes, .lasts = t.lasts };
        fact->text = t.name;
        return 0;
}

static int read_figure(const LedgerEvent *e, Fact *fact) {
        int r;

        fact->item.kind = g_str_equal(e->kind, EVENT_REPORT) ? TALLY_REPORT : TALLY_CORRECTION;
        r = event_read_figure(e->body, &fact->item.figure);
        if (r >= 0)
                fact->text = (char *) fact->item.figure.bucket;
        return r;
}

static void add_event(Account *a, GArray *facts, const LedgerEvent *e) {
        Fact fact = { .item = { .at = e->at, .id = e->id }, .rank = RANK_EVENT, .order = e->id };
        int r;

        if (account_is_contract(e)) {
                fact.item.kind = TALLY_PLAN;
                fact.item.contract.amends = g_str_equal(e->kind, EVENT_AMENDMENT);
                r = read_plan(a, e->body, &fact.item.contract.plan);
        } else if (g_str_equal(e->kind, EVENT_TOP_UP)) {
                r = read_top_up(e, &fact);
        } else {
                r = read_figure(e, &fact);
        }
        if (r < 0) {
                g_warning("Event %" G_GINT64_FORMAT " is not understood, and does not count",
                          e->id);
                return;
        }

        g_array_append_val(facts, fact);
}

/* It was dated ahead when it was told; that the clock was set back since is another matter. */
static bool is_ahead(const LedgerEvent *e, int64_t now) {
        return e->at > now && e->at > e->recorded_at;
}

/* What is dated ahead waits; the fleet's plan is the only one where there is one. */
static void add_events(Account *a, GArray *facts, int64_t now) {
        a->pending_at = PERIOD_NEVER;
        if (a->fleet_text) {
                LedgerEvent fleet = { .at = a->row.first_seen,
                                      .kind = (char *) EVENT_PLAN,
                                      .body = a->fleet_text };

                add_event(a, facts, &fleet);
        }

        for (guint i = 0; i < a->events->len; i++) {
                const LedgerEvent *e = &g_array_index(a->events, LedgerEvent, i);

                if (e->removed_at > 0 || (a->fleet_text && account_is_contract(e)))
                        continue;
                if (is_ahead(e, now))
                        a->pending_at = MIN(a->pending_at, e->at);
                else
                        add_event(a, facts, e);
        }
}

static int add_bytes(Account *a, GArray *facts) {
        g_autoptr(GArray) visits = NULL, slices = NULL;
        int r;

        r = ledger_load_visits(a->ledger, a->row.id, &visits);
        if (r < 0)
                return r;
        r = ledger_load_slices(a->ledger, a->row.id, &slices);
        if (r < 0)
                return r;

        for (guint i = 0; i < visits->len; i++)
                add_visit(facts, &g_array_index(visits, LedgerVisit, i));
        for (guint i = 0; i < a->visits->len; i++)
                add_visit(facts, &g_array_index(a->visits, LedgerVisit, i));
        for (guint i = 0; i < slices->len; i++)
                add_usage(facts, &g_array_index(slices, LedgerUsage, i));
        for (guint i = 0; i < a->unwritten->len; i++)
                add_usage(facts, &g_array_index(a->unwritten, LedgerUsage, i));
        return 0;
}

static void feed_facts(Account *a, GArray *facts) {
        g_autofree TallyItem *items = g_new(TallyItem, facts->len);

        g_array_sort(facts, fact_compare);
        for (guint i = 0; i < facts->len; i++)
                items[i] = g_array_index(facts, Fact, i).item;

        tally_free(a->tally);
        a->tally = tally_replay(items, facts->len);
        a->fed_at = facts->len > 0 ? items[facts->len - 1].at : 0;
}

int account_replay_at(Account *a, int64_t now) {
        g_autoptr(GArray) facts = g_array_new(FALSE, FALSE, sizeof(Fact));
        g_autoptr(GPtrArray) before = a->plans;
        const Fact installed = { .item = { .kind = TALLY_INSTALLED, .at = a->row.first_seen },
                                 .rank = RANK_PLACE };
        int r = 0;

        g_array_set_clear_func(facts, fact_clear);
        g_array_append_val(facts, installed);
        if (account_is_reckoned(a))
                r = add_bytes(a, facts);
        if (r < 0) {
                before = NULL; /* they are still in use */
                return r;
        }

        account_forget_answer(a);
        a->plans = account_plans_new();
        add_events(a, facts, now);
        feed_facts(a, facts);
        account_update_boundary(a, MAX(now, a->fed_at));
        return 0;
}
