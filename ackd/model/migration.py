"""What is carried over where a mailbox is reached by another kind of backend than before."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from ackd.model.mailbox import Place, TaskMark
from ackd.model.page import Page
from ackd.model.promise import Promise
from ackd.model.record import Pending


class How(enum.StrEnum):
    """How a task of ours is known again."""

    MARK = "mark"  # it carries our mark, as this backend reads it
    NAME = "name"  # by the name that it had before
    WORDS = "words"  # by what a person sees of it
    DELETED = "deleted"  # it lies in Deleted Items
    NOT_FOUND = "not found"  # or not for certain, which counts as that
    NONE = "none"  # there was none


@dataclass(frozen=True, slots=True)
class CarriedPromise:
    """An open promise, and what was found of it: its task, and, where they were looked for, its letter (or
    the draft) and its calendar entry; None: it isn't there, or wasn't made."""

    promise: Promise
    task: How
    letter: Place | None = None
    entry: Place | None = None


@dataclass(frozen=True, slots=True)
class Migration:
    """What is to be carried over, decided: `marks` are written to the mailbox, `page` into the ledger.

    `others` counts the tasks of closed promises and of alarms that are followed on; `left` is what becomes a
    case for a person."""

    before: str
    after: str
    watermark: datetime | None
    promises: tuple[CarriedPromise, ...]
    others: int
    left: tuple[Pending, ...]
    marks: tuple[TaskMark, ...]
    page: Page
