"""An open promise and what happened → how it stands from then on, and what is to be done.

Each function takes a promise with all that belongs to it and returns a `Transition`, or None where
nothing follows. What the owner does is the owner's word: a date is never corrected, what was
deleted stays away, and nothing is sent for a promise that is closed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from ackd.model import (
    Command,
    Duration,
    Effect,
    EffectKind,
    EffectState,
    Happening,
    LetterName,
    OnMove,
    OnOverdue,
    Promise,
    PromiseSnapshot,
    PromiseState,
    SeenTask,
    TaskUpdate,
    Transition,
    Unit,
    Urgency,
)
from ackd.model.followup import DELETED, NO_QUESTION, SOLVED, TICKED
from ackd.promise.calendar import Calendar
from ackd.promise.effects import owner_items, urgent_notice
from ackd.promise.plan import PromiseRules, later_than, sooner_than
from ackd.promise.task_signs import (
    is_held_by_another,
    is_moved,
    is_moved_by_another,
    is_taken_back,
    is_told_by_another,
)

#: Letters that a promise may still have to send.
LETTERS = tuple(kind for kind in EffectKind if kind.is_letter)
_EVERYTHING = tuple(EffectKind)
_SETTLE = Duration(5, Unit.MINUTES)


@dataclass(frozen=True, slots=True)
class FollowRules:
    """The owner's rules for what comes after the acknowledgement (`follow_up` in the
    configuration). `commands` are the categories by which the owner talks to ackd."""

    moved: OnMove = OnMove.ASK
    settle: Duration = _SETTLE
    overdue: OnOverdue = OnOverdue.REMIND
    commands: Mapping[str, Command] = field(default_factory=dict)

    def command(self, categories: tuple[str, ...]) -> Command | None:
        """The command among a thing's categories; of several the first in the order of `Command`."""
        given = {one for name, one in self.commands.items() if _is_given(name, categories)}
        return next((command for command in Command if command in given), None)

    def names(self, categories: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a thing's categories by which commands were given, as they stand there."""
        given = [name for name in self.commands if _is_given(name, categories)]
        meant = {_folded(name) for name in given} | {part for name in given for part in _parts(name)}
        return tuple(name for name in categories if _folded(name) in meant)


def _is_given(name: str, categories: tuple[str, ...]) -> bool:
    """Whether a category stands there: in any case, as mail programs compare them, and also where one with
    a comma in its name was made two of."""
    known = {_folded(category) for category in categories}
    return _folded(name) in known or (len(_parts(name)) > 1 and _parts(name) <= known)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _parts(name: str) -> set[str]:
    return {_folded(part) for part in re.split("[,;]", name)} - {""}


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What dates are reckoned with."""

    calendar: Calendar
    rules: PromiseRules
    follow: FollowRules
    now: datetime


# --- the owner's task -------------------------------------------------------------------------


def seen(snapshot: PromiseSnapshot, task: SeenTask, by: Reckoning) -> Transition | None:
    """What a task says as it was seen now, compared with how it was seen or written last."""
    promise = snapshot.promise
    if task.is_complete:
        return _closed(snapshot, PromiseState.DROPPED, TICKED)
    if promise.state is not PromiseState.OPEN:
        return _reopened(snapshot, task, by) if is_taken_back(snapshot, task) else _left_over(snapshot)
    return _at_another_day(snapshot, task, by)


def _at_another_day(snapshot: PromiseSnapshot, task: SeenTask, by: Reckoning) -> Transition | None:
    """What the day of an open promise's task says: the owner moved it, or another ackd did."""
    promise = snapshot.promise
    if is_told_by_another(snapshot, task):
        known = replace(snapshot, promise=replace(promise, told=task.known_date, moves=task.moves))
        if task.due_date not in (None, by.calendar.local_date(task.promised or promise.due)):
            return moved(known, task.due_date, by)
        return _moved_by_another(known, task, by)
    if is_held_by_another(snapshot, task):  # and this one told the asker a date
        return Transition(Happening.OBEYED, promise, task_update=TaskUpdate(date=True, remember=True))
    if is_moved_by_another(snapshot, task, by.calendar):
        return _moved_by_another(snapshot, task, by)
    if is_moved(promise, snapshot.task, task, by.calendar):
        assert task.due_date is not None
        return moved(snapshot, task.due_date, by)
    return None


def deleted(snapshot: PromiseSnapshot) -> Transition | None:
    """The task is in Deleted Items, or nowhere."""
    return _closed(snapshot, PromiseState.WITHDRAWN, DELETED)


def moved(snapshot: PromiseSnapshot, day: date, by: Reckoning) -> Transition:
    """The owner gave the task another day: the promise keeps its hour, and the colleague learns
    the new date once the task has come to rest."""
    promise, calendar = snapshot.promise, by.calendar
    hour = calendar.local(promise.due).time()
    due = datetime.combine(day, hour, tzinfo=calendar.zone).astimezone(UTC)
    new = _at(promise, due, by)
    is_news = snapshot.is_told and due != promise.told and due > by.now and not snapshot.will_wait
    if by.follow.moved is OnMove.IGNORE or not is_news:
        is_settled = not snapshot.is_told or due == promise.told
        task_update = TaskUpdate(date=True, remember=is_settled)
        return Transition(Happening.MOVED, new, cancel=(EffectKind.NEW_DATE,), task_update=task_update)
    letter = Effect(
        EffectKind.NEW_DATE,
        promise.question.message_id,
        calendar.add(by.now, by.follow.settle),
        occasion=f"{promise.moves} {day.isoformat()}",
        moment=due,
    )
    return Transition(
        Happening.MOVED,
        new,
        effects=(letter,),
        cancel=(EffectKind.NEW_DATE,),
        task_update=TaskUpdate(date=True),
    )


def _moved_by_another(snapshot: PromiseSnapshot, task: SeenTask, by: Reckoning) -> Transition:
    assert task.promised is not None
    told = snapshot.promise.told if task.is_untold else task.known_date
    new = replace(_at(snapshot.promise, task.promised, by), moves=max(task.moves, 0), told=told)
    return Transition(Happening.MOVED, new, "another ackd moved it", cancel=(EffectKind.NEW_DATE,))


def _reopened(snapshot: PromiseSnapshot, task: SeenTask, by: Reckoning) -> Transition:
    """The promise is open again, at the day to which its task was moved meanwhile; what another ackd promised
    is told."""
    opened = replace(snapshot.promise, state=PromiseState.OPEN, why="")
    again = replace(snapshot, promise=opened)
    if is_moved_by_another(again, task, by.calendar):
        return replace(_moved_by_another(again, task, by), what=Happening.REOPENED)
    if task.due_date in (None, by.calendar.local_date(opened.due)):
        return Transition(Happening.REOPENED, opened, task_update=TaskUpdate(remember=True))
    assert task.due_date is not None
    transition = moved(again, task.due_date, by)
    return replace(transition, what=Happening.REOPENED)


def _left_over(snapshot: PromiseSnapshot) -> Transition | None:
    """The task of a closed promise that is open still, as nothing was known of it when the promise
    was closed."""
    before, is_no_question = snapshot.task, snapshot.promise.why == NO_QUESTION
    if before is not None and (before.task_update.complete or before.task_update.delete):
        return None
    task_update = TaskUpdate(complete=not is_no_question, delete=is_no_question)
    return Transition(Happening.OBEYED, snapshot.promise, task_update=task_update)


def _closed(snapshot: PromiseSnapshot, state: PromiseState, why: str) -> Transition | None:
    promise = snapshot.promise
    if promise.state is not PromiseState.OPEN:
        return None
    what = Happening.DROPPED if state is PromiseState.DROPPED else Happening.WITHDRAWN
    return Transition(what, replace(promise, state=state, why=why), why, cancel=_EVERYTHING)


# --- the owner's own words --------------------------------------------------------------------


def postponed(snapshot: PromiseSnapshot, moment: datetime, by: Reckoning) -> Transition | None:
    """The owner wrote "I'll get back to you next week": a new date that the asker knows. Where a letter was
    to refer the asker elsewhere, an answer is promised after all, and has its task."""
    promise = snapshot.promise
    if promise.state is not PromiseState.OPEN or moment <= by.now:
        return None
    new = replace(_at(promise, moment, by), told=moment, waits=False)
    effects: tuple[Effect, ...] = ()
    if promise.question.is_referred:
        new = replace(new, question=promise.question.answered_after_all)
        effects = owner_items(snapshot, by.now, has_entry=by.rules.calendar_entry)
    words = "you told the asker yourself when the answer comes"
    task_update = TaskUpdate(date=True, remember=True)
    return Transition(Happening.MOVED, new, words, effects=effects, cancel=LETTERS, task_update=task_update)


def command(snapshot: PromiseSnapshot, said: Command, note: str, by: Reckoning) -> Transition | None:
    """The owner set one of the command categories on a question or its task. `note` is what the
    task then says of a question to the asker."""
    promise = snapshot.promise
    if promise.state is not PromiseState.OPEN:
        return None
    if said is Command.ACKNOWLEDGE:
        return _acknowledged_after_all(snapshot, by)
    if said is Command.NOT_A_QUESTION:
        closed = replace(promise, state=PromiseState.WITHDRAWN, why=NO_QUESTION)
        return Transition(
            Happening.WITHDRAWN, closed, NO_QUESTION, cancel=_EVERYTHING, task_update=TaskUpdate(delete=True)
        )
    if said is Command.CANNOT_HELP:
        return _cannot_help(snapshot, by)
    return _needs_more(snapshot, note, by)


def _acknowledged_after_all(snapshot: PromiseSnapshot, by: Reckoning) -> Transition | None:
    """A question that has its task alone gets its letter by the owner's word."""
    promise = snapshot.promise
    if not snapshot.waits_untold:
        return None
    wanted = replace(promise, question=replace(promise.question, commanded=True))
    letter = Effect(EffectKind.ACKNOWLEDGEMENT, snapshot.name, by.now, verify_first=True)
    return Transition(Happening.TOLD, wanted, "you had it acknowledged", effects=(letter,))


def taken_up(snapshot: PromiseSnapshot, by: Reckoning) -> Transition | None:
    """The owner takes a closed question up again: it was acknowledged and isn't acknowledged
    again, but it gets a task anew."""
    promise = snapshot.promise
    if promise.state is PromiseState.OPEN:
        return None
    due = promise.due
    if due <= by.now:
        due = later_than(promise, by.calendar, by.rules, start=by.now)
    new = replace(_at(promise, due, by), state=PromiseState.OPEN, why="", waits=False)
    task = Effect(EffectKind.TASK, snapshot.name, by.now, occasion=snapshot.next_task)
    return Transition(Happening.REOPENED, new, "you took it up again", effects=(task,))


def obeyed(snapshot: PromiseSnapshot, names: tuple[str, ...]) -> Transition:
    """A command on the task was obeyed: its category goes."""
    return Transition(Happening.OBEYED, snapshot.promise, task_update=TaskUpdate(remove=names))


def _cannot_help(snapshot: PromiseSnapshot, by: Reckoning) -> Transition:
    """The acknowledgement says so, if it isn't out yet; else a letter of its own."""
    promise = snapshot.promise
    words = "you can't help with it"
    if snapshot.state_of(EffectKind.ACKNOWLEDGEMENT) is EffectState.PLANNED:
        refers = replace(promise, question=replace(promise.question, letter=promise.question.referral))
        desk_kinds = (EffectKind.TASK, EffectKind.APPOINTMENT)
        return Transition(Happening.TOLD, refers, words, cancel=desk_kinds, hurry=by.now)
    said = [one for one in snapshot.effects if one.kind is EffectKind.CANNOT_HELP]
    times = sum(one.state is EffectState.DONE for one in said)  # and then the owner took it up again
    occasion = str(times) if times else ""
    effect = Effect(EffectKind.CANNOT_HELP, snapshot.name, by.now, occasion=occasion)
    return Transition(Happening.TOLD, promise, words, effects=(effect,), cancel=LETTERS)


def _needs_more(snapshot: PromiseSnapshot, note: str, by: Reckoning) -> Transition | None:
    """The promise rests once the letter is out; one that is withdrawn leaves it as it was."""
    promise, words = snapshot.promise, "you asked for more information"
    if snapshot.will_wait or snapshot.asks_for_more(EffectState.DRAFTED):
        return None
    if snapshot.state_of(EffectKind.ACKNOWLEDGEMENT) is EffectState.PLANNED:
        asking = replace(promise, question=replace(promise.question, letter=LetterName.MORE_INFORMATION))
        return Transition(Happening.WAITS, asking, words, hurry=by.now)
    asked = sum(effect.kind is EffectKind.NEED_MORE for effect in snapshot.effects)
    effect = Effect(EffectKind.NEED_MORE, snapshot.name, by.now, occasion=str(asked) if asked else "")
    task_update = TaskUpdate(notes=_notes(note))
    return Transition(
        Happening.WAITS, promise, words, effects=(effect,), cancel=LETTERS, task_update=task_update
    )


# --- the asker writes again -------------------------------------------------------------------


def solved(snapshot: PromiseSnapshot, note: str) -> Transition | None:
    """The asker needs no answer any more."""
    promise = snapshot.promise
    if promise.state is not PromiseState.OPEN:
        return None
    closed = replace(promise, state=PromiseState.WITHDRAWN, why=SOLVED)
    task_update = TaskUpdate(complete=True, notes=_notes(note))
    return Transition(Happening.WITHDRAWN, closed, SOLVED, cancel=_EVERYTHING, task_update=task_update)


def hurried(
    snapshot: PromiseSnapshot, deadline: datetime | None, note: str, by: Reckoning
) -> Transition | None:
    """The asker is in a hurry: the promise moves nearer, never away, and the owner hears of it at
    once. The asker has been acknowledged and isn't told again."""
    promise = snapshot.promise
    if promise.state is not PromiseState.OPEN:
        return None
    due = sooner_than(promise, deadline, by.calendar, by.rules, by.now)
    question = replace(
        promise.question, urgency=Urgency.URGENT, deadline=deadline or promise.question.deadline
    )
    new = replace(promise, question=question, due=due, reminder=by.now, waits=False)
    task_update = TaskUpdate(date=True, remember=True, urgent=True, notes=_notes(note))
    hurry = by.calendar.usual.add(by.now, by.rules.grace_urgent)
    return Transition(
        Happening.NEARER,
        new,
        "the asker is in a hurry",
        effects=urgent_notice(replace(snapshot, promise=new), by.now),
        hurry=hurry,
        task_update=task_update,
    )


def relaxed(snapshot: PromiseSnapshot, note: str, by: Reckoning) -> Transition | None:
    """The asker has time: the promise moves away, never nearer."""
    promise = snapshot.promise
    if promise.state is not PromiseState.OPEN:
        return None
    due = later_than(promise, by.calendar, by.rules)
    new = _at(replace(promise, question=replace(promise.question, urgency=Urgency.NO_RUSH)), due, by)
    task_update = TaskUpdate(date=True, remember=True, notes=_notes(note))
    return Transition(
        Happening.LATER, replace(new, waits=False), "the asker is in no hurry",
        cancel=(EffectKind.NEW_DATE,), task_update=task_update,
    )  # fmt: skip


def more(snapshot: PromiseSnapshot, note: str, by: Reckoning) -> Transition | None:
    """The asker wrote more. A promise that waited for it begins anew."""
    promise = snapshot.promise
    if promise.state is not PromiseState.OPEN:
        return None
    if not promise.waits:
        return Transition(Happening.MORE, promise, task_update=TaskUpdate(notes=_notes(note)))
    due = later_than(promise, by.calendar, by.rules, start=by.now)
    new = replace(_at(promise, due, by), waits=False)
    task_update = TaskUpdate(date=True, remember=True, notes=_notes(note))
    return Transition(Happening.MORE, new, "the asker gave what was asked for", task_update=task_update)


def _notes(note: str) -> tuple[str, ...]:
    return (note,) if note else ()


# --- time passes ------------------------------------------------------------------------------


def overdue_occasion(promise: Promise) -> str:
    """What tells one overdue moment of a promise from the next."""
    return promise.due.astimezone(UTC).isoformat(timespec="minutes")


def overdue(snapshot: PromiseSnapshot, by: Reckoning) -> Transition:
    """The promised moment came without an answer. An apology promises a date anew, and becomes
    the promise when the owner sends it; while the date that the asker knows is still to come (the
    owner moved the task into the past), there is nothing to apologize for."""
    promise = snapshot.promise
    wanted = by.follow.overdue
    occasion = overdue_occasion(promise)
    question = promise.question.message_id
    effects: tuple[Effect, ...] = ()
    asker_waits = promise.told is None or promise.told <= by.now
    if wanted is OnOverdue.DRAFT and snapshot.is_told and asker_waits:
        due = later_than(promise, by.calendar, by.rules, start=by.now)
        effects = (Effect(EffectKind.APOLOGY, question, by.now, occasion=occasion, moment=due),)
    elif wanted is not OnOverdue.IGNORE:
        effects = (Effect(EffectKind.OVERDUE_NOTICE, question, by.now, occasion=occasion),)
    return Transition(Happening.OVERDUE, promise, effects=effects)


def _at(promise: Promise, due: datetime, by: Reckoning) -> Promise:
    """The promise at another moment, with its reminder before it."""
    reminder = max(by.calendar.subtract(due, by.rules.reminder), by.now)
    return replace(promise, due=due, reminder=reminder)
