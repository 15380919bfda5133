/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is read of a carrier's words: of its last ones, or of those that somebody tries. */

#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "plmn.h"
#include "query.h"
#include "reply.h"
#include "verbs.h"

static uint64_t number(const GArray *found, const char *name, bool *ret_is_said) {
        const RemoteValue *v = remote_value(found, name);

        *ret_is_said = v != NULL;
        return v ? v->number : 0;
}

static void take_found(const GArray *found, Reply *ret) {
        static const ReplyVerdict verdicts[] = { REPLY_FIGURE, REPLY_AMBIGUOUS };
        const RemoteValue *verdict = remote_value(found, "verdict");
        const RemoteValue *why = remote_value(found, "why");
        Reply reply = { .why = g_strdup(why ? why->text : "") };
        bool is_exact;

        for (size_t i = 0; verdict && i < G_N_ELEMENTS(verdicts); i++)
                if (g_str_equal(verdict->text, reply_verdict_to_string(verdicts[i])))
                        reply.verdict = verdicts[i];
        reply.remaining = number(found, "remaining_bytes", &reply.has_remaining);
        reply.used = number(found, "used_bytes", &reply.has_used);
        reply.limit = number(found, "limit_bytes", &reply.has_limit);
        reply.resolution = number(found, "resolution_bytes", &is_exact);
        reply.expires_at = (int64_t) number(found, "expires_at", &reply.has_expires);
        *ret = reply;
}

static const char *text_of(const GArray *found, const char *name) {
        const RemoteValue *v = remote_value(found, name);

        return v ? v->text : "";
}

static void take_reason(const GArray *said, Reply *reply) {
        bool is_said;
        ReplyReason reason = { .piece = reply_piece_from_string(text_of(said, "as")),
                               .is_taken = number(said, "taken", &is_said) != 0,
                               .rule = reply_rule_from_string(text_of(said, "rule")),
                               .doubt = reply_doubt_from_string(text_of(said, "doubt")),
                               .words = g_strdup(text_of(said, "words")),
                               .because = remote_value(said, "because")
                                                  ? g_strdup(text_of(said, "because"))
                                                  : NULL,
                               .unit = g_strdup(text_of(said, "unit")),
                               .unit_bytes = number(said, "unit_bytes", &is_said),
                               .bytes = number(said, "bytes", &is_said) };

        reason.date.expires_at = (int64_t) number(said, "expires_at", &is_said);
        reason.date.by = reply_date_by_from_string(text_of(said, "date_by"));
        reason.date.is_month_first = number(said, "month_first", &is_said) != 0;
        reason.date.is_counted = number(said, "counted", &is_said) != 0;
        reason.date.has_no_year = number(said, "has_year", &is_said) == 0 && is_said;
        reply_add_reason(reply, reason);
}

ExitCode verb_query_last(Options *o, char **words) {
        g_autoptr(GPtrArray) reasons = NULL;
        g_autoptr(GArray) found = NULL;
        g_autofree char *text = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Reply) reply = { 0 };
        g_auto(Style) style = { 0 };
        const RemoteSim *sim;
        ExitCode code;

        code = load_sim(o, &r, &sim);
        if (code == EXIT_CODE_OK)
                code = remote_last_reply(r, sim->path, &text);
        if (code != EXIT_CODE_OK)
                return code;
        if (!*text)
                return failed(_("the carrier has not said anything yet"));

        printf("%s\n\n", text);
        code = remote_test_reply(r, sim->path, text, &found, &reasons);
        if (code != EXIT_CODE_OK)
                return code;

        options_style(o, &style);
        take_found(found, &reply);
        for (guint i = 0; i < reasons->len; i++)
                take_reason(reasons->pdata[i], &reply);
        print_reply(&style, &reply);
        return EXIT_CODE_OK;
}

/* The pattern, or NULL, and the country of the SIM that -s names: only they need the daemon. */
static ExitCode find_pattern(const Options *o, char **ret, uint16_t *ret_home_mcc) {
        g_autofree char *text = NULL, *sentence = NULL;
        g_autoptr(Query) query = NULL;
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        Plmn home = { 0 };
        ExitCode code;

        *ret = NULL;
        *ret_home_mcc = 0;
        if (!o->sim)
                return EXIT_CODE_OK;

        code = load_sim(o, &r, &sim);
        if (code != EXIT_CODE_OK)
                return code;
        if (plmn_parse(sim->home_plmn, &home) >= 0)
                *ret_home_mcc = home.mcc;

        code = remote_get_query(r, sim->path, &text);
        if (code != EXIT_CODE_OK || !*text)
                return code;
        if (query_parse(text, strlen(text), &query, &sentence) < 0)
                return failed("%s", sentence);

        *ret = g_strdup(query->pattern);
        return EXIT_CODE_OK;
}

ExitCode query_dry_run(const Options *o) {
        g_autofree char *pattern = NULL, *text = g_utf8_make_valid(o->dry_run, -1);
        g_auto(Reply) reply = { 0 };
        g_auto(Style) style = { 0 };
        uint16_t home_mcc;
        ExitCode code;

        if (strlen(text) > REPLY_MAX_BYTES)
                return failed(_("no carrier answers with more than %d KiB"),
                              REPLY_MAX_BYTES / 1024);
        code = find_pattern(o, &pattern, &home_mcc);
        if (code != EXIT_CODE_OK)
                return code;

        options_style(o, &style);
        if (reply_read(text, pattern, &(ReplyOrigin){ style.now, style.zone, home_mcc }, &reply) <
            0)
                return failed(_("the reply cannot be read"));
        if (wants(o, "json"))
                print_reply_json(&reply);
        else
                print_reply(&style, &reply);
        return EXIT_CODE_OK;
}
