"""Text as tokens: words without case and accents, numbers, marks. One pass, linear."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 20_000  # characters that are looked at

_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_TOKEN = re.compile(
    r"(?P<gap>\n[ \t\r]*\n\s*|\n[ \t]*(?=[-*•·][ \t]))"
    r"|(?P<word>(?<![^\W_])[ap]\.[ ]?m\b\.?|[^\W\d_]+|[ªº°])"
    r"|(?P<number>\d{1,9}(?:[.:/-]\d{1,9}){0,3})"
    r"|(?P<mark>[^\w\s])",
    re.IGNORECASE,
)
_JOINTS = frozenset("'’`´-‐‑")
_SENTENCE_ENDS = frozenset("!?…")
_CLAUSE_ENDS = frozenset(',;:()[]–—-"“”„«»')


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is word, number, mark or gap (an empty line, a bullet); `norm` compares; `start`
    and `end` are places in the text."""

    kind: str
    norm: str
    raw: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """The tokens of the first `LONGEST` characters; quoted lines ("> …") count as empty."""
    seen = _QUOTED_LINE.sub(lambda line: "\n" + " " * (len(line[0]) - 1) if line[0] else "", text[:LONGEST])
    tokens = []
    for match in _TOKEN.finditer(seen):
        raw = match[0]
        if raw in _JOINTS and _joins(seen, match.start()):
            continue
        kind = match.lastgroup or "mark"
        norm = plain(raw) if kind == "word" else raw
        tokens.append(Token(kind, norm, raw, match.start(), match.end()))
    return tokens


def _joins(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum()


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """A word as it compares: no case, no accents, no full stops ("p.m." is "pm")."""
    folded = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c)).replace(".", "").replace(" ", "")


Phrase = tuple[str, ...]


class Phrases:
    """Phrases with a value each, found at a place among tokens: the longest first.

    "^send" is found only at the beginning of a clause, "…aré" at the end of a word (with accents).
    """

    def __init__(self, phrases: Iterable[tuple[str, object]]) -> None:
        self._by_first: dict[str, list[tuple[Phrase, object]]] = {}
        for phrase, value in phrases:
            words = tuple(token.norm for token in tokens_of(phrase))
            self._by_first.setdefault(words[0], []).append((words, value))
        for known in self._by_first.values():
            known.sort(key=lambda pair: -len(pair[0]))

    @property
    def first_words(self) -> frozenset[str]:
        """What the phrases begin with."""
        return frozenset(self._by_first)

    def at(self, tokens: Sequence[Token], k: int) -> tuple[object, int] | None:
        """The value of the phrase that begins at token k, and the place after it."""
        if k >= len(tokens):
            return None
        for words, value in self._by_first.get(tokens[k].norm, ()):
            end = k + len(words)
            if all(
                token.norm == word for token, word in zip(tokens[k:end], words, strict=False)
            ) and end <= len(tokens):
                return value, end
        return None


class Markers:
    """Where any phrase of one kind occurs among the tokens; asked for spans of them."""

    def __init__(self, phrases: str, tokens: Sequence[Token], starts: Sequence[bool]) -> None:
        plain_ones, firsts, endings = _kinds(phrases)
        self._places = [
            k
            for k, token in enumerate(tokens)
            if plain_ones.at(tokens, k)
            or (starts[k] and firsts.at(tokens, k))
            or (token.kind == "word" and len(token.raw) > 4 and token.raw.casefold().endswith(endings))
        ]

    def within(self, start: int, end: int) -> bool:
        """Whether one begins in tokens[start:end]."""
        return bisect_left(self._places, start) < bisect_left(self._places, end)


@lru_cache(maxsize=128)
def _kinds(phrases: str) -> tuple[Phrases, Phrases, tuple[str, ...]]:
    each = [phrase.strip() for phrase in phrases.replace("\n", ",").split(",") if phrase.strip()]
    return (
        Phrases((p, True) for p in each if p[0] not in "^…"),
        Phrases((p[1:], True) for p in each if p[0] == "^"),
        tuple(p[1:] for p in each if p[0] == "…"),
    )


@dataclass(frozen=True, slots=True)
class Bounds:
    """For each token the sentence and the clause that it is in, as spans of tokens."""

    sentence: list[tuple[int, int]]
    clause: list[tuple[int, int]]
    starts: list[bool]  # whether the token begins a clause


def bounds_of(
    text: str, tokens: Sequence[Token], conjunctions: frozenset[str], inner: frozenset[str]
) -> Bounds:
    """Sentences and clauses. `inner` are words before which a full stop ends an abbreviation or
    an ordinal number, not a sentence (names of months)."""
    ends = [_ends_sentence(text, tokens, k, inner) for k in range(len(tokens))]
    clause_ends = [
        end or token.norm in _CLAUSE_ENDS or (token.norm in conjunctions)
        for token, end in zip(tokens, ends, strict=True)
    ]
    starts = [k == 0 or clause_ends[k - 1] for k in range(len(tokens))]
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
    if token.kind == "gap" or token.norm in _SENTENCE_ENDS:
        return True
    if token.norm != "." or k + 1 == len(tokens):
        return token.norm == "."
    after, before = tokens[k + 1], tokens[k - 1] if k else token
    if after.start == token.end or text[after.start].islower() or after.norm in inner:
        return False
    return not (before.kind == "word" and len(before.norm) == 1) and not (
        before.kind == "number" and after.kind == "number"
    )
