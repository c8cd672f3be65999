"""What speaks for a machine's mail that no header marks, and for a person's: signs, each with a weight.

No sign is enough by itself: offices have addresses too, people paste links and lists. Only what comes
together is told (`rules.robots.machine`). Time is linear, and bounded by the lines that are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ackd.judge import automatic
from ackd.judge.automatic import Said
from ackd.judge.reading import Reading
from ackd.model import Clue, Clues, Mail, Owner
from ackd.text.languages import Language
from ackd.text.names import given
from ackd.text.names.sender import Kind, kind_of
from ackd.text.reply_text import Written
from ackd.text.sentences import sentences
from ackd.text.subject import is_of_another
from ackd.text.tokens import plain, words

_LONGEST = 6_000  # characters of a mail that are looked at
_MOST_LINES = 60
_MOST_SENTENCES = 40
_REPEATS = 2  # earlier mails that said the same
_LONGEST_NAME = 60  # characters of a line that is but a name
_LABEL = 6  # words of a button's label at most
_SENDERS = {
    Kind.PERSON: -2,
    Kind.NAMED: -1,
    Kind.UNKNOWN: 0,
    Kind.WORD: 1,
    Kind.ROLE: 1,
    Kind.SYSTEM: 3,
    Kind.BORROWED: 2,
}
_IMPERSONAL = (Kind.UNKNOWN, Kind.WORD, Kind.ROLE)
_FIELD = re.compile(r"^\s*(?:[-*•]\s*)?[^\W\d_][\w .'’/()°-]{1,30}\s?:\s{1,12}\S")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_SENTENCE_ENDS = ".?!,:;"
_CELLS = re.compile(r"\s[|·•–—]\s|\s{3,}|\s-\s")
_NUMBERED = re.compile(r"^\W{0,4}\[[^\]]{2,60}\]|\d{4,}|#\s?\d{2,}|^\s*\*{2,}")
_ADDRESS = re.compile(r"https?://\S{8,2000}", re.I)
_TRACKED = re.compile(r"[?&](?:utm_|token|trk|track|uid|sid|sig|key|hash|c=)|[0-9a-f]{16}|[A-Za-z0-9_-]{32}")
_PIXEL = re.compile(r"<img[^>]{0,400}\s(?:width|height)\s?[=:]\s?[\"']?1(?:px)?[\"'\s;>]", re.I)
_LAID_OUT = re.compile(r"role=[\"']?presentation|class=[\"']?(?:button|btn|preheader)|bgcolor=", re.I)
_TYPED = re.compile(r"mso(?:normal|plaintext)|wordsection|elementtoproof|apple-interchange|moz-", re.I)
_HEADS = (
    "alert issue ticket project build notif workflow campaign survey voicemess callingtel faxserver redmine "
    "jira gitlab github bugzilla otrs zammad glpi jenkins sharepoint sendgrid mailgun php phpmailer drupal "
    "wordpress entity feedback template autoescalation servicenow moodle nagios zabbix"
)
_MARKS = tuple(_HEADS.split())
_NOT_MARKS = (
    "x-ms-",
    "x-microsoft",
    "x-exchange",
    "x-forefront",
    "x-proofpoint",
    "x-mimecast",
    "x-barracuda",
)
_CLIENTS = re.compile(
    r"outlook|thunderbird|apple mail|iphone|ipad|ios|android|evolution|notes|groupwise|mail\b|mutt|kmail"
    r"|zimbra|roundcube|horde|sogo|owa|airmail|spark|bat!|blackberry|samsung|exchange|sandbox",
    re.I,
)


def read(reading: Reading, owner: Owner, text: Written, asked: str, repeats: int) -> Clues:
    """The clues in a mail; `asked` is the sentence by which it asks, if it does, `repeats` how many earlier
    mails of its sender, who was never answered, said the same."""
    mail, language = reading.mail, reading.language
    kind = kind_of(mail.sender) if mail.sender else Kind.UNKNOWN
    address = mail.sender.email[:80] if mail.sender else ""
    whole = text.whole[:_LONGEST].split("\n")
    lines = [line for line in whole if line.strip()][:_MOST_LINES]
    found: list[Clue] = []
    says: Clue | None = None
    if language is not None:
        own = automatic.said_in(reading.sentences[:_MOST_SENTENCES], language)
        below = text.whole[len(text.new) :][:_LONGEST] if text.whole.startswith(text.new) else ""
        foot = automatic.said_in(sentences(below, most=_MOST_SENTENCES), language)
        says = automatic.told(own, asked, text.new, mail, owner, language)
        found += _of_text([*own, *foot])
        found += _of_lines(lines[1:], language)
        if kind is not Kind.BORROWED and _is_signed(lines[1:], own, mail, owner):
            found.append(Clue(-2))
    found += _of_form(mail, lines, owner)
    if any(clue.weight > 0 for clue in found) and _is_numbered(mail.subject[:200]):
        found.append(Clue(1, "its subject is numbered"))  # alone it says nothing: people name tickets
    if kind in _IMPERSONAL and all(clue.weight > 0 for clue in found):
        found.append(Clue(1, "nobody speaks of himself in it, or signs"))
    found += _of_headers(mail)
    if repeats >= _REPEATS:
        found.append(Clue(3, f"{repeats} mails before it said the same, and none was answered"))
    found.append(Clue(_SENDERS[kind], f"{address} is {kind.value}" if _SENDERS[kind] > 0 else ""))
    return Clues(tuple(clue for clue in found if clue.weight), says)


# --- what it says -----------------------------------------------------------------------------------


def _of_text(said: Sequence[Said]) -> Iterator[Clue]:
    said = [one for one in said if one.hits]
    above = next((one for one in said if one.has("above")), None)
    if above:
        yield Clue(3, "it has a line above which to answer", above.sentence.text[:80])
    footers = [one for one in said if one.has("because") and not one.sentence.is_question]
    if footers:
        yield Clue(2 + (len(footers) > 1), "it says why one gets it", footers[0].sentence.text[:80])
    notices = [one for one in said if one.has("notice")]
    if notices:
        yield Clue(
            2 + (len(notices) > 1), "it reports what happened, as programs do", notices[0].sentence.text[:80]
        )
    yours = next((one for one in said if one.has("yours") and not one.sentence.is_question), None)
    if yours:
        yield Clue(1, "it tells you of what is yours", yours.sentence.text[:80])
    if any(_is_own(one) for one in said):
        yield Clue(-2)


def _is_own(one: Said) -> bool:
    """Whether a person speaks of himself: neither in a field ("Message: …"), nor quoted, nor on a button
    ("Open my timesheet")."""
    if not one.has("mine"):
        return False
    text = one.sentence.text
    is_theirs = (
        _FIELD.match(text) or text[:1] in "\"“„«'@" or (text[-1:].isalnum() and len(text.split()) <= 6)
    )
    return not is_theirs


def _of_lines(lines: Sequence[str], language: Language) -> Iterator[Clue]:
    buttons = [cell for line in lines for cell in _cells(line) if _is_button(cell, language)]
    if buttons:
        yield Clue(min(2, len(buttons)), "it has buttons", buttons[0][:80])


def _cells(line: str) -> list[str]:
    """The labels on a line of links."""
    if len(line) > 200 or line[-1] in _SENTENCE_ENDS:
        return []
    return [cell.strip() for cell in _CELLS.split(line)]


def _is_button(cell: str, language: Language) -> bool:
    """Whether it is a button's label: short, begins with a verb or ends in one, and is no sentence."""
    if not cell[:1].isupper() or cell[-1] in _SENTENCE_ENDS or cell.count(" ") >= _LABEL:
        return False
    return any(hit.kind == "button" and hit.start == 0 for hit in language.robot.find(words(cell)))


def _is_signed(lines: Sequence[str], own: Sequence[Said], mail: Mail, owner: Owner) -> bool:
    """Whether a line, or the last sentence, is a name: a given one, or the sender's, and not the owner's."""
    last = own[-1].sentence.text if len(own) > 1 else ""
    return any(_is_name(line, 3, mail, owner) for line in lines) or _is_name(last, 5, mail, owner)


def _is_name(text: str, most: int, mail: Mail, owner: Owner) -> bool:
    text = text.strip()
    if len(text) > _LONGEST_NAME or not text[:1].isupper():
        return False
    said = plain(_IN_BRACKETS.sub("", text)).replace(",", " ").strip(" .!-–—").split()
    if len(said) > most or not all(word.replace("-", "").replace(".", "").isalpha() for word in said):
        return False
    sender = given.of_address(mail.sender) if mail.sender else frozenset()
    is_known = any(word in given.GIVEN or word in sender for word in said)
    return is_known and given.of_owner(owner).isdisjoint(said)


# --- how it looks -----------------------------------------------------------------------------------


def _of_form(mail: Mail, lines: Sequence[str], owner: Owner) -> Iterator[Clue]:
    fields = sum(_FIELD.match(line[:60]) is not None for line in lines)
    if fields >= 3:
        yield Clue(1 + (fields > 3), f"it is a form of {fields} fields")
    if lines and _greets_in_full(lines[0], owner):
        yield Clue(1, "it greets by the full name")
    linked = (line[:2000] for line in lines if "://" in line[:2000])
    if any(_TRACKED.search(link[:400]) for line in linked for link in _ADDRESS.findall(line)):
        yield Clue(1, "its links are made for one reader")
    markup = mail.html[:100_000] if mail.html else ""
    if markup and _PIXEL.search(markup):
        yield Clue(2, "it has a picture that can't be seen")
    elif markup and _LAID_OUT.search(markup) and not _TYPED.search(markup):
        yield Clue(1, "it is laid out as a page")


def _is_numbered(subject: str) -> bool:
    return _NUMBERED.search(subject) is not None and not is_of_another(subject)


def _greets_in_full(line: str, owner: Owner) -> bool:
    name = [word for word in plain(owner.name).split() if len(word) > 1]
    said = words(line[:80])
    return len(name) > 1 and len(said) <= len(name) + 3 and all(word in said for word in name)


def _of_headers(mail: Mail) -> Iterator[Clue]:
    names = [(name.strip().lower(), value) for name, value in mail.headers or ()]
    marked = next((name for name, _ in names if _is_mark(name)), None)
    if marked:
        yield Clue(3, f"a header that programs write: {marked.title()}")
    if any(name == "x-mailer" and not _CLIENTS.search(value) for name, value in names):
        yield Clue(1, "no mail program that people use sent it")


def _is_mark(name: str) -> bool:
    if not name.startswith("x-") or name.startswith(_NOT_MARKS):
        return False
    return any(piece.startswith(_MARKS) for piece in _pieces(name))


def _pieces(name: str) -> Iterable[str]:
    return name.split("-")[1:]
