"""What askers write after their question; the phrases and traps are in followups/*.tsv.

Each line there: what the mail says ("!": anything but that), with the moment of a deadline by the
clock in Berlin, and its new text (\\n is a line's end). The mails are of Tuesday, 24 November 2026,
10:02.
"""

from __future__ import annotations

import time

import pytest

from ackd.promise.asker_reply import Said, read
from ackd.text.languages import LANGUAGES
from tests.promise.tables import AT, BERLIN, OFFICE, lines


def said(text: str, language: str | None, *, timed: bool = True) -> str:
    follow_up = read(text, language, AT, BERLIN, OFFICE)
    if follow_up.deadline is None or not timed:
        return follow_up.kind.value
    return f"{follow_up.kind} {follow_up.deadline.moment.astimezone(BERLIN):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_and_traps(language: str) -> None:
    wrong = [
        (wanted, got, text)
        for wanted, text in lines("followups", language)
        if not _agrees(wanted, got := said(text, language, timed=" " in wanted))
    ]
    assert not wrong


def _agrees(wanted: str, got: str) -> bool:
    return got != wanted[1:] if wanted.startswith("!") else got == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_other_language_ends_what_stays_open(language: str) -> None:
    """A mail of five words seldom tells its language; then every one is tried."""
    kept = [text for wanted, text in lines("followups", language) if wanted in ("!withdrawn", "more")]
    assert [text for text in kept if said(text, None) == "withdrawn"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_phrases_and_traps_enough(language: str) -> None:
    kinds = [wanted.split()[0] for wanted, _ in lines("followups", language)]
    assert kinds.count("withdrawn") >= 15
    assert kinds.count("!withdrawn") + kinds.count("more") >= 25
    assert {kind for kind in kinds if kind[0] != "!"} == {kind.value for kind in Said}


def test_an_unknown_language_is_tried_in_all() -> None:
    assert said("Hat sich erledigt.", None) == "withdrawn"
    assert said("Merci !", "xx") == "nothing"


@pytest.mark.parametrize("text", ["", " \n\n", "\u202e\x00"])
def test_an_empty_mail_says_nothing(text: str) -> None:
    assert said(text, "en") == "nothing"


def test_a_long_mail_is_more_than_a_withdrawal() -> None:
    assert said("It is solved. " + "The server answers within a second again. " * 40, "en") == "more"


HOSTILE = ["never mind " * 3000, "solved, " * 5000, "not " * 9000, "," * 50_000, "urgent " * 9000]


@pytest.mark.every(4)
@pytest.mark.parametrize("language", [*LANGUAGES, None])
def test_hostile_text_takes_no_time(language: str | None) -> None:
    said("It's solved.", language)
    for text in HOSTILE:
        before = time.process_time()
        said(text, language)
        assert time.process_time() - before < 3, text[:20]


EMERGENCIES = {
    "en": "In case of emergency, call 204.",
    "de": "Im Notfall bitte 204 anrufen.",
    "fr": "En cas d'urgence, appelez le 204.",
    "es": "En caso de urgencia, llame al 204.",
    "it": "In caso di urgenza chiamare il 204.",
    "nl": "Bel bij spoed 204.",
    "pt": "Em caso de urgência, ligue 204.",
}
HOURS = {
    "en": "Could you make it by noon on Friday?",
    "de": "Schaffst du es bis Freitag Mittag?",
    "fr": "Peux-tu le faire vendredi avant midi ?",
    "es": "¿Puedes hacerlo el viernes antes del mediodía?",
    "it": "Riesci a farlo entro mezzogiorno di venerdì?",
    "nl": "Kun je het vrijdag voor het einde van de dag doen?",
    "pt": "Podes fazê-lo antes do meio-dia de sexta?",
}


@pytest.mark.parametrize("language", EMERGENCIES)
def test_whom_to_call_in_an_emergency_moves_no_promise(language: str) -> None:
    assert said(EMERGENCIES[language], language) == "more"


@pytest.mark.parametrize("language", HOURS)
def test_an_hour_of_another_day_is_no_hurry(language: str) -> None:
    end = "17:00" if language == "nl" else "12:00"
    assert said(HOURS[language], language) == f"deadline 2026-11-27T{end}"
