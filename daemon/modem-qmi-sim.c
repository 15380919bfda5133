/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Which SIM is in the modem. The slots' status tells it at once; older modems let the card's files
 * be read, or only DMS knows. A hint of a change makes all questions stale that were asked before,
 * and they are asked anew.
 */

#include "modem-qmi-sim.h"

#include "iccid.h"

#define MASTER_FILE 0x3f00
#define EF_ICCID    0x2fe2 /* ETSI TS 102 221, 13.2 */
#define ICCID_BYTES 10
#define EID_BYTES   16

#define MOST_TRIES 6 /* for a card that is in error; a modem that says nothing is asked on */

void sim_doubt(QmiSession *s) {
        s->sim_was_told = false;
        qmi_data_doubt(s);
        s->events.listener->sim_doubtful(s->events.userdata);
}

static void tell_sim(SimQuery *q) {
        QmiSession *s = q->session;
        SimIdentity identity = {
                .iccid = q->iccid,
                .kind = q->kind,
                .imsi = q->imsi ?: "",
                .eid = q->eid ?: "",
                .label = q->provider ?: "",
                .operator= q->home_name ?: "",
                .home = q->home,
        };

        s->sim_was_told = true;
        g_free(s->iccid);
        s->iccid = g_strdup(q->iccid);
        s->events.listener->sim(&identity, s->events.userdata);
}

static void tell_no_sim(QmiSession *s) {
        if (s->sim_was_told && !s->iccid)
                return;

        s->sim_was_told = true;
        g_clear_pointer(&s->iccid, g_free);
        s->events.listener->sim(NULL, s->events.userdata);
}

static void on_details(SimQuery *query) {
        g_autoptr(SimQuery) q = query;

        if (sim_query_is_stale(q))
                return;

        if (q->has_timed_out)
                modem_retry_later(&q->session->sim_retry);
        else
                modem_retry_stop(&q->session->sim_retry);
        tell_sim(q);
}

/* The ICCID is known: it is told at once, what else there is to know follows. */
static void found(SimQuery *q) {
        QmiSession *s = q->session;
        bool is_same = s->iccid && iccid_same(s->iccid, q->iccid);

        if (s->sim_was_told && !is_same)
                sim_doubt(s); /* changed without a hint */
        if (!s->sim_was_told)
                tell_sim(q);
        sim_query_details(q, on_details);
}

/* No way led to an ICCID: there is no card, or it is not ready, or the modem does not answer. */
static void not_found(SimQuery *query) {
        g_autoptr(SimQuery) q = query;
        QmiSession *s = q->session;

        if (q->has_timed_out || s->sim_retry.n_tries < MOST_TRIES)
                modem_retry_later(&s->sim_retry);
        if (!q->has_timed_out)
                tell_no_sim(s);
}

static void on_dms_iccid(GObject *object, GAsyncResult *result, void *data) {
        SimQuery *q = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageDmsUimGetIccidOutput) output =
                qmi_client_dms_uim_get_iccid_finish(QMI_CLIENT_DMS(object), result, &error);
        const char *text;

        if (sim_query_is_stale(q)) {
                sim_query_free(q);
                return;
        }

        if (output && qmi_message_dms_uim_get_iccid_output_get_result(output, &error) &&
            qmi_message_dms_uim_get_iccid_output_get_iccid(output, &text, &error) &&
            iccid_normalize(text, &q->iccid) >= 0) {
                found(q);
                return;
        }

        sim_query_failed(q, error);
        not_found(q);
}

static void ask_dms_iccid(SimQuery *q) {
        QmiSession *s = q->session;

        if (s->dms)
                qmi_client_dms_uim_get_iccid(s->dms, NULL, QMI_TIMEOUT_SECONDS, s->cancellable,
                                             on_dms_iccid, q);
        else
                not_found(q);
}

static void ask_file_iccid(SimQuery *q);

static void on_file_iccid(SimQuery *q, const GArray *bytes) {
        if (sim_query_is_stale(q))
                sim_query_free(q);
        else if (bytes && iccid_from_bcd((const uint8_t *) bytes->data,
                                         MIN(bytes->len, ICCID_BYTES), &q->iccid) >= 0)
                found(q);
        else
                ask_file_iccid(q);
}

/* The running application's session is the right one; a card that is locked may have none. */
static void ask_file_iccid(SimQuery *q) {
        static const QmiUimSessionType sessions[] = {
                QMI_UIM_SESSION_TYPE_PRIMARY_GW_PROVISIONING,
                QMI_UIM_SESSION_TYPE_CARD_SLOT_1,
        };

        if (q->session->uim && q->n_sessions_tried < G_N_ELEMENTS(sessions))
                sim_query_read_file(q, sessions[q->n_sessions_tried++], MASTER_FILE, EF_ICCID,
                                    on_file_iccid);
        else
                ask_dms_iccid(q);
}

char *sim_describe_slots(const GArray *slots) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < slots->len; i++) {
                const QmiPhysicalSlotStatusSlot *slot =
                        &g_array_index(slots, QmiPhysicalSlotStatusSlot, i);

                g_string_append_printf(text, "%d,%d,%d,", slot->physical_card_status,
                                       slot->physical_slot_status, slot->logical_slot);
                for (guint j = 0; slot->iccid && j < slot->iccid->len; j++)
                        g_string_append_printf(text, "%02x",
                                               g_array_index(slot->iccid, uint8_t, j));
                g_string_append_c(text, ';');
        }

        return g_string_free(text, FALSE);
}

static const QmiPhysicalSlotStatusSlot *active_slot(const GArray *slots, guint *ret_index) {
        for (guint i = 0; i < slots->len; i++) {
                const QmiPhysicalSlotStatusSlot *slot =
                        &g_array_index(slots, QmiPhysicalSlotStatusSlot, i);

                /* Of several that are active, the first logical slot carries the data. */
                if (slot->physical_slot_status == QMI_UIM_SLOT_STATE_ACTIVE &&
                    slot->logical_slot <= 1) {
                        *ret_index = i;
                        return slot;
                }
        }

        return NULL;
}

/* The EID's digits stand in the order of its nibbles (SGP.22; not swapped as those of an ICCID). */
static char *read_eid(const GArray *bytes) {
        g_autoptr(GString) text = g_string_new(NULL);

        if (!bytes || bytes->len != EID_BYTES)
                return NULL;

        for (guint i = 0; i < bytes->len; i++) {
                uint8_t byte = g_array_index(bytes, uint8_t, i);

                if (byte >> 4 > 9 || (byte & 0xf) > 9)
                        return NULL;
                g_string_append_printf(text, "%02x", byte);
        }

        return g_string_free(g_steal_pointer(&text), FALSE);
}

static void read_slot_details(SimQuery *q, QmiMessageUimGetSlotStatusOutput *output, guint i) {
        GArray *info = NULL, *eids = NULL;

        if (qmi_message_uim_get_slot_status_output_get_physical_slot_information(output, &info,
                                                                                 NULL) &&
            i < info->len)
                q->kind = g_array_index(info, QmiPhysicalSlotInformationSlot, i).is_euicc
                                  ? SIM_KIND_ESIM
                                  : SIM_KIND_PHYSICAL;

        if (qmi_message_uim_get_slot_status_output_get_slot_eid(output, &eids, NULL) &&
            i < eids->len)
                q->eid = read_eid(g_array_index(eids, QmiSlotEidElement, i).eid);
}

/* True if the status says all that is wanted: the query has gone on. */
static bool read_slots(SimQuery *q, QmiMessageUimGetSlotStatusOutput *output, GArray *slots) {
        QmiSession *s = q->session;
        const QmiPhysicalSlotStatusSlot *slot;
        guint i;

        g_free(s->slots_seen);
        s->slots_seen = sim_describe_slots(slots);

        slot = active_slot(slots, &i);
        if (!slot || slot->physical_card_status == QMI_UIM_PHYSICAL_CARD_STATE_ABSENT) {
                modem_retry_stop(&s->sim_retry);
                tell_no_sim(s);
                sim_query_free(q);
                return true;
        }

        read_slot_details(q, output, i);
        if (!slot->iccid ||
            iccid_from_bcd((const uint8_t *) slot->iccid->data, slot->iccid->len, &q->iccid) < 0)
                return false;

        found(q);
        return true;
}

static void on_slots(GObject *object, GAsyncResult *result, void *data) {
        SimQuery *q = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(QmiMessageUimGetSlotStatusOutput) output =
                qmi_client_uim_get_slot_status_finish(QMI_CLIENT_UIM(object), result, &error);
        GArray *slots = NULL;

        if (sim_query_is_stale(q)) {
                sim_query_free(q);
                return;
        }

        if (output && qmi_message_uim_get_slot_status_output_get_result(output, &error) &&
            qmi_message_uim_get_slot_status_output_get_physical_slot_status(output, &slots,
                                                                            &error)) {
                if (!read_slots(q, output, slots))
                        ask_file_iccid(q);
                return;
        }

        sim_query_failed(q, error);
        ask_file_iccid(q);
}

static void sim_ask(void *session) {
        QmiSession *s = session;
        SimQuery *q;

        s->sim_serial++;
        modem_retry_hold(&s->sim_retry);

        q = sim_query_new(s);
        if (s->uim)
                qmi_client_uim_get_slot_status(s->uim, NULL, QMI_TIMEOUT_SECONDS, s->cancellable,
                                               on_slots, q);
        else
                ask_dms_iccid(q);
}

void sim_look_again(QmiSession *s) {
        if (s->is_over)
                return;

        modem_retry_stop(&s->sim_retry);
        sim_ask(s);
}

void sim_gone(QmiSession *s) {
        if (s->is_over)
                return;

        s->sim_serial++;
        modem_retry_stop(&s->sim_retry);
        tell_no_sim(s);
}

void qmi_sim_start(QmiSession *s) {
        modem_retry_init(&s->sim_retry, sim_ask, s, &s->is_over);
        sim_hints_start(s);
        sim_ask(s);
}

void qmi_sim_stop(QmiSession *s) {
        sim_hints_stop(s);
        modem_retry_stop(&s->sim_retry);
}
