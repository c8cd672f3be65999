"""How requests and time grow with the number of mails, of open promises and of mailboxes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from bench.parts.clients import Ackd, Plain
from bench.parts.cost import Cost, measured
from bench.parts.host import PASSWORD
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
    """A load after a small one, so that what a process imports once doesn't count."""
    load(place, worker, mixed(2), 1)
    return load(place, worker, mixed(count, first=2), count // 2)


def _by_mails(loads: dict[int, Load]) -> list[Row]:
    rows: list[Row] = []
    for count, ours in loads.items():
        with office() as place, elsewhere(Plain, place.host.url(), OWNER, PASSWORD) as plain:
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
    rows: list[Row] = []
    for count in MAILBOXES:
        owners = [OWNER, *(f"owner{n}@corp.example" for n in range(1, count))]
        ours, idling = _together(owners, with_ackd=True)
        theirs, _ = _together(owners, with_ackd=False)
        what = f"{count} mailboxes" if count > 1 else "1 mailbox"
        load_each = f"{what}, {MAILS_EACH} new mails each"
        rows += [
            Row(f"{what}, idle polls", idling, "requests", at_most=count),
            Row(load_each, ours.requests, "requests", theirs.requests, PLAIN),
            Row(f"{load_each}: CPU time", ours.cost.cpu, SECONDS, theirs.cost.cpu, PLAIN),
            Row(f"{load_each}: wall time", ours.cost.wall, SECONDS, theirs.cost.wall, PLAIN),
        ]
    return rows


def _together(owners: list[str], *, with_ackd: bool) -> tuple[Load, int]:
    """One process a mailbox, all at once on one server: a load each, and an idle poll each."""
    with ExitStack() as stack:
        place = stack.enter_context(office(owners=owners))
        workers: list[Worker] = []
        for owner in owners:
            if with_ackd:
                workers.append(stack.enter_context(elsewhere(Ackd, place.config(owner), place.clock)))
            else:
                workers.append(stack.enter_context(elsewhere(Plain, place.host.url(), owner, PASSWORD)))
        pool = stack.enter_context(ThreadPoolExecutor(len(owners)))
        crowd = _Crowd(pool, workers)
        start_up(place, crowd)
        for first, count in ((0, 2), (2, MAILS_EACH)):  # a small load before: see _load_of
            mails = [mail for owner in owners for mail in mixed(count, first, owner)]
            loaded = load(place, crowd, mails, len(mails) // 2)
        idle(place, crowd)
        return loaded, idle(place, crowd)


class _Crowd:
    """Several workers at the same time, as one."""

    def __init__(self, pool: ThreadPoolExecutor, workers: list[Worker]) -> None:
        self._pool = pool
        self._workers = workers

    def work(self) -> Cost:
        """Each polls once; the wall time until the last is done, and the processor time of all."""
        with measured() as together:
            costs = list(self._pool.map(lambda worker: worker.work(), self._workers))
        return Cost(together.wall, sum(cost.cpu for cost in costs))
