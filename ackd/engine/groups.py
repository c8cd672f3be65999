"""Who belongs to the distribution lists that the configuration names.

The server is asked once a day, and the answer is kept in the ledger with its moment. A failure keeps
the old members, for a week: then they count as unknown, and nobody is a member.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ackd.engine.triage import Settings
from ackd.errors import AckdError, ConfigError, LedgerError, SignInRefused
from ackd.judge.policy import Members
from ackd.model import ValueKey
from ackd.ports import Directory, Ledger

log = logging.getLogger(__name__)

FRESH = timedelta(days=1)
KEPT = timedelta(days=7)
RETRY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Known:
    """A list's members as the server gave them at a moment, and when it was asked last."""

    at: datetime
    tried: datetime
    members: Members

    def is_due(self, now: datetime) -> bool:
        """Whether the server is to be asked again. A clock that went back makes it due too."""
        return abs(now - self.at) >= FRESH and abs(now - self.tried) >= RETRY


class Groups:
    """Keeps a daemon's settings up to date."""

    def __init__(self) -> None:
        self._looked: datetime | None = None

    def refresh(self, settings: Settings, mailbox: Directory, ledger: Ledger, now: datetime) -> Settings:
        """The settings with the members of all lists, asked for where that is due; a look at the
        ledger is made once in `RETRY`. Raises ConfigError for a list that the server doesn't know,
        and AckdError where it can't be asked, for lists that were never seen before."""
        if not settings.groups:
            return settings
        is_recent = self._looked is not None and abs(now - self._looked) < RETRY
        if settings.policy.lists is not None and is_recent:
            return settings
        known = load(ledger)
        for name in settings.groups:
            if name not in known or known[name].is_due(now):
                known[name] = _ask(name, known.get(name), mailbox, now)
                ledger.remember(ValueKey.GROUPS, _dump({n: known[n] for n in settings.groups if n in known}))
        self._looked = now
        return applied(settings, known, now)


def check(settings: Settings, mailbox: Directory, ledger: Ledger, now: datetime) -> None:
    """Ask for lists that were never seen before, so that a changed configuration can be refused
    before it is in force. Raises ConfigError for one that the server doesn't know, and SignInRefused;
    where the server can't be asked otherwise, the pass that follows meets that too."""
    try:
        Groups().refresh(settings, mailbox, ledger, now)
    except (ConfigError, SignInRefused):
        raise
    except AckdError as error:
        log.warning("event=groups-unasked: %s", error)


def applied(settings: Settings, known: Mapping[str, Known], now: datetime) -> Settings:
    """The settings with the members that are known and not too old."""
    lists = {
        name: known[name].members
        for name in settings.groups
        if name in known and abs(now - known[name].at) < KEPT
    }
    inside = Members(frozenset().union(*(lists.get(name, ()) for name in settings.internal_groups)))
    return replace(settings, policy=replace(settings.policy, group_members=inside, lists=lists))


def last_known(settings: Settings, ledger: Ledger | None, now: datetime) -> tuple[Settings, tuple[str, ...]]:
    """The settings with what the ledger knows, no server asked; and in words how old that is."""
    known = load(ledger) if ledger else {}
    return applied(settings, known, now), tuple(_told(settings, known, now))


def _told(settings: Settings, known: Mapping[str, Known], now: datetime) -> Iterator[str]:
    for name in settings.groups:
        found = known.get(name)
        if found is None or abs(now - found.at) >= KEPT:
            yield f"{name} has no members: the server wasn't asked for them in the last {KEPT.days} days"
        else:
            count = len(found.members)
            at = f"{settings.calendar.local(found.at):%Y-%m-%d %H:%M %Z}"
            yield f"{name} has {count} member{'s' * (count != 1)}, as the server said on {at}"


def standing(ledger: Ledger, now: datetime) -> tuple[str, ...]:
    """In words, list by list, as of when its members are known, and how long they count still
    where the server doesn't tell: somebody who left a list belongs to it until it is read anew."""
    return tuple(_standing(name, known, now) for name, known in load(ledger).items())


def lost(settings: Settings, ledger: Ledger, now: datetime) -> tuple[str, ...]:
    """The lists that the owner names whose members were known once and aren't any more: nobody belongs to
    them until the server tells."""
    known = load(ledger)
    return tuple(name for name in settings.groups if name in known and abs(now - known[name].at) >= KEPT)


def _standing(name: str, known: Known, now: datetime) -> str:
    count, at = len(known.members), known.at.isoformat(timespec="seconds")
    if abs(now - known.at) >= KEPT:
        return f"{name}: unknown, so nobody belongs to it; the server said last on {at}"
    words = f"{name}: {count} member{'s' * (count != 1)} as of {at}"
    if known.tried <= known.at:
        return words
    until = (known.at + KEPT).isoformat(timespec="seconds")
    return f"{words}, and since then the server doesn't tell: they count until {until}"


def _ask(name: str, before: Known | None, mailbox: Directory, now: datetime) -> Known:
    """The members of one list now, or what was known before where the server doesn't tell."""
    try:
        members = Members.of(mailbox.expand([name]))
    except (SignInRefused, LedgerError):
        raise
    except AckdError as error:
        if before is None:
            raise
        # also one that isn't there any more: its members stay for a while, then they are nobody
        level = logging.ERROR if isinstance(error, ConfigError) else logging.WARNING
        log.log(level, "event=group-kept: the members of %s stay as of %s: %s", name, before.at, error)
        return replace(before, tried=now)
    log.info("event=group members=%d: the members of a distribution list were read", len(members))
    return Known(now, now, members)


def load(ledger: Ledger) -> dict[str, Known]:
    """What the ledger knows, by list."""
    return {
        name: Known(
            datetime.fromisoformat(entry["at"]),
            datetime.fromisoformat(entry["tried"]),
            Members(entry["members"]),
        )
        for name, entry in json.loads(ledger.value(ValueKey.GROUPS) or "{}").items()
    }


def _dump(known: Mapping[str, Known]) -> str:
    entries = {
        name: {"at": one.at.isoformat(), "tried": one.tried.isoformat(), "members": sorted(one.members)}
        for name, one in known.items()
    }
    return json.dumps(entries, separators=(",", ":"))
