"""A person's mail program, as far as the demo and the tests play one: it sends mail and shows tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from ackd.model import Mail


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task as a task list shows it."""

    subject: str
    due: date | None
    reminder: datetime | None
    categories: tuple[str, ...]
    body: str
    item: str = ""
    is_complete: bool = False


class MailProgram(Protocol):
    """One person signed in to one mailbox."""

    def send(
        self,
        to: str,
        subject: str,
        text: str,
        *,
        in_reply_to: str | None = None,
        importance: str = "Normal",
    ) -> None:
        """Send a mail and keep a copy. Raises Unreachable where the server didn't take it."""
        ...

    def inbox(self, now: datetime) -> tuple[Mail, ...]:
        """The mails in the inbox, the oldest first."""
        ...

    def tasks(self) -> tuple[ShownTask, ...]:
        """The tasks, by due date."""
        ...

    def drafts(self, now: datetime) -> tuple[Mail, ...]:
        """The mails in Drafts, the oldest first."""
        ...

    def move_task(self, task: ShownTask, day: date) -> None:
        """Give a task another day. Raises Unreachable where the server didn't take it."""
        ...

    def close(self) -> None:
        """Release the connection."""
        ...
