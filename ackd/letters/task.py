"""A promise → the task on the owner's desk: one look must be enough to start answering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ackd.letters.compose import asker_zone
from ackd.letters.dates import at_a_glance, in_words
from ackd.letters.filled import spoken
from ackd.letters.sanitize import SUBJECT_LIMIT, bare_subject, cut, one_line, paragraphs
from ackd.letters.task_words import TaskWords, words_in
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
from ackd.text.languages import LANGUAGES

#: How long the calendar shows the promised moment.
SHOWN = timedelta(minutes=15)
_MOST_NOTE = 4_000
_MOST_TEXT = 8_000  # UTF-16 code units of the question's text
_IMPORTANCE = {
    Urgency.URGENT: Importance.HIGH,
    Urgency.NORMAL: Importance.NORMAL,
    Urgency.NO_RUSH: Importance.LOW,
}


@dataclass(frozen=True, slots=True)
class TaskStyle:
    """How the owner's desk is written: its `language`, the owner's; empty: the mailbox's, which the engine
    finds out. English for one that tasks don't have."""

    language: str = ""

    @property
    def spoken(self) -> str:
        """The language that tasks are written in."""
        return spoken(self.language)


TASK_STYLE = TaskStyle()


def task(
    promise: Promise,
    owner: Owner,
    calendar: Calendar,
    category: str,
    now: datetime,
    task_style: TaskStyle = TASK_STYLE,
) -> Task:
    """The task for a promise. Of a private or confidential question it tells only who asks."""
    question = promise.question
    return Task(
        token=token_of(question.message_id, EffectKind.TASK),
        message_id=question.message_id,
        asker=question.asker.key,
        promised=promise.due,
        subject=subject_of(promise, calendar, task_style),
        body=_Body(promise, owner, calendar, now, task_style.spoken).text(),
        due_date=calendar.local_date(promise.due),
        reminder=max(promise.reminder, now),
        categories=(category,) if category else (),
        importance=_IMPORTANCE[question.urgency],
        sensitivity=question.sensitivity,
        link=question.web_link,
        moves=promise.shown_moves,
        told=promise.told if promise.told != promise.due else None,
    )


def appointment(
    promise: Promise,
    owner: Owner,
    calendar: Calendar,
    category: str,
    now: datetime,
    task_style: TaskStyle = TASK_STYLE,
) -> Appointment:
    """The calendar entry at the promised moment, with the words of the task."""
    made = task(promise, owner, calendar, category, now, task_style)
    return Appointment(
        token=token_of(promise.question.message_id, EffectKind.APPOINTMENT),
        start=promise.due,
        end=promise.due + SHOWN,
        subject=made.subject,
        body=made.body,
        categories=made.categories,
        sensitivity=made.sensitivity,
    )


def note(mail: Mail, text: str, calendar: Calendar, now: datetime, language: str = "en") -> str:
    """What is added to a task when its asker writes again, in the task's language; of a private or
    confidential mail only that it came."""
    when = in_words(calendar.local(mail.received), language, now)
    who = one_line(mail.sender.name or mail.sender.email, 120) if mail.sender else ""
    said = "" if mail.sensitivity.is_secret else paragraphs(text, _MOST_NOTE)
    words = words_in(language).again.replace("{when}", when).replace("{who}", who)
    return words + (f":\n{said}" if said else ".")


def more_note(question: Question, language: str = "en") -> str:
    """What is added to a task when its owner wants to know more before answering."""
    return words_in(language).more.replace("{who}", _who(question))


def told_note(promise: Promise, calendar: Calendar, language: str = "en") -> str:
    """What is added to a task that says that a limit held its letter, once the asker was told a date; the
    same words however often and late it is added."""
    if promise.told is None or not promise.question.is_held or not promise.is_of_answer:
        return ""
    local, question = calendar.local(promise.told), promise.question
    when = in_words(local, language, question.received, asker_zone(question, local))
    return words_in(language).promised.replace("{when}", when)


def subject_of(promise: Promise, calendar: Calendar, task_style: TaskStyle = TASK_STYLE) -> str:
    """Who and by when first: task lists cut subjects at the end."""
    question, language = promise.question, task_style.spoken
    words, when = words_in(language), at_a_glance(calendar.local(promise.due), language)
    said = words.subject.replace("{when}", when).replace("{who}", _who(question))
    return cut(f"{said}{_what(question, words)}", SUBJECT_LIMIT)


def titles_of(promise: Promise, calendar: Calendar) -> frozenset[str]:
    """The subjects that a task may have, in whichever language it was made."""
    return frozenset(subject_of(promise, calendar, style) for style in map(TaskStyle, LANGUAGES))


def _who(question: Question) -> str:
    return one_line(question.asker.name, 60) or one_line(question.asker.email, 60)


def _what(question: Question, words: TaskWords) -> str:
    if question.sensitivity.is_secret:
        return f" ({words.kind(question.sensitivity)})"
    subject = bare_subject(question.subject, 160)
    return f": {subject}" if subject else ""


@dataclass(frozen=True, slots=True)
class _Body:
    """The text of a task, part by part."""

    promise: Promise
    owner: Owner
    calendar: Calendar
    now: datetime
    language: str

    def text(self) -> str:
        question, words = self.promise.question, words_in(self.language)
        parts = [self._asks(), self._promised()]
        if not question.sensitivity.is_secret and (said := paragraphs(question.text, _MOST_TEXT)):
            parts.append(f"{words.message}\n{said}")
        parts.append(self._where())
        return "\n\n".join(parts) + "\n"

    def _asks(self) -> str:
        question, words = self.promise.question, words_in(self.language)
        sender = f"{one_line(question.asker.name, 120)} <{one_line(question.asker.email, 254)}>".strip()
        if question.sensitivity.is_secret:
            kind = words.kind(question.sensitivity)
            return words.hidden.replace("{kind}", kind).replace("{sender}", sender)
        sentence = one_line(question.sentence, 500)
        if not sentence:
            return words.answer.replace("{sender}", sender)
        return f"{words.asks.replace('{sender}', sender)}\n{sentence}"

    def _promised(self) -> str:
        """In the words of the letter, with the zone where the asker's differs. What nobody was told isn't
        promised: the letter may wait in Drafts, be held by a limit, or there is none."""
        question, due, words = self.promise.question, self.promise.due, words_in(self.language)
        untold = words.held if self.promise.is_held else words.planned
        said = untold if self.promise.told is None else words.promised
        lines = [said.replace("{when}", self._when(due))]
        if question.deadline is not None:
            asked = words.late if due > question.deadline else words.asked
            lines.append(asked.replace("{when}", self._when(question.deadline)))
        return "\n".join(lines)

    def _when(self, moment: datetime) -> str:
        local = self.calendar.local(moment)
        return in_words(local, self.language, self.now, asker_zone(self.promise.question, local))

    def _where(self) -> str:
        """How to find the mail: when it came, where it is, and what to type into Outlook's search."""
        question, words = self.promise.question, words_in(self.language)
        received = in_words(self.calendar.local(question.received), self.language, self.now)
        lines = [words.came.replace("{when}", received).replace("{owner}", self.owner.address)]
        if question.web_link:
            lines.append(words.link.replace("{link}", question.web_link))
        lines.append(words.search.replace("{search}", _search(question)))
        lines.append(f"Message-ID: {one_line(question.message_id, 998)}")
        return "\n".join(lines)


def _search(question: Question) -> str:
    search = f"from:{one_line(question.asker.email, 254)}"
    subject = "" if question.sensitivity.is_secret else bare_subject(question.subject, 100).rstrip("…")
    if subject:
        search += ' subject:"' + subject.replace('"', " ") + '"'
    return search
