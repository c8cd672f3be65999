"""The plays: polls in real time, a day by direct passes on a simulated clock, and kills."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from ackd.demo.fleet import MONDAY, FleetStage, Outcome
from ackd.errors import AckdError, LedgerError, UsageError
from ackd.ledger.tables import mails
from ackd.runtime.fleet.passes import Passes

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Used:
    """What processes took so far: seconds of CPU, and MB of memory that they hold now."""

    cpu: float
    memory: float


def used(workers: list[subprocess.Popen[bytes]]) -> Used:
    """Of workers that live, together."""
    cpu = memory = 0.0
    for worker in workers:
        with suppress(OSError):
            stat = Path(f"/proc/{worker.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            cpu += (int(stat[11]) + int(stat[12])) / _TICK
            status = Path(f"/proc/{worker.pid}/smaps_rollup").read_text(encoding="ascii")
            found = next(line for line in status.splitlines() if line.startswith("Pss:"))
            memory += int(found.split()[1]) / 1024
    return Used(cpu, memory)


@contextmanager
def running_clock(stage: FleetStage, begins: datetime) -> Iterator[None]:
    """The stage's clock goes as the machine's does."""
    begun, over = time.monotonic(), threading.Event()

    def run() -> None:
        while not over.wait(0.5):
            stage.move_to(begins + timedelta(seconds=time.monotonic() - begun))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def transactions(stage: FleetStage) -> int:
    """How many transactions the database ended so far, as PostgreSQL counts them."""
    query = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
    with stage.database._engine.connect() as db:
        return int(db.execute(sa.text(query)).scalar() or 0)


def decision_p95(stage: FleetStage) -> float:
    """Within how many seconds 95 in a hundred mails were judged after they had come."""
    with stage.database._engine.connect() as db:
        found = db.execute(sa.select(mails.c.received, mails.c.decided)).all()
    waits = sorted((row.decided - row.received).total_seconds() for row in found)
    return waits[int(len(waits) * 0.95)] if waits else 0.0


# --- polls ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Polls:
    """What minutes of polling took. CPU is the workers', in milliseconds a pass; the peer's (the sandbox with
    the load's own part) stands beside."""

    mailboxes: int
    polls: int
    wanted: int
    cpu: float
    peer_cpu: float
    requests: float
    transactions: float
    memory: float
    lag_p95: float
    decision_p95: float
    outcome: Outcome


def poll(
    folder: Path,
    mailboxes: int,
    *,
    minutes: float,
    every: int,
    workers: int,
    threads: int,
    mails_per_hour: int,
) -> Polls:
    """Workers in real time. Raises AckdError."""
    with FleetStage(folder, mailboxes, threads=threads, poll=f"{every} s") as stage:
        for _ in range(workers):
            stage.begin_worker()
        with running_clock(stage, MONDAY):
            stage.wait_until(lambda now: now.healthy >= mailboxes * 0.98, time.monotonic() + 1800)
            time.sleep(every)  # what the first passes left to do is done
            stage.sandbox.requests.clear()
            before, was = used(stage.workers), transactions(stage)
            own, begun = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
            _mail(stage, minutes * 60, mails_per_hour)
            lasted, status = time.monotonic() - begun, stage.standing()
            after, now = used(stage.workers), transactions(stage)
            peer = resource.getrusage(resource.RUSAGE_SELF)
            served = stage.sandbox.requests.operations()
            count = _polls(stage, served)
            stage.wait_until(
                lambda now: now.open_promises == len(stage.questions), time.monotonic() + 3 * every + 60
            )
            time.sleep(every + 5)
        outcome = stage.count()
        return Polls(
            mailboxes,
            count,
            round(mailboxes * lasted / every),
            1000 * (after.cpu - before.cpu) / max(1, count),
            1000 * (peer.ru_utime + peer.ru_stime - own.ru_utime - own.ru_stime) / max(1, count),
            len(served) / max(1, count),
            (now - was) / max(1, count),
            after.memory,
            status.lag_p95_s,
            decision_p95(stage),
            outcome,
        )


def _mail(stage: FleetStage, seconds: float, per_hour: int) -> None:
    """Mails come, half of them questions, for so long."""
    until, made = time.monotonic() + seconds, 0
    begun = time.monotonic()
    while time.monotonic() < until:
        due = int((time.monotonic() - begun) * per_hour / 3600)
        while made < due:
            number = random.randrange(len(stage.people))
            stage.tell_one(number, made) if made % 2 else stage.ask_one(number, made)
            made += 1
        time.sleep(min(0.5, until - time.monotonic()) if until > time.monotonic() else 0)


def _polls(stage: FleetStage, served: list[str]) -> int:
    """How many polls there were: each asks for the folders' commit times once."""
    return served.count("GetFolder")


# --- a day ----------------------------------------------------------------------------------------


def day(folder: Path, mailboxes: int, *, hours: float, mails_per_hour: int, every: int) -> Outcome:
    """A working day by direct passes: each mailbox is looked at once in each interval of the stage's clock,
    and mails come between. Raises AckdError."""
    with FleetStage(folder, mailboxes, poll=f"{every} s") as stage:
        passes, made = Passes(stage.fleet, stage.database, stage.clock), 0
        for person in stage.people:
            passes.run(person)
        for step in range(1, int(hours * 3600 / every) + 1):
            stage.move_to(MONDAY + timedelta(seconds=step * every))
            while made < step * every * mails_per_hour / 3600:
                number = random.randrange(mailboxes)
                stage.tell_one(number, made) if made % 2 else stage.ask_one(number, made)
                made += 1
            for person in stage.people:
                passes.run(person)
        for more in (1, 12):
            stage.move_to(MONDAY + timedelta(hours=hours, minutes=more))
            for person in stage.people:
                passes.run(person)
        return stage.count()


# --- kills ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Killed:
    """What was done to the fleet, and what came of it. `stuck` is the longest that a question waited for its
    promise, in seconds."""

    kills: int
    databases: int
    freezes: int
    stuck: float
    outcome: Outcome


def kill(folder: Path, mailboxes: int, *, kills: int, workers: int, threads: int) -> Killed:
    """Workers die by SIGKILL under load, some are frozen for longer than their locks, and the database is
    stopped at once and started again. Raises AckdError."""
    databases = freezes = 0
    with FleetStage(folder, mailboxes, threads=threads, poll="2 s") as stage:
        living = [stage.begin_worker() for _ in range(workers)]
        with running_clock(stage, MONDAY):
            stage.wait_until(lambda now: now.healthy == mailboxes, time.monotonic() + 600)
            for round_ in range(kills):
                number = _at_work(stage, living)
                for _ in range(3):
                    stage.ask_one(random.randrange(mailboxes), round_)
                time.sleep(random.uniform(0.3, 4.0))
                if round_ % 7 == 3:
                    freezes += 1
                    _freeze(stage, living[number])
                if round_ % 10 == 5:
                    databases += 1
                    stage.server.stop("immediate")
                    time.sleep(random.uniform(0.2, 2.0))
                    stage.server.start(synchronous_commit="on")
                stage.kill(living[number])
                living[number] = stage.begin_worker()
            wanted, begun = len(stage.questions), time.monotonic()
            stage.wait_until(lambda now: now.open_promises == wanted, begun + 600)
            stuck = decision_p95(stage)
            ended = stage.clock.now()
        outcome = _settled(stage, ended)
        return Killed(stage.killed, databases, freezes, stuck, outcome)


def _at_work(stage: FleetStage, living: list[subprocess.Popen[bytes]]) -> int:
    """One of those that serve the queue, once there is one: who is only starting has nothing to lose."""
    while True:
        found = [number for number, worker in enumerate(living) if stage.is_at_work(worker)]
        if found:
            return random.choice(found)
        time.sleep(0.2)


def _freeze(stage: FleetStage, worker: subprocess.Popen[bytes]) -> None:
    """It sleeps for longer than its locks live, under load."""
    worker.send_signal(signal.SIGSTOP)
    stage.ask_one(random.randrange(stage.mailboxes))
    time.sleep(6.0)  # three heartbeats are three seconds
    worker.send_signal(signal.SIGCONT)


def _settled(stage: FleetStage, ended: datetime) -> Outcome:
    """The count once nothing is missing any more; what is in doubt is looked for ten minutes later."""
    outcome, until, step = stage.count(), time.monotonic() + 600, 0
    while not outcome.is_well and time.monotonic() < until:
        step += 1
        stage.move_to(ended + timedelta(minutes=11 * min(step, 3)))
        time.sleep(10)
        with suppress(AckdError, LedgerError, UsageError):
            outcome = stage.count()
    return outcome
