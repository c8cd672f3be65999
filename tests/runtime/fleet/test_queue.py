"""The queue on a real PostgreSQL: no mailbox waits twice, what a dead worker began is begun anew, and a
mailbox that fails waits by its error while the others go on."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from ackd.errors import SignInRefused, Superseded, Unreachable
from ackd.runtime.fleet.queue import URGENT, Queue
from ackd.runtime.fleet.work import Turns
from tests.postgres import Server

A, B, C = (f"{name}@corp.example" for name in ("alice", "bob", "carol"))


class Played:
    """The work, as a test wants it."""

    threads, heartbeat, tick, poll = 2, 1.0, 1, timedelta(seconds=60)

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails: dict[str, Exception] = {}
        self.all_done, self.wanted = threading.Event(), 0
        self.turn = Turns()

    def run(self, address: str) -> None:
        self.done.append(address)
        if len(self.done) >= self.wanted:
            self.all_done.set()
        if address in self.fails:
            raise self.fails[address]

    def turns(self, timestamp: float) -> Turns:
        return self.turn

    def regroup(self) -> None:
        """No group."""


@pytest.fixture
def work() -> Played:
    return Played()


@pytest.fixture
def queue(server: Server, work: Played) -> Queue:
    made = Queue(server.database(f"queue_{uuid4().hex}"), work)  # type: ignore[arg-type]
    asyncio.run(made.make())
    asyncio.run(made.make())  # which changes nothing
    return made


def within(queue: Queue, act: Any) -> Any:
    async def go() -> Any:
        async with queue.app.open_async():
            return await act()

    return asyncio.run(go())


async def jobs(queue: Queue) -> list[Any]:
    found = await queue.app.job_manager.list_jobs_async()
    return sorted(found, key=lambda job: str(job.lock))


def test_no_mailbox_waits_twice_and_the_urgent_goes_first(queue: Queue) -> None:
    async def act() -> None:
        assert await queue.defer([A, B]) == 2
        assert await queue.defer([A, B, C], URGENT) == 1
        worker = await queue.app.job_manager.register_worker()
        begun = await queue.app.job_manager.fetch_job(None, worker)
        assert begun is not None
        assert begun.lock == C
        assert await queue.defer([A, B, C]) == 0

    within(queue, act)


def test_what_a_dead_worker_began_is_begun_anew_by_a_job_of_its_own(queue: Queue) -> None:
    async def act() -> None:
        manager = queue.app.job_manager
        await queue.defer([A])
        worker = await manager.register_worker()
        begun = await manager.fetch_job(None, worker)
        assert begun is not None
        await manager.unregister_worker(worker)  # as by `prune_stalled_workers`
        await queue._take_up(0)
        (job,) = await jobs(queue)
        assert (job.status, job.lock, job.priority) == ("todo", A, URGENT)
        assert job.id != begun.id

    within(queue, act)


def test_each_failure_waits_by_its_error_and_holds_nobody_up(queue: Queue, work: Played) -> None:
    work.fails = {A: SignInRefused("no"), B: Unreachable("away", wait=timedelta(minutes=30))}
    work.wanted = 3

    async def serve() -> list[Any]:
        async with queue.app.open_async():
            await queue.defer([A, B, C])
        await queue.serve(asyncio.Event(), until_done=True)
        async with queue.app.open_async():
            return await jobs(queue)

    left = [job for job in asyncio.run(serve()) if job.lock in (A, B, C)]
    assert sorted(work.done) == [A, B, C]
    now = datetime.now(UTC)
    assert [(job.lock, job.attempts) for job in left] == [(A, 1), (B, 1)]
    assert left[0].scheduled_at - now <= timedelta(minutes=1)
    assert left[1].scheduled_at - now > timedelta(minutes=29)


def test_a_worker_that_was_overtaken_lets_its_job_go(queue: Queue, work: Played) -> None:
    work.fails = {A: Superseded("another one")}

    async def serve() -> list[Any]:
        async with queue.app.open_async():
            await queue.defer([A])
        await queue.serve(asyncio.Event(), until_done=True)
        async with queue.app.open_async():
            return await jobs(queue)

    assert [job for job in asyncio.run(serve()) if job.lock == A] == []
    assert work.done == [A]


def test_turns_become_jobs_by_themselves(queue: Queue, work: Played) -> None:
    work.turn, work.wanted = Turns((A,), (B, C)), 3

    async def serve() -> None:
        stop = asyncio.Event()
        serving = asyncio.create_task(queue.serve(stop))
        await asyncio.to_thread(work.all_done.wait, 60)
        stop.set()
        await serving

    asyncio.run(serve())
    assert {*work.done[:3]} == {A, B, C}


def test_an_old_tick_says_nothing(queue: Queue, work: Played) -> None:
    work.turn = Turns((), (A,))

    async def act() -> list[Any]:
        await queue._spread(int(datetime.now(UTC).timestamp()) - 3600)
        return await jobs(queue)

    assert within(queue, act) == []


def test_its_tables_can_be_dropped_and_come_again(server: Server, work: Played) -> None:
    name = f"queue_{uuid4().hex}"
    queue = Queue(server.database(name), work)  # type: ignore[arg-type]
    for _ in range(2):
        asyncio.run(queue.make())
        assert within(queue, lambda: queue.defer([A])) == 1
        engine = sa.create_engine(server.url(name).replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as db:
            assert sa.inspect(db).get_table_names() == []  # of the ledgers' own schema
            db.execute(sa.text("DROP SCHEMA ackd_queue CASCADE"))
        engine.dispose()


def test_workers_that_start_at_once_make_its_tables_once(server: Server, work: Played) -> None:
    for _ in range(3):
        url = server.database(f"queue_{uuid4().hex}")
        with ThreadPoolExecutor(4) as threads:
            made = [threads.submit(lambda: asyncio.run(Queue(url, work).make())) for _ in range(4)]  # type: ignore[arg-type]  # noqa: B023
            for one in made:
                one.result()
