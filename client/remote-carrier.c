/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a SIM's carrier is asked, and says. */

#include <string.h>

#include "remote-internal.h"
#include "utf8.h"

static ExitCode get_text(Remote *r, const char *path, const char *method, char **ret) {
        g_autoptr(sd_bus_message) reply = NULL;
        const char *text;
        ExitCode code;
        int e;

        code = remote_call(r, &reply, path, CARRIER, method, "");
        if (code != EXIT_CODE_OK)
                return code;
        e = sd_bus_message_read(reply, "s", &text);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        *ret = remote_sanitize_lines(text);
        return EXIT_CODE_OK;
}

ExitCode remote_get_query(Remote *r, const char *path, char **ret_text) {
        return get_text(r, path, "GetQuery", ret_text);
}

ExitCode remote_last_reply(Remote *r, const char *path, char **ret_text) {
        return get_text(r, path, "GetLastReply", ret_text);
}

ExitCode remote_set_query(Remote *r, const char *path, const char *text) {
        return remote_call(r, NULL, path, CARRIER, "SetQuery", "s", text);
}

ExitCode remote_confirm_query(Remote *r, const char *path, const char *text, const char *to) {
        return remote_call(r, NULL, path, CARRIER, "ConfirmQuery", "ss", text, to);
}

ExitCode remote_query(Remote *r, const char *path) {
        return remote_call(r, NULL, path, CARRIER, "Query", "");
}

static void free_dictionary(void *data) {
        g_array_unref(data);
}

/* Of a{sv}, the value that is aa{sv}; none where it is not there. */
static int read_reasons(sd_bus_message *m, GPtrArray *reasons) {
        const char *name;
        int e;

        e = sd_bus_message_enter_container(m, 'a', "{sv}");
        while (e >= 0 && (e = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
                e = sd_bus_message_read_basic(m, 's', &name);
                if (e >= 0 && (strcmp(name, "Reasons") != 0 ||
                               sd_bus_message_enter_container(m, 'v', "aa{sv}") <= 0))
                        e = sd_bus_message_skip(m, "v");
                else if (e >= 0)
                        return read_dictionaries(m, reasons);
                if (e >= 0)
                        e = sd_bus_message_exit_container(m);
        }

        return e;
}

ExitCode remote_test_reply(Remote *r, const char *path, const char *text, GArray **ret_found,
                           GPtrArray **ret_reasons) {
        g_autoptr(GPtrArray) reasons = g_ptr_array_new_with_free_func(free_dictionary);
        g_autoptr(sd_bus_message) reply = NULL;
        ExitCode code;
        int e;

        code = remote_call(r, &reply, path, CARRIER, "TestReply", "s", text);
        if (code != EXIT_CODE_OK)
                return code;

        e = read_dictionary(reply, ret_found);
        if (e >= 0)
                e = sd_bus_message_rewind(reply, true);
        if (e >= 0)
                e = read_reasons(reply, reasons);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        *ret_reasons = g_steal_pointer(&reasons);
        return EXIT_CODE_OK;
}

ExitCode remote_suggest_queries(Remote *r, const char *path, GPtrArray **ret) {
        g_autoptr(GPtrArray) suggestions = g_ptr_array_new_with_free_func(free_dictionary);
        g_autoptr(sd_bus_message) reply = NULL;
        ExitCode code;
        int e;

        code = remote_call(r, &reply, path, CARRIER, "SuggestQueries", "");
        if (code != EXIT_CODE_OK)
                return code;

        e = read_dictionaries(reply, suggestions);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        *ret = g_steal_pointer(&suggestions);
        return EXIT_CODE_OK;
}

static int on_changed(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        *(bool *) userdata = true;
        return 0;
}

static bool is_under_way(const RemoteReport *report) {
        return g_str_equal(report->query_state, "sending") ||
               g_str_equal(report->query_state, "waiting");
}

/* Until something of the carrier changes. */
static ExitCode wait_for_change(Remote *r, const bool *has_changed, uint64_t until_usec) {
        int e = 0;

        while (e >= 0 && !*has_changed) {
                uint64_t now = (uint64_t) g_get_monotonic_time();

                if (now >= until_usec)
                        return EXIT_CODE_TIMED_OUT;
                e = sd_bus_process(r->bus, NULL);
                if (e == 0)
                        e = sd_bus_wait(r->bus, until_usec - now);
        }

        return e < 0 ? remote_report(&SD_BUS_ERROR_NULL, e) : EXIT_CODE_OK;
}

ExitCode remote_wait_for_answer(Remote *r, const char *path, uint64_t usec) {
        uint64_t until = (uint64_t) g_get_monotonic_time() + usec;
        g_autoptr(sd_bus_slot) slot = NULL;
        const RemoteSim *sim;
        bool has_changed = false;
        ExitCode code;
        int e;

        e = sd_bus_match_signal(r->bus, &slot, NAME, path, PROPERTIES, "PropertiesChanged",
                                on_changed, &has_changed);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        for (;;) {
                has_changed = false;
                code = remote_load(r);
                sim = code == EXIT_CODE_OK ? remote_sim_by_path(r, path) : NULL;
                if (!sim || !is_under_way(&sim->report))
                        return code;
                code = wait_for_change(r, &has_changed, until);
                if (code != EXIT_CODE_OK)
                        return code;
        }
}
