/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "i18n.h"
#include "remote-internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "said.h"
#include "utf8.h"

#define QUIET_USEC G_USEC_PER_SEC

static ExitCode complain(ExitCode code, const char *sentence) {
        fprintf(stderr, "simtally: %s\n", sentence);
        return code;
}

static char *error_text(const sd_bus_error *error, int r) {
        return error->message && *error->message ? said_translate(error->message)
                                                 : g_strdup(g_strerror(-r));
}

ExitCode remote_explain(const sd_bus_error *error, int r, char **ret_sentence) {
        static const struct {
                const char *name;
                ExitCode code;
        } known[] = {
                { NAME ".Error.NoSuchSim", EXIT_CODE_NO_SIM },
                { SD_BUS_ERROR_UNKNOWN_OBJECT, EXIT_CODE_NO_SIM },
                { SD_BUS_ERROR_ACCESS_DENIED, EXIT_CODE_NOT_ALLOWED },
                { SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED, EXIT_CODE_NOT_ALLOWED },
                { SD_BUS_ERROR_NO_REPLY, EXIT_CODE_TIMED_OUT },
                { SD_BUS_ERROR_TIMEOUT, EXIT_CODE_TIMED_OUT },
                { SD_BUS_ERROR_INVALID_ARGS, EXIT_CODE_USAGE },
                { SD_BUS_ERROR_SERVICE_UNKNOWN, EXIT_CODE_NO_DAEMON },
                { SD_BUS_ERROR_NAME_HAS_NO_OWNER, EXIT_CODE_NO_DAEMON },
                { "org.freedesktop.systemd1.NoSuchUnit", EXIT_CODE_NO_DAEMON },
        };
        ExitCode code = r == -ETIMEDOUT ? EXIT_CODE_TIMED_OUT : EXIT_CODE_FAILED;
        g_autofree char *text = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
                if (sd_bus_error_has_name(error, known[i].name))
                        code = known[i].code;

        if (code == EXIT_CODE_NO_DAEMON)
                *ret_sentence = g_strdup(
                        _("simtallyd is not running. Start it: systemctl start simtallyd"));
        else if (code == EXIT_CODE_TIMED_OUT)
                *ret_sentence = g_strdup(_("simtallyd does not answer in time"));
        else
                *ret_sentence = utf8_sanitize((text = error_text(error, r)), SIZE_MAX, TEXT_BYTES);
        return code;
}

ExitCode remote_report(const sd_bus_error *error, int r) {
        g_autofree char *text = NULL;
        ExitCode code = remote_explain(error, r, &text);

        return complain(code, text);
}

char *remote_explain_bus(int error) {
        return g_strdup_printf(_("the system bus cannot be reached: %s"), g_strerror(-error));
}

int remote_open(uint64_t timeout_usec, Remote **ret) {
        g_autoptr(Remote) r = g_new0(Remote, 1);
        int e;

        r->timeout_usec = timeout_usec;
        r->sims = g_ptr_array_new_with_free_func(remote_sim_free);
        r->modems = g_ptr_array_new_with_free_func(remote_modem_free);
        r->current = g_strdup("/");
        r->problems = g_new0(char *, 1);

        e = sd_bus_open_system(&r->bus);
        if (e < 0)
                return e;

        *ret = g_steal_pointer(&r);
        return 0;
}

ExitCode remote_new(uint64_t timeout_usec, Remote **ret) {
        g_autofree char *why = NULL;
        int e;

        e = remote_open(timeout_usec, ret);
        if (e >= 0)
                return EXIT_CODE_OK;

        why = remote_explain_bus(e);
        return complain(EXIT_CODE_NO_DAEMON, why);
}

Remote *remote_free(Remote *r) {
        if (!r)
                return NULL;

        remote_load_drop(r);
        if (r->source) {
                g_source_destroy(r->source);
                g_source_unref(r->source);
        }
        sd_bus_flush_close_unref(r->bus);
        g_ptr_array_unref(r->sims);
        g_ptr_array_unref(r->modems);
        g_strfreev(r->problems);
        g_free(r->current);
        g_free(r);
        return NULL;
}

int remote_new_message(Remote *r, sd_bus_message **ret, const char *path, const char *interface,
                       const char *method) {
        g_autoptr(sd_bus_message) message = NULL;
        int e;

        e = sd_bus_message_new_method_call(r->bus, &message, NAME, path, interface, method);
        if (e >= 0)
                e = sd_bus_message_set_allow_interactive_authorization(message, 1);
        if (e >= 0)
                e = sd_bus_message_set_auto_start(message, !r->only_looks);
        if (e < 0)
                return e;

        *ret = g_steal_pointer(&message);
        return 0;
}

static int new_call(Remote *r, sd_bus_message **ret, const char *path, const char *interface,
                    const char *method, const char *types, va_list arguments) {
        g_autoptr(sd_bus_message) message = NULL;
        int e;

        e = remote_new_message(r, &message, path, interface, method);
        if (e >= 0)
                e = sd_bus_message_appendv(message, types, arguments);
        if (e < 0)
                return e;

        *ret = g_steal_pointer(&message);
        return 0;
}

ExitCode remote_call(Remote *r, sd_bus_message **ret, const char *path, const char *interface,
                     const char *method, const char *types, ...) {
        g_autoptr(sd_bus_message) message = NULL;
        va_list arguments;
        int e;

        va_start(arguments, types);
        e = new_call(r, &message, path, interface, method, types, arguments);
        va_end(arguments);

        return e < 0 ? remote_report(&SD_BUS_ERROR_NULL, e) : remote_send(r, message, ret);
}

/*
 * Whoever waits for long is told what for: a daemon that starts, a large ledger that is copied, a
 * password that polkit asks for. On a terminal alone, where it goes again.
 */
static int wait_for_reply(Remote *r, bool *is_told) {
        int e = sd_bus_wait(r->bus, *is_told ? UINT64_MAX : QUIET_USEC);

        if (e == 0 && !*is_told && isatty(STDERR_FILENO)) {
                fputs(_("Waiting for simtallyd..."), stderr);
                *is_told = true;
        }
        return e;
}

int remote_await(Remote *r, sd_bus_message **reply) {
        bool is_told = false;
        int e = 0;

        while (e >= 0 && !*reply) {
                e = sd_bus_process(r->bus, NULL);
                if (e == 0)
                        e = wait_for_reply(r, &is_told);
        }
        if (is_told)
                fputs("\r\033[K", stderr);
        return e < 0 ? e : 0;
}

static int on_reply(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        *(sd_bus_message **) userdata = sd_bus_message_ref(reply);
        return 1;
}

int remote_begin(Remote *r, sd_bus_slot **ret, sd_bus_message **reply, const char *path,
                 const char *interface, const char *method, const char *types, ...) {
        g_autoptr(sd_bus_message) message = NULL;
        va_list arguments;
        int e;

        va_start(arguments, types);
        e = new_call(r, &message, path, interface, method, types, arguments);
        va_end(arguments);
        if (e < 0)
                return e;

        return sd_bus_call_async(r->bus, ret, message, on_reply, reply, r->timeout_usec);
}

/* Waits for the answer of remote_begin(). */
static ExitCode finish(Remote *r, sd_bus_message **reply) {
        int e;

        e = remote_await(r, reply);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        e = -sd_bus_message_get_errno(*reply);
        return e < 0 ? remote_report(sd_bus_message_get_error(*reply), e) : EXIT_CODE_OK;
}

ExitCode remote_send(Remote *r, sd_bus_message *message, sd_bus_message **ret) {
        g_autoptr(sd_bus_message) reply = NULL;
        g_autoptr(sd_bus_slot) slot = NULL;
        ExitCode code;
        int e;

        e = sd_bus_call_async(r->bus, &slot, message, on_reply, &reply, r->timeout_usec);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        code = finish(r, &reply);
        if (code == EXIT_CODE_OK && ret)
                *ret = g_steal_pointer(&reply);
        return code;
}

typedef struct Questions {
        sd_bus_slot *slots[3];
        sd_bus_message *replies[3];
} Questions;

static void questions_clear(Questions *q) {
        for (size_t i = 0; i < G_N_ELEMENTS(q->slots); i++) {
                sd_bus_slot_unref(q->slots[i]);
                sd_bus_message_unref(q->replies[i]);
        }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Questions, questions_clear)

typedef struct Place {
        const char *path, *interface;
} Place;

/* All questions leave at once. */
static ExitCode read_places(Remote *r, const Place *places, size_t n) {
        g_auto(Questions) q = { 0 };
        ExitCode code = EXIT_CODE_OK;
        int e = 0;

        for (size_t i = 0; e >= 0 && i < n; i++)
                e = remote_begin(r, &q.slots[i], &q.replies[i], places[i].path, PROPERTIES,
                                 "GetAll", "s", places[i].interface);
        for (size_t i = 0; e >= 0 && i < n; i++) {
                code = finish(r, &q.replies[i]);
                if (code != EXIT_CODE_OK)
                        return code;
                e = read_interface(r, q.replies[i], places[i].path, places[i].interface);
        }

        return e < 0 ? remote_report(&SD_BUS_ERROR_NULL, e) : EXIT_CODE_OK;
}

ExitCode remote_load_sim(Remote *r, const char *path) {
        const Place places[] = { { path, SIM }, { path, PLAN }, { path, CARRIER } };
        ExitCode code;

        g_ptr_array_set_size(r->sims, 0);
        code = read_places(r, places, G_N_ELEMENTS(places));
        if (code == EXIT_CODE_OK)
                fill_sims(r);
        return code;
}

ExitCode remote_load_around(Remote *r, const RemoteSim *sim) {
        const Place places[] = { { PATH, MANAGER }, { sim->modem, MODEM } };
        bool is_in_one = strlen(sim->modem) > strlen("/");

        g_ptr_array_set_size(r->modems, 0);
        return read_places(r, places, is_in_one ? 2 : 1);
}

GPtrArray *remote_sims(Remote *r) {
        return r->sims;
}

uint64_t remote_n_sims(Remote *r) {
        return MAX(r->n_sims, r->sims->len);
}

GPtrArray *remote_modems(Remote *r) {
        return r->modems;
}

const char *const *remote_problems(Remote *r) {
        return (const char *const *) r->problems;
}

const RemoteSim *remote_sim_by_path(Remote *r, const char *path) {
        for (guint i = 0; i < r->sims->len; i++)
                if (g_str_equal(((RemoteSim *) r->sims->pdata[i])->path, path))
                        return r->sims->pdata[i];

        return NULL;
}

const RemoteModem *remote_modem_by_path(Remote *r, const char *path) {
        for (guint i = 0; i < r->modems->len; i++)
                if (g_str_equal(((RemoteModem *) r->modems->pdata[i])->path, path))
                        return r->modems->pdata[i];

        return NULL;
}

static ExitCode find_current(Remote *r, char **ret_path) {
        g_autoptr(sd_bus_message) reply = NULL;
        ExitCode code;
        int e;

        code = remote_call(r, &reply, PATH, PROPERTIES, "GetAll", "s", MANAGER);
        if (code != EXIT_CODE_OK)
                return code;

        e = remote_read_manager(r, reply);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);
        if (g_str_equal(r->current, "/")) {
                return complain(EXIT_CODE_NO_SIM, _("no SIM has been seen yet"));
        }

        *ret_path = g_strdup(r->current);
        return EXIT_CODE_OK;
}

ExitCode remote_find_sim(Remote *r, const char *text, char **ret_path) {
        g_autoptr(sd_bus_message) reply = NULL;
        const char *path;
        ExitCode code;
        int e;

        if (!text)
                return find_current(r, ret_path);

        if (!g_utf8_validate(text, -1, NULL)) {
                return complain(EXIT_CODE_USAGE, _("the name of the SIM is not valid UTF-8"));
        }
        code = remote_call(r, &reply, PATH, MANAGER, "FindSim", "s", text);
        if (code != EXIT_CODE_OK)
                return code;

        e = sd_bus_message_read(reply, "o", &path);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        *ret_path = g_strdup(path);
        return EXIT_CODE_OK;
}

ExitCode remote_set_label(Remote *r, const char *path, const char *label) {
        if (!g_utf8_validate(label, -1, NULL)) {
                return complain(EXIT_CODE_USAGE, _("the label is not valid UTF-8"));
        }

        return remote_call(r, NULL, path, SIM, "SetLabel", "s", label);
}

ExitCode remote_forget(Remote *r, const char *path) {
        return remote_call(r, NULL, path, SIM, "Forget", "");
}

ExitCode remote_export(Remote *r, int fd) {
        return remote_call(r, NULL, PATH, MANAGER, "Export", "h", fd);
}

ExitCode remote_assign(Remote *r, const char *modem, const char *sim, uint64_t since,
                       uint64_t until) {
        return remote_call(r, NULL, modem, MODEM, "AssignTo", "ott", sim, since, until);
}

ExitCode remote_identify(Remote *r, const char *path, GHashTable **ret_identity) {
        static const Field fields[] = { { "Iccid", 's', 0 },
                                        { "Imsi", 's', sizeof(char *) },
                                        { "Eid", 's', 2 * sizeof(char *) } };
        g_autoptr(GHashTable) identity =
                g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
        g_autoptr(sd_bus_message) reply = NULL;
        char *texts[G_N_ELEMENTS(fields)] = { NULL };
        ExitCode code;
        int e;

        code = remote_call(r, &reply, path, SIM, "GetIdentity", "");
        if (code != EXIT_CODE_OK)
                return code;

        e = read_properties(reply, texts, fields, G_N_ELEMENTS(fields));
        for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
                if (texts[i])
                        g_hash_table_insert(identity, (void *) fields[i].name, texts[i]);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        *ret_identity = g_steal_pointer(&identity);
        return EXIT_CODE_OK;
}

ExitCode remote_history(Remote *r, const char *path, const char *slice, uint64_t since,
                        uint64_t until, const char *zone, GArray **ret_rows) {
        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(RemoteRow));
        g_autoptr(sd_bus_message) reply = NULL;
        RemoteRow row;
        ExitCode code;
        int e;

        code = remote_call(r, &reply, path, SIM, "GetHistory", "stts", slice, since, until, zone);
        if (code != EXIT_CODE_OK)
                return code;

        e = sd_bus_message_enter_container(reply, 'a', "(ttttt)");
        while (e >= 0 &&
               (e = sd_bus_message_read(reply, "(ttttt)", &row.start, &row.home_rx, &row.home_tx,
                                        &row.roaming_rx, &row.roaming_tx)) > 0)
                g_array_append_val(rows, row);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        *ret_rows = g_steal_pointer(&rows);
        return EXIT_CODE_OK;
}
