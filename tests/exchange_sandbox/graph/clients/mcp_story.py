"""A morning of alice's with @softeria/ms-365-mcp-server, unchanged: each of its tools is a request to Graph.

Its addresses are fixed and it heeds no proxy, so this runs in a network and a mount namespace of its own
(``unshare --map-root-user --net --mount``), where both hosts are this machine. Arguments: the repository's
folder, a folder to work in, the client's script for Node. What it saw goes to the standard output as JSON.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT, FOLDER, SCRIPT = (Path(one).resolve() for one in sys.argv[1:4])
sys.path.insert(0, str(ROOT))

from tests.exchange_sandbox.graph.clients.stand_in import StandIn, question  # noqa: E402
from tests.exchange_sandbox.graph.graph_client import Graph, token_for  # noqa: E402

ALICE, BOB = "alice@corp.example", "bob@corp.example"
_READ_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1


def settle() -> None:
    """Bring loopback up, and let both hosts be here."""
    with socket.socket() as one:
        name = b"lo".ljust(16, b"\0")
        flags = struct.unpack("16xH", fcntl.ioctl(one, _READ_FLAGS, name + bytes(2))[:18])[0]
        fcntl.ioctl(one, _SET_FLAGS, name + struct.pack("H", flags | _UP))
    hosts = FOLDER / "hosts"
    hosts.write_text("127.0.0.1 localhost graph.microsoft.com login.microsoftonline.com\n", encoding="ascii")
    subprocess.run(("mount", "--bind", str(hosts), "/etc/hosts"), check=True)


class Client:
    """The server of tools as a process (JSON-RPC, a message a line)."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = ("node", str(SCRIPT), "--org-mode")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=FOLDER
        )
        self._number = 0
        about = {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "t", "version": "1"},
        }
        self.ask("initialize", about)
        self._say({"method": "notifications/initialized"})

    def _say(self, value: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **value}) + "\n")
        self._process.stdin.flush()

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        self._say({"id": self._number, "method": method, "params": params})
        assert self._process.stdout is not None
        for line in self._process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self._number:
                return answer["result"]
        raise AssertionError("the client has ended")

    def __call__(self, tool: str, **arguments: Any) -> Any:
        """What a tool answers; what it fails with, as a text that begins with ``Error``."""
        result = self.ask("tools/call", {"name": tool, "arguments": arguments})
        text = result["content"][0]["text"]
        return f"Error: {text}" if result.get("isError") else json.loads(text)

    def end(self) -> None:
        self._process.terminate()
        self._process.wait()


def mail(call: Client, seen: dict[str, Any]) -> None:
    found = call("list-mail-messages", filter="contains(subject,'Figures')", select="id,subject,isRead")[
        "value"
    ]
    seen["found"] = [one["subject"] for one in found]
    seen["body"] = call("get-mail-message", messageId=found[0]["id"])["body"]["content"].strip()
    seen["headers"] = "X-MS-Exchange-Organization-AuthAs" in str(
        call("get-mail-message", messageId=found[0]["id"], select="internetMessageHeaders")
    )
    to = [{"emailAddress": {"address": BOB}}]
    body = {"contentType": "text", "content": "Hello Bob"}
    draft = call(
        "create-draft-email", body={"subject": "From tools: grüße", "body": body, "toRecipients": to}
    )
    call("update-mail-message", messageId=draft["id"], body={"subject": "From tools: grüße!"})
    call("send-draft-message", messageId=draft["id"])
    reply = call("create-reply-draft", messageId=found[0]["id"], body={"Comment": "Here it is"})
    call("send-draft-message", messageId=reply["id"])
    message = {"subject": "In one step", "body": body, "toRecipients": to}
    call("send-mail", body={"Message": message, "SaveToSentItems": True})
    call(
        "update-mail-message",
        messageId=found[0]["id"],
        body={"isRead": True, "categories": ["Seen by tools"]},
    )
    sent = call("list-mail-folder-messages", mailFolderId="sentitems", orderby="receivedDateTime desc")[
        "value"
    ]
    seen["sent"] = sorted(one["subject"] for one in sent)
    first = call("list-mail-folder-messages-delta", mailFolderId="inbox", select="subject,categories")
    seen["delta"] = sorted((one["subject"], one["categories"]) for one in first["value"])
    seen["folder"] = call("create-mail-folder", body={"displayName": "ackd", "isHidden": True})["displayName"]
    seen["taken"] = "ErrorFolderExists" in call("create-mail-folder", body={"displayName": "ackd"})
    parts = [
        {"id": "1", "method": "GET", "url": "/me"},
        {"id": "2", "method": "GET", "url": "/me/messages/AA"},
    ]
    batch = call("graph-batch", body={"requests": parts})
    seen["batch"] = sorted(one["status"] for one in batch["responses"])


def tasks(call: Client, seen: dict[str, Any]) -> None:
    lists = call("list-todo-task-lists")["value"]
    default = next(one for one in lists if one["wellknownListName"] == "defaultList")["id"]
    due = {"dateTime": "2026-12-01T00:00:00", "timeZone": "UTC"}
    made = call("create-todo-task", todoTaskListId=default, body={"title": "Answer Bob", "dueDateTime": due})
    place = {"todoTaskListId": default, "todoTaskId": made["id"]}
    link = {"applicationName": "ackd", "externalId": "t-1", "webUrl": "https://exchange.example/1"}
    call("create-todo-linked-resource", **place, body=link)
    seen["link"] = [one["externalId"] for one in call("list-todo-linked-resources", **place)["value"]]
    call("update-todo-task", **place, body={"status": "completed"})
    kept = call("get-todo-task", **place)
    seen["task"] = [kept["title"], kept["status"], kept["dueDateTime"]["dateTime"][:19]]
    call("delete-todo-task", **place)
    seen["tasks"] = len(call("list-todo-tasks", todoTaskListId=default)["value"])


def calendar(call: Client, seen: dict[str, Any]) -> None:
    zone = "W. Europe Standard Time"
    times = {
        "start": {"dateTime": "2026-12-01T09:00:00", "timeZone": zone},
        "end": {"dateTime": "2026-12-01T10:00:00", "timeZone": zone},
    }
    event = call("create-calendar-event", body={"subject": "Round", **times})
    day = {"startDateTime": "2026-12-01T00:00:00Z", "endDateTime": "2026-12-02T00:00:00Z"}
    view = call("get-calendar-view", **day, timezone=zone)["value"]
    seen["view"] = [[one["subject"], one["start"]["dateTime"][11:16]] for one in view]
    call("update-calendar-event", eventId=event["id"], body={"subject": "Other round"})
    seen["event"] = call("get-calendar-event", eventId=event["id"])["subject"]
    call("delete-calendar-event", eventId=event["id"])
    seen["calendars"] = [one["isDefaultCalendar"] for one in call("list-calendars")["value"]]


def settings(call: Client, seen: dict[str, Any]) -> None:
    call("create-outlook-category", body={"displayName": "Promised", "color": "preset3"})
    kept = call("list-outlook-categories")["value"]
    seen["category"] = [one["color"] for one in kept if one["displayName"] == "Promised"]
    away = {"status": "alwaysEnabled", "internalReplyMessage": "Away", "externalReplyMessage": "Away"}
    call("update-mailbox-settings", body={"automaticRepliesSetting": away})
    there = call("get-mailbox-settings")
    seen["away"], seen["hours"] = (
        there["automaticRepliesSetting"]["status"],
        len(there["workingHours"]["daysOfWeek"]),
    )


def main() -> None:
    settle()
    seen: dict[str, Any] = {}
    with StandIn(FOLDER, {ALICE: "secret", BOB: "secret"}, port=443) as place:
        for subject in ("Figures", "Other"):
            question(place.sandbox, subject)
        token = token_for(place.sandbox, ALICE, context=place.context)["access_token"]
        environment = {"HOME": str(FOLDER), "MS365_MCP_OAUTH_TOKEN": token, "SILENT": "true"}
        call = Client({**os.environ, **environment, "NODE_EXTRA_CA_CERTS": str(place.authority)})
        try:
            seen["tools"] = len(call.ask("tools/list", {})["tools"]) > 300
            for part in (mail, tasks, calendar, settings):
                part(call, seen)
        finally:
            call.end()
        token = token_for(place.sandbox, BOB, context=place.context)["access_token"]
        bob = Graph(place.sandbox.graph_url, token, place.context)
        seen["bob"] = sorted(one["subject"] for one in bob.all("/me/mailFolders/inbox/messages"))
    sys.stdout.write(json.dumps(seen))


main()
