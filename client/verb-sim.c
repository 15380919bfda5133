/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The verbs that change what is kept of a SIM: label, forget, assign; and export. */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>

#include "cleanup.h"
#include "i18n.h"
#include "verbs.h"

ExitCode verb_label(Options *o, char **words) {
        g_autoptr(Remote) r = NULL;
        g_autofree char *path = NULL;
        ExitCode code;

        code = connect_remote(o, &r);
        if (code == EXIT_CODE_OK)
                code = remote_find_sim(r, words[0], &path);
        if (code == EXIT_CODE_OK)
                code = remote_set_label(r, path, words[1]);
        return code;
}

ExitCode verb_forget(Options *o, char **words) {
        g_autofree char *name = NULL, *question = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        const RemoteSim *sim;
        ExitCode code;

        code = load_remote(o, &r);
        if (code == EXIT_CODE_OK)
                code = find_sim(r, words[0], &sim);
        if (code != EXIT_CODE_OK)
                return code;

        options_style(o, &style);
        name = sim_name(&style, sim);
        question = g_strdup_printf(_("Forget %s and all that was counted of it?"), name);
        if (!o->yes && !confirm(question)) {
                printf(_("Nothing was changed.\n"));
                return EXIT_CODE_FAILED;
        }

        return remote_forget(r, sim->path);
}

/* A file that is there already is not touched: a backup is not to be lost by another. */
ExitCode verb_export(Options *o, char **words) {
        g_auto(Fd) fd = -1;
        g_autoptr(Remote) r = NULL;
        ExitCode code;

        code = load_remote(o, &r);
        if (code != EXIT_CODE_OK)
                return code;

        fd = open(words[0], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
                return failed(_("%s cannot be made: %s"), words[0], g_strerror(errno));

        code = remote_export(r, fd);
        if (code != EXIT_CODE_OK)
                (void) g_unlink(words[0]);
        return code;
}

static const RemoteModem *find_modem(Remote *r, const char *text) {
        GPtrArray *modems = remote_modems(r);

        for (guint i = 0; i < modems->len; i++) {
                const RemoteModem *m = modems->pdata[i];

                if (g_str_equal(m->device, text) || g_str_has_suffix(m->path, text) ||
                    g_str_equal(m->model, text) || g_str_equal(m->links, text))
                        return m;
        }

        return NULL;
}

ExitCode verb_assign(Options *o, char **words) {
        g_autofree char *path = NULL;
        g_autoptr(Remote) r = NULL;
        const RemoteModem *modem;
        uint64_t since, until;
        ExitCode code;

        code = parse_instant(o->since, 0, &since);
        if (code == EXIT_CODE_OK)
                code = parse_instant(o->until, 0, &until);
        if (code == EXIT_CODE_OK)
                code = load_remote(o, &r);
        if (code != EXIT_CODE_OK)
                return code;

        modem = find_modem(r, words[0]);
        if (!modem)
                return failed(_("no modem is called %s: simtally modems shows them"), words[0]);

        if (g_str_equal(words[1], "none"))
                path = g_strdup("/");
        else
                code = remote_find_sim(r, words[1], &path);
        return code == EXIT_CODE_OK ? remote_assign(r, modem->path, path, since, until) : code;
}
