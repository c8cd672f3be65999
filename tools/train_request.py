"""Learn the request classifier's numbers from labelled mails and sentences.

    python -m tools.train_request [--shared ../shared]

Reads `mail` below the shared folder and `tools/written_mails`, and writes
`ackd/judge/classifier/request_model.json`. The same data give the same file. Needs
`pip install -e '.[train]'`.
"""

from __future__ import annotations

import argparse
import base64
import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression

from ackd.judge.classifier import features, wording
from ackd.model import Audience
from tools.judge_mails import LABELLED, WRITTEN, Labelled, Sentence, load, load_sentences

ROOT = Path(__file__).resolve().parent.parent
SEED = 20260302
PRECISIONS = {"cautious": 0.95, "balanced": 0.9, "eager": 0.8}
_TREES = 120
_FEWEST = 12  # mails that must show a feature for it to be learned
_FOLDS = 5
_STRENGTH = 0.5  # of the regression on words
_REWRITTEN = 0.5  # what a mail that was rewritten in another language counts beside its original
_INVENTED = 0.3  # what a written mail counts
_UNNAMED = 0.3  # what a sentence counts that isn't named as the asking one, in a mail that asks
_SINGLE = 0.5  # what a single sentence counts

Matrix = Any
"""A numpy array; numpy's own types say little more here."""


# --- what is learned from -------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, eq=False)
class Material:
    """The mails with the features of each, the sentences of all with their words' places. The scores
    come from a sentence model that knows neither the real mails nor, of a written one, its group."""

    mails: list[Labelled]
    labels: Matrix
    bias: float  # of the sentence model
    weights: dict[str, float]
    rows: list[dict[str, float]]
    spots: list[list[int]]  # of each mail, its sentences' places in the matrices below
    names: list[str]
    signals: Matrix
    words: Any  # a sparse matrix
    scores: Matrix  # of the sentences, by their signals
    taught: Matrix  # by signals and words, by what written mails and single sentences teach
    singles: Matrix  # the labels of the single sentences, which stand last
    single_words: list[list[str]]

    def where(self, **wanted: str) -> Matrix:
        """Which mails have these attributes."""
        return np.array([all(getattr(m, k) == v for k, v in wanted.items()) for m in self.mails])


def material(shared: Path) -> Material:
    """Everything that there is to learn from."""
    return prepared(load(shared), load_sentences(shared))


def prepared(mails: list[Labelled], singles: Sequence[Sentence]) -> Material:
    """The mails and sentences as numbers."""
    shown = [one for mail in mails for one in mail.shown] + [one.shown for one in singles]
    words = [s.words for mail in mails for s in mail.reading.sentences] + [one.words for one in singles]
    ends = np.cumsum([len(mail.shown) for mail in mails])
    spots = [list(range(end - len(mail.shown), end)) for mail, end in zip(mails, ends, strict=True)]
    names = sorted({name for one in shown for name in one})
    signals, asked = _matrix(shown, names), np.array([one.asks for one in singles]).astype(int)
    known, weights = _known(mails, spots, len(shown), asked)
    folds = np.array([part(mail.group) if mail.organisation == WRITTEN else -1 for mail in mails])
    of_sentence = np.append(np.repeat(folds, [len(spot) for spot in spots]), np.full(len(singles), -1))
    models = [_regression(signals, known, weights * (of_sentence != fold), 0.3) for fold in range(_FOLDS)]
    whole = _regression(signals, known, weights, 0.3)
    scores = whole.decision_function(signals)
    for fold, model in enumerate(models):
        scores[of_sentence == fold] = model.decision_function(signals)[of_sentence == fold]
    rows = [features.of_mail(m.reading, m.shown, list(scores[s])) for m, s in zip(mails, spots, strict=True)]
    by_name = {name: round(float(w), 4) for name, w in zip(names, whole.coef_[0], strict=True)}
    labels = np.array([mail.asks for mail in mails]).astype(int)
    places = _places(words)
    both = _beside(places, signals)
    taught = _regression(both, known, weights, _STRENGTH).decision_function(both)
    return Material(
        mails, labels, round(float(whole.intercept_[0]), 4), by_name, rows, spots, names, signals,
        places, scores, taught, asked, [one.words for one in singles],
    )  # fmt: skip


def part(group: str, seed: int = 0) -> int:
    """The fold of a group."""
    number = int(hashlib.sha1(f"{seed} {group}".encode(), usedforsecurity=False).hexdigest(), 16)
    return number % _FOLDS


def _known(
    mails: Sequence[Labelled], spots: Sequence[list[int]], count: int, singles: Matrix
) -> tuple[Matrix, Matrix]:
    """The labels of the sentences that written mails and single sentences tell, and what each counts."""
    asks, weights = np.zeros(count, dtype=int), np.zeros(count)
    for mail, spot in zip(mails, spots, strict=True):
        if mail.organisation == WRITTEN:
            weights[spot] = _UNNAMED if mail.asks else 1.0
            if mail.asking is not None:
                asks[spot[mail.asking]], weights[spot[mail.asking]] = 1, 1.0
    asks[count - len(singles) :], weights[count - len(singles) :] = singles, _SINGLE
    return asks, weights


def _places(sentences: Sequence[Sequence[str]]) -> Any:
    found = [np.array(wording.places(words), dtype=np.int32) for words in sentences]
    counts = np.array([len(one) for one in found])
    data = np.repeat(wording.SCALE / np.sqrt(np.maximum(counts, 1)), counts)
    matrix = sparse.csr_matrix(
        (data, np.concatenate(found), np.append(0, np.cumsum(counts))), shape=(len(found), wording.BUCKETS)
    )
    matrix.sum_duplicates()
    return matrix


def _beside(words: Any, signals: Matrix) -> Any:
    return sparse.hstack([words, sparse.csr_matrix(signals)]).tocsr()


def _matrix(rows: Sequence[dict[str, float]], names: Sequence[str]) -> Matrix:
    return np.array([[row.get(name, 0.0) for name in names] for row in rows], dtype=float)


def _regression(vectors: Any, labels: Matrix, weights: Matrix, strength: float) -> LogisticRegression:
    which = weights > 0
    solver = "liblinear" if sparse.issparse(vectors) else "lbfgs"
    model = LogisticRegression(C=strength, max_iter=3000, solver=solver, random_state=SEED)
    return model.fit(vectors[which], labels[which], sample_weight=weights[which])


# --- learning -------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Learned:
    """What was learned from some mails. `strict` is a regression on real mails, `broad` one on all,
    both with their scaling folded in; `wording` one on the sentences' signals and words."""

    names: list[str]
    strict: tuple[float, Matrix]
    broad: tuple[float, Matrix]
    forest: ExtraTreesClassifier
    wording: tuple[float, Matrix, bytes, float]  # bias, of the signals, of the places, their unit

    def parts(self, data: Material, which: Iterable[int]) -> tuple[Matrix, Matrix, Matrix]:
        """What the real mails, all mails and the words say of some mails: log odds."""
        which = list(which)
        vectors = _matrix([data.rows[i] for i in which], self.names)
        strict, broad = (vectors @ weights + bias for bias, weights in (self.strict, self.broad))
        mean = np.clip((_sigmoid(strict) + self.forest.predict_proba(vectors)[:, 1]) / 2, 1e-6, 1 - 1e-6)
        said = self.said(data)
        words = [
            max((said[s] for s, c in zip(data.spots[i], data.mails[i].reading.called, strict=True)
                 if c.to is not Audience.OTHER), default=-wording.MOST_SAID)
            for i in which
        ]  # fmt: skip
        return np.log(mean / (1 - mean)), broad, np.array(words)

    def said(self, data: Material) -> Matrix:
        """What every sentence says by its signals and words."""
        bias, signals, weights, unit = self.wording
        return data.words @ (np.frombuffer(weights, dtype=np.int8) * unit) + data.signals @ signals + bias

    def log_odds(self, data: Material, which: Iterable[int]) -> Matrix:
        """What all three say, not calibrated."""
        return wording.mixed(*self.parts(data, which), np.clip)


def _sigmoid(odds: Matrix) -> Matrix:
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


def learn(data: Material, train: Matrix) -> Learned:
    """Learn from the mails that `train` marks."""
    written = data.where(organisation=WRITTEN)
    own = np.array([m.language == "en" or m.organisation == WRITTEN for m in data.mails])
    weights = train * np.where(written, _INVENTED, np.where(own, 1.0, _REWRITTEN))
    real = np.flatnonzero(train & ~written)
    counts: dict[str, int] = {}
    for i in real:
        for name, value in data.rows[i].items():
            counts[name] = counts.get(name, 0) + (value != 0)
    names = sorted(name for name, count in counts.items() if count >= _FEWEST)
    vectors = _matrix(data.rows, names)
    forest = ExtraTreesClassifier(_TREES, min_samples_leaf=2, max_features=0.4, random_state=SEED)
    forest.fit(vectors[real], data.labels[real], sample_weight=weights[real])
    return Learned(
        names,
        _scaled(vectors, data.labels, np.where(written, 0.0, weights), names),
        _scaled(vectors, data.labels, weights, names),
        forest,
        _wording(data, train),
    )


def _scaled(vectors: Matrix, labels: Matrix, weights: Matrix, names: Sequence[str]) -> tuple[float, Matrix]:
    """Bias and weights of a regression whose features are scaled first."""
    some = vectors[weights > 0]
    scale = np.maximum(np.abs(some).max(axis=0), 1e-9)
    is_score = np.array([name.startswith("score") for name in names])
    scale = np.where(is_score, some.std(axis=0) + 1e-9, scale)
    model = _regression(vectors / scale, labels, weights, 0.2)
    return float(model.intercept_[0]), model.coef_[0] / scale


def _wording(data: Material, train: Matrix) -> tuple[float, Matrix, bytes, float]:
    """Of a real mail that asks, the sentence that is likeliest by what written mails teach is taken for the
    one that asks, and the others are left out."""
    kept = [mail if use else None for mail, use in zip(data.mails, train, strict=True)]
    count = len(data.signals)
    asks, weights = _known([m for m in kept if m], [s for m, s in zip(kept, data.spots, strict=True) if m],
                           count, data.singles)  # fmt: skip
    for mail, spot in zip(kept, data.spots, strict=True):
        if mail and mail.organisation != WRITTEN and spot:
            if mail.asks:
                best = spot[int(np.argmax(data.taught[spot]))]
                asks[best], weights[best] = 1, 1.0
            else:
                weights[spot] = 1.0
    model = _regression(_beside(data.words, data.signals), asks, weights, _STRENGTH)
    of_words, of_signals = model.coef_[0][: wording.BUCKETS], model.coef_[0][wording.BUCKETS :]
    unit = round(float(np.abs(of_words).max()) / 127, 7)
    places = np.round(of_words / unit).astype(np.int8).tobytes()
    return round(float(model.intercept_[0]), 4), np.round(of_signals, 4), places, unit


# --- what is told by held-out mails ---------------------------------------------------------------


def apart(data: Material, parts: Matrix) -> Matrix:
    """The log odds of every real mail by what was learned without its part; NaN for written ones."""
    found, real = np.full(len(data.mails), np.nan), ~data.where(organisation=WRITTEN)
    for one in sorted(set(parts[real])):
        inside = real & (parts == one)
        found[inside] = learn(data, parts != one).log_odds(data, np.flatnonzero(inside))
    return found


def organisations(data: Material) -> Matrix:
    """The organisation of every mail."""
    return np.array([mail.organisation for mail in data.mails])


def folds(data: Material) -> Matrix:
    """The fold of every mail: one for a thread, or a mail and its rewritings."""
    return np.array([part(mail.group, 1) for mail in data.mails])


def calibrated(odds: Matrix, labels: Matrix) -> tuple[float, float]:
    """Slope and intercept that make log odds those of the share that asks."""
    line = LogisticRegression(C=1e3).fit(odds.reshape(-1, 1), labels)
    return float(line.coef_[0][0]), float(line.intercept_[0])


def thresholds(labels: Matrix, probabilities: Matrix, kinds: Sequence[Matrix]) -> dict[str, float]:
    """For each sensitivity the lowest probability from which the precision is as wanted among all mails, and
    among those of each kind (an organisation, a language) taken together."""
    return {
        name: max(_threshold(labels[kind], probabilities[kind], precision) for kind in kinds)
        for name, precision in PRECISIONS.items()
    }


def _threshold(labels: Matrix, probabilities: Matrix, precision: float) -> float:
    """The lowest probability from which the precision is at least the wanted one. One wrong mail
    among the very first doesn't decide: the precision counts from ten mails on."""
    order = np.argsort(-probabilities, kind="stable")
    right = np.cumsum(labels[order])
    reached = right / np.arange(1, len(order) + 1)
    enough = [i for i in range(9, len(order)) if reached[i] >= precision]
    return float(probabilities[order[max(enough)]]) if enough else 0.99


def kinds(data: Material) -> list[Matrix]:
    """The kinds of real mails for which a threshold must hold: the first organisation's, the others', those
    in other languages. Without the mails that the rule *put to* leaves, whatever their probability."""
    real, english = ~data.where(organisation=WRITTEN), data.where(language="en")
    first = data.where(organisation=LABELLED)
    real &= np.array([audience(data, i) not in NAMED for i in range(len(data.mails))])
    return [real & first & english, real & ~first, real & ~english]


NAMED = (Audience.OTHER, Audience.STRANGER)


def audience(data: Material, number: int) -> Audience:
    """To whom the sentence of a mail is put that asks, as far as written mails teach it."""
    called = data.mails[number].reading.called
    if not called:
        return Audience.OPEN
    scores = data.taught[data.spots[number]]
    weighed = [score - 2.0 * (c.to in NAMED) for score, c in zip(scores, called, strict=True)]
    return called[int(np.argmax(weighed))].to


# --- export ---------------------------------------------------------------------------------------


def export(
    data: Material, learned: Learned, calibration: tuple[float, float], limits: dict[str, float]
) -> dict[str, Any]:
    """The model as the package's file holds it."""
    bias, signals, places, unit = learned.wording
    return {
        "sentence_bias": data.bias,
        "sentence": data.weights,
        "names": learned.names,
        "strict": _rounded(learned.strict),
        "broad": _rounded(learned.broad),
        "trees": [_tree(tree.tree_) for tree in learned.forest.estimators_],
        "wording": {
            "bias": bias,
            "signals": dict(zip(data.names, map(float, signals), strict=True)),
            "places": base64.b64encode(places).decode("ascii"),
            "unit": unit,
        },
        "vocabulary": base64.b64encode(_vocabulary(data)).decode("ascii"),
        "calibration": [round(number, 4) for number in calibration],
        "thresholds": limits,
    }


def _vocabulary(data: Material) -> bytes:
    bits = bytearray(wording.Vocabulary.SIZE // 8)
    said = {(mail.language, word) for mail in data.mails for s in mail.reading.sentences for word in s.words}
    for code, word in said | {("en", word) for words in data.single_words for word in words}:
        bit = wording.bit_of(code, word)
        bits[bit >> 3] |= 1 << (bit & 7)
    return bytes(bits)


def _rounded(regression: tuple[float, Matrix]) -> list[Any]:
    bias, weights = regression
    return [round(bias, 4), [round(float(weight), 4) for weight in weights]]


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
    data = material(shared)
    real = ~data.where(organisation=WRITTEN)
    odds = apart(data, organisations(data))
    line = calibrated(odds[real], data.labels[real])
    limits = thresholds(data.labels, _sigmoid(line[0] * odds + line[1]), kinds(data))
    limits = {name: round(limit, 3) for name, limit in limits.items()}
    model = export(data, learn(data, np.ones(len(data.mails), dtype=bool)), line, limits)
    path = ROOT / "ackd" / "judge" / "classifier" / "request_model.json"
    path.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="ascii")
    print(f"{len(data.mails)} mails; thresholds {limits}; {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
