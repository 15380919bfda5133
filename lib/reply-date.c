/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Dates in the orders of many languages, and times of day. */

#include <string.h>

#include "calendar.h"
#include "reply-internal.h"

#define DIGITS          "0123456789"
#define MINUTES_OF_DAY  1440
#define DAY             86400
#define BUDDHIST_OFFSET 543
#define FIRST_BUDDHIST  2400
#define FIRST_YEAR      2000
#define LAST_YEAR       2200
#define NEARBY_YEARS    20
#define PAST_DAYS       31 /* so long ago a date without its year may be */

static const char *const month_names[12] = {
        "january|jan|enero|ene|januar|janner|jaenner|janvier|janv|januari|janeiro|stycznia|января|"
        "ม.ค.|มกราคม|thang 1",
        "february|feb|febrero|februar|fevrier|fevr|februari|fevereiro|fev|lutego|февраля|ก.พ.|"
        "กุมภาพันธ์",
        "march|mar|marzo|marz|maerz|mars|maret|marco|marca|mrz|марта|มี.ค.|มีนาคม",
        "april|apr|abril|abr|avril|avr|kwietnia|апреля|เม.ย.|เมษายน",
        "may|mayo|mai|mei|maio|maja|мая|พ.ค.|พฤษภาคม",
        "june|jun|junio|juni|juin|junho|czerwca|июня|มิ.ย.|มิถุนายน",
        "july|jul|julio|juli|juillet|juil|julho|lipca|июля|ก.ค.|กรกฎาคม",
        "august|aug|agosto|ago|aout|agustus|agu|agt|sierpnia|августа|ส.ค.|สิงหาคม",
        "september|sep|sept|septiembre|septembre|setembro|set|wrzesnia|сентября|ก.ย.|กันยายน",
        "october|oct|octubre|oktober|okt|octobre|outubro|out|pazdziernika|октября|ต.ค.|ตุลาคม",
        "november|nov|noviembre|novembre|novembro|listopada|ноября|พ.ย.|พฤศจิกายน",
        "december|dec|diciembre|dic|dezember|dez|decembre|desember|des|dezembro|grudnia|"
        "декабря|ธ.ค.|ธันวาคม",
};

/* Bytes, and which; 0. */
static size_t month_at(const char *text, int *ret_month) {
        size_t longest = 0;

        for (int i = 0; i < 12; i++) {
                size_t n = reply_longest_of(month_names[i], text, true);

                if (n > longest) {
                        longest = n;
                        *ret_month = i + 1;
                }
        }

        return longest;
}

/* Up to so many digits; 0 where there are none, or more. */
static size_t digits_at(const char *text, size_t most, int *ret) {
        size_t n = strspn(text, DIGITS);
        int sum = 0;

        if (n == 0 || n > most)
                return 0;
        for (size_t i = 0; i < n; i++)
                sum = sum * 10 + (text[i] - '0');

        *ret = sum;
        return n;
}

static size_t prefix_at(const char *text, const char *prefix) {
        return g_str_has_prefix(text, prefix) ? strlen(prefix) : 0;
}

/* 23:59, 23:59:59, 23h59, 23時59分, 11:59 pm */
size_t reply_time_at(const char *text, int *ret_minutes) {
        static const char *const marks[] = { ":", "h", "時", "点" };
        int hour, minute = 0, second;
        size_t n = digits_at(text, 2, &hour), k = 0;

        for (size_t i = 0; n > 0 && k == 0 && i < G_N_ELEMENTS(marks); i++)
                k = prefix_at(text + n, marks[i]);
        if (n == 0 || k == 0 || strspn(text + n + k, DIGITS) != 2)
                return 0;
        n += k;
        n += digits_at(text + n, 2, &minute);
        n += prefix_at(text + n, "分");
        if (text[n] == ':' && strspn(text + n + 1, DIGITS) == 2)
                n += 1 + digits_at(text + n + 1, 2, &second);

        k = strspn(text + n, " ");
        if (prefix_at(text + n + k, "pm") && hour >= 1 && hour <= 12) {
                hour = hour % 12 + 12;
                n += k + 2;
        } else if (prefix_at(text + n + k, "am") && hour >= 1 && hour <= 12) {
                hour %= 12;
                n += k + 2;
        }
        if (minute > 59 || hour > 24 || (hour == 24 && minute > 0) ||
            !reply_is_boundary('a', g_utf8_get_char(text + n)))
                return 0;

        *ret_minutes = hour * 60 + minute;
        return n;
}

/* A year of two digits, or of Buddha's era; 0: not to be told. */
static int year_of(int year, size_t n_digits, const ReplyManner *manner) {
        g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(manner->now);
        int this_year = now ? g_date_time_get_year(now) : FIRST_YEAR;

        if (n_digits == 2 && (manner->languages & REPLY_TH) && manner->now == 0)
                return 0;
        if (n_digits == 2 && (manner->languages & REPLY_TH) &&
            ABS(2500 - BUDDHIST_OFFSET + year - this_year) <= NEARBY_YEARS &&
            ABS(FIRST_YEAR + year - this_year) > NEARBY_YEARS)
                return 2500 - BUDDHIST_OFFSET + year;
        if (n_digits == 2)
                year += FIRST_YEAR;
        else if (n_digits != 4)
                return 0;
        if (year >= FIRST_BUDDHIST)
                year -= BUDDHIST_OFFSET;
        return year >= FIRST_YEAR && year <= LAST_YEAR ? year : 0;
}

int64_t reply_day_end(const ReplyManner *manner, int year, int month, int day, int minutes) {
        g_autoptr(GDateTime) date = NULL;

        if (year == 0 || !g_date_valid_dmy((GDateDay) day, (GDateMonth) month, (GDateYear) year))
                return 0;
        date = g_date_time_new_utc(year, month, day, 0, 0, 0);
        if (!date)
                return 0;
        if (minutes < 0 || minutes == MINUTES_OF_DAY - 1)
                minutes = MINUTES_OF_DAY;
        return calendar_instant(manner->zone, g_date_time_to_unix(date) + (int64_t) minutes * 60);
}

/* The first such day, or the first in its year, that is not long past. */
static int64_t next_date(const ReplyManner *manner, int month, int day, int minutes) {
        g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(manner->now);
        g_autoptr(GDateTime) today = utc ? g_date_time_to_timezone(utc, manner->zone) : NULL;
        int year, this_month;
        int64_t earliest = month > 0 ? manner->now - PAST_DAYS * DAY : manner->now;

        if (!today || manner->now == 0 || day < 1 || day > 31)
                return 0;
        year = g_date_time_get_year(today);
        this_month = g_date_time_get_month(today);
        for (int i = 0; i < 14; i++, this_month++) {
                int64_t end;

                if (month > 0 && (this_month - 1) % 12 + 1 != month)
                        continue;
                end = reply_day_end(manner, year + (this_month - 1) / 12, (this_month - 1) % 12 + 1,
                                    day, minutes);
                if (end > earliest && end > 0)
                        return end;
        }

        return 0;
}

/* The parts of a date, as they stand there. */
typedef struct Date {
        int year, month, day; /* year 0: it has none; month 0: it has but a day */
        size_t year_digits;
        bool is_unclear, is_month_first;
        ReplyDateBy by; /* which number is which */
} Date;

static size_t cjk_date_at(const char *text, Date *d) {
        size_t n, k;

        n = digits_at(text, 4, &d->year);
        k = n == 4 || n == 2 ? prefix_at(text + n, "年") : 0;
        if (k > 0) {
                d->year_digits = n;
                n += k;
        } else {
                d->year = 0;
                n = 0;
        }

        n += strspn(text + n, " ");
        k = digits_at(text + n, 2, &d->month);
        if (k == 0 || !prefix_at(text + n + k, "月"))
                return 0;
        n += k + strlen("月");
        n += strspn(text + n, " ");
        k = digits_at(text + n, 2, &d->day);
        if (k == 0 || (!prefix_at(text + n + k, "日") && !prefix_at(text + n + k, "号")))
                return 0;
        return n + k + strlen("日");
}

/* 15 Jan 2026, 15. Januar, 15 de enero de 2026, 15-Jan-26 */
static size_t named_date_at(const char *text, Date *d) {
        static const char *const ends[] = { "st", "nd", "rd", "th", ".", "er" };
        size_t n = digits_at(text, 2, &d->day), k = 0;

        if (n == 0)
                return 0;
        for (size_t i = 0; k == 0 && i < G_N_ELEMENTS(ends); i++)
                k = prefix_at(text + n, ends[i]);
        n += k;
        n += strspn(text + n, " -/");
        n += prefix_at(text + n, "de ");
        n += prefix_at(text + n, "of ");
        k = month_at(text + n, &d->month);
        if (k == 0)
                return 0;
        n += k;

        k = strspn(text + n, " -/.,");
        k += prefix_at(text + n + k, "de ");
        d->year_digits = digits_at(text + n + k, 4, &d->year);
        if (d->year_digits == 4 || (d->year_digits == 2 && text[n + k + 2] != ':'))
                return n + k + d->year_digits;
        d->year = 0;
        return n;
}

/* Jan 15, 2026 */
static size_t month_first_date_at(const char *text, Date *d) {
        size_t n = month_at(text, &d->month), k;

        if (n == 0)
                return 0;
        n += strspn(text + n, " .-");
        k = digits_at(text + n, 2, &d->day);
        if (k == 0 || text[n + k] == ':')
                return 0;
        n += k;
        if (prefix_at(text + n, "st") || prefix_at(text + n, "nd") || prefix_at(text + n, "rd") ||
            prefix_at(text + n, "th"))
                n += 2;

        k = strspn(text + n, " ,-");
        d->year_digits = digits_at(text + n + k, 4, &d->year);
        if (d->year_digits == 4)
                return n + k + 4;
        d->year = 0;
        return n;
}

/* Which of two numbers is the day: by their size, by the mark, or as others are. */
static void order(int first, int second, char mark, const ReplyManner *manner, Date *d) {
        bool month_first = d->year == 0 && manner->languages != 0 &&
                           (manner->languages & ~(unsigned) REPLY_MONTH_FIRST_LANGUAGES) == 0;

        if (first > 12 || second > 12) {
                d->by = REPLY_DATE_BY_SIZE;
                d->is_month_first = second > 12;
        } else if (mark == '.') {
                d->by = first != second ? REPLY_DATE_BY_POINTS : REPLY_DATE_BY_ITSELF;
        } else if (first != second) {
                d->by = month_first ? REPLY_DATE_BY_LANGUAGE : manner->order_by;
                d->is_month_first = month_first || manner->order == REPLY_MONTH_FIRST;
                d->is_unclear = !month_first && manner->order == REPLY_ORDER_UNKNOWN;
        }
        d->day = d->is_month_first ? second : first;
        d->month = d->is_month_first ? first : second;
}

/* 26-12-01 is of 2026 as likely as of 2001. */
static bool may_begin_with_year(const int parts[3], const ReplyManner *manner) {
        return !(manner->languages & REPLY_DAY_FIRST_LANGUAGES) && parts[0] >= 20 &&
               parts[1] <= 12 && parts[2] >= 1 && parts[2] <= 31;
}

/* 2026-12-01, 01.12.2026, 1/12/26, 15.12. */
static size_t numeric_date_at(const char *text, const ReplyManner *manner, Date *d) {
        int parts[3] = { 0 };
        size_t n, digits[3] = { 0 };
        char mark;

        n = digits[0] = digits_at(text, 4, &parts[0]);
        mark = text[n];
        if (n == 0 || n == 3 || !strchr("-/.", mark) || mark == '\0')
                return 0;
        digits[1] = digits_at(text + n + 1, 2, &parts[1]);
        if (digits[1] == 0)
                return 0;
        n += 1 + digits[1];
        if (text[n] == mark)
                digits[2] = digits_at(text + n + 1, 4, &parts[2]);

        if (digits[2] == 2 || digits[2] == 4 || (digits[0] == 4 && digits[2] == 1))
                n += 1 + digits[2];
        else if (digits[2] > 0 || digits[0] == 4 || (mark == '.' && text[n] != '.') || mark == '-')
                return 0;
        else /* no year: 15/12, 15.12. */
                n += mark == '.';

        if (digits[0] == 4) {
                *d = (Date){ .year = parts[0], .month = parts[1], .day = parts[2] };
                d->year_digits = 4;
                return digits[2] <= 2 ? n : 0;
        }
        d->year = parts[2];
        d->year_digits = digits[2];
        order(parts[0], parts[1], mark, manner, d);
        if (digits[2] == 2 && mark != '.' && may_begin_with_year(parts, manner))
                d->is_unclear = true;
        return n;
}

/* Alone, of this month or the next: dia 15 */
static size_t day_at(const char *text, Date *d) {
        size_t head = prefix_at(text, "dia "),
               n = head > 0 ? digits_at(text + head, 2, &d->day) : 0;
        const char *after = text + head + n;

        if (n == 0 || g_str_has_prefix(after, " de ") || strchr("/-:", *after ?: ' ') ||
            (*after == '.' && g_ascii_isdigit(after[1])))
                return 0;
        return head + n;
}

size_t reply_time_after(const char *text, int *ret_minutes) {
        static const char *const joints[] = { "t",  "at ",  "um ",    "a las ", "las ",
                                              "a ", "jam ", "o ",     "luc ",   "เวลา ",
                                              "时", "às ",  "pukul ", "pk." };
        size_t n = strspn(text, " ,("), k = 0;

        for (size_t i = 0; k == 0 && i < G_N_ELEMENTS(joints); i++)
                k = prefix_at(text + n, joints[i]);
        n += k;
        k = reply_time_at(text + n, ret_minutes);
        return k > 0 ? n + k : 0;
}

static size_t parts_at(const char *text, const ReplyManner *manner, Date *ret) {
        size_t n = 0;

        if (!g_ascii_isdigit(*text)) {
                n = day_at(text, ret);
                return n > 0 ? n : month_first_date_at(text, ret);
        }

        for (int form = 0; n == 0 && form < 3; form++) {
                *ret = (Date){ 0 };
                n = form == 0   ? cjk_date_at(text, ret)
                    : form == 1 ? named_date_at(text, ret)
                                : numeric_date_at(text, manner, ret);
                if (form < 2 && n > 0 && ret->month == 0)
                        n = 0;
        }
        return n;
}

/* The end of the day, or why it cannot be told. */
static ReplyDate end_of(const Date *d, int minutes, const ReplyManner *manner) {
        ReplyDate end = { .by = d->by,
                          .is_month_first = d->is_month_first,
                          .has_no_year = d->year_digits == 0 };
        int year;

        if (d->is_unclear) {
                end.by = REPLY_DATE_BY_ITSELF;
                end.doubt = REPLY_DOUBT_UNCLEAR;
                return end;
        }

        year = d->year_digits > 0 ? year_of(d->year, d->year_digits, manner) : 0;
        end.expires_at = d->year_digits > 0 ? reply_day_end(manner, year, d->month, d->day, minutes)
                                            : next_date(manner, d->month, d->day, minutes);
        if (end.expires_at == 0)
                end.doubt = year == 0 && manner->now == 0 ? REPLY_DOUBT_UNDATED
                                                          : REPLY_DOUBT_IMPOSSIBLE;
        return end;
}

size_t reply_date_at(const char *text, gunichar before, int minutes, const ReplyManner *manner,
                     ReplyDate *ret) {
        Date d = { 0 };
        size_t n = 0;

        if (g_unichar_isdigit(before) || !reply_is_boundary(before, g_utf8_get_char(text)))
                return 0;

        n = parts_at(text, manner, &d);
        if (n == 0 || d.month > 12 || d.day < 1 || d.day > 31)
                return 0;

        n += reply_time_after(text + n, &minutes);
        *ret = end_of(&d, minutes, manner);
        return n;
}
