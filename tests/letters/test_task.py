"""The task: one look must be enough to start answering."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ackd.letters import Letters, letter
from ackd.letters.task import TaskStyle, appointment, task
from ackd.model import Address, EffectKind, Importance, Promise, Sensitivity, Task, Urgency, token_of
from ackd.text.languages import LANGUAGES
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


def test_a_deadline_is_shown_and_whether_it_can_be_met() -> None:
    late = made(promise(deadline=NOW + timedelta(hours=3))).body
    assert "Asked for by Tuesday, 24 November, 13:02, which could not be promised." in late
    met = made(promise(deadline=PROMISE.due)).body
    assert "Asked for by Thursday, 26 November, 17:00.\n" in met


def test_the_promise_is_shown_in_the_words_of_the_letter() -> None:
    far = promise(asker_offset=-5 * 60)
    assert "by Thursday, 26 November, 17:00 (CET)." in made(far).body
    assert "(CET)" in letter(far, OWNER, CALENDAR, Letters(), NOW).text
    near = promise(asker_offset=60)
    assert "CET" not in made(near).body + letter(near, OWNER, CALENDAR, Letters(), NOW).text


def test_a_task_is_in_the_owners_language_whatever_the_mails() -> None:
    asked = promise(language="de")
    assert made(asked).subject == made(PROMISE).subject
    german = task(asked, OWNER, CALENDAR, "", NOW, TaskStyle("de"))
    assert german.subject == "Antwort an Jones, Bob (Sales) bis Do. 26.11., 17:00: Budget 2027"
    french = task(asked, OWNER, CALENDAR, "", NOW, TaskStyle("fr"))
    wanted = "Répondre à Jones, Bob (Sales) au plus tard jeu. 26 nov., 17\u00a0h: Budget 2027"
    assert french.subject == wanted
    assert task(asked, OWNER, CALENDAR, "", NOW, TaskStyle("fi")).subject == made(PROMISE).subject


def test_a_link_opens_the_mail_in_outlook_on_the_web() -> None:
    link = "https://mail.corp.example/owa/?ItemID=AAMk%3D%2F%2B&exvsurl=1&viewmodel=ReadMessageItem"
    assert f"Open it: {link}\n" in made(promise(web_link=link)).body
    assert "Open it" not in made(promise(item="AAMk")).body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("placeholder", ["{who}", "{when}", "{sender}", "{kind}", "{owner}", "{link}"])
def test_a_name_that_looks_like_a_place_to_fill_in_stays_as_it_is(language: str, placeholder: str) -> None:
    asker = Address("bob@corp.example", placeholder)
    for sensitivity in (Sensitivity.NORMAL, Sensitivity.PRIVATE):
        asked = promise(asker=asker, sensitivity=sensitivity)
        written = task(asked, OWNER, CALENDAR, "", NOW, TaskStyle(language))
        assert written.subject.count(placeholder) == 1
        assert f"{placeholder} <bob@corp.example>" in written.body
        assert written.body.count("{") == 1


@pytest.mark.parametrize("sensitivity", [Sensitivity.PRIVATE, Sensitivity.CONFIDENTIAL])
def test_a_calendar_entry_tells_as_little_of_a_secret_question(sensitivity: Sensitivity) -> None:
    secret = promise(sensitivity=sensitivity, subject="Redundancies", text="about Carol", sentence="fire?")
    entry = appointment(secret, OWNER, CALENDAR, "Promised", NOW)
    assert entry.sensitivity is sensitivity
    assert not any(word in entry.subject + entry.body for word in ("Redundancies", "Carol", "fire"))


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
