"""Learn the request classifier's numbers from labelled mails and sentences.

    python -m tools.train_request [--shared ../shared]

Reads `mail/labelled` and `mail/sentences` below the shared folder and writes
`ackd/judge/classifier/request_model.json`. The same data give the same file. Needs
`pip install -e '.[train]'`.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from ackd.judge import reading
from ackd.judge.classifier import features
from ackd.model import Mail, Owner
from ackd.text import eml, reply_text
from ackd.text.languages import languages

ROOT = Path(__file__).resolve().parent.parent
SEED = 20260302
OWNER = Owner("alice@corp.example", "Alice Smith")
PRECISIONS = {"cautious": 0.95, "balanced": 0.9, "eager": 0.8}
_TREES = 200
_FEWEST = 8  # mails that must show a feature for it to be learned
_RUNS = 5  # of cross-validation, each with other folds, from which the thresholds are taken
_ASKING = frozenset(("ask", "tell", "wish", "order", "opinion"))
_GIVING = frozenset(("promise", "inform"))

Matrix = Any
"""A numpy array; numpy's own types say little more here."""


@dataclasses.dataclass(frozen=True)
class Labelled:
    """The mails with a clear label, read. `shown` are the signals of their sentences; `unread` says
    which of them nobody looked at while the phrases were written."""

    ids: list[str]
    labels: Matrix
    unread: Matrix
    readings: list[reading.Reading]
    shown: list[list[dict[str, float]]]


# --- data ---------------------------------------------------------------------------------------


def load_mails(shared: Path) -> Labelled:
    """The labelled mails without the unclear ones."""
    folder = shared / "mail" / "labelled"
    lines = (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["label"] != "unclear"]
    readings = []
    for row in rows:
        mail = eml.read((folder / f"{row['id']}.eml").read_bytes())
        readings.append(reading.read(mail, OWNER, reply_text.new_text(mail.text, mail.html)))
    labels = np.array([row["label"] == "yes" for row in rows]).astype(int)
    ids = [row["id"] for row in rows]
    unread = np.array([is_unread(name) for name in ids])
    return Labelled(ids, labels, unread, readings, [features.of_sentences(r) for r in readings])


def is_unread(name: str) -> bool:
    """Whether a mail is of the three tenths (by a hash of its number) that weren't read while the
    phrases were written: the phrases know the others, and figures on them flatter."""
    return int(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), 16) % 10 < 3


def load_sentences(shared: Path) -> tuple[list[dict[str, float]], Matrix, list[str]]:
    """The signals of the single sentences on whose label both readings agree, the labels, and the
    sentences themselves.

    The sets count a sender's own plans and closing courtesies as requests; here such a sentence
    is none, or is left out where it is in doubt.
    """
    folder = shared / "mail" / "sentences"
    yes, no = (set(_lines(folder / f"verified-{name}.txt")) for name in ("yes", "no"))
    shown, labels, texts = [], [], []
    for line in _lines(folder / "parakweet-train.tsv"):
        label, _, text = line.partition("\t")
        text = text.strip()
        asks = {("Yes", True, False): 1, ("No", False, True): 0}.get((label, text in yes, text in no))
        read = _read_sentence(text) if asks is not None else None
        asks = _corrected(read, text, asks) if read and asks is not None else None
        if read and asks is not None:
            shown.append(_merged(read))
            labels.append(asks)
            texts.append(text)
    return shown, np.array(labels), texts


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]


def _read_sentence(text: str) -> reading.Reading | None:
    mail = Mail("<x>", eml.EPOCH, "", None)
    read = reading.read(mail, OWNER, text)
    english = languages()["en"]
    hits = tuple(tuple(english.phrases.find(s.words, s.begins)) for s in read.sentences)
    return dataclasses.replace(read, language=english, hits=hits) if read.sentences else None


def _corrected(read: reading.Reading, text: str, asks: int) -> int | None:
    every = {hit.kind for hits in read.hits for hit in hits}
    kept = {hit.kind for hits in read.hits for hit in reading.unmasked(hits)}
    if not asks or "?" in text or kept & _ASKING:
        return asks
    if "courtesy" in every:
        return 0
    return None if every & _GIVING and "hint" not in kept else asks


def _merged(read: reading.Reading) -> dict[str, float]:
    """The signals of what may be two sentences, without those that tell its place in a mail."""
    merged: dict[str, float] = {}
    for sentence in features.of_sentences(read):
        merged |= sentence
    return {name: value for name, value in merged.items() if name not in ("first", "last", "far down")}


# --- learning -----------------------------------------------------------------------------------


def learn_sentences(shown: Sequence[dict[str, float]], labels: Matrix) -> tuple[float, dict[str, float]]:
    """Bias and weights of the signals of a sentence."""
    names = sorted({name for sentence in shown for name in sentence})
    learned = LogisticRegression(C=0.3, max_iter=2000).fit(_matrix(shown, names), labels)
    weights = {name: round(float(w), 4) for name, w in zip(names, learned.coef_[0], strict=True)}
    return round(float(learned.intercept_[0]), 4), weights


def mail_features(mails: Labelled, bias: float, weights: dict[str, float]) -> list[dict[str, float]]:
    """The features of every mail, with the sentence model's scores."""
    found = []
    for read, shown in zip(mails.readings, mails.shown, strict=True):
        scores = [bias + sum(weights.get(n, 0.0) * v for n, v in s.items()) for s in shown]
        found.append(features.of_mail(read, shown, scores))
    return found


def _matrix(rows: Sequence[dict[str, float]], names: Sequence[str]) -> Matrix:
    return np.array([[row.get(name, 0.0) for name in names] for row in rows], dtype=float)


@dataclasses.dataclass(frozen=True)
class Learned:
    """A logistic regression (its scaling folded in), a forest, and their calibration. `seen` are the
    probabilities of the mails it learned from, each by a model without it."""

    names: list[str]
    bias: float
    weights: Matrix
    forest: ExtraTreesClassifier
    slope: float = 1.0
    intercept: float = 0.0
    seen: Matrix = None

    def log_odds(self, rows: Sequence[dict[str, float]]) -> Matrix:
        vectors = _matrix(rows, self.names)
        linear = 1 / (1 + np.exp(-np.clip(vectors @ self.weights + self.bias, -30, 30)))
        mean = np.clip((linear + self.forest.predict_proba(vectors)[:, 1]) / 2, 1e-6, 1 - 1e-6)
        return self.slope * np.log(mean / (1 - mean)) + self.intercept

    def probabilities(self, rows: Sequence[dict[str, float]]) -> Matrix:
        return 1 / (1 + np.exp(-self.log_odds(rows)))


def learn(rows: Sequence[dict[str, float]], labels: Matrix) -> Learned:
    """Learn from the mails' features; the calibration by folds of these same mails."""
    odds = np.zeros(len(rows))
    for train, test in folds(labels, SEED):
        odds[test] = _uncalibrated(_pick(rows, train), labels[train]).log_odds(_pick(rows, test))
    line = LogisticRegression(C=1e3).fit(odds.reshape(-1, 1), labels)
    return dataclasses.replace(
        _uncalibrated(rows, labels),
        slope=float(line.coef_[0][0]),
        intercept=float(line.intercept_[0]),
        seen=line.predict_proba(odds.reshape(-1, 1))[:, 1],
    )


def _uncalibrated(rows: Sequence[dict[str, float]], labels: Matrix) -> Learned:
    counts: dict[str, int] = {}
    for row in rows:
        for name, value in row.items():
            counts[name] = counts.get(name, 0) + (value != 0)
    names = sorted(name for name, count in counts.items() if count >= _FEWEST)
    vectors = _matrix(rows, names)
    scale = np.maximum(np.abs(vectors).max(axis=0), 1e-9)
    is_score = np.array([name.startswith("score") for name in names])
    scale = np.where(is_score, vectors.std(axis=0) + 1e-9, scale)
    linear = LogisticRegression(C=0.2, max_iter=5000).fit(vectors / scale, labels)
    forest = ExtraTreesClassifier(_TREES, min_samples_leaf=2, max_features=0.4, random_state=SEED).fit(
        vectors, labels
    )
    return Learned(names, float(linear.intercept_[0]), linear.coef_[0] / scale, forest)


def folds(labels: Matrix, seed: int) -> list[tuple[Matrix, Matrix]]:
    """Five folds with the labels' shares kept."""
    return list(StratifiedKFold(5, shuffle=True, random_state=seed).split(labels, labels))


def _pick(rows: Sequence[dict[str, float]], which: Matrix) -> list[dict[str, float]]:
    return [rows[i] for i in which]


@dataclasses.dataclass(frozen=True)
class HeldOut:
    """What models said of mails that they hadn't seen: the probability, and for each sensitivity
    whether the mail is taken."""

    probabilities: Matrix
    taken: dict[str, Matrix]


def held_out(mails: Labelled, rows: Sequence[dict[str, float]], seed: int) -> HeldOut:
    """Five-fold cross-validation. Calibration and thresholds come from the other folds too."""
    found = np.zeros(len(rows))
    taken = {name: np.zeros(len(rows), dtype=bool) for name in PRECISIONS}
    for train, test in folds(mails.labels, seed):
        learned = learn(_pick(rows, train), mails.labels[train])
        found[test] = learned.probabilities(_pick(rows, test))
        limits = thresholds(mails.labels[train], learned.seen, mails.unread[train])
        for name, limit in limits.items():
            taken[name][test] = found[test] >= limit
    return HeldOut(found, taken)


def thresholds(labels: Matrix, probabilities: Matrix, unread: Matrix) -> dict[str, float]:
    """For each sensitivity the middle (in log odds) of two thresholds: that of all mails, which
    flatters because the phrases know most of them, and that of the few unread ones, which wobbles."""
    found = {}
    for name, precision in PRECISIONS.items():
        both = [_threshold(labels, probabilities, precision)]
        both.append(_threshold(labels[unread], probabilities[unread], precision))
        middle = sum(math.log(p / (1 - p)) for p in both) / 2
        found[name] = 1 / (1 + math.exp(-middle))
    return found


def _threshold(labels: Matrix, probabilities: Matrix, precision: float) -> float:
    """The lowest probability from which the precision is at least the wanted one. One wrong mail
    among the very first doesn't decide: the precision counts from ten mails on."""
    order = np.argsort(-probabilities, kind="stable")
    right = np.cumsum(labels[order])
    reached = right / np.arange(1, len(order) + 1)
    enough = [i for i in range(9, len(order)) if reached[i] >= precision]
    return float(probabilities[order[max(enough)]]) if enough else 0.99


# --- export -------------------------------------------------------------------------------------


def export(
    learned: Learned, bias: float, weights: dict[str, float], limits: dict[str, float]
) -> dict[str, Any]:
    """The model as the package's file holds it."""
    return {
        "sentence_bias": bias,
        "sentence": weights,
        "names": learned.names,
        "linear_bias": round(learned.bias, 4),
        "linear": [round(float(w), 4) for w in learned.weights],
        "trees": [_tree(tree.tree_) for tree in learned.forest.estimators_],
        "calibration": [round(learned.slope, 4), round(learned.intercept, 4)],
        "thresholds": limits,
    }


def _tree(tree: Any) -> list[list[Any]]:
    """A tree's columns; a leaf keeps its probability in the place of a threshold."""
    features_: list[int] = []
    thresholds: list[float] = []
    left: list[int] = []
    right: list[int] = []
    for node in range(tree.node_count):
        is_leaf = tree.children_left[node] < 0
        features_.append(-1 if is_leaf else int(tree.feature[node]))
        counts = tree.value[node][0]
        number = counts[1] / counts.sum() if is_leaf else tree.threshold[node]
        thresholds.append(round(float(number), 3 if is_leaf else 5))
        left.append(0 if is_leaf else int(tree.children_left[node]))
        right.append(0 if is_leaf else int(tree.children_right[node]))
    return [features_, thresholds, left, right]


def main() -> None:
    """Learn, write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    shared: Path = parser.parse_args().shared
    sentences, asks, _ = load_sentences(shared)
    bias, weights = learn_sentences(sentences, asks)
    mails = load_mails(shared)
    rows = mail_features(mails, bias, weights)
    runs = np.concatenate([held_out(mails, rows, seed).probabilities for seed in range(_RUNS)])
    labels, unread = np.tile(mails.labels, _RUNS), np.tile(mails.unread, _RUNS)
    limits = {name: round(limit, 3) for name, limit in thresholds(labels, runs, unread).items()}
    model = export(learn(rows, mails.labels), bias, weights, limits)
    path = ROOT / "ackd" / "judge" / "classifier" / "request_model.json"
    path.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="ascii")
    print(f"{len(asks)} sentences, {len(mails.ids)} mails; thresholds {limits}; {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
