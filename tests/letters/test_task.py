"""The task: one look must be enough to start answering."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ackd.letters.task import task
from ackd.model import Address, EffectKind, Importance, Promise, Sensitivity, Task, Urgency, token_of
from tests.letters.values import CALENDAR, NOW, OWNER, PROMISE, promise

BODY = """\
Jones, Bob (Sales) <bob@corp.example> asks:
Could you send me the latest figures?

Promised: an answer by Thursday, 26 November, 17:00.

The message:
Hi Alice,

Could you send me the latest figures?

Bob

The mail came to alice@corp.example on Tuesday, 24 November, 10:02.
To find it, search for: from:bob@corp.example subject:"Budget 2027"
Message-ID: <q1@corp.example>
"""


def made(of: Promise) -> Task:
    return task(of, OWNER, CALENDAR, "Promised", NOW)


def test_a_task_tells_who_what_and_by_when() -> None:
    written = made(PROMISE)
    assert written.subject == "Answer Jones, Bob (Sales) by Thu 26 Nov, 17:00: Budget 2027"
    assert written.body == BODY
    assert written.due_date == date(2026, 11, 26)
    assert written.reminder == PROMISE.reminder
    assert written.categories == ("Promised",)
    assert written.asker == "bob@corp.example"
    assert written.promised == PROMISE.due
    assert written.token == token_of("<q1@corp.example>", EffectKind.TASK)


def test_the_due_date_is_the_owners_own() -> None:
    late = replace(PROMISE, due=PROMISE.due + timedelta(hours=7, minutes=15))  # 00:15 in Berlin
    assert made(late).due_date == date(2026, 11, 27)


def test_a_reminder_is_never_in_the_past() -> None:
    assert made(replace(PROMISE, reminder=NOW - timedelta(hours=1))).reminder == NOW


@pytest.mark.parametrize(
    ("urgency", "importance"),
    [
        (Urgency.URGENT, Importance.HIGH),
        (Urgency.NORMAL, Importance.NORMAL),
        (Urgency.NO_RUSH, Importance.LOW),
    ],
)
def test_importance_shows_the_urgency(urgency: Urgency, importance: Importance) -> None:
    assert made(promise(urgency=urgency)).importance is importance


@pytest.mark.parametrize("sensitivity", [Sensitivity.PRIVATE, Sensitivity.CONFIDENTIAL])
def test_a_secret_question_tells_only_who_asks(sensitivity: Sensitivity) -> None:
    written = made(
        promise(sensitivity=sensitivity, subject="Redundancies", text="about Carol", sentence="fire her?")
    )
    assert written.sensitivity is sensitivity
    for word in ("Redundancies", "Carol", "fire"):
        assert word not in written.subject + written.body
    assert "Jones, Bob" in written.subject
    assert "17:00" in written.subject


def test_the_deadline_and_the_words_of_another_language_are_shown() -> None:
    body = made(promise(language="de", deadline=NOW + timedelta(hours=3))).body
    assert "In the words of the letter: Donnerstag, 26. November, 17:00 Uhr." in body
    assert "Asked for by Tuesday, 24 November, 13:02, which could not be promised." in body


def test_hostile_text_stays_text_of_bounded_length() -> None:
    written = made(
        promise(
            asker=Address("eve@corp.example", "Eve\r\nBcc: x\u202e" + "e" * 5000),
            subject="{{7*7}} <script>\r\nX: y " + "s" * 10_000,
            text="t\x00\u202e" * 500_000,
            sentence="s" * 100_000,
        )
    )
    assert len(written.subject) <= 255
    assert len(written.body) < 12_000
    assert not set("\r\x00\u202e") & set(written.subject + written.body)
    assert "\n" not in written.subject
    assert "by Thu 26 Nov, 17:00" in written.subject


def test_a_question_without_subject_sentence_or_text() -> None:
    written = made(promise(subject=" ", sentence="", text="", asker=Address("bob@corp.example")))
    assert written.subject == "Answer bob@corp.example by Thu 26 Nov, 17:00"
    assert "asks for an answer" in written.body
    assert "subject:" not in written.body
