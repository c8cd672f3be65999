"""What the sender newly wrote: without quotes, forwarded mail, notices, signature and what stands below it.

Knows the marks of Outlook, Lotus Notes, Gmail, Apple Mail, Thunderbird, Zoho and of plain ">" quoting in the
languages of `ackd.text.languages`, and by structure in others. Time is linear in the text's length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ackd.text.html import to_text
from ackd.text.marks import LONGEST_MARK, marks
from ackd.text.quotes import QUOTE, end_of_new
from ackd.text.signatures import without_signature
from ackd.text.tokens import plain

_MOST_LINES = 3000
_LONGEST = 60_000  # characters that are looked at; new text stands at the top
_NOISE = re.compile(
    r"^\s*(?:[-_=*~#.?]{3,}|\?+|<<.{1,200}>>|\[(?:image|cid:).{0,200}\]|<embedded .{1,100}>"
    r"|please respond to \S+|\(see attached file: .{1,200}\)"
    r"|-\s.{1,100}\.(?:docx?|xlsx?|pdf|pptx?|zip|txt|wpd|rtf|jpe?g|gif|png|htm|tif)(?:\s.{0,100})?)\s*$",
    re.IGNORECASE,
)
_MOST_NOTICES = 4  # paragraphs
_LONGEST_NOTICE = 1500  # characters of one
_ENDS = re.compile(r"[.!?:\])*]\s*$")
_SENTENCE = re.compile(r"[^.!?]+[.!?]?")
_CAPITALS = re.compile(r"^\W{0,6}[^\W\d_a-z]{4,}(?:\s[^\W\d_a-z]{2,}){0,5}\b")


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
    parts = _parts(text, html)
    return Written(_joined(_unsigned(parts)), _joined([line for part in parts for line in part]))


def _parts(text: str, html: str | None) -> list[list[str]]:
    """The lines of the sender's own, apart where quoted ones stand between them."""
    source = to_text(html, marks_quotes=True) if html and "<" in html else ""
    if not source.strip():
        source = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = source[:_LONGEST].split("\n", _MOST_LINES)[:_MOST_LINES]
    plains = [plain(line[:LONGEST_MARK]) for line in lines]
    end = end_of_new(lines, plains)
    parts: list[list[str]] = [[]]
    for line in lines[:end]:
        if QUOTE.match(line):
            parts.append([])
        elif len(line) > LONGEST_MARK or not _NOISE.match(line):
            parts[-1].append(line)
    parts[0] = _without_notices(parts[0])
    return parts


def _unsigned(parts: list[list[str]]) -> list[str]:
    """The lines of what stands above, between and below quotes, without the signature: below the last of
    them, or, where nothing but a footer follows, of the one above it."""
    parts = [part for part in parts if any(line.strip() for line in part)]
    while parts:
        parts[-1] = without_signature(parts[-1], below_quote=len(parts) > 1)
        if any(line.strip() for line in parts[-1]):
            break
        parts.pop()
    above = [without_signature(part, last=False) for part in parts[:-1]]
    return [line for part in [*above, *parts[-1:]] for line in part]


def _joined(lines: list[str]) -> str:
    kept = (line.rstrip() if line.strip("- ") else "" for line in lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


# --- notices at the top -------------------------------------------------------------------------------


def _without_notices(lines: list[str]) -> list[str]:
    """The lines without a mail system's notices at their top (warnings of mail from outside, legal notices),
    unless nothing would be left. They order ("do not click links"), but nobody wrote them to the reader."""
    start, in_notice = 0, False
    for _ in range(_MOST_NOTICES):
        while start < len(lines) and not lines[start].strip():
            start += 1
        end = _end_of_notice(lines, start, in_notice)
        if end == start or not any(line.strip() for line in lines[end:]):
            break
        start, in_notice = end, True
    return lines[start:]


def _end_of_notice(lines: list[str], start: int, in_notice: bool) -> int:
    """Where the notice ends that begins at that line; the same line: there is none."""
    end, length = start, 0
    while end < len(lines) and lines[end].strip() and length <= _LONGEST_NOTICE:
        if end > start and marks().greeting.match(plain(lines[end][:LONGEST_MARK])):
            break
        length += len(lines[end])
        end += 1
    text = " ".join(line.strip() for line in lines[start:end])[:_LONGEST_NOTICE]
    if not text or not _is_notice(text, in_notice):
        alone = end - start > 1 and _is_notice(lines[start].strip(), in_notice)
        return start + 1 if alone else start
    while end - start > 1 and _is_own(lines[start : end - 1], lines[end - 1]):
        end -= 1
    return end


def _is_own(notice: list[str], line: str) -> bool:
    """Whether a line right below a notice is no longer its: the notice is whole and the line warns of
    nothing."""
    whole = _ENDS.search(notice[-1]) is not None or len(notice[-1]) < 50 or line.lstrip()[:1].isupper()
    return whole and marks().caution.search(plain(line)) is None


def _is_notice(text: str, in_notice: bool) -> bool:
    said = plain(text)
    asked = [sentence for sentence in _SENTENCE.findall(said) if sentence.endswith("?")]
    if not all(map(marks().caution.search, asked)):
        return False
    cautions = set(marks().caution.findall(said))
    if begun := marks().banner.match(said):
        whole = len(begun[0].split()) > 2 or len(said.split()) < 4
        return len(cautions) > (0 if whole else 1)
    if marks().disclaimer.match(said):
        return len(cautions) > 1
    return len(cautions) > 2 and (in_notice or _CAPITALS.match(text) is not None)
