"""Who may work in whose mailbox besides its owner, as an administrator of Exchange grants it
(Add-MailboxPermission, Add-RecipientPermission, GrantSendOnBehalfTo)."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from enum import StrEnum

from exchange_sandbox.store import kept


class Right(StrEnum):
    """What somebody may do: everything in the mailbox but send; send as if it were its owner; send for it,
    and be named as the sender."""

    FULL_ACCESS = "full-access"
    SEND_AS = "send-as"
    SEND_ON_BEHALF = "send-on-behalf"


def put(db: sqlite3.Connection, mailbox: int, person: int, given: Collection[Right]) -> None:
    """Give a person these rights in a mailbox, in place of what they had there."""
    known = kept.read(db, person, kept.SHARED) or {}
    kept.put(db, person, kept.SHARED, {**known, str(mailbox): sorted(given)})


def rights(db: sqlite3.Connection, mailbox: int, person: int) -> frozenset[Right]:
    """What a person may do in another's mailbox."""
    known = kept.read(db, person, kept.SHARED) or {}
    return frozenset(Right(one) for one in known.get(str(mailbox), ()))


def is_guest(db: sqlite3.Connection, person: int) -> bool:
    """Whether any mailbox was opened to a person."""
    return bool(kept.read(db, person, kept.SHARED))


def named(text: str) -> Right:
    """The right of this name; raises ValueError that tells those that there are."""
    try:
        return Right(text)
    except ValueError:
        raise ValueError(f"{text!r}: no such right; there are {', '.join(Right)}") from None


def is_opened(db: sqlite3.Connection, mailbox: int, person: int) -> bool:
    """Whether a person may read and write there: in the own mailbox always."""
    return mailbox == person or Right.FULL_ACCESS in rights(db, mailbox, person)
