"""What `ackd migrate` carries over from one way to the mailbox to another, item by item. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ackd.model import CarriedPromise, How, Migration, Pending, Place, Promise
from ackd.promise.calendar import Calendar
from ackd.views.status import effect_words


@dataclass(frozen=True, slots=True)
class Item:
    """An open promise: its moment by the owner's clock, the question's subject ("" of a private or
    confidential one), how its task was found, and where its letter or draft and its calendar entry are, None
    where there is none."""

    message_id: str
    asker: str
    name: str
    subject: str
    due: datetime
    task: How
    letter: Place | None
    calendar_entry: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """What becomes a case for a person (`ackd parked`), and why."""

    what: str
    message_id: str
    asker: str
    subject: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is carried over, or would be: `is_due` says whether there is anything, `is_done` whether it was
    done. `other_tasks` are those of promises that were closed lately, and of alarms."""

    before: str
    after: str
    is_due: bool
    is_done: bool
    watermark: datetime | None = None
    promises: tuple[Item, ...] = ()
    other_tasks: int = 0
    cases: tuple[Case, ...] = ()


def told(before: str, after: str, plan: Migration | None, calendar: Calendar, *, is_done: bool) -> Told:
    """A migration for its owner; without a plan there is nothing to do."""
    if plan is None:
        return Told(before, after, is_due=False, is_done=False)
    return Told(
        before=before,
        after=after,
        is_due=True,
        is_done=is_done,
        watermark=plan.watermark and calendar.local(plan.watermark),
        promises=tuple(_item(one, calendar) for one in plan.promises),
        other_tasks=plan.others,
        cases=tuple(map(_case, plan.left)),
    )


def _item(one: CarriedPromise, calendar: Calendar) -> Item:
    question = one.promise.question
    return Item(
        message_id=question.message_id,
        asker=question.asker.email,
        name=question.asker.name,
        subject=_subject(one.promise),
        due=calendar.local(one.promise.due),
        task=one.task,
        letter=one.letter,
        calendar_entry=one.entry and one.entry.value,
    )


def _case(one: Pending) -> Case:
    effect, question = one.effect, one.promise.question
    what = effect_words(effect.kind)
    return Case(what, question.message_id, question.asker.email, _subject(one.promise), effect.note)


def _subject(promise: Promise) -> str:
    question = promise.question
    return "" if question.sensitivity.is_secret else question.subject
