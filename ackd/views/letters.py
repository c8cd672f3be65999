"""The letters as colleagues see them, each in each language, by the owner's own templates where there are
some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ackd.engine.triage import Settings
from ackd.letters import NAMES, Rendered
from ackd.letters.preview import example, preview
from ackd.model import Address, LetterName, Promise


@dataclass(frozen=True, slots=True)
class Previewed:
    """A letter to a colleague: its name with its meaning in words, the `language` that was asked for (the
    letter says in which it is written), from whom and to whom it goes."""

    name: LetterName
    meaning: str
    language: str
    sender: Address
    asker: Address
    letter: Rendered


def sample(settings: Settings, language: str, now: datetime) -> Promise:
    """A promise to a made-up colleague who asks in a language; "" for English."""
    return example(settings.calendar, settings.rules.within, now, language or "en")


def previewed(
    settings: Settings, name: LetterName, language: str, now: datetime, promise: Promise | None = None
) -> Previewed:
    """One letter about a promise, or about a made-up one. Nothing is sent. An own template that can't be used
    is named by the letter (`fell_back`), which is the packaged one then."""
    promise = promise or sample(settings, language, now)
    s = settings
    letter = preview(name, language, promise, s.letters, s.owner, s.calendar, s.absence, now)
    sender = Address(s.owner.address, s.owner.name)
    return Previewed(name, NAMES[name], language, sender, promise.question.asker, letter)


def previews(settings: Settings, now: datetime) -> Iterator[Previewed]:
    """Every letter in every language that there are letters in, language by language; made while they are
    asked for."""
    for language in settings.letters.languages():
        for name in LetterName:
            yield previewed(settings, name, language, now)
