"""How good a ranking of mails is: figures with intervals. Ties are taken together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Matrix = Any
"""A numpy array; numpy's own types say little more here."""

_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})"


def average_precision(labels: Matrix, scores: Matrix) -> float:
    precision, recall = _curve(labels, scores)
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def best_f1(labels: Matrix, scores: Matrix) -> float:
    precision, recall = _curve(labels, scores)
    return float((2 * precision * recall / np.maximum(precision + recall, 1e-9)).max())


def recall_at(wanted: float) -> Callable[[Matrix, Matrix], float]:
    """The most recall that can be had at a precision."""

    def recall_there(labels: Matrix, scores: Matrix) -> float:
        precision, recall = _curve(labels, scores)
        return float(recall[precision >= wanted].max(initial=0.0))

    return recall_there


def brier(labels: Matrix, scores: Matrix) -> float:
    """The mean square of what a probability is off."""
    return float(((scores - labels) ** 2).mean())


def _curve(labels: Matrix, scores: Matrix) -> tuple[Matrix, Matrix]:
    """Precision and recall after each group of equal scores, from the highest on."""
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    right = np.cumsum(labels[order])[ends]
    return right / (ends + 1), right / max(1, labels.sum())


FIGURES: dict[str, Callable[[Matrix, Matrix], float]] = {
    "average precision": average_precision,
    "best F1": best_f1,
    "recall at precision 0.90": recall_at(0.9),
    "recall at precision 0.95": recall_at(0.95),
}


def with_interval(
    figure: Callable[[Matrix, Matrix], float], labels: Matrix, runs: Sequence[Matrix]
) -> Figure:
    """The figure's mean over runs of cross-validation. The interval is by drawing mails anew; it says
    what another sample of such mails could give, not how much the runs differ."""

    def mean(which: Matrix) -> float:
        return float(np.mean([figure(labels[which], run[which]) for run in runs]))

    draw = np.random.default_rng(1)
    drawn = [mean(draw.integers(0, len(labels), len(labels))) for _ in range(_DRAWS)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(mean(np.arange(len(labels))), float(low), float(high))
