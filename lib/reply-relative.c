/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Days and lengths of time that are counted from a message on: tomorrow, in 3 days, 24 hours. */

#include <stdlib.h>
#include <string.h>

#include "reply-internal.h"

#define HOUR       3600
#define MAX_DIGITS 3 /* of a count: longer than anything is sold for */

static const struct {
        const char *words;
        int days;
} named_days[] = {
        { "today|tonight|今日|本日|今天|hoy|heute|aujourd'hui|hari ini|วันนี้|คืนนี้|hom nay|hoje|dzisiaj|"
          "сегодня",
          0 },
        { "tomorrow|明日|明天|manana|morgen|demain|besok|esok|พรุ่งนี้|วันพรุ่งนี้|ngay mai|amanha|jutro|"
          "завтра",
          1 },
        { "day after tomorrow|明後日|后天|後天|pasado manana|ubermorgen|uebermorgen|apres-demain|"
          "lusa|มะรืนนี้|ngay kia|depois de amanha|pojutrze|послезавтра",
          2 },
};

/* Not "30日", which may be the 30th, nor months, which have no one length. */
static const struct {
        const char *names;
        int hours, days;
        bool is_from_now; /* says so itself */
} units[] = {
        { "hour|hours|hr|hrs|hora|horas|stunde|stunden|heure|heures|jam|ชั่วโมง|ชม.|gio|tieng|"
          "godzine|godziny|godzin|час|часа|часов|時間|小时|小時|小时内|小時內",
          1, 0, false },
        { "day|days|dia|dias|tag|tage|tagen|jour|jours|hari|วัน|ngay|dzien|dni|день|дня|днеи|日間|"
          "天|天内|天內|日内|日內",
          0, 1, false },
        { "week|weeks|semana|semanas|woche|wochen|semaine|semaines|minggu|สัปดาห์|tuan|tydzien|"
          "tygodnie|неделю|недели|недель|週間|周",
          0, 7, false },
        { "hours from now|hour from now|時間後|小时后|小時後|gio nua|jam lagi", 1, 0, true },
        { "days from now|day from now|日後|天后|天後|日后|ngay nua|hari lagi|more days|more day", 0,
          1, true },
        { "weeks from now|week from now|週間後|周后|周後|tuan nua|minggu lagi", 0, 7, true },
};

/* In front of a length: it is counted from now. */
static const char from_now[] =
        "in|en|noch|dans|encore|dalam|อีก|ใน|ภายใน|sau|em|za|через|あと|还有|還有|another";

/* "Tomorrow at midnight" has two meanings. */
static bool is_at_midnight(const char *text) {
        static const char joints[] = "at|a|a la|um|pada|luc|в";
        static const char midnight[] =
                "midnight|medianoche|mitternacht|minuit|tengah malam|เที่ยงคืน|nua dem|午夜|полночь";

        text += strspn(text, " ");
        text += reply_longest_of(joints, text, false);
        text += strspn(text, " ");
        return reply_longest_of(midnight, text, false) > 0;
}

/* The end of a day so many days after the message's, or its minute. 0: it cannot be told. */
static int64_t day_after(const ReplyManner *manner, int days, int minutes) {
        g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(manner->now);
        g_autoptr(GDateTime) today = utc ? g_date_time_to_timezone(utc, manner->zone) : NULL;
        g_autoptr(GDateTime) day = today ? g_date_time_add_days(today, days) : NULL;

        if (!day || manner->now == 0)
                return 0;
        return reply_day_end(manner, g_date_time_get_year(day), g_date_time_get_month(day),
                             g_date_time_get_day_of_month(day), minutes);
}

/* 0: it can have two meanings, where it is known when it was said. */
static ReplyDate counted(const ReplyManner *manner, int64_t expires_at) {
        return (ReplyDate){ .expires_at = expires_at,
                            .doubt = expires_at > 0     ? REPLY_DOUBT_NONE
                                     : manner->now == 0 ? REPLY_DOUBT_UNDATED
                                                        : REPLY_DOUBT_UNCLEAR,
                            .is_counted = true };
}

/* Bytes of a number and its unit; 0. Not of a range's end. */
static size_t span_at(const char *text, gunichar before, const ReplyManner *manner,
                      bool *ret_is_from_now, ReplyDate *ret) {
        size_t n = strspn(text, "0123456789"), longest = 0;
        int count = n > 0 && n <= MAX_DIGITS ? atoi(text) : -1, hours = 0, days = 0;

        if (count < 0 || g_unichar_isdigit(before) || before == '-' || before == '~' ||
            before == '/')
                return 0;

        n += strspn(text + n, " ");
        for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
                size_t k = reply_longest_of(units[i].names, text + n, false);

                if (k <= longest)
                        continue;
                longest = k;
                hours = count * units[i].hours;
                days = count * units[i].days;
                *ret_is_from_now = units[i].is_from_now;
        }
        if (longest == 0)
                return 0;
        n += longest;

        if (hours > 0) {
                *ret = counted(manner, manner->now > 0 ? manner->now + (int64_t) hours * HOUR : 0);
        } else {
                int minutes = -1;

                n += reply_time_after(text + n, &minutes);
                *ret = counted(manner, day_after(manner, days, minutes));
        }
        return n;
}

size_t reply_length_at(const char *text, gunichar before, const ReplyManner *manner,
                       ReplyDate *ret) {
        bool is_from_now;

        return span_at(text, before, manner, &is_from_now, ret);
}

static size_t named_day_at(const char *text, int minutes, const ReplyManner *manner,
                           ReplyDate *ret) {
        size_t longest = 0;
        int days = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(named_days); i++) {
                size_t n = reply_longest_of(named_days[i].words, text, true);

                if (n <= longest)
                        continue;
                longest = n;
                days = named_days[i].days;
        }
        if (longest == 0)
                return 0;

        longest += reply_time_after(text + longest, &minutes);
        *ret = counted(manner, days > 0 && is_at_midnight(text + longest)
                                       ? 0
                                       : day_after(manner, days, minutes));
        return longest;
}

size_t reply_relative_at(const char *text, gunichar before, int minutes, const ReplyManner *manner,
                         ReplyDate *ret) {
        size_t n, head, span;
        bool is_from_now = false;

        if (!reply_is_boundary(before, g_utf8_get_char(text)))
                return 0;

        n = named_day_at(text, minutes, manner, ret);
        if (n > 0)
                return n;

        head = reply_longest_of(from_now, text, true);
        if (head > 0)
                before = ' ';
        n = head > 0 ? head + strspn(text + head, " ") : 0;
        span = span_at(text + n, before, manner, &is_from_now, ret);
        return span > 0 && (head > 0 || is_from_now) ? n + span : 0;
}
