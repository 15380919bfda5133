/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A folded reply as its items. */

#include <string.h>

#include "reply-internal.h"

/* Where a reply is read, and how. */
typedef struct Scan {
        const char *text;
        size_t at;
        gunichar before;
        int minutes; /* of a time just in front; -1 */
        size_t time_end;
        ReplyText *reply;
} Scan;

static void add(Scan *s, ReplyItem item, size_t n) {
        item.start = s->at;
        item.end = s->at + n;
        g_array_append_val(s->reply->items, item);
        s->before = g_utf8_get_char(g_utf8_prev_char(s->text + item.end));
        s->at = item.end;
}

/* Of the time that stands in front of a date; -1. */
static int minutes_in_front(const Scan *s) {
        return s->at - s->time_end <= strlen(" ngay ") ? s->minutes : -1;
}

static bool scan_date(Scan *s) {
        ReplyDate date = { 0 };
        size_t n = reply_date_at(s->text + s->at, s->before, minutes_in_front(s), &s->reply->manner,
                                 &date);
        uint64_t unit;
        bool is_bare;

        /* 3/10 GB is no day of October. */
        if (n == 0 || (reply_unit_at(s->text + s->at + n, &unit, &is_bare) > 0 && !is_bare))
                return false;

        add(s, (ReplyItem){ .kind = REPLY_ITEM_DATE, .date = date }, n);
        return true;
}

/* "Valid for 30 days", "30日間有効": else it is a number as others are. */
static bool is_said_to_last(const Scan *s, size_t n) {
        const GArray *items = s->reply->items;
        const ReplyItem *last = items->len > 0 ? reply_item(s->reply, items->len - 1) : NULL;
        const char *end = s->text + s->at + n;
        unsigned words, languages;

        if (last && last->kind == REPLY_ITEM_WORD && (last->words & REPLY_BIT(REPLY_WORD_LASTS)) &&
            strspn(s->text + last->end, " :=") == s->at - last->end)
                return true;

        end += strspn(end, " ");
        return reply_word_at(end, ' ', &words, &languages) > 0 &&
               (words & REPLY_BIT(REPLY_WORD_LASTS_BEFORE));
}

static bool scan_relative(Scan *s) {
        ReplyItem item = { .kind = REPLY_ITEM_DATE, .is_relative = true };
        const char *text = s->text + s->at;
        size_t n;

        n = reply_relative_at(text, s->before, minutes_in_front(s), &s->reply->manner, &item.date);
        if (n == 0) {
                n = reply_length_at(text, s->before, &s->reply->manner, &item.date);
                if (n == 0 || !is_said_to_last(s, n))
                        return false;
                item.is_relative = false;
                item.is_length = true;
        }

        add(s, item, n);
        return true;
}

static bool scan_time(Scan *s) {
        int minutes;
        size_t n = g_unichar_isdigit(s->before) ? 0 : reply_time_at(s->text + s->at, &minutes);

        if (n == 0)
                return false;

        add(s, (ReplyItem){ .kind = REPLY_ITEM_TIME, .minutes = minutes }, n);
        s->minutes = minutes;
        s->time_end = s->at;
        return true;
}

static bool span_of(const Scan *s, const char *text, size_t n, ReplySpan *ret) {
        ret->start = (size_t) (text - s->text);
        ret->end = ret->start + n;
        return true;
}

static bool is_money(const Scan *s, const char *after, ReplySpan *ret_currency) {
        static const char *const marks[] = { "$",   "€",  "£",  "¥",  "₹",   "฿", "₫",
                                             "₽", "zł", "円", "元", "บาท", "块" };
        static const char *const codes[] = {
                "eur", "euro", "euros", "usd",  "chf",   "gbp",   "yen",   "jpy", "baht", "rs",
                "inr", "idr",  "rp",    "rm",   "vnd",   "dong",  "d",     "pln", "zl",   "rub",
                "руб", "р",    "kn",    "php",  "peso",  "pesos", "bath",  "thb", "cny",  "rmb",
                "hkd", "sgd",  "ct",    "cent", "k",     "t",     "sek",   "dkk", "nok",  "aud",
                "nzd", "zar",  "r",     "ksh",  "naira", "reais", "soles",
        };
        const char *front = s->text + s->at;

        while (front > s->text && front[-1] == ' ')
                front--;
        after += strspn(after, " ");
        for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
                size_t n = strlen(marks[i]);

                if (g_str_has_prefix(after, marks[i]))
                        return span_of(s, after, n, ret_currency);
                if ((size_t) (front - s->text) >= n && memcmp(front - n, marks[i], n) == 0)
                        return span_of(s, front - n, n, ret_currency);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
                size_t n = strlen(codes[i]);

                if (g_str_has_prefix(after, codes[i]) &&
                    reply_is_boundary('a', g_utf8_get_char(after + n)))
                        return span_of(s, after, n, ret_currency);
                if ((size_t) (front - s->text) >= n && n > 1 &&
                    memcmp(front - n, codes[i], n) == 0 &&
                    (front - n == s->text || !g_ascii_isalpha(front[-(ssize_t) n - 1])))
                        return span_of(s, front - n, n, ret_currency);
        }

        return false;
}

static bool follows_word_that_counts(const Scan *s) {
        const GArray *items = s->reply->items;
        const ReplyItem *last = items->len > 0 ? reply_item(s->reply, items->len - 1) : NULL;
        const unsigned counts = REPLY_BIT(REPLY_WORD_LEFT) | REPLY_BIT(REPLY_WORD_USED) |
                                REPLY_BIT(REPLY_WORD_LIMIT) | REPLY_BIT(REPLY_WORD_DATA) |
                                REPLY_BIT(REPLY_WORD_OF) | REPLY_BIT(REPLY_WORD_NOTHING);

        return last && last->kind == REPLY_ITEM_WORD && (last->words & counts) &&
               strspn(s->text + last->end, " :=") == s->at - last->end;
}

/* 5G is a network, and 5M money, but where a word in front says otherwise. */
static bool is_amount(const Scan *s, const char *number, size_t n, bool is_bare) {
        if (g_ascii_isalpha((char) MIN(s->before, 127)) || s->before == '.')
                return false;
        return !is_bare || memchr(number, '.', n) || follows_word_that_counts(s);
}

static bool scan_number(Scan *s) {
        const char *number = s->text + s->at;
        char decimal;
        size_t n = g_unichar_isdigit(s->before) ? 0 : reply_number_at(number, &decimal), k;
        uint64_t unit;
        bool is_bare;
        ReplyItem item = { .kind = REPLY_ITEM_NUMBER };

        if (n == 0)
                return false;

        k = reply_unit_at(number + n, &unit, &is_bare);
        if (k > 0 && is_amount(s, number, n, is_bare)) {
                item.kind = REPLY_ITEM_AMOUNT;
                item.unit = unit;
                item.unit_words = (ReplySpan){ s->at + n + strspn(number + n, " "), s->at + n + k };
                reply_amount_read(number, n, unit, &s->reply->manner, &item.amount);
                /* Less than nothing, and a range, are no amount. */
                if (s->before == '-' || s->before == '~') {
                        item.role = REPLY_ROLE_IGNORED;
                        item.rule = REPLY_RULE_RANGE;
                }
                n += k;
        } else if (is_money(s, number + n, &item.unit_words)) {
                item.kind = REPLY_ITEM_MONEY;
        }
        add(s, item, n);
        return true;
}

static bool scan_word(Scan *s) {
        unsigned words, languages;
        size_t n = reply_word_at(s->text + s->at, s->before, &words, &languages);

        if (n == 0)
                return false;

        add(s, (ReplyItem){ .kind = REPLY_ITEM_WORD, .words = words }, n);
        return true;
}

static bool scan_break(Scan *s) {
        static const struct {
                const char *mark;
                ReplyItemKind kind;
        } marks[] = {
                { "\n", REPLY_ITEM_LINE },  { ",", REPLY_ITEM_BREAK },  { ";", REPLY_ITEM_BREAK },
                { "(", REPLY_ITEM_BREAK },  { ")", REPLY_ITEM_BREAK },  { "[", REPLY_ITEM_BREAK },
                { "]", REPLY_ITEM_BREAK },  { "|", REPLY_ITEM_BREAK },  { "、", REPLY_ITEM_BREAK },
                { "•", REPLY_ITEM_BREAK },  { "・", REPLY_ITEM_BREAK }, { " - ", REPLY_ITEM_BREAK },
                { "【", REPLY_ITEM_BREAK }, { "】", REPLY_ITEM_BREAK }, { "「", REPLY_ITEM_BREAK },
                { "」", REPLY_ITEM_BREAK }, { "。", REPLY_ITEM_STOP },  { "!", REPLY_ITEM_STOP },
                { "?", REPLY_ITEM_STOP },   { "*", REPLY_ITEM_BREAK },
        };
        const char *text = s->text + s->at;

        for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
                if (g_str_has_prefix(text, marks[i].mark)) {
                        add(s, (ReplyItem){ .kind = marks[i].kind }, strlen(marks[i].mark));
                        return true;
                }
        if (*text == '.' && !g_ascii_isdigit(text[1])) {
                add(s, (ReplyItem){ .kind = REPLY_ITEM_STOP }, 1);
                return true;
        }

        return false;
}

static void scan_items(Scan *s) {
        while (s->text[s->at]) {
                if (scan_date(s) || scan_relative(s) || scan_time(s) || scan_number(s) ||
                    scan_word(s) || scan_break(s))
                        continue;
                s->before = g_utf8_get_char(s->text + s->at);
                s->at += (size_t) (g_utf8_next_char(s->text + s->at) - (s->text + s->at));
        }
}

/* The languages that have the most of its words. */
static unsigned find_languages(const char *text) {
        unsigned counts[REPLY_N_LANGUAGES] = { 0 }, most = 0, languages = 0;
        gunichar before = 0;

        for (const char *c = text; *c;) {
                unsigned words, of;
                size_t n = reply_word_at(c, before, &words, &of);

                for (int i = 0; n > 0 && i < REPLY_N_LANGUAGES; i++)
                        if (of & (1U << i))
                                most = MAX(most, ++counts[i]);
                c = n > 0 ? c + n : g_utf8_next_char(c);
                before = g_utf8_get_char(g_utf8_prev_char(c));
        }

        for (int i = 0; most > 0 && i < REPLY_N_LANGUAGES; i++)
                if (counts[i] == most)
                        languages |= 1U << i;
        return languages;
}

/* What its other numbers show; else what its language has. 0: neither, or both. */
static char find_decimal(const char *text, unsigned languages) {
        bool has_point = false, has_comma = false;

        for (const char *c = text; *c;) {
                char decimal;
                size_t n = reply_number_at(c, &decimal);
                uint64_t unit;
                bool is_bare;

                if (n > 0 && reply_unit_at(c + n, &unit, &is_bare) > 0) {
                        has_point = has_point || decimal == '.';
                        has_comma = has_comma || decimal == ',';
                }
                c = n > 0 ? c + n : g_utf8_next_char(c);
        }

        if (has_point != has_comma)
                return has_point ? '.' : ',';
        if (has_point || languages == 0)
                return 0;
        if ((languages & ~(unsigned) REPLY_POINT_LANGUAGES) == 0)
                return '.';
        return (languages & ~(unsigned) REPLY_COMMA_LANGUAGES) == 0 ? ',' : 0;
}

void reply_scan(const char *folded, const ReplyOrigin *origin, ReplyText *ret) {
        Scan s = { .minutes = -1, .reply = ret };

        *ret = (ReplyText){ .text = g_strdup(folded),
                            .items = g_array_new(FALSE, TRUE, sizeof(ReplyItem)),
                            .manner = { .now = origin->said_at, .zone = origin->zone } };
        ret->manner.languages = find_languages(ret->text);
        ret->manner.decimal = find_decimal(ret->text, ret->manner.languages);
        ret->manner.order = reply_find_order(ret->text, ret->manner.languages, origin->home_mcc,
                                             &ret->manner.order_by);
        s.text = ret->text;
        scan_items(&s);
}

ReplySpan reply_span(const ReplyText *t, guint i) {
        const ReplyItem *item = i == REPLY_NO_ITEM ? NULL : reply_item(t, i);

        if (!item)
                return (ReplySpan){ 0 };
        if (item->kind == REPLY_ITEM_MONEY)
                return (ReplySpan){ MIN(item->start, item->unit_words.start),
                                    MAX(item->end, item->unit_words.end) };
        return (ReplySpan){ item->start, item->end };
}

void reply_text_clear(ReplyText *t) {
        g_clear_pointer(&t->text, g_free);
        g_clear_pointer(&t->items, g_array_unref);
}
