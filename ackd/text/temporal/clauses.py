"""A short mail in the middle of a conversation, cut into pieces: what each of them is about.

A piece is a sentence's part between commas, dashes and colons. Phrases come from the languages'
files (`ackd.text.languages`); everything is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ackd.text.languages import Language, languages
from ackd.text.phrases import Hit
from ackd.text.sentences import Sentence, clauses, sentences
from ackd.text.temporal.vocabulary import words_of
from ackd.text.tokens import places, tokens_of, words

_LONGEST = 4_000  # characters: what only says when an answer comes is short
_MOST_SENTENCES = 60
_BREAK = re.compile(r"(?<!\d)[,;:]+|[,;:]+(?!\d)|[–—()\[\]]+|\s-+\s|--+")
_ORDINAL = re.compile(r"(?<!\d)\d{1,2}\.$")
_MOST_WORDS = 60  # of a piece in which phrases are looked for
_LONGEST_NAME = 4  # words


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of sentence `sentence`: its text and where that begins in the sentence, its words and
    where each begins in the piece, and the phrases among them."""

    sentence: int
    text: str
    start: int
    words: tuple[str, ...]
    places: tuple[int, ...]
    hits: tuple[Hit, ...]
    is_last: bool

    def of(self, *kinds: str) -> list[Hit]:
        """The phrases of some kinds, in order."""
        return sorted((hit for hit in self.hits if hit.kind in kinds), key=lambda hit: hit.start)

    @property
    def is_question(self) -> bool:
        return "?" in self.words

    @property
    def is_greeting(self) -> bool:
        """Whether it only greets, thanks or says good-bye, by its first words."""
        first = self.of("greeting", "closing", "thanks")
        return bool(first) and first[0].start <= 1

    @property
    def looks_like_name(self) -> bool:
        """Whether it may be the name that stands below a letter or after a greeting."""
        if self.start == 0 and self.text.rstrip().endswith((".", "!", "?", "…")):
            return False  # "Done."
        said = [word for word in self.text.split() if word[:1].isalnum()]
        return 0 < len(said) <= _LONGEST_NAME and all(w[0].isupper() or not w[0].isascii() for w in said)


@dataclass(frozen=True, slots=True)
class Talk:
    """A text in one language: its sentences and their pieces. `is_whole` is False where the text
    was too long to be read to its end."""

    language: Language
    sentences: tuple[Sentence, ...]
    pieces: tuple[Piece, ...]
    is_whole: bool


def talks(text: str, code: str | None) -> Iterator[Talk]:
    """The text as read in its language; in every language, one after the other, where that isn't
    known: a mail of five words seldom tells it."""
    known = languages()
    found = tuple(sentences(text[:_LONGEST], most=_MOST_SENTENCES))
    is_whole = len(text) <= _LONGEST and len(found) < _MOST_SENTENCES
    for language in [known[code]] if code in known else known.values():
        whole = tuple(_joined(found, language.code))
        yield Talk(language, whole, tuple(_pieces(whole, language)), is_whole)


def _joined(found: Sequence[Sentence], code: str) -> Iterator[Sentence]:
    """The sentences, where the full stop of "10. Dezember" was taken for an end put together."""
    months, before = words_of(code).table("months"), None
    for sentence in found:
        if before and _ORDINAL.search(before.text) and months.at(tokens_of(sentence.text[:20]), 0):
            text = f"{before.text} {sentence.text}"
            said, begins = clauses(text)
            before = Sentence(text, tuple(said), tuple(begins), before.paragraph)
            continue
        if before:
            yield before
        before = sentence
    if before:
        yield before


def _pieces(found: Sequence[Sentence], language: Language) -> Iterator[Piece]:
    for number, sentence in enumerate(found):
        for start, text in _parts(sentence.text):
            said = tuple(words(text))
            if not said:
                continue
            at = tuple(places(text))
            hits = tuple(language.talk.find(said[:_MOST_WORDS], (0,)))
            yield Piece(number, text, start, said, at, hits, number == len(found) - 1)


def _parts(sentence: str) -> Iterator[tuple[int, str]]:
    start = 0
    for match in _BREAK.finditer(sentence):
        yield start, sentence[start : match.start()]
        start = match.end()
    yield start, sentence[start:]
