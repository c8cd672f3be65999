"""A promise → the letter that tells the asker of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from ackd.letters.first_name import first_name
from ackd.letters.rendering import Letters
from ackd.letters.sanitize import one_line
from ackd.letters.template_values import LetterValues
from ackd.model import Address, Effect, EffectKind, Letter, LetterName, Owner, Promise, Question, token_of
from ackd.promise.absence import NEVER, Absence
from ackd.promise.calendar import Calendar
from ackd.text.headers import ahead_of

_MSG_ID = re.compile(r"<[^<>\s\x00-\x1f\x7f]{1,990}>")
_MOST_REFERENCES = 50  # a header of hundreds is refused by some servers


def letter(
    promise: Promise,
    owner: Owner,
    calendar: Calendar,
    letters: Letters,
    now: datetime,
    absence: Absence = NEVER,
    given: str | None = None,
) -> Letter:
    """The acknowledgement of a question, to its asker alone (docs/design.md, silence D). While the owner is
    away, the letter says so instead of a plain "received". `given` is the asker's given name as the directory
    has it (see `first_name`)."""
    question = promise.question
    values = letter_values(promise, owner, calendar, now, given)
    name = question.letter
    if name in (LetterName.RECEIVED, LetterName.ABSENT) and absence.is_away(calendar, now):
        name, values = LetterName.ABSENT, _of_absent(values, calendar, absence)
    return _to_asker(
        name, question, values, letters, token_of(question.message_id, EffectKind.ACKNOWLEDGEMENT)
    )


def later_letter(
    effect: Effect,
    promise: Promise,
    owner: Owner,
    calendar: Calendar,
    letters: Letters,
    now: datetime,
    given: str | None = None,
) -> Letter:
    """A letter to the asker that comes after the acknowledgement: a new date, an apology, that the
    owner can't help, or needs more. Raises ValueError for an effect that is no such letter."""
    question = promise.question
    values = letter_values(promise, owner, calendar, now, given)
    due = None if effect.moment is None else calendar.local(effect.moment)
    told = None if promise.told is None else calendar.local(promise.told)
    if effect.kind is EffectKind.NEW_DATE:
        name, values = LetterName.NEW_DATE, replace(values, due=due, previous=told)
    elif effect.kind is EffectKind.APOLOGY:
        name, values = (
            LetterName.OVERDUE,
            replace(values, due=due, previous=told or calendar.local(promise.due)),
        )
    elif effect.kind is EffectKind.CANNOT_HELP:
        name = question.referral
    elif effect.kind is EffectKind.NEED_MORE:
        name = LetterName.MORE_INFORMATION
    else:
        raise ValueError(f"{effect.kind.value} is no letter to an asker")
    return _to_asker(name, question, values, letters, effect.token)


def _to_asker(
    name: LetterName, question: Question, values: LetterValues, letters: Letters, token: str
) -> Letter:
    rendered = letters.render(name, letters.language or question.language, values)
    return Letter(
        token=token,
        to=Address(question.asker.email.strip(), one_line(question.asker.name, 120)),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        in_reply_to=question.message_id.strip(),
        references=_references(question),
        fell_back=rendered.fell_back,
    )


def _of_absent(values: LetterValues, calendar: Calendar, absence: Absence) -> LetterValues:
    """With the day of return and whom to ask; without a known return nothing is promised."""
    back = absence.back(calendar, values.now)
    due = values.due if back else None
    return replace(values, back=back, due=due, contact=values.contact or absence.contact)


def letter_values(
    promise: Promise, owner: Owner, calendar: Calendar, now: datetime, given: str | None = None
) -> LetterValues:
    """What letters about a promise say."""
    question = promise.question
    due = calendar.local(promise.due)
    return LetterValues(
        asker=first_name(question.asker, given),
        owner=owner.name or owner.address,
        owner_address=owner.address,
        subject=question.subject,
        now=now,
        due=due,
        deadline=None if question.deadline is None else calendar.local(question.deadline),
        contact=question.contact.words if question.contact else "",
        asker_zone=asker_zone(question, due),
    )


def asker_zone(question: Question, due: datetime) -> tzinfo | None:
    """The asker's zone at the promised moment, where it is known to differ from the owner's: as far
    from that as it was when the mail was written."""
    ahead = ahead_of(question.asker_offset, question.received, due.tzinfo or UTC)
    return timezone((due.utcoffset() or timedelta()) + ahead) if ahead else None


def _references(question: Question) -> tuple[str, ...]:
    """The question's references and then itself (RFC 5322 3.6.4); of a long list the first,
    which names the thread, and the last."""
    known = [reference for reference in question.references if _MSG_ID.fullmatch(reference)]
    every = [
        *dict.fromkeys(r for r in known if r != question.message_id.strip()),
        question.message_id.strip(),
    ]
    if len(every) > _MOST_REFERENCES:
        every = [every[0], *every[1 - _MOST_REFERENCES :]]
    return tuple(every)
