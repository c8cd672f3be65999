"""The daemon is killed before and after every call of a port while a notice is due: the digest and the notice
of a hold come once, and an overdue notice too."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from ackd.engine import alarms, digest, hold, observations
from ackd.engine.limits import Limits
from ackd.ledger import SqlLedger
from ackd.model import AlarmKind, DigestTimes, EffectKind, EffectState, Mode, notice_token
from tests.crash.shares import shared
from tests.crash.test_kill_everywhere import Office, folder, fresh
from tests.people import ALICE, MONDAY, mail

__all__ = ["folder"]
DAILY = DigestTimes(tuple(range(7)), time(8, 30))


def to_digest(place: Path) -> Office:
    """A promise was made, and the next morning has come."""
    office = begun(place)
    office.run(fuse=0)
    office.clock.move(timedelta(days=1))
    return office


def begun(place: Path) -> Office:
    office = Office(place)
    office.settings = replace(office.settings, digest=DAILY)
    office.run(fuse=0)
    office.mailbox.arrive(mail("q0", at=office.clock.now()))
    return office


def to_hold(place: Path) -> Office:
    """More questions have come than may be answered in an hour."""
    office = Office(place)
    office.settings = replace(office.settings, limits=Limits(per_hour=2))
    for number in range(4):
        office.mailbox.arrive(mail(f"q{number}", sender=f"q{number}@corp.example", at=office.clock.now()))
    return office


def to_overdue(place: Path) -> Office:
    """The promised moment has passed."""
    office = Office(place)
    office.mailbox.arrive(mail("q0", at=office.clock.now()))
    office.run(fuse=0)
    office.clock.move(timedelta(days=9))
    return office


def to_overdue_list(place: Path) -> Office:
    """Several promised moments have passed."""
    office = Office(place)
    for number in range(2):
        office.mailbox.arrive(mail(f"q{number}", sender=f"q{number}@corp.example", at=office.clock.now()))
    office.run(fuse=0)
    office.clock.move(timedelta(days=9))
    return office


def to_urgent_draft(place: Path) -> Office:
    """Something urgent was asked, and letters wait in Drafts for the owner."""
    office = Office(place)
    office.settings = replace(office.settings, mode=Mode.DRAFT)
    office.run(fuse=0)
    text = "Urgent: could you please send me the figures for October right away?"
    office.mailbox.arrive(mail("q0", text, at=office.clock.now()))
    return office


def to_alarm(place: Path) -> Office:
    """The password is about to end, and the owner is told by mail and task."""
    office = Office(place)
    office.settings = replace(office.settings, tells_alarms=True)
    look(office, MONDAY + timedelta(days=3))
    return office


def look(office: Office, ends: datetime | None) -> None:
    """A look at the alarms, as the service does it beside its passes."""
    ledger = SqlLedger(office.url, ALICE.address)
    ending = [[AlarmKind.PASSWORD_ENDS.value, ends.isoformat()]] if ends else []
    ledger.remember(observations.ENDINGS, json.dumps(ending))
    ways = alarms.ways(office.settings)
    span = timedelta(hours=2)
    alarms.look(ledger, office.clock.now(), poll=span, silent_after=span, ways=ways)
    ledger.close()


SCENES = {
    "digest": to_digest,
    "hold": to_hold,
    "overdue": to_overdue,
    "overdue list": to_overdue_list,
    "urgent draft": to_urgent_draft,
    "alarm": to_alarm,
}


def play(begin: Callable[[Path], Office], place: Path, fuse: int) -> int:
    office = begin(place)
    before = len(office.mailbox.letters)
    steps = office.run(fuse)
    office.live_on()
    notices = [one for one in office.mailbox.letters[before:] if not one.in_reply_to]
    assert len(notices) == len({one.token for one in notices}) == 1
    assert notices[0].to.email == ALICE.address
    ledger = SqlLedger(office.url, ALICE.address)
    assert ledger.in_state(EffectState.ATTEMPTING, EffectState.UNKNOWN, EffectState.PARKED) == ()
    ledger.close()
    tasks = [task for task, _ in office.mailbox.task_items.values() if not task.message_id]
    assert len(tasks) == (begin is to_alarm)
    return steps


@shared("part", 16)
def test_an_alarm_that_is_over_is_told_once_whenever_the_process_dies(folder: Path, part: int) -> None:
    whole = play_to_the_end(fresh(folder, 0), 10_000)
    for fuse in range(whole // 2 + part, whole + 1, 16):  # before, the pass only reads
        play_to_the_end(fresh(folder, fuse), fuse)


def play_to_the_end(place: Path, fuse: int) -> int:
    office = to_alarm(place)
    office.run(fuse=0)
    for _ in range(3):
        office.clock.move(timedelta(minutes=10))
        look(office, None)
    steps = office.run(fuse)
    office.live_on()
    first, second = office.mailbox.letters
    assert "It is over" not in first.text
    assert "It is over" in second.text
    ((_, seen),) = office.mailbox.task_items.values()
    assert seen.is_complete, "the task is ticked off"
    ledger = SqlLedger(office.url, ALICE.address)
    assert ledger.tellings() == ()
    ledger.close()
    return steps


@pytest.mark.parametrize("scene", SCENES)
@shared("eighth", 8)
def test_a_notice_comes_once_whenever_the_process_dies(folder: Path, eighth: int, scene: str) -> None:
    whole = play(SCENES[scene], fresh(folder, 0), 10_000)
    for fuse in range(1 + eighth, whole + 1, 8):
        play(SCENES[scene], fresh(folder, fuse), fuse)


@pytest.mark.parametrize("is_doubtful", [False, True])
def test_a_ledger_of_an_earlier_ackd_brings_no_second_digest(folder: Path, is_doubtful: bool) -> None:
    office = to_digest(folder)
    ledger = SqlLedger(office.url, ALICE.address)
    slot = digest.last_slot(office.settings, office.clock.now())
    assert slot is not None
    now = office.clock.now().isoformat()
    kept = {"slot": slot.isoformat(), "tries": 1, "attempted": now, "since": MONDAY.isoformat(), "stamp": ""}
    kept |= {} if is_doubtful else {"tries": 0, "attempted": "", "since": now}
    notices = ledger.snapshots(["ackd:notices"])["ackd:notices"].effects
    assert [effect.kind for effect in notices] == [EffectKind.DIGEST]
    ledger.close()
    forget(office, json.dumps(kept))
    if is_doubtful:  # it went out, and the copy is there
        sent = replace(
            office.mailbox.letters[0], token=notice_token(f"digest {slot.isoformat()}"), in_reply_to=""
        )
        office.mailbox.send([sent])
    before = len(office.mailbox.letters)
    office.live_on()
    assert len(office.mailbox.letters) == before


def forget(office: Office, value: str) -> None:
    """The record as an earlier ackd left it: the digest's state is a single value."""
    import sqlite3

    with sqlite3.connect(office.url.removeprefix("sqlite:///")) as database:
        database.execute("DELETE FROM effects WHERE message_id = 'ackd:notices'")
        database.execute("INSERT INTO meta (key, value) VALUES ('digest', ?)", (value,))


def test_a_hold_of_which_an_earlier_ackd_told_is_not_told_again(folder: Path) -> None:
    office = Office(folder)
    ledger = SqlLedger(office.url, ALICE.address)
    ledger.remember(hold.KEY, replace(hold.tripped("too many", MONDAY), told=True).dump())
    ledger.close()
    office.live_on()
    assert office.mailbox.letters == []
