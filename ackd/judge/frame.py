"""The frame of a letter: a greeting, a closing, a signature; and a request that stands in the subject alone,
because the text below is empty or but such a frame.

The subject of an answer or a forward was another's, and one that names a topic ("Budget 2027") or informs
asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice

from ackd.model import Address, Mail, Owner
from ackd.text.headers import keyword
from ackd.text.html import to_text
from ackd.text.languages import every_line, every_word
from ackd.text.names import given
from ackd.text.phrases import expanded
from ackd.text.reply_text import Written
from ackd.text.sentences import Sentence
from ackd.text.subject import is_of_another, without_reply
from ackd.text.tokens import plain, words

_LONGEST = 300  # characters of a subject
_MOST_LINES = 16  # of a greeting, a closing and a signature together
_LOOKED_AT = 20_000  # characters of a text or its markup
_MORE = 20  # words below that are neither signature nor footer
_REPEATED = 2  # words of a question that its answer begins with
_LONG = 5  # letters of a word that tells what is spoken of
_GREETING_WORDS = 4
_CLOSING_WORDS = 5
_NAME_WORDS = 8
_MOST_BODY = 200  # lines of a text
_LINE_WORDS = 14  # of a line below a name
_ENDS = re.compile(r"[!.…]\s*$")


def subject_alone(mail: Mail, owner: Owner, text: Written) -> str:
    """The subject of a mail that has nothing but it; "" where there is text, or where the subject was another
    mail's, which this one answers, forwards or quotes."""
    subject = mail.subject[:_LONGEST].strip()
    if not subject or is_of_another(subject) or mail.in_reply_to or mail.references or not _has_text(mail):
        return ""
    is_empty = is_frame(text.new, mail.sender, owner) and not _has_more(mail, text)
    return without_reply(subject) if is_empty else ""


def is_answered(question: Sentence, following: Sentence, *, strictly: bool) -> bool:
    """Whether the sender answers in the words of the question ("Today or tomorrow? Today, they say"), at the
    head of the answer. One long word anywhere is enough, but not `strictly`."""
    said, asked = [word for word in following.words if word != "?"], question.words
    if any(list(asked[k : k + _REPEATED]) == said[:_REPEATED] for k in range(len(asked) - 1)):
        return len(said) >= _REPEATED
    return not strictly and any(len(word) >= _LONG and word in asked for word in said)


def _has_text(mail: Mail) -> bool:
    """Whether the mail is made of text, or of parts: of another kind it is what can't be read (S/MIME)."""
    kinds = [keyword(value) for name, value in mail.headers or () if name.strip().lower() == "content-type"]
    return all(kind.startswith(("text/", "multipart/")) for kind in kinds)


def _has_more(mail: Mail, text: Written) -> bool:
    """Whether there is more below than a signature and a footer: quoted or forwarded text."""
    below = mail.text if mail.text.strip() else to_text(mail.html[:_LOOKED_AT]) if mail.html else ""
    return len(below[:_LOOKED_AT].split()) > len(text.whole.split()) + _MORE


def is_frame(text: str, sender: Address | None, owner: Owner) -> bool:
    """Whether a text has nothing but a greeting, a closing and a signature. A closing in words that aren't
    known counts where the sender's name stands below it."""
    filled = (line for line in text[:_LOOKED_AT].split("\n") if line.strip() and words(line[:200]))
    lines, most = list(islice(filled, 2)), _MOST_LINES
    if lines and _is_greeting(lines[0], owner):
        lines, most = lines[1:], most - 1
    if lines and _is_said(lines[0]):
        return False  # as of most mails, and quickly told
    lines += islice(filled, most)
    if len(lines) > most:
        return False
    while lines and _is_footer(lines[-1]):
        lines = lines[:-1]
    if lines and not _is_named(lines[0], sender) and _is_closing(lines, sender):
        lines = lines[1:]
    if not lines:
        return True
    return _is_named(lines[0], sender) and all(_is_of_signature(line) for line in lines[1:])


def _is_said(line: str) -> bool:
    """Whether a line has too many words for a closing or a name, and is no footer."""
    is_long = len(words(line[:120])) > _NAME_WORDS and len(words(line[:80])) > _CLOSING_WORDS
    return is_long and not _is_footer(line)


def between_greeting_and_name(text: str, sender: Address | None, owner: Owner) -> str:
    """The letter itself where something stands around it, as a gateway's warning above the greeting or a
    footer below the sender's name; "" where nothing does."""
    lines = text.split("\n")
    filled = [number for number, line in enumerate(lines[:_MOST_BODY]) if words(line[:80])]
    first = next((k for k in filled[:_MOST_LINES] if _opens(lines[k], owner)), None)
    start = first if first is not None and first != filled[0] else 0
    begun = first if first is not None else -1
    last = next((k for k in filled if k > begun + 1 and _closes(lines[k], sender)), None)
    end = last if last is not None and last < filled[-1] else len(lines)
    return "\n".join(lines[start:end]) if (start, end) != (0, len(lines)) else ""


def _opens(line: str, owner: Owner) -> bool:
    return line.rstrip()[-1:] in (",", "!", ":") and _is_greeting(line, owner)


def _closes(line: str, sender: Address | None) -> bool:
    said = words(line[:80])
    is_closing = len(said) <= _CLOSING_WORDS and any(
        tuple(said[:n]) in _closings() for n in range(1, len(said) + 1)
    )
    return (is_closing and line.rstrip()[-1:] not in (".", "?")) or (
        len(said) <= 3 and _is_named(line, sender)
    )


def _is_greeting(line: str, owner: Owner) -> bool:
    said = words(line[:80])
    is_greeted = said[:1] and (said[0] in _greetings() or set(said) <= given.of_owner(owner))
    return bool(is_greeted) and len(said) <= _GREETING_WORDS and "?" not in said


def _is_closing(lines: Sequence[str], sender: Address | None) -> bool:
    said = words(lines[0][:80])
    if not 0 < len(said) <= _CLOSING_WORDS or "?" in said:
        return False
    is_known = any(tuple(said[:count]) in _closings() for count in range(1, len(said) + 1))
    is_above_name = len(lines) > 1 and _is_named(lines[1], sender) and not any(map(str.isdigit, lines[0]))
    return is_known or (is_above_name and len(said) <= _GREETING_WORDS and not _ENDS.search(lines[0]))


def _is_named(line: str, sender: Address | None) -> bool:
    """Whether a line begins with the sender's name or initials, maybe with a title before it."""
    said = words(line[:120])
    if sender is None or "?" in said or not 0 < len(said) <= _NAME_WORDS:
        return False
    if len(said) > _REPEATED and _ENDS.search(line):  # "Bob came by."
        return False
    shown = [part for part in words(sender.name) if len(part) > 1]
    initials = "".join(part[0] for part in shown)
    if len(said) <= 2 and "".join(said) == initials and initials:
        return True
    first = next((word for word in said if len(word) > 2 or word in shown), "")
    return first in given.of_address(sender) or (
        first in every_word("titles", "names") and bool({*said} & {*shown})
    )


def _is_of_signature(line: str) -> bool:
    said = words(line[:200])
    return "?" not in said and len(said) <= _LINE_WORDS and not _ENDS.search(line.strip()[-3:])


def _is_footer(line: str) -> bool:
    begun = plain(line.strip(" \t*_-–—[("))
    return begun.startswith(_footers())


@cache
def _greetings() -> frozenset[str]:
    begun = (one for line in every_line("greeting", "phrases") for one in expanded(line.lstrip("^ ")))
    return frozenset(map(plain, every_word("before_names", "names"))) | {said[0] for said in begun if said}


@cache
def _closings() -> frozenset[tuple[str, ...]]:
    lines = (*every_line("closing", "phrases"), *every_line("thanks", "phrases"))
    return frozenset(said for line in lines for said in expanded(line) if said)


@cache
def _footers() -> tuple[str, ...]:
    return tuple(map(plain, every_line("footers", "mail")))
