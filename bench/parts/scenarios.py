"""What is done to ackd and its peer alike: a start, an idle poll, a load of mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Protocol

from bench.parts.cost import Cost
from bench.parts.host import Traffic
from bench.parts.mails import mixed
from bench.parts.office import Office
from bench.parts.rows import Broken


class Worker(Protocol):
    """ackd or a peer: does once what it does at each poll."""

    def work(self) -> Cost:
        """One poll, with everything that follows from it."""
        ...


@dataclass(frozen=True, slots=True)
class Load:
    """What a load of mail cost: the requests up to the last task, and the client's time."""

    requests: int
    cost: Cost


def start_up(office: Office, worker: Worker) -> int:
    """The requests of the first poll, in which everything is found out. Nothing was there before."""
    worker.work()
    return office.host.traffic().count


def idle(office: Office, worker: Worker) -> int:
    """The requests of a poll when nothing has happened since the one before."""
    office.wait()
    worker.work()
    return office.host.traffic().count


def idle_cpu(office: Office, worker: Worker, polls: int = 15) -> float:
    """The median CPU time of idle polls, in seconds."""
    costs = []
    for _ in range(polls):
        office.wait()
        costs.append(worker.work().cpu)
    office.host.traffic()
    return median(costs)


def load(office: Office, worker: Worker, mails: Sequence[tuple[str, bytes]], questions: int) -> Load:
    """Let mails come in, and poll once: every question must get its answer and its task."""
    office.host.deliver(mails)
    office.wait()
    cost = worker.work()
    return Load(_checked(office.host.traffic(), questions).count, cost)


def load_in_two_passes(office: Office, worker: Worker, count: int, grace: timedelta) -> int:
    """The requests for so many mails, half of them questions, where a grace period lies between reading and
    answering them. The idle polls in between don't count."""
    office.host.deliver(mixed(count))
    office.wait()
    worker.work()
    before = office.host.traffic().count
    office.wait(grace)
    worker.work()
    return before + _checked(office.host.traffic(), count // 2).count


def _checked(traffic: Traffic, questions: int) -> Traffic:
    if traffic.created != 2 * questions:
        raise Broken(
            f"{questions} questions led to {traffic.created} new letters and tasks, not {2 * questions}"
        )
    return traffic
