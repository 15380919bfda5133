/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values made of several: lists, and the small sentences of buckets and limits. */

#include <errno.h>
#include <string.h>

#include "plan-values.h"

int value_read_list(const char *text, guint most, guint element,
                    int (*read)(const char *text, void *ret), GArray **ret) {
        g_autoptr(GArray) list = g_array_new(FALSE, TRUE, element);
        g_auto(GStrv) parts = g_strsplit(text, ";", (int) most + 1);

        for (guint i = 0; parts[i]; i++) {
                int r;

                if (i == most)
                        return -ERANGE;
                g_array_set_size(list, i + 1);
                r = read(g_strstrip(parts[i]), list->data + (gsize) i * element);
                if (r < 0)
                        return r;
        }
        if (list->len == 0)
                return -EINVAL;

        *ret = g_steal_pointer(&list);
        return 0;
}

void value_append(GString *list, char *item) {
        if (list->len > 0)
                g_string_append_c(list, ';');
        g_string_append(list, item);
        g_free(item);
}

bool value_split(const char *text, const char *separator, char **ret_before, char **ret_after) {
        const char *where = strstr(text, separator);

        if (!where)
                return false;

        *ret_before = g_strndup(text, (gsize) (where - text));
        *ret_after = g_strdup(where + strlen(separator));
        return true;
}

char *value_without_suffix(const char *text, const char *suffix) {
        if (!g_str_has_suffix(text, suffix))
                return NULL;
        return g_strndup(text, strlen(text) - strlen(suffix));
}

static int read_warn_level(const char *text, void *ret) {
        g_autofree char *left = value_without_suffix(text, " left");
        g_autofree char *percent = value_without_suffix(text, "%");
        WarnLevel *level = ret;
        int64_t n;
        int r;

        level->is_left = left != NULL;
        if (left)
                return value_read_size(left, &level->value);
        if (!percent)
                return -EINVAL;

        r = value_read_number(percent, 1, 100, &n);
        if (r < 0)
                return r;
        level->value = (uint64_t) n;
        return 0;
}

int value_read_warn(const char *text, GArray **ret) {
        return value_read_list(text, VALUE_MAX_ITEMS, sizeof(WarnLevel), read_warn_level, ret);
}

char *value_write_warn(const GArray *warn) {
        GString *list = g_string_new(NULL);

        for (guint i = 0; i < warn->len; i++) {
                const WarnLevel *level = &g_array_index(warn, WarnLevel, i);

                if (level->is_left) {
                        g_autofree char *bytes = value_write_bytes(level->value);

                        value_append(list, g_strconcat(bytes, " left", NULL));
                } else
                        value_append(list, g_strdup_printf("%d%%", (int) level->value));
        }

        return g_string_free(list, FALSE);
}

static int read_bill(const char *text, AtZero *ret) {
        g_autofree char *price = NULL, *rest = NULL, *step = NULL, *ceiling = NULL;
        AtZero bill = { .kind = AT_ZERO_BILL };
        int r;

        if (!value_split(text, " per ", &price, &rest))
                return -EINVAL;
        if (!value_split(rest, " up to ", &step, &ceiling))
                step = g_strdup(rest);

        r = value_read_money(price, &bill.price);
        if (r < 0)
                return r;
        r = value_read_size(step, &bill.step_bytes);
        if (r < 0)
                return r;
        if (ceiling) {
                r = value_read_money(ceiling, &bill.ceiling);
                if (r < 0)
                        return r;
                if (strcmp(bill.ceiling.currency, bill.price.currency) != 0)
                        return -EINVAL;
        }

        *ret = bill;
        return 0;
}

int value_read_at_zero(const char *text, AtZero *ret) {
        AtZero throttle = { .kind = AT_ZERO_THROTTLE };
        int r;

        if (g_str_has_prefix(text, "bill "))
                return read_bill(text + strlen("bill "), ret);
        if (strcmp(text, "next") == 0 || strcmp(text, "block") == 0) {
                *ret = (AtZero){ .kind = text[0] == 'n' ? AT_ZERO_NEXT : AT_ZERO_BLOCK };
                return 0;
        }
        if (!g_str_has_prefix(text, "throttle "))
                return -EINVAL;

        r = value_read_rate(text + strlen("throttle "), &throttle.rate_bps);
        if (r < 0)
                return r;
        *ret = throttle;
        return 0;
}

char *value_write_at_zero(const AtZero *at_zero) {
        g_autofree char *rate = NULL, *price = NULL, *step = NULL, *ceiling = NULL;

        switch (at_zero->kind) {
        case AT_ZERO_NEXT:
                return g_strdup("next");
        case AT_ZERO_BLOCK:
                return g_strdup("block");
        case AT_ZERO_THROTTLE:
                rate = value_write_rate(at_zero->rate_bps);
                return g_strconcat("throttle ", rate, NULL);
        case AT_ZERO_BILL:
                price = value_write_money(&at_zero->price);
                step = value_write_bytes(at_zero->step_bytes);
                if (at_zero->ceiling.currency[0] != '\0')
                        ceiling = value_write_money(&at_zero->ceiling);
                return g_strconcat("bill ", price, " per ", step, ceiling ? " up to " : NULL,
                                   ceiling, NULL);
        case AT_ZERO_UNSAID:
                break;
        }

        return NULL;
}

static int read_tier(const char *text, void *ret) {
        g_autofree char *bytes = NULL, *price = NULL;
        Tier *tier = ret;
        int r;

        if (!value_split(text, ":", &bytes, &price))
                return -EINVAL;
        r = value_read_bytes(g_strchomp(bytes), &tier->bytes);
        if (r < 0)
                return r;
        return value_read_money(g_strchug(price), &tier->price);
}

int value_read_tiers(const char *text, GArray **ret) {
        g_autoptr(GArray) tiers = NULL;
        int r;

        r = value_read_list(text, VALUE_MAX_ITEMS, sizeof(Tier), read_tier, &tiers);
        if (r < 0)
                return r;
        for (guint i = 1; i < tiers->len; i++) {
                const Tier *below = &g_array_index(tiers, Tier, i - 1);
                const Tier *tier = &g_array_index(tiers, Tier, i);

                if (tier->bytes <= below->bytes ||
                    strcmp(tier->price.currency, below->price.currency) != 0)
                        return -EINVAL;
        }

        *ret = g_steal_pointer(&tiers);
        return 0;
}

char *value_write_tiers(const GArray *tiers) {
        GString *list = g_string_new(NULL);

        for (guint i = 0; i < tiers->len; i++) {
                const Tier *tier = &g_array_index(tiers, Tier, i);
                g_autofree char *bytes = value_write_bytes(tier->bytes);
                g_autofree char *price = value_write_money(&tier->price);

                value_append(list, g_strconcat(bytes, ":", price, NULL));
        }

        return g_string_free(list, FALSE);
}

static int read_step(const char *text, void *ret) {
        Length *length = ret;
        int r;

        r = value_read_length(text, length);
        if (r < 0)
                return r;
        return length->unit == LENGTH_CALENDAR_MONTHS ? -EINVAL : 0;
}

int value_read_lengths(const char *text, GArray **ret) {
        return value_read_list(text, VALUE_MAX_ITEMS, sizeof(Length), read_step, ret);
}

char *value_write_lengths(const GArray *lengths) {
        GString *list = g_string_new(NULL);

        for (guint i = 0; i < lengths->len; i++)
                value_append(list, value_write_length(&g_array_index(lengths, Length, i)));

        return g_string_free(list, FALSE);
}

static int read_mcc(const char *text, void *ret) {
        int64_t mcc;
        int r;

        if (strlen(text) != 3)
                return -EINVAL;
        r = value_read_number(text, 1, 999, &mcc);
        if (r < 0)
                return r;

        *(uint16_t *) ret = (uint16_t) mcc;
        return 0;
}

int value_read_where(const char *text, Where *ret) {
        static const char *const names[] = {
                [WHERE_ANYWHERE] = "anywhere",
                [WHERE_HOME] = "home",
                [WHERE_ABROAD] = "abroad",
        };
        GArray *mccs = NULL;
        int r;

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (strcmp(text, names[i]) == 0) {
                        *ret = (Where){ .kind = (WhereKind) i };
                        return 0;
                }

        r = value_read_list(text, VALUE_MAX_MCCS, sizeof(uint16_t), read_mcc, &mccs);
        if (r < 0)
                return r;
        *ret = (Where){ WHERE_MCCS, mccs };
        return 0;
}

char *value_write_where(const Where *where) {
        GString *list;

        switch (where->kind) {
        case WHERE_HOME:
                return g_strdup("home");
        case WHERE_ABROAD:
                return g_strdup("abroad");
        case WHERE_ANYWHERE:
                return NULL; /* which is what nothing said means */
        case WHERE_MCCS:
                break;
        }

        list = g_string_new(NULL);
        for (guint i = 0; i < where->mccs->len; i++)
                value_append(list,
                             g_strdup_printf("%03u", g_array_index(where->mccs, uint16_t, i)));
        return g_string_free(list, FALSE);
}
