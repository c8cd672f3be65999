"""The queue: which mailbox is looked at when, and by which worker. It is procrastinate's, in the same
database as the ledgers; the only module that knows it.

A job is a pass over one mailbox. Its `lock` keeps two of them apart, its `queueing_lock` lets no second one
wait; both are about order and effort alone, and it is the ledger that makes sure (`Database.take_up`). A job
that was done is deleted; one that failed waits as long as its error asks for.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import procrastinate
import psycopg
from procrastinate import exceptions, jobs, retry
from procrastinate.psycopg_connector import PsycopgConnector

from ackd.errors import LedgerError, Superseded
from ackd.runtime.fleet.spread import wait_after
from ackd.runtime.fleet.work import Work

log = logging.getLogger(__name__)

#: A tick that is older says nothing any more: its mailboxes have their turn again.
STALE = 30.0
#: Of jobs: something is due in the mailbox.
URGENT = 10
_LOCK = 0x61636B66
#: Where its tables are, apart from the ledgers: they hold nothing that is needed.
SCHEMA = "ackd_queue"
#: Of these mailboxes those that have a job: one that waits, or one that is being done.
_BUSY = """
SELECT queueing_lock AS name FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(%(names)s)
UNION ALL
SELECT lock AS name FROM procrastinate_jobs WHERE status = 'doing' AND lock = ANY(%(names)s)
"""
_SPREAD, _TAKE_UP, _REGROUP = "ackd.spread", "ackd.take_up", "ackd.regroup"
_PASS = "ackd.pass"  # noqa: S105 - a task's name
_ALIVE = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


class ByReach(retry.BaseRetryStrategy):
    """Every pass that failed is tried again, when its error says."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> retry.RetryDecision | None:
        """See procrastinate: None lets the job go, as one whose mailbox has another worker by now."""
        if isinstance(exception, Superseded):
            return None
        wait = wait_after(exception, job.attempts, self._work.poll)
        return retry.RetryDecision(retry_at=datetime.now(UTC) + wait)


class Queue:
    """The queue of a fleet, for one process."""

    def __init__(self, url: str, work: Work) -> None:
        """Nothing is opened yet."""
        self._work = work
        connector = PsycopgConnector(
            conninfo=url.replace("postgresql+psycopg:", "postgresql:"),
            min_size=1,
            max_size=4,
            timeout=15,
            kwargs={"application_name": "ackd queue", "options": f"-c search_path={SCHEMA}", **_ALIVE},
        )
        self.app = procrastinate.App(connector=connector)
        self._register()

    def _register(self) -> None:
        work, add = self._work, self.app.task

        self._pass: Any = add(name=_PASS, retry=ByReach(work))(work.run)
        seconds = f"*/{work.tick}" if work.tick > 1 else "*"
        heartbeat = max(1, min(30, round(work.heartbeat)))
        for name, cron, act in (
            (_SPREAD, f"* * * * * {seconds}", self._spread),
            (_TAKE_UP, f"* * * * * */{heartbeat}", self._take_up),
            (_REGROUP, "0 * * * * 7", self._regroup),
        ):
            task = add(name=name, lock=name, queueing_lock=name, priority=2 * URGENT)(act)
            self.app.periodic(cron=cron)(task)

    # --- at work ----------------------------------------------------------------------------

    async def serve(self, stop: asyncio.Event, *, until_done: bool = False) -> None:
        """Work until `stop` is set, or with `until_done` until nothing waits. Raises ConnectorException where
        the database is lost."""
        beat = self._work.heartbeat
        async with self.app.open_async():
            worker = asyncio.create_task(
                self.app.run_worker_async(
                    concurrency=self._work.threads,
                    wait=not until_done,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    listen_notify=False,
                    fetch_job_polling_interval=1.0,
                    abort_job_polling_interval=3600.0,
                    update_heartbeat_interval=beat,
                    stalled_worker_timeout=3 * beat,
                )
            )
            stopping = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait((worker, stopping), return_when=asyncio.FIRST_COMPLETED)
            finally:
                stopping.cancel()
                if not worker.done():
                    worker.cancel()  # it ends what is being done, and begins nothing
                try:
                    await worker
                except asyncio.CancelledError:
                    if not stop.is_set():
                        raise

    async def _spread(self, timestamp: int) -> None:
        """Whose turn it is, each gets a job unless one is there."""
        if time.time() - timestamp > STALE:
            return
        turns = await asyncio.to_thread(self._work.turns, timestamp)
        await self.defer(turns.urgent, URGENT)
        await self.defer(turns.others, 0)

    async def defer(self, addresses: Collection[str], priority: int = 0) -> int:
        """A job for each of these mailboxes that has none; returns how many."""
        if not addresses:
            return 0
        found = await self.app.connector.execute_query_all_async(_BUSY, names=list(addresses))
        busy = {row["name"] for row in found}
        wanted = [self._job(one, priority) for one in addresses if one not in busy]
        try:
            if wanted:
                await self.app.job_manager.batch_defer_jobs_async(wanted)
            return len(wanted)
        except exceptions.AlreadyEnqueued:
            return sum([await self._defer_one(job) for job in wanted])

    async def hurry(self) -> None:
        """Let no mailbox wait for what its last error asked for."""
        manager = self.app.job_manager
        for job in await manager.list_jobs_async(task=_PASS, status=jobs.Status.TODO.value):
            if job.id is not None and job.scheduled_at is not None:
                await manager.cancel_job_by_id_async(job.id, delete_job=True)

    async def _defer_one(self, job: jobs.Job) -> bool:
        try:
            await self.app.job_manager.defer_job_async(job)
        except exceptions.AlreadyEnqueued:
            return False
        return True

    def _job(self, address: str, priority: int) -> jobs.Job:
        how = {"lock": address, "queueing_lock": address, "priority": priority}
        made: jobs.Job = self._pass.configure(**how, task_kwargs={"address": address}).job
        return made

    async def _take_up(self, timestamp: int) -> None:
        """What a worker began that doesn't live any more is begun anew. Its job goes, and another one comes:
        should it live after all, it finds no job of its own, and touches nobody else's."""
        manager, again = self.app.job_manager, []
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=3 * self._work.heartbeat):
            try:
                await manager.finish_job(job, jobs.Status.FAILED, delete_job=True)
            except exceptions.ConnectorException:
                continue  # it has just come to its end
            if job.task_name == _PASS:
                again.append(str(job.task_kwargs["address"]))
        if again:
            log.warning(
                "event=taken-up count=%d: a worker is gone, others go on with its mailboxes", len(again)
            )
            await self.defer(again, URGENT)

    async def _regroup(self, timestamp: int) -> None:
        await asyncio.to_thread(self._work.regroup)

    # --- its tables -------------------------------------------------------------------------

    async def make(self) -> None:
        """Make its tables where there are none. Raises LedgerError."""
        try:
            async with self.app.open_async():
                if not await self.app.check_connection_async():
                    await self._make()
        except (exceptions.ConnectorException, psycopg.Error, OSError) as error:
            raise LedgerError(f"the queue's tables can't be made: {error.__cause__ or error}") from error

    async def _make(self) -> None:
        pool: Any = self.app.connector
        async with pool.pool.connection() as db:
            await db.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            # by the catalog, and not by a name: what this session knows of schemas may be older than the lock
            there = await db.execute("SELECT 1 FROM pg_tables WHERE schemaname = %s LIMIT 1", (SCHEMA,))
            if await there.fetchone() is None:
                await db.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                await db.execute(self.app.schema_manager.get_schema())
