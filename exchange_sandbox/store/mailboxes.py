"""Mailboxes and their passwords."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID, uuid5

from exchange_sandbox.store import folders, kept

_ADDRESS = re.compile(r"[^@\s<>,;:\"\\]+@[^@\s<>,;:\"\\]+")
_ROUNDS = 20_000  # this guards invented passwords on loopback; the start of a sandbox must stay quick


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox of this sandbox; ``address`` in lower case."""

    id: int
    address: str
    name: str
    password: str

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


def put(db: sqlite3.Connection, address: str, password: str, now: datetime, language: str = "en") -> None:
    """Add a mailbox with its folders, named in a language, or give an existing one a new password.

    Raises ValueError if ``address`` is none, or the language is not known.
    """
    if not _ADDRESS.fullmatch(address) or not password:
        raise ValueError(f"{address!r}: a mailbox is ADDRESS:PASSWORD, such as alice@corp.example:secret")
    known = find(db, address)
    if known is None:
        name = " ".join(part.capitalize() for part in re.split(r"[._-]+", address.partition("@")[0]) if part)
        cursor = db.execute(
            "INSERT INTO mailbox (address, name, password) VALUES (?, ?, ?)",
            (address.lower(), name or address, _hashed(password)),
        )
        folders.create_standard(db, int(cursor.lastrowid or 0), now, language)
    elif not password_is(known, password):
        db.execute("UPDATE mailbox SET password = ? WHERE id = ?", (_hashed(password), known.id))


def find(db: sqlite3.Connection, address: str) -> Mailbox | None:
    """The mailbox with this address, compared without case."""
    row = db.execute("SELECT * FROM mailbox WHERE address = ?", (address.lower(),)).fetchone()
    return Mailbox(*row) if row else None


def get(db: sqlite3.Connection, number: int) -> Mailbox:
    """The mailbox with this number, which must exist."""
    return Mailbox(*db.execute("SELECT * FROM mailbox WHERE id = ?", (number,)).fetchone())


def name_person(db: sqlite3.Connection, mailbox: Mailbox, name: str, given: str, surname: str) -> None:
    """Set how the directory calls a mailbox and its person; without ``given`` and ``surname`` it is
    nobody's, as a shared one. Raises ValueError without a name."""
    if not name.strip():
        raise ValueError(f"{mailbox.address}: a mailbox has a name")
    db.execute("UPDATE mailbox SET name = ? WHERE id = ?", (name.strip(), mailbox.id))
    kept.put(db, mailbox.id, kept.PERSON, {"given": given.strip(), "surname": surname.strip()})


def person(db: sqlite3.Connection, mailbox: Mailbox) -> tuple[str, str]:
    """The given name and the surname that the directory has of a mailbox's person. Unless they were set, a
    name of several words tells them; one word may be anything's."""
    known = kept.read(db, mailbox.id, kept.PERSON)
    if known:
        return known["given"], known["surname"]
    given, _, surname = mailbox.name.partition(" ")
    return (given, surname) if surname else ("", "")


def everyone(db: sqlite3.Connection) -> list[Mailbox]:
    """All mailboxes, in the order in which they were made."""
    return [Mailbox(*row) for row in db.execute("SELECT * FROM mailbox ORDER BY id")]


def by_user_name(db: sqlite3.Connection, user: str) -> Mailbox | None:
    """Who signs in as ``user``: an address, or DOMAIN\\name where one mailbox alone has that local part."""
    if "\\" not in user:
        return find(db, user)
    local = user.rpartition("\\")[2].lower()
    matching = [one for one in everyone(db) if one.address.partition("@")[0] == local]
    return matching[0] if len(matching) == 1 else None


def password_is(mailbox: Mailbox, password: str) -> bool:
    """Whether this is the mailbox's password. Slow on purpose: remember the answer."""
    salt, _, expected = mailbox.password.partition(":")
    return hmac.compare_digest(_derived(password, base64.b64decode(salt)), base64.b64decode(expected))


@lru_cache(maxsize=256)
def _hashed(password: str) -> str:
    """A password as it is kept. A process makes it once: many mailboxes of a test have the same one, and may
    be known by it."""
    salt = os.urandom(16)
    return f"{base64.b64encode(salt).decode()}:{base64.b64encode(_derived(password, salt)).decode()}"


@lru_cache(maxsize=256)
def _derived(password: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)


def tenant_id(organisation: UUID) -> str:
    """The id of the tenant that an organisation is."""
    return str(uuid5(organisation, "tenant"))


def directory_id(store: UUID, address: str) -> str:
    """The id that a directory has for an address: a GUID, always the same."""
    return str(uuid5(store, address.lower()))
