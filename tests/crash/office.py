"""An office over real HTTP: a sandbox Exchange, the mails that come in, and what in the end stands
on the server, read from its own store and not through ackd."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ackd.ledger import SqlLedger
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.graph import GraphMailbox
from ackd.mailbox.graph.ways import REPLY_HEADERS
from ackd.model import EffectKind, EffectState, token_of
from ackd.ports import Clock, Mailbox
from exchange_sandbox import Quirks, Sandbox
from exchange_sandbox.authority.service import TENANT
from exchange_sandbox.graph.kept_lists import LINKED
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.schema import Key
from tests.app import APP, SECRET, AppTokens
from tests.people import ALICE, raw

PASSWORD = "secret"
BOB = "bob@corp.example"
THANKS = "Thanks, that was all I needed!"
ZONE = ZoneInfo("Europe/Berlin")
#: How ackd reaches the mailbox.
EWS, GRAPH, BY_MIME = "EWS", "Graph", "Graph, letters as MIME"
UNFINISHED = tuple(s for s in EffectState if s not in (EffectState.DONE, EffectState.CANCELLED))

_TOKEN = "7c1d4a54-0000-4000-8000-61636b640001/name/ackd-token/String"
_BAGS = """
    SELECT item.bag FROM item JOIN folder ON item.folder = folder.id
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

    def bags(folder: str, address: str = ALICE.address) -> list[dict[str, Any]]:
        with store.read() as db:
            return [json.loads(bag) for (bag,) in db.execute(_BAGS, (folder, address)).fetchall()]

    def by_token(folder: str, kind: EffectKind) -> Counter[str]:
        names = {token_of(question, kind): question for question in questions}
        tokens = filter(None, map(token_in, bags(folder)))
        return Counter(names.get(token, token) for token in tokens)

    try:
        return PromiseSnapshot(
            letters=Counter(bag[Key.IN_REPLY_TO] for bag in bags("inbox", asker) if Key.IN_REPLY_TO in bag),
            copies=by_token("sentitems", EffectKind.ACKNOWLEDGEMENT),
            tasks=by_token("tasks", EffectKind.TASK),
        )
    finally:
        store.close()


def token_in(bag: dict[str, Any]) -> str:
    """The token that an item carries, "" where it carries none: a task of Graph's is linked with it."""
    linked = next(iter(json.loads(bag.get(LINKED, "[]"))), {})
    return str(bag.get(_TOKEN, "") or linked.get("externalId", ""))


def open_mailbox(url: str, clock: Clock, *, way: str = EWS, user: str = ALICE.address) -> Mailbox:
    """The owner's mailbox as one ackd sees it; `url` is the sandbox's EWS. Two at a time in one process need
    different names of the user: exchangelib shares connections by name."""
    if way == EWS:
        return EwsMailbox(Access(ALICE.address, url, user, PASSWORD), zone=ZONE, clock=clock)
    base = url.partition("/EWS")[0]
    return GraphMailbox(
        ALICE.address,
        f"{base}/v1.0",
        AppTokens(f"{base}/{TENANT}", clock),
        zone=ZONE,
        clock=clock,
        app_only=True,
        refuted=(REPLY_HEADERS,) if way == BY_MIME else (),
    )


def open_ledger(file: Path) -> SqlLedger:
    """The ledger in a file."""
    return SqlLedger(f"sqlite:///{file}", ALICE.address)


def sandbox(data: Path, clock: Callable[[], datetime], quirks: Quirks | None = None) -> Sandbox:
    """A sandbox with the owner and an asker, not started yet."""
    people = dict.fromkeys((ALICE.address, BOB), PASSWORD)
    return Sandbox(data, people, clock=clock, quirks=quirks, apps={APP: SECRET})


def again(data: Path, clock: Callable[[], datetime], quirks: Quirks | None = None) -> Sandbox:
    """A sandbox that was there before, or a copy of it."""
    return Sandbox(data, clock=clock, quirks=quirks, apps={APP: SECRET})


def ask(place: Sandbox, *names: str, at: datetime) -> None:
    """Colleagues ask, one mail a name; a name that begins with "thanks" asks nothing."""
    for name in names:
        words = (THANKS,) if name.startswith("thanks") else ()
        place.deliver(raw(name, *words, sender=BOB, at=at), ALICE.address)
