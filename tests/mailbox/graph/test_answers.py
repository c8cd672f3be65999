"""Every answer to every call of the port: cut, empty, late, or of another type. No call ends in anything but
ackd's own errors, each write is posted once, and none that is in doubt counts as done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest

from ackd.errors import AckdError
from ackd.mailbox import transport
from ackd.mailbox.graph import GraphMailbox, properties
from ackd.mailbox.own_properties import Stage
from ackd.model import Appointment, CategoryChange, Colour, Done, TaskChange, TaskMark
from tests.clock import StepClock
from tests.mailbox.contract.mailbox_contract import letter, task
from tests.mailbox.ews.scripted import Scripted, ScriptedServer
from tests.mailbox.graph.test_one_post import DOUBTFUL, NOW, Tokens, answered

TOKEN = "1" * 32
MARKED = [
    {"id": properties.TOKEN, "value": TOKEN},
    {"id": properties.STAGE, "value": Stage.SENDING},
    {"id": properties.START_MARK, "value": NOW.isoformat()},
]
KNOWN: dict[str, Any] = {
    "id": "thing",
    "@odata.etag": 'W/"1"',
    "displayName": "ackd",
    "wellknownListName": "defaultList",
    "isDraft": True,
    "parentFolderId": "drafts",
    "status": "notStarted",
    "title": "Figures",
    "categories": [],
    "body": {"contentType": "text", "content": "x"},
    "internetMessageId": "<q1@corp.example>",
    "receivedDateTime": "2026-11-23T08:59:00Z",
    properties.NAME: MARKED,
}


class Graph(ScriptedServer):
    """A mailbox with one thing of each kind, which answers what changes anything (`writes`), or what only
    reads, with a given answer."""

    def __init__(self, bad: Scripted, *, spoils: str) -> None:
        super().__init__(bad)
        self._bad, self._spoils = bad, spoils
        self.writes: list[str] = []

    def _answer(self, method: str, path: str, request: bytes) -> Scripted:
        self.requests.append(request)
        parts = (
            json.loads(request)["requests"] if path.endswith("$batch") else [{"method": method, "url": path}]
        )
        writing = [f"{one['method']} {one['url']}" for one in parts if one["method"] != "GET"]
        self.writes += writing
        if (self._spoils == "writes") is bool(writing):
            return self._bad
        if not path.endswith("$batch"):
            return answered(_value(path))
        bodies = [{"id": one["id"], "status": 200, "body": _value(one["url"])} for one in parts]
        return answered({"responses": bodies})


def _value(path: str) -> dict[str, Any]:
    last = unquote(urlsplit(path).path).rsplit("/", 1)[-1]
    is_list = last in ("messages", "lists", "tasks", "events", "mailFolders", "childFolders", "delta")
    return {"value": [KNOWN], "@odata.deltaLink": path} if is_list else {**KNOWN, "id": last}


WRITES: dict[str, Callable[[GraphMailbox], Any]] = {
    "send": lambda box: box.send([letter(TOKEN)]),
    "send_unsent": lambda box: box.send_unsent([TOKEN]),
    "draft": lambda box: box.draft([letter(TOKEN)]),
    "create_tasks": lambda box: box.create_tasks([task(TOKEN)]),
    "create_appointments": lambda box: box.create_appointments(
        [Appointment(TOKEN, NOW, NOW + timedelta(minutes=15), "Figures", "x", ("Promised",))]
    ),
    "categorize": lambda box: box.categorize([CategoryChange("<q1@corp.example>", "item", add=("A",))]),
    "change_tasks": lambda box: box.change_tasks([TaskChange(TOKEN, "item", "", complete=True)]),
    "mark_tasks": lambda box: box.mark_tasks([TaskMark("item", TOKEN, "<q@x>", "bob@corp.example", NOW)]),
    "remove": lambda box: box.remove([TOKEN]),
    "take_lease": lambda box: box.take_lease("me"),
    "show_categories": lambda box: box.show_categories({"Promised": Colour.BLUE}),
}
READS: dict[str, Callable[[GraphMailbox], Any]] = {
    "changes": lambda box: box.changes(None, NOW),
    "search": lambda box: box.search(subject="figures"),
    "mails": lambda box: box.mails(["<q1@corp.example>"]),
    "past": lambda box: list(box.past(NOW - timedelta(days=1))),
    "signs": lambda box: box.signs({"<q1@corp.example>": "item"}),
    "find": lambda box: box.find([TOKEN]),
    "draft_links": lambda box: box.draft_links([TOKEN]),
    "tasks": lambda box: box.tasks(),
    "unmarked_tasks": lambda box: box.unmarked_tasks(()),
    "watermark": lambda box: box.watermark(),
    "settings": lambda box: box.settings(),
    "card": lambda box: box.card(),
    "report": lambda box: box.report(),
    "expand": lambda box: box.expand(["all@corp.example"]),
    "same_person": lambda box: box.same_person("bob@corp.example", [letter(TOKEN).to]),
    **{f"{name}, which reads first": act for name, act in WRITES.items()},
}
ODD = {
    **DOUBTFUL,
    "another type": answered({"value": {"id": 1}, "responses": "x", "id": [], "error": 7}),
    "numbers": answered({"value": [1, None, [], {"id": 5, "categories": "x"}], "id": 3}),
    "null": answered({"value": None, "@odata.nextLink": 7, "@odata.deltaLink": None}),
    "parts of another type": answered({"responses": [{"id": 0, "status": "200", "body": [1]}, 5, None]}),
    "an error of another type": answered({"error": ["no"]}, 400),
}


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[Graph, Any]]]:
    started: list[Graph] = []

    def run(act: Callable[[GraphMailbox], Any], bad: Scripted, spoils: str) -> tuple[Graph, Any]:
        """What a call gives, None where it raises an error of ackd's."""
        for limit in ("BRIEF", "PAGE"):  # a busy machine is slow, too
            monkeypatch.setattr(transport, limit, 1.5 if bad.late else 30.0)
        server = Graph(bad, spoils=spoils)
        started.append(server.__enter__())
        base = server.url.partition("/EWS")[0] + "/v1.0"
        box = GraphMailbox(
            "alice@corp.example", base, Tokens(), zone=ZoneInfo("Europe/Berlin"), clock=StepClock(NOW)
        )
        try:
            return server, act(box)
        except AckdError:
            return server, None

    yield run
    for server in started:
        server.__exit__(None, None, None)


Run = Callable[..., tuple[Graph, Any]]


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_posted_once_and_isnt_done_in_doubt(play: Run, name: str) -> None:
    for answer in ODD.values():
        server, outcomes = play(WRITES[name], answer, "writes")
        assert server.writes, "it writes"
        assert max(map(server.writes.count, server.writes)) == 1, server.writes
        is_believed = name == "mark_tasks" and answer.status < 300  # whatever it says: it may be repeated
        if isinstance(outcomes, list) and not is_believed:
            assert not any(isinstance(one, Done) for one in outcomes)


@pytest.mark.parametrize("name", READS)
def test_a_read_ends_in_a_value_or_in_ackds_own_error(play: Run, name: str) -> None:
    for answer in ODD.values():
        server, _ = play(READS[name], answer, "reads")
        assert len(server.requests) < 60, "no end"
        assert len(server.writes) == len(set(server.writes))


def test_late_is_late(play: Run) -> None:
    server, outcomes = play(WRITES["create_tasks"], replace(answered(KNOWN, 201), late=30), "writes")
    assert not isinstance(outcomes[0], Done)
    assert len(server.writes) == 1
