"""The circuit breaker holds the letters that exceed its cap, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from ackd.engine import hold, observations, unanswered
from ackd.engine.limits import Limits
from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.model import (
    UNTOLD,
    AlarmKind,
    DigestTimes,
    EffectKind,
    EffectState,
    LetterName,
    Mode,
    PromiseState,
    ValueKey,
)
from ackd.views.status import status
from ackd.views.unanswered import find
from tests.people import CAROL, PlainLetters
from tests.scenario import FOLLOWING, Scenario, grace

MOST = 4
PER_HOUR = Limits(per_sender_per_day=100, per_hour=MOST, per_day=100)
PER_DAY = Limits(per_sender_per_day=100, per_hour=100, per_day=MOST)
BOTH = pytest.mark.parametrize("limits", [PER_HOUR, PER_DAY])


def capped(limits: Limits = PER_HOUR, **changes: Any) -> Scenario:
    return Scenario(limits=limits, letters=PlainLetters(), **changes).begin()


def come(office: Scenario, first: int, last: int) -> list[str]:
    """Questions of as many askers come at once; their Message-IDs."""
    return [office.deliver(f"q{n:02}", sender=f"asker{n}@corp.example") for n in range(first, last)]


def asked(office: Scenario, first: int, last: int) -> list[str]:
    names = come(office, first, last)
    office.work()
    return names


def listed(office: Scenario) -> list[str]:
    found = find(office.mailbox, office.ledger, office.settings, office.clock.now())
    return [one.message_id for one in found]


def told(office: Scenario) -> list[str]:
    """The questions that got letters, a letter each, by their names."""
    return sorted(office.told())


def order(office: Scenario, *names: str) -> None:
    unanswered.order(office.ledger, names)
    office.work()


def held_letters(office: Scenario) -> int:
    """How many letters `ackd status` says are held."""
    return status(office.ledger, office.clock, is_alive=True).held_letters


@BOTH
@pytest.mark.parametrize("grace_minutes", [0, 30])
def test_what_exceeds_the_cap_is_held_and_nothing_else(limits: Limits, grace_minutes: int) -> None:
    office = capped(limits, rules=grace(grace_minutes))
    names = asked(office, 0, 10)
    office.work(grace_minutes)
    assert told(office) == names[:MOST]
    assert sorted(office.tasked()) == names, "each has its task, held or not"
    assert listed(office) == names[MOST:]
    assert held_letters(office) == 10 - MOST
    office.work(20)
    assert told(office) == names[:MOST], "what is held stays so"
    assert len(office.notices()) == 1


def test_two_polls_with_half_of_it_each_and_a_third() -> None:
    office = capped()
    names = asked(office, 0, MOST // 2) + asked(office, 10, 10 + MOST // 2)
    assert hold.current(office.ledger) is None
    more = asked(office, 20, 23)
    assert (told(office), listed(office)) == (names, more)


@pytest.mark.parametrize(("limits", "wait"), [(PER_HOUR, timedelta(hours=1)), (PER_DAY, timedelta(days=1))])
def test_with_room_again_the_next_colleague_gets_a_letter(limits: Limits, wait: timedelta) -> None:
    office = capped(limits)
    names = asked(office, 0, 6)
    office.later(minutes=wait.total_seconds() / 60)
    later = asked(office, 10, 11)
    assert told(office) == names[:MOST] + later
    assert listed(office) == (names[MOST:] if limits is PER_HOUR else listed(office))
    assert office.tasked().count(names[-1]) == 1


def test_a_steady_stream_is_told_of_once_and_never_exceeds_the_cap() -> None:
    """A colleague every five minutes, four letters an hour: three hours and a calm one."""
    office = capped()
    sent = []
    for n in range(36):
        asked(office, n, n + 1)
        office.later(4)
        sent.append((office.clock.now(), len(office.told())))
    for at, count in sent:
        before = [many for moment, many in sent if moment <= at - timedelta(hours=1)]
        assert count - max(before, default=0) <= MOST
    assert len(office.told()) >= 3 * MOST - 1
    assert len(office.notices()) == 1
    assert any(one.kind is AlarmKind.HELD for one in alarms_of(office))
    office.work(70)
    assert hold.current(office.ledger) is None
    assert not any(one.kind is AlarmKind.HELD for one in alarms_of(office))
    assert held_letters(office) == len(listed(office)) == 36 - len(office.told()), "and they are held still"


def alarms_of(office: Scenario) -> list[observations.Observation]:
    return observations.observe(office.ledger, office.clock.now(), timedelta(minutes=1))


def test_another_cap_ends_the_hold_of_the_old_one() -> None:
    office = capped()
    asked(office, 0, 6)
    office.use(limits=replace(PER_HOUR, per_hour=10))
    office.work()
    assert hold.current(office.ledger) is None
    assert len(office.told()) == MOST, "what was held stays so"


def test_letters_that_wait_to_be_sent_count_until_they_are() -> None:
    """For hours the server takes no letter; what was planned goes within one hour's cap."""
    office = capped(rules=grace(1))
    office.mailbox.is_busy = True
    for hour in range(3):
        asked(office, 10 * hour, 10 * hour + 3)
        office.work(60)
    office.mailbox.is_busy = False
    office.work()
    office.work()
    assert len(office.told()) == MOST
    assert len(listed(office)) == 9 - MOST


def test_drafts_are_held_as_letters_are() -> None:
    office = capped(mode=Mode.DRAFT)
    names = asked(office, 0, 6)
    wrote = [letter.in_reply_to for letter, _ in office.mailbox.drafts.values()]
    assert (sorted(wrote), sorted(office.tasked())) == (names[:MOST], names)
    order(office, names[-1])
    wrote = [letter.in_reply_to for letter, _ in office.mailbox.drafts.values()]
    assert sorted(wrote) == names[:MOST] + names[-1:]
    assert told(office) == []


def test_what_follows_a_letter_is_not_held() -> None:
    """The owner moves a task: the asker gets the new date, which no cap counts."""
    office = capped(follow=FOLLOWING)
    names = asked(office, 0, 6)
    day = office.local_day(office.promise(names[0]).due) + timedelta(days=7)
    office.move(day, names[0])
    office.work(30)
    office.work(30)
    assert told(office) == sorted([*names[:MOST], names[0]])
    office.move(day, names[-1])
    office.work(30)
    office.work(30)
    assert told(office) == sorted([*names[:MOST], names[0]]), "who was told no date gets no new one"


def test_a_digest_comes_while_some_are_held() -> None:
    office = capped(PER_DAY, digest=DigestTimes(tuple(range(7)), time(8, 30)))
    names = asked(office, 0, 6)
    office.later(hours=23)
    office.work()
    assert hold.current(office.ledger) is not None
    (_, sent) = office.notices()
    assert all(f"asker{n}" in sent.text.lower() for n in (4, 5)), "those that are held"
    assert len(told(office)) == MOST < len(names)


@pytest.mark.parametrize("ways", [(), ("resume",), ("pause", "resume")])
def test_a_held_letter_goes_by_order_alone_and_once(ways: tuple[str, ...]) -> None:
    office = capped()
    names = asked(office, 0, 6)
    for way in ways:
        getattr(hold, way)(office.ledger, office.clock.now())
        office.work(30)
        assert told(office) == names[:MOST]
    order(office, names[4])
    assert told(office) == names[:MOST] + names[4:5]
    assert office.tasked().count(names[4]) == 1
    assert (listed(office), held_letters(office)) == (names[5:], 1)
    order(office, names[4])
    assert told(office) == names[:MOST] + names[4:5]


@pytest.mark.parametrize("hours", [0, 0.5, 6, 30])
def test_the_letter_that_was_shown_is_the_one_that_is_sent(hours: float) -> None:
    office = capped()
    names = asked(office, 0, 6)
    office.work(60 * hours)
    (shown, _) = find(office.mailbox, office.ledger, office.settings, office.clock.now())
    order(office, names[4])
    (sent,) = [letter for letter in office.letters() if letter.in_reply_to == names[4]]
    assert sent.text == shown.letter
    assert office.local_day(office.promise(names[4]).due) == shown.promised.date()


def test_a_held_letter_whose_mail_is_answered_is_never_sent() -> None:
    office = capped()
    names = asked(office, 0, 6)
    office.answer(names[4], to="asker4@corp.example")
    order(office, *names[4:])
    assert told(office) == [*names[:MOST], names[5]]
    assert office.state(names[4]) is PromiseState.KEPT
    assert office.task(names[4]).is_complete


def test_an_answer_within_the_grace_period_leaves_no_task_of_a_held_one() -> None:
    office = capped(rules=grace(30))
    names = asked(office, 0, 6)
    office.answer(names[5], to="asker5@corp.example")
    office.work(40)
    assert names[5] not in office.tasked()
    assert names[5] not in listed(office)


def test_what_would_get_no_letter_trips_nothing() -> None:
    """A question that is left with its task alone needs no room."""
    office = capped()
    asked(office, 0, MOST)
    task = OwnerRule("board", When(), Then(acknowledge=False, task=True))
    office.use(owner_rules=(task,))
    asked(office, 10, 13)
    assert hold.current(office.ledger) is None


def test_a_letter_that_refers_elsewhere_is_ordered_as_it_was_held() -> None:
    to_carol = Then(letter=LetterName.REDIRECT, contact=None, task=False)
    office = capped(owner_rules=(OwnerRule("all", When(), to_carol),))
    names = asked(office, 0, 6)
    assert office.tasked() == []
    assert listed(office) == names[MOST:]
    (shown, _) = find(office.mailbox, office.ledger, office.settings, office.clock.now())
    order(office, names[4])
    assert told(office) == names[:MOST] + names[4:5]
    assert office.letters()[-1].text == shown.letter
    assert shown.letter.startswith("redirect")


# --- the owner's own hold, beside the breaker's -----------------------------------------------------


def test_a_pause_while_some_are_held_stops_all() -> None:
    office = capped(rules=grace(30))
    names = asked(office, 0, 6)
    held = hold.pause(office.ledger, office.clock.now())
    assert held.is_owners
    office.work(40)
    assert told(office) == []
    assert hold.resume(office.ledger, office.clock.now()) == MOST
    office.work(40)
    assert told(office) == []
    assert listed(office) == names


def test_a_resume_of_the_breakers_hold_withdraws_nothing_and_makes_room() -> None:
    office = capped(rules=grace(30))
    names = asked(office, 0, 6)
    assert hold.resume(office.ledger, office.clock.now()) == 0
    office.work(1)
    more = asked(office, 10, 12)
    office.work(40)
    assert sorted(office.told()) == sorted(names[:MOST] + more[: len(office.told()) - MOST])


def test_a_resume_counts_anew_where_nothing_is_held_too() -> None:
    office = capped()
    names = asked(office, 0, MOST)
    hold.resume(office.ledger, office.clock.now())
    assert told(office) == names
    more = asked(office, 10, 12)
    assert told(office) == names + more


def test_a_hold_of_an_earlier_ackd_that_names_no_cap_stops_all() -> None:
    office = capped()
    office.ledger.remember(
        ValueKey.HOLD, '{"why": "circuit breaker: 3", "since": "2026-11-23T08:31:00+00:00"}'
    )
    names = asked(office, 0, 1)
    assert told(office) == []
    assert hold.resume(office.ledger, office.clock.now()) == 0
    assert listed(office) == names


# --- lost ledgers, and two ackds --------------------------------------------------------------------


def test_a_rebuilt_ledger_knows_which_letters_are_held() -> None:
    office = capped()
    names = asked(office, 0, 6)
    assert [task.moves for task in office.backend.tasks() if task.message_id in names[MOST:]] == [UNTOLD] * 2
    office.here.lose_ledger()
    office.work()
    office.work(30)
    assert told(office) == names[:MOST]
    assert sorted(office.tasked()) == names
    assert (listed(office), held_letters(office)) == (names[MOST:], 2)
    assert office.promise(names[5]).told is None
    order(office, names[5])
    assert told(office) == names[:MOST] + names[5:]
    office.here.lose_ledger()
    office.work()
    assert listed(office) == names[4:5], "and which went after all"
    office.here.lose_ledger()
    office.mailbox.letters.clear()
    office.work()
    order(office, names[4])
    assert names[4] in office.told()


def test_two_ackds_send_what_one_of_them_holds_once() -> None:
    """The second one has no cap in its way; both know the letters of each other."""
    office = capped()
    office.add("there", replace(office.settings, holder="there", limits=replace(PER_HOUR, per_hour=100)))
    office.run("there")
    names = come(office, 0, 6)
    office.run("here", "there", "here")
    office.later(20)
    office.run("here", "there", "here")
    assert sorted(office.told()) == names
    assert sorted(office.tasked()) == names
    order(office, *names[MOST:])
    office.run("there", "here")
    assert sorted(office.told()) == names


# --- in the record ----------------------------------------------------------------------------------


def test_effects_of_held_questions_are_tasks_alone() -> None:
    office = capped()
    names = asked(office, 0, 6)
    kinds = [effect.kind for name in names[MOST:] for effect in office.snapshot(name).effects]
    assert set(kinds) == {EffectKind.TASK}
    assert office.states() == [EffectState.DONE] * MOST


def test_a_preview_holds_nothing() -> None:
    office = capped(mode=Mode.PREVIEW)
    asked(office, 0, 6)
    assert hold.current(office.ledger) is None
    assert office.tasked() == []


def test_carol_is_told_after_the_owner_resumed() -> None:
    office = capped()
    names = asked(office, 0, 6)
    hold.resume(office.ledger, office.clock.now())
    office.work()
    carol = office.ask("carol", sender=CAROL)
    assert told(office) == sorted([*names[:MOST], carol])


@pytest.mark.parametrize("order_of_passes", [("there", "here"), ("here", "there", "here")])
def test_what_another_ackd_sent_is_not_listed_as_held(order_of_passes: tuple[str, ...]) -> None:
    """Whether its letter stood there before this one judged the question, or came later."""
    office = capped()
    office.add("there", replace(office.settings, holder="there", limits=replace(PER_HOUR, per_hour=100)))
    office.run("there")
    names = come(office, 0, 6)
    for name in order_of_passes:
        office.run(name)
        office.later(1)
    assert told(office) == names
    assert (listed(office), held_letters(office)) == ([], 0)
