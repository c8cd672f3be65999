"""A text as words and as tokens: the one place that knows what a word is, and how words compare.

A word is what stands between blanks and marks ("don't", "10am"); a question mark is one, too. A token is
finer, for dates and hours: letters ("don", "am"), figures ("10", "24.11"), marks and gaps. What is a word's
letters and figures is its tokens', in the same order. Each is found in one pass, linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

LONGEST = 20_000  # characters of which tokens are made

_ACCENTED = "".join(map(chr, range(0xC0, 0x180)))
_PLAIN = str.maketrans(
    {c: unicodedata.normalize("NFD", c)[0].lower() for c in _ACCENTED}
    | {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "Œ": "oe", "Æ": "ae", "Ø": "o", "ł": "l", "Ł": "l"}
    | {"’": "'", "‘": "'", "´": "'", "`": "'", "\u00a0": " ", "¿": " ", "¡": " "}
)
_SAME_LENGTH = str.maketrans("’‘´`", "''''")


def plain(text: str) -> str:
    """The text in lower case without accents, with one kind of apostrophe."""
    if text.isascii() and "`" not in text:  # of ASCII no other letter is translated
        return text.lower()
    return text.translate(_PLAIN).lower()


# --- words ----------------------------------------------------------------------------------------

_QUESTION = r"(?<![.?\n])\?(?=[\s?!.\"')\]*]|$)"
_SPOKEN = r"[^\W_]+(?:'[^\W_]+)*|" + _QUESTION
_WORD = re.compile(_SPOKEN)
_PIECE = re.compile(_SPOKEN + r"|[,:;(\u2013\u2014]|\.\.+|(?<=\s)-+(?=\s)|--+")


def words(text: str) -> list[str]:
    """The words of a text in their plain form; a question mark is a word."""
    return _WORD.findall(plain(text))


def places(text: str) -> list[int]:
    """Where in the text each of its `words` begins."""
    return [match.start() for match in _WORD.finditer(text.translate(_SAME_LENGTH))]


def clauses(text: str, joins: frozenset[str]) -> tuple[list[str], list[int]]:
    """The words of a sentence, and the numbers of those with which a clause begins: after a mark, or after a
    word of `joins` ("and")."""
    found: list[str] = []
    begins: list[int] = []
    fresh = True
    for piece in _PIECE.findall(plain(text)):
        if piece[0].isalnum() or piece == "?":
            if fresh:
                begins.append(len(found))
            found.append(piece)
            fresh = piece in joins
        else:
            fresh = True
    return found, begins


# --- tokens ---------------------------------------------------------------------------------------

_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_TOKEN = re.compile(
    r"(?P<gap>\n[ \t\r]*\n\s*|\n[ \t]*(?=[-*•·][ \t]))"
    r"|(?P<word>(?<![^\W_])[ap]\.[ ]?m\b\.?|[^\W\d_]+|[ªº°])"
    r"|(?P<number>\d{1,9}(?:[.:/-]\d{1,9}){0,3})"
    r"|(?P<mark>[^\w\s])",
    re.IGNORECASE,
)
_HALF = re.compile(r"[. ]")  # in "p. m."
_JOINTS = frozenset("'’`´-‐‑")
_STOP = "."
_SENTENCE_ENDS = frozenset("!?…")
_CLAUSE_ENDS = frozenset(',;:()[]–—-"“”„«»')


class Token(str):
    """A token in its plain form. `kind` is word, number, mark or gap (an empty line, a bullet); `raw` is how
    it is written, `start` and `end` are places in the text."""

    __slots__ = ("end", "kind", "raw", "start")
    kind: str
    raw: str
    start: int
    end: int

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The token that was found."""
        raw, kind = match[0], match.lastgroup or "mark"
        said = plain(raw) if kind == "word" else raw
        token = cls(_HALF.sub("", said) if kind == "word" and "." in said else said)
        token.kind, token.raw, (token.start, token.end) = kind, raw, match.span()
        return token


def tokens_of(text: str) -> list[Token]:
    """The tokens of the first `LONGEST` characters; quoted lines ("> …") count as empty, and a joint between
    letters ("d'ici") as nothing."""
    seen = _QUOTED_LINE.sub(lambda line: "\n" + " " * (len(line[0]) - 1) if line[0] else "", text[:LONGEST])
    found = _TOKEN.finditer(seen)
    return [Token.of(one) for one in found if one[0] not in _JOINTS or not _joins(seen, one.start())]


def _joins(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum()


@dataclass(frozen=True, slots=True)
class Bounds:
    """For each token the sentence and the clause that it is in, as spans of tokens."""

    sentence: list[tuple[int, int]]
    clause: list[tuple[int, int]]
    starts: list[int]  # the tokens with which a clause begins


def bounds_of(
    text: str, tokens: Sequence[Token], conjunctions: frozenset[str], inner: frozenset[str]
) -> Bounds:
    """Sentences and clauses. `inner` are words before which a full stop ends an abbreviation or
    an ordinal number, not a sentence (names of months)."""
    ends = [_ends_sentence(text, tokens, k, inner) for k in range(len(tokens))]
    clause_ends = [
        end or token in _CLAUSE_ENDS or token in conjunctions for token, end in zip(tokens, ends, strict=True)
    ]
    starts = [k for k in range(len(tokens)) if k == 0 or clause_ends[k - 1]]
    return Bounds(_spans(ends), _spans(clause_ends), starts)


def _spans(ends: Sequence[bool]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for k, end in enumerate(ends):
        if end or k == len(ends) - 1:
            spans += [(start, k + 1)] * (k + 1 - start)
            start = k + 1
    return spans


def _ends_sentence(text: str, tokens: Sequence[Token], k: int, inner: frozenset[str]) -> bool:
    token = tokens[k]
    if token.kind == "gap" or token in _SENTENCE_ENDS:
        return True
    is_stop = token == _STOP
    if not is_stop or k + 1 == len(tokens):
        return is_stop
    after, before = tokens[k + 1], tokens[k - 1] if k else token
    if after.start == token.end or text[after.start].islower() or after in inner:
        return False
    return not (before.kind == "word" and len(before) == 1) and not (
        before.kind == "number" and after.kind == "number"
    )
