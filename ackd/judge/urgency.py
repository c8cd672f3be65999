"""How urgent the sender says it is, by words and by the importance flag. Politeness is not urgency, and
neither is "in case of emergency call …" or an hour of another day ("by noon on Thursday")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ackd.judge.reading import Reading, unmasked
from ackd.model import Importance, Urgency
from ackd.text.languages import Language
from ackd.text.phrases import Hit, Sentence, words
from ackd.text.subject import is_of_another
from ackd.text.temporal.another_day import is_of_another_day

_LONGEST_SUBJECT = 300  # characters


def of(reading: Reading) -> Urgency:
    """How urgent a mail is; no rush where that is said."""
    kinds = _of_subject(reading)
    if reading.language is not None:
        for sentence, hits in zip(reading.sentences, reading.hits, strict=True):
            kinds |= set(_said(sentence, unmasked(hits), reading.language))
    if "no_rush" in kinds:
        return Urgency.NO_RUSH
    if "urgent" in kinds or reading.mail.importance is Importance.HIGH:
        return Urgency.URGENT
    return Urgency.NO_RUSH if reading.mail.importance is Importance.LOW else Urgency.NORMAL


def _said(sentence: Sentence, hits: Sequence[Hit], language: Language) -> Iterator[str]:
    calm = [hit for hit in hits if hit.kind == "no_rush"]
    if calm:
        yield "no_rush"
    urgent = [hit for hit in hits if hit.kind == "urgent"]
    if not urgent:
        return
    masks = [*calm, *language.contingent.find(sentence.words, sentence.begins)]
    for hit in urgent:
        is_masked = any(mask.start < hit.end and hit.start < mask.end for mask in masks)
        if not is_masked and not is_of_another_day(sentence.words, hit, sentence.text, language.code):
            yield "urgent"


def _of_subject(reading: Reading) -> set[str]:
    """The words of the sender's own subject: that of an answer or a forward was another's."""
    subject = reading.mail.subject[:_LONGEST_SUBJECT]
    if reading.language is None or is_of_another(subject):
        return set()
    return {hit.kind for hit in reading.language.phrases.find(words(subject))} & {"urgent", "no_rush"}
