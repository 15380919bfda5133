/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "statement.h"

#include <stdio.h>

#include "calendar.h"
#include "i18n.h"
#include "print-json.h"
#include "traffic.h"

#define DAY_COLUMNS 18

static RemoteRow add_up(const GArray *rows) {
        RemoteRow sum = { 0 };

        for (guint i = 0; i < rows->len; i++) {
                const RemoteRow *row = &g_array_index(rows, RemoteRow, i);

                sum.home_rx = traffic_saturated(sum.home_rx, row->home_rx);
                sum.home_tx = traffic_saturated(sum.home_tx, row->home_tx);
                sum.roaming_rx = traffic_saturated(sum.roaming_rx, row->roaming_rx);
                sum.roaming_tx = traffic_saturated(sum.roaming_tx, row->roaming_tx);
        }

        return sum;
}

uint64_t statement_end(const Style *s, const RemoteBucket *period) {
        return period->period_end ?: period->expires_at ?: (uint64_t) s->now;
}

static void print_direction(const Style *s, const char *name, uint64_t rx, uint64_t tx) {
        g_autofree char *all = size_format(traffic_saturated(rx, tx), s->unit);
        g_autofree char *in = size_format(rx, s->unit), *out = size_format(tx, s->unit);
        g_autofree char *received = g_strdup_printf(_("%s received"), in);
        g_autofree char *sent = g_strdup_printf(_("%s sent"), out);

        if (rx > 0 || tx > 0)
                print_entry(s, name, (const char *const[]){ all, received, sent, NULL },
                            style_dot(s));
}

/* By how much the bill is above or below our count. */
static void print_bill(const Style *s, const Statement *st) {
        uint64_t used = st->period->used_bytes;
        bool is_more = st->bill >= used;
        uint64_t difference = is_more ? st->bill - used : used - st->bill;
        g_autofree char *bill = size_format(st->bill, s->unit);
        g_autofree char *apart = size_format(difference, s->unit);
        double percent = used > 0 ? 100.0 * (double) difference / (double) used : 0;
        g_autofree char *share = g_strdup_printf(_("%s (%.1f %%)"), apart, percent);
        g_autofree char *by = g_strdup(used > 0 ? share : apart);
        g_autofree char *text =
                difference == 0 ? g_strdup_printf(_("%s, as we counted"), bill)
                : is_more       ? g_strdup_printf(_("%s: %s more than we counted"), bill, by)
                                : g_strdup_printf(_("%s: %s less than we counted"), bill, by);

        if (st->has_bill)
                print_sentence(s, _("Bill"), text);
}

static void print_identity(const Style *s, GHashTable *identity) {
        static const char *const names[] = { "Iccid", "Imsi", "Eid" };

        for (size_t i = 0; identity && i < G_N_ELEMENTS(names); i++) {
                const char *value = g_hash_table_lookup(identity, names[i]);
                g_autofree char *name = g_ascii_strup(names[i], -1);

                if (value)
                        print_sentence(s, name, value);
        }
}

/* They are days of the plan's clocks, and called as those call them. */
static void print_days(const Style *s, const char *zone_name, const GArray *rows) {
        g_autoptr(GTimeZone) zone = NULL;
        Style theirs = *s; /* its zone is not owned */

        if (calendar_zone(zone_name, &zone) == 0)
                theirs.zone = zone;

        for (guint i = 0; i < rows->len; i++) {
                const RemoteRow *row = &g_array_index(rows, RemoteRow, i);
                uint64_t roaming = traffic_saturated(row->roaming_rx, row->roaming_tx);
                g_autofree char *day = style_day(&theirs, row->start);
                uint64_t home = traffic_saturated(row->home_rx, row->home_tx);
                g_autofree char *size = size_format(traffic_saturated(home, roaming), s->unit);
                g_autofree char *all = g_strdup_printf("%8s", size);
                g_autofree char *abroad = size_format(roaming, s->unit);
                g_autofree char *part = g_strdup_printf(_("%s roaming"), abroad);

                printf("    ");
                print_column(day, DAY_COLUMNS);
                print_folded(s, (const char *const[]){ all, roaming > 0 ? part : NULL, NULL },
                             style_dot(s), 4 + DAY_COLUMNS);
        }
}

void print_statement(const Style *s, const Statement *st) {
        const RemoteBucket *p = st->period;
        RemoteRow sum = add_up(st->rows);
        g_autofree char *tail = style_tail(s, st->sim->iccid_tail);
        g_autofree char *from = style_moment(s, p->period_start, st->sim->plan.zone, "");
        g_autofree char *to = style_end(s, statement_end(s, p), st->sim->plan.zone, "");
        g_autofree char *period = g_strdup_printf(C_("time", "%s to %s"), from, to);
        g_autofree char *used = size_format(p->used_bytes, s->unit);
        g_autofree char *limit = size_format(p->bytes, s->unit);
        g_autofree char *rolled = size_format(p->rolled_over_bytes, s->unit);
        g_autofree char *over = size_format(p->over_bytes, s->unit);
        g_autofree char *amount = p->unlimited
                                          ? g_strdup(used)
                                          : g_strdup_printf(C_("amount", "%s of %s"), used, limit);
        g_autofree char *carried = g_strdup_printf(_("%s rolled over"), rolled);
        g_autofree char *beyond = g_strdup_printf(_("%s beyond it"), over);
        const char *parts[4] = { amount };
        int n = 1;

        if (p->rolled_over_bytes > 0)
                parts[n++] = carried;
        if (p->over_bytes > 0)
                parts[n++] = beyond;
        printf("%s %s\n", st->sim->label, tail);
        print_identity(s, st->identity);
        print_sentence(s, _("Plan"), *st->sim->plan.name ? st->sim->plan.name : p->name);
        print_sentence(s, _("Period"), period);
        print_entry(s, _("Used"), parts, style_dot(s));
        print_bill(s, st);
        print_direction(s, _("At home"), sum.home_rx, sum.home_tx);
        print_direction(s, _("Roaming"), sum.roaming_rx, sum.roaming_tx);
        print_days(s, st->sim->plan.zone, st->rows);
}

void print_statement_json(const Style *s, const Statement *st) {
        g_auto(Json) j = { 0 };

        json_init(&j);
        json_begin(&j, NULL, '{');
        json_add_number(&j, "version", FORMAT_VERSION);
        json_add_text(&j, "sim", st->sim->path);
        json_add_text(&j, "label", st->sim->label);
        json_add_text(&j, "plan", st->sim->plan.name);
        if (st->identity) {
                json_add_text(&j, "iccid", g_hash_table_lookup(st->identity, "Iccid"));
                json_add_text(&j, "imsi", g_hash_table_lookup(st->identity, "Imsi"));
        }
        json_add_bucket(&j, "period", st->period);
        if (st->has_bill)
                json_add_number(&j, "bill_bytes", st->bill);
        json_add_rows(&j, st->rows);
        json_end(&j, '}');
        puts(j.text->str);
}
