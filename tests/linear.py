"""Time that grows no faster than its input, told by the ratio of two sizes on the same machine.

Processor time of this process alone is compared, so other work on the machine hardly counts; a
measurement that looks bad is taken again before it is believed.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

ENOUGH = 0.015  # seconds of processor time that can be compared at all
STEP = 4
#: Four times the input may cost so many times the time; a quadratic one costs sixteen times.
AT_MOST = 9.0


def growth(make: Callable[[int], bytes], work: Callable[[bytes], object], *, start: int, most: int) -> float:
    """How many times more time the work takes on an input four times as large; 0.0 where even an
    input of `most` bytes takes next to none."""
    size = start
    while (small := _cost(work, make(size), 1)) < ENOUGH:
        size *= STEP
        if size > most:
            return 0.0
    ratios = []
    for _ in range(3):
        small = _cost(work, make(size), 2)
        ratios.append(_cost(work, make(size * STEP), 1) / small)
        if ratios[-1] <= AT_MOST:
            break
    return min(ratios)


def _cost(work: Callable[[bytes], object], data: bytes, times: int) -> float:
    costs = []
    for _ in range(times):
        gc.disable()
        began = time.process_time()
        work(data)
        costs.append(time.process_time() - began)
        gc.enable()
    return min(costs)
