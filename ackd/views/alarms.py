"""Open alarms in words, cases of a kind in one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from ackd.engine import alerts
from ackd.letters.alarms import words
from ackd.model import Alarm


def by_kind(alarms: Iterable[Alarm], now: datetime, zone: tzinfo) -> list[tuple[Alarm, str]]:
    """Each kind once, with its words, by the owner's time zone."""
    return [(alarm, words(alarm, now, zone)) for alarm in alerts.as_one_each(alarms)]
