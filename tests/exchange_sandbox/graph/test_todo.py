"""To Do: lists, tasks, dates, linked resources, extensions, steps, delta; and what EWS sees of them."""

from __future__ import annotations

from typing import Any

import pytest

from exchange_sandbox import Quirks, Sandbox

from ..conftest import ALICE
from ..wire import Wire
from .graph_client import Graph, signed_in
from .test_delta import walk
from .test_messages import ews_id

LINK = {
    "applicationName": "ackd",
    "externalId": "t1",
    "displayName": "Question",
    "webUrl": "https://corp.example/q",
}
OPEN = {
    "@odata.type": "microsoft.graph.openTypeExtension",
    "extensionName": "example.ackd",
    "question": "<q@corp.example>",
    "moves": 0,
}


def day(text: str, zone: str) -> dict[str, str]:
    return {"dateTime": f"{text}T00:00:00", "timeZone": zone}


def the_list(client: Graph) -> str:
    (found,) = [one for one in client.all("/me/todo/lists") if one["wellknownListName"] == "defaultList"]
    return f"/me/todo/lists/{found['id']}"


def make_task(client: Graph, **more: Any) -> dict[str, Any]:
    got = client.post(f"{the_list(client)}/tasks", {"title": "Help", **more})
    assert got.status == 201, got
    found: dict[str, Any] = got.json
    return found


def test_a_task_is_made_with_all_that_belongs_to_it(alice: Graph, alice_ews: Wire) -> None:
    made = make_task(
        alice,
        body={"content": "What Bob asked", "contentType": "text"},
        categories=["ackd"],
        importance="High",
        dueDateTime=day("2026-11-25", "Europe/Berlin"),
        isReminderOn=True,
        reminderDateTime={"dateTime": "2026-11-25T09:00:00", "timeZone": "W. Europe Standard Time"},
        linkedResources=[LINK],
        extensions=[OPEN],
    )
    assert made["dueDateTime"] == {"dateTime": "2026-11-24T23:00:00.0000000", "timeZone": "UTC"}
    assert made["reminderDateTime"] == {"dateTime": "2026-11-25T08:00:00.0000000", "timeZone": "UTC"}
    assert made["linkedResources"][0]["externalId"] == "t1"
    assert made["status"] == "notStarted"
    assert "completedDateTime" not in made
    path = f"{the_list(alice)}/tasks/{made['id']}"
    got = alice.get(path, params={"$expand": "linkedResources,extensions"}).json
    assert got["linkedResources"] == made["linkedResources"]
    assert got["extensions"][0]["question"] == "<q@corp.example>"
    assert alice.get(f"{path}/linkedResources").value == made["linkedResources"]
    seen = alice_ews.get(
        ews_id(made["id"]), "item:Subject", "task:DueDate", "item:ReminderDueBy", "item:Categories"
    )
    assert seen.text("t:Subject") == "Help"
    assert seen.text("t:DueDate") == "2026-11-24T23:00:00Z"
    assert seen.text("t:ReminderDueBy") == "2026-11-25T08:00:00Z"
    assert seen.texts("t:String") == ["ackd"]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "2026-11-25T00:00:00.0000000"),
        ("Pacific/Kiritimati", "2026-11-24T10:00:00.0000000"),
        ("Line Islands Standard Time", "2026-11-24T10:00:00.0000000"),
        ("Eastern Standard Time", "2026-11-25T05:00:00.0000000"),
        ("Asia/Kathmandu", "2026-11-24T18:15:00.0000000"),
        ("Asia/Kolkata", "2026-11-24T18:30:00.0000000"),
        ("Europe/Kyiv", "2026-11-24T22:00:00.0000000"),
        ("W. Europe Standard Time", "2026-11-24T23:00:00.0000000"),
    ],
)
def test_a_due_day_is_the_midnight_of_who_wrote_it(alice: Graph, zone: str, shown: str) -> None:
    due = {"dateTime": "2026-11-25T16:30:00.0000000", "timeZone": zone}
    made = make_task(alice, dueDateTime=due, startDateTime=day("2026-11-20", zone))
    assert made["dueDateTime"] == {"dateTime": shown, "timeZone": "UTC"}
    prefer = {"Prefer": 'outlook.timezone="Pacific Standard Time"'}
    got = alice.get(f"{the_list(alice)}/tasks/{made['id']}", headers=prefer)
    assert got.json["dueDateTime"] == {"dateTime": shown, "timeZone": "UTC"}


def test_a_task_is_changed_completed_and_deleted(alice: Graph, alice_ews: Wire) -> None:
    made = make_task(alice, isReminderOn=True, dueDateTime=day("2026-11-25", "UTC"))
    path = f"{the_list(alice)}/tasks/{made['id']}"
    moved = alice.patch(path, {"dueDateTime": day("2026-11-27", "UTC"), "title": "Help!"})
    assert (moved.status, moved.json["title"]) == (200, "Help!")
    stale = alice.patch(path, {"title": "x"}, headers={"If-Match": made["@odata.etag"]})
    assert (stale.status, stale.code) == (412, "ErrorIrresolvableConflict")
    done = alice.patch(path, {"status": "completed"}, headers={"If-Match": moved.json["@odata.etag"]})
    assert done.json["completedDateTime"] == {"dateTime": "2026-11-24T00:00:00.0000000", "timeZone": "UTC"}
    assert done.json["isReminderOn"] is False
    again = alice.patch(path, {"status": "inProgress", "dueDateTime": None})
    assert "completedDateTime" not in again.json
    assert "dueDateTime" not in again.json
    assert alice.delete(path).status == 204
    assert alice.get(path).code == "ErrorItemNotFound"
    assert alice_ews.find("deleteditems", "item:Subject").texts("t:Subject") == ["Help!"]


def test_a_task_of_ews_is_one_here(alice: Graph, alice_ews: Wire) -> None:
    alice_ews.create(
        '<t:Task><t:Subject>Old</t:Subject><t:Body BodyType="Text">Words</t:Body>'
        "<t:DueDate>2026-11-27T00:00:00Z</t:DueDate><t:Status>WaitingOnOthers</t:Status></t:Task>"
    )
    (found,) = alice.all(f"{the_list(alice)}/tasks")
    assert (found["title"], found["status"], found["body"]["content"]) == ("Old", "waitingOnOthers", "Words")
    assert found["dueDateTime"]["dateTime"] == "2026-11-27T00:00:00.0000000"


def test_linked_resources_and_steps_have_addresses_of_their_own(alice: Graph) -> None:
    path = f"{the_list(alice)}/tasks/{make_task(alice)['id']}"
    made = alice.post(f"{path}/linkedResources", LINK)
    assert made.status == 201
    changed = alice.patch(f"{path}/linkedResources/{made.id}", {"displayName": "Other"})
    assert (changed.json["displayName"], changed.json["externalId"]) == ("Other", "t1")
    step = alice.post(f"{path}/checklistItems", {"displayName": "First"})
    assert alice.patch(f"{path}/checklistItems/{step.id}", {"isChecked": True}).json["isChecked"] is True
    assert alice.delete(f"{path}/linkedResources/{made.id}").status == 204
    assert alice.get(f"{path}/linkedResources").value == []
    assert alice.get(f"{path}/linkedResources/{made.id}").code == "ErrorItemNotFound"
    assert alice.post(f"{path}/linkedResources", {"nix": 1}).code == "RequestBodyRead"


def test_lists_are_made_renamed_and_deleted(alice: Graph) -> None:
    made = alice.post("/me/todo/lists", {"displayName": "Travel"})
    assert (made.status, made.json["wellknownListName"]) == (201, "none")
    path = f"/me/todo/lists/{made.id}"
    assert alice.patch(path, {"displayName": "Voyages"}).json["displayName"] == "Voyages"
    task = alice.post(f"{path}/tasks", {"title": "Pack"})
    assert alice.get(f"{the_list(alice)}/tasks/{task.id}").code == "ErrorItemNotFound"
    assert alice.delete(path).status == 204
    for gone in (path, f"{path}/tasks", f"{path}/tasks/delta"):
        assert (alice.get(gone).status, alice.get(gone).code) == (404, "ErrorItemNotFound")
    assert alice.delete(the_list(alice)).code == "invalidRequest"


def test_a_delta_tells_of_tasks_and_not_of_their_extensions(alice: Graph, alice_ews: Wire) -> None:
    path = f"{the_list(alice)}/tasks"
    made = make_task(alice, linkedResources=[LINK], extensions=[OPEN])
    (first,), link = walk(alice, f"{path}/delta", params={"$expand": "linkedResources"})
    assert first["linkedResources"][0]["externalId"] == "t1"
    alice.patch(f"{path}/{made['id']}/extensions/example.ackd", {"moves": 1})
    assert walk(alice, link)[0] == []
    alice.patch(f"{path}/{made['id']}", {"status": "completed"})
    (changed,), link = walk(alice, link)
    assert (changed["status"], changed["title"]) == ("completed", "Help")
    other = alice.post("/me/todo/lists", {"displayName": "Other"})
    alice_ews(
        f'<m:MoveItem><m:ToFolderId><t:FolderId Id="{ews_id(other.id)}"/></m:ToFolderId><m:ItemIds>'
        f'<t:ItemId Id="{ews_id(made["id"])}"/></m:ItemIds></m:MoveItem>'
    )
    (gone,), link = walk(alice, link)
    assert (gone["id"], gone["@removed"]["reason"]) == (made["id"], "deleted")
    (there,), _ = walk(alice, f"/me/todo/lists/{other.id}/tasks/delta")
    assert there["id"] != made["id"]
    found, link = walk(alice, "/me/todo/lists/delta")
    assert {one["displayName"] for one in found} == {"Tasks", "Other"}
    alice.delete(f"/me/todo/lists/{other.id}")
    assert walk(alice, link)[0] == [{"id": other.id, "@removed": {"reason": "deleted"}}]


def test_a_recurring_task_is_due_again(alice: Graph) -> None:
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["wednesday"], "firstDayOfWeek": "monday"}
    reach = {"type": "noEnd", "startDate": "2026-11-25"}
    made = make_task(
        alice, dueDateTime=day("2026-11-25", "UTC"), recurrence={"pattern": pattern, "range": reach}
    )
    assert made["recurrence"]["pattern"]["daysOfWeek"] == ["wednesday"]
    path = f"{the_list(alice)}/tasks"
    again = alice.patch(f"{path}/{made['id']}", {"status": "completed"}).json
    assert (again["status"], again["dueDateTime"]["dateTime"]) == (
        "notStarted",
        "2026-12-02T00:00:00.0000000",
    )
    assert sorted(one["status"] for one in alice.all(path)) == ["completed", "notStarted"]


@pytest.mark.parametrize("quirk", ["graph_no_linked_resources", "graph_tasks_ignore_match"])
def test_what_is_unproven_goes_either_way(make: Any, quirk: str) -> None:
    alice = signed_in(make(quirks=Quirks.of([quirk])), ALICE)
    made = alice.post(f"{the_list(alice)}/tasks", {"title": "x", "linkedResources": [LINK]}).json
    path = f"{the_list(alice)}/tasks/{made['id']}"
    alice.patch(path, {"title": "y"})
    if quirk == "graph_tasks_ignore_match":
        assert alice.patch(path, {"title": "z"}, headers={"If-Match": made["@odata.etag"]}).status == 200
    else:
        assert "linkedResources" not in alice.get(path, params={"$expand": "linkedResources"}).json
        assert len(alice.get(f"{path}/linkedResources").value) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"singleValueExtendedProperties": []}, "RequestBodyRead"),
        ({"sensitivity": "private"}, "RequestBodyRead"),
        ({"status": "done"}, "RequestBodyRead"),
        ({"dueDateTime": "2026-11-25"}, "RequestBodyRead"),
        ({"dueDateTime": {"dateTime": "2026-13-45T00:00:00", "timeZone": "UTC"}}, "RequestBodyRead"),
        (
            {"dueDateTime": {"dateTime": "9999-12-31T23:00:00", "timeZone": "Hawaiian Standard Time"}},
            "RequestBodyRead",
        ),
        ({"dueDateTime": day("2026-11-25", "Mars")}, "TimeZoneNotSupportedException"),
        ({"recurrence": {"pattern": {"type": "hourly"}, "range": {}}}, "RequestBodyRead"),
        ({"isReminderOn": "yes"}, "RequestBodyRead"),
        ({"linkedResources": [1]}, "RequestBodyRead"),
    ],
)
def test_nonsense_makes_no_task(alice: Graph, body: dict[str, Any], code: str) -> None:
    got = alice.post(f"{the_list(alice)}/tasks", {"title": "x", **body})
    assert (got.status, got.code) == (400, code)
    assert alice.all(f"{the_list(alice)}/tasks") == []


def test_mail_permissions_open_no_tasks(sandbox: Sandbox) -> None:
    assert signed_in(sandbox, ALICE, scope="Mail.ReadWrite").get("/me/todo/lists").code == "ErrorAccessDenied"
