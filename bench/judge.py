"""How well the judge tells a request, by cross-validation, beside two baselines; and how fast.

    python -m bench.judge [--shared ../shared] [--out judge-bench]

Prints one table and writes `judge.json` and `reliability.png` into the folder. Needs scikit-learn
and matplotlib. Nothing is fitted on a held-out fold: not the phrases' weights, not the calibration,
not the thresholds. (The phrases themselves were written with seven tenths of these mails at hand;
the column "unread" is of the other three tenths.)
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

Matrix = Any
_SEEDS = (0, 1, 2)
_BOOTSTRAPS = 500
_HOSTILE = {
    "one word": "A" * 1_000_000,
    "words": "could you please let me know if " * 32_000,
    "line ends": "\n" * 1_000_000,
    "header lines": "From: x\nSent: y\n" * 62_000,
    "names": "Bob, " * 200_000,
    "question marks": "? " * 500_000,
}


def main() -> None:
    """Measure everything, print the table, write the files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=Path("judge-bench"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    quality = cross_validated(options.shared, options.out)
    report = quality | {"languages": languages(), "speed": speed(options.shared), "start": start()}
    (options.out / "judge.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    _print(report)


# --- quality ------------------------------------------------------------------------------------


def cross_validated(shared: Path, out: Path) -> dict[str, Any]:
    """Figures of ackd and of the baselines on the labelled mails, each mail judged by a model that
    hasn't seen it."""
    import numpy as np

    from tools import train_request as train

    bias, weights = train.learn_sentences(*train.load_sentences(shared))
    mails = train.load_mails(shared)
    rows = train.mail_features(mails, bias, weights)
    runs = [train.held_out(rows, mails.labels, seed) for seed in _SEEDS]
    ours = np.mean(runs, axis=0)
    texts = [read.text for read in mails.readings]
    marks = np.array([float(text.count("?")) for text in texts])
    words = np.mean([_bag_of_words(texts, mails.labels, seed, train.folds) for seed in _SEEDS], axis=0)
    unread = np.array([_is_unread(name) for name in mails.ids])
    _reliability(mails.labels, ours, out / "reliability.png")
    return {
        "mails": len(mails.ids),
        "requests": int(mails.labels.sum()),
        "models": {
            "ackd": _figures(mails.labels, ours),
            "ackd, unread": _figures(mails.labels[unread], ours[unread]),
            "question mark": _figures(mails.labels, marks),
            "bag of words": _figures(mails.labels, words),
        },
        "brier": _with_interval(mails.labels, ours, _brier),
        "sensitivities": _sensitivities(rows, mails.labels, train),
        "worst": _worst(mails, ours),
    }


def _is_unread(name: str) -> bool:
    return int(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), 16) % 10 < 3


def _bag_of_words(texts: Sequence[str], labels: Matrix, seed: int, folds: Callable[..., Any]) -> Matrix:
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    found = np.zeros(len(texts))
    for fit, test in folds(labels, seed):
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10)
        )
        model.fit([texts[i] for i in fit], labels[fit])
        found[test] = model.predict_proba([texts[i] for i in test])[:, 1]
    return found


def _average_precision(labels: Matrix, scores: Matrix) -> float:
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(labels, scores))


def _best_f1(labels: Matrix, scores: Matrix) -> float:
    from sklearn.metrics import precision_recall_curve

    precision, recall, _ = precision_recall_curve(labels, scores)
    return float((2 * precision * recall / (precision + recall + 1e-9)).max())


def _recall_at(wanted: float) -> Callable[[Matrix, Matrix], float]:
    def recall_at(labels: Matrix, scores: Matrix) -> float:
        from sklearn.metrics import precision_recall_curve

        precision, recall, _ = precision_recall_curve(labels, scores)
        return float(recall[precision >= wanted].max())

    return recall_at


def _brier(labels: Matrix, scores: Matrix) -> float:
    return float(((scores - labels) ** 2).mean())


def _figures(labels: Matrix, scores: Matrix) -> dict[str, list[float]]:
    figures = {
        "average precision": _average_precision,
        "best F1": _best_f1,
        "recall at precision 0.90": _recall_at(0.9),
        "recall at precision 0.95": _recall_at(0.95),
    }
    return {name: _with_interval(labels, scores, figure) for name, figure in figures.items()}


def _with_interval(labels: Matrix, scores: Matrix, figure: Callable[[Matrix, Matrix], float]) -> list[float]:
    """The figure and its 95 % interval by drawing mails anew."""
    import numpy as np

    draw = np.random.default_rng(1)
    drawn = []
    for _ in range(_BOOTSTRAPS):
        which = draw.integers(0, len(labels), len(labels))
        drawn.append(figure(labels[which], scores[which]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return [round(float(x), 3) for x in (figure(labels, scores), low, high)]


def _sensitivities(rows: Sequence[dict[str, float]], labels: Matrix, train: Any) -> dict[str, list[float]]:
    """For each sensitivity precision and recall on held-out folds, with a threshold from the others."""
    import numpy as np

    odds = {name: np.zeros(len(rows), dtype=bool) for name in train.PRECISIONS}
    for fit, test in train.folds(labels, 0):
        inside = [rows[i] for i in fit]
        seen = train.held_out(inside, labels[fit], 5)
        found = train.learn(inside, labels[fit]).log_odds([rows[i] for i in test])
        for name, precision in train.PRECISIONS.items():
            limit = train.threshold(labels[fit], seen, precision)
            odds[name][test] = 1 / (1 + np.exp(-found)) >= limit
    return {
        name: [round(float(labels[taken].mean()), 3), round(float(taken[labels == 1].mean()), 3)]
        for name, taken in odds.items()
    }


def _worst(mails: Any, scores: Matrix) -> list[dict[str, Any]]:
    """The twenty mails whose label the probability contradicts most."""
    import numpy as np

    order = np.argsort(-np.abs(scores - mails.labels))[:20]
    return [
        {
            "file": f"{mails.ids[i]}.eml",
            "label": "yes" if mails.labels[i] else "no",
            "p": round(float(scores[i]), 2),
        }
        for i in order
    ]


def _reliability(labels: Matrix, scores: Matrix, path: Path) -> None:
    """What share of the mails with a probability asks, in ten bins."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np

    edges = np.linspace(0, 1, 11)
    bins = np.clip(np.digitize(scores, edges) - 1, 0, 9)
    filled = [b for b in range(10) if (bins == b).any()]
    shares = [labels[bins == b].mean() for b in filled]
    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], "--", color="grey")
    axes.plot([scores[bins == b].mean() for b in filled], shares, "o-")
    for b, share in zip(filled, shares, strict=True):
        axes.annotate(
            str((bins == b).sum()),
            (scores[bins == b].mean(), share),
            textcoords="offset points",
            xytext=(6, -10),
        )
    axes.set(
        xlabel="probability", ylabel="share that asks (number of mails beside it)", title="Held-out mails"
    )
    figure.savefig(path, dpi=100)


def languages() -> dict[str, dict[str, str]]:
    """How many golden mails of each language are told right; the kept-aside third by itself."""
    from ackd.judge.request import THRESHOLDS
    from tests.judge import golden

    told: dict[str, dict[str, str]] = {}
    for path in sorted((golden.FOLDER / "languages").glob("*.yaml")):
        right, total = {"read": 0, "fresh": 0}, {"read": 0, "fresh": 0}
        for group, texts in golden.load(path).items():
            kind = "fresh" if "fresh" in group else "read"
            for text in texts:
                found = golden.read({"text": text, "headers": {"Subject": "Info"}})
                takes = found.request.probability >= THRESHOLDS["eager"]
                right[kind] += takes is ("asks" in group)
                total[kind] += 1
        told[path.stem] = {kind: f"{right[kind]}/{total[kind]}" for kind in total}
    return told


# --- speed and size -----------------------------------------------------------------------------


def speed(shared: Path) -> dict[str, float]:
    """Milliseconds from a mail to its facts and verdict."""
    from dataclasses import replace

    from ackd.judge import decide, facts
    from ackd.judge.policy import Policy
    from ackd.mailbox import eml
    from ackd.model import Owner

    owner = Owner("alice@corp.example", "Alice Smith")
    policy = Policy(owner=owner, domains=("corp.example",))
    mails = [eml.read(path.read_bytes()) for path in sorted((shared / "mail" / "labelled").glob("*.eml"))]

    def milliseconds(mail: Any) -> float:
        began = time.perf_counter()
        decide.decide(facts.read(mail, owner), policy)
        return (time.perf_counter() - began) * 1000

    milliseconds(mails[0])
    usual = [min(milliseconds(mail) for _ in range(3)) for mail in mails if 1500 < len(mail.text) < 2500]
    hostile = {
        f"1 MB of {name}": round(min(milliseconds(replace(mails[0], text=text)) for _ in range(3)), 1)
        for name, text in _HOSTILE.items()
    }
    return {"a mail of 2 kB, median": round(median(usual), 2), **hostile}


def start() -> dict[str, float]:
    """What importing the judge and judging one mail cost in a fresh process, beside Python itself."""
    code = (
        "import time; rss=lambda: int(open('/proc/self/statm').read().split()[1]) * 4 / 1024\n"
        "m=rss(); b=time.perf_counter()\n"
        "from ackd.judge import facts, decide; i=time.perf_counter()-b\n"
        "from ackd.model import *; from datetime import datetime, UTC\n"
        "facts.read(Mail('<1>', datetime.now(UTC), 's', None, text='Could you send it to me, please?'),"
        " Owner('a@b.example', 'A'))\n"
        "print(i, rss() - m)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
        ).stdout.split()
        for _ in range(5)
    ]
    model = ROOT / "ackd" / "judge" / "request_model.json"
    return {
        "import, ms": round(min(float(run[0]) for run in runs) * 1000),
        "memory added, MB": round(max(float(run[1]) for run in runs), 1),
        "model file, kB": round(model.stat().st_size / 1000),
    }


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(
        title=f"{report['mails']} labelled mails, {report['requests']} of them requests: 5-fold, held out"
    )
    table.add_column("model")
    for name in report["models"]["ackd"]:
        table.add_column(name)
    for model, figures in report["models"].items():
        table.add_row(
            model, *(f"{value:.2f} ({low:.2f}-{high:.2f})" for value, low, high in figures.values())
        )
    console.print(table)
    console.print("Brier score {:.3f} ({:.3f}-{:.3f})".format(*report["brier"]))
    for name, (precision, recall) in report["sensitivities"].items():
        console.print(f"{name}: precision {precision:.2f}, recall {recall:.2f} on held-out folds")
    for part in ("languages", "speed", "start"):
        console.print(part, report[part])
    console.print("worst", [f"{w['file']} {w['label']} {w['p']}" for w in report["worst"]])


if __name__ == "__main__":
    main()
