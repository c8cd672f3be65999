"""Where old mail begins in a text: what mail programs put above a quote.

Two kinds: a line that introduces it ("On … wrote:"), and a header ("From: …, Sent: …, To: …, Subject: …").
In the languages that ackd reads both are told by their words, in all others by structure: a line with an
address and a moment that ends in a colon or stands between dashes; three or more lines "Label: value", of
which one has an address and one a moment. Lines of the same shape that the sender wrote himself (a trip, a
form) have neither. Time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ackd.text.marks import LONGEST_MARK, Marks, marks

QUOTE = re.compile(r"^\s{0,3}(?:>|\|\s|[A-Z]{1,3}>)")
_IN_BRACKETS = re.compile(r"<\s?(?:mailto:)?[^\s<>@]{1,64}@[^\s<>@]{1,200}>|\[mailto:[^\s\]]{1,200}\]")
_SPOKEN = re.compile("^\\s*[\"'\u00bb\u00ab\u201e\u201c\u201d\u201a\u2018\u2019]")
_LONGEST = 500  # characters of an introduction
_MOST_WORDS = 20  # of an introduction
RULE = re.compile(r"^\s*[-_=*]{5,}\s*$")
#: What `html` writes where Outlook draws its line above a quote.
DIVIDER = 32 * "_"
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)25\d\d(?!\d)|\b\d{1,2}[/.-]\d{1,2}[/.-]\d\d\b")
HOUR = re.compile(r"(?<![\d.])\d{1,2}(?:[:.h]\d{2}(?![.\d]\d)|\u6642|\uc2dc)")
ADDRESS = re.compile(r"[^\s<>:;,@]{1,64}@[^\s<>:;,@]{2,}")
_LABEL = re.compile(
    r"^[\s*>]{0,12}([^\W\d][^\n:\uff1a<>@?!]{0,30}?)\s{0,2}\*{0,2}[:\uff1a]\*{0,2}\s*(\S.*)?$"
)
_MOMENT = re.compile(
    r"\b\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b.{0,12}?\b\d{1,2}[:.]\d{2}|\b\d{1,2}:\d{2}(?::\d{2})?\s?[AP]M\b",
    re.IGNORECASE,
)
_NOTES_NAME = re.compile(
    r"^\s*\"?[\w.,'\" ()-]{2,50}[@/]\s?[\w/ @_&.-]{2,60}$|^\s*\"?[^\"<>]{2,60}\"?\s*<[^<>\s]+@[^<>\s]+>"
)
_ADDRESS_LINE = re.compile(r"@|/|;|,|<")
_MOST_LABELS = 12
_LONGEST_BLOCK = 40  # lines: lists of addresses may be long

Label = tuple[str, str]
"""The label of a line and its value, in plain form."""


# --- lines that introduce a quote -------------------------------------------------------------------


def end_of_new(lines: list[str], plains: Sequence[str]) -> int:
    """The line at which quoted or forwarded mail begins and nothing new follows. Introductions of quotes
    that are marked line by line are made quotes in `lines`."""
    words = marks()
    labels = labels_of(plains)
    for index, line in enumerate(plains):
        if not line or line.isspace():
            continue
        if _is_forward(line, words):
            return index
        span = introduction_span(lines, plains, index)
        if span and not _quoted_below(lines, index):
            return index - span + 1
        if span:
            lines[index - span + 1 : index + 1] = [">"] * span
        elif begins_block(lines, plains, labels, index):
            return start_of_block(lines, plains, index)
    return len(lines)


def _is_forward(line: str, words: Marks) -> bool:
    """Whether the line is such as "---- Forwarded by …" or "Begin forwarded message:"."""
    stripped = line.strip()
    if not stripped.startswith("--") and not stripped.endswith(":"):
        return False
    return words.forwarded.match(stripped.lstrip("- ")) is not None


def introduction_span(lines: Sequence[str], plains: Sequence[str], index: int) -> int:
    """Over how many lines an introduction such as "On … wrote:" reaches that ends here; 0: none."""
    ending = plains[index].rstrip()[-2:]
    if not ending.endswith((":", "\uff1a", ">")) and ending != "--":
        return 0
    words = marks()
    joined = ""
    for span in (1, 2, 3):
        top = index - span + 1
        if top < 0 or not plains[top].strip():
            break
        joined = (plains[top].strip() + " " + joined).strip()
        if len(joined) > _LONGEST:
            break
        known = words.wrote_long.match(joined) is not None and _is_programs(lines, top, index)
        if known or (not words.header.match(plains[index]) and _introduces(joined)):
            return span
    known = words.wrote.match(plains[index]) is not None and _is_programs(lines, index, index)
    return 1 if known else 0


def _introduces(joined: str) -> bool:
    """Whether a line is an introduction by its structure, in any language."""
    if len(joined.split()) > _MOST_WORDS or YEAR.search(joined) is None:
        return False
    if _is_dashed(joined):
        return ADDRESS.search(joined) is not None and HOUR.search(joined) is not None
    if _IN_BRACKETS.search(joined) is None:
        return False
    if joined.endswith((">", ">:")) and joined[0].isdigit():
        return True
    return joined.endswith((":", "\uff1a")) and HOUR.search(joined) is not None


def _is_dashed(line: str) -> bool:
    """Whether a line stands between dashes, as in "---- Original message ----"."""
    line = line.strip()
    return line.startswith("--") and line.endswith("--") and bool(line.strip("- "))


def _is_programs(lines: Sequence[str], top: int, index: int) -> bool:
    """Whether a program wrote "On … wrote:", not the sender, who goes on in quotation marks or speaks of
    somebody without a name ("On Monday the auditor wrote:")."""
    if _quoted_below(lines, index):
        return True
    said = " ".join(lines[top : index + 1])
    if ADDRESS.search(said):
        return True
    below = next((line for line in lines[index + 1 : index + 4] if line.strip()), "")
    if _SPOKEN.match(below):
        return False
    if YEAR.search(said) or HOUR.search(said):
        return True
    return sum(word[0].islower() for word in said.split()[1:]) < 3


def _quoted_below(lines: Sequence[str], index: int) -> bool:
    """Whether the quote below is marked line by line, so that answers may stand between."""
    below = [line for line in lines[index + 1 : index + 4] if line.strip()]
    return bool(below) and QUOTE.match(below[0]) is not None


# --- headers ------------------------------------------------------------------------------------------


def labels_of(plains: Sequence[str]) -> list[Label | None]:
    """The label and value of each line that has them."""
    found = (_LABEL.match(line) if ":" in line or "\uff1a" in line else None for line in plains)
    return [(one[1].strip(), one[2] or "") if one else None for one in found]


def begins_block(
    lines: Sequence[str], plains: Sequence[str], labels: Sequence[Label | None], at: int
) -> bool:
    """Whether the header of an old mail begins at that line."""
    words = marks()
    if words.header.match(plains[at]):
        if words.sender.match(plains[at]) and _above(lines, at) == DIVIDER:
            return True
        if _is_header_block(plains, at, words):
            return not _is_form(plains, labels, at, words)
    return labels[at] is not None and _is_foreign(lines, labels, at, words)


def _above(lines: Sequence[str], at: int) -> str:
    """The nearest line above that isn't empty."""
    for line in reversed(lines[max(0, at - 4) : at]):
        if line.strip():
            return line.strip()
    return ""


def _gathered(plains: Sequence[str] | None, labels: Sequence[Label | None], at: int) -> list[Label]:
    """The labels that stand together from a line on, each once; lists of addresses may go on over lines."""
    found: dict[str, str] = {}
    last, apart = "", 0
    for place in range(at, min(len(labels), at + _LONGEST_BLOCK)):
        label = labels[place]
        if label is not None:
            if label[0] in found or len(found) >= _MOST_LABELS:
                break
            last, apart = label[0], 0
            found[last] = label[1]
        elif plains is None or plains[place].strip():
            if plains is None or not ADDRESS.search(plains[place]):
                break
            found[last] += " " + plains[place]
        else:
            apart += 1
            if apart > 2:
                break
    return list(found.items())


def _is_foreign(lines: Sequence[str], labels: Sequence[Label | None], at: int, words: Marks) -> bool:
    """Whether a block tells by its structure that it is the header of a mail: who, when and to whom."""
    block = _gathered(lines, labels, at)
    if len(block) < 3 or "?" in block[0][1] or any(_is_particular(label, words) for label, _ in block):
        return False
    when = [place for place, (_, value) in enumerate(block) if YEAR.search(value)]
    exact = any(HOUR.search(block[place][1]) for place in when)
    if not when or when[0] > 3:
        return False
    with_address = [place for place, (_, value) in enumerate(block) if ADDRESS.search(value)]
    if exact and _is_ruled(_above(lines, at)) and not words.header.match(block[0][0] + ":"):
        return True
    if 0 not in (*with_address[:1], *when[:1]) or not with_address:
        return False
    return len(with_address) > 1 or (exact and len(block) > 3)


def _is_particular(label: str, words: Marks) -> bool:
    """Whether a label is of somebody's particulars ("Phone"), or too long for a header's."""
    named = words.particulars.match(label)
    return (named is not None and named.end() >= len(label)) or len(label.split()) > 3


def _is_ruled(line: str) -> bool:
    return RULE.match(line) is not None or _is_dashed(line[:LONGEST_MARK])


def _is_form(plains: Sequence[str], labels: Sequence[Label | None], at: int, words: Marks) -> bool:
    """Whether lines with such labels are the sender's own ("From: Leeds, To: Munich"): no address, and
    nothing else that only a mail has."""
    top = at
    while top and labels[top - 1] is not None and at - top < _MOST_LABELS:
        top -= 1
    block = _gathered(plains, labels, top)
    values = " ".join(value for _, value in block)
    if "@" in values or "/" in values or ";" in values or "<" in values or len(block) < 2:
        return False
    known = [words.header.match(label + ":") is not None for label, _ in block]
    last = max((place for place, one in enumerate(known) if one), default=0)
    if not all(known[: last + 1]) or words.greeting.match(_above(plains, top)):
        return True
    if any(words.subject.match(label + ":") for label, _ in block):
        return False
    above = " ".join(plains[max(0, top - 3) : top])
    return not ((YEAR.search(values) and HOUR.search(values)) or _MOMENT.search(above + values))


def _is_header_block(plains: Sequence[str], index: int, words: Marks) -> bool:
    """Whether a line such as "To:" or "From:" begins the header of a quoted mail: two or more
    different header lines stand within the next ones (address lists may be long)."""
    seen: set[str] = set()
    limit = 6 if not words.recipient.match(plains[index]) else 40
    others = 0
    for line in plains[index : index + limit]:
        if words.header.match(line):
            name = line.strip().partition(":")[0]
            if name in seen:
                break
            seen.add(name)
            others = 0
            if len(seen) > 1:
                return True
        elif line.strip() and not _ADDRESS_LINE.search(line):
            others += 1
            if others > 3:
                break
    return words.sender.match(plains[index]) is not None and _MOMENT.search(plains[index]) is not None


def start_of_block(lines: Sequence[str], plains: Sequence[str], index: int) -> int:
    """Where the header block really begins: Lotus puts the sender's name and the moment on lines
    of their own above it."""
    words = marks()
    start = top = index
    for at in range(index - 1, max(-1, index - 9), -1):
        line = lines[at]
        if not line.strip():
            continue
        is_header = words.header.match(plains[at]) or _is_ruled(line) or _is_notes(line)
        if not is_header and not (start < top and _is_name(line) and _is_near_moment(lines, at)):
            break
        start = at
    return start


def _is_notes(line: str) -> bool:
    """Whether the line is of a Lotus Notes header: a name with its organisation, a moment, or an
    indented name of a company."""
    line = line[:LONGEST_MARK]
    if _MOMENT.search(line) or _NOTES_NAME.match(line):
        return True
    return line.startswith("\t") and len(line.strip()) < 60 and not line.rstrip().endswith((".", "?", "!"))


def _is_name(line: str) -> bool:
    stripped = line.strip()
    return (
        len(stripped) < 50 and len(stripped.split()) <= 6 and not stripped.endswith((".", "?", "!", ",", ":"))
    )


def _is_near_moment(lines: Sequence[str], at: int) -> bool:
    return any(_MOMENT.search(line) for line in lines[at + 1 : at + 4])
