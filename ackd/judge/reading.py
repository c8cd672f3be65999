"""A mail's new text, read: its sentences, the phrases in each, and to whom each is put."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ackd.judge.addressee import Called, addressees
from ackd.model import Mail, Owner
from ackd.text.language_id import language_of
from ackd.text.languages import Language, languages
from ackd.text.phrases import Hit, Sentence, sentences, words

_LONGEST = 12_000  # characters: who asks something of a person asks it before that
_MOST_SENTENCES = 150
_MOST_WORDS = 80  # of a sentence in which phrases are looked for
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


def read(mail: Mail, owner: Owner, text: str) -> Reading:
    """Read the new text of a mail."""
    found = sentences(text[:_LONGEST], most=_MOST_SENTENCES)
    said = [word for sentence in found for word in sentence.words]
    code = language_of(text, said) or language_of(
        f"{mail.subject} {text}", [*words(mail.subject[:300]), *said]
    )
    language = languages().get(code or "")
    hits = [
        tuple(language.phrases.find(s.words[:_MOST_WORDS], [b for b in s.begins if b < _MOST_WORDS]))
        if language
        else ()
        for s in found
    ]
    called = addressees(found, hits, mail, owner)
    return Reading(mail, text, code, language, tuple(found), tuple(hits), tuple(called))


def unmasked(hits: Sequence[Hit]) -> list[Hit]:
    """The phrases without those that stand inside a courtesy ("let me know if you have …")."""
    masks = [hit for hit in hits if hit.kind in MASKING]
    if not masks:
        return list(hits)
    return [h for h in hits if h.kind not in MASKED or not any(m.start - 1 <= h.start < m.end for m in masks)]
