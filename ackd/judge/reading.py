"""A mail's new text, read: its sentences, the phrases in each, to whom each is put, and how urgent it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ackd.judge import frame
from ackd.judge.addressee import Called, addressees
from ackd.model import Importance, Mail, Owner, Urgency
from ackd.text.language_id import language_of, language_of_few
from ackd.text.languages import Language, languages
from ackd.text.phrases import Hit
from ackd.text.reply_text import Written
from ackd.text.sentences import Sentence, sentences
from ackd.text.subject import is_of_another
from ackd.text.temporal.another_day import is_of_another_day
from ackd.text.tokens import words

_LONGEST = 12_000  # characters: who asks something of a person asks it before that
_MOST_SENTENCES = 150
_LONGEST_SUBJECT = 300  # characters
_MOST_WORDS = 80  # of a sentence in which phrases are looked for
_PUT = frozenset(("ask", "tell", "wish", "polite"))  # a bare order may be a noun ("Order 4711")
MASKING = frozenset(("courtesy", "rhetorical"))
MASKED = frozenset(("ask", "tell", "wish", "query", "order", "clause", "hint", "opinion", "polite", "urgent"))


@dataclass(frozen=True, slots=True)
class Reading:
    """`code` is the text's language, `language` its file where there is one."""

    mail: Mail
    text: str
    code: str | None
    language: Language | None
    sentences: tuple[Sentence, ...]
    hits: tuple[tuple[Hit, ...], ...]
    called: tuple[Called, ...]


def read(mail: Mail, owner: Owner, text: str | Written) -> Reading:
    """Read the new text of a mail; or its subject, where that asks and the text has nothing but a frame."""
    text = Written(text, text) if isinstance(text, str) else text
    if subject := frame.subject_alone(mail, owner, text):
        alone = _read(mail, owner, subject, beside=text.new)
        if any(_asks(alone, index) for index in range(len(alone.sentences))):
            return alone
    return _read(mail, owner, text.new, beside=mail.subject[:_LONGEST_SUBJECT])


def _asks(reading: Reading, index: int) -> bool:
    """Whether a sentence of a subject is put as a request: neither a topic nor a message."""
    sentence, following = reading.sentences[index], reading.sentences[index + 1 : index + 2]
    is_put = any(hit.kind in _PUT for hit in unmasked(reading.hits[index]))
    if sentence.is_question:
        return not (following and frame.is_answered(sentence, following[0], strictly=is_put))
    return is_put


def _read(mail: Mail, owner: Owner, text: str, *, beside: str) -> Reading:
    """Read a text; what stands `beside` it helps to tell the language where the text alone doesn't."""
    found = sentences(text[:_LONGEST], most=_MOST_SENTENCES)
    said = [word for sentence in found for word in sentence.words]
    letter = frame.between_greeting_and_name(text[:_LONGEST], mail.sender, owner)
    code = (
        (letter and language_of(letter))
        or language_of(text, said)
        or language_of(f"{beside} {text}", [*words(beside), *said])
        or language_of_few(said)
    )
    language = languages().get(code or "")
    hits = [
        tuple(language.phrases.find(s.words[:_MOST_WORDS], [b for b in s.begins if b < _MOST_WORDS]))
        if language
        else ()
        for s in found
    ]
    called = addressees(found, hits, mail, owner, language)
    return Reading(mail, text, code, language, tuple(found), tuple(hits), tuple(called))


def unmasked(hits: Sequence[Hit]) -> list[Hit]:
    """The phrases without those that stand inside a courtesy ("let me know if you have …")."""
    masks = [hit for hit in hits if hit.kind in MASKING]
    if not masks:
        return list(hits)
    return [h for h in hits if h.kind not in MASKED or not any(m.start - 1 <= h.start < m.end for m in masks)]


def urgency(reading: Reading) -> Urgency:
    """How urgent the sender says it is, by words and by the importance flag; no rush where that is said.
    Politeness is not urgency, and neither is "in case of emergency call …" or an hour of another day."""
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
