"""The folders of languages: how their files are written, and that none lacks what others have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ackd.text import tokens
from ackd.text.languages import LANGUAGES, every_word, languages, sections
from ackd.text.names import given as names
from ackd.text.phrases import Phrases

ROOT = Path(__file__).resolve().parents[2]
#: What a language may do without: not each has endings that tell the future, articles before hours, …
NEEDLESS = {
    "phrases": {"near"},
    "temporal": {
        *("day_adjectives", "short_weekdays", "hour_ends", "hour_articles", "own_endings", "before_year"),
        *("until", "have", "weak", "following", "deny", "modals", "earliest", "figures"),
    },
    "mail": set(),
    "letters": set(),
    "names": {"after_names", "on_behalf", "role_ends", "system_ends", "given"},
}


@pytest.mark.parametrize("file", sections.FILES)
@pytest.mark.parametrize("code", LANGUAGES)
def test_no_language_lacks_a_section(code: str, file: str) -> None:
    assert set(languages()[code].file(file)) >= sections.FILES[file] - NEEDLESS[file]


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_section_is_empty(code: str) -> None:
    for file in sections.FILES:
        assert all(languages()[code].file(file).values()), file


def test_the_given_names_of_a_folder_are_known() -> None:
    assert "thijs" in every_word("given", "names") <= names.GIVEN


def test_every_section_is_explained() -> None:
    told = re.findall(r"`([a-z_]+)`", (ROOT / "docs" / "languages.md").read_text(encoding="utf-8"))

    assert {one for names in sections.FILES.values() for one in names} <= set(told)


def test_a_section_has_its_lines() -> None:
    text = "# A comment\n[ask]\ncould you\n  please\n\n[tell]\nlet me know\n# no phrase\n"

    assert sections.read("phrases", text, "xx/phrases.txt") == {
        "ask": ("could you please",),
        "tell": ("let me know",),
    }


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[asks]\ncould you\n", "xx/phrases.txt, line 1: the section asks is none of above, agreeing"),
        ("[ask]\ncould you\n[ask]\n", "xx/phrases.txt, line 3: the section ask is there twice"),
        ("could you\n", "xx/phrases.txt, line 1: it stands before the first section"),
        ("  [ask]\n[by]\n", "xx/phrases.txt, line 2: the section by is none of"),
    ],
)
def test_a_file_that_is_written_otherwise_is_told(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=re.escape(wrong)):
        sections.read("phrases", text, "xx/phrases.txt")


def test_a_table_has_phrases_with_their_values() -> None:
    assert list(sections.table(["a b, c = day 0", "d = 1"])) == [("a b", "day 0"), ("c", "day 0"), ("d", "1")]
    with pytest.raises(ValueError, match="written as “name = value”"):
        list(sections.table(["tomorrow 1"]))


# --- words, tokens, phrases ---------------------------------------------------------------------------


@given(st.text(alphabet="aZé ß'’-?.,:!10\n>/º", max_size=80))
def test_words_and_tokens_have_the_same_letters_and_figures(text: str) -> None:
    """One cut is finer than the other, and nothing is lost or folded otherwise."""
    shown = text.replace(">", "").replace("p.", "")

    assert _letters(tokens.words(shown)) == _letters(tokens.tokens_of(shown))


def _letters(said: Sequence[str]) -> str:
    return "".join(letter for word in said for letter in word if letter.isalnum())


@pytest.mark.parametrize("merged", [1, 2, 1_000])
def test_however_phrases_are_put_together_the_same_are_found(merged: int) -> None:
    found = Phrases(
        {
            "a": ["could|can you [please] send", "could you ... back", ", send|give it"],
            "b": ["can you send $"],
        },
        merged=merged,
    )

    for said, begins, kinds in (
        ("well can you send", (0,), {("a", 1, 4), ("b", 1, 5)}),
        ("could you please send it", (0,), {("a", 0, 4)}),
        ("could you give it all back", (0, 2), {("a", 0, 6), ("a", 2, 4)}),
        ("you send it", (0,), set()),
    ):
        assert {(hit.kind, hit.start, hit.end) for hit in found.find(said.split(), begins)} == kinds


def test_of_phrases_that_begin_together_the_longest_counts() -> None:
    found = Phrases({"day": ["next week"], "week": ["next week|month", "next week on"]}, tokens.tokens_of)
    said = tokens.tokens_of("By next week, or next week on")

    assert found.at(said, 1) == ("day", 3)
    assert found.at(said, 5) == ("week", 8)
    assert found.at(said, 0) is None
    assert found.at(said, len(said)) is None


def test_a_comma_in_a_text_is_no_sign() -> None:
    """ "," in a phrase is the beginning of a clause, and not the mark: that would be one word before it."""
    found = Phrases({"order": [", send"]}, tokens.tokens_of)

    assert [hit.start for hit in found.find(tokens.tokens_of("Well, send"), (0, 2))] == [2]
    assert not found.find(tokens.tokens_of("Well, send"), (0,))
