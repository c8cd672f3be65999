"""The daemon is killed before and after every call of a port, and started again: always exactly
one acknowledgement and one task for each question."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ackd.errors import AckdError
from ackd.model import EffectKind, EffectState, token_of
from tests.crash.lives import born, folder, fresh, live, live_on
from tests.crash.shares import Share, moments, shared
from tests.people import mail
from tests.scenario import Scenario

__all__ = ["folder"]  # a fixture

QUESTIONS = 2
SHARES = 20


def check(office: Scenario, questions: int) -> None:
    answered, tasks = Counter(office.told()), Counter(office.tasked())
    wanted = Counter(f"<q{n}@corp.example>" for n in range(questions))
    assert Counter(letter.in_reply_to for letter in office.mailbox.letters) == wanted
    assert answered == tasks == wanted
    is_entered = office.settings.rules.calendar_entry
    entries = Counter(token_of(name, EffectKind.APPOINTMENT) for name in wanted if is_entered)
    assert office.mailbox.entered == entries
    assert len(office.ledger.open_promises()) == questions
    assert office.ledger.in_state(*(s for s in EffectState if s is not EffectState.DONE)) == ()


def play(folder: Path, fuse: int, *, questions: int = QUESTIONS, entry: bool = False) -> int:
    office = born(folder, rules={"calendar_entry": entry})
    for number in range(questions):
        office.mailbox.arrive(mail(f"q{number}"))
    office.mailbox.arrive(mail("thanks", "Thanks, that was all I needed!"))
    steps = live(office, fuse)
    live_on(office)
    check(office, questions)
    office.close()
    return steps


@shared("share", SHARES)
def test_killed_at_every_step(folder: Path, share: Share) -> None:
    whole = play(folder, fuse=10_000)
    assert whole > 100
    for fuse in share.of(moments(whole)):
        play(fresh(folder, fuse), fuse)


@shared("share", 4)
def test_killed_at_every_step_with_a_calendar_entry(folder: Path, share: Share) -> None:
    """What comes after the letter: before it nothing differs."""
    whole = play(folder, fuse=10_000, questions=1, entry=True)
    for fuse in share.of(moments(whole, start=whole * 3 // 4)):
        play(fresh(folder, fuse), fuse, questions=1, entry=True)


def told_failed(folder: Path, fuse: int) -> tuple[int, str]:
    """Three questions, whose letters fail at the last one: the steps, and what its effect is in the end."""
    office = born(folder)
    for number in range(3):
        office.mailbox.arrive(mail(f"q{number}"))
    office.mailbox.fail_next = "told"
    steps = live(office, fuse)
    live_on(office)
    answered = Counter(letter.in_reply_to for letter in office.mailbox.letters)
    (lost,) = office.mailbox.undelivered
    assert len(answered) == answered.total() == 2
    every = office.ledger.in_state(*EffectState)
    (state,) = (p.effect.state.value for p in every if p.effect.token == lost.token)
    others = office.ledger.in_state(EffectState.UNKNOWN, EffectState.ATTEMPTING, EffectState.PLANNED)
    office.close()
    assert {p.effect.message_id for p in others} <= {lost.in_reply_to}, "its task waits"
    return steps, state


@shared("share", SHARES)
def test_the_doubt_of_a_letter_that_failed_outlives_a_kill_at_every_step(folder: Path, share: Share) -> None:
    whole, state = told_failed(folder, 10_000)
    assert state == "parked"
    found = [told_failed(fresh(folder, fuse), fuse)[1] for fuse in share.of(moments(whole))]
    # two steps lie between the server's answer and its being written down: who dies there knows of no
    # failure, only of a copy
    assert found.count("done") <= 2
    assert found.count("parked") == len(found) - found.count("done")


def test_a_doubtful_letter_is_looked_for_then_sent_once_more_then_parked(tmp_path: Path) -> None:
    office = born(tmp_path)
    office.mailbox.arrive(mail("q"))
    for expected in ("unknown", "unknown", "parked"):
        office.mailbox.fail_next = "before"
        live(office)
        states = {p.effect.kind.value: p.effect.state.value for p in office.ledger.in_state(*EffectState)}
        assert states == {"acknowledgement": expected, "task": "planned"}
        office.later(11)
    office.mailbox.fail_next = ""
    live_on(office)
    assert office.mailbox.letters == []


def test_an_error_of_the_mailbox_is_raised_and_the_next_pass_goes_on(tmp_path: Path) -> None:
    office = born(tmp_path)
    office.mailbox.arrive(mail("q"))

    def down(_step: str) -> None:
        raise AckdError("down")

    with pytest.raises(AckdError, match="down"):
        office.start(down).run_pass()
    live_on(office)
    assert len(office.mailbox.letters) == 1
