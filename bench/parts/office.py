"""A folder with a clock, a server and configurations of ackd: where a benchmark takes place."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.parts.host import APP, PASSWORD, Host
from bench.parts.mails import COLLEAGUES, OWNER
from bench.parts.processes import elsewhere
from exchange_sandbox import FileClock

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
POLL = timedelta(seconds=60)

# no grace period: a pass goes the whole way; no limits: they would end it early
_CONFIG = """\
mailbox:
  address: {address}
  password: {{file: {password}}}
{mailbox}
state: {state}
mode: send
internal:
  domains: [corp.example]
promise:
  working_hours: {{mon-fri: "09:00-17:00"}}
  time_zone: Europe/Berlin
  holidays: {{country: DE, subdivision: BY}}
  absences: {absences}
  grace: {grace}
  grace_urgent: {grace}
  per_day: 100000
limits:
  per_sender_per_day: 100000
  per_hour: 100000
  per_day: 100000
letters:
  name: Alice Smith
"""
_EWS = """\
  endpoint: {url}
  username: {address}"""
_GRAPH = """\
  kind: graph
  endpoint: {url}
  authority: {authority}
  client_id: {app}
  sign_in: secret"""
_TRUSTED = """
  ca_bundle: {trusted}"""


@dataclass(frozen=True, slots=True)
class Office:
    """Where things are, and the server; time moves when `wait` says so."""

    folder: Path
    clock: Path
    host: Host

    def wait(self, time: timedelta = POLL) -> None:
        """Let time pass, for the server and ackd alike."""
        move(self.clock, FileClock(self.clock)() + time)

    def config(
        self,
        address: str = OWNER,
        state: str = "state",
        *,
        kind: str = "ews",
        grace: str = "0 s",
        absences: str = "calendar",
    ) -> Path:
        """A configuration file for one owner; another `state` is another, empty ledger."""
        place = self.folder / address / state
        place.mkdir(parents=True, exist_ok=True)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(PASSWORD, encoding="ascii")
        text = _CONFIG.format(
            address=address,
            mailbox=self._mailbox(kind, address),
            password=password,
            state=place,
            grace=grace,
            absences=absences,
        )
        file = place / "config.yaml"
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        return file

    def _mailbox(self, kind: str, address: str) -> str:
        """The lines of the section `mailbox` that say how it is reached."""
        host = self.host
        trusted = _TRUSTED.format(trusted=host.trusted()) if host.trusted() else ""
        if kind == "ews":
            return _EWS.format(url=host.url(), address=address) + trusted
        return _GRAPH.format(url=host.graph_url(), authority=host.sign_in_url(), app=APP) + trusted


@contextmanager
def office(
    quirks: Sequence[str] = (), owners: Sequence[str] = (OWNER,), *, here: bool = False, tls: bool = False
) -> Iterator[Office]:
    """An office whose server runs in a process of its own, or in this one (`here`); sign-ins of Graph want
    `tls`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ackd-bench-")))
        clock = folder / "clock"
        move(clock, MONDAY)
        arguments = (folder / "sandbox", clock, (*owners, *COLLEAGUES), tuple(quirks))
        if here:
            host = Host(*arguments, tls=tls)
            stack.callback(host.close)
        else:
            host = stack.enter_context(elsewhere(Host, *arguments, tls=tls))
        made = Office(folder, clock, host)
        made.wait()  # a server's folders are older than the first look at them
        yield made


def move(clock: Path, to: datetime) -> None:
    """Set the time in a clock file; a reader never sees half a line."""
    temporary = clock.with_suffix(".new")
    temporary.write_text(to.isoformat(), encoding="ascii")
    temporary.replace(clock)
