"""What the sender newly wrote: without quotes, forwarded mail, signature and disclaimer.

Knows the marks of Outlook, Lotus Notes, Gmail, Apple Mail, Thunderbird and of plain ">" quoting
in the languages of `ackd.text.languages`. Time is linear in the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ackd.text.html import to_text
from ackd.text.languages import every_line, languages
from ackd.text.phrases import expanded
from ackd.text.tokens import plain

_LONGEST_MARK = 400  # characters of a line in which marks are looked for
_MOST_LINES = 3000
_LONGEST = 60_000  # characters that are looked at; new text stands at the top
_LONGEST_SIGNATURE = 20  # lines
_QUOTE = re.compile(r"^\s{0,3}(?:>|\|\s|[A-Z]{1,3}>)")
_RULE = re.compile(r"^\s*[-_=*]{5,}\s*$")
_MOMENT = re.compile(
    r"\b\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b.{0,12}?\b\d{1,2}[:.]\d{2}|\b\d{1,2}:\d{2}(?::\d{2})?\s?[AP]M\b",
    re.IGNORECASE,
)
_NOTES_NAME = re.compile(
    r"^\s*\"?[\w.,'\" ()-]{2,50}[@/]\s?[\w/ @_&.-]{2,60}$|^\s*\"?[^\"<>]{2,60}\"?\s*<[^<>\s]+@[^<>\s]+>"
)
_NOISE = re.compile(
    r"^\s*(?:[-_=*~#.?]{3,}|\?+|<<.{1,200}>>|\[(?:image|cid:).{0,200}\]|<embedded .{1,100}>"
    r"|please respond to \S+|\(see attached file: .{1,200}\)"
    r"|-\s.{1,100}\.(?:docx?|xlsx?|pdf|pptx?|zip|txt|wpd|rtf|jpe?g|gif|png|htm|tif)(?:\s.{0,100})?)\s*$",
    re.IGNORECASE,
)
_PARTICULARS = (  # besides the words before them
    r"\+?\(?\d{2,4}\)?[\s./-]\d{3}"
    r"|\b(?:inc|corp|llc|llp|ltd|gmbh|b\.?v|s\.?a|n\.?v)\b\.?$|^\S+@\S+$|^https?://|^www\."
)
_ASKS = re.compile(r"\?(?:[\s\"')]|$)")
_ADDRESS_LINE = re.compile(r"@|/|;|,|<")


@dataclass(frozen=True, slots=True)
class _Marks:
    header: re.Pattern[str]  # a line of a quoted header block
    sender: re.Pattern[str]
    recipient: re.Pattern[str]
    wrote: re.Pattern[str]
    wrote_long: re.Pattern[str]  # those that know how the line begins, so that it may be wrapped
    forwarded: re.Pattern[str]
    footer: re.Pattern[str]
    disclaimer: re.Pattern[str]
    particulars: re.Pattern[str]  # telephone numbers, addresses, companies
    closing: frozenset[str]


@lru_cache(maxsize=1)
def _marks() -> _Marks:
    def marks(section: str) -> set[str]:
        return set(map(plain, every_line(section, "mail")))

    def line(words: set[str]) -> re.Pattern[str]:
        return re.compile(
            r"^[\s*>]{0,12}(?:" + "|".join(sorted(map(re.escape, words), reverse=True)) + r")\s?:"
        )

    def start(texts: set[str]) -> re.Pattern[str]:
        return re.compile(
            r"^[\s*_#\[(<]{0,8}(?:" + "|".join(sorted(map(re.escape, texts), reverse=True)) + ")"
        )

    def introduction(patterns: Iterable[str]) -> re.Pattern[str]:
        return re.compile(r"^\s*(?:" + "|".join(patterns) + r")\s*$")

    def column(*places: int) -> set[str]:
        each = (language.lines("headers", "mail") for language in languages().values())
        return {plain(names[place]) for names in each for place in places if place < len(names)}

    wrote = every_line("wrote", "mail")

    return _Marks(
        header=line(marks("headers")),
        sender=line(column(0)),
        recipient=line(column(3)),
        wrote=introduction(wrote),
        wrote_long=introduction([one for one in wrote if not one.startswith(".")]),
        forwarded=start(marks("forwarded")),
        footer=start(marks("footers")),
        disclaimer=start(marks("disclaimers")),
        particulars=_particulars(),
        closing=_closings(),
    )


def _particulars() -> re.Pattern[str]:
    named = "|".join(map(re.escape, every_line("particulars", "mail")))
    return re.compile(rf"\b(?:{named})\b\s?\.?:?|{_PARTICULARS}", re.IGNORECASE)


def _closings() -> frozenset[str]:
    lines = every_line("closing", "phrases")
    return frozenset(" ".join(said) for line in lines for said in expanded(line))


@dataclass(frozen=True, slots=True)
class Written:
    """What the sender newly wrote: `new` without signature and footer, `whole` with them."""

    new: str = ""
    whole: str = ""


def new_text(text: str, html: str | None) -> str:
    """The newly written text, from the HTML where there is some (its markup tells quotes more
    surely), else from the plain text."""
    return written(text, html).new


def written(text: str, html: str | None) -> Written:
    """The same, and what stands below it of the sender's own, in one go."""
    source = ""
    if html and "<" in html:
        source = to_text(html)
    found = _from_text(source[:_LONGEST]) if source.strip() else Written()
    if not found.new and text.strip() and not source.strip():
        found = _from_text(text.replace("\r\n", "\n").replace("\r", "\n")[:_LONGEST])
    return found


def _from_text(text: str) -> Written:
    lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
    plain_lines = [plain(line[:_LONGEST_MARK]) for line in lines]
    end = _end_of_new(lines, plain_lines)
    kept = [line for line in lines[:end] if not _QUOTE.match(line)]
    kept = [line for line in kept if len(line) > _LONGEST_MARK or not _NOISE.match(line)]
    return Written(_joined(_without_signature(kept)), _joined(kept))


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _end_of_new(lines: list[str], plains: list[str]) -> int:
    """The line at which quoted or forwarded mail begins and nothing new follows."""
    marks = _marks()
    for index, line in enumerate(plains):
        if not line or line.isspace():
            continue
        if _is_forward(line, marks):
            return index
        if ":" not in line:
            continue
        span = _wrote_span(plains, index, marks) if line.rstrip().endswith(":") else 0
        if span and not _quoted_below(lines, index):
            return index - span + 1
        if span:
            lines[index - span + 1 : index + 1] = [">"] * span
        elif marks.header.match(line) and _is_header_block(plains, index, marks):
            return _start_of_block(lines, plains, index, marks)
    return len(lines)


def _is_forward(line: str, marks: _Marks) -> bool:
    """Whether the line is such as "---- Forwarded by …" or "Begin forwarded message:"."""
    stripped = line.strip()
    if not stripped.startswith("--") and not stripped.endswith(":"):
        return False
    return marks.forwarded.match(stripped.lstrip("- ")) is not None


def _wrote_span(plains: list[str], index: int, marks: _Marks) -> int:
    """Over how many lines an introduction such as "On … wrote:" reaches that ends here; 0: none."""
    joined = ""
    for span in (1, 2, 3):
        if index - span + 1 < 0:
            break
        joined = (plains[index - span + 1].strip() + " " + joined).strip()
        if len(joined) > 500:
            break
        if marks.wrote_long.match(joined):
            return span
    return 1 if marks.wrote.match(plains[index]) else 0


def _quoted_below(lines: list[str], index: int) -> bool:
    """Whether the quote below is marked line by line, so that answers may stand between."""
    below = [line for line in lines[index + 1 : index + 4] if line.strip()]
    return bool(below) and _QUOTE.match(below[0]) is not None


def _is_header_block(plains: list[str], index: int, marks: _Marks) -> bool:
    """Whether a line such as "To:" or "From:" begins the header of a quoted mail: two or more
    different header lines stand within the next ones (address lists may be long)."""
    seen: set[str] = set()
    limit = 6 if not marks.recipient.match(plains[index]) else 40
    others = 0
    for line in plains[index : index + limit]:
        if marks.header.match(line):
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
    return marks.sender.match(plains[index]) is not None and _MOMENT.search(plains[index]) is not None


def _start_of_block(lines: list[str], plains: list[str], index: int, marks: _Marks) -> int:
    """Where the header block really begins: Lotus puts the sender's name and the moment on lines
    of their own above it."""
    start = top = index
    for at in range(index - 1, max(-1, index - 9), -1):
        line = lines[at]
        if not line.strip():
            continue
        is_header = marks.header.match(plains[at]) or _RULE.match(line) or _is_notes(line)
        if not is_header and not (start < top and _is_name(line) and _is_near_moment(lines, at)):
            break
        start = at
    return start


def _is_notes(line: str) -> bool:
    """Whether the line is of a Lotus Notes header: a name with its organisation, a moment, or an
    indented name of a company."""
    line = line[:_LONGEST_MARK]
    if _MOMENT.search(line) or _NOTES_NAME.match(line):
        return True
    return line.startswith("\t") and len(line.strip()) < 60 and not line.rstrip().endswith((".", "?", "!"))


def _is_name(line: str) -> bool:
    stripped = line.strip()
    return (
        len(stripped) < 50 and len(stripped.split()) <= 6 and not stripped.endswith((".", "?", "!", ",", ":"))
    )


def _is_near_moment(lines: list[str], at: int) -> bool:
    return any(_MOMENT.search(line) for line in lines[at + 1 : at + 4])


def _without_signature(lines: list[str]) -> list[str]:
    marks = _marks()
    for index, line in enumerate(lines):
        stripped = line.strip()
        if not stripped:
            continue
        lowered = plain(stripped[:_LONGEST_MARK])
        if (
            line.rstrip("\r") in ("--", "-- ", "—")
            or marks.footer.match(lowered)
            or marks.disclaimer.match(lowered)
        ):
            return lines[: _before_particulars(lines[:index])]
        if index and lowered.rstrip(" ,.!-") in marks.closing and _is_signature(lines[index + 1 :]):
            return lines[: index + 1]
    return lines[: _before_particulars(lines)]


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
    return _marks().particulars.search(line[:_LONGEST_MARK]) is not None


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
    return not line.endswith((".", ":", "!")) or _marks().particulars.search(line) is not None


def _is_bare_name(block: list[str]) -> bool:
    return len(block) == 1 and len(block[0].split()) <= 4 and _may_sign(block[0])


def _is_signature(lines: list[str]) -> bool:
    """Whether what stands below a closing is but a name and its particulars."""
    below = [line.strip() for line in lines if line.strip()]
    if len(below) > 12:
        return any(_marks().disclaimer.match(plain(line)) for line in below[:12])
    return all(len(line) < 75 and "?" not in line and not re.match(r"(?i)p\.?\s?s\b", line) for line in below)
