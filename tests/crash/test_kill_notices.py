"""The daemon is killed before and after every call of a port while a notice is due: the digest and the notice
of a hold come once, and an overdue notice too."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from ackd.engine import alarms, digest, hold
from ackd.engine.limits import Limits
from ackd.model import AlarmKind, DigestTimes, EffectKind, EffectState, Mode, ValueKey, notice_token
from tests.crash.lives import born, folder, fresh, live, live_on
from tests.crash.shares import Share, moments, shared
from tests.people import ALICE, MONDAY, mail
from tests.scenario import Scenario

__all__ = ["folder"]
SHARES = 20
BY_DEFAULT = ("digest",)  # the others go the same way through the outbox
DAILY = DigestTimes(tuple(range(7)), time(8, 30))


def to_digest(place: Path) -> Scenario:
    """A promise was made, and the next morning has come."""
    office = begun(place)
    live(office)
    office.later(days=1)
    return office


def begun(place: Path) -> Scenario:
    office = born(place)
    office.use(digest=DAILY)
    live(office)
    office.mailbox.arrive(mail("q0", at=office.clock.now()))
    return office


def to_hold(place: Path) -> Scenario:
    """More questions have come than may be answered in an hour."""
    office = born(place)
    office.use(limits=Limits(per_hour=2))
    for number in range(4):
        office.mailbox.arrive(mail(f"q{number}", sender=f"q{number}@corp.example", at=office.clock.now()))
    return office


def to_overdue(place: Path) -> Scenario:
    """The promised moment has passed."""
    office = born(place)
    office.mailbox.arrive(mail("q0", at=office.clock.now()))
    live(office)
    office.later(days=9)
    return office


def to_overdue_list(place: Path) -> Scenario:
    """Several promised moments have passed."""
    office = born(place)
    for number in range(2):
        office.mailbox.arrive(mail(f"q{number}", sender=f"q{number}@corp.example", at=office.clock.now()))
    live(office)
    office.later(days=9)
    return office


def to_urgent_draft(place: Path) -> Scenario:
    """Something urgent was asked, and letters wait in Drafts for the owner."""
    office = born(place)
    office.use(mode=Mode.DRAFT)
    live(office)
    text = "Urgent: could you please send me the figures for October right away?"
    office.mailbox.arrive(mail("q0", text, at=office.clock.now()))
    return office


def to_alarm(place: Path) -> Scenario:
    """The password is about to end, and the owner is told by mail and task."""
    office = born(place)
    office.use(tells_alarms=True)
    look(office, MONDAY + timedelta(days=3))
    return office


def look(office: Scenario, ends: datetime | None) -> None:
    """A look at the alarms, as the service does it beside its passes."""
    ending = [[AlarmKind.PASSWORD_ENDS.value, ends.isoformat()]] if ends else []
    office.ledger.remember(ValueKey.ENDINGS, json.dumps(ending))
    ways = alarms.ways(office.settings)
    span = timedelta(hours=2)
    alarms.look(office.ledger, office.clock.now(), poll=span, silent_after=span, ways=ways)


SCENES = {
    "digest": to_digest,
    "hold": to_hold,
    "overdue": to_overdue,
    "overdue list": to_overdue_list,
    "urgent draft": to_urgent_draft,
    "alarm": to_alarm,
}
#: Half of those that aren't played by default are long, and the others are played when they are asked for.
MARK_OF = {one: pytest.mark.more if at % 2 else pytest.mark.long for at, one in enumerate(SCENES)}


def play(begin: Callable[[Path], Scenario], place: Path, fuse: int) -> int:
    office = begin(place)
    before = len(office.mailbox.letters)
    steps = live(office, fuse)
    live_on(office)
    notices = [one for one in office.mailbox.letters[before:] if not one.in_reply_to]
    assert len(notices) == len({one.token for one in notices}) == 1
    assert notices[0].to.email == ALICE.address
    assert office.ledger.in_state(EffectState.ATTEMPTING, EffectState.UNKNOWN, EffectState.PARKED) == ()
    tasks = [task for task, _ in office.mailbox.task_items.values() if not task.message_id]
    assert len(tasks) == (begin is to_alarm)
    office.close()
    return steps


@shared("share", SHARES)
def test_an_alarm_that_is_over_is_told_once_whenever_the_process_dies(folder: Path, share: Share) -> None:
    whole = play_to_the_end(fresh(folder, 0), 10_000)
    for fuse in share.of(moments(whole, start=whole // 2)):  # before, the pass only reads
        play_to_the_end(fresh(folder, fuse), fuse)


def play_to_the_end(place: Path, fuse: int) -> int:
    office = to_alarm(place)
    live(office)
    for _ in range(3):
        office.later(10)
        look(office, None)
    steps = live(office, fuse)
    live_on(office)
    first, second = office.mailbox.letters
    assert "It is over" not in first.text
    assert "It is over" in second.text
    ((_, seen),) = office.mailbox.task_items.values()
    assert seen.is_complete, "the task is ticked off"
    assert office.ledger.tellings() == ()
    office.close()
    return steps


@pytest.mark.parametrize(
    "scene", [pytest.param(one, marks=[] if one in BY_DEFAULT else [MARK_OF[one]]) for one in SCENES]
)
@shared("share", SHARES)
def test_a_notice_comes_once_whenever_the_process_dies(folder: Path, share: Share, scene: str) -> None:
    whole = play(SCENES[scene], fresh(folder, 0), 10_000)
    for fuse in share.of(moments(whole)):
        play(SCENES[scene], fresh(folder, fuse), fuse)


@pytest.mark.parametrize("is_doubtful", [False, True])
def test_a_ledger_of_an_earlier_ackd_brings_no_second_digest(folder: Path, is_doubtful: bool) -> None:
    office = to_digest(folder)
    slot = digest.last_slot(office.settings, office.clock.now())
    assert slot is not None
    now = office.clock.now().isoformat()
    kept = {"slot": slot.isoformat(), "tries": 1, "attempted": now, "since": MONDAY.isoformat(), "stamp": ""}
    kept |= {} if is_doubtful else {"tries": 0, "attempted": "", "since": now}
    notices = office.ledger.snapshots(["ackd:notices"])["ackd:notices"].effects
    assert [effect.kind for effect in notices] == [EffectKind.DIGEST]
    office.ledger.close()
    forget(office, json.dumps(kept))
    if is_doubtful:  # it went out, and the copy is there
        sent = replace(
            office.mailbox.letters[0], token=notice_token(f"digest {slot.isoformat()}"), in_reply_to=""
        )
        office.mailbox.send([sent])
    before = len(office.mailbox.letters)
    live_on(office)
    assert len(office.mailbox.letters) == before


def forget(office: Scenario, value: str) -> None:
    """The record as an earlier ackd left it: the digest's state is a single value."""
    import sqlite3

    with sqlite3.connect(str(office.here.file)) as database:
        database.execute("DELETE FROM effects WHERE message_id = 'ackd:notices'")
        database.execute("INSERT INTO meta (mailbox_id, key, value) VALUES (1, 'digest', ?)", (value,))


def test_a_hold_of_which_an_earlier_ackd_told_is_not_told_again(folder: Path) -> None:
    office = born(folder)
    office.ledger.remember(
        ValueKey.HOLD, hold.Hold("circuit breaker: too many", MONDAY.isoformat(), told=True).dump()
    )
    office.ledger.close()
    live_on(office)
    assert office.mailbox.letters == []
