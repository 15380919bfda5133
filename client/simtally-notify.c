/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One for each session: what the owner of a SIM should know becomes notifications. */

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "bus-cleanup.h"
#include "bus-source.h"
#include "i18n.h"
#include "notify-agent.h"

#define NAME      "org.simtally1.Notify"
#define PATH      "/org/simtally1/Notify"
#define INTERFACE "org.simtally1.Notify"

typedef struct Options {
        gboolean show, quiet, loud, version;
} Options;

typedef struct Program {
        GMainLoop *loop;
        Agent *agent;
        int result;
} Program;

static int method_show(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Program *p = userdata;

        agent_show(p->agent, NULL, NULL);
        return sd_bus_reply_method_return(call, NULL);
}

static int method_set_quiet(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Program *p = userdata;
        int is_quiet, r;

        r = sd_bus_message_read(call, "b", &is_quiet);
        if (r < 0)
                return r;

        agent_set_quiet(p->agent, is_quiet);
        return sd_bus_reply_method_return(call, NULL);
}

static const sd_bus_vtable vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("Show", NULL, NULL, method_show, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("SetQuiet", SD_BUS_ARGS("b", quiet), SD_BUS_NO_RESULT,
                                method_set_quiet, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};

static gboolean on_signal(void *userdata) {
        Program *p = userdata;

        g_main_loop_quit(p->loop);
        return G_SOURCE_CONTINUE;
}

/* The session is over. */
static void on_session_lost(int error, void *userdata) {
        Program *p = userdata;

        g_main_loop_quit(p->loop);
}

static void on_shown(int result, void *userdata) {
        Program *p = userdata;

        p->result = result;
        g_main_loop_quit(p->loop);
}

static int ask_agent(sd_bus *session, const char *method, const char *types, int argument) {
        g_auto(sd_bus_error) error = SD_BUS_ERROR_NULL;

        return sd_bus_call_method(session, NAME, PATH, INTERFACE, method, &error, NULL, types,
                                  argument);
}

/*
 * What the agent of the session can do is its business, which may be started for it: its
 * notifications have actions that work. -ESRCH: it has to be done here.
 */
static int do_there(sd_bus *session, const Options *o) {
        int r = -ESRCH;

        if (o->quiet || o->loud)
                r = ask_agent(session, "SetQuiet", "b", o->quiet);
        if (o->show)
                r = ask_agent(session, "Show", "", 0);
        return r < 0 ? -ESRCH : 0;
}

static Memory *open_memory(sd_bus *session) {
        g_autofree char *path =
                g_build_filename(g_get_user_state_dir(), "simtally", "notified", NULL);
        char text[SD_ID128_STRING_MAX];
        sd_id128_t id;

        if (sd_bus_get_bus_id(session, &id) < 0)
                id = SD_ID128_NULL;
        return memory_new(path, sd_id128_to_string(id, text));
}

static int become_agent(sd_bus *session, Program *p, const Options *o) {
        int r;

        r = sd_bus_add_object_vtable(session, NULL, PATH, INTERFACE, vtable, p);
        if (r >= 0)
                r = sd_bus_request_name(session, NAME, 0);
        if (r == -EEXIST) {
                printf(_("simtally-notify runs in this session already.\n"));
                return 0;
        }
        if (r < 0)
                return r;

        if (o->quiet || o->loud)
                agent_set_quiet(p->agent, o->quiet);
        agent_start(p->agent);
        g_main_loop_run(p->loop);
        return p->result;
}

static int run(sd_bus *session, const Options *o) {
        g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
        g_autoptr(Memory) memory = open_memory(session);
        g_autoptr(GSource) source = NULL;
        g_autoptr(Agent) agent = NULL;
        Program p = { .loop = loop };
        int r;

        source = bus_source_new(session, on_session_lost, &p);
        g_source_attach(source, NULL);
        g_unix_signal_add(SIGTERM, on_signal, &p);
        g_unix_signal_add(SIGINT, on_signal, &p);

        r = agent_new(session, memory, &agent);
        if (r < 0)
                return r;

        p.agent = agent;
        if (!o->show)
                return become_agent(session, &p, o);

        agent_show(agent, on_shown, &p);
        g_main_loop_run(loop);
        return p.result;
}

int main(int argc, char **argv) {
        Options o = { 0 };
        const GOptionEntry entries[] = {
                { "show", 0, 0, G_OPTION_ARG_NONE, &o.show, N_("Show what is left on all SIMs"),
                  NULL },
                { "quiet", 'q', 0, G_OPTION_ARG_NONE, &o.quiet,
                  N_("From now on, tell only what is critical"), NULL },
                { "loud", 0, 0, G_OPTION_ARG_NONE, &o.loud, N_("From now on, tell everything"),
                  NULL },
                { "version", 0, 0, G_OPTION_ARG_NONE, &o.version, N_("Show the version"), NULL },
                { NULL },
        };
        g_autoptr(GOptionContext) context = g_option_context_new(NULL);
        g_autoptr(sd_bus) session = NULL;
        g_autoptr(GError) error = NULL;
        int r;

        i18n_init();
        g_option_context_set_summary(
                context,
                _("Shows a notification when the data of a SIM runs out, ends, or slows."));
        g_option_context_add_main_entries(context, entries, "simtally");
        if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1) {
                fprintf(stderr, "simtally-notify: %s\n",
                        error ? error->message : _("it takes no words: see --help"));
                return 2;
        }
        if (o.version) {
                printf("simtally-notify %s\n", SIMTALLY_VERSION);
                return EXIT_SUCCESS;
        }

        r = sd_bus_open_user(&session);
        if (r < 0) {
                fprintf(stderr, _("simtally-notify: the session bus cannot be reached: %s\n"),
                        g_strerror(-r));
                return EXIT_FAILURE;
        }

        if (do_there(session, &o) == 0)
                return EXIT_SUCCESS;
        r = run(session, &o);
        sd_bus_flush(session);
        if (r < 0)
                fprintf(stderr, "simtally-notify: %s\n", g_strerror(-r));
        return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
