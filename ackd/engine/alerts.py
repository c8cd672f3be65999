"""Alarms: when a case rings, when it is over, and what each way is still to be told. Pure decisions.

A case rings once, after it was seen for long enough, and is over once it wasn't seen for long enough: each
time that it comes back within a day that takes twice as long, so that what flaps falls silent. What
counts is time that was looked at: a machine that slept saw nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ackd.model import (
    Alarm,
    AlarmChange,
    AlarmKind,
    AlarmRecord,
    FolderNote,
    Telling,
    TellingChange,
    TellingState,
)

#: The ledger's words for what the owner should know: why a pass stopped, why a changed configuration isn't
#: used, why an own template wasn't, what is amiss with the folders.
#: The ways that the outbox goes.
MAIL, TASK = "mail", "task"
#: Two looks that are farther apart than this saw no more than this.
LONGEST_STEP = timedelta(minutes=20)
#: How long a case isn't seen until it is over: the first time, and at most.
CALM, LONGEST_CALM = timedelta(minutes=10), timedelta(days=1)
#: How long it is remembered that a case was over.
REMEMBERED = timedelta(days=1)
#: How long a case is to be seen until it rings; the kinds that aren't here ring at once, and those of
#: `PATIENT` when the owner wants.
WAITS = {
    AlarmKind.CONFIG_BROKEN: timedelta(minutes=2),
    AlarmKind.CLOCK_OFF: timedelta(minutes=15),
    AlarmKind.PARKED: timedelta(minutes=15),  # a later sync may still show what became of it
}
PATIENT = (AlarmKind.BLOCKED, AlarmKind.SILENT)
#: The pauses after which a way that failed is tried again; then it is given up.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))


@dataclass(frozen=True, slots=True)
class Observation:
    """What is the matter right now; see `Alarm` for what the parts mean. `since` is when it began, where
    that is known."""

    kind: AlarmKind
    case: str = ""
    since: datetime | None = None
    ends: datetime | None = None
    stage: int = 0

    @property
    def key(self) -> tuple[AlarmKind, str]:
        """Which case it is."""
        return self.kind, self.case


def dump(notes: Iterable[FolderNote]) -> str:
    """Notes of folders as the ledger keeps them."""
    return json.dumps([[note.folder, note.words, note.is_read] for note in notes])


def load(value: str | None) -> tuple[FolderNote, ...]:
    """The notes of folders that the ledger keeps."""
    return tuple(FolderNote(*entry) for entry in json.loads(value or "[]"))


# --- cases --------------------------------------------------------------------------------------


def decide(
    observed: Iterable[Observation], known: Iterable[AlarmRecord], now: datetime, silent_after: timedelta
) -> list[AlarmChange]:
    """What becomes of the cases that are known and of those that are new. `silent_after` is how long the
    owner waits for a server that doesn't let ackd in, or doesn't answer."""
    seen = {one.key: one for one in observed}
    records = {one.alarm.key: one for one in known}
    after = {key: _unseen(one, now) for key, one in records.items() if key not in seen}
    for key, one in seen.items():
        wait = silent_after if one.kind in PATIENT else WAITS.get(one.kind, timedelta())
        after[key] = _seen(records.get(key), one, now, wait)
    changes = (AlarmChange(key, records.get(key), one) for key, one in after.items())
    return [change for change in changes if change.before != change.after]


def news(change: AlarmChange) -> Alarm | None:
    """The alarm that a change makes known: it rings (again), or it is over; None where it does neither."""
    before, after = change.before, change.after
    if after is None or after.told is None:
        return None
    rings = before is None or before.told != after.told
    ends = after.alarm.over is not None and before is not None and before.is_open
    return after.alarm if rings or ends else None


def _seen(known: AlarmRecord | None, one: Observation, now: datetime, wait: timedelta) -> AlarmRecord:
    if known is None or known.alarm.over is not None:
        since = min(one.since or now, now)
        alarm = Alarm(one.kind, since, one.case, ends=one.ends, stage=one.stage)
        return _rung(AlarmRecord(alarm, now, rings=known.rings if known else 0), now, wait)
    higher = max(known.alarm.stage, one.stage)
    record = replace(known, alarm=replace(known.alarm, ends=one.ends, stage=higher))
    if record.told is None:
        lasted = record.observed + _step(known.at, now)
        return _rung(replace(record, at=now, observed=lasted), now, wait)
    if higher > known.alarm.stage:
        record = replace(record, told=now)
    return replace(record, at=now, quiet=timedelta()) if record.quiet else record


def _rung(record: AlarmRecord, now: datetime, wait: timedelta) -> AlarmRecord:
    return replace(record, told=now, rings=record.rings + 1) if record.observed >= wait else record


def _unseen(known: AlarmRecord, now: datetime) -> AlarmRecord | None:
    over = known.alarm.over
    if over is not None:
        return known if now - over < REMEMBERED else None
    if known.told is None:  # nobody was told of it
        return replace(known, alarm=replace(known.alarm, over=now), at=now) if known.rings else None
    # the first look that doesn't see it begins to count
    quiet = known.quiet + _step(known.at, now) if known.quiet else timedelta(microseconds=1)
    calm = min(CALM * 2 ** min(known.rings - 1, 10), LONGEST_CALM)
    if quiet < calm:
        return replace(known, at=now, quiet=quiet)
    ended = max(now - quiet, known.alarm.since)
    return replace(known, alarm=replace(known.alarm, over=ended), at=now, quiet=timedelta())


def _step(before: datetime, now: datetime) -> timedelta:
    return min(max(now - before, timedelta()), LONGEST_STEP)


# --- what the ways are told -----------------------------------------------------------------------


def owed(
    changes: Iterable[AlarmChange], tellings: Iterable[Telling], ways: Collection[str], now: datetime
) -> list[TellingChange]:
    """What the ways are to be told, as cases change. What is over is told to the ways that know of it, or
    are still to be told of it; what ways know that aren't ways any more goes."""
    before = {one.key: one for one in tellings}
    after: dict[tuple[str, AlarmKind, str], Telling | None] = {
        key: None for key, one in before.items() if one.way not in ways
    }
    for alarm in filter(None, map(news, changes)):
        for way in ways:
            key = (way, *alarm.key)
            after[key] = _owed(way, alarm, before.get(key), now)
    return [TellingChange(key, before.get(key), one) for key, one in after.items() if before.get(key) != one]


def _owed(way: str, alarm: Alarm, known: Telling | None, now: datetime) -> Telling | None:
    if alarm.over is None:
        return _rings(way, alarm, known, now)
    if known is None or known.state is TellingState.GIVEN_UP:
        return None
    if known.state is TellingState.OWED and not known.by:
        return replace(known, alarm=alarm) if way != TASK else None  # no task was made
    # a task is to be ticked off; a mail that is under way was written before `not_before`
    return replace(known, alarm=alarm, state=TellingState.OWED, not_before=now, tries=0)


def _rings(way: str, alarm: Alarm, known: Telling | None, now: datetime) -> Telling | None:
    if not _suits(way, alarm.kind):
        return known
    if known and known.knows and (known.alarm.over is not None or known.state is TellingState.TOLD):
        # the way takes it for open: it wasn't told yet that it was over, or it is told of the next stage
        same = replace(alarm, stage=max(alarm.stage, known.alarm.stage))
        if alarm.stage <= known.alarm.stage or way == TASK:
            return replace(known, alarm=same, state=TellingState.TOLD, tries=0)
    if known and way == TASK and (known.knows or known.by):
        return replace(known, alarm=alarm)  # its task is there
    return Telling(way, alarm, TellingState.OWED, now, knows=bool(known and known.knows))


def _suits(way: str, kind: AlarmKind) -> bool:
    """Whether a way tells of a kind."""
    return not (way == TASK and kind.stops_tasks) and not (way == MAIL and kind.has_own_mail)


def due(tellings: Iterable[Telling], way: str, now: datetime) -> list[Telling]:
    """What a way is to be told now. By mail, what keeps mail from going out is told when it is over."""
    longest = PAUSES[-1]  # a clock that was set back keeps nothing for longer
    return [
        one
        for one in tellings
        if one.way == way
        and one.state is TellingState.OWED
        and not now < one.not_before <= now + longest
        and (way != MAIL or one.alarm.over is not None or not one.alarm.kind.stops_mail)
    ]


def together(tellings: Iterable[Telling]) -> list[tuple[Alarm, Sequence[Telling]]]:
    """What is due as it is told: cases of a kind in one, those that are over apart."""
    groups: dict[tuple[AlarmKind, bool], list[Telling]] = {}
    for one in tellings:
        groups.setdefault((one.alarm.kind, one.alarm.over is not None), []).append(one)
    return [(_as_one([one.alarm for one in group]), group) for group in groups.values()]


def as_one_each(alarms: Iterable[Alarm]) -> list[Alarm]:
    """Open alarms as they are told: cases of a kind in one."""
    groups: dict[AlarmKind, list[Alarm]] = {}
    for alarm in alarms:
        groups.setdefault(alarm.kind, []).append(alarm)
    return list(map(_as_one, groups.values()))


def _as_one(alarms: Sequence[Alarm]) -> Alarm:
    if len(alarms) == 1:
        return alarms[0]
    overs, ends = (
        [m for m in moments if m] for moments in zip(*((a.over, a.ends) for a in alarms), strict=True)
    )
    return replace(
        min(alarms, key=lambda alarm: alarm.since),
        case="",
        over=max(overs, default=None),
        ends=min(ends, default=None),
        stage=max(alarm.stage for alarm in alarms),
        count=len(alarms),
    )


def taken(told: Telling, current: Telling | None, now: datetime) -> Telling | None:
    """What stands of a telling after its way took it as `told`. What was over by then is done with; what
    became over meanwhile is to be told still."""
    if current is None or not _is_same(told, current):
        return current
    if told.alarm.over is not None or told.alarm.kind is AlarmKind.TEST:
        return None
    by = current.by if current.way == TASK else ""
    if current.alarm.over is not None or current.alarm.stage > told.alarm.stage:
        return replace(current, not_before=now, tries=0, knows=True, by=by)
    return replace(current, state=TellingState.TOLD, tries=0, knows=True, by=by)


def failed(told: Telling, current: Telling | None, now: datetime) -> Telling | None:
    """What stands of a telling after its way failed: it is tried again after a pause that grows, and given
    up in the end. A way that never told of a case doesn't tell either that it is over."""
    if current is None or not _is_same(told, current):
        return current
    if current.tries < len(PAUSES):
        by = current.by if current.way == TASK and current.alarm.over else ""  # to be ticked off still
        return replace(current, tries=current.tries + 1, not_before=now + PAUSES[current.tries], by=by)
    return None if current.alarm.over else replace(current, state=TellingState.GIVEN_UP, by="")


def _is_same(told: Telling, current: Telling) -> bool:
    return current.alarm.since == told.alarm.since and current.state is TellingState.OWED


def settle(
    told: Iterable[Telling],
    current: Mapping[tuple[str, AlarmKind, str], Telling],
    now: datetime,
    *,
    took: bool,
) -> list[TellingChange]:
    """What is written after a way took what it was told, or didn't."""
    becomes = taken if took else failed
    known = ((one, current.get(one.key)) for one in told)
    changes = (TellingChange(one.key, before, becomes(one, before, now)) for one, before in known)
    return [change for change in changes if change.before != change.after]
