"""Who belongs to the fleet: the mailboxes that `fleet.yaml` lists, and the members of its group as it was
read last. What the group said stands in each mailbox's own record, so that every worker knows it."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ackd.config.fleet import Fleet, Member
from ackd.model import ValueKey
from ackd.ports import Ledger

if TYPE_CHECKING:
    from ackd.runtime.ledgers import SharedDatabase

log = logging.getLogger(__name__)

#: The fleet's own record, beside those of the mailboxes: no mailbox has this address.
FLEET = "fleet@fleet.invalid"


@dataclass(frozen=True, slots=True)
class Membership:
    """Since when a mailbox belongs to the group (ISO 8601), and since when it doesn't any more."""

    joined: str
    left: str | None = None

    def dump(self) -> str:
        return json.dumps(asdict(self))

    def is_new(self, now: datetime, preview: timedelta) -> bool:
        """Whether it is only watched yet."""
        return now - datetime.fromisoformat(self.joined) < preview


def read(value: str | None) -> Membership | None:
    """What a mailbox's record says; None where the group never named it."""
    return Membership(**json.loads(value)) if value else None


def belonging(fleet: Fleet, known: Mapping[str, str | None]) -> tuple[Member, ...]:
    """All mailboxes of the fleet's, by what their records say of the group (`ValueKey.FLEET`), by address."""
    return (
        *fleet.members,
        *(
            fleet.member(one)
            for one in known
            if not is_listed(fleet, one) and belongs(fleet, one, known[one])
        ),
    )


def is_listed(fleet: Fleet, address: str) -> bool:
    """Whether `fleet.yaml` itself names a mailbox."""
    return fleet.is_listed(address)


def belongs(fleet: Fleet, address: str, value: str | None) -> bool:
    """Whether a mailbox belongs to the fleet, by what its record says of the group."""
    if is_listed(fleet, address):
        return True
    member = read(value) if fleet.config.group is not None and address != FLEET else None
    return member is not None and member.left is None


def is_preview(fleet: Fleet, address: str, value: str | None, now: datetime) -> bool:
    """Whether a mailbox is only watched yet: it came by the group a short while ago."""
    group, member = fleet.config.group, read(value)
    if group is None or member is None or is_listed(fleet, address):
        return False
    return member.is_new(now, group.preview.elapsed)


def regroup(database: SharedDatabase, members: Collection[str], fleet: Fleet, now: datetime) -> None:
    """The group has these members now: write down who joined, and who left."""
    wanted = {address.lower() for address in members} - {one.address for one in fleet.members}
    standings = database.standings()
    for address in sorted(wanted):
        known = read(standings[address].values.get(ValueKey.FLEET)) if address in standings else None
        if known is None or known.left is not None:
            _write(database.ledger(address), Membership(now.isoformat()))
            log.info("event=joined mailbox=%s", database.ledger(address).mine)
    for address, standing in standings.items():
        known = read(standing.values.get(ValueKey.FLEET)) if address != FLEET else None
        if known is not None and known.left is None and address not in wanted:
            _write(database.ledger(address), replace(known, left=now.isoformat()))
            mine, count = database.ledger(address).mine, standing.open_promises
            log.warning("event=left mailbox=%s open=%d: nothing more is sent", mine, count)


def memberships(database: SharedDatabase) -> Mapping[str, str | None]:
    """What the mailboxes' records say of the group."""
    return {address: one.values.get(ValueKey.FLEET) for address, one in database.standings().items()}


def left(known: Mapping[str, str | None], belonging: Collection[str]) -> Iterator[str]:
    """Whose record stands in the database, and who doesn't belong to the fleet any more."""
    yield from sorted(known.keys() - set(belonging) - {FLEET})


def _write(ledger: Ledger, member: Membership) -> None:
    ledger.remember(ValueKey.FLEET, member.dump())
