"""Drafts as MIME, for a mailbox in which the properties that say whom a letter answers become no headers.

Such a draft gets its token in a second write. Until then, and where that fails, it is known by its Message-ID
(`letter_ids`).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from ackd.errors import AccessBlocked, Busy, SignInRefused
from ackd.mailbox import own_properties
from ackd.mailbox.graph import letter_ids, properties
from ackd.mailbox.graph.answers import Answer, outcome
from ackd.mailbox.graph.wire import Part, Wire
from ackd.model import Done, Letter, Outcome, Refused, Unknown

_SUPPRESS = "DR, RN, NRN, OOF, AutoReply"  # [MS-OXCMAIL] 2.2.3.2.14


def make(wire: Wire, letters: Sequence[Letter], stage: str) -> list[Outcome]:
    """Make drafts that carry the tokens: a request for each letter, and one for twenty tokens. Raises as
    writes do, where nothing was done."""
    made: list[Outcome] = []
    for letter in letters:
        try:
            made.append(outcome(wire.write(_draft(wire, letter, stage))))
        except (SignInRefused, AccessBlocked, Busy) as error:
            if not made:
                raise
            made += [Refused(str(error), retry=True)] * (len(letters) - len(made))
            break
    return _marked(wire, letters, made, stage)


def mime(letter: Letter, message_id: str, author: str = "") -> bytes:
    """The letter as a mail; who sends it and when, the server says, unless it is from another `author`."""
    mail = EmailMessage(policy=SMTP)
    if author:
        mail["From"] = author
    mail["Message-ID"] = message_id
    user, _, domain = letter.to.email.rpartition("@")
    mail["To"] = Address(" ".join(letter.to.name.split()), user, domain)
    mail["Subject"] = " ".join(letter.subject[:255].split())
    if letter.in_reply_to:
        mail["In-Reply-To"] = letter.in_reply_to
        mail["References"] = " ".join(dict.fromkeys((*letter.references, letter.in_reply_to)))
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = _SUPPRESS
    mail["X-Ackd"] = "1"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail.as_bytes()


def _draft(wire: Wire, letter: Letter, stage: str) -> Part:
    own_id = letter_ids.made(letter.token, wire.ways.domain, is_on_its_way=bool(stage))
    raw = base64.b64encode(mime(letter, own_id, wire.author))
    return Part("POST", f"{wire.owner}/messages", more={"Content-Type": "text/plain"}, raw=raw)


def _marked(wire: Wire, letters: Sequence[Letter], made: list[Outcome], stage: str) -> list[Outcome]:
    """Give the drafts their tokens. One that surely got none is removed."""
    drafts = {number: one.item for number, one in enumerate(made) if isinstance(one, Done)}
    parts = [marks(wire, item, letters[number].token, stage) for number, item in drafts.items()]
    try:
        answers = wire.writes(parts) if parts else []
    except (SignInRefused, AccessBlocked, Busy) as error:
        answers = [Answer(0, trouble=str(error))] * len(parts)
    for (number, item), answer in zip(drafts.items(), answers, strict=True):
        if not answer.ok:
            made[number] = _unmarked(wire, item, outcome(answer))
    return made


def marks(wire: Wire, item: str, token: str, stage: str) -> Part:
    """The write by which a draft gets its token."""
    known = {
        properties.TOKEN: token,
        properties.SUPPRESS: str(own_properties.SUPPRESS_ANSWERS),
        properties.STAGE: stage,
    }
    given = properties.given({name: value for name, value in known.items() if value})
    return Part("PATCH", f"{wire.owner}/messages/{item}", {properties.NAME: given})


def _unmarked(wire: Wire, item: str, result: Outcome) -> Outcome:
    if not isinstance(result, Refused):
        return result
    try:
        (removed,) = wire.wipe([f"{wire.owner}/messages/{item}"])
    except (SignInRefused, AccessBlocked, Busy) as error:
        return Unknown(f"{result.reason}; its draft is still there: {error}")
    return result if removed.ok else Unknown(f"{result.reason}; its draft may still be there")
