"""Fresh plays of two ackds on one mailbox, as many as you like:

    nice .venv/bin/python -m tests.property 10000

Counted are the plays in which both were at work. They come in turns, each with a number of its own; a turn
in which something didn't hold is told with its steps, and its number plays it again:

    .venv/bin/python -m tests.property --again NUMBER
"""

from __future__ import annotations

import argparse
import logging
import secrets
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import plays
from tests.property.test_exactly_once import ExactlyOnce
from tests.property.test_follow_through import FollowThrough
from tests.property.world import Machine, Machines

IN_A_TURN, STEPS = 25, 30
#: What is played by turns: the machine, and whether promised moments stand in the calendar too.
KINDS = ((ExactlyOnce, False), (FollowThrough, False), (ExactlyOnce, True), (FollowThrough, True))
_TOLD_EVERY = 60.0  # seconds


class Count:
    """How many plays there were, and in how many of them both ackds were at work."""

    def __init__(self) -> None:
        self.all = self.of_two = 0

    def __str__(self) -> str:
        return f"{self.of_two} plays of two ackds ({self.all} in all)"


def turn(number: int, machines: list[Machine], count: Count) -> str:
    """Play the turn of this number; what didn't hold in it, with its steps, or ""."""
    kind, entries = KINDS[number % len(KINDS)]

    class Played(kind):  # type: ignore[valid-type, misc]
        def teardown(self) -> None:
            count.all += 1
            count.of_two += self.is_there
            super().teardown()

    Played.machines = machines
    Played.__name__ = Played.__qualname__ = kind.__name__
    profile = settings(
        max_examples=IN_A_TURN,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    with _entering(machines, entries=entries):
        try:
            run_state_machine_as_test(seed(number)(Played), settings=profile)
        except Exception as error:  # noqa: BLE001 - told, and the next turn is played
            return "".join(traceback.format_exception(error))
    return ""


@contextmanager
def _entering(machines: list[Machine], *, entries: bool) -> Iterator[None]:
    for machine in machines:
        machine.enter(entries=entries)
    try:
        yield
    finally:
        for machine in machines:
            machine.enter(entries=False)


def main() -> int:
    """Play until so many plays of two are counted; 1 if something didn't hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.property", description=__doc__)
    parser.add_argument("plays", nargs="?", type=int, default=100, help="how many plays of two ackds")
    parser.add_argument("--again", type=int, metavar="NUMBER", help="the turn of this number, once more")
    parser.add_argument(
        "--on-disk", action="store_true", help="with ledgers on disk, at three times the time"
    )
    asked = parser.parse_args()
    plays.import_everything([sys.modules[__name__]])
    logging.disable(logging.CRITICAL)  # what a pass says of what is played
    made, count = Machines(in_memory=not asked.on_disk), Count()
    failed: Counter[str] = Counter()
    number = secrets.randbits(32) if asked.again is None else asked.again
    told = time.monotonic()
    try:
        while count.of_two < (asked.plays if asked.again is None else 1):
            problem = turn(number, made.all, count)
            if problem:
                failed[str(number)] += 1
                print(f"{problem}\nturn {number} failed; --again {number} plays it once more", flush=True)
            if time.monotonic() - told > _TOLD_EVERY:
                told = time.monotonic()
                print(f"{count}, {len(failed)} turns failed", flush=True)
            number += 1
    except KeyboardInterrupt:
        print("interrupted")
    finally:
        made.close()
    print(f"{count}; failed turns: {', '.join(failed) or 'none'}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
