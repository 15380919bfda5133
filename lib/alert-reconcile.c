/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is due, beside what was raised: what to raise, and what to clear. */

#include <string.h>

#include "alert.h"

static const AlertRecord *find_record(const AlertRecord *records, gsize n, const char *key) {
        for (gsize i = 0; i < n; i++)
                if (strcmp(records[i].key, key) == 0)
                        return &records[i];

        return NULL;
}

static bool is_due(const GArray *due, const char *key) {
        for (guint i = 0; i < due->len; i++)
                if (strcmp(g_array_index(due, Alert, i).key, key) == 0)
                        return true;

        return false;
}

static bool may_be_raised(const Alert *alert, const AlertRecord *record, int64_t now,
                          int64_t event_at) {
        if (now < alert->period_start || (alert->period_end != 0 && now >= alert->period_end))
                return false;
        if (!record)
                return true;
        if (record->cleared_at == 0)
                return false; /* it stands */

        return event_at >= record->cleared_at ||
               (alert->rearms_after > 0 && now >= record->cleared_at + alert->rearms_after);
}

GArray *alerts_reconcile(const GArray *due, const AlertRecord *records, gsize n_records,
                         int64_t now, int64_t event_at) {
        GArray *changes = g_array_new(FALSE, FALSE, sizeof(AlertChange));

        for (guint i = 0; i < n_records; i++) {
                AlertChange change = { false, i };

                if (records[i].cleared_at == 0 && !is_due(due, records[i].key))
                        g_array_append_val(changes, change);
        }
        for (guint i = 0; i < due->len; i++) {
                const Alert *alert = &g_array_index(due, Alert, i);
                AlertChange change = { true, i };

                if (may_be_raised(alert, find_record(records, n_records, alert->key), now,
                                  event_at))
                        g_array_append_val(changes, change);
        }

        return changes;
}
