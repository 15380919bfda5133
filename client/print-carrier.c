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

/* What is used of what has a limit is told as what is left of it. */
static bool tells_use(const RemoteReport *r) {
        return r->reports_used && r->remaining_bytes == 0;
}

/* How it stands beside what we count; the daemon says so of the instant at which it was said. */
static char *compare(const Style *s, const RemoteSim *sim) {
        const RemoteReport *r = &sim->report;
        g_autofree char *ours_then = size_format(r->own_bytes, s->unit);
        g_autofree char *ours_now = size_format(sim->plan.remaining_bytes, s->unit);
        g_autofree char *more =
                size_format(r->remaining_bytes - MIN(r->own_bytes, r->remaining_bytes), s->unit);
        double difference = (double) r->remaining_bytes - (double) sim->plan.remaining_bytes;

        if (is_state(r, "question"))
                return g_strdup_printf(_("looks like +%s: was something bought?"), more);
        if (is_state(r, "differs"))
                return g_strdup_printf(tells_use(r) && !sim->plan.unlimited
                                               ? _("by our count it was %s left")
                                               : _("by our count it was %s"),
                                       ours_then);
        if (is_state(r, "agrees") ||
            (!tells_use(r) && ABS(difference) <= AGREES * (double) sim->plan.limit_bytes))
                return g_strdup(_("agrees"));
        return sim->plan.has_plan ? g_strdup_printf(_("by our count %s now"), ours_now) : NULL;
}

char *style_report(const Style *s, const RemoteSim *sim) {
        const RemoteReport *r = &sim->report;
        g_autofree char *amount =
                size_format(tells_use(r) ? r->used_bytes : r->remaining_bytes, s->unit);
        g_autofree char *at = when(s, r->reported_at);
        g_autofree char *compared = compare(s, sim), *said = NULL;

        said = g_strdup_printf(tells_use(r) ? _("%s used, %s") : _("%s left, %s"), amount, at);
        return compared ? g_strdup_printf(C_("sentences", "%s; %s"), said, compared)
                        : g_steal_pointer(&said);
}

char *style_sending(const Query *query, QueryMethod method) {
        g_autofree char *text = query_sent_text(query, method);

        switch (method) {
        case QUERY_SMS:
                return g_strdup_printf(_("the SMS \"%s\" to %s"), text, query->to);
        case QUERY_USSD:
                return query->answers ? g_strdup_printf(_("the code %s, and to its menus: %s"),
                                                        query->code, text + strlen(query->code) + 1)
                                      : g_strdup_printf(_("the code %s"), text);
        case QUERY_COMMAND:
                return g_strdup_printf(_("the command %s is run"), text);
        case QUERY_NONE:
        default:
                return g_strdup(_("nothing"));
        }
}
