"""What twenty corrections of an owner's change, on readers whose mails the model hasn't learned from.

    python -m bench.lessons

The labelled mails by reader, in order of time; each verdict as it would have been without lessons and with
those that were given by then (`bench.parts.taught`). docs/judge.md tells what the figures mean. Needs
`pip install -e '.[train]'` and the labelled mails, in the folder that ACKD_SHARED names.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.parts.rows import Broken, Row

NAME = "lessons"

ROOT = Path(__file__).resolve().parent.parent
if importlib.util.find_spec("sklearn") is None:  # said here, so that nobody waits for it
    raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn")

_FEWEST = 15  # mails of one reader; those of others of the same body are taken together
_IN_A_ROW = 100  # mails of the corpus that doesn't tell its readers, as if they were one's
_KEY = b"a key"

Readers = dict[str, list[Any]]


def run() -> list[Row]:
    """Every figure as a row. Raises Broken where the labelled mails aren't there."""
    folder = Path(os.environ.get("ACKD_SHARED", "../shared"))
    shared = folder if folder.is_absolute() else ROOT / folder
    if not (shared / "mail" / "other" / "labels.jsonl").is_file():
        raise Broken(f"no labelled mails below {shared}: set ACKD_SHARED to the folder that holds mail/")
    return list(_rows(readers(shared)))


def _rows(known: Readers) -> Iterator[Row]:
    from ackd.judge.classifier.model import THRESHOLDS
    from bench.parts import taught

    odd = {name: mails for name, of in known.items() if (mails := taught.without_one(of))}
    for owners, given in (("as labelled", known), ("nothing for one colleague", odd)):
        for drafts in (False, True):
            for caution, threshold in THRESHOLDS.items():
                lives = [taught.live(mails, threshold, drafts=drafts) for mails in given.values()]
                mode = "draft" if drafts else "send"
                yield from _of(f"{owners}, {mode}, {caution.value}", lives)


def _of(what: str, lives: list[Any]) -> Iterator[Row]:
    from bench.parts import taught

    mails = [mail for life in lives for mail in life.mails]
    for name, figure in (("precision", taught.precision), ("recall", taught.recall)):
        gain, low, high = taught.gained(mails, figure)
        words = f"{what}: {name}, {gain:+.3f} ({low:+.3f} to {high:+.3f})"
        yield Row(
            words,
            figure(mails, after=True),
            "",
            figure(mails, after=False),
            "no lessons",
            more_is_better=True,
        )
        yield Row(f"{what}: {name}, the interval's upper end", high, "", at_least=0)
    yield Row(f"{what}: lessons, of {len(lives)} readers", sum(life.lessons for life in lives), "")
    worse = [life for life in lives if life.right(after=True) < life.right(after=False)]
    yield Row(f"{what}: readers with fewer right verdicts", len(worse), "")
    yield Row(f"{what}: readers who get none by the end", sum(not life.used for life in lives), "")


# --- readers ------------------------------------------------------------------------------------------


def readers(shared: Path) -> Readers:
    """The labelled mails by reader. What is said of each was learned without its organisation's mails."""
    from tools import judge_mails, train_request

    data = train_request.material(shared)
    odds, real = (
        train_request.apart(data, train_request.organisations(data)),
        ~data.where(organisation=judge_mails.WRITTEN),
    )
    slope, intercept = train_request.calibrated(odds[real], data.labels[real])
    lines = (shared / "mail" / "other" / "meta.jsonl").read_text(encoding="utf-8").splitlines()
    names = {row["id"]: f"{row['source']}, {row['reader']}" for row in map(json.loads, lines)}
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for mail, said in zip(data.mails, odds, strict=True):
        if mail.organisation != judge_mails.WRITTEN and mail.language == "en":
            chance = 1 / (1 + math.exp(-(slope * said + intercept)))
            found[names.get(mail.id, "")].append(_given(mail, chance))
    unknown = sorted(found.pop(""), key=lambda mail: mail.at)
    for name in [name for name, mails in found.items() if len(mails) < _FEWEST]:
        found[f"others of {name.partition(',')[0]}"] += found.pop(name)
    for start in range(0, len(unknown), _IN_A_ROW):
        found[f"unknown, from {start}"] = unknown[start : start + _IN_A_ROW]
    return dict(found)


def _given(labelled: Any, chance: float) -> Any:
    from ackd.judge import lessons
    from ackd.judge.classifier import model
    from bench.parts.taught import Given

    mail = labelled.reading.mail
    traits = lessons.traits(labelled.reading, model.estimate(labelled.reading), _KEY)
    sender = mail.sender.key if mail.sender else ""
    return Given(mail.sent or mail.received, labelled.asks, chance, traits, sender)


def main() -> None:
    """Measure, and print the table."""
    from bench.parts.table import console_for, show

    try:
        found = run()
    except Broken as error:
        raise SystemExit(str(error)) from None
    show(console_for(), {NAME: found})


if __name__ == "__main__":
    main()
