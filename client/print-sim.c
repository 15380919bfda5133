/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One SIM: what it is, where it is, and what is left on it. */

#include <stdio.h>

#include "i18n.h"
#include "print.h"
#include "traffic.h"
#include "utf8.h"

#define EXAMPLE_COLUMN 14

uint64_t sim_today(const RemoteSim *sim) {
        return traffic_saturated(sim->today_rx_bytes, sim->today_tx_bytes);
}

static const char *kind_name(const RemoteSim *sim) {
        if (g_str_equal(sim->kind, "esim"))
                return _("eSIM");
        return _("SIM");
}

/* Where a SIM is: "roaming on docomo", "at home"; NULL where that is not known. */
static char *network_text(const RemoteSim *sim) {
        const char *name = *sim->network_name ? sim->network_name : sim->network_plmn;

        if (!*sim->network_plmn)
                return NULL;
        if (!sim->roaming)
                return g_strdup(_("at home"));
        return g_strdup_printf(_("roaming on %s"), name);
}

static void print_heading(const Style *s, const RemoteSim *sim) {
        const char *dot = style_dot(s);
        g_autofree char *tail = style_tail(s, sim->iccid_tail), *network = network_text(sim);
        g_autofree char *label =
                utf8_ellipsize(sim->label, MIN(s->width - 8, 40), style_ellipsis(s));
        const char *state = sim->connected ? _("connected") : _("not connected");
        const char *const here[] = { kind_name(sim), network ?: state, network ? state : NULL,
                                     NULL };
        const char *const away[] = { kind_name(sim), _("not in this machine"), NULL };
        const char *const *parts = sim->present ? here : away;
        size_t width = utf8_width(label) + 1 + utf8_width(tail) + 3;

        for (const char *const *part = parts; *part; part++)
                width += utf8_width(*part) + (part == parts ? 0 : utf8_width(dot));

        printf("%s %s%s", label, tail, width <= s->width ? "   " : "\n  ");
        print_folded(s, parts, dot, 2);
}

/* "3.2 GB since 20 Nov 14:02" */
static char *used_until_now(const Style *s, const RemoteSim *sim) {
        g_autofree char *all =
                size_format(traffic_saturated(sim->rx_bytes, sim->tx_bytes), s->unit);
        g_autofree char *since = style_instant(s, sim->first_seen_at);

        if (sim->first_seen_at == 0)
                return g_strdup_printf(_("%s in all"), all);
        return g_strdup_printf(_("%s since %s"), all, since);
}

/* What there is to tell of a SIM of which nobody has said what was bought. */
static void print_without_plan(const Style *s, const RemoteSim *sim) {
        static const char *const examples[] = {
                "simtally plan set 10GB for 10 days from 19 Nov, left 6.3GB",
                "simtally plan set 20GB monthly on 15",
                "simtally plan set 1GB daily for 7 days, then 128kbit/s",
        };
        const char *dot = style_dot(s);
        g_autofree char *today = size_format(sim_today(sim), s->unit);
        g_autofree char *rx = size_format(sim->rx_bytes, s->unit);
        g_autofree char *tx = size_format(sim->tx_bytes, s->unit);
        g_autofree char *last = style_instant(s, sim->last_used_at);
        g_autofree char *used_today = g_strdup_printf(_("%s today"), today);
        g_autofree char *used = used_until_now(s, sim);
        g_autofree char *received = g_strdup_printf(_("%s received"), rx);
        g_autofree char *sent = g_strdup_printf(_("%s sent"), tx);
        g_autofree char *last_used = g_strdup_printf(_("last %s"), last);

        print_entry(s, _("Used"), (const char *const[]){ used_today, used, NULL }, dot);
        print_entry(s, "", (const char *const[]){ received, sent, last_used, NULL }, dot);
        print_sentence(s, _("Left"), _("unknown: no plan yet. Say what you bought, for example:"));
        for (size_t i = 0; i < G_N_ELEMENTS(examples); i++) {
                printf("%*s", EXAMPLE_COLUMN, "");
                print_folded(s, (const char *const[]){ examples[i], NULL }, "", EXAMPLE_COLUMN);
        }
}

void print_sim(const Style *s, const RemoteSim *sim) {
        print_heading(s, sim);
        if (sim->plan.has_plan)
                print_left(s, sim);
        else
                print_without_plan(s, sim);
}
