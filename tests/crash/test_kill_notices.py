"""The daemon is killed before and after every call of a port while a notice is due: the digest and the notice
of a hold come once, and an overdue notice too."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from ackd.engine import digest, hold
from ackd.engine.limits import Limits
from ackd.ledger import SqlLedger
from ackd.model import DigestTimes, EffectKind, EffectState, notice_token
from tests.crash.shares import shared
from tests.crash.test_kill_everywhere import Office, folder, fresh
from tests.people import ALICE, MONDAY, mail

__all__ = ["folder"]
SHARES = 16
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


SCENES = {"digest": to_digest, "hold": to_hold, "overdue": to_overdue}


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
    return steps


@pytest.mark.parametrize("scene", SCENES)
@shared("share", SHARES)
def test_a_notice_comes_once_whenever_the_process_dies(folder: Path, share: int, scene: str) -> None:
    whole = play(SCENES[scene], fresh(folder, 0), 10_000)
    for fuse in range(1 + share, whole + 1, SHARES):
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
