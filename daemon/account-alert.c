/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the owner of a SIM should know: raised once, written down, and told after that. */

#include <errno.h>

#include "account-internal.h"
#include "clock.h"

#define FOR_EVER CALENDAR_LAST

static void clear_row(void *data) {
        ledger_alert_clear(&((AlertRow *) data)->row);
}

static void free_alert(Alert *alert) {
        if (!alert)
                return;

        g_free(alert->key);
        g_free(alert->bucket);
        g_free(alert);
}

static Alert *copy_alert(const Alert *alert) {
        Alert *copy = g_new(Alert, 1);

        *copy = *alert;
        copy->key = g_strdup(alert->key);
        copy->bucket = g_strdup(alert->bucket);
        return copy;
}

static void clear_news(void *data) {
        free_alert(((AlertNews *) data)->alert);
}

void account_alerts_init(Account *a) {
        a->alerts = g_array_new(FALSE, FALSE, sizeof(AlertRow));
        a->news = g_array_new(FALSE, FALSE, sizeof(AlertNews));
        g_array_set_clear_func(a->alerts, clear_row);
        g_array_set_clear_func(a->news, clear_news);
        a->alert_at = PERIOD_NEVER;
}

void account_alerts_clear(Account *a) {
        g_clear_pointer(&a->alerts, g_array_unref);
        g_clear_pointer(&a->news, g_array_unref);
        g_clear_pointer(&a->due, g_array_unref);
}

int account_load_alerts(Account *a) {
        g_autoptr(GArray) rows = NULL;
        int r;

        r = ledger_load_alerts(a->ledger, a->row.id, &rows);
        if (r < 0)
                return r;

        for (guint i = 0; i < rows->len; i++) {
                AlertRow row = { .row = g_array_index(rows, LedgerAlert, i) };

                row.row.key = g_strdup(row.row.key);
                g_array_append_val(a->alerts, row);
        }
        return 0;
}

static AlertRow *alert_row(const Account *a, guint i) {
        return &g_array_index(a->alerts, AlertRow, i);
}

static AlertRow *find_by_key(const Account *a, const char *key) {
        for (guint i = 0; i < a->alerts->len; i++)
                if (g_str_equal(alert_row(a, i)->row.key, key))
                        return alert_row(a, i);

        return NULL;
}

static AlertRow *find_by_id(const Account *a, int64_t id) {
        for (guint i = 0; i < a->alerts->len; i++)
                if (alert_row(a, i)->row.id == id)
                        return alert_row(a, i);

        return NULL;
}

static const Alert *find_due(const Account *a, const char *key) {
        for (guint i = 0; a->due && i < a->due->len; i++)
                if (g_str_equal(g_array_index(a->due, Alert, i).key, key))
                        return &g_array_index(a->due, Alert, i);

        return NULL;
}

/* It stands, and its owner wants to be told of it. */
static bool is_shown(const LedgerAlert *row) {
        return row->cleared_at == 0 && row->acked_at == 0;
}

static void add_news(Account *a, int64_t id, const Alert *alert) {
        AlertNews news = { .id = id, .alert = alert ? copy_alert(alert) : NULL };

        g_array_append_val(a->news, news);
}

static void raise_alert(Account *a, const Alert *alert, int64_t now) {
        AlertRow *row = find_by_key(a, alert->key);

        if (!row) {
                AlertRow new = { .row = { .id = ledger_new_id(a->ledger, LEDGER_ALERT),
                                          .sim = a->row.id,
                                          .key = g_strdup(alert->key) } };

                g_array_append_val(a->alerts, new);
                row = alert_row(a, a->alerts->len - 1);
        }

        row->row.raised_at = now;
        row->row.acked_at = row->row.snoozed_until = row->row.cleared_at = 0;
        row->is_dirty = true;
        add_news(a, row->row.id, alert);
}

static void clear_alert(Account *a, AlertRow *row, int64_t now) {
        if (is_shown(&row->row) && row->row.snoozed_until == 0)
                add_news(a, row->row.id, NULL);
        row->row.cleared_at = now;
        row->is_dirty = true;
}

/* When something was last told of the SIM, or undone: it may arm alerts again. */
static int64_t last_told(const Account *a) {
        int64_t last = 0;

        for (guint i = 0; i < a->events->len; i++) {
                const LedgerEvent *e = &g_array_index(a->events, LedgerEvent, i);

                last = MAX(last, MAX(e->recorded_at, e->removed_at));
        }

        return last;
}

static void reconcile(Account *a, int64_t now) {
        g_autofree AlertRecord *records = g_new(AlertRecord, a->alerts->len);
        g_autoptr(GArray) changes = NULL;
        AlertInput input = { .answer = account_answer(a, now),
                             .forecast = account_forecast(a, now),
                             .now = now,
                             .sim_since = a->row.first_seen,
                             .records = records,
                             .n_records = a->alerts->len };

        for (guint i = 0; i < a->alerts->len; i++) {
                const LedgerAlert *row = &alert_row(a, i)->row;

                records[i] = (AlertRecord){ row->key, row->raised_at, row->cleared_at };
        }

        g_clear_pointer(&a->due, g_array_unref);
        a->due = alerts_due(&input);
        changes = alerts_reconcile(a->due, records, input.n_records, now, last_told(a));
        for (guint i = 0; i < changes->len; i++) {
                const AlertChange *c = &g_array_index(changes, AlertChange, i);

                if (c->is_raised)
                        raise_alert(a, &g_array_index(a->due, Alert, c->index), now);
                else
                        clear_alert(a, alert_row(a, c->index), now);
        }
}

/* The owner wanted to be told again; returns when the next one is due. */
static int64_t wake_snoozed(Account *a, int64_t now) {
        int64_t next = PERIOD_NEVER;

        for (guint i = 0; i < a->alerts->len; i++) {
                AlertRow *row = alert_row(a, i);

                if (!is_shown(&row->row) || row->row.snoozed_until == 0)
                        continue;
                if (row->row.snoozed_until > now) {
                        next = MIN(next, row->row.snoozed_until);
                        continue;
                }

                row->row.snoozed_until = 0;
                row->is_dirty = true;
                add_news(a, row->row.id, find_due(a, row->row.key));
        }

        return next;
}

void account_judge_alerts(Account *a, int64_t now) {
        reconcile(a, now);
        a->alert_at = wake_snoozed(a, now);
        a->alert_at = MIN(a->alert_at, alerts_next(account_answer(a, now), now));
}

bool account_alerts_are_dirty(const Account *a) {
        for (guint i = 0; i < a->alerts->len; i++)
                if (alert_row(a, i)->is_dirty)
                        return true;

        return false;
}

int account_write_alerts(Account *a) {
        int r = 0;

        for (guint i = 0; r >= 0 && i < a->alerts->len; i++)
                if (alert_row(a, i)->is_dirty)
                        r = ledger_put_alert(a->ledger, &alert_row(a, i)->row);
        return r;
}

void account_alerts_written(Account *a) {
        g_autoptr(GArray) news = a->news;

        for (guint i = 0; i < a->alerts->len; i++)
                alert_row(a, i)->is_dirty = false;
        a->is_urgent = false;
        if (news->len == 0) {
                news = NULL;
                return;
        }

        a->news = g_array_new(FALSE, FALSE, sizeof(AlertNews));
        g_array_set_clear_func(a->news, clear_news);
        for (guint i = 0; i < news->len; i++) {
                const AlertNews *n = &g_array_index(news, AlertNews, i);

                if (n->alert)
                        a->listener->alert_raised(a, n->id, n->alert, a->userdata);
                else
                        a->listener->alert_cleared(a, n->id, a->userdata);
        }
        account_tell(a, ACCOUNT_CHANGED_ALERTS);
}

GArray *account_alerts(const Account *a) {
        GArray *shown = g_array_new(FALSE, FALSE, sizeof(AccountAlert));

        for (guint i = 0; i < a->alerts->len; i++) {
                const AlertRow *row = alert_row(a, i);
                AccountAlert alert = { &row->row, find_due(a, row->row.key) };

                if (is_shown(&row->row) && !row->is_dirty && alert.alert)
                        g_array_append_val(shown, alert);
        }

        return shown;
}

static int change_alert(Account *a, int64_t id, LedgerAlert *ret_before, AlertRow **ret) {
        AlertRow *row = find_by_id(a, id);

        if (!row || !is_shown(&row->row))
                return -ENOENT;

        *ret_before = row->row;
        if (row->row.snoozed_until == 0)
                add_news(a, id, NULL);
        row->is_dirty = true;
        *ret = row;
        return 0;
}

int account_acknowledge(Account *a, int64_t id, int64_t now, LedgerAlert *ret_before) {
        AlertRow *row;
        int r;

        r = change_alert(a, id, ret_before, &row);
        if (r < 0)
                return r;

        row->row.acked_at = now;
        return 0;
}

int account_snooze(Account *a, int64_t id, int64_t until, LedgerAlert *ret_before) {
        AlertRow *row;
        int r;

        r = change_alert(a, id, ret_before, &row);
        if (r < 0)
                return r;

        row->row.snoozed_until = until > 0 ? until : FOR_EVER;
        a->alert_at = MIN(a->alert_at, row->row.snoozed_until);
        return 0;
}

void account_restore_alert(Account *a, const LedgerAlert *before) {
        AlertRow *row = find_by_id(a, before->id);

        if (before->snoozed_until == 0)
                g_array_set_size(a->news, a->news->len - 1);
        row->row = *before;
}
