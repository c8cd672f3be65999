"""How often the server is asked, from its own log: at start, at an idle poll, for a load of mail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from bench.parts.clients import Ackd, Plain
from bench.parts.mails import OWNER, mixed, questions
from bench.parts.office import Office, office
from bench.parts.processes import elsewhere
from bench.parts.rows import SECONDS, Row
from bench.parts.scenarios import Load, Worker, idle, load, load_in_two_passes, start_up

NAME = "requests"

PLAIN = "plain exchangelib script"
MOST_AT_START, MOST_FOR_A_LOAD = 6, 14
MOST_FOR_ABSENCES = 3  # at start and every three hours, where the mailbox says when its owner is away
MOST_FOR_LIST = 2  # at the very first start: the mailbox's own list of categories
MOST_FOR_CATEGORIES = 2  # the questions are read anew and marked as promised
MOST_FOR_KEPT = 1  # the first task of a process is read back: did the server keep its reminder?
MAILS, ROUNDS = 100, 3
WHAT = f"{MAILS} new mails, {MAILS // 2} of them questions"
LATE = 0.02  # seconds that a server in the house takes for an answer
PROMISES = (0, 10, 100)
GRACE = timedelta(minutes=30)

Pair = tuple[Office, Worker]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of server: what it is called in the table, its quirks, and what an idle poll may cost
    there."""

    title: str
    quirks: tuple[str, ...]
    idle: int


KINDS = (
    Kind("server gives commit times", (), 1),
    Kind("server gives none", ("no_commit_time",), 3),
)


def run() -> list[Row]:
    """The counts on both kinds of server, and the time on the first. The script knows nothing of
    commit times: its figures are the same on both."""
    rows: list[Row] = []
    with _plain() as plain:
        start, loaded, waiting = start_up(*plain), _round(*plain, 0).requests, _seen_and_idle(*plain)
        for kind in KINDS:
            with _ackd(kind) as ackd:
                most = MOST_AT_START + MOST_FOR_ABSENCES + MOST_FOR_LIST
                rows.append(_counted("start-up", kind, start_up(*ackd), start, at_most=most))
                counts = idle_by_promises(*ackd)
                load_of_ours = _round(*ackd, 0).requests
                times = _time_rows(ackd, plain) if kind is KINDS[0] else []
            without = _start_without_absences(kind)
            most = MOST_AT_START + MOST_FOR_LIST
            rows.append(_counted("start-up, absences: none", kind, without, start, at_most=most))
            rows += [
                _counted(f"idle poll, {promises} open promises", kind, count, waiting, at_most=kind.idle)
                for promises, count in counts.items()
            ]
            most = MOST_FOR_A_LOAD + MOST_FOR_CATEGORIES
            rows.append(_counted(WHAT, kind, load_of_ours, loaded, at_most=most))
            rows.append(_counted(f"{WHAT}, with a grace period", kind, _with_grace(kind), loaded))
            rows += times
    return rows


def idle_by_promises(place: Office, worker: Worker) -> dict[int, int]:
    """The requests of an idle poll by the number of open promises. The worker was started."""
    counts: dict[int, int] = {}
    for wanted in PROMISES:
        there = max(counts, default=0)
        if wanted > there:
            load(place, worker, questions(wanted - there, first=there), wanted - there)
        counts[wanted] = _seen_and_idle(place, worker)
    return counts


def _seen_and_idle(place: Office, worker: Worker) -> int:
    idle(place, worker)  # it sees what was just written
    return idle(place, worker)


@contextmanager
def _ackd(kind: Kind, *, grace: str = "0 s", absences: str = "calendar") -> Iterator[tuple[Office, Ackd]]:
    with office(kind.quirks) as place:
        config = place.config(grace=grace, absences=absences)
        with elsewhere(Ackd, config, place.clock) as ackd:
            yield place, ackd


@contextmanager
def _plain() -> Iterator[tuple[Office, Plain]]:
    with office() as place, elsewhere(Plain, place.host.url(), OWNER) as plain:
        yield place, plain


def _start_without_absences(kind: Kind) -> int:
    with _ackd(kind, absences="none") as ackd:
        return start_up(*ackd)


def _time_rows(ackd: Pair, plain: Pair) -> list[Row]:
    """The time of later loads: what a process imports once, at its first, isn't its work. The two take
    turns, and the best of each counts: what else the machine does can only make them slower."""
    near = [(_round(*ackd, n).cost, _round(*plain, n).cost) for n in range(1, 1 + ROUNDS)]
    for place, _ in (ackd, plain):
        place.host.answer_late(LATE)
    far = _round(*ackd, 1 + ROUNDS).cost, _round(*plain, 1 + ROUNDS).cost
    wall = min(ours.wall for ours, _ in near), min(theirs.wall for _, theirs in near)
    cpu = min(ours.cpu for ours, _ in near), min(theirs.cpu for _, theirs in near)
    return [
        Row(f"{WHAT}: CPU time", cpu[0], SECONDS, cpu[1], PLAIN),
        Row(f"{WHAT}: wall time, server on this machine", wall[0], SECONDS, wall[1], PLAIN),
        Row(f"{WHAT}: wall time, {LATE * 1000:g} ms an answer", far[0].wall, SECONDS, far[1].wall, PLAIN),
    ]


def _round(place: Office, worker: Worker, number: int) -> Load:
    first = max(PROMISES) + number * MAILS  # new mails, whatever came before
    return load(place, worker, mixed(MAILS, first), MAILS // 2)


def _with_grace(kind: Kind) -> int:
    with _ackd(kind, grace=f"{GRACE.total_seconds() / 60:g} min") as (place, ackd):
        start_up(place, ackd)
        return load_in_two_passes(place, ackd, MAILS, GRACE)


def _counted(what: str, kind: Kind, ackd: int, peer: int, at_most: int | None = None) -> Row:
    return Row(f"{what} ({kind.title})", ackd, "requests", peer, PLAIN, at_most=at_most)
