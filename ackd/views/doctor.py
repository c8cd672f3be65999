"""`ackd check`: is everything in place? Looks only; writes nothing anywhere."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ackd.engine.inspection import Inspection, Stamps
from ackd.engine.self_test import SelfTest
from ackd.engine.waiting import TOLERATED
from ackd.errors import AccessBlocked, AckdError, ExitStatus, NoConnection, SignInOver, SignInRefused
from ackd.judge.policy import Policy
from ackd.model import LEASE_TIME, FolderNote, MailboxReport, OwnerSettings, SelfTestResult
from ackd.views import stamps

SKEW = timedelta(minutes=2)

#: What a thing that doesn't hold means, and what to do.
_REMEDIES = {
    "letter": "look at the server's word; in mode draft nothing is sent",
    "letter found by its token": "stay in mode preview: after a doubt ackd couldn't tell what went out",
    "marks of a letter": "ackd knows its letters in Sent Items anyhow; other robots may answer them",
    "categories": "commands by category don't work here",
    "task's date": "compare the time zones of the mailbox and of promise.time_zone",
    "exclusive folders": "let only one ackd work on this mailbox: two couldn't take turns",
    "removed again": "delete it in Outlook",
}
_GRAVE = ("letter", "letter found by its token", "task's date", "exclusive folders")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, what was found, and what to do.
    `exit_code` is the process's status if this is the worst, `numbers` what the words were made of."""

    what: str
    well: bool
    found: str
    remedy: str = ""
    exit_code: ExitStatus = ExitStatus.DONE
    numbers: Stamps | None = None


def examine(
    *,
    config_path: Path,
    state: Path,
    notes: tuple[str, ...],
    assumed: Callable[[OwnerSettings | None], Iterable[str]],
    is_said: Callable[[str], bool],
    inspect: Callable[[], Inspection],
    now: Callable[[], datetime],
) -> Iterator[Finding]:
    """Look at everything in turn; a thing that fails doesn't hide the others. `assumed` says what nobody
    told, the mailbox having told this (None: it can't be asked)."""
    yield Finding("configuration", True, f"{config_path} is valid")
    for words in notes:
        yield Finding("configuration", True, f"note: {words}")
    yield Finding("permissions", True, f"{config_path} is changed by you alone")
    yield _permissions(state)
    try:
        seen = inspect()
    except AckdError as error:
        yield from _assumed(assumed(None))
        words = error.words if isinstance(error, SignInOver | NoConnection) else str(error)
        yield Finding("mailbox", False, words, _remedy(error), error.exit_code)
        return
    report = seen.report
    yield Finding("sign-in", True, f"the server knows {report.address}")
    yield Finding("server", True, report.version)
    yield _skew(report, now())
    yield _lease(report, seen.holder)
    for name, count in report.folders:
        yield Finding("folder", True, f"{name}: {count} items")
    for note in report.notes:
        yield _noted(note)
    yield from (Finding(result.what, bool(result.holds), result.found) for result in report.findings)
    yield from owner_time(seen.settings, is_said)
    yield from _assumed(assumed(seen.settings))
    yield _stamps(seen.stamps, seen.policy, seen.tenant)
    if seen.directory_answers is not None:
        yield _directory(is_open=seen.directory_answers)
    yield told(seen.self_test)


def _assumed(words: Iterable[str]) -> Iterator[Finding]:
    return (Finding("configuration", True, f"assumed: {one}") for one in words)


def _noted(note: FolderNote) -> Finding:
    """A folder of which the owner should know something; what isn't read is a fault."""
    if note.is_read:
        return Finding("folder", True, f"note: {note.words}")
    remedy = "write the folder's path as Outlook shows it into mailbox.folders, or make the folder anew"
    return Finding("folder", False, note.words, remedy, ExitStatus.WRONG)


def owner_time(settings: OwnerSettings, is_said: Callable[[str], bool]) -> Iterator[Finding]:
    """What the mailbox tells of its owner's time; `is_said` knows the keys of the section `promise`
    that the configuration sets itself, which counts."""

    def untold(key: str) -> str:
        return f"promise.{key} says it" if is_said(key) else f"the mailbox doesn't tell: set promise.{key}"

    unknown = f"the mailbox's own ({settings.unknown_zone}) isn't known: set promise.time_zone"
    zone, hours = settings.zone, "given" if settings.hours else None
    if is_said("time_zone"):
        zone = untold("time_zone") + (f"; the mailbox's own is {zone}" if zone else "")
    if is_said("working_hours"):
        hours = untold("working_hours")
    yield Finding("time zone", True, zone or (unknown if settings.unknown_zone else untold("time_zone")))
    yield Finding("working hours", True, hours or untold("working_hours"))
    if settings.out_of_office is None:
        yield Finding("out of office", True, untold("absences"))
    else:
        yield Finding("out of office", True, "replies are on or planned" if settings.out_of_office else "off")


def _stamps(seen: Stamps, policy: Policy, tenant: str) -> Finding:
    """Whether the server says which mail is from inside: without that, nothing is acknowledged."""
    words = ": ".join(filter(None, (stamps.numbers(seen), stamps.follows(seen, policy))))
    if stamps.is_well(seen, policy):
        return Finding("stamps", True, words, numbers=seen)
    return Finding("stamps", False, words, stamps.remedy(seen, tenant), ExitStatus.WRONG, seen)


def _directory(*, is_open: bool) -> Finding:
    if is_open:
        return Finding("directory", True, "it tells who is in the organisation")
    words = "it doesn't let itself be asked: no sender is proved by internal.authenticated_by_tenant"
    remedy = "an administrator can grant User.ReadBasic.All (Graph); else set the key to null"
    return Finding("directory", False, words, remedy, ExitStatus.WRONG)


def _permissions(state: Path) -> Finding:
    open_files = [
        file.name
        for file in sorted(state.iterdir() if state.is_dir() else ())
        if file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    if open_files:
        names = ", ".join(open_files)
        return Finding(
            "state", False, f"others may read {names} in {state}", f"chmod 600 {state}/*", ExitStatus.WRONG
        )
    return Finding("state", True, f"{state} is yours alone")


def _skew(report: MailboxReport, now: datetime) -> Finding:
    if report.server_time is None:
        found = "the server doesn't tell its time: waits are measured by this machine's boot clock"
        return Finding("clock", True, found)
    skew = abs(report.server_time - now)
    if skew <= SKEW:
        return Finding("clock", True, f"within {skew.total_seconds():.0f} s of the server's")
    words = f"{timedelta(seconds=round(skew.total_seconds()))} apart from the server's"
    words += ": nothing is judged or sent" if skew > TOLERATED else ""
    return Finding("clock", False, words, "let this machine keep its time by NTP", ExitStatus.WRONG)


def _lease(report: MailboxReport, holder: str) -> Finding:
    """Who may write now; a lease that its holder left behind is said, and ends by itself."""
    found = report.lease
    if found is None:
        return Finding("lease", True, "free: no ackd writes to the mailbox at present")
    who = "this ackd" if found.holder == holder else f"another ackd ({found.holder[:8] or 'unnamed'})"
    since = f" since {found.since.isoformat(timespec='seconds')}" if found.since else ""
    if found.since and report.server_time and report.server_time - found.since > LEASE_TIME:
        return Finding("lease", True, f"{who} left it behind{since}: the next one that writes takes it over")
    return Finding("lease", True, f"{who} holds it{since}: others write when it is given back or over")


def _remedy(error: AckdError) -> str:
    if isinstance(error, NoConnection):
        return error.remedy
    if isinstance(error, SignInRefused) and error.remedy:
        return error.remedy.removeprefix("run: ")
    if isinstance(error, AccessBlocked):
        return "ask your administrators for access"
    return {
        ExitStatus.REFUSED: "check mailbox.username and where the password is kept",
        ExitStatus.TRY_AGAIN: "ackd tries again by itself; where it stays so, ask your administrators",
    }.get(error.exit_code, "")


# --- what was tried --------------------------------------------------------------------------


def tried(result: SelfTestResult) -> Finding:
    """One thing that a self-test tried. Without commit times all works, only with more requests."""
    if result.holds or not result.needed:
        return Finding(result.what, True, result.found)
    failed = ExitStatus.WRONG if result.what in _GRAVE else ExitStatus.DONE
    status = ExitStatus.TRY_AGAIN if result.holds is None else failed
    return Finding(result.what, False, result.found, _REMEDIES.get(result.what, ""), status)


def told(known: SelfTest | None) -> Finding:
    """One line on the last self-test, for a check that sends nothing."""
    if known is None:
        return Finding("self-test", True, "this server was never tried: ackd check --send-to-self does it")
    failed = [result.what for result in known.results if not result.holds]
    words = f"doesn't hold: {', '.join(failed)}" if failed else "all holds"
    return Finding(
        "self-test", True, f"tried on {known.at.isoformat(timespec='minutes')} with {known.version}: {words}"
    )
