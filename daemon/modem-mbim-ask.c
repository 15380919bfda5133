/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Questions to an MBIM modem: what comes back is checked before anything of libmbim reads it. */

#include "modem-mbim.h"

#include <gio/gio.h>

#define ANSWER_SECONDS 10
#define MOST_TIMEOUTS  3 /* in a row; with more the port is taken for dead */

/*
 * libmbim prints, and so parses unchecked, what it receives too late. mbim-proxy waits 300 seconds
 * for an answer and passes nothing on after that; so libmbim must wait longer, and we count the
 * seconds until we do without.
 */
#define LIBRARY_SECONDS 330

FrameVerdict mbim_check(const MbimSession *s, const MbimMessage *message, MbimMessage **ret) {
        g_autofree uint8_t *bytes = NULL;
        FrameVerdict verdict;
        const uint8_t *raw;
        guint32 n;

        raw = mbim_message_get_raw(message, &n, NULL);
        if (!raw)
                return FRAME_BAD;

        bytes = g_memdup2(raw, n);
        verdict = frame_mend(bytes, n, mbim_version(s));
        if (verdict == FRAME_GOOD)
                *ret = mbim_message_new(bytes, n);
        return verdict;
}

/* A question that is under way. */
typedef struct Question {
        MbimSession *session;
        MbimService service;
        uint32_t command;
        MbimThen then; /* NULL: we do without the answer by now */
        unsigned about;
        guint deadline;
        bool is_for_network; /* that it does not answer says nothing of the modem */
} Question;

static void question_end(Question *q, MbimOutcome outcome, const MbimMessage *reply) {
        MbimThen then = q->then;

        q->then = NULL;
        g_clear_handle_id(&q->deadline, g_source_remove);
        if (then && !q->session->is_over)
                then(q->session, outcome, reply, q->about);
}

static void count_timeout(MbimSession *s) {
        if (++s->n_timeouts > MOST_TIMEOUTS)
                mbim_fail(s, MBIM_SILENT);
}

static gboolean on_deadline(void *data) {
        Question *q = data;
        MbimSession *s = q->session;

        q->deadline = 0;
        if (!q->is_for_network)
                count_timeout(s);
        question_end(q, MBIM_NO_ANSWER, NULL);
        return G_SOURCE_REMOVE;
}

/* Of the command that was sent: libmbim looks at the transaction alone. */
static bool is_answer(const Question *q, const MbimMessage *reply) {
        return mbim_message_get_message_type(reply) == MBIM_MESSAGE_TYPE_COMMAND_DONE &&
               mbim_message_command_done_get_service(reply) == q->service &&
               mbim_message_command_done_get_cid(reply) == q->command;
}

static void judge(Question *q, const MbimMessage *reply) {
        g_autoptr(MbimMessage) mended = NULL;
        MbimSession *s = q->session;
        FrameVerdict verdict = mbim_check(s, reply, &mended);

        if (verdict == FRAME_GOOD && !is_answer(q, mended))
                verdict = FRAME_BAD;

        /* The modem began anew behind the proxy's back: it answers nothing until it is opened. */
        if (verdict == FRAME_REFUSED &&
            mbim_message_get_message_type(reply) == MBIM_MESSAGE_TYPE_FUNCTION_ERROR) {
                count_timeout(s);
                question_end(q, MBIM_NO_ANSWER, NULL);
                return;
        }

        s->n_timeouts = 0;
        switch (verdict) {
        case FRAME_GOOD:
                question_end(q, MBIM_ANSWERED, mended);
                break;
        case FRAME_UNKNOWN:
                question_end(q, MBIM_ANSWERED, NULL);
                break;
        case FRAME_REFUSED:
                s->refusal = mbim_message_command_done_get_status_code(reply);
                question_end(q, MBIM_REFUSED, NULL);
                break;
        case FRAME_BAD:
                /* Perhaps it is of another version, for the device has just changed to one. */
                g_debug("%s: a reply that contradicts itself", s->path);
                question_end(q, MBIM_NO_ANSWER, NULL);
                break;
        }
}

static void on_reply(GObject *object, GAsyncResult *result, void *data) {
        Question *q = data;
        g_autoptr(MbimSession) s = q->session;
        g_autoptr(GError) error = NULL;
        g_autoptr(MbimMessage) reply =
                mbim_device_command_finish(MBIM_DEVICE(object), result, &error);

        if (reply)
                judge(q, reply);
        else {
                if (!s->is_over)
                        g_debug("%s: %s", s->path, error->message);
                question_end(q, MBIM_NO_ANSWER, NULL);
        }

        g_free(q);
}

static Question *ask(MbimSession *s, MbimMessage *command, unsigned seconds, MbimThen then,
                     unsigned about) {
        g_autoptr(MbimMessage) taken = command;
        Question *q = g_new(Question, 1);

        *q = (Question){ .session = mbim_session_ref(s),
                         .service = mbim_message_command_get_service(taken),
                         .command = mbim_message_command_get_cid(taken),
                         .then = then,
                         .about = about };
        q->deadline = g_timeout_add_seconds(seconds, on_deadline, q);
        mbim_device_command(s->device, taken, LIBRARY_SECONDS, s->cancellable, on_reply, q);
        return q;
}

void mbim_ask(MbimSession *s, MbimMessage *command, MbimThen then, unsigned about) {
        (void) ask(s, command, ANSWER_SECONDS, then, about);
}

void mbim_ask_network(MbimSession *s, MbimMessage *command, unsigned seconds, MbimThen then,
                      unsigned about) {
        ask(s, command, seconds, then, about)->is_for_network = true;
}
