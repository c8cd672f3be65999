"""`ackd check`: is everything in place? Looks only; writes nothing anywhere."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ackd.errors import AckdError
from ackd.model import MailboxReport

SKEW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, what was found, and what to do.
    `exit_code` is the process's status if this is the worst."""

    what: str
    well: bool
    found: str
    remedy: str = ""
    exit_code: int = 0


def examine(
    *,
    config_path: Path,
    state: Path,
    notes: tuple[str, ...],
    assumed: tuple[str, ...],
    ask: Callable[[], MailboxReport],
    now: Callable[[], datetime],
) -> Iterator[Finding]:
    """Look at everything in turn; a thing that fails doesn't hide the others."""
    yield Finding("configuration", True, f"{config_path} is valid")
    for words in notes:
        yield Finding("configuration", True, f"note: {words}")
    for words in assumed:
        yield Finding("configuration", True, f"assumed: {words}")
    yield _permissions(state)
    try:
        report = ask()
    except AckdError as error:
        yield Finding("mailbox", False, str(error), _remedy(error), error.exit_code)
        return
    yield Finding("sign-in", True, f"the server knows {report.address}")
    yield Finding("server", True, f"EWS {report.version or 'of an unknown version'}")
    yield _skew(report, now())
    for name, count in report.folders:
        yield Finding("folder", True, f"{name}: {count} items")
    found = "given: an idle poll is one request" if report.commit_times else "not given: every poll syncs"
    yield Finding("commit times", True, found)


def _permissions(state: Path) -> Finding:
    open_files = [
        file.name
        for file in sorted(state.iterdir() if state.is_dir() else ())
        if file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    if open_files:
        names = ", ".join(open_files)
        return Finding("state", False, f"others may read {names} in {state}", f"chmod 600 {state}/*", 78)
    return Finding("state", True, f"{state} is yours alone")


def _skew(report: MailboxReport, now: datetime) -> Finding:
    if report.server_time is None:
        return Finding("clock", True, "the server doesn't tell its time")
    skew = abs(report.server_time - now)
    if skew <= SKEW:
        return Finding("clock", True, f"within {skew.total_seconds():.0f} s of the server's")
    words = f"{timedelta(seconds=round(skew.total_seconds()))} apart from the server's"
    return Finding("clock", False, words, "let this machine keep its time by NTP", 78)


def _remedy(error: AckdError) -> str:
    return {
        77: "check mailbox.username and where the password is kept; where EWS is blocked, ask for it",
        75: "check mailbox.endpoint, the network, and mailbox.ca_bundle for an in-house certificate",
    }.get(error.exit_code, "")
