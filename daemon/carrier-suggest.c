/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "carrier-suggest.h"

#include "query-preset.h"

#define ENDING     ".query"
#define MOST_FILES 1000

static void suggestion_clear(void *data) {
        CarrierSuggestion *s = data;

        g_free(s->name);
        g_free(s->source);
        g_free(s->text);
}

static void add_preset(GArray *suggestions, const QueryPreset *preset) {
        const CarrierSuggestion s = { .name = g_strdup(preset->name),
                                      .source = g_strdup(preset->source),
                                      .method = preset->query->n_methods > 0
                                                        ? preset->query->methods[0]
                                                        : QUERY_NONE,
                                      .text = query_print(preset->query) };

        g_array_append_val(suggestions, s);
}

static void add_file(GArray *suggestions, const char *path, Plmn home) {
        g_autofree char *text = NULL, *sentence = NULL;
        g_auto(QueryPreset) preset = { 0 };
        g_autoptr(GError) error = NULL;
        gsize length;

        if (!g_file_get_contents(path, &text, &length, &error))
                g_warning("Failed to read how a carrier is asked: %s", error->message);
        else if (query_preset_parse(text, length, &preset, &sentence) < 0)
                g_warning("%s: %s", path, sentence);
        else if (query_preset_is_of(&preset, home))
                add_preset(suggestions, &preset);
}

static void add_folder(GArray *suggestions, const char *folder, Plmn home, GHashTable *seen) {
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        const char *name;

        while (dir && g_hash_table_size(seen) < MOST_FILES && (name = g_dir_read_name(dir))) {
                g_autofree char *path = g_build_filename(folder, name, NULL);

                /* One of the same name in a folder before is preferred. */
                if (g_str_has_suffix(name, ENDING) && name[0] != '.' &&
                    g_hash_table_add(seen, g_strdup(name)))
                        add_file(suggestions, path, home);
        }
}

GArray *carrier_suggest(Plmn home) {
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        GArray *suggestions = g_array_new(FALSE, FALSE, sizeof(CarrierSuggestion));

        g_array_set_clear_func(suggestions, suggestion_clear);
        if (home.mcc == 0)
                return suggestions;

        add_folder(suggestions, SIMTALLY_DATADIR "/carriers", home, seen);
        for (const char *const *data = g_get_system_data_dirs(); *data; data++) {
                g_autofree char *folder = g_build_filename(*data, "simtally", "carriers", NULL);

                add_folder(suggestions, folder, home, seen);
        }

        return suggestions;
}
