"""The cursor of a mailbox on EWS: a bookmark for each folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a folder's sync stands, the folder's state when it was exhausted, and the folder's id
    where it is one that can be renamed.

    `shown` is the state that the folder shows since our own clock's `ticks` after the boot of that name,
    where the server doesn't tell its time."""

    state: str = ""
    seen: str = ""
    folder: str = ""
    shown: str = ""
    boot: str = ""
    ticks: float = 0.0

    def of(self, folder: str) -> Bookmark:
        """The bookmark of the folder with this id; that of another folder of the same name is none."""
        if self.folder not in ("", folder):
            return Bookmark(folder=folder)
        return replace(self, folder=folder)


def bookmarks_of(cursor: str | None) -> dict[str, Bookmark]:
    """The bookmarks in a cursor, by folder."""
    stored = json.loads(cursor) if cursor else {}
    return {key: Bookmark(**entry) for key, entry in stored.items()}


def cursor_of(bookmarks: dict[str, Bookmark]) -> str:
    """The bookmarks as a cursor."""
    entries: dict[str, dict[str, str | float]]
    entries = {key: {"state": mark.state, "seen": mark.seen} for key, mark in bookmarks.items()}
    for key, mark in bookmarks.items():
        if mark.folder:
            entries[key] |= {"folder": mark.folder}
        if mark.shown:
            entries[key] |= {"shown": mark.shown, "boot": mark.boot, "ticks": mark.ticks}
    return json.dumps(entries, separators=(",", ":"))
