"""The digest's words: one mail, in text and HTML, that a glance is enough for."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ackd.letters.dates import at_a_glance, in_words
from ackd.letters.sanitize import bare_subject, one_line
from ackd.model import Address, Command, Pending, Promise
from ackd.promise.calendar import Calendar
from ackd.promise.lifecycle import FollowRules

_MOST = 30  # lines in a part


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A mail that was left alone though it was nearly taken for a question."""

    sender: Address
    subject: str
    received: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """What there is to tell; `since` is when the last digest was written."""

    since: datetime
    following_day: date
    overdue: tuple[Promise, ...] = ()
    today: tuple[Promise, ...] = ()
    following: tuple[Promise, ...] = ()
    waiting: tuple[Promise, ...] = ()
    acknowledged: tuple[Promise, ...] = ()
    drafts: tuple[Pending, ...] = ()
    dropped: tuple[Promise, ...] = ()
    doubtful: tuple[Doubtful, ...] = ()
    parked: tuple[Pending, ...] = ()
    undelivered: tuple[Pending, ...] = ()
    alerts: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether there is anything that the owner doesn't know, or that is due."""
        parts = (self.overdue, self.today, self.following, self.acknowledged, self.dropped, self.doubtful)
        return any((*parts, self.drafts, self.parked, self.undelivered, self.alerts))


@dataclass(frozen=True, slots=True)
class _Part:
    title: str
    lines: tuple[str, ...]
    advice: str = ""


def render(digest: Digest, calendar: Calendar, follow: FollowRules, now: datetime) -> tuple[str, str, str]:
    """Subject, text and HTML. Subjects of mails are escaped; of private ones only who asks."""
    parts = [part for part in _parts(digest, calendar, follow, now) if part.lines]
    day = in_words(calendar.local(now), "en", now)
    subject = f"ackd: {_summary(digest)}"
    text = "\n\n".join([f"Your promises as of {day}", *map(_text, parts)]) + "\n"
    rich = f"<p>Your promises as of {html.escape(day)}</p>" + "".join(map(_html, parts))
    return subject, text, rich


def _summary(digest: Digest) -> str:
    counts = (
        (len(digest.overdue), "overdue"),
        (len(digest.today), "due today"),
        (len(digest.following), "due next"),
        (len(digest.drafts), "in Drafts"),
        (len(digest.parked), "to decide"),
    )
    said = [f"{count} {what}" for count, what in counts if count]
    return ", ".join(said) or "what happened"


def _parts(digest: Digest, calendar: Calendar, follow: FollowRules, now: datetime) -> Iterator[_Part]:
    names = {command: name for name, command in follow.commands.items()}

    def lines(promises: tuple[Promise, ...]) -> tuple[str, ...]:
        return tuple(_promise(promise, calendar) for promise in promises)

    yield _Part("Overdue", lines(digest.overdue), "Answer, or move the task: the colleague can be told.")
    yield _Part("Due today", lines(digest.today))
    yield _Part(f"Due next ({digest.following_day:%A, %d %B})", lines(digest.following))
    yield _Part("Waiting for the colleague's answer", lines(digest.waiting))
    yield _Part("Acknowledged since the last digest", lines(digest.acknowledged))
    drafts = tuple(map(_pending, digest.drafts))
    yield _Part("In Drafts, not sent", drafts, "Send them, or delete those that you don't want.")
    yield _Part(
        "You ticked it off, the colleague got no answer",
        lines(digest.dropped),
        "An answer still counts, and so does unticking the task.",
    )
    left = tuple(
        f"{_who(one.sender)}{_about(one.subject)} ({at_a_glance(calendar.local(one.received))})"
        for one in digest.doubtful
    )
    acknowledge = names.get(Command.ACKNOWLEDGE, "")
    advice = f"If so, give the mail the category \u201c{acknowledge}\u201d." if acknowledge else ""
    yield _Part("Left alone, though it was close: was this a question?", left, advice)
    parked = tuple(f"{_pending(p)}: {one_line(p.effect.note, 200)}" for p in digest.parked)
    yield _Part("To decide", parked, "ackd parked lists these cases, and settles them by your word.")
    yield _Part("Our letter couldn't be delivered", tuple(map(_pending, digest.undelivered)))
    yield _Part("Needs your attention", tuple(one_line(alert, 400) for alert in digest.alerts))


def _promise(promise: Promise, calendar: Calendar) -> str:
    question = promise.question
    subject = "" if question.sensitivity.is_secret else question.subject
    return f"{at_a_glance(calendar.local(promise.due))}  {_who(question.asker)}{_about(subject)}"


def _pending(pending: Pending) -> str:
    question = pending.promise.question
    what = pending.effect.kind.value.replace("-", " ")
    subject = "" if question.sensitivity.is_secret else question.subject
    return f"{what}, {_who(question.asker)}{_about(subject)}"


def _who(address: Address) -> str:
    return one_line(address.name, 60) or one_line(address.email, 60)


def _about(subject: str) -> str:
    shown = bare_subject(subject, 100)
    return f": {shown}" if shown else ""


def _text(part: _Part) -> str:
    more = len(part.lines) - _MOST
    lines = [f"- {line}" for line in part.lines[:_MOST]] + ([f"- and {more} more"] if more > 0 else [])
    return "\n".join([part.title, *lines, *([part.advice] if part.advice else [])])


def _html(part: _Part) -> str:
    more = len(part.lines) - _MOST
    lines = [*part.lines[:_MOST], *([f"and {more} more"] if more > 0 else [])]
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    advice = f"<p><i>{html.escape(part.advice)}</i></p>" if part.advice else ""
    return f"<p><b>{html.escape(part.title)}</b></p><ul>{items}</ul>{advice}"
