"""How urgent the sender says it is, by words and by the importance flag. Politeness is not urgency."""

from __future__ import annotations

from ackd.judge.classifier import signals
from ackd.judge.reading import Reading
from ackd.model import Importance, Urgency
from ackd.text.phrases import words
from ackd.text.subject import is_of_another


def of(reading: Reading) -> Urgency:
    """No rush where the sender says so; urgent by words or by the flag; normal otherwise."""
    kinds: set[str] = set()
    for hits in reading.hits:
        kept = signals.unmasked(hits)
        calm = [hit for hit in kept if hit.kind == "no_rush"]
        kinds |= {"no_rush"} if calm else set()
        for hit in kept:
            if hit.kind == "urgent" and not any(c.start <= hit.start < c.end for c in calm):
                kinds.add("urgent")
    subject = _of_subject(reading)
    if "no_rush" in kinds | subject:
        return Urgency.NO_RUSH
    if "urgent" in kinds | subject or reading.mail.importance is Importance.HIGH:
        return Urgency.URGENT
    return Urgency.NO_RUSH if reading.mail.importance is Importance.LOW else Urgency.NORMAL


def _of_subject(reading: Reading) -> set[str]:
    """The words of the sender's own subject: that of an answer or a forward was another's."""
    subject = reading.mail.subject[:300]
    if reading.language is None or is_of_another(subject):
        return set()
    return {hit.kind for hit in reading.language.phrases.find(words(subject))} & {"urgent", "no_rush"}
