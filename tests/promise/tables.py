"""Phrases and what they say, from `<kind>/<language>.tsv`: a line has what is wanted, a tab, and the
text (\\n is a line's end). The mails are of Tuesday, 24 November 2026, 10:02 in Berlin."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ackd.model import WorkingHours
from ackd.text.temporal.deadline import Deadline

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 11, 24, 10, 2, tzinfo=BERLIN)
OFFICE = WorkingHours.office()
HERE = Path(__file__).parent


def lines(kind: str, language: str) -> list[tuple[str, str]]:
    """What is wanted, and the text."""
    file = HERE / kind / f"{language}.tsv"
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return [(wanted, text.replace("\\n", "\n")) for wanted, text in rows]


def shown(deadline: Deadline | None) -> str:
    """A deadline as the tables write it."""
    return deadline.moment.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M") if deadline else "none"


def check_counts(kind: str, language: str, *, phrases: int, traps: int) -> None:
    """There are enough of both."""
    wanted = [moment for moment, _ in lines(kind, language)]
    assert len(wanted) - wanted.count("none") >= phrases
    assert wanted.count("none") >= traps
