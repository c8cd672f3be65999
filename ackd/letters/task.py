"""A promise → the task on the owner's desk: one look must be enough to start answering."""

from __future__ import annotations

from datetime import datetime, timedelta

from ackd.letters.clean import SUBJECT_LIMIT, bare_subject, cut, one_line, paragraphs
from ackd.letters.dates import at_a_glance, in_words
from ackd.model import (
    Appointment,
    EffectKind,
    Importance,
    Mail,
    Owner,
    Promise,
    Question,
    Task,
    Urgency,
    token_of,
)
from ackd.promise.calendar import Calendar

#: How long the calendar shows the promised moment.
SHOWN = timedelta(minutes=15)
_MOST_NOTE = 4_000
_MOST_TEXT = 8_000  # UTF-16 code units of the question's text
_IMPORTANCE = {
    Urgency.URGENT: Importance.HIGH,
    Urgency.NORMAL: Importance.NORMAL,
    Urgency.NO_RUSH: Importance.LOW,
}


def task(promise: Promise, owner: Owner, calendar: Calendar, category: str, now: datetime) -> Task:
    """The task for a promise. Of a private or confidential question it tells only who asks."""
    question = promise.question
    return Task(
        token=token_of(question.message_id, EffectKind.TASK),
        message_id=question.message_id,
        asker=question.asker.key,
        promised=promise.due,
        subject=subject_of(promise, calendar),
        body=_body(promise, owner, calendar, now),
        due_date=calendar.local_date(promise.due),
        reminder=max(promise.reminder, now),
        categories=(category,) if category else (),
        importance=_IMPORTANCE[question.urgency],
        sensitivity=question.sensitivity,
    )


def appointment(
    promise: Promise, owner: Owner, calendar: Calendar, category: str, now: datetime
) -> Appointment:
    """The calendar entry at the promised moment, with the words of the task."""
    made = task(promise, owner, calendar, category, now)
    return Appointment(
        token=token_of(promise.question.message_id, EffectKind.APPOINTMENT),
        start=promise.due,
        end=promise.due + SHOWN,
        subject=made.subject,
        body=made.body,
        categories=made.categories,
        sensitivity=made.sensitivity,
    )


def note(mail: Mail, text: str, calendar: Calendar, now: datetime) -> str:
    """What is added to a task when its asker writes again; of a private or confidential mail only
    that it came."""
    when = in_words(calendar.local(mail.received), "en", now)
    who = one_line(mail.sender.name or mail.sender.email, 120) if mail.sender else ""
    words = "" if mail.sensitivity.is_secret else paragraphs(text, _MOST_NOTE)
    return f"{who} wrote again on {when}" + (f":\n{words}" if words else ".")


def subject_of(promise: Promise, calendar: Calendar) -> str:
    """Who and by when first: task lists cut subjects at the end."""
    question = promise.question
    when = at_a_glance(calendar.local(promise.due))
    return cut(f"Answer {_who(question)} by {when}{_what(question)}", SUBJECT_LIMIT)


def _who(question: Question) -> str:
    return one_line(question.asker.name, 60) or one_line(question.asker.email, 60)


def _what(question: Question) -> str:
    if question.sensitivity.is_secret:
        return f" ({question.sensitivity.value})"
    subject = bare_subject(question.subject, 160)
    return f": {subject}" if subject else ""


def _body(promise: Promise, owner: Owner, calendar: Calendar, now: datetime) -> str:
    question = promise.question
    sender = f"{one_line(question.asker.name, 120)} <{one_line(question.asker.email, 254)}>".strip()
    parts = [_asks(question, sender), _promised(promise, calendar, now)]
    if not question.sensitivity.is_secret and (text := paragraphs(question.text, _MOST_TEXT)):
        parts.append(f"The message:\n{text}")
    parts.append(_where(question, owner, calendar, now))
    return "\n\n".join(parts) + "\n"


def _asks(question: Question, sender: str) -> str:
    if question.sensitivity.is_secret:
        return f"{sender} sent a {question.sensitivity.value} message; its text is in the mailbox only."
    sentence = one_line(question.sentence, 500)
    return f"{sender} asks:\n{sentence}" if sentence else f"{sender} asks for an answer."


def _promised(promise: Promise, calendar: Calendar, now: datetime) -> str:
    question, due = promise.question, calendar.local(promise.due)
    lines = [f"Promised: an answer by {in_words(due, 'en', now)}."]
    if question.language != "en":
        lines.append(f"In the words of the letter: {in_words(due, question.language, now)}.")
    if question.deadline is not None:
        asked = in_words(calendar.local(question.deadline), "en", now)
        late = ", which could not be promised" if promise.due > question.deadline else ""
        lines.append(f"Asked for by {asked}{late}.")
    return "\n".join(lines)


def _where(question: Question, owner: Owner, calendar: Calendar, now: datetime) -> str:
    """How to find the mail: when it came, and what to type into Outlook's search."""
    received = in_words(calendar.local(question.received), "en", now)
    search = f"from:{one_line(question.asker.email, 254)}"
    subject = "" if question.sensitivity.is_secret else bare_subject(question.subject, 100).rstrip("…")
    if subject:
        search += ' subject:"' + subject.replace('"', " ") + '"'
    return (
        f"The mail came to {owner.address} on {received}.\n"
        f"To find it, search for: {search}\n"
        f"Message-ID: {one_line(question.message_id, 998)}"
    )
