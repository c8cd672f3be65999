"""What a mail shows of asking: the signals of each sentence, their scores, and the mail's form.

The same function makes the numbers for training and for judging. None of them depends on the
language: the phrases of the language files stand behind the signals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from ackd.judge.reading import MASKED, MASKING, Reading, unmasked
from ackd.model import Audience, Mail
from ackd.text.phrases import Hit
from ackd.text.sentences import Sentence
from ackd.text.subject import is_forward, is_reply

_ASKING = frozenset(("has ask", "has tell", "has wish", "has order"))
_LINK = re.compile(r"(?i)https?:|\bwww\.")
_THANKS = "has thanks"
_NOTHING = -6.0  # the score of a sentence that isn't there

_ADDRESSED = {
    Audience.OWNER: "to reader",
    Audience.NICKNAME: "to reader",
    Audience.STRANGER: "to reader",  # a name for the reader that isn't known, as far as one can tell
    Audience.OTHER: "to other",
    Audience.EVERYONE: "to everyone",
}
_REAL = frozenset(("ask", "tell", "wish", "query", "order", "opinion"))

Shown = Mapping[str, float]


# --- a mail ---------------------------------------------------------------------------------------


def of_sentences(reading: Reading) -> list[dict[str, float]]:
    """The signals of every sentence."""
    return [signals(reading, index) for index in range(len(reading.sentences))]


def of_mail(reading: Reading, shown: Sequence[Shown], scores: Sequence[float]) -> dict[str, float]:
    """The features of the mail, by name. `shown` and `scores` are its sentences' signals and
    scores, in order; those put to another recipient by name count only in their number. A
    feature that isn't named is zero."""
    mine = [index for index, called in enumerate(reading.called) if called.to is not Audience.OTHER]
    share = 1 - len(mine) / len(shown) if shown else 0.0
    shown, scores = [shown[i] for i in mine], [scores[i] for i in mine]
    found = _of_form(reading) | _of_scores(scores) | {"others share": share}
    if not shown:
        return found
    last = len(shown) - 2
    for index, sentence in enumerate(shown):
        for name in sentence:
            found[f"any {name}"] = 1.0
            if index == 0:
                found[f"first {name}"] = 1.0
            if index >= last:
                found[f"end {name}"] = 1.0
    best = max(range(len(scores)), key=lambda i: scores[i])
    for name in shown[best]:
        found[f"best {name}"] = 1.0
    found["best place"] = best / len(shown)
    return found | _of_counts(reading, shown)


def _of_scores(scores: Sequence[float]) -> dict[str, float]:
    ordered = sorted(scores, reverse=True) + [_NOTHING] * 3
    floor = [max(score, -5.0) for score in ordered[1:3]]
    best = max(range(len(scores)), key=lambda i: scores[i]) if scores else 0
    return {
        "score best": ordered[0],
        "score second": floor[0],
        "score third": floor[1],
        "score sum": sum(math.log1p(math.exp(min(score, 20.0))) for score in scores),
        "score first": scores[0] if scores else _NOTHING,
        "score last": scores[-1] if scores else _NOTHING,
        "score mean": sum(scores) / len(scores) if scores else _NOTHING,
        "score place": math.log1p(best),
    }


def _of_form(reading: Reading) -> dict[str, float]:
    mail, count = reading.mail, sum(len(s.words) for s in reading.sentences)
    text = reading.text[:500]
    return {
        "nothing": float(count == 0),
        "words": math.log1p(count),
        "sentences": math.log1p(len(reading.sentences)),
        "tiny": float(0 < count <= 6),
        "small": float(6 < count <= 25),
        "middling": float(25 < count <= 80),
        "big": float(count > 250),
        "capitals": sum(map(str.isupper, text)) / (len(text) + 20),
        "link": float(_LINK.search(reading.text) is not None),
        **_of_envelope(mail, count),
    }


def _of_envelope(mail: Mail, count: int) -> dict[str, float]:
    forwarded = is_forward(mail.subject)
    return {
        "reply": float(is_reply(mail.subject)),
        "forward": float(forwarded),
        "tiny forward": float(forwarded and count <= 15),
        "subject asks": float("?" in mail.subject),
        "to one": float(len(mail.to) <= 1),
        "to several": float(2 <= len(mail.to) <= 5),
        "to many": float(len(mail.to) >= 6),
        "to": math.log1p(len(mail.to)),
        "cc": math.log1p(len(mail.cc)),
    }


def _of_counts(reading: Reading, shown: Sequence[Shown]) -> dict[str, float]:
    count = len(shown)
    asking = sum(not _ASKING.isdisjoint(sentence) for sentence in shown)
    questions = sum("?" in sentence for sentence in shown)
    strangers = any(called.to is Audience.STRANGER for called in reading.called)
    return {
        "asking": float(min(5, asking)),
        "asking share": asking / count,
        "questions": float(min(4, questions)),
        "question share": questions / count,
        "stranger among several": float(strangers and len(reading.mail.to) > 1),
        "ends with thanks": float(
            count > 1 and _THANKS in shown[-1] and len(reading.sentences[-1].words) <= 5
        ),
        "begins with thanks": float(any(h.kind == "thanks" and h.start == 0 for h in reading.hits[0])),
    }


# --- a sentence -----------------------------------------------------------------------------------


def signals(reading: Reading, index: int) -> dict[str, float]:
    """The signals of one sentence of the mail."""
    sentence = reading.sentences[index]
    kept = unmasked(reading.hits[index])
    if sentence.is_question and _is_answered(reading, index):
        kept = [Hit("rhetorical", 0, len(sentence.words)), *(h for h in kept if h.kind not in MASKED)]
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
    if sentence.is_question and (kinds & _REAL or not kinds & MASKING):
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
