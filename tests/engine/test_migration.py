"""The mailbox is reached by another kind of backend from one pass to the next: promises go on, nothing is
done twice, and what can't be told for certain is a case for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ackd.engine import alarms, migration
from ackd.engine import parked as cases
from ackd.errors import Busy, Unreachable
from ackd.model import (
    DRAFT_UNKNOWN,
    TASK_UNKNOWN,
    UNKNOWABLE,
    EffectKind,
    EffectState,
    How,
    Mode,
    OnMove,
    PromiseState,
    Refusal,
    ValueKey,
    token_of,
)
from tests.crash.lives import folder, fresh  # noqa: F401 - a fixture
from tests.crash.shares import Share, shared
from tests.people import BOB, PlainLetters
from tests.scenario import TASK, Q, Scenario, message_id
from tests.steps import Fuse, Killed

DAY = date(2026, 11, 30)
LETTER = token_of(Q, EffectKind.ACKNOWLEDGEMENT)


@pytest.fixture
def office() -> Iterator[Scenario]:
    """A question is acknowledged, and has its task."""
    with Scenario(follow={"moved": OnMove.TELL}) as made:
        made.begin()
        made.ask()
        made.work()
        yield made


@pytest.fixture(params=[False, True], ids=["by its name", "by its words"])
def moved(request: pytest.FixtureRequest) -> bool:
    """Whether no name of before means anything."""
    return bool(request.param)


def turn(office: Scenario, kind: str = "other", *, moved: bool = False, **changes: Any) -> None:
    """The way changes, and a new process begins."""
    office.mailbox.turns_to(kind, moved=moved)
    office.start(**changes)


def task_of(name: str) -> str:
    return token_of(message_id(name), EffectKind.TASK)


def cut_tasks(office: Scenario, when: str, step: str) -> None:
    """Of tasks that are made the answer is lost."""
    if step == "before create_tasks":
        office.mailbox.fail_next = when


def parked(office: Scenario) -> list[tuple[EffectKind, str]]:
    cases = office.ledger.in_state(EffectState.PARKED)
    return [(case.effect.kind, case.effect.note) for case in cases]


def test_a_promise_goes_on_and_nothing_is_made_twice(office: Scenario, moved: bool) -> None:
    turn(office, moved=moved)
    for _ in range(3):
        office.work(20)
    assert (office.told(), office.tasked()) == ([Q], [Q])
    assert [seen.token for seen in office.mailbox.tasks()] == [TASK]
    assert (office.ledger.value(ValueKey.BACKEND), parked(office)) == ("other", [])
    office.answer()
    office.work()
    office.work()
    assert office.state() is PromiseState.KEPT
    office.agree()


def test_what_happened_meanwhile_is_seen(office: Scenario, moved: bool) -> None:
    names = ("moved", "ticked", "answered", "filed", "deleted")
    for name in names:
        office.ask(name)
    office.work()
    office.later(60)
    office.move(DAY, message_id("moved"))
    office.tick(message_id("ticked"))
    office.answer(message_id("answered"))
    office.mailbox.owner_files_task(task_of("filed"), "Mine")
    office.backend.trash(message_id("deleted"))
    office.deliver("new")
    turn(office, moved=moved)
    for _ in range(4):
        office.work(10)
    assert {name: office.state(message_id(name)) for name in (*names, "new")} == {
        "moved": PromiseState.OPEN,
        "ticked": PromiseState.DROPPED,
        "answered": PromiseState.KEPT,
        "filed": PromiseState.OPEN,
        "deleted": PromiseState.WITHDRAWN,
        "new": PromiseState.OPEN,
    }
    assert office.local_day(office.promise(message_id("moved")).due) == DAY
    assert Counter(office.told()) == {
        **dict.fromkeys(map(message_id, (*names, "q", "new")), 1),
        message_id("moved"): 2,
    }
    office.mailbox.owner_changes_task(task_of("filed"), is_complete=True)
    office.work()
    assert office.state(message_id("filed")) is PromiseState.DROPPED


def test_there_and_back_again(office: Scenario) -> None:
    """What the task remembers on the one way is what was last true on the other."""
    turn(office)
    office.work()
    office.move(DAY)
    for _ in range(3):
        office.work(10)
    due = office.promise().due
    assert office.promise().moves == 1
    turn(office, "memory")
    for _ in range(3):
        office.work(20)
    (seen,) = office.mailbox.tasks()
    assert (seen.promised, seen.moves, office.promise().due) == (due, 1, due)
    assert office.told() == [Q, Q]
    turn(office, "other", moved=True)
    office.work(20)
    assert (office.promise().due, office.told(), parked(office)) == (due, [Q, Q], [])


def test_a_lost_ledger_is_rebuilt_by_the_new_way(office: Scenario) -> None:
    turn(office, moved=True)
    office.work()
    office.here.lose_ledger()
    for _ in range(3):
        office.work(20)
    assert (office.state(), office.told(), office.tasked()) == (PromiseState.OPEN, [Q], [Q])


def test_the_task_of_an_alarm_is_ticked_off_by_the_new_way(office: Scenario, moved: bool) -> None:
    office.use(tells_alarms=True)
    office.mailbox.owner_erases_task(TASK)
    turn(office, "third", tells_alarms=True)  # a case for a person
    for _ in range(4):
        office.work(10)
        look_for_alarms(office)
    (alarm,) = (seen.token for seen in office.mailbox.tasks())
    turn(office, moved=moved)
    (case,) = office.ledger.in_state(EffectState.PARKED)
    cases.resolve(office.ledger, office.clock, case.effect.number, send=False)
    for _ in range(4):
        office.work(20)
        look_for_alarms(office)
    office.work()
    assert [(seen.token, seen.is_complete) for seen in office.mailbox.tasks()] == [(alarm, True)]


def look_for_alarms(office: Scenario) -> None:
    poll, silence = timedelta(minutes=1), timedelta(hours=2)
    now, ways = office.clock.now(), alarms.ways(office.settings)
    alarms.look(office.ledger, now, poll=poll, silent_after=silence, ways=ways)


# --- in doubt -------------------------------------------------------------------------------------


def test_a_task_of_which_there_is_a_copy_is_not_guessed(office: Scenario) -> None:
    """Both name the question, and look alike."""
    (task, seen) = next(iter(office.mailbox.task_items.values()))
    office.mailbox.task_items["a copy"] = (task, replace(seen, item="a copy", token=""))
    turn(office, moved=True)
    for _ in range(3):
        office.work(20)
    assert parked(office) == [(EffectKind.TASK, TASK_UNKNOWN)]
    assert (office.told(), len(office.mailbox.task_items)) == ([Q], 2)
    assert (office.state(), office.mailbox.tasks()) == (PromiseState.OPEN, ())
    assert not office.ledger.has_updates()
    office.answer()
    office.work()
    assert (office.state(), parked(office)) == (PromiseState.KEPT, [])


def test_a_task_that_is_nowhere_is_a_case_and_its_promise_stays(office: Scenario) -> None:
    office.mailbox.owner_erases_task(TASK)
    turn(office)
    for _ in range(3):
        office.work(20)
    ((kind, note),) = parked(office)
    assert (kind, note) == (EffectKind.TASK, TASK_UNKNOWN)
    assert (office.state(), office.tasked()) == (PromiseState.OPEN, [])
    (case,) = office.ledger.in_state(EffectState.PARKED)
    cases.resolve(office.ledger, office.clock, case.effect.number, send=True)
    office.work()
    assert (office.told(), office.tasked(), parked(office)) == ([Q], [Q], [])
    office.tick()
    office.work()
    assert office.state() is PromiseState.DROPPED


def test_a_case_ends_where_the_earlier_way_shows_the_task_again(office: Scenario) -> None:
    office.mailbox.owner_changes_task(TASK, categories=())
    for item, (task, seen) in office.mailbox.task_items.items():
        office.mailbox.task_items[item] = (replace(task, subject="Mine", body="Mine"), seen)
    turn(office, moved=True)
    office.work(20)
    assert parked(office) == [(EffectKind.TASK, TASK_UNKNOWN)]
    turn(office, "memory")
    office.work(20)
    assert parked(office) == []
    office.tick()
    office.work()
    assert office.state() is PromiseState.DROPPED


def test_a_letter_in_doubt_is_looked_for_and_not_sent_by_the_new_way(office: Scenario) -> None:
    for when, name in (("before", "lost"), ("after", "sent")):
        office.mailbox.fail_next = when
        office.ask(name)
    turn(office)
    for _ in range(4):
        office.work(20)
    assert parked(office) == [(EffectKind.ACKNOWLEDGEMENT, UNKNOWABLE)]
    assert Counter(office.told()) == dict.fromkeys((Q, message_id("sent")), 1)
    assert set(office.tasked()) == {Q, message_id("sent")}


def test_a_task_in_doubt_is_found_or_a_case_and_never_made_again(office: Scenario) -> None:
    for when, name in (("before", "lost"), ("after", "made")):
        office.start(partial(cut_tasks, office, when))
        office.ask(name)
    turn(office, moved=True)
    for _ in range(4):
        office.work(20)
    assert Counter(office.tasked()) == dict.fromkeys((Q, message_id("made")), 1)
    assert parked(office) == [(EffectKind.TASK, TASK_UNKNOWN)]
    office.tick(message_id("made"))
    office.work()
    assert office.state(message_id("made")) is PromiseState.DROPPED


def test_a_draft_that_waits_is_found_and_one_that_is_nowhere_is_a_case() -> None:
    with Scenario(mode=Mode.DRAFT) as office:
        office.begin()
        for name in ("q", "gone", "sent"):
            office.ask(name)
        office.work()
        office.later(60)
        del office.mailbox.drafts[token_of(message_id("gone"), EffectKind.ACKNOWLEDGEMENT)]
        office.backend.send_draft(token_of(message_id("sent"), EffectKind.ACKNOWLEDGEMENT))
        turn(office, moved=True)
        for _ in range(3):
            office.work(20)
        assert list(office.mailbox.drafts) == [LETTER]
        assert parked(office) == [(EffectKind.ACKNOWLEDGEMENT, DRAFT_UNKNOWN)]
        assert {office.state(message_id(name)) for name in ("q", "gone", "sent")} == {PromiseState.OPEN}
        assert len(office.tasked()) == 3
        office.backend.send_draft(LETTER)
        office.work(20)
        assert office.promise().told is not None


# --- when, and when not ---------------------------------------------------------------------------


def test_what_was_written_while_nobody_read_counts(office: Scenario) -> None:
    """A new listing takes what is old for known, but for what came after the last look."""
    patient = office.ask("patient")
    office.later(30)
    office.deliver("more", "By the way, there is no rush.", references=patient)
    said = "I'll get back to you by Friday next week."
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text=said)
    before = office.promise(patient).due
    office.later(30)
    turn(office)
    for _ in range(3):
        office.work()
    assert office.promise(patient).due > before
    assert office.local_day(office.promise().due) == date(2026, 12, 4)


def test_a_mail_that_the_earlier_way_could_not_read_is_judged_by_the_new_one(office: Scenario) -> None:
    office.mailbox.spoiled[message_id("spoiled")] = "it is spoiled"
    office.ask("spoiled")
    office.ask("thanks", "Thanks, that was all I needed!")
    turn(office)
    office.work()
    assert office.told() == [Q]
    turn(office, "third")
    office.mailbox.spoiled.clear()
    for _ in range(2):
        office.work()
    assert Counter(office.told()) == dict.fromkeys((Q, message_id("spoiled")), 1)


def test_a_mailbox_that_came_without_our_folder_gets_it_again(office: Scenario) -> None:
    mark = office.mailbox.watermark()
    office.answer()
    office.work()
    turn(office, moved=True)
    office.mailbox._mark = None
    office.ask("new")
    assert office.mailbox.watermark() == mark
    assert office.told() == [Q, message_id("new")]


def test_in_preview_no_task_is_marked_and_none_is_lost(office: Scenario) -> None:
    turn(office, mode=Mode.PREVIEW)
    office.tick()
    office.mailbox.owner_files_task(TASK, "Mine")
    for _ in range(2):
        office.work(20)
    assert (office.mailbox.tasks(), office.state()) == ((), PromiseState.OPEN)
    assert office.ledger.value(ValueKey.BACKEND) == "memory"
    office.start(mode=Mode.SEND)
    for _ in range(2):
        office.work(20)
    assert (office.ledger.value(ValueKey.BACKEND), office.state()) == ("other", PromiseState.DROPPED)


def test_while_another_acts_it_waits(office: Scenario) -> None:
    turn(office)
    lease = office.mailbox.take_lease("another")
    with pytest.raises(Busy, match="another ackd acts"):
        office.work()
    assert office.mailbox.tasks() == ()
    office.mailbox.release(lease)
    office.work()
    assert [seen.token for seen in office.mailbox.tasks()] == [TASK]


def test_a_mark_that_may_be_there_is_made_sure_of(office: Scenario) -> None:
    for when in ("before", "after"):
        turn(office, when)
        office.mailbox.fail_next = when
        with pytest.raises(Unreachable, match="couldn't be marked"):
            office.work()
        office.work()
        assert (office.told(), parked(office)) == ([Q], [])
        assert [seen.token for seen in office.mailbox.tasks()] == [TASK]


def test_a_task_that_takes_no_mark_is_a_case(office: Scenario) -> None:
    turn(office)
    office.mailbox.refuses = Refusal.NOT_ALLOWED
    office.work()
    office.mailbox.refuses = None
    office.work()
    assert parked(office) == [(EffectKind.TASK, TASK_UNKNOWN)]


def test_a_look_tells_item_by_item_and_writes_nothing(office: Scenario) -> None:
    office.ask("copied")
    office.work()
    task, seen = next(one for one in office.mailbox.task_items.values() if one[1].token == task_of("copied"))
    office.mailbox.task_items["a copy"] = (task, replace(seen, item="a copy", token=""))
    turn(office, moved=True)
    before = (dict(office.mailbox.task_items), office.snapshot(), office.ledger.value(ValueKey.BACKEND))
    plan = migration.look(office.mailbox, office.ledger, office.settings, office.clock.now(), thorough=True)
    assert [(one.promise.question.message_id, one.task) for one in plan.promises] == [
        (Q, How.WORDS),
        (message_id("copied"), How.NOT_FOUND),
    ]
    assert [str(one.letter) for one in plan.promises] == ["sent", "sent"]
    assert [(one.promise.question.message_id, one.effect.note) for one in plan.left] == [
        (message_id("copied"), TASK_UNKNOWN)
    ]
    assert (plan.before, plan.after, [mark.token for mark in plan.marks]) == ("memory", "other", [TASK])
    assert before == (
        dict(office.mailbox.task_items),
        office.snapshot(),
        office.ledger.value(ValueKey.BACKEND),
    )
    assert migration.is_due(office.mailbox.kind, office.ledger)


def test_a_ledger_that_says_no_kind_is_of_the_earliest(office: Scenario) -> None:
    office.mailbox.turns_to("ews")
    office.ledger.remember(ValueKey.BACKEND, None)
    office.start()
    assert not migration.is_due(office.mailbox.kind, office.ledger)
    office.mailbox.turns_to("graph")
    assert migration.is_due(office.mailbox.kind, office.ledger)


def test_old_closed_promises_are_followed_no_more(office: Scenario) -> None:
    office.ask("late")
    office.work()
    office.answer()
    office.work()
    office.later(days=31)
    office.answer(message_id("late"))
    office.work()
    turn(office, moved=True)
    office.work()
    assert [task.token for task in office.ledger.tracked()] == [task_of("late")]
    assert [seen.token for seen in office.mailbox.tasks()] == [task_of("late")]
    office.mailbox.owner_changes_task(task_of("late"), is_complete=False)
    office.work()
    assert office.state(message_id("late")) is PromiseState.OPEN


# --- killed ---------------------------------------------------------------------------------------

SHARES = 5
#: Calls after which a death leaves something behind.
TELLING = {
    f"after {call}"
    for call in ("set_watermark", "take_lease", "mark_tasks", "release", "record", "attempting", "send")
} | {f"after {call}" for call in ("create_tasks", "write", "change_tasks", "categorize")}


def born(folder: Path) -> Scenario:  # noqa: F811
    """Three promises, of which one was moved and one ticked off, a new question, and another way."""
    office = Scenario(folder, letters=PlainLetters(), follow={"moved": OnMove.TELL})
    office.begin()
    for name in ("q", "moved", "ticked"):
        office.deliver(name)
    office.work()
    office.later(30)
    office.move(DAY, message_id("moved"))
    office.tick(message_id("ticked"))
    office.deliver("new")
    office.mailbox.turns_to("other", moved=True)
    office.later(1)
    return office


def live(office: Scenario, fuse: int = 0) -> list[str]:
    burning = Fuse(fuse)
    with suppress(Killed):
        office.here.restart(burning.burn).run_pass()
    return burning.steps


@shared("share", SHARES)
def test_killed_at_each_step_of_the_first_pass(folder: Path, share: Share) -> None:  # noqa: F811
    with born(fresh(folder, "whole")) as office:
        steps = live(office)
    deaths = [number for number, step in enumerate(steps, start=1) if step in TELLING]
    assert set(steps) >= TELLING
    for fuse in share.of(deaths):
        with born(fresh(folder, fuse)) as office:
            live(office, fuse)
            for _ in range(3):
                office.later(11)
                live(office)
            names = [message_id(name) for name in ("q", "moved", "ticked", "new")]
            assert Counter(office.told()) == {**dict.fromkeys(names, 1), message_id("moved"): 2}
            assert Counter(office.tasked()) == dict.fromkeys(names, 1)
            assert len(office.mailbox.tasks()) == 4
            assert office.state(message_id("ticked")) is PromiseState.DROPPED
            assert office.local_day(office.promise(message_id("moved")).due) == DAY
            assert parked(office) == []
