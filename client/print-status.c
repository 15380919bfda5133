/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The screens: one SIM, several, modems, and what is wrong. */

#include <stdio.h>
#include <string.h>

#include "print.h"
#include "utf8.h"

#define LABEL_COLUMNS 20
#define SIZE_COLUMNS  9
#define TIME_COLUMNS  13

static uint64_t sum(uint64_t rx, uint64_t tx) {
        return rx > UINT64_MAX - tx ? UINT64_MAX : rx + tx;
}

static const char *kind_name(const RemoteSim *sim) {
        if (g_str_equal(sim->kind, "esim"))
                return "eSIM";
        return "SIM";
}

/* Where a SIM is, and what it does there: "roaming on docomo", "at home", "no network". */
static char *network_text(const RemoteSim *sim) {
        const char *name = *sim->network_name ? sim->network_name : sim->network_plmn;

        if (!*sim->network_plmn)
                return g_strdup("no network");
        if (!sim->roaming)
                return g_strdup("at home");
        return g_strdup_printf("roaming on %s", name);
}

static void print_heading(const Style *s, const RemoteSim *sim) {
        const char *dot = style_dot(s);
        g_autofree char *tail = style_tail(s, sim->iccid_tail), *network = network_text(sim);
        g_autofree char *label =
                utf8_ellipsize(sim->label, MIN(s->width - 8, 40), style_ellipsis(s));
        const char *const here[] = { kind_name(sim), network,
                                     sim->connected ? "connected" : "not connected", NULL };
        const char *const away[] = { kind_name(sim), "not in this machine", NULL };
        const char *const *parts = sim->present ? here : away;
        size_t width = utf8_width(label) + 1 + utf8_width(tail) + 3;

        for (const char *const *part = parts; *part; part++)
                width += utf8_width(*part) + (part == parts ? 0 : utf8_width(dot));

        printf("%s %s%s", label, tail, width <= s->width ? "   " : "\n  ");
        print_folded(s, parts, dot, 2);
}

void print_sim(const Style *s, const RemoteSim *sim) {
        const char *dot = style_dot(s);
        g_autofree char *today =
                size_format(sum(sim->today_rx_bytes, sim->today_tx_bytes), s->unit);
        g_autofree char *all = size_format(sum(sim->rx_bytes, sim->tx_bytes), s->unit);
        g_autofree char *rx = size_format(sim->rx_bytes, s->unit);
        g_autofree char *tx = size_format(sim->tx_bytes, s->unit);
        g_autofree char *last = style_instant(s, sim->last_used_at);
        g_autofree char *used_today = g_strdup_printf("%s today", today);
        g_autofree char *used_in_all = g_strdup_printf("%s in all", all);
        g_autofree char *received = g_strdup_printf("%s received", rx);
        g_autofree char *sent = g_strdup_printf("%s sent", tx);
        g_autofree char *last_used = g_strdup_printf("last %s", last);

        print_heading(s, sim);
        print_entry(s, "Used", (const char *const[]){ used_today, used_in_all, NULL }, dot);
        print_entry(s, "", (const char *const[]){ received, sent, last_used, NULL }, dot);
        print_entry(s, "Left", (const char *const[]){ "unknown: no plan yet", NULL }, dot);
}

/* A row of the table; marker stands before the SIM that carries data now. */
static void print_row(const Style *s, const RemoteSim *sim, size_t label_columns) {
        g_autofree char *label = utf8_ellipsize(sim->label, label_columns, style_ellipsis(s));
        g_autofree char *tail = style_tail(s, sim->iccid_tail);
        g_autofree char *today =
                size_format(sum(sim->today_rx_bytes, sim->today_tx_bytes), s->unit);
        g_autofree char *all = size_format(sum(sim->rx_bytes, sim->tx_bytes), s->unit);
        g_autofree char *last = style_instant(s, sim->last_used_at);
        const char *state = sim->connected ? "connected" : "in a modem";
        bool is_narrow = s->width < 60;

        printf("%s ", sim->current ? (s->ascii ? ">" : "▶") : " ");
        print_column(label, label_columns);
        printf("  %s  ", tail);
        if (!is_narrow)
                print_column(today, SIZE_COLUMNS);
        if (is_narrow)
                printf("%s", all);
        else
                print_column(all, SIZE_COLUMNS);
        if (!is_narrow && sim->present) {
                print_column(last, TIME_COLUMNS);
                printf("%s%s", state, sim->roaming ? ", roaming" : "");
        } else if (!is_narrow)
                printf("%s", last);
        putchar('\n');
}

static size_t widest_label(Remote *r) {
        GPtrArray *sims = remote_sims(r);
        size_t widest = 3;

        for (guint i = 0; i < sims->len; i++)
                widest = MAX(widest, utf8_width(((RemoteSim *) sims->pdata[i])->label));
        return MIN(widest, LABEL_COLUMNS);
}

void print_sims(const Style *s, Remote *r) {
        GPtrArray *sims = remote_sims(r);
        size_t label_columns = widest_label(r);
        bool is_narrow = s->width < 60, says_absent = false;

        printf("  ");
        print_column("SIM", label_columns + 10);
        printf("%s%s\n", is_narrow ? "" : "TODAY    ",
               is_narrow ? "IN ALL" : "IN ALL   LAST USED    STATE");

        for (guint i = 0; i < sims->len; i++) {
                const RemoteSim *sim = sims->pdata[i];

                if (!sim->present && !says_absent && i > 0)
                        printf("\n  Not in this machine\n");
                says_absent |= !sim->present;
                print_row(s, sim, label_columns);
        }
}

static const char *problem_sentence(const char *problem) {
        static const struct {
                const char *problem, *sentence;
        } sentences[] = {
                { "disk-full",
                  "The disk is full: bytes are counted, and written when there is room" },
                { "ledger-not-writable",
                  "The ledger cannot be written: bytes are counted, and written when it can" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++)
                if (g_str_equal(problem, sentences[i].problem))
                        return sentences[i].sentence;

        return problem;
}

/* Bytes that no SIM can be shown to have carried. */
static void print_unassigned(const Style *s, const RemoteModem *m) {
        g_autofree char *bytes = NULL, *text = NULL;
        uint64_t unassigned = sum(m->unassigned_rx_bytes, m->unassigned_tx_bytes);

        if (unassigned == 0)
                return;

        bytes = size_format(unassigned, s->unit);
        text = g_strdup_printf("%s on %s: which SIM carried them is not known", bytes, m->device);
        print_sentence(s, "Unassigned", text);
}

static void print_problem(const Style *s, const RemoteModem *m) {
        g_autofree char *text = NULL;

        if (*m->problem)
                text = g_strdup_printf("%s: %s", m->device, m->problem);
        else if (g_str_equal(m->state, "absent"))
                text = g_strdup_printf("%s: no modem is there now", m->device);
        else if (g_str_equal(m->state, "no-sim"))
                text = g_strdup_printf("%s: no SIM", m->device);
        else if (m->counter_dispute)
                text = g_strdup_printf("%s: its counter and the kernel's differ by over 10 %%; "
                                       "believed: the %s's",
                                       m->device, m->source);
        if (text)
                print_sentence(s, "Modem", text);
}

static void print_what_is_wrong(const Style *s, Remote *r) {
        GPtrArray *modems = remote_modems(r);

        for (guint i = 0; i < modems->len; i++) {
                print_problem(s, modems->pdata[i]);
                print_unassigned(s, modems->pdata[i]);
        }
        for (const char *const *p = remote_problems(r); *p; p++)
                print_sentence(s, "Problem", problem_sentence(*p));
}

void print_status(const Style *s, Remote *r) {
        GPtrArray *sims = remote_sims(r);

        if (sims->len == 0 && remote_modems(r)->len == 0)
                printf("No modem has been found yet.\n");
        else if (sims->len == 0)
                printf("No SIM has been seen yet.\n");
        else if (sims->len == 1)
                print_sim(s, sims->pdata[0]);
        else
                print_sims(s, r);

        print_what_is_wrong(s, r);
}

void print_modems(const Style *s, Remote *r) {
        GPtrArray *modems = remote_modems(r);

        if (modems->len == 0)
                printf("No modem has been found yet.\n");

        for (guint i = 0; i < modems->len; i++) {
                const RemoteModem *m = modems->pdata[i];
                const RemoteSim *sim = remote_sim_by_path(r, m->sim);
                g_autofree char *tail = style_tail(s, sim ? sim->iccid_tail : "");

                printf("%s   %s\n", *m->model ? m->model : "Modem", m->state);
                print_entry(s, "Port", (const char *const[]){ m->device, m->protocol, NULL }, ", ");
                print_entry(s, "Link", (const char *const[]){ *m->links ? m->links : "none", NULL },
                            "");
                if (sim)
                        print_entry(s, "SIM", (const char *const[]){ sim->label, tail, NULL }, " ");
                print_entry(s, "Counted by",
                            (const char *const[]){ g_str_equal(m->source, "link")
                                                           ? "the kernel's counter of the link"
                                                           : "the modem's own counter",
                                                   NULL },
                            "");
                if (*m->problem || m->counter_dispute)
                        print_problem(s, m);
                print_unassigned(s, m);
        }
}
