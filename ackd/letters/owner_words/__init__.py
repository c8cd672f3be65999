"""The words of the mails to the owner, in the languages that letters have."""

from __future__ import annotations

from ackd.letters.owner_words.de import DE
from ackd.letters.owner_words.en import EN
from ackd.letters.owner_words.es import ES
from ackd.letters.owner_words.fr import FR
from ackd.letters.owner_words.it import IT
from ackd.letters.owner_words.nl import NL
from ackd.letters.owner_words.pt import PT
from ackd.letters.owner_words.vocabulary import Counted, OwnerWords

__all__ = ["Counted", "OwnerWords", "owner_words"]

_WORDS = {words.code: words for words in (EN, DE, FR, ES, NL, IT, PT)}


def owner_words(language: str) -> OwnerWords:
    """The words in a language; English for one that isn't known."""
    return _WORDS.get(language, EN)
