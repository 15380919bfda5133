/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the owner should know: shown, acknowledged, put off. */

#include <stdio.h>

#include "i18n.h"
#include "verbs.h"

static bool has_alert(const RemoteSim *sim, uint64_t id) {
        for (guint i = 0; i < sim->alerts->len; i++) {
                const RemoteValue *v = remote_value(sim->alerts->pdata[i], "id");

                if (v && v->number == id)
                        return true;
        }

        return false;
}

ExitCode verb_alerts(Options *o, char **words) {
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        const RemoteSim *only = NULL;
        ExitCode code;
        guint n = 0;

        code = load_remote(o, &r);
        if (code == EXIT_CODE_OK && o->sim)
                code = find_sim(r, o->sim, &only);
        if (code != EXIT_CODE_OK)
                return code;

        options_style(o, &style);
        if (wants(o, "json")) {
                print_alerts_json(r, only);
                return EXIT_CODE_OK;
        }
        for (guint i = 0; i < remote_sims(r)->len; i++) {
                const RemoteSim *sim = remote_sims(r)->pdata[i];

                if ((only && sim != only) || sim->alerts->len == 0)
                        continue;
                print_alerts(&style, sim);
                n += sim->alerts->len;
        }
        if (n > 0)
                print_folded(&style,
                             (const char *const[]){ _("To have seen one:"),
                                                    "simtally alerts ack ID", NULL },
                             " ", 0);
        else
                printf(_("Nothing to tell.\n"));
        return EXIT_CODE_OK;
}

/* An alert's number is enough: no two SIMs have the same. */
static ExitCode load_alert(Options *o, const char *number, Remote **ret, const RemoteSim **ret_sim,
                           uint64_t *ret_id) {
        g_autoptr(Remote) r = NULL;
        ExitCode code;

        code = parse_number(number, ret_id);
        if (code == EXIT_CODE_OK)
                code = load_remote(o, &r);
        if (code != EXIT_CODE_OK)
                return code;

        for (guint i = 0; i < remote_sims(r)->len; i++)
                if (has_alert(remote_sims(r)->pdata[i], *ret_id)) {
                        *ret_sim = remote_sims(r)->pdata[i];
                        *ret = g_steal_pointer(&r);
                        return EXIT_CODE_OK;
                }

        return failed(_("there is no alert %s: simtally alerts shows them"), number);
}

ExitCode verb_alerts_ack(Options *o, char **words) {
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        uint64_t id;
        ExitCode code;

        code = load_alert(o, words[0], &r, &sim, &id);
        return code == EXIT_CODE_OK ? remote_acknowledge(r, sim->path, id) : code;
}

ExitCode verb_alerts_snooze(Options *o, char **words) {
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        uint64_t id, until;
        ExitCode code;

        code = parse_instant(o->until, 0, &until);
        if (code == EXIT_CODE_OK)
                code = load_alert(o, words[0], &r, &sim, &id);
        return code == EXIT_CODE_OK ? remote_snooze(r, sim->path, id, until) : code;
}
