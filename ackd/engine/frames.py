"""Which senders write the same again and again: of mails whose sender's address is no person's, the ledger
counts the frames (`text.frames`), by salted hashes that nobody can read a text from."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ackd.model import Mail, ValueKey
from ackd.ports import Ledger
from ackd.text.frames import frames
from ackd.text.names.sender import Kind, kind_of
from ackd.text.reply_text import written

#: Whose mails are counted: nobody's that may be a person's.
COUNTED = frozenset((Kind.UNKNOWN, Kind.WORD, Kind.ROLE, Kind.SYSTEM, Kind.BORROWED))
_SAME = 0.6  # of a mail's words that stand in frames that are known


@dataclass(slots=True)
class Frames:
    """The frames of a page's mails: by Message-ID their keys, each with its number of words; how many
    earlier mails had each; and the senders that the owner has answered."""

    of: dict[str, dict[str, int]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    answered: frozenset[str] = frozenset()

    def repeats(self, mail: Mail) -> int:
        """How many earlier mails said most of what this one says; none of a sender that the owner has
        answered."""
        keys = self.of.get(mail.message_id, {})
        if not keys or mail.sender is None or mail.sender.key in self.answered:
            return 0
        counts = sorted((self.counts[key] for key in keys), reverse=True)
        return max((n for n in counts if n and _share(keys, self.counts, n) >= _SAME), default=0)

    def note(self, mail: Mail) -> tuple[str, ...]:
        """Count a mail's own frames; returns their keys, for the record."""
        keys = tuple(self.of.get(mail.message_id, ()))
        self.counts.update(keys)
        return keys


def read(ledger: Ledger, mails: Iterable[Mail], known: str | None = None) -> Frames:
    """What the ledger knows of the frames of these mails, by its salt, `known` where it was read just now:
    some statements for all of them, none where all come from people."""
    counted = [mail for mail in mails if mail.sender is not None and kind_of(mail.sender) in COUNTED]
    if not counted:
        return Frames()
    own = salt(ledger, known)
    of = {mail.message_id: _keys(mail, own) for mail in counted}
    counts = Counter(dict(ledger.frames({key for keys in of.values() for key in keys})))
    repeated = {
        mail.sender.key
        for mail in counted
        if mail.sender is not None and any(counts[key] > 1 for key in of[mail.message_id])
    }
    return Frames(of, counts, ledger.answered(repeated) if repeated else frozenset())


def _share(keys: Mapping[str, int], counts: Mapping[str, int], at_least: int) -> float:
    return sum(size for key, size in keys.items() if counts[key] >= at_least) / sum(keys.values())


def salt(ledger: Ledger, known: str | None = None) -> bytes:
    """This ledger's own salt, `known` where it was read just now: of two processes that make it one does."""
    known = known or ledger.value(ValueKey.FRAMES_SALT)
    if known is None:
        ledger.swap(ValueKey.FRAMES_SALT, None, secrets.token_hex(16))
        known = ledger.value(ValueKey.FRAMES_SALT)
    return bytes.fromhex(known or "")


def _keys(mail: Mail, salt: bytes) -> dict[str, int]:
    """A key for each frame of a mail, and the frame's number of words."""
    sender = mail.sender.key if mail.sender else ""
    return {
        hashlib.blake2b(f"{sender}\n{frame}".encode(), key=salt, digest_size=16).hexdigest(): len(
            frame.split()
        )
        for frame in frames(written(mail.text, mail.html).whole)
    }
