/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From what was said to a plan: here is decided what was meant where nothing was said. */

#include <errno.h>
#include <string.h>

#include "plan-values.h"
#include "sentence.h"
#include "words-internal.h"

#define LAST_MINUTE 1439
#define MONDAY      0
#define LAST_YEAR   9998

typedef struct Compiler {
        WordsRead *said;
        GDate today; /* on the clocks of the zone … */
        int minutes; /* … and the time of day */
        Words *words;
        char **ret_error;
} Compiler;

/* -EINVAL: the clock is far from any date that a plan may have. */
static int compiler_set_now(Compiler *c, int64_t now, GTimeZone *zone) {
        g_autoptr(GTimeZone) own = c->said->zone ? g_time_zone_new_identifier(c->said->zone) : NULL;
        g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now);
        g_autoptr(GDateTime) local = utc ? g_date_time_to_timezone(utc, own ? own : zone) : NULL;
        int year = local ? g_date_time_get_year(local) : 0;

        if (year < 1980 || year > 9990)
                return sentence_refuse(c->ret_error,
                                       "the clock is not set (it says %d); set it first", year);

        g_date_clear(&c->today, 1);
        g_date_set_dmy(&c->today, (GDateDay) g_date_time_get_day_of_month(local),
                       (GDateMonth) g_date_time_get_month(local), (GDateYear) year);
        c->minutes = g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local);
        return 0;
}

static LocalTime local_time(const GDate *date, int minutes) {
        return (LocalTime){ .year = (int16_t) g_date_get_year(date),
                            .month = (uint8_t) g_date_get_month(date),
                            .day = g_date_get_day(date),
                            .hour = (uint8_t) (MAX(minutes, 0) / 60),
                            .minute = (uint8_t) (MAX(minutes, 0) % 60),
                            .has_time = minutes > 0 };
}

static GDate date_of(const LocalTime *time) {
        GDate date;

        g_date_clear(&date, 1);
        g_date_set_dmy(&date, time->day, (GDateMonth) time->month, (GDateYear) time->year);
        return date;
}

static GDate today_and(const Compiler *c, int days) {
        GDate date = c->today;

        if (days >= 0)
                g_date_add_days(&date, (guint) days);
        else
                g_date_subtract_days(&date, (guint) -days);
        return date;
}

typedef enum Which {
        THE_LATEST,
        THE_NEAREST,
        THE_NEXT,
} Which;

/* A date without a year. Today is the latest and the next one; 29 February may be years away. */
static GDate find_date(const Compiler *c, const LocalTime *date, Which which) {
        int year = g_date_get_year(&c->today), least = G_MAXINT;
        GDate nearest = c->today;

        for (int y = year - 8; y <= year + 8; y++) {
                GDate candidate;
                int days;

                if (!g_date_valid_dmy(date->day, (GDateMonth) date->month, (GDateYear) y))
                        continue;
                g_date_clear(&candidate, 1);
                g_date_set_dmy(&candidate, date->day, (GDateMonth) date->month, (GDateYear) y);
                days = g_date_days_between(&c->today, &candidate);
                if ((which == THE_NEXT && days < 0) || (which == THE_LATEST && days > 0))
                        continue;
                if (ABS(days) < least) {
                        least = ABS(days);
                        nearest = candidate;
                }
        }

        return nearest;
}

static LocalTime resolve(const Compiler *c, const WordsDate *said, Which which) {
        GDate date = said->is_relative      ? today_and(c, said->days)
                     : said->date.year == 0 ? find_date(c, &said->date, which)
                                            : date_of(&said->date);
        LocalTime time = local_time(&date, 0);

        time.hour = said->date.hour;
        time.minute = said->date.minute;
        time.has_time = said->date.has_time;
        return time;
}

/* The day that is named is the last one: its end is meant, and so is that of its last minute. */
static LocalTime end_of(const Compiler *c, const WordsDate *said) {
        LocalTime time = resolve(c, said, THE_NEXT);
        GDate date = date_of(&time);

        if (time.has_time && time.hour * 60 + time.minute < LAST_MINUTE)
                return time;

        g_date_add_days(&date, 1);
        return local_time(&date, 0);
}

/* The last day, today included, of which the time has come. */
static GDate latest_day(const Compiler *c, int at) {
        return today_and(c, c->minutes < at ? -1 : 0);
}

/* The last day of the month of this number; in a short month there may be none. */
static GDate latest_month_day(const Compiler *c, int day, int at) {
        GDate date = latest_day(c, at), month = date;

        g_date_set_day(&month, 1);
        for (;; g_date_subtract_months(&month, 1)) {
                GDate candidate = month;

                if (!g_date_valid_dmy((GDateDay) day, g_date_get_month(&month),
                                      g_date_get_year(&month)))
                        continue;
                g_date_set_day(&candidate, (GDateDay) day);
                if (g_date_compare(&candidate, &date) <= 0)
                        return candidate;
        }
}

static GDate latest_weekday(GDate date, int weekday) {
        int days = ((int) g_date_get_weekday(&date) - G_DATE_MONDAY - weekday + 7) % 7;

        g_date_subtract_days(&date, (guint) days);
        return date;
}

/* What the bucket is called: how often it comes, and a number where that is taken. */
static char *bucket_name(const Compiler *c, const WordsPart *part) {
        static const struct {
                Length every;
                const char *name;
        } names[] = {
                { { LENGTH_DAYS, 1 }, "daily" },
                { { LENGTH_WEEKS, 1 }, "weekly" },
                { { LENGTH_MONTHS, 1 }, "monthly" },
                { { LENGTH_MONTHS, 12 }, "yearly" },
        };
        const Plan *p = c->words->plan;
        g_autofree char *length = value_write_length(&part->every);
        g_autofree char *base = length ? g_strconcat("every ", length, NULL) : g_strdup("data");
        char *name;

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (part->every.unit == names[i].every.unit && part->every.n == names[i].every.n) {
                        g_free(base);
                        base = g_strdup(names[i].name);
                }

        name = g_strdup(base);
        for (int n = 2; plan_find_bucket(p, name); n++) {
                g_free(name);
                name = g_strdup_printf("%s %d", base, n);
        }
        return name;
}

/* Words that make no sense together. */
static int check_part(const Compiler *c, const WordsPart *part) {
        LengthUnit unit = part->every.unit;
        const char *why = NULL;

        if (part->day > 0 && unit != LENGTH_MONTHS)
                why = N_(
                        "a day of the month is for what comes monthly; say for example 20GB monthly "
                        "on 15");
        else if (part->weekday >= 0 && unit != LENGTH_WEEKS)
                why = N_(
                        "a day of the week is for what comes weekly; say for example 5GB weekly on "
                        "Monday");
        else if (part->at != TIME_NONE && unit == LENGTH_NONE &&
                 (part->from != START_AT || part->from_date.date.has_time))
                why = N_("at is the time at which it begins again, or begins on a date; say for "
                         "example 1GB daily at 01:00, or 10GB for 10 days from 19 Nov at 18:30");
        else if (part->lasts.unit != LENGTH_NONE && part->until.is_said)
                why = N_("for and until both say the end; leave one out");
        else if (part->roll_over != 0 && unit == LENGTH_NONE)
                why = N_(
                        "nothing rolls over that does not begin again; say for example 20GB monthly "
                        "on 15, rollover");
        else if (part->roll_over != 0 && part->bytes == PLAN_UNLIMITED)
                why = N_("nothing rolls over of unlimited");
        else if (part->has_figure && part->is_left && part->bytes == PLAN_UNLIMITED)
                why = N_("of unlimited, nothing can be left; say used SIZE");
        else if (part->has_figure && part->is_left && part->roll_over == 0 &&
                 part->figure > part->bytes)
                why = N_("more is left than there is; say the whole first, for example 10GB for 10 "
                         "days, left 6.3GB");

        if (!why)
                return 0;

        *c->ret_error = g_strdup(sentence_translate(why));
        return -EINVAL;
}

/*
 * Where the periods lie, and the first of them begins. The running one counts from its beginning,
 * be it before today; what has a length of validity was bought today; and what is within another
 * goes back as far as that does.
 */
static void set_anchor(const Compiler *c, const WordsPart *part, Bucket *b) {
        const Bucket *outer = c->words->plan->buckets->pdata[0];
        bool is_single = part->every.n == 1, has_day = part->day > 0 || part->weekday >= 0;
        int at = MAX(part->at, 0);
        GDate date = latest_day(c, at);

        if (part->lasts.unit != LENGTH_NONE && !has_day) {
                b->from = local_time(&c->today, 0);
                b->at = part->at;
                return;
        }

        if (part->day > 0)
                date = latest_month_day(c, part->day, at);
        else if (part->weekday >= 0)
                date = latest_weekday(date, part->weekday);
        else if (is_single && part->every.unit == LENGTH_MONTHS)
                date = latest_month_day(c, 1, at);
        else if (is_single && part->every.unit == LENGTH_WEEKS)
                date = latest_weekday(date, MONDAY);
        else if (is_single && part->every.unit == LENGTH_DAYS && part->is_within &&
                 outer->from.year > 0)
                date = date_of(&outer->from);

        b->from = local_time(&date, at);
}

/* A start that was said, and periods that do not begin with it. */
static void set_other_anchor(const WordsPart *part, GDate date, Bucket *b) {
        b->at = part->at;
        b->day = part->day;
        if (part->weekday >= 0) {
                date = latest_weekday(date, part->weekday);
                b->from = local_time(&date, 0);
        }
}

/* What is within another begins with it. */
static void inherit_start(const WordsPart *outer, WordsPart *part) {
        if (!part->is_within || part->from != START_UNSAID)
                return;

        part->from = outer->from;
        part->from_date = outer->from_date;
}

/* It begins on a date that was said. */
static void set_date(const Compiler *c, const WordsPart *part, Bucket *b) {
        bool is_yearly = part->every.unit == LENGTH_MONTHS && part->every.n >= 12;
        LocalTime start = resolve(c, &part->from_date, is_yearly ? THE_LATEST : THE_NEAREST);

        if (part->every.unit == LENGTH_NONE) {
                if (part->at > 0) {
                        start.hour = (uint8_t) (part->at / 60);
                        start.minute = (uint8_t) (part->at % 60);
                        start.has_time = true;
                }
                b->starts = (Start){ .kind = START_AT, .at = start };
        } else if (part->day == 0 && part->weekday < 0) {
                b->from = start;
                b->at = part->at;
        } else {
                b->starts = (Start){ .kind = START_AT, .at = start };
                set_other_anchor(part, date_of(&start), b);
        }
}

static void set_start(const Compiler *c, const WordsPart *part, Bucket *b) {
        bool is_periodic = part->every.unit != LENGTH_NONE;

        if (part->from == START_AT) {
                set_date(c, part, b);
        } else if (part->from != START_UNSAID) {
                b->starts.kind = part->from;
                if (is_periodic)
                        set_other_anchor(part, c->today, b);
                /* Days of the calendar, whenever the first one began. */
                if (part->every.unit == LENGTH_DAYS && part->every.n == 1 && b->at == TIME_NONE)
                        b->at = 0;
        } else if (is_periodic && (part->every.unit != LENGTH_SECONDS || part->at != TIME_NONE)) {
                /* Exact hours count from now on, unless they have a time of day. */
                set_anchor(c, part, b);
        }
}

/*
 * Which part says what happens when nothing is left: the first, if the others are within it; else
 * the last one that says it at all. -1: none.
 */
static int whole_at_zero(const WordsRead *said) {
        const WordsPart *parts = said->parts;

        if (parts[said->n_parts - 1].is_within && parts[0].then.kind != AT_ZERO_UNSAID)
                return 0;
        for (int i = said->n_parts - 1; i >= 0; i--)
                if (parts[i].then.kind != AT_ZERO_UNSAID)
                        return i;
        return -1;
}

/* What is within another ends in the same way, though the other has some left. */
static AtZero own_at_zero(const WordsRead *said, int i) {
        int whole = whole_at_zero(said);

        if (said->parts[i].then.kind == AT_ZERO_UNSAID && said->parts[i].is_within && whole >= 0)
                return said->parts[whole].then;
        if (i == whole && !said->parts[i].is_within)
                return (AtZero){ .kind = AT_ZERO_UNSAID };
        return said->parts[i].then;
}

static int minute_of(const LocalTime *time) {
        return time->hour * 60 + time->minute;
}

static int check_end(const Compiler *c, const Bucket *b) {
        const LocalTime *start = b->starts.kind == START_AT ? &b->starts.at : &b->from;
        bool has_start = start->year > 0;
        GDate first = has_start ? date_of(start) : c->today, last;
        int days, minutes;

        if (b->until.year == 0)
                return 0;

        last = date_of(&b->until);
        days = g_date_days_between(&first, &last);
        minutes = minute_of(&b->until) - (has_start ? minute_of(start) : c->minutes);
        if (days < 0 || (days == 0 && minutes <= 0))
                return sentence_refuse(c->ret_error,
                                       "until: that is before it begins; say a later day, or its "
                                       "year");
        if (b->until.year > LAST_YEAR)
                return sentence_refuse(c->ret_error, "until: that is too far away");
        return 0;
}

static int add_part(Compiler *c, int i) {
        WordsPart *part = &c->said->parts[i];
        g_autofree char *name = bucket_name(c, part);
        Bucket *b;
        int r;

        inherit_start(&c->said->parts[0], part);
        r = check_part(c, part);
        if (r < 0)
                return r;

        b = bucket_new(name);
        g_ptr_array_add(c->words->plan->buckets, b);
        b->bytes = part->bytes;
        b->every = part->every;
        b->lasts = part->lasts;
        b->roll_over = part->roll_over;
        b->where = part->where;
        part->where = (Where){ 0 };
        if (part->until.is_said)
                b->until = end_of(c, &part->until);
        set_start(c, part, b);
        b->at_zero = own_at_zero(c->said, i);
        if (part->is_within)
                b->within = g_strdup(((const Bucket *) c->words->plan->buckets->pdata[0])->name);

        if (part->has_figure) {
                WordsFigure *figure = g_new(WordsFigure, 1);

                *figure = (WordsFigure){ g_strdup(name), part->is_left, part->figure };
                g_ptr_array_add(c->words->figures, figure);
        }
        return check_end(c, b);
}

static void figure_free(void *data) {
        WordsFigure *figure = data;

        g_free(figure->bucket);
        g_free(figure);
}

int words_compile(WordsRead *said, int64_t now, GTimeZone *zone, Words **ret, char **ret_error) {
        g_autoptr(Words) words = g_new(Words, 1);
        Compiler c = { .said = said, .words = words, .ret_error = ret_error };
        int r;

        *words = (Words){ .plan = plan_new(),
                          .figures = g_ptr_array_new_with_free_func(figure_free) };
        r = compiler_set_now(&c, now, zone);
        if (r < 0)
                return r;

        if (whole_at_zero(said) >= 0)
                words->plan->at_zero = said->parts[whole_at_zero(said)].then;
        for (int i = 0; i < said->n_parts; i++) {
                r = add_part(&c, i);
                if (r < 0)
                        return r;
        }
        words->plan->zone = g_steal_pointer(&said->zone);
        words->plan->name = g_steal_pointer(&said->name);

        *ret = g_steal_pointer(&words);
        return 0;
}
