/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What hints at another SIM: the slots' and the card's status, and the card's own wish. */

#include "modem-qmi-sim.h"

typedef enum News {
        NEWS_NONE, /* the proxies deliver copies, and modems repeat themselves */
        NEWS_FIRST,
        NEWS_CHANGE,
} News;

/* Takes over what is said. */
static News compare(char **seen, char *said) {
        g_autofree char *before = g_steal_pointer(seen);

        *seen = said;
        if (!before)
                return NEWS_FIRST;
        return g_str_equal(before, said) ? NEWS_NONE : NEWS_CHANGE;
}

static void on_slots_indication(QmiClientUim *client, QmiIndicationUimSlotStatusOutput *output,
                                QmiSession *s) {
        GArray *slots = NULL;
        News news;

        if (s->is_over ||
            !qmi_indication_uim_slot_status_output_get_physical_slot_status(output, &slots, NULL))
                return;

        news = compare(&s->slots_seen, sim_describe_slots(slots));
        if (news == NEWS_CHANGE)
                sim_doubt(s);
        if (news != NEWS_NONE)
                sim_look_again(s);
}

typedef QmiIndicationUimCardStatusOutputCardStatusCardsElement Card;
typedef QmiIndicationUimCardStatusOutputCardStatusCardsElementApplicationsElement Application;

/* Is there a card where the first session has its application, or else anywhere? */
static bool has_card(const GArray *cards, uint16_t primary) {
        guint slot = primary >> 8;

        if (primary != 0xffff && slot < cards->len)
                return g_array_index(cards, Card, slot).card_state != QMI_UIM_CARD_STATE_ABSENT;

        for (guint i = 0; i < cards->len; i++)
                if (g_array_index(cards, Card, i).card_state != QMI_UIM_CARD_STATE_ABSENT)
                        return true;
        return false;
}

/* The cards apart from what is going on on them: a card that is unlocked is no other card. */
static char *describe_cards(const GArray *cards) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < cards->len; i++)
                g_string_append_printf(text, "%d;", g_array_index(cards, Card, i).card_state);

        return g_string_free(text, FALSE);
}

static char *describe_applications(const GArray *cards) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < cards->len; i++) {
                const GArray *applications = g_array_index(cards, Card, i).applications;

                for (guint j = 0; applications && j < applications->len; j++) {
                        const Application *a = &g_array_index(applications, Application, j);

                        g_string_append_printf(text, "%d,%d;", a->type, a->state);
                }
                g_string_append_c(text, '/');
        }

        return g_string_free(text, FALSE);
}

static void on_cards_indication(QmiClientUim *client, QmiIndicationUimCardStatusOutput *output,
                                QmiSession *s) {
        News cards_news, applications_news;
        GArray *cards = NULL;
        uint16_t primary;

        if (s->is_over || !qmi_indication_uim_card_status_output_get_card_status(
                                  output, &primary, NULL, NULL, NULL, &cards, NULL))
                return;

        cards_news = compare(&s->cards_seen, describe_cards(cards));
        applications_news = compare(&s->applications_seen, describe_applications(cards));

        if (cards_news == NEWS_NONE && applications_news == NEWS_NONE)
                return;

        if (cards_news == NEWS_CHANGE)
                sim_doubt(s);
        if (has_card(cards, primary))
                sim_look_again(s);
        else
                sim_gone(s); /* there is nothing to ask */
}

/* The card asks all to read it again; who registered has to say that it did. */
static void on_refresh_indication(QmiClientUim *client, QmiIndicationUimRefreshOutput *output,
                                  QmiSession *s) {
        g_autoptr(QmiMessageUimRefreshCompleteInput) input = NULL;
        QmiUimRefreshStage stage;
        QmiUimRefreshMode mode;
        QmiUimSessionType type;
        GArray *aid;

        if (s->is_over || !qmi_indication_uim_refresh_output_get_event(output, &stage, &mode, &type,
                                                                       &aid, NULL, NULL))
                return;

        if (stage == QMI_UIM_REFRESH_STAGE_START) {
                input = qmi_message_uim_refresh_complete_input_new();
                (void) qmi_message_uim_refresh_complete_input_set_session(input, type, aid, NULL);
                (void) qmi_message_uim_refresh_complete_input_set_info(input, TRUE, NULL);
                qmi_client_uim_refresh_complete(client, input, QMI_TIMEOUT_SECONDS, s->cancellable,
                                                NULL, NULL);
        }

        if (mode != QMI_UIM_REFRESH_MODE_FCN) /* more than that some files changed */
                sim_doubt(s);
        sim_look_again(s);
}

static void register_events(void *session);

static void on_events_registered(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageUimRegisterEventsOutput) output =
                qmi_client_uim_register_events_finish(QMI_CLIENT_UIM(object), result, &error);

        if (s->is_over ||
            (output && qmi_message_uim_register_events_output_get_result(output, &error)))
                return;

        g_debug("%s: SIM events: %s", s->path, error->message);
        if (qmi_is_timeout(error))
                modem_retry_later(&s->events_retry);
        else if (s->sim_events & QMI_UIM_EVENT_REGISTRATION_FLAG_PHYSICAL_SLOT_STATUS) {
                /* Older modems refuse what they do not know. */
                s->sim_events = QMI_UIM_EVENT_REGISTRATION_FLAG_CARD_STATUS;
                register_events(s);
        }
}

static void register_events(void *session) {
        QmiSession *s = session;
        g_autoptr(QmiMessageUimRegisterEventsInput) input =
                qmi_message_uim_register_events_input_new();

        (void) qmi_message_uim_register_events_input_set_event_registration_mask(
                input, s->sim_events, NULL);
        qmi_client_uim_register_events(s->uim, input, QMI_TIMEOUT_SECONDS, s->cancellable,
                                       on_events_registered, qmi_session_ref(s));
}

static void on_refresh_registered(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageUimRefreshRegisterAllOutput) output =
                qmi_client_uim_refresh_register_all_finish(QMI_CLIENT_UIM(object), result, &error);

        if (!output && qmi_is_timeout(error))
                modem_retry_later(&s->refresh_retry);
}

static void register_refresh(void *session) {
        QmiSession *s = session;
        g_autoptr(QmiMessageUimRefreshRegisterAllInput) input =
                qmi_message_uim_refresh_register_all_input_new();
        g_autoptr(GArray) no_aid = g_array_new(FALSE, FALSE, 1);

        (void) qmi_message_uim_refresh_register_all_input_set_session(
                input, QMI_UIM_SESSION_TYPE_PRIMARY_GW_PROVISIONING, no_aid, NULL);
        (void) qmi_message_uim_refresh_register_all_input_set_info(input, TRUE, NULL);
        qmi_client_uim_refresh_register_all(s->uim, input, QMI_TIMEOUT_SECONDS, s->cancellable,
                                            on_refresh_registered, qmi_session_ref(s));
}

void sim_hints_start(QmiSession *s) {
        modem_retry_init(&s->events_retry, register_events, s, &s->is_over);
        modem_retry_init(&s->refresh_retry, register_refresh, s, &s->is_over);
        if (!s->uim)
                return;

        g_signal_connect(s->uim, "slot-status", G_CALLBACK(on_slots_indication), s);
        g_signal_connect(s->uim, "card-status", G_CALLBACK(on_cards_indication), s);
        g_signal_connect(s->uim, "refresh", G_CALLBACK(on_refresh_indication), s);

        s->sim_events = QMI_UIM_EVENT_REGISTRATION_FLAG_CARD_STATUS |
                        QMI_UIM_EVENT_REGISTRATION_FLAG_PHYSICAL_SLOT_STATUS;
        register_events(s);
        register_refresh(s);
}

void sim_hints_stop(QmiSession *s) {
        modem_retry_stop(&s->events_retry);
        modem_retry_stop(&s->refresh_retry);
        if (s->uim)
                g_signal_handlers_disconnect_by_data(s->uim, s);
}
