"""A process without threads that forks others: each lives for one pass of ackd over real HTTP, and
may kill itself on the way.

Run as `python -m tests.crash.forge`. Orders come as JSON lines, and each is answered by one. What is
slow (imports, templates, holidays) is done before the first fork, so that a life costs milliseconds.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter

from ackd.engine.daemon import Daemon
from ackd.errors import AckdError
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Command, Duration, OnMove, Unit
from ackd.promise.lifecycle import FollowRules
from tests.clock import StepClock
from tests.crash.office import EWS, open_ledger, open_mailbox
from tests.people import ALICE, MONDAY, mail, settings

COMMANDS = {
    f"ackd: {name}": command
    for name, command in (
        ("not a question", Command.NOT_A_QUESTION),
        ("can't help", Command.CANNOT_HELP),
    )
}
FOLLOW = FollowRules(moved=OnMove.TELL, settle=Duration(0, Unit.MINUTES), commands=COMMANDS)
SETTINGS = replace(settings(), follow=FOLLOW)


@dataclass(frozen=True, slots=True)
class Life:
    """How a process ended: the signal that killed it (0 if none), the steps that it took, the error
    that its pass raised, and in words what it left undone."""

    signal: int
    steps: tuple[str, ...] = ()
    error: str = ""
    unfinished: str = ""


class Forge:
    """The forge as its client sees it: a process of its own; a context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parents[2],
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=100)

    def live(
        self, url: str, ledger: Path, now: datetime, *, fuse: int = 0, wire: bool = False, way: str = EWS
    ) -> Life:
        """One process's life, which reaches the mailbox in a `way`: it is killed at the step `fuse`, with 0
        never. A step lies before and one after each call of a port; with `wire` before and after each HTTP
        request instead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"url": url, "ledger": str(ledger), "now": now.isoformat(), "fuse": fuse, "wire": wire}
        order["way"] = way
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Life(**{**answer, "steps": tuple(answer.get("steps", ()))})


class Fuse:
    """Burns a step at a time and kills the process at its end."""

    def __init__(self, length: int) -> None:
        self.steps: list[str] = []
        self._length = length

    def burn(self, step: str) -> None:
        """Take a step; it may be the last."""
        self.steps.append(step)
        if len(self.steps) == self._length:
            os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """A port, with a step before and one after each call."""

    def __init__(self, port: Any, fuse: Fuse) -> None:
        self._port = port
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if not callable(method):
            return method  # what a port is needs no step

        def call(*args: Any, **kwargs: Any) -> Any:
            self._fuse.burn(f"before {name}")
            result = method(*args, **kwargs)
            self._fuse.burn(f"after {name}")
            return result

        return call


def _make_mortal(fuse: Fuse) -> None:
    """From now on each HTTP request of this process is a step before and one after it."""
    send = HTTPAdapter.send

    def mortal(self: HTTPAdapter, request: Any, *args: Any, **kwargs: Any) -> Any:
        what = _named(request)
        fuse.burn(f"before {what}")
        response = send(self, request, *args, **kwargs)
        fuse.burn(f"after {what}")
        return response

    HTTPAdapter.send = mortal  # type: ignore[method-assign]


def _named(request: Any) -> str:
    """A request by its method and the end of its address; a batch by those of its first part."""
    method, path = request.method, request.url.partition("?")[0]
    if path.endswith("$batch"):
        first = json.loads(request.body)["requests"][0]
        method, path = f"batch of {first['method']}", first["url"].partition("?")[0]
    return f"{method} {path.rpartition('/')[2]}"


def _live(order: dict[str, Any]) -> dict[str, Any]:
    """The child's whole life."""
    fuse = Fuse(order["fuse"])
    if order["wire"]:
        _make_mortal(fuse)
    clock = StepClock(datetime.fromisoformat(order["now"]))
    mailbox = open_mailbox(order["url"], clock, way=order["way"])
    ledger = open_ledger(Path(order["ledger"]))
    ports: list[Any] = [mailbox, ledger] if order["wire"] else [Mortal(mailbox, fuse), Mortal(ledger, fuse)]
    daemon, error = Daemon(*ports, clock, SETTINGS), ""
    try:
        daemon.run_pass()
    except AckdError as problem:
        error = f"{type(problem).__name__}: {problem}"
    steps, unfinished = fuse.steps[:], daemon.unfinished()
    ledger.close()
    return {"signal": 0, "steps": steps, "error": error, "unfinished": unfinished}


def _fork(order: dict[str, Any]) -> dict[str, Any]:
    """Fork a child for an order and wait for its end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            os.write(writing, json.dumps(_live(order)).encode())
            os._exit(0)
        finally:
            os._exit(1)  # whatever was raised: the child never runs the forge's own loop
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status)}
    found: dict[str, Any] = json.loads(said) if said else {"signal": 0, "error": "the child broke"}
    return found


def _warm_up() -> None:
    """A pass in memory, so that every child finds its templates and holidays ready."""
    clock = StepClock(MONDAY)
    ledger = SqlLedger("sqlite://", ALICE.address)
    mailbox = MemoryMailbox(clock.now)
    daemon = Daemon(mailbox, ledger, clock, SETTINGS)
    daemon.run_pass()
    clock.move(timedelta(seconds=1))
    mailbox.arrive(mail("q"))
    assert daemon.run_pass().acknowledged == 1
    ledger.close()


def main() -> None:
    """Take orders until there are no more."""
    _warm_up()
    gc.disable()  # a collection in a child would copy the forge's memory page by page
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(_fork(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
