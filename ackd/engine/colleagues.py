"""Whether the organisation's directory knows the senders of whom all depends on that: those whose mail bears
the tenant's marks and no stamp (`internal.authenticated_by_tenant`).

What it said is kept in the ledger, a yes for a day and a no for an hour, so that it is asked little and
somebody new is soon known. Where it can't be asked, nobody is known, and the mail is left with that reason.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ackd.engine.triage import Settings
from ackd.errors import Failed
from ackd.judge import origin
from ackd.model import Mail, SentMail, ValueKey
from ackd.ports import Directory, Ledger

log = logging.getLogger(__name__)

YES, NO = timedelta(days=1), timedelta(hours=1)
MOST = 2000  # answers that are kept


@dataclass(frozen=True, slots=True)
class Answer:
    """What the directory said of an address at a moment."""

    at: datetime
    is_known: bool

    def counts(self, now: datetime) -> bool:
        """Whether it needn't be asked again. A clock that went back makes it ask."""
        return abs(now - self.at) < (YES if self.is_known else NO)


def looked_up(
    settings: Settings, mails: Iterable[Mail], directory: Directory, ledger: Ledger, now: datetime
) -> Settings:
    """The settings with what the directory says of these mails' senders, asked where that is due. Raises
    AckdError where the server is away: then the mails are read again."""
    wanted = _wanted(settings, mails)
    if not wanted:
        return settings
    known = load(ledger)
    if fresh := _fresh(wanted, directory, known, now):
        kept = {address: one for address, one in known.items() if one.counts(now)}
        known = dict(list({**kept, **fresh}.items())[-MOST:])
        ledger.remember(ValueKey.DIRECTORY, _dump(known))
    return _with(settings, known, now)


class Rehearsal:
    """The same while mails of the past are judged, as at one moment: nothing is kept but here."""

    def __init__(self, directory: Directory, now: datetime) -> None:
        self._directory, self._now = directory, now
        self._known: dict[str, Answer] = {}

    def looked_up(self, settings: Settings, mail: Mail | SentMail) -> Settings:
        """See `looked_up`."""
        wanted = _wanted(settings, [mail]) if isinstance(mail, Mail) else set()
        if not wanted:
            return settings
        self._known |= _fresh(wanted, self._directory, self._known, self._now)
        return _with(settings, self._known, self._now)


def _wanted(settings: Settings, mails: Iterable[Mail]) -> set[str]:
    return {address for mail in mails if (address := origin.to_look_up(mail, settings.policy))}


def _fresh(
    wanted: Iterable[str], directory: Directory, known: Mapping[str, Answer], now: datetime
) -> dict[str, Answer]:
    """New answers for those of which none counts; nothing where the directory can't be asked."""
    due = [one for one in wanted if one not in known or not known[one].counts(now)]
    said = _ask(directory, due) if due else None
    return {} if said is None else {address: Answer(now, address in said) for address in due}


def last_known(settings: Settings, ledger: Ledger | None, now: datetime) -> Settings:
    """The settings with what the ledger knows, no server asked."""
    return _with(settings, load(ledger), now)


def _with(settings: Settings, known: Mapping[str, Answer], now: datetime) -> Settings:
    said = {address: one.is_known for address, one in known.items() if one.counts(now)}
    if said == settings.policy.directory:
        return settings
    return replace(settings, policy=replace(settings.policy, directory=said))


def _ask(directory: Directory, addresses: Collection[str]) -> frozenset[str] | None:
    try:
        found = directory.in_directory(addresses)
    except Failed as error:
        log.warning("event=directory-unread: who is in the organisation is unknown: %s", error)
        return None
    if found is None:
        log.warning(
            "event=directory-closed: the directory doesn't let itself be asked, so that no sender without "
            "the server's stamp is proved (internal.authenticated_by_tenant): grant User.ReadBasic.All"
        )
    return found


def load(ledger: Ledger | None) -> dict[str, Answer]:
    """What the ledger knows, by address."""
    kept = json.loads(ledger.value(ValueKey.DIRECTORY) or "{}") if ledger else {}
    return {address: Answer(datetime.fromisoformat(at), said) for address, (at, said) in kept.items()}


def _dump(known: Mapping[str, Answer]) -> str:
    return json.dumps({address: (one.at.isoformat(), one.is_known) for address, one in known.items()})
