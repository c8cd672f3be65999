"""A fleet at work on this machine: a sandbox with many mailboxes, a PostgreSQL server, workers as processes
of their own, and one of them killed in the midst of its work."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from ackd.clock import FileClock
from ackd.config.fleet import load_fleet
from ackd.demo.postgres import Server, free_port
from ackd.errors import LedgerError, UsageError
from ackd.mailbox import mail_program
from ackd.mailbox.program import MailProgram
from ackd.model.access import Access
from ackd.runtime.fleet.status import FleetStatus, status
from ackd.runtime.ledgers import shared_database
from exchange_sandbox import Sandbox
from exchange_sandbox.server.server import deliver

Tell = Callable[[str], None]
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "ackd-demo"  # noqa: S105 - of mailboxes that live for a minute
SERVICE = "ackd-service@corp.example"
#: After so long what a killed worker left in doubt is looked for once more.
DOUBT_IS_OVER = timedelta(minutes=11)
APP = "00000000-0000-4000-8000-00000000f1ee"
BY_EWS = """\
sign_in:
  endpoint: {endpoint}
  username: {service}
  password: {{file: {password}}}
"""
BY_GRAPH = """\
sign_in:
  kind: graph
  endpoint: {endpoint}
  authority: {authority}
  client_id: {app}
  sign_in: certificate
  certificate: {certificate}
  ca_bundle: {ca_bundle}
"""
CONFIG = """\
database: {database}
state: {state}
poll: {poll}
{sign_in}defaults:
  mode: send
  internal: {{domains: [corp.example]}}
  promise:
    time_zone: UTC
    working_hours: {{mon-fri: "08:00-18:00"}}
    absences: []
    grace: 0 min
  limits: {{per_sender_per_day: 1000, per_hour: 1000, per_day: 1000}}
  follow_up: {{digest: never}}
worker: {{threads: {threads}, heartbeat: 1 s}}
mailboxes:
{mailboxes}
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was counted on the server: questions, letters and tasks; of how many questions there are two
    letters or two tasks, and of how many one is missing; and how many workers were killed."""

    mailboxes: int
    questions: int
    letters: int
    tasks: int
    twice: int
    lost: int
    killed: int

    @property
    def is_well(self) -> bool:
        """Whether each question got exactly one letter and one task."""
        return self.twice == self.lost == 0 and self.questions == self.letters == self.tasks > 0

    def __str__(self) -> str:
        return (
            f"mailboxes {self.mailboxes}, questions {self.questions}, letters {self.letters}, "
            f"tasks {self.tasks}, twice {self.twice}, lost {self.lost}, killed {self.killed}"
        )


class FleetStage:
    """Everything in one folder, on one clock that is moved by hand. A context manager."""

    def __init__(
        self,
        folder: Path,
        mailboxes: int = 50,
        *,
        threads: int = 3,
        poll: str = "2 s",
        database: str = "",
        certificate: Path | None = None,
    ) -> None:
        """`database` is the URL of one that is there already; else a server is begun for it. With an app's
        `certificate` (PEM, with its key) the mailboxes are reached by Graph over TLS, else by EWS in the name
        of their owners."""
        self._certificate = certificate
        self.folder, self.mailboxes, self._threads, self._poll = folder, mailboxes, threads, poll
        self._url = database
        self.people = [f"person{number:04}@corp.example" for number in range(1, mailboxes + 1)]
        self.clock_file, self.config_file = folder / "clock", folder / "fleet.yaml"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.killed = 0
        self.questions: dict[str, tuple[str, str]] = {}  # by subject: whose mailbox, and who asks
        self.move_to(MONDAY)
        self.clock = FileClock(self.clock_file)
        known = dict.fromkeys((*self.people, SERVICE), PASSWORD)
        apps = {APP: certificate} if certificate else None
        self.sandbox = Sandbox(
            folder / "sandbox",
            known,
            clock=self.clock.now,
            tls=certificate is not None,
            app_certificates=apps,
        )
        self.server = Server(folder / "postgresql", free_port())

    def __enter__(self) -> Self:
        self.folder.chmod(0o711)  # the database's server may be another user
        if not self._url:
            self.server.folder.mkdir(mode=0o755)
            self.server.make()
            self.server.start(synchronous_commit="on")  # what is written down stays, whoever is killed
        self.sandbox.start()
        self.sandbox.allow_impersonation(SERVICE)
        password = self.folder / "secret"
        password.touch(mode=0o600)
        password.write_text(PASSWORD, encoding="ascii")
        listed = "\n".join(f"  - address: {one}" for one in self.people)
        text = CONFIG.format(
            database=self._url or self.server.url("postgres"),
            poll=self._poll,
            state=self.folder / "state",
            sign_in=self._sign_in(password),
            threads=self._threads,
            mailboxes=listed,
        )
        self.use(text)
        self.database = shared_database(self.fleet.config.database, 2)
        self.database.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()
        with suppress(AttributeError):
            self.database.close()
        self.sandbox.stop()
        if not self._url:
            with suppress(UsageError):
                self.server.stop()

    def _sign_in(self, password: Path) -> str:
        if self._certificate is None:
            return BY_EWS.format(endpoint=self.sandbox.url, service=SERVICE, password=password)
        return BY_GRAPH.format(
            endpoint=self.sandbox.graph_url,
            authority=self.sandbox.sign_in_url,
            app=APP,
            certificate=self._certificate,
            ca_bundle=self.sandbox.authority,
        )

    # --- its people and machines ------------------------------------------------------------

    def move_to(self, moment: datetime) -> None:
        """It is that moment now, for all."""
        temporary = self.clock_file.with_suffix(".new")
        temporary.write_text(moment.isoformat(), encoding="ascii")
        temporary.replace(self.clock_file)  # a reader never sees half a line

    def use(self, config: str) -> None:
        """This stands in fleet.yaml from now on."""
        self.config_file.touch(mode=0o600)
        self.config_file.write_text(config, encoding="utf-8")
        self.fleet = load_fleet(self.config_file)

    def begin_worker(self) -> subprocess.Popen[bytes]:
        """One more worker."""
        command = [sys.executable, "-m", "ackd", "fleet", "worker", "--config", str(self.config_file)]
        log = (self.folder / f"worker-{len(self.workers) + 1}.log").open("wb")
        with log:
            worker = subprocess.Popen(  # noqa: S603 - ourselves
                [*command, "--clock", str(self.clock_file)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.workers.append(worker)
        return worker

    def is_at_work(self, worker: subprocess.Popen[bytes]) -> bool:
        """Whether it has begun to serve the queue."""
        log = self.folder / f"worker-{self.workers.index(worker) + 1}.log"
        return b'"event": "started"' in log.read_bytes()

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """As by a power cut."""
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.killed += 1

    def ask(self, each: int) -> None:
        """Everybody gets so many questions, from colleagues."""
        for number in range(len(self.people)):
            for round_ in range(each):
                self.ask_one(number, round_)

    def ask_one(self, number: int, round_: int = 0) -> None:
        """The person with that number gets a question, from another colleague each round."""
        others = max(1, len(self.people) - 1)
        owner, asker = self.people[number], self.people[(number + 1 + round_ % others) % len(self.people)]
        subject = f"Budget {len(self.questions) + 1:05}"
        self.questions[subject] = owner, asker
        self._deliver(owner, asker, subject, "could you please send me the figures for the budget?")

    def tell_one(self, number: int, what: int) -> None:
        """The person with that number gets a mail that asks nothing, the `what`th of all."""
        owner, author = self.people[number], self.people[(number + 1) % len(self.people)]
        self._deliver(owner, author, f"News {what:05}", "the figures of last week are in the usual folder.")

    def _deliver(self, owner: str, author: str, subject: str, words: str) -> None:
        mail, store = self._mail(owner, author, subject, words), self.sandbox._store
        deliver(self.sandbox.data, [mail], owner, clock=self.clock.now, signed_in=True, store=store)

    def _mail(self, owner: str, asker: str, subject: str, words: str) -> bytes:
        now = self.clock.now()
        return (
            f"Message-ID: <{subject.replace(' ', '-')}@corp.example>\r\n"
            f"Date: {now:%a, %d %b %Y %H:%M:%S %z}\r\nFrom: <{asker}>\r\nTo: <{owner}>\r\n"
            f"Subject: {subject}\r\nX-MS-Exchange-Organization-AuthAs: Internal\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            f"Hi,\r\n\r\n{words}\r\n\r\nThanks\r\n"
        ).encode()

    # --- how far it is ----------------------------------------------------------------------

    def standing(self) -> FleetStatus:
        """As `ackd fleet status` tells it."""
        return status(self.fleet, self.database, self.clock.now())

    def wait_until(self, what: Callable[[FleetStatus], bool], until: float) -> bool:
        """Whether it came so before a moment of `time.monotonic`. Raises where no worker lives any more."""
        while time.monotonic() < until:
            with suppress(LedgerError):
                if what(self.standing()):
                    return True
            if all(worker.poll() is not None for worker in self.workers):
                raise UsageError(f"no worker lives; one said last: {self._last_words()}")
            time.sleep(0.1)
        return False

    def _last_words(self) -> str:
        logs = (self.folder / f"worker-{number}.log" for number in range(len(self.workers), 0, -1))
        said = [line for log in logs for line in log.read_text(encoding="utf-8").splitlines()[-1:]]
        return next(iter(said), "nothing")

    def count(self) -> Outcome:
        """What stands in the mailboxes, as their owners see it."""
        letters, tasks = Counter[str](), Counter[str]()
        with ThreadPoolExecutor(2) as threads:
            for got, made in threads.map(self._look, self.people):
                letters.update(got)
                tasks.update(made)
        twice = [one for one in self.questions if letters[one] > 1 or tasks[one] > 1]
        lost = [one for one in self.questions if not letters[one] or not tasks[one]]
        counts = letters.total(), tasks.total(), len(twice), len(lost)
        return Outcome(self.mailboxes, len(self.questions), *counts, self.killed)

    def program(self, person: str) -> MailProgram:
        """A person's own mail program."""
        trusted = str(self.sandbox.authority) if self.sandbox.authority else None
        access = Access(person, self.sandbox.url, person, PASSWORD, ca_bundle=trusted)
        return mail_program(access, ZoneInfo("UTC"))

    def _look(self, person: str) -> tuple[Sequence[str], Sequence[str]]:
        """The subjects of the questions whose letters came here, and of those that are tasks here."""
        program = self.program(person)
        try:
            got = [mail.subject.removeprefix("Re: ") for mail in program.inbox(self.clock.now())
                   if mail.subject.startswith("Re: ")]  # fmt: skip
            made = [one for task in program.tasks() for one in self.questions if one in task.subject]
        finally:
            program.close()
        return got, made


def play(folder: Path, tell: Tell, *, mailboxes: int = 50, each: int = 1, seconds: float = 180.0) -> Outcome:
    """The whole story; it is given up after so many seconds. Raises AckdError where it can't be played."""
    until = time.monotonic() + seconds
    with FleetStage(folder, mailboxes) as stage:
        tell(f"a sandbox with {mailboxes} mailboxes, a PostgreSQL server, two workers")
        first, _ = stage.begin_worker(), stage.begin_worker()
        stage.wait_until(lambda now: now.healthy == mailboxes, until)
        stage.move_to(MONDAY + timedelta(minutes=5))
        stage.ask(each)
        wanted = len(stage.questions)
        tell(f"each mailbox was looked at once; now {wanted} questions come in")
        stage.wait_until(lambda now: now.open_promises >= wanted // 4, until)
        stage.kill(first)
        tell("one worker is killed in the midst of its work; the other takes up what it had begun")
        stage.wait_until(lambda now: now.open_promises == wanted, until)
        return _settled(stage, until)


def _settled(stage: FleetStage, until: float) -> Outcome:
    """What was counted, once nothing is missing any more, or time is over."""
    is_late = False
    while True:
        outcome = stage.count()
        if outcome.is_well or time.monotonic() > until:
            return outcome
        if not is_late:  # what was in doubt when the worker was killed is looked for again by now
            stage.move_to(MONDAY + DOUBT_IS_OVER)
            is_late = True
        time.sleep(0.5)
