"""The signature below a text, and the lines below it that stand in each of somebody's mails and speak to
everybody: surveys, pronouns, adverts, absences, where to send invoices, whom to call in an emergency.

Such lines are told by their words (`below_signature` in `mail.txt`), and only below what looks like a
signature.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

from ackd.text.languages import every_line
from ackd.text.marks import LONGEST_MARK, Beginnings, marks
from ackd.text.phrases import Phrases
from ackd.text.tokens import plain, words

_LONGEST_SIGNATURE = 20  # lines
_LONGEST_FOOTER = 9  # words
_MOST_LOOKED_AT = 60  # lines below a closing
_MOST_BELOW = 3  # lines below a program's footer
_RULES = ("--", "-- ", "\u2014")
_ASKS = re.compile(r"\?(?:[\s\"')]|$)")
_LONGEST = 400  # characters of such a line
_MOST_STANDING = 8  # such paragraphs below each other
_MOST_LINES = 6  # of such a paragraph
_FAR = 5  # words within which the next of a line's words comes
_SENTENCE = re.compile(r"[^.!?]+[.!?]?")
_ADDRESSED = re.compile(r"@|://|www\.")
_TO_ALL = re.compile(r"@|://|www\.|[!:]")  # an address, a call or a label: with it one word is enough
_POSTSCRIPT = re.compile(r"^\W{0,3}(?:p\.?\s?){1,2}s\b|^\W{0,3}n\.?\s?b\b", re.IGNORECASE)


def without_signature(lines: list[str], last: bool = True, below_quote: bool = False) -> list[str]:
    """What stands above a signature, a footer and a legal notice. Above a quote (not `last`) only what a
    closing or a rule begins is a signature: an answer there may be a telephone number."""
    known = marks()
    if last:
        lines = _without_standing(lines, below_quote)
    for index, line in enumerate(lines):
        stripped = line.strip()
        if not stripped:
            continue
        lowered = plain(stripped[:LONGEST_MARK])
        below = lines[index + 1 : index + 1 + _MOST_LOOKED_AT]
        if (
            (line.rstrip("\r") in _RULES and _is_signed_below(line, below))
            or (known.footer.match(lowered) and _is_footer(lowered, below))
            or (known.disclaimer.match(lowered) and _is_legal(lines, index))
        ):
            return lines[: _before_particulars(lines[:index])]
        if index and lowered.rstrip(" ,.!-") in known.closing and _is_signature(below):
            return lines[: index + 1]
    return lines[: _before_particulars(lines)] if last else lines


def _is_signed_below(rule: str, below: list[str]) -> bool:
    """Whether what stands below "--" is a signature: in doubt, where the rule lacks the blank that programs
    put behind it (RFC 3676 4.3), a line that begins with a capital and is no sentence."""
    if rule == "-- ":
        return True
    lines = [line.strip() for line in below if line.strip()]
    if not lines:
        return True
    first = lines[0]
    return (
        len(first) <= 110 and not first[0].islower() and not first.endswith(("?", ".", ":", ",", "!"))
    ) or (_has_particular(first))


def _is_legal(lines: list[str], index: int) -> bool:
    """Whether what begins like a legal notice is one ("This e-mail is …" may be the sender's own): it has
    such a notice's words, or stands below a text and asks nothing."""
    text = " ".join(takewhile(str.strip, lines[index : index + _LONGEST_SIGNATURE]))
    if marks().caution.search(plain(text)):
        return True
    above = [line for line in lines[max(0, index - _LONGEST_SIGNATURE) : index] if line.strip()]
    return len(above) > 1 and not _ASKS.search(text) and not _asks(text)


def _is_footer(line: str, below: list[str]) -> bool:
    """Whether "Sent from my …" is a program's: short, and nothing that asks stands below it."""
    if len(line.split()) > _LONGEST_FOOTER:
        return False
    lines = [one.strip() for one in below if one.strip()]
    return len(lines) <= _MOST_BELOW and not any(_ASKS.search(one) for one in lines)


def _before_particulars(lines: list[str]) -> int:
    """Where a signature without a closing begins: blocks of short lines at the end, one of which
    holds a telephone number or an address, and the name above them."""
    start = end = len(lines)
    first = max(0, end - _LONGEST_SIGNATURE)
    while end > first:
        if not lines[end - 1].strip():
            end -= 1
            continue
        top = end
        while top > first and lines[top - 1].strip():
            top -= 1
        block = [line.strip() for line in lines[top:end]]
        if not _is_particular(block) and not (start < len(lines) and _is_bare_name(block)):
            tail = _particular_tail(block)
            return end - tail if tail else start if start else len(lines)
        start = end = top
    return start if start else len(lines)


def _is_particular(block: list[str]) -> bool:
    return all(map(_may_sign, block)) and any(map(_has_particular, block))


def _has_particular(line: str) -> bool:
    return marks().particulars.search(line[:LONGEST_MARK]) is not None


def _particular_tail(block: list[str]) -> int:
    """How many lines at the end of a text block are a signature: of those that may be one, as many
    as there are from the first with a particular on."""
    count = 0
    while count < len(block) and _may_sign(block[-count - 1]):
        count += 1
    tail = block[len(block) - count :]
    told = [at for at, line in enumerate(tail) if _has_particular(line)]
    return count if told and count < len(block) else 0


def _may_sign(line: str) -> bool:
    """Whether a line may be of a signature: short and no sentence, or its beginning or its end."""
    if len(line) > 60 or _ASKS.search(line) or (line[0].islower() and len(line.split()) > 3):
        return False
    return not line.endswith((".", ":", "!")) or marks().particulars.search(line) is not None


def _is_bare_name(block: list[str]) -> bool:
    return len(block) == 1 and len(block[0].split()) <= 4 and _may_sign(block[0])


def _is_signature(lines: list[str]) -> bool:
    """Whether what stands below a closing is but a name and its particulars."""
    below = [line.strip() for line in lines if line.strip()]
    if len(below) > 12:
        return any(marks().disclaimer.match(plain(line)) for line in below[:12])
    if (
        below
        and below[-1].endswith((".", "!"))
        and len(below[-1].split()) > 4
        and _asks(below[-1], (".", "!"))
    ):
        return False
    return all(len(line) < 75 and "?" not in line and not re.match(r"(?i)p\.?\s?s\b", line) for line in below)


# --- lines below a signature --------------------------------------------------------------------------


def _without_standing(lines: list[str], below_quote: bool = False) -> list[str]:
    """The lines without those of this kind at their end. Where nothing else stands `below_quote`, a gateway
    wrote them there."""
    end = len(lines)
    for _ in range(_MOST_STANDING):
        while end and not lines[end - 1].strip():
            end -= 1
        top = end
        while top and lines[top - 1].strip():
            top -= 1
        start = _start(lines, top, end)
        signed = _is_signed(lines[:start]) or (below_quote and not any(map(str.strip, lines[:start])))
        if start == end or not signed:
            break
        end = start
    return lines[:end]


def _start(lines: list[str], top: int, end: int) -> int:
    """Where such a line begins in a paragraph: at its top or right below the particulars in it."""
    below = " ".join(lines[max(top, end - _MOST_LINES) : end]).rstrip()
    if not _has_standing(words(below[-_LONGEST:])):
        return end  # nor in a part of it
    for at in range(top, min(end, top + _LONGEST_SIGNATURE)):
        if at > top and not _may_end_signature(lines[at - 1].strip()):
            break
        if end - at <= _MOST_LINES and _is_standing(" ".join(lines[at:end])):
            inside = any(marks().particulars.search(line) for line in lines[top:at])
            return at if at == top or inside else end
    return end


def _is_standing(text: str) -> bool:
    text = text.strip()
    if len(text) > _LONGEST or _POSTSCRIPT.match(text):
        return False
    if _asks(text) and not _ADDRESSED.search(text):
        return False
    to_all = _TO_ALL.search(text) is not None
    return _has_standing(words(text), to_all=to_all, addressed=_ADDRESSED.search(text) is not None)


def _has_standing(said: list[str], *, to_all: bool = True, addressed: bool = True) -> bool:
    """Whether such a line's words stand among words. `to_all`: one of them may be enough; `addressed`: those
    count, too, which stand with an address."""
    known = marks().standing
    for at, word in enumerate(said):
        for line in (*known.get(word[:1], ()), *known.get(word[:2], ())):
            may_stand = (to_all or len(line.starts) > 1) and (addressed or not line.addressed)
            if word.startswith(line.starts[0]) and may_stand and _stands_at(said, at, line.starts):
                return True
    return False


def _asks(text: str, ends: tuple[str, ...] = ("?",)) -> bool:
    """Whether a question in it asks the reader for something ("could you"): then somebody wrote it now."""
    questions = [one for one in _SENTENCE.findall(text) if one.rstrip().endswith(ends)]
    return any(hit.end - hit.start > 1 for one in questions for hit in _asking().find(words(one)))


@lru_cache(maxsize=1)
def _asking() -> Phrases:
    polite = [f"{line} ..." for line in every_line("polite", "phrases")]
    return Phrases({"ask": every_line("ask", "phrases"), "polite": polite})


def _stands_at(said: list[str], at: int, starts: Beginnings) -> bool:
    """Whether words with all these beginnings stand in a text from there on, in this order, near each other;
    a single one must be the whole word."""
    if len(starts) == 1:
        return said[at] in starts[0]
    return said[at].startswith(starts[0]) and _go_on(said, at + 1, starts[1:])


def _go_on(said: list[str], at: int, starts: Beginnings) -> bool:
    for beginnings in starts:
        for word in said[at : at + _FAR]:
            at += 1
            if word.startswith(beginnings):
                break
        else:
            return False
    return True


def _is_signed(above: list[str]) -> bool:
    """Whether a signature ends there: a line with a name, an office or particulars, and something above."""
    lines = [line.strip() for line in above if line.strip()]
    return len(lines) > 1 and _may_end_signature(lines[-1])


def _may_end_signature(line: str) -> bool:
    if marks().particulars.search(line):
        return len(line) <= 150
    return len(line) <= 75 and not line.endswith(("?", "!", ":", ".")) and not line[0].islower()
