"""Mails that the folders told of, read whole: as many as fit into a page, each bad one by itself."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ackd.mailbox import unread
from ackd.mailbox.ews import fields, reading
from ackd.mailbox.ews.items import ItemReader
from ackd.mailbox.ews.wire import Wire
from ackd.mailbox.gathered import Gathered
from ackd.mailbox.item_reads import Bad, Gone, Got, Wanted, batches
from ackd.mailbox.sync_keys import SyncKey
from ackd.mailbox.unread import Waiting
from ackd.mailbox.values import count, one_message_id
from ackd.model import Mail
from ackd.ports import Clock

log = logging.getLogger(__name__)

PAGE_BYTES = 2_000_000  # answers about mails that one page holds


def listed(element: Any, folder: str, at: datetime | None, *, relisted: bool) -> Waiting:
    """An item as its folder told of it."""
    size = reading.text_at(element, "t:Size")
    return Waiting(
        reading.item_id(element),
        folder,
        one_message_id(reading.text_at(element, "t:InternetMessageId")),
        at.isoformat() if at else "",
        count(size) or 0,
        relisted,
    )


class Reading:
    """Reads one page's worth of what waits; `left` waits from then on."""

    def __init__(self, wire: Wire, clock: Clock, since: datetime | None, found: Gathered) -> None:
        self._web_link = wire.web_link
        self._reader = ItemReader(wire, clock.ticks)
        self._now = clock.now()
        self._since = since
        self._found = found
        self.left: dict[str, Waiting] = {}

    def read(self, waits: Sequence[Waiting]) -> list[Waiting]:
        """The owner's answers before the questions. Returns what waits from now on."""
        for one in waits:
            self.left.setdefault(one.item, one)  # one that waits already isn't new
        due = [one for one in self.left.values() if one.is_due(self._now)]
        for is_sent in (True, False):
            mine = [one.wanted for one in due if (one.folder == SyncKey.SENT) is is_sent]
            for batch in batches(mine):
                if self._reader.bytes_read > PAGE_BYTES:
                    break
                self._batch(batch, is_sent=is_sent)
        return unread.bounded(self.left.values(), self._now)

    def _batch(self, batch: Sequence[Wanted], *, is_sent: bool) -> None:
        refused: dict[str, str] = {}
        for wanted, read in self._reader.batch(batch, fields.SENT if is_sent else fields.MAIL):
            one = self.left.pop(wanted.item)
            if isinstance(read, Got):
                self._take(one, read.element)
            elif not isinstance(read, Gone):
                after = one.after(read, self._now)
                self.left[one.item] = after
                is_news = after.told and not one.told
                if isinstance(read, Bad) and (is_news or (is_sent and not one.tries)):
                    refused[one.item] = read.why
        if refused:
            self._without_text(refused, is_sent=is_sent)

    def _without_text(self, refused: dict[str, str], *, is_sent: bool) -> None:
        """Most of what can't be given is a text: the rest tells whom a mail of the owner's answers,
        and for the record who wrote."""
        wanted = [self.left[item].wanted for item in refused]
        shown = fields.SENT_ANSWERS if is_sent else fields.MAIL_BRIEF
        for asked, read in self._reader.read(wanted, shown):
            one = self.left[asked.item]
            element = read.element if isinstance(read, Got) else None
            if isinstance(read, Gone):
                del self.left[one.item]
            elif is_sent and element is not None:
                del self.left[one.item]
                self._take(one, element)
            elif one.told:
                self._tell(one, element, refused[one.item])

    def _take(self, one: Waiting, element: Any) -> None:
        self._found.relisted |= one.relisted
        if one.folder == SyncKey.SENT:
            self._found.sent.append(reading.sent_mail(element, self._now))
            return
        link = self._web_link(one.item)
        self._put(reading.mail(element, one.folder, self._now, web_link=link, reread=one.told))

    def _tell(self, one: Waiting, element: Any, why: str) -> None:
        """An item is set aside: a mail is recorded as one that can't be read."""
        self._found.relisted |= one.relisted
        log.warning("event=set-aside folder=%s: a mail can't be read: %s", one.folder.strip("/"), why)
        if one.folder == SyncKey.SENT:
            return
        at = datetime.fromisoformat(one.at) if one.at else self._now
        if element is None:
            self._put(replace(reading.unknown(one.item, one.folder, one.message_id, at), unread=why))
        else:
            self._put(reading.mail(element, one.folder, self._now, unread=why))

    def _put(self, mail: Mail) -> None:
        if self._since is None or mail.received >= self._since:
            self._found.mails.append(mail)
