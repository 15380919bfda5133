/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The command line: a function for each verb. */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "print.h"

#define DEFAULT_WAIT_SECONDS 25
#define SINCE_EVER           0

/* What the options of all verbs set. Strings are owned. */
typedef struct Options {
        char *sim;    /* -s */
        char *output; /* -o */
        char *fields; /* -g */
        char *unit;   /* -u */
        char *by, *since, *until;
        int width, wait_seconds;
        gboolean identify, yes;
        SizeUnit size_unit;
} Options;

static void options_clear(Options *o) {
        g_free(o->sim);
        g_free(o->output);
        g_free(o->fields);
        g_free(o->unit);
        g_free(o->by);
        g_free(o->since);
        g_free(o->until);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

typedef struct Verb {
        const char *name;
        const char *arguments; /* for --help */
        const char *summary;
        int least, most;     /* words after the verb */
        const char *outputs; /* those that -o knows, the first is the default; "" for none */
        ExitCode (*run)(Options *o, char **words);
} Verb;

static ExitCode usage(const char *format, ...) G_GNUC_PRINTF(1, 2);
static ExitCode usage(const char *format, ...) {
        va_list arguments;

        fputs("simtally: ", stderr);
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
        fputs("; see simtally --help\n", stderr);
        return EXIT_CODE_USAGE;
}

static ExitCode connect_remote(const Options *o, Remote **ret) {
        return remote_new((uint64_t) o->wait_seconds * G_USEC_PER_SEC, ret);
}

/* Connects, and reads everything. */
static ExitCode load_remote(const Options *o, Remote **ret) {
        g_autoptr(Remote) r = NULL;
        ExitCode code;

        code = connect_remote(o, &r);
        if (code == EXIT_CODE_OK)
                code = remote_load(r);
        if (code == EXIT_CODE_OK)
                *ret = g_steal_pointer(&r);
        return code;
}

/* The SIM that a text names, else the current one, out of all that was read. */
static ExitCode find_sim(Remote *r, const char *text, const RemoteSim **ret) {
        g_autofree char *path = NULL;
        const RemoteSim *sim;
        ExitCode code;

        code = remote_find_sim(r, text, &path);
        if (code != EXIT_CODE_OK)
                return code;

        sim = remote_sim_by_path(r, path);
        if (!sim) {
                fprintf(stderr, "simtally: that SIM has just been forgotten\n");
                return EXIT_CODE_NO_SIM;
        }

        *ret = sim;
        return EXIT_CODE_OK;
}

static bool wants(const Options *o, const char *output) {
        return g_str_equal(o->output, output);
}

static ExitCode verb_status(Options *o, char **words) {
        const char *text = words[0] ?: o->sim;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        const RemoteSim *sim = NULL;
        ExitCode code;

        code = load_remote(o, &r);
        if (code == EXIT_CODE_OK && (text || o->fields))
                code = find_sim(r, text, &sim);
        if (code != EXIT_CODE_OK)
                return code;

        style_init(&style, o->size_unit, (unsigned) o->width);
        if (o->fields)
                return print_fields(sim, o->fields) ? EXIT_CODE_OK : EXIT_CODE_USAGE;
        if (wants(o, "json"))
                print_status_json(r, sim);
        else if (wants(o, "keyvalue"))
                print_status_keyvalue(r, sim);
        else if (sim)
                print_sim(&style, sim);
        else
                print_status(&style, r);
        return EXIT_CODE_OK;
}

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

static ExitCode verb_sims(Options *o, char **words) {
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        ExitCode code;

        code = load_remote(o, &r);
        if (code != EXIT_CODE_OK)
                return code;
        if (o->identify)
                return print_identities(r);

        style_init(&style, o->size_unit, (unsigned) o->width);
        if (wants(o, "json"))
                print_status_json(r, NULL);
        else if (remote_sims(r)->len == 0)
                printf("No SIM has been seen yet.\n");
        else
                print_sims(&style, r);
        return EXIT_CODE_OK;
}

static ExitCode verb_modems(Options *o, char **words) {
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        ExitCode code;

        code = load_remote(o, &r);
        if (code != EXIT_CODE_OK)
                return code;

        style_init(&style, o->size_unit, (unsigned) o->width);
        if (wants(o, "json"))
                print_status_json(r, NULL);
        else
                print_modems(&style, r);
        return EXIT_CODE_OK;
}

static ExitCode verb_label(Options *o, char **words) {
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

static bool confirm(const char *question) {
        char answer[8];

        printf("%s [y/N] ", question);
        fflush(stdout);
        return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

static ExitCode verb_forget(Options *o, char **words) {
        g_autofree char *question = NULL;
        g_autoptr(Remote) r = NULL;
        const RemoteSim *sim;
        ExitCode code;

        code = load_remote(o, &r);
        if (code == EXIT_CODE_OK)
                code = find_sim(r, words[0], &sim);
        if (code != EXIT_CODE_OK)
                return code;

        question = g_strdup_printf("Forget %s ..%s and all that was counted of it?", sim->label,
                                   sim->iccid_tail);
        if (!o->yes && !confirm(question)) {
                printf("Nothing was changed.\n");
                return EXIT_CODE_FAILED;
        }

        return remote_forget(r, sim->path);
}

/* A file that is there already is not touched: a backup is not to be lost by another. */
static ExitCode verb_export(Options *o, char **words) {
        g_auto(Fd) fd = -1;
        g_autoptr(Remote) r = NULL;
        ExitCode code;

        code = load_remote(o, &r);
        if (code != EXIT_CODE_OK)
                return code;

        fd = open(words[0], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0) {
                fprintf(stderr, "simtally: %s cannot be made: %s\n", words[0], g_strerror(errno));
                return EXIT_CODE_FAILED;
        }

        code = remote_export(r, fd);
        if (code != EXIT_CODE_OK)
                (void) g_unlink(words[0]);
        return code;
}

/* "2026-11-24", "2026-11-24 18:30" or RFC 3339, in the system's zone. */
static ExitCode parse_instant(const char *text, uint64_t absent, uint64_t *ret) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_local();
        g_autoptr(GDateTime) time = NULL;
        g_autofree char *iso = NULL;

        if (!text) {
                *ret = absent;
                return EXIT_CODE_OK;
        }

        iso = strlen(text) == 10   ? g_strconcat(text, "T00:00:00", NULL)
              : strlen(text) == 16 ? g_strconcat(text, ":00", NULL)
                                   : g_strdup(text);
        if (strlen(iso) > 10 && iso[10] == ' ')
                iso[10] = 'T';
        time = g_date_time_new_from_iso8601(iso, zone);
        if (!time || g_date_time_to_unix(time) < 0)
                return usage("%s is no time: say 2026-11-24, or 2026-11-24 18:30", text);

        *ret = (uint64_t) g_date_time_to_unix(time);
        return EXIT_CODE_OK;
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

static ExitCode verb_assign(Options *o, char **words) {
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
        if (!modem) {
                fprintf(stderr, "simtally: no modem is called %s: simtally modems shows them\n",
                        words[0]);
                return EXIT_CODE_FAILED;
        }

        if (g_str_equal(words[1], "none"))
                path = g_strdup("/");
        else
                code = remote_find_sim(r, words[1], &path);
        return code == EXIT_CODE_OK ? remote_assign(r, modem->path, path, since, until) : code;
}

/* Slices that do not fit into one answer by far are not asked for from the beginning of time. */
static uint64_t default_since(const char *slice) {
        static const struct {
                const char *slice;
                unsigned days;
        } spans[] = { { "15min", 1 }, { "hour", 2 }, { "day", 31 } };

        for (size_t i = 0; i < G_N_ELEMENTS(spans); i++)
                if (g_str_equal(spans[i].slice, slice))
                        return (uint64_t) (g_get_real_time() / G_USEC_PER_SEC) -
                               spans[i].days * UINT64_C(86400);

        return SINCE_EVER;
}

/* The system's zone by its name, where it has one that the daemon knows. */
static char *zone_name(void) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_local();
        const char *id = g_time_zone_get_identifier(zone);

        return g_strdup(id && g_ascii_isalpha(id[0]) ? id : "");
}

static ExitCode verb_history(Options *o, char **words) {
        const char *slice = o->by ?: "day";
        g_autofree char *zone = zone_name();
        g_autoptr(GArray) rows = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        const RemoteSim *sim;
        uint64_t since, until;
        ExitCode code;

        code = parse_instant(o->since, default_since(slice), &since);
        if (code == EXIT_CODE_OK)
                code = parse_instant(o->until, 0, &until);
        if (code == EXIT_CODE_OK)
                code = load_remote(o, &r);
        if (code == EXIT_CODE_OK)
                code = find_sim(r, words[0] ?: o->sim, &sim);
        if (code == EXIT_CODE_OK)
                code = remote_history(r, sim->path, slice, since, until, zone, &rows);
        if (code != EXIT_CODE_OK)
                return code;

        style_init(&style, o->size_unit, (unsigned) o->width);
        if (wants(o, "json"))
                print_history_json(sim, slice, zone, rows);
        else if (wants(o, "csv"))
                print_history_csv(rows);
        else
                print_history(&style, sim, slice, rows);
        return EXIT_CODE_OK;
}

static const Verb verbs[] = {
        { "status", "[SIM]", "What the SIMs have used (the default)", 0, 1, "text json keyvalue",
          verb_status },
        { "sims", "", "All SIMs that were ever seen", 0, 0, "text json", verb_sims },
        { "modems", "", "The modems, and why one is not counted", 0, 0, "text json", verb_modems },
        { "history", "[SIM]", "What a SIM has used, slice by slice", 0, 1, "text json csv",
          verb_history },
        { "label", "SIM NAME", "Gives a SIM a name; an empty one takes it away", 2, 2, "",
          verb_label },
        { "forget", "SIM", "Forgets a SIM, and what was counted of it", 1, 1, "", verb_forget },
        { "assign", "MODEM SIM", "Gives a modem's unassigned bytes to a SIM, or back to \"none\"",
          2, 2, "", verb_assign },
        { "export", "FILE", "Writes a copy of the ledger to a new file (SQLite)", 1, 1, "",
          verb_export },
};

static const Verb *find_verb(const char *name) {
        for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
                if (g_str_equal(verbs[i].name, name))
                        return &verbs[i];

        return NULL;
}

/* The options that a verb has, of all there are. */
static GOptionContext *make_context(const Verb *verb, Options *o, gboolean *version) {
        const GOptionEntry entries[] = {
                { "sim", 's', 0, G_OPTION_ARG_STRING, &o->sim,
                  "Of this SIM: its label, slug or last four digits", "SIM" },
                { "output", 'o', 0, G_OPTION_ARG_STRING, &o->output,
                  *verb->outputs ? verb->outputs : "No choice here", "FORMAT" },
                { "fields", 'g', 0, G_OPTION_ARG_STRING, &o->fields,
                  "Just these values of one SIM, one a line (status)", "NAMES" },
                { "unit", 'u', 0, G_OPTION_ARG_STRING, &o->unit, "si, iec or bytes", "UNIT" },
                { "width", 0, 0, G_OPTION_ARG_INT, &o->width, "Columns of text", "N" },
                { "by", 0, 0, G_OPTION_ARG_STRING, &o->by,
                  "15min, hour, day, week, month or year (history)", "SLICE" },
                { "since", 0, 0, G_OPTION_ARG_STRING, &o->since, "From then on (history, assign)",
                  "TIME" },
                { "until", 0, 0, G_OPTION_ARG_STRING, &o->until, "Before then (history, assign)",
                  "TIME" },
                { "identify", 0, 0, G_OPTION_ARG_NONE, &o->identify,
                  "With ICCID, IMSI and EID (sims)", NULL },
                { "yes", 'y', 0, G_OPTION_ARG_NONE, &o->yes, "Do not ask (forget)", NULL },
                { "wait", 'w', 0, G_OPTION_ARG_INT, &o->wait_seconds, "Wait so long at most",
                  "SECONDS" },
                { "version", 0, 0, G_OPTION_ARG_NONE, version, "Show the version", NULL },
                { 0 },
        };
        g_autofree char *parameters = g_strdup_printf("%s %s", verb->name, verb->arguments);
        GString *summary = g_string_new("Verbs:\n");
        GOptionContext *context = g_option_context_new(parameters);

        for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
                g_string_append_printf(summary, "  %-8s %-10s %s\n", verbs[i].name,
                                       verbs[i].arguments, verbs[i].summary);
        g_string_truncate(summary, summary->len - 1);
        g_option_context_set_summary(context, summary->str);
        g_option_context_add_main_entries(context, entries, NULL);
        g_string_free(summary, TRUE);
        return context;
}

static ExitCode check_options(const Verb *verb, Options *o, int n_words) {
        g_auto(GStrv) outputs = g_strsplit(verb->outputs, " ", -1);

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

/* The verb is the first word that is no option; status where there is none. */
static const Verb *choose_verb(int *argc, char **argv) {
        const Verb *verb = *argc > 1 && argv[1][0] != '-' ? find_verb(argv[1]) : &verbs[0];

        if (verb && *argc > 1 && argv[1][0] != '-') {
                memmove(&argv[1], &argv[2], (size_t) (*argc - 1) * sizeof(char *));
                (*argc)--;
        }
        return verb;
}

int main(int argc, char **argv) {
        g_auto(Options) options = { .wait_seconds = DEFAULT_WAIT_SECONDS };
        g_autoptr(GOptionContext) context = NULL;
        g_autoptr(GError) error = NULL;
        gboolean version = FALSE;
        const Verb *verb;
        ExitCode code;

        /* Each category is a file to be read: just those that matter. */
        setlocale(LC_CTYPE, "");
        setlocale(LC_TIME, "");
        verb = choose_verb(&argc, argv);
        if (!verb)
                return usage("there is no verb %s", argv[1]);

        context = make_context(verb, &options, &version);
        if (!g_option_context_parse(context, &argc, &argv, &error))
                return usage("%s", error->message);
        if (version) {
                printf("simtally %s\n", SIMTALLY_VERSION);
                return EXIT_CODE_OK;
        }

        code = check_options(verb, &options, argc - 1);
        if (code == EXIT_CODE_OK)
                code = verb->run(&options, argv + 1);

        /* A reader that went away, or a full disk, is a failure too. */
        if ((fflush(stdout) != 0 || ferror(stdout)) && code == EXIT_CODE_OK)
                return EXIT_CODE_FAILED;
        return code;
}
