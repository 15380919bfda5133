/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is said of time: how often, from when, until when. */

#include <errno.h>
#include <string.h>

#include "sentence.h"
#include "words-clause.h"

static int set_every(Reader *r, LengthUnit unit, int64_t n) {
        if (r->part->every.unit != LENGTH_NONE)
                return clause_refuse_twice(r, "how often it begins again");
        if (unit == LENGTH_CALENDAR_MONTHS)
                unit = LENGTH_MONTHS;
        if (unit == LENGTH_SECONDS && n < 3600)
                return sentence_refuse(r->scan.ret_error, "every: the least is every 1h");

        r->part->every = (Length){ unit, n };
        return 0;
}

int clause_daily(Reader *r) {
        return set_every(r, LENGTH_DAYS, 1);
}

int clause_weekly(Reader *r) {
        return set_every(r, LENGTH_WEEKS, 1);
}

int clause_monthly(Reader *r) {
        return set_every(r, LENGTH_MONTHS, 1);
}

int clause_yearly(Reader *r) {
        return set_every(r, LENGTH_MONTHS, 12);
}

int clause_every(Reader *r) {
        static const struct {
                const char *word;
                LengthUnit unit;
                int n;
        } units[] = { { "hour", LENGTH_SECONDS, 3600 },
                      { "day", LENGTH_DAYS, 1 },
                      { "week", LENGTH_WEEKS, 1 },
                      { "month", LENGTH_MONTHS, 1 },
                      { "year", LENGTH_MONTHS, 12 } };
        Length length;
        int k;

        for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
                if (scan_accept(&r->scan, units[i].word))
                        return set_every(r, units[i].unit, units[i].n);

        k = scan_length(&r->scan, &length);
        if (k < 0)
                return k;
        if (k == 0)
                return clause_refuse(r, "every",
                                     "say for example every 28 days, every month or every 24h");
        return set_every(r, length.unit, length.n);
}

/* on 15, on the 15th, on the last day, on Monday */
int clause_on(Reader *r) {
        int k;

        if (r->part->day > 0 || r->part->weekday >= 0)
                return clause_refuse_twice(r, "on DAY");

        (void) scan_accept(&r->scan, "day");
        if (strcmp(scan_peek(&r->scan, 0), "the") == 0 &&
            strcmp(scan_peek(&r->scan, 1), "last") == 0)
                r->scan.next++;
        if (scan_accept(&r->scan, "last")) {
                (void) scan_accept(&r->scan, "day");
                r->part->day = 31;
                return 0;
        }

        k = scan_weekday(&r->scan, &r->part->weekday);
        if (k == 0)
                k = scan_day_number(&r->scan, &r->part->day);
        if (k == 0)
                return clause_refuse(r, "on",
                                     "say a day of the month or of the week, for example monthly "
                                     "on 15, weekly on Monday; a date comes after from");
        return k;
}

int clause_at(Reader *r) {
        int k;

        if (scan_accept(&r->scan, "home"))
                return clause_home(r);
        if (r->part->at != TIME_NONE)
                return clause_refuse_twice(r, "at HH:MM");

        k = scan_time(&r->scan, &r->part->at);
        return k == 0 ? clause_refuse(r, "at", "say a time of day, for example at 01:00") : k;
}

int clause_for(Reader *r) {
        int k;

        if (r->part->lasts.unit != LENGTH_NONE)
                return clause_refuse_twice(r, "for LENGTH");

        k = scan_length(&r->scan, &r->part->lasts);
        return k == 0 ? clause_refuse(r, "for",
                                      "say a length, for example for 10 days, for 24h or for 1 "
                                      "month")
                      : k;
}

/* first use, first use abroad, first network, install */
static bool read_event(Reader *r, StartKind *ret) {
        Scan *s = &r->scan;

        if (scan_accept(s, "now"))
                *ret = START_NOW;
        else if (scan_accept(s, "install") || scan_accept(s, "installation"))
                *ret = START_INSTALL;
        else if (scan_accept(s, "first-use"))
                *ret = START_FIRST_USE;
        else if (scan_accept(s, "first-network"))
                *ret = START_FIRST_NETWORK;
        else if (scan_accept(s, "first-use-abroad"))
                *ret = START_FIRST_USE_ABROAD;
        else if (strcmp(scan_peek(s, 0), "first") == 0 && strcmp(scan_peek(s, 1), "network") == 0) {
                s->next += 2;
                *ret = START_FIRST_NETWORK;
        } else if (strcmp(scan_peek(s, 0), "first") == 0 && strcmp(scan_peek(s, 1), "use") == 0) {
                s->next += 2;
                *ret = !scan_is_after_comma(s) && scan_accept(s, "abroad") ? START_FIRST_USE_ABROAD
                                                                           : START_FIRST_USE;
        } else
                return false;

        return true;
}

int clause_from(Reader *r) {
        int k;

        if (r->part->from != START_UNSAID)
                return clause_refuse_twice(r, "from");
        if (read_event(r, &r->part->from))
                return 0;

        k = scan_date(&r->scan, &r->part->from_date);
        if (k == 0)
                return clause_refuse(r, "from",
                                     "say a date, for example from 19 Nov, from today, or from "
                                     "first use");
        if (k > 0)
                r->part->from = START_AT;
        return k;
}

int clause_until(Reader *r) {
        int k;

        if (r->part->until.is_said)
                return clause_refuse_twice(r, "until");

        k = scan_date(&r->scan, &r->part->until);
        return k == 0 ? clause_refuse(r, "until", "say a date, for example until 30 Nov") : k;
}
