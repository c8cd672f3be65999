"""Alarms as they are kept and told: a look at how things are, and the mail and the task to the owner.

Mail and task are notices of the one outbox: planned when a way owes a case, rendered when they are written,
and exactly once. Other ways are the runtime's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ackd.engine import alerts, promises, questions
from ackd.engine.alerts import MAIL, TASK
from ackd.engine.observations import observe
from ackd.engine.triage import Settings
from ackd.letters.alarms import alarm_letter, alarm_task
from ackd.model import (
    NOTICES,
    Done,
    Effect,
    EffectKind,
    EffectState,
    Letter,
    Mode,
    Outcome,
    Refused,
    Task,
    TaskChange,
    Telling,
    TellingChange,
    TellingState,
)
from ackd.ports import Ledger, Mailbox

_KINDS = {MAIL: EffectKind.ALARM, TASK: EffectKind.ALARM_TASK}


def look(
    ledger: Ledger, now: datetime, *, poll: timedelta, silent_after: timedelta, ways: Collection[str]
) -> None:
    """See what is the matter, and write down what rings, what is over and what the ways are to be told."""
    while True:
        changes = alerts.decide(observe(ledger, now, poll), ledger.alarms(), now, silent_after)
        tellings = alerts.owed(changes, ledger.tellings(), ways, now)
        if not (changes or tellings) or ledger.record_alarms(changes, tellings):
            return


def settle(ledger: Ledger, told: Sequence[Telling], now: datetime, *, took: bool) -> None:
    """Write down that a way took what it was told, or didn't."""
    while True:
        current = {one.key: one for one in ledger.tellings()}
        changes = alerts.settle(told, current, now, took=took)
        if not changes or ledger.record_alarms((), changes):
            return


def plan_test(ledger: Ledger, telling: Telling) -> None:
    """Let a way tell a test; nothing is kept of it afterwards."""
    ledger.record_alarms((), [TellingChange(telling.key, None, telling)])


# --- by mail and task -----------------------------------------------------------------------------


def ways(settings: Settings) -> tuple[str, ...]:
    """By which of the outbox's ways the owner is told: in preview nothing is written to the mailbox."""
    return () if settings.mode is Mode.PREVIEW or not settings.tells_alarms else (MAIL, TASK)


def is_due(ledger: Ledger, settings: Settings, now: datetime) -> bool:
    """Whether a mail or a task is to be planned, one is done with, or a task is to be ticked off."""
    if not ways(settings):
        return False
    tellings = ledger.tellings()
    if not any(one.state is TellingState.OWED and one.way in _KINDS for one in tellings):
        return False
    effects = _effects(ledger)
    ended = _done_with(tellings, effects) or _over_tasks(tellings, effects, now)
    return bool(ended) or any(_groups(tellings, effects, way, now) for way in ways(settings))


def plan(ledger: Ledger, settings: Settings, now: datetime) -> None:
    """Write down what mails and tasks told; plan one mail for all that is owed, and a task a kind."""
    if not ways(settings):
        return
    if not is_due(ledger, settings, now):
        return
    for telling, took in _done_with(ledger.tellings(), _effects(ledger)):
        settle(ledger, [telling], now, took=took)
    for way in ways(settings):
        for name, group in _groups(ledger.tellings(), _effects(ledger), way, now):
            notice = Effect(_KINDS[way], NOTICES, now, occasion=f"{now.isoformat()}{name}")
            begun = [TellingChange(one.key, one, replace(one, by=notice.token)) for one in group]
            if ledger.record_alarms((), begun):  # else a look changed them just now: the next pass
                promises.plan_notice(ledger, notice)


def rendered(
    ledger: Ledger, settings: Settings, effect: Effect, now: datetime, language: str
) -> Letter | Task | None:
    """The mail or the task as things stand now; None where it tells nothing any more."""
    told = [one for one in ledger.tellings() if one.by == effect.token and one.state is TellingState.OWED]
    zone = settings.calendar.zone
    if effect.kind is EffectKind.ALARM:
        alarms = [alarm for alarm, _ in alerts.together(told)]
        return alarm_letter(effect.token, alarms, settings.owner, now, zone, language) if alarms else None
    still = alerts.together(one for one in told if one.alarm.over is None)
    return alarm_task(effect.token, still[0][0], settings.category, now, zone, language) if still else None


def tasks_made(ledger: Ledger, settings: Settings) -> tuple[Task, ...]:
    """The tasks of alarms that stand on the desk, or may, as they were written."""
    effects, found = _effects(ledger), dict[str, Task]()
    for one in ledger.tellings():
        effect = effects.get(one.by)
        is_made = effect is not None and (effect.state.is_out or effect.state is EffectState.DONE)
        if one.way != TASK or effect is None or not is_made or effect.attempted is None:
            continue
        alarm, zone = replace(one.alarm, over=None), settings.calendar.zone
        language = questions.known_language(ledger, settings)
        at = effect.attempted
        found[one.by] = alarm_task(one.by, alarm, settings.category, at, zone, language)
    return tuple(found.values())


def tend(mailbox: Mailbox, ledger: Ledger, now: datetime) -> bool:
    """Tick off the tasks of what is over. Returns whether there were any."""
    tellings = ledger.tellings()
    over = _over_tasks(tellings, _effects(ledger), now) if tellings else []
    if not over:
        return False
    tokens = sorted({one.by for one in over})
    changes = [
        TaskChange(task.token, task.item, key=task.key, complete=True)
        for task in mailbox.tasks(tokens)
        if not (task.is_complete or task.is_deleted)
    ]
    outcomes = mailbox.change_tasks(changes) if changes else []
    undone = {change.token for change, one in zip(changes, outcomes, strict=True) if _may_do_later(one)}
    settle(ledger, [one for one in over if one.by not in undone], now, took=True)
    settle(ledger, [one for one in over if one.by in undone], now, took=False)
    return True


# --- small parts ----------------------------------------------------------------------------------


def _effects(ledger: Ledger) -> dict[str, Effect]:
    """Mails and tasks of alarms by their tokens."""
    effects = ledger.snapshots([NOTICES])[NOTICES].effects
    return {one.token: one for one in effects if one.kind in _KINDS.values()}


def _groups(
    tellings: Iterable[Telling], effects: Mapping[str, Effect], way: str, now: datetime
) -> list[tuple[str, list[Telling]]]:
    """What is to be told by one mail, or one task, each with its name; nothing while one is under way."""
    if any(one.kind is _KINDS[way] and not one.state.is_settled for one in effects.values()):
        return []
    due = [one for one in alerts.due(tellings, way, now) if not one.by]
    if way == MAIL:
        return [("", due)] if due else []
    return [(f" {alarm.kind.value}", list(group)) for alarm, group in alerts.together(due)]


def _done_with(tellings: Iterable[Telling], effects: Mapping[str, Effect]) -> list[tuple[Telling, bool]]:
    """What mails and tasks told, or didn't: those that are settled. What became over after a mail was
    written, it didn't tell."""
    found = []
    for one in tellings:
        effect = effects.get(one.by)
        is_told = one.way in _KINDS and one.state is TellingState.OWED and one.by
        if not is_told or _is_ticked(one, effect):
            continue
        if effect is None or effect.state is EffectState.CANCELLED:
            found.append((one, one.way == TASK and one.alarm.over is not None))  # no task was made
        elif effect.state is EffectState.DONE:
            is_newer = effect.attempted is not None and effect.attempted < one.not_before
            told = replace(one, alarm=replace(one.alarm, over=None)) if is_newer else one
            found.append((told, True))
    return found


def _is_ticked(one: Telling, effect: Effect | None) -> bool:
    """Whether a telling is a task that was made, or may be, and is to be ticked off."""
    is_made = effect is None or effect.state is EffectState.DONE
    return one.way == TASK and one.alarm.over is not None and is_made


def _over_tasks(tellings: Iterable[Telling], effects: Mapping[str, Effect], now: datetime) -> list[Telling]:
    """Tasks to be ticked off: all that they tell of is over."""
    tellings = list(tellings)
    open_ones = {one.by for one in tellings if one.alarm.over is None}
    due = alerts.due(tellings, TASK, now)
    return [one for one in due if one.by and one.by not in open_ones and _is_ticked(one, effects.get(one.by))]


def _may_do_later(outcome: Outcome) -> bool:
    return not isinstance(outcome, Done) and not (isinstance(outcome, Refused) and outcome.is_gone)
