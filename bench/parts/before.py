"""What the judge is measured beside: the one before it, which learned the phrases' signals from one
organisation's mails alone, a bag of words, and a question mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from ackd.judge.classifier import features
from tools import train_request as train
from tools.judge_mails import LABELLED, WRITTEN

Judge = Callable[[train.Material, train.Matrix], train.Matrix]
"""Learns from the mails that are marked, and gives a score for every mail."""

BEFORE, BAG_OF_WORDS, QUESTION_MARK = "the judge before", "a bag of words", "a question mark"
_TREES, _FEWEST = 200, 8


def before(data: train.Material, fit: train.Matrix) -> train.Matrix:
    """The judge before: signals alone, from the labelled mails of the first organisation; from the others'
    where that one is held out."""
    rows = _rows(data)
    first = fit & data.where(organisation=LABELLED) & data.where(language="en")
    some = np.flatnonzero(first if first.any() else fit & ~data.where(organisation=WRITTEN))
    counts: dict[str, int] = {}
    for i in some:
        for name, value in rows[i].items():
            counts[name] = counts.get(name, 0) + (value != 0)
    names = sorted(name for name, count in counts.items() if count >= _FEWEST)
    vectors = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    scale = np.maximum(np.abs(vectors[some]).max(axis=0), 1e-9)
    is_score = np.array([name.startswith("score") for name in names])
    scale = np.where(is_score, vectors[some].std(axis=0) + 1e-9, scale)
    linear = LogisticRegression(C=0.2, max_iter=5000).fit(vectors[some] / scale, data.labels[some])
    forest = ExtraTreesClassifier(_TREES, min_samples_leaf=2, max_features=0.4, random_state=train.SEED)
    forest.fit(vectors[some], data.labels[some])
    return (linear.predict_proba(vectors / scale)[:, 1] + forest.predict_proba(vectors)[:, 1]) / 2


@lru_cache(maxsize=1)
def _rows(data: train.Material) -> list[dict[str, float]]:
    """The features, with the scores of a sentence model that knows single sentences alone."""
    count = len(data.singles)
    model = LogisticRegression(C=0.3, max_iter=2000).fit(data.signals[-count:], data.singles)
    scores = model.decision_function(data.signals)
    pairs = zip(data.mails, data.spots, strict=True)
    return [features.of_mail(mail.reading, mail.shown, list(scores[spot])) for mail, spot in pairs]


def bag_of_words(data: train.Material, fit: train.Matrix) -> train.Matrix:
    """Words and pairs of words of the new text, learned from the same mails and sentences."""
    texts = np.array([mail.reading.text for mail in data.mails], dtype=object)
    singles: Sequence[str] = [" ".join(words) for words in data.single_words]
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"[\w']+|\?")
    weights = np.append(np.ones(int(fit.sum())), np.full(len(singles), 0.5))
    model = LogisticRegression(C=3, max_iter=1000, solver="liblinear")
    learned = words.fit_transform([*texts[fit], *singles])
    model.fit(learned, np.append(data.labels[fit], data.singles), sample_weight=weights)
    return model.predict_proba(words.transform(texts))[:, 1]


def question_mark(data: train.Material, fit: train.Matrix) -> train.Matrix:
    """Whether a sentence of the new text ends in a question mark."""
    return np.array([float(any(s.is_question for s in mail.reading.sentences)) for mail in data.mails])
