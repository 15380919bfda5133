/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A plan that has not been set: what was understood of it. */

#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "plan-values.h"
#include "print.h"

static char *price_text(const AtZero *rule) {
        g_autofree char *price = value_write_money(&rule->price);
        g_autofree char *step = value_write_bytes(rule->step_bytes);
        g_autofree char *most = NULL;

        if (rule->ceiling.currency[0] == '\0')
                return g_strdup_printf(_("%s per %s"), price, step);
        most = value_write_money(&rule->ceiling);
        return g_strdup_printf(_("%s per %s up to %s"), price, step, most);
}

char *style_at_zero(const char *at_zero) {
        AtZero rule;

        if (g_str_equal(at_zero, "next"))
                return g_strdup(_("the next amount"));
        if (value_read_at_zero(at_zero, &rule) < 0)
                return g_strdup(at_zero);

        switch (rule.kind) {
        case AT_ZERO_THROTTLE:
                return style_rate(rule.rate_bps);
        case AT_ZERO_BILL:
                return price_text(&rule);
        default:
                return g_strdup(_("nothing more"));
        }
}

/* "10 days", "1 month"; and what is exact as a plan has it: "24h", "10x24h". */
static char *length_text(const Length *length) {
        int n = (int) MIN(length->n, G_MAXINT);
        unsigned long plural = (unsigned long) n;

        switch (length->unit) {
        case LENGTH_DAYS:
                return style_days(n);
        case LENGTH_WEEKS:
                return g_strdup_printf(ngettext("%d week", "%d weeks", plural), n);
        case LENGTH_MONTHS:
                return g_strdup_printf(ngettext("%d month", "%d months", plural), n);
        case LENGTH_CALENDAR_MONTHS:
                return g_strdup_printf(ngettext("%d calendar month", "%d calendar months", plural),
                                       n);
        default:
                return value_write_length(length);
        }
}

/* "every month", "every 28 days"; NULL for one period. */
static char *every_text(const Bucket *b) {
        static const struct {
                LengthUnit unit;
                const char *text;
        } single[] = {
                { LENGTH_DAYS, N_("every day") },
                { LENGTH_WEEKS, N_("every week") },
                { LENGTH_MONTHS, N_("every month") },
        };
        g_autofree char *length = NULL;

        if (b->rolling.unit != LENGTH_NONE) {
                length = length_text(&b->rolling);
                return g_strdup_printf(_("in any %s"), length);
        }
        if (b->every.unit == LENGTH_NONE)
                return NULL;
        for (size_t i = 0; i < G_N_ELEMENTS(single); i++)
                if (b->every.unit == single[i].unit && b->every.n == 1)
                        return g_strdup(gettext(single[i].text));

        length = length_text(&b->every);
        return g_strdup_printf(_("every %s"), length);
}

static char *start_text(const Bucket *b) {
        g_autofree char *at = NULL;

        switch (b->starts.kind) {
        case START_AT:
                at = value_write_local_time(&b->starts.at);
                return g_strdup_printf(_("begins %s"), at);
        case START_FIRST_USE:
                return g_strdup(_("begins with the first use"));
        case START_FIRST_NETWORK:
                return g_strdup(_("begins with the first network"));
        case START_FIRST_USE_ABROAD:
                return g_strdup(_("begins with the first use abroad"));
        case START_INSTALL:
                return g_strdup(_("begins when it is installed"));
        case START_AFTER:
                return g_strdup_printf(_("begins after %s"), b->starts.after);
        default:
                return g_strdup(_("has not begun"));
        }
}

/* The longest part of a validity that has not begun: "then for 10 days". */
static char *lasts_text(const Bucket *b) {
        g_autofree char *length = NULL;

        if (b->lasts.unit == LENGTH_NONE)
                return NULL;
        length = length_text(&b->lasts);
        return g_strdup_printf(_("then lasts %s"), length);
}

static char *where_text(const RemoteBucket *b) {
        if (g_str_equal(b->where, "anywhere"))
                return NULL;
        if (g_ascii_isdigit(*b->where))
                return g_strdup_printf(C_("place", "in %s"), b->where);
        if (g_str_equal(b->where, "home"))
                return g_strdup(C_("place", "at home"));
        return g_strdup(g_str_equal(b->where, "abroad") ? C_("place", "abroad") : b->where);
}

/* Adds a text, which it then owns, if there is one. */
static void add(GPtrArray *parts, char *text) {
        if (text)
                g_ptr_array_add(parts, text);
}

static void add_amount(const Style *s, GPtrArray *parts, const RemoteBucket *b,
                       const Bucket *said) {
        g_autofree char *size = size_format(b->bytes, s->unit), *every = NULL;
        const char *amount;

        every = said ? every_text(said) : NULL;
        amount = b->unlimited ? _("unlimited") : size;
        add(parts,
            every ? g_strdup_printf(C_("amount", "%s %s"), amount, every) : g_strdup(amount));
        if (said && said->within)
                add(parts, g_strdup_printf(_("within %s"), said->within));
        add(parts, where_text(b));
        if (!g_str_equal(b->at_zero, "next") && !b->unlimited) {
                g_autofree char *zero = style_at_zero(b->at_zero);

                add(parts, g_strdup_printf(_("then %s"), zero));
        }
}

static void add_times(const Style *s, GPtrArray *parts, const RemoteBucket *b, const Bucket *said,
                      const char *zone) {
        g_autofree char *start = style_instant(s, b->period_start);
        g_autofree char *end = style_moment(s, b->period_end, zone, "");
        g_autofree char *last = style_end(s, b->expires_at, zone, "");
        g_autofree char *by = style_end_short(s, b->start_by);
        bool is_one = b->period_end == 0 || b->period_end == b->expires_at;

        if (b->expired)
                add(parts, b->expires_at > 0 ? g_strdup_printf(_("EXPIRED %s"), last)
                                             : g_strdup(_("EXPIRED")));
        else if (!b->begun) {
                add(parts, said ? start_text(said) : g_strdup(_("has not begun")));
                add(parts, said ? lasts_text(said) : NULL);
                if (b->start_by > 0)
                        add(parts, g_strdup_printf(_("to begin by %s"), by));
        } else if (is_one)
                add(parts, g_strdup_printf(_("since %s"), start));
        else
                add(parts, g_strdup_printf(_("this one from %s to %s"), start, end));
        if (b->begun && !b->expired && b->expires_at > 0)
                add(parts, g_strdup_printf(_("ends %s"), last));
}

static void add_use(const Style *s, GPtrArray *parts, const RemoteBucket *b) {
        g_autofree char *left = size_format(b->remaining_bytes, s->unit);
        g_autofree char *used = size_format(b->used_bytes, s->unit);

        if (!b->unlimited)
                add(parts, g_strdup_printf(_("%s left"), left));
        add(parts, g_strdup_printf(_("%s used"), used));
}

static void print_bucket(const Style *s, const RemoteBucket *b, const Bucket *said,
                         const char *zone) {
        g_autoptr(GPtrArray) amount = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GPtrArray) times = g_ptr_array_new_with_free_func(g_free);

        add_amount(s, amount, b, said);
        add_times(s, times, b, said, zone);
        if (b->used_bytes > 0)
                add_use(s, times, b);
        g_ptr_array_add(amount, NULL);
        g_ptr_array_add(times, NULL);
        print_entry(s, b->name, (const char *const *) amount->pdata, style_dot(s));
        print_entry(s, "", (const char *const *) times->pdata, style_dot(s));
}

void print_check(const Style *s, const Plan *plan, const GPtrArray *buckets) {
        g_autofree char *text = plan_print(plan);
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        printf("%s\n", plan->name ?: _("A plan without a name"));
        for (guint i = 0; i < buckets->len; i++) {
                const RemoteBucket *b = buckets->pdata[i];
                const Bucket *said = plan_find_bucket(plan, b->name);

                print_bucket(s, b, said, (said && said->zone ? said->zone : plan->zone) ?: "");
        }
        putchar('\n');
        for (char **line = lines; *line && (*line[0] || line[1]); line++)
                printf("%s%s\n", **line ? "    " : "", *line);
}
