/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several SIMs: a row for each, in columns that a narrow terminal has fewer of. */

#include <stdio.h>

#include "i18n.h"
#include "print.h"
#include "traffic.h"
#include "utf8.h"

#define LABEL_COLUMNS  20
#define SHORT_LABEL    12
#define FEWEST_LABEL   8
#define TAIL_COLUMNS   6
#define MARKER_COLUMNS 2
#define GAP            2

/* A column, and what it shows of a SIM. The text is the caller's to free. */
typedef struct Column {
        const char *title;
        const char *away; /* the title where the SIMs are in no modem */
        unsigned columns;
        unsigned rank; /* what has the greatest goes first, where there is no room */
        char *(*text)(const Style *s, const RemoteSim *sim);
} Column;

static bool is_state(const RemoteSim *sim, const char *state) {
        return sim->plan.has_plan && g_str_equal(sim->plan.state, state);
}

static char *nothing(const Style *s) {
        return g_strdup(s->ascii ? "-" : "–");
}

static char *left_text(const Style *s, const RemoteSim *sim) {
        const RemotePlan *p = &sim->plan;

        if (!p->has_plan)
                return g_strdup(_("no plan yet"));
        if (is_state(sim, "expired"))
                return nothing(s);
        if (p->unlimited)
                return g_strdup(_("unlimited"));
        return style_pair(s, p->remaining_bytes, p->limit_bytes);
}

static char *percent_text(const Style *s, const RemoteSim *sim) {
        if (!sim->plan.has_plan || sim->plan.unlimited || is_state(sim, "expired"))
                return nothing(s);
        return g_strdup_printf(C_("percent", "%2d %%"), (int) sim->plan.percent_used);
}

static uint64_t start_by(const RemotePlan *p) {
        for (guint i = 0; i < p->buckets->len; i++) {
                const RemoteBucket *b = p->buckets->pdata[i];

                if (!b->begun && b->start_by > 0)
                        return b->start_by;
        }

        return 0;
}

static char *until_text(const Style *s, const RemoteSim *sim) {
        const RemotePlan *p = &sim->plan;

        if (is_state(sim, "waiting") && start_by(p) > 0) {
                g_autofree char *day = style_end_day(s, start_by(p));

                return g_strdup_printf(_("start by %s"), day);
        }
        if (!p->has_plan || plan_end(p) == 0)
                return nothing(s);
        return plan_resets(p) ? style_instant(s, p->period_end) : style_end_short(s, p->expires_at);
}

static char *today_text(const Style *s, const RemoteSim *sim) {
        return size_format(sim_today(sim), s->unit);
}

/* Of a SIM that is not there, the day when it was used last. */
static char *today_or_day_text(const Style *s, const RemoteSim *sim) {
        return sim->present            ? today_text(s, sim)
               : sim->last_used_at > 0 ? style_day_short(s, sim->last_used_at)
                                       : g_strdup(C_("last used", "never"));
}

static char *all_text(const Style *s, const RemoteSim *sim) {
        return size_format(traffic_saturated(sim->rx_bytes, sim->tx_bytes), s->unit);
}

static char *last_text(const Style *s, const RemoteSim *sim) {
        return style_instant(s, sim->last_used_at);
}

/* Whether it is connected is told where there is no plan to tell of. */
static char *state_text(const Style *s, const RemoteSim *sim) {
        if (sim->plan.has_plan)
                return g_strdup(style_state(sim->plan.state));
        if (!sim->present)
                return nothing(s);
        if (sim->connected)
                return g_strdup(sim->roaming ? _("connected, roaming") : _("connected"));
        return g_strdup(sim->roaming ? _("in a modem, roaming") : _("in a modem"));
}

static const Column with_plans[] = {
        { NC_("column", "LEFT"), NC_("column", "LEFT"), 16, 0, left_text },
        { NC_("column", "USED"), NC_("column", "USED"), 6, 2, percent_text },
        { NC_("column", "UNTIL"), NC_("column", "UNTIL"), 16, 3, until_text },
        { NC_("column", "TODAY"), NC_("column", "LAST"), 8, 4, today_or_day_text },
        { NC_("column", "STATE"), NC_("column", "STATE"), 9, 1, state_text },
};

static const Column without_plans[] = {
        { NC_("column", "TODAY"), NC_("column", "TODAY"), 9, 2, today_text },
        { NC_("column", "IN ALL"), NC_("column", "IN ALL"), 9, 0, all_text },
        { NC_("column", "LAST USED"), NC_("column", "LAST USED"), 13, 3, last_text },
        { NC_("column", "STATE"), NC_("column", "STATE"), 9, 1, state_text },
};
#define MOST_COLUMNS 5

typedef struct Table {
        const Style *style;
        Column columns[MOST_COLUMNS];
        size_t n_columns, label_columns;
        bool has_tails;
} Table;

static size_t table_width(const Table *t) {
        size_t width = MARKER_COLUMNS + t->label_columns + GAP;

        if (t->has_tails)
                width += TAIL_COLUMNS + GAP;
        for (size_t i = 0; i < t->n_columns; i++)
                width += t->columns[i].columns;
        return width;
}

static void drop_column(Table *t) {
        size_t worst = 0;

        for (size_t i = 1; i < t->n_columns; i++)
                if (t->columns[i].rank > t->columns[worst].rank)
                        worst = i;
        for (size_t i = worst; i + 1 < t->n_columns; i++)
                t->columns[i] = t->columns[i + 1];
        t->n_columns--;
}

static const char *title(const Column *c, bool is_away) {
        return g_dpgettext2(NULL, "column", is_away ? c->away : c->title);
}

/* What stands in it, and its titles, in any language. */
static unsigned widest_text(const Style *s, const Column *c, GPtrArray *sims) {
        size_t widest = MAX(utf8_width(title(c, false)), utf8_width(title(c, true)));

        for (guint i = 0; i < sims->len; i++) {
                g_autofree char *text = c->text(s, sims->pdata[i]);

                widest = MAX(widest, utf8_width(text));
        }

        return (unsigned) widest;
}

/* The last column is as wide as what stands in it; others are so at least. */
static void widen_columns(Table *t, GPtrArray *sims) {
        for (size_t i = 0; i < t->n_columns; i++) {
                Column *c = &t->columns[i];
                unsigned widest = widest_text(t->style, c, sims);

                c->columns = i + 1 < t->n_columns ? MAX(c->columns, widest + 1) : widest;
        }
}

/* Where there is no room, columns go, then the digits, and labels are shortened. */
static Table lay_out(const Style *s, GPtrArray *sims) {
        Table t = { .style = s, .has_tails = true, .label_columns = 3 };
        size_t widest;
        bool has_plan = false;

        for (guint i = 0; i < sims->len; i++) {
                const RemoteSim *sim = sims->pdata[i];

                has_plan = has_plan || sim->plan.has_plan;
                t.label_columns = MAX(t.label_columns, utf8_width(sim->label));
        }
        t.label_columns = MIN(t.label_columns, LABEL_COLUMNS);
        t.n_columns = has_plan ? G_N_ELEMENTS(with_plans) : G_N_ELEMENTS(without_plans);
        for (size_t i = 0; i < t.n_columns; i++)
                t.columns[i] = has_plan ? with_plans[i] : without_plans[i];
        widen_columns(&t, sims);

        widest = t.label_columns;
        t.label_columns = MIN(widest, SHORT_LABEL);
        while (table_width(&t) > s->width && t.n_columns > 2)
                drop_column(&t);
        t.has_tails = table_width(&t) <= s->width;
        t.label_columns = widest;
        while (table_width(&t) > s->width && t.label_columns > FEWEST_LABEL)
                t.label_columns--;
        return t;
}

static void print_titles(const Table *t, bool is_away) {
        size_t columns = t->label_columns + (t->has_tails ? GAP + TAIL_COLUMNS : 0);
        const char *away = C_("column", "Not in this machine");

        if (utf8_width(away) > columns)
                away = C_("column", "Away");
        printf("  ");
        print_column(is_away ? away : C_("column", "SIM"), columns + GAP);
        for (size_t i = 0; i < t->n_columns; i++) {
                const Column *c = &t->columns[i];

                print_column(title(c, is_away), i + 1 < t->n_columns ? c->columns : 0);
        }
        putchar('\n');
}

static void print_row(const Table *t, const RemoteSim *sim) {
        const Style *s = t->style;
        g_autofree char *label = utf8_ellipsize(sim->label, t->label_columns, style_ellipsis(s));
        g_autofree char *tail = style_tail(s, sim->iccid_tail);

        printf("%s ", sim->current ? (s->ascii ? ">" : "▶") : " ");
        print_column(label, t->label_columns + GAP);
        if (t->has_tails)
                print_column(tail, TAIL_COLUMNS + GAP);
        for (size_t i = 0; i < t->n_columns; i++) {
                g_autofree char *text = t->columns[i].text(s, sim);

                print_column(text, i + 1 < t->n_columns ? t->columns[i].columns : 0);
        }
        putchar('\n');
}

/* How to see more, by the digits of the first SIM that does not carry data. */
static void print_hint(const Style *s, GPtrArray *sims) {
        const RemoteSim *first = sims->pdata[0], *last = sims->pdata[sims->len - 1];
        g_autofree char *details =
                g_strdup_printf(_("Details: %s %s"), "simtally status", last->iccid_tail);
        g_autofree char *marker = g_strdup_printf(_("%s carries data now."), s->ascii ? ">" : "▶");

        if (first->current)
                print_folded(s, (const char *const[]){ marker, details, NULL }, "   ", 0);
        else
                printf("%s\n", details);
}

void print_sims(const Style *s, GPtrArray *sims) {
        Table t = lay_out(s, sims);
        bool says_absent = false;

        for (guint i = 0; i < sims->len; i++) {
                const RemoteSim *sim = sims->pdata[i];

                if (!sim->present && !says_absent && i > 0)
                        putchar('\n');
                if (i == 0 || (!sim->present && !says_absent))
                        print_titles(&t, !sim->present);
                says_absent = says_absent || !sim->present;
                print_row(&t, sim);
        }
        if (sims->len > 1 && t.columns[0].text == left_text)
                print_hint(s, sims);
}
