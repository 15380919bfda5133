/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whether 12/05/2026 is in May or in December. */

#include <string.h>

#include "reply-internal.h"

#define MONTHS 12

/*
 * By mobile country code (ITU-T E.212). Where both orders are in use, as in Canada and the
 * Philippines, a country says nothing.
 */
static const struct {
        uint16_t first, last;
        ReplyOrder order;
} countries[] = {
        { 200, 299, REPLY_DAY_FIRST },   /* Europe */
        { 310, 316, REPLY_MONTH_FIRST }, /* the USA, and the islands that are theirs */
        { 330, 330, REPLY_MONTH_FIRST }, { 332, 332, REPLY_MONTH_FIRST },
        { 535, 535, REPLY_MONTH_FIRST }, { 338, 338, REPLY_DAY_FIRST }, /* Jamaica */
        { 404, 406, REPLY_DAY_FIRST },                                  /* India */
        { 410, 410, REPLY_DAY_FIRST },                                  /* Pakistan */
        { 413, 413, REPLY_DAY_FIRST },                                  /* Sri Lanka */
        { 424, 424, REPLY_DAY_FIRST }, /* the United Arab Emirates */
        { 454, 454, REPLY_DAY_FIRST }, /* Hong Kong */
        { 470, 470, REPLY_DAY_FIRST }, /* Bangladesh */
        { 502, 502, REPLY_DAY_FIRST }, /* Malaysia */
        { 505, 505, REPLY_DAY_FIRST }, /* Australia */
        { 510, 510, REPLY_DAY_FIRST }, /* Indonesia */
        { 520, 520, REPLY_DAY_FIRST }, /* Thailand */
        { 525, 525, REPLY_DAY_FIRST }, /* Singapore */
        { 530, 530, REPLY_DAY_FIRST }, /* New Zealand */
        { 621, 621, REPLY_DAY_FIRST }, /* Nigeria */
        { 724, 724, REPLY_DAY_FIRST }, /* Brazil */
};

static ReplyOrder order_of_country(uint16_t mcc) {
        for (size_t i = 0; i < G_N_ELEMENTS(countries); i++)
                if (mcc >= countries[i].first && mcc <= countries[i].last)
                        return countries[i].order;

        return REPLY_ORDER_UNKNOWN;
}

/* Bytes of 25/11/2026 or 25-11-26; 0. Points say it themselves: with them the day comes first. */
static size_t numbers_at(const char *text, int *ret_first, int *ret_second) {
        int numbers[3] = { 0 };
        size_t n = 0, digits = 0;
        char mark = 0;

        for (int i = 0; i < 3; i++) {
                if (i > 0 && (!strchr("/-", text[n]) || !text[n] || (mark && text[n] != mark)))
                        return 0;
                if (i > 0)
                        mark = text[n++];
                digits = strspn(text + n, "0123456789");
                if (digits == 0 || digits > 4 || (i < 2 && digits > 2))
                        return 0;
                for (size_t k = 0; k < digits; k++)
                        numbers[i] = numbers[i] * 10 + (text[n + k] - '0');
                n += digits;
        }
        if (digits != 2 && digits != 4)
                return 0;

        *ret_first = numbers[0];
        *ret_second = numbers[1];
        return n;
}

/* Of a date that can be read in one way only. false: there are such dates of both orders. */
static bool find_in_text(const char *text, ReplyOrder *ret) {
        ReplyOrder found = REPLY_ORDER_UNKNOWN;

        for (const char *c = text; *c;) {
                int first, second;
                size_t n = numbers_at(c, &first, &second);
                ReplyOrder order = REPLY_ORDER_UNKNOWN;

                if (n > 0 && first > MONTHS && first <= 31 && second <= MONTHS)
                        order = REPLY_DAY_FIRST;
                else if (n > 0 && second > MONTHS && second <= 31 && first <= MONTHS)
                        order = REPLY_MONTH_FIRST;
                if (order != REPLY_ORDER_UNKNOWN && found != REPLY_ORDER_UNKNOWN && order != found)
                        return false;
                found = order != REPLY_ORDER_UNKNOWN ? order : found;

                n = MAX(n, strspn(c, "0123456789/-"));
                c = n > 0 ? c + n : g_utf8_next_char(c);
        }

        *ret = found;
        return true;
}

ReplyOrder reply_find_order(const char *text, unsigned languages, uint16_t mcc,
                            ReplyDateBy *ret_by) {
        bool is_day_first =
                languages != 0 && (languages & ~(unsigned) REPLY_DAY_FIRST_LANGUAGES) == 0;
        ReplyOrder country = order_of_country(mcc), found;

        *ret_by = REPLY_DATE_BY_OTHER;
        if (!find_in_text(text, &found))
                return REPLY_ORDER_UNKNOWN;
        if (found != REPLY_ORDER_UNKNOWN)
                return found;
        *ret_by = is_day_first ? REPLY_DATE_BY_LANGUAGE : REPLY_DATE_BY_COUNTRY;
        if (is_day_first) /* Spanish is written in the USA too */
                return country == REPLY_MONTH_FIRST ? REPLY_ORDER_UNKNOWN : REPLY_DAY_FIRST;
        return country;
}
