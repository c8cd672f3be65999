"""A machine's clock is set now and then: no wait is measured on it, and where it isn't the server's,
nothing is decided or sent by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from ackd.clock import SystemClock
from ackd.engine import lease, parked, waiting
from ackd.errors import ClocksApart
from ackd.model import (
    NO_PROMISE,
    DigestTimes,
    Effect,
    EffectKind,
    EffectState,
    Mode,
    OnMove,
    OnOverdue,
    Pending,
    Stamp,
    load_stamp,
    passed,
    token_of,
)
from ackd.promise.lifecycle import FollowRules
from ackd.views.status import status
from tests.clock import Skewed
from tests.people import MONDAY
from tests.property.world import Exchange
from tests.scenario import InMemory, Q, Scenario

YEAR = timedelta(days=365)
MINUTE = timedelta(minutes=1)


def lose_an_answer(office: Scenario, late: float) -> None:
    """A letter goes out, its answer is lost, and its copy comes so many minutes late."""
    office.deliver()
    office.mailbox.late, office.mailbox.fail_next = late, "after"
    office.work()


def letters(office: Scenario, kind: EffectKind = EffectKind.ACKNOWLEDGEMENT) -> int:
    return sum(letter.token == token_of(Q, kind) for letter in office.mailbox.letters)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Scenario]:
    """A server whose time is right, and a machine whose clock may be anything."""
    follow = FollowRules(moved=OnMove.TELL, overdue=OnOverdue.REMIND)
    with Scenario(tmp_path, InMemory(Exchange), clock=Skewed, follow=follow) as made:
        made.work()
        yield made


# --- how long ago ---------------------------------------------------------------------------------


def stamp(server: float | None, boot: str, ticks: float) -> Stamp:
    return Stamp(None if server is None else MONDAY + server * MINUTE, boot, ticks * 60)


@pytest.mark.parametrize(
    ("since", "now", "minutes"),
    [
        (stamp(0, "a", 0), stamp(10, "a", 10), 10),
        (stamp(0, "a", 0), stamp(10, "a", 4), 4),  # the server's clock was set forward
        (stamp(0, "a", 0), stamp(4, "a", 10), 4),  # the ticks are of a clock that was set forward
        (stamp(0, "a", 0), stamp(None, "a", 10), 10),  # an answer without a date
        (stamp(None, "a", 0), stamp(10, "a", 10), 10),
        (stamp(0, "a", 900), stamp(10, "b", 1), 10),  # restarted, or another machine
        (stamp(0, "", 900), stamp(10, "", 901), 10),
        (stamp(None, "a", 900), stamp(10, "b", 1), None),
        (stamp(None, "", 0), stamp(None, "", 10), None),
        (stamp(0, "a", 0), stamp(-2, "a", 10), 0),  # a little behind: waits longer
        (stamp(0, "a", 0), stamp(-60 * 24 * 365, "a", 10), None),  # the server's clock was put right
        (stamp(None, "a", 900), stamp(None, "a", 1), None),
    ],
)
def test_what_has_passed_for_certain(since: Stamp, now: Stamp, minutes: float | None) -> None:
    assert passed(since, now) == (None if minutes is None else minutes * MINUTE)
    assert passed(load_stamp(since.dump()), now) == passed(since, now)


@pytest.mark.parametrize("kept", [None, "", "2026-11-23T08:30:00+00:00", "{}", "[1]", "3", '{"server": 3}'])
def test_what_is_no_stamp_tells_nothing(kept: str | None) -> None:
    assert load_stamp(kept) is None
    assert passed(load_stamp(kept), stamp(0, "a", 0)) is None


@pytest.mark.parametrize(
    ("since", "is_ripe"),
    [
        (stamp(0, "a", 0), True),
        (stamp(0.5, "a", 0.5), False),
        (stamp(None, "a", 0), True),
        (None, False),
        (stamp(None, "b", 0), False),  # nothing measures it: it is counted anew, and not over
        (stamp(0, "a", 900), False),  # the machine's ticks went back
    ],
)
def test_a_wait_is_over_only_if_that_is_sure(since: Stamp | None, *, is_ripe: bool) -> None:
    effect = Effect(EffectKind.ACKNOWLEDGEMENT, Q, MONDAY, EffectState.UNKNOWN, stamp=since)
    pending, now = Pending(effect, NO_PROMISE), stamp(10, "a", 10)
    assert waiting.ripe([pending], now, 10 * MINUTE) == ([pending] if is_ripe else [])


def test_the_machines_own_boot_has_a_name_that_stays() -> None:
    one, two = SystemClock(), SystemClock()
    assert one.boot() == two.boot() != ""
    assert one.ticks() <= two.ticks()


# --- a second write waits ---------------------------------------------------------------------------


@pytest.mark.every(3)
@pytest.mark.parametrize("tells_time", [True, False])
@pytest.mark.parametrize("jump", [12, 9, 4.5, -4.5, -12, 365 * 24 * 60])
def test_no_second_letter_before_the_copy_appears(office: Scenario, jump: float, tells_time: bool) -> None:
    office.mailbox.tells_time = tells_time
    lose_an_answer(office, late=8)
    for minutes in (1, 1, 3):
        office.here.clock.wrong_by = jump * MINUTE
        try:
            office.work(minutes)
        except ClocksApart:
            assert abs(jump) > 5
    assert letters(office) == 1
    office.here.clock.wrong_by = timedelta(0)
    for _ in range(4):
        office.work(4)
    assert (letters(office), office.states()) == (1, [EffectState.DONE])
    assert office.states(EffectKind.TASK) == [EffectState.DONE]


@pytest.mark.parametrize("tells_time", [True, False])
def test_what_never_went_out_is_tried_again_in_time(office: Scenario, tells_time: bool) -> None:
    office.mailbox.tells_time = tells_time
    office.deliver()
    office.mailbox.fail_next = "before"
    office.work()
    office.here.clock.wrong_by = -4.5 * MINUTE
    office.work(9)
    assert letters(office) == 0
    office.work(2)
    assert letters(office) == 1


def test_after_a_restart_the_server_tells_how_long_it_was(office: Scenario) -> None:
    office.deliver()
    office.mailbox.fail_next = "before"
    office.work()
    office.here.clock.boots += 1
    office.start()
    office.work(11)
    assert letters(office) == 1


def test_a_wait_that_nothing_measures_is_counted_anew(office: Scenario) -> None:
    """A ledger of an earlier ackd has moments of the machine's clock alone."""
    lose_an_answer(office, late=8)
    office.ledger.close()
    engine = sa.create_engine(f"sqlite:///{office.here.file}")
    with engine.begin() as db:
        db.execute(sa.text("DELETE FROM stamps"))
        db.execute(sa.text("UPDATE effects SET attempted = '2026-11-22T08:30:00.000000+00:00'"))
    engine.dispose()
    office.here.restart()
    office.work(2)
    assert letters(office) == 1
    office.work(11)
    assert (letters(office), office.states()) == (1, [EffectState.DONE])


def test_a_draft_on_its_way_to_sent_items_is_waited_for(office: Scenario) -> None:
    """The owner sent it, and its copy isn't there yet: two looks in a row would withdraw the promise."""
    office.start(mode=Mode.DRAFT)
    office.deliver()
    office.work()
    (token,) = office.mailbox.drafts
    letter, _ = office.mailbox.drafts.pop(token)
    office.work(11)
    office.here.clock.wrong_by = 4.5 * MINUTE
    office.work(6)
    assert office.states() == [EffectState.DRAFTED]
    office.mailbox._send_one(letter)
    office.work(6)
    assert office.states() == [EffectState.DONE]
    assert office.ledger.count_open() == 1


@pytest.mark.parametrize("jump", [4.5, -4.5])
def test_a_digest_whose_outcome_is_open_is_waited_for(office: Scenario, jump: float) -> None:
    office.start(digest=DigestTimes((0, 1, 2, 3, 4), time(8, 30)))
    office.work()  # from the next morning on
    office.deliver()
    office.work()
    before = len(office.mailbox.letters)
    office.mailbox.late, office.mailbox.fail_next = 8, "after"
    office.work(23 * 60)
    office.mailbox.late, office.mailbox.fail_next = 0, ""
    office.here.clock.wrong_by = jump * MINUTE
    for _ in range(8):
        office.work(2)
    assert len(office.mailbox.letters) == before + 1


# --- a clock that isn't the server's ------------------------------------------------------------------


@pytest.mark.every(3)
@pytest.mark.parametrize("wrong", [YEAR, -YEAR, 6 * MINUTE, -6 * MINUTE, timedelta(days=-14)])
def test_nothing_is_decided_or_sent_by_a_wrong_clock(office: Scenario, wrong: timedelta) -> None:
    office.deliver("first")
    office.work()
    before = len(office.mailbox.letters), len(office.mailbox.task_items)
    office.deliver()
    office.here.clock.wrong_by = wrong
    with pytest.raises(ClocksApart, match="nothing is judged or sent") as told:
        office.work()
    assert ("ahead of" if wrong > timedelta(0) else "behind") in str(told.value)
    assert (len(office.mailbox.letters), len(office.mailbox.task_items)) == before
    assert len(office.ledger.judged(MONDAY - YEAR)) == 1, "judged by a wrong clock"
    office.here.clock.wrong_by = timedelta(0)
    office.work()
    assert letters(office) == 1
    assert office.ledger.count_open() == 2


@pytest.mark.every(3)
@pytest.mark.parametrize("overdue", [OnOverdue.REMIND, OnOverdue.DRAFT])
@pytest.mark.parametrize("tells_time", [True, False])
def test_no_promise_is_overdue_by_a_wrong_clock(
    office: Scenario, overdue: OnOverdue, tells_time: bool
) -> None:
    office.start(follow=FollowRules(moved=OnMove.TELL, overdue=overdue))
    office.deliver()
    office.work()
    office.mailbox.tells_time = tells_time
    office.here.clock.wrong_by = YEAR
    office.start()
    with pytest.raises(ClocksApart):
        office.work()
    office.here.clock.wrong_by = timedelta(0)
    office.work()
    assert letters(office, EffectKind.OVERDUE_NOTICE) == 0
    assert not office.mailbox.drafts
    assert not office.states(EffectKind.APOLOGY) + office.states(EffectKind.OVERDUE_NOTICE)


def test_the_first_digest_is_not_put_off_by_a_wrong_clock(office: Scenario) -> None:
    """It is wanted from a restart on, at which the clock is a year ahead."""
    office.here.clock.wrong_by = YEAR
    office.start()
    office.use(digest=DigestTimes((0, 1, 2, 3, 4), time(8, 30)))
    with pytest.raises(ClocksApart):
        office.work()
    office.here.clock.wrong_by = timedelta(0)
    office.deliver()
    office.work()
    office.work(24 * 60)
    office.work(1)
    digests = [one.subject for one in office.mailbox.letters if one.subject.startswith("ackd: ")]
    assert len(digests) == 1


@pytest.mark.parametrize("hours", [9, 3 * 24, 30 * 24])
@pytest.mark.parametrize("is_new", [False, True], ids=["suspended", "switched off"])
def test_after_a_sleep_each_thing_is_told_once(office: Scenario, hours: int, is_new: bool) -> None:
    """The lid is shut over a question's date, a digest's hour, and a second question."""
    office.use(digest=DigestTimes((0, 1, 2, 3, 4), time(8, 30)))
    office.work()
    office.deliver()
    office.work()
    for nap in (1, 2):
        office.deliver(f"asleep {nap}")
        office.clock.move(hours * 60 * MINUTE)
        woke, before = office.clock.now(), set(office.mailbox.task_items)
        if is_new:
            office.here.clock.boots += 1
            office.start()
        for _ in range(4):
            office.work(1)
        sent = office.mailbox.letters
        assert len({one.token for one in sent}) == len(sent)
        assert sum(one.subject.startswith("ackd: ") for one in sent) <= nap
        new = [task for name, (task, *_) in office.mailbox.task_items.items() if name not in before]
        assert all(task.promised > woke for task in new)
    assert letters(office) == 1
    assert sum(one.subject.startswith("Overdue: ") for one in office.mailbox.letters) == (hours > 24)


@pytest.mark.parametrize("wrong", [YEAR, -YEAR])
def test_a_server_that_tells_no_time_shows_it_before_a_mail_is_judged(
    office: Scenario, wrong: timedelta
) -> None:
    office.mailbox.tells_time = False
    office.here.clock.wrong_by = wrong
    office.here.clock.boots += 1
    office.start()
    office.deliver()
    with pytest.raises(ClocksApart):
        office.work()
    office.here.clock.wrong_by = timedelta(0)
    office.work()
    assert letters(office) == 1


def test_a_clock_that_is_set_in_the_middle_of_a_pass_writes_nothing(office: Scenario) -> None:
    office.deliver()
    holds = office.mailbox.holds

    def set_forward(*args: object) -> bool:
        office.here.clock.wrong_by = YEAR
        return holds(*args)  # type: ignore[arg-type]

    office.mailbox.holds = set_forward  # type: ignore[method-assign,assignment]
    office.work()
    with pytest.raises(ClocksApart):
        office.work()
    assert not office.mailbox.letters


def test_closed_records_are_not_let_go_by_a_wrong_clock(office: Scenario) -> None:
    office.deliver()
    office.work()
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to=Q)
    office.work()
    office.here.clock.wrong_by = 2 * YEAR
    office.start()
    with pytest.raises(ClocksApart):
        office.work()
    assert len(office.ledger.judged(MONDAY - YEAR)) == 1


def test_the_owners_word_counts_at_once_though_it_was_given_by_a_wrong_clock(office: Scenario) -> None:
    office.deliver()
    for _ in range(3):
        office.mailbox.fail_next = "before"
        office.work(11)
    office.mailbox.fail_next = ""
    assert office.states() == [EffectState.PARKED]
    office.here.clock.wrong_by = YEAR
    (case,) = office.ledger.in_state(EffectState.PARKED)
    parked.resolve(office.ledger, office.here.clock, case.effect.number, send=True)
    office.here.clock.wrong_by = timedelta(0)
    office.work()
    assert letters(office) == 1


# --- the lease of an ackd that died ---------------------------------------------------------------------


@pytest.mark.parametrize("tells_time", [True, False])
def test_the_lease_of_one_that_died_is_over_some_time(office: Scenario, tells_time: bool) -> None:
    office.mailbox.tells_time = tells_time
    office.mailbox.take_lease("f00dbeefcafe")
    office.deliver()
    office.work()
    assert letters(office) == 0
    told = status(office.ledger, office.here.clock, is_alive=True).foreign_lease
    assert told
    assert "another ackd (f00dbeef)" in told
    assert MONDAY.strftime("%Y-%m-%dT%H:") in told
    assert "another ackd (f00dbeef)" in office.daemon.unfinished()
    office.start()  # each pass a process of its own
    office.work(8)
    assert letters(office) == 0
    office.start()
    office.work(4)
    assert letters(office) == 1
    assert status(office.ledger, office.here.clock, is_alive=True).foreign_lease is None


def test_a_lease_that_is_renewed_is_never_over(office: Scenario) -> None:
    office.mailbox.tells_time = False
    office.deliver()
    for _ in range(6):
        office.mailbox.take_lease("f00dbeefcafe")
        office.work(6)
    assert letters(office) == 0
    assert lease.met(office.ledger)


def test_a_lease_met_before_a_restart_is_counted_anew(office: Scenario) -> None:
    office.mailbox.tells_time = False
    office.mailbox.take_lease("f00dbeefcafe")
    office.deliver()
    office.work()
    office.here.clock.boots += 1
    office.work(9)
    office.work(3)
    assert letters(office) == 1


def test_a_lease_that_stood_in_the_way_of_nothing_is_forgotten(office: Scenario) -> None:
    office.mailbox.take_lease("f00dbeefcafe")
    office.deliver()
    office.work()
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to=Q)
    office.work()
    assert status(office.ledger, office.here.clock, is_alive=True).foreign_lease is None


def test_moments_in_words() -> None:
    from ackd.engine.waiting import words

    said = words(datetime(2027, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert (
        "365 days, 0:00:00 ahead of the server's (2027-11-24T09:00+00:00 here, 2026-11-24T09:00+00:00 there"
        in said
    )
