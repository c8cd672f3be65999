"""By which words mail programs mark old text, signatures, footers and notices: all languages' together,
since a mail's parts are often in several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ackd.text.languages import every_line, languages
from ackd.text.phrases import expanded
from ackd.text.tokens import plain

LONGEST_MARK = 400  # characters of a line in which marks are looked for
_PARTICULARS = (  # besides the words before them
    r"\+?\(?\d{2,4}\)?[\s./-]\d{3}"
    r"|\b(?:inc|corp|llc|llp|ltd|gmbh|b\.?v|s\.?a|n\.?v)\b\.?$|^\S+@\S+$|^https?://|^www\."
)


Beginnings = tuple[tuple[str, ...], ...]
"""How the words of a line begin, one after the other: each in one of these ways."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the words begin of a line below a signature that speaks to everybody; `addressed`: such a line has
    an address in it, too."""

    starts: Beginnings
    addressed: bool


@dataclass(frozen=True, slots=True)
class Marks:
    header: re.Pattern[str]  # a line of a quoted header block
    sender: re.Pattern[str]
    subject: re.Pattern[str]
    recipient: re.Pattern[str]
    wrote: re.Pattern[str]
    wrote_long: re.Pattern[str]  # those that know how the line begins, so that it may be wrapped
    forwarded: re.Pattern[str]
    footer: re.Pattern[str]
    disclaimer: re.Pattern[str]
    particulars: re.Pattern[str]  # telephone numbers, addresses, companies
    banner: re.Pattern[str]  # how a mail system's notice at the top begins
    caution: re.Pattern[str]  # of what such a notice warns
    standing: Mapping[str, tuple[Standing, ...]]  # of lines below each mail, by the first two letters
    greeting: re.Pattern[str]
    closing: frozenset[str]


@lru_cache(maxsize=1)
def marks() -> Marks:
    """The marks of all languages."""

    def of(section: str) -> set[str]:
        return set(map(plain, every_line(section, "mail")))

    def column(*places: int) -> set[str]:
        each = (language.lines("headers", "mail") for language in languages().values())
        return {plain(names[place]) for names in each for place in places if place < len(names)}

    wrote = every_line("wrote", "mail")
    return Marks(
        header=_label(of("headers")),
        sender=_label(column(0)),
        subject=_label(column(6)),
        recipient=_label(column(3)),
        wrote=_introduction(wrote),
        wrote_long=_introduction([one for one in wrote if not one.startswith(".")]),
        forwarded=_start(of("forwarded")),
        footer=_start(of("footers")),
        disclaimer=_start(of("disclaimers")),
        particulars=_particulars(),
        banner=re.compile(r"^\W{0,8}(?:" + _any(of("banners")) + ")"),
        caution=re.compile(r"\b(?:" + _any(of("cautions")) + ")"),
        standing=_by_first_letters(map(_beginnings, sorted(of("below_signature")))),
        greeting=_greeting(),
        closing=frozenset(
            " ".join(one) for line in every_line("closing", "phrases") for one in expanded(line)
        ),
    )


def _any(texts: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, texts), reverse=True))


def _label(words: set[str]) -> re.Pattern[str]:
    return re.compile(r"^[\s*>]{0,12}(?:" + _any(words) + r")\s?:")


def _start(texts: set[str]) -> re.Pattern[str]:
    return re.compile(r"^[\s*_#\[(<]{0,8}(?:" + _any(texts) + ")")


def _introduction(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"^\s*(?:" + "|".join(patterns) + r")\s*$")


def _particulars() -> re.Pattern[str]:
    named = "|".join(map(re.escape, every_line("particulars", "mail")))
    return re.compile(rf"\b(?:{named})\b\s?\.?:?|{_PARTICULARS}", re.IGNORECASE)


def _greeting() -> re.Pattern[str]:
    lines = [line.removeprefix("^").strip() for line in every_line("greeting", "phrases")]
    return re.compile(
        r"^\W{0,3}(?:" + _any({" ".join(said) for line in lines for said in expanded(line)}) + r")\b"
    )


def _beginnings(line: str) -> Standing:
    said = [word for word in line.split() if word != "@"]
    return Standing(tuple(tuple(word.split("|")) for word in said), addressed=line.endswith(" @"))


def _by_first_letters(lines: Iterable[Standing]) -> dict[str, tuple[Standing, ...]]:
    """Some hundred lines, so that of a mail's word only those are tried that may begin with it."""
    found: dict[str, tuple[Standing, ...]] = {}
    for line in lines:
        for letters in sorted({beginning[:2] for beginning in line.starts[0]}):
            found[letters] = (*found.get(letters, ()), line)
    return found
