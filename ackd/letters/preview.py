"""A letter as it would go out, for the owner to look at before anybody gets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ackd.letters.compose import letter_values
from ackd.letters.rendering import Letters, Rendered
from ackd.letters.template_values import LetterValues
from ackd.model import Address, Duration, LetterName, Owner, Promise, Question, Unit
from ackd.promise.absence import Absence
from ackd.promise.calendar import Calendar

_ASKER = Address("bob.jones@example.org", "Jones, Bob (Sales)")
_CONTACT = Address("carol.miller@example.org", "Carol Miller").words
_LATER = Duration(1, Unit.BUSINESS_DAYS)
_AWAY = Duration(5, Unit.BUSINESS_DAYS)


def example(calendar: Calendar, within: Duration, now: datetime, language: str) -> Promise:
    """A promise of now to a made-up colleague."""
    question = Question(
        message_id="<example@example.org>",
        asker=_ASKER,
        subject="Budget 2027",
        received=now,
        language=language,
    )
    due = calendar.add(now, within)
    return Promise(question, due, due)


def preview(
    name: LetterName,
    language: str,
    promise: Promise,
    letters: Letters,
    owner: Owner,
    calendar: Calendar,
    absence: Absence,
    now: datetime,
) -> Rendered:
    """A letter about a promise; what the promise doesn't tell (an earlier date, a return, a
    contact) is made up."""
    values = letter_values(promise, owner, calendar, now)
    return letters.render(name, language, _completed(name, values, calendar, absence))


def _completed(name: LetterName, values: LetterValues, calendar: Calendar, absence: Absence) -> LetterValues:
    if name in (LetterName.NEW_DATE, LetterName.OVERDUE) and values.due:
        return replace(values, previous=values.due, due=calendar.local(calendar.add(values.due, _LATER)))
    if name.refers:
        return replace(values, contact=values.contact or _CONTACT)
    if name is not LetterName.ABSENT:
        return values
    contact = values.contact or absence.contact
    if absence.is_away(calendar, values.now):
        back = absence.back(calendar, values.now)
        return replace(values, back=back, due=values.due if back else None, contact=contact)
    back = calendar.local(calendar.add(values.now, _AWAY))
    due = max(values.due or back, calendar.local(calendar.add(back, _LATER)))
    return replace(values, back=back, due=due, contact=contact or _CONTACT)
