"""The sync state of a mailbox on EWS: how far each folder is, what waits to be read, and what the server
was found to lack."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ackd.mailbox import other_kind, sync_keys, unread
from ackd.mailbox.sync_keys import SyncKey
from ackd.mailbox.unread import Waiting


@dataclass(frozen=True, slots=True)
class FolderSync:
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

    def of(self, folder: str) -> FolderSync:
        """For the folder with this id: where another folder of the same name stands says nothing of it."""
        if self.folder not in ("", folder):
            return FolderSync(folder=folder)
        return replace(self, folder=folder)


def folders_of(sync_state: str | None) -> dict[str, FolderSync]:
    """Where the sync of each folder stands, by folder. Of a state that another backend made only ids: all is
    listed anew."""
    stored = json.loads(sync_state) if sync_state else {}
    if sync_state and other_kind.is_of_graph(stored):
        known = other_kind.folders_in(sync_state, other_kind.to_ews)
        return {key: FolderSync(folder=own_id) for key, own_id in known.items()}
    return {key: FolderSync(**entry) for key, entry in stored.items() if key not in sync_keys.NO_FOLDERS}


def waiting_of(sync_state: str | None) -> list[Waiting]:
    """What waits to be read."""
    stored = json.loads(sync_state) if sync_state else {}
    return [] if other_kind.is_of_graph(stored) else unread.loaded(stored.get(SyncKey.WAITING, []))


def ways_of(sync_state: str | None) -> dict[str, bool]:
    """What the server was found to lack, by the names in `Ways`."""
    known: dict[str, bool] = json.loads(sync_state).get(SyncKey.SERVER, {}) if sync_state else {}
    return known


def sync_state_of(
    syncs: dict[str, FolderSync], waits: Iterable[Waiting] = (), lacking: Mapping[str, bool] | None = None
) -> str:
    """How far the folders are, what waits and what the server lacks, as one text."""
    entries: dict[str, object] = {}
    for key, mark in syncs.items():
        entry: dict[str, str | float] = {"state": mark.state, "seen": mark.seen}
        if mark.folder:
            entry |= {"folder": mark.folder}
        if mark.shown:
            entry |= {"shown": mark.shown, "boot": mark.boot, "ticks": mark.ticks}
        entries[key] = entry
    if left := unread.dumped(waits):
        entries[SyncKey.WAITING] = left
    if lacking:
        entries[SyncKey.SERVER] = dict(lacking)
    return json.dumps(entries, separators=(",", ":"))
