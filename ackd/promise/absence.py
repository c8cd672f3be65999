"""The owner's absence: who is away when, until when, and who answers meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ackd.model import Duration, Unit
from ackd.promise.calendar import Calendar
from ackd.promise.worktime import Span

_NOTHING = Duration(0, Unit.BUSINESS_HOURS)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Absence:
    """What is known of the owner's absences, and what the owner wants then.

    `spans` are absences whose end is known; `since` begins one whose end isn't. `replies` are the
    periods in which the mailbox answers askers by itself (an end of None isn't known). With
    `acknowledge` ackd answers too; `contact` is whom to ask meanwhile, "" without.
    """

    spans: tuple[Span, ...] = ()
    since: datetime | None = None
    replies: tuple[tuple[datetime, datetime | None], ...] = ()
    contact: str = ""
    acknowledge: bool = False

    def is_away(self, calendar: Calendar, moment: datetime) -> bool:
        """Whether the owner is away: what counts is the next moment of usual work, so that on
        the evening before a holiday somebody is away already and on its last Sunday no more."""
        at = calendar.usual.add(moment, _NOTHING)
        return _holds(self.spans, at) or self._is_open(at)

    def back(self, calendar: Calendar, moment: datetime) -> datetime | None:
        """When the owner who is away at a moment works again, by the owner's clock; None where
        that isn't known."""
        at = calendar.usual.add(moment, _NOTHING)
        if not _holds(self.spans, at):
            return None
        return calendar.local(calendar.span(at + _TICK)[0])  # an end belongs to its span

    def answers_itself(self, moment: datetime) -> bool:
        """Whether the mailbox's own reply is enough for a question that comes at a moment."""
        replied = any(start <= moment and (end is None or moment < end) for start, end in self.replies)
        return replied and not self.acknowledge

    def _is_open(self, at: datetime) -> bool:
        return self.since is not None and self.since <= at


#: Nobody is ever away.
NEVER = Absence()


def _holds(spans: tuple[Span, ...], at: datetime) -> bool:
    return any(start <= at < end for start, end in spans)
