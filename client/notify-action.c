/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a person chose on a notification, done. */

#include <string.h>

#include "i18n.h"
#include "notify-internal.h"
#include "notify-open.h"

#define SIM  "org.simtally1.Sim"
#define PLAN "org.simtally1.Plan"

/* A question to the daemon, and whose it is. */
typedef struct Question {
        Agent *agent;
        char *sim;
} Question;

static Question *question_new(Agent *a, const char *sim) {
        Question *q = g_new(Question, 1);

        *q = (Question){ a, g_strdup(sim) };
        return q;
}

static void question_free(void *data) {
        Question *q = data;

        g_free(q->sim);
        g_free(q);
}

/* Says something about a SIM, if it is still there. */
static void say(const Question *q, const char *headline, const char *body) {
        const RemoteSim *sim = remote_sim_by_path(q->agent->remote, q->sim);

        if (sim)
                agent_answer(q->agent, card_new(), notice_of_text(sim, headline, body));
}

static void on_done(sd_bus_message *reply, const char *error, void *userdata) {
        if (error)
                say(userdata, _("that could not be done"), error);
}

static void snooze(Agent *a, const Card *card) {
        g_auto(Style) style = { 0 };

        style_init(&style, SIZE_SI, 0);
        for (guint i = 0; i < card->alerts->len; i++) {
                const CardAlert *alert = &g_array_index(card->alerts, CardAlert, i);

                remote_call_async(a->remote, alert->sim, SIM, "SnoozeAlert", on_done,
                                  question_new(a, alert->sim), question_free, "tt", alert->id,
                                  tomorrow_morning(&style));
        }
}

static void on_topped_up(sd_bus_message *reply, const char *error, void *userdata) {
        if (error)
                on_done(reply, error, userdata);
        else
                say(userdata, _("noted"), _("simtally buys nothing."));
}

static void top_up(Agent *a, const Card *card, const char *number) {
        guint64 n = g_ascii_strtoull(number, NULL, 10);
        g_autofree char *text = NULL;

        if (!card->offers || n >= card->offers->len)
                return;

        text = g_strdup_printf("name %s", (const char *) card->offers->pdata[n]);
        remote_call_async(a->remote, card->sim, PLAN, "TopUp", on_topped_up,
                          question_new(a, card->sim), question_free, "st", text, (uint64_t) 0);
}

/* The top-ups of a plan, as far as its text may be read. */
static GPtrArray *offers_of(sd_bus_message *reply) {
        GPtrArray *offers = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *error = NULL;
        g_autoptr(Plan) plan = NULL;
        const char *text;

        if (!reply || sd_bus_message_read(reply, "s", &text) < 0 ||
            plan_parse(text, strlen(text), &plan, &error) < 0)
                return offers;

        for (guint i = 0; i < plan->top_ups->len; i++)
                g_ptr_array_add(offers, g_strdup(((const TopUp *) plan->top_ups->pdata[i])->name));
        return offers;
}

/* Without offers it is still said how to tell: nothing of what may have failed is of interest. */
static void on_plan(sd_bus_message *reply, const char *error, void *userdata) {
        const Question *q = userdata;
        const RemoteSim *sim = remote_sim_by_path(q->agent->remote, q->sim);
        Card *card;

        if (!sim)
                return;

        card = card_new();
        card->sim = g_strdup(q->sim);
        card->offers = offers_of(reply);
        agent_answer(q->agent, card, notice_of_offers(sim, card->offers));
}

/* Another one follows. Servers should close what was acted upon, and dunst does not. */
static void take_away(Agent *a, const Card *card) {
        server_close(a->server, card->id);
}

void agent_act(Agent *a, const Card *card, const char *action) {
        const char *path =
                card->alerts->len > 0 ? g_array_index(card->alerts, CardAlert, 0).sim : card->sim;
        const RemoteSim *sim = path ? remote_sim_by_path(a->remote, path) : NULL;

        if (!sim)
                return;

        if (g_str_equal(action, ACTION_TOMORROW))
                snooze(a, card);
        else if (g_str_equal(action, ACTION_TOP_UP) && is_safe_url(sim->plan.top_up_url))
                open_url(a->session, sim->plan.top_up_url);
        else if (g_str_equal(action, ACTION_TOPPED_UP)) {
                take_away(a, card);
                remote_call_async(a->remote, path, PLAN, "GetPlan", on_plan, question_new(a, path),
                                  question_free, "");
        } else if (g_str_has_prefix(action, ACTION_OFFER)) {
                take_away(a, card);
                top_up(a, card, action + strlen(ACTION_OFFER));
        }
}
