"""When an alarm rings, when it is over, and what each way hears of it: never twice for a case, over if and
only if it was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ackd.engine import alerts
from ackd.engine.alerts import CALM, MAIL, TASK, Observation, decide, news
from ackd.ledger import MemoryLedger
from ackd.model import Alarm, AlarmKind, TellingState
from ackd.ports import Ledger
from tests.people import MONDAY

MINUTE, TWO_HOURS = timedelta(minutes=1), timedelta(hours=2)
PHONE = "urls[0]"
FULL, BLOCKED, PARKED = AlarmKind.MAILBOX_FULL, AlarmKind.BLOCKED, AlarmKind.PARKED
BOUNCED = AlarmKind.BOUNCED


class Story:
    """A ledger whose alarms are looked at minute by minute. Each word is a bell: "+" rings, "-" is over."""

    def __init__(self, ledger: Ledger | None = None) -> None:
        self.ledger, self.now = ledger or MemoryLedger(), MONDAY
        self.heard: list[tuple[str, AlarmKind, str]] = []

    def look(self, *observed: Observation, after: timedelta = MINUTE) -> None:
        self.now += after
        changes = decide(observed, self.ledger.alarms(), self.now, TWO_HOURS)
        assert self.ledger.record_alarms(changes)
        for change in changes:
            if alarm := news(change):
                self.heard.append(("-" if alarm.over else "+", alarm.kind, alarm.case))

    def go_on(self, minutes: int, *observed: Observation) -> None:
        for _ in range(minutes):
            self.look(*observed)

    @property
    def words(self) -> str:
        return "".join(word for word, _, _ in self.heard)


@pytest.mark.parametrize("kind", [kind for kind in AlarmKind if kind is not AlarmKind.TEST])
def test_each_kind_rings_once_and_once_when_it_is_over(kind: AlarmKind) -> None:
    story = Story()
    story.go_on(200, Observation(kind))
    assert story.words == "+"
    story.go_on(200)
    assert story.words == "+-"
    (record,) = story.ledger.alarms()
    assert record.alarm.over is not None
    assert abs(record.alarm.over - (MONDAY + 200 * MINUTE)) <= 2 * MINUTE, "over when it was gone, not later"


@pytest.mark.parametrize("kind", alerts.PATIENT)
def test_a_server_that_is_away_for_a_while_is_no_alarm(kind: AlarmKind) -> None:
    story = Story()
    story.go_on(110, Observation(kind))
    story.look()
    story.go_on(110, Observation(kind))
    assert story.words == ""


def test_a_machine_that_slept_saw_nothing() -> None:
    story = Story()
    story.go_on(5, Observation(BLOCKED))
    story.look(Observation(BLOCKED), after=timedelta(hours=60))  # a weekend
    story.go_on(5, Observation(BLOCKED))
    assert story.words == ""
    story.go_on(100, Observation(BLOCKED))
    assert story.words == "+"


def test_a_clock_that_is_set_back_does_no_harm() -> None:
    story = Story()
    story.go_on(5, Observation(FULL))
    story.look(Observation(FULL), after=-timedelta(days=400))
    story.go_on(30)
    assert story.words == "+-"


def test_cases_of_a_kind_are_told_apart() -> None:
    story = Story()
    story.go_on(20, Observation(PARKED, "a"))
    story.go_on(20, Observation(PARKED, "a"), Observation(PARKED, "b"))
    story.go_on(20, Observation(PARKED, "b"))
    assert story.heard == [("+", PARKED, "a"), ("+", PARKED, "b"), ("-", PARKED, "a")]


def test_what_comes_nearer_rings_once_more_at_each_stage() -> None:
    story = Story()
    for stage in (1, 1, 2, 1, 2, 3):
        story.look(Observation(AlarmKind.EWS_ENDS, stage=stage))
    assert story.words == "+++"


@pytest.mark.parametrize("period", [1, 3, 9, 11, 15, 25, 45, 90, 240])
def test_what_flaps_falls_silent(period: int) -> None:
    story = Story()
    for _ in range(5 * 24 * 60 // (2 * period)):
        story.go_on(period, Observation(FULL))
        story.go_on(period)
    assert story.words.count("+") <= 1 + 8, story.words
    before = len(story.heard)
    for _ in range(24 * 60 // (2 * period)):
        story.go_on(period, Observation(FULL))
        story.go_on(period)
    assert len(story.heard) <= before + 2


def test_what_comes_back_after_days_rings_again() -> None:
    story = Story()
    for _ in range(3):
        story.go_on(1, Observation(FULL))
        story.go_on(2 * 24 * 60)
    assert story.words == "+-+-+-"


OBSERVED = st.sampled_from(
    [
        *(Observation(kind) for kind in (FULL, BLOCKED, AlarmKind.CONFIG_BROKEN, AlarmKind.SILENT)),
        *(Observation(PARKED, case) for case in "ab"),
        *(Observation(AlarmKind.PASSWORD_ENDS, stage=stage) for stage in (1, 2)),
    ]
)
STEP = st.tuples(
    st.lists(OBSERVED, max_size=3, unique_by=lambda one: one.key),
    st.sampled_from(
        [MINUTE, 7 * MINUTE, 40 * MINUTE, timedelta(hours=9), timedelta(days=3), -timedelta(days=1)]
    ),
    st.integers(1, 15),
    st.dictionaries(st.sampled_from([PHONE, "command"]), st.booleans()),
)


@given(steps=st.lists(STEP, max_size=25))
def test_never_twice_for_a_case_and_over_if_and_only_if_told(
    steps: list[tuple[list[Observation], timedelta, int, dict[str, bool]]],
) -> None:
    ledger, now, ways = MemoryLedger(), MONDAY, (PHONE, "command")
    heard: defaultdict[tuple[str, AlarmKind, str], list[Alarm]] = defaultdict(list)
    for observed, after, times, takes in steps:
        for _ in range(times):
            now += after
            changes = decide(observed, ledger.alarms(), now, TWO_HOURS)
            assert ledger.record_alarms(changes, alerts.owed(changes, ledger.tellings(), ways, now))
            for way in ways:
                hand_over(ledger, way, now, heard, took=takes.get(way, True))
        check(heard)
    for _ in range(4 * 24):  # all is well, and the ways are up: what was told of is over
        now += 15 * MINUTE
        changes = decide((), ledger.alarms(), now, TWO_HOURS)
        assert ledger.record_alarms(changes, alerts.owed(changes, ledger.tellings(), ways, now))
        for way in ways:
            hand_over(ledger, way, now, heard, took=True)
    check(heard)
    assert not ledger.open_alarms()
    assert not ledger.tellings(), "nothing is owed any more"


def hand_over(
    ledger: Ledger,
    way: str,
    now: datetime,
    heard: dict[tuple[str, AlarmKind, str], list[Alarm]],
    *,
    took: bool,
) -> None:
    due = alerts.due(ledger.tellings(), way, now)
    for one in due if took else ():
        heard[one.key].append(one.alarm)
    current = {one.key: one for one in ledger.tellings()}
    changes = alerts.settle(due, current, now, took=took)
    assert ledger.record_alarms((), changes)
    for change in changes:
        if change.after is None and change.before and heard[change.key] and not took:
            heard[change.key].append(change.before.alarm)  # given up in the end: that it is over


def check(heard: dict[tuple[str, AlarmKind, str], list[Alarm]]) -> None:
    for alarms in heard.values():
        for before, after in zip([None, *alarms], alarms, strict=False):
            if before is None or before.over is not None:
                continue
            rises = after.stage > before.stage
            assert after.over is not None or rises, f"twice: {alarms}"
        by_case: defaultdict[datetime, list[Alarm]] = defaultdict(list)
        for alarm in alarms:
            by_case[alarm.since].append(alarm)
        for one in by_case.values():
            assert sum(alarm.over is not None for alarm in one) <= 1, f"over twice: {one}"


def told(story: Story, ways: Iterable[str], *observed: Observation) -> None:
    story.now += MINUTE
    changes = decide(observed, story.ledger.alarms(), story.now, TWO_HOURS)
    owed = alerts.owed(changes, story.ledger.tellings(), tuple(ways), story.now)
    assert story.ledger.record_alarms(changes, owed)


def test_a_way_that_failed_is_tried_again_at_growing_pauses_and_given_up() -> None:
    story, tries = Story(), 0
    told(story, [PHONE], Observation(FULL))
    for _ in range(3 * 24 * 60):
        told(story, [PHONE], Observation(FULL))
        due = alerts.due(story.ledger.tellings(), PHONE, story.now)
        tries += len(due)
        current = {one.key: one for one in story.ledger.tellings()}
        story.ledger.record_alarms((), alerts.settle(due, current, story.now, took=False))
    assert tries == 1 + len(alerts.PAUSES)
    assert [one.state for one in story.ledger.tellings()] == [TellingState.GIVEN_UP]
    for _ in range(30):
        told(story, [PHONE])
    assert story.ledger.tellings() == (), "who never heard of it isn't told that it is over"


def test_a_new_way_hears_of_what_comes_next() -> None:
    story = Story()
    told(story, [PHONE], Observation(FULL))
    told(story, [PHONE, "command"], Observation(FULL), Observation(BOUNCED, "a"))
    assert {one.key for one in story.ledger.tellings()} == {
        (PHONE, FULL, ""),
        (PHONE, BOUNCED, "a"),
        ("command", BOUNCED, "a"),
    }
    told(story, ["command"], Observation(FULL), Observation(BOUNCED, "a"))
    assert {one.way for one in story.ledger.tellings()} == {"command"}


def test_three_hundred_cases_are_told_in_one() -> None:
    story = Story()
    told(story, [PHONE], *(Observation(BOUNCED, str(number)) for number in range(300)))
    due = alerts.due(story.ledger.tellings(), PHONE, story.now)
    ((alarm, group),) = alerts.together(due)
    assert (alarm.count, len(group), alarm.case) == (300, 300, "")


@pytest.mark.parametrize("kind", [kind for kind in AlarmKind if kind is not AlarmKind.TEST])
def test_by_mail_is_told_what_mail_can_tell(kind: AlarmKind) -> None:
    story = Story()
    for _ in range(130):
        told(story, [MAIL, TASK], Observation(kind))
    ways = {one.way for way in (MAIL, TASK) for one in alerts.due(story.ledger.tellings(), way, story.now)}
    assert (MAIL in ways) is not (kind.stops_mail or kind.has_own_mail)
    assert (TASK in ways) is not kind.stops_tasks
    for _ in range(15):
        told(story, [MAIL, TASK])
    over = alerts.due(story.ledger.tellings(), MAIL, story.now)
    assert [one.alarm.over is not None for one in over] == ([] if kind.has_own_mail else [True])
    assert alerts.due(story.ledger.tellings(), TASK, story.now) == [], "no task is made of what is over"


def test_the_calm_that_ends_a_case_doubles() -> None:
    story = Story()
    lengths = []
    for _ in range(4):
        story.look(Observation(FULL))
        begun = len(story.heard)
        minutes = 0
        while len(story.heard) == begun:
            story.look()
            minutes += 1
        lengths.append(minutes)
    assert [length - 1 for length in lengths] == [int(CALM / MINUTE) * 2**n for n in range(4)]
