"""What mails say, read from the mailbox as somebody looks: nothing of it is written anywhere.

The mailbox may be away, or slow: a page waits a little, and then goes without.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TypeVar

from ackd.errors import AckdError
from ackd.model import Mail
from ackd.ports import Mailbox
from ackd.runtime.read_only_app import ReadOnlyApp

log = logging.getLogger(__name__)

T = TypeVar("T")
#: Seconds that a page waits for the mailbox.
PATIENCE = 8.0
_MOST_KEPT = 300  # mails that stay in memory, so that a second look asks nobody
LATE = "The mailbox hasn't answered yet: load the page anew in a moment."


@dataclass(frozen=True, slots=True)
class Read:
    """Mails by their Message-IDs, those that the watched folders hold; `trouble` says in a sentence why the
    mailbox gave none now, "" where it answered."""

    mails: Mapping[str, Mail]
    trouble: str = ""


class MailReader:
    """Reads in one thread of its own: mailboxes are one thread's at a time."""

    def __init__(self, look: Callable[[], ReadOnlyApp]) -> None:
        self._look = look
        self._asked: SimpleQueue[Callable[[], None]] = SimpleQueue()
        # nothing waits for it at the end: a server that doesn't answer keeps no process alive
        threading.Thread(target=self._work, name="mailbox", daemon=True).start()
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Mail] = OrderedDict()

    def mails(self, message_ids: Collection[str]) -> Read:
        """What the mailbox shows of these mails."""
        with self._lock:
            kept = {name: self._kept[name] for name in message_ids if name in self._kept}
        missing = [name for name in message_ids if name not in kept]
        if not missing:
            return Read(kept)
        found, trouble = self.ask(lambda look, mailbox: self._keep(mailbox.mails(missing)))
        return Read({**kept, **(found or {})}, trouble)

    def search(self, words: str, limit: int) -> Read:
        """Mails whose subject has these words."""

        def search(look: ReadOnlyApp, mailbox: Mailbox) -> Mapping[str, Mail]:
            return self._keep({mail.message_id: mail for mail in mailbox.search(subject=words, limit=limit)})

        found, trouble = self.ask(search)
        return Read(found or {}, trouble)

    def ask(self, what: Callable[[ReadOnlyApp, Mailbox], T]) -> tuple[T | None, str]:
        """What the open mailbox answers; None, and a sentence, where it doesn't."""

        def asked() -> T:
            with self._look() as look, look.mailbox() as mailbox:
                return what(look, mailbox)

        answer: Future[T] = Future()
        self._asked.put(lambda: _settle(answer, asked))
        try:
            return answer.result(PATIENCE), ""
        except NotYet:
            answer.cancel()  # what hasn't begun needn't: the page has gone without
            return None, LATE
        except AckdError as error:
            return None, f"The mailbox can't be read now: {error}"

    def forget(self) -> None:
        """Read everything anew from now on."""
        with self._lock:
            self._kept.clear()

    def _work(self) -> None:
        while True:
            self._asked.get()()

    def _keep(self, found: Mapping[str, Mail]) -> Mapping[str, Mail]:
        with self._lock:
            self._kept.update(found)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return found


def _settle(answer: Future[T], asked: Callable[[], T]) -> None:
    """What was asked, or why not, for who waits: in another thread; nothing for who waits no more."""
    if not answer.set_running_or_notify_cancel():
        return
    try:
        answer.set_result(asked())
    except BaseException as error:  # noqa: BLE001 - it is raised where it was asked for
        answer.set_exception(error)
