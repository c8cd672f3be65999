"""A worker's process: it goes on through losses of the database, and ends at once when it is told to."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from ackd.clock import SystemClock
from ackd.config.fleet import Fleet
from ackd.errors import AckdError, ExitStatus
from ackd.ports import Clock
from ackd.runtime.fleet.metrics import Metrics, served
from ackd.runtime.fleet.queue import Queue
from ackd.runtime.fleet.status import FleetStatus, status
from ackd.runtime.fleet.work import Work
from ackd.runtime.ledgers import shared_database
from ackd.runtime.scheduler import notify

log = logging.getLogger(__name__)

GRACE = 20.0  # seconds that passes have to end once the worker was told to stop
AGAIN = (1.0, 30.0)  # seconds until the database is tried again, at first and at most


class Worker:
    """One process of any number. `leave` ends it where a pass doesn't end in time."""

    def __init__(
        self, fleet: Fleet, clock: Clock | None = None, *, leave: Callable[[int], None] = os._exit
    ) -> None:
        """Nothing is opened yet."""
        self._fleet, self._leave = fleet, leave
        self._clock: Clock = clock or SystemClock()
        self._work: Work | None = None
        self._stop: asyncio.Event | None = None

    def run(self, *, once: bool = False) -> int:
        """Work until SIGTERM or SIGINT; with `once` give each mailbox a pass and end. Returns the exit
        status. Raises AckdError where it can't begin."""
        with _opened(self._fleet, self._clock) as (work, queue):
            self._work = work
            place = self._fleet.config.worker.metrics
            patience = 3 * work.poll.total_seconds() + 60

            def look() -> FleetStatus:
                return status(work.fleet, work.database, self._clock.now(), work.passes.config_of)

            with served(None if once else place, work.metrics, look, patience):
                notify("READY=1")
                asyncio.run(self._serve(queue, work, once=once))
        log.info("event=stopped")
        return ExitStatus.TRY_AGAIN if once and work.failed else ExitStatus.DONE

    async def _serve(self, queue: Queue, work: Work, *, once: bool) -> None:
        loop = asyncio.get_running_loop()
        stop = self._stop = asyncio.Event()
        threads = ThreadPoolExecutor(work.threads + 2, thread_name_prefix="ackd pass")
        loop.set_default_executor(threads)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        broken = asyncio.Event()
        loop.set_exception_handler(lambda _loop, about: self._broken(broken, about))
        if once:
            await self._once(queue, work, stop)
            return
        wait = AGAIN[0]
        log.info("event=started threads=%d", work.threads)
        while not stop.is_set():
            broken.clear()
            try:
                await self._until(queue, stop, broken)
                wait = AGAIN[0]
            except Exception as error:  # noqa: BLE001 - the loop's edge: the queue's library raises many kinds
                log.warning("event=queue-lost seconds=%d: %s", wait, type(error.__cause__ or error).__name__)
            if not stop.is_set():
                await asyncio.wait([asyncio.create_task(stop.wait())], timeout=wait)
                wait = min(wait * 2, AGAIN[1])

    async def _until(self, queue: Queue, stop: asyncio.Event, broken: asyncio.Event) -> None:
        """Serve the queue until the worker is to stop, or to begin anew."""
        either = asyncio.Event()

        async def when(event: asyncio.Event) -> None:
            await event.wait()
            either.set()

        waiting = [asyncio.create_task(when(stop)), asyncio.create_task(when(broken))]
        try:
            await queue.serve(either)
        finally:
            for one in waiting:
                one.cancel()

    async def _once(self, queue: Queue, work: Work, stop: asyncio.Event) -> None:
        members = await asyncio.to_thread(work.members)
        usable = [one for one in members if work.is_usable(one)]
        async with queue.app.open_async():
            await queue.hurry()
            await queue.defer(usable)
        await queue.serve(stop, until_done=True)

    def stop(self) -> None:
        """End after the steps at hand, or in the midst of them after a while: what they did then is looked
        for by whoever comes next."""
        notify("STOPPING=1")
        if self._work is not None:
            self._work.stop()
        if self._stop is not None:
            self._stop.set()
        asyncio.get_running_loop().call_later(GRACE, self._give_up)

    def _give_up(self) -> None:
        log.warning("event=stopped: in the midst of a step; the next worker looks what became of it")
        logging.shutdown()
        self._leave(ExitStatus.DONE)

    def _broken(self, broken: asyncio.Event, about: dict[str, Any]) -> None:
        """A job of which the queue couldn't be told how it ended: its lock goes with this worker's number, so
        the worker takes another one."""
        error = about.get("exception")
        log.warning("event=queue-untold: %s", type(error).__name__ if error else "the queue's library")
        broken.set()


@contextmanager
def _opened(fleet: Fleet, clock: Clock) -> Iterator[tuple[Work, Queue]]:
    """The database and the queue, with all their tables. Raises AckdError."""
    threads = fleet.config.worker.threads
    database = shared_database(fleet.config.database, threads + 2)
    try:
        database.open()
        work = Work(fleet, database, clock, Metrics())
        queue = Queue(fleet.config.database, work)
        asyncio.run(queue.make())
        if fleet.config.group is not None:
            _read_group(work)
        yield work, queue
    finally:
        database.close()


def _read_group(work: Work) -> None:
    """A first time; where that fails, who was known before counts."""
    try:
        work.regroup()
    except AckdError as error:
        log.warning("event=group: its members can't be read: %s", error)
