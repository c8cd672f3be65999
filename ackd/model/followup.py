"""What happens to an open promise, and what follows from it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from ackd.model.mail import Address, Mail
from ackd.model.mailbox import SeenTask
from ackd.model.promise import Effect, EffectKind, EffectState, Promise, PromiseState, Question
from ackd.model.record import Decision
from ackd.model.verdict import Verdict

#: Why a promise is closed, in words.
TICKED = "you ticked off its task, and no answer was seen"
DELETED = "you deleted its task"
NO_QUESTION = "you said that it is no question"
SOLVED = "the asker wrote that no answer is needed any more"


#: A letter in these states goes out by itself, or is out already and not known to be.
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
class PromiseSnapshot:
    """A promise with all that belongs to it."""

    promise: Promise
    effects: tuple[Effect, ...] = ()
    task: TrackedTask | None = None

    def state_of(self, kind: EffectKind) -> EffectState | None:
        """How far the effect of a kind is; None if there is none. Of several the last."""
        found = [effect for effect in self.effects if effect.kind is kind]
        return found[-1].state if found else None

    @property
    def is_told(self) -> bool:
        """Whether a letter to the asker is out, or may be."""
        state = self.state_of(EffectKind.ACKNOWLEDGEMENT)
        return state is not None and state.is_out

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
    which planned effects aren't wanted any more. `looked_at` is the promise as it stood before: what is
    the same in both stays as the ledger has it, which may have learnt of a letter meanwhile."""

    what: Happening
    promise: Promise
    words: str = ""
    effects: tuple[Effect, ...] = ()
    cancel: tuple[EffectKind, ...] = ()
    hurry: datetime | None = None  # planned letters leave at this moment at the latest
    task_update: TaskUpdate = field(default_factory=TaskUpdate)
    looked_at: Promise | None = None


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


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a page of changes makes of promises.

    `anew` are mails on which the owner's command decides; `obeyed` commands to take away, by the
    question; `items` mails as they are named now; `questions` what a rebuilt ledger learns of
    them; `failed` the Message-IDs of letters that couldn't be delivered;
    `forgotten` the tokens of tasks that are no more; `sent_as` under which
    Message-IDs letters of ours went out, by token; `threads` what askers wrote later, each with the
    question that it is of.
    """

    transitions: tuple[Transition, ...] = ()
    anew: tuple[Decision, ...] = ()
    obeyed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    failed: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()
    sent_as: Mapping[str, str] = field(default_factory=dict)
    threads: Mapping[str, str] = field(default_factory=dict)


def adopted(task: SeenTask, now: datetime, *, is_drafted: bool) -> Decision:
    """What a task of ours tells of a promise that isn't in the ledger: it was lost, or another ackd
    on this mailbox made the promise. A task is made once its letter is out or lies in Drafts, of which
    the mailbox tells (`is_drafted`): then the asker knows nothing yet."""
    question = Question(task.message_id, Address(task.asker), subject="", received=now, language="en")
    state, why = PromiseState.OPEN, ""
    if task.is_deleted:
        state, why = PromiseState.WITHDRAWN, DELETED
    elif task.is_complete:
        state, why = PromiseState.DROPPED, TICKED
    due = task.promised or now
    promise = Promise(
        question,
        due=due,
        reminder=due,
        state=state,
        told=None if is_drafted else task.promised,
        moves=task.moves,
        why=why,
    )
    letter = Effect(EffectKind.ACKNOWLEDGEMENT, task.message_id, now, state=EffectState.DONE)
    if is_drafted:
        letter = replace(letter, state=EffectState.DRAFTED, moment=due)
    effects = (letter, Effect(EffectKind.TASK, task.message_id, now, state=EffectState.DONE))
    mail = Mail(task.message_id, received=now, subject="", sender=question.asker)
    return Decision(mail, Verdict(acknowledge=True, findings=()), promise, effects)
