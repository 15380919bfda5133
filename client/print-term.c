/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How long a plan is good for; and what it came to, once it has ended. */

#include <stdio.h>

#include "calendar.h"
#include "i18n.h"
#include "print.h"

#define DAY 86400

/* The bucket whose end is the plan's; NULL. */
static const RemoteBucket *lasting_bucket(const RemotePlan *p) {
        for (guint i = 0; i < p->buckets->len; i++) {
                const RemoteBucket *b = p->buckets->pdata[i];

                if (b->counted && b->begun_at > 0 && b->begun_at < b->expires_at &&
                    b->expires_at == p->expires_at)
                        return b;
        }

        return NULL;
}

static int64_t day_of(GTimeZone *zone, uint64_t instant) {
        return calendar_day(zone, (int64_t) MIN(instant, CALENDAR_LAST));
}

/*
 * How many days it lasts, and which of them this is: by the calendar where it ends at midnight,
 * else of 24 hours each. False: it lasts no whole number of them.
 */
static bool count_days(const Style *s, const RemotePlan *p, const RemoteBucket *b, int *ret_day,
                       int *ret_days) {
        uint64_t now = (uint64_t) s->now, seconds = b->expires_at - b->begun_at;
        g_autoptr(GTimeZone) own = NULL;
        GTimeZone *zone = s->zone;
        int64_t first, last;

        if (calendar_zone(p->zone, &own) >= 0)
                zone = own;
        first = day_of(zone, b->begun_at);
        last = day_of(zone, b->expires_at - 1);

        if (last != day_of(zone, b->expires_at)) {
                *ret_days = (int) (last - first + 1);
                *ret_day = (int) (day_of(zone, now) - first + 1);
                return true;
        }
        if (seconds % DAY != 0)
                return false;

        *ret_days = (int) (seconds / DAY);
        *ret_day = (int) ((now - MIN(b->begun_at, now)) / DAY + 1);
        return true;
}

/* "day 5 of 7", of what is so much each day; NULL. */
static char *day_text(const Style *s, const RemotePlan *p) {
        const RemoteBucket *b = lasting_bucket(p);
        int day, days;

        if (!b || !bucket_is_daily(b) || !count_days(s, p, b, &day, &days) || day > days)
                return NULL;
        return g_strdup_printf(_("day %d of %d"), day, days);
}

void print_term(const Style *s, const RemotePlan *p) {
        g_autofree char *day = day_text(s, p), *distance = style_distance(s, p->expires_at);
        g_autofree char *more = day ? g_strdup("") : g_strdup_printf(C_("time", "in %s"), distance);
        g_autofree char *last = style_end(s, p->expires_at, p->zone, more);
        g_autofree char *ends = g_strdup_printf(_("ends %s"), last);
        g_autofree char *both = day ? g_strjoin(C_("between parts", ", "), day, ends, NULL) : NULL;
        const char *parts[3] = { NULL };
        int n = 0;

        if (*p->name)
                parts[n++] = p->name;
        if (p->expires_at > 0 && (plan_resets(p) || g_str_equal(p->state, "throttled")))
                parts[n++] = both ?: ends;
        if (n > 0)
                print_entry(s, _("Plan"), parts, style_dot(s));
}

char *style_lost(const Style *s, const RemotePlan *p) {
        uint64_t lost = p->limit_bytes > p->used_bytes ? p->limit_bytes - p->used_bytes : 0;
        g_autofree char *last = style_end(s, p->expires_at, p->zone, "");
        g_autofree char *distance = style_distance(s, p->expires_at);
        g_autofree char *left = size_format(lost, s->unit);
        g_autofree char *when = g_strdup_printf(_("%s, %s ago"), last, distance);

        if (p->expires_at == 0)
                return g_strdup(_("it was not begun in time"));
        return lost > 0 ? g_strdup_printf(_("%s; %s was left"), when, left)
                        : g_steal_pointer(&when);
}

/* "12-21 Nov" */
static char *span_text(const Style *s, uint64_t from, uint64_t to) {
        g_autofree char *first = style_day_short(s, from), *last = style_end_day(s, to);
        g_autofree char *month = style_time(s, from, "%m %Y");
        g_autofree char *last_month = style_time(s, to - 1, "%m %Y");
        g_autofree char *day = style_time(s, from, C_("date, the month follows", "%-d"));

        if (g_str_equal(first, last))
                return g_steal_pointer(&last);
        return g_strdup_printf(C_("days", "%s-%s"), g_str_equal(month, last_month) ? day : first,
                               last);
}

/* "10 GB for 10 days (12-21 Nov), 8.6 GB used": what was bought, and what was made of it. */
static char *ended_text(const Style *s, const RemotePlan *p) {
        const RemoteBucket *b = lasting_bucket(p);
        uint64_t begun = b ? b->begun_at : p->period_start;
        g_autofree char *used = size_format(p->used_bytes, s->unit);
        g_autofree char *limit = size_format(p->limit_bytes, s->unit);
        const char *amount = p->limit_bytes > 0 ? limit : _("unlimited");
        g_autofree char *days = NULL, *span = NULL;
        int day, n;

        if (begun == 0 || p->expires_at == 0)
                return g_strdup_printf(_("%s of %s used"), used, limit);

        span = span_text(s, begun, p->expires_at);
        if (b && b->period_start > b->begun_at)
                return g_strdup_printf(_("%s; of the last %s, %s used"), span, amount, used);
        if (!b || !count_days(s, p, b, &day, &n))
                return g_strdup_printf(_("%s (%s), %s used"), amount, span, used);

        days = style_days(n);
        return g_strdup_printf(_("%s for %s (%s), %s used"), amount, days, span, used);
}

void print_ended(const Style *s, const RemotePlan *p) {
        g_autofree char *lost = style_lost(s, p), *ended = ended_text(s, p);
        g_autofree char *since = size_format(p->after_expiry_bytes, s->unit);
        g_autofree char *after = g_strdup_printf(_("%s counted since it expired"), since);
        const char *const named[] = { p->name, ended, NULL };

        print_sentence(s, _("EXPIRED"), lost);
        print_entry(s, _("Plan"), *p->name ? named : named + 1, style_dot(s));
        print_sentence(s, _("After"), after);
        print_sentence(s, _("Bought more?"), "simtally topup 5GB --lasts \"10 days\"");
}
