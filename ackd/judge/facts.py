"""A mail and its owner to the facts: what is true of it without opinion."""

from __future__ import annotations

from ackd.judge import clues, reading
from ackd.judge.classifier import model
from ackd.model import Facts, Mail, Owner, Thread
from ackd.text.reply_text import written


def read(mail: Mail, owner: Owner, thread: Thread = Thread()) -> Facts:  # noqa: B008  (a frozen value)
    """The facts of a mail. Never raises for what the mail contains; time is linear in its size."""
    text = written(mail.text, mail.html)
    read_text = reading.read(mail, owner, text.new)
    request = model.estimate(read_text, answers_owner=thread.owner_asked)
    keys = owner.keys
    to = {address.key for address in mail.to}
    cc = {address.key for address in mail.cc}
    return Facts(
        mail=mail,
        owner=owner,
        headers=_headers(mail),
        new_text=text.new,
        language=read_text.code,
        request=request,
        urgency=reading.urgency(read_text),
        owner_in_to=not keys.isdisjoint(to),
        owner_in_cc=not keys.isdisjoint(cc),
        recipients=len(to | cc),
        thread=thread,
        clues=clues.read(read_text, owner, text, request.sentence, thread.repeats),
    )


def _headers(mail: Mail) -> tuple[tuple[str, str], ...] | None:
    if mail.headers is None:
        return None
    return tuple((name.strip().lower(), value) for name, value in mail.headers)
