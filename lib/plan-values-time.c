/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values that say when: starts, hours of the week, and the rules of limits. */

#include <errno.h>
#include <string.h>

#include "plan-values.h"

#define DAYS         7
#define DAY_MINUTES  1440
#define EVERY_DAY    0x7f
#define MAX_PERIODS  1200
#define AFTER        "after "
#define NEXT_DAY     " next-day"
#define THROTTLE_WAY "throttle "

static const char *const day_names[DAYS] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

static const struct {
        const char *name;
        StartKind kind;
} events[] = {
        { "now", START_NOW },
        { "install", START_INSTALL },
        { "first-use", START_FIRST_USE },
        { "first-network", START_FIRST_NETWORK },
        { "first-use-abroad", START_FIRST_USE_ABROAD },
};

static bool read_event(const char *text, StartKind *ret) {
        for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
                if (strcmp(text, events[i].name) == 0) {
                        *ret = events[i].kind;
                        return true;
                }

        return false;
}

static const char *event_name(StartKind kind) {
        for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
                if (events[i].kind == kind)
                        return events[i].name;

        return NULL;
}

int value_read_start(const char *text, Start *ret) {
        LocalTime at;
        StartKind kind;
        int r;

        if (g_str_has_prefix(text, AFTER)) {
                *ret = (Start){ .kind = START_AFTER, .after = g_strdup(text + strlen(AFTER)) };
                return 0;
        }
        if (read_event(text, &kind)) {
                *ret = (Start){ .kind = kind };
                return 0;
        }

        r = value_read_local_time(text, &at);
        if (r < 0)
                return r;
        *ret = (Start){ .kind = START_AT, .at = at };
        return 0;
}

char *value_write_start(const Start *start) {
        switch (start->kind) {
        case START_UNSAID:
                return NULL;
        case START_AT:
                return value_write_local_time(&start->at);
        case START_AFTER:
                return g_strconcat(AFTER, start->after, NULL);
        default:
                return g_strdup(event_name(start->kind));
        }
}

static bool read_day(const char *text, int *ret) {
        for (int i = 0; i < DAYS; i++)
                if (strcmp(text, day_names[i]) == 0) {
                        *ret = i;
                        return true;
                }

        return false;
}

/* Mon-Fri,Sun; from a later day to an earlier one, over the week's end. */
static int read_days(const char *text, uint8_t *ret) {
        g_auto(GStrv) parts = g_strsplit(text, ",", DAYS + 1);
        uint8_t days = 0;

        for (int i = 0; parts[i]; i++) {
                g_autofree char *first = NULL, *last = NULL;
                int from, until;

                if (!value_split(parts[i], "-", &first, &last)) {
                        first = g_strdup(parts[i]);
                        last = g_strdup(parts[i]);
                }
                if (!read_day(first, &from) || !read_day(last, &until))
                        return -EINVAL;
                for (int day = from;; day = (day + 1) % DAYS) {
                        days |= (uint8_t) (1u << day);
                        if (day == until)
                                break;
                }
        }

        *ret = days;
        return days == 0 ? -EINVAL : 0;
}

/* 18:00-02:00, as minutes. */
static int read_hours(const char *text, int *ret_from, int *ret_until) {
        g_autofree char *first = NULL, *last = NULL;
        int from, until, r;

        if (!value_split(text, "-", &first, &last))
                return -EINVAL;
        r = value_read_time_of_day(first, DAY_MINUTES - 1, &from);
        if (r < 0)
                return r;
        r = value_read_time_of_day(last, DAY_MINUTES, &until);
        if (r < 0)
                return r;

        *ret_from = from;
        *ret_until = until;
        return 0;
}

static int read_window(const char *text, void *ret) {
        g_autofree char *days = NULL, *hours = NULL;
        WeekWindow window = { .days = EVERY_DAY };
        int from, until, r;

        if (!value_split(text, " ", &days, &hours))
                hours = g_strdup(text);
        if (days) {
                r = read_days(days, &window.days);
                if (r < 0)
                        return r;
        }
        r = read_hours(hours, &from, &until);
        if (r < 0)
                return r;

        window.from = (int16_t) from;
        window.until = (int16_t) until;
        *(WeekWindow *) ret = window;
        return 0;
}

int value_read_windows(const char *text, GArray **ret) {
        return value_read_list(text, VALUE_MAX_ITEMS, sizeof(WeekWindow), read_window, ret);
}

/* Three days in a row and more as a range. */
static char *write_days(uint8_t days) {
        GString *text = g_string_new(NULL);

        for (int day = 0, last; day < DAYS; day = last + 1) {
                last = day;
                if (!(days & 1u << day))
                        continue;
                while (last + 1 < DAYS && days & 1u << (last + 1))
                        last++;
                if (last == day + 1)
                        last = day;
                g_string_append_printf(text, "%s%s", text->len > 0 ? "," : "", day_names[day]);
                if (last > day)
                        g_string_append_printf(text, "-%s", day_names[last]);
        }

        return g_string_free(text, FALSE);
}

char *value_write_windows(const GArray *windows) {
        GString *list = g_string_new(NULL);

        for (guint i = 0; i < windows->len; i++) {
                const WeekWindow *w = &g_array_index(windows, WeekWindow, i);
                g_autofree char *days = write_days(w->days);
                g_autofree char *from = value_write_time_of_day(w->from);
                g_autofree char *until = value_write_time_of_day(w->until);

                if (w->days == EVERY_DAY)
                        value_append(list, g_strconcat(from, "-", until, NULL));
                else
                        value_append(list, g_strconcat(days, " ", from, "-", until, NULL));
        }

        return g_string_free(list, FALSE);
}

int value_read_roll_over(const char *text, int *ret) {
        g_autofree char *number = NULL;
        int64_t n;
        int r;

        if (strcmp(text, "forever") == 0) {
                *ret = ROLL_FOREVER;
                return 0;
        }

        number = value_without_suffix(text, " period");
        if (!number)
                number = value_without_suffix(text, " periods");
        if (!number)
                return -EINVAL;
        r = value_read_number(number, 1, MAX_PERIODS, &n);
        if (r < 0)
                return r;

        *ret = (int) n;
        return 0;
}

char *value_write_roll_over(int periods) {
        if (periods == 0)
                return NULL;
        if (periods == ROLL_FOREVER)
                return g_strdup("forever");
        return g_strdup_printf("%d period%s", periods, periods == 1 ? "" : "s");
}

static int read_limit_length(const char *text, Length *ret) {
        Length length;
        int r;

        r = value_read_length(text, &length);
        if (r < 0)
                return r;
        if (length.unit == LENGTH_CALENDAR_MONTHS)
                return -EINVAL;

        *ret = length;
        return 0;
}

int value_read_over(const char *text, Limit *ret) {
        g_autofree char *bytes = NULL, *window = NULL;
        int r;

        if (!value_split(text, " in ", &bytes, &window))
                return -EINVAL;
        r = value_read_size(bytes, &ret->over_bytes);
        if (r < 0)
                return r;

        ret->kind = LIMIT_OVER;
        return read_limit_length(window, &ret->window);
}

char *value_write_over(const Limit *limit) {
        g_autofree char *bytes = NULL, *window = NULL;

        if (limit->kind != LIMIT_OVER)
                return NULL;

        bytes = value_write_bytes(limit->over_bytes);
        window = value_write_length(&limit->window);
        return g_strconcat(bytes, " in ", window, NULL);
}

int value_read_after(const char *text, Limit *ret) {
        g_autofree char *length = NULL, *event = NULL;
        StartKind kind;

        if (!value_split(text, " from ", &length, &event) || !read_event(event, &kind))
                return -EINVAL;
        if (kind == START_NOW || kind == START_INSTALL)
                return -EINVAL;

        ret->kind = LIMIT_AFTER;
        ret->after_what = kind;
        return read_limit_length(length, &ret->window);
}

char *value_write_after(const Limit *limit) {
        g_autofree char *length = NULL;

        if (limit->kind != LIMIT_AFTER)
                return NULL;

        length = value_write_length(&limit->window);
        return g_strconcat(length, " from ", event_name(limit->after_what), NULL);
}

int value_read_then(const char *text, Limit *ret) {
        g_autofree char *way = NULL, *at = NULL;
        int r;

        if (value_split(text, " at ", &way, &at)) {
                r = value_read_time_of_day(at, DAY_MINUTES - 1, &ret->then_at);
                if (r < 0)
                        return r;
        } else
                way = g_strdup(text);

        ret->blocks = strcmp(way, "block") == 0;
        if (ret->blocks)
                return 0;
        if (!g_str_has_prefix(way, THROTTLE_WAY))
                return -EINVAL;
        return value_read_rate(way + strlen(THROTTLE_WAY), &ret->rate_bps);
}

char *value_write_then(const Limit *limit) {
        g_autofree char *rate = limit->blocks ? NULL : value_write_rate(limit->rate_bps);
        g_autofree char *at =
                limit->then_at == TIME_NONE ? NULL : value_write_time_of_day(limit->then_at);

        return g_strconcat(limit->blocks ? "block" : THROTTLE_WAY, rate ? rate : "",
                           at ? " at " : "", at, NULL);
}

int value_read_during(const char *text, Limit *ret) {
        g_autofree char *hours = value_without_suffix(text, NEXT_DAY);

        ret->during_next_day = hours != NULL;
        return read_hours(hours ? hours : text, &ret->during_from, &ret->during_until);
}

char *value_write_during(const Limit *limit) {
        g_autofree char *from = NULL, *until = NULL;

        if (limit->during_from == TIME_NONE)
                return NULL;

        from = value_write_time_of_day(limit->during_from);
        until = value_write_time_of_day(limit->during_until);
        return g_strconcat(from, "-", until, limit->during_next_day ? NEXT_DAY : NULL, NULL);
}
