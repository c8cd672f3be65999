"""What an owner says who answers later; the phrases and traps are in holding/*.tsv.

Each line there: the moment by the clock in Berlin, or "none" where the mail is no holding answer,
and the mail's new text (\\n is a line's end). The mails are of Tuesday, 24 November 2026, 10:02.
"""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from ackd.promise.holding_reply import holding
from ackd.text.languages import LANGUAGES
from tests.promise.tables import AT, BERLIN, OFFICE, check_counts, lines, shown


def found(text: str, language: str | None = "en", at: datetime = AT) -> str:
    return shown(holding(text, language, at, BERLIN, OFFICE))


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_and_traps(language: str) -> None:
    told = [(wanted, found(text, language), text) for wanted, text in lines("holding", language)]
    assert [case for case in told if case[0] != case[1]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_and_traps_of_no_known_language(language: str) -> None:
    """As the follow-through reads them: what is a holding answer is one, and nothing else is."""
    told = [(wanted, found(text, None), text) for wanted, text in lines("holding", language)]
    assert [case for case in told if (case[0] == "none") != (case[1] == "none")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_phrases_and_traps_enough(language: str) -> None:
    check_counts("holding", language, phrases=25, traps=15)


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
