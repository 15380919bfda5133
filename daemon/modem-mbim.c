/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The MBIM driver: opening through mbim-proxy, indications, and every way out. */

#include "modem-mbim.h"

#include <errno.h>
#include <gio/gio.h>

#include "utf8.h"

#define OPEN_SECONDS 15

static void finish_closing(MbimSession *s);

MbimSession *mbim_session_ref(MbimSession *s) {
        s->refs++;
        return s;
}

void mbim_session_unref(MbimSession *s) {
        if (--s->refs > 0)
                return;

        if (s->device)
                g_signal_handlers_disconnect_by_data(s->device, s);
        g_clear_object(&s->device);
        g_clear_object(&s->cancellable);
        g_free(s->iccid);
        g_free(s->imsi);
        g_free(s->operator);
        g_free(s->network_name);
        g_free(s->ussd_menu);
        g_free(s->path);
        g_free(s);
}

char *mbim_text(const char *text) {
        return utf8_sanitize(text ?: "", SIZE_MAX, MBIM_TEXT_BYTES);
}

unsigned mbim_version(const MbimSession *s) {
        return MAX(mbim_device_get_ms_mbimex_version(s->device, NULL), 1);
}

bool mbim_is_indication(const MbimMessage *message) {
        return mbim_message_get_message_type(message) == MBIM_MESSAGE_TYPE_INDICATE_STATUS;
}

/* Told from the main loop: the caller may be deep within this session's own calls. */
typedef struct Failure {
        MbimSession *session;
        char *why;
} Failure;

static gboolean on_failure(void *data) {
        g_autofree Failure *f = data;
        g_autoptr(MbimSession) s = f->session;
        g_autofree char *why = f->why;

        if (!s->is_closing)
                s->events.failed(why, s->events.data);
        return G_SOURCE_REMOVE;
}

void mbim_fail(MbimSession *s, const char *why) {
        Failure *f;

        if (s->is_over)
                return;

        s->is_over = true;
        f = g_new(Failure, 1);
        *f = (Failure){ mbim_session_ref(s), g_strdup(why) };
        (void) g_idle_add(on_failure, f);
}

static void on_removed(MbimDevice *device, MbimSession *s) {
        mbim_fail(s, "The modem's port hung up");
}

/* What goes with a modem's radio: of these there are a few. */
static void on_radio_indication(MbimSession *s, MbimService service, uint32_t cid,
                                const MbimMessage *message) {
        if (service == MBIM_SERVICE_SMS && cid == MBIM_CID_SMS_MESSAGE_STORE_STATUS)
                mbim_sms_stored(s, message);
        else if (service == MBIM_SERVICE_SMS && cid == MBIM_CID_SMS_READ)
                mbim_sms_handed(s, message);
        else if (service == MBIM_SERVICE_USSD && cid == MBIM_CID_USSD)
                mbim_ussd_words(s, message);
}

static void on_indication(MbimDevice *device, MbimMessage *received, MbimSession *s) {
        g_autoptr(MbimMessage) message = NULL;
        MbimService service;
        uint32_t cid;

        if (s->is_over || !s->is_started || mbim_check(s, received, &message) != FRAME_GOOD)
                return;

        service = mbim_message_indicate_status_get_service(message);
        cid = mbim_message_indicate_status_get_cid(message);

        if (service == MBIM_SERVICE_MS_BASIC_CONNECT_EXTENSIONS) {
                if (cid == MBIM_CID_MS_BASIC_CONNECT_EXTENSIONS_SLOT_INFO_STATUS)
                        mbim_sim_slot(s, message);
                return;
        }
        if (service != MBIM_SERVICE_BASIC_CONNECT) {
                on_radio_indication(s, service, cid, message);
                return;
        }

        if (cid == MBIM_CID_BASIC_CONNECT_SUBSCRIBER_READY_STATUS)
                mbim_sim_ready(s, message);
        else if (cid == MBIM_CID_BASIC_CONNECT_REGISTER_STATE)
                mbim_network_registered(s, message);
        else if (cid == MBIM_CID_BASIC_CONNECT_CONNECT)
                mbim_data_connect(s, message);
        else if (cid == MBIM_CID_BASIC_CONNECT_PACKET_SERVICE)
                mbim_data_packet_service(s);
}

static void start(MbimSession *s) {
        mbim_sim_start(s);
        if (!s->is_over)
                mbim_network_start(s);
        if (!s->is_over)
                mbim_data_start(s);
}

static void on_subscribed(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                          unsigned about) {
        start(s);
}

/*
 * Without asking, a client of the proxy gets the standard services' indications; with asking, just
 * those that it names. The proxy gives the modem what all its clients want.
 */
static void subscribe(MbimSession *s) {
        uint32_t basic_cids[] = { MBIM_CID_BASIC_CONNECT_SUBSCRIBER_READY_STATUS,
                                  MBIM_CID_BASIC_CONNECT_REGISTER_STATE,
                                  MBIM_CID_BASIC_CONNECT_PACKET_SERVICE,
                                  MBIM_CID_BASIC_CONNECT_CONNECT };
        uint32_t slot_cids[] = { MBIM_CID_MS_BASIC_CONNECT_EXTENSIONS_SLOT_INFO_STATUS };
        uint32_t sms_cids[] = { MBIM_CID_SMS_READ, MBIM_CID_SMS_MESSAGE_STORE_STATUS };
        uint32_t ussd_cids[] = { MBIM_CID_USSD };
        MbimEventEntry basic = { .device_service_id = *MBIM_UUID_BASIC_CONNECT,
                                 .cids_count = G_N_ELEMENTS(basic_cids),
                                 .cids = basic_cids };
        MbimEventEntry slots = { .device_service_id = *MBIM_UUID_MS_BASIC_CONNECT_EXTENSIONS,
                                 .cids_count = G_N_ELEMENTS(slot_cids),
                                 .cids = slot_cids };
        MbimEventEntry sms = { .device_service_id = *MBIM_UUID_SMS,
                               .cids_count = G_N_ELEMENTS(sms_cids),
                               .cids = sms_cids };
        MbimEventEntry ussd = { .device_service_id = *MBIM_UUID_USSD,
                                .cids_count = G_N_ELEMENTS(ussd_cids),
                                .cids = ussd_cids };
        const MbimEventEntry *entries[5] = { &basic, &slots };
        unsigned n = 2;

        if (!s->has_slots) {
                start(s);
                return;
        }

        if (s->has_messages)
                entries[n++] = &sms;
        if (s->has_ussd)
                entries[n++] = &ussd;
        mbim_ask(s, mbim_message_device_service_subscribe_list_set_new(n, entries, NULL),
                 on_subscribed, 0);
}

static bool is_service(const MbimDeviceServiceElement *element, const MbimUuid *uuid) {
        return mbim_uuid_cmp(&element->device_service_id, uuid);
}

static bool tells_slots(const MbimDeviceServiceElement *element) {
        if (!is_service(element, MBIM_UUID_MS_BASIC_CONNECT_EXTENSIONS))
                return false;

        for (uint32_t i = 0; i < element->cids_count; i++)
                if (element->cids[i] == MBIM_CID_MS_BASIC_CONNECT_EXTENSIONS_SLOT_INFO_STATUS)
                        return true;
        return false;
}

static void on_services(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                        unsigned about) {
        g_autoptr(MbimDeviceServiceElementArray) services = NULL;
        uint32_t count = 0;

        if (reply &&
            mbim_message_device_services_response_parse(reply, &count, NULL, &services, NULL)) {
                s->has_messages = s->has_ussd = false;
                for (uint32_t i = 0; i < count; i++) {
                        s->has_slots |= tells_slots(services[i]);
                        s->has_messages |= is_service(services[i], MBIM_UUID_SMS);
                        s->has_ussd |= is_service(services[i], MBIM_UUID_USSD);
                }
        }
        subscribe(s);
}

static void on_caps(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply, unsigned about) {
        g_autofree char *hardware = NULL, *model = NULL;
        uint32_t n_sessions = 1;

        if (outcome == MBIM_NO_ANSWER && s->n_timeouts > 0) {
                mbim_fail(s, MBIM_SILENT);
                return;
        }

        if (reply)
                (void) mbim_message_device_caps_response_parse(reply, NULL, NULL, NULL, NULL, NULL,
                                                               NULL, NULL, &n_sessions, NULL, NULL,
                                                               NULL, &hardware, NULL);
        s->n_sessions = CLAMP(n_sessions, 1, MBIM_MOST_SESSIONS);
        s->is_started = true;
        model = mbim_text(hardware);
        s->events.opened(model, s->events.data);
        if (!s->is_over)
                mbim_ask(s, mbim_message_device_services_query_new(NULL), on_services, 0);
}

/* Opening has come to an end, in one way or the other. True if there is something to go on with. */
static bool opening_ends(MbimSession *s) {
        s->is_opening = false;
        if (s->is_closing)
                finish_closing(s);
        return !s->is_over;
}

static void on_opened(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(MbimSession) s = data;
        g_autoptr(GError) error = NULL;

        if (!mbim_device_open_full_finish(MBIM_DEVICE(object), result, &error)) {
                g_autofree char *why =
                        g_strdup_printf("The port cannot be opened: %s", error->message);

                mbim_fail(s, why);
        }
        /* The proxy has opened the port long ago: whether the modem answers is to be seen. */
        if (opening_ends(s))
                mbim_ask(s, mbim_message_device_caps_query_new(NULL), on_caps, 0);
}

static void on_device(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(MbimSession) s = data;
        g_autoptr(GError) error = NULL;

        s->device = mbim_device_new_finish(result, &error);
        if (!s->device) {
                g_autofree char *why =
                        g_strdup_printf("The port cannot be used: %s", error->message);

                mbim_fail(s, why);
        }
        if (s->is_over) {
                (void) opening_ends(s);
                return;
        }

        g_signal_connect(s->device, MBIM_DEVICE_SIGNAL_REMOVED, G_CALLBACK(on_removed), s);
        g_signal_connect(s->device, MBIM_DEVICE_SIGNAL_INDICATE_STATUS, G_CALLBACK(on_indication),
                         s);

        /* Shared with ModemManager and others: no version of the extensions is asked for. */
        mbim_device_open_full(s->device, MBIM_DEVICE_OPEN_FLAGS_PROXY, OPEN_SECONDS, s->cancellable,
                              on_opened, mbim_session_ref(s));
}

static void *mbim_open(const Port *port, unsigned n_failed, const ModemEvents *events) {
        g_autoptr(GFile) file = g_file_new_for_path(port->path);
        MbimSession *s = g_new0(MbimSession, 1);

        mbim_utils_set_show_personal_info(FALSE);

        s->refs = 1;
        s->is_opening = true;
        s->path = g_strdup(port->path);
        s->events = *events;
        s->has_messages = s->has_ussd = true; /* until it says that it has not */
        s->cancellable = g_cancellable_new();
        mbim_device_new(file, s->cancellable, on_device, mbim_session_ref(s));
        return s;
}

static gboolean on_closed(void *data) {
        g_autoptr(MbimSession) s = data;

        /* Only now: a reply to a question that was cancelled would be parsed unchecked. */
        g_cancellable_cancel(s->cancellable);
        s->closed(s->closed_userdata);
        return G_SOURCE_REMOVE;
}

/* The proxy notices that we hang up; there is nothing to give back. */
static void finish_closing(MbimSession *s) {
        if (s->device) {
                g_signal_handlers_disconnect_by_data(s->device, s);
                (void) mbim_device_close_force(s->device, NULL);
        }
        (void) g_idle_add(on_closed, s);
}

static void mbim_close(void *session, void (*closed_cb)(void *userdata), void *userdata) {
        MbimSession *s = session;

        s->is_over = true;
        s->is_closing = true;
        s->closed = closed_cb;
        s->closed_userdata = userdata;

        modem_retry_stop(&s->sim_retry);
        modem_retry_stop(&s->network_retry);
        modem_retry_stop(&s->data_retry);

        if (s->is_opening)
                g_cancellable_cancel(s->cancellable);
        else
                finish_closing(s);
}

static void mbim_query_statistics(void *session) {
        MbimSession *s = session;

        if (s->is_started && !s->is_over)
                mbim_data_query(s);
}

static void mbim_listen_messages(void *session, bool listen) {
        mbim_sms_listen(session, listen);
}

static void mbim_read_messages(void *session) {
        MbimSession *s = session;

        if (!s->is_over)
                mbim_sms_read(s);
}

static int mbim_send_message(void *session, const uint8_t *pdu, size_t size) {
        MbimSession *s = session;

        return s->is_over ? -ENOTCONN : mbim_sms_send(s, pdu, size);
}

static int mbim_send_ussd(void *session, const char *text, bool is_answer) {
        MbimSession *s = session;

        return s->is_over ? -ENOTCONN : mbim_ussd_send(s, text, is_answer);
}

static void mbim_cancel_ussd(void *session) {
        MbimSession *s = session;

        if (!s->is_over)
                mbim_ussd_cancel(s);
}

const ModemDriver modem_mbim_driver = {
        .name = "mbim",
        .open = mbim_open,
        .query_statistics = mbim_query_statistics,
        .listen_messages = mbim_listen_messages,
        .read_messages = mbim_read_messages,
        .send_message = mbim_send_message,
        .send_ussd = mbim_send_ussd,
        .cancel_ussd = mbim_cancel_ussd,
        .close = mbim_close,
};
