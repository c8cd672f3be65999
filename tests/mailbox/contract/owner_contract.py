"""What every mailbox backend tells of its owner's time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Protocol

from ackd.model import OwnerCard, WorkingHours
from ackd.ports import Mailbox
from tests.mailbox.contract.mailbox_contract import NOW

DAY = ((time(9), time(17, 30)),)
WEEK = WorkingHours((DAY, DAY, DAY, DAY, DAY, ((time(20), time.max),), ()))


class OwnerWorld(Protocol):
    """A server with the owner's mailbox, whose settings the owner changes. The zone is Berlin's."""

    mailbox: Mailbox

    def owner_works(self) -> None:
        """The owner sets the working hours of `WEEK`."""

    def owner_leaves(self, start: datetime | None, end: datetime | None) -> None:
        """The owner switches automatic replies on, for a time or without an end."""

    def owner_enters(self, first: date, last: date, shown_as: str) -> None:
        """The owner makes a calendar entry of whole days."""


class OwnerContract:
    """The third part of the contract. `world` is an empty mailbox at `NOW`."""

    #: What a mailbox tells whose owner never set anything, and what of `WEEK` it can tell.
    untold: tuple[str | None, WorkingHours | None] = (None, None)
    week = WEEK

    def test_what_is_not_told_is_none(self, world: OwnerWorld) -> None:
        found = world.mailbox.settings()
        assert (found.zone, found.hours) == self.untold
        assert not found.out_of_office
        assert not found.away

    def test_who_the_owner_is(self, world: OwnerWorld) -> None:
        assert world.mailbox.card() == OwnerCard("Alice", "en")
        assert world.mailbox.language() == "en"

    def test_hours_and_zone(self, world: OwnerWorld) -> None:
        world.owner_works()
        found = world.mailbox.settings()
        assert (found.zone, found.hours) == ("Europe/Berlin", self.week)

    def test_a_scheduled_absence_and_one_without_an_end(self, world: OwnerWorld) -> None:
        start, end = NOW + timedelta(days=1), NOW + timedelta(days=8)
        world.owner_leaves(start, end)
        assert world.mailbox.settings().out_of_office == ((start, end),)
        world.owner_leaves(None, None)
        ((since, until),) = world.mailbox.settings().out_of_office or ()
        assert since <= NOW
        assert until is None

    def test_entries_of_whole_days_that_keep_the_owner_away(self, world: OwnerWorld) -> None:
        world.owner_enters(date(2026, 11, 30), date(2026, 12, 4), "OOF")
        world.owner_enters(date(2026, 12, 10), date(2026, 12, 10), "Busy")
        world.owner_enters(date(2026, 12, 15), date(2026, 12, 15), "Free")
        world.owner_enters(date(2027, 3, 1), date(2027, 3, 5), "OOF")  # too far ahead
        assert world.mailbox.settings().away == (
            (date(2026, 11, 30), date(2026, 12, 4)),
            (date(2026, 12, 10), date(2026, 12, 10)),
        )
