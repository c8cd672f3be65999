"""The owner's time zone as servers tell it: by a name, by a rule (a bias and two yearly changes), or by
both. Pure.

Where both are told the rule says what time it is, whatever the name: programs write "UTC" or "Customized
Time Zone" beside any rule. Biases are minutes that are added to local time to give UTC, as Windows has them
(TIME_ZONE_INFORMATION): zones east of Greenwich have negative ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ackd import zones

#: For so many years a server that nobody updates may go by the law of before.
_STALE = 15
#: What a rule without a name is called.
UNNAMED = "a rule of its own"


@dataclass(frozen=True, slots=True)
class Change:
    """When a zone changes each year: on the `order`-th `weekday` (Monday 0; order 5: the last) of `month`
    (0: it never changes), at the local time `at`; where a `year` is told, on that day of that month
    (SYSTEMTIME). `bias` counts from then on beside the zone's."""

    bias: int
    month: int
    order: int
    weekday: int
    at: time
    year: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether there is such a change."""
        longest = 31 if self.year else 5
        return 0 <= self.month <= 12 and 0 <= self.order <= longest and 0 <= self.weekday <= 6

    def moment(self, year: int, bias: int) -> datetime:
        """When it happens in a year; `bias` is that of the time before it."""
        first = datetime(year, self.month, 1, self.at.hour, self.at.minute, self.at.second, tzinfo=UTC)
        if self.year:
            day = first + timedelta(days=max(self.order, 1) - 1)
        else:
            weeks = 7 * (max(self.order, 1) - 1)
            day = first + timedelta(days=(self.weekday - first.weekday()) % 7 + weeks)
        while day.month != self.month:
            day -= timedelta(days=7)
        return day + timedelta(minutes=bias)


@dataclass(frozen=True, slots=True)
class Rule:
    """A zone that a server describes."""

    bias: int
    standard: Change
    daylight: Change

    @property
    def mirrored(self) -> Rule:
        """The rule with biases that are positive ahead of UTC: so Graph's documentation says, and few
        servers do (https://learn.microsoft.com/graph/api/resources/customtimezone)."""
        standard, daylight = (replace(one, bias=-one.bias) for one in (self.standard, self.daylight))
        return Rule(-self.bias, standard, daylight)

    def course(self, year: int) -> zones.Course | None:
        """What it does through a year; None where no zone can go by it."""
        standard, daylight = self.standard, self.daylight
        biases = [self.bias + one.bias for one in (standard, daylight)]
        if not standard.is_sound or not daylight.is_sound or any(abs(one) >= 24 * 60 for one in biases):
            return None
        moments = [moment for moment, _ in zones.course(UTC, year)]
        if not standard.month or not daylight.month:
            return [(moment, -timedelta(minutes=biases[0])) for moment in moments]
        starts, ends = daylight.moment(year, biases[0]), standard.moment(year, biases[1])
        summers = (
            starts <= moment < ends if starts < ends else not ends <= moment < starts for moment in moments
        )
        return [
            (moment, -timedelta(minutes=biases[is_summer]))
            for moment, is_summer in zip(moments, summers, strict=True)
        ]


def goes_by(zone: ZoneInfo, rule: Rule, now: datetime) -> bool:
    """Whether a zone goes by a rule in the year around now."""
    expected = rule.course(now.year)
    return expected is not None and not zones.differ(zone.key, expected)


def meant(name: str, rule: Rule | None, likely: ZoneInfo, now: datetime) -> str | None:
    """The IANA name of the zone that a server means by a name and a rule; None where nobody can tell.

    Of zones that go by the rule in the year around now it is the likely one, that of the name, or one of a
    large city: they show the same time. A place that went by the rule by an earlier law means that the
    server doesn't know the new one: then the place counts, and so it does where no zone goes by the rule."""
    known = zones.named(name)
    if rule is None:
        return known
    place = known if zones.is_place(known) else None
    expected = rule.course(now.year)
    if expected is None:
        return place
    first = [one for one in (likely.key, known) if one]
    if exact := next((one for one in first if not zones.differ(one, expected)), None):
        return exact
    if place and _went_by(rule, place, now.year):
        return place
    return zones.like(expected, first) or place


def meant_either_way(name: str, rule: Rule, likely: ZoneInfo, now: datetime) -> str | None:
    """As `meant`, where the server may count biases either way round. In summer clocks go forward, which
    tells the way; of a zone without a summer the likely one."""
    first, second = (rule.mirrored, rule) if rule.daylight.bias > 0 else (rule, rule.mirrored)
    if not rule.daylight.bias and goes_by(likely, second, now):
        return likely.key
    return meant(name, first, likely, now) or meant(name, second, likely, now)


def _went_by(rule: Rule, name: str, year: int) -> bool:
    courses = (rule.course(one) for one in range(year - _STALE, year))
    return any(one is not None and not zones.differ(name, one) for one in courses)
