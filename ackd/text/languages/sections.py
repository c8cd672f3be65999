"""The format of what a language's folder holds: files of sections, the same for phrases, dates, mails, names
and letters.

A line `[name]` begins a section, each line below it is one thing, `#` begins a comment, and an indented line
goes on with the one above. What stands in a line is said by the section (docs/languages.md): a phrase as
`text.phrases` reads it, single words, a table's line "phrase, phrase = value", or a text. A language may
leave sections out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

Sections = Mapping[str, Sequence[str]]

_HEAD = re.compile(r"\[([a-z_]+)\]")

_PHRASES = """
    name common verbs sets third contingent ask tell wish query hint courtesy condition rhetorical promise
    inform thanks reply announce opinion retort everyone greeting closing you me question urgent no_rush
    polite holding stalling answering light offering permission agreeing waived withdrawn standing negation
    doubt harmless reacted but sooner later moment invite at_once under_way small_talk along other_day treat
    leisure business automatic away left elsewhere recalls sealed above because notice yours button mine
    modals_of_third near
"""
_TEMPORAL = """
    by before latest strong weak until have within soft never earliest deny forget modals then events
    days weekdays short_weekdays months parts periods ends this coming following week_on noise
    ordinals_told month_refs week_marks week_of quarters quarter_marks day_adjectives day_marks ordinals
    after_day before_year of clock_marks clock_units hour_ends hour_articles hours clocks numbers or range
    units vague spans and_half counted inclusive ask own own_endings past away event not_after linked told
    conjunctions deliver persons figures
"""
_MAIL = """
    headers forwarded footers disclaimers banners cautions below_signature wrote replies forwards
    reports from_outside automatic_subjects no_reply particulars abbreviations joins folders
"""
_NAMES = """
    titles after_names before_names between_names on_behalf empty roles role_ends systems system_ends given
"""
#: The sections of each file, by the file's name without its ending.
FILES = {
    "phrases": frozenset(_PHRASES.split()),
    "temporal": frozenset(_TEMPORAL.split()),
    "mail": frozenset(_MAIL.split()),
    "names": frozenset(_NAMES.split()),
    "letters": frozenset(("dates", "task", "owner", "effects", "reasons", "alarms")),
}


def read(file: str, text: str, where: str) -> dict[str, tuple[str, ...]]:
    """The sections of a file of that name. Raises ValueError, with `where` and the line, for a section that
    nobody knows or that was there before, and for a line that is in none."""
    found: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        if head := _HEAD.fullmatch(said):
            if head[1] not in FILES[file] or head[1] in found:
                why = "is there twice" if head[1] in found else f"is none of {', '.join(sorted(FILES[file]))}"
                raise ValueError(f"{where}, line {number}: the section {head[1]} {why}")
            lines = found[head[1]] = []
        elif lines is None:
            raise ValueError(f"{where}, line {number}: it stands before the first section")
        elif line[0].isspace() and lines:
            lines[-1] += f" {said}"
        else:
            lines.append(said)
    return {name: tuple(each) for name, each in found.items()}


def words_of(lines: Iterable[str]) -> list[str]:
    """The words of a section of single words, which stand several on a line."""
    return " ".join(lines).split()


def entries(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each "name = text" of a section of texts. Raises ValueError for a line without."""
    for line in lines:
        name, mark, text = line.partition(" = ")
        if not mark:
            raise ValueError(f"{line[:60]!r}: written as “name = value”")
        yield name.strip(), text.strip()


def table(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each phrase of a table with its value: "a, b = value" is (a, value), (b, value)."""
    for phrases, value in entries(lines):
        for phrase in phrases.split(", "):
            yield phrase.strip(), value
