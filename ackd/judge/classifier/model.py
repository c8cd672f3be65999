"""How probable it is that the reader is asked for an answer or an action.

Every sentence of the new text gets a score from its signals; the mail's features, scores among
them, go through a logistic regression and a forest that learned from real mails, and through a regression
that learned from written ones too; the words of the sentences are weighed beside them. All that is put
together (`wording.py`) and calibrated: of the mails that get 0.9, nine in ten ask. The numbers were learned
by `tools/train_request.py` and stand in `request_model.json`; plain Python reads them.
"""

from __future__ import annotations

import base64
import json
import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import repeat
from operator import mul
from typing import Any

from ackd.judge.classifier import features
from ackd.judge.classifier.wording import MOST_SAID, Vocabulary, Wording, bounded, mixed
from ackd.judge.reading import Reading
from ackd.model import Audience, Caution, Request

_ANSWER_SHIFT = -0.7
"""What is added to the log odds when the mail answers a mail of the owner's: it rather tells than
asks; a plain question still gets through."""

_UNLIKE_SHIFT = -1.0
"""What is added where the mail is unlike all that was learned from."""

_LEAF = 65535


@dataclass(frozen=True, slots=True)
class _Tree:
    """A decision tree as columns: inner nodes have a feature (else `_LEAF`), a threshold, the node after them
    for what is not above it and a node on the right for the rest; leaves a probability."""

    feature: Sequence[int]
    threshold: Sequence[float]
    right: Sequence[int]

    @classmethod
    def of(cls, feature: list[int], threshold: list[float], left: list[int], right: list[int]) -> _Tree:
        """As its file has it, where leaves have no feature (-1)."""
        if any(feature[node] >= 0 and left[node] != node + 1 for node in range(len(feature))):
            raise ValueError("a tree whose nodes don't stand in the order of their branches")
        return cls(_packed(feature), array("d", threshold), _packed(right))


def _packed(column: list[int]) -> Sequence[int]:
    return array("H", (_LEAF if number < 0 else number for number in column))


def _leaves(trees: Iterable[_Tree], vector: Sequence[float]) -> list[float]:
    """What each tree says of a mail. In one loop: it is the longest way of a mail through the judge."""
    found = []
    for tree in trees:
        node, feature, threshold, right = 0, tree.feature, tree.threshold, tree.right
        while (at := feature[node]) != _LEAF:
            node = node + 1 if vector[at] <= threshold[node] else right[node]
        found.append(threshold[node])
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    """A regression: its bias, and its weights in the order of the features."""

    bias: float
    weights: Sequence[float]

    def log_odds(self, vector: Sequence[float]) -> float:
        weighed: float = sum(map(mul, self.weights, vector), self.bias)
        return weighed


@dataclass(frozen=True, slots=True)
class _Signs:
    """A regression on the signals of a sentence, by their names."""

    bias: float
    weights: Mapping[str, float]

    def log_odds(self, shown: Mapping[str, float]) -> float:
        weights = self.weights
        return self.bias + sum(weights.get(name, 0.0) * value for name, value in shown.items())


@dataclass(frozen=True, slots=True)
class Model:
    """The learned numbers. `names` orders the features of a mail; `strict` (with the trees) and `broad` weigh
    them; `signs` weighs the signals of a sentence alone, `beside` those beside its words."""

    signs: _Signs
    names: Sequence[str]
    strict: _Line
    broad: _Line
    trees: Sequence[_Tree]
    beside: _Signs
    wording: Wording
    vocabulary: Vocabulary
    calibration: tuple[float, float]  # slope and intercept
    thresholds: Mapping[str, float]

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Model:
        """The model from what its file holds."""
        said = read["wording"]
        trees = [_Tree.of(*columns) for columns in read["trees"]]
        slope, intercept = read["calibration"]
        return cls(
            _Signs(read["sentence_bias"], read["sentence"]),
            read["names"],
            _Line(*read["strict"]),
            _Line(*read["broad"]),
            trees,
            _Signs(said["bias"], said["signals"]),
            Wording(base64.b64decode(said["places"]), said["unit"]),
            Vocabulary(base64.b64decode(read["vocabulary"])),
            (slope, intercept),
            read["thresholds"],
        )

    def asking(self, shown: Mapping[str, float], words: Sequence[str]) -> float:
        """The log odds that a sentence asks, by its signals and its words."""
        return self.beside.log_odds(shown) + self.wording.score(words)

    def log_odds(self, found: Mapping[str, float], words: float) -> float:
        """The calibrated log odds that a mail asks, by its features and the sentence that asks most."""
        vector = list(map(found.get, self.names, repeat(0.0)))
        forest = sum(_leaves(self.trees, vector)) / len(self.trees)
        strict = _logit((_sigmoid(self.strict.log_odds(vector)) + forest) / 2)
        slope, intercept = self.calibration
        odds: float = mixed(strict, self.broad.log_odds(vector), words, bounded)
        return slope * odds + intercept


@lru_cache(maxsize=1)
def model() -> Model:
    """The model that is packaged with ackd."""
    file = resources.files("ackd.judge.classifier").joinpath("request_model.json")
    return Model.from_json(json.loads(file.read_text(encoding="ascii")))


THRESHOLDS: dict[Caution, float] = {one: model().thresholds[one] for one in Caution}
"""The probability from which a mail counts as a request, for each sensitivity: by
cross-validation the precision is 0.95 (cautious), 0.9 (balanced), 0.8 (eager)."""


def estimate(reading: Reading, *, answers_owner: bool = False) -> Request:
    """The probability that the reader owes an answer or an action, with the sentence that asks.

    A mail without new text, or in a language without phrases, asks nothing: 0. `answers_owner`:
    the mail answers a mail of the owner's.
    """
    if not reading.sentences or reading.language is None:
        return Request(0.0)
    learned = model()
    shown = features.of_sentences(reading)
    scores = [learned.signs.log_odds(sentence) for sentence in shown]
    asking = [learned.asking(one, s.words) for one, s in zip(shown, reading.sentences, strict=True)]
    odds = learned.log_odds(features.of_mail(reading, shown, scores), _most(reading, asking))
    is_unlike = learned.vocabulary.is_unlike(reading.language.code, [s.words for s in reading.sentences])
    odds += (_ANSWER_SHIFT if answers_owner else 0.0) + (_UNLIKE_SHIFT if is_unlike else 0.0)
    best = _asking(reading, asking)
    called = reading.called[best]
    return Request(
        _sigmoid(odds), reading.sentences[best].text[:500], called.to, called.name, is_unlike=is_unlike
    )


def _most(reading: Reading, scores: Sequence[float]) -> float:
    """The score of the sentence that asks most, of those that aren't put to another recipient."""
    mine = (s for s, c in zip(scores, reading.called, strict=True) if c.to is not Audience.OTHER)
    return max(mine, default=-MOST_SAID)


def _asking(reading: Reading, scores: Sequence[float]) -> int:
    """The sentence that asks: the strongest one put to the owner, or else the strongest."""
    weighed = [
        score - (2.0 if called.to in (Audience.OTHER, Audience.STRANGER) else 0.0)
        for score, called in zip(scores, reading.called, strict=True)
    ]
    return max(range(len(weighed)), key=lambda i: (weighed[i], -i))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


def _logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
