/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "notify-card.h"

static void clear_alert(void *data) {
        g_free(((CardAlert *) data)->sim);
}

Card *card_new(void) {
        Card *c = g_new0(Card, 1);

        c->alerts = g_array_new(FALSE, FALSE, sizeof(CardAlert));
        g_array_set_clear_func(c->alerts, clear_alert);
        return c;
}

Card *card_free(Card *c) {
        if (!c)
                return NULL;

        g_array_unref(c->alerts);
        if (c->offers)
                g_ptr_array_unref(c->offers);
        g_free(c->sim);
        g_free(c);
        return NULL;
}

void card_add(Card *c, const char *sim, uint64_t id, uint64_t raised_at) {
        CardAlert alert = { g_strdup(sim), id, raised_at };

        g_array_append_val(c->alerts, alert);
}

static const CardAlert *alert_at(const Card *c, guint i) {
        return &g_array_index(c->alerts, CardAlert, i);
}

bool card_has(const Card *c, uint64_t id) {
        for (guint i = 0; i < c->alerts->len; i++)
                if (alert_at(c, i)->id == id)
                        return true;

        return false;
}

bool card_is_of(const Card *c, const char *sim) {
        const char *first = c->alerts->len > 0 ? alert_at(c, 0)->sim : NULL;
        bool is_one = first;

        for (guint i = 1; i < c->alerts->len; i++)
                is_one = is_one && g_str_equal(alert_at(c, i)->sim, first);

        return sim ? is_one && g_str_equal(first, sim) : first && !is_one;
}

bool card_keep(Card *c, GHashTable *ids) {
        guint before = c->alerts->len;

        for (guint i = c->alerts->len; i > 0; i--)
                if (!g_hash_table_contains(ids, &alert_at(c, i - 1)->id))
                        g_array_remove_index(c->alerts, i - 1);
        return c->alerts->len < before;
}

Card *cards_find(const GPtrArray *cards, uint32_t id) {
        for (guint i = 0; i < cards->len; i++) {
                Card *c = cards->pdata[i];

                if (id != 0 && c->id == id)
                        return c;
        }

        return NULL;
}

Card *cards_find_of(const GPtrArray *cards, const char *sim) {
        for (guint i = 0; i < cards->len; i++)
                if (card_is_of(cards->pdata[i], sim))
                        return cards->pdata[i];

        return NULL;
}
