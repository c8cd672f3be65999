"""What an owner says who answers later; the phrases and traps are in holding/*.tsv.

Each line there: the moment by the clock in Berlin, or "none" where the mail is no holding answer,
and the mail's new text (\\n is a line's end). The mails are of Tuesday, 24 November 2026, 10:02.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ackd.model import WorkingHours
from ackd.promise.owner_words import holding
from ackd.promise.vocabulary import LANGUAGES

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 11, 24, 10, 2, tzinfo=BERLIN)
OFFICE = WorkingHours.office()
DATA = Path(__file__).parent / "holding"


def lines(language: str) -> list[tuple[str, str]]:
    rows = (line.split("\t") for line in (DATA / f"{language}.tsv").read_text(encoding="utf-8").splitlines())
    return [(wanted, text.replace("\\n", "\n")) for wanted, text in rows]


def found(text: str, language: str | None = "en", at: datetime = AT) -> str:
    deadline = holding(text, language, at, BERLIN, OFFICE)
    return deadline.moment.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M") if deadline else "none"


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_and_traps(language: str) -> None:
    wrong = [
        (wanted, got, text) for wanted, text in lines(language) if (got := found(text, language)) != wanted
    ]
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_phrases_and_traps_enough(language: str) -> None:
    wanted = [moment for moment, _ in lines(language)]
    assert len(wanted) - wanted.count("none") >= 10
    assert wanted.count("none") >= 5


def test_an_unknown_language_is_tried_in_all() -> None:
    assert found("Ich melde mich bis Freitag.", None) == "2026-11-27T17:00"
    assert found("Je te réponds vendredi.", "xx") == "2026-11-27T17:00"


def test_what_is_over_or_far_away_is_no_day() -> None:
    assert found("I'll get back to you by 20 November.") == "none"
    assert found("I'll get back to you in 400 years.") == "none"


def test_the_words_are_the_owners() -> None:
    deadline = holding("I'll get back to you by Friday\nnoon.", "en", AT, BERLIN, OFFICE)
    assert deadline is not None
    assert deadline.words == "by Friday noon"


HOSTILE = ["I'll get back to you " * 3000, "Friday, " * 5000, "I will " * 8000, "," * 50_000, "by " * 9000]


@pytest.mark.parametrize("language", [*LANGUAGES, None])
def test_hostile_text_takes_no_time(language: str | None) -> None:
    holding("I'll answer on Friday.", language, AT, BERLIN, OFFICE)
    for text in HOSTILE:
        before = time.process_time()
        holding(text, language, AT, BERLIN, OFFICE)
        assert time.process_time() - before < 1.5, text[:20]
