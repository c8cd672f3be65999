"""Settings that are values: durations, working hours, the mode."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

#: What may go wrong where a tenant's marks prove a sender (`internal.authenticated_by_tenant`).
TENANT_RISK = (
    "these marks leave the tenant with its mail, so that outsiders know them. That Microsoft takes copies "
    "away from mail that comes in was seen, but nobody promises it. Whoever got one through, or writes by a "
    "gateway that the tenant trusts, would be taken for a colleague: a task for you, and a letter to the "
    "colleague whom the mail names"
)


class Unit(enum.StrEnum):
    """The unit of a duration as the configuration writes it."""

    SECONDS = "s"
    MINUTES = "min"
    HOURS = "hours"
    DAYS = "days"
    BUSINESS_HOURS = "business hours"
    BUSINESS_DAYS = "business days"

    @property
    def is_business(self) -> bool:
        """Whether it is counted in the owner's working time."""
        return self in (Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS)


@dataclass(frozen=True, slots=True)
class Duration:
    """A span such as "2 business days". Fractions are allowed ("1.5 hours")."""

    amount: float
    unit: Unit

    def __post_init__(self) -> None:
        if not math.isfinite(self.amount) or self.amount < 0:
            raise ValueError("a duration must be zero or more")

    def __str__(self) -> str:
        return f"{self.amount:g} {self.unit.value}"

    @property
    def elapsed(self) -> timedelta:
        """The span in clock time. Raises ValueError for business units: ask the calendar."""
        scale = {Unit.SECONDS: 1, Unit.MINUTES: 60, Unit.HOURS: 3600, Unit.DAYS: 86400}
        if self.unit not in scale:
            raise ValueError(f"{self} depends on the working calendar")
        return timedelta(seconds=self.amount * scale[self.unit])


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Working time of a week: for each weekday (Monday first) the spans worked, in order.

    A span's end may be `time.max`, which stands for 24:00.
    """

    days: tuple[tuple[tuple[time, time], ...], ...]

    @classmethod
    def office(cls) -> WorkingHours:
        """Monday to Friday 09:00-17:00: assumed where nothing better is known."""
        day = ((time(9), time(17)),)
        return cls((day, day, day, day, day, (), ()))


@dataclass(frozen=True, slots=True)
class OwnerSettings:
    """What a mailbox's own settings say of its owner's time; None is what the server doesn't tell.

    `zone` is an IANA name; `unknown_zone` is how the mailbox names one that isn't known. `out_of_office`
    are the periods in which the mailbox answers by itself: an end of None is unknown, the replies were
    simply switched on. `away` are ranges of local dates, both ends included: the entries of whole days,
    shown as away or busy, that the owner's calendar holds for the next weeks."""

    zone: str | None = None
    hours: WorkingHours | None = None
    out_of_office: tuple[tuple[datetime, datetime | None], ...] | None = None
    away: tuple[tuple[date, date], ...] | None = None
    unknown_zone: str = ""


@dataclass(frozen=True, slots=True)
class OwnerCard:
    """Who the mailbox says that its owner is: the display name, and the language (ISO 639-1) in
    which the mailbox names its folders; None is what it doesn't tell."""

    name: str | None = None
    language: str | None = None


class Mode(enum.StrEnum):
    """What ackd may do to the mailbox."""

    PREVIEW = "preview"
    DRAFT = "draft"
    SEND = "send"


class OnMove(enum.StrEnum):
    """What follows when the owner moves a task to another day."""

    TELL = "tell"  # the colleague gets the new date
    ASK = "ask"  # a letter with it waits in Drafts
    IGNORE = "ignore"


class OnOverdue(enum.StrEnum):
    """What follows when the promised moment has passed."""

    REMIND = "remind"  # a mail to the owner
    DRAFT = "draft"  # an apology waits in Drafts
    IGNORE = "ignore"


class WhenAway(enum.StrEnum):
    """What a question brings while the owner is away."""

    TASK = "task"  # alone: the mailbox's own reply is enough
    ACKNOWLEDGE = "acknowledge"


class OverLimit(enum.StrEnum):
    """What a question gets whose letter a limit holds."""

    TASK = "task"
    NOTHING = "nothing"


class Always(enum.StrEnum):
    """Whether the owner's rule has a mail acknowledged."""

    NEVER = "never"
    ALWAYS = "always"


class Caution(enum.StrEnum):
    """How sure ackd must be that an answer is asked for."""

    CAUTIOUS = "cautious"
    BALANCED = "balanced"
    EAGER = "eager"


class CapPeriod(enum.StrEnum):
    """The time in which a cap counts."""

    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Cap:
    """How many acknowledgements may go out in a time, to all askers together."""

    most: int
    per: CapPeriod

    @property
    def words(self) -> str:
        """For the record."""
        article = "an" if self.per is CapPeriod.HOUR else "a"
        return f"{self.most} acknowledgements within {article} {self.per.value} are the limit"


@dataclass(frozen=True, slots=True)
class DigestTimes:
    """When the owner wants the digest: on which weekdays (Monday is 0), at what local time."""

    days: tuple[int, ...]
    at: time
