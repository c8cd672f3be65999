"""What is learned with scikit-learn is what plain Python judges by. Skipped without the extra `train`."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from ackd.judge.classifier.model import Model

np = pytest.importorskip("numpy")
pytest.importorskip("sklearn")

from bench.parts import figures  # noqa: E402  (both need scikit-learn)
from tools import train_request as train  # noqa: E402


def test_the_exported_model_judges_as_the_learned_one(shared: Path) -> None:
    bias, weights = train.learn_sentences(*train.load_sentences(shared)[:2])
    mails = train.load_mails(shared)
    rows = train.mail_features(mails, bias, weights)[:150]
    learned = train.learn(rows, mails.category_updates[:150])

    exported = json.loads(json.dumps(train.export(learned, bias, weights, {"cautious": 0.9})))
    model = Model.from_json(exported)

    for row, odds in zip(rows, learned.log_odds(rows), strict=True):
        assert 1 / (1 + math.exp(-model.log_odds(row))) == pytest.approx(1 / (1 + math.exp(-odds)), abs=0.02)


def test_thresholds_stand_between_all_mails_and_the_unread() -> None:
    draw = np.random.default_rng(0)
    category_updates = draw.integers(0, 2, 400)
    unread = draw.random(400) < 0.3
    probabilities = np.clip(
        category_updates * 0.5 + draw.random(400) * 0.5 - unread * (1 - category_updates) * -0.2, 0.01, 0.99
    )

    found = train.thresholds(category_updates, probabilities, unread)

    everybody = train.thresholds(category_updates, probabilities, np.ones(400, dtype=bool))
    alone = train.thresholds(
        category_updates[unread], probabilities[unread], np.ones(unread.sum(), dtype=bool)
    )
    for name, threshold in found.items():
        low, high = sorted((everybody[name], alone[name]))
        assert low <= threshold <= high
    assert found["eager"] <= found["balanced"] <= found["cautious"]


def test_figures_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import average_precision_score, brier_score_loss

    draw = np.random.default_rng(2)
    category_updates = draw.integers(0, 2, 300)
    scores = np.round(np.clip(category_updates * 0.3 + draw.random(300) * 0.7, 0, 1), 1)  # with ties

    assert figures.average_precision(category_updates, scores) == pytest.approx(
        average_precision_score(category_updates, scores)
    )
    assert figures.brier(category_updates, scores) == pytest.approx(
        brier_score_loss(category_updates, scores)
    )
    assert figures.best_f1(category_updates, category_updates) == 1
    assert figures.recall_at(0.95)(category_updates, 1.0 - category_updates) == 0
