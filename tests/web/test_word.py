"""The owner's word on a mail, from its page: the next pass carries it out, and nothing before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ackd.model import Act, Lesson, MailKind, Mode, Page, Traits
from ackd.runtime.ledgers import shared_ledger
from ackd.views.lessons import find
from ackd.web.site import _percent
from tests.system.commands import in_process
from tests.web.office import NEWS, REFUND, THANKS, Office, Written
from tests.web.served import Served
from tests.web.test_pages import place


@pytest.fixture(name="office")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("office"), grace="2 business hours") as office:
        office.work()
        office.write(REFUND, NEWS, THANKS)
        office.work(minutes=5)
        yield office


@pytest.fixture(name="page")
def _page(office: Office) -> Iterator[Served]:
    with Served(office.config, office.clock) as served:
        yield served.enter()


def test_this_wasnt_a_question(page: Served, office: Office) -> None:
    """Within the grace period no letter goes, and ackd learns."""
    assert "Goes out by itself" in page.get("/").words
    done = page.post("/lesson", {"message_id": REFUND.message_id, "word": "none", "back": place(REFUND)})
    assert done.headers["location"] == f"{place(REFUND)}?did=said-none"
    assert "You said that it wasn’t a question: the next pass takes it in." in page.get(place(REFUND)).words
    office.work(minutes=1)
    office.work(hours=5)
    assert "withdrawn" in page.get(place(REFUND)).words
    assert "Nothing is promised." in page.get("/").words
    with shared_ledger(office.config, office.clock) as shared:
        (lesson,) = find(shared.ledger, shared.clock.now(), lambda moment: moment).lessons
    assert not lesson.asks


def test_this_was_a_question_teaches_and_sends_nothing(page: Served, office: Office) -> None:
    page.post("/lesson", {"message_id": THANKS.message_id, "word": "question"})
    office.work(minutes=1)
    with shared_ledger(office.config, office.clock) as shared:
        (lesson,) = find(shared.ledger, shared.clock.now(), lambda moment: moment).lessons
        assert not shared.ledger.snapshots([THANKS.message_id])
    assert lesson.asks
    listed = page.get("/lessons").words
    assert "1 lesson " in listed
    assert f"{THANKS.subject} Mon 23 Nov" in listed
    assert "You said that it was a question" in listed
    assert page.post("/lessons/switch", {"word": "off"}).headers["location"] == "/lessons?did=lessons-off"
    assert "They are off since Mon 23 Nov" in page.get("/lessons").words
    page.post("/lessons/switch", {"word": "on"})
    page.post("/lessons/undo", {"number": str(lesson.number)})
    assert "There are none yet." in page.get("/lessons").words
    assert page.post("/lessons/undo", {"number": str(lesson.number)}).status == 404
    assert page.post("/lessons/switch", {"word": "perhaps"}).status == 404


def test_a_hundred_lessons_are_light_and_all_there(page: Served, office: Office) -> None:
    traits = Traits("0" * 64, MailKind.QUESTION, ("request",), 0.5, 0.5)
    taught = tuple(
        Lesson(f"<{'é' * 100}{n:03}@corp.example>", office.now + timedelta(seconds=n), Act.SAID_NO, traits)
        for n in range(100)
    )
    with shared_ledger(office.config, office.clock) as shared:
        shared.ledger.record(Page(office.now, Mode.SEND, lessons=taught))
    path, seen = "/lessons", ""
    while path:
        answer = page.get(path)
        assert len(answer.text.encode()) < 80_000, "beside style and script, as test_pages_are_light says"
        assert "100 lessons" in answer.words
        seen += answer.text
        path = next(iter(re.findall(r'href="(/lessons\?skip=\d+)">Earlier ones', answer.text)), "")
    assert re.findall(r"é(\d{3})@", seen) == [f"{number:03}" for number in reversed(range(100))]
    assert page.get("/lessons?skip=1000000").status == 200
    assert page.get("/lessons?skip=-1").status == 404


@pytest.mark.long
def test_what_a_mail_would_be_today_is_what_explain_says_lessons_too(page: Served, office: Office) -> None:
    before = asked(office, THANKS)
    page.post("/lesson", {"message_id": THANKS.message_id, "word": "question"})
    office.work(minutes=1)
    after = asked(office, THANKS)
    assert after > before, "a lesson moves it"
    assert f"left alone : {_percent(after)} that it asks something of you" in page.get(place(THANKS)).words


def asked(office: Office, mail: Written) -> float:
    """How probably it asks, by the command."""
    options = ("--config", str(office.config), "--clock", str(office.clock), "--json")
    done = in_process("explain", "--message-id", mail.message_id, *options, check=True)
    return float(json.loads(done.stdout)["request"])


def test_a_mail_that_was_left_is_acknowledged_after_all_by_the_letter_that_was_shown(
    page: Served, office: Office
) -> None:
    shown = page.get(place(THANKS)).words
    assert "Acknowledge it after all" in shown
    assert "Hello Carol," in shown
    for _ in range(2):  # a double click is one
        done = page.post("/order", {"message_id": THANKS.message_id})
        assert done.headers["location"] == "/?did=ordered"
    assert "You ordered its letter: the next pass writes it." in page.get(place(THANKS)).words
    office.work(minutes=1)
    became = page.get(place(THANKS)).words
    assert "acknowledgement done" in became
    assert "Acknowledge it after all" not in became
    assert page.post("/order", {"message_id": THANKS.message_id}).status == 404, "and never twice"


def test_what_is_no_persons_mail_is_never_acknowledged_from_here(page: Served) -> None:
    assert "Acknowledge it after all" not in page.get(place(NEWS)).words
    assert page.post("/order", {"message_id": NEWS.message_id}).status == 404


def test_nothing_is_ordered_while_sending_is_held_or_in_preview(page: Served, office: Office) -> None:
    page.post("/pause", {})
    assert "Acknowledge it after all" not in page.get(place(THANKS)).words
    held = page.post("/order", {"message_id": THANKS.message_id})
    assert held.status == 503
    assert "all sending is held" in held.words
    page.post("/resume", {})
    office.configure(mode="preview")
    assert "mode is preview" in page.post("/order", {"message_id": THANKS.message_id}).words


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"message_id": THANKS.message_id, "word": "perhaps"},
        {"message_id": "<nobody@corp.example>", "word": "none"},
    ],
)
def test_a_word_on_no_mail_of_the_record_is_refused(page: Served, form: dict[str, str]) -> None:
    assert page.post("/lesson", form).status == 404
    assert page.post("/lesson", {**form, "message_id": "<\0>"}).status == 404


@pytest.mark.long
def test_held_letters_and_unanswered_questions_are_shown_with_their_letters(
    page: Served, office: Office
) -> None:
    page.post("/pause", {})
    office.work(hours=3)
    page.post("/resume", {})
    assert "1 question without a letter" in page.get("/").words
    listed = page.get("/unanswered")
    assert "A letter now would promise" in listed.words
    assert "Hello Bob," in listed.words
    page.post("/order", {"message_id": REFUND.message_id, "back": "/unanswered"})
    office.work(minutes=1)
    assert "acknowledgement done" in page.get(place(REFUND)).words


def test_many_questions_without_a_letter_are_light_and_all_there(tmp_path: Path) -> None:
    """What preview leaves in a busy week."""
    asked = [replace(REFUND, subject=f"Refund for order {4000 + number}") for number in range(30)]
    with Office(tmp_path, mode="preview") as office:
        office.work()
        office.write(*asked)
        office.work(minutes=5)
        with Served(office.config, office.clock) as page:
            page.enter()
            first = page.get("/unanswered")
            assert "The next of 30" in first.words
            assert len(first.text.encode()) < 80_000
            second = page.get("/unanswered?skip=25")
            assert "The next of" not in second.words
            found = re.findall(r"Refund for order (4\d{3})</a>", first.text + second.text)
    assert found == [str(4000 + number) for number in range(30)]
