"""Events: made once, changed, found by their properties, deleted; seen alike by the other face."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from exchange_sandbox import Quirks, Sandbox

from ..conftest import ALICE, BOB
from ..wire import Wire
from .graph_client import Got, Graph, signed_in

TOKEN = "String {7c1d4a54-0000-4000-8000-61636b640001} Name ackd-token"
BERLIN = "W. Europe Standard Time"


def described(subject: str = "Review", start: str = "2026-11-25T10:00:00", **more: Any) -> dict[str, Any]:
    """An event of an hour, in Berlin unless told otherwise."""
    zone = more.pop("zone", "Europe/Berlin")
    end = more.pop("end", start.replace("T10:", "T11:"))
    times = {name: {"dateTime": at, "timeZone": zone} for name, at in (("start", start), ("end", end))}
    return {"subject": subject, **times, **more}


def make_event(graph: Graph, subject: str = "Review", **more: Any) -> Got:
    got = graph.post("/me/events", described(subject, **more))
    assert got.status == 201, got
    return got


def invited(*addresses: str, kind: str = "required") -> list[dict[str, Any]]:
    return [{"emailAddress": {"address": one}, "type": kind} for one in addresses]


def test_what_is_made_is_read_again(alice: Graph) -> None:
    made = make_event(
        alice,
        body={"contentType": "html", "content": "<p>Bring <b>it</b>.</p>"},
        location={"displayName": "Room 3"},
        showAs="workingElsewhere",
        importance="High",
        sensitivity="private",
        categories=["Red", "Red", "Blue"],
        isReminderOn=False,
    )
    assert made.headers["etag"] == made.json["@odata.etag"]
    got = alice.get(f"/me/events/{made.id}").json
    assert got == {**made.json, "@odata.context": got["@odata.context"]}
    assert got["start"] == {"dateTime": "2026-11-25T09:00:00.0000000", "timeZone": "UTC"}
    assert got["originalStartTimeZone"] == BERLIN
    assert got["bodyPreview"] == "Bring it."
    assert (got["location"]["displayName"], got["locations"][0]["displayName"]) == ("Room 3", "Room 3")
    assert (got["showAs"], got["importance"], got["sensitivity"]) == ("workingElsewhere", "high", "private")
    assert (got["categories"], got["isReminderOn"]) == (["Red", "Blue"], False)
    assert (got["type"], got["isOrganizer"], got["isCancelled"]) == ("singleInstance", True, False)
    assert got["organizer"]["emailAddress"]["address"] == ALICE
    assert got["responseStatus"] == {"response": "organizer", "time": "0001-01-01T00:00:00Z"}
    assert got["transactionId"] is None


def test_a_reminder_is_on_unless_said_otherwise(alice: Graph) -> None:
    got = make_event(alice).json
    assert (got["isReminderOn"], got["reminderMinutesBeforeStart"]) == (True, 15)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Berlin", "2026-11-25T10:00:00.0000000"),
        (BERLIN, "2026-11-25T10:00:00.0000000"),
        ("Pacific/Kiritimati", "2026-11-25T23:00:00.0000000"),
        ("Nepal Standard Time", "2026-11-25T14:45:00.0000000"),
        ("UTC", "2026-11-25T09:00:00.0000000"),
    ],
)
def test_times_come_in_the_zone_that_is_preferred(alice: Graph, zone: str, shown: str) -> None:
    made = make_event(alice)
    got = alice.get(f"/me/events/{made.id}", headers={"Prefer": f'outlook.timezone="{zone}"'})
    assert got.json["start"] == {"dateTime": shown, "timeZone": zone}
    assert got.headers["preference-applied"] == f'outlook.timezone="{zone}"'


def test_a_time_may_bring_its_own_offset(alice: Graph) -> None:
    body = described(start="2026-11-25T10:00:00", zone="UTC")
    body["start"]["dateTime"] = "2026-11-25T07:30:00-02:00"
    assert alice.post("/me/events", body).json["start"]["dateTime"] == "2026-11-25T09:30:00.0000000"


def test_all_day_is_midnight_in_every_zone(alice: Graph) -> None:
    made = make_event(
        alice, "Off", start="2026-11-25T00:00:00", end="2026-11-26T00:00:00", isAllDay=True, showAs="oof"
    )
    assert made.json["start"] == {"dateTime": "2026-11-25T00:00:00.0000000", "timeZone": "UTC"}
    got = alice.get(f"/me/events/{made.id}", headers={"Prefer": 'outlook.timezone="Asia/Tokyo"'}).json
    assert got["start"] == {"dateTime": "2026-11-25T00:00:00.0000000", "timeZone": "Asia/Tokyo"}
    assert got["end"]["dateTime"] == "2026-11-26T00:00:00.0000000"
    assert (got["isAllDay"], got["showAs"]) == (True, "oof")


def test_only_what_is_given_changes(alice: Graph) -> None:
    made = make_event(alice, location={"displayName": "Room 3"})
    changed = alice.patch(f"/me/events/{made.id}", {"subject": "Later", "showAs": "free"})
    assert (changed.json["subject"], changed.json["showAs"]) == ("Later", "free")
    assert changed.json["location"]["displayName"] == "Room 3"
    assert changed.json["@odata.etag"] != made.json["@odata.etag"]
    cleared = alice.patch(f"/me/events/{made.id}", {"location": None, "categories": []})
    assert cleared.json["locations"] == []
    moved = alice.patch(
        f"/me/events/{made.id}",
        {name: {"dateTime": f"2026-11-27T{at}:00", "timeZone": "UTC"} for name, at in
         (("start", "08:00"), ("end", "08:30"))},
    )  # fmt: skip
    assert moved.json["start"]["dateTime"] == "2026-11-27T08:00:00.0000000"
    assert moved.json["originalStartTimeZone"] == "UTC"


def test_a_stale_change_is_refused(alice: Graph) -> None:
    made = make_event(alice)
    tag = {"If-Match": made.json["@odata.etag"]}
    assert alice.patch(f"/me/events/{made.id}", {"subject": "One"}, headers=tag).status == 200
    late = alice.patch(f"/me/events/{made.id}", {"subject": "Two"}, headers=tag)
    assert (late.status, late.code) == (412, "ErrorIrresolvableConflict")
    assert alice.delete(f"/me/events/{made.id}", headers=tag).status == 412
    assert alice.get(f"/me/events/{made.id}").json["subject"] == "One"


def test_half_a_character_does_no_harm(alice: Graph) -> None:
    got = make_event(alice, "a\ud800b \U0001f600", location={"displayName": "\udfff"})
    assert (got.json["subject"], got.json["location"]["displayName"]) == ("a\ufffdb \U0001f600", "\ufffd")


# transactionId


def test_the_same_creation_once_more_makes_no_second_event(alice: Graph) -> None:
    first = make_event(alice, transactionId="T-1")
    again = make_event(alice, transactionId="T-1")
    assert (again.id, again.json["transactionId"]) == (first.id, "T-1")
    assert len(alice.all("/me/events")) == 1


def test_another_event_with_the_same_transaction_is_refused(alice: Graph) -> None:
    first = make_event(alice, transactionId="T-1")
    other = alice.post("/me/events", described("Other", transactionId="T-1"))
    assert (other.status, other.code) == (400, "ErrorDuplicateTransactionId")
    assert other.json["error"]["@event.existingEventId"] == first.id
    assert make_event(alice, "Other", transactionId="t-1").id != first.id  # its case counts


def test_a_used_transaction_may_conflict_always(make: Callable[..., Sandbox]) -> None:
    alice = signed_in(make(quirks=Quirks(graph_used_transaction_conflicts=True)), ALICE)
    make_event(alice, transactionId="T-1")
    again = alice.post("/me/events", described(transactionId="T-1"))
    assert (again.status, again.code) == (409, "ErrorDuplicateTransactionId")


def test_of_many_with_one_transaction_one_is_made(alice: Graph) -> None:
    ids: list[str] = []
    threads = [
        threading.Thread(target=lambda: ids.append(make_event(alice, transactionId="T-9").id))
        for _ in range(6)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(ids) == 6
    assert len(set(ids)) == 1


def test_a_lost_answer_is_made_good_by_the_transaction(sandbox: Sandbox, alice: Graph) -> None:
    sandbox.faults.add("events.create", "503-after-commit")
    lost = alice.post("/me/events", described(transactionId="T-1"))
    assert lost.status == 503
    made = make_event(alice, transactionId="T-1")
    assert [one["id"] for one in alice.all("/me/events")] == [made.id]


def test_a_transaction_is_only_for_creation(alice: Graph) -> None:
    made = make_event(alice, transactionId="T-1")
    got = alice.patch(f"/me/events/{made.id}", {"transactionId": "T-2"})
    assert (got.status, got.code) == (400, "ErrorInvalidPropertySet")


def test_other_mailboxes_have_other_transactions(alice: Graph, bob: Graph) -> None:
    assert make_event(alice, transactionId="T-1").id != make_event(bob, transactionId="T-1").id


# extended properties and finding


def test_an_event_is_found_by_its_token(alice: Graph) -> None:
    token = [{"id": TOKEN, "value": "abc'1"}]
    made = make_event(alice, singleValueExtendedProperties=token)
    make_event(alice, "Other")
    query = {
        "$filter": f"singleValueExtendedProperties/any(ep: ep/id eq '{TOKEN}' and ep/value eq 'abc''1')",
        "$select": "id,subject",
    }
    (found,) = alice.get("/me/events", params=query).value
    assert set(found) == {"@odata.etag", "id", "subject"}
    assert found["id"] == made.id
    expand = {"$expand": f"singleValueExtendedProperties($filter=id eq '{TOKEN}')"}
    assert alice.get(f"/me/events/{made.id}", params=expand).json["singleValueExtendedProperties"] == token
    assert "singleValueExtendedProperties" not in alice.get(f"/me/events/{made.id}").json
    changed = alice.patch(
        f"/me/events/{made.id}", {"singleValueExtendedProperties": [{"id": TOKEN, "value": "2"}]}
    )
    assert changed.status == 200
    assert alice.get("/me/events", params=query).value == []


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("subject eq 'alpha'", ["Alpha"]),
        ("startswith(subject,'b')", ["Beta"]),
        ("start/dateTime ge '2026-11-26T00:00:00'", ["Beta"]),
        ("start/dateTime lt '2026-11-26T00:00:00' and showAs eq 'free'", ["Alpha"]),
        ("categories/any(c:c eq 'red')", ["Beta"]),
        ("isAllDay eq true", []),
        ("transactionId eq 'T-1'", ["Alpha"]),
    ],
)
def test_events_are_filtered(alice: Graph, condition: str, found: list[str]) -> None:
    make_event(alice, "Alpha", showAs="free", transactionId="T-1")
    make_event(alice, "Beta", start="2026-11-26T10:00:00", categories=["Red"])
    got = alice.get("/me/events", params={"$filter": condition})
    assert [one["subject"] for one in got.value] == found


def test_all_events_come_in_pages_the_newest_first(alice: Graph) -> None:
    for number in range(5):
        make_event(alice, f"E{number}")
    options = {"$top": 2, "$count": "true", "$select": "subject"}
    assert alice.get("/me/events", params=options).json["@odata.count"] == 5
    assert [one["subject"] for one in alice.all("/me/events", params=options)] == [
        f"E{number}" for number in (4, 3, 2, 1, 0)
    ]
    assert alice.get("/me/events", params={"$search": "E1"}).code == "ErrorInvalidUrlQuery"


def test_events_come_in_order_and_in_pages(alice: Graph) -> None:
    for day in (27, 25, 28, 26):
        make_event(alice, f"Day {day}", start=f"2026-11-{day}T10:00:00")
    options = {"$orderby": "start/dateTime", "$top": 3, "$count": "true", "$select": "subject"}
    assert alice.get("/me/events", params=options).json["@odata.count"] == 4
    assert [one["subject"] for one in alice.all("/me/events", params=options)] == [
        f"Day {day}" for day in (25, 26, 27, 28)
    ]


# deleting


def test_a_deleted_event_lies_in_deleted_items(alice: Graph, alice_ews: Wire) -> None:
    kept = {"Prefer": 'IdType="ImmutableId"'}
    made = alice.post("/me/events", described(), headers=kept)
    assert alice.delete(f"/me/events/{made.id}", headers=kept).status == 204
    assert alice.get("/me/events").value == []
    assert alice.get(f"/me/events/{made.id}", headers=kept).status == 200
    assert alice_ews.find("deleteditems", "item:Subject").texts("t:Subject") == ["Review"]
    assert alice.post(f"/me/events/{made.id}/permanentDelete", headers=kept).status == 204
    assert alice.get(f"/me/events/{made.id}", headers=kept).code == "ErrorItemNotFound"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"subject": "x"}, "RequestBodyRead"),
        (described(nix=1), "RequestBodyRead"),
        (described(zone="Mars/Olympus"), "TimeZoneNotSupportedException"),
        (described(end="2026-11-25T09:00:00"), "ErrorCalendarEndDateIsEarlierThanStartDate"),
        (described(isAllDay=True), "ErrorPropertyValidationFailure"),
        (described(start="2026-11-25T00:00:00", end="2026-11-25T00:00:00", isAllDay=True),
         "ErrorPropertyValidationFailure"),
        (described(showAs="asleep"), "RequestBodyRead"),
        (described(start="tomorrow"), "RequestBodyRead"),
        (described(transactionId=""), "ErrorInvalidParameter"),
        (described(transactionId="x" * 256), "ErrorInvalidParameter"),
        (described(attendees=[{"emailAddress": {"address": ""}}]), "ErrorInvalidRecipients"),
        (described(attendees=[{"type": "required"}]), "RequestBodyRead"),
        (described(reminderMinutesBeforeStart=-1), "RequestBodyRead"),
        (described(start="4600-01-01T10:00:00"), "ErrorCalendarOutOfRange"),
        (described(singleValueExtendedProperties=[{"id": "nix", "value": "1"}]), "ErrorInvalidProperty"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(alice: Graph, body: dict[str, Any], code: str) -> None:
    got = alice.post("/me/events", body)
    assert (got.status, got.code) == (400, code)
    assert alice.get("/me/events").value == []


def test_a_message_is_no_event(alice: Graph) -> None:
    draft = alice.draft()
    assert alice.get(f"/me/events/{draft.id}").code == "ErrorItemNotFound"
    made = make_event(alice)
    assert alice.get(f"/me/messages/{made.id}").code == "ErrorItemNotFound"
    assert alice.get(f"/me/events/{alice.get('/me/calendar').id}").code == "ErrorInvalidIdMalformed"


def test_somebody_else_sees_nothing(sandbox: Sandbox, alice: Graph, bob: Graph) -> None:
    made = make_event(alice)
    assert bob.get(f"/me/events/{made.id}").code == "ErrorAccessDenied"
    assert bob.get(f"/users/{ALICE}/events").code == "ErrorAccessDenied"
    reader = signed_in(sandbox, ALICE, scope="Calendars.Read")
    assert reader.get("/me/events").status == 200
    assert reader.post("/me/events", described()).code == "ErrorAccessDenied"


# both faces


def test_what_graph_makes_ews_has(alice: Graph, alice_ews: Wire, sandbox: Sandbox) -> None:
    made = make_event(
        alice, location={"displayName": "Room 3"}, showAs="oof", categories=["Red"],
        singleValueExtendedProperties=[{"id": TOKEN, "value": "abc"}],
    )  # fmt: skip
    path = (
        '<t:ExtendedFieldURI PropertySetId="7c1d4a54-0000-4000-8000-61636b640001"'
        ' PropertyName="ackd-token" PropertyType="String"/>'
    )
    got = alice_ews.get(made.id.replace("-", "/").replace("_", "+"), path, base="AllProperties")
    assert (got.text("t:Start"), got.text("t:End")) == ("2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z")
    assert (got.text("t:Location"), got.text("t:LegacyFreeBusyStatus")) == ("Room 3", "OOF")
    assert (got.text("t:UID"), got.text("t:ReminderIsSet")) == (made.json["iCalUId"], "true")
    assert (got.text("t:Value"), got.texts("t:Categories/t:String")) == ("abc", ["Red"])
    assert sandbox.requests.count("events.create") == 1


def test_what_ews_makes_graph_has(alice: Graph, alice_ews: Wire) -> None:
    alice_ews.create(
        "<t:CalendarItem><t:Subject>From Outlook</t:Subject><t:Body BodyType='Text'>Text</t:Body>"
        "<t:Start>2026-11-25T10:00:00Z</t:Start><t:End>2026-11-25T11:00:00Z</t:End>"
        "<t:LegacyFreeBusyStatus>Tentative</t:LegacyFreeBusyStatus></t:CalendarItem>"
    )
    (got,) = alice.get("/me/events").value
    assert (got["subject"], got["showAs"]) == ("From Outlook", "tentative")
    assert got["start"]["dateTime"] == "2026-11-25T10:00:00.0000000"
    assert alice.patch(f"/me/events/{got['id']}", {"subject": "Changed"}).status == 200
    assert alice_ews.find("calendar", "item:Subject").texts("t:Subject") == ["Changed"]


# meetings


def test_who_is_invited_answers_and_is_told(alice: Graph, bob: Graph) -> None:
    made = make_event(alice, attendees=invited(BOB))
    assert [one["subject"] for one in alice.get("/me/mailFolders/sentitems/messages").value] == ["Review"]
    (request,) = bob.get("/me/mailFolders/inbox/messages").value
    assert request["@odata.type"] == "#microsoft.graph.eventMessageRequest"
    (seen,) = bob.get("/me/events").value
    assert (seen["isOrganizer"], seen["iCalUId"]) == (False, made.json["iCalUId"])
    assert seen["organizer"]["emailAddress"]["address"] == ALICE
    assert seen["responseStatus"]["response"] == "notResponded"
    accepted = bob.post(f"/me/events/{seen['id']}/accept", {"comment": "Gladly.", "sendResponse": True})
    assert accepted.status == 202
    assert bob.get(f"/me/events/{seen['id']}").json["responseStatus"]["response"] == "accepted"
    (attendee,) = alice.get(f"/me/events/{made.id}").json["attendees"]
    assert (attendee["type"], attendee["status"]["response"]) == ("required", "accepted")
    assert alice.delete(f"/me/events/{made.id}").status == 204
    assert bob.get(f"/me/events/{seen['id']}").json["isCancelled"] is True


def test_a_decline_takes_the_meeting_away(alice: Graph, bob: Graph) -> None:
    made = make_event(alice, attendees=invited(BOB, kind="optional"))
    (seen,) = bob.get("/me/events").value
    proposed = {
        name: {"dateTime": f"2026-11-26T{at}:00:00", "timeZone": "UTC"}
        for name, at in (("start", "10"), ("end", "11"))
    }
    body = {"comment": "Rather then.", "proposedNewTime": proposed}
    assert bob.post(f"/me/events/{seen['id']}/decline", body).status == 202
    assert bob.get("/me/events").value == []
    (attendee,) = alice.get(f"/me/events/{made.id}").json["attendees"]
    assert (attendee["type"], attendee["status"]["response"]) == ("optional", "declined")
    assert attendee["proposedNewTime"]["start"]["dateTime"] == "2026-11-26T10:00:00.0000000"


def test_an_answer_may_be_silent(alice: Graph, bob: Graph) -> None:
    make_event(alice, attendees=invited(BOB))
    (seen,) = bob.get("/me/events").value
    silent = bob.post(f"/me/events/{seen['id']}/tentativelyAccept", {"sendResponse": False})
    assert silent.status == 202
    assert bob.get("/me/events").value[0]["responseStatus"]["response"] == "tentativelyAccepted"
    assert alice.get("/me/mailFolders/inbox/messages").value == []


def test_an_organizer_cancels_and_answers_nobody(alice: Graph, bob: Graph) -> None:
    made = make_event(alice, attendees=invited(BOB))
    assert alice.post(f"/me/events/{made.id}/accept", {}).status == 400
    assert alice.post(f"/me/events/{made.id}/cancel", {"comment": "Ill."}).status == 202
    newest = bob.get("/me/mailFolders/inbox/messages").value[0]
    assert newest["subject"] == "Canceled: Review"
    assert alice.get("/me/events").value == []


def test_attendees_are_told_of_what_concerns_them_alone(alice: Graph, bob: Graph) -> None:
    made = make_event(alice, attendees=invited(BOB))
    alice.patch(f"/me/events/{made.id}", {"categories": ["Red"], "isReminderOn": False})
    assert len(bob.get("/me/mailFolders/inbox/messages").value) == 1
    alice.patch(f"/me/events/{made.id}", {"location": {"displayName": "Room 4"}})
    assert len(bob.get("/me/mailFolders/inbox/messages").value) == 2
    assert bob.get("/me/events").value[0]["location"]["displayName"] == "Room 4"


def test_a_meeting_is_forwarded(alice: Graph, bob: Graph) -> None:
    made = make_event(alice)
    got = alice.post(
        f"/me/events/{made.id}/forward",
        {"comment": "See you?", "toRecipients": [{"emailAddress": {"address": BOB}}]},
    )
    assert got.status == 202
    assert bob.get("/me/mailFolders/inbox/messages").value[0]["subject"] == "FW: Review"


def test_reminders_are_put_off_and_dismissed(alice: Graph) -> None:
    made = make_event(alice)
    later = {"newReminderTime": {"dateTime": "2026-11-25T09:30:00", "timeZone": "UTC"}}
    assert alice.post(f"/me/events/{made.id}/snoozeReminder", later).status == 202
    assert alice.post(f"/me/events/{made.id}/dismissReminder").status == 202
    assert alice.get(f"/me/events/{made.id}").json["isReminderOn"] is False
