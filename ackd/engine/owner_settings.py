"""The owner's working time and absences: what the configuration says, completed by what the
mailbox's own settings say, and by assumptions where neither does.

The mailbox is asked at the start and every few hours, not at each poll. What it said last is kept
in the ledger, for a start without the server and for `ackd explain`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ackd import zones
from ackd.errors import AckdError, ConfigError, Retry, SignInRefused
from ackd.model import OwnerSettings, ValueKey, WorkingHours
from ackd.ports import Clock, Ledger, OwnerProfile
from ackd.promise.absence import Absence
from ackd.promise.calendar import Calendar, make

log = logging.getLogger(__name__)

#: The ledger's word for what the mailbox said last.
EVERY = timedelta(hours=3)
AGAIN = timedelta(minutes=15)  # after the mailbox couldn't say it
#: A return that is farther away than this is none: people leave replies on for ever that way.
FARTHEST_RETURN = timedelta(days=366)
_A_DAY = timedelta(days=1)

Dates = tuple[tuple[date, date], ...]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Known:
    """What the mailbox said last, and when."""

    at: datetime
    settings: OwnerSettings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the owner says; None leaves it to the mailbox."""

    zone: ZoneInfo | None = None
    hours: WorkingHours | None = None
    absences: Dates | None = None
    country: str | None = None
    subdivision: str | None = None
    extra: tuple[date, ...] = ()
    contact: str = ""
    acknowledge: bool = False

    @property
    def of_mailbox(self) -> bool:
        """Whether the mailbox is to be asked."""
        return self.zone is None or self.hours is None or self.absences is None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The owner's time; `assumed` says in words what of it nobody told."""

    calendar: Calendar
    absence: Absence
    assumed: tuple[str, ...]


def resolve(wanted: Wanted, known: Known | None) -> Resolved:
    """The owner's time from what is wanted and known. Raises ValueError for a country or
    subdivision without holidays that are known."""
    told = known.settings if known else OwnerSettings()
    zone = wanted.zone or zones.load(told.zone or "") or machine_zone()
    hours = wanted.hours or told.hours or WorkingHours.office()
    spans, since, until = _absences(wanted, known, zone)
    blocked = (*spans, (since, until)) if since and until else spans
    calendar = make(zone, hours, wanted.country, wanted.subdivision, wanted.extra, blocked)
    replies = told.out_of_office or ()
    absence = Absence(spans, since, replies, wanted.contact, wanted.acknowledge)
    _check(calendar, blocked)
    return Resolved(calendar, absence, tuple(assumed(wanted, told)))


def assumed(wanted: Wanted, told: OwnerSettings) -> Iterator[str]:
    """What nobody told, in words: neither the owner nor the mailbox."""
    if wanted.zone is None:
        known, whose = zones.load(told.zone or ""), _whose()
        if told.unknown_zone:
            taken = f"{known.key}, as before" if known else f"{machine_zone().key}, {whose}"
            yield (
                f"time zone {taken}: the mailbox's own ({told.unknown_zone}) isn't known; "
                "set `promise.time_zone` to yours, such as Europe/Berlin"
            )
        elif known is None:
            remedy = "" if zones.of_machine() else ": set `promise.time_zone`"
            yield f"time zone {machine_zone().key}, {whose}{remedy}"
    if wanted.hours is None and told.hours is None:
        yield "working hours Monday to Friday 09:00-17:00"


def _check(calendar: Calendar, absences: tuple[Span, ...]) -> None:
    """Raises ConfigError for an absence that leaves no date to promise."""
    for start, _ in absences:
        try:
            calendar.span(start)
        except ValueError as error:
            raise ConfigError(f"promise.absences: {error}: list shorter ranges") from error


def _whose() -> str:
    """Whose zone the machine's is, in words."""
    if zones.of_machine():
        return "this machine's"
    told = zones.shown(zones.machine_setting())
    return (
        f"since this machine's (TZ={told}) isn't known"
        if told
        else "since this machine has none that is known"
    )


def machine_zone() -> ZoneInfo:
    """The time zone of this machine as it is set now; UTC where it has none that is known."""
    return zones.of_machine() or ZoneInfo(zones.UNIVERSAL)


class Reader:
    """Asks a mailbox for its owner's settings now and then. `known` is what it said last."""

    def __init__(self, ledger: Ledger, clock: Clock, *, is_begun: bool = False) -> None:
        """`is_begun`: the process asked before, and goes by what the ledger knows of that; a new one asks
        anew."""
        self._ledger = ledger
        self._clock = clock
        self._wait = EVERY
        self.known = load(ledger.value(ValueKey.OWNER_SETTINGS))
        self._asked = self.known.at if is_begun and self.known else None

    def renew(self, mailbox: OwnerProfile) -> bool:
        """Ask the mailbox if it is time to. Returns whether it was asked with success; a mailbox
        that can't say it now is asked again soon. Raises only errors after which nothing can be
        read: SignInRefused, and those of errors.Retry.NEVER."""
        now = self._clock.now()
        if self._asked is not None and abs(now - self._asked) < self._wait:
            return False
        try:
            told = mailbox.settings()
        except AckdError as error:
            if error.retry is Retry.NEVER or isinstance(error, SignInRefused):
                raise
            log.warning("event=owner-settings: not read, the last known ones stay: %s", error)
            self._asked, self._wait = now, AGAIN
            return False
        self._asked, self._wait = now, EVERY
        self.known = Known(now, _completed(told, self.known))
        self._ledger.remember(ValueKey.OWNER_SETTINGS, dump(self.known))
        return True


def dump(known: Known) -> str:
    """As JSON."""
    told = known.settings

    def shown(pairs: Iterable[tuple[date, date | None]] | None) -> list[list[str | None]] | None:
        if pairs is None:
            return None
        return [[start.isoformat(), end.isoformat() if end else None] for start, end in pairs]

    hours = told.hours and [[[s.isoformat(), e.isoformat()] for s, e in day] for day in told.hours.days]
    found = {
        "at": known.at.isoformat(),
        "zone": told.zone,
        "unknown_zone": told.unknown_zone,
        "hours": hours,
        "out_of_office": shown(told.out_of_office),
        "away": shown(told.away),
    }
    return json.dumps(found)


def load(text: str | None) -> Known | None:
    """From JSON; None for what another version wrote."""
    try:
        found = json.loads(text or "null")
        if found is None:
            return None
        days = found["hours"]
        hours = days and WorkingHours(
            tuple(tuple((time.fromisoformat(s), time.fromisoformat(e)) for s, e in day) for day in days)
        )
        moments, dates = found["out_of_office"], found["away"]
        told = OwnerSettings(
            zone=found["zone"],
            unknown_zone=str(found.get("unknown_zone", "")),
            hours=hours,
            out_of_office=None if moments is None else tuple(_moments(moments)),
            away=None
            if dates is None
            else tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in dates),
        )
        return Known(datetime.fromisoformat(found["at"]), told)
    except (ValueError, TypeError, KeyError):
        return None


def _moments(pairs: list[list[str | None]]) -> Iterator[tuple[datetime, datetime | None]]:
    for start, end in pairs:
        yield datetime.fromisoformat(start or ""), datetime.fromisoformat(end) if end else None


def _completed(told: OwnerSettings, before: Known | None) -> OwnerSettings:
    """What the server left out this time is as it was; but an absence that isn't told is over."""
    if before is None:
        return told
    last = before.settings
    return replace(told, zone=told.zone or last.zone, hours=told.hours or last.hours)


def _absences(
    wanted: Wanted, known: Known | None, zone: ZoneInfo
) -> tuple[tuple[Span, ...], datetime | None, datetime | None]:
    """Absences with a known end; and of one without, when it began and the end of the day on
    which it was seen last: that much of it is sure."""
    if wanted.absences is not None:
        return tuple(_span(first, last, zone) for first, last in wanted.absences), None, None
    if known is None:
        return (), None, None
    told = known.settings
    spans: list[Span] = []
    since = until = None
    whole_days = (_span(first, last, zone) for first, last in told.away or ())
    for start, end in (*whole_days, *(told.out_of_office or ())):
        if end is not None and end - known.at <= FARTHEST_RETURN:
            spans.append((start, end))
        else:
            since = start
            today = known.at.astimezone(zone).date()
            until = max(_span(today, today, zone)[1], start + _A_DAY)
    return tuple(spans), since, until


def _span(first: date, last: date, zone: ZoneInfo) -> Span:
    """From midnight to midnight by the owner's clock."""
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + _A_DAY))
    return start, end
