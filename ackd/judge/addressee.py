"""To whom each sentence of a mail is put: "Bob, can you …", "Hi all", "Alice - please …", "@Bob could you …".

A name at the head of a paragraph or a sentence holds until the next one, or to the end of its
paragraph; the greeting's name comes back after it. A name inside a sentence ("could you, Bob, …", "can Bob
please …") holds for that sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ackd.model import Audience, Mail, Owner
from ackd.text.languages import Language, every_word
from ackd.text.names import given
from ackd.text.phrases import Hit
from ackd.text.sentences import Sentence
from ackd.text.tokens import plain, words


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a sentence addresses, and the name as it is written."""

    to: Audience
    name: str = ""


OPEN = Called(Audience.OPEN)
_BETWEEN = (rf"\b{word}\b" for word in sorted(every_word("between_names", "names")))
_AND = rf"\s*(?:,|/|&|{'|'.join(_BETWEEN)})\s*"
_SET_OFF = r"\s*(?:,|:|\s-{1,3}\s?|-{2,3}|–|—|\.\.+|!|$)"
_HEAD = re.compile(
    r"^[\s\"'*_-]*((?:[A-ZÀ-Þ][\w'À-ÿ-]{0,25}(?:\.\s?|\s)){0,3}[A-ZÀ-Þ][\w'À-ÿ-]{1,25}"
    rf"(?:{_AND}[A-ZÀ-Þ][\w'À-ÿ-]{{1,25}}){{0,4}}){_SET_OFF}"
)
_PLAIN_HEAD = re.compile(rf"^[\s\"'*_-]*([\w'-]+(?:\s[\w'-]+){{0,3}}){_SET_OFF}")
_NAME = r"[A-ZÀ-Þ][\w'À-ÿ-]{1,25}"
_INSIDE = re.compile(
    rf"(?<=[^\W\d_])(?P<mark>\s?[,–—]\s?|\s-\s)(?P<name>{_NAME}(?:\s{_NAME})?)\s?(?=[,?!.–—]|-\s|$)"
)
_UNMARKED = re.compile(rf"^[\s\"'*_-]*(?P<name>{_NAME}(?:\s{_NAME}){{0,2}})\s")
_MENTION = re.compile(r"(?<![\w.@])@(?=[^\W\d_])(\w)(\w{0,30})(?:[._](\w)(\w{0,30}))?")
_GREETED_LINE = re.compile(rf"^[^,!]{{1,40}}[,!]\s+(?P<name>{_NAME})(?P<comma>,)?(?=\W)")
_JOIN = re.compile(_AND)
_GREETING = frozenset(map(plain, every_word("before_names", "names")))
_SHORT = 6  # words of a greeting
_GREETED = 10  # words of a greeting of several people
_LONGEST = 600  # characters of a sentence in which names are looked for
_SPOKEN_TO = frozenset(("ask", "tell", "query", "you"))
_DEMANDS = frozenset(("ask", "tell", "polite", "order"))
_PUT = _DEMANDS | {"wish"}


@lru_cache(maxsize=64)
def _has_no_nickname(owner: Owner) -> bool:
    """Whether the names by which colleagues greet the owner are parts of the owner's own."""
    own = given.of_owner(replace(owner, names=()))
    return all(given.parts(name) <= own for name in owner.names)


class Names:
    """The names in play for one mail."""

    def __init__(self, mail: Mail, owner: Owner) -> None:
        keys = owner.keys
        self.owner = given.of_owner(owner)
        others = [a for a in (*mail.to, *mail.cc) if a.key not in keys][:30]
        self.others = frozenset(n for a in others for n in given.of_address(a)) - self.owner
        sender = mail.sender
        self.sender = given.of_address(sender) if sender else frozenset[str]()
        #: Whether a name that nobody in the mail bears may be the owner's: nobody else is in To, where no
        #: other name is shown for the owner, and the owner named no nicknames.
        self.may_be_nickname = (
            {a.key for a in mail.to} <= keys
            and all(not a.name.strip() or "@" in a.name for a in mail.to)
            and _has_no_nickname(owner)
        )

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
    found: Sequence[Sentence],
    hits: Sequence[Sequence[Hit]],
    mail: Mail,
    owner: Owner,
    language: Language | None = None,
) -> list[Called]:
    """For each sentence, with the phrases found in it, whom it addresses. `language` is the text's: its
    phrases tell whether a name without a comma is called."""
    in_play = Names(mail, owner)
    result: list[Called] = []
    standing = current = OPEN  # the greeting's addressee; the one of this paragraph
    paragraph = 0
    for index, sentence in enumerate(found):
        if sentence.paragraph != paragraph:
            paragraph, current = sentence.paragraph, standing
        text, is_mention = _without_mentions(sentence.text[:_LONGEST])
        called = _called(sentence, text, hits[index], in_play)
        if called and not is_mention and index and _is_signature(sentence):
            called = None
        if called or (called := _unmarked(sentence, text, in_play, language, is_mention=is_mention)):
            current = called
            if index == 0 or _is_bare(sentence):
                standing = called
        said = _inside(sentence, text, in_play, language)
        if not said and (not called or called.to is Audience.EVERYONE):
            said = _after_greeting(sentence, text, hits[index], in_play, language)
        if not said and not called:
            said = _asked(sentence, hits[index], in_play, language)
            if not said and current.to is not Audience.OWNER and _is_to_all(sentence, hits[index]):
                said = Called(Audience.EVERYONE)
        result.append(said or current)
    return _with_nickname(found, result) if in_play.may_be_nickname else result


def _without_mentions(text: str) -> tuple[str, bool]:
    """The sentence with mentions as names ("@carol.reed" is "Carol Reed"), and whether it begins with one."""
    if "@" not in text:
        return text, False

    def name(match: re.Match[str]) -> str:
        first, last = f"{match[1].upper()}{match[2]}", f"{match[3].upper()}{match[4]}" if match[3] else ""
        return f"{first} {last}".rstrip()

    return _MENTION.sub(name, text), text.lstrip(" \"'*_-").startswith("@")


def _called(sentence: Sentence, text: str, hits: Sequence[Hit], in_play: Names) -> Called | None:
    """Whom the head of the sentence calls, if anybody, by a name that is set off."""
    head = text[:120]
    greeted = bool(sentence.words) and sentence.words[0] in _GREETING
    match = _HEAD.match(head)
    is_set_off = match or _PLAIN_HEAD.match(head)
    if is_set_off and _is_to_all(sentence, [hit for hit in hits if hit.start == 0]):
        return Called(Audience.EVERYONE)
    if not match:
        return None
    alone = match.end() >= len(head.rstrip())
    each = [
        (name, in_play.whom(name, greeted=greeted or alone, alone=alone)) for name in _JOIN.split(match[1])
    ]
    known = [(name, to) for name, to in each if to]
    if greeted and len(sentence.words) <= _GREETED:  # "Hi Bob, hi Alice": the last names may be set off, too
        known += [(name, Audience.OWNER) for name in _JOIN.split(text) if _is_owner(name, in_play)]
    for wanted in (Audience.OWNER, Audience.OTHER):
        for written, to in known:
            if to is wanted:
                return Called(to, written if to is Audience.OWNER else _bare_name(written))
    if not known:
        return None
    several = [name for name, _ in each if not _GREETING.issuperset(given.parts(name))]
    return Called(
        Audience.STRANGER,
        _bare_name(known[0][0]) if len(several) < 2 else ", ".join(map(_bare_name, several)),
    )


def _is_owner(written: str, in_play: Names) -> bool:
    """Whether it is the owner's name and nothing but a greeting beside it."""
    found = {name for name in given.parts(written) if name not in _GREETING}
    return bool(found) and found <= in_play.owner


def _bare_name(written: str) -> str:
    kept = " ".join(w for w in written.split() if plain(w).strip(".") not in _GREETING) or written
    return kept.rstrip("-'")


# --- names that no mark sets off ------------------------------------------------------------------


def _unmarked(
    sentence: Sentence, text: str, in_play: Names, language: Language | None, *, is_mention: bool
) -> Called | None:
    """ "Carol could you …", "Carol kannst du …": a name before words that ask somebody. A mention needs no
    such words, but isn't called where something is told of the one ("@Carol has …")."""
    match = _UNMARKED.match(text)
    if not match or language is None:
        return None
    parts = match["name"].split()
    to = in_play.whom(parts[0], greeted=is_mention)
    if not to:
        return None
    is_ordinary = given.is_ambiguous(plain(parts[0])) and not is_mention
    for count in range(1, len(parts) + 1):
        rest = words(text[:_LONGEST])[len(words(" ".join(parts[:count]))) :]
        if _asks_of(rest, language, strictly=is_ordinary):
            return Called(to, " ".join(parts[:count]))
    return Called(to, match["name"]) if is_mention and not _tells_of(rest, language) else None


def _after_greeting(
    sentence: Sentence, text: str, hits: Sequence[Hit], in_play: Names, language: Language | None
) -> Called | None:
    """ "Hi both, Bob, have you …?", "Ciao ragazzi, Bob sei …": a name behind a greeting on the same line."""
    is_greeted = sentence.words[0] in _GREETING or any(h.kind == "everyone" and h.start == 0 for h in hits)
    match = _GREETED_LINE.match(text) if is_greeted and language else None
    to = in_play.whom(match["name"], greeted=False) if match else None
    if not match or not language or to not in (Audience.OWNER, Audience.OTHER):
        return None
    rest = words(text[match.end("name") :])
    is_called = bool(match["comma"]) or _asks_of(rest, language, strictly=False)
    return Called(to, match["name"]) if is_called and rest else None


def _asks_of(rest: Sequence[str], language: Language, *, strictly: bool) -> bool:
    """Whether the words ask the one whose name stands before them. `strictly`: the name is a word, too."""
    hits = language.phrases.find(rest[:20], [0])
    if strictly:
        return any(hit.kind == "ask" and hit.start == 0 for hit in hits)
    is_put = any(hit.kind in _PUT and hit.start == 0 for hit in hits)
    return is_put or ("?" in rest and any(hit.kind == "you" and hit.start <= 1 for hit in hits))


def _tells_of(rest: Sequence[str], language: Language) -> bool:
    return not rest or rest[0] in language.third or rest[0] in language.modals_of_third


def _asked(
    sentence: Sentence, hits: Sequence[Hit], in_play: Names, language: Language | None
) -> Called | None:
    """ "Can Carol please …?", "Carol could send …?": another recipient is asked, in the third person, and
    nobody before that name."""
    if language is None or not (sentence.is_question or any(hit.kind == "polite" for hit in hits)):
        return None
    modals, said = language.modals_of_third, sentence.words[:8]
    at = next((k for k, word in enumerate(said[:5]) if word in in_play.others and word not in modals), None)
    if at is None or any(
        hit.kind in _SPOKEN_TO and hit.start < at and not modals.issuperset(said[hit.start : hit.end])
        for hit in hits
    ):
        return None
    name = said[at : at + 2] if at + 1 < len(said) and said[at + 1] in in_play.others else said[at : at + 1]
    if at + len(name) in sentence.begins:  # "my colleague, Bob, would …"
        return None
    around = {*said[max(0, at - 2) : at], *said[at + len(name) : at + len(name) + 1]}
    return None if modals.isdisjoint(around) else Called(Audience.OTHER, " ".join(name).title())


def _inside(sentence: Sentence, text: str, in_play: Names, language: Language | None) -> Called | None:
    """ "Could you, Bob, send it?", "Can you send it, Bob?": a name between commas in words that ask, or at
    the end of a question or a request."""
    for match in _INSIDE.finditer(text):
        to = in_play.whom(match["name"], greeted=False)
        if to and (to is Audience.OWNER or not in_play.sender.issuperset(given.parts(match["name"]))):
            at, is_last = len(words(text[: match.start()])), not text[match.end() :].strip(" ?!.\"')")
            if is_last and sentence.is_question:
                return Called(to, match["name"])
            length = len(words(match["name"]))
            if language and (
                _is_put_around(sentence, at, length, language, is_last=is_last)
                or (to is Audience.OTHER and _is_asked_between(sentence, text, match, at + length, language))
            ):
                return Called(to, match["name"])
    return None


def _is_put_around(sentence: Sentence, at: int, length: int, language: Language, *, is_last: bool) -> bool:
    """Whether the words without the name that stands at `at` ask across it, or right before it; at the end
    of the sentence, whether they ask at all."""
    said = (*sentence.words[:at], *sentence.words[at + length :])
    hits = language.phrases.find(said[:80], [b for b in sentence.begins if b < at])
    if is_last:
        return any(hit.kind in ("ask", "polite", "order") for hit in hits)
    return any(
        (hit.kind in _DEMANDS and hit.start < at < hit.end) or (hit.kind == "you" and hit.end == at)
        for hit in hits
    )


def _is_asked_between(
    sentence: Sentence, text: str, match: re.Match[str], after: int, language: Language
) -> bool:
    """ "On Friday, Bob, is that yours?": another recipient's name between commas in a question; neither in a
    row of names, nor told of ("my colleague, Bob, would …")."""
    if not sentence.is_question or "," not in match["mark"] or text[match.end() : match.end() + 1] != ",":
        return False
    following = sentence.words[after] if after < len(sentence.words) else ""
    before = text[: match.start()].split()[-1:]
    in_row = following in every_word("between_names", "names") or any(
        plain(word) in given.GIVEN for word in before
    )
    return not (in_row or following in language.third or following in language.modals_of_third)


# --- what a name means for the mail ---------------------------------------------------------------


def _with_nickname(found: Sequence[Sentence], result: Sequence[Called]) -> list[Called]:
    """With a name that nobody in the mail bears as the owner's nickname: the only one that is called, of one
    word, and nobody is spoken of by it ("please pass this on to Bob")."""
    names = {plain(called.name) for called in result if called.to is Audience.STRANGER}
    if len(names) != 1 or any(called.to is Audience.OWNER for called in result):
        return list(result)
    name = words(names.copy().pop())
    if len(name) != 1 or any(_speaks_of(sentence, name[0]) for sentence in found):
        return list(result)
    return [replace(one, to=Audience.NICKNAME) if one.to is Audience.STRANGER else one for one in result]


def _speaks_of(sentence: Sentence, name: str) -> bool:
    """Whether the sentence names somebody of that name other than by calling, or greets another one, too."""
    said = sentence.words
    if name not in said:
        return False
    head = next((word for word in said if word not in _GREETING), "")
    if head != name:
        return not re.search(rf",\s*{re.escape(name)}\W*$", plain(sentence.text[-60:]))
    others = (word for word in said if word != name and word in given.GIVEN and not given.is_ambiguous(word))
    return said.count(name) > 1 or (len(said) <= _SHORT and any(others))


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
