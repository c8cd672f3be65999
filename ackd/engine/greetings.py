"""The given names of askers, by the mailbox's directory: asked for where the display name and the address
leave doubt (`letters.first_name`), a few at a time, and kept in the ledger for a month."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ackd.errors import AckdError, SignInRefused
from ackd.letters import first_name
from ackd.model import Address, ValueKey
from ackd.ports import Directory, Ledger

log = logging.getLogger(__name__)

FRESH, UNKNOWN = timedelta(days=30), timedelta(days=3)
AT_ONCE = 5  # that are asked for with one batch of letters: the others are greeted by what is known
MOST = 1000  # that are kept


@dataclass(frozen=True, slots=True)
class Answer:
    """What the directory said of an address at a moment: its given name, "" for a mailbox that is nobody's,
    None where it doesn't know the address."""

    at: datetime
    name: str | None

    def counts(self, now: datetime) -> bool:
        """Whether it needn't be asked again. A clock that went back makes it ask."""
        return abs(now - self.at) < (UNKNOWN if self.name is None else FRESH)


def told(
    askers: Iterable[Address], directory: Directory, ledger: Ledger, now: datetime
) -> Mapping[str, str | None]:
    """What the directory says, by `Address.key`, asked for where that is due; nothing keeps a letter back but
    a sign-in that was refused (SignInRefused)."""
    doubtful = {asker.key for asker in askers if first_name.is_doubtful(asker)}
    if not doubtful:
        return {}
    known = load(ledger)
    due = sorted(one for one in doubtful if one not in known or not known[one].counts(now))[:AT_ONCE]
    if due and (said := _ask(directory, due)) is not None:
        known = {one: answer for one, answer in known.items() if answer.counts(now)}
        known |= {one: Answer(now, said.get(one)) for one in due}
        ledger.remember(ValueKey.GIVEN_NAMES, _dump(dict(list(known.items())[-MOST:])))
    return {one: known[one].name for one in doubtful if one in known}


def _ask(directory: Directory, addresses: list[str]) -> Mapping[str, str] | None:
    try:
        return directory.given_names(addresses)
    except SignInRefused:
        raise
    except AckdError as error:
        log.warning("event=directory-unread: askers are greeted by their display names: %s", error)
        return None


def load(ledger: Ledger) -> dict[str, Answer]:
    """What the ledger knows, by address."""
    kept = json.loads(ledger.value(ValueKey.GIVEN_NAMES) or "{}")
    return {one: Answer(datetime.fromisoformat(at), name) for one, (at, name) in kept.items()}


def _dump(known: Mapping[str, Answer]) -> str:
    rows = {one: (answer.at.isoformat(), answer.name) for one, answer in known.items()}
    return json.dumps(rows, ensure_ascii=False)
