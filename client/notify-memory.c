/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "notify-memory.h"

#include <string.h>

#define AGENT "Agent" /* the group; one for each alert is called by its number */

struct Memory {
        char *path;
        GKeyFile *file;
        bool is_dirty, has_complained;
};

static char *group_of(uint64_t alert) {
        return g_strdup_printf("%" G_GUINT64_FORMAT, alert);
}

/* All groups of alerts for which it says yes are removed. */
static void remove_if(Memory *m, bool (*is_meant)(GKeyFile *file, const char *group, void *data),
                      void *data) {
        g_auto(GStrv) groups = g_key_file_get_groups(m->file, NULL);

        for (char **group = groups; *group; group++)
                if (!g_str_equal(*group, AGENT) && is_meant(m->file, *group, data))
                        m->is_dirty |= g_key_file_remove_group(m->file, *group, NULL);
}

static bool was_left_alone(GKeyFile *file, const char *group, void *data) {
        return !g_key_file_get_boolean(file, group, "Closed", NULL);
}

Memory *memory_new(const char *path, const char *session) {
        Memory *m = g_new0(Memory, 1);
        g_autofree char *last = NULL;

        m->path = g_strdup(path);
        m->file = g_key_file_new();
        /* What cannot be read is as good as none: the worst is that something is told twice. */
        (void) g_key_file_load_from_file(m->file, path, G_KEY_FILE_NONE, NULL);

        last = g_key_file_get_string(m->file, AGENT, "Session", NULL);
        if (g_strcmp0(last, session) != 0) {
                remove_if(m, was_left_alone, NULL);
                g_key_file_set_string(m->file, AGENT, "Session", session);
                m->is_dirty = true;
        }
        return m;
}

Memory *memory_free(Memory *m) {
        if (!m)
                return NULL;

        g_key_file_unref(m->file);
        g_free(m->path);
        g_free(m);
        return NULL;
}

bool memory_has(const Memory *m, uint64_t alert, uint64_t raised_at) {
        g_autofree char *group = group_of(alert);

        return g_key_file_has_group(m->file, group) &&
               g_key_file_get_uint64(m->file, group, "RaisedAt", NULL) == raised_at;
}

void memory_add(Memory *m, const char *server, const MemoryEntry *entry) {
        g_autofree char *group = group_of(entry->alert);

        (void) g_key_file_remove_group(m->file, group, NULL);
        g_key_file_set_string(m->file, group, "Sim", entry->sim);
        g_key_file_set_uint64(m->file, group, "RaisedAt", entry->raised_at);
        g_key_file_set_uint64(m->file, group, "Notification", entry->notification);
        g_key_file_set_string(m->file, AGENT, "Server", server);
        m->is_dirty = true;
}

void memory_visit(const Memory *m, const char *server,
                  void (*visit)(const MemoryEntry *entry, void *data), void *data) {
        g_autofree char *last = g_key_file_get_string(m->file, AGENT, "Server", NULL);
        g_auto(GStrv) groups = g_key_file_get_groups(m->file, NULL);

        if (g_strcmp0(last, server) != 0)
                return;

        for (char **group = groups; *group; group++) {
                g_autofree char *sim = g_key_file_get_string(m->file, *group, "Sim", NULL);
                MemoryEntry entry = {
                        .sim = sim,
                        .alert = g_ascii_strtoull(*group, NULL, 10),
                        .raised_at = g_key_file_get_uint64(m->file, *group, "RaisedAt", NULL),
                        .notification = (uint32_t) g_key_file_get_uint64(m->file, *group,
                                                                         "Notification", NULL),
                };

                if (sim && entry.notification != 0)
                        visit(&entry, data);
        }
}

void memory_close(Memory *m, uint64_t alert, bool by_hand) {
        g_autofree char *group = group_of(alert);

        if (!g_key_file_has_group(m->file, group))
                return;

        (void) g_key_file_remove_key(m->file, group, "Notification", NULL);
        if (by_hand)
                g_key_file_set_boolean(m->file, group, "Closed", TRUE);
        m->is_dirty = true;
}

void memory_forget(Memory *m, uint64_t alert) {
        g_autofree char *group = group_of(alert);

        m->is_dirty |= g_key_file_remove_group(m->file, group, NULL);
}

static bool is_not_in(GKeyFile *file, const char *group, void *data) {
        guint64 alert = g_ascii_strtoull(group, NULL, 10);

        return !g_hash_table_contains(data, &alert);
}

void memory_keep(Memory *m, GHashTable *alerts) {
        remove_if(m, is_not_in, alerts);
}

bool memory_is_quiet(const Memory *m) {
        return g_key_file_get_boolean(m->file, AGENT, "Quiet", NULL);
}

void memory_set_quiet(Memory *m, bool is_quiet) {
        g_key_file_set_boolean(m->file, AGENT, "Quiet", is_quiet);
        m->is_dirty = true;
}

void memory_save(Memory *m) {
        g_autofree char *folder = g_path_get_dirname(m->path);
        g_autoptr(GError) error = NULL;

        if (!m->is_dirty)
                return;

        (void) g_mkdir_with_parents(folder, 0700);
        if (g_key_file_save_to_file(m->file, m->path, &error)) {
                m->is_dirty = false;
        } else if (!m->has_complained) {
                m->has_complained = true;
                g_warning("What was told cannot be noted: %s", error->message);
        }
}
