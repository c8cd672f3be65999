"""Tasks: dates, completion and reminders hang together."""

from __future__ import annotations

from .test_items import saved
from .wire import Wire, set_field

PROPS = ("task:Status", "task:PercentComplete", "task:CompleteDate", "task:IsComplete", "item:ReminderIsSet")


def state(wire: Wire, item: tuple[str, str]) -> dict[str, str]:
    got = wire.get(item[0], *PROPS, "task:DueDate", "task:StartDate", "item:ReminderDueBy")
    (task,) = got.all("t:Task")
    return {one.tag.partition("}")[2]: one.text or "" for one in task if one.text}


def change(wire: Wire, item: tuple[str, str], name: str, value: str) -> list[str]:
    group = "item" if name.startswith("Reminder") else "task"
    return wire.update(item, set_field(f"{group}:{name}", f"<t:{name}>{value}</t:{name}>", "Task")).codes


def promise(wire: Wire) -> tuple[str, str]:
    return saved(
        wire,
        "<t:Task><t:Subject>Reply to Bob</t:Subject>"
        "<t:ReminderDueBy>2026-11-24T15:00:00.123+01:00</t:ReminderDueBy>"
        "<t:ReminderIsSet>true</t:ReminderIsSet><t:DueDate>2026-11-26T00:00:00Z</t:DueDate>"
        "<t:StartDate>2026-11-25T00:00:00Z</t:StartDate></t:Task>",
    )


def test_a_new_task(alice: Wire) -> None:
    assert state(alice, promise(alice)) == {
        "Status": "NotStarted",
        "PercentComplete": "0",
        "IsComplete": "false",
        "ReminderIsSet": "true",
        "ReminderDueBy": "2026-11-24T14:00:00Z",
        "DueDate": "2026-11-26T00:00:00Z",
        "StartDate": "2026-11-25T00:00:00Z",
    }


def test_completed_in_any_of_three_ways(alice: Wire) -> None:
    for name, value in (
        ("Status", "Completed"),
        ("PercentComplete", "100"),
        ("CompleteDate", "2026-11-24T00:00:00Z"),
    ):
        task = promise(alice)
        assert change(alice, task, name, value) == ["NoError"]
        after = state(alice, task)
        assert (after["Status"], after["PercentComplete"], after["IsComplete"]) == (
            "Completed",
            "100",
            "true",
        )
        assert after["CompleteDate"] == "2026-11-24T00:00:00Z"
        assert after["ReminderIsSet"] == "false"


def test_reopened(alice: Wire) -> None:
    task = promise(alice)
    change(alice, task, "Status", "Completed")
    task = alice.find("tasks").ids[0]
    change(alice, task, "Status", "InProgress")
    after = state(alice, task)
    assert (after["Status"], after["PercentComplete"], after["IsComplete"]) == ("InProgress", "0", "false")
    assert "CompleteDate" not in after


def test_halfway_is_in_progress(alice: Wire) -> None:
    task = promise(alice)
    change(alice, task, "PercentComplete", "50")
    assert state(alice, task)["Status"] == "InProgress"


def test_due_before_start_moves_to_the_start(alice: Wire) -> None:
    task = promise(alice)
    change(alice, task, "DueDate", "2026-11-20T00:00:00Z")
    assert state(alice, task)["DueDate"] == "2026-11-25T00:00:00Z"


def test_values_that_are_refused(alice: Wire) -> None:
    task = promise(alice)
    assert change(alice, task, "PercentComplete", "101") == ["ErrorInvalidPercentCompleteValue"]
    assert change(alice, task, "CompleteDate", "2027-11-24T00:00:00Z") == ["ErrorInvalidCompleteDate"]
    assert change(alice, task, "Status", "Done") == ["ErrorSchemaValidation"]
    assert change(alice, task, "ReminderMinutesBeforeStart", "-1") == ["ErrorSchemaValidation"]


def test_a_task_by_its_mapi_properties(alice: Wire) -> None:
    task = promise(alice)
    due = (
        '<t:ExtendedFieldURI DistinguishedPropertySetId="Task" PropertyId="33029" PropertyType="SystemTime"/>'
    )
    reminder = (
        '<t:ExtendedFieldURI DistinguishedPropertySetId="Common" PropertyId="34051" PropertyType="Boolean"/>'
    )
    assert alice.get(task[0], due, reminder).texts("t:Value") == ["2026-11-26T00:00:00Z", "true"]
