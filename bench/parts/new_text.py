"""How well the newly written text is told from quotes, forwarded mail and signatures.

`new_text.json` says of 120 labelled mails (90 with old text, 30 without, drawn at random) which lines
their senders wrote newly: the finder's own answer, put right line by line by a person. The golden mails
are put together from parts, so there the truth is known.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ackd.text import eml
from ackd.text.reply_text import new_text
from tests.judge import golden

PEER = "cut at '>' and 'Original Message'"
_MARKS = Path(__file__).with_suffix(".json")
_WORD = re.compile(r"\w+")
_SIGNED = re.compile(r"\s*\nBob( Brown)?$")  # a signing name is no new text, and no loss
_CUT = re.compile(
    r"(?im)^.*(?:-----\s?original message|forwarded by|\bwrote:\s*$|^from:.*\n(?:sent|date|to):).*$"
)


@dataclass(frozen=True, slots=True)
class Shares:
    """Of all words: the share of new text that was lost, and of old text that was left."""

    mails: int
    lost: float
    left: float


@dataclass(frozen=True, slots=True)
class _Case:
    text: str
    html: str | None
    new: str
    old: str


Finder = Callable[[str, str | None], str]


def shares(shared: Path) -> dict[str, tuple[Shares, Shares]]:
    """For each set of mails what ackd does, and what the peer does."""
    sets = {"labelled mails": list(_labelled(shared)), "golden mails": list(_golden())}
    return {name: (_measured(cases, new_text), _measured(cases, _crude)) for name, cases in sets.items()}


def _measured(cases: list[_Case], finder: Finder) -> Shares:
    lost = left = new = old = 0
    for case in cases:
        found, mine, theirs = _words(finder(case.text, case.html)), _words(case.new), _words(case.old)
        lost += (mine - found).total()
        left += ((found - mine) & theirs).total()
        new += mine.total()
        old += theirs.total()
    return Shares(len(cases), lost / new, left / old)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _crude(text: str, html: str | None) -> str:
    """What a script does: markup away, then cut at the best known marks."""
    if html:
        text = re.sub(r"<[^>]{0,500}>", " ", html)
    match = _CUT.search(text)
    kept = text[: match.start()] if match else text
    return "\n".join(line for line in kept.split("\n") if not line.startswith(">"))


def _labelled(shared: Path) -> Iterable[_Case]:
    marks: dict[str, list[list[int]]] = json.loads(_MARKS.read_text(encoding="ascii"))
    for name, spans in marks.items():
        mail = eml.read((shared / "mail" / "labelled" / f"{name}.eml").read_bytes())
        lines = mail.text.replace("\r\n", "\n").split("\n")
        is_new = {at for first, last in spans for at in range(first, last + 1)}
        yield _Case(
            text=mail.text,
            html=mail.html,
            new="\n".join(line for at, line in enumerate(lines) if at in is_new),
            old="\n".join(line for at, line in enumerate(lines) if at not in is_new),
        )


def _golden() -> Iterable[_Case]:
    """Every way of quoting and signing around a mail of each language, the old text a different one."""
    parts = golden.load(golden.FOLDER / "reply_text.yaml")
    for path in sorted((golden.FOLDER / "languages").glob("*.yaml")):
        mails = golden.load(path)
        new, old = _SIGNED.sub("", mails["asks"][1]), mails["fresh_asks"][2]
        for quote in parts["quotes"].values():
            below = quote.replace("{old}", old.replace("\n", "\n> ") if "> {old}" in quote else old)
            yield _Case(f"{new}\n\n{below}\n", None, new, below)
        for signature in parts["signatures"].values():
            yield _Case(f"{new}\n\n{signature}\n", None, new, signature)
        for markup in parts["html"].values():
            filled = markup.replace("{old}", old).replace("{new}", new.replace("\n", "<br>\n"))
            yield _Case("", filled, new, old)
