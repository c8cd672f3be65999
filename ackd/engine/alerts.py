"""The ledger's words for what the owner should know: why a pass stopped, why a changed
configuration isn't used, why an own template wasn't, what is amiss with the folders."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ackd.model import FolderNote

TROUBLE, CONFIG_TROUBLE, TEMPLATE_TROUBLE = "trouble", "config_trouble", "template_trouble"
FOLDERS = "folder_notes"


def dump(notes: Iterable[FolderNote]) -> str:
    """Notes of folders as the ledger keeps them."""
    return json.dumps([[note.folder, note.words, note.is_read] for note in notes])


def load(value: str | None) -> tuple[FolderNote, ...]:
    """The notes of folders that the ledger keeps."""
    return tuple(FolderNote(*entry) for entry in json.loads(value or "[]"))
