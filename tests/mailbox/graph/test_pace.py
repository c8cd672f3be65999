"""Less is asked at once after a 429, and nothing that was read by then is read again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from exchangelib import Folder

from ackd.errors import Busy
from ackd.mailbox.graph.answers import Answer
from ackd.mailbox.graph.pace import CALM, LANES, PARTS, Pace
from ackd.mailbox.graph.wire import Wire, get
from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.server_clock import ServerClock
from exchange_sandbox import Limits
from tests.backends import OverGraph
from tests.clock import StepClock
from tests.mailbox.ews.scripted import Scripted, ScriptedServer
from tests.mailbox.graph.test_one_post import Tokens, answered, refused
from tests.scenario import Scenario

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOO_MUCH = {"error": {"code": "ApplicationThrottled", "message": "no"}}


def test_it_halves_and_grows_back_slowly() -> None:
    pace = Pace()
    shown = []
    for _ in range(4):
        pace.slow_down()
        shown.append((pace.lanes, pace.parts))
    assert shown == [(2, 10), (1, 5), (1, 4), (1, 4)]
    for number in range(1, 1 + 10 * CALM):
        pace.went_well()
        if number == CALM:
            assert (pace.lanes, pace.parts) == (2, 8)
    assert (pace.lanes, pace.parts) == (LANES, PARTS)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(Scripted()) as made:
        yield made


def wire(server: ScriptedServer, *script: Scripted) -> Wire:
    server._script[:] = script
    base = server.url.partition("/EWS")[0] + "/v1.0"
    return Wire(base, "/me", Tokens(), ServerClock(StepClock(NOW).ticks), HttpSession(None, None))


def statuses(*of_parts: int, headers: dict[str, str] | None = None) -> Scripted:
    found = [
        {
            "id": str(n),
            "status": status,
            "body": {"value": n} if status == 200 else TOO_MUCH,
            "headers": headers or {},
        }
        for n, status in enumerate(of_parts)
    ]
    return answered({"responses": found})


def asked(server: ScriptedServer) -> list[list[str]]:
    """The addresses in each batch, "" for a part by itself; after a comma what it waits for."""
    return [
        [",".join([one["url"], *one.get("dependsOn", ())]) for one in json.loads(body)["requests"]]
        if body
        else [""]
        for body in server.requests
    ]


def test_what_was_too_much_at_once_is_read_again_with_less_at_once(server: ScriptedServer) -> None:
    made = wire(
        server,
        statuses(200, 429, 200, 200, 200, 424),
        statuses(429, 200),
        answered({"value": 1}),
    )
    found = made.reads([get(f"/{n}") for n in range(6)])
    assert [one.status for one in found] == [200] * 6
    assert asked(server) == [["/0", "/1", "/2", "/3", "/4,0", "/5,1"], ["/1", "/5"], [""]]
    assert made.pace.lanes == 1


def test_one_at_a_time_is_too_much(server: ScriptedServer) -> None:
    made = wire(server, statuses(429, 429, 429, 429), statuses(429, 424, 424, 424))
    with pytest.raises(Busy) as caught:
        made.reads([get(f"/{n}") for n in range(4)])
    assert caught.value.wait is None
    assert len(server.requests) == 3


@pytest.mark.parametrize("text", ["2.128", "30"])
def test_where_the_server_asks_for_patience_it_gets_some(server: ScriptedServer, text: str) -> None:
    made = wire(server, statuses(200, 429, 200, 200, headers={"Retry-After": text}))
    with pytest.raises(Busy) as caught:
        made.reads([get(f"/{n}") for n in range(4)])
    assert caught.value.wait == timedelta(seconds=float(text))
    assert len(server.requests) == 1


def test_all_parts_waiting_for_nothing_end(server: ScriptedServer) -> None:
    made = wire(server, statuses(424, 424))
    found = made.reads([get("/0"), get("/1")])
    assert {one.status for one in found} == {0}
    assert len(server.requests) == 1


def test_the_next_batch_is_smaller(server: ScriptedServer) -> None:
    made = wire(server, refused(429), statuses(*([200] * 10)))
    with pytest.raises(Busy):
        made.reads([get("/0")])
    made.reads([get(f"/{n}") for n in range(20)])
    assert [len(parts) for parts in asked(server)[1:]] == [10, 10]
    assert asked(server)[1][2] == "/2,0"


@pytest.mark.parametrize(
    "text", ["", "-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "1e9", "9999999999", ".5"]
)
def test_a_wait_that_is_none(text: str) -> None:
    assert Answer(429, headers={"retry-after": text}).wait is None


def test_a_mailbox_that_answers_one_at_a_time_is_served_all_the_same(tmp_path: Path) -> None:
    """A dozen questions, where each second request about the mailbox at a time is one too many."""
    backend = OverGraph(tmp_path, limits=Limits(graph_connections=1))
    with Scenario(tmp_path, backend).begin() as office:
        for number in range(12):
            office.deliver(f"q{number}")
        for _ in range(4):
            try:
                office.work()
            except Busy:
                continue
        assert len(office.letters()) == 12
        assert len(office.mailbox.tasks()) == 12


def test_an_idle_poll_of_many_folders_is_one_request(tmp_path: Path) -> None:
    """Eight parts, of which four are done at a time."""
    with Scenario(tmp_path, OverGraph(tmp_path, limits=Limits(graph_connections=4))).begin() as office:
        names = [f"Team {number}" for number in range(5)]
        for name in names:
            Folder(parent=office.owner.account.inbox, name=name).save()
        office.mailbox.close()
        watched = ("Inbox", *(f"Inbox/{name}" for name in names))
        office.daemon.use(office.settings, office.backend.open(office.clock, "here", watched=watched))
        office.work()
        office.sandbox.requests.clear()
        office.work()
        assert office.sandbox.requests.operations() == ["batch"]
        assert [one.items for one in office.sandbox.requests] == [8]
