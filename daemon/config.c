/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <errno.h>
#include <glib.h>

#define GROUP "Ports"

static int refuse(const char *path, const char *why, char **ret_why) {
        *ret_why = g_strdup_printf("%s: %s", path, why);
        return -EINVAL;
}

/* Nobody is to wonder why a misspelt key has no effect. */
static int check_names(GKeyFile *file, const char *path, char **ret_why) {
        g_auto(GStrv) groups = g_key_file_get_groups(file, NULL), keys = NULL;

        for (char **group = groups; *group; group++)
                if (!g_str_equal(*group, GROUP))
                        return refuse(path, "there is no group but [" GROUP "]", ret_why);

        keys = g_key_file_get_keys(file, GROUP, NULL, NULL);
        for (char **key = keys; key && *key; key++)
                if (!g_str_equal(*key, "Named") && !g_str_equal(*key, "Search"))
                        return refuse(path, "there are no keys but Named and Search", ret_why);
        return 0;
}

static int read_ports(GKeyFile *file, const char *path,
                      int (*parse)(const char *spec, Port **ret, char **ret_why), GPtrArray *ports,
                      char **ret_why) {
        g_auto(GStrv) specs = g_key_file_get_string_list(file, GROUP, "Named", NULL, NULL);

        for (char **spec = specs; spec && *spec; spec++) {
                g_autofree char *why = NULL, *sentence = NULL;
                Port *port;

                if (parse(g_strstrip(*spec), &port, &why) < 0) {
                        sentence = g_strdup_printf("Named %s: %s", *spec, why);
                        return refuse(path, sentence, ret_why);
                }
                g_ptr_array_add(ports, port);
        }

        return 0;
}

static int read_search(GKeyFile *file, const char *path, bool *ret, char **ret_why) {
        g_autoptr(GError) error = NULL;
        bool search = true;

        if (g_key_file_has_key(file, GROUP, "Search", NULL))
                search = g_key_file_get_boolean(file, GROUP, "Search", &error);
        if (error)
                return refuse(path, "Search is true or false", ret_why);

        *ret = search;
        return 0;
}

int config_load(const char *path, bool may_be_missing,
                int (*parse)(const char *spec, Port **ret, char **ret_why), Config *ret,
                char **ret_why) {
        g_autoptr(GKeyFile) file = g_key_file_new();
        g_autoptr(GPtrArray) ports = g_ptr_array_new();
        g_autoptr(GError) error = NULL;
        bool search = true;
        int r;

        if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error) &&
            !(may_be_missing && g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT)))
                return refuse(path, error->message, ret_why);

        r = check_names(file, path, ret_why);
        if (r >= 0)
                r = read_ports(file, path, parse, ports, ret_why);
        if (r >= 0)
                r = read_search(file, path, &search, ret_why);
        if (r < 0)
                return r;

        *ret = (Config){ g_steal_pointer(&ports), search };
        return 0;
}
