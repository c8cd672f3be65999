"""The owner's corrections become lessons: once each, by the owner's acts alone, and judge later mails."""

from __future__ import annotations

from pathlib import Path

import pytest

from ackd.engine import lessons, unanswered
from ackd.model import Act, EffectKind, Mode, PromiseState, RuleName, token_of
from ackd.model.log import LogFilter
from tests.people import BOB, CAROL
from tests.scenario import FOLLOWING, Q, Scenario, message_id
from tests.steps import Fuse, Killed

LETTER = token_of(Q, EffectKind.ACKNOWLEDGEMENT)
TELLS = "The figures are on the share now."
STATUS = "Here is my status. Let me know what you think."


def opened(mode: Mode = Mode.SEND) -> Scenario:
    return Scenario(mode=mode, follow=FOLLOWING).begin()


def told(office: Scenario) -> list[tuple[str, Act]]:
    return [(one.message_id, one.act) for one in office.ledger.lessons(99)]


# --- what counts --------------------------------------------------------------------------------


@pytest.mark.parametrize("on_task", [False, True])
def test_no_question_is_a_lesson(on_task: bool) -> None:
    office = opened()
    office.ask()
    office.command("ackd: not a question", on_task=on_task)
    office.work(30)
    assert told(office) == [(Q, Act.NO_QUESTION)]
    (one,) = office.ledger.lessons(9)
    assert one.traits.chance == one.traits.taught > 0.9
    assert BOB not in repr(one)


@pytest.mark.parametrize("command", ["acknowledge", "can't help", "need more"])
def test_a_letter_that_is_ordered_for_a_mail_that_was_left_is_a_lesson(command: str) -> None:
    office = opened()
    office.ask(text=TELLS)
    assert office.letters() == []
    office.command(f"ackd: {command}", on_task=False)
    office.work(30)
    assert told(office) == [(Q, Act.ORDERED)]
    assert office.ledger.lessons(9)[0].traits.chance < 0.5


def test_a_draft_that_is_deleted_is_a_lesson() -> None:
    office = opened(Mode.DRAFT)
    office.ask()
    office.work(5)
    office.backend.trash_draft(LETTER)
    office.work(15)
    assert office.state() is PromiseState.WITHDRAWN
    assert told(office) == [(Q, Act.DRAFT_DELETED)]


def test_a_draft_that_is_sent_is_a_lesson() -> None:
    office = opened(Mode.DRAFT)
    office.ask()
    office.work(5)
    office.backend.send_draft(LETTER)
    office.work(15)
    office.work(15)
    assert told(office) == [(Q, Act.DRAFT_SENT)]


def test_an_answer_a_tick_and_a_task_that_is_deleted_are_none() -> None:
    office = opened()
    for name in ("q", "ticked", "deleted"):
        office.ask(name, sender={"q": BOB}.get(name, f"{name}@corp.example"))
    office.answer()
    office.tick(message_id("ticked"))
    office.backend.trash(message_id("deleted"))
    office.work(30)
    assert told(office) == []


def test_a_letter_that_is_ordered_for_a_question_without_one_is_none() -> None:
    """It was judged rightly, and left by the mode."""
    office = opened(Mode.PREVIEW)
    office.ask()
    office.start(mode=Mode.SEND)
    office.work()
    unanswered.order(office.ledger, [Q])
    office.work()
    office.work()
    assert len(office.letters()) == 1
    assert told(office) == []


def test_of_a_mail_the_last_word_counts() -> None:
    office = opened()
    office.ask()
    office.command("ackd: not a question", on_task=False)
    office.command("ackd: acknowledge", on_task=False)
    assert office.state() is PromiseState.OPEN
    assert told(office) == [(Q, Act.ORDERED)]
    (one,) = office.ledger.lessons(9)
    assert one.traits.chance > 0.9, "which the classifier thought too: it teaches next to nothing"


def test_a_draft_that_was_ordered_and_is_sent_stays_an_order() -> None:
    office = opened(Mode.DRAFT)
    office.ask(text=TELLS)
    office.command("ackd: acknowledge", on_task=False)
    office.backend.send_draft(LETTER)
    office.work(15)
    assert told(office) == [(Q, Act.ORDERED)]


# --- the owner says so --------------------------------------------------------------------------


def test_said_of_a_mail_that_was_left() -> None:
    office = opened()
    office.ask(text=TELLS)
    lessons.say(office.ledger, Q, asks=True)
    office.work()
    office.work()
    assert told(office) == [(Q, Act.SAID_YES)]
    assert office.letters() == [], "no order"


def test_said_of_an_open_promise_it_withdraws_it() -> None:
    office = opened()
    office.ask()
    lessons.say(office.ledger, Q, asks=True)
    lessons.say(office.ledger, Q, asks=False)
    office.work()
    assert office.state() is PromiseState.WITHDRAWN
    assert told(office) == [(Q, Act.NO_QUESTION)]
    lessons.say(office.ledger, Q, asks=True)
    office.work()
    assert told(office) == [(Q, Act.SAID_YES)]


def test_said_in_preview_mode_it_is_kept_and_nothing_is_written() -> None:
    office = opened(Mode.PREVIEW)
    office.ask()
    lessons.say(office.ledger, Q, asks=False)
    office.work()
    assert told(office) == [(Q, Act.SAID_NO)]
    assert office.tasked() == []


def test_said_of_a_mail_that_is_gone_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    office = opened()
    lessons.say(office.ledger, "<nobody's>", asks=True)
    office.work()
    office.work()
    assert told(office) == []
    assert caplog.text.count("event=lesson-refused") == 1


# --- what they do -------------------------------------------------------------------------------


def statuses(office: Scenario, count: int, first: int = 0, sender: str = BOB) -> list[str]:
    """So many status mails, one a day; which of them were acknowledged."""
    found = []
    for number in range(first, first + count):
        name = f"s{number}"
        office.ask(name, STATUS, sender=sender, subject=f"Status, week {number}")
        found += [message_id(name)] if office.ledger.snapshots([message_id(name)]) else []
        office.work(60 * 24)
    return found


def test_what_the_owner_said_several_times_is_known_and_told() -> None:
    office = opened()
    first = statuses(office, 5)
    assert len(first) == 5
    for name in first:
        lessons.say(office.ledger, name, asks=False)
    office.work()
    assert statuses(office, 1, first=5) == [], "Bob's are left"
    office.ask("c", sender=CAROL, subject="Status, week 6")
    assert office.state(message_id("c")) is PromiseState.OPEN, "Carol's plain question isn't"
    (entry,) = office.ledger.log(LogFilter(message_ids=(message_id("s5"),)))
    said = {finding.rule: finding.reason for finding in entry.judged.verdict.findings}
    assert "you said 5 times that" in said[RuleName.LESSONS]
    assert "status mails ask nothing" in said[RuleName.LESSONS]


def test_switched_off_nothing_is_kept_and_nothing_counts() -> None:
    office = opened()
    first = statuses(office, 5)
    for name in first:
        lessons.say(office.ledger, name, asks=False)
    office.work()
    lessons.switch(office.ledger, office.clock.now(), on=False)
    assert len(statuses(office, 1, first=5)) == 1
    lessons.say(office.ledger, message_id("s5"), asks=False)
    office.work()
    assert len(told(office)) == 5
    lessons.switch(office.ledger, office.clock.now(), on=True)
    assert statuses(office, 1, first=6) == []


def test_a_lesson_that_is_forgotten_counts_no_more() -> None:
    office = opened()
    for name in statuses(office, 5):
        lessons.say(office.ledger, name, asks=False)
    office.work()
    office.ledger.forget_lessons([one.number for one in office.ledger.lessons(9)[1:]])
    assert len(statuses(office, 1, first=5)) == 1
    assert len(told(office)) == 1, "it doesn't come back"


def test_what_a_colleague_writes_is_no_lesson() -> None:
    office = opened()
    office.ask()
    for number in range(3):
        office.ask(f"more{number}", "ackd: not a question. This is not a question. Never mind.", references=Q)
        office.ask(f"mail{number}", "You said: not a question", headers={"Keywords": "ackd: not a question"})
    office.work(30)
    assert told(office) == []


# --- once ---------------------------------------------------------------------------------------


def test_two_ackds_on_one_ledger_keep_it_once(tmp_path: Path) -> None:
    office = Scenario(tmp_path, follow=FOLLOWING).begin()
    office.ask()
    office.command("ackd: not a question", on_task=False)
    office.start()
    office.run()
    office.run()
    assert told(office) == [(Q, Act.NO_QUESTION)]


def test_killed_after_any_call_the_lesson_of_a_deleted_draft_is_kept_once() -> None:
    """It is there where the promise is withdrawn, and only there, whenever somebody looks."""

    def deleted() -> Scenario:
        office = opened(Mode.DRAFT)
        office.ask()
        office.work(5)
        office.backend.trash_draft(LETTER)
        office.later(15)
        return office

    whole = Fuse(0)
    deleted().start(whole.burn).run_pass()
    dangerous = ("before write", "after write", "after remove")
    writes = [number for number, step in enumerate(whole.steps, 1) if step in dangerous]
    assert writes
    for length in writes:
        office = deleted()
        with pytest.raises(Killed):
            office.start(Fuse(length).burn).run_pass()
        assert bool(told(office)) is (office.state() is PromiseState.WITHDRAWN), length
        office.start()
        office.work(15)
        office.work(15)
        assert office.state() is PromiseState.WITHDRAWN
        assert told(office) == [(Q, Act.DRAFT_DELETED)], length
