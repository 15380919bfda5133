/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The periods of a plan: all of them, or one as a statement. */

#include <stdio.h>

#include "i18n.h"
#include "statement.h"
#include "verbs.h"

#define SECONDS_BACK                                                                               \
        (400 * UINT64_C(86400)) /* thirteen months; more are asked for with --since                \
                                 */

/* The periods of the amount that the plan is first of all about. */
static GPtrArray *periods_of(const GPtrArray *all, const char *name) {
        GPtrArray *some = g_ptr_array_new();

        for (guint i = 0; i < all->len; i++) {
                RemoteBucket *b = all->pdata[i];

                if (g_str_equal(b->name, name) && b->period_start > 0)
                        g_ptr_array_add(some, b);
        }

        return some;
}

static const char *main_bucket(const RemotePlan *p) {
        for (guint i = 0; i < p->buckets->len; i++) {
                const RemoteBucket *b = p->buckets->pdata[i];

                if (b->counted)
                        return b->name;
        }

        return p->buckets->len > 0 ? ((const RemoteBucket *) p->buckets->pdata[0])->name : "";
}

static ExitCode find_period(const Options *o, const RemoteSim *sim, const GPtrArray *all,
                            const RemoteBucket **ret) {
        g_autoptr(GPtrArray) periods = periods_of(all, main_bucket(&sim->plan));
        int64_t number = (int64_t) periods->len - 1 + o->period;

        if (o->period > 0)
                return usage(_("a period that is to come has no statement: 0 is the running one"));
        if (periods->len == 0)
                return failed(_("%s has no plan whose periods could be told"), sim->label);
        if (number < 0)
                return periods->len == 1 ? failed(_("there is one period: --period is 0"))
                                         : failed(_("there are %u periods: --period is 0 to -%u"),
                                                  periods->len, periods->len - 1);

        *ret = periods->pdata[number];
        return EXIT_CODE_OK;
}

static ExitCode load_periods(Options *o, const Style *s, Remote **ret, const RemoteSim **ret_sim,
                             GPtrArray **ret_periods) {
        uint64_t since, until;
        ExitCode code;

        code = parse_instant(o->since, (uint64_t) s->now - SECONDS_BACK, &since);
        if (code == EXIT_CODE_OK)
                code = parse_instant(o->until, 0, &until);
        if (code == EXIT_CODE_OK)
                code = load_sim(o, ret, ret_sim);
        if (code == EXIT_CODE_OK)
                code = remote_periods(*ret, (*ret_sim)->path, since, until, ret_periods);
        return code;
}

ExitCode verb_statement(Options *o, char **words) {
        g_autoptr(GPtrArray) periods = NULL;
        g_autoptr(GHashTable) identity = NULL;
        g_autoptr(GArray) rows = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        Statement st = { .has_bill = o->bill != NULL };
        ExitCode code;

        options_style(o, &style);
        code = o->bill ? parse_size(o->bill, &st.bill) : EXIT_CODE_OK;
        if (code == EXIT_CODE_OK)
                code = load_periods(o, &style, &r, &st.sim, &periods);
        if (code == EXIT_CODE_OK)
                code = find_period(o, st.sim, periods, &st.period);
        if (code == EXIT_CODE_OK)
                code = remote_history(r, st.sim->path, "day", st.period->period_start,
                                      statement_end(&style, st.period), st.sim->plan.zone, &rows);
        if (code == EXIT_CODE_OK && o->full)
                code = remote_identify(r, st.sim->path, &identity);
        if (code != EXIT_CODE_OK)
                return code;

        st.rows = rows;
        st.identity = identity;
        if (wants(o, "json"))
                print_statement_json(&style, &st);
        else if (wants(o, "csv"))
                print_history_csv(rows);
        else
                print_statement(&style, &st);
        return EXIT_CODE_OK;
}

ExitCode history_by_period(Options *o) {
        g_autoptr(GPtrArray) periods = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        const RemoteSim *sim;
        ExitCode code;

        options_style(o, &style);
        code = load_periods(o, &style, &r, &sim, &periods);
        if (code != EXIT_CODE_OK)
                return code;

        if (wants(o, "json"))
                print_periods_json(sim, periods);
        else if (wants(o, "csv"))
                print_periods_csv(periods);
        else
                print_periods(&style, sim, periods);
        return EXIT_CODE_OK;
}
