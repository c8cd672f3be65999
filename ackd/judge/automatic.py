"""What says by itself that a machine wrote it: an absence, a mailbox that is no more, a mail taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ackd.model import Clue, Mail, Owner
from ackd.text.languages import Language
from ackd.text.names import given
from ackd.text.phrases import Hit
from ackd.text.sentences import Sentence
from ackd.text.tokens import words

CERTAIN = 10  # the weight of what needs no other clue
_MOST_WORDS = 60  # of a sentence in which phrases are looked for
_GREETING = 6  # words of a line that greets
_QUOTED = re.compile(r"[\"“”„«»'‘’]{1,2}\s?[^\n]{0,600}[\"“”„«»'‘’]")
_SEALED = 6  # sentences among which the one that stands for a protected text is
_RECALL = 14  # words of a recall besides the subject that it quotes


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and the robots' phrases in it."""

    sentence: Sentence
    hits: Sequence[Hit]

    def has(self, kind: str) -> bool:
        """Whether it has a phrase of the kind."""
        return bool(self.hits) and any(hit.kind == kind for hit in self.hits)


def said_in(found: Sequence[Sentence], language: Language) -> list[Said]:
    """The sentences with the robots' phrases in them."""
    return [Said(s, language.robot.find(s.words[:_MOST_WORDS])) for s in found]


def told(
    said: Sequence[Said], asked: str, text: str, mail: Mail, owner: Owner, language: Language
) -> Clue | None:
    """What a text says of being automatic; None where it says nothing. `asked` is the sentence by
    which it asks, if it does.

    An absence tells whom to turn to, or asks nothing besides. People speak of theirs too: they call the
    reader by name, and ask for something else.
    """
    if one := next((one for one in said if one.has("automatic")), None):
        return Clue(CERTAIN, "it says itself that it is automatic", one.sentence.text[:80])
    if _is_recall(text, language):
        return Clue(CERTAIN, "it takes an earlier mail back")
    if _calls(said, owner):
        return None
    if sealed := _sealed(said, mail):
        return Clue(CERTAIN, "its text is protected and stands elsewhere", sealed.sentence.text[:80])
    return _absence(said, asked, mail, language)


def _absence(said: Sequence[Said], asked: str, mail: Mail, language: Language) -> Clue | None:
    gone = next((one for one in said if _is_gone(one, mail, language)), None)
    if gone is None:
        return None
    elsewhere = any(one.has("elsewhere") for one in said)
    asks = next((one for one in said if one.sentence.text == asked), None)
    if elsewhere or (gone.has("away") and (asks is None or asks.has("away"))):
        return Clue(CERTAIN, "it is the text of an absence", gone.sentence.text[:80])
    return None


def _sealed(said: Sequence[Said], mail: Mail) -> Said | None:
    """The sentence that stands in the place of a protected mail's text (MS-OXORMMS): it speaks of the sender
    by his address or whole name, or one says that there is a text and another how to open it. People who
    write of a protected mail say "I"."""
    found = [one for one in said[:_SEALED] if one.has("sealed") and not one.sentence.is_question]
    if not found or mail.sender is None:
        return None
    text = found[0].sentence.text.casefold()
    address, name = mail.sender.email.casefold(), mail.sender.name.casefold()
    if ("@" in address and address in text) or (" " in name and name in text):
        return found[0]
    is_elsewhere = mail.has_attachments or any("://" in one.sentence.text for one in said)
    has_two = len(found) > 1 or len({hit.start for hit in found[0].hits if hit.kind == "sealed"}) > 1
    return found[0] if has_two and is_elsewhere and not any(one.has("mine") for one in said) else None


def _is_gone(one: Said, mail: Mail, language: Language) -> bool:
    """Whether the sentence says that its sender is away or has left: nobody else is named before that."""
    hit = next((hit for hit in one.hits if hit.kind in ("away", "left")), None)
    if hit is None:
        return False
    sender = mail.sender
    own = given.parts(sender.name) | given.parts(sender.email.partition("@")[0]) if sender else set()
    before = one.sentence.words[: hit.end]
    others = [word for word in before if word in given.GIVEN and word not in own]
    # Carol is, not: will be
    is_begun_by = len(before) > 1 and before[0] in others and before[1] in language.third
    return not is_begun_by and all(map(given.is_ambiguous, others))


def _calls(said: Sequence[Said], owner: Owner) -> bool:
    """Whether it greets the owner by name: a rule of the mailbox doesn't know whom it answers."""
    first = said[0].sentence.words[:_GREETING] if said else ()
    names = given.of_owner(owner)
    return any(word in names for word in first)


def _is_recall(text: str, language: Language) -> bool:
    rest = words(_QUOTED.sub(" ", text[:1000]))
    return 2 < len(rest) <= _RECALL and any(hit.kind == "recalls" for hit in language.robot.find(rest))
