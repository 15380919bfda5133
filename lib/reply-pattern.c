/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The owner's own pattern, with a name for each thing that it finds. */

#include <errno.h>
#include <string.h>

#include "reply-internal.h"
#include "sentence.h"

/* Many times what a reasonable pattern needs for 16 KiB, and a fraction of a second. */
#define LIMITS "(*LIMIT_MATCH=200000)(*LIMIT_DEPTH=2000)(*LIMIT_HEAP=8192)"

static GRegex *compile(const char *pattern) {
        g_autofree char *limited = NULL;

        /* Settings of its own would come before the limits. */
        if (g_str_has_prefix(pattern, "(*"))
                return NULL;

        limited = g_strconcat(LIMITS, pattern, NULL);
        return g_regex_new(limited, G_REGEX_CASELESS | G_REGEX_MULTILINE, 0, NULL);
}

int reply_pattern_check(const char *pattern) {
        g_autoptr(GRegex) regex = compile(pattern);

        if (!regex)
                return -EINVAL;
        return g_regex_get_string_number(regex, "remaining") > 0 ||
                               g_regex_get_string_number(regex, "used") > 0
                       ? 0
                       : -EINVAL;
}

/* Folded, and as it came; NULL where the group is not there, or empty. */
static char *fetch(const GRegex *regex, const GMatchInfo *match, const char *name,
                   char **ret_words) {
        g_autofree char *found = NULL, *folded = NULL;

        if (g_regex_get_string_number(regex, name) <= 0)
                return NULL;
        found = g_match_info_fetch_named(match, name);
        if (!found || !g_utf8_validate(found, -1, NULL))
                return NULL;

        folded = g_strstrip(reply_fold(found));
        if (!*folded)
                return NULL;
        *ret_words = g_steal_pointer(&found);
        return g_steal_pointer(&folded);
}

/* What follows the last digit. */
static const char *after_digits(const char *words) {
        const char *after = words;

        for (const char *c = words; *c; c = g_utf8_next_char(c))
                if (g_unichar_isdigit(g_utf8_get_char(c)))
                        after = g_utf8_next_char(c);

        return after;
}

/* Its own unit, else the group's. false: it is no amount. */
static bool read_amount(const char *text, const char *unit, const ReplyManner *manner,
                        ReplyAmount *ret, ReplyReason *reason) {
        char decimal;
        size_t n = reply_number_at(text, &decimal);
        ReplyManner own = *manner;
        uint64_t bytes;
        bool is_bare;

        reason->doubt = REPLY_DOUBT_UNREAD;
        if (n == 0)
                return false;
        if (text[n + strspn(text + n, " ")] != '\0')
                unit = text + n;
        if (!unit || reply_unit_at(unit, &bytes, &is_bare) == 0)
                return false;

        own.decimal = decimal ?: own.decimal;
        reply_amount_read(text, n, bytes, &own, ret);
        reason->unit_bytes = bytes;
        reason->bytes = ret->bytes;
        reason->doubt = ret->is_unclear ? REPLY_DOUBT_UNCLEAR : REPLY_DOUBT_NONE;
        return !ret->is_unclear;
}

static void read_expiry(const GRegex *regex, const GMatchInfo *match, const ReplyManner *manner,
                        Reply *r) {
        ReplyReason reason = { .piece = REPLY_PIECE_EXPIRES, .rule = REPLY_RULE_GROUP };
        g_autofree char *until = fetch(regex, match, "expires", &reason.words);

        if (!until)
                return;

        if (reply_date_at(until, 0, -1, manner, &reason.date) == 0 &&
            reply_relative_at(until, 0, -1, manner, &reason.date) == 0 &&
            reply_length_at(until, 0, manner, &reason.date) == 0)
                reason.date = (ReplyDate){ .doubt = REPLY_DOUBT_UNREAD };
        r->expires_at = reason.date.expires_at;
        r->has_expires = r->expires_at > 0;
        reason.is_taken = r->has_expires;
        reason.doubt = reason.date.doubt;
        reason.because = g_strdup("expires");
        reply_add_reason(r, reason);
}

/* What the groups hold. false: one of them is no amount. */
static bool read_groups(const GRegex *regex, const GMatchInfo *match, const ReplyManner *manner,
                        Reply *r) {
        g_autofree char *unit_words = NULL;
        g_autofree char *unit = fetch(regex, match, "unit", &unit_words);
        const struct {
                const char *name;
                ReplyPiece piece;
                bool *has;
                uint64_t *bytes;
        } groups[] = {
                { "limit", REPLY_PIECE_LIMIT, &r->has_limit, &r->limit },
                { "used", REPLY_PIECE_USED, &r->has_used, &r->used },
                { "remaining", REPLY_PIECE_REMAINING, &r->has_remaining, &r->remaining },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
                ReplyReason reason = { .piece = groups[i].piece, .rule = REPLY_RULE_GROUP };
                g_autofree char *text = fetch(regex, match, groups[i].name, &reason.words);
                ReplyAmount amount;

                if (!text)
                        continue;
                *groups[i].has = read_amount(text, unit, manner, &amount, &reason);
                if (reason.unit_bytes > 0)
                        reason.unit = g_strstrip(g_strdup(*after_digits(reason.words)
                                                                  ? after_digits(reason.words)
                                                                  : unit_words));
                reason.is_taken = *groups[i].has;
                reason.because = g_strdup(groups[i].name);
                reply_add_reason(r, reason);
                if (!*groups[i].has)
                        return false;
                *groups[i].bytes = amount.bytes;
                r->resolution = amount.resolution; /* the last is what counts */
        }

        read_expiry(regex, match, manner, r);
        return r->has_remaining || r->has_used;
}

bool reply_read_pattern(const char *text, const char *pattern, const ReplyManner *manner,
                        Reply *ret) {
        g_autoptr(GRegex) regex = compile(pattern);
        g_autoptr(GMatchInfo) match = NULL;
        g_autoptr(GError) error = NULL;
        Reply r = { .verdict = REPLY_FIGURE };
        bool is_figure;

        if (!regex)
                return false;

        if (!g_regex_match_full(regex, text, -1, 0, 0, &match, &error)) {
                if (!error)
                        return false;
                *ret = (Reply){ .why = g_strdup(N_("Pattern takes too long; make it simpler")) };
                return true;
        }
        is_figure = read_groups(regex, match, manner, &r);
        if (!is_figure)
                r = (Reply){ .verdict = REPLY_AMBIGUOUS,
                             .why = g_strdup(N_("what Pattern finds is no amount; its groups are "
                                                "remaining, used, limit, unit and expires")),
                             .reasons = r.reasons };
        for (guint i = 0; !is_figure && r.reasons && i < r.reasons->len; i++)
                ((ReplyReason *) r.reasons->pdata[i])->is_taken = false;
        *ret = r;
        return true;
}
