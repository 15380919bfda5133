#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Another program that shares the modem, as ModemManager does, made of the real libraries alone.

    neighbour.py qmi|mbim PATH

It says what it hears: "listening" once it does, "message PDU" for each that comes in, which it
reads or, handed through, acknowledges at once; "lost" when the session ends that it began. On
standard input it is told "read", which lists what is stored, as "stored PDU" each, and "end";
"connect", which begins a session: "connected"; "check", how that is: "session STATE"; and
"disconnect": "disconnected".
"""

import re
import sys

import gi

gi.require_version("Mbim", "1.0")
gi.require_version("Qmi", "1.0")

from gi.repository import Gio, GLib, Mbim, Qmi  # noqa: E402

SECONDS = 30
NO_CENTRE = "00"
STORE_STATUS = 5
CONNECT = 12
COMMANDS = ("read", "connect", "check", "disconnect")


def say(*words) -> None:
    print(*words, flush=True)


class QmiNeighbour:
    session = None

    def __init__(self, path: str):
        Qmi.Device.new(Gio.File.new_for_path(path), None, self.on_device)

    def on_device(self, _source, result) -> None:
        self.device = Qmi.Device.new_finish(result)
        self.device.open(Qmi.DeviceOpenFlags.PROXY, SECONDS, None, self.on_open)

    def on_open(self, device, result) -> None:
        device.open_finish(result)
        device.allocate_client(Qmi.Service.WMS, Qmi.CID_NONE, SECONDS, None, self.on_client)

    def on_client(self, device, result) -> None:
        self.wms = device.allocate_client_finish(result)
        self.wms.connect("event-report", self.on_event)
        ask = Qmi.MessageWmsSetEventReportInput.new()
        ask.set_new_mt_message_indicator(True)
        self.wms.set_event_report(ask, SECONDS, None, self.on_listening)

    def on_listening(self, client, result) -> None:
        client.set_event_report_finish(result).get_result()
        say("listening")

    def on_event(self, _client, output) -> None:
        try:
            store, index = output.get_mt_message()
            self.read_place("message", store, index)
        except GLib.Error:
            pass
        try:
            wants_ack, transaction, _form, data = output.get_transfer_route_mt_message()
        except GLib.Error:
            return
        say("message", NO_CENTRE + bytes(data).hex())
        if wants_ack == Qmi.WmsAckIndicator.SEND:
            ack = Qmi.MessageWmsSendAckInput.new()
            ack.set_information(transaction, Qmi.WmsMessageProtocol.WCDMA, True)
            self.wms.send_ack(ack, SECONDS, None, None)

    def read_place(self, what: str, store, index: int) -> None:
        ask = Qmi.MessageWmsRawReadInput.new()
        ask.set_message_memory_storage_id(store, index)
        ask.set_message_mode(Qmi.WmsMessageMode.GSM_WCDMA)
        self.wms.raw_read(ask, SECONDS, None, self.on_read, what)

    def on_read(self, client, result, what: str) -> None:
        output = client.raw_read_finish(result)
        output.get_result()
        say(what, bytes(output.get_raw_message_data()[-1]).hex())

    def read(self) -> None:
        ask = Qmi.MessageWmsListMessagesInput.new()
        ask.set_storage_type(Qmi.WmsStorageType.NV)
        self.wms.list_messages(ask, SECONDS, None, self.on_list)

    def on_list(self, client, result) -> None:
        output = client.list_messages_finish(result)
        output.get_result()
        for one in output.get_message_list():
            say("listed", one.memory_index, int(one.message_tag))
            self.read_place("stored", Qmi.WmsStorageType.NV, one.memory_index)
        say("end")

    def connect(self) -> None:
        self.device.allocate_client(Qmi.Service.WDS, Qmi.CID_NONE, SECONDS, None, self.on_data)

    def on_data(self, device, result) -> None:
        self.wds = device.allocate_client_finish(result)
        self.wds.connect("packet-service-status", self.on_status)
        ask = Qmi.MessageWdsStartNetworkInput.new()
        ask.set_apn("example")
        self.wds.start_network(ask, SECONDS, None, self.on_connected)

    def on_connected(self, client, result) -> None:
        output = client.start_network_finish(result)
        output.get_result()
        self.session = output.get_packet_data_handle()
        say("connected")

    def on_status(self, _client, output) -> None:
        status = output.get_connection_status()[0]
        # Each client of the proxy hears it once for each.
        if self.session and status == Qmi.WdsConnectionStatus.DISCONNECTED:
            self.session = None
            say("lost")

    def check(self) -> None:
        self.wds.get_packet_service_status(None, SECONDS, None, self.on_check)

    def on_check(self, client, result) -> None:
        output = client.get_packet_service_status_finish(result)
        output.get_result()
        say("session", output.get_connection_status().value_nick)

    def disconnect(self) -> None:
        ask = Qmi.MessageWdsStopNetworkInput.new()
        ask.set_packet_data_handle(self.session)
        self.session = None
        self.wds.stop_network(ask, SECONDS, None, self.on_disconnected)

    def on_disconnected(self, client, result) -> None:
        client.stop_network_finish(result).get_result()
        say("disconnected")


def pdus(message) -> list[str]:
    """Those of an MBIM message, from its text: Python cannot have its arrays."""
    return [found.replace(":", "").lower() for found in
            re.findall(r"PduData = '([0-9A-Fa-f:]+)'", message.get_printable_full(1, 0, "", False))]


class MbimNeighbour:
    session = False

    def __init__(self, path: str):
        Mbim.utils_set_show_personal_info(True)
        Mbim.Device.new(Gio.File.new_for_path(path), None, self.on_device)

    def on_device(self, _source, result) -> None:
        self.device = Mbim.Device.new_finish(result)
        self.device.connect("device-indicate-status", self.on_indication)
        self.device.open_full(Mbim.DeviceOpenFlags.PROXY, SECONDS, None, self.on_open)

    def on_open(self, device, result) -> None:
        device.open_full_finish(result)
        say("listening")

    def on_indication(self, _device, message) -> None:
        service, cid = message.indicate_status_get_service(), message.indicate_status_get_cid()
        if (service, cid) == (Mbim.Service.SMS, STORE_STATUS):
            self.ask(Mbim.SmsFlag.INDEX,
                     message.sms_message_store_status_notification_parse()[-1], "message")
        if (service, cid) == (Mbim.Service.BASIC_CONNECT, CONNECT) and self.session:
            _ok, _session, state, *_ = message.connect_notification_parse()
            if state == Mbim.ActivationState.DEACTIVATED:
                self.session = False
                say("lost")

    def ask(self, flag, index: int, what: str) -> None:
        command = Mbim.Message.sms_read_query_new(Mbim.SmsFormat.PDU, flag, index)
        self.device.command(command, SECONDS, None, self.on_read, what)

    def on_read(self, device, result, what: str) -> None:
        reply = device.command_finish(result)
        for message in pdus(reply):
            say(what, message)
        if what == "stored":
            say("end")

    def read(self) -> None:
        self.ask(Mbim.SmsFlag.ALL, 0, "stored")

    def set_session(self, activation, then) -> None:
        command = Mbim.Message.connect_set_new(
            0, activation, "example", "", "", Mbim.Compression.NONE, Mbim.AuthProtocol.NONE,
            Mbim.ContextIpType.IPV4, Mbim.uuid_from_context_type(Mbim.ContextType.INTERNET))
        self.device.command(command, SECONDS, None, then)

    @staticmethod
    def state_told(device, result):
        # A refusal has nothing in it, and cannot be parsed.
        _ok, _session, state, *_ = device.command_finish(result).connect_response_parse()
        return state

    def connect(self) -> None:
        self.set_session(Mbim.ActivationCommand.ACTIVATE, self.on_connected)

    def on_connected(self, device, result) -> None:
        self.session = self.state_told(device, result) == Mbim.ActivationState.ACTIVATED
        say("connected" if self.session else "refused")

    def check(self) -> None:
        command = Mbim.Message.connect_query_new(
            0, Mbim.ActivationState.UNKNOWN, Mbim.VoiceCallState.NONE, Mbim.ContextIpType.DEFAULT,
            Mbim.uuid_from_context_type(Mbim.ContextType.INTERNET), 0)
        self.device.command(command, SECONDS, None, self.on_check)

    def on_check(self, device, result) -> None:
        say("session", self.state_told(device, result).value_nick)

    def disconnect(self) -> None:
        self.session = False
        self.set_session(Mbim.ActivationCommand.DEACTIVATE, self.on_disconnected)

    def on_disconnected(self, device, result) -> None:
        state = self.state_told(device, result)
        say("disconnected" if state == Mbim.ActivationState.DEACTIVATED else "refused")


def main() -> int:
    loop = GLib.MainLoop()
    neighbour = {"qmi": QmiNeighbour, "mbim": MbimNeighbour}[sys.argv[1]](sys.argv[2])

    def on_line(channel, _condition) -> bool:
        if (command := channel.readline().rstrip("\n")) in COMMANDS:
            getattr(neighbour, command)()
            return True
        loop.quit()
        return False

    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP,
                      on_line)
    loop.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
