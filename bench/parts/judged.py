"""The request classifier on real mails that it didn't learn from, beside others.

Every mail is judged twice: by what was learned without its organisation, and by what was learned without its
fold (a thread, or a mail and its rewritings, are in one). Calibration and thresholds come from other
organisations; those of the folds are the shipped ones. Nothing is measured on written mails.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.parts.before import BAG_OF_WORDS, BEFORE, QUESTION_MARK, Judge, bag_of_words, before, question_mark
from bench.parts.figures import Figure, Matrix, average_precision, brier, recall_at, with_interval
from tools import train_request as train
from tools.judge_mails import LABELLED, WRITTEN

OURS = "ackd"
OTHERS: dict[str, Judge] = {BEFORE: before, BAG_OF_WORDS: bag_of_words, QUESTION_MARK: question_mark}
_MARKED = Path(__file__).with_name("asking.json")
_WORST = 30


@dataclass(frozen=True, slots=True)
class Held:
    """What is said of mails that were held out in one way. `scores`: of every judge. `probabilities` are
    ours, `taken` says for each sensitivity which mails are; `asking` numbers the sentence that asks."""

    scores: dict[str, Matrix]
    probabilities: Matrix
    taken: dict[str, Matrix]
    asking: list[int | None]


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of mails: for each judge its average precision, what ours gains on the judge before, the recall
    that can be had at precision 0.95, and for each sensitivity precision and recall of what is taken."""

    mails: int
    requests: int
    judges: dict[str, Figure]
    gain: Figure
    recall: dict[str, Figure]
    brier: Figure
    taken: dict[str, tuple[Figure, Figure]]


@dataclass(frozen=True, slots=True)
class Quality:
    """`rows` by way of holding out and kind of mails. `reliability`: for each way, for each filled tenth the
    mean probability, the share that asks and the number of mails. `asking`: of marked mails, by language, how
    often the sentence that is named is one that asks, and their number. `worst`: id, label, probability."""

    rows: dict[str, dict[str, Row]]
    reliability: dict[str, list[tuple[float, float, int]]]
    asking: dict[str, tuple[int, int]]
    worst: list[tuple[str, str, float]]


def quality(shared: Path) -> Quality:
    """All figures; two or three minutes of processor time."""
    data = train.material(shared)
    first = data.where(organisation=LABELLED)
    scores, asking = held(data, train.organisations(data))
    apart = Held(scores, *_taken(data, scores[OURS], scores[OURS], [first, ~first]), asking)
    known, scores = scores[OURS], held(data, train.folds(data))[0]
    everything = np.ones(len(data.mails), dtype=bool)
    ways = {
        "other organisations": apart,
        "five-fold": Held(scores, *_taken(data, scores[OURS], known, [everything]), []),
    }
    return Quality(
        {
            way: {name: _row(data, one, kind) for name, kind in kinds(data).items()}
            for way, one in ways.items()
        },
        {way: _reliability(data, one) for way, one in ways.items()},
        marked(data, apart.asking),
        _worst(data, apart),
    )


def kinds(data: train.Material) -> dict[str, Matrix]:
    """The kinds of real mails that are told apart."""
    english, first = data.where(language="en"), data.where(organisation=LABELLED)
    real = ~data.where(organisation=WRITTEN)
    found = {"labelled": english & first, "other": real & ~first}
    for code in sorted({mail.language for mail in data.mails} - {"en"}):
        found[code] = real & data.where(language=code)
    return found | {"all six": real & ~english}


def held(data: train.Material, parts: Matrix) -> tuple[dict[str, Matrix], list[int | None]]:
    """Every judge's scores of the real mails of each part by what was learned from the other parts, and the
    numbers of the sentences that ours names."""
    real = ~data.where(organisation=WRITTEN)
    count = len(data.mails)
    scores = {name: np.full(count, np.nan) for name in (OURS, *OTHERS)}
    asking: list[int | None] = [None] * count
    for one in sorted(set(parts[real])):
        inside, fit = (parts == one) & real, parts != one
        learned = train.learn(data, fit)
        scores[OURS][inside] = learned.log_odds(data, np.flatnonzero(inside))
        said = learned.said(data)
        for i in np.flatnonzero(inside):
            asking[i] = _asking(data, said, i)
        for name, judge in OTHERS.items():
            scores[name][inside] = judge(data, fit)[inside]
    return scores, asking


def _taken(
    data: train.Material, odds: Matrix, known: Matrix, parts: Sequence[Matrix]
) -> tuple[Matrix, dict[str, Matrix]]:
    """Probabilities, and what is taken: calibrated, and with thresholds, by the log odds that are `known` of
    the other parts; of all where there is but one."""
    real = ~data.where(organisation=WRITTEN)
    probabilities = np.full(len(odds), np.nan)
    taken = {name: np.zeros(len(odds), dtype=bool) for name in train.PRECISIONS}
    for one in parts:
        inside, fit = real & one, real & (~one if len(parts) > 1 else one)
        slope, intercept = train.calibrated(known[fit], data.labels[fit])
        told, limits = (1 / (1 + np.exp(-(slope * some + intercept))) for some in (odds, known))
        probabilities[inside] = told[inside]
        kinds = [kind & fit for kind in train.kinds(data) if (kind & fit).any()]
        for name, limit in train.thresholds(data.labels, limits, kinds).items():
            taken[name][inside] = told[inside] >= limit
    return probabilities, taken


def _asking(data: train.Material, said: Matrix, number: int) -> int | None:
    called, scores = data.mails[number].reading.called, said[data.spots[number]]
    if not called:
        return None
    return int(np.argmax([s - 2.0 * (c.to in train.NAMED) for s, c in zip(scores, called, strict=True)]))


# --- figures --------------------------------------------------------------------------------------


def _row(data: train.Material, one: Held, kind: Matrix) -> Row:
    labels = data.labels[kind]
    scores = {name: [found[kind]] for name, found in one.scores.items()}

    def gain(drawn: Matrix, which: Matrix) -> float:
        ours, theirs = (scores[name][0][which.astype(int)] for name in (OURS, BEFORE))
        return average_precision(drawn, ours) - average_precision(drawn, theirs)

    def figures(figure: Callable[[Matrix, Matrix], float]) -> dict[str, Figure]:
        return {name: with_interval(figure, labels, found) for name, found in scores.items()}

    return Row(
        int(kind.sum()),
        int(labels.sum()),
        figures(average_precision),
        with_interval(gain, labels, [np.arange(len(labels))]),
        figures(recall_at(0.95)),
        with_interval(brier, labels, [one.probabilities[kind]]),
        {
            name: tuple(with_interval(figure, labels, [found[kind]]) for figure in (_precision, _recall))
            for name, found in one.taken.items()
        },  # type: ignore[arg-type]  # two, as the tuple says
    )


def _precision(labels: Matrix, taken: Matrix) -> float:
    return float(labels[taken].mean()) if taken.any() else 1.0


def _recall(labels: Matrix, taken: Matrix) -> float:
    return float(taken[labels == 1].mean()) if labels.any() else 0.0


def _reliability(data: train.Material, one: Held) -> list[tuple[float, float, int]]:
    real = np.isfinite(one.probabilities)
    scores, truth = one.probabilities[real], data.labels[real]
    tenths = np.minimum((scores * 10).astype(int), 9)
    filled = [tenths == tenth for tenth in range(10) if (tenths == tenth).any()]
    return [(float(scores[which].mean()), float(truth[which].mean()), int(which.sum())) for which in filled]


def marked(data: train.Material, asking: Sequence[int | None]) -> dict[str, tuple[int, int]]:
    """By language, of how many marked mails the sentence is one that asks, and of how many of them in all. A
    person marked a hundred of the real mails that ask without knowing which sentence the judge names."""
    wanted: dict[str, list[str]] = json.loads(_MARKED.read_text(encoding="utf-8"))
    found: dict[str, tuple[int, int]] = {}
    for mail, number in zip(data.mails, asking, strict=True):
        if mail.id in wanted:
            texts = [s.text for s in mail.reading.sentences]
            right, of = found.get(mail.language, (0, 0))
            found[mail.language] = (right + is_one(wanted[mail.id], texts, number), of + 1)
    return found


def is_one(begins: Sequence[str], texts: Sequence[str], number: int | None) -> bool:
    """Whether the sentence with this number begins as one of the marked ones does."""
    if number is None:
        return False
    said = " ".join(texts[number].split())
    return any(said.startswith(begin) or begin.startswith(said) for begin in begins)


def _worst(data: train.Material, one: Held) -> list[tuple[str, str, float]]:
    """The mails whose label the probability contradicts most."""
    real = np.flatnonzero(np.isfinite(one.probabilities))
    order = real[np.argsort(-np.abs(one.probabilities[real] - data.labels[real]))][:_WORST]
    return [(data.mails[i].id, "yes" if data.labels[i] else "no", float(one.probabilities[i])) for i in order]
