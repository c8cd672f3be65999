"""What a sentence shows of asking, the same in every language that has phrases.

Each signal is a name with a number; the classifier weighs them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ackd.judge.reading import Reading
from ackd.model import Audience
from ackd.text.phrases import Hit, Sentence

_MASKING = frozenset(("courtesy", "rhetorical"))
_MASKED = frozenset(
    ("ask", "tell", "wish", "query", "order", "clause", "hint", "opinion", "polite", "urgent")
)
_ADDRESSED = {
    Audience.OWNER: "to reader",
    Audience.STRANGER: "to reader",  # a name for the reader that isn't known, as far as one can tell
    Audience.OTHER: "to other",
    Audience.EVERYONE: "to everyone",
}
_REAL = frozenset(("ask", "tell", "wish", "query", "order", "opinion"))


def unmasked(hits: Sequence[Hit]) -> list[Hit]:
    """The phrases without those that stand inside a courtesy ("let me know if you have …")."""
    masks = [hit for hit in hits if hit.kind in _MASKING]
    if not masks:
        return list(hits)
    return [
        h for h in hits if h.kind not in _MASKED or not any(m.start - 1 <= h.start < m.end for m in masks)
    ]


def of_sentence(reading: Reading, index: int) -> dict[str, float]:
    """The signals of one sentence of the mail."""
    sentence = reading.sentences[index]
    kept = unmasked(reading.hits[index])
    if sentence.is_question and _is_answered(reading, index):
        kept = [Hit("rhetorical", 0, len(sentence.words)), *(h for h in kept if h.kind not in _MASKED)]
    kinds = {hit.kind for hit in kept}
    shown = dict.fromkeys((f"has {kind}" for kind in kinds if kind != "query"), 1.0)
    _of_question(sentence, kept, kinds, shown)
    _of_place(reading, index, shown)
    said = _ADDRESSED.get(reading.called[index].to)
    if said:
        shown[said] = 1.0
    return shown


def _is_answered(reading: Reading, index: int) -> bool:
    """Whether the sender takes the question back at once ("I thought not.", "Just kidding")."""
    if index + 1 >= len(reading.sentences) or len(reading.sentences[index + 1].words) > 4:
        return False
    return any(hit.kind == "retort" for hit in reading.hits[index + 1])


def _of_question(sentence: Sentence, kept: Sequence[Hit], kinds: set[str], shown: dict[str, float]) -> None:
    if sentence.is_question and (kinds & _REAL or not kinds & _MASKING):
        shown["?"] = 1.0
        for kind in (
            "ask",
            "tell",
            "wish",
            "query",
            "question",
            "you",
            "opinion",
            "courtesy",
            "rhetorical",
            "condition",
        ):
            if kind in kinds:
                shown[f"? and {kind}"] = 1.0
    starts = {hit.kind for hit in kept if hit.start <= 1}
    for kind in ("ask", "tell", "wish", "hint", "promise", "inform", "condition"):
        if kind in starts:
            shown[f"starts with {kind}"] = 1.0
    for first, second in (
        ("ask", "you"),
        ("hint", "you"),
        ("condition", "ask"),
        ("promise", "ask"),
        ("polite", "ask"),
        ("polite", "tell"),
        ("condition", "tell"),
        ("wish", "you"),
        ("inform", "tell"),
        ("condition", "order"),
        ("me", "hint"),
    ):
        if first in kinds and second in kinds:
            shown[f"{first} and {second}"] = 1.0


def _of_place(reading: Reading, index: int, shown: dict[str, float]) -> None:
    length, count = len(reading.sentences[index].words), len(reading.sentences)
    shown["short" if length <= 4 else "long" if length > 35 else "middling"] = 1.0
    if index == 0:
        shown["first"] = 1.0
    if index == count - 1:
        shown["last"] = 1.0
    if index >= 12:
        shown["far down"] = 1.0
    if reading.sentences[index].text.endswith("!"):
        shown["!"] = 1.0
