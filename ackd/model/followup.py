"""What happens to an open promise, and what follows from it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, datetime

from ackd.model.promise import (
    ORDERED_SINCE,
    SEEN,
    Effect,
    EffectKind,
    EffectState,
    Promise,
    PromiseState,
    earlier_tasks,
    task_number,
)

#: Why a promise is closed, in words.
TICKED = "you ticked off its task, and no answer was seen"
DELETED = "you deleted its task"
DRAFT_DELETED = "you deleted the draft"
NO_QUESTION = "you said that it is no question"
SOLVED = "the asker wrote that no answer is needed any more"


#: A letter in these states goes out by itself, or is out already and not known to be.
_FOUND = (SEEN, ORDERED_SINCE)
_TO_COME = (EffectState.PLANNED, EffectState.ATTEMPTING, EffectState.UNKNOWN)


class Happening(enum.StrEnum):
    """What the record of a promise says that happened."""

    MADE = "made"
    KEPT = "kept"  # the owner answered
    MOVED = "moved"  # by the owner
    NEARER = "nearer"  # the asker is in a hurry
    LATER = "later"  # the asker isn't
    MORE = "more"  # the asker wrote more
    WAITS = "waits"  # for the asker's answer
    TOLD = "told"  # the asker was given the new date
    OVERDUE = "overdue"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    OBEYED = "obeyed"  # a command of the owner's

    @property
    def is_new_date(self) -> bool:
        """Whether the promised date changed, by whomever."""
        return self in (Happening.MOVED, Happening.NEARER, Happening.LATER)


class Command(enum.StrEnum):
    """What the owner tells ackd by a category; in the order in which they are obeyed where
    several are set."""

    NOT_A_QUESTION = "not_a_question"
    CANNOT_HELP = "cannot_help"
    NEED_MORE = "need_more"
    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True, slots=True)
class TaskUpdate:
    """What is to be done to the task of a promise, so that it shows how the promise stands.

    `date`: its day, reminder and subject are the promise's. `remember`: only what it keeps for a
    lost ledger. `notes` are added to its text, once; `add` and `remove` are categories.
    """

    date: bool = False
    remember: bool = False
    complete: bool = False
    delete: bool = False
    urgent: bool = False
    notes: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def __or__(self, other: TaskUpdate) -> TaskUpdate:
        """Both: the later one's categories win."""
        return TaskUpdate(
            date=self.date or other.date,
            remember=self.remember or other.remember,
            complete=self.complete or other.complete,
            delete=self.delete or other.delete,
            urgent=self.urgent or other.urgent,
            notes=(*self.notes, *other.notes),
            add=_without(self.add, other.remove) + _without(other.add, self.add),
            remove=_without(self.remove, other.add) + _without(other.remove, self.remove),
        )

    def __bool__(self) -> bool:
        return self != TaskUpdate()


def _without(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in some if one not in others)


@dataclass(frozen=True, slots=True)
class TrackedTask:
    """A task of ours as the ledger knows it: as it was seen or written last, and what is to be
    done to it. `key` is the state in which our own last write left it."""

    token: str
    message_id: str
    item: str
    key: str = ""
    due_date: date | None = None
    is_complete: bool = False
    folder: str = ""
    task_update: TaskUpdate = field(default_factory=TaskUpdate)


@dataclass(frozen=True, slots=True)
class CategoryUpdate:
    """A question whose categories are to change. `promised` says whether the category that shows
    a promise is wanted, None where it stays as it is; `obeyed` are commands to take away."""

    message_id: str
    item: str
    promised: bool | None = None
    category: str = ""  # of this question; empty: the usual one
    obeyed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that is to be recorded of a promise. `due` is the promised moment from then on."""

    at: datetime
    what: Happening
    due: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class PromiseSnapshot:
    """A promise with all that belongs to it.

    `shows` says whether the question is still to get the category that shows a promise, or to lose
    it; None where there is nothing to do. `overdue` is the due moment that passed without an answer, once
    that is known; `answered` when the owner's answer was sent. `events` happened since the ledger
    was read: they are recorded with the snapshot.
    """

    promise: Promise
    effects: tuple[Effect, ...] = ()
    task: TrackedTask | None = None
    shows: bool | None = None
    made: datetime | None = None
    first_due: datetime | None = None
    overdue: datetime | None = None
    answered: datetime | None = None
    closed: datetime | None = None
    events: tuple[HistoryEntry, ...] = ()

    @property
    def name(self) -> str:
        """The Message-ID of the question."""
        return self.promise.question.message_id

    def effect(self, token: str) -> Effect | None:
        """The effect with a token."""
        return next((effect for effect in self.effects if effect.token == token), None)

    def state_of(self, kind: EffectKind) -> EffectState | None:
        """How far the effect of a kind is; None if there is none. Of several the last, but for tasks
        (`last_task`)."""
        if kind is EffectKind.TASK:
            return self.last_task.state if self.last_task else None
        found = [effect for effect in self.effects if effect.kind is kind]
        return found[-1].state if found else None

    @property
    def last_task(self) -> Effect | None:
        """The task that stands for the promise, made or to be made: of several the last that wasn't given
        up."""
        tasks = [effect for effect in self.effects if effect.kind is EffectKind.TASK]
        wanted = [task for task in tasks if task.state is not EffectState.CANCELLED]
        return next(reversed(wanted or tasks), None)

    @property
    def earlier_tasks(self) -> tuple[str, ...]:
        """The tokens of tasks beside which the owner ordered another one, which was given up."""
        tasks = [effect for effect in self.effects if effect.kind is EffectKind.TASK]
        is_given_up = bool(tasks) and tasks[-1].state is EffectState.CANCELLED
        return earlier_tasks(self.name, tasks[-1].token) if is_given_up else ()

    @property
    def next_task(self) -> str:
        """What tells another task from all that were made, by this ackd or before its eyes."""
        tokens = [effect.token for effect in self.effects if effect.kind is EffectKind.TASK]
        tokens += [self.task.token] if self.task else []
        number = max((task_number(self.name, token) for token in tokens), default=-1) + 1
        return str(number) if number else ""

    def is_last_task(self, token: str) -> bool:
        """Whether a task is the one that stands for the promise: no other was made beside it, or is to be."""
        return self.last_task is not None and self.last_task.token == token

    @property
    def is_told(self) -> bool:
        """Whether a letter to the asker is out, or may be."""
        state = self.state_of(EffectKind.ACKNOWLEDGEMENT)
        return state is not None and state.is_out

    @property
    def waits_untold(self) -> bool:
        """Whether an open question has no letter, and none is on its way: its task alone."""
        is_open = self.promise.state is PromiseState.OPEN
        return is_open and self.state_of(EffectKind.ACKNOWLEDGEMENT) in (None, EffectState.CANCELLED)

    @property
    def is_unwritten(self) -> bool:
        """Whether surely no letter went to the asker, and the owner told them no date: not where one was
        only given up."""
        letters = [one for one in self.effects if one.kind.is_letter and not one.kind.is_to_owner]
        is_untried = all(one.attempted is None and one.state is not EffectState.DONE for one in letters)
        return self.promise.told is None and is_untried

    @property
    def was_found(self) -> bool:
        """Whether the acknowledgement was found in the mailbox before it was tried: another ledger's."""
        return any(
            effect.kind is EffectKind.ACKNOWLEDGEMENT and effect.note in _FOUND and effect.tries == 0
            for effect in self.effects
        )

    @property
    def was_ordered_since(self) -> bool:
        """Whether another ackd acknowledged the question by the owner's order after the promise had ended."""
        return any(effect.note == ORDERED_SINCE for effect in self.effects)

    @property
    def will_wait(self) -> bool:
        """Whether the asker was asked for more, or is about to be."""
        return self.promise.waits or self.asks_for_more(*_TO_COME)

    def asks_for_more(self, *states: EffectState) -> bool:
        """Whether a letter that asks for more is in one of these states."""
        is_first = self.promise.question.asks_for_more
        first = self.state_of(EffectKind.ACKNOWLEDGEMENT) if is_first else None
        return self.state_of(EffectKind.NEED_MORE) in states or first in states


@dataclass(frozen=True, slots=True)
class Transition:
    """What a happening makes of a promise: how it stands from then on, what is to be done, and
    which planned effects aren't wanted any more."""

    what: Happening
    promise: Promise
    words: str = ""
    effects: tuple[Effect, ...] = ()
    cancel: tuple[EffectKind, ...] = ()
    hurry: datetime | None = None  # planned letters leave at this moment at the latest
    task_update: TaskUpdate = field(default_factory=TaskUpdate)


@dataclass(frozen=True, slots=True)
class Change:
    """A promise as it was read, None where there was none, and as it is to stand."""

    before: PromiseSnapshot | None
    after: PromiseSnapshot


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a promise."""

    at: datetime
    what: Happening
    due: datetime  # of the promise from then on
    words: str
    promise: Promise  # as it stands now


@dataclass(frozen=True, slots=True)
class Course:
    """A promise from its making to its end, as the report counts it. `moved` is how often its date
    changed, by whomever."""

    promise: Promise
    made: datetime
    first_due: datetime
    answered: datetime | None = None
    closed: datetime | None = None
    moved: int = 0
