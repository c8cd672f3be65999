"""How probable it is that the reader is asked for an answer or an action.

Every sentence of the new text is weighed by what it shows (`ackd.judge.signals`); the strongest
ones decide.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from ackd.judge import signals
from ackd.judge.reading import Reading
from ackd.model import Audience, Request

THRESHOLDS: dict[str, float] = {"cautious": 0.8, "balanced": 0.65, "eager": 0.5}
"""The probability from which a mail counts as a request, for each sensitivity."""

_WEIGHTS: Mapping[str, float] = {
    "?": 1.6, "? and ask": 1.0, "? and question": 0.4, "? and you": 0.4, "? and opinion": 0.6,
    "? and rhetorical": -2.6, "? and courtesy": -2.4, "? and condition": -0.2,
    "has ask": 1.7, "ask and you": 0.3, "polite and ask": 0.9, "has order": 1.2, "has hint": 0.7,
    "has opinion": 0.8, "has courtesy": -1.4, "has rhetorical": -1.2, "has promise": -0.9, "has inform": -0.8,
    "has thanks": -0.2, "has reply": -0.7, "has announce": -1.4, "condition and ask": -0.9,
    "condition and order": -1.2, "has automatic": -4.0, "short": -0.4, "long": -0.3, "far down": -0.8,
    "to other": -6.0, "to owner": 0.4, "to everyone": -0.2,
}  # fmt: skip
_BIAS = -2.6


def estimate(reading: Reading) -> Request:
    """The probability that the reader owes an answer or an action, with the sentence that asks.
    A mail without new text, or in a language without phrases, asks nothing: 0."""
    if not reading.sentences or reading.language is None:
        return Request(0.0)
    scores = [_score(reading, index) for index in range(len(reading.sentences))]
    best = max(range(len(scores)), key=lambda i: (scores[i], -i))
    others = [i for i, called in enumerate(reading.called) if called.to is Audience.OTHER]
    strongest = max(others, key=lambda i: _score(reading, i, named=False), default=best)
    is_for_other = scores[best] < 0 < _score(reading, strongest, named=False)
    shown = strongest if is_for_other else best
    called = reading.called[shown]
    return Request(_probability(scores), reading.sentences[shown].text[:500], called.to, called.name)


def _score(reading: Reading, index: int, *, named: bool = True) -> float:
    found = signals.of_sentence(reading, index)
    if not named:
        found.pop("to other", None)
    return _BIAS + sum(_WEIGHTS.get(name, 0.0) * value for name, value in found.items())


def _probability(scores: list[float]) -> float:
    ordered = sorted(scores, reverse=True)
    total = ordered[0] + (0.3 * max(0.0, ordered[1]) if len(ordered) > 1 else 0.0)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
