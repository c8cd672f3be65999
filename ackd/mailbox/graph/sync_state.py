"""The sync state of a mailbox on Graph: where the delta of each folder stands, and what waits to be read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ackd.mailbox import other_kind, sync_keys, unread
from ackd.mailbox.sync_keys import SyncKey
from ackd.mailbox.unread import Waiting

VERSION = 1


@dataclass(frozen=True, slots=True)
class FolderSync:
    """Where a folder's delta stands (a link below the version, as Graph gave it), and the folder's id."""

    link: str = ""
    folder: str = ""


def loaded(sync_state: str | None) -> tuple[dict[str, FolderSync], list[Waiting]]:
    """Where each folder is, by its key, and what waits. Of a state that another backend made only ids: all is
    listed anew."""
    stored = json.loads(sync_state) if sync_state else {}
    if not other_kind.is_of_graph(stored):
        known = other_kind.folders_in(sync_state, other_kind.to_rest) if sync_state else {}
        return {key: FolderSync(folder=own_id) for key, own_id in known.items()}, []
    if stored[SyncKey.GRAPH] != VERSION:
        return {}, []
    folders = {key: FolderSync(**one) for key, one in stored.items() if key not in sync_keys.NO_FOLDERS}
    return folders, unread.loaded(stored.get(SyncKey.WAITING, []))


def dumped(syncs: Mapping[str, FolderSync], waits: Iterable[Waiting]) -> str:
    """As one text."""
    entries: dict[str, object] = {SyncKey.GRAPH: VERSION}
    for key, sync in syncs.items():
        entries[key] = {"link": sync.link, "folder": sync.folder}
    if left := unread.dumped(waits):
        entries[SyncKey.WAITING] = left
    return json.dumps(entries, separators=(",", ":"))
