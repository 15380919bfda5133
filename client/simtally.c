/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The command line: its verbs, and the options that each of them has. */

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "verbs.h"

#define DEFAULT_WAIT_SECONDS 25
#define ANY                  G_MAXINT

/* Options, as a set. */
enum {
        SIM = 1 << 0,
        OUTPUT = 1 << 1,
        FIELDS = 1 << 2,
        TEXT = 1 << 3, /* the unit and the width */
        BY = 1 << 4,
        SINCE = 1 << 5,
        UNTIL = 1 << 6,
        IDENTIFY = 1 << 7,
        YES = 1 << 8,
        DAEMON = 1 << 9, /* how long it may take */
        AT = 1 << 10,
        TOP_UP = 1 << 11, /* --lasts, --name */
        FIGURE = 1 << 12, /* --remaining, --used, --bucket */
        PERIOD = 1 << 13, /* --period, --bill, --full */
        FOLLOW = 1 << 14, /* --follow, --watch, --template */
};

typedef struct Verb {
        const char *name;
        const char *arguments; /* for --help */
        const char *summary;
        int least, most;     /* words after the verb; ANY */
        const char *outputs; /* those that -o knows, the first is the default; "" for none */
        unsigned options;
        ExitCode (*run)(Options *o, char **words);
} Verb;

static const Verb verbs[] = {
        { "status", "[SIM]", "What the SIMs have used (the default)", 0, 1,
          "text json keyvalue bar waybar i3blocks i3status-rust polybar i3bar genmon tmux argos "
          "yambar",
          SIM | OUTPUT | FIELDS | TEXT | FOLLOW | DAEMON, verb_status },
        { "sims", "", "All SIMs that were ever seen", 0, 0, "text json",
          OUTPUT | TEXT | IDENTIFY | DAEMON, verb_sims },
        { "modems", "", "The modems, and why one is not counted", 0, 0, "text json",
          OUTPUT | TEXT | DAEMON, verb_modems },
        { "history", "[SIM]", "What a SIM has used, slice by slice", 0, 1, "text json csv",
          SIM | OUTPUT | TEXT | BY | SINCE | UNTIL | DAEMON, verb_history },
        { "statement", "", "What was used in a period, to lay beside the carrier's bill", 0, 0,
          "text csv json", SIM | OUTPUT | TEXT | PERIOD | DAEMON, verb_statement },
        { "plan", "", "The plan's text", 0, 0, "text json", SIM | OUTPUT | DAEMON, verb_plan_show },
        { "plan show", "", "The plan's text", 0, 0, "text json", SIM | OUTPUT | DAEMON,
          verb_plan_show },
        { "plan set", "WORDS|FILE", "Says what was bought; FILE may be -", 1, ANY, "",
          SIM | SINCE | TEXT | YES | DAEMON, verb_plan_set },
        { "plan edit", "", "The plan's text in your editor", 0, 0, "", SIM | SINCE | DAEMON,
          verb_plan_edit },
        { "plan new", "[FILE]", "Asks what was bought", 0, 1, "", SIM | SINCE | TEXT | YES | DAEMON,
          verb_plan_new },
        { "plan presets", "", "Plans that carriers sell, to begin with", 0, 0, "text json",
          OUTPUT | TEXT | DAEMON, verb_plan_presets },
        { "plan use", "PRESET", "Takes one of them", 1, 1, "", SIM | SINCE | TEXT | YES | DAEMON,
          verb_plan_use },
        { "plan check", "WORDS|FILE", "What is understood of a plan; asks no daemon", 1, ANY,
          "text json plan", OUTPUT | TEXT | AT, verb_plan_check },
        { "plan clear", "", "No plan any more, from now on", 0, 0, "", SIM | YES | DAEMON,
          verb_plan_clear },
        { "topup", "[SIZE]", "Something was bought besides", 0, 1, "", SIM | AT | TOP_UP | DAEMON,
          verb_topup },
        { "correct", "", "The right figure, where another count is better", 0, 0, "",
          SIM | AT | FIGURE | DAEMON, verb_correct },
        { "events", "", "What was told of a SIM: plans, top-ups, corrections", 0, 0, "text json",
          SIM | OUTPUT | TEXT | DAEMON, verb_events },
        { "events remove", "ID", "As if it had never been told", 1, 1, "", SIM | YES | DAEMON,
          verb_events_remove },
        { "alerts", "", "What you should know", 0, 0, "text json", SIM | OUTPUT | TEXT | DAEMON,
          verb_alerts },
        { "alerts ack", "ID", "You have seen it", 1, 1, "", DAEMON, verb_alerts_ack },
        { "alerts snooze", "ID", "Not in this period, or not until then", 1, 1, "", UNTIL | DAEMON,
          verb_alerts_snooze },
        { "check", "", "One line for monitoring: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN", 0, 0, "",
          SIM | TEXT | DAEMON, verb_check },
        { "label", "SIM NAME", "Gives a SIM a name; an empty one takes it away", 2, 2, "", DAEMON,
          verb_label },
        { "forget", "SIM", "Forgets a SIM, and what was counted of it", 1, 1, "", YES | DAEMON,
          verb_forget },
        { "assign", "MODEM SIM", "Gives a modem's unassigned bytes to a SIM, or back to \"none\"",
          2, 2, "", SINCE | UNTIL | DAEMON, verb_assign },
        { "export", "FILE", "Writes a copy of the ledger to a new file (SQLite)", 1, 1, "", DAEMON,
          verb_export },
};

static const Verb *find_verb(const char *name) {
        for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
                if (g_str_equal(verbs[i].name, name))
                        return &verbs[i];

        return NULL;
}

/* Whether a verb is of a group: "plan check" is of plan. */
static bool is_of(const Verb *verb, const char *group) {
        size_t n = strlen(group);

        return strncmp(verb->name, group, n) == 0 && (verb->name[n] == ' ' || !verb->name[n]);
}

/* The options that a verb has, of all there are. */
static void add_options(GOptionContext *context, const Verb *verb, Options *o, gboolean *version) {
        const struct {
                unsigned option;
                GOptionEntry entry;
        } all[] = {
                { SIM,
                  { "sim", 's', 0, G_OPTION_ARG_STRING, &o->sim,
                    "Of this SIM: its label, slug or last four digits", "SIM" } },
                { OUTPUT,
                  { "output", 'o', 0, G_OPTION_ARG_STRING, &o->output, verb->outputs, "FORMAT" } },
                { FIELDS,
                  { "fields", 'g', 0, G_OPTION_ARG_STRING, &o->fields,
                    "Just these values of one SIM, one a line", "NAMES" } },
                { TEXT,
                  { "unit", 'u', 0, G_OPTION_ARG_STRING, &o->unit, "si, iec or bytes", "UNIT" } },
                { TEXT, { "width", 0, 0, G_OPTION_ARG_INT, &o->width, "Columns of text", "N" } },
                { FOLLOW,
                  { "follow", 'F', 0, G_OPTION_ARG_NONE, &o->follow,
                    "Again whenever it changes, until nobody reads it", NULL } },
                { FOLLOW,
                  { "watch", 0, 0, G_OPTION_ARG_NONE, &o->watch,
                    "The same, drawn over itself on the terminal", NULL } },
                { FOLLOW,
                  { "template", 0, 0, G_OPTION_ARG_STRING, &o->template,
                    "Your own text, such as \"{left} until {until}\"", "TEXT" } },
                { BY,
                  { "by", 0, 0, G_OPTION_ARG_STRING, &o->by,
                    "15min, hour, day, week, month, year or period", "SLICE" } },
                { SINCE,
                  { "since", 0, 0, G_OPTION_ARG_STRING, &o->since, "From then on", "TIME" } },
                { UNTIL, { "until", 0, 0, G_OPTION_ARG_STRING, &o->until, "Before then", "TIME" } },
                { AT, { "at", 0, 0, G_OPTION_ARG_STRING, &o->at, "Then, instead of now", "TIME" } },
                { TOP_UP,
                  { "lasts", 0, 0, G_OPTION_ARG_STRING, &o->lasts, "Such as \"30 days\"",
                    "LENGTH" } },
                { TOP_UP,
                  { "name", 0, 0, G_OPTION_ARG_STRING, &o->name, "One that the plan names",
                    "NAME" } },
                { FIGURE,
                  { "remaining", 0, 0, G_OPTION_ARG_STRING, &o->remaining, "So much is left",
                    "SIZE" } },
                { FIGURE,
                  { "used", 0, 0, G_OPTION_ARG_STRING, &o->used, "So much is used", "SIZE" } },
                { FIGURE,
                  { "bucket", 0, 0, G_OPTION_ARG_STRING, &o->bucket, "Of this amount alone",
                    "NAME" } },
                { PERIOD,
                  { "period", 0, 0, G_OPTION_ARG_INT, &o->period,
                    "0 is the running one, -1 the last", "N" } },
                { PERIOD,
                  { "bill", 0, 0, G_OPTION_ARG_STRING, &o->bill, "What the carrier says",
                    "SIZE" } },
                { PERIOD,
                  { "full", 0, 0, G_OPTION_ARG_NONE, &o->full, "With ICCID and IMSI", NULL } },
                { IDENTIFY,
                  { "identify", 0, 0, G_OPTION_ARG_NONE, &o->identify, "With ICCID, IMSI and EID",
                    NULL } },
                { YES, { "yes", 'y', 0, G_OPTION_ARG_NONE, &o->yes, "Do not ask", NULL } },
                { DAEMON,
                  { "wait", 'w', 0, G_OPTION_ARG_INT, &o->wait_seconds, "Wait so long at most",
                    "SECONDS" } },
                { ~0U, { "version", 0, 0, G_OPTION_ARG_NONE, version, "Show the version", NULL } },
        };
        GOptionEntry entries[G_N_ELEMENTS(all) + 1] = { 0 };
        size_t n = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
                if (verb->options & all[i].option)
                        entries[n++] = all[i].entry;
        g_option_context_add_main_entries(context, entries, NULL);
}

/* Without a verb, all of them are listed; with one of a group, those of the group. */
static GOptionContext *make_context(const Verb *verb, bool is_said, Options *o, gboolean *version) {
        g_autofree char *parameters = g_strdup_printf("%s %s", verb->name, verb->arguments);
        g_autofree char *group = g_strndup(verb->name, strcspn(verb->name, " "));
        g_autoptr(GString) summary = g_string_new(is_said ? verb->summary : "Verbs:");
        GOptionContext *context = g_option_context_new(parameters);

        for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
                g_autofree char *call = g_strdup_printf("%s %s", verbs[i].name, verbs[i].arguments);

                if (!is_said || (is_of(&verbs[i], group) && &verbs[i] != verb))
                        g_string_append_printf(summary, "\n  %-21s %s", call, verbs[i].summary);
        }
        g_option_context_set_summary(context, summary->str);
        add_options(context, verb, o, version);
        return context;
}

static ExitCode check_options(const Verb *verb, Options *o, int n_words, char **words) {
        g_auto(GStrv) outputs = g_strsplit(verb->outputs, " ", -1);

        if (n_words > 0 && verb->most == 0)
                return usage("there is no simtally %s %s", verb->name, words[0]);
        if (n_words < verb->least || n_words > verb->most)
                return usage("it is simtally %s %s", verb->name, verb->arguments);

        if (!o->output)
                o->output = g_strdup(outputs[0] ?: "");
        else if (!g_strv_contains((const char *const *) outputs, o->output))
                return usage("%s has no format %s", verb->name, o->output);

        if (!o->unit || g_str_equal(o->unit, "si"))
                o->size_unit = SIZE_SI;
        else if (g_str_equal(o->unit, "iec"))
                o->size_unit = SIZE_IEC;
        else if (g_str_equal(o->unit, "bytes"))
                o->size_unit = SIZE_BYTES;
        else
                return usage("%s is no unit: si, iec or bytes", o->unit);

        if (o->width < 0 || o->wait_seconds < 1)
                return usage("widths and waits are above 0");
        return EXIT_CODE_OK;
}

/* Those of add_options() that take no value: what comes after one is a word of its own. */
static bool is_flag(const char *option) {
        static const char *const flags[] = { "--identify", "--yes",  "-y",         "--full",
                                             "--version",  "--help", "--help-all", "-h",
                                             "--follow",   "-F",     "--watch",    NULL };

        return g_strv_contains(flags, option);
}

/* The first word that is no option and no option's value; argc where there is none. */
static int first_word(int argc, char **argv) {
        int i = 1;

        while (i < argc && argv[i][0] == '-' && !g_str_equal(argv[i], "--")) {
                bool is_alone = is_flag(argv[i]) || strchr(argv[i], '=');

                i += is_alone ? 1 : 2;
        }

        return MIN(i, argc);
}

static void drop_words(int *argc, char **argv, int at, int n) {
        memmove(&argv[at], &argv[at + n], (size_t) (*argc - at - n + 1) * sizeof(char *));
        *argc -= n;
}

/* The verb is the first word, or the first two; status where there is none. */
static const Verb *choose_verb(int *argc, char **argv, bool *ret_is_said) {
        int at = first_word(*argc, argv);
        g_autofree char *two = NULL;
        const Verb *verb;

        *ret_is_said = at < *argc && argv[at][0] != '-';
        if (!*ret_is_said)
                return &verbs[0];

        two = at + 1 < *argc ? g_strdup_printf("%s %s", argv[at], argv[at + 1]) : g_strdup("");
        verb = find_verb(two);
        if (verb) {
                drop_words(argc, argv, at, 2);
                return verb;
        }

        verb = find_verb(argv[at]);
        if (verb)
                drop_words(argc, argv, at, 1);
        else
                (void) usage("there is no verb %s", argv[at]);
        return verb;
}

int main(int argc, char **argv) {
        g_auto(Options) options = { .wait_seconds = DEFAULT_WAIT_SECONDS };
        g_autoptr(GOptionContext) context = NULL;
        g_autoptr(GError) error = NULL;
        gboolean version = FALSE;
        const Verb *verb;
        bool is_said;
        ExitCode code;

        setlocale(LC_TIME, "");
        i18n_init();
        verb = choose_verb(&argc, argv, &is_said);
        if (!verb)
                return EXIT_CODE_USAGE;

        context = make_context(verb, is_said, &options, &version);
        if (!g_option_context_parse(context, &argc, &argv, &error))
                return usage("%s", error->message);
        if (version) {
                printf("simtally %s\n", SIMTALLY_VERSION);
                return EXIT_CODE_OK;
        }

        code = check_options(verb, &options, argc - 1, argv + 1);
        if (code == EXIT_CODE_OK)
                code = verb->run(&options, argv + 1);

        /* A reader that went away, or a full disk, is a failure too. */
        if ((fflush(stdout) != 0 || ferror(stdout)) && code == EXIT_CODE_OK)
                return EXIT_CODE_FAILED;
        return code;
}
