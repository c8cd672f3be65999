"""What stands beside promises in the ledger in memory: alarms, and what the owner said of mails."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from ackd.ledger.memory_state import State
from ackd.model import Alarm, AlarmChange, AlarmRecord, Lesson, Telling, TellingChange


def with_lessons(state: State, given: Iterable[Lesson]) -> State:
    """With what the owner said: of a mail the last word."""
    lessons, number = dict(state.lessons), state.lesson
    for one in given:
        number += 1
        lessons.pop(one.message_id, None)
        lessons[one.message_id] = replace(one, number=number)
    return replace(state, lessons=lessons, lesson=number)


class Beside:
    """See `ports.Ledger` for what each method means."""

    def __init__(self) -> None:
        self._state = State()

    # --- lessons ------------------------------------------------------------------------------

    def lessons(self, most: int) -> tuple[Lesson, ...]:
        ordered = sorted(self._state.lessons.values(), key=lambda one: (one.at, one.number))
        return tuple(ordered[-most:])

    def forget_lessons(self, numbers: Collection[int] | None = None) -> int:
        known = self._state.lessons
        kept = {name: one for name, one in known.items() if numbers is not None and one.number not in numbers}
        self._state.lessons = kept
        return len(known) - len(kept)

    # --- alarms -------------------------------------------------------------------------------

    def open_alarms(self) -> tuple[Alarm, ...]:
        alarms = (one.alarm for one in self._state.alarms.values() if one.is_open)
        return tuple(sorted(alarms, key=lambda alarm: (alarm.since, alarm.key)))

    def alarms(self) -> tuple[AlarmRecord, ...]:
        return tuple(one for _, one in sorted(self._state.alarms.items()))

    def tellings(self) -> tuple[Telling, ...]:
        return tuple(one for _, one in sorted(self._state.tellings.items()))

    def record_alarms(
        self, alarms: Collection[AlarmChange] = (), tellings: Collection[TellingChange] = ()
    ) -> bool:
        known, told = dict(self._state.alarms), dict(self._state.tellings)
        if any(known.get(one.key) != one.before for one in alarms):
            return False
        if any(told.get(one.key) != one.before for one in tellings):
            return False
        known |= {one.key: one.after for one in alarms if one.after}
        told |= {one.key: one.after for one in tellings if one.after}
        gone = {one.key for one in alarms if one.after is None}
        self._state.alarms = {key: one for key, one in known.items() if key not in gone}
        silent = {one.key for one in tellings if one.after is None}
        self._state.tellings = {key: one for key, one in told.items() if key not in silent}
        return True
