/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "preset.h"

#include <errno.h>
#include <string.h>

#define ENDING     ".plan"
#define MOST_FILES 1000

static void preset_clear(void *data) {
        Preset *p = data;

        g_free(p->id);
        g_free(p->text);
        plan_free(p->plan);
}

static GArray *presets_new(void) {
        GArray *presets = g_array_new(FALSE, FALSE, sizeof(Preset));

        g_array_set_clear_func(presets, preset_clear);
        return presets;
}

static bool is_known(const GArray *presets, const char *id) {
        for (guint i = 0; i < presets->len; i++)
                if (g_str_equal(g_array_index(presets, Preset, i).id, id))
                        return true;

        return false;
}

static void load_file(GArray *presets, const char *folder, const char *name) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *id = g_strndup(name, strlen(name) - strlen(ENDING));
        g_autofree char *text = NULL, *sentence = NULL;
        g_autoptr(GError) error = NULL;
        Preset preset = { 0 };
        gsize length;

        if (!g_utf8_validate(id, -1, NULL) || is_known(presets, id))
                return; /* the folder before is preferred */

        if (!g_file_get_contents(path, &text, &length, &error)) {
                g_warning("Failed to read a plan: %s", error->message);
                return;
        }
        if (plan_parse(text, length, &preset.plan, &sentence) < 0) {
                g_warning("%s: %s", path, sentence);
                return;
        }

        preset.id = g_steal_pointer(&id);
        preset.text = g_steal_pointer(&text);
        g_array_append_val(presets, preset);
}

static void load_folder(GArray *presets, const char *folder) {
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        const char *name;

        while (dir && presets->len < MOST_FILES && (name = g_dir_read_name(dir)))
                if (g_str_has_suffix(name, ENDING) && !g_str_has_prefix(name, "."))
                        load_file(presets, folder, name);
}

static int compare(const void *a, const void *b) {
        return strcmp(((const Preset *) a)->id, ((const Preset *) b)->id);
}

GArray *presets_load(void) {
        GArray *presets = presets_new();

        load_folder(presets, SIMTALLY_DATADIR "/plans");
        for (const char *const *data = g_get_system_data_dirs(); *data; data++) {
                g_autofree char *folder = g_build_filename(*data, "simtally", "plans", NULL);

                load_folder(presets, folder);
        }

        g_array_sort(presets, compare);
        return presets;
}

GArray *presets_load_fleet(void) {
        const char *configuration = g_getenv("CONFIGURATION_DIRECTORY");
        g_autofree char *folder = NULL;
        GArray *presets = presets_new();

        if (!configuration || !*configuration)
                configuration = SIMTALLY_SYSCONFDIR;
        folder = g_build_filename(configuration, "plans.d", NULL);
        load_folder(presets, folder);
        g_array_sort(presets, compare);
        return presets;
}

/* How exactly a plan is for this SIM; 0: it is not. */
static unsigned exactness(const PlanMatch *match, const PresetSim *sim) {
        unsigned most = 0;

        if (match->iccid && !g_str_has_prefix(sim->iccid, match->iccid))
                return 0;
        if (match->plmn && !g_str_equal(sim->plmn, match->plmn))
                return 0;
        if (match->operator&& !g_str_equal(sim->operator, match->operator))
                return 0;

        most += match->any ? 1 : 0;
        most += match->operator? 2 : 0;
        most += match->plmn ? 4 : 0;
        most += match->iccid ? 8 * (unsigned) strlen(match->iccid) : 0;
        return most;
}

const Preset *presets_match(const GArray *presets, const PresetSim *sim) {
        const Preset *best = NULL;
        unsigned best_exactness = 0;

        for (guint i = 0; i < presets->len; i++) {
                const Preset *p = &g_array_index(presets, Preset, i);
                unsigned e = exactness(&p->plan->match, sim);

                if (e > best_exactness) {
                        best = p;
                        best_exactness = e;
                }
        }

        return best;
}
