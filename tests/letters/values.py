"""A promise and its people, for letters and tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ackd.model import Address, Owner, Promise, Question, WorkingHours
from ackd.promise.calendar import make

ROOT = Path(__file__).resolve().parents[2]
OWNER = Owner("alice@corp.example", "Alice Smith")
CALENDAR = make(ZoneInfo("Europe/Berlin"), WorkingHours.office())
NOW = datetime(2026, 11, 24, 9, 2, tzinfo=UTC)  # a Tuesday, 10:02 in Berlin
QUESTION = Question(
    message_id="<q1@corp.example>",
    asker=Address("bob@corp.example", "Jones, Bob (Sales)"),
    subject="Budget 2027",
    received=NOW,
    language="en",
    sentence="Could you send me the latest figures?",
    text="Hi Alice,\n\nCould you send me the latest figures?\n\nBob",
)
PROMISE = Promise(
    QUESTION,
    due=datetime(2026, 11, 26, 16, 0, tzinfo=UTC),
    reminder=datetime(2026, 11, 26, 14, 0, tzinfo=UTC),
    told=datetime(2026, 11, 26, 16, 0, tzinfo=UTC),
)


def promise(**changes: Any) -> Promise:
    """The promise with changes to its question."""
    return replace(PROMISE, question=replace(QUESTION, **changes))
