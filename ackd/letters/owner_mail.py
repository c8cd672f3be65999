"""A mail to the owner: its parts, and the one layout that all of them share.

The layout is tables with inline style, as Outlook's Word engine wants it, about 600 pixels wide and as
narrow as a phone; other readers take the dark colours from a style sheet. What comes from mails is cleaned
and escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ackd.letters.rendering import packaged
from ackd.letters.sanitize import SUBJECT_LIMIT, cut, one_line, paragraphs
from ackd.model import Address, Letter, Owner

#: Entries that a part shows; of the others it says how many there are.
MOST_SHOWN = 20
NO_BREAK = "\u00a0"
_MOST_TEXT = 4_000
_LINK = re.compile(r"https://[^\s\"'<>\x00-\x20\\]{1,2000}")


@dataclass(frozen=True, slots=True)
class Link:
    """Something to click: its words, and where it leads. What isn't https leads nowhere."""

    words: str
    url: str

    @property
    def is_good(self) -> bool:
        """Whether it may be shown."""
        return _LINK.fullmatch(self.url) is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a part: of whom, about what; then facts, a line of the question as it is quoted,
    and links. The texts may come from a hostile mail."""

    who: str = ""
    about: str = ""
    facts: tuple[str, ...] = ()
    quote: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part under a title: advice, entries and running text. `more` says how many entries aren't shown;
    `is_pressing` lets the title stand out."""

    title: str
    entries: tuple[Entry, ...] = ()
    advice: str = ""
    more: str = ""
    text: str = ""
    is_pressing: bool = False


@dataclass(frozen=True, slots=True)
class OwnerMail:
    """All that a mail says. `summary` is what a list of mails shows beside the subject."""

    language: str
    subject: str
    title: str
    intro: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    closing: str = ""
    summary: str = ""


def letter(token: str, mail: OwnerMail, owner: Owner) -> Letter:
    """The mail as it goes to the owner, in text and HTML that say the same."""
    clean = replace(
        mail,
        subject=cut(one_line(mail.subject, SUBJECT_LIMIT), SUBJECT_LIMIT),
        title=_tied_line(mail.title),
        intro=tuple(map(_tied_line, mail.intro)),
        summary=_tied_line(mail.summary),
    )
    shown = {"mail": clean, "parts": [_shown(part) for part in mail.parts]}
    return Letter(
        token=token,
        to=Address(owner.address, owner.name),
        subject=clean.subject,
        text=_tidy(_template("owner.txt.j2", html=False).render(shown)),
        html=_template("owner.html.j2", html=True).render(shown),
        in_reply_to="",
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """A part cleaned; its text in paragraphs of lines."""

    title: str
    advice: str
    more: str
    is_pressing: bool
    entries: tuple[Entry, ...]
    text: tuple[tuple[str, ...], ...]


def _shown(part: Part) -> _Shown:
    text = paragraphs(part.text, _MOST_TEXT)
    return _Shown(
        title=_tied_line(part.title),
        advice=_tied_line(part.advice),
        more=part.more,
        is_pressing=part.is_pressing,
        entries=tuple(map(_cleaned, part.entries)),
        text=tuple(tuple(one.split("\n")) for one in text.split("\n\n")) if text else (),
    )


def _cleaned(entry: Entry) -> Entry:
    return Entry(
        who=one_line(entry.who, 80),
        about=one_line(entry.about, 120),
        facts=tuple(_tied_line(fact) for fact in entry.facts if fact),
        quote=_tied_line(entry.quote),
        links=tuple(link for link in entry.links if link.is_good),
    )


def tied(words: str) -> str:
    """Words that stay on one line: an age, a date."""
    return words.replace(" ", NO_BREAK)


def _tied_line(text: str) -> str:
    """One line that keeps what is tied together."""
    return NO_BREAK.join(one_line(piece, 400) for piece in text.split(NO_BREAK))


def _tidy(text: str) -> str:
    """At most one empty line, none at the ends, no blanks at the ends of lines, and only plain blanks."""
    lines = text.replace(NO_BREAK, " ").strip().split("\n")
    return "\n".join(_single_spaced(line.rstrip() for line in lines)) + "\n"


def _single_spaced(lines: Iterator[str]) -> Iterator[str]:
    was_empty = False
    for line in lines:
        if line or not was_empty:
            yield line
        was_empty = not line


@cache
def _template(name: str, *, html: bool) -> Template:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True, cache_size=0
    )
    return environment.from_string(packaged().joinpath(name).read_text(encoding="utf-8"))
