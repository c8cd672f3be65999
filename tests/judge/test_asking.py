"""The sentence that is shown as the one that asks, on real mails that were marked without sight of ackd's
choice (`bench/parts/asking.json`: how each of the asking sentences begins)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from ackd.judge import facts
from ackd.text import eml
from tests.judge import golden

MARKED: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[2] / "bench" / "parts" / "asking.json").read_text(encoding="utf-8")
)


def place(mail: Path, name: str) -> Path:
    language, _, number = name.rpartition("-")
    if len(language) == 2 and language.islower():
        return mail / "languages" / language / f"{number}.eml"
    return mail / "other" / f"{name}.eml"


def test_the_sentence_that_asks_is_shown(shared: Path) -> None:
    right: Counter[str] = Counter()
    missed = []
    for name, begins in MARKED.items():
        read = facts.read(eml.read(place(shared / "mail", name).read_bytes()), golden.OWNER)
        shown = " ".join(read.request.sentence.split())
        if any(shown.startswith(begin) for begin in begins):
            right[read.language or ""] += 1
        else:
            missed.append((name, shown[:60]))

    assert len(MARKED) == 100
    assert sum(right.values()) >= 90, missed
    assert all(right[code] >= 9 for code in ("de", "es", "fr", "it", "nl", "pt")), missed  # of 12 each
