"""What a page of changes gathers, whatever protocol tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ackd.mailbox.sync_keys import SyncKey
from ackd.mailbox.unread import Waiting
from ackd.model import Changes, FolderNote, Mail, Marked, SeenTask, SentMail


@dataclass(slots=True)
class Gathered:
    """A page while it is filled; `size` is what its texts weigh."""

    mails: list[Mail] = field(default_factory=list)
    sent: list[SentMail] = field(default_factory=list)
    tasks: list[SeenTask] = field(default_factory=list)
    marked: list[Marked] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    lists_gone: list[str] = field(default_factory=list)
    complete: bool = True
    relisted: bool = False
    size: int = 0

    def changes(
        self,
        sync_state: str,
        waits: Sequence[Waiting],
        notes: tuple[FolderNote, ...],
        server_time: datetime | None,
    ) -> Changes:
        """The page as it is recorded; `waits` are the mails that were told of and aren't read yet."""
        return Changes(
            sync_state=sync_state,
            complete=self.complete and not any(one.is_fresh for one in waits),
            relisted=self.relisted,
            mails=tuple(self.mails),
            sent=tuple(self.sent),
            tasks=tuple(self.tasks),
            marked=tuple(self.marked),
            gone=tuple(self.gone),
            lists_gone=tuple(self.lists_gone),
            notes=notes,
            server_time=server_time,
            unread=sum(one.told and not one.only_marks for one in waits),
            unread_sent=any(one.folder == SyncKey.SENT and not one.told for one in waits),
        )
