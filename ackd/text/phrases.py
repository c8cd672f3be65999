"""Phrases as people write them, and where they stand in a text: the one engine for all that is looked for by
words.

A phrase is written on one line: `could|can you [please] send` (alternatives, optional words), `...` up to
four words between, `_` exactly one, `^` the beginning and `$` the end of a sentence, `,` the beginning of a
clause inside it (after a comma, a dash, a colon, "and" …), `?` the question mark. Case and accents don't
matter. What is written as one may be several words ("e-mail").

Words are cut by `tokens.words`, or more finely by `tokens.tokens_of` where figures are read: `Phrases` takes
either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from sys import intern
from typing import Any

from ackd.text.tokens import words

_GAP = 4
_DEEP = 1_000  # words: more than a phrase has
#: What the signs are in a tree: nothing that can stand in a text.
_BEGIN, _END, _CLAUSE, _ANY, _SOME = "\0^", "\0$", "\0,", "\0_", "\0..."
_EITHER = "\0|"  # below it the nodes that weren't put together
_ELSE = frozenset(("", _EITHER, _ANY, _SOME))  # what a node may have besides words
_SIGNS = {"^": _BEGIN, "$": _END, ",": _CLAUSE, "_": _ANY, "...": _SOME, "?": "?"}

Split = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of `kind` at words `start` to `end` (exclusive)."""

    kind: str
    start: int
    end: int


_Node = dict[str, Any]
"""A node of the tree of phrases: the nodes below by their word; under "" the kinds of the phrases
that end here, in the order in which they were given."""


class Phrases:
    """Phrases by kind, found in a sentence's words in time linear in their number."""

    def __init__(self, kinds: Mapping[str, Iterable[str]], split: Split = words, merged: int = _DEEP) -> None:
        """Phrases are put together in a tree by their first `merged` words; where many places have many
        alternatives, a tree of all readings would be huge, and those that begin alike are better tried one
        by one."""
        self._root: _Node = {}
        for kind, lines in kinds.items():
            for line in lines:
                self._root = _union(self._root, _branch(choices(line, split), kind), merged)

    @property
    def first_words(self) -> frozenset[str]:
        """What the phrases begin with."""
        return frozenset(self._root)

    def at(self, said: Sequence[str], k: int) -> tuple[str, int] | None:
        """The kind of the longest phrase that begins right at word k, and the place after it; of phrases that
        are the same the kind that was given first. Signs count as no phrase's here."""
        node, found = self._root, None
        while k < len(said) and (below := node.get(said[k])) is not None:
            node, k = below, k + 1
            if "" in node:
                found = (node[""][0], k)
        return found

    def find(self, sentence: Sequence[str], begins: Sequence[int] = ()) -> list[Hit]:
        """Every phrase in the sentence; of one kind at one place the longest. `begins` are the
        words with which a clause begins."""
        root = self._root
        marked = [_BEGIN, *sentence, _END]
        best: dict[tuple[str, int], int] = {}
        last = len(sentence) + 1
        for start in [start for start, word in enumerate(marked) if word in root]:
            node = root[marked[start]]
            # most words that begin a phrase begin none here
            if start == last or marked[start + 1] in node or not node.keys().isdisjoint(_ELSE):
                _walk(node, marked, start + 1, start, best)
        for begin in begins if _CLAUSE in root else ():
            _walk(root[_CLAUSE], marked, begin + 1, begin + 1, best)
        return [Hit(kind, max(0, start - 1), end - 1) for (kind, start), end in best.items()]


def _walk(
    node: _Node | None, marked: list[str], at: int, start: int, best: dict[tuple[str, int], int]
) -> None:
    """Note what ends below a node, by the words from `at` on. In one loop along the words themselves: most of
    what is looked for goes no other way."""
    last = len(marked) - 1
    while node is not None:
        for kind in node.get("", ()):
            best[kind, start] = max(at, best.get((kind, start), 0))
        for other in node.get(_EITHER, ()):
            _walk(other, marked, at, start, best)
        if at > last:
            return
        below = node.get(marked[at])
        if _ANY in node or _SOME in node:
            _walk(below, marked, at + 1, start, best)
            if _ANY in node and marked[at] not in (_END, "?"):
                _walk(node[_ANY], marked, at + 1, start, best)
            if _SOME in node:
                for place in range(at, min(at + _GAP, last) + 1):
                    _walk(node[_SOME], marked, place, start, best)
            return
        node, at = below, at + 1


def _branch(choices: Sequence[Sequence[tuple[str, ...]]], kind: str) -> _Node:
    """One written phrase as a tree. What follows alternatives is the same object below each of them,
    so a phrase takes as many nodes as it has words, not as it has readings."""
    node: _Node = {"": (kind,)}
    for choice in reversed(choices):
        tail, node = node, {}
        for said in choice:
            branch = tail
            for word in reversed(said):
                branch = {intern(str(word)): branch}
            node = _union(node, branch, _DEEP)
    return node


def _union(one: _Node, other: _Node, merged: int) -> _Node:
    """Both trees in one, `merged` words deep, without changing either: their nodes may be shared with
    others."""
    if not one:
        return other
    if not merged:
        return {_EITHER: (*(one[_EITHER] if one.keys() == {_EITHER} else (one,)), other)}
    both = dict(one)
    for word, below in other.items():
        mine = both.get(word)
        if mine is None:
            both[word] = below
        elif mine is not below:
            both[word] = _kinds(mine, below) if word == "" else _union(mine, below, merged - 1)
    return both


def _kinds(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return (*one, *(kind for kind in other if kind not in one))


def expanded(line: str) -> Iterable[tuple[str, ...]]:
    """A written phrase as plain word sequences."""
    for combination in product(*choices(line)):
        yield tuple(word for said in combination for word in said)


def choices(line: str, split: Split = words) -> list[list[tuple[str, ...]]]:
    """What may stand at each place of a written phrase."""
    found: list[list[tuple[str, ...]]] = []
    for part in line.split():
        written = part.strip("[]").split("|")
        choice = [(_SIGNS[one],) if one in _SIGNS else tuple(split(one)) for one in written]
        found.append([*choice, ()] if part.startswith("[") else choice)
    return found
