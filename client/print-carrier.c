/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a SIM's carrier has said, beside our own count; and how it is asked. */

#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "print.h"
#include "query.h"

#define AGREES 0.005 /* of the limit */

/* "today 09:12", "23 Nov 09:12" */
static char *when(const Style *s, uint64_t at) {
        g_autofree char *clock = style_clock(s, at);

        return style_days_until(s, at) == 0 ? g_strdup_printf(_("today %s"), clock)
                                            : style_instant(s, at);
}

static bool is_state(const RemoteReport *r, const char *state) {
        return g_str_equal(r->state, state);
}

static char *say_used(const Style *s, const RemoteReport *r, const char *at) {
        g_autofree char *used = size_format(r->used_bytes, s->unit);
        g_autofree char *own = size_format(r->own_bytes, s->unit);

        if (is_state(r, "agrees"))
                return g_strdup_printf(_("%s used, %s; agrees"), used, at);
        if (is_state(r, "differs"))
                return g_strdup_printf(_("%s used, %s; by our count it was %s"), used, at, own);
        return g_strdup_printf(_("%s used, %s"), used, at);
}

/* The daemon lays it beside our own figure of that instant; without that, today's has to do. */
static char *say_left(const Style *s, const RemoteSim *sim, const char *at) {
        const RemoteReport *r = &sim->report;
        g_autofree char *left = size_format(r->remaining_bytes, s->unit);
        g_autofree char *own = size_format(r->own_bytes, s->unit);
        g_autofree char *ours = size_format(sim->plan.remaining_bytes, s->unit);
        g_autofree char *more =
                size_format(r->remaining_bytes - MIN(r->own_bytes, r->remaining_bytes), s->unit);
        double difference = (double) r->remaining_bytes - (double) sim->plan.remaining_bytes;

        if (is_state(r, "question"))
                return g_strdup_printf(_("%s left, %s; looks like +%s: was something bought?"),
                                       left, at, more);
        if (is_state(r, "differs"))
                return g_strdup_printf(_("%s left, %s; by our count it was %s"), left, at, own);
        if (is_state(r, "agrees") ||
            (sim->plan.has_plan && ABS(difference) <= AGREES * (double) sim->plan.limit_bytes))
                return g_strdup_printf(_("%s left, %s; agrees"), left, at);
        if (sim->plan.has_plan)
                return g_strdup_printf(_("%s left, %s; by our count %s now"), left, at, ours);
        return g_strdup_printf(_("%s left, %s"), left, at);
}

char *style_report(const Style *s, const RemoteSim *sim) {
        const RemoteReport *r = &sim->report;
        g_autofree char *at = when(s, r->reported_at);
        bool has_limit = sim->plan.has_plan && !sim->plan.unlimited;

        /* What is used of what has a limit is told as what is left of it. */
        return r->reports_used && !has_limit ? say_used(s, r, at) : say_left(s, sim, at);
}

char *style_sending(const Query *query, QueryMethod method) {
        g_autofree char *text = query_sent_text(query, method);

        switch (method) {
        case QUERY_SMS:
                return g_strdup_printf("the SMS \"%s\" to %s", text, query->to);
        case QUERY_USSD:
                return query->answers ? g_strdup_printf("the code %s, and to its menus: %s",
                                                        query->code, text + strlen(query->code) + 1)
                                      : g_strdup_printf("the code %s", text);
        case QUERY_COMMAND:
                return g_strdup_printf("the command %s is run", text);
        case QUERY_NONE:
        default:
                return g_strdup("nothing");
        }
}
