"""What is learned with scikit-learn is what plain Python judges by. Skipped without the extra `train`."""

from __future__ import annotations

import json
import math

import pytest

from ackd.judge import reading
from ackd.judge.classifier import features
from ackd.judge.classifier.model import Model
from ackd.text import reply_text
from tests.judge import golden

np = pytest.importorskip("numpy")
pytest.importorskip("sklearn")

from bench.parts import figures, judged  # noqa: E402  (both need scikit-learn)
from tools import judge_mails  # noqa: E402
from tools import train_request as train  # noqa: E402

TEXTS = (
    ("Could you send me the list by Friday?", True),
    ("The list is attached. Thanks for your help.", False),
    ("Please check the figures. I'm in Rome today.", True),
    ("I have sent him the figures. See you on Monday.", False),
)


def invented(number: int) -> judge_mails.Labelled:
    text, asks = TEXTS[number % len(TEXTS)]
    mail = golden.mail({"text": f"{text}\n\nNumber {number}."})
    read = reading.read(mail, golden.OWNER, reply_text.written(mail.text, mail.html))
    organisation = ("E", "S", judge_mails.WRITTEN)[number % 3]
    asking = 0 if asks and organisation == judge_mails.WRITTEN else None
    return judge_mails.Labelled(
        str(number), organisation, "en", str(number), asks, read, features.of_sentences(read), asking
    )


def test_the_exported_model_judges_as_the_learned_one() -> None:
    mails = [invented(number) for number in range(72)]
    singles = [
        judge_mails.Sentence(text, text.lower().split(), {"?": 1.0} if asks else {"first": 1.0}, asks)
        for text, asks in TEXTS * 5
    ]
    data = train.prepared(mails, singles)
    learned = train.learn(data, np.ones(len(mails), dtype=bool))

    exported = json.loads(json.dumps(train.export(data, learned, (1.1, -0.2), {"cautious": 0.9})))
    model = Model.from_json(exported)

    said = learned.said(data)
    for number, odds in enumerate(learned.log_odds(data, range(len(mails)))):
        spots, one = data.spots[number], mails[number]
        words = [
            model.asking(shown, s.words) for shown, s in zip(one.shown, one.reading.sentences, strict=True)
        ]
        assert words == pytest.approx(list(said[spots]), abs=0.02)
        ours = 1 / (1 + math.exp(-model.log_odds(data.rows[number], max(words))))
        assert ours == pytest.approx(1 / (1 + math.exp(-(1.1 * odds - 0.2))), abs=0.02)


def test_a_threshold_holds_for_every_kind_of_mails() -> None:
    draw = np.random.default_rng(0)
    asks = draw.integers(0, 2, 600)
    harder = draw.random(600) < 0.3
    probabilities = np.clip(asks * 0.5 + draw.random(600) * 0.5 + harder * (1 - asks) * 0.2, 0.01, 0.99)

    found = train.thresholds(asks, probabilities, [harder, ~harder])

    assert found["eager"] <= found["balanced"] <= found["cautious"]
    for name, wanted in train.PRECISIONS.items():
        for kind in (harder, ~harder):
            assert asks[kind & (probabilities >= found[name])].mean() >= wanted
    assert train.thresholds(asks, probabilities, [~harder])["cautious"] < found["cautious"]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("Could you send it to me?", 1),
        ("could you send it to  me", 1),
        ("Hi Bob, could you send it to me by noon?", 1),
        ("Something else entirely.", None),
    ],
)
def test_the_asking_sentence_is_found_again(said: str, number: int | None) -> None:
    sentences = ["Hello Bob,", "Could you send it to me?", "Thanks!"]

    assert judge_mails.nearest(said, sentences) == number


def test_a_sentence_is_one_that_was_marked() -> None:
    texts = ["We are late.", "Could you call\nhim today?", "Yes."]

    assert judged.is_one(["Could you call him"], texts, 1)
    assert not judged.is_one(["Could you call him"], texts, 0)
    assert not judged.is_one(["Could you call him"], texts, None)


def test_figures_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import average_precision_score, brier_score_loss

    draw = np.random.default_rng(2)
    asks = draw.integers(0, 2, 300)
    scores = np.round(np.clip(asks * 0.3 + draw.random(300) * 0.7, 0, 1), 1)  # with ties

    assert figures.average_precision(asks, scores) == pytest.approx(average_precision_score(asks, scores))
    assert figures.brier(asks, scores) == pytest.approx(brier_score_loss(asks, scores))
    assert figures.best_f1(asks, asks) == 1
    assert figures.recall_at(0.95)(asks, 1.0 - asks) == 0
