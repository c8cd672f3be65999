"""An office over real HTTP: a sandbox Exchange, the mails that come in, and what in the end stands
on the server, read from its own store and not through ackd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ackd.ledger import SqlLedger
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.graph import GraphMailbox
from ackd.model import EffectKind, EffectState, token_of
from ackd.ports import Clock, Mailbox
from exchange_sandbox import Quirks, Sandbox
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.schema import Key
from tests.app import APP, SECRET, AppTokens
from tests.people import ALICE, raw

PASSWORD = "secret"
BOB = "bob@corp.example"
THANKS = "Thanks, that was all I needed!"
ZONE = ZoneInfo("Europe/Berlin")
UNFINISHED = tuple(s for s in EffectState if s not in (EffectState.DONE, EffectState.CANCELLED))

_TOKEN = "7c1d4a54-0000-4000-8000-61636b640001/name/ackd-token/String"
_BAGS = """
    SELECT json_extract(item.bag, ?) FROM item JOIN folder ON item.folder = folder.id
    JOIN mailbox ON folder.mailbox = mailbox.id WHERE folder.distinguished = ? AND mailbox.address = ?"""


@dataclass(frozen=True, slots=True)
class PromiseSnapshot:
    """What the server holds, each counted by the Message-ID of the question: letters in an asker's
    inbox, copies of them in the owner's Sent Items, tasks."""

    letters: Counter[str]
    copies: Counter[str]
    tasks: Counter[str]

    def is_one_each(self, questions: Counter[str]) -> bool:
        """Whether there is one letter, one copy and one task for each question, and nothing else."""
        return self.letters == self.copies == self.tasks == questions


def message_id(name: str) -> str:
    """The Message-ID of a mail that `tests.people.raw` makes."""
    return f"<{name}@corp.example>"


def snapshot(data: Path, questions: list[str], *, asker: str = BOB) -> PromiseSnapshot:
    """Count what stands in a sandbox's store. What carries a token of no known question is
    counted under the token itself."""
    store = Store(data)

    def values(key: str, folder: str, address: str) -> list[str]:
        with store.read() as db:
            rows = db.execute(_BAGS, (f'$."{key}"', folder, address)).fetchall()
        return [row[0] for row in rows if row[0]]

    def by_token(folder: str, kind: EffectKind) -> Counter[str]:
        names = {token_of(question, kind): question for question in questions}
        return Counter(names.get(token, token) for token in values(_TOKEN, folder, ALICE.address))

    try:
        return PromiseSnapshot(
            letters=Counter(values(Key.IN_REPLY_TO, "inbox", asker)),
            copies=by_token("sentitems", EffectKind.ACKNOWLEDGEMENT),
            tasks=by_token("tasks", EffectKind.TASK),
        )
    finally:
        store.close()


def open_mailbox(url: str, clock: Clock, *, user: str = ALICE.address, sign_in: str = "") -> Mailbox:
    """The owner's mailbox as one ackd sees it, with `sign_in` by Graph. Two at a time in one process need
    different names of the user: exchangelib shares connections by name."""
    if sign_in:
        tokens = AppTokens(sign_in, clock)
        return GraphMailbox(ALICE.address, url, tokens, zone=ZONE, clock=clock, app_only=True)
    return EwsMailbox(Access(ALICE.address, url, user, PASSWORD), zone=ZONE, clock=clock)


def open_ledger(file: Path) -> SqlLedger:
    """The ledger in a file."""
    return SqlLedger(f"sqlite:///{file}", ALICE.address)


def sandbox(data: Path, clock: Callable[[], datetime], quirks: Quirks | None = None) -> Sandbox:
    """A sandbox with the owner, an asker and an app, not started yet."""
    people = dict.fromkeys((ALICE.address, BOB), PASSWORD)
    return Sandbox(data, people, clock=clock, quirks=quirks, apps={APP: SECRET})


def ask(place: Sandbox, *names: str, at: datetime) -> None:
    """Colleagues ask, one mail a name; a name that begins with "thanks" asks nothing."""
    for name in names:
        words = (THANKS,) if name.startswith("thanks") else ()
        place.deliver(raw(name, *words, sender=BOB, at=at), ALICE.address)
