"""A person's mail program on EWS. ackd itself writes through `EwsMailbox` alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.services import FindItem, GetItem

from ackd.errors import Unreachable
from ackd.mailbox import values
from ackd.mailbox.ews import changing, fields, new_items, reading, requests, writing
from ackd.mailbox.ews.connect import open_account
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.wire import Wire
from ackd.mailbox.program import ShownTask
from ackd.model import Address, Done, Mail, TaskChange
from ackd.model.access import Access


class MailProgram:
    """One person signed in to one mailbox."""

    def __init__(self, access: Access, zone: ZoneInfo) -> None:
        self._wire = Wire(*open_account(access, zone))
        self._zone = zone

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
        make = partial(
            new_items.message,
            subject=subject,
            body=text,
            is_html=text.startswith("<"),
            importance=importance,
            in_reply_to=in_reply_to or "",
            references=in_reply_to or "",
        )
        (outcome,) = writing.create(self._wire, [Address(to)], make, "sentitems", "SendAndSaveCopy")
        if not isinstance(outcome, Done):
            raise Unreachable(f"a mail to {to} could not be sent: {outcome.reason}")

    def inbox(self, now: datetime) -> tuple[Mail, ...]:
        """The mails in the inbox, the oldest first."""
        return self._mails("inbox", now)

    def sent(self, now: datetime) -> tuple[Mail, ...]:
        """The mails in Sent Items, the oldest first."""
        return self._mails("sentitems", now)

    def _mails(self, folder: str, now: datetime) -> tuple[Mail, ...]:
        mails = (reading.mail(element, folder, now) for element in self._items(folder, fields.MAIL))
        return tuple(sorted(mails, key=lambda mail: mail.received))

    def tasks(self) -> tuple[ShownTask, ...]:
        """The tasks, by due date."""
        shown = [
            ShownTask(
                subject=reading.text_at(element, "t:Subject"),
                due=values.task_date(values.moment(reading.text_at(element, "t:DueDate")), self._zone),
                reminder=values.moment(reading.text_at(element, "t:ReminderDueBy")),
                categories=reading.strings(element, "t:Categories"),
                body=reading.text_at(element, "t:Body"),
                item=reading.item_id(element),
                is_complete=reading.is_complete(element),
            )
            for element in self._items("tasks", fields.TASK_SHOWN)
        ]
        return tuple(sorted(shown, key=lambda task: (task.due or date.max, task.subject)))

    def drafts(self, now: datetime) -> tuple[Mail, ...]:
        """The mails in Drafts, the oldest first."""
        return self._mails("drafts", now)

    def move_task(self, task: ShownTask, day: date) -> None:
        """Give a task another day. Raises Unreachable where the server didn't take it."""
        (outcome,) = changing.change_tasks(self._wire, [TaskChange("", task.item, due_date=day)])
        if not isinstance(outcome, Done):
            raise Unreachable(f"a task could not be moved: {outcome.reason}")

    def close(self) -> None:
        """Release the connection."""
        self._wire.account.protocol.close()

    def _items(self, folder: str, wanted: Sequence[Field]) -> list[Any]:
        """All items of a folder, read whole."""
        found: list[Any] = []
        seen: set[str] = set()
        where, offset = [self._wire.distinguished(folder)], 0
        while True:
            (answer, *_) = self._wire.read(FindItem, requests.find_item(where, (), offset=offset))
            ids = [reading.item_id(e) for e in answer.find_all("m:RootFolder/t:Items/*")]
            if seen.issuperset(ids):
                return found
            seen.update(ids)
            offset += len(ids)
            for read in self._wire.read(GetItem, requests.get_item(ids, wanted), expected=len(ids)):
                found += read.find_all("m:Items/*")
