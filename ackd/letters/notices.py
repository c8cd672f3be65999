"""Mails to the owner about a promise."""

from __future__ import annotations

import html
from datetime import datetime

from ackd.letters.dates import in_words
from ackd.letters.sanitize import bare_subject, one_line, paragraphs
from ackd.model import Address, Effect, Letter, Owner, Promise
from ackd.promise.calendar import Calendar

_MOST_TEXT = 4_000
_WAYS = (
    "Answer the mail, and the promise is kept. Move its task to another day, and the colleague can be "
    "told the new date. Tick the task off, and ackd forgets it."
)


def overdue_notice(
    effect: Effect, promise: Promise, owner: Owner, calendar: Calendar, text: str, now: datetime
) -> Letter:
    """The promised moment came without an answer. `text` is the question's; of a private or
    confidential one nothing is shown."""
    question = promise.question
    secret = question.sensitivity.is_secret
    who = one_line(question.asker.name or question.asker.email, 120)
    subject = "" if secret else bare_subject(question.subject, 120)
    due = in_words(calendar.local(promise.due), "en", now)
    shown = "" if secret else paragraphs(text, _MOST_TEXT)
    parts = [
        f"You promised {who} <{one_line(question.asker.email, 254)}> an answer by {due}, and none was seen"
        + (f" to \u201c{subject}\u201d." if subject else "."),
        _WAYS,
    ]
    if shown:
        parts.append(f"The message:\n{shown}")
    plain = "\n\n".join(parts) + "\n"
    rich = "".join(f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in parts)
    return Letter(
        token=effect.token,
        to=Address(owner.address, owner.name),
        subject=f"Overdue: your answer to {who}" + (f": {subject}" if subject else ""),
        text=plain,
        html=rich,
        in_reply_to="",
    )
