"""The sentences of a text, the same for every language but for what it abbreviates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ackd.text import tokens
from ackd.text.languages import every_word


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: as written, its words, those with which a clause begins, and the number of
    its paragraph."""

    text: str
    words: tuple[str, ...]
    begins: tuple[int, ...]
    paragraph: int

    @property
    def is_question(self) -> bool:
        return "?" in self.words


_BLANK = re.compile(r"\n[ \t]*\n\s*")
_END = re.compile(r"[.?!…]+[\"')\]]*(?=\s|$)|:(?=\s*\n)|\s-{2,}\s|;\s")
_DAY = re.compile(r"\d{1,2}\.\d{1,2}")
_BULLET = re.compile(r"^\s*(?:[-*•·o>]|\(?\d{1,2}[.)]|[a-z][.)])\s+")
_SHORT = 48


def clauses(text: str) -> tuple[list[str], list[int]]:
    """The words of a sentence in whatever language, and the numbers of those with which a clause begins."""
    return tokens.clauses(text, every_word("joins", "mail"))


def sentences(text: str, *, most: int = 400) -> list[Sentence]:
    """The sentences of a text, at most `most`. Line ends inside a paragraph are only then ends
    of sentences when the line is short or the next one is an item of a list."""
    found: list[Sentence] = []
    for number, paragraph in enumerate(_BLANK.split(text)):
        for block in _blocks(paragraph):
            for piece in _pieces(block):
                said, begins = clauses(piece)
                if said:
                    found.append(Sentence(piece, tuple(said), tuple(begins), number))
                if len(found) >= most:
                    return found
    return found


def _blocks(paragraph: str) -> Iterable[str]:
    lines = paragraph.split("\n")
    block: list[str] = []
    for index, line in enumerate(lines):
        block.append(_BULLET.sub("", line).strip())
        following = lines[index + 1] if index + 1 < len(lines) else ""
        is_short = len(line.rstrip()) < _SHORT
        if (is_short and _starts_anew(following)) or _BULLET.match(following):
            yield " ".join(block)
            block = []
    yield " ".join(block)


def _starts_anew(line: str) -> bool:
    start = line.lstrip()[:1]
    return not start or not start.isalpha() or start.isupper()


def _pieces(block: str) -> Iterable[str]:
    start = 0
    for match in _END.finditer(block):
        if match.group() == "." and _abbreviated(block, match.start()):
            continue
        piece = block[start : match.end()].strip()
        if piece:
            yield piece
        start = match.end()
    rest = block[start:].strip()
    if rest:
        yield rest


def _abbreviated(block: str, dot: int) -> bool:
    space = max(block.rfind(" ", max(0, dot - 8), dot), block.rfind("(", max(0, dot - 8), dot))
    word = block[space + 1 : dot].lower()
    if word in every_word("abbreviations", "mail"):
        return block[dot + 1 : dot + 3].strip()[:1] != "" and not (
            word in ("p.m", "a.m", "etc") and block[dot + 2 : dot + 3].isupper()
        )
    if _DAY.fullmatch(word):  # "zum 31.10. verlassen"
        return block[dot + 1 : dot + 3].strip()[:1].islower()
    return len(word) == 1 and word.isalpha() and word != "i"
