/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "slot.h"

#include <errno.h>
#include <string.h>

#define HEADER_SIZE  40
#define COUNTER_SIZE 48
#define USAGE_SIZE   88
#define SUM_SIZE     16

static const uint8_t magic[8] = { 's', 'T', 'a', 'l', 'J', 0, 0, 1 };

void slot_init(Slot *s) {
        *s = (Slot){ .counters = g_array_new(FALSE, FALSE, sizeof(SlotCounter)),
                     .usages = g_array_new(FALSE, FALSE, sizeof(SlotUsage)) };
}

void slot_clear(Slot *s) {
        g_clear_pointer(&s->counters, g_array_unref);
        g_clear_pointer(&s->usages, g_array_unref);
}

static uint8_t *put_u32(uint8_t *at, uint32_t value) {
        value = GUINT32_TO_LE(value);
        memcpy(at, &value, sizeof(value));
        return at + sizeof(value);
}

static uint8_t *put_u64(uint8_t *at, uint64_t value) {
        value = GUINT64_TO_LE(value);
        memcpy(at, &value, sizeof(value));
        return at + sizeof(value);
}

static uint8_t *put_bytes(uint8_t *at, const void *bytes, size_t size) {
        memcpy(at, bytes, size);
        return at + size;
}

static uint32_t get_u32(const uint8_t **at) {
        uint32_t value;

        memcpy(&value, *at, sizeof(value));
        *at += sizeof(value);
        return GUINT32_FROM_LE(value);
}

static uint64_t get_u64(const uint8_t **at) {
        uint64_t value;

        memcpy(&value, *at, sizeof(value));
        *at += sizeof(value);
        return GUINT64_FROM_LE(value);
}

static Traffic get_traffic(const uint8_t **at) {
        uint64_t rx = get_u64(at);

        return (Traffic){ rx, get_u64(at) };
}

static void sum(const uint8_t *data, size_t size, uint8_t ret[static SUM_SIZE]) {
        g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
        uint8_t digest[32];
        gsize length = sizeof(digest);

        g_checksum_update(checksum, data, (gssize) size);
        g_checksum_get_digest(checksum, digest, &length);
        memcpy(ret, digest, SUM_SIZE);
}

static uint64_t size_of(uint64_t n_counters, uint64_t n_usages) {
        return HEADER_SIZE + n_counters * COUNTER_SIZE + n_usages * USAGE_SIZE + SUM_SIZE;
}

static uint8_t *put_counter(uint8_t *at, const SlotCounter *c) {
        at = put_u64(at, (uint64_t) c->id);
        at = put_u64(at, c->seen.rx);
        at = put_u64(at, c->seen.tx);
        at = put_u64(at, c->charged.rx);
        at = put_u64(at, c->charged.tx);
        return put_u64(at, c->believed);
}

static uint8_t *put_usage(uint8_t *at, const SlotUsage *u) {
        at = put_u64(at, (uint64_t) u->sim);
        at = put_u64(at, (uint64_t) u->start);
        at = put_u64(at, (uint64_t) u->session);
        at = put_bytes(at, u->plmn, sizeof(u->plmn));
        at = put_u64(at, u->roaming);
        at = put_u64(at, u->bytes.rx);
        at = put_u64(at, u->bytes.tx);
        at = put_u64(at, (uint64_t) u->first_at);
        at = put_u64(at, (uint64_t) u->last_at);
        at = put_u64(at, (uint64_t) u->gap_from);
        return put_u64(at, (uint64_t) u->boottime);
}

int slot_encode(const Slot *s, uint8_t buffer[static SLOT_MAX_BYTES]) {
        uint64_t size = size_of(s->counters->len, s->usages->len);
        uint8_t *at = buffer;

        if (size > SLOT_MAX_BYTES)
                return -E2BIG;

        at = put_bytes(at, magic, sizeof(magic));
        at = put_bytes(at, s->ledger, sizeof(s->ledger));
        at = put_u64(at, s->sequence);
        at = put_u32(at, s->counters->len);
        at = put_u32(at, s->usages->len);
        for (guint i = 0; i < s->counters->len; i++)
                at = put_counter(at, &g_array_index(s->counters, SlotCounter, i));
        for (guint i = 0; i < s->usages->len; i++)
                at = put_usage(at, &g_array_index(s->usages, SlotUsage, i));
        sum(buffer, (size_t) (at - buffer), at);
        return (int) size;
}

static SlotCounter get_counter(const uint8_t **at) {
        SlotCounter c = { .id = (int64_t) get_u64(at) };

        c.seen = get_traffic(at);
        c.charged = get_traffic(at);
        c.believed = get_u64(at) != 0;
        return c;
}

static SlotUsage get_usage(const uint8_t **at) {
        SlotUsage u = { .sim = (int64_t) get_u64(at) };

        u.start = (int64_t) get_u64(at);
        u.session = (int64_t) get_u64(at);
        memcpy(u.plmn, *at, sizeof(u.plmn));
        u.plmn[sizeof(u.plmn) - 1] = '\0';
        *at += sizeof(u.plmn);
        u.roaming = get_u64(at) != 0;
        u.bytes = get_traffic(at);
        u.first_at = (int64_t) get_u64(at);
        u.last_at = (int64_t) get_u64(at);
        u.gap_from = (int64_t) get_u64(at);
        u.boottime = (int64_t) get_u64(at);
        return u;
}

int slot_decode(const uint8_t *data, size_t size, Slot *ret) {
        const uint8_t *at = data + sizeof(magic);
        uint32_t n_counters, n_usages;
        uint8_t expected[SUM_SIZE];
        uint64_t whole;

        if (size < size_of(0, 0) || memcmp(data, magic, sizeof(magic)) != 0)
                return -EBADMSG;

        memcpy(ret->ledger, at, sizeof(ret->ledger));
        at += sizeof(ret->ledger);
        ret->sequence = get_u64(&at);
        n_counters = get_u32(&at);
        n_usages = get_u32(&at);
        whole = size_of(n_counters, n_usages);
        if (whole > size)
                return -EBADMSG;

        sum(data, whole - SUM_SIZE, expected);
        if (memcmp(data + whole - SUM_SIZE, expected, SUM_SIZE) != 0)
                return -EBADMSG;

        for (uint32_t i = 0; i < n_counters; i++) {
                SlotCounter c = get_counter(&at);

                g_array_append_val(ret->counters, c);
        }
        for (uint32_t i = 0; i < n_usages; i++) {
                SlotUsage u = get_usage(&at);

                g_array_append_val(ret->usages, u);
        }
        return 0;
}
