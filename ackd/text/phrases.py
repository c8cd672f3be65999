"""Words, sentences and phrases of a text, the same for every language.

Phrases are written as people write them, one a line:
`could|can you [please] send` (alternatives, optional words), `...` up to four words between,
`_` exactly one, `^` the beginning and `$` the end of a sentence, `,` the beginning of a clause
inside it (after a comma, a dash, a colon, "and" …), `?` the question mark. Case and accents
don't matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from sys import intern
from typing import Any

_ACCENTED = "".join(map(chr, range(0xC0, 0x180)))
_PLAIN = str.maketrans(
    {c: unicodedata.normalize("NFD", c)[0].lower() for c in _ACCENTED}
    | {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "Œ": "oe", "Æ": "ae", "Ø": "o", "ł": "l", "Ł": "l"}
    | {"’": "'", "‘": "'", "´": "'", "`": "'", "\u00a0": " ", "¿": " ", "¡": " "}
)
_SAME_LENGTH = str.maketrans("’‘´`", "''''")
_MARK = r"(?<![.?\n])\?(?=[\s?!.\"')\]*]|$)"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|" + _MARK)
_PIECE = re.compile(r"[^\W_]+(?:'[^\W_]+)*|" + _MARK + r"|[,:;(\u2013\u2014]|\.\.+|(?<=\s)-+(?=\s)|--+")
_JOINING = """
    and then also but or so just simply und dann auch aber oder sowie et puis aussi mais ou donc y luego
    tambien pero o entonces en dan ook maar of dus e poi anche ma o quindi depois tambem mas ou entao
"""
_JOINS = frozenset(_JOINING.split())
_GAP = 4


def plain(text: str) -> str:
    """The text in lower case without accents, with one kind of apostrophe."""
    return text.translate(_PLAIN).lower()


def words(text: str) -> list[str]:
    """The words of a text in their plain form; a question mark is a word."""
    return _WORD.findall(plain(text))


def places(text: str) -> list[int]:
    """Where in the text each of its `words` begins."""
    return [match.start() for match in _WORD.finditer(text.translate(_SAME_LENGTH))]


def clauses(text: str) -> tuple[list[str], list[int]]:
    """The words of a sentence, and the numbers of those with which a clause begins."""
    found: list[str] = []
    begins: list[int] = []
    fresh = True
    for piece in _PIECE.findall(plain(text)):
        if piece == "?" or piece[0].isalnum():
            if fresh:
                begins.append(len(found))
            found.append(piece)
            fresh = piece in _JOINS
        else:
            fresh = True
    return found, begins


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of `kind` at words `start` to `end` (exclusive)."""

    kind: str
    start: int
    end: int


_Node = dict[str, Any]
"""A node of the tree of phrases: the nodes below by their word; under "" the kinds of the phrases
that end here."""


class Phrases:
    """Phrases by kind, found in a sentence's words in time linear in their number."""

    def __init__(self, kinds: Mapping[str, Iterable[str]]) -> None:
        self._root: _Node = {}
        for kind, lines in kinds.items():
            for line in lines:
                self._root = _union(self._root, _branch(choices(line), kind))

    def find(self, sentence: Sequence[str], begins: Sequence[int] = ()) -> list[Hit]:
        """Every phrase in the sentence; of one kind at one place the longest. `begins` are the
        words with which a clause begins."""
        marked = ["^", *sentence, "$"]
        best: dict[tuple[str, int], int] = {}
        root = self._root
        for start, word in enumerate(marked):
            if word in root:
                self._walk(root[word], marked, start + 1, start, best)
        for begin in begins if "," in root else ():
            self._walk(root[","], marked, begin + 1, begin + 1, best)
        return [Hit(kind, max(0, start - 1), end - 1) for (kind, start), end in best.items()]

    def _walk(
        self, node: _Node, marked: list[str], at: int, start: int, best: dict[tuple[str, int], int]
    ) -> None:
        for kind in node.get("", ()):
            best[kind, start] = max(at, best.get((kind, start), 0))
        if at >= len(marked):
            return
        if marked[at] in node:
            self._walk(node[marked[at]], marked, at + 1, start, best)
        if "_" in node and marked[at] not in ("$", "?"):
            self._walk(node["_"], marked, at + 1, start, best)
        if "..." in node:
            for skip in range(min(_GAP, len(marked) - at - 1) + 1):
                self._walk(node["..."], marked, at + skip, start, best)


def _branch(choices: Sequence[Sequence[tuple[str, ...]]], kind: str) -> _Node:
    """One written phrase as a tree. What follows alternatives is the same object below each of them,
    so a phrase takes as many nodes as it has words, not as it has readings."""
    node: _Node = {"": frozenset((kind,))}
    for choice in reversed(choices):
        tail, node = node, {}
        for said in choice:
            branch = tail
            for word in reversed(said):
                branch = {intern(word): branch}
            node = _union(node, branch)
    return node


def _union(one: _Node, other: _Node) -> _Node:
    """Both trees in one, without changing either: their nodes may be shared with others."""
    if not one:
        return other
    both = dict(one)
    for word, below in other.items():
        mine = both.get(word)
        if mine is None:
            both[word] = below
        elif mine is not below:
            both[word] = mine | below if word == "" else _union(mine, below)
    return both


_SIGNS = frozenset(("^", "$", "?", ",", "_", "..."))


def expanded(line: str) -> Iterable[tuple[str, ...]]:
    """A written phrase as plain word sequences. What is written as one may be several words
    ("e-mail")."""
    for combination in product(*choices(line)):
        yield tuple(word for said in combination for word in said)


def choices(line: str) -> list[list[tuple[str, ...]]]:
    """What may stand at each place of a written phrase."""
    found: list[list[tuple[str, ...]]] = []
    for part in line.split():
        written = part.strip("[]").split("|")
        choice = [(one,) if one in _SIGNS else tuple(words(one)) for one in written]
        found.append([*choice, ()] if part.startswith("[") else choice)
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """What may stand at one place of a written phrase: word sequences by their first word, or any words up to
    `gap`; `is_optional` where none need stand there."""

    said: Mapping[str, tuple[tuple[str, ...], ...]]
    is_optional: bool = False
    gap: int = 0

    @classmethod
    def of(cls, part: str) -> _Part:
        """A part as it is written."""
        if part in ("...", "_"):
            return cls({}, part == "...", _GAP if part == "..." else 1)
        said: dict[str, tuple[tuple[str, ...], ...]] = {}
        for one in part.strip("[]").split("|"):
            sequence = (one,) if one in _SIGNS else tuple(words(one))
            said[sequence[0]] = (*said.get(sequence[0], ()), sequence)
        return cls(said, part.startswith("["))

    def ends(self, marked: Sequence[str], at: int) -> Iterable[int]:
        """Where it may end that begins at word `at`."""
        if self.is_optional:
            yield at
        for skip in range(1, min(self.gap, len(marked) - at - 1) + 1):
            yield at + skip
        for sequence in self.said.get(marked[at], ()) if at < len(marked) else ():
            if sequence == tuple(marked[at : at + len(sequence)]):
                yield at + len(sequence)


class Patterns:
    """Phrases whose places have many alternatives: a tree of all their readings would be huge, so each is
    tried where a first word of it stands. Time is linear in a sentence's words."""

    def __init__(self, kinds: Mapping[str, Iterable[str]]) -> None:
        self._by_first: dict[str, list[tuple[str, bool, tuple[_Part, ...]]]] = {}
        for kind, lines in kinds.items():
            for line in lines:
                begins = line.startswith((", ", "^ "))
                parts = tuple(map(_Part.of, line.split()[begins:]))
                for first in _first_words(parts):
                    self._by_first.setdefault(first, []).append((kind, begins, parts))

    def kinds(self, sentence: Sequence[str], begins: Sequence[int] = ()) -> frozenset[str]:
        """The kinds of which a phrase is in the sentence; `begins` are the words with which a clause begins,
        where "," and "^" want to stand."""
        marked = (*sentence, "$")
        found: set[str] = set()
        for at, word in enumerate(sentence):
            for kind, must_begin, parts in self._by_first.get(word, ()):
                if kind not in found and (not must_begin or at in begins) and _fits(parts, marked, at):
                    found.add(kind)
        return frozenset(found)


def _first_words(parts: Sequence[_Part]) -> set[str]:
    first: set[str] = set()
    for part in parts:
        first |= part.said.keys()
        if not part.is_optional:
            break
    return first


def _fits(parts: Sequence[_Part], marked: Sequence[str], at: int) -> bool:
    ends = {at}
    for part in parts:
        ends = {end for start in ends for end in part.ends(marked, start)}
        if not ends:
            return False
    return True


# --- sentences ----------------------------------------------------------------------------------


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
_BULLET = re.compile(r"^\s*(?:[-*•·o>]|\(?\d{1,2}[.)]|[a-z][.)])\s+")
_SHORT = 48
_ABBREVIATED = """
    mr mrs ms dr prof st inc corp co ltd vs etc approx no nr tel fax ext e.g i.e p.m a.m u.s
    z.b d.h ca bzw usw evtl ggf inkl hr fr str bspw mme mlle sr sra srta dott sig ing avv dra exmo bv
    jan feb mar apr jun jul aug sep sept oct nov dec
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())


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
    if word in _ABBREVIATIONS:
        return block[dot + 1 : dot + 3].strip()[:1] != "" and not (
            word in ("p.m", "a.m", "etc") and block[dot + 2 : dot + 3].isupper()
        )
    return len(word) == 1 and word.isalpha() and word != "i"
