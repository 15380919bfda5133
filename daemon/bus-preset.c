/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.simtally1.Manager: plans to begin with, and plans that are only tried out. */

#include "bus-cleanup.h"
#include "bus-internal.h"
#include "preset.h"
#include "sentence.h"

int bus_method_check_plan(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;
        g_autoptr(sd_bus_message) reply = NULL;
        g_autoptr(Plan) plan = NULL;
        g_autoptr(Tally) tally = NULL;
        g_auto(TallyAnswer) answer = { 0 };
        const char *text;
        uint64_t at;
        int64_t now;
        int r;

        r = sd_bus_message_read(call, "st", &text, &at);
        if (r < 0)
                return r;
        if (at > CALENDAR_LAST)
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "An instant is UNIX seconds, up to the end of 9999; 0 is "
                                        "now");
        r = bus_read_plan(text, &plan, error);
        if (r < 0)
                return r;

        now = at > 0 ? (int64_t) at : manager_now(b->manager);
        if (!plan->zone)
                plan->zone = bus_system_zone(now);
        tally = tally_new(plan, now);
        answer = tally_at(tally, now);

        r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = bus_append_buckets(reply, answer.buckets);
        return r < 0 ? r : sd_bus_send(NULL, reply, NULL);
}

int bus_method_list_presets(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        g_autoptr(sd_bus_message) reply = NULL;
        g_autoptr(GArray) presets = presets_load();
        int r;

        r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = sd_bus_message_open_container(reply, 'a', "(sss)");
        for (guint i = 0; r >= 0 && i < presets->len; i++) {
                const Preset *p = &g_array_index(presets, Preset, i);

                r = sd_bus_message_append(reply, "(sss)", p->id, p->plan->name ?: p->id,
                                          p->plan->note ?: "");
        }
        if (r >= 0)
                r = sd_bus_message_close_container(reply);
        return r < 0 ? r : sd_bus_send(NULL, reply, NULL);
}

int bus_method_get_preset(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        g_autoptr(GArray) presets = presets_load();
        const char *id;
        int r;

        r = sd_bus_message_read(call, "s", &id);
        if (r < 0)
                return r;

        for (guint i = 0; i < presets->len; i++) {
                const Preset *p = &g_array_index(presets, Preset, i);

                if (g_str_equal(p->id, id))
                        return sd_bus_reply_method_return(call, "s", p->text);
        }

        return sd_bus_error_set(error, BUS_ERROR("NoSuchPreset"),
                                N_("There is no preset of that id: ListPresets has them all"));
}
