/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks what was bought, a question at a time, and makes the words of a plan out of the answers. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "i18n.h"
#include "plan-set.h"
#include "verbs.h"

#define ANSWER_BYTES 200

/* One line; NULL at the end of the input. */
static char *ask(const char *question) {
        char answer[ANSWER_BYTES];

        printf("%s ", question);
        fflush(stdout);
        if (!fgets(answer, sizeof(answer), stdin)) {
                putchar('\n');
                return NULL;
        }
        return g_strdup(g_strstrip(answer));
}

/* Asks, and adds the answer after a word that it belongs to; an empty one adds nothing. */
static bool ask_for(GString *words, const char *question, const char *before) {
        g_autofree char *answer = ask(question);

        if (answer && *answer)
                g_string_append_printf(words, "%s%s", before, answer);
        return answer != NULL;
}

/* What is asked depends on whether it comes again. */
static bool ask_when(GString *words) {
        g_autofree char *every =
                ask(_("Does it come again: monthly, weekly, daily, every 28 days? [no]"));
        bool is_monthly;

        if (!every)
                return false;
        is_monthly = g_ascii_strcasecmp(every, "monthly") == 0;
        if (*every && g_ascii_strcasecmp(every, "no") != 0)
                g_string_append_printf(words, " %s", every);
        if (is_monthly)
                return ask_for(words, _("On which day of the month? [1]"), " on ");

        return ask_for(words, _("For how long: 10 days, 24h, 1 month? [no end]"), " for ") &&
               ask_for(words, _("From when: 2026-11-19, first use? [now]"), " from ");
}

static char *ask_words(void) {
        g_autoptr(GString) words = g_string_new(NULL);

        if (!ask_for(words, _("How much was bought: 20GB, 500MB, unlimited?"), "") ||
            !ask_when(words) ||
            !ask_for(words, _("What follows: block, 128kbit/s, 220 JPY per 1GB? [block]"),
                     ", then ") ||
            !ask_for(words, _("Where can it be used: in Japan, abroad? [anywhere]"), ", ") ||
            !ask_for(words, _("How much is left now? [not known]"), ", left ") ||
            !ask_for(words, _("Its name? [none]"), ", called "))
                return NULL;

        return g_strdup(words->str);
}

/* Asks again where the answers were not understood, as long as there is somebody to ask. */
static ExitCode ask_plan(PlanInput *input) {
        ExitCode code;

        do {
                g_autofree char *words = ask_words();

                if (!words)
                        return failed(_("that was not all: nothing was changed"));
                printf("\n    simtally plan set %s\n\n", words);
                code = plan_input_say(words, g_get_real_time() / G_USEC_PER_SEC, input);
        } while (code != EXIT_CODE_OK && isatty(STDIN_FILENO));

        return code;
}

static ExitCode write_plan(const char *name, const PlanInput *input) {
        size_t n = strlen(input->text);
        g_auto(Fd) fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

        if (fd < 0 || write(fd, input->text, n) != (ssize_t) n)
                return failed(_("%s cannot be written: %s"), name, g_strerror(errno));

        printf(_("It is in %s: simtally plan set %s\n"), name, name);
        return EXIT_CODE_OK;
}

ExitCode verb_plan_new(Options *o, char **words) {
        g_auto(PlanInput) input = { 0 };
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        ExitCode code;

        if (!words[0]) {
                code = load_sim(o, &r, &sim);
                if (code != EXIT_CODE_OK)
                        return code;
        }

        code = ask_plan(&input);
        if (code != EXIT_CODE_OK)
                return code;
        return words[0] ? write_plan(words[0], &input) : plan_ask_and_set(o, r, sim, &input);
}
