"""The request classifier on the labelled mails, by cross-validation, beside two baselines.

Nothing is fitted on a held-out fold: not the weights, not the calibration, not the thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from bench.parts.figures import FIGURES, Figure, Matrix, brier, with_interval
from tools import train_request as train

QUESTION_MARK, BAG_OF_WORDS = "a question mark", "bag of words, logistic regression"
_SEEDS = (0, 1, 2)
_WORST = 20
_SENTENCE_WEIGHT = 0.5  # what a single sentence counts beside a mail: the best of 0.05, 0.2 and 0.5


@dataclass(frozen=True, slots=True)
class Quality:
    """`models`: for each model its figures by name. `sensitivities`: precision and recall of what is
    taken, each an interval. `reliability`: for each filled tenth the mean probability, the share
    that asks, and the number of mails. `worst`: file, label, probability."""

    mails: int
    requests: int
    models: dict[str, dict[str, Figure]]
    brier: Figure
    sensitivities: dict[str, tuple[Figure, Figure]]
    reliability: list[tuple[float, float, int]]
    worst: list[tuple[str, str, float]]


def quality(shared: Path) -> Quality:
    """All figures; about a minute of processor time."""
    sentences, asks, texts = train.load_sentences(shared)
    bias, weights = train.learn_sentences(sentences, asks)
    mails = train.load_mails(shared)
    rows = train.mail_features(mails, bias, weights)
    runs = [train.held_out(mails, rows, seed) for seed in _SEEDS]
    ours = [run.probabilities for run in runs]
    unread = mails.unread
    marks = np.array([float(any(s.is_question for s in read.sentences)) for read in mails.readings])
    words = [_bag_of_words(mails, texts, asks, seed) for seed in _SEEDS]
    return Quality(
        mails=len(mails.ids),
        requests=int(mails.labels.sum()),
        models={
            "ackd": _figures(mails.labels, ours),
            f"ackd, the {unread.sum()} unread mails": _figures(
                mails.labels[unread], [o[unread] for o in ours]
            ),
            QUESTION_MARK: _figures(mails.labels, [marks]),
            BAG_OF_WORDS: _figures(mails.labels, words),
        },
        brier=with_interval(brier, mails.labels, ours),
        sensitivities={
            name: (
                with_interval(_precision, mails.labels, [run.taken[name] for run in runs]),
                with_interval(_recall, mails.labels, [run.taken[name] for run in runs]),
            )
            for name in train.PRECISIONS
        },
        reliability=_reliability(mails.labels, ours),
        worst=_worst(mails, np.mean(ours, axis=0)),
    )


def _figures(labels: Matrix, runs: Sequence[Matrix]) -> dict[str, Figure]:
    return {name: with_interval(figure, labels, runs) for name, figure in FIGURES.items()}


def _precision(labels: Matrix, taken: Matrix) -> float:
    return float(labels[taken].mean()) if taken.any() else 1.0


def _recall(labels: Matrix, taken: Matrix) -> float:
    return float(taken[labels == 1].mean())


def _bag_of_words(mails: train.Labelled, sentences: Sequence[str], asks: Matrix, seed: int) -> Matrix:
    """The baseline learns from the same new texts and the same sentences."""
    texts = np.array([read.text for read in mails.readings], dtype=object)
    found = np.zeros(len(texts))
    for fit, test in train.folds(mails.labels, seed):
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"[\w']+|\?"),
            LogisticRegression(C=3, max_iter=1000),
        )
        weights = np.append(np.ones(len(fit)), np.full(len(asks), _SENTENCE_WEIGHT))
        model.fit(
            [*texts[fit], *sentences],
            np.append(mails.labels[fit], asks),
            logisticregression__sample_weight=weights,
        )
        found[test] = model.predict_proba(texts[test])[:, 1]
    return found


def _reliability(labels: Matrix, runs: Sequence[Matrix]) -> list[tuple[float, float, int]]:
    scores, truth = np.concatenate(runs), np.tile(labels, len(runs))
    tenths = np.minimum((scores * 10).astype(int), 9)
    filled = [tenths == tenth for tenth in range(10) if (tenths == tenth).any()]
    return [
        (float(scores[which].mean()), float(truth[which].mean()), round(int(which.sum()) / len(runs)))
        for which in filled
    ]


def _worst(mails: train.Labelled, scores: Matrix) -> list[tuple[str, str, float]]:
    """The mails whose label the probability contradicts most."""
    order = np.argsort(-np.abs(scores - mails.labels))[:_WORST]
    return [(f"{mails.ids[i]}.eml", "yes" if mails.labels[i] else "no", float(scores[i])) for i in order]
