/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What there is: the SIMs, the modems, and what is wrong with them. */

#include <stdio.h>

#include "i18n.h"
#include "print.h"
#include "traffic.h"

#define JUST_NOW 3600

/* "132 MB waiting for the clock"; NULL where there are none. */
static char *undated_text(const Style *s, Remote *r) {
        GPtrArray *sims = remote_sims(r);
        g_autofree char *bytes = NULL;
        uint64_t undated = 0;

        for (guint i = 0; i < sims->len; i++) {
                const RemoteSim *sim = sims->pdata[i];

                undated = traffic_saturated(
                        undated, traffic_saturated(sim->undated_rx_bytes, sim->undated_tx_bytes));
        }
        if (undated == 0)
                return NULL;

        bytes = size_format(undated, s->unit);
        return g_strdup_printf(_("The clock is not trusted: %s waiting for the clock"), bytes);
}

char *problem_text(const Style *s, Remote *r, const char *problem) {
        static const struct {
                const char *problem, *sentence;
        } sentences[] = {
                { "disk-full",
                  N_("The disk is full: bytes are counted, and written when there is room") },
                { "ledger-not-writable",
                  N_("The ledger cannot be written: bytes are counted, and written when it can") },
                { "clock-untrusted",
                  N_("The clock is not trusted: bytes are counted, and dated once it is right") },
                { "port-quarantined",
                  N_("A modem has made the daemon crash, and waits: its link alone is counted") },
        };
        g_autofree char *undated =
                g_str_equal(problem, "clock-untrusted") ? undated_text(s, r) : NULL;

        if (undated)
                return g_steal_pointer(&undated);
        for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++)
                if (g_str_equal(problem, sentences[i].problem))
                        return g_strdup(gettext(sentences[i].sentence));

        return g_strdup(problem);
}

/* Bytes that no SIM can be shown to have carried. */
static void print_unassigned(const Style *s, const RemoteModem *m) {
        g_autofree char *bytes = NULL, *text = NULL;
        uint64_t unassigned = traffic_saturated(m->unassigned_rx_bytes, m->unassigned_tx_bytes);

        if (unassigned == 0)
                return;

        bytes = size_format(unassigned, s->unit);
        text = g_strdup_printf(_("%s on %s: which SIM carried them is not known"), bytes,
                               m->device);
        print_sentence(s, _("Unassigned"), text);
}

static const char *source_name(const RemoteModem *m) {
        return g_str_equal(m->source, "link") ? _("the kernel's counter of the link")
                                              : _("the modem's own counter");
}

static void print_problem(const Style *s, const RemoteModem *m) {
        g_autofree char *text = NULL;

        if (*m->problem)
                text = g_strdup_printf("%s: %s", m->device, m->problem);
        else if (g_str_equal(m->state, "absent"))
                text = g_strdup_printf(_("%s: no modem is there now"), m->device);
        else if (g_str_equal(m->state, "no-sim"))
                text = g_strdup_printf(_("%s: no SIM"), m->device);
        else if (m->counter_dispute)
                text = g_strdup_printf(_("%s: its counter and the kernel's differ by over 10 %%; "
                                         "believed: %s"),
                                       m->device, source_name(m));
        if (text)
                print_sentence(s, _("Modem"), text);
}

/* A SIM that was there a moment ago: whoever has just swapped it sees that it was noticed. */
static void print_swap(const Style *s, Remote *r) {
        GPtrArray *sims = remote_sims(r);
        const RemoteSim *now = sims->len > 0 ? sims->pdata[0] : NULL;

        if (!now || !now->current || !now->present)
                return;
        for (guint i = 1; i < sims->len; i++) {
                const RemoteSim *sim = sims->pdata[i];
                g_autofree char *last = style_clock(s, sim->last_used_at);
                g_autofree char *text =
                        g_strdup_printf(_("%s carried its last bytes %s and left; %s counts now"),
                                        sim->label, last, now->label);

                if (!sim->present && sim->last_used_at + JUST_NOW > (uint64_t) s->now)
                        print_sentence(s, _("Swapped"), text);
        }
}

static void print_trouble(const Style *s, const RemoteModem *m) {
        print_problem(s, m);
        print_unassigned(s, m);
}

static void print_problems(const Style *s, Remote *r) {
        for (const char *const *p = remote_problems(r); *p; p++) {
                g_autofree char *text = problem_text(s, r, *p);

                print_sentence(s, _("Problem"), text);
        }
}

static bool is_here(const RemoteSim *sim) {
        return sim->present || sim->current;
}

/* Those that are here first, then those used last. */
static int compare_use(const void *a, const void *b) {
        const RemoteSim *x = *(RemoteSim *const *) a, *y = *(RemoteSim *const *) b;

        if (is_here(x) != is_here(y))
                return is_here(x) ? -1 : 1;
        return (x->last_used_at < y->last_used_at) - (x->last_used_at > y->last_used_at);
}

/* What is here, and not all that ever was, in the order in which it is shown. */
static GPtrArray *sims_to_show(Remote *r) {
        g_autoptr(GPtrArray) by_use = g_ptr_array_new();
        GPtrArray *shown = g_ptr_array_new();
        guint n_away = 0;

        g_ptr_array_extend(by_use, remote_sims(r), NULL, NULL);
        g_ptr_array_extend(shown, remote_sims(r), NULL, NULL);
        g_ptr_array_sort(by_use, compare_use);
        for (guint i = 0; i < by_use->len; i++) {
                n_away += !is_here(by_use->pdata[i]);
                if (n_away > STATUS_MOST_AWAY)
                        (void) g_ptr_array_remove(shown, by_use->pdata[i]);
        }

        return shown;
}

static void print_several(const Style *s, Remote *r) {
        g_autoptr(GPtrArray) shown = sims_to_show(r);
        unsigned long n_more = remote_n_sims(r) - shown->len;
        g_autofree char *all = NULL, *more = NULL;

        print_sims(s, shown);
        if (n_more == 0)
                return;

        more = g_strdup_printf(ngettext("%lu more SIM is not in this machine.",
                                        "%lu more SIMs are not in this machine.", n_more),
                               n_more);
        all = g_strdup_printf(_("All: %s"), "simtally sims");
        print_folded(s, (const char *const[]){ more, all, NULL }, "   ", 0);
}

void print_status(const Style *s, Remote *r) {
        GPtrArray *sims = remote_sims(r);

        if (sims->len == 0 && remote_modems(r)->len == 0)
                printf(_("No modem has been found yet.\n"));
        else if (sims->len == 0)
                printf(_("No SIM has been seen yet.\n"));
        else if (sims->len == 1)
                print_sim(s, sims->pdata[0]);
        else
                print_several(s, r);

        print_swap(s, r);
        for (guint i = 0; i < remote_modems(r)->len; i++)
                print_trouble(s, remote_modems(r)->pdata[i]);
        print_problems(s, r);
}

void print_status_of(const Style *s, Remote *r, const RemoteSim *sim) {
        const RemoteModem *modem = remote_modem_by_path(r, sim->modem);

        print_sim(s, sim);
        if (modem)
                print_trouble(s, modem);
        print_problems(s, r);
}

static const char *state_name(const char *state) {
        static const char *const names[] = {
                NC_("modem", "absent"), NC_("modem", "failed"),       NC_("modem", "opening"),
                NC_("modem", "no-sim"), NC_("modem", "disconnected"), NC_("modem", "connected"),
        };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (g_str_equal(names[i], state))
                        return g_dpgettext2(NULL, "modem", names[i]);

        return state; /* of a later version of the daemon */
}

void print_modems(const Style *s, Remote *r) {
        GPtrArray *modems = remote_modems(r);

        if (modems->len == 0)
                printf(_("No modem has been found yet.\n"));

        for (guint i = 0; i < modems->len; i++) {
                const RemoteModem *m = modems->pdata[i];
                const RemoteSim *sim = remote_sim_by_path(r, m->sim);
                g_autofree char *tail = style_tail(s, sim ? sim->iccid_tail : "");

                printf("%s   %s\n", *m->model ? m->model : _("Modem"), state_name(m->state));
                print_entry(s, _("Port"), (const char *const[]){ m->device, m->protocol, NULL },
                            ", ");
                print_entry(
                        s, _("Link"),
                        (const char *const[]){ *m->links ? m->links : C_("link", "none"), NULL },
                        "");
                if (sim)
                        print_entry(s, _("SIM"), (const char *const[]){ sim->label, tail, NULL },
                                    " ");
                print_entry(s, _("Counted by"), (const char *const[]){ source_name(m), NULL }, "");
                if (*m->problem || m->counter_dispute)
                        print_problem(s, m);
                print_unassigned(s, m);
        }
}
