"""Which mails say what the same person asked a moment ago: sent again by hand, or by a mail program.

Each question that is promised an answer keeps a salted hash of what it says; no text can be read from it.
Where a question is taken back or thrown away before its letter, a copy of it that was left is judged in its
place.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ackd.engine import frames, reply_check
from ackd.model import Mail, Promise, PromiseState, Question, ValueKey
from ackd.model.followup import DELETED, NO_QUESTION, SOLVED
from ackd.ports import Ledger
from ackd.text.reply_text import Written
from ackd.text.subject import without_reply

#: How long after a question the same words are the same question.
SAME_WITHIN = timedelta(days=1)
MOST = 200  # of them that are kept
#: How long a copy that was left may take the place of its question.
LEFT_FOR = timedelta(days=7)
#: After these the question itself is gone, and whoever asked may still wait for an answer to its copy.
_LOST = (reply_check.RECALLED, reply_check.THROWN, reply_check.GONE)
#: What closes a promise that no letter had told for good; one that was left unsent is asked anew.
_FOR_GOOD = (NO_QUESTION, DELETED, SOLVED)


@dataclass(slots=True)
class Copies:
    """The questions of the last day, by who asked and what it says, and the salt of their hashes."""

    salt: bytes = b""
    _asked: defaultdict[tuple[str, str], list[Question]] = field(default_factory=lambda: defaultdict(list))
    _askers: set[str] = field(default_factory=set)

    def original(self, mail: Mail, text: Written) -> str:
        """The Message-ID of the question that a mail of this text only repeats; "" if there is none."""
        asker = mail.sender.key if mail.sender else ""
        same = self._asked.get((asker, self.key(mail, text)), ()) if asker in self._askers else ()
        near = (q.message_id for q in same if q.message_id != mail.message_id and _is_near(q, mail))
        return next(near, "")

    def add(self, question: Question) -> None:
        """A question that gets an answer."""
        if question.said:
            self._asked[question.asker.key, question.said].append(question)
            self._askers.add(question.asker.key)

    def key(self, mail: Mail, text: Written) -> str:
        """What a mail says, as a hash: subject and new text, whatever their spaces and case."""
        words = f"{without_reply(mail.subject)}\n{text.whole}".casefold().split()
        return hashlib.blake2b(" ".join(words).encode(), key=self.salt, digest_size=16).hexdigest()


def read(ledger: Ledger, mails: Iterable[Mail], known: str | None = None) -> Copies:
    """What the ledger knows of questions like these mails, by its salt, `known` where it was read just now:
    one statement for all of them."""
    found = Copies(frames.salt(ledger, known))
    since = min((mail.received for mail in mails), default=None)
    if since is not None:
        for promise in ledger.asked_since(since - SAME_WITHIN):
            if _stands(promise):
                found.add(promise.question)
    return found


def noted(
    ledger: Ledger, left: str | None, repeated: Mapping[str, str], now: datetime
) -> dict[ValueKey, str]:
    """The ledger's values that keep what a page left as copies (by Message-ID, each with its question's)
    beside those that were left before; without those whose time is over, and those that are bereft: they have
    just been judged."""
    kept = _read(left)
    gone = _bereft(ledger, kept)
    wanted = {name: one for name, one in kept.items() if name not in gone and now - one[1] <= LEFT_FOR}
    wanted |= {name: (of, now) for name, of in repeated.items()}
    if wanted == kept:
        return {}
    latest = sorted(wanted.items(), key=lambda one: one[1][1])[-MOST:]
    return {ValueKey.COPIES_LEFT: json.dumps({name: (of, at.isoformat()) for name, (of, at) in latest})}


def bereft(ledger: Ledger, left: str | None) -> frozenset[str]:
    """The copies that were left, by the ledger's value, and whose question was taken back or thrown away
    before anything was said of it."""
    return _bereft(ledger, _read(left))


def _bereft(ledger: Ledger, kept: Mapping[str, tuple[str, datetime]]) -> frozenset[str]:
    snapshots = ledger.snapshots({of for of, _ in kept.values()}) if kept else {}
    lost = {name for name, one in snapshots.items() if not _stands(one.promise) and one.promise.why in _LOST}
    return frozenset(name for name, (of, _) in kept.items() if of in lost)


def _read(left: str | None) -> dict[str, tuple[str, datetime]]:
    """By Message-ID the copies that were left of late: what they repeat, and when they were left."""
    known = json.loads(left or "{}")
    return {name: (of, datetime.fromisoformat(at)) for name, (of, at) in known.items()}


def _is_near(question: Question, mail: Mail) -> bool:
    return abs(mail.received - question.received) <= SAME_WITHIN


def _stands(promise: Promise) -> bool:
    """Whether a question has got its answer, its letter or its task, or is to get them."""
    is_withdrawn = promise.state is PromiseState.WITHDRAWN
    return not is_withdrawn or promise.told is not None or promise.why in _FOR_GOOD
