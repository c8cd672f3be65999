"""The running service: passes at intervals, a clean stop, and word to systemd.

The only module that knows APScheduler. One worker thread does all the work; the main thread
waits for signals.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from ackd.errors import AccessBlocked, AckdError, ClocksApart, ExitStatus, Retry, SignInRefused
from ackd.mailbox import transport
from ackd.model import Summary
from ackd.ports import Clock
from ackd.runtime.machine_watch import Surroundings

log = logging.getLogger(__name__)

HEARTBEAT = 20  # seconds between words to systemd's watchdog
#: Seconds without progress (an answer that came whole, a step that ended) after which a pass counts as stuck
#: and the watchdog may act: longer than two answers that come at the last moment.
LONGEST_STEP = 600.0
GRACE = 7.0  # seconds that the step at hand has once ackd was told to stop; with all else it ends in ten
LONGEST_WAIT = timedelta(minutes=5)  # where the server asked for nothing
LONGEST_BLOCKED = timedelta(hours=1)  # where it said no (403): that doesn't change soon
LOOK = 5.0  # seconds between looks for a wake-up or another network
SET_BACK = timedelta(seconds=2)  # what a clock is set back by for it to count; NTP's own steps are smaller
CALM = 15.0  # seconds at least between two passes that such a thing brought about
ALARMS_EVERY = 60.0  # seconds between looks for alarms
SECRET_LOOK = timedelta(minutes=1)  # until the next look whether a refused password is another one

#: A pass; it asks now and then whether to stop.
RunPass = Callable[[Callable[[], bool]], Summary]


class Every(BaseTrigger):  # type: ignore[misc]
    """Again and again, so long after the last time. Times that were missed count as one: APScheduler's own
    interval lists each of them, which takes gigabytes once a clock of 1970 is put right."""

    def __init__(self, span: timedelta) -> None:
        self.span = span

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next time (APScheduler's own name for it)."""
        following = (previous_fire_time or now) + self.span
        return following if following > now else now + self.span


class Service:
    """Runs passes until it is told to stop or an error forbids to go on."""

    def __init__(
        self,
        run_pass: RunPass,
        clock: Clock,
        poll: Callable[[], timedelta],
        *,
        on_hangup: Callable[[], None] = lambda: None,
        alarms: Callable[[], None] = lambda: None,
        heartbeat: float = HEARTBEAT,
        look: float = LOOK,
        surroundings: Surroundings | None = None,
        grace: float = GRACE,
        leave: Callable[[int], None] = os._exit,
    ) -> None:
        """`poll` is asked after each pass: it may change. `on_hangup` is called on SIGHUP, before
        a pass begins at once; `alarms` now and then, beside the passes. `leave` ends the process where the
        step at hand doesn't end within `grace`."""
        self._run_pass = run_pass
        self._clock = clock
        self._ask_poll = poll
        self._poll = poll()
        self._on_hangup = on_hangup
        self._alarms = alarms
        self._heartbeat = heartbeat
        self._stop = threading.Event()
        self._failures = 0
        self._said = 0  # how gravely a refused sign-in was told last
        self._look = look
        self._surroundings = surroundings or Surroundings()
        self._may_hurry = False  # between two passes, and the server asked for no patience
        self._is_waiting = False  # after a pass that failed
        self._hurried: float | None = None
        self._is_fresh = False  # from a wake-up or another network on, until a pass ended
        self._exit_code = ExitStatus.DONE
        self._grace, self._leave = grace, leave
        self._steps = 0  # that passes took
        self._seen = self._progress()
        self._fed_until = clock.ticks() + LONGEST_STEP
        # the defaults would drop late jobs with a warning (docs/design.md, facts)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={name: ThreadPoolExecutor(1) for name in ("default", "heartbeat", "look", "alarms")},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; returns the exit status. The step at hand is finished if it doesn't
        take long: else the process ends in the midst of it, as by a power cut, which the record is made for.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: self._hang_up())
        add = self._scheduler.add_job
        add(self._pass, Every(self._poll), id="pass", next_run_time=_real_now())
        for job, seconds, name in (
            (self._beat, self._heartbeat, "heartbeat"),
            (self._notice, self._look, "look"),
            (self._look_for_alarms, ALARMS_EVERY, "alarms"),
        ):
            add(job, Every(timedelta(seconds=seconds)), id=name, executor=name)
        notify("READY=1")
        self._scheduler.start()
        log.info("event=started: ackd polls every %g s", self._poll.total_seconds())
        while not self._stop.wait(self._look):
            self._mind_the_clock()
        notify("STOPPING=1")
        self._scheduler.pause()  # no job begins while the step at hand is finished
        end = threading.Thread(target=self._scheduler.shutdown, name="ackd end", daemon=True)
        end.start()
        end.join(self._grace)
        if end.is_alive():
            log.warning("event=stopped: in the midst of a step; the next start looks what became of it")
            logging.shutdown()
            self._leave(self._exit_code)
        log.info("event=stopped")
        return self._exit_code

    def stop(self, exit_code: ExitStatus = ExitStatus.DONE) -> None:
        """Stop after the step at hand."""
        self._exit_code = self._exit_code or exit_code
        self._stop.set()

    def _pass(self) -> None:
        """One pass at the loop's edge: an error is told, and decides when to go on."""
        self._may_hurry = False
        self._surroundings.remember_network()  # a change during the pass counts, too
        self._fed_until = self._clock.ticks() + LONGEST_STEP
        wait: timedelta | None = None
        is_asked = False
        try:
            self._run_pass(self._should_stop)
            self._failures = self._said = 0
            notify("STATUS=polled")
        except AckdError as error:
            wait, is_asked = self._wait_after(error), error.wait is not None
            if wait is None:
                log.error("event=stopping: %s", error)
                self.stop(error.exit_code)
        except Exception as error:  # noqa: BLE001 - the loop's edge: a bug must not end the service silently
            self._failures += 1
            wait = self._back_off(None)
            place = _place(error)
            log.error("event=bug seconds=%d: %s at %s", wait.total_seconds(), type(error).__name__, place)
        if self._ask_poll() != self._poll:
            self._poll = self._ask_poll()
            self._scheduler.reschedule_job("pass", trigger=Every(self._poll))
        rest = (self._poll if wait is None else wait).total_seconds()
        self._fed_until = self._clock.ticks() + rest + LONGEST_STEP
        if wait is not None:
            self._scheduler.modify_job("pass", next_run_time=_real_now() + wait)
        self._is_waiting, self._may_hurry, self._is_fresh = wait is not None, not is_asked, False

    def _should_stop(self) -> bool:
        """What a pass asks between two steps."""
        self._steps += 1
        return self._stop.is_set()

    def _progress(self) -> tuple[int, int]:
        return self._steps, transport.answered()

    def _look_for_alarms(self) -> None:
        try:
            self._alarms()
        except Exception as error:  # noqa: BLE001 - another loop's edge: the next look comes
            log.error("event=bug: %s at %s", type(error).__name__, _place(error))

    def _wait_after(self, error: AckdError) -> timedelta | None:
        """Tell of an error, and say how long to wait; None where ackd can't go on."""
        if error.retry is Retry.NEVER:
            return None
        notify(f"STATUS=waiting: {error}")
        if isinstance(error, SignInRefused):
            # the guard knows when the password may be tried; until then a look at it costs nothing
            grave = logging.ERROR if error.wait is None else logging.WARNING
            log.log(logging.DEBUG if self._said == grave else grave, "event=sign-in-refused: %s", error)
            self._said = grave
            return min(self._poll, SECRET_LOOK, error.wait or SECRET_LOOK)
        self._failures += 1
        longest = LONGEST_BLOCKED if isinstance(error, AccessBlocked) else LONGEST_WAIT
        # with clocks apart the server answers well: one that is set right is noticed at the next poll
        wait = self._poll if isinstance(error, ClocksApart) else self._back_off(error.wait, longest)
        log.warning("event=waiting seconds=%d: %s", wait.total_seconds(), error)
        return wait

    def _notice(self) -> None:
        """Go on at once after a wake-up, and where a pass had failed, with another network; but not
        while the server asked for patience."""
        what = "the machine woke up" if self._surroundings.woke_up() else ""
        if what:
            self._failures, self._is_fresh = 0, True
            self._fed_until = max(self._fed_until, self._clock.ticks() + LONGEST_STEP)
        elif self._is_waiting and self._may_hurry and self._surroundings.is_other_network():
            now = self._surroundings.awake()
            if self._hurried is None or now - self._hurried >= CALM:
                self._hurried, what = now, "the network is another one"
        if what and self._may_hurry and not self._stop.is_set():
            self._may_hurry, self._failures, self._is_fresh = False, 0, True
            log.info("event=hurry: %s", what)
            self._scheduler.modify_job("pass", next_run_time=_real_now())

    def _mind_the_clock(self) -> None:
        """Where the machine's clock was set back, what was to come soon comes soon all the same. Looked for
        by the main thread: of the scheduler's own jobs none would come before the old time is reached
        again."""
        back = self._surroundings.set_back()
        if back < SET_BACK:
            return
        log.warning("event=clock-set-back seconds=%d: ackd goes on by the new time", back.total_seconds())
        for job in self._scheduler.get_jobs():
            if job.next_run_time is not None:
                job.modify(next_run_time=max(job.next_run_time - back, _real_now()))

    def _hang_up(self) -> None:
        self._on_hangup()
        self._scheduler.modify_job("pass", next_run_time=_real_now())

    def _back_off(self, asked: timedelta | None, longest: timedelta = LONGEST_WAIT) -> timedelta:
        """How long to wait after a failure: at least as long as asked, longer each time, but not
        longer than `longest` unasked, with jitter so that many services don't come back at once."""
        grown = self._poll * 2 ** min(max(self._failures - 1, 0), 10)
        if self._is_fresh:  # a network takes some seconds to come up
            grown = min(grown, timedelta(seconds=CALM))
        jitter = float(random.uniform(1.0, 1.2))
        wait = grown * jitter if grown * jitter < longest else longest / jitter
        return max(asked * jitter, wait) if asked else wait

    def _beat(self) -> None:
        """Feed the watchdog: for a while after each progress, and after each pass that ended, one that
        ended in waiting too, until the next must have begun. So neither a pass that hangs nor a schedule
        that lost its passes stays unseen."""
        seen = self._progress()
        if seen != self._seen:
            self._seen = seen
            self._fed_until = max(self._fed_until, self._clock.ticks() + LONGEST_STEP)
        if self._clock.ticks() < self._fed_until:
            notify("WATCHDOG=1")


def notify(message: str) -> None:
    """Tell systemd, where it listens (sd_notify(3)): a datagram to $NOTIFY_SOCKET."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    target = "\0" + address[1:] if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.setblocking(False)  # a listener that is stuck must not stop the service
            out.sendto(message.encode(), target)
    except OSError as error:
        log.debug("event=notify-failed: %s", error)


def _real_now() -> datetime:
    """The scheduler's own time: jobs run by the machine's clock, whatever a clock file says."""
    return datetime.now(UTC)


def _place(error: BaseException) -> str:
    """Where an error came from, without its text, which may hold parts of a mail."""
    trace: Any = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
