/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The verbs that list what there is: sims, modems. */

#include <stdio.h>

#include "i18n.h"
#include "verbs.h"

/* Identifiers, of each SIM that may be identified. */
static ExitCode print_identities(Remote *r) {
        static const char *const names[] = { "Iccid", "Imsi", "Eid" };
        GPtrArray *sims = remote_sims(r);

        for (guint i = 0; i < sims->len; i++) {
                const RemoteSim *sim = sims->pdata[i];
                g_autoptr(GHashTable) identity = NULL;
                ExitCode code = remote_identify(r, sim->path, &identity);

                if (code != EXIT_CODE_OK)
                        return code;

                printf("%s\n", sim->label);
                for (size_t j = 0; j < G_N_ELEMENTS(names); j++) {
                        const char *value = g_hash_table_lookup(identity, names[j]);
                        g_autofree char *name = g_ascii_strup(names[j], -1);

                        if (value)
                                printf("  %-8s  %s\n", name, value);
                }
        }

        return EXIT_CODE_OK;
}

ExitCode verb_sims(Options *o, char **words) {
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        ExitCode code;

        code = load_remote(o, &r);
        if (code != EXIT_CODE_OK)
                return code;
        if (o->identify)
                return print_identities(r);

        options_style(o, &style);
        if (wants(o, "json"))
                print_status_json(r, NULL);
        else if (remote_sims(r)->len == 0)
                printf(_("No SIM has been seen yet.\n"));
        else
                print_sims(&style, remote_sims(r));
        return EXIT_CODE_OK;
}

ExitCode verb_modems(Options *o, char **words) {
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        ExitCode code;

        code = load_remote(o, &r);
        if (code != EXIT_CODE_OK)
                return code;

        options_style(o, &style);
        if (wants(o, "json"))
                print_status_json(r, NULL);
        else
                print_modems(&style, r);
        return EXIT_CODE_OK;
}
