/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Long messages come in parts, and the parts in any order, twice, or never. */

#include <string.h>

#include "sms.h"

#define MOST_MESSAGES 8
#define MOST_PARTS    32
#define MOST_SECONDS  (60 * 60)

typedef struct Message {
        char *sender;
        uint16_t reference;
        uint8_t n_parts;
        int64_t at, since;
        char *parts[MOST_PARTS];
} Message;

struct SmsJoin {
        GPtrArray *messages; /* Message, oldest first */
};

static void message_free(void *data) {
        Message *m = data;

        for (size_t i = 0; i < MOST_PARTS; i++)
                g_free(m->parts[i]);
        g_free(m->sender);
        g_free(m);
}

SmsJoin *sms_join_new(void) {
        SmsJoin *j = g_new(SmsJoin, 1);

        j->messages = g_ptr_array_new_with_free_func(message_free);
        return j;
}

SmsJoin *sms_join_free(SmsJoin *j) {
        if (!j)
                return NULL;

        g_ptr_array_unref(j->messages);
        g_free(j);
        return NULL;
}

static void forget_old(SmsJoin *j, int64_t now) {
        for (guint i = j->messages->len; i > 0; i--) {
                const Message *m = j->messages->pdata[i - 1];

                if (now < m->since || now - m->since > MOST_SECONDS)
                        g_ptr_array_remove_index(j->messages, i - 1);
        }
}

/* Of two senders with the same reference each has a message of its own. */
static Message *find(SmsJoin *j, const SmsDeliver *part, int64_t now) {
        Message *m;

        for (guint i = 0; i < j->messages->len; i++) {
                m = j->messages->pdata[i];
                if (m->reference == part->reference && m->n_parts == part->n_parts &&
                    strcmp(m->sender, part->sender) == 0)
                        return m;
        }

        if (j->messages->len == MOST_MESSAGES)
                g_ptr_array_remove_index(j->messages, 0);
        m = g_new0(Message, 1);
        *m = (Message){ .sender = g_strdup(part->sender),
                        .reference = part->reference,
                        .n_parts = part->n_parts,
                        .since = now };
        g_ptr_array_add(j->messages, m);
        return m;
}

static bool is_whole(const Message *m) {
        for (uint8_t i = 0; i < m->n_parts; i++)
                if (!m->parts[i])
                        return false;

        return true;
}

static void put_together(SmsJoin *j, Message *m, SmsDeliver *ret) {
        GString *text = g_string_new(NULL);

        for (uint8_t i = 0; i < m->n_parts; i++)
                g_string_append(text, m->parts[i]);
        *ret = (SmsDeliver){ .sender = g_strdup(m->sender),
                             .text = g_string_free(text, FALSE),
                             .at = m->at };
        (void) g_ptr_array_remove(j->messages, m);
}

int sms_join_add(SmsJoin *j, const SmsDeliver *part, int64_t now, SmsDeliver *ret) {
        Message *m;

        if (part->n_parts == 0) {
                *ret = (SmsDeliver){ .sender = g_strdup(part->sender),
                                     .text = g_strdup(part->text),
                                     .at = part->at };
                return 1;
        }
        if (part->n_parts > MOST_PARTS)
                return 0;

        forget_old(j, now);
        m = find(j, part, now);
        m->at = MAX(m->at, part->at);
        if (!m->parts[part->part - 1])
                m->parts[part->part - 1] = g_strdup(part->text);
        if (!is_whole(m))
                return 0;

        put_together(j, m, ret);
        return 1;
}
