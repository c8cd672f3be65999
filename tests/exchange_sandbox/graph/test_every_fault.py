"""Each operation of each face fails on command, named as that face names it: before the commit, and then
nothing was done, or after it, and then all was."""

from __future__ import annotations

import http.client
import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from exchange_sandbox import Sandbox
from exchange_sandbox.ews import operations
from exchange_sandbox.graph import resources
from exchange_sandbox.graph.batch import NAME as BATCH

from ..conftest import ALICE, BOB
from ..schema_requests import Schema
from ..wire import Wire, envelope
from .graph_client import Got, Graph, signed_in

BEFORE = {"cut-before-commit": 0, "401": 401, "403": 403, "429": 429, "503": 503, "504": 504, "412": 412}
AFTER = {"cut-after-commit": 0, "503-after-commit": 503, "504-after-commit": 504}
#: They are asked by POST, and change nothing.
READS = ("translateExchangeIds", "getSchedule")
TO_BOB = [{"emailAddress": {"address": BOB}}]
EXTENSION = {"@odata.type": "microsoft.graph.openTypeExtension", "extensionName": "example.one", "a": 1}
Request = tuple[str, str, Any]


class Place:
    """Alice's mailbox, and in it what a request needs: each time a new one."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.alice, self.bob = signed_in(sandbox, ALICE), signed_in(sandbox, BOB)
        self.number = itertools.count()

    def _made(self, path: str, body: Any, client: Graph | None = None) -> str:
        got = (client or self.alice).post(path, body)
        assert got.status == 201, got
        return f"{path}/{got.id}"

    def name(self) -> str:
        return f"name {next(self.number)}"

    def draft(self) -> str:
        return self._made("/me/messages", {"subject": self.name(), "toRecipients": TO_BOB})

    def folder(self) -> str:
        return self._made("/me/mailFolders", {"displayName": self.name()})

    def calendar(self) -> str:
        return self._made("/me/calendars", {"name": self.name()})

    def category(self) -> str:
        return self._made("/me/outlook/masterCategories", {"displayName": self.name(), "color": "preset1"})

    def list(self) -> str:
        return self._made("/me/todo/lists", {"displayName": self.name()})

    def task(self) -> str:
        return self._made(f"{self.list()}/tasks", {"title": self.name()})

    def event(self, *people: str, client: Graph | None = None) -> str:
        times = {
            name: {"dateTime": f"2026-12-01T{hour}:00:00", "timeZone": "UTC"}
            for name, hour in (("start", "09"), ("end", 10))
        }
        invited = [{"type": "required", "emailAddress": {"address": one}} for one in people]
        return self._made("/me/events", {"subject": self.name(), **times, "attendees": invited}, client)

    def invitation(self) -> str:
        """An event of bob's to which alice was invited."""
        self.event(ALICE, client=self.bob)
        name = f"name {next(self.number) - 1}"
        (one,) = self.alice.get("/me/events", params={"$filter": f"subject eq '{name}'"}).value
        return f"/me/events/{one['id']}"

    def attachment(self, thing: str) -> str:
        body = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "aGVsbG8="}
        return self._made(f"{thing}/attachments", body)

    def extension(self, thing: str) -> str:
        return self._made(f"{thing}/extensions", EXTENSION)

    def part(self, kind: str, body: dict[str, Any]) -> str:
        return self._made(f"{self.task()}/{kind}", body)


STEP, LINK = {"displayName": "step"}, {"applicationName": "ackd", "externalId": "t-1"}
TEXT = {"comment": "Hello"}
LATER = {"newReminderTime": {"dateTime": "2026-12-01T08:00:00", "timeZone": "UTC"}}
FILE = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "aGVsbG8="}
DAY = {"dateTime": "2026-12-01T00:00:00", "timeZone": "UTC"}
WRITES: dict[str, Callable[[Place], Request]] = {
    "messages.create": lambda place: ("POST", "/me/messages", {"subject": "x"}),
    "messages.update": lambda place: ("PATCH", place.draft(), {"subject": "y"}),
    "messages.delete": lambda place: ("DELETE", place.draft(), None),
    "messages.permanentDelete": lambda place: ("POST", f"{place.draft()}/permanentDelete", None),
    "messages.move": lambda place: ("POST", f"{place.draft()}/move", {"destinationId": "inbox"}),
    "messages.copy": lambda place: ("POST", f"{place.draft()}/copy", {"destinationId": "inbox"}),
    "messages.send": lambda place: ("POST", f"{place.draft()}/send", None),
    "messages.createReply": lambda place: ("POST", f"{place.draft()}/createReply", TEXT),
    "messages.createReplyAll": lambda place: ("POST", f"{place.draft()}/createReplyAll", TEXT),
    "messages.createForward": lambda place: ("POST", f"{place.draft()}/createForward", TEXT),
    "messages.reply": lambda place: ("POST", f"{place.draft()}/reply", TEXT),
    "messages.replyAll": lambda place: ("POST", f"{place.draft()}/replyAll", TEXT),
    "messages.forward": lambda place: ("POST", f"{place.draft()}/forward", {**TEXT, "toRecipients": TO_BOB}),
    "sendMail": lambda place: ("POST", "/me/sendMail", {"message": {"subject": "x", "toRecipients": TO_BOB}}),
    "mailFolders.create": lambda place: ("POST", "/me/mailFolders", {"displayName": place.name()}),
    "mailFolders.update": lambda place: ("PATCH", place.folder(), {"displayName": place.name()}),
    "mailFolders.delete": lambda place: ("DELETE", place.folder(), None),
    "mailFolders.permanentDelete": lambda place: ("POST", f"{place.folder()}/permanentDelete", None),
    "mailFolders.move": lambda place: ("POST", f"{place.folder()}/move", {"destinationId": "inbox"}),
    "mailFolders.copy": lambda place: ("POST", f"{place.folder()}/copy", {"destinationId": "inbox"}),
    "calendars.create": lambda place: ("POST", "/me/calendars", {"name": place.name()}),
    "calendars.update": lambda place: ("PATCH", place.calendar(), {"name": place.name()}),
    "calendars.delete": lambda place: ("DELETE", place.calendar(), None),
    "calendars.permanentDelete": lambda place: ("POST", f"{place.calendar()}/permanentDelete", None),
    "events.create": lambda place: ("POST", "/me/events", {"subject": "x", "start": DAY, "end": DAY}),
    "events.update": lambda place: ("PATCH", place.event(), {"subject": "y"}),
    "events.delete": lambda place: ("DELETE", place.event(BOB), None),
    "events.permanentDelete": lambda place: ("POST", f"{place.event()}/permanentDelete", None),
    "events.accept": lambda place: ("POST", f"{place.invitation()}/accept", TEXT),
    "events.tentativelyAccept": lambda place: ("POST", f"{place.invitation()}/tentativelyAccept", TEXT),
    "events.decline": lambda place: ("POST", f"{place.invitation()}/decline", TEXT),
    "events.cancel": lambda place: ("POST", f"{place.event(BOB)}/cancel", TEXT),
    "events.forward": lambda place: ("POST", f"{place.event()}/forward", {**TEXT, "toRecipients": TO_BOB}),
    "events.dismissReminder": lambda place: ("POST", f"{place.event()}/dismissReminder", None),
    "events.snoozeReminder": lambda place: ("POST", f"{place.event()}/snoozeReminder", LATER),
    "mailboxSettings.update": lambda place: (
        "PATCH",
        "/me/mailboxSettings",
        {
            "automaticRepliesSetting": {
                "status": "alwaysEnabled",
                "internalReplyMessage": place.name(),
                "externalReplyMessage": "",
            }
        },
    ),
    "masterCategories.create": lambda place: (
        "POST",
        "/me/outlook/masterCategories",
        {"displayName": place.name(), "color": "preset1"},
    ),
    "masterCategories.update": lambda place: ("PATCH", place.category(), {"color": "preset2"}),
    "masterCategories.delete": lambda place: ("DELETE", place.category(), None),
    "lists.create": lambda place: ("POST", "/me/todo/lists", {"displayName": place.name()}),
    "lists.update": lambda place: ("PATCH", place.list(), {"displayName": place.name()}),
    "lists.delete": lambda place: ("DELETE", place.list(), None),
    "tasks.create": lambda place: ("POST", f"{place.list()}/tasks", {"title": "x"}),
    "tasks.update": lambda place: ("PATCH", place.task(), {"title": "y"}),
    "tasks.delete": lambda place: ("DELETE", place.task(), None),
    "tasks.checklistItems.create": lambda place: ("POST", f"{place.task()}/checklistItems", STEP),
    "tasks.checklistItems.update": lambda place: (
        "PATCH",
        place.part("checklistItems", STEP),
        {"displayName": "y"},
    ),
    "tasks.checklistItems.delete": lambda place: ("DELETE", place.part("checklistItems", STEP), None),
    "tasks.linkedResources.create": lambda place: ("POST", f"{place.task()}/linkedResources", LINK),
    "tasks.linkedResources.update": lambda place: (
        "PATCH",
        place.part("linkedResources", LINK),
        {"displayName": "y"},
    ),
    "tasks.linkedResources.delete": lambda place: ("DELETE", place.part("linkedResources", LINK), None),
    "translateExchangeIds": lambda place: (
        "POST",
        "/me/translateExchangeIds",
        {"inputIds": [place.draft().rpartition("/")[2]], "sourceIdType": "restId", "targetIdType": "ewsId"},
    ),
    "getSchedule": lambda place: (
        "POST",
        "/me/calendar/getSchedule",
        {"schedules": [ALICE], "startTime": DAY, "endTime": {**DAY, "dateTime": "2026-12-02T00:00:00"}},
    ),
    BATCH: lambda place: (
        "POST",
        "/$batch",
        {
            "requests": [
                {
                    "id": "1",
                    "method": "POST",
                    "url": "/me/messages",
                    "body": {},
                    "headers": {"Content-Type": "application/json"},
                }
            ]
        },
    ),
}
for _things, _make in (("messages", Place.draft), ("events", Place.event), ("tasks", Place.task)):
    WRITES |= {
        f"{_things}.extensions.create": lambda place, make=_make: (
            "POST",
            f"{make(place)}/extensions",
            EXTENSION,
        ),
        f"{_things}.extensions.update": lambda place, make=_make: (
            "PATCH",
            place.extension(make(place)),
            {**EXTENSION, "a": 2},
        ),
        f"{_things}.extensions.delete": lambda place, make=_make: (
            "DELETE",
            place.extension(make(place)),
            None,
        ),
    }
    if _things != "tasks":
        WRITES |= {
            f"{_things}.attachments.create": lambda place, make=_make: (
                "POST",
                f"{make(place)}/attachments",
                FILE,
            ),
            f"{_things}.attachments.delete": lambda place, make=_make: (
                "DELETE",
                place.attachment(make(place)),
                None,
            ),
        }


class Watch:
    """Tells whether anything was written into the store since the last look."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._db = sqlite3.connect(sandbox.data / "sandbox.sqlite")
        self._seen = 0

    def was_written(self) -> bool:
        before, (self._seen,) = self._seen, self._db.execute("PRAGMA data_version").fetchone()
        return before != self._seen

    def close(self) -> None:
        self._db.close()


@pytest.fixture
def watch(sandbox: Sandbox) -> Iterator[Watch]:
    with closing(Watch(sandbox)) as watch:
        yield watch


def asked(client: Graph, request: Request) -> Got | None:
    """The answer; None where the connection was cut."""
    try:
        return client.ask(*request, checked=False)
    except (http.client.HTTPException, OSError):
        return None


@pytest.mark.long
def test_each_operation_of_graph(sandbox: Sandbox, watch: Watch) -> None:
    names = {one.name for one in resources.scan() if one.method != "GET"} | {BATCH}
    assert names == set(WRITES), "each that changes something is played here"
    place = Place(sandbox)
    for name, prepare in WRITES.items():
        request = prepare(place)
        for kind, status in BEFORE.items():
            sandbox.faults.add(name, kind)
            watch.was_written()
            got = asked(place.alice, request)
            assert (got.status if got else 0) == status, (name, kind, got)
            assert not watch.was_written(), (name, kind)
        for kind, status in AFTER.items():
            sandbox.faults.add(name, kind)
            request = prepare(place)
            watch.was_written()
            got = asked(place.alice, request)
            assert (got.status if got else 0) == status, (name, kind, got)
            assert watch.was_written() is (name not in READS), (name, kind)
        assert sandbox.faults.waiting() == []
        served = [one.fault for one in sandbox.requests if one.operation == name and one.fault]
        assert served == [*BEFORE, *AFTER]
        got = asked(place.alice, prepare(place))
        assert got is not None
        assert got.status < 300, (name, got)


def test_each_operation_that_reads(sandbox: Sandbox) -> None:
    """They are named too, and change nothing. The address is what the route's pattern says."""
    place = Place(sandbox)
    known = {"user": ALICE, "folder": "inbox"}
    for route in [one for one in resources.scan() if one.method == "GET"]:
        parts = [known.get(part.strip("{}"), "x") if part.startswith("{") else part for part in route.parts]
        path = ("/me/" if route.of_user else "/") + "/".join(parts)
        for kind, status in {**BEFORE, "410": 410, "empty-code": 400}.items():
            sandbox.faults.add(route.name, kind)
            got = asked(place.alice, ("GET", path.rstrip("/"), None))
            assert (got.status if got else 0) == status, (route.name, kind, got)
        assert sandbox.faults.waiting() == []


@pytest.mark.long
def test_each_operation_of_ews(sandbox: Sandbox, watch: Watch, shared: Path) -> None:
    schema = Schema(shared / "ews-schema", 1)
    names = [name for name in schema.operations(operations.scan()) if name != "GetStreamingEvents"]
    assert len(names) > 50
    for name in names:
        data = envelope(etree.tostring(schema.request(name)).decode())
        for kind, status in (("cut-before-commit", 0), ("429", 429), ("503", 503), ("cut-after-commit", 0)):
            sandbox.faults.add(name, kind)
            watch.was_written()
            alice = Wire(sandbox.url, ALICE)
            try:
                got = alice.raw(data).status
            except (http.client.HTTPException, OSError):
                got = 0
            alice.connection.close()
            assert got == status, (name, kind)
            assert kind == "cut-after-commit" or not watch.was_written(), (name, kind)
        assert sandbox.faults.waiting() == []


@pytest.mark.parametrize(("value", "header"), [("", None), ("=7", "7"), ("=2.128", "2.128")])
@pytest.mark.parametrize("kind", ["429", "503", "504"])
def test_when_to_come_back(sandbox: Sandbox, kind: str, value: str, header: str | None) -> None:
    """As the file of faults says it: whole, fractional, or not at all."""
    (sandbox.data / "FAULTS").write_text(f"users.get:{kind}{value}\n", encoding="ascii")
    alice = signed_in(sandbox, ALICE)
    got = alice.get("/me")
    assert (got.status, got.headers.get("retry-after")) == (int(kind), header)
    assert json.loads(got.raw)["error"]["code"]
    assert alice.get("/me").status == 200
