/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A reply as a row of items (words that matter, amounts, dates, breaks), and what they come to. */

#include "reply.h"

typedef enum ReplyWordKind {
        REPLY_WORD_LEFT,
        REPLY_WORD_USED,
        REPLY_WORD_LIMIT,
        REPLY_WORD_TOTAL,        /* a sum, of whatever it is */
        REPLY_WORD_OF,           /* before an amount, after another: the whole of it */
        REPLY_WORD_OF_IT,        /* the same, but after the whole: 10GB中 */
        REPLY_WORD_PER,          /* after an amount: per day */
        REPLY_WORD_BOUND,        /* before an amount: less than, up to */
        REPLY_WORD_BOUND_AFTER,  /* after an amount: or more */
        REPLY_WORD_IF,           /* what would be, not what is */
        REPLY_WORD_OFFER,        /* what can be had, or was bought */
        REPLY_WORD_DATA,         /* neither calls nor messages */
        REPLY_WORD_UNTIL,        /* an expiry, whose date comes after it */
        REPLY_WORD_UNTIL_DATE,   /* the same, but only if the date comes at once */
        REPLY_WORD_UNTIL_BEFORE, /* the same, but after the date */
        REPLY_WORD_SINCE_BEFORE, /* after a date, on which something begins */
        REPLY_WORD_LASTS,        /* before a length of time in which it can be used */
        REPLY_WORD_LASTS_BEFORE, /* the same, but after the length */
        REPLY_WORD_NOTHING,      /* looks like another, or only shows the language */
} ReplyWordKind;

/* Bits: languages that have a word. */
typedef enum ReplyLanguage {
        REPLY_EN = 1 << 0,
        REPLY_JA = 1 << 1,
        REPLY_ZH = 1 << 2,
        REPLY_TH = 1 << 3,
        REPLY_ES = 1 << 4,
        REPLY_PT = 1 << 5,
        REPLY_DE = 1 << 6,
        REPLY_FR = 1 << 7,
        REPLY_ID = 1 << 8,
        REPLY_VI = 1 << 9,
        REPLY_PL = 1 << 10,
        REPLY_RU = 1 << 11,
} ReplyLanguage;
#define REPLY_N_LANGUAGES 12

#define REPLY_POINT_LANGUAGES (REPLY_EN | REPLY_JA | REPLY_ZH | REPLY_TH) /* 1,234.5 */
#define REPLY_COMMA_LANGUAGES                                                                      \
        (REPLY_PT | REPLY_DE | REPLY_FR | REPLY_ID | REPLY_VI | REPLY_PL | REPLY_RU) /* 1.234,5 */
#define REPLY_DAY_FIRST_LANGUAGES (REPLY_TH | REPLY_ES | REPLY_COMMA_LANGUAGES)
/* Where month and day without a year at their side are a month and a day, in that order. */
#define REPLY_MONTH_FIRST_LANGUAGES (REPLY_JA | REPLY_ZH)

/* Of 12/05/2026. */
typedef enum ReplyOrder {
        REPLY_ORDER_UNKNOWN,
        REPLY_DAY_FIRST,
        REPLY_MONTH_FIRST,
} ReplyOrder;

/* So a language writes; the sum of what its words say, and its numbers. */
typedef struct ReplyManner {
        unsigned languages; /* those that have most of the words; 0: none is known */
        char decimal;       /* '.' or ',', 0: not known */
        ReplyOrder order;
        ReplyDateBy order_by; /* what tells it */
        int64_t now;          /* 0: not known */
        GTimeZone *zone;      /* not owned */
} ReplyManner;

typedef struct ReplyAmount {
        uint64_t bytes, resolution;
        bool is_unclear; /* 1.234 may be either, or it is too large */
} ReplyAmount;

typedef enum ReplyItemKind {
        REPLY_ITEM_WORD,
        REPLY_ITEM_AMOUNT,
        REPLY_ITEM_NUMBER, /* of anything else */
        REPLY_ITEM_MONEY,
        REPLY_ITEM_TIME,
        REPLY_ITEM_DATE,
        REPLY_ITEM_BREAK, /* a comma, a bracket */
        REPLY_ITEM_LINE,
        REPLY_ITEM_STOP, /* a sentence's end */
} ReplyItemKind;

typedef enum ReplyRole {
        REPLY_ROLE_UNKNOWN,
        REPLY_ROLE_LEFT,
        REPLY_ROLE_USED,
        REPLY_ROLE_LIMIT,
        REPLY_ROLE_PART, /* of a total that is said */
        REPLY_ROLE_IGNORED,
} ReplyRole;

/* In the folded text; empty where nothing is meant. */
typedef struct ReplySpan {
        size_t start, end;
} ReplySpan;

typedef struct ReplyItem {
        ReplyItemKind kind;
        size_t start, end; /* in the folded text */
        unsigned words;    /* bits: kinds of word, several where languages differ */
        ReplyAmount amount;
        uint64_t unit;        /* of the amount, in bytes */
        ReplySpan unit_words; /* or the currency's */
        ReplyRole role;
        ReplyRule rule;    /* that gave the role, */
        ReplySpan because; /* and the words that did */
        bool is_taken;
        ReplyDate date;
        bool is_relative; /* a date that is counted from the message on: tomorrow */
        bool is_length;   /* a date that is a length from then on, if it is not that of an offer */
        int minutes;      /* of a time */
} ReplyItem;

typedef struct ReplyText {
        char *text; /* folded */
        GArray *items;
        ReplyManner manner;
} ReplyText;

/*
 * In one form: compatibility characters (full-width digits) as their plain ones, any script's
 * digits as ASCII's, in small letters, Latin and Cyrillic letters without their accents.
 */
char *reply_fold(const char *text);

/* The set of one kind of word. */
#define REPLY_BIT(kind) (1U << (kind))

static inline ReplyItem *reply_item(const ReplyText *t, guint i) {
        return &g_array_index(t->items, ReplyItem, i);
}

/*
 * Bytes of the longest of these, parted by "|", that stands at the text's beginning; 0. Whether a
 * digit may follow it at once.
 */
size_t reply_longest_of(const char *words, const char *text, bool before_digit);

/* Bytes of the longest that stands there; 0. before: the character in front of it, 0 at the start.
 */
size_t reply_word_at(const char *text, gunichar before, unsigned *ret_kinds,
                     unsigned *ret_languages);

/* May one word end, and another begin, between these two? */
bool reply_is_boundary(gunichar before, gunichar after);

/* Bytes of a number's text, separators included; 0. And its decimal mark, as far as it shows. */
size_t reply_number_at(const char *text, char *ret_decimal);

/* Bytes of a unit of data with the blanks before it; 0. is_bare: a G or M alone. */
size_t reply_unit_at(const char *text, uint64_t *ret_bytes, bool *ret_is_bare);

void reply_amount_read(const char *number, size_t n, uint64_t unit, const ReplyManner *manner,
                       ReplyAmount *ret);

/* Bytes of a date, its time included, or of a time; 0. minutes: of a time in front of it; -1. */
size_t reply_date_at(const char *text, gunichar before, int minutes, const ReplyManner *manner,
                     ReplyDate *ret);
size_t reply_time_at(const char *text, int *ret_minutes);

/* The same, with what stands between a date and its time. */
size_t reply_time_after(const char *text, int *ret_minutes);

/*
 * Bytes of a day or an instant that is counted from the message on (tomorrow, in 3 days); 0. And of
 * a length alone (30 days, 24 hours), as if it began then.
 */
size_t reply_relative_at(const char *text, gunichar before, int minutes, const ReplyManner *manner,
                         ReplyDate *ret);
size_t reply_length_at(const char *text, gunichar before, const ReplyManner *manner,
                       ReplyDate *ret);

/* The first instant after it: the end of a day where minutes are none (-1), or its last one. */
int64_t reply_day_end(const ReplyManner *manner, int year, int month, int day, int minutes);

/* In which order a text's dates are: as one of them shows, else as its language and country do. */
ReplyOrder reply_find_order(const char *text, unsigned languages, uint16_t mcc,
                            ReplyDateBy *ret_by);

void reply_scan(const char *folded, const ReplyOrigin *origin, ReplyText *ret);
void reply_text_clear(ReplyText *t);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReplyText, reply_text_clear)

/* Says of each amount what it is. */
void reply_give_roles(ReplyText *t);
void reply_decide(ReplyText *t, guint i, ReplyRole role, ReplyRule rule, ReplySpan because);

/* Where a total stands with its parts, and they come to it: it alone keeps the role. */
void reply_find_total(ReplyText *t, ReplyRole role);

/* Where a clause (BREAK), a line or a sentence (STOP) around an item begins, and its end. */
guint reply_find_start(const ReplyText *t, guint i, ReplyItemKind least);
guint reply_find_end(const ReplyText *t, guint i, ReplyItemKind least);
unsigned reply_words_between(const ReplyText *t, guint from, guint to);

/* The first word of these kinds there; REPLY_NO_ITEM. */
#define REPLY_NO_ITEM G_MAXUINT
guint reply_find_word(const ReplyText *t, guint from, guint to, unsigned kinds);

/* Of an item, and of money with its currency; empty for REPLY_NO_ITEM. */
ReplySpan reply_span(const ReplyText *t, guint i);

/*
 * Whether something ends on a date: true, and what says so, or false, and what it is instead. A
 * length of time is that of a plan, but where the figure is what is left.
 */
bool reply_judge_date(const ReplyText *t, guint i, bool is_left, ReplyRule *ret_rule,
                      ReplySpan *ret_because);

/* The one date on which something ends there; REPLY_NO_ITEM. false: there are several. */
bool reply_find_expiry(const ReplyText *t, guint from, guint to, bool is_left, guint *ret);

/* In the figure's clause, else in its line, its sentence, or anywhere. */
void reply_take_expiry(ReplyText *t, guint figure, Reply *r);

/* Each piece of it, and why it is taken, or is not: of the text as it came. */
void reply_take_reasons(const ReplyText *t, const char *text, Reply *r);

/*
 * Where in the text as it came a folded one's parts are: pairs of offsets, in their order, the end
 * included. NULL: they cannot be told.
 */
typedef struct ReplyPlace {
        size_t folded, text;
} ReplyPlace;

GArray *reply_find_places(const char *text, const char *folded);

/* true: the owner's pattern has found something, and *ret is it. */
bool reply_read_pattern(const char *text, const char *pattern, const ReplyManner *manner,
                        Reply *ret);
