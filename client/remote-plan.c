/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a SIM's plan is asked and told. */

#include "remote-internal.h"
#include "utf8.h"

static ExitCode read_text(sd_bus_message *reply, char **ret_text) {
        const char *text;
        int e;

        e = sd_bus_message_read(reply, "s", &text);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        *ret_text = remote_sanitize_lines(text);
        return EXIT_CODE_OK;
}

static ExitCode read_event(sd_bus_message *reply, uint64_t *ret_event) {
        int e = sd_bus_message_read(reply, "t", ret_event);

        return e < 0 ? remote_report(&SD_BUS_ERROR_NULL, e) : EXIT_CODE_OK;
}

ExitCode remote_get_plan(Remote *r, const char *path, char **ret_text) {
        g_autoptr(sd_bus_message) reply = NULL;
        ExitCode code = remote_call(r, &reply, path, PLAN, "GetPlan", "");

        return code == EXIT_CODE_OK ? read_text(reply, ret_text) : code;
}

ExitCode remote_set_plan(Remote *r, const char *path, const char *text, uint64_t since) {
        return remote_call(r, NULL, path, PLAN, "SetPlan", "st", text, since);
}

ExitCode remote_clear_plan(Remote *r, const char *path) {
        return remote_call(r, NULL, path, PLAN, "ClearPlan", "");
}

ExitCode remote_presets(Remote *r, GPtrArray **ret_presets) {
        g_autoptr(GPtrArray) presets = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(sd_bus_message) reply = NULL;
        const char *texts[3];
        ExitCode code;
        int e;

        code = remote_call(r, &reply, PATH, MANAGER, "ListPresets", "");
        if (code != EXIT_CODE_OK)
                return code;

        e = sd_bus_message_enter_container(reply, 'a', "(sss)");
        while (e >= 0 &&
               (e = sd_bus_message_read(reply, "(sss)", &texts[0], &texts[1], &texts[2])) > 0)
                for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                        g_ptr_array_add(presets, utf8_sanitize(texts[i], SIZE_MAX, TEXT_BYTES));
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        *ret_presets = g_steal_pointer(&presets);
        return EXIT_CODE_OK;
}

ExitCode remote_get_preset(Remote *r, const char *name, char **ret_text) {
        g_autoptr(sd_bus_message) reply = NULL;
        ExitCode code = remote_call(r, &reply, PATH, MANAGER, "GetPreset", "s", name);

        return code == EXIT_CODE_OK ? read_text(reply, ret_text) : code;
}

ExitCode remote_top_up(Remote *r, const char *path, const char *text, uint64_t at,
                       uint64_t *ret_event) {
        g_autoptr(sd_bus_message) reply = NULL;
        ExitCode code = remote_call(r, &reply, path, PLAN, "TopUp", "st", text, at);

        return code == EXIT_CODE_OK ? read_event(reply, ret_event) : code;
}

ExitCode remote_correct(Remote *r, const char *path, const RemoteCorrection *correction,
                        uint64_t *ret_event) {
        const char *figure = correction->is_left ? "RemainingBytes" : "UsedBytes";
        g_autoptr(sd_bus_message) message = NULL, reply = NULL;
        ExitCode code;
        int e;

        e = remote_new_message(r, &message, path, PLAN, "Correct");
        if (e >= 0)
                e = sd_bus_message_open_container(message, 'a', "{sv}");
        if (e >= 0 && correction->bucket)
                e = sd_bus_message_append(message, "{sv}", "Bucket", "s", correction->bucket);
        if (e >= 0 && correction->at > 0)
                e = sd_bus_message_append(message, "{sv}", "At", "t", correction->at);
        if (e >= 0)
                e = sd_bus_message_append(message, "{sv}", figure, "t", correction->bytes);
        if (e >= 0)
                e = sd_bus_message_close_container(message);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        code = remote_send(r, message, &reply);
        return code == EXIT_CODE_OK ? read_event(reply, ret_event) : code;
}

static void free_event(void *data) {
        RemoteEvent *event = data;

        g_free(event->kind);
        if (event->body)
                g_array_unref(event->body);
        g_free(event);
}

ExitCode remote_events(Remote *r, const char *path, uint64_t after, uint32_t most,
                       GPtrArray **ret_events) {
        g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(free_event);
        g_autoptr(sd_bus_message) reply = NULL;
        const char *kind;
        ExitCode code;
        int e;

        code = remote_call(r, &reply, path, PLAN, "ListEvents", "tu", after, most);
        if (code != EXIT_CODE_OK)
                return code;

        e = sd_bus_message_enter_container(reply, 'a', "(ttsa{sv})");
        while (e >= 0 && (e = sd_bus_message_enter_container(reply, 'r', "ttsa{sv}")) > 0) {
                RemoteEvent *event = g_new0(RemoteEvent, 1);

                g_ptr_array_add(events, event);
                e = sd_bus_message_read(reply, "tts", &event->id, &event->at, &kind);
                if (e >= 0) {
                        event->kind = utf8_sanitize(kind, SIZE_MAX, TEXT_BYTES);
                        e = read_dictionary(reply, &event->body);
                }
                if (e >= 0)
                        e = sd_bus_message_exit_container(reply);
        }
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        *ret_events = g_steal_pointer(&events);
        return EXIT_CODE_OK;
}

ExitCode remote_remove_event(Remote *r, const char *path, uint64_t event) {
        return remote_call(r, NULL, path, PLAN, "RemoveEvent", "t", event);
}

ExitCode remote_periods(Remote *r, const char *path, uint64_t since, uint64_t until,
                        GPtrArray **ret_buckets) {
        g_autoptr(GPtrArray) buckets = remote_new_buckets();
        g_autoptr(sd_bus_message) reply = NULL;
        ExitCode code;
        int e;

        code = remote_call(r, &reply, path, PLAN, "GetPeriods", "tt", since, until);
        if (code != EXIT_CODE_OK)
                return code;

        e = read_buckets(reply, buckets);
        if (e < 0)
                return remote_report(&SD_BUS_ERROR_NULL, e);

        *ret_buckets = g_steal_pointer(&buckets);
        return EXIT_CODE_OK;
}

ExitCode remote_acknowledge(Remote *r, const char *path, uint64_t alert) {
        return remote_call(r, NULL, path, SIM, "AcknowledgeAlert", "t", alert);
}

ExitCode remote_snooze(Remote *r, const char *path, uint64_t alert, uint64_t until) {
        return remote_call(r, NULL, path, SIM, "SnoozeAlert", "tt", alert, until);
}
