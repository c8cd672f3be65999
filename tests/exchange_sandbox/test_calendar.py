"""Series of appointments and their occurrences, by a client that was not written for it and by hand."""

from __future__ import annotations

import base64
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import exchangelib
import pytest
from exchangelib import recurrence as r
from exchangelib.errors import (
    ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange,
    ErrorCalendarOccurrenceIsDeletedFromRecurrence,
    ErrorOccurrenceCrossingBoundary,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange_sandbox import Sandbox
from exchange_sandbox.ews import ids
from tests.plays import many

from .conftest import ALICE
from .test_client import account
from .wire import Wire, set_field

ZONE = exchangelib.EWSTimeZone("Europe/Berlin")
FIRST = exchangelib.EWSDate(2026, 3, 2)  # a Monday, in winter time
PATTERNS = [
    r.AbsoluteYearlyPattern(day_of_month=31, month=3),
    r.RelativeYearlyPattern(weekday="Weekday", week_number=5, month=3),
    r.AbsoluteMonthlyPattern(interval=2, day_of_month=31),
    r.RelativeMonthlyPattern(interval=1, weekday="Monday", week_number=1),
    r.WeeklyPattern(interval=1, weekdays=[1, 3], first_day_of_week=7),
    r.DailyPattern(interval=3),
]


@pytest.fixture
def owner(sandbox: Sandbox) -> exchangelib.Account:
    return account(sandbox, ALICE)


def at(*parts: int) -> exchangelib.EWSDateTime:
    return exchangelib.EWSDateTime(*parts, tzinfo=ZONE)


def make(owner: exchangelib.Account, pattern: Any, **more: Any) -> exchangelib.CalendarItem:
    rule = r.Recurrence(pattern=pattern, start=FIRST, **more)
    item = exchangelib.CalendarItem(
        account=owner, folder=owner.calendar, subject="Round", start=at(2026, 3, 2, 9),
        end=at(2026, 3, 2, 10), body="Of all", recurrence=rule,
    )  # fmt: skip
    return item.save()


def view(owner: exchangelib.Account, start: Any = None, end: Any = None, **more: Any) -> list[Any]:
    return list(owner.calendar.view(start=start or at(2026, 3, 1), end=end or at(2027, 7, 1), **more))


@pytest.mark.parametrize("more", [{}, {"end": exchangelib.EWSDate(2027, 6, 1)}, {"number": 4}], ids=str)
def test_series_of_all_patterns(owner: exchangelib.Account, more: dict[str, Any]) -> None:
    for pattern in PATTERNS:
        item = make(owner, pattern, **more)
        item.refresh()
        assert item.recurrence == r.Recurrence(pattern=pattern, start=FIRST, **more)
        assert (item.type, item.is_recurring, item.start) == (
            "RecurringMaster",
            True,
            item.first_occurrence.start,
        )
        found = list(owner.calendar.view(start=at(2026, 3, 1), end=at(2027, 7, 1)).only("type", "start"))
        assert {one.type for one in found} == {"Occurrence"}
        assert {one.start.astimezone(ZONE).hour for one in found} == {9}  # whatever the season
        assert found[0].start == item.first_occurrence.start
        if more:
            last = item.occurrence(more.get("number", len(found)))
            assert item.last_occurrence.start == last.refresh().start
        else:
            assert item.last_occurrence is None
        assert [one.subject for one in owner.calendar.all()] == ["Round"]
        item.delete()


def test_one_occurrence_changed_and_one_deleted(owner: exchangelib.Account) -> None:
    item = make(owner, r.DailyPattern(interval=1), number=5)
    second = item.occurrence(2).refresh()
    assert second.recurrence_id == second.original_start == second.start == at(2026, 3, 3, 9)
    second.subject, second.body, second.start, second.end = (
        "Other",
        "Own",
        at(2026, 3, 3, 11),
        at(2026, 3, 3, 12),
    )
    second.save()
    second.refresh()
    assert (second.type, second.body, second.start) == ("Exception", "Own", at(2026, 3, 3, 11))
    assert second.original_start == at(2026, 3, 3, 9)
    item.occurrence(3).refresh().delete()
    item.refresh()
    assert [(one.start, one.original_start) for one in item.modified_occurrences] == [
        (at(2026, 3, 3, 11), at(2026, 3, 3, 9))
    ]
    assert [one.start for one in item.deleted_occurrences] == [at(2026, 3, 4, 9)]
    assert [(one.subject, one.start.astimezone(ZONE).day) for one in view(owner)] == [
        ("Round", 2), ("Other", 3), ("Round", 5), ("Round", 6),
    ]  # fmt: skip
    assert second.recurring_master().refresh().id == item.id
    with pytest.raises(ErrorCalendarOccurrenceIsDeletedFromRecurrence):
        item.occurrence(3).refresh()
    for index in (6, 2**31 - 1):
        with pytest.raises(ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange):
            item.occurrence(index).refresh()
    fourth = item.occurrence(4).refresh()
    fourth.start, fourth.end = at(2026, 3, 6, 8), at(2026, 3, 6, 9, 30)
    with pytest.raises(ErrorOccurrenceCrossingBoundary):
        fourth.save()
    item.refresh()
    item.start, item.end = at(2026, 3, 2, 14), at(2026, 3, 2, 15)
    item.save(update_fields=["start", "end"])
    assert [(one.subject, one.start.astimezone(ZONE).hour) for one in view(owner)] == [("Round", 14)] * 5
    for one in view(owner):
        one.delete()
    assert list(owner.calendar.all()) == []


def test_a_series_becomes_single_and_moves_as_a_whole(owner: exchangelib.Account) -> None:
    item = make(owner, r.WeeklyPattern(interval=1, weekdays=[1], first_day_of_week=1), number=3)
    item.refresh()
    item.start, item.end = at(2026, 3, 9, 9), at(2026, 3, 9, 10)
    item.save(update_fields=["start", "end"])
    assert [one.start.astimezone(ZONE).day for one in view(owner)] == [9, 16, 23]
    item.refresh()
    item.recurrence = None
    item.save(update_fields=["recurrence"])
    assert [(one.type, one.start) for one in view(owner)] == [("Single", at(2026, 3, 9, 9))]


def test_all_day_and_the_edges_of_a_view(owner: exchangelib.Account) -> None:
    day = exchangelib.EWSDate(2026, 3, 29)  # the clocks change
    item = exchangelib.CalendarItem(
        account=owner, folder=owner.calendar, subject="Day", is_all_day=True, start=day, end=day
    ).save()
    item.refresh()
    assert (item.start, item.duration) == (day, "PT23H")
    assert len(view(owner, at(2026, 3, 29, 12), at(2026, 3, 29, 13))) == 1
    assert len(view(owner, at(2026, 3, 30), at(2026, 3, 31))) == 1  # what ends at the start is given too
    assert view(owner, at(2026, 3, 28), at(2026, 3, 29)) == []
    make(owner, r.DailyPattern(interval=1))
    assert len(view(owner, at(2026, 4, 1), at(2026, 5, 1), max_items=7)) == 7


_MOST = st.integers(0, 20)


@settings(
    max_examples=many(40), suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(_MOST, st.integers(1, 9), st.integers(1, 40), st.integers(0, 30)), max_size=5),
       st.integers(0, 80), st.integers(1, 60))  # fmt: skip
def test_a_view_is_what_counting_finds(
    sandbox: Sandbox, alice: Wire, rules: list[tuple[int, int, int, int]], begin: int, length: int
) -> None:
    """Daily series of any interval and length, and appointments: a view has each that overlaps it, once."""
    zero = datetime(2026, 3, 1, 8, tzinfo=UTC)
    expected: Counter[str] = Counter()
    start, end = zero + timedelta(days=begin), zero + timedelta(days=begin + length)
    items = []
    for first, interval, count, hours in rules:
        hours = min(hours, interval * 24)  # noqa: PLW2901 - occurrences don't overlap
        at_first = zero + timedelta(days=first)
        items.append(
            f"<t:CalendarItem><t:Subject>x</t:Subject><t:Start>{at_first:%FT%TZ}</t:Start>"
            f"<t:End>{at_first + timedelta(hours=hours):%FT%TZ}</t:End><t:Recurrence><t:DailyRecurrence>"
            f"<t:Interval>{interval}</t:Interval></t:DailyRecurrence><t:NumberedRecurrence>"
            f"<t:StartDate>{at_first:%F}</t:StartDate><t:NumberOfOccurrences>{count}</t:NumberOfOccurrences>"
            "</t:NumberedRecurrence></t:Recurrence></t:CalendarItem>"
        )
        for number in range(count):
            moment = at_first + timedelta(days=number * interval)
            if moment < end and moment + timedelta(hours=hours) >= start:
                expected[f"{moment:%FT%TZ}"] += 1
    if items:
        assert set(alice.create("".join(items)).codes) == {"NoError"}
    got = alice(_view(f"{start:%FT%TZ}", f"{end:%FT%TZ}"))
    assert Counter(got.texts("t:Start")) == expected
    assert got.texts("t:Start") == sorted(got.texts("t:Start"))
    ids = {one for one, _ in got.ids}
    assert len(ids) == sum(expected.values())
    for one in {found for found, _ in alice.find("calendar").ids}:
        assert alice(_delete(one)).codes == ["NoError"]


def _view(start: str, end: str, more: str = "", folder: str = "calendar") -> str:
    return (
        '<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>'
        f'<m:CalendarView StartDate="{start}" EndDate="{end}" {more}/><m:ParentFolderIds>'
        f'<t:DistinguishedFolderId Id="{folder}"/></m:ParentFolderIds></m:FindItem>'
    )


def _delete(item: str) -> str:
    return (
        '<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone">'
        f'<m:ItemIds><t:ItemId Id="{item}"/></m:ItemIds></m:DeleteItem>'
    )


def appointment(
    rule: str = "", *, start: str = "2026-11-24T09:00:00", end: str = "2026-11-24T10:00:00"
) -> str:
    return (
        f"<t:CalendarItem><t:Subject>x</t:Subject><t:Start>{start}</t:Start><t:End>{end}</t:End>"
        f"{rule and f'<t:Recurrence>{rule}</t:Recurrence>'}</t:CalendarItem>"
    )


def daily(days: int = 1, end: str = "") -> str:
    kind = "EndDateRecurrence" if end else "NoEndRecurrence"
    stop = f"<t:StartDate>2026-11-24</t:StartDate>{end and f'<t:EndDate>{end}</t:EndDate>'}"
    pattern = f"<t:DailyRecurrence><t:Interval>{days}</t:Interval></t:DailyRecurrence>"
    return f"{pattern}<t:{kind}>{stop}</t:{kind}>"


def weekly(days: str) -> str:
    return (
        f"<t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>{days}</t:DaysOfWeek></t:WeeklyRecurrence>"
        "<t:NumberedRecurrence><t:StartDate>2026-11-24Z</t:StartDate><t:NumberOfOccurrences>3"
        "</t:NumberOfOccurrences></t:NumberedRecurrence>"
    )


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (appointment(daily(0)), "ErrorCalendarInvalidRecurrence"),
        (appointment(daily(1, "2026-11-01")), "ErrorCalendarEndDateIsEarlierThanStartDate"),
        (appointment(daily(1, "4501-01-01")), "ErrorCalendarOutOfRange"),
        (appointment(daily(1, "soon")), "ErrorSchemaValidation"),
        (appointment(weekly("Weekday")), "ErrorCalendarInvalidDayForWeeklyRecurrence"),
        (appointment(weekly("Someday")), "ErrorSchemaValidation"),
        (appointment(weekly("")), "ErrorCalendarInvalidDayForWeeklyRecurrence"),
        (appointment(daily(), end="2026-11-27T09:00:00"), "ErrorOccurrenceTimeSpanTooBig"),
        (appointment(end="2036-11-27T09:00:00"), "ErrorCalendarDurationIsTooLong"),
        (appointment(end="2026-11-23T09:00:00"), "ErrorCalendarEndDateIsEarlierThanStartDate"),
        (
            appointment("<t:DailyRegeneration><t:Interval>1</t:Interval></t:DailyRegeneration>"),
            "ErrorSchemaValidation",
        ),
    ],
)
def test_recurrences_that_are_refused(alice: Wire, item: str, code: str) -> None:
    assert alice.create(item).codes == [code]
    assert alice.find("calendar").ids == []


def test_ids_that_do_not_fit_and_views_that_are_refused(alice: Wire) -> None:
    ((series, _),) = alice.create(appointment(weekly("Tuesday Thursday"))).ids
    ((single, _),) = alice.create(appointment()).ids

    def get(element: str) -> list[str]:
        ids = f"<m:ItemIds>{element}</m:ItemIds>"
        return alice(f"<m:GetItem>{alice.shape('calendar:Start')}{ids}</m:GetItem>").codes

    occurrence = alice(_view("2026-11-25T00:00:00Z", "2026-11-27T00:00:00Z")).ids[0][0]
    index = '<t:OccurrenceItemId RecurringMasterId="{}" InstanceIndex="{}"/>'
    assert get(index.format(series, 3)) == ["NoError"]
    assert get(index.format(series, 0)) == ["ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange"]
    assert get(index.format(single, 1)) == ["ErrorCalendarCannotUseIdForRecurringMasterId"]
    assert get(index.format(series, "first")) == ["ErrorSchemaValidation"]
    assert get(f'<t:RecurringMasterItemId OccurrenceId="{occurrence}"/>') == ["NoError"]
    assert get(f'<t:RecurringMasterItemId OccurrenceId="{series}"/>') == [
        "ErrorCalendarCannotUseIdForOccurrenceId"
    ]
    ranges = (
        f'<t:RecurringMasterItemIdRanges Id="{series}"><t:Ranges><t:Range Start="2026-11-25T00:00:00Z"'
        ' Count="1"/></t:Ranges></t:RecurringMasterItemIdRanges>'
    )
    got = alice(f"<m:GetItem>{alice.shape('calendar:Start')}<m:ItemIds>{ranges}</m:ItemIds></m:GetItem>")
    assert got.texts("t:Start") == ["2026-11-24T09:00:00Z", "2026-11-26T09:00:00Z"]
    move = (
        '<m:MoveItem><m:ToFolderId><t:DistinguishedFolderId Id="drafts"/></m:ToFolderId>'
        f'<m:ItemIds><t:ItemId Id="{occurrence}"/></m:ItemIds></m:MoveItem>'
    )
    assert alice(move).codes == ["ErrorCalendarCannotMoveOrCopyOccurrence"]
    known = ids.decode(store := UUID(bytes=base64.b64decode(series)[1:17]), series)
    for day in (1, 2**32 - 1):
        made_up = ids.encode_occurrence(store, known.mailbox, known.number, day)
        assert get(f'<t:ItemId Id="{made_up}"/>') == ["ErrorItemNotFound"]
    year = "2026-01-01T00:00:00Z"
    assert alice(_view(year, "2029-01-01T00:00:00Z")).codes == ["ErrorCalendarViewRangeTooBig"]
    assert alice(_view(year, "2025-01-01T00:00:00Z")).codes == ["ErrorCalendarEndDateIsEarlierThanStartDate"]
    assert alice(_view(year, year, folder="inbox")).codes == ["ErrorCalendarFolderIsInvalidForCalendarView"]
    page = alice(_view(year, "2027-01-01T00:00:00Z", 'MaxEntriesReturned="3"'))
    assert page.all("m:RootFolder")[0].get("IncludesLastItemInRange") == "false"


def test_nothing_is_attached_to_an_occurrence_or_done_with_ranges(alice: Wire) -> None:
    """Neither may happen to the series instead."""
    ((master, _),) = alice.create(appointment(daily())).ids
    ((occurrence, key), *_) = alice(_view("2026-11-24T00:00:00Z", "2026-12-01T00:00:00Z")).ids
    what = "<t:FileAttachment><t:Name>a.txt</t:Name><t:Content>AAAA</t:Content></t:FileAttachment>"
    refused = alice(
        f'<m:CreateAttachment><m:ParentItemId Id="{occurrence}" ChangeKey="{key}"/><m:Attachments>{what}'
        "</m:Attachments></m:CreateAttachment>"
    )
    assert refused.codes == ["ErrorInvalidOperation"]
    ranges = f'<t:RecurringMasterItemIdRanges Id="{master}"/>'
    deletion = alice(
        f'<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds>{ranges}'
        "</m:ItemIds></m:DeleteItem>"
    )
    assert deletion.codes == ["ErrorInvalidOperation"]
    got = alice.get(master, "item:HasAttachments")
    assert (got.codes, got.text("t:HasAttachments")) == (["NoError"], "false")


def test_conflicts_and_neighbours(alice: Wire) -> None:
    alice.create(appointment(daily()))
    alice.create(appointment(start="2026-11-26T10:00:00", end="2026-11-26T11:00:00"))
    ((mine, _),) = alice.create(appointment(start="2026-11-26T09:30:00", end="2026-11-26T10:00:00")).ids
    got = alice.get(mine, "calendar:ConflictingMeetingCount", "calendar:AdjacentMeetingCount",
                    "calendar:ConflictingMeetings")  # fmt: skip
    assert got.text("t:ConflictingMeetingCount") == "1"
    assert got.text("t:AdjacentMeetingCount") == "1"
    assert got.texts("t:Start") == ["2026-11-26T09:00:00Z"]


def test_a_stale_change_key_of_an_occurrence_conflicts(alice: Wire) -> None:
    alice.create(appointment(daily()))
    occurrence = alice(_view("2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z")).ids[0]
    change = set_field("item:Subject", "<t:Subject>y</t:Subject>", "CalendarItem")

    def update() -> list[str]:
        return alice(
            '<m:UpdateItem ConflictResolution="AutoResolve"'
            ' SendMeetingInvitationsOrCancellations="SendToNone">'
            f'<m:ItemChanges><t:ItemChange><t:ItemId Id="{occurrence[0]}" ChangeKey="{occurrence[1]}"/>'
            f"<t:Updates>{change}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>"
        ).codes

    assert update() == ["NoError"]
    assert update() == ["ErrorIrresolvableConflict"]


def test_the_clock_of_the_series_zone_decides(owner: exchangelib.Account, alice: Wire) -> None:
    item = make(owner, r.DailyPattern(interval=1), number=40)
    found = view(owner)
    assert {one.start.astimezone(ZONE).hour for one in found} == {9}
    assert {one.start.hour for one in found} == {7, 8}
    assert found[-1].start.astimezone(ZONE).date() == date(2026, 4, 10)
    got = alice.get(item.id, "calendar:StartTimeZone", "calendar:StartTimeZoneId", "calendar:StartWallClock")
    assert got.text("t:StartTimeZoneId") == "W. Europe Standard Time"
    assert got.text("t:StartWallClock") == "2026-03-02T09:00:00+01:00"
    assert len(got.all("t:Period")) == 2


_STEPS = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(("rename", "move", "delete", "back")), st.integers(-3, 3)),
    max_size=12,
)


@settings(
    max_examples=many(25), suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(_STEPS)
def test_whatever_becomes_of_occurrences_the_view_shows_it(
    sandbox: Sandbox, alice: Wire, steps: list[tuple[int, str, int]]
) -> None:
    """Renaming, moving and deleting occurrences, against a dictionary that does the same."""
    ((series, _),) = alice.create(appointment(weekly("Tuesday").replace(">3<", ">6<"))).ids
    zero = datetime(2026, 11, 24, 9, tzinfo=UTC)
    model = {number: [zero + timedelta(days=7 * (number - 1)), "x"] for number in range(1, 7)}
    for number, what, by in steps:
        element = f'<t:OccurrenceItemId RecurringMasterId="{series}" InstanceIndex="{number}"/>'
        if what == "delete":
            how = 'DeleteType="HardDelete" SendMeetingCancellations="SendToNone"'
            codes = alice(f"<m:DeleteItem {how}><m:ItemIds>{element}</m:ItemIds></m:DeleteItem>").codes
        else:
            start = zero + timedelta(days=7 * (number - 1) + (by if what == "move" else 0))
            fields = {"calendar:Start": f"<t:Start>{start:%FT%TZ}</t:Start>",
                      "calendar:End": f"<t:End>{start + timedelta(hours=1):%FT%TZ}</t:End>"}  # fmt: skip
            if what == "rename":
                fields = {"item:Subject": f"<t:Subject>{by}</t:Subject>"}
            changes = "".join(set_field(uri, child, "CalendarItem") for uri, child in fields.items())
            codes = alice(
                '<m:UpdateItem ConflictResolution="AlwaysOverwrite"'
                f' SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange>{element}'
                f"<t:Updates>{changes}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>"
            ).codes
        if number not in model:
            gone = "ErrorItemNotFound" if not model else "ErrorCalendarOccurrenceIsDeletedFromRecurrence"
            assert codes == [gone]
            continue
        assert codes == ["NoError"]
        if what == "delete":
            del model[number]
        elif what == "rename":
            model[number][1] = str(by)
        else:
            model[number][0] = start
    got = alice(_view("2026-11-01T00:00:00Z", "2027-03-01T00:00:00Z"))
    shown = list(zip(got.texts("t:Start"), got.texts("t:Subject"), strict=True))
    assert shown == [(f"{start:%FT%TZ}", subject) for start, subject in sorted(model.values())]
    about = alice.get(series, "calendar:ModifiedOccurrences", "calendar:DeletedOccurrences")
    assert len(about.all("t:DeletedOccurrence")) == (6 - len(model) if model else 0)
    alice(_delete(series))
