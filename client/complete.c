/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "complete.h"

#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "verb-table.h"

#define PATIENCE_USEC (1 * G_USEC_PER_SEC) /* somebody waits at the prompt */

/* What has been typed: the verb, as far as it is clear, and the word that is not complete. */
typedef struct Typed {
        const Verb *verb; /* NULL: none is said yet */
        char **words;     /* those after the verb, without options and their values */
        int n_words;
        const char *option; /* whose value is typed; NULL */
        const char *last;
} Typed;

static void offer(const Typed *t, const char *word, const char *what) {
        if (g_str_has_prefix(word, t->last))
                printf("%s\t%s\n", word, what);
}

static void offer_each(const Typed *t, const char *words) {
        g_auto(GStrv) each = g_strsplit(words, " ", -1);

        for (char **word = each; *word; word++)
                offer(t, *word, "");
}

/* Whoever has no daemon is offered nothing, and told nothing: it is no time for messages. */
static Remote *ask(void) {
        Remote *r = NULL;

        if (!freopen("/dev/null", "w", stderr))
                return NULL;
        if (remote_new(PATIENCE_USEC, &r) != EXIT_CODE_OK)
                return NULL;
        return remote_load(r) == EXIT_CODE_OK ? r : remote_free(r);
}

/* Its label; and its digits, as soon as some are typed, or where it has none. */
static void offer_sims(const Typed *t) {
        g_autoptr(Remote) r = ask();

        for (guint i = 0; r && i < remote_sims(r)->len; i++) {
                const RemoteSim *sim = remote_sims(r)->pdata[i];
                g_autofree char *tail = g_strdup_printf("··%s", sim->iccid_tail);

                offer(t, sim->label, tail);
                if (*t->last && *sim->iccid_tail)
                        offer(t, sim->iccid_tail, sim->label);
        }
}

static void offer_modems(const Typed *t) {
        g_autoptr(Remote) r = ask();

        for (guint i = 0; r && i < remote_modems(r)->len; i++) {
                const RemoteModem *m = remote_modems(r)->pdata[i];

                offer(t, m->device, m->model);
        }
}

static void offer_presets(const Typed *t) {
        g_autoptr(GPtrArray) presets = NULL;
        g_autoptr(Remote) r = ask();

        if (!r || remote_presets(r, &presets) != EXIT_CODE_OK)
                return;
        for (guint i = 0; i + 2 < presets->len; i += 3)
                offer(t, presets->pdata[i], presets->pdata[i + 1]);
}

static void offer_alerts(const Typed *t) {
        g_autoptr(Remote) r = ask();

        for (guint i = 0; r && i < remote_sims(r)->len; i++) {
                const RemoteSim *sim = remote_sims(r)->pdata[i];

                for (guint j = 0; j < sim->alerts->len; j++) {
                        const RemoteValue *id = remote_value(sim->alerts->pdata[j], "id");
                        const RemoteValue *kind = remote_value(sim->alerts->pdata[j], "kind");
                        g_autofree char *number =
                                g_strdup_printf("%" G_GUINT64_FORMAT, id ? id->number : 0);

                        offer(t, number, kind ? kind->text : "");
                }
        }
}

/* The words of plans that come after a first size; values are the owner's to say. */
static void offer_plan_words(const Typed *t) {
        if (t->n_words > 0)
                offer_each(t, "monthly weekly daily every on at for from until then in abroad "
                              "rollover zone used left called and within it");
}

static void offer_argument(const Typed *t) {
        g_auto(GStrv) arguments = g_strsplit(t->verb->arguments, " ", -1);
        const char *wanted =
                (guint) t->n_words < g_strv_length(arguments) ? arguments[t->n_words] : "";

        if (g_str_has_prefix(t->verb->arguments, "WORDS"))
                offer_plan_words(t);
        else if (g_str_equal(wanted, "SIM") || g_str_equal(wanted, "[SIM]"))
                offer_sims(t);
        else if (g_str_equal(wanted, "MODEM"))
                offer_modems(t);
        else if (g_str_equal(wanted, "PRESET"))
                offer_presets(t);
        else if (g_str_equal(wanted, "ID") && g_str_has_prefix(t->verb->name, "alerts"))
                offer_alerts(t);
}

static void offer_options(const Typed *t) {
        GOptionEntry entries[VERB_MAX_OPTIONS];
        Options o = { 0 };
        size_t n = verb_options(t->verb, &o, entries);

        for (size_t i = 0; i < n; i++) {
                g_autofree char *name = g_strconcat("--", entries[i].long_name, NULL);

                offer(t, name, entries[i].description ? gettext(entries[i].description) : "");
        }
}

static bool is_option(const char *word, const char *long_name, char short_name) {
        return word[1] == '-' ? g_str_equal(word + 2, long_name)
                              : short_name && word[1] == short_name;
}

static void offer_value(const Typed *t) {
        if (is_option(t->option, "output", 'o'))
                offer_each(t, t->verb->outputs);
        else if (is_option(t->option, "sim", 's'))
                offer_sims(t);
        else if (is_option(t->option, "unit", 'u'))
                offer_each(t, "si iec bytes");
        else if (is_option(t->option, "theme", '\0'))
                offer_each(t, "light dark");
        else if (is_option(t->option, "by", '\0'))
                offer_each(t, "15min hour day week month year period");
}

/* What may come where a verb is wanted; group: after which one (""). */
static void offer_verbs(const Typed *t, const char *group) {
        size_t skip = *group ? strlen(group) + 1 : 0, n;
        const Verb *verbs = verb_table(&n);

        for (size_t i = 0; i < n; i++) {
                const char *name = verbs[i].name;

                if (*group ? verb_is_of(&verbs[i], group) && strchr(name, ' ') : !strchr(name, ' '))
                        offer(t, name + skip, gettext(verbs[i].summary));
        }
}

/* The verb is the first word, or the first two; what is left belongs to it. */
static void find_verb(Typed *t, GPtrArray *plain) {
        g_autofree char *two = plain->len > 1 ? g_strdup_printf("%s %s", (char *) plain->pdata[0],
                                                                (char *) plain->pdata[1])
                                              : g_strdup("");
        guint n = 2;

        t->verb = verb_find(two);
        if (!t->verb && plain->len > 0) {
                t->verb = verb_find(plain->pdata[0]);
                n = 1;
        }
        if (!t->verb)
                return;

        t->words = (char **) plain->pdata + n;
        t->n_words = (int) (plain->len - n);
}

ExitCode complete_print(int n_words, char **words) {
        g_autoptr(GPtrArray) plain = g_ptr_array_new();
        Typed t = { .last = words[n_words - 1] };
        bool is_word;
        size_t n;

        for (int i = 0; i < n_words - 1; i++)
                if (words[i][0] != '-')
                        g_ptr_array_add(plain, words[i]);
                else if (verb_option_takes_value(words[i]) && ++i == n_words - 1)
                        t.option = words[i - 1];
        find_verb(&t, plain);
        if (plain->len > 0 && !t.verb)
                return EXIT_CODE_OK;

        is_word = !t.option && t.last[0] != '-';
        if (is_word && t.n_words == 0 && !(t.verb && strchr(t.verb->name, ' ')))
                offer_verbs(&t, t.verb ? t.verb->name : "");
        if (!t.verb) {
                if (is_word)
                        return EXIT_CODE_OK;
                t.verb = verb_table(&n);
        }

        if (t.option)
                offer_value(&t);
        else if (is_word)
                offer_argument(&t);
        else
                offer_options(&t);
        return EXIT_CODE_OK;
}
