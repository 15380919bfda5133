/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What is found good can be parsed: the bytes go to the parsers of libmbim that the daemon calls.
 * Not to its printer, which reads more than it has checked, and which the daemon never calls.
 */

#include <glib.h>
#include <libmbim-glib.h>
#include <stdbool.h>

#include "frame.h"
#include "fuzz.h"

/* libmbim loses what follows an empty text in an array of texts: nothing that we could refuse. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
        return "detect_leaks=0";
}

static bool is_indication(const MbimMessage *m) {
        return mbim_message_get_message_type(m) == MBIM_MESSAGE_TYPE_INDICATE_STATUS;
}

static void parse_ready(const MbimMessage *m, unsigned version) {
        g_autofree char *imsi = NULL, *iccid = NULL;
        g_autofree char **numbers = NULL;
        MbimSubscriberReadyStatusFlag flags;
        MbimSubscriberReadyState state;
        guint32 n = 0;

        if (version >= 3)
                (void) (is_indication(m)
                                ? mbim_message_ms_basic_connect_v3_subscriber_ready_status_notification_parse
                                : mbim_message_ms_basic_connect_v3_subscriber_ready_status_response_parse)(
                        m, &state, &flags, &imsi, &iccid, NULL, &n, &numbers, NULL);
        else
                (void) (is_indication(m) ? mbim_message_subscriber_ready_status_notification_parse
                                         : mbim_message_subscriber_ready_status_response_parse)(
                        m, &state, &imsi, &iccid, NULL, &n, &numbers, NULL);

        for (guint32 i = 0; numbers && i < n; i++)
                g_free(numbers[i]);
}

static void parse_registration(const MbimMessage *m, unsigned version) {
        g_autofree char *id = NULL, *name = NULL;
        MbimRegisterState state;

        if (version >= 2)
                (void) (is_indication(m)
                                ? mbim_message_ms_basic_connect_v2_register_state_notification_parse
                                : mbim_message_ms_basic_connect_v2_register_state_response_parse)(
                        m, NULL, &state, NULL, NULL, NULL, &id, &name, NULL, NULL, NULL, NULL);
        else
                (void) (is_indication(m) ? mbim_message_register_state_notification_parse
                                         : mbim_message_register_state_response_parse)(
                        m, NULL, &state, NULL, NULL, NULL, &id, &name, NULL, NULL, NULL);
}

static void parse_connection(const MbimMessage *m, unsigned version) {
        g_autofree char *apn = NULL;
        MbimActivationState state;
        MbimContextIpType type;
        GList *more = NULL;
        guint32 session;

        if (version >= 3)
                (void) (is_indication(m)
                                ? mbim_message_ms_basic_connect_v3_connect_notification_parse
                                : mbim_message_ms_basic_connect_v3_connect_response_parse)(
                        m, &session, &state, NULL, &type, NULL, NULL, NULL, &apn, &more, NULL);
        else
                (void) (is_indication(m) ? mbim_message_connect_notification_parse
                                         : mbim_message_connect_response_parse)(
                        m, &session, &state, NULL, &type, NULL, NULL, NULL);
        g_list_free_full(more, (GDestroyNotify) mbim_tlv_unref);
}

static void parse_basic(const MbimMessage *m, guint32 command, unsigned version) {
        g_autoptr(MbimDeviceServiceElementArray) services = NULL;
        g_autoptr(MbimProvider) provider = NULL;
        g_autofree char *hardware = NULL;
        guint64 in, out;
        guint32 n;

        switch (command) {
        case MBIM_CID_BASIC_CONNECT_SUBSCRIBER_READY_STATUS:
                parse_ready(m, version);
                break;
        case MBIM_CID_BASIC_CONNECT_REGISTER_STATE:
                parse_registration(m, version);
                break;
        case MBIM_CID_BASIC_CONNECT_CONNECT:
                parse_connection(m, version);
                break;
        case MBIM_CID_BASIC_CONNECT_DEVICE_CAPS:
                (void) mbim_message_device_caps_response_parse(m, NULL, NULL, NULL, NULL, NULL,
                                                               NULL, NULL, &n, NULL, NULL, NULL,
                                                               &hardware, NULL);
                break;
        case MBIM_CID_BASIC_CONNECT_DEVICE_SERVICES:
                (void) mbim_message_device_services_response_parse(m, &n, NULL, &services, NULL);
                break;
        case MBIM_CID_BASIC_CONNECT_HOME_PROVIDER:
                (void) mbim_message_home_provider_response_parse(m, &provider, NULL);
                break;
        case MBIM_CID_BASIC_CONNECT_PACKET_STATISTICS:
                (void) mbim_message_packet_statistics_response_parse(m, NULL, NULL, &in, NULL, &out,
                                                                     NULL, NULL, NULL, NULL);
                break;
        }
}

static void parse_extensions(const MbimMessage *m, guint32 command) {
        g_autoptr(MbimSlotArray) slots = NULL;
        MbimUiccSlotState state;
        guint32 n;

        if (command == MBIM_CID_MS_BASIC_CONNECT_EXTENSIONS_SLOT_INFO_STATUS)
                (void) (is_indication(m)
                                ? mbim_message_ms_basic_connect_extensions_slot_info_status_notification_parse
                                : mbim_message_ms_basic_connect_extensions_slot_info_status_response_parse)(
                        m, &n, &state, NULL);
        else if (command == MBIM_CID_MS_BASIC_CONNECT_EXTENSIONS_DEVICE_SLOT_MAPPINGS &&
                 !is_indication(m))
                (void) mbim_message_ms_basic_connect_extensions_device_slot_mappings_response_parse(
                        m, &n, &slots, NULL);
}

static void parse_sms(const MbimMessage *m, guint32 command) {
        g_autoptr(MbimSmsPduReadRecordArray) records = NULL;
        MbimSmsStatusFlag flag;
        guint32 n = 0, sum = 0;

        if (command == MBIM_CID_SMS_MESSAGE_STORE_STATUS && is_indication(m))
                (void) mbim_message_sms_message_store_status_notification_parse(m, &flag, &n, NULL);
        if (command != MBIM_CID_SMS_READ)
                return;

        (void) (is_indication(m)
                        ? mbim_message_sms_read_notification_parse
                        : mbim_message_sms_read_response_parse)(m, NULL, &n, &records, NULL, NULL);
        for (guint32 i = 0; records && i < n; i++)
                for (guint32 j = 0; j < records[i]->pdu_data_size; j++)
                        sum += records[i]->pdu_data[j];
        g_assert_cmpuint(sum, <=, G_MAXUINT32);
}

static void parse_ussd(const MbimMessage *m) {
        MbimUssdResponse response;
        guint32 scheme, n = 0, sum = 0;
        const guint8 *bytes = NULL;

        if (!(is_indication(m) ? mbim_message_ussd_notification_parse
                               : mbim_message_ussd_response_parse)(m, &response, NULL, &scheme, &n,
                                                                   &bytes, NULL))
                return;

        for (guint32 i = 0; i < n; i++)
                sum += bytes[i];
        g_assert_cmpuint(sum, <=, G_MAXUINT32);
}

static void parse(const uint8_t *data, size_t n, unsigned version) {
        g_autoptr(MbimMessage) m = mbim_message_new(data, (guint32) n);
        MbimService service;
        guint32 command;

        g_assert_true(mbim_message_validate(m, NULL));
        if (is_indication(m)) {
                service = mbim_message_indicate_status_get_service(m);
                command = mbim_message_indicate_status_get_cid(m);
        } else if (mbim_message_get_message_type(m) == MBIM_MESSAGE_TYPE_COMMAND_DONE) {
                service = mbim_message_command_done_get_service(m);
                command = mbim_message_command_done_get_cid(m);
        } else
                return;

        if (service == MBIM_SERVICE_BASIC_CONNECT)
                parse_basic(m, command, version);
        else if (service == MBIM_SERVICE_MS_BASIC_CONNECT_EXTENSIONS)
                parse_extensions(m, command);
        else if (service == MBIM_SERVICE_SMS)
                parse_sms(m, command);
        else if (service == MBIM_SERVICE_USSD && command == MBIM_CID_USSD)
                parse_ussd(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        g_autofree uint8_t *copy = NULL;
        unsigned version;

        if (n <= 1)
                return 0;

        /* Only as it is mended: of texts that it cannot read, libmbim frees an array twice. */
        version = 1 + data[0] % 3;
        copy = g_memdup2(data + 1, n - 1);
        if (frame_mend(copy, n - 1, version) == FRAME_GOOD)
                parse(copy, n - 1, version);
        return 0;
}
