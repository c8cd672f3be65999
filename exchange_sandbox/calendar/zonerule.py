"""Time zones as rules: a bias and two yearly changes.

Biases are minutes that are added to local time to give UTC: zones east of Greenwich have negative ones.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST = 5  # as a day's order: the last one of the month


@dataclass(frozen=True, slots=True)
class Change:
    """When a zone changes, each year: the ``order``-th ``weekday`` (Monday 0) of ``month`` at the local time
    ``at``, and the bias from then on beside the zone's. Month 0 where the zone never changes."""

    bias: int = 0
    at: time = time()
    order: int = 0
    month: int = 0
    weekday: int = 6

    def moment(self, year: int) -> datetime:
        """The local time of the change in a year, written down without a zone."""
        first, length = monthrange(year, self.month)
        day = 1 + (self.weekday - first) % 7 + 7 * (self.order - 1)
        while day > length:
            day -= 7
        return datetime.combine(date(year, self.month, day), self.at)


@dataclass(frozen=True, slots=True)
class Rule:
    """A zone: its bias, and when standard time and daylight saving time begin."""

    bias: int
    standard: Change = Change()
    daylight: Change = Change()

    def packed(self) -> list[int]:
        """The rule as numbers, to be kept: the bias, then of both changes bias, minute, order, month and
        weekday."""
        changes = (self.standard, self.daylight)
        return [self.bias] + [
            number
            for one in changes
            for number in (one.bias, one.at.hour * 60 + one.at.minute, one.order, one.month, one.weekday)
        ]

    @classmethod
    def unpacked(cls, numbers: list[int]) -> Rule:
        """The rule that was packed."""
        changes = [
            Change(bias, time(*divmod(minute, 60)), order, month, weekday)
            for bias, minute, order, month, weekday in (numbers[1:6], numbers[6:11])
        ]
        return cls(numbers[0], *changes)


class RuleZone(tzinfo):
    """The zone that a rule describes; ``names`` are its id and its name, as a client gave them."""

    def __init__(self, rule: Rule, names: tuple[str, str] = ("Custom", "Custom")) -> None:
        self.rule = rule
        self.names = names

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """The offset at a local time."""
        rule = self.rule
        change = rule.standard
        if moment is not None and rule.standard.month and rule.daylight.month:
            wall = moment.replace(tzinfo=None)
            begin, end = rule.daylight.moment(wall.year), rule.standard.moment(wall.year)
            is_summer = begin <= wall < end if begin < end else not end <= wall < begin
            change = rule.daylight if is_summer else rule.standard
        return -timedelta(minutes=rule.bias + change.bias)

    def dst(self, moment: datetime | None) -> timedelta:
        """How much of the offset is daylight saving time."""
        return self.utcoffset(moment) + timedelta(minutes=self.rule.bias + self.rule.standard.bias)

    def tzname(self, moment: datetime | None) -> None:
        """Rules have no names."""
        return


def zone_named(name: str) -> ZoneInfo:
    """A zone by its IANA or Windows name; raises ValueError."""
    from babel.core import get_global

    try:
        return ZoneInfo(get_global("windows_zone_mapping").get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"{name!r}: no such time zone; write it like Europe/Berlin or W. Europe Standard Time"
        ) from error


def rule_of(zone: tzinfo, year: int) -> Rule:
    """The rule by which a zone goes in a year."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    offsets = [_offset(start + timedelta(days=day), zone) for day in range(367)]
    changes = [day for day in range(366) if offsets[day] != offsets[day + 1]]
    if len(changes) != 2:  # a zone without daylight saving time, or one that gives it up this year
        return Rule(-offsets[-1])
    standard = min(offsets)
    found = {}
    for day in changes:
        at = _moment_of_change(start + timedelta(days=day), zone)
        found[_offset(at, zone)] = _change(at, zone, standard)
    return Rule(-standard, found[standard], next(one for key, one in found.items() if key != standard))


def _offset(moment: datetime, zone: tzinfo) -> int:
    return int((moment.astimezone(zone).utcoffset() or timedelta()).total_seconds()) // 60


def _moment_of_change(day: datetime, zone: tzinfo) -> datetime:
    before, low, high = _offset(day, zone), 0, 24 * 60
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (
            (middle, high) if _offset(day + timedelta(minutes=middle), zone) == before else (low, middle)
        )
    return day + timedelta(minutes=high)


def _change(at: datetime, zone: tzinfo, standard: int) -> Change:
    before = _offset(at - timedelta(minutes=1), zone)
    wall = at + timedelta(minutes=before)
    length = monthrange(wall.year, wall.month)[1]
    order = LAST if wall.day + 7 > length else (wall.day + 6) // 7
    return Change(standard - _offset(at, zone), wall.time(), order, wall.month, wall.weekday())
