/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "verb-table.h"

#include <string.h>

#include "i18n.h"

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
        THEME = 1 << 15,
        DRY_RUN = 1 << 16,
};

static const Verb verbs[] = {
        { "status", "[SIM]", N_("What the SIMs have used (the default)"), 0, 1,
          "text json keyvalue bar waybar i3blocks i3status-rust polybar i3bar genmon tmux argos "
          "yambar",
          SIM | OUTPUT | FIELDS | TEXT | FOLLOW | DAEMON, verb_status },
        { "sims", "", N_("All SIMs that were ever seen"), 0, 0, "text json",
          OUTPUT | TEXT | IDENTIFY | DAEMON, verb_sims },
        { "modems", "", N_("The modems, and why one is not counted"), 0, 0, "text json",
          OUTPUT | TEXT | DAEMON, verb_modems },
        { "history", "[SIM]", N_("What a SIM has used, slice by slice"), 0, 1,
          "text json csv chart svg png", SIM | OUTPUT | TEXT | BY | SINCE | UNTIL | THEME | DAEMON,
          verb_history },
        { "statement", "", N_("What was used in a period, to lay beside the carrier's bill"), 0, 0,
          "text csv json", SIM | OUTPUT | TEXT | PERIOD | DAEMON, verb_statement },
        { "plan", "", N_("The plan's text"), 0, 0, "text json", SIM | OUTPUT | DAEMON,
          verb_plan_show },
        { "plan show", "", N_("The plan's text"), 0, 0, "text json", SIM | OUTPUT | DAEMON,
          verb_plan_show },
        { "plan set", "WORDS|FILE", N_("Says what was bought; FILE may be -"), 1, ANY_WORDS, "",
          SIM | SINCE | TEXT | YES | DAEMON, verb_plan_set },
        { "plan edit", "", N_("The plan's text in your editor"), 0, 0, "", SIM | SINCE | DAEMON,
          verb_plan_edit },
        { "plan new", "[FILE]", N_("Asks what was bought"), 0, 1, "",
          SIM | SINCE | TEXT | YES | DAEMON, verb_plan_new },
        { "plan presets", "", N_("Plans that carriers sell, to begin with"), 0, 0, "text json",
          OUTPUT | TEXT | DAEMON, verb_plan_presets },
        { "plan use", "PRESET", N_("Takes one of them"), 1, 1, "",
          SIM | SINCE | TEXT | YES | DAEMON, verb_plan_use },
        { "plan check", "WORDS|FILE", N_("What is understood of a plan; asks no daemon"), 1,
          ANY_WORDS, "text json plan", OUTPUT | TEXT | AT, verb_plan_check },
        { "plan clear", "", N_("No plan any more, from now on"), 0, 0, "", SIM | YES | DAEMON,
          verb_plan_clear },
        { "topup", "[SIZE]", N_("Something was bought besides"), 0, 1, "",
          SIM | AT | TOP_UP | DAEMON, verb_topup },
        { "correct", "", N_("The right figure, where another count is better"), 0, 0, "",
          SIM | AT | FIGURE | DAEMON, verb_correct },
        { "events", "", N_("What was told of a SIM: plans, top-ups, corrections"), 0, 0,
          "text json", SIM | OUTPUT | TEXT | DAEMON, verb_events },
        { "events remove", "ID", N_("As if it had never been told"), 1, 1, "", SIM | YES | DAEMON,
          verb_events_remove },
        { "query", "", N_("Asks the carrier what is left, as you have confirmed"), 0, 0,
          "text json", SIM | OUTPUT | TEXT | DRY_RUN | DAEMON, verb_query },
        { "query setup", "[FILE]", N_("How the carrier is asked; FILE may be -"), 0, 1, "",
          SIM | DAEMON, verb_query_setup },
        { "query confirm", "", N_("What may be sent to the carrier, word for word"), 0, 0, "",
          SIM | YES | DAEMON, verb_query_confirm },
        { "query last", "", N_("The carrier's last words, and what was read of them"), 0, 0, "",
          SIM | DAEMON, verb_query_last },
        { "query show", "", N_("How the carrier is asked: the text"), 0, 0, "", SIM | DAEMON,
          verb_query_show },
        { "alerts", "", N_("What you should know"), 0, 0, "text json", SIM | OUTPUT | TEXT | DAEMON,
          verb_alerts },
        { "alerts ack", "ID", N_("You have seen it"), 1, 1, "", DAEMON, verb_alerts_ack },
        { "alerts snooze", "ID", N_("Not in this period, or not until then"), 1, 1, "",
          UNTIL | DAEMON, verb_alerts_snooze },
        { "check", "", N_("One line for monitoring: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN"), 0, 0,
          "", SIM | TEXT | DAEMON, verb_check },
        { "label", "SIM NAME", N_("Gives a SIM a name; an empty one takes it away"), 2, 2, "",
          DAEMON, verb_label },
        { "forget", "SIM", N_("Forgets a SIM, and what was counted of it"), 1, 1, "", YES | DAEMON,
          verb_forget },
        { "assign", "MODEM SIM",
          N_("Gives a modem's unassigned bytes to a SIM, or back to \"none\""), 2, 2, "",
          SINCE | UNTIL | DAEMON, verb_assign },
        { "export", "FILE", N_("Writes a copy of the ledger to a new file (SQLite)"), 1, 1, "",
          DAEMON, verb_export },
};

const Verb *verb_table(size_t *ret_n) {
        *ret_n = G_N_ELEMENTS(verbs);
        return verbs;
}

const Verb *verb_find(const char *name) {
        for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
                if (g_str_equal(verbs[i].name, name))
                        return &verbs[i];

        return NULL;
}

bool verb_is_of(const Verb *verb, const char *group) {
        size_t n = strlen(group);

        return strncmp(verb->name, group, n) == 0 && (verb->name[n] == ' ' || !verb->name[n]);
}

size_t verb_options(const Verb *verb, Options *o, GOptionEntry entries[VERB_MAX_OPTIONS]) {
        const struct {
                unsigned option;
                GOptionEntry entry;
        } all[] = {
                { SIM,
                  { "sim", 's', 0, G_OPTION_ARG_STRING, &o->sim,
                    N_("Of this SIM: its label, slug or last four digits"), "SIM" } },
                { OUTPUT, { "output", 'o', 0, G_OPTION_ARG_STRING, &o->output, NULL, "FORMAT" } },
                { FIELDS,
                  { "fields", 'g', 0, G_OPTION_ARG_STRING, &o->fields,
                    N_("Just these values of one SIM, one a line"), "NAMES" } },
                { TEXT,
                  { "unit", 'u', 0, G_OPTION_ARG_STRING, &o->unit, N_("si, iec or bytes"),
                    "UNIT" } },
                { TEXT,
                  { "width", 0, 0, G_OPTION_ARG_INT, &o->width, N_("Columns of text"), "N" } },
                { FOLLOW,
                  { "follow", 'F', 0, G_OPTION_ARG_NONE, &o->follow,
                    N_("Again whenever it changes, until nobody reads it"), NULL } },
                { FOLLOW,
                  { "watch", 0, 0, G_OPTION_ARG_NONE, &o->watch,
                    N_("The same, drawn over itself on the terminal"), NULL } },
                { FOLLOW,
                  { "template", 0, 0, G_OPTION_ARG_STRING, &o->template,
                    N_("Your own text, such as \"{left} until {until}\""), "TEXT" } },
                { BY,
                  { "by", 0, 0, G_OPTION_ARG_STRING, &o->by,
                    N_("15min, hour, day, week, month, year or period"), "SLICE" } },
                { SINCE,
                  { "since", 0, 0, G_OPTION_ARG_STRING, &o->since, N_("From then on"), "TIME" } },
                { UNTIL,
                  { "until", 0, 0, G_OPTION_ARG_STRING, &o->until, N_("Before then"), "TIME" } },
                { AT,
                  { "at", 0, 0, G_OPTION_ARG_STRING, &o->at, N_("Then, instead of now"), "TIME" } },
                { TOP_UP,
                  { "lasts", 0, 0, G_OPTION_ARG_STRING, &o->lasts, N_("Such as \"30 days\""),
                    "LENGTH" } },
                { TOP_UP,
                  { "name", 0, 0, G_OPTION_ARG_STRING, &o->name, N_("One that the plan names"),
                    "NAME" } },
                { FIGURE,
                  { "remaining", 0, 0, G_OPTION_ARG_STRING, &o->remaining, N_("So much is left"),
                    "SIZE" } },
                { FIGURE,
                  { "used", 0, 0, G_OPTION_ARG_STRING, &o->used, N_("So much is used"), "SIZE" } },
                { FIGURE,
                  { "bucket", 0, 0, G_OPTION_ARG_STRING, &o->bucket, N_("Of this amount alone"),
                    "NAME" } },
                { PERIOD,
                  { "period", 0, 0, G_OPTION_ARG_INT, &o->period,
                    N_("0 is the running one, -1 the last"), "N" } },
                { PERIOD,
                  { "bill", 0, 0, G_OPTION_ARG_STRING, &o->bill, N_("What the carrier says"),
                    "SIZE" } },
                { PERIOD,
                  { "full", 0, 0, G_OPTION_ARG_NONE, &o->full, N_("With ICCID and IMSI"), NULL } },
                { THEME,
                  { "theme", 0, 0, G_OPTION_ARG_STRING, &o->theme,
                    N_("Of a picture: light or dark"), "THEME" } },
                { DRY_RUN,
                  { "dry-run", 0, 0, G_OPTION_ARG_FILENAME, &o->dry_run,
                    N_("What would be read of this reply; nobody is asked"), "TEXT" } },
                { IDENTIFY,
                  { "identify", 0, 0, G_OPTION_ARG_NONE, &o->identify,
                    N_("With ICCID, IMSI and EID"), NULL } },
                { YES, { "yes", 'y', 0, G_OPTION_ARG_NONE, &o->yes, N_("Do not ask"), NULL } },
                { DAEMON,
                  { "wait", 'w', 0, G_OPTION_ARG_INT, &o->wait_seconds, N_("Wait so long at most"),
                    "SECONDS" } },
                { ~0U, { "help", 'h', 0, G_OPTION_ARG_NONE, &o->help, N_("This help"), NULL } },
                { ~0U,
                  { "version", 0, 0, G_OPTION_ARG_NONE, &o->version, N_("Its version"), NULL } },
        };
        size_t n = 0;

        G_STATIC_ASSERT(G_N_ELEMENTS(all) <= VERB_MAX_OPTIONS);
        for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
                if (!verb || verb->options & all[i].option)
                        entries[n++] = all[i].entry;
        return n;
}

bool verb_option_takes_value(const char *option) {
        GOptionEntry entries[VERB_MAX_OPTIONS];
        Options o = { 0 };
        size_t n = verb_options(NULL, &o, entries);

        for (size_t i = 0; i < n; i++) {
                bool is_it = option[1] == '-' ? g_str_equal(option + 2, entries[i].long_name)
                                              : option[1] && option[1] == entries[i].short_name &&
                                                        !option[2];

                if (is_it)
                        return entries[i].arg != G_OPTION_ARG_NONE;
        }

        return false;
}
