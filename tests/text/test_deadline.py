"""Deadlines that askers state, in seven languages; the phrases and traps are in deadlines/*.tsv.

Each line there: the moment by the clock in Berlin, or "none", and what a mail says. The mails are
of Tuesday, 24 November 2026, 10:02; work ends at 17:00.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ackd.text.languages import LANGUAGES
from ackd.text.temporal.deadline import of_mail, stated
from ackd.text.temporal.vocabulary import words_of
from tests.plays import many
from tests.promise.tables import AT, BERLIN, OFFICE, check_counts, lines, shown


def found(text: str, language: str = "en", at: datetime = AT) -> str:
    return shown(stated(text, language, at, BERLIN, OFFICE))


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_and_traps(language: str) -> None:
    told = [(wanted, found(text, language), text) for wanted, text in lines("deadlines", language)]
    assert [case for case in told if case[0] != case[1]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_phrases_and_traps_enough(language: str) -> None:
    check_counts("deadlines", language, phrases=40, traps=15)


def test_the_words_are_the_askers_own() -> None:
    deadline = stated("Hi,\n\nplease send it by Friday\nnoon (CET). Thanks!", "en", AT, BERLIN, OFFICE)
    assert deadline is not None
    assert deadline.words == "by Friday noon"
    assert deadline.moment == datetime(2026, 11, 27, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("Offer needed by Friday", "2026-11-27T17:00"),
        ("Budget 2027 - please answer by 15 December", "2026-12-15T17:00"),
        ("URGENT: deadline tomorrow noon", "2026-11-25T12:00"),
        ("Figures for the board, due Thursday 3pm", "2026-11-26T15:00"),
        ("Re: Offer needed by Friday", "none"),
        ("AW: Offer needed by Friday", "none"),
        ("[EXT] RE: Offer needed by Friday", "none"),
        ("Fwd: Offer needed by Friday", "none"),
        ("Meeting on Friday", "none"),
        ("Invoice 15.11", "none"),
        ("Out of office until Friday", "none"),
        ("Minutes of 23 November", "none"),
        ("Release 2.11 and the week 48 plan", "none"),
    ],
)
def test_a_new_subject_may_state_a_deadline(subject: str, wanted: str) -> None:
    deadline = of_mail(subject, "Could you send me the latest figures?", "en", AT, BERLIN, OFFICE)
    assert (f"{deadline.moment.astimezone(BERLIN):%Y-%m-%dT%H:%M}" if deadline else "none") == wanted


@pytest.mark.parametrize(
    ("language", "subject", "wanted"),
    [
        ("de", "Zahlen werden bis Mittwoch gebraucht", "2026-11-25T17:00"),
        ("de", "EILT: Rückmeldung bis morgen 12 Uhr", "2026-11-25T12:00"),
        ("de", "Urlaub bis Freitag", "none"),
        ("fr", "Offre nécessaire pour vendredi", "2026-11-27T17:00"),
        ("fr", "Réunion de vendredi", "none"),
        ("es", "Oferta necesaria para el viernes", "2026-11-27T17:00"),
        ("nl", "Graag reactie uiterlijk vrijdag", "2026-11-27T17:00"),
        ("nl", "Vergadering vrijdag", "none"),
        ("it", "Serve offerta entro venerdì", "2026-11-27T17:00"),
        ("pt", "Resposta até sexta-feira", "2026-11-27T17:00"),
    ],
)
def test_subjects_in_other_languages(language: str, subject: str, wanted: str) -> None:
    deadline = of_mail(subject, "?", language, AT, BERLIN, OFFICE)
    assert (f"{deadline.moment.astimezone(BERLIN):%Y-%m-%dT%H:%M}" if deadline else "none") == wanted


def test_of_subject_and_text_the_earlier_deadline_counts() -> None:
    text = "Could you send it by Thursday?"
    for subject in ("Offer needed by Friday", "Re: Offer needed by Wednesday"):
        deadline = of_mail(subject, text, "en", AT, BERLIN, OFFICE)
        assert deadline is not None
        assert deadline.words == "by Thursday"


def test_the_earliest_of_several_counts() -> None:
    assert found("Please send the draft by Wednesday and the final text by Friday.") == "2026-11-25T17:00"


def test_quoted_lines_say_nothing() -> None:
    assert found("Can you check?\n> Please answer by Friday\n") == "none"


@pytest.mark.parametrize(
    ("written", "text", "wanted"),
    [
        (
            "2026-11-27T09:00",
            "Please send it by Friday.",
            "2026-12-04T17:00",
        ),  # a Friday: not today, or it'd say so
        ("2026-11-27T09:00", "Please send it by Friday noon.", "2026-11-27T12:00"),
        ("2026-11-27T09:00", "Please send it by the end of the week.", "2026-11-27T17:00"),
        ("2026-11-27T18:30", "Please send it by the end of the week.", "2026-11-27T23:59"),
        ("2026-11-28T09:00", "Please send it by the end of the week.", "2026-11-29T23:59"),  # a Saturday
        ("2026-11-24T18:30", "Please send it by EOD.", "2026-11-24T23:59"),  # after work
        ("2026-11-24T18:30", "Please send it by 9am.", "2026-11-25T09:00"),
        ("2026-11-24T18:30", "Please send it by noon.", "2026-11-25T12:00"),
        ("2026-11-24T15:00", "Please send it by 2pm today.", "none"),  # over already
        ("2026-11-28T09:00", "Please send it before Monday.", "2026-11-29T23:59"),  # a Saturday
        ("2026-11-26T09:00", "Please send it before Monday.", "2026-11-27T17:00"),
        ("2026-11-24T09:00", "Please send it before tomorrow.", "2026-11-24T17:00"),
        ("2026-12-29T09:00", "Please send it by 3 January.", "2027-01-03T23:59"),  # a Sunday
        ("2026-12-29T09:00", "Please send it by the 4th.", "2027-01-04T17:00"),
        ("2026-12-29T09:00", "Please send it by the end of the month.", "2026-12-31T17:00"),
        ("2026-11-24T09:00", "Please send it by 20 November.", "none"),
        ("2026-11-24T09:00", "Please send it by 20/11/2026.", "none"),
        ("2026-11-24T09:00", "Please send it by 31 November.", "none"),
        ("2026-11-24T09:00", "Please send it by 30 February 2027.", "none"),
        ("2026-10-30T09:00", "Please send it by the 31st.", "2026-10-31T23:59"),
        ("2026-11-30T09:00", "Please send it by the 31st.", "none"),  # no such day
        (
            "2026-03-28T09:00",
            "Please send it by 02:30 tomorrow.",
            "2026-03-29T03:30",
        ),  # an hour that is skipped
        ("2026-11-24T09:00", "Please send it by 5 on Thursday.", "2026-11-26T17:00"),
        ("2026-11-24T09:00", "Please send it within 400 years.", "none"),
    ],
)
def test_what_words_mean_depends_on_when_they_are_written(written: str, text: str, wanted: str) -> None:
    assert found(text, at=datetime.fromisoformat(written).replace(tzinfo=BERLIN)) == wanted


def test_hours_are_meant_in_the_zone_and_days_in_it_too() -> None:
    auckland = ZoneInfo("Pacific/Auckland")  # already Wednesday there
    at = datetime(2026, 11, 24, 13, tzinfo=UTC)
    deadline = stated("Please answer by tomorrow noon.", "en", at, auckland, OFFICE)
    assert deadline is not None
    assert deadline.moment == datetime(2026, 11, 26, 12, tzinfo=auckland)


def test_an_unknown_language_is_read_as_english() -> None:
    assert (
        found("Please answer by Friday.", "") == found("Please answer by Friday.", "xx") == "2026-11-27T17:00"
    )


HOSTILE = [
    "by " * 7000,
    "by by the " * 3000,
    "Friday " * 3000,
    "by Friday, " * 2000,
    "1" * 100_000,
    "1." * 50_000,
    "by 1:1:1:1 " * 3000,
    "within " + "9" * 5000 + " days",
    "please send it by 99999999 days " * 500,
    "(" * 20_000,
    "\n" * 20_000 + "by Friday",
    "> by Friday\n" * 5000,
    "a.m. " * 5000,
    "\u202e\x00\ud800 by \u2028 Friday?" * 1000,
    "é" * 20_000,
    "'" * 20_000,
    "a'" * 20_000,
    "ǅ" * 20_000,
    "no later than " * 2000,
    "x" * 10_000_000,
]


@pytest.mark.every(7)
@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_takes_no_more_time_than_other_text(language: str) -> None:
    words_of(language)
    for text in HOSTILE:
        before = time.process_time()
        stated(text, language, AT, BERLIN, OFFICE)
        assert time.process_time() - before < 1.5, text[:20]


PIECES = """
    by before within until 31 15 0 24 29.2. 31/12 2026-13-01 12:60 25:00 5pm 15th Friday next week the of end
    month May second tomorrow noon EOD , . : ? please today - 17.30 h Uhr le d'ici 1er à fin del
"""


@settings(max_examples=many(150))
@given(
    st.lists(
        st.sampled_from(PIECES.split()),
        max_size=12,
    ),
    st.sampled_from(LANGUAGES),
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
)
def test_whatever_is_written_a_deadline_is_ahead_and_quotes_the_text(
    words: list[str], language: str, at: datetime
) -> None:
    text = " ".join(words)
    deadline = stated(text, language, at, BERLIN, OFFICE)
    if deadline is not None:
        assert at < deadline.moment <= at + timedelta(days=400)
        assert deadline.words in " ".join(text.split())
