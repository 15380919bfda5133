/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "notify-agent.h"

#include <errno.h>

#include "i18n.h"
#include "notify-internal.h"

#define CALL_USEC (25 * G_USEC_PER_SEC)
#define SETTLE_MSEC                                                                                \
        200 /* alerts come in bursts: the old one is cleared, the next one is raised               \
             */
#define APART_MSEC    5000
#define REFUSED_MSEC  1500 /* after which KDE takes the same once more */
#define AGAIN_MSEC    60000
#define MOST_FAILURES 3 /* in a row, until there is something else to say */

static void look(Agent *a);

/* --- what is on the screen */

static void note_shown(Agent *a, const Card *c) {
        for (guint i = 0; i < c->alerts->len; i++) {
                const CardAlert *alert = &g_array_index(c->alerts, CardAlert, i);
                MemoryEntry entry = { alert->sim, alert->id, alert->raised_at, c->id };

                memory_add(a->memory, server_name(a->server), &entry);
        }
        memory_save(a->memory);
}

static void remove_card(Agent *a, Card *c) {
        if (a->replaced == c)
                a->replaced = NULL;
        g_ptr_array_remove_fast(a->cards, c);
}

static void on_shown(int result, uint32_t id, void *userdata) {
        Agent *a = userdata;
        Card *c = g_steal_pointer(&a->posting), *before = g_steal_pointer(&a->replaced);
        bool is_show = c->is_show;

        if (result < 0) {
                card_free(c);
                a->n_failures++;
        } else {
                if (before)
                        remove_card(a, before);
                c->id = id;
                g_ptr_array_add(a->cards, c);
                note_shown(a, c);
                a->n_failures = 0;
        }

        if (is_show && a->shown)
                a->shown(result, a->shown_userdata);
        if (result == -EAGAIN)
                agent_look_in(a, REFUSED_MSEC);
        else if (result == 0)
                look(a);
}

/* In the place of another card; NULL: in one of its own. */
static void post(Agent *a, Card *card, Card *replaced, Notice *notice) {
        a->posting = card;
        a->replaced = replaced;
        server_show(a->server, replaced ? replaced->id : 0, notice, on_shown, a);
}

static void post_alerts(Agent *a, GArray *told, Card *replaced) {
        g_auto(Style) style = { 0 };
        Card *card = card_new();

        for (guint i = 0; i < told->len; i++) {
                const Told *t = &g_array_index(told, Told, i);

                card_add(card, t->sim->path, alert_number(t->alert, "id"),
                         alert_number(t->alert, "raised_at"));
        }
        style_init(&style, SIZE_SI, 0);
        post(a, card, replaced, notice_of_alerts(&style, told));
}

void agent_answer(Agent *a, Card *card, Notice *notice) {
        Answer *answer = g_new(Answer, 1);

        *answer = (Answer){ card, notice };
        g_queue_push_tail(&a->answers, answer);
        look(a);
}

static void free_answer(void *data) {
        Answer *answer = data;

        card_free(answer->card);
        notice_free(answer->notice);
        g_free(answer);
}

/* --- what stands */

/* Calls for each alert that stands and was not put off. */
typedef void (*Visit)(Agent *a, const Told *told, void *data);

static void for_each_alert(Agent *a, Visit visit, void *data) {
        GPtrArray *sims = remote_sims(a->remote);

        for (guint i = 0; i < sims->len; i++) {
                const RemoteSim *sim = sims->pdata[i];

                for (guint j = 0; j < sim->alerts->len; j++) {
                        Told told = { .sim = sim, .alert = sim->alerts->pdata[j] };

                        if (alert_number(told.alert, "snoozed_until") == 0)
                                visit(a, &told, data);
                }
        }
}

static void add_id(Agent *a, const Told *told, void *ids) {
        uint64_t id = alert_number(told->alert, "id");

        g_hash_table_add(ids, g_memdup2(&id, sizeof(id)));
}

/* What a server has shown for an agent before us is closed and replaced all the same. */
static void adopt(const MemoryEntry *entry, void *data) {
        Agent *a = data;
        Card *card = cards_find(a->cards, entry->notification);

        if (!card) {
                card = card_new();
                card->id = entry->notification;
                g_ptr_array_add(a->cards, card);
        }
        card_add(card, entry->sim, entry->alert, entry->raised_at);
}

static bool is_critical(const GArray *alert) {
        return g_str_equal(alert_word(alert, "severity"), "critical");
}

static void add_if_new(Agent *a, const Told *told, void *news) {
        Told new = { told->sim, told->alert, true };

        if (memory_has(a->memory, alert_number(told->alert, "id"),
                       alert_number(told->alert, "raised_at")) ||
            (memory_is_quiet(a->memory) && !is_critical(told->alert)))
                return;
        g_array_append_val(news, new);
}

/* What a card says already, and what stands of it, goes along with the news. */
typedef struct Merge {
        Card *card;
        GArray *told;
} Merge;

static bool is_among(const GArray *told, uint64_t id) {
        for (guint i = 0; i < told->len; i++)
                if (alert_number(g_array_index(told, Told, i).alert, "id") == id)
                        return true;

        return false;
}

static void add_if_on_card(Agent *a, const Told *told, void *data) {
        uint64_t id = alert_number(told->alert, "id");
        Merge *merge = data;

        if (card_has(merge->card, id) && !is_among(merge->told, id))
                g_array_append_val(merge->told, *told);
}

static const char *only_sim(const GArray *told) {
        const RemoteSim *first = g_array_index(told, Told, 0).sim;

        for (guint i = 1; i < told->len; i++)
                if (g_array_index(told, Told, i).sim != first)
                        return NULL;

        return first->path;
}

/* Several SIMs do not shout over each other: what is not critical waits for its turn. */
static bool must_wait(Agent *a, const GArray *news) {
        int64_t now = g_get_monotonic_time();

        for (guint i = 0; i < news->len; i++)
                if (is_critical(g_array_index(news, Told, i).alert))
                        return false;
        if (now >= a->next_at)
                return false;

        agent_look_in(a, (unsigned) ((a->next_at - now) / 1000 + 1));
        return true;
}

static void post_news(Agent *a) {
        g_autoptr(GArray) news = g_array_new(FALSE, FALSE, sizeof(Told));
        Merge merge = { .told = news };

        for_each_alert(a, add_if_new, news);
        if (news->len == 0)
                return;

        merge.card = cards_find_of(a->cards, only_sim(news));
        if (merge.card)
                for_each_alert(a, add_if_on_card, &merge);
        else if (must_wait(a, news))
                return;

        a->next_at = g_get_monotonic_time() + APART_MSEC * 1000;
        post_alerts(a, news, merge.card);
}

/* Cards of what is over are closed, unless they are being replaced; others must say less. */
static void drop_what_is_over(Agent *a, GHashTable *standing) {
        for (guint i = a->cards->len; i > 0; i--) {
                Card *c = a->cards->pdata[i - 1];

                if (c->alerts->len == 0 || c == a->replaced)
                        continue;

                c->is_stale |= card_keep(c, standing);
                if (c->alerts->len == 0) {
                        server_close(a->server, c->id);
                        remove_card(a, c);
                }
        }
}

static void post_stale(Agent *a) {
        for (guint i = 0; i < a->cards->len; i++) {
                g_autoptr(GArray) told = g_array_new(FALSE, FALSE, sizeof(Told));
                Merge merge = { a->cards->pdata[i], told };

                if (!merge.card->is_stale)
                        continue;
                for_each_alert(a, add_if_on_card, &merge);
                post_alerts(a, told, merge.card);
                return;
        }
}

static void look_at_alerts(Agent *a) {
        g_autoptr(GHashTable) standing =
                g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

        if (!a->has_adopted)
                memory_visit(a->memory, server_name(a->server), adopt, a);
        a->has_adopted = true;
        for_each_alert(a, add_id, standing);
        memory_keep(a->memory, standing);

        if (!a->posting)
                post_news(a);
        drop_what_is_over(a, standing);
        if (!a->posting)
                post_stale(a);
        memory_save(a->memory);
}

static Card *find_show(Agent *a) {
        for (guint i = 0; i < a->cards->len; i++)
                if (((Card *) a->cards->pdata[i])->is_show)
                        return a->cards->pdata[i];

        return NULL;
}

/* Whatever was missed, this puts right: what is shown becomes what stands. */
static void look(Agent *a) {
        g_autofree Answer *answer = NULL;

        if (a->posting || !a->has_server || a->n_failures >= MOST_FAILURES)
                return;

        answer = g_queue_pop_head(&a->answers);
        if (answer)
                post(a, answer->card, answer->card->is_show ? find_show(a) : NULL, answer->notice);
        if (a->is_started && a->is_loaded)
                look_at_alerts(a);
}

/* --- the daemon */

static void answer_with_sims(Agent *a) {
        g_auto(Style) style = { 0 };
        Card *card = card_new();
        Notice *notice;

        style_init(&style, SIZE_SI, 0);
        notice = a->is_loaded
                         ? notice_of_sims(&style, remote_sims(a->remote))
                         : notice_of_text(NULL, _("Data left"), _("simtallyd is not running."));
        card->is_show = true;
        a->wants_show = false;
        agent_answer(a, card, notice);
}

static void on_loaded(ExitCode code, void *userdata) {
        Agent *a = userdata;

        a->is_loading = false;
        a->is_loaded = code == EXIT_CODE_OK;
        if (a->wants_show)
                answer_with_sims(a);
        else
                look(a);
        if (code == EXIT_CODE_TIMED_OUT)
                agent_look_in(a, AGAIN_MSEC);
}

static void on_raised(const char *sim, uint64_t id, void *userdata) {
        Agent *a = userdata;

        memory_forget(a->memory, id);
}

static void on_changed(void *userdata) {
        Agent *a = userdata;

        a->n_failures = 0;
        if (a->is_started)
                agent_look_in(a, SETTLE_MSEC);
}

static void on_bus_lost(void *userdata) {
        Agent *a = userdata;

        a->remote = remote_free(a->remote);
        a->is_loading = a->is_loaded = false;
        agent_look_in(a, AGAIN_MSEC);
}

static const RemoteListener remote_listener = {
        .alert_raised = on_raised,
        .changed = on_changed,
        .lost = on_bus_lost,
};

static void connect_daemon(Agent *a) {
        int r;

        if (remote_new(CALL_USEC, &a->remote) != EXIT_CODE_OK) {
                agent_look_in(a, AGAIN_MSEC);
                return;
        }

        r = remote_watch(a->remote, &remote_listener, a);
        if (r < 0) {
                g_warning("The daemon cannot be followed: %s", g_strerror(-r));
                on_bus_lost(a);
        }
}

static gboolean on_timer(void *userdata) {
        Agent *a = userdata;

        a->timer = 0;
        if (!a->remote)
                connect_daemon(a);
        if (a->is_loading) {
                agent_look_in(a, SETTLE_MSEC);
        } else if (a->remote) {
                a->is_loading = true;
                remote_load_async(a->remote, on_loaded, a);
        }
        return G_SOURCE_REMOVE;
}

void agent_look_in(Agent *a, unsigned delay_msec) {
        int64_t at = g_get_monotonic_time() + (int64_t) delay_msec * 1000;

        if (a->timer != 0 && a->timer_at <= at)
                return;
        if (a->timer != 0)
                g_source_remove(a->timer);
        a->timer = g_timeout_add(delay_msec, on_timer, a);
        a->timer_at = at;
}

/* --- the server */

static void on_came(void *userdata) {
        Agent *a = userdata;

        a->has_server = true;
        if (a->is_started)
                agent_look_in(a, SETTLE_MSEC);
        else
                look(a);
}

/* What was on its screen is shown again by the next one, if it still stands then. */
static void on_gone(void *userdata) {
        Agent *a = userdata;

        for (guint i = a->cards->len; i > 0; i--) {
                Card *c = a->cards->pdata[i - 1];

                c->id = 0;
                c->is_stale = true;
                if (c->alerts->len == 0)
                        remove_card(a, c);
        }
}

static void on_closed(uint32_t id, bool by_hand, void *userdata) {
        Agent *a = userdata;
        Card *c = cards_find(a->cards, id);

        if (!c)
                return;

        for (guint i = 0; i < c->alerts->len; i++)
                memory_close(a->memory, g_array_index(c->alerts, CardAlert, i).id, by_hand);
        memory_save(a->memory);
        remove_card(a, c);
}

static void on_invoked(uint32_t id, const char *action, void *userdata) {
        Agent *a = userdata;
        Card *c = cards_find(a->cards, id);

        if (c && a->remote)
                agent_act(a, c, action);
}

static const ServerListener server_listener = {
        .came = on_came,
        .gone = on_gone,
        .closed = on_closed,
        .invoked = on_invoked,
};

/* --- */

static void free_card(void *card) {
        card_free(card);
}

int agent_new(sd_bus *session, Memory *memory, Agent **ret) {
        g_autoptr(Agent) a = g_new0(Agent, 1);
        int r;

        a->session = session;
        a->memory = memory;
        a->cards = g_ptr_array_new_with_free_func(free_card);
        g_queue_init(&a->answers);

        r = server_new(session, &server_listener, a, &a->server);
        if (r < 0)
                return r;

        connect_daemon(a);
        *ret = g_steal_pointer(&a);
        return 0;
}

Agent *agent_free(Agent *a) {
        if (!a)
                return NULL;

        if (a->timer != 0)
                g_source_remove(a->timer);
        remote_free(a->remote);
        server_free(a->server);
        card_free(a->posting);
        g_ptr_array_unref(a->cards);
        g_queue_clear_full(&a->answers, free_answer);
        g_free(a);
        return NULL;
}

void agent_start(Agent *a) {
        a->is_started = true;
        agent_look_in(a, SETTLE_MSEC);
}

void agent_show(Agent *a, AgentShown shown, void *userdata) {
        a->wants_show = true;
        a->shown = shown;
        a->shown_userdata = userdata;
        a->n_failures = 0;
        agent_look_in(a, 0);
}

void agent_set_quiet(Agent *a, bool is_quiet) {
        memory_set_quiet(a->memory, is_quiet);
        memory_save(a->memory);
        agent_look_in(a, 0);
}
