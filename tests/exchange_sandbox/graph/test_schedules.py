"""When people are busy: getSchedule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from exchange_sandbox import Sandbox

from ..conftest import ALICE, BOB
from .graph_client import Got, Graph, signed_in
from .test_events import make_event

TEAM = "team@corp.example"


@pytest.fixture
def sandbox(make: Callable[..., Sandbox]) -> Sandbox:
    return make(groups={TEAM: [ALICE, BOB]})


def ask(graph: Graph, *schedules: str, **more: Any) -> Got:
    body = {
        "schedules": list(schedules),
        "startTime": {"dateTime": "2026-11-25T09:00:00", "timeZone": "Europe/Berlin"},
        "endTime": {"dateTime": "2026-11-25T13:00:00", "timeZone": "Europe/Berlin"},
        "availabilityViewInterval": 60,
    }
    return graph.post("/me/calendar/getSchedule", {**body, **more})


def test_who_is_busy_when(alice: Graph, bob: Graph) -> None:
    make_event(alice, "Mine", location={"displayName": "Room 3"}, sensitivity="private")
    make_event(bob, "His", start="2026-11-25T12:00:00", end="2026-11-25T12:30:00", showAs="oof")
    mine, his, team, nobody = ask(alice, ALICE, BOB, TEAM, "nobody@corp.example").value
    assert [one.get("availabilityView") for one in (mine, his, team)] == ["0200", "0003", "0203"]
    (item,) = mine["scheduleItems"]
    assert (item["subject"], item["location"], item["isPrivate"]) == ("Mine", "Room 3", True)
    assert item["start"] == {"dateTime": "2026-11-25T09:00:00.0000000", "timeZone": "UTC"}
    (other,) = his["scheduleItems"]
    assert set(other) == {"status", "start", "end"}
    assert mine["workingHours"]["startTime"] == "08:00:00.0000000"
    assert team["scheduleItems"] == []
    assert nobody["error"]["responseCode"] == "ErrorMailRecipientNotFound"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"schedules": []}, "ErrorInvalidRequest"),
        ({"schedules": [ALICE] * 21}, "ErrorInvalidRequest"),
        ({"schedules": [7]}, "RequestBodyRead"),
        ({"startTime": {"dateTime": "2026-11-26T00:00:00"}}, "ErrorInvalidTimeInterval"),
        ({"endTime": {"dateTime": "2027-11-26T00:00:00"}}, "ErrorTimeIntervalTooBig"),
        ({"availabilityViewInterval": 1}, "ErrorInvalidMergedFreeBusyInterval"),
        ({"availabilityViewInterval": "60"}, "RequestBodyRead"),
    ],
)
def test_what_cannot_be_is_refused(alice: Graph, more: dict[str, Any], code: str) -> None:
    got = ask(alice, ALICE, **more)
    assert (got.status, got.code) == (400, code)


def test_reading_is_enough(sandbox: Sandbox) -> None:
    assert ask(signed_in(sandbox, ALICE, scope="Calendars.Read"), ALICE).status == 200
    assert ask(signed_in(sandbox, ALICE, scope="Mail.Read"), ALICE).code == "ErrorAccessDenied"
