"""Series and the parts of calendars between two moments; calendars themselves."""

from __future__ import annotations

from typing import Any

import pytest

from ..wire import Wire
from .graph_client import Graph
from .test_events import described, make_event

WEEK = {"startDateTime": "2026-11-23T00:00:00Z", "endDateTime": "2026-11-30T00:00:00Z"}


def weekly(*days: str, count: int = 6, **more: Any) -> dict[str, Any]:
    """A recurrence by weeks, from Wednesday on."""
    return {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": list(days), **more},
        "range": {"type": "numbered", "startDate": "2026-11-25", "numberOfOccurrences": count},
    }


def starts(events: list[dict[str, Any]]) -> list[str]:
    return [one["start"]["dateTime"][:16] for one in events]


def test_a_view_has_what_takes_place_in_it(alice: Graph) -> None:
    make_event(alice, "Before", start="2026-11-20T10:00:00")
    make_event(alice, "Later", start="2026-11-27T10:00:00")
    make_event(alice, "Within")
    make_event(alice, "Across", start="2026-11-29T10:00:00", end="2026-12-02T11:00:00")
    make_event(alice, "After", start="2026-12-01T10:00:00")
    got = alice.get("/me/calendarView", params={**WEEK, "$select": "subject,start,end,isAllDay,showAs"})
    assert [one["subject"] for one in got.value] == ["Within", "Later", "Across"]
    assert set(got.value[0]) == {
        "@odata.etag", "id", "subject", "start", "end", "isAllDay", "showAs",
    }  # fmt: skip
    for path in ("/me/calendar/calendarView", f"/me/calendars/{alice.get('/me/calendar').id}/calendarView"):
        assert len(alice.get(path, params=WEEK).value) == 3


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2026-11-25T09:30:00Z", "2026-11-25T09:40:00Z", 1),
        ("2026-11-25T10:30:00+01:00", "2026-11-25T10:40:00+01:00", 1),
        ("2026-11-25T10:30:00", "2026-11-25T10:40:00", 0),  # UTC, whatever zone is preferred
        ("2026-11-25", "2026-11-26", 1),
        ("2026-11-25T08:00:00Z", "2026-11-25T09:00:00Z", 0),
    ],
)
def test_the_window_is_meant_by_its_own_offset(alice: Graph, start: str, end: str, found: int) -> None:
    make_event(alice)
    params = {"startDateTime": start, "endDateTime": end}
    got = alice.get("/me/calendarview", params=params, headers={"Prefer": 'outlook.timezone="Europe/Berlin"'})
    assert len(got.value) == found


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "ErrorInvalidParameter"),
        ({"startDateTime": "2026-11-25"}, "ErrorInvalidParameter"),
        ({"startDateTime": "soon", "endDateTime": "later"}, "ErrorInvalidParameter"),
        ({"startDateTime": "2026-11-26", "endDateTime": "2026-11-25"}, "ErrorInvalidParameter"),
        ({"startDateTime": "2026-11-25", "endDateTime": "2031-11-25"}, "ErrorInvalidRequest"),
        ({"startDateTime": "0001-01-01T00:00+14:00", "endDateTime": "0001-01-02"}, "ErrorInvalidParameter"),
    ],
)
def test_a_window_that_is_none_is_refused(alice: Graph, params: dict[str, str], code: str) -> None:
    got = alice.get("/me/calendarView", params=params)
    assert (got.status, got.code) == (400, code)


def test_a_series_shows_by_its_occurrences(alice: Graph) -> None:
    made = make_event(alice, recurrence=weekly("monday", "Wednesday", "friday"))
    assert (made.json["type"], made.json["seriesMasterId"]) == ("seriesMaster", None)
    assert made.json["recurrence"]["pattern"]["daysOfWeek"] == ["monday", "wednesday", "friday"]
    assert made.json["recurrence"]["range"] == {
        "type": "numbered", "startDate": "2026-11-25", "endDate": "0001-01-01",
        "recurrenceTimeZone": "W. Europe Standard Time", "numberOfOccurrences": 6,
    }  # fmt: skip
    got = alice.get("/me/calendarView", params={**WEEK, "endDateTime": "2026-12-31T00:00:00Z"}).value
    assert starts(got) == [
        f"2026-{day}T09:00" for day in ("11-25", "11-27", "11-30", "12-02", "12-04", "12-07")
    ]
    assert {one["type"] for one in got} == {"occurrence"}
    assert {one["seriesMasterId"] for one in got} == {made.id}
    assert {one["recurrence"] is None for one in got} == {True}
    assert got[0]["originalStart"] == "2026-11-25T09:00:00Z"
    assert [one["id"] for one in alice.get("/me/events").value] == [made.id]
    window = {"startDateTime": "2026-11-26", "endDateTime": "2026-12-01"}
    instances = alice.get(f"/me/events/{made.id}/instances", params=window).value
    assert starts(instances) == ["2026-11-27T09:00", "2026-11-30T09:00"]
    assert alice.get(f"/me/events/{instances[0]['id']}").json["start"] == instances[0]["start"]


def test_a_series_keeps_its_hour_when_clocks_change(alice: Graph) -> None:
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["wednesday"]}
    span = {"type": "endDate", "startDate": "2026-10-14", "endDate": "2026-11-04"}
    make_event(alice, start="2026-10-14T10:00:00", recurrence={"pattern": pattern, "range": span})
    window = {"startDateTime": "2026-10-01", "endDateTime": "2026-12-01"}
    assert starts(alice.get("/me/calendarView", params=window).value) == [
        "2026-10-14T08:00", "2026-10-21T08:00", "2026-10-28T09:00", "2026-11-04T09:00",
    ]  # fmt: skip
    local = alice.get(
        "/me/calendarView", params=window, headers={"Prefer": 'outlook.timezone="Europe/Berlin"'}
    )
    assert {one["start"]["dateTime"][11:16] for one in local.value} == {"10:00"}


@pytest.mark.parametrize(
    ("pattern", "days"),
    [
        ({"type": "daily", "interval": 2}, ["25", "27", "29"]),
        ({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 26}, ["26"]),
        ({"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["friday"], "index": "last"}, ["27"]),
        ({"type": "relativeMonthly", "daysOfWeek": ["saturday", "sunday"], "index": "last"}, ["29"]),
        ({"type": "absoluteYearly", "dayOfMonth": 28, "month": 11}, ["28"]),
        ({"type": "relativeYearly", "daysOfWeek": ["Thursday"], "index": "fourth", "month": 11}, ["26"]),
    ],
)
def test_every_pattern_is_told_as_it_was_given(
    alice: Graph, alice_ews: Wire, pattern: dict[str, Any], days: list[str]
) -> None:
    made = make_event(
        alice, recurrence={"pattern": pattern, "range": {"type": "noEnd", "startDate": "2026-11-25"}}
    )
    shown = made.json["recurrence"]["pattern"]
    plain = {
        key: [day.lower() for day in one] if isinstance(one, list) else one for key, one in pattern.items()
    }
    assert {key: shown[key] for key in pattern} == plain
    params = {**WEEK, "startDateTime": "2026-11-25"}
    assert [one[8:10] for one in starts(alice.get("/me/calendarView", params=params).value)] == days
    ews_id = made.id.replace("-", "/").replace("_", "+")
    assert len(alice_ews.get(ews_id, "calendar:Recurrence").all("t:Recurrence")) == 1
    again = alice.patch(f"/me/events/{made.id}", {"recurrence": made.json["recurrence"]})
    assert again.json["recurrence"] == made.json["recurrence"]


@pytest.mark.parametrize(
    "recurrence",
    [
        {},
        {"pattern": {"type": "weekly"}, "range": {"type": "noEnd"}},
        {"pattern": {"type": "hourly"}, "range": {"type": "noEnd"}},
        {"pattern": {"type": "daily", "interval": 0}, "range": {"type": "noEnd"}},
        {"pattern": {"type": "daily", "interval": "1"}, "range": {"type": "noEnd"}},
        {"pattern": {"type": "daily"}, "range": {"type": "numbered"}},
        {"pattern": {"type": "daily"}, "range": {"type": "endDate", "endDate": "2026-02-30"}},
        {"pattern": {"type": "daily"}, "range": {"type": "endDate", "endDate": "2020-01-01"}},
        {"pattern": {"type": "absoluteMonthly"}, "range": {"type": "noEnd"}},
        {"pattern": {"type": "absoluteYearly", "dayOfMonth": 1, "month": 13}, "range": {"type": "noEnd"}},
        {"pattern": {"type": "relativeMonthly", "daysOfWeek": ["monday", "friday"]},
         "range": {"type": "noEnd"}},
        {"pattern": {"type": "daily"}, "range": {"type": "noEnd", "recurrenceTimeZone": "Mars"}},
    ],
)  # fmt: skip
def test_a_recurrence_that_is_none_is_refused(alice: Graph, recurrence: dict[str, Any]) -> None:
    assert alice.post("/me/events", described(recurrence=recurrence)).status == 400


def test_one_occurrence_is_changed_and_one_is_deleted(alice: Graph, alice_ews: Wire) -> None:
    made = make_event(alice, recurrence=weekly("wednesday", "friday", count=4))
    window = {**WEEK, "endDateTime": "2026-12-31T00:00:00Z"}
    first, second, third, fourth = alice.get("/me/calendarView", params=window).value
    changed = alice.patch(
        f"/me/events/{second['id']}", {"subject": "Special", "body": {"content": "Only this."}}
    )
    assert (changed.json["type"], changed.json["subject"]) == ("exception", "Special")
    assert changed.json["id"] == second["id"]
    assert alice.delete(f"/me/events/{third['id']}").status == 204
    left = alice.get("/me/calendarView", params=window).value
    assert [(one["subject"], one["type"]) for one in left] == [
        ("Review", "occurrence"), ("Special", "exception"), ("Review", "occurrence"),
    ]  # fmt: skip
    assert [one["bodyPreview"] for one in left] == ["", "Only this.", ""]
    query = {"$select": "cancelledOccurrences", "$expand": "exceptionOccurrences"}
    master = alice.get(f"/me/events/{made.id}", params=query).json
    assert master["cancelledOccurrences"] == [f"OID.{made.id}.2026-12-02"]
    assert [one["subject"] for one in master["exceptionOccurrences"]] == ["Special"]
    assert alice.get(f"/me/events/{third['id']}").code == "ErrorItemNotFound"
    ews_id = made.id.replace("-", "/").replace("_", "+")
    seen = alice_ews.get(ews_id, "calendar:ModifiedOccurrences", "calendar:DeletedOccurrences")
    assert len(seen.all("t:Occurrence")) == len(seen.all("t:DeletedOccurrence")) == 1
    assert [first["id"], fourth["id"]] == [left[0]["id"], left[2]["id"]]


def test_a_series_ends_when_its_recurrence_is_taken_away(alice: Graph) -> None:
    made = make_event(alice, recurrence=weekly("wednesday"))
    single = alice.patch(f"/me/events/{made.id}", {"recurrence": None})
    assert (single.json["type"], single.json["recurrence"]) == ("singleInstance", None)
    assert len(alice.get("/me/calendarView", params=WEEK).value) == 1


def test_a_long_view_comes_in_pages(alice: Graph) -> None:
    pattern = {"type": "daily", "interval": 1}
    span = {"type": "numbered", "startDate": "2026-11-25", "numberOfOccurrences": 25}
    make_event(alice, recurrence={"pattern": pattern, "range": span})
    params = {**WEEK, "endDateTime": "2026-12-31T00:00:00Z"}
    assert len(alice.get("/me/calendarView", params=params).value) == 10
    found = alice.all("/me/calendarView", params=params)
    assert len({one["id"] for one in found}) == 25
    sized = alice.get("/me/calendarView", params=params, headers={"Prefer": "odata.maxpagesize=20"})
    assert len(sized.value) == 20


# calendars


def test_calendars_are_made_renamed_and_deleted(alice: Graph) -> None:
    default = alice.get("/me/calendar").json
    assert (default["name"], default["isDefaultCalendar"]) == ("Calendar", True)
    made = alice.post("/me/calendars", {"name": "Team", "color": "lightTeal"})
    assert (made.status, made.json["color"], made.json["isRemovable"]) == (201, "lightTeal", True)
    assert [one["name"] for one in alice.get("/me/calendars").value] == ["Calendar", "Team"]
    event = alice.post(f"/me/calendars/{made.id}/events", described("Ours"))
    assert event.status == 201
    assert alice.get("/me/events").value == []
    assert [one["subject"] for one in alice.get(f"/me/calendars/{made.id}/events").value] == ["Ours"]
    expanded = alice.get(f"/me/events/{event.id}", params={"$expand": "calendar"}).json
    assert expanded["calendar"]["name"] == "Team"
    assert alice.get(f"/me/calendars/{default['id']}/events/{event.id}").code == "ErrorItemNotFound"
    assert alice.patch(f"/me/calendars/{made.id}", {"name": "Crew"}).json["name"] == "Crew"
    assert alice.delete(f"/me/calendars/{made.id}").status == 204
    assert [one["name"] for one in alice.get("/me/calendars").value] == ["Calendar"]


def test_what_cannot_be_done_with_calendars_is_refused(alice: Graph) -> None:
    default = alice.get("/me/calendar").id
    assert alice.delete(f"/me/calendars/{default}").status == 403
    assert alice.patch("/me/calendar", {"name": "Mine"}).code == "ErrorInvalidOperation"
    assert alice.post("/me/calendars", {"color": "auto"}).code == "RequestBodyRead"
    assert alice.post("/me/calendars", {"name": "x", "color": "pink"}).code == "RequestBodyRead"
    inbox = alice.get("/me/mailFolders/inbox").id
    assert alice.get(f"/me/calendars/{inbox}").code == "ErrorItemNotFound"
    assert alice.post("/me/calendars", {"name": "Team"}).status == 201
    assert alice.post("/me/calendars", {"name": "team"}).code == "ErrorFolderExists"


# delta


def changes(alice: Graph, link: str, **options: Any) -> tuple[list[dict[str, Any]], str]:
    """All changes since a link, and the link for the next round."""
    found: list[dict[str, Any]] = []
    while True:
        got = alice.get(link, **options)
        assert got.status == 200, got
        found += got.value
        if "@odata.deltaLink" in got.json:
            return found, str(got.json["@odata.deltaLink"])
        link, options = got.json["@odata.nextLink"], {}


def test_a_delta_tells_what_changed_within_the_window(alice: Graph) -> None:
    inside, outside = make_event(alice, "In"), make_event(alice, "Out", start="2026-12-24T10:00:00")
    found, link = changes(alice, "/me/calendarView/delta", params=WEEK)
    assert [one["id"] for one in found] == [inside.id]
    assert changes(alice, link)[0] == []
    alice.patch(f"/me/events/{inside.id}", {"subject": "Changed"})
    new = make_event(alice, "New", start="2026-11-26T10:00:00")
    found, link = changes(alice, link)
    assert {one["id"]: one["subject"] for one in found} == {inside.id: "Changed", new.id: "New"}
    away = {
        name: {"dateTime": f"2027-01-02T{at}:00:00", "timeZone": "UTC"}
        for name, at in (("start", "08"), ("end", "09"))
    }
    alice.patch(f"/me/events/{new.id}", away)
    alice.delete(f"/me/events/{inside.id}")
    alice.patch(f"/me/events/{outside.id}", {"subject": "Nobody asks"})
    found, _ = changes(alice, link)
    gone = [one["id"] for one in found if "@removed" in one]
    assert sorted(gone) == sorted([new.id, inside.id, outside.id])


def test_a_delta_tells_of_single_occurrences(alice: Graph) -> None:
    master = make_event(alice, recurrence=weekly("wednesday", "friday"))
    params = {**WEEK, "$select": "subject,type"}
    found, link = changes(
        alice, "/me/calendarView/delta", params=params, headers={"Prefer": "odata.maxpagesize=1"}
    )
    assert [one["type"] for one in found] == ["seriesMaster", "occurrence", "occurrence"]
    first, second = (one["id"] for one in found[1:])
    alice.patch(f"/me/events/{first}", {"subject": "Special"})
    alice.delete(f"/me/events/{second}")
    found, link = changes(alice, link)
    assert {one["id"]: one.get("subject") for one in found} == {
        master.id: "Review", first: "Special", second: None,
    }  # fmt: skip
    alice.delete(f"/me/events/{master.id}")
    assert [one["id"] for one in changes(alice, link)[0]] == [master.id]


def test_a_delta_needs_its_window_and_its_calendar(alice: Graph) -> None:
    assert alice.get("/me/calendarView/delta").code == "ErrorInvalidParameter"
    _, link = changes(alice, "/me/calendarView/delta", params=WEEK)
    other = alice.post("/me/calendars", {"name": "Team"}).id
    moved = link.replace("/me/calendarView", f"/me/calendars/{other}/calendarView")
    assert alice.get(moved).status == 410
