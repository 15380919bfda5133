/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The verb that shows what is left: once, or again whenever it changes, on screens and in bars. */

#include <stdio.h>
#include <unistd.h>

#include "feed.h"
#include "follow.h"
#include "i18n.h"
#include "sentence.h"
#include "verbs.h"

#define MINUTE       60
#define DAY          86400
#define CLEAR_SCREEN "\x1b[H\x1b[J"

/* What is shown again and again, or once. */
typedef struct Show {
        const Options *o;
        const char *sim;          /* as it was called; NULL: the current one */
        const FeedFormat *format; /* of a bar; NULL: a screen, or what programs read */
        bool draws;               /* over what it has drawn */
        char *last;               /* what a bar was told last; NULL: nothing yet */
} Show;

static void show_clear(Show *show) {
        g_free(show->last);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Show, show_clear)

/* So many SIMs that are not here need be read, of a thousand: a named one may be any of them. */
static unsigned most_away(const Show *show) {
        if (show->sim)
                return 0;
        if (show->format || show->o->fields)
                return 1;
        return wants(show->o, "text") ? STATUS_MOST_AWAY : 0;
}

/* *ret_sim: the SIM that it is about; NULL where there is none. */
static void make_feed(const Show *show, const Style *s, Remote *r, const char *why, Feed *f,
                      const RemoteSim **ret_sim) {
        g_autofree char *name = show->sim ? sentence_quote(show->sim) : NULL;
        g_autofree char *unknown = name ? g_strdup_printf(_("No SIM is called %s"), name) : NULL;
        const RemoteSim *sim = r ? remote_look_up_sim(r, show->sim) : NULL;

        *ret_sim = sim;
        if (!r)
                feed_init_unknown(f, why);
        else if (sim)
                feed_init(f, s, r, sim);
        else if (remote_sims(r)->len > 0 || name)
                feed_init_unknown(f, unknown);
        else
                feed_init_hidden(f, remote_modems(r)->len > 0);
}

static ExitCode take_template(const Options *o, const Style *s, const RemoteSim *sim, Feed *f) {
        g_autofree char *unknown = NULL;
        char *text;

        text = feed_template(o->template, f, s, sim, &unknown);
        if (!text)
                return usage(_("a template has no %s: -o keyvalue shows all fields"), unknown);

        g_free(f->text);
        f->text = text;
        return EXIT_CODE_OK;
}

static ExitCode show_feed(Show *show, const Style *s, Remote *r, const char *why) {
        bool is_first = !show->last;
        g_autofree char *text = NULL;
        g_auto(Feed) feed = { 0 };
        const RemoteSim *sim;
        ExitCode code;

        make_feed(show, s, r, why, &feed, &sim);
        if (sim && show->o->template) {
                code = take_template(show->o, s, sim, &feed);
                if (code != EXIT_CODE_OK)
                        return code;
        }
        feed_fit(&feed, s, (size_t) show->o->width);

        text = feed_format_text(show->format, s, &feed);
        if (g_strcmp0(text, show->last) == 0)
                return EXIT_CODE_OK;

        printf("%s%s", is_first ? show->format->head : show->format->separator, text);
        g_free(show->last);
        show->last = g_steal_pointer(&text);
        return EXIT_CODE_OK;
}

/* What programs read has the same form, whether or not there is something to say. */
static void show_nothing(const Options *o, const char *why) {
        if (wants(o, "json"))
                puts("{\"version\":1,\"sims\":[],\"modems\":[],\"problems\":[\"daemon-down\"]}");
        else if (wants(o, "keyvalue"))
                puts("problem=daemon-down");
        else if (o->fields)
                putchar('\n');
        else
                printf("%s\n", why);
}

static ExitCode show_screen(const Show *show, const Style *s, Remote *r, const RemoteSim *sim) {
        const Options *o = show->o;

        if (o->fields)
                return print_fields(sim, o->fields) ? EXIT_CODE_OK : EXIT_CODE_USAGE;
        if (wants(o, "json"))
                print_status_json(r, sim);
        else if (wants(o, "keyvalue"))
                print_status_keyvalue(r, sim);
        else if (sim)
                print_status_of(s, r, sim);
        else
                print_status(s, r);
        return EXIT_CODE_OK;
}

static ExitCode follow_screen(Show *show, const Style *s, Remote *r, const char *why) {
        const RemoteSim *sim = NULL;
        bool is_of_one = show->sim || show->o->fields;

        if (r && is_of_one)
                sim = remote_look_up_sim(r, show->sim);
        if (show->draws)
                printf(CLEAR_SCREEN);
        else if (show->last && wants(show->o, "text") && !show->o->fields)
                putchar('\n');
        if (!show->last)
                show->last = g_strdup("");

        if (r && (sim || !is_of_one))
                return show_screen(show, s, r, sim);
        show_nothing(show->o, why ?: _("That SIM is not known"));
        return EXIT_CODE_OK;
}

/* A screen has minutes in it, where a day or less is left. */
static int64_t changes_at(const Style *s, Remote *r) {
        int64_t first = INT64_MAX;

        for (guint i = 0; r && i < remote_sims(r)->len; i++) {
                const RemotePlan *p = &((const RemoteSim *) remote_sims(r)->pdata[i])->plan;
                const uint64_t instants[] = { p->period_end, p->expires_at, p->lifts_at };

                first = MIN(first, style_changes_at(s, p));
                for (size_t j = 0; j < G_N_ELEMENTS(instants); j++)
                        if (instants[j] > (uint64_t) s->now &&
                            instants[j] - (uint64_t) s->now < DAY)
                                first = MIN(first, s->now + MINUTE - s->now % MINUTE);
        }

        return first;
}

static ExitCode on_change(Remote *r, const char *why, int64_t *ret_changes_at, void *userdata) {
        Show *show = userdata;
        g_auto(Style) style = { 0 };
        ExitCode code;

        options_style(show->o, &style);
        code = show->format ? show_feed(show, &style, r, why) : follow_screen(show, &style, r, why);
        *ret_changes_at = changes_at(&style, r);

        /* Line by line, as they come; a reader that has gone is noticed by the next turn. */
        return fflush(stdout) == 0 ? code : EXIT_CODE_OK;
}

static ExitCode check_show(const Options *o, const FeedFormat *format) {
        g_autoptr(RemoteSim) nothing = remote_new_sim();
        g_auto(Style) style = { 0 };
        g_auto(Feed) feed = { 0 };

        if (format && o->fields)
                return usage(_("-g is for one value and another, not for a bar"));
        if (o->template && (!format || o->fields))
                return usage(_("a template is a bar's text, or a text"));
        if (o->watch && (!wants(o, "text") || o->fields || o->template))
                return usage(_("--watch shows the text; --follow is for programs"));
        if (!o->template)
                return EXIT_CODE_OK;

        options_style(o, &style);
        feed_init_hidden(&feed, false);
        return take_template(o, &style, nothing, &feed);
}

static ExitCode show_bar_once(Show *show) {
        g_autofree char *why = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        ExitCode code = EXIT_CODE_NO_DAEMON;
        int e;

        options_style(show->o, &style);
        e = remote_open((uint64_t) show->o->wait_seconds * G_USEC_PER_SEC, &r);
        if (e < 0) {
                why = remote_explain_bus(e);
        } else {
                remote_only_look(r);
                remote_read_few(r, most_away(show));
                code = remote_load_quietly(r, &why);
        }

        code = show_feed(show, &style, code == EXIT_CODE_OK ? r : NULL, why);
        if (code == EXIT_CODE_OK)
                fputs(show->format->tail, stdout);
        return code;
}

static ExitCode show_screen_once(const Show *show) {
        const Options *o = show->o;
        /* Both tell of modems, too. */
        bool is_whole = !o->fields && (wants(o, "json") || wants(o, "keyvalue"));
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        const RemoteSim *sim = NULL;
        ExitCode code;

        if (!is_whole && (show->sim || o->fields)) {
                code = load_sim(o, &r, &sim);
                if (code == EXIT_CODE_OK && !o->fields)
                        code = remote_load_around(r, sim);
        } else {
                code = load_few(o, most_away(show), &r);
                if (code == EXIT_CODE_OK && show->sim)
                        code = find_sim(r, show->sim, &sim);
        }
        if (code != EXIT_CODE_OK)
                return code;

        options_style(o, &style);
        return show_screen(show, &style, r, sim);
}

ExitCode verb_status(Options *o, char **words) {
        bool is_bar = !wants(o, "text") || o->template;
        g_auto(Show) show = {
                .o = o,
                .sim = o->sim,
                .format = is_bar ? feed_format(o->output) : NULL,
                .draws = o->watch && isatty(STDOUT_FILENO),
        };
        ExitCode code;

        if (words[0]) {
                g_free(o->sim);
                o->sim = g_strdup(words[0]);
                show.sim = o->sim;
        }

        code = check_show(o, show.format);
        if (code != EXIT_CODE_OK)
                return code;
        if (o->follow || o->watch)
                return follow((uint64_t) o->wait_seconds * G_USEC_PER_SEC, most_away(&show),
                              on_change, &show);
        return show.format ? show_bar_once(&show) : show_screen_once(&show);
}
