"""A mail and its owner to the facts: what is true of it without opinion."""

from __future__ import annotations

from datetime import UTC, tzinfo

from ackd.judge import clues, fleeting, reading
from ackd.judge.classifier import model
from ackd.judge.lessons import NOTHING, Learned
from ackd.model import Facts, Mail, Owner, Thread
from ackd.text.headers import offset_of, zone_of
from ackd.text.reply_text import Written, written


def read(
    mail: Mail,
    owner: Owner,
    thread: Thread = Thread(),  # noqa: B008  (a frozen value)
    zone: tzinfo = UTC,
    text: Written | None = None,
    learned: Learned = NOTHING,
) -> Facts:
    """The facts of a mail; `zone` is the owner's, `text` what its sender newly wrote, where that was read
    already, `learned` what the owner's lessons teach. Never raises for what the mail contains; time is linear
    in its size."""
    text = text or written(mail.text, mail.html)
    read_text = reading.read(mail, owner, text)
    request = model.estimate(read_text, answers_owner=thread.owner_asked)
    request, traits = learned.judged(read_text, request) if learned.key else (request, None)
    headers, at = _headers(mail), mail.sent or mail.received
    theirs = zone_of(offset_of([v for name, v in headers or () if name == "date"]), at, zone)
    keys = owner.keys
    to = {address.key for address in mail.to}
    cc = {address.key for address in mail.cc}
    return Facts(
        mail=mail,
        owner=owner,
        headers=headers,
        new_text=read_text.text,
        language=read_text.code,
        request=request,
        urgency=reading.urgency(read_text),
        owner_in_to=not keys.isdisjoint(to),
        owner_in_cc=not keys.isdisjoint(cc),
        recipients=len(to | cc),
        thread=thread,
        zone=theirs,
        fleeting=fleeting.of(read_text, at, theirs),
        clues=clues.read(read_text, owner, text, request.sentence, thread.repeats),
        traits=traits,
    )


def _headers(mail: Mail) -> tuple[tuple[str, str], ...] | None:
    if mail.headers is None:
        return None
    return tuple((name.strip().lower(), value) for name, value in mail.headers)
