/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Why a reply is read as it is, for who wonders: each piece, with the words that decided. */

#include <string.h>

#include "reply-internal.h"

static const char *const piece_names[] = {
        [REPLY_PIECE_NOTHING] = "nothing", [REPLY_PIECE_REMAINING] = "remaining",
        [REPLY_PIECE_USED] = "used",       [REPLY_PIECE_LIMIT] = "limit",
        [REPLY_PIECE_EXPIRES] = "expires",
};

static const char *const rule_names[] = {
        [REPLY_RULE_UNSAID] = "unsaid",
        [REPLY_RULE_WORD_BEFORE] = "word-before",
        [REPLY_RULE_WORD_AFTER] = "word-after",
        [REPLY_RULE_SENTENCE] = "sentence",
        [REPLY_RULE_WHOLE] = "whole",
        [REPLY_RULE_RATE] = "rate",
        [REPLY_RULE_TOTAL] = "total",
        [REPLY_RULE_BALANCE] = "balance",
        [REPLY_RULE_GROUP] = "group",
        [REPLY_RULE_BOUND] = "bound",
        [REPLY_RULE_RANGE] = "range",
        [REPLY_RULE_CONDITION] = "condition",
        [REPLY_RULE_OFFER] = "offer",
        [REPLY_RULE_PRICE] = "price",
        [REPLY_RULE_NAME] = "name",
        [REPLY_RULE_PART] = "part",
        [REPLY_RULE_MONEY] = "money",
        [REPLY_RULE_PERCENTAGE] = "percentage",
        [REPLY_RULE_NO_UNIT] = "no-unit",
        [REPLY_RULE_BEGINS] = "begins",
        [REPLY_RULE_USE] = "use",
        [REPLY_RULE_OTHER] = "other",
};

static const char *const doubt_names[] = {
        [REPLY_DOUBT_NONE] = "none",       [REPLY_DOUBT_SEVERAL] = "several",
        [REPLY_DOUBT_SAME] = "same",       [REPLY_DOUBT_UNCLEAR] = "unclear",
        [REPLY_DOUBT_UNDATED] = "undated", [REPLY_DOUBT_IMPOSSIBLE] = "impossible",
        [REPLY_DOUBT_UNREAD] = "unread",
};

static const char *const date_by_names[] = {
        [REPLY_DATE_BY_ITSELF] = "itself",     [REPLY_DATE_BY_SIZE] = "size",
        [REPLY_DATE_BY_POINTS] = "points",     [REPLY_DATE_BY_OTHER] = "other-date",
        [REPLY_DATE_BY_LANGUAGE] = "language", [REPLY_DATE_BY_COUNTRY] = "country",
};

/* The first one where it is none of them, as a later version may have. */
static guint find_name(const char *const *names, size_t n, const char *name) {
        for (size_t i = 0; i < n; i++)
                if (strcmp(names[i], name) == 0)
                        return (guint) i;

        return 0;
}

const char *reply_piece_to_string(ReplyPiece piece) {
        return piece_names[piece];
}

ReplyPiece reply_piece_from_string(const char *name) {
        return (ReplyPiece) find_name(piece_names, G_N_ELEMENTS(piece_names), name);
}

const char *reply_rule_to_string(ReplyRule rule) {
        return rule_names[rule];
}

ReplyRule reply_rule_from_string(const char *name) {
        return (ReplyRule) find_name(rule_names, G_N_ELEMENTS(rule_names), name);
}

const char *reply_doubt_to_string(ReplyDoubt doubt) {
        return doubt_names[doubt];
}

ReplyDoubt reply_doubt_from_string(const char *name) {
        return (ReplyDoubt) find_name(doubt_names, G_N_ELEMENTS(doubt_names), name);
}

const char *reply_date_by_to_string(ReplyDateBy by) {
        return date_by_names[by];
}

ReplyDateBy reply_date_by_from_string(const char *name) {
        return (ReplyDateBy) find_name(date_by_names, G_N_ELEMENTS(date_by_names), name);
}

static void reason_free(void *data) {
        ReplyReason *reason = data;

        g_free(reason->words);
        g_free(reason->because);
        g_free(reason->unit);
        g_free(reason);
}

void reply_add_reason(Reply *r, ReplyReason reason) {
        if (!r->reasons)
                r->reasons = g_ptr_array_new_with_free_func(reason_free);
        g_ptr_array_add(r->reasons, g_memdup2(&reason, sizeof(reason)));
}

/* The first place at or after an offset of the folded text, or the last that is not after it. */
static size_t text_at(const GArray *places, size_t folded, bool is_end) {
        const ReplyPlace *p = (const ReplyPlace *) places->data;
        guint from = 0, to = places->len - 1;

        while (from < to) {
                guint middle = from + (to - from + !is_end) / 2;

                if (is_end ? p[middle].folded < folded : p[middle].folded <= folded)
                        from = is_end ? middle + 1 : middle;
                else
                        to = is_end ? middle : middle - 1;
        }

        return p[from].text;
}

/* As it stands in the text, if it can be found there; NULL for an empty one. */
static char *quote(const ReplyText *t, const char *text, const GArray *places, ReplySpan span) {
        size_t start, end;

        if (span.start == span.end)
                return NULL;
        if (!places)
                return g_strndup(t->text + span.start, span.end - span.start);

        start = text_at(places, span.start, false);
        end = text_at(places, span.end, true);
        return g_strndup(text + start, end - start);
}

static bool is_percentage(const ReplyText *t, guint i) {
        const char *after = t->text + reply_item(t, i)->end;

        while (*after == ' ')
                after++;
        return *after == '%';
}

/* Why an amount that has a role is not taken as it. */
static ReplyDoubt doubt_of_amount(const ReplyText *t, guint i) {
        const ReplyItem *item = reply_item(t, i);

        if (item->is_taken)
                return REPLY_DOUBT_NONE;

        for (guint k = 0; k < t->items->len; k++) {
                const ReplyItem *other = reply_item(t, k);

                if (other->kind == REPLY_ITEM_AMOUNT && other->role == item->role &&
                    other->amount.bytes != item->amount.bytes)
                        return REPLY_DOUBT_SEVERAL;
                if (k != i && other->is_taken && other->role == item->role)
                        return REPLY_DOUBT_SAME;
        }

        return REPLY_DOUBT_NONE;
}

static void judge_amount(const ReplyText *t, guint i, ReplyReason *reason) {
        const ReplyItem *item = reply_item(t, i);

        if (item->role == REPLY_ROLE_LEFT || item->rule == REPLY_RULE_BALANCE)
                reason->piece = REPLY_PIECE_REMAINING;
        else if (item->role == REPLY_ROLE_USED)
                reason->piece = REPLY_PIECE_USED;
        else if (item->role == REPLY_ROLE_LIMIT)
                reason->piece = REPLY_PIECE_LIMIT;

        reason->rule = item->rule;
        reason->unit_bytes = item->unit;
        reason->bytes = item->amount.is_unclear ? 0 : item->amount.bytes;
        if (item->amount.is_unclear)
                reason->doubt = REPLY_DOUBT_UNCLEAR;
        else if (reason->piece != REPLY_PIECE_NOTHING || item->rule == REPLY_RULE_UNSAID)
                reason->doubt = doubt_of_amount(t, i);
}

static void judge_date(const ReplyText *t, guint i, bool is_left, const Reply *r,
                       ReplyReason *reason, ReplySpan *ret_because) {
        const ReplyItem *item = reply_item(t, i);

        reason->date = item->date;
        if (!reply_judge_date(t, i, is_left, &reason->rule, ret_because))
                return;

        reason->piece = REPLY_PIECE_EXPIRES;
        if (item->is_taken)
                return;
        reason->doubt = item->date.doubt;
        if (reason->doubt == REPLY_DOUBT_NONE && r->verdict == REPLY_FIGURE)
                reason->doubt = r->has_expires && r->expires_at == item->date.expires_at
                                        ? REPLY_DOUBT_SAME
                                        : REPLY_DOUBT_SEVERAL;
}

/* Of what is neither a word nor a mark; false: there is nothing to say. */
static bool judge(const ReplyText *t, guint i, bool is_left, const Reply *r, ReplyReason *reason,
                  ReplySpan *ret_because) {
        const ReplyItem *item = reply_item(t, i);

        *ret_because = item->because;
        *reason = (ReplyReason){ .is_taken = item->is_taken };
        switch (item->kind) {
        case REPLY_ITEM_AMOUNT:
                judge_amount(t, i, reason);
                return true;
        case REPLY_ITEM_DATE:
                judge_date(t, i, is_left, r, reason, ret_because);
                return true;
        case REPLY_ITEM_MONEY:
                reason->rule = REPLY_RULE_MONEY;
                return true;
        case REPLY_ITEM_NUMBER:
                reason->rule = is_percentage(t, i) ? REPLY_RULE_PERCENTAGE : REPLY_RULE_NO_UNIT;
                return true;
        default:
                return false;
        }
}

/* As reply_take_expiry() asks: is the figure what is left? */
static bool figure_is_left(const ReplyText *t, const Reply *r) {
        for (guint i = 0; i < t->items->len; i++)
                if (reply_item(t, i)->is_taken && reply_item(t, i)->rule == REPLY_RULE_BALANCE)
                        return false;

        return r->verdict != REPLY_FIGURE || r->has_remaining;
}

void reply_take_reasons(const ReplyText *t, const char *text, Reply *r) {
        g_autoptr(GArray) places = reply_find_places(text, t->text);
        bool is_left = figure_is_left(t, r);
        guint n = 0;

        for (guint i = 0; i < t->items->len && n < REPLY_MAX_REASONS; i++) {
                ReplySpan because;
                ReplyReason reason;

                if (!judge(t, i, is_left, r, &reason, &because))
                        continue;
                reason.words = quote(t, text, places, reply_span(t, i));
                reason.because = quote(t, text, places, because);
                reason.unit = quote(t, text, places, reply_item(t, i)->unit_words);
                reply_add_reason(r, reason);
                n++;
        }
}
