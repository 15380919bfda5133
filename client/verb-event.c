/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Facts that the owner tells: what was bought besides, what is left by another count. */

#include <stdio.h>

#include "event.h"
#include "i18n.h"
#include "verbs.h"

#define MOST_EVENTS 1000

static ExitCode noted(ExitCode code, const char *sentence, uint64_t event) {
        g_autofree char *undo = g_strdup_printf("simtally events remove %" G_GUINT64_FORMAT, event);

        if (code == EXIT_CODE_OK)
                printf(_("%s\nTo undo it: %s\n"), sentence, undo);
        return code;
}

/* "1GB lasts 30 days name coupon" */
static ExitCode top_up_text(const Options *o, const char *size, char **ret_text) {
        g_autofree char *error = NULL, *text = NULL;
        g_auto(EventTopUp) top_up = { 0 };

        text = g_strdup_printf("%s%s%s%s%s", size ?: "", o->lasts ? " lasts " : "", o->lasts ?: "",
                               o->name ? " name " : "", o->name ?: "");
        if (event_read_top_up(g_strstrip(text), &top_up, &error) < 0) {
                (void) failed("%s", error);
                return EXIT_CODE_USAGE;
        }

        *ret_text = g_steal_pointer(&text);
        return EXIT_CODE_OK;
}

ExitCode verb_topup(Options *o, char **words) {
        g_autofree char *text = NULL;
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        uint64_t at, event = 0;
        ExitCode code;

        if (!words[0] && !o->name)
                return usage(_("how much was bought? Say simtally topup 1GB, or --name one of the "
                               "plan's"));
        code = top_up_text(o, words[0], &text);
        if (code == EXIT_CODE_OK)
                code = parse_instant(o->at, 0, &at);
        if (code == EXIT_CODE_OK)
                code = load_sim(o, &r, &sim);
        if (code == EXIT_CODE_OK)
                code = remote_top_up(r, sim->path, text, at, &event);
        return noted(code, _("Noted. simtally buys nothing."), event);
}

ExitCode verb_correct(Options *o, char **words) {
        const char *figure = o->remaining ?: o->used;
        RemoteCorrection correction = { .bucket = o->bucket, .is_left = o->remaining != NULL };
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        uint64_t event = 0;
        ExitCode code;

        if (!figure || (o->remaining && o->used))
                return usage(_("say what is right: --remaining 1.2GB, or --used 3GB"));
        code = parse_size(figure, &correction.bytes);
        if (code == EXIT_CODE_OK)
                code = parse_instant(o->at, 0, &correction.at);
        if (code == EXIT_CODE_OK)
                code = load_sim(o, &r, &sim);
        if (code == EXIT_CODE_OK)
                code = remote_correct(r, sim->path, &correction, &event);
        return noted(code, _("Noted."), event);
}

ExitCode verb_events(Options *o, char **words) {
        g_autoptr(GPtrArray) events = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        const RemoteSim *sim;
        ExitCode code;

        code = load_sim(o, &r, &sim);
        if (code == EXIT_CODE_OK)
                code = remote_events(r, sim->path, 0, MOST_EVENTS, &events);
        if (code != EXIT_CODE_OK)
                return code;

        options_style(o, &style);
        if (wants(o, "json"))
                print_events_json(sim, events);
        else
                print_events(&style, sim, events);
        return EXIT_CODE_OK;
}

ExitCode verb_events_remove(Options *o, char **words) {
        g_autofree char *question = NULL;
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        uint64_t event;
        ExitCode code;

        code = parse_number(words[0], &event);
        if (code == EXIT_CODE_OK)
                code = load_sim(o, &r, &sim);
        if (code != EXIT_CODE_OK)
                return code;

        question = g_strdup_printf(_("Remove event %s of %s, as if it had never been told?"),
                                   words[0], sim->label);
        code = confirm_on_terminal(o, question);
        if (code == EXIT_CODE_OK)
                code = remote_remove_event(r, sim->path, event);
        if (code == EXIT_CODE_OK)
                printf(_("Event %s is removed.\n"), words[0]);
        return code;
}
