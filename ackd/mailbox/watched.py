"""The watched folders: found by the owner's names, followed by their ids, and missed aloud.

A folder that isn't there, or can't be read, never keeps the others from being read. It is looked for again
after pauses, and taken up when it comes back.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ackd.mailbox import folder_names
from ackd.mailbox.tree import Tree
from ackd.model import FolderNote
from ackd.ports import Clock

log = logging.getLogger(__name__)

#: Seconds between two looks for a folder that is missing: growing from the first to the last.
FIRST_PAUSE, LAST_PAUSE = 5.0, 300.0
#: Seconds after which names are looked up again although nothing is missing: a folder above was renamed.
RECHECK = 3600.0
#: The same where no commit times are asked for, so that nobody says that a folder is gone.
RECHECK_BLINDLY = 300.0


class Folders(Protocol):
    """The folders of a mailbox as its server gives them."""

    def inbox(self) -> Any:
        """The mailbox's own inbox, as requests name it."""
        ...

    def named(self, own_id: str) -> Any:
        """The folder with this id, as requests name it."""
        ...

    def tree(self) -> Tree:
        """The folders of mail as they are now; some requests."""
        ...


@dataclass(frozen=True, slots=True)
class _Found:
    """A watched folder as it is now. The inbox by its own name needs no id."""

    element: Any
    own_id: str = ""
    seen: tuple[str, str] = ("", "")  # its name and what it lies in
    shown: str = ""  # what mail in it is said to lie in


class WatchedFolders:
    """The folders of `mailbox.folders` by their keys in the sync state."""

    def __init__(self, folders: Folders, clock: Clock, names: Iterable[str]) -> None:
        self._folders = folders
        self._clock = clock
        self._names = tuple(dict.fromkeys(map(folder_names.key_of, names)))
        self._found: dict[str, _Found] = {}
        self._notes: dict[str, FolderNote] = {}
        self._told: tuple[FolderNote, ...] = ()
        self._known: dict[str, str] = {}  # ids by key, as they were last
        self._lost: dict[str, tuple[str, str]] = {}  # ids and codes, of folders that couldn't be read
        self._is_stale = True
        self._looked = 0.0
        self._pause = FIRST_PAUSE
        self.is_told_of_losses = True  # False where the server is asked for changes alone

    @property
    def notes(self) -> tuple[FolderNote, ...]:
        """What the owner should know of the watched folders; nothing where all is well."""
        return tuple(self._notes.values())

    def recall(self, ids: Mapping[str, str]) -> None:
        """Folders as the sync state knows them: one that was renamed meanwhile is followed by its id."""
        new = {key: own_id for key, own_id in ids.items() if own_id and key not in self._known}
        self._is_stale |= any(self._notes.get(key) for key in new)
        self._known |= new

    def elements(self) -> dict[str, Any]:
        """The folders that can be read now. Costs two requests where names other than Inbox have to be
        looked up."""
        if self._is_stale or self._is_due():
            self._look()
        return {key: found.element for key, found in self._found.items()}

    def ids(self) -> dict[str, str]:
        """The ids of those that aren't just the inbox, by key."""
        return {key: found.own_id for key, found in self._found.items() if found.own_id}

    def shown(self, key: str) -> str:
        """What a mail in the folder is said to lie in."""
        found = self._found.get(key)
        return (found.shown if found else "") or key

    def is_named(self, key: str) -> bool:
        """Whether it is a folder that the owner can rename and delete."""
        return key in self._found and bool(self._found[key].own_id)

    def saw(self, key: str, now: tuple[str, str]) -> None:
        """A folder's name and what it lies in, as the server shows them now: where they aren't the known ones
        any more, all are looked up again."""
        found = self._found.get(key)
        if found and found.own_id and all(now) and now != found.seen:
            self._is_stale = True

    def lose(self, key: str, code: str) -> None:
        """The server doesn't give the folder: it is looked up again, perhaps there is a new one."""
        self._lost[key] = (self._found[key].own_id, code)
        self._look()

    # --- looking up -------------------------------------------------------------------------

    def _is_due(self) -> bool:
        needs = any(found.own_id for found in self._found.values()) or len(self._found) < len(self._names)
        rest = RECHECK if self.is_told_of_losses else RECHECK_BLINDLY
        pause = self._pause if any(not note.is_read for note in self.notes) else rest
        if not needs or self._clock.ticks() - self._looked < pause:
            return False
        self._lost.clear()  # those that couldn't be read are tried once more
        return True

    def _look(self) -> None:
        self._is_stale = False
        self._found, self._notes, before = {}, {}, frozenset(self._notes)
        if all(map(folder_names.is_inbox, self._names)):
            inbox = self._folders.inbox()
            self._found = {key: _Found(inbox) for key in self._names[:1]}
            return
        self._is_stale = True  # until the server has told
        tree = self._folders.tree()
        for key in self._names:
            self._find(tree, key)
        self._is_stale = False
        for key, found in self._found.items():
            if found.own_id:
                self._known[key] = found.own_id
        missing = {key for key, note in self._notes.items() if not note.is_read}
        is_new = not missing <= before
        self._pause = FIRST_PAUSE if is_new else min(self._pause * 2, LAST_PAUSE)
        self._looked = self._clock.ticks()
        self._tell()

    def _find(self, tree: Tree, key: str) -> None:
        own_id, inbox = tree.find(key), tree.standard.get(folder_names.INBOX)
        if own_id is None:
            own_id = self._known.get(key, "")
            if own_id not in tree or tree.is_trashed(own_id):
                self._note(key, _missing(key, tree))
                return
            self._note(key, _renamed(key, tree.path(own_id)), is_read=True)
        if own_id in {found.own_id or inbox for found in self._found.values()}:
            return  # watched by another name
        lost_id, code = self._lost.get(key, ("", ""))
        if own_id == lost_id:
            self._note(key, _unreadable(key, code))
        elif own_id == inbox:
            self._found[key] = _Found(self._folders.inbox())
        else:
            shown = f"Junk Email/{key}" if tree.is_junk(own_id) else ""
            self._found[key] = _Found(self._folders.named(own_id), own_id, tree.seen(own_id), shown)

    def _note(self, key: str, words: str, *, is_read: bool = False) -> None:
        self._notes[key] = FolderNote(key, words, is_read)

    def _tell(self) -> None:
        """Once for each thing that is new."""
        for note in self.notes:
            if note not in self._told:
                log.warning("event=folder: %s", note.words)
        for key in {note.folder for note in self._told} - set(self._notes):
            log.warning("event=folder-back: the watched folder %r is read again under its name", key)
        self._told = self.notes


def _missing(key: str, tree: Tree) -> str:
    return (
        f"mailbox.folders: there is no folder {key!r} in the mailbox: its mail isn't read, that of the "
        "others is. Make it anew, give it its name back, or change mailbox.folders; there are: "
        f"{tree.near(key)}"
    )


def _renamed(key: str, path: str) -> str:
    return (
        f"mailbox.folders: the folder {key!r} is called {path!r} now: its mail is read all the same; write "
        "the new name into mailbox.folders"
    )


def _unreadable(key: str, code: str) -> str:
    return (
        f"mailbox.folders: the folder {key!r} can't be read ({code or 'no code'}): its mail isn't read, that "
        "of the others is"
    )
