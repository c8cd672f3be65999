"""How many golden mails of each language are told right, the third that was kept aside by itself."""

from __future__ import annotations

from dataclasses import dataclass

from ackd.judge.classifier.model import THRESHOLDS
from tests.judge import golden


@dataclass(frozen=True, slots=True)
class Accuracy:
    """`right`: for each sensitivity the share of mails that are taken or left as they should be."""

    mails: int
    right: dict[str, float]


def accuracy() -> dict[str, dict[str, Accuracy]]:
    """By language, and by "all" or "fresh" mails."""
    found: dict[str, dict[str, Accuracy]] = {}
    for path in sorted((golden.FOLDER / "languages").glob("*.yaml")):
        told = [
            ("fresh" in group, "asks" in group, _probability(text))
            for group, texts in golden.load(path).items()
            for text in texts
        ]
        for kind in ("all", "fresh"):
            mails = [(asks, p) for is_fresh, asks, p in told if is_fresh or kind == "all"]
            right = {
                name: sum((p >= limit) is asks for asks, p in mails) / len(mails)
                for name, limit in THRESHOLDS.items()
            }
            found.setdefault(path.stem, {})[kind] = Accuracy(len(mails), right)
    return found


def _probability(text: str) -> float:
    return golden.read({"text": text, "headers": {"Subject": "Info"}}).request.probability
