"""What ackd leaves behind in a mailbox, looked at and taken away when its owner wants it to go.

Nothing is journaled: each step looks for what is there and takes that away, so that it may be repeated after
any failure; and each says what a look afterwards showed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from ackd.engine import lease
from ackd.engine.triage import Settings
from ackd.errors import AckdError
from ackd.model import (
    CategoryChange,
    Done,
    EffectKind,
    EffectState,
    Outcome,
    Place,
    Refused,
    SeenTask,
    TaskChange,
    token_of,
)
from ackd.ports import Clock, Ledger, Mailbox

_T = TypeVar("_T")

BATCH = 50
#: The ledger's word that the mailbox is done, should the rest fail.
_DOUBTFUL = (EffectState.DRAFTED, EffectState.ATTEMPTING, EffectState.UNKNOWN, EffectState.PARKED)


@dataclass(frozen=True, slots=True)
class OpenPromise:
    """An answer that somebody waits for; the name and the subject are "" where only a task tells of it."""

    due: datetime | None
    asker: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What is there. `drafts` are letters that didn't go out, by their tokens; `questions` the mails that may
    carry a category of ours, by Message-ID with the names of it."""

    promises: tuple[OpenPromise, ...]
    tasks: tuple[SeenTask, ...]
    entries: tuple[str, ...]
    drafts: tuple[str, ...]
    questions: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step in words, and whether it was seen done."""

    words: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the owner wants taken away: tasks (with calendar entries), and categories."""

    tasks: bool
    categories: bool


def look(mailbox: Mailbox, ledger: Ledger, settings: Settings) -> Left:
    """By the mailbox and, as far as there is one, the ledger. Raises AckdError."""
    made = {promise.question.message_id: promise for promise in ledger.open_promises()}
    tasks = tuple(task for task in mailbox.tasks() if not task.is_deleted)
    open_tasks = {task.message_id: task for task in tasks if not task.is_complete and task.message_id}
    told = [OpenPromise(one.due, one.question.asker.email, one.question.subject) for one in made.values()]
    told += [OpenPromise(task.promised, task.asker) for own, task in open_tasks.items() if own not in made]
    doubtful = [pending.effect.token for pending in ledger.in_state(*_DOUBTFUL)]
    entries = [token_of(own, EffectKind.APPOINTMENT) for own in made | open_tasks]
    places = _places(mailbox, [*doubtful, *entries])
    names = {own: one.question.category or settings.category for own, one in made.items()}
    return Left(
        tuple(sorted(told, key=lambda one: one.due.timestamp() if one.due else 0.0)),
        tasks,
        tuple(token for token, place in places.items() if place is Place.CALENDAR),
        tuple(token for token, place in places.items() if place in (Place.DRAFTS, Place.UNSENT)),
        {own: tuple(filter(None, {names.get(own, ""), settings.category})) for own in made | open_tasks},
    )


def clear(
    mailbox: Mailbox, ledger: Ledger, clock: Clock, settings: Settings, wishes: Wishes
) -> Iterator[Step]:
    """Take away what the owner wants taken away, and what is hidden in any case; step by step. It ends where
    a step can't be done."""
    try:
        if mailbox.watermark() is not None and lease.take(mailbox, ledger, clock, settings.holder) is None:
            yield Step("another ackd works on this mailbox: stop it, or wait for ten minutes", done=False)
            return
        left = look(mailbox, ledger, settings)
        for step in _steps(mailbox, left, settings, wishes):
            yield step
            if not step.done:
                return
        yield _hidden(mailbox)
    except AckdError as error:
        yield Step(f"the mailbox: {error}", done=False)


def _steps(mailbox: Mailbox, left: Left, settings: Settings, wishes: Wishes) -> Iterator[Step]:
    yield _letters(mailbox, left.drafts)
    if wishes.categories:
        yield _uncategorized(mailbox, left)
    if wishes.tasks:
        yield _tasks_gone(mailbox, left.tasks)
        yield _entries_gone(mailbox, left.entries)
        return
    if wishes.categories and settings.category:
        yield _plain_tasks(mailbox, left.tasks, settings.category)
    entries = _count(len(left.entries), "calendar entry", "calendar entries")
    yield Step(f"{_count(len(left.tasks), 'task')} and {entries} stay")


def _letters(mailbox: Mailbox, drafts: Sequence[str]) -> Step:
    _remove(mailbox, drafts)
    places = _places(mailbox, drafts)
    still = [token for token, place in places.items() if place in (Place.DRAFTS, Place.UNSENT)]
    return _gone("letter in Drafts", "letters in Drafts", len(drafts), len(still))


def _tasks_gone(mailbox: Mailbox, tasks: Sequence[SeenTask]) -> Step:
    _remove(mailbox, [task.token for task in tasks])
    still = [task for task in mailbox.tasks() if not task.is_deleted]
    return _gone("task", "tasks", len(tasks), len(still))


def _entries_gone(mailbox: Mailbox, entries: Sequence[str]) -> Step:
    _remove(mailbox, entries)
    still = [place for place in _places(mailbox, entries).values() if place is Place.CALENDAR]
    return _gone("calendar entry", "calendar entries", len(entries), len(still))


def _uncategorized(mailbox: Mailbox, left: Left) -> Step:
    changes = [CategoryChange(own, "", remove=names) for own, names in left.questions.items() if names]
    outcomes = [one for some in _batches(changes) for one in mailbox.categorize(some)]
    missed = sum(not _is_settled(outcome) for outcome in outcomes)
    return _bare("question", len(changes), missed)


def _plain_tasks(mailbox: Mailbox, tasks: Sequence[SeenTask], category: str) -> Step:
    marked = [task for task in tasks if category.casefold() in {one.casefold() for one in task.categories}]
    changes = [TaskChange(task.token, task.item, task.key, remove=(category,)) for task in marked]
    outcomes = [one for some in _batches(changes) for one in mailbox.change_tasks(some)]
    missed = sum(not _is_settled(outcome) for outcome in outcomes)
    return _bare("task", len(changes), missed)


def _bare(what: str, wanted: int, missed: int) -> Step:
    if missed:
        return Step(f"the category couldn't be taken from {_count(missed, what)}", done=False)
    return Step(f"{_count(wanted, what)} without ackd's category" if wanted else f"no {what} with a category")


def _hidden(mailbox: Mailbox) -> Step:
    if mailbox.leave():
        return Step("ackd's hidden folder is gone from the mailbox")
    return Step("ackd's hidden folder is still in the mailbox", done=False)


def _batches(things: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


def _is_settled(outcome: Outcome) -> bool:
    return isinstance(outcome, Done) or (isinstance(outcome, Refused) and outcome.is_gone)


def _remove(mailbox: Mailbox, tokens: Sequence[str]) -> None:
    """Into Deleted Items, where the owner finds them again."""
    for some in _batches(tokens):
        mailbox.remove(some, for_good=False)


def _places(mailbox: Mailbox, tokens: Sequence[str]) -> dict[str, Place]:
    return {token: place for some in _batches(tokens) for token, place in mailbox.find(some).items()}


def _gone(one: str, several: str, wanted: int, still: int) -> Step:
    if still:
        return Step(f"{_count(still, one, several)} couldn't be taken away", done=False)
    return Step(f"{_count(wanted, one, several)} taken away" if wanted else f"no {several} to take away")


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or f'{one}s'}"
