/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The carriers of all SIMs: what they are asked goes out through the SIM's modem, or a command. */

#include <errno.h>

#include "event.h"
#include "manager-internal.h"

static Meter *find_meter(Manager *m, const Account *a) {
        for (guint i = 0; i < m->meters->len; i++)
                if (meter_account(m->meters->pdata[i]) == a)
                        return m->meters->pdata[i];

        return NULL;
}

static bool answers(const Meter *meter) {
        MeterState state = meter ? meter_state(meter) : METER_ABSENT;

        return state == METER_DISCONNECTED || state == METER_CONNECTED;
}

/* Dates are on the clocks of the plan, else on this system's. */
GTimeZone *manager_zone_of(Account *a, int64_t now) {
        const Plan *plan = account_answer(a, now)->plan;
        GTimeZone *zone;

        if (plan && plan->zone && calendar_zone(plan->zone, &zone) >= 0)
                return zone;
        return g_time_zone_new_local();
}

CarrierNow asked_look(const Asked *asked) {
        const Presence *presence = account_presence(asked->account);

        return (CarrierNow){ .now = clock_now(),
                             .is_trusted = clock_is_trusted(),
                             .boot = clock_boot_id(),
                             .boottime = clock_boottime_usec() / G_USEC_PER_SEC,
                             .is_present = answers(find_meter(asked->manager, asked->account)),
                             .has_network = presence->serving.mcc > 0,
                             .home_mcc = account_home(asked->account).mcc,
                             .is_abroad = presence->roaming };
}

static int write_row(const LedgerQuery *row, const GArray *sendings, void *userdata) {
        Manager *m = ((Asked *) userdata)->manager;
        int r;

        r = ledger_begin(m->ledger);
        if (r < 0)
                return r;

        r = manager_put_row(m, &(ManagerRow){ row, sendings });
        if (r < 0) {
                ledger_rollback(m->ledger);
                return r;
        }

        return ledger_commit(m->ledger);
}

/*
 * The plan's Lag is what the tally reckons with; the query's own dates the figure back. 0: now,
 * after all that was counted until then.
 */
static int64_t date_of(const Asked *asked, int64_t at) {
        int64_t now = clock_now();
        const Plan *plan = account_answer(asked->account, now)->plan;
        int64_t lag = length_seconds(carrier_query(asked->carrier)->lag);

        if (plan && plan->lag.unit != LENGTH_NONE)
                lag = 0;
        return lag == 0 && at >= now ? 0 : at - lag;
}

static int report(const LedgerQuery *row, const GArray *sendings, const Reply *reply, int64_t at,
                  void *userdata) {
        const TallyFigure figure = { .has_remaining = reply->has_remaining,
                                     .has_used = !reply->has_remaining,
                                     .remaining = reply->remaining,
                                     .used = reply->used,
                                     .resolution = reply->resolution,
                                     .expires_at = reply->has_expires ? reply->expires_at : 0 };
        g_autofree char *body = event_write_figure(&figure);
        const ManagerRow also = { row, sendings };
        Asked *asked = userdata;
        int64_t id;
        int r;

        r = manager_record(asked->manager, asked->account, date_of(asked, at), EVENT_REPORT, body,
                           &also, &id);
        if (r < 0)
                return r;

        g_message("SIM %s: the carrier's figure, event %" G_GINT64_FORMAT,
                  account_slug(asked->account), id);
        return 0;
}

static Modem *modem_of(Asked *asked) {
        asked->meter = find_meter(asked->manager, asked->account);
        return answers(asked->meter) ? meter_modem(asked->meter) : NULL;
}

static int send_message(const char *to, const char *text, void *userdata) {
        g_autoptr(GPtrArray) pdus = NULL;
        Modem *modem = modem_of(userdata);
        const uint8_t *pdu;
        gsize size;
        int r;

        if (!modem)
                return -ENOTCONN;
        r = sms_submit_new(to, text, &pdus);
        if (r < 0)
                return r;
        if (pdus->len != 1)
                return -E2BIG; /* each would cost */

        pdu = g_bytes_get_data(pdus->pdata[0], &size);
        return modem_send_message(modem, pdu, size);
}

static int send_ussd(const char *code, void *userdata) {
        Modem *modem = modem_of(userdata);

        return modem ? modem_send_ussd(modem, code) : -ENOTCONN;
}

/* The dialogue is one with this SIM in this modem. */
static Modem *modem_in_dialogue(const Asked *asked) {
        if (!asked->meter || meter_account(asked->meter) != asked->account)
                return NULL;
        return meter_modem(asked->meter);
}

static int answer_ussd(const char *text, void *userdata) {
        Modem *modem = modem_in_dialogue(userdata);

        return modem ? modem_answer_ussd(modem, text) : -ENOTCONN;
}

static void cancel_ussd(void *userdata) {
        Asked *asked = userdata;
        Modem *modem = asked->meter ? meter_modem(asked->meter) : NULL;

        if (modem)
                modem_cancel_ussd(modem);
}

static void on_command_done(int result, const char *text, void *userdata) {
        Asked *asked = userdata;
        g_autoptr(GTimeZone) zone = manager_zone_of(asked->account, clock_now());
        CarrierNow now = asked_look(asked);

        now.zone = zone;
        asked->command = NULL;
        carrier_command_done(asked->carrier, result, text, &now);
}

static int run_command(const char *path, void *userdata) {
        Asked *asked = userdata;
        Manager *m = asked->manager;

        asked->command = command_run(path, m->starter, m->starter_userdata, on_command_done, asked);
        return 0;
}

static void stop_command(void *userdata) {
        Asked *asked = userdata;

        asked->command = command_stop(asked->command);
}

/* Whose question went through this modem, with the SIM that is in it still. */
static Asked *asked_through(Manager *m, const Meter *meter) {
        for (guint i = 0; i < m->carriers->len; i++) {
                Asked *asked = m->carriers->pdata[i];

                if (asked->meter == meter && meter_account(meter) == asked->account)
                        return asked;
        }

        return NULL;
}

static void on_sent(Meter *meter, int result, const char *why, void *userdata) {
        Asked *asked = asked_through(userdata, meter);
        CarrierNow now;

        if (!asked)
                return;

        now = asked_look(asked);
        carrier_sent(asked->carrier, result, why, &now);
}

static void on_ussd(Meter *meter, int result, const char *text, bool wants_answer, void *userdata) {
        Asked *asked = asked_through(userdata, meter);
        g_autoptr(GTimeZone) zone = NULL;
        CarrierNow now;

        if (!asked)
                return;

        zone = manager_zone_of(asked->account, clock_now());
        now = asked_look(asked);
        now.zone = zone;
        carrier_ussd(asked->carrier, result, text, wants_answer, &now);
}

/* Of the SIM that is in the modem now; that of another was waited for through another one. */
static Asked *asked_in(Manager *m, const Meter *meter) {
        Account *a = meter_account(meter);

        return a ? manager_asked(m, a) : NULL;
}

static bool on_message(Meter *meter, const uint8_t *pdu, size_t size, void *userdata) {
        Asked *asked = asked_in(userdata, meter);
        g_auto(SmsDeliver) part = { 0 }, whole = { 0 };
        g_autoptr(GTimeZone) zone = NULL;
        CarrierNow now;

        if (!asked || sms_deliver_parse(pdu, size, true, &part) < 0)
                return false;

        now = asked_look(asked);
        if (!carrier_awaits(asked->carrier, part.sender, part.at, &now))
                return false;
        if (sms_join_add(asked->parts, &part, now.boottime, &whole) == 0)
                return true;

        zone = manager_zone_of(asked->account, now.now);
        now.zone = zone;
        return carrier_message(asked->carrier, whole.sender, whole.text, whole.at, &now);
}

const MeterAnswers manager_meter_answers = {
        .message = on_message,
        .sent = on_sent,
        .ussd = on_ussd,
};

static gboolean on_timer(void *userdata) {
        Asked *asked = userdata;
        const CarrierNow now = asked_look(asked);

        asked->timer = 0;
        carrier_tick(asked->carrier, &now);
        manager_update_carriers(asked->manager);
        return G_SOURCE_REMOVE;
}

static void update_timer(Asked *asked, const CarrierNow *now) {
        int64_t seconds = carrier_seconds_to_tick(asked->carrier, now);

        g_clear_handle_id(&asked->timer, g_source_remove);
        if (seconds >= 0)
                asked->timer = g_timeout_add_seconds((guint) seconds + 1, on_timer, asked);
}

static bool meter_is_listened_to(const Manager *m, const Meter *meter) {
        for (guint i = 0; i < m->carriers->len; i++) {
                Asked *asked = m->carriers->pdata[i];
                const CarrierNow now = asked_look(asked);

                if (meter_account(meter) == asked->account && carrier_listens(asked->carrier, &now))
                        return true;
        }

        return false;
}

/* What came while the port was closed, or we were not there, has to be asked for. */
static void catch_up(Asked *asked, const CarrierNow *now) {
        Meter *meter = find_meter(asked->manager, asked->account);

        if (!carrier_listens(asked->carrier, now))
                asked->must_read = false;
        else if (!answers(meter))
                asked->must_read = true;
        else if (asked->must_read && meter_modem(meter)) {
                asked->must_read = false;
                modem_read_messages(meter_modem(meter));
        }
}

void manager_update_carriers(Manager *m) {
        for (guint i = 0; i < m->meters->len; i++) {
                Meter *meter = m->meters->pdata[i];

                if (meter_modem(meter))
                        modem_listen_messages(meter_modem(meter), meter_is_listened_to(m, meter));
        }

        for (guint i = 0; i < m->carriers->len; i++) {
                Asked *asked = m->carriers->pdata[i];
                const CarrierNow now = asked_look(asked);

                catch_up(asked, &now);
                update_timer(asked, &now);
        }
}

static void on_carrier_changed(void *userdata) {
        Asked *asked = userdata;
        Manager *m = asked->manager;

        manager_update_carriers(m);
        if (m->listener)
                m->listener->sim_changed(asked->account, ACCOUNT_CHANGED_CARRIER, m->userdata);
}

static const CarrierActions carrier_actions = {
        .write = write_row,
        .report = report,
        .send_message = send_message,
        .send_ussd = send_ussd,
        .answer_ussd = answer_ussd,
        .cancel_ussd = cancel_ussd,
        .run_command = run_command,
        .stop_command = stop_command,
        .changed = on_carrier_changed,
};

static void free_asked(void *data) {
        Asked *asked = data;

        g_clear_handle_id(&asked->timer, g_source_remove);
        g_clear_handle_id(&asked->consider, g_source_remove);
        command_stop(asked->command);
        carrier_free(asked->carrier);
        sms_join_free(asked->parts);
        g_free(asked);
}

GPtrArray *manager_carriers_new(void) {
        return g_ptr_array_new_with_free_func(free_asked);
}

Asked *manager_asked(const Manager *m, const Account *a) {
        for (guint i = 0; i < m->carriers->len; i++)
                if (((Asked *) m->carriers->pdata[i])->account == a)
                        return m->carriers->pdata[i];

        return NULL;
}

Asked *manager_new_asked(Manager *m, Account *a) {
        Asked *asked = g_new0(Asked, 1);

        asked->manager = m;
        asked->account = a;
        asked->parts = sms_join_new();
        asked->carrier = carrier_new(account_id(a), &carrier_actions, asked);
        g_ptr_array_add(m->carriers, asked);
        return asked;
}

int manager_load_carriers(Manager *m) {
        g_autoptr(GArray) sims = NULL;
        int r;

        r = ledger_load_query_sims(m->ledger, &sims);
        for (guint i = 0; r >= 0 && i < sims->len; i++) {
                Account *a = manager_account(m, g_array_index(sims, int64_t, i));
                CarrierNow now;
                Asked *asked;

                if (!a)
                        continue;
                asked = manager_new_asked(m, a);
                now = asked_look(asked);
                r = carrier_load(asked->carrier, m->ledger, &now);
                asked->must_read = true;
        }

        return r;
}

void manager_forget_carrier(Manager *m, const Account *a) {
        Asked *asked = manager_asked(m, a);

        if (asked)
                (void) g_ptr_array_remove(m->carriers, asked);
}
