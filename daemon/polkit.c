/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "polkit.h"

#include <errno.h>
#include <glib.h>
#include <stdbool.h>

#include "bus-cleanup.h"
#include "sentence.h"

#define PATIENCE_USEC        (5 * 60 * G_USEC_PER_SEC) /* a person may be typing a password */
#define QUESTIONS_PER_SENDER 16

struct Polkit {
        GSList *questions;
};

typedef struct Question {
        Polkit *polkit;
        sd_bus_message *call;
        sd_bus_message_handler_t then;
        void *userdata;
        sd_bus_slot *slot;   /* the call to polkit */
        sd_bus_track *track; /* of the one who asks */
} Question;

static void question_free(Question *q) {
        q->polkit->questions = g_slist_remove(q->polkit->questions, q);
        sd_bus_track_unref(q->track);
        sd_bus_slot_unref(q->slot);
        sd_bus_message_unref(q->call);
        g_free(q);
}

Polkit *polkit_new(void) {
        return g_new0(Polkit, 1);
}

Polkit *polkit_free(Polkit *p) {
        if (!p)
                return NULL;

        while (p->questions)
                question_free(p->questions->data);
        g_free(p);
        return NULL;
}

static unsigned count_questions(const Polkit *p, const char *sender) {
        unsigned n = 0;

        for (GSList *i = p->questions; i; i = i->next)
                n += g_strcmp0(sd_bus_message_get_sender(((Question *) i->data)->call), sender) ==
                     0;
        return n;
}

static int question_answer(Question *q, sd_bus_message *answer, sd_bus_error *error) {
        int authorized, challenge, r;

        if (sd_bus_message_is_method_error(answer, NULL)) {
                g_debug("Polkit: %s", sd_bus_message_get_error(answer)->message);
                return sd_bus_error_set(
                        error, SD_BUS_ERROR_ACCESS_DENIED,
                        N_("Polkit does not answer, and without it only root may do "
                           "this: call as root"));
        }

        r = sd_bus_message_enter_container(answer, 'r', "bba{ss}");
        if (r < 0)
                return r;
        r = sd_bus_message_read(answer, "bb", &authorized, &challenge);
        if (r < 0)
                return r;

        if (authorized)
                return q->then(q->call, q->userdata, error);
        if (challenge)
                return sd_bus_error_set(
                        error, SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED,
                        N_("A password is needed: allow the call to ask for one, or "
                           "call as root"));
        return sd_bus_error_set(
                error, SD_BUS_ERROR_ACCESS_DENIED,
                N_("Polkit does not allow this to you here: call as root, or from an "
                   "active local session"));
}

static int on_answer(sd_bus_message *answer, void *data, sd_bus_error *ret_error) {
        g_auto(sd_bus_error) error = SD_BUS_ERROR_NULL;
        Question *q = data;
        int r;

        r = question_answer(q, answer, &error);
        if (r < 0)
                (void) sd_bus_reply_method_errno(q->call, r, &error);

        question_free(q);
        return 1;
}

static int on_sender_left(sd_bus_track *track, void *data) {
        question_free(data);
        return 0;
}

/* The bus itself knows who a connection is, and answers at once. */
static bool is_root(sd_bus_message *call) {
        g_autoptr(sd_bus_creds) creds = NULL;
        uid_t uid;

        return sd_bus_query_sender_creds(call, SD_BUS_CREDS_EUID, &creds) >= 0 &&
               sd_bus_creds_get_euid(creds, &uid) >= 0 && uid == 0;
}

static int ask(sd_bus_message *call, const char *action, Question *q) {
        g_autoptr(sd_bus_message) message = NULL;
        sd_bus *bus = sd_bus_message_get_bus(call);
        int interactive, r;

        interactive = sd_bus_message_get_allow_interactive_authorization(call);
        if (interactive < 0)
                return interactive;

        r = sd_bus_message_new_method_call(bus, &message, "org.freedesktop.PolicyKit1",
                                           "/org/freedesktop/PolicyKit1/Authority",
                                           "org.freedesktop.PolicyKit1.Authority",
                                           "CheckAuthorization");
        if (r < 0)
                return r;

        r = sd_bus_message_append(message, "(sa{sv})sa{ss}us", "system-bus-name", 1, "name", "s",
                                  sd_bus_message_get_sender(call), action, 0,
                                  (uint32_t) interactive, "");
        if (r < 0)
                return r;

        r = sd_bus_track_new(bus, &q->track, on_sender_left, q);
        if (r < 0)
                return r;
        r = sd_bus_track_add_sender(q->track, call);
        if (r < 0)
                return r;

        return sd_bus_call_async(bus, &q->slot, message, on_answer, q, PATIENCE_USEC);
}

int polkit_check(Polkit *p, sd_bus_message *call, const char *action, sd_bus_message_handler_t then,
                 void *userdata, sd_bus_error *error) {
        Question *q;
        int r;

        if (is_root(call))
                return then(call, userdata, error);

        if (count_questions(p, sd_bus_message_get_sender(call)) >= QUESTIONS_PER_SENDER)
                return sd_bus_error_set(error, SD_BUS_ERROR_LIMITS_EXCEEDED,
                                        "Too many requests wait for an authorization; answer "
                                        "those first");

        q = g_new0(Question, 1);
        q->polkit = p;
        q->call = sd_bus_message_ref(call);
        q->then = then;
        q->userdata = userdata;
        p->questions = g_slist_prepend(p->questions, q);

        r = ask(call, action, q);
        if (r < 0) {
                question_free(q);
                return r;
        }

        return 1; /* answered later */
}
