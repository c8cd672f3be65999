"""The caps count what colleagues get, or may get: nothing that only a preview would have sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from ackd.engine import digest, hold
from ackd.engine.limits import Counts, Limits
from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.model import Counted, Duration, Mode, Unit
from ackd.promise.lifecycle import FollowRules
from tests.people import BOB, CAROL, MONDAY, PlainLetters
from tests.scenario import COMMANDS, Scenario

PER_SENDER = Limits(per_sender_per_day=3, per_hour=100, per_day=100)
PER_HOUR = Limits(per_sender_per_day=100, per_hour=3, per_day=100)
PER_DAY = Limits(per_sender_per_day=100, per_hour=100, per_day=3)
ONE = Limits(Duration(12, Unit.HOURS), per_sender_per_day=100, per_hour=100, per_day=100)


def test_many_are_counted_as_each_by_itself() -> None:
    moments = [MONDAY + timedelta(hours=hours) for hours in (3, 0, 2, 1, 2)]
    every = [
        Counted(asker, at, is_rebuilt=is_rebuilt)
        for asker, at, is_rebuilt in product((BOB, CAROL), (None, *moments), (False, True))
    ]
    counts, nobodys = Counts(every), Counts()
    for since, asker in product(
        (MONDAY - timedelta(hours=1), *moments), (None, BOB, CAROL, "erin@corp.example")
    ):
        assert counts.since(since, asker) == sum(one.counts(since, asker) for one in every)
        assert nobodys.since(since, asker) == 0


def capped(limits: Limits, mode: Mode) -> Scenario:
    """Alice's ackd with caps, in one mode after the other."""
    return Scenario(mode=mode, limits=limits, letters=PlainLetters()).begin()


def switch(office: Scenario, mode: Mode) -> None:
    office.use(mode=mode)
    office.run()


def ask(office: Scenario, count: int, sender: str = BOB) -> list[bool]:
    """Questions come; which of them were to be acknowledged."""
    before = office.clock.now()
    for number in range(count):
        office.deliver(f"q{number}-{before:%d-%H-%M}", sender=sender)
    office.run()
    found = [row.verdict.acknowledge for row in office.ledger.judged(before)]
    office.later(1)
    return found


@pytest.mark.parametrize("mode", [Mode.SEND, Mode.DRAFT])
@pytest.mark.parametrize("limits", [PER_SENDER, PER_HOUR, PER_DAY, ONE])
def test_a_preview_uses_nothing_up(limits: Limits, mode: Mode) -> None:
    office = capped(limits, Mode.PREVIEW)
    ask(office, 3)
    switch(office, mode)
    assert ask(office, 1) == [True]
    assert hold.current(office.ledger) is None
    assert len(office.mailbox.letters) + len(office.mailbox.drafts) == 1


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("limits", [PER_SENDER, PER_HOUR, PER_DAY])
def test_a_cap_holds_within_each_mode(limits: Limits, mode: Mode) -> None:
    office = capped(limits, mode)
    assert ask(office, 2) + ask(office, 2) == [True, True, True, False]


@pytest.mark.parametrize("mode", list(Mode))
def test_one_per_sender_holds_within_each_mode(mode: Mode) -> None:
    office = capped(ONE, mode)
    assert ask(office, 1) + ask(office, 1) == [True, False]
    assert ask(office, 1, "carol@corp.example") == [True]


@pytest.mark.parametrize(("first", "then"), [(Mode.SEND, Mode.DRAFT), (Mode.DRAFT, Mode.SEND)])
def test_letters_and_drafts_count_in_both(first: Mode, then: Mode) -> None:
    office = capped(PER_SENDER, first)
    assert ask(office, 2) == [True, True]
    switch(office, then)
    assert ask(office, 2) == [True, False]
    switch(office, Mode.PREVIEW)
    assert ask(office, 1) == [False]


def test_back_and_forth_counts_each_for_itself() -> None:
    office = capped(PER_SENDER, Mode.PREVIEW)
    assert ask(office, 2) == [True, True]
    switch(office, Mode.SEND)
    assert ask(office, 1) == [True]
    switch(office, Mode.PREVIEW)
    assert ask(office, 1) == [False]  # two that would have been, and one that was
    switch(office, Mode.SEND)
    assert ask(office, 3) == [True, True, False]


def test_a_task_alone_is_no_acknowledgement() -> None:
    office = capped(replace(PER_HOUR, per_hour=1), Mode.SEND)
    always = OwnerRule("board", When(), Then(acknowledge=False, task=True))
    office.use(owner_rules=(always,))
    assert ask(office, 3) == [False, False, False]
    office.use(owner_rules=())
    assert ask(office, 1) == [True]


def test_a_rebuilt_ledger_does_not_trip_the_breaker() -> None:
    """Whenever the letters of the tasks went out, it wasn't all of them at this moment."""
    office = capped(replace(PER_HOUR, per_hour=3, per_day=100), Mode.SEND)
    for number in range(3):
        ask(office, 1, f"asker{number}@corp.example")
        office.later(hours=3)
    office.here.lose_ledger()
    office.run()
    office.later(1)
    assert ask(office, 1, "carol@corp.example") == [True]
    assert hold.current(office.ledger) is None
    assert len(office.mailbox.letters) == 4


@pytest.mark.parametrize("limits", [PER_SENDER, PER_HOUR, PER_DAY])
def test_what_a_limit_leaves_has_its_task_and_stands_in_the_digest(limits: Limits) -> None:
    office = capped(limits, Mode.SEND)
    began = office.clock.now()
    assert ask(office, 4) == [True, True, True, False]
    office.run()
    left = f"<q3-{began:%d-%H-%M}@corp.example>"
    assert left not in office.told()
    assert left in office.tasked()
    shown = digest.compose(office.ledger, office.settings, began, office.clock.now())
    assert [one.message_id for one in shown.limited] == [left]
    office.answer(left)
    office.work()
    assert not digest.compose(office.ledger, office.settings, began, office.clock.now()).limited


@pytest.mark.parametrize("mode", [Mode.SEND, Mode.DRAFT])
def test_the_owners_command_has_it_acknowledged_after_all(mode: Mode) -> None:
    office = Scenario(mode=mode, limits=replace(PER_SENDER, per_sender_per_day=1), letters=PlainLetters())
    office.use(follow=FollowRules(commands=COMMANDS))
    office.begin()
    office.ask("first")
    left = office.ask("q")
    office.later(days=1)
    office.command("ackd: acknowledge", on_task=False)
    wrote = [*office.mailbox.letters, *(letter for letter, _ in office.mailbox.drafts.values())]
    assert [letter.in_reply_to for letter in wrote].count(left) == 1
    assert office.tasked().count(left) == 1
    assert office.task(left).due_date == office.local_day(office.promise(left).due)


def test_a_limit_may_leave_nothing_and_so_does_a_pause() -> None:
    office = capped(replace(PER_SENDER, leaves_task=False), Mode.SEND)
    ask(office, 4)
    assert len(office.tasked()) == 3
    office.use(limits=PER_SENDER)
    hold.pause(office.ledger, office.clock.now())
    ask(office, 1, "carol@corp.example")
    assert len(office.tasked()) == 3


@pytest.mark.parametrize("limits", [PER_SENDER, PER_DAY])
def test_a_day_is_the_owners_calendar_day(limits: Limits) -> None:
    office = capped(limits, Mode.PREVIEW)
    office.until(office.clock.now().replace(hour=22, minute=30))  # half past eleven in Berlin
    assert ask(office, 4) == [True, True, True, False]
    office.later(40)
    assert ask(office, 4) == [True, True, True, False]
