"""How requests and time grow with the number of mails, of open promises and of mailboxes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from bench.parts.clients import Ackd, Plain
from bench.parts.cost import Cost, measured
from bench.parts.mails import OWNER, mixed, questions
from bench.parts.office import Office, office
from bench.parts.processes import elsewhere
from bench.parts.rows import SECONDS, Broken, Row
from bench.parts.scenarios import Load, Worker, idle, idle_cpu, load, start_up

NAME = "growth"

PLAIN = "plain exchangelib script"
SIZES = (10, 100, 1000)  # mails first, and then open promises
MAILBOXES = (1, 5)
MAILS_EACH = 20

Mails = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waiting costs with some open promises: the requests and the CPU time of an idle poll,
    and the requests of a start without a ledger, which finds the promises in the mailbox."""

    requests: int
    cpu: float
    rebuild: int


def run() -> list[Row]:
    """Everything that grows."""
    loads: dict[int, Load] = {}
    waiting: dict[int, Waiting] = {}
    for size in SIZES:
        with office() as place, elsewhere(Ackd, place.config(), place.clock) as ackd:
            start_up(place, ackd)
            if not waiting:
                waiting[0] = _waiting(place, ackd, 0)
            loads[size] = _load_of(place, ackd, size)
            there = ackd.open_promises()
            load(place, ackd, questions(size - there, first=2 + size), size - there)
            idle(place, ackd)  # it sees what was just written
            waiting[size] = _waiting(place, ackd, size)
    return [*_by_mails(loads), *_by_promises(waiting), *_by_mailboxes()]


# --- mails ----------------------------------------------------------------------------------


def _load_of(place: Office, worker: Worker, count: int) -> Load:
    """A load after a small one and an idle poll, so that what is done once doesn't count."""
    load(place, worker, mixed(2), 1)
    idle(place, worker)
    return load(place, worker, mixed(count, first=2), count // 2)


def _by_mails(loads: dict[int, Load]) -> list[Row]:
    rows: list[Row] = []
    for count, ours in loads.items():
        with office() as place, elsewhere(Plain, place.host.url(), OWNER) as plain:
            start_up(place, plain)
            theirs = _load_of(place, plain, count)
        what = f"{count} new mails, half of them questions"
        rows += [
            Row(what, ours.requests, "requests", theirs.requests, PLAIN),
            Row(f"{what}: CPU time", ours.cost.cpu, SECONDS, theirs.cost.cpu, PLAIN),
        ]
    few, many = SIZES[-2:]
    each = {count: loads[count].cost.cpu / count for count in (few, many)}
    peer = f"ackd with {few} mails"
    return [*rows, Row(f"CPU time a mail, {many} mails", each[many], SECONDS, each[few], peer)]


# --- open promises --------------------------------------------------------------------------


def _waiting(place: Office, ackd: Ackd, promises: int) -> Waiting:
    asked = idle(place, ackd)
    cpu = idle_cpu(place, ackd)
    with elsewhere(Ackd, place.config(state=f"rebuilt-{promises}"), place.clock) as rebuilt:
        rebuild = start_up(place, rebuilt)
        found = rebuilt.open_promises()
    if found != promises:
        raise Broken(f"of {promises} open promises {found} were found again")
    return Waiting(asked, cpu, rebuild)


def _by_promises(waiting: dict[int, Waiting]) -> list[Row]:
    rows = [
        Row(f"idle poll, {promises} open promises", ours.requests, "requests", at_most=1)
        for promises, ours in waiting.items()
    ]
    rows += [
        Row(f"start with a lost ledger, {promises} open promises", ours.rebuild, "requests")
        for promises, ours in waiting.items()
    ]
    few, many = min(waiting), max(waiting)
    ours, peer, peer_name = waiting[many].cpu, waiting[few].cpu, f"ackd with {few} open promises"
    return [*rows, Row(f"idle poll, {many} open promises: CPU time", ours, SECONDS, peer, peer_name)]


# --- mailboxes ------------------------------------------------------------------------------


def _by_mailboxes() -> list[Row]:
    owners = [OWNER, *(f"owner{n}@corp.example" for n in range(1, max(MAILBOXES)))]
    rows: list[Row] = []
    with ExitStack() as stack:
        ours, theirs = (stack.enter_context(office(owners=owners)) for _ in range(2))
        workers = [stack.enter_context(elsewhere(Ackd, ours.config(o), ours.clock)) for o in owners]
        pool = stack.enter_context(ThreadPoolExecutor(len(owners)))
        _begin(ours, _Crowd(pool, workers), owners)
        for turn, count in enumerate(MAILBOXES):
            plain = stack.enter_context(elsewhere(Plain, theirs.host.url(), *owners[:count]))
            _begin(theirs, plain, owners[:count])
            mails = [m for o in owners[:count] for m in mixed(MAILS_EACH, (turn + 1) * MAILS_EACH, o)]
            rows += _rows_of(count, mails, (ours, _Crowd(pool, workers[:count])), (theirs, plain))
    return rows


def _begin(place: Office, worker: Worker, owners: Sequence[str]) -> None:
    """Start, and do a small load: see _load_of."""
    start_up(place, worker)
    load(place, worker, [mail for owner in owners for mail in mixed(2, to=owner)], len(owners))
    idle(place, worker)


def _rows_of(
    count: int, mails: Mails, ackd: tuple[Office, Worker], plain: tuple[Office, Worker]
) -> list[Row]:
    ours, theirs = load(*ackd, mails, len(mails) // 2), load(*plain, mails, len(mails) // 2)
    idle(*ackd)  # it sees what was just written
    title = f"{count} mailboxes" if count > 1 else "1 mailbox"
    what = f"{title}, {MAILS_EACH} new mails each"
    return [
        Row(f"{title}, an idle poll each", idle(*ackd), "requests", idle(*plain), PLAIN, at_most=count),
        Row(what, ours.requests, "requests", theirs.requests, PLAIN),
        Row(f"{what}: CPU time", ours.cost.cpu, SECONDS, theirs.cost.cpu, PLAIN),
        Row(f"{what}: wall time", ours.cost.wall, SECONDS, theirs.cost.wall, PLAIN),
    ]


class _Crowd:
    """Several workers at the same time, as one: each serves a mailbox of its own."""

    def __init__(self, pool: ThreadPoolExecutor, workers: Sequence[Worker]) -> None:
        self._pool = pool
        self._workers = workers

    def work(self) -> Cost:
        """Each polls once; the wall time until the last is done, and the processor time of all."""
        with measured() as together:
            costs = list(self._pool.map(lambda worker: worker.work(), self._workers))
        return Cost(together.wall, sum(cost.cpu for cost in costs))
