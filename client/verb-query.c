/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The carrier's own figure: how it is asked for, that it may be, and what it says. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"
#include "plan.h"
#include "query.h"
#include "said.h"
#include "verbs.h"

#define ANSWER_USEC (UINT64_C(16) * 60 * G_USEC_PER_SEC) /* three methods, 5 minutes each */
#define MOST_INPUT  QUERY_MAX_BYTES

static bool is_under_way(const RemoteSim *sim) {
        return g_str_equal(sim->report.query_state, "sending") ||
               g_str_equal(sim->report.query_state, "waiting");
}

static void print_way(const Style *s, const char *what, const char *where) {
        if (where)
                print_sentence(s, what, where);
}

static void print_line(const Style *s, const char *line) {
        print_folded(s, (const char *const[]){ line, NULL }, "", 0);
}

/* Nobody can be asked: where its owner finds the figure, and how it is typed in. */
static void print_by_hand(const Style *s, const RemoteSim *sim, const char *text) {
        g_autofree char *error = NULL, *line = NULL;
        g_autoptr(Plan) plan = NULL;

        line = g_strdup_printf(
                _("How the carrier of %s is asked was not said: simtally query setup."),
                sim->label);
        print_line(s, line);
        if (*text && plan_parse(text, strlen(text), &plan, &error) >= 0 &&
            (plan->check_url || plan->app || plan->support)) {
                printf(_("Its figure is to be had here:\n"));
                print_way(s, _("Web"), plan->check_url);
                print_way(s, _("App"), plan->app);
                print_way(s, _("Support"), plan->support);
        }
        printf(_("Type it in:\n  simtally correct --remaining 1.2GB\n"));
}

static ExitCode show_by_hand(const Options *o, Remote *r, const RemoteSim *sim) {
        g_autofree char *text = NULL;
        g_auto(Style) style = { 0 };
        ExitCode code = EXIT_CODE_OK;

        if (sim->plan.has_plan)
                code = remote_get_plan(r, sim->path, &text);
        if (code != EXIT_CODE_OK)
                return code;

        options_style(o, &style);
        print_by_hand(&style, sim, text ?: "");
        return EXIT_CODE_FAILED;
}

static ExitCode show_answer(Options *o, Remote *r, const char *path) {
        const RemoteSim *sim = remote_sim_by_path(r, path);
        g_autofree char *report = NULL, *line = NULL, *error = NULL;
        g_auto(Style) style = { 0 };

        if (!sim)
                return failed(_("that SIM has just been forgotten"));
        if (wants(o, "json")) {
                print_report_json(sim);
                return g_str_equal(sim->report.query_state, "failed") ? EXIT_CODE_FAILED
                                                                      : EXIT_CODE_OK;
        }
        if (g_str_equal(sim->report.query_state, "failed") || !sim->report.has_report) {
                error = said_translate(sim->report.query_error);
                return failed("%s", *error ? error : _("the carrier said nothing"));
        }

        options_style(o, &style);
        report = style_report(&style, sim);
        line = g_strdup_printf(_("%s: %s"), sim->label, report);
        print_line(&style, line);
        return EXIT_CODE_OK;
}

ExitCode verb_query(Options *o, char **words) {
        g_autofree char *path = NULL;
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        ExitCode code;

        if (o->dry_run)
                return query_dry_run(o);

        code = load_sim(o, &r, &sim);
        if (code != EXIT_CODE_OK)
                return code;
        if (g_str_equal(sim->report.query_method, "none"))
                return show_by_hand(o, r, sim);

        path = g_strdup(sim->path);
        if (!is_under_way(sim)) {
                code = remote_query(r, path);
                if (code != EXIT_CODE_OK)
                        return code;
        }
        if (isatty(STDERR_FILENO))
                fprintf(stderr, _("The carrier is asked (%s); it may take minutes ...\n"),
                        style_method(sim->report.query_method));
        code = remote_wait_for_answer(r, path, ANSWER_USEC);
        return code == EXIT_CODE_OK ? show_answer(o, r, path) : code;
}

ExitCode verb_query_show(Options *o, char **words) {
        g_autofree char *text = NULL;
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        ExitCode code;

        code = load_sim(o, &r, &sim);
        if (code == EXIT_CODE_OK)
                code = remote_get_query(r, sim->path, &text);
        if (code == EXIT_CODE_OK)
                fputs(text, stdout);
        return code;
}

/* Everything that the carrier might be sent, one by one; each has to be said yes to. */
static ExitCode confirm_all(Options *o, Remote *r, const RemoteSim *sim, const Query *query) {
        ExitCode code = EXIT_CODE_OK;

        for (unsigned i = 0; code == EXIT_CODE_OK && i < query->n_methods; i++) {
                QueryMethod method = query->methods[i];
                g_autofree char *text = query_sent_text(query, method);
                g_autofree char *what = style_sending(query, method);
                g_autofree char *question = NULL;

                if (query->cost)
                        printf(_("%s: %s (%s)\n"), sim->label, what, query->cost);
                else
                        printf(_("%s: %s\n"), sim->label, what);
                question = g_strdup_printf(
                        query->abroad > 0
                                ? _("At most every %d min, and %d times a day, abroad, too. May it be?")
                                : _("At most every %d min, and %d times a day. May it be?"),
                        (int) (query_minimum_delay(query) / 60), query_daily_maximum(query));
                code = confirm_on_terminal(o, question);
                if (code == EXIT_CODE_OK)
                        code = remote_confirm_query(r, sim->path, text,
                                                    query_sent_to(query, method));
        }

        if (code == EXIT_CODE_OK)
                printf(_("Confirmed. To ask: simtally query\n"));
        return code;
}

static ExitCode parse(const char *text, Query **ret) {
        g_autofree char *error = NULL;

        if (query_parse(text, strlen(text), ret, &error) >= 0)
                return EXIT_CODE_OK;
        return failed("%s", error);
}

ExitCode verb_query_confirm(Options *o, char **words) {
        g_autoptr(Query) query = NULL;
        g_autofree char *text = NULL;
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        ExitCode code;

        code = load_sim(o, &r, &sim);
        if (code == EXIT_CODE_OK)
                code = remote_get_query(r, sim->path, &text);
        if (code != EXIT_CODE_OK)
                return code;
        if (!*text)
                return failed(_("how the carrier is asked was not said: simtally query setup"));

        code = parse(text, &query);
        if (code == EXIT_CODE_OK && query->n_methods == 0)
                return failed(_("the query asks nothing: its Method is none"));
        return code == EXIT_CODE_OK ? confirm_all(o, r, sim, query) : code;
}

static void print_suggestion(guint number, const GArray *suggestion) {
        const RemoteValue *name = remote_value(suggestion, "name");
        const RemoteValue *text = remote_value(suggestion, "text");
        const RemoteValue *source = remote_value(suggestion, "source");
        g_auto(GStrv) lines = g_strsplit(text ? text->text : "", "\n", -1);

        printf(_("%u. %s (says %s)\n"), number, name ? name->text : "", source ? source->text : "");
        for (char **line = lines; *line; line++)
                if (**line)
                        printf("     %s\n", *line);
}

/* 0: none of them. */
static guint choose(guint n) {
        char answer[16];
        guint64 number;

        printf(_("Which one? [none] "));
        fflush(stdout);
        if (!fgets(answer, sizeof(answer), stdin) ||
            !g_ascii_string_to_unsigned(g_strstrip(answer), 10, 1, n, &number, NULL))
                return 0;
        return (guint) number;
}

static ExitCode choose_suggestion(Remote *r, const RemoteSim *sim, char **ret) {
        g_autoptr(GPtrArray) suggestions = NULL;
        const RemoteValue *text;
        ExitCode code;
        guint chosen;

        code = remote_suggest_queries(r, sim->path, &suggestions);
        if (code != EXIT_CODE_OK)
                return code;

        if (suggestions->len == 0)
                printf(_("Nothing is known of how %s is asked.\n"),
                       *sim->operator? sim->operator: _("the carrier"));
        for (guint i = 0; i < suggestions->len; i++)
                print_suggestion(i + 1, suggestions->pdata[i]);

        chosen = suggestions->len > 0 && isatty(STDIN_FILENO) ? choose(suggestions->len) : 0;
        text = chosen > 0 ? remote_value(suggestions->pdata[chosen - 1], "text") : NULL;
        if (!text) {
                printf(_("Write how it is asked into a file, and say simtally query setup FILE:\n"
                         "  [Query]\n  Method=sms\n  To=111\n  Text=DATA\n"));
                return EXIT_CODE_FAILED;
        }

        *ret = g_strdup(text->text);
        return EXIT_CODE_OK;
}

static ExitCode read_input(const char *name, char **ret) {
        bool is_stdin = g_str_equal(name, "-");
        FILE *file = is_stdin ? stdin : fopen(name, "re");
        g_autofree char *text = g_malloc(MOST_INPUT + 2);
        size_t n;

        if (!file)
                return failed("%s: %s", name, g_strerror(errno));

        n = fread(text, 1, MOST_INPUT + 1, file);
        text[n] = '\0';
        if (!is_stdin)
                (void) fclose(file);
        if (strlen(text) != n)
                return failed(_("%s: this is no text"), name);

        *ret = g_steal_pointer(&text);
        return EXIT_CODE_OK;
}

ExitCode verb_query_setup(Options *o, char **words) {
        g_autoptr(Query) query = NULL;
        g_autofree char *text = NULL;
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        ExitCode code;

        code = load_sim(o, &r, &sim);
        if (code == EXIT_CODE_OK)
                code = words[0] ? read_input(words[0], &text) : choose_suggestion(r, sim, &text);
        if (code == EXIT_CODE_OK)
                code = parse(text, &query);
        if (code == EXIT_CODE_OK)
                code = remote_set_query(r, sim->path, text);
        if (code != EXIT_CODE_OK)
                return code;

        printf(_("Set for %s:\n"), sim->label);
        for (unsigned i = 0; i < query->n_methods; i++) {
                g_autofree char *what = style_sending(query, query->methods[i]);

                printf("  %s\n", what);
        }
        printf(_("Nothing is sent before you say simtally query confirm.\n"));
        return EXIT_CODE_OK;
}
