"""The loads: each is played on a fresh office, and what stands on the server afterwards is counted there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench.loads.mails import in_parts
from bench.parts.clients import Ackd
from bench.parts.mails import mixed, questions
from bench.parts.office import POLL, Office, office
from bench.parts.processes import elsewhere
from bench.parts.rows import Broken

#: Ways in which anything may fail, and what only fails where something is sent or made.
ANYWHERE = ("429", "503", "cut-before-commit", "cut-after-commit", "cut-in-answer")
BY_EWS = (
    *("busy", "malformed-xml", "empty-response-code", "store-unavailable", "refused-in-batch", "wrong-date"),
    *("stale-sync-state", "full-resync", "late-sent-copy", "lost-draft", "504", "refused-with-copy"),
    *("quota-exceeded", "send-as-denied", "same-page"),
)
BY_GRAPH = (
    "504",
    "410",
    "412",
    "empty-code",
    "malformed-json",
    "503-after-commit",
    "504-after-commit",
    "late-sent-copy",
)
SHARE_OF_FAULTS = 0.3
MANY = 500  # mails that are delivered at once


@dataclass(slots=True)
class Seen:
    """What one step of a load took: seconds, megabytes at its end and at most so far, requests, and what was
    found on the server: letters, tasks, and questions that have other than one of each."""

    what: str
    wall: float
    cpu: float
    memory: float
    peak: float
    requests: int
    letters: int
    tasks: int
    note: str = ""


@dataclass(slots=True)
class Play:
    """A load being played on one backend; `scale` makes it smaller or larger."""

    backend: str
    scale: float = 1.0
    seen: list[Seen] = field(default_factory=list)

    def many(self, count: int) -> int:
        """So many, by the scale."""
        return max(round(count * self.scale), 2)

    @contextmanager
    def office(self) -> Iterator[Office]:
        """A fresh server."""
        with office(tls=self.backend == "graph") as place:
            yield place

    @contextmanager
    def ackd(self, place: Office, state: str = "state", grace: str = "0 s") -> Iterator[Ackd]:
        """A process with an ackd."""
        config = place.config(state=state, kind=self.backend, grace=grace)
        with elsewhere(Ackd, config, place.clock) as made:
            yield made

    def poll(
        self,
        what: str,
        place: Office,
        ackd: Ackd,
        times: int = 1,
        *,
        every: timedelta = POLL,
        before: Callable[[int], None] = lambda _: None,
    ) -> Seen:
        """So many polls as one step; what is done `before` each takes none of its time."""
        wall = cpu = 0.0
        trouble: dict[str, int] = {}
        for number in range(times):
            before(number)
            place.wait(every)
            cost, error = ackd.try_work()
            wall, cpu = wall + cost.wall, cpu + cost.cpu
            if error:
                trouble[error] = trouble.get(error, 0) + 1
        note = ", ".join(f"{name} {count} times" for name, count in sorted(trouble.items()))
        now, peak = ackd.memory()
        asked, standing = place.host.traffic().count, place.host.standing()
        step = Seen(what, wall, cpu, now, peak, asked, standing.letters, standing.tasks, note)
        self.seen.append(step)
        return step

    def check(self, place: Office, expected: int) -> None:
        """Raises Broken where a question has other than one letter and one task."""
        found = place.host.standing()
        if found.twice or (found.letters, found.tasks) != (expected, expected):
            told = f"{expected} questions, {found.letters} letters, {found.tasks} tasks"
            raise Broken(f"{told}, twice: {', '.join(found.twice) or 'none'}")


def deliver(place: Office, mails: list[tuple[str, bytes]]) -> None:
    """Let mails come in, some at a time."""
    for first in range(0, len(mails), MANY):
        place.host.deliver(mails[first : first + MANY])


def first(play: Play) -> None:
    """20,000 mails lie in the inbox when ackd starts there for the first time: none of them is answered."""
    count = play.many(20_000)
    with play.office() as place:
        deliver(place, mixed(count))
        with play.ackd(place) as ackd:
            play.poll(f"first start, {count} mails in the inbox", place, ackd)
            play.check(place, 0)
            deliver(place, questions(1, first=2 * count))
            play.poll("a question after it", place, ackd)
            play.check(place, 1)


def off(play: Play) -> None:
    """5,000 mails, half of them questions, came while ackd was off."""
    count = play.many(5_000) // 2 * 2
    with play.office() as place:
        with play.ackd(place) as ackd:
            play.poll("start", place, ackd)
        deliver(place, mixed(count))
        with play.ackd(place) as ackd:
            play.poll(f"start after {count} mails", place, ackd)
            play.check(place, count // 2)
            play.poll("the poll after it", place, ackd, 2)
            play.check(place, count // 2)


def promises(play: Play) -> None:
    """3,000 promises are open: idle polls, a lost ledger, and all of them overdue on one morning."""
    count = play.many(3_000)
    with play.office() as place:
        with play.ackd(place) as ackd:
            play.poll("start", place, ackd)
            deliver(place, questions(count))
            play.poll(f"{count} questions", place, ackd)
            play.check(place, count)
            play.poll("the poll after it", place, ackd)
            play.poll(f"10 idle polls with {count} open promises", place, ackd, 10)
            if ackd.open_promises() != count:
                raise Broken(f"{ackd.open_promises()} promises are open")
            place.wait(timedelta(days=4))
            play.poll("all are overdue", place, ackd, 3)
            play.check(place, count)
        with play.ackd(place, "lost") as ackd:
            play.poll("start with a lost ledger", place, ackd)
            if ackd.open_promises() != count:
                raise Broken(f"of {count} open promises {ackd.open_promises()} were found again")
            play.check(place, count)


def polls(play: Play) -> None:
    """2,000 polls, and a question now and then."""
    count = play.many(2_000)
    with play.office() as place, play.ackd(place) as ackd:
        play.poll("start", place, ackd)
        step = max(count // 4, 2)
        for number in range(4):
            deliver(place, questions(1, first=number))
            play.poll(f"polls up to the {(number + 1) * step}th", place, ackd, step)
        play.check(place, 4)


def parts(play: Play) -> None:
    """A question in a mail of 500 parts."""
    count = play.many(500)
    with play.office() as place, play.ackd(place) as ackd:
        play.poll("start", place, ackd)
        deliver(place, [in_parts(count)])
        play.poll(f"a mail of {count} parts", place, ackd)
        play.check(place, 1)


def faults(play: Play) -> None:
    """200 questions while of ten polls three meet a fault, of every kind; then the faults end."""
    count, chance = play.many(200), random.Random(1)
    kinds = [*ANYWHERE, *(BY_EWS if play.backend == "ews" else BY_GRAPH)]
    with play.office() as place, play.ackd(place) as ackd:
        play.poll("start", place, ackd)
        met: list[str] = []

        def come(number: int) -> None:
            deliver(place, questions(1, first=number))
            if chance.random() < SHARE_OF_FAULTS:
                met.append(kinds[len(met) % len(kinds)])
                place.host.fail(chance.choice(("*", "*", *place.host.writes(play.backend))), met[-1])

        step = play.poll("", place, ackd, count, before=come)
        step.what = f"{count} questions, {len(met)} faults of {len(set(met))} kinds"
        place.host.heal()
        play.poll("after the faults", place, ackd, 5, every=timedelta(minutes=11))
        _check_after_faults(play, place, ackd, count)


def _check_after_faults(play: Play, place: Office, ackd: Ackd, count: int) -> None:
    """Each question has a letter and a task, or is shown to a person; nothing stands twice."""
    found, parked = place.host.standing(), ackd.parked()
    play.seen[-1].note = f"{parked} parked"
    missing = count - min(found.letters, found.tasks)
    if found.twice or missing > parked:
        raise Broken(f"{found.letters} letters, {found.tasks} tasks, {parked} parked, twice: {found.twice}")


def readonly(play: Play) -> None:
    """The state directory can't be written: a sentence, what `ackd status` says, and all is done later."""
    with play.office() as place:
        with play.ackd(place) as ackd:
            play.poll("start", place, ackd)
        deliver(place, questions(5))
        place.wait()
        config = place.config(kind=play.backend)
        with _shut(config.parent):
            said = [_command(place, config, name) for name in ("once", "status")]
        if place.host.standing().letters:
            raise Broken("a letter was sent that no ledger knows of")
        with play.ackd(place) as ackd:
            play.poll("when it can be written again", place, ackd).note = "; ".join(said)
            play.check(place, 5)


def _command(place: Office, config: Path, name: str) -> str:
    command = [sys.executable, "-m", "ackd", name, "--config", str(config)]
    command += ["--clock", str(place.clock)] if name == "once" else []
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if "Traceback" in done.stderr:
        raise Broken(done.stderr)
    lines = (done.stderr or done.stdout).strip().splitlines()
    return f"ackd {name}: {done.returncode}, “{lines[0] if lines else ''}”"


@contextmanager
def _shut(folder: Path) -> Iterator[None]:
    """A folder that can't be written: by its mode, or by a mount where root would write anyway."""
    if os.geteuid():
        folder.chmod(0o500)
        try:
            yield
        finally:
            folder.chmod(0o700)
        return
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


LOADS: dict[str, Callable[[Play], None]] = {
    load.__name__: load for load in (first, off, promises, polls, parts, faults, readonly)
}
