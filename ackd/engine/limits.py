"""How many acknowledgements may go out: the caps of docs/design.md, silence C, as one pure decision."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ackd.model import Cap, CapPeriod, Counted, Duration, Rule, RuleName, Unit, Veto

RULE = Rule(
    RuleName.LIMITS,
    "No more letters than the limits allow to one person, in one conversation, in an hour and on a day, and "
    "none while sending is held. A question gets its task all the same, unless `limits.over` says otherwise.",
    mutes_follow_ups=False,
    overridable=True,
    blocks_task=False,
)
HOUR = timedelta(hours=1)

#: Letters in one conversation on one day, to whomever.
PER_THREAD = 3

NO_PAUSE = Duration(0, Unit.HOURS)

#: How many acknowledgements count since a moment, to one asker (by address key) or to all.
Count = Callable[[datetime, str | None], int]


_NEVER = datetime.max.replace(tzinfo=UTC)


class Counts:
    """Acknowledgements that count, by asker (None: all) in the order of their moments: counting those since
    a moment takes no look at each."""

    def __init__(self, counted: Iterable[Counted] = ()) -> None:
        self._moments: defaultdict[str | None, list[datetime]] = defaultdict(list)
        for one in counted:
            self._moments[one.asker].append(one.at or _NEVER)
            if not one.is_rebuilt:
                self._moments[None].append(one.at or _NEVER)
        for moments in self._moments.values():
            moments.sort()

    def since(self, moment: datetime, asker: str | None) -> int:
        """How many, as `Counted.counts` tells of each."""
        moments = self._moments.get(asker, ())
        return len(moments) - bisect_right(moments, moment)


@dataclass(frozen=True, slots=True)
class Limits:
    """The owner's caps. `one_per_sender_within` of zero is no such limit. With `leaves_task` a question
    that a cap leaves without a letter gets its task all the same."""

    one_per_sender_within: Duration = NO_PAUSE
    per_sender_per_day: int = 3
    per_hour: int = 20
    per_day: int = 60
    leaves_task: bool = True

    def veto(self, asker: str, now: datetime, today: datetime, count: Count) -> Veto | None:
        """Why one more acknowledgement to this asker would be too many, or None. `today` is when the
        owner's day began."""
        pause = self.one_per_sender_within.elapsed
        if pause and count(now - pause, asker):
            return RULE.veto(f"this sender got an acknowledgement within {self.one_per_sender_within}")
        if count(today, asker) >= self.per_sender_per_day:
            return RULE.veto(f"this sender got {self.per_sender_per_day} acknowledgements on one day")
        return None

    def counted_from(self, now: datetime, today: datetime) -> datetime:
        """The earliest moment since when acknowledgements are counted."""
        return min(today, now - HOUR, now - self.one_per_sender_within.elapsed)

    @property
    def caps(self) -> tuple[Cap, ...]:
        """What trips the circuit breaker."""
        return Cap(self.per_hour, CapPeriod.HOUR), Cap(self.per_day, CapPeriod.DAY)

    def trip(self, now: datetime, today: datetime, count: Count) -> Cap | None:
        """The cap by which one more acknowledgement to anybody trips the circuit breaker; None if it
        doesn't."""
        of_hour, of_day = self.caps
        if count(now - HOUR, None) >= of_hour.most:
            return of_hour
        return of_day if count(today, None) >= of_day.most else None


def too_many_in_thread(letters: int) -> Veto | None:
    """Why one more acknowledgement in a conversation that has so many letters today would be too many."""
    if letters < PER_THREAD:
        return None
    return RULE.veto(f"this conversation got {PER_THREAD} letters on one day")
