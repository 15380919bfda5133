/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Instants and spans of time, as people read them, in the language of all other words. */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "calendar.h"
#include "i18n.h"
#include "print.h"

#define MINUTE 60
#define HOUR   3600
#define DAY    86400

static GDateTime *local_time(GTimeZone *zone, uint64_t instant) {
        g_autoptr(GDateTime) utc = NULL;

        if (instant > CALENDAR_LAST)
                return NULL;
        utc = g_date_time_new_from_unix_utc((int64_t) instant);
        return utc ? g_date_time_to_timezone(utc, zone) : NULL;
}

static const char *weekday_name(int day, bool is_short) {
        static const char *const names[][2] = {
                { N_("Monday"), NC_("weekday", "Mon") },
                { N_("Tuesday"), NC_("weekday", "Tue") },
                { N_("Wednesday"), NC_("weekday", "Wed") },
                { N_("Thursday"), NC_("weekday", "Thu") },
                { N_("Friday"), NC_("weekday", "Fri") },
                { N_("Saturday"), NC_("weekday", "Sat") },
                { N_("Sunday"), NC_("weekday", "Sun") },
        };

        return is_short ? g_dpgettext2(NULL, "weekday", names[day - 1][1])
                        : gettext(names[day - 1][0]);
}

static const char *month_name(int month) {
        static const char *const names[] = {
                NC_("month", "Jan"), NC_("month", "Feb"), NC_("month", "Mar"), NC_("month", "Apr"),
                NC_("month", "May"), NC_("month", "Jun"), NC_("month", "Jul"), NC_("month", "Aug"),
                NC_("month", "Sep"), NC_("month", "Oct"), NC_("month", "Nov"), NC_("month", "Dec"),
        };

        return g_dpgettext2(NULL, "month", names[month - 1]);
}

/*
 * As strftime() has it, but for the names of days and months: those are of the language of our
 * words, and not of LC_TIME, which may be another one.
 */
static char *format_time(GDateTime *time, const char *format) {
        g_autoptr(GString) own = g_string_new(NULL);

        for (const char *c = format; *c; c++)
                if (c[0] == '%' && c[1] == 'a' && c++)
                        g_string_append(own, weekday_name(g_date_time_get_day_of_week(time), true));
                else if (c[0] == '%' && c[1] == 'A' && c++)
                        g_string_append(own,
                                        weekday_name(g_date_time_get_day_of_week(time), false));
                else if (c[0] == '%' && c[1] == 'b' && c++)
                        g_string_append(own, month_name(g_date_time_get_month(time)));
                else
                        g_string_append_c(own, *c);

        return g_date_time_format(time, own->str);
}

/* The formats are C_("date", …), in which each language has its order. */
char *style_time(const Style *s, uint64_t instant, const char *format) {
        g_autoptr(GDateTime) then = local_time(s->zone, instant);

        return then ? format_time(then, format) : g_strdup("?");
}

static bool is_this_year(const Style *s, uint64_t instant) {
        g_autoptr(GDateTime) then = local_time(s->zone, instant);
        g_autoptr(GDateTime) now = local_time(s->zone, (uint64_t) s->now);

        return then && now && g_date_time_get_year(then) == g_date_time_get_year(now);
}

char *style_instant(const Style *s, uint64_t instant) {
        if (instant == 0)
                return g_strdup(C_("last used", "never"));
        return style_time(s, instant,
                          is_this_year(s, instant) ? C_("date", "%-d %b %H:%M")
                                                   : C_("date", "%-d %b %Y"));
}

char *style_day(const Style *s, uint64_t instant) {
        return style_time(s, instant,
                          is_this_year(s, instant) ? C_("date", "%a %-d %b")
                                                   : C_("date", "%-d %b %Y"));
}

char *style_day_short(const Style *s, uint64_t instant) {
        return style_time(s, instant,
                          is_this_year(s, instant) ? C_("date", "%-d %b")
                                                   : C_("date", "%-d %b %Y"));
}

char *style_clock(const Style *s, uint64_t instant) {
        return style_time(s, instant, C_("date", "%H:%M"));
}

int64_t style_days_until(const Style *s, uint64_t instant) {
        if (instant > CALENDAR_LAST)
                return 0;
        return calendar_day(s->zone, (int64_t) instant) - calendar_day(s->zone, s->now);
}

char *style_days(int n) {
        return g_strdup_printf(ngettext("%d day", "%d days", (unsigned long) n), n);
}

char *style_day_near(const Style *s, uint64_t instant) {
        int64_t days = style_days_until(s, instant);

        if (days == 0)
                return g_strdup(_("today"));
        if (days < 0 || days >= 7)
                return style_day(s, instant);
        /* xgettext:no-c-format */
        return style_time(s, instant, C_("date", "%A"));
}

char *style_distance(const Style *s, uint64_t instant) {
        int64_t seconds = MAX(llabs((int64_t) MIN(instant, CALENDAR_LAST) - s->now), 0);
        int64_t days = llabs(style_days_until(s, instant));
        int hours = (int) (seconds / HOUR), minutes = (int) (seconds % HOUR / MINUTE);

        if (seconds < HOUR)
                return g_strdup_printf(_("%d min"), minutes);
        if (seconds < DAY && minutes == 0)
                return g_strdup_printf(_("%d h"), hours);
        if (seconds < DAY)
                return g_strdup_printf(_("%d h %d min"), hours, minutes);
        return style_days((int) days);
}

/* "UTC+8" for +08:00, "Tokyo" for Asia/Tokyo. */
static char *zone_label(const char *zone) {
        const char *city = strrchr(zone, '/');
        int hours, minutes;

        if (*zone != '+' && *zone != '-')
                return g_strdelimit(g_strdup(city ? city + 1 : zone), "_", ' ');

        hours = atoi(zone + 1);
        minutes = strlen(zone) == strlen("+00:00") ? atoi(zone + strlen("+00:")) : 0;
        if (minutes == 0)
                return g_strdup_printf("UTC%c%d", *zone, hours);
        return g_strdup_printf("UTC%c%d:%02d", *zone, hours, minutes);
}

/* What the plan's own clocks show then, where they differ: "00:00 UTC+8"; else NULL. */
static char *other_zone(const Style *s, uint64_t instant, const char *zone) {
        g_autoptr(GDateTime) here = local_time(s->zone, instant), there = NULL;
        g_autofree char *label = NULL, *text = NULL;
        g_autoptr(GTimeZone) other = NULL;

        if (!*zone || !here || calendar_zone(zone, &other) < 0)
                return NULL;
        there = local_time(other, instant);
        if (!there || g_date_time_get_utc_offset(here) == g_date_time_get_utc_offset(there))
                return NULL;

        label = zone_label(zone);
        text = format_time(there,
                           g_date_time_get_day_of_year(here) == g_date_time_get_day_of_year(there)
                                   ? C_("date", "%H:%M")
                                   : C_("date", "%-d %b %H:%M"));
        return g_strdup_printf("%s %s", text, label);
}

/* Owns the instant's text. */
static char *with_brackets(const Style *s, char *when, uint64_t instant, const char *zone,
                           const char *more) {
        g_autofree char *own = when, *there = other_zone(s, instant, zone);

        if (there && *more)
                return g_strdup_printf(_("%s (%s; %s)"), own, there, more);
        if (there || *more)
                return g_strdup_printf(_("%s (%s)"), own, there ?: more);
        return g_steal_pointer(&own);
}

char *style_moment(const Style *s, uint64_t instant, const char *zone, const char *more) {
        return with_brackets(s, style_instant(s, instant), instant, zone, more);
}

char *style_soon(const Style *s, uint64_t instant, const char *zone, const char *more) {
        bool is_near = instant <= (uint64_t) s->now + DAY;

        return with_brackets(s, is_near ? style_clock(s, instant) : style_instant(s, instant),
                             instant, zone, more);
}

/* The day that ends at midnight is the one that people mean. */
static uint64_t last_minute(const Style *s, uint64_t instant) {
        g_autoptr(GDateTime) here = local_time(s->zone, instant);
        bool is_midnight =
                here && g_date_time_get_hour(here) == 0 && g_date_time_get_minute(here) == 0;

        return is_midnight && instant > 0 ? instant - 1 : instant;
}

int64_t style_days_early(const Style *s, uint64_t runs_out, uint64_t end) {
        return style_days_until(s, last_minute(s, end)) - style_days_until(s, runs_out);
}

char *style_end(const Style *s, uint64_t instant, const char *zone, const char *more) {
        uint64_t last = last_minute(s, instant);
        const char *format = is_this_year(s, last) ? C_("date", "%a %-d %b %H:%M")
                                                   : C_("date", "%a %-d %b %Y %H:%M");

        return with_brackets(s, style_time(s, last, format), instant, zone, more);
}

char *style_end_day(const Style *s, uint64_t instant) {
        uint64_t last = last_minute(s, instant);

        return style_time(s, last,
                          is_this_year(s, last) ? C_("date", "%-d %b") : C_("date", "%-d %b %Y"));
}

char *style_end_short(const Style *s, uint64_t instant) {
        return style_instant(s, last_minute(s, instant));
}

/* Writes so many digits, and returns what is behind them. */
static char *put_digits(char *to, long number, int n) {
        for (int i = n - 1; i >= 0; i--, number /= 10)
                to[i] = (char) ('0' + number % 10);
        return to + n;
}

/* "Z", or such as "+09:00". */
static char *put_offset(char *to, long minutes) {
        if (minutes == 0) {
                *to++ = 'Z';
                return to;
        }

        *to++ = minutes < 0 ? '-' : '+';
        to = put_digits(to, labs(minutes) / 60, 2);
        *to++ = ':';
        return put_digits(to, labs(minutes) % 60, 2);
}

/* By hand: a history has thousands of them, and printf() would take longer than all the rest. */
char *rfc3339(uint64_t instant) {
        char text[sizeof("9999-12-31T23:59:59+00:00")], *to = text;
        time_t then = (time_t) instant;
        struct tm local;

        if (instant == 0 || instant > CALENDAR_LAST || !localtime_r(&then, &local))
                return NULL;
        if (local.tm_year > 9999 - 1900) /* the last hours of 9999, here */
                return NULL;

        const struct {
                int number, digits;
                char before;
        } parts[] = {
                { local.tm_year + 1900, 4, '\0' }, { local.tm_mon + 1, 2, '-' },
                { local.tm_mday, 2, '-' },         { local.tm_hour, 2, 'T' },
                { local.tm_min, 2, ':' },          { local.tm_sec, 2, ':' },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
                if (parts[i].before)
                        *to++ = parts[i].before;
                to = put_digits(to, parts[i].number, parts[i].digits);
        }
        to = put_offset(to, local.tm_gmtoff / 60);
        return g_strndup(text, (size_t) (to - text));
}
