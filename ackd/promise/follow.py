"""An open promise and what happened → how it stands from then on, and what is to be done.

Each function takes a promise with all that belongs to it and returns a `Turn`, or None where
nothing follows. What the owner does is the owner's word: a date is never corrected, what was
deleted stays away, and nothing is sent for a promise that is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from ackd.model import (
    Chore,
    Command,
    DeskTask,
    Duration,
    Effect,
    EffectKind,
    EffectState,
    Happening,
    Promise,
    PromiseState,
    SeenTask,
    Standing,
    Turn,
    Unit,
    Urgency,
)
from ackd.model.follow import DELETED, NO_QUESTION, SOLVED, TICKED
from ackd.promise.calendar import Calendar
from ackd.promise.plan import PromiseRules, later_than, sooner_than

#: Letters that a promise may still have to send.
LETTERS = tuple(kind for kind in EffectKind if kind.is_letter)
_EVERYTHING = tuple(EffectKind)
_SETTLE = Duration(5, Unit.MINUTES)


@dataclass(frozen=True, slots=True)
class FollowRules:
    """The owner's rules for what comes after the acknowledgement (`follow_up` in the
    configuration). `commands` are the categories by which the owner talks to ackd."""

    moved: str = "ask"  # tell | ask | ignore
    settle: Duration = _SETTLE
    overdue: str = "remind"  # remind | draft | ignore
    commands: Mapping[str, Command] = field(default_factory=dict)

    def command(self, categories: tuple[str, ...]) -> Command | None:
        """The command among a thing's categories; of several the first in the order of `Command`."""
        given = {self.commands[name] for name in categories if name in self.commands}
        return next((command for command in Command if command in given), None)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What dates are reckoned with."""

    calendar: Calendar
    rules: PromiseRules
    follow: FollowRules
    now: datetime


# --- the owner's task -------------------------------------------------------------------------


def seen(standing: Standing, task: SeenTask, by: Reckoning) -> Turn | None:
    """What a task says as it was seen now, compared with how it was seen or written last."""
    promise = standing.promise
    if task.is_complete:
        return _closed(standing, PromiseState.DROPPED, TICKED)
    if promise.state is not PromiseState.OPEN:
        return _reopened(standing, task, by) if _is_taken_back(standing, task) else _left_over(standing)
    return _at_another_day(standing, task, by)


def _at_another_day(standing: Standing, task: SeenTask, by: Reckoning) -> Turn | None:
    """What the day of an open promise's task says: the owner moved it, or another ackd did."""
    promise = standing.promise
    if _is_told_by_another(standing, task):
        known = replace(standing, promise=replace(promise, told=task.promised, moves=task.moves))
        if task.due_date not in (None, by.calendar.local_date(task.promised or promise.due)):
            return moved(known, task.due_date, by)
        return _moved_by_another(known, task, by)
    if _is_moved_by_another(standing, task, by.calendar):
        return _moved_by_another(standing, task, by)
    if _is_moved(promise, standing.task, task, by.calendar):
        assert task.due_date is not None
        return moved(standing, task.due_date, by)
    return None


def deleted(standing: Standing) -> Turn | None:
    """The task is in Deleted Items, or nowhere."""
    return _closed(standing, PromiseState.WITHDRAWN, DELETED)


def moved(standing: Standing, day: date, by: Reckoning) -> Turn:
    """The owner gave the task another day: the promise keeps its hour, and the colleague learns
    the new date once the task has come to rest."""
    promise, calendar = standing.promise, by.calendar
    hour = calendar.local(promise.due).time()
    due = datetime.combine(day, hour, tzinfo=calendar.zone).astimezone(UTC)
    new = _at(promise, due, by)
    is_news = standing.is_told and due != promise.told and due > by.now and not standing.will_wait
    if by.follow.moved == "ignore" or not is_news:
        is_settled = by.follow.moved == "ignore" or not standing.is_told or due == promise.told
        chore = Chore(date=True, remember=is_settled)
        return Turn(Happening.MOVED, new, cancel=(EffectKind.NEW_DATE,), chore=chore)
    letter = Effect(
        EffectKind.NEW_DATE,
        promise.question.message_id,
        calendar.add(by.now, by.follow.settle),
        occasion=f"{promise.moves} {day.isoformat()}",
        moment=due,
    )
    return Turn(
        Happening.MOVED, new, effects=(letter,), cancel=(EffectKind.NEW_DATE,), chore=Chore(date=True)
    )


def _is_moved(promise: Promise, before: DeskTask | None, task: SeenTask, calendar: Calendar) -> bool:
    """Whether the owner changed the day. Whatever a server or another client makes of the day
    that we wrote is no move: our own write coming back is known by its key."""
    if task.due_date is None or task.due_date == calendar.local_date(promise.due):
        return False
    if before is None:
        return True
    is_echo = bool(task.key) and task.key == before.key
    # what we have still to write was written by another ackd meanwhile, and isn't there any more
    was_written = before.chore.date and task.promised == promise.due
    return not is_echo and (task.due_date != before.due_date or was_written)


def is_anothers(standing: Standing, task: SeenTask, calendar: Calendar) -> bool:
    """Whether another ackd wrote to the task since this one looked at it."""
    return _is_told_by_another(standing, task) or _is_moved_by_another(standing, task, calendar)


def _is_told_by_another(standing: Standing, task: SeenTask) -> bool:
    """Whether another ackd on this mailbox told the asker a date that this one doesn't know of: the
    task remembers more new dates. A date of ours that isn't written yet goes before."""
    before = standing.task
    is_ours_to_write = before is not None and before.chore.date
    return task.promised is not None and task.moves > standing.promise.moves and not is_ours_to_write


def _is_moved_by_another(standing: Standing, task: SeenTask, calendar: Calendar) -> bool:
    """Whether another ackd moved the task: it wrote what the task remembers too, which the owner's
    own move leaves as it was."""
    promise, before = standing.promise, standing.task
    if before is not None and (before.chore.date or (task.key and task.key == before.key)):
        return False
    return (
        task.promised is not None
        and task.promised != promise.due
        and task.moves >= promise.moves
        and calendar.local_date(task.promised) == task.due_date
    )


def _moved_by_another(standing: Standing, task: SeenTask, by: Reckoning) -> Turn:
    assert task.promised is not None
    new = replace(_at(standing.promise, task.promised, by), moves=task.moves, told=task.promised)
    return Turn(Happening.MOVED, new, "another ackd moved it", cancel=(EffectKind.NEW_DATE,))


def _is_taken_back(standing: Standing, task: SeenTask) -> bool:
    """Whether the owner took back the end of a promise: its task was ticked off or deleted, by
    whomever, and stands open in a list again."""
    before, why = standing.task, standing.promise.why
    if why in (TICKED, DELETED):
        return True
    if before is None:
        return why == NO_QUESTION and standing.state_of(EffectKind.TASK) is EffectState.DONE
    return before.is_complete and task.key != before.key


def _reopened(standing: Standing, task: SeenTask, by: Reckoning) -> Turn:
    """The promise is open again, at the day to which its task was moved meanwhile."""
    opened = replace(standing.promise, state=PromiseState.OPEN, why="")
    if task.due_date in (None, by.calendar.local_date(opened.due)):
        return Turn(Happening.REOPENED, opened, chore=Chore(remember=True))
    assert task.due_date is not None
    turn = moved(replace(standing, promise=opened), task.due_date, by)
    return replace(turn, what=Happening.REOPENED)


def _left_over(standing: Standing) -> Turn | None:
    """The task of a closed promise that is open still, as nothing was known of it when the promise
    was closed."""
    before, is_no_question = standing.task, standing.promise.why == NO_QUESTION
    if before is not None and (before.chore.complete or before.chore.delete):
        return None
    chore = Chore(complete=not is_no_question, delete=is_no_question)
    return Turn(Happening.OBEYED, standing.promise, chore=chore)


def _closed(standing: Standing, state: PromiseState, why: str) -> Turn | None:
    promise = standing.promise
    if promise.state is not PromiseState.OPEN:
        return None
    what = Happening.DROPPED if state is PromiseState.DROPPED else Happening.WITHDRAWN
    return Turn(what, replace(promise, state=state, why=why), why, cancel=_EVERYTHING)


# --- the owner's own words --------------------------------------------------------------------


def postponed(standing: Standing, moment: datetime, by: Reckoning) -> Turn | None:
    """The owner wrote "I'll get back to you next week": a new date that the asker knows."""
    promise = standing.promise
    if promise.state is not PromiseState.OPEN or moment <= by.now:
        return None
    new = replace(_at(promise, moment, by), told=moment, waits=False)
    words = "you told the asker yourself when the answer comes"
    return Turn(Happening.MOVED, new, words, cancel=LETTERS, chore=Chore(date=True, remember=True))


def command(standing: Standing, said: Command, note: str, by: Reckoning) -> Turn | None:
    """The owner set one of the command categories on a question or its task. `note` is what the
    task then says of a question to the asker."""
    promise = standing.promise
    if said is Command.ACKNOWLEDGE or promise.state is not PromiseState.OPEN:
        return None
    if said is Command.NOT_A_QUESTION:
        closed = replace(promise, state=PromiseState.WITHDRAWN, why=NO_QUESTION)
        return Turn(Happening.WITHDRAWN, closed, NO_QUESTION, cancel=_EVERYTHING, chore=Chore(delete=True))
    if said is Command.CANNOT_HELP:
        return _cannot_help(standing, by)
    return _needs_more(standing, note, by)


def taken_up(standing: Standing, by: Reckoning) -> Turn | None:
    """The owner takes a closed question up again: it was acknowledged and isn't acknowledged
    again, but it gets a task anew."""
    promise = standing.promise
    if promise.state is PromiseState.OPEN:
        return None
    due = promise.due
    if due <= by.now:
        due = later_than(promise, by.calendar, by.rules, start=by.now)
    new = replace(_at(promise, due, by), state=PromiseState.OPEN, why="", waits=False)
    made = sum(effect.kind is EffectKind.TASK for effect in standing.effects)
    task = Effect(EffectKind.TASK, promise.question.message_id, by.now, occasion=str(made) if made else "")
    return Turn(Happening.REOPENED, new, "you took it up again", effects=(task,))


def obeyed(standing: Standing, names: tuple[str, ...]) -> Turn:
    """A command on the task was obeyed: its category goes."""
    return Turn(Happening.OBEYED, standing.promise, chore=Chore(remove=names))


def _cannot_help(standing: Standing, by: Reckoning) -> Turn:
    """The acknowledgement says so, if it isn't out yet; else a letter of its own."""
    promise = standing.promise
    words = "you can't help with it"
    if standing.state_of(EffectKind.ACKNOWLEDGEMENT) is EffectState.PLANNED:
        letter = "redirect" if promise.question.contact else "cannot-help"
        refers = replace(promise, question=replace(promise.question, letter=letter))
        desk_kinds = (EffectKind.TASK, EffectKind.APPOINTMENT)
        return Turn(Happening.TOLD, refers, words, cancel=desk_kinds, hurry=by.now)
    effect = Effect(EffectKind.CANNOT_HELP, promise.question.message_id, by.now)
    return Turn(Happening.TOLD, promise, words, effects=(effect,), cancel=LETTERS)


def _needs_more(standing: Standing, note: str, by: Reckoning) -> Turn | None:
    """The promise rests once the letter is out; one that is withdrawn leaves it as it was."""
    promise, words = standing.promise, "you asked for more information"
    if standing.will_wait or standing.asks_for_more(EffectState.DRAFTED):
        return None
    if standing.state_of(EffectKind.ACKNOWLEDGEMENT) is EffectState.PLANNED:
        asking = replace(promise, question=replace(promise.question, letter="more-information"))
        return Turn(Happening.WAITS, asking, words, hurry=by.now)
    asked = sum(effect.kind is EffectKind.NEED_MORE for effect in standing.effects)
    effect = Effect(
        EffectKind.NEED_MORE,
        promise.question.message_id,
        by.now,
        occasion=str(asked) if asked else "",
    )
    chore = Chore(notes=_notes(note))
    return Turn(Happening.WAITS, promise, words, effects=(effect,), cancel=LETTERS, chore=chore)


# --- the asker writes again -------------------------------------------------------------------


def solved(standing: Standing, note: str) -> Turn | None:
    """The asker needs no answer any more."""
    promise = standing.promise
    if promise.state is not PromiseState.OPEN:
        return None
    closed = replace(promise, state=PromiseState.WITHDRAWN, why=SOLVED)
    chore = Chore(complete=True, notes=_notes(note))
    return Turn(Happening.WITHDRAWN, closed, SOLVED, cancel=_EVERYTHING, chore=chore)


def hurried(standing: Standing, deadline: datetime | None, note: str, by: Reckoning) -> Turn | None:
    """The asker is in a hurry: the promise moves nearer, never away, and the owner hears of it at
    once. The asker has been acknowledged and isn't told again."""
    promise = standing.promise
    if promise.state is not PromiseState.OPEN:
        return None
    due = sooner_than(promise, deadline, by.calendar, by.rules, by.now)
    question = replace(
        promise.question, urgency=Urgency.URGENT, deadline=deadline or promise.question.deadline
    )
    new = replace(promise, question=question, due=due, reminder=by.now, waits=False)
    chore = Chore(date=True, remember=True, urgent=True, notes=_notes(note))
    hurry = by.calendar.usual.add(by.now, by.rules.grace_urgent)
    return Turn(Happening.NEARER, new, "the asker is in a hurry", hurry=hurry, chore=chore)


def relaxed(standing: Standing, note: str, by: Reckoning) -> Turn | None:
    """The asker has time: the promise moves away, never nearer."""
    promise = standing.promise
    if promise.state is not PromiseState.OPEN:
        return None
    due = later_than(promise, by.calendar, by.rules)
    new = _at(replace(promise, question=replace(promise.question, urgency=Urgency.NO_RUSH)), due, by)
    chore = Chore(date=True, remember=True, notes=_notes(note))
    return Turn(
        Happening.LATER, replace(new, waits=False), "the asker is in no hurry",
        cancel=(EffectKind.NEW_DATE,), chore=chore,
    )  # fmt: skip


def more(standing: Standing, note: str, by: Reckoning) -> Turn | None:
    """The asker wrote more. A promise that waited for it begins anew."""
    promise = standing.promise
    if promise.state is not PromiseState.OPEN:
        return None
    if not promise.waits:
        return Turn(Happening.MORE, promise, chore=Chore(notes=_notes(note)))
    due = later_than(promise, by.calendar, by.rules, start=by.now)
    new = replace(_at(promise, due, by), waits=False)
    chore = Chore(date=True, remember=True, notes=_notes(note))
    return Turn(Happening.MORE, new, "the asker gave what was asked for", chore=chore)


def _notes(note: str) -> tuple[str, ...]:
    return (note,) if note else ()


# --- time passes ------------------------------------------------------------------------------


def overdue_occasion(promise: Promise) -> str:
    """What tells one overdue moment of a promise from the next."""
    return promise.due.astimezone(UTC).isoformat(timespec="minutes")


def overdue(standing: Standing, by: Reckoning) -> Turn:
    """The promised moment came without an answer. An apology promises a date anew, and becomes
    the promise when the owner sends it; while the date that the asker knows is still to come (the
    owner moved the task into the past), there is nothing to apologize for."""
    promise = standing.promise
    wanted = by.follow.overdue
    occasion = overdue_occasion(promise)
    question = promise.question.message_id
    effects: tuple[Effect, ...] = ()
    asker_waits = promise.told is None or promise.told <= by.now
    if wanted == "draft" and standing.is_told and asker_waits:
        due = later_than(promise, by.calendar, by.rules, start=by.now)
        effects = (Effect(EffectKind.APOLOGY, question, by.now, occasion=occasion, moment=due),)
    elif wanted != "ignore":
        effects = (Effect(EffectKind.OVERDUE_NOTICE, question, by.now, occasion=occasion),)
    return Turn(Happening.OVERDUE, promise, effects=effects)


def _at(promise: Promise, due: datetime, by: Reckoning) -> Promise:
    """The promise at another moment, with its reminder before it."""
    reminder = max(by.calendar.subtract(due, by.rules.reminder), by.now)
    return replace(promise, due=due, reminder=reminder)
