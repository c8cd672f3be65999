"""What a sandbox holds, as a person reads it: mailboxes, folders, items, and all of one item."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exchange_sandbox.errors import Refused
from exchange_sandbox.server.server import SandboxError
from exchange_sandbox.store import folders, items, mailboxes
from exchange_sandbox.store.database import Store, StoreError
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.schema import Key, Stream

_LONGEST = 2_000  # characters of a text that are shown
#: What the line of an item says besides its subject, in this order.
_GLANCE = (
    Key.FROM,
    Key.RECEIVED,
    Key.START,
    Key.DUE_DATE,
    Key.STATUS,
    Key.IS_READ,
    Key.IS_DRAFT,
    Key.CATEGORIES,
)
_ITEM = f"{items.SELECT} WHERE folder = ? ORDER BY id"


@dataclass(frozen=True, slots=True)
class ShownFolder:
    """A folder by its path below the mailbox's top, such as ``Inbox/Projects``."""

    mailbox: str
    path: str
    total: int
    unread: int
    number: int


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item. ``properties`` are its property bag as the store keeps it (texts cut at 2,000 characters);
    ``texts`` its larger values by name: the body, the internet headers, the MIME content, attachments."""

    number: int
    folder: str
    cls: str
    subject: str
    properties: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def glance(self) -> dict[str, Any]:
        """The few properties that a list of items has room for."""
        return {name: self.properties[name] for name in _GLANCE if name in self.properties}


def check_is_sandbox(data: Path) -> None:
    """Raises :class:`SandboxError` for a directory that is no sandbox's."""
    if not (data / "sandbox.sqlite").is_file():
        raise SandboxError(f"{data}: no sandbox is here; ackd sandbox serve --data {data} makes one")


class Shelf:
    """A look into a data directory, also while it is being served. A context manager. Raises
    :class:`SandboxError` for a directory that is no sandbox's, and for what isn't in it."""

    def __init__(self, data: Path) -> None:
        check_is_sandbox(data)
        try:
            self._store = Store(data)
        except StoreError as error:
            raise SandboxError(str(error)) from error

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def folders(self, mailbox: str = "", path: str = "") -> list[ShownFolder]:
        """The folders of all mailboxes, of one, or those at a path (compared without case)."""
        with self._store.read() as db:
            owners = [_mailbox(db, mailbox)] if mailbox else mailboxes.everyone(db)
            found = [folder for owner in owners for folder in _folders(db, owner)]
        if path:
            found = [folder for folder in found if folder.path.casefold() == path.strip("/").casefold()]
            if not found:
                raise SandboxError(f"{mailbox} has no folder {path}")
        return found

    def items(self, folder: ShownFolder) -> list[ShownItem]:
        """The items of a folder, the oldest first, without their larger values."""
        with self._store.read() as db:
            rows = [items.from_row(row) for row in db.execute(_ITEM, (folder.number,))]
        return [_shown(item, folder.path) for item in rows]

    def item(self, number: int) -> ShownItem:
        """All of an item, by the number that lists show."""
        with self._store.read() as db:
            try:
                item = items.get(db, number)
            except Refused:
                raise SandboxError(f"there is no item {number}") from None
            owner = mailboxes.get(db, item.mailbox)
            paths = {folder.number: folder.path for folder in _folders(db, owner)}
            streams = items.streams(db, item)
        texts = {name: _text(name, data) for name, data in sorted(streams.items()) if data is not None}
        return _shown(item, f"{owner.address}/{paths.get(item.folder, '?')}", texts)


def _mailbox(db: sqlite3.Connection, address: str) -> Mailbox:
    found = mailboxes.find(db, address)
    if found is None:
        raise SandboxError(f"there is no mailbox {address}")
    return found


def _folders(db: sqlite3.Connection, owner: Mailbox) -> Iterator[ShownFolder]:
    """A mailbox's folders that a person sees, and those for what was deleted."""
    for top in ("msgfolderroot", "recoverableitemsroot"):
        root = folders.distinguished(db, owner.id, top)
        names = {root.id: "" if top == "msgfolderroot" else root.name}
        for folder in folders.below(db, root.id, deep=True):
            above = names.get(folder.parent or 0, "")
            names[folder.id] = path = f"{above}/{folder.name}" if above else folder.name
            counts = folders.counts(db, folder.id)
            yield ShownFolder(owner.address, path, counts.total, counts.unread, folder.id)


def _shown(item: items.Item, folder: str, texts: dict[str, str] | None = None) -> ShownItem:
    bag = {name: _cut(value) for name, value in item.bag.items() if not name.startswith("_")}
    return ShownItem(item.id, folder, item.cls, str(item.bag.get(Key.SUBJECT, "")), bag, texts or {})


def _cut(value: Any) -> Any:
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value


def _text(name: str, data: bytes) -> str:
    if name == Stream.HEADERS:
        return "\n".join(f"{header}: {value}" for header, value in json.loads(data))
    text = data[: _LONGEST * 4].decode("utf-8", "replace").replace("\r\n", "\n")
    return str(_cut(text)) if len(data) <= _LONGEST * 4 else f"{text[:_LONGEST]}… ({len(data):,} bytes)"
