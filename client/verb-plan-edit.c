/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The plan in the owner's editor, again and again until it is understood. */

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "i18n.h"
#include "plan-set.h"
#include "verbs.h"

static const char *const beginning = "# What was bought for this SIM; see simtally.plan(5).\n"
                                     "\n"
                                     "[Plan]\n"
                                     "Name=\n"
                                     "\n"
                                     "[Bucket monthly]\n"
                                     "Bytes=20GB\n"
                                     "Every=1 month\n"
                                     "From=2026-11-01\n";

/* A file that only its owner can read: what was bought is private. */
static ExitCode write_file(const char *text, char **ret_name) {
        g_autofree char *name = NULL;
        g_autoptr(GError) error = NULL;
        size_t n = strlen(text);
        g_auto(Fd) fd = -1;

        fd = g_file_open_tmp("simtally-XXXXXX.plan", &name, &error);
        if (fd < 0)
                return failed("%s", error->message);
        if (write(fd, text, n) != (ssize_t) n)
                return failed(_("%s cannot be written: %s"), name, g_strerror(errno));

        *ret_name = g_steal_pointer(&name);
        return EXIT_CODE_OK;
}

static const char *find_editor(void) {
        static const char *const names[] = { "VISUAL", "EDITOR" };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                const char *editor = g_getenv(names[i]);

                if (editor && *editor)
                        return editor;
        }

        return "editor"; /* Debian's choice */
}

/* The variables may hold arguments, which a shell takes apart. */
static ExitCode run_editor(const char *name) {
        const char *editor = find_editor();
        g_autofree char *quoted = g_shell_quote(name);
        g_autofree char *command = g_strdup_printf("%s %s", editor, quoted);
        int status;

        fflush(stdout);
        status = system(command);
        if (status == -1 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
                return failed(_("%s failed; set EDITOR to another one"), editor);
        return EXIT_CODE_OK;
}

/* Edits until it is understood, or given up: then the file stays. */
static ExitCode edit_file(const char *name, PlanInput *input) {
        char *words[] = { (char *) name, NULL };
        ExitCode code;

        for (;;) {
                code = run_editor(name);
                if (code == EXIT_CODE_OK)
                        code = plan_input_read(words, g_get_real_time() / G_USEC_PER_SEC, input);
                if (code == EXIT_CODE_OK || !isatty(STDIN_FILENO) || !confirm(_("Edit it again?")))
                        return code;
        }
}

ExitCode verb_plan_edit(Options *o, char **words) {
        g_autofree char *text = NULL, *name = NULL;
        g_auto(PlanInput) input = { 0 };
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        ExitCode code;

        code = load_sim(o, &r, &sim);
        if (code == EXIT_CODE_OK)
                code = remote_get_plan(r, sim->path, &text);
        if (code == EXIT_CODE_OK)
                code = write_file(*text ? text : beginning, &name);
        if (code != EXIT_CODE_OK)
                return code;

        code = edit_file(name, &input);
        if (code == EXIT_CODE_OK && g_str_equal(input.text, *text ? text : beginning))
                printf(_("Nothing was changed.\n"));
        else if (code == EXIT_CODE_OK)
                code = plan_set(o, r, sim, &input);

        if (code == EXIT_CODE_OK)
                (void) g_unlink(name);
        else
                fprintf(stderr, _("simtally: what was written is kept in %s\n"), name);
        return code;
}
