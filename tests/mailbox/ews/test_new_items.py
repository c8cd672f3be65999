"""What ackd writes is what exchangelib writes of the same item."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from exchangelib import (
    CalendarItem,
    EWSDate,
    EWSDateTime,
    EWSTimeZone,
    HTMLBody,
    Mailbox,
    Message,
    Version,
)
from exchangelib import Task as LibraryTask
from exchangelib.version import EXCHANGE_2016
from lxml import etree

import tests.exchangelib_items  # noqa: F401  its properties are registered
from ackd.mailbox import own_properties
from ackd.mailbox.ews import fields, new_items
from ackd.model import Address, Appointment, Importance, Letter, Sensitivity, Task

NOW = datetime(2026, 11, 30, 10, 0, 30, 123, tzinfo=UTC)
BERLIN, INDIA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
FORBIDDEN = "\x00\x0b\x1f\x85\x9f\ufffe"
TEXTS = ("plain", "", "two\nlines\tand a tab", "<b>&amp;</b>", FORBIDDEN, "ü 漢 😀", "x" * 300)

pytestmark = pytest.mark.every(1)  # they are cheap


def canonical(element: Any) -> bytes:
    """As bytes that tell of nothing but what it says; of exchangelib's properties in any order."""
    written: bytes = etree.tostring(element, method="c14n2")
    return written


def theirs(item: Any) -> bytes:
    return canonical(item.to_xml(version=Version(EXCHANGE_2016)))


def ews(moment: datetime, zone: ZoneInfo) -> EWSDateTime:
    local = moment.astimezone(zone).replace(microsecond=0)
    return EWSDateTime.from_datetime(local.replace(tzinfo=EWSTimeZone.from_timezone(zone)))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("author", ["", "alice@corp.example"])
def test_a_letter(text: str, author: str) -> None:
    bob = Address("bob@corp.example", text)
    letter = Letter("t0", bob, text, "", text, in_reply_to=text and "<q@x>", references=("<r@x>", "<q@x>"))
    message = Message(
        subject=text[:255],
        body=HTMLBody(text),
        author=Mailbox(email_address=author) if author else None,
        to_recipients=[Mailbox(name=text or None, email_address=bob.email)],
        in_reply_to=letter.in_reply_to or None,
        references="<r@x> <q@x>",
        ackd_token="t0",
        ackd_mark="1",
        ackd_auto_submitted="auto-replied",
        ackd_suppress=own_properties.SUPPRESS_ANSWERS,
    )
    assert canonical(new_items.letter_item(letter, author)) == theirs(message)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("zone", [BERLIN, INDIA, ZoneInfo("UTC")], ids=lambda zone: zone.key)
def test_a_task(text: str, zone: ZoneInfo) -> None:
    due, names = date(2026, 12, 1), (text[:200],) if text else ()
    task = Task(
        token="t0",
        message_id="<q@x>",
        asker="bob@corp.example",
        promised=NOW,
        subject=text,
        body=text,
        due_date=due,
        reminder=NOW,
        categories=names,
        importance=Importance.HIGH,
        sensitivity=Sensitivity.CONFIDENTIAL,
        moves=len(names),
    )
    item = LibraryTask(
        subject=text[:255],
        body=text,
        due_date=EWSDate.from_date(due),
        reminder_is_set=True,
        reminder_due_by=ews(NOW, zone),
        categories=list(names) or None,
        importance="High",
        sensitivity="Confidential",
        ackd_token="t0",
        ackd_question="<q@x>",
        ackd_asker="bob@corp.example",
        ackd_promised="2026-11-30T10:00:30+00:00",
        ackd_moves=str(len(names)) if names else None,
    )
    assert canonical(new_items.task_item(task, zone)) == theirs(item)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("zone", [BERLIN, INDIA, ZoneInfo("UTC")], ids=lambda zone: zone.key)
def test_a_calendar_entry(text: str, zone: ZoneInfo) -> None:
    entry = Appointment("t0", NOW, NOW, text, text, (), Sensitivity.PRIVATE)
    item = CalendarItem(
        subject=text[:255],
        body=text,
        start=ews(NOW, zone),
        end=ews(NOW, zone),
        legacy_free_busy_status="Free",
        reminder_is_set=False,
        sensitivity="Private",
        ackd_token="t0",
    )
    assert canonical(new_items.appointment_item(entry, zone)) == theirs(item)


def test_a_task_without_its_reminders_moment_has_what_is_behind_it() -> None:
    task = Task("t0", "<q@x>", "", NOW, "s", "b", NOW.date(), NOW, ())
    made = new_items.task_item(task, BERLIN, keeps_reminders=False)
    ids = Counter(uri.get("PropertyId") for uri in made.iterfind(".//{*}ExtendedFieldURI"))
    assert {one: ids[str(one)] for one in (fields.REMINDER_TIME, fields.REMINDER_SIGNAL)} == {
        fields.REMINDER_TIME: 1,
        fields.REMINDER_SIGNAL: 1,
    }
    assert made.find("{*}ReminderDueBy") is None


@pytest.mark.parametrize("name", ["", "\ud800"])
def test_what_no_item_can_hold_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"without an address|surrogates"):
        new_items.letter_item(Letter("t0", Address(name), "s", "", "h", ""), "")
