"""Which mails say what the same person asked a moment ago: sent again by hand, or by a mail program.

Each question that is promised an answer keeps a salted hash of what it says; no text can be read from it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from ackd.engine import frames
from ackd.model import Mail, Promise, PromiseState, Question
from ackd.model.followup import DELETED, NO_QUESTION, SOLVED
from ackd.ports import Ledger
from ackd.text.reply_text import written
from ackd.text.subject import without_reply

#: How long after a question the same words are the same question.
SAME_WITHIN = timedelta(days=1)
#: What closes a promise that no letter had told for good; one that was left unsent is asked anew.
_FOR_GOOD = (NO_QUESTION, DELETED, SOLVED)


@dataclass(slots=True)
class Copies:
    """The questions of the last day, by who asked, and the salt of their hashes."""

    salt: bytes = b""
    _asked: defaultdict[str, list[Question]] = field(default_factory=lambda: defaultdict(list))

    def original(self, mail: Mail) -> str:
        """The Message-ID of the question that a mail only repeats; "" if there is none."""
        near = [q for q in self._asked.get(mail.sender.key if mail.sender else "", ()) if _is_near(q, mail)]
        said = self.key(mail) if near else ""
        return next((q.message_id for q in near if q.said == said and q.message_id != mail.message_id), "")

    def add(self, question: Question) -> None:
        """A question that gets an answer."""
        if question.said:
            self._asked[question.asker.key].append(question)

    def key(self, mail: Mail) -> str:
        """What a mail says, as a hash: subject and new text, whatever their spaces and case."""
        words = f"{without_reply(mail.subject)}\n{written(mail.text, mail.html).whole}".casefold().split()
        return hashlib.blake2b(" ".join(words).encode(), key=self.salt, digest_size=16).hexdigest()


def read(ledger: Ledger, mails: Iterable[Mail]) -> Copies:
    """What the ledger knows of questions like these mails: one statement for all of them."""
    found = Copies(frames.salt(ledger))
    since = min((mail.received for mail in mails), default=None)
    if since is not None:
        for promise in ledger.asked_since(since - SAME_WITHIN):
            if _stands(promise):
                found.add(promise.question)
    return found


def _is_near(question: Question, mail: Mail) -> bool:
    return abs(mail.received - question.received) <= SAME_WITHIN


def _stands(promise: Promise) -> bool:
    """Whether a question has got its answer, its letter or its task, or is to get them."""
    is_withdrawn = promise.state is PromiseState.WITHDRAWN
    return not is_withdrawn or promise.told is not None or promise.why in _FOR_GOOD
