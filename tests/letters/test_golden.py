"""All letters in all languages, compared with stored texts."""

from __future__ import annotations

import pytest
from lxml import etree

from ackd.letters import NAMES, VARIABLES, Letters
from ackd.text.languages import LANGUAGES
from tests.letters import golden
from tests.letters.test_letter import shown
from tests.letters.values import ROOT

#: The layout of the mails to the owner, which nobody replaces.
OWNERS = ("owner.html.j2", "owner.txt.j2")


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_read_as_stored(language: str) -> None:
    stored = (golden.FOLDER / f"{language}.txt").read_text(encoding="utf-8")
    assert golden.written(language) == stored


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_and_text_say_the_same_in_every_letter(language: str) -> None:
    for letter in NAMES:
        for _, values in golden.cases_of(letter):
            rendered = Letters().render(letter, language, values)
            assert not rendered.fell_back
            assert shown(rendered.html) == rendered.text
            assert etree.fromstring(rendered.html.encode()).get("lang") == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_whole(language: str) -> None:
    """No blank where a value is missing, none doubled, the owner's name and address in each."""
    for letter in NAMES:
        for case, values in golden.cases_of(letter):
            text = Letters().render(letter, language, values).text
            for trouble in ("  ", " .", " ,", "..", "()", "“”", "«»", "„“", "\n\n\n", "{", "}", "None"):
                assert trouble not in text.replace(" \n", ""), (letter, case, trouble)
            assert "\nAlice Smith\n" in text
            assert "alice@corp.example" in text
            assert ("Budget 2027" in text) is (case != "no subject")


def test_packaged_templates_are_exactly_the_letters_and_are_good() -> None:
    folder = ROOT / "templates"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {f"{code}/{name}.txt.j2" for code in LANGUAGES for name in NAMES} | {
        "letter.html.j2",
        *OWNERS,
    }
    assert [one for one in Letters(folder).problems() if not one.startswith(OWNERS)] == []


def test_every_value_of_letters_is_used_and_explained() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.j2"))
    for name, (meaning, example) in VARIABLES.items():
        assert name in texts
        assert meaning
        assert example
