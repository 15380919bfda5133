#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Another program that shares the modem, as ModemManager does, made of the real libraries alone.

    neighbour.py qmi|mbim PATH

It says what it hears: "listening" once it does, "message PDU" for each that comes in, which it
reads or, handed through, acknowledges at once. "read" on standard input lists what is
stored, as "stored PDU" each, and "end".
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


def say(*words) -> None:
    print(*words, flush=True)


class QmiNeighbour:
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


def pdus(message) -> list[str]:
    """Those of an MBIM message, from its text: Python cannot have its arrays."""
    return [found.replace(":", "").lower() for found in
            re.findall(r"PduData = '([0-9A-Fa-f:]+)'", message.get_printable_full(1, 0, "", False))]


class MbimNeighbour:
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


def main() -> int:
    loop = GLib.MainLoop()
    neighbour = {"qmi": QmiNeighbour, "mbim": MbimNeighbour}[sys.argv[1]](sys.argv[2])

    def on_line(channel, _condition) -> bool:
        if channel.readline() == "read\n":
            neighbour.read()
            return True
        loop.quit()
        return False

    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP,
                      on_line)
    loop.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
