"""The letters as colleagues see them: all of them, and by the owner's own templates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ackd.letters import Letters
from ackd.model import LetterName
from ackd.text.languages import LANGUAGES
from ackd.views.letters import previewed, previews
from tests.people import MONDAY, settings


def test_there_is_each_letter_in_each_language() -> None:
    found = list(previews(settings(), MONDAY))
    assert [(one.language, one.name) for one in found] == [
        (code, name) for code in sorted(LANGUAGES) for name in LetterName
    ]
    for one in found:
        assert (one.letter.language, one.letter.is_own, one.letter.fell_back) == (one.language, False, "")
        assert one.meaning
        assert "Alice Smith" in one.letter.text
        assert "Alice Smith" in one.letter.html
        assert one.letter.subject.startswith("Re: Budget 2027")
        assert one.asker.email == "bob.jones@example.org"
    assert len({one.letter.text for one in found}) == len(found)


@pytest.fixture
def own(tmp_path: Path) -> Letters:
    for place, text in (
        ("de/received.txt.j2", "Subject: Re: {{ subject }}\n\nMoin {{ name }}, bis {{ due }}!\n"),
        ("sv/received.txt.j2", "Subject: Re: {{ subject }}\n\nHej, {{ due }}.\n"),
        ("fr/received.txt.j2", "Subject: x\n\n{{ nothing }}\n"),
    ):
        path = tmp_path / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Letters(tmp_path)


def test_the_owners_own_templates_go_before_and_what_fails_is_said(own: Letters) -> None:
    found = {
        (one.language, one.name): one.letter for one in previews(replace(settings(), letters=own), MONDAY)
    }
    german = found["de", LetterName.RECEIVED]
    assert (german.is_own, german.text.startswith("Moin Bob, bis ")) == (True, True)
    assert not found["de", LetterName.OVERDUE].is_own
    swedish, english = found["sv", LetterName.RECEIVED], found["sv", LetterName.ABSENT]
    assert (swedish.language, swedish.is_own) == ("sv", True)
    assert (english.language, english.is_own) == ("en", False)  # there is no other one in Swedish
    french = found["fr", LetterName.RECEIVED]
    assert (french.is_own, "nothing" in french.fell_back) == (False, True)


def test_one_letter_is_made_as_it_is_among_all() -> None:
    one = previewed(settings(), LetterName.OVERDUE, "it", MONDAY)
    assert one in list(previews(settings(), MONDAY))
