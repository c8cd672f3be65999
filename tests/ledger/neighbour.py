"""Another mailbox in the same database, where the same mails and tokens stand in all tables, otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from ackd.engine import promises
from ackd.ledger import SqlLedger
from ackd.ledger.tables import mailboxes, metadata
from ackd.model import (
    Answer,
    Change,
    Done,
    FollowUp,
    Forecast,
    Mode,
    Page,
    Refused,
    TaskUpdate,
    TrackedTask,
    Unknown,
    Verdict,
)
from tests.ledger.contract import (
    BOB,
    DAY,
    ENTRY,
    LETTER,
    TASK,
    LedgerContract,
    left,
    lesson,
    name_of,
    put,
    rung,
    say,
    token,
    told,
)
from tests.people import MONDAY

NEIGHBOUR = "canary@corp.example"
CANARY = "canary"
_ID = f"SELECT id FROM mailboxes WHERE address = '{NEIGHBOUR}'"  # noqa: S608 - our own name
#: The names of mails in the suite.
NAMES = ("q", "p", "a", "b", "c", "open", "planned", "drafted", "doubtful", "sent", "old", "new", "other")
LEFT = ("left", "foreseen", "preview", "twice", "stays", "quoted", "sooner", "later", "cancelled", "done")


def settle_in(ledger: SqlLedger) -> None:
    """Fill an empty mailbox: each table has rows, and keys that the suite uses."""
    suite = LedgerContract()
    for number, name in enumerate(NAMES):
        suite.make(
            ledger,
            name,
            kinds=(LETTER, TASK, ENTRY),
            at=MONDAY - number * DAY / 2,
            subject=CANARY,
            text=CANARY,
            conversation=f"c-{name}",
        )
    suite.attempt(ledger, *map(token, ("a", "b", "c", "sent", "doubtful", "p")))
    failed = {token(name): Unknown(CANARY, failure="r1") for name in ("a", "b", "c")}
    promises.settle(ledger, failed | {token("sent"): Done(), token("p"): Refused(CANARY)})
    promises.drafted(ledger, [token("drafted")])
    for name in ("old", "new"):
        suite.close(ledger, name, at=MONDAY - 99 * DAY)
    for name in ("q", "other"):
        before = suite.one(ledger, name)
        task = TrackedTask(
            token(name, TASK),
            name_of(name),
            "item",
            folder="other",
            task_update=TaskUpdate(date=True, notes=(CANARY,)),
        )
        assert not ledger.write([Change(before, replace(before, task=task, shows=True, events=()))])
    answers = tuple(Answer(name_of(name), BOB, MONDAY) for name in (*NAMES, *LEFT))
    followed = FollowUp(
        answers=answers,
        obeyed={name_of(name): (CANARY,) for name in NAMES},
        items={name_of(name): CANARY for name in NAMES},
        sent_as={token("q"): "<sent>", token("a"): "<now>"},
        failed=("<sent>",),
        threads={"<more>": name_of("a"), "<later>": name_of("a"), "<l>": name_of("c")},
    )
    decisions = tuple(
        replace(left(name), verdict=Verdict(True, ()), forecast=Forecast(MONDAY, CANARY)) for name in LEFT
    )
    page = Page(
        MONDAY,
        Mode.PREVIEW,
        CANARY,
        decisions,
        tokens=tuple(map(token, (*NAMES, *LEFT))),
        frames=("a", "b", "c", "d"),
        values=dict.fromkeys(("x", "a", "hold", "new"), CANARY),
        followed=followed,
        lessons=tuple(lesson(name) for name in ("a", "b", "c", "q")),
    )
    assert not ledger.record(page)
    cases = ("a", "b", "waits", "over")
    alarms = [put(None, replace(rung(case), rings=99)) for case in cases]
    assert ledger.record_alarms(alarms, [say(None, replace(told(case), by=CANARY)) for case in cases])


def rows_of(ledger: SqlLedger) -> dict[str, list[Any]]:
    """All rows of the neighbour, by table."""
    found: dict[str, list[Any]] = {}
    with ledger._reads.connect() as db:  # past the watch over the ledger's own statements
        mine = db.exec_driver_sql(_ID).scalar()
        for name in metadata.tables.keys() - {mailboxes.name}:
            rows = db.exec_driver_sql(f"SELECT * FROM {name} WHERE mailbox_id = {mine}")  # noqa: S608 - our own names
            found[name] = sorted(map(repr, rows))
    return found


class Listened:
    """A ledger of which nothing that it says may be the neighbour's."""

    def __init__(self, ledger: SqlLedger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._ledger, name)
        return _listened(found) if callable(found) else found


def _listened(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def made(*args: Any, **kwargs: Any) -> Any:
        said = call(*args, **kwargs)
        assert CANARY not in repr(said), f"{call.__name__} tells of another mailbox"
        return said

    return made
