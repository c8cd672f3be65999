"""To whom each sentence of a mail is put: "Bob, can you …", "Hi all", "Alice - please …".

A name at the head of a paragraph or a sentence holds until the next one, or to the end of its
paragraph; the greeting's name comes back after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ackd.model import Audience, Mail, Owner
from ackd.text.languages import every_word
from ackd.text.names import given
from ackd.text.phrases import Hit
from ackd.text.sentences import Sentence
from ackd.text.tokens import plain


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a sentence addresses, and the name as it is written."""

    to: Audience
    name: str = ""


OPEN = Called(Audience.OPEN)
_BETWEEN = (rf"\b{word}\b" for word in sorted(every_word("between_names", "names")))
_AND = rf"\s*(?:,|/|&|{'|'.join(_BETWEEN)})\s*"
_HEAD = re.compile(
    r"^[\s\"'*_-]*((?:[A-ZÀ-Þ][\w'À-ÿ-]{0,25}(?:\.\s?|\s)){0,3}[A-ZÀ-Þ][\w'À-ÿ-]{1,25}"
    rf"(?:{_AND}[A-ZÀ-Þ][\w'À-ÿ-]{{1,25}}){{0,4}})"
    r"\s*(?:,|:|\s-{1,3}\s?|-{2,3}|–|—|\.\.+|!|$)"
)
_PLAIN_HEAD = re.compile(
    r"^[\s\"'*_-]*([\w'-]+(?:\s[\w'-]+){0,3})\s*(?:,|:|\s-{1,3}\s?|-{2,3}|–|—|\.\.+|!|$)"
)
_TAIL = re.compile(r",\s+([A-ZÀ-Þ][\w'À-ÿ-]{1,25})\s*[?!.]*$")
_JOIN = re.compile(_AND)
_GREETING = frozenset(map(plain, every_word("before_names", "names")))


class Names:
    """The names in play for one mail."""

    def __init__(self, mail: Mail, owner: Owner) -> None:
        keys = owner.keys
        self.owner = given.of_owner(owner)
        others = [a for a in (*mail.to, *mail.cc) if a.key not in keys][:30]
        self.others = frozenset(n for a in others for n in given.of_address(a)) - self.owner
        sender = mail.sender
        self.sender = given.of_address(sender) if sender else frozenset[str]()

    def whom(self, written: str, *, greeted: bool, alone: bool = False) -> Audience | None:
        """Whose name is written; None where it is no name that we know. `greeted`: it stands where
        only a name can; `alone`: nothing else is in the sentence, so it may be a signature."""
        found = [n for n in given.parts(written) if n not in _GREETING]
        if any(n in self.owner for n in found):
            return Audience.OWNER
        if any(n in self.others for n in found):
            return Audience.OTHER
        if found and alone and all(n in self.sender for n in found):
            return None
        if any(n in given.GIVEN and (greeted or not given.is_ambiguous(n)) for n in found):
            return Audience.STRANGER
        return None


def addressees(
    found: Sequence[Sentence], hits: Sequence[Sequence[Hit]], mail: Mail, owner: Owner
) -> list[Called]:
    """For each sentence, with the phrases found in it, whom it addresses."""
    in_play = Names(mail, owner)
    result: list[Called] = []
    standing = current = OPEN  # the greeting's addressee; the one of this paragraph
    paragraph = 0
    for index, sentence in enumerate(found):
        if sentence.paragraph != paragraph:
            paragraph, current = sentence.paragraph, standing
        called = _called(sentence, hits[index], in_play)
        if called and not (index and _is_signature(sentence)):
            current = called
            if index == 0 or _is_bare(sentence):
                standing = called
        said = _tail(sentence, in_play)
        if not said and current.to is not Audience.OWNER and _is_to_all(sentence, hits[index]):
            said = Called(Audience.EVERYONE)
        result.append(said or current)
    return result


def _called(sentence: Sentence, hits: Sequence[Hit], in_play: Names) -> Called | None:
    """Whom the head of the sentence calls, if anybody."""
    head = sentence.text[:120]
    greeted = bool(sentence.words) and sentence.words[0] in _GREETING
    match = _HEAD.match(head)
    is_set_off = match or _PLAIN_HEAD.match(head)
    if is_set_off and _is_to_all(sentence, [hit for hit in hits if hit.start == 0]):
        return Called(Audience.EVERYONE)
    if not match:
        return None
    best: Called | None = None
    alone = match.end() >= len(head.rstrip())
    for written in _JOIN.split(match.group(1)):
        to = in_play.whom(written, greeted=greeted or alone, alone=alone)
        if to is Audience.OWNER:
            return Called(to, written)
        if to and (best is None or to is Audience.OTHER):
            best = Called(to, _bare_name(written))
    return best


def _bare_name(written: str) -> str:
    return " ".join(w for w in written.split() if plain(w).strip(".") not in _GREETING) or written


def _tail(sentence: Sentence, in_play: Names) -> Called | None:
    """ "Can you send it, Bob?": a name at the end of a question."""
    if not sentence.is_question:
        return None
    match = _TAIL.search(sentence.text[-60:])
    to = in_play.whom(match.group(1), greeted=False) if match else None
    return Called(to, match.group(1)) if match and to else None


def _is_to_all(sentence: Sentence, hits: Sequence[Hit]) -> bool:
    """Whether a phrase speaks to all. A single word at the head does so where it is set off ("Folks,
    …"), not as a subject ("Folks like it")."""
    ends = {*sentence.begins, len(sentence.words)}
    return any(hit.kind == "everyone" and (hit.start > 0 or hit.end > 1 or hit.end in ends) for hit in hits)


def _is_signature(sentence: Sentence) -> bool:
    """Whether a bare name further down is a signature: an address would be set off from the text."""
    return len(sentence.words) <= 3 and sentence.text[-1:] not in (",", ":", "-", "–", "—", "!", ".")


def _is_bare(sentence: Sentence) -> bool:
    """Whether the sentence is but a greeting ("Hi Bob,")."""
    return len(sentence.words) <= 4 and not sentence.is_question
