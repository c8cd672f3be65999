"""How well the judge tells a request of mails that it didn't learn from, beside others; and what it costs.

    python -m bench.judge [--shared ../shared] [--out judge-bench]

Prints one table and writes `judge.json` and `reliability.svg` into the folder. docs/judge.md tells
what the figures mean. Needs `pip install -e '.[train]'` and the labelled mails.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.parts.rows import Broken, Row

NAME = "judge"

ROOT = Path(__file__).resolve().parent.parent
GOLDEN_ACCURACY = 0.95
NAMED_RIGHTLY = 0.9
_LACKING = next((name for name in ("sklearn", "matplotlib") if importlib.util.find_spec(name) is None), None)
if _LACKING:  # said here, so that nobody waits for the other benchmarks first; imported when it is run
    raise ModuleNotFoundError(f"No module named {_LACKING!r}", name=_LACKING)


def run() -> list[Row]:
    """Every figure as a row. Raises Broken where the labelled mails aren't there."""
    folder = Path(os.environ.get("ACKD_SHARED", "../shared"))
    return rows(measure(folder if folder.is_absolute() else ROOT / folder))


def measure(shared: Path) -> dict[str, Any]:
    """Everything that is measured. Raises Broken where the labelled mails aren't there."""
    if not (shared / "mail" / "labelled" / "labels.jsonl").is_file():
        raise Broken(f"no labelled mails below {shared}: set ACKD_SHARED to the folder that holds mail/")
    from bench.parts import golden_mails, judge_cost, judged, new_text

    import_ms, memory = judge_cost.start()
    return {
        "quality": judged.quality(shared),
        "new text": new_text.shares(shared),
        "languages": golden_mails.accuracy(),
        "milliseconds": judge_cost.usual(shared),
        "hostile milliseconds": judge_cost.hostile(),
        "import milliseconds": import_ms,
        "memory MB": memory,
        "model kB": judge_cost.model_size(),
    }


def rows(found: dict[str, Any]) -> list[Row]:
    """The measured figures as rows of the benchmarks' table."""
    return [*_quality_rows(found), *_text_rows(found), *_language_rows(found), *_cost_rows(found)]


def _quality_rows(found: dict[str, Any]) -> Iterator[Row]:
    quality = found["quality"]
    for way, kinds in quality.rows.items():
        for kind, row in kinds.items():
            yield from _kind_rows(f"{way}, {row.mails} {kind}", row)
    right, of = (sum(pair[k] for pair in quality.asking.values()) for k in (0, 1))
    yield Row(
        f"of {of} marked mails: the sentence that asks is named", right / of, "", at_least=NAMED_RIGHTLY
    )
    for code, (named, mails) in quality.asking.items():
        yield Row(f"of these, {mails} in {code}", named / mails, "")


def _kind_rows(of: str, row: Any) -> Iterator[Row]:
    ours, *peers = row.judges.items()
    for peer, figure in peers:
        yield Row(
            f"{of}: average precision, {_span(ours[1])}",
            ours[1].value,
            "",
            figure.value,
            peer,
            more_is_better=True,
        )
    yield Row(f"{of}: gain, {_span(row.gain)}", row.gain.value, "")
    yield Row(f"{of}: Brier score, {_span(row.brier)}", row.brier.value, "")
    for name, (precision, recall) in row.taken.items():
        yield Row(f"{of}, {name}: precision, {_span(precision)}", precision.value, "")
        yield Row(f"{of}, {name}: recall, {_span(recall)}", recall.value, "")


def _span(figure: Any) -> str:
    return f"{figure.low:.2f}–{figure.high:.2f}"


def _text_rows(found: dict[str, Any]) -> Iterator[Row]:
    from bench.parts.new_text import PEER

    for name, (ours, peer) in found["new text"].items():
        yield Row(f"{ours.mails} {name}: new text lost", 100 * ours.lost, "%", 100 * peer.lost, PEER)
        yield Row(f"{ours.mails} {name}: old text left", 100 * ours.left, "%", 100 * peer.left, PEER)


def _language_rows(found: dict[str, Any]) -> Iterator[Row]:
    for code, kinds in found["languages"].items():
        for kind, accuracy in kinds.items():
            of = f"{accuracy.mails} golden mails, {code}{', kept aside' if kind == 'fresh' else ''}"
            aim = GOLDEN_ACCURACY if kind == "all" else None
            yield Row(f"{of}: told right when balanced", accuracy.right["balanced"], "", at_least=aim)
            yield Row(f"{of}: at the worst sensitivity", min(accuracy.right.values()), "", at_least=aim)


def _cost_rows(found: dict[str, Any]) -> Iterator[Row]:
    small, large = found["milliseconds"]["2 kB"], found["milliseconds"]["10 kB"]
    yield Row("a mail of 2 kB, median", small, "ms", at_most=1)
    yield Row("a mail of 10 kB, median", large, "ms", 5 * small, "five times 2 kB")
    for name, milliseconds in found["hostile milliseconds"].items():
        yield Row(f"1 MB of {name}", milliseconds, "ms", at_most=100)
    yield Row("memory added, all languages read", found["memory MB"], "MB", at_most=15)
    yield Row("import", found["import milliseconds"], "ms", at_most=100)
    yield Row("the model's file", found["model kB"], "kB", at_most=1000)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything, print the table, write the files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--shared", type=Path, default=Path(os.environ.get("ACKD_SHARED", ROOT.parent / "shared"))
    )
    parser.add_argument("--out", type=Path, default=Path("judge-bench"))
    options = parser.parse_args(arguments)
    try:
        found = measure(options.shared)
    except Broken as error:
        raise SystemExit(str(error)) from None
    from bench.parts.reliability import plot
    from bench.parts.table import console_for, show

    options.out.mkdir(parents=True, exist_ok=True)
    plot(found["quality"].reliability, options.out / "reliability.svg")
    (options.out / "judge.json").write_text(
        json.dumps(found, indent=2, default=_as_json) + "\n", encoding="utf-8"
    )
    show(console_for(), {NAME: rows(found)})
    for mail, label, probability in found["quality"].worst:
        console_for().print(f"worst: {mail}, labelled {label}, probability {probability:.2f}")


def _as_json(value: Any) -> Any:
    return dataclasses.asdict(value)


if __name__ == "__main__":
    main()
