/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a carrier's reply says is left, or used, and until when. */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum ReplyVerdict {
        REPLY_NONE,
        REPLY_FIGURE,
        REPLY_AMBIGUOUS, /* there are several, and which one is meant is not clear: none is taken */
} ReplyVerdict;

const char *reply_verdict_to_string(ReplyVerdict verdict);

/* What a piece of a reply is read as. */
typedef enum ReplyPiece {
        REPLY_PIECE_NOTHING,
        REPLY_PIECE_REMAINING,
        REPLY_PIECE_USED,
        REPLY_PIECE_LIMIT,
        REPLY_PIECE_EXPIRES,
} ReplyPiece;

/* What makes it that; or what else it is. */
typedef enum ReplyRule {
        REPLY_RULE_UNSAID,      /* nothing says what it is */
        REPLY_RULE_WORD_BEFORE, /* a word in front of it does */
        REPLY_RULE_WORD_AFTER,
        REPLY_RULE_SENTENCE,  /* a word of another part of its sentence does */
        REPLY_RULE_WHOLE,     /* of another amount: "of", "/" */
        REPLY_RULE_RATE,      /* so much a day */
        REPLY_RULE_TOTAL,     /* others come to it */
        REPLY_RULE_BALANCE,   /* of data, and with a last day */
        REPLY_RULE_GROUP,     /* the owner's pattern says so */
        REPLY_RULE_BOUND,     /* less than, or more */
        REPLY_RULE_RANGE,     /* or less than nothing */
        REPLY_RULE_CONDITION, /* what would be */
        REPLY_RULE_OFFER,     /* what can be had, or was bought */
        REPLY_RULE_PRICE,     /* the same, as it has one */
        REPLY_RULE_NAME,      /* of a plan */
        REPLY_RULE_PART,      /* of a total that is said */
        REPLY_RULE_MONEY,
        REPLY_RULE_PERCENTAGE,
        REPLY_RULE_NO_UNIT, /* a number of anything */
        REPLY_RULE_BEGINS,  /* on this day something does */
        REPLY_RULE_USE,     /* up to this day it was used */
        REPLY_RULE_OTHER,   /* the day of another amount */
} ReplyRule;

/* Why a piece is not taken as what it is read as. */
typedef enum ReplyDoubt {
        REPLY_DOUBT_NONE,
        REPLY_DOUBT_SEVERAL,    /* and they differ */
        REPLY_DOUBT_SAME,       /* another has said it */
        REPLY_DOUBT_UNCLEAR,    /* it can be read in two ways */
        REPLY_DOUBT_UNDATED,    /* when it was said is not known */
        REPLY_DOUBT_IMPOSSIBLE, /* there is no such day, or none nearby */
        REPLY_DOUBT_UNREAD,     /* what a pattern finds is no amount, or no date */
} ReplyDoubt;

/* What tells which number of 12/05/2026 is the day. */
typedef enum ReplyDateBy {
        REPLY_DATE_BY_ITSELF, /* nothing has to */
        REPLY_DATE_BY_SIZE,   /* the other one is no month */
        REPLY_DATE_BY_POINTS, /* between them */
        REPLY_DATE_BY_OTHER,  /* another date */
        REPLY_DATE_BY_LANGUAGE,
        REPLY_DATE_BY_COUNTRY, /* the SIM's */
} ReplyDateBy;

typedef struct ReplyDate {
        int64_t expires_at; /* 0: it cannot be told */
        ReplyDoubt doubt;   /* why */
        ReplyDateBy by;
        bool is_month_first;
        bool has_no_year; /* the next one is taken */
        bool is_counted;  /* from when it was said on */
} ReplyDate;

/* One piece, and why it is read as it is. */
typedef struct ReplyReason {
        ReplyPiece piece;
        bool is_taken;
        ReplyRule rule;
        ReplyDoubt doubt; /* of a piece that is not taken */
        char *words;      /* of the text, as they stand there */
        char *because;    /* other words of it, or a group's name; may be NULL */
        char *unit;       /* of an amount, as it stands there; else NULL */
        uint64_t unit_bytes, bytes;
        ReplyDate date; /* of one */
} ReplyReason;

/* Names for programs; 0 of one that is not known. */
const char *reply_piece_to_string(ReplyPiece piece);
const char *reply_rule_to_string(ReplyRule rule);
const char *reply_doubt_to_string(ReplyDoubt doubt);
const char *reply_date_by_to_string(ReplyDateBy by);
ReplyPiece reply_piece_from_string(const char *name);
ReplyRule reply_rule_from_string(const char *name);
ReplyDoubt reply_doubt_from_string(const char *name);
ReplyDateBy reply_date_by_from_string(const char *name);

#define REPLY_MAX_REASONS 64

typedef struct Reply {
        ReplyVerdict verdict;
        bool has_remaining, has_used, has_limit, has_expires;
        uint64_t remaining, used, limit;
        uint64_t resolution; /* of its words: 10^9 for "6 GB" */
        int64_t expires_at;
        char *why;          /* a sentence; may be NULL for a figure */
        GPtrArray *reasons; /* ReplyReason, in their order; NULL where no text was read */
} Reply;

void reply_clear(Reply *r);
void reply_add_reason(Reply *r, ReplyReason reason); /* takes its texts */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reply, reply_clear)

/* What is known of a reply besides its words. */
typedef struct ReplyOrigin {
        int64_t said_at;   /* when, 0: not known; for dates without a year, and "in 30 days" */
        GTimeZone *zone;   /* not owned: of its dates */
        uint16_t home_mcc; /* the SIM's country, 0: not known; for dates like 12/05/2026 */
} ReplyOrigin;

#define REPLY_MAX_BYTES (16 * 1024)

/*
 * Takes what the words say, and guesses nothing: two balances, or a number that can be read in two
 * ways, are REPLY_AMBIGUOUS. A day that is not dated by a time ends with the midnight after it.
 *
 * pattern: the owner's own, NULL for none; where it matches, it alone counts.
 * Always 0: a text that cannot be read is REPLY_NONE.
 */
int reply_read(const char *text, const char *pattern, const ReplyOrigin *origin, Reply *ret);

/*
 * -EINVAL: no regular expression (of PCRE), or one that has neither a group named "remaining" nor
 * one named "used".
 */
int reply_pattern_check(const char *pattern);
