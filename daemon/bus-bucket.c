/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Buckets as dictionaries; see org.simtally1.Plan.xml for their entries. */

#include "bus-internal.h"
#include "plan-values.h"

static int append_text(sd_bus_message *reply, const char *key, const char *text) {
        g_autofree char *valid = g_utf8_make_valid(text ?: "", -1);

        return sd_bus_message_append(reply, "{sv}", key, "s", valid);
}

static int append_instants(sd_bus_message *reply, const TallyBucket *b) {
        const struct {
                const char *key;
                int64_t at;
        } instants[] = {
                { "PeriodStart", b->has_begun ? b->period_start : 0 },
                { "PeriodEnd", b->has_begun ? b->period_end : 0 },
                { "BegunAt", b->has_begun ? b->begun_at : 0 },
                { "ExpiresAt", b->has_begun ? b->expires_at : 0 },
                { "StartBy", b->start_by },
                { "UsedUpAt", b->used_up_at },
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < G_N_ELEMENTS(instants); i++)
                r = sd_bus_message_append(reply, "{sv}", instants[i].key, "t",
                                          bus_instant(instants[i].at));
        return r;
}

static int append_amounts(sd_bus_message *reply, const TallyBucket *b) {
        const struct {
                const char *key;
                uint64_t bytes;
        } amounts[] = {
                { "Bytes", b->is_unlimited ? 0 : b->bytes },
                { "UsedBytes", b->used },
                { "RemainingBytes", b->is_unlimited ? 0 : b->remaining },
                { "OverBytes", b->over },
                { "RolledOverBytes", b->rolled_over },
                { "RateLimit", b->rate_bps },
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < G_N_ELEMENTS(amounts); i++)
                r = sd_bus_message_append(reply, "{sv}", amounts[i].key, "t", amounts[i].bytes);
        return r;
}

static int append_flags(sd_bus_message *reply, const TallyBucket *b) {
        const struct {
                const char *key;
                bool is_so;
        } flags[] = {
                { "Unlimited", b->is_unlimited }, { "Begun", b->has_begun },
                { "Expired", b->has_expired },    { "Here", b->is_here },
                { "Counted", b->is_counted },
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < G_N_ELEMENTS(flags); i++)
                r = sd_bus_message_append(reply, "{sv}", flags[i].key, "b", (int) flags[i].is_so);
        return r;
}

static int append_bucket(sd_bus_message *reply, const TallyBucket *b) {
        g_autofree char *at_zero = value_write_at_zero(&b->at_zero);
        g_autofree char *where = b->where ? value_write_where(b->where) : NULL;
        int r;

        r = sd_bus_message_open_container(reply, 'a', "{sv}");
        if (r >= 0)
                r = append_text(reply, "Name", b->name);
        if (r >= 0)
                r = append_amounts(reply, b);
        if (r >= 0)
                r = append_flags(reply, b);
        if (r >= 0)
                r = append_instants(reply, b);
        if (r >= 0)
                r = append_text(reply, "AtZero", at_zero);
        if (r >= 0)
                r = append_text(reply, "Where", where && *where ? where : "anywhere");
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

int bus_append_buckets(sd_bus_message *reply, const GArray *buckets) {
        int r;

        r = sd_bus_message_open_container(reply, 'a', "a{sv}");
        for (guint i = 0; r >= 0 && buckets && i < buckets->len; i++)
                r = append_bucket(reply, &g_array_index(buckets, TallyBucket, i));
        return r < 0 ? r : sd_bus_message_close_container(reply);
}
