"""The text of an HTML mail, without what its markup says is quoted, signed or hidden.

Linear time on any input: one pass, no regular expression over the whole.
"""

from __future__ import annotations

import html
import re

from ackd.text.hidden import hidden_classes, is_dark, is_hidden
from ackd.text.marks import LONGEST_MARK
from ackd.text.quotes import DIVIDER, introduction_span
from ackd.text.tokens import plain

_MOST_TAGS = 15_000
_LONGEST_TEXT = 200_000
_SKIPPED = frozenset(("style", "script", "head", "title", "xml", "template", "noscript", "object"))
_BREAKS = frozenset(
    ("br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "hr", "blockquote")
)
_SPACED = frozenset(("p", "table", "ul", "ol", "h1", "h2", "h3", "h4", "hr", "blockquote"))
_VOID = frozenset(("br", "hr", "img", "meta", "link", "input", "area", "base", "col", "wbr"))
_TAG = re.compile(r"(/?)([a-zA-Z][\w:-]{0,30})")
_QUOTED = re.compile(
    r"gmail_extra|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra|ms-outlook-mobile-reference"
    r"|type=[\"']?cite|mail-editor-reference-message|reply-intro",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"gmail_signature|moz-signature|ms-outlook-mobile-signature|applemailsignature|id=[\"']?signature|x_signature",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"divrplyfwdmsg|appendonsend|olk_src_body_section|id=[\"']?mail-editor-reference|isforwardcontent",
    re.IGNORECASE,
)
#: Outlook's line above a quote; a sender may draw one as well, so the header below it decides.
_DIVIDER = re.compile(r"border:\s?none;\s?border-top:\s?solid\s#?[a-z0-9]{3,12}\s1\.0pt", re.IGNORECASE)
_CITED = re.compile(
    r"type=[\"']?cite|\scite=|border-left(?:-style|-width)?:\s?(?!none|0|medium)",
    re.IGNORECASE,
)
_LONGEST_STYLE = 400  # characters of a tag in which it is looked for what hides
_MOST_SHEETS = 10
_LONGEST_INTRODUCTION = 600  # characters of markup
_CLASSES = re.compile(r"class\s*=\s*[\"']?([^\"'>]{1,200})", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^>]{0,600}>?")
_ENDS_PARAGRAPH = frozenset(("p", "div", "table", "ul", "ol", "blockquote", "hr", "body", "td", "tr"))
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u200b\u200c\ufeff]+")


class _Reader:
    """The state of one pass over the markup."""

    def __init__(self, markup: str, marks_quotes: bool) -> None:
        self.out: list[str] = []
        self.length = 0
        self.skip = ""  # the element whose content is left out
        self.depth = 0  # how many elements of its name are open inside
        self.ended = False
        self.markup = markup
        self.at = 0  # where the tag that is read ends
        self.marks_quotes = marks_quotes
        self.dark = False  # whether there is a ground on which white letters are seen
        lowered = markup.lower()
        self.hidden_classes = _hidden_classes(markup, lowered)
        self.last_quote = max(lowered.rfind("<blockquote"), lowered.rfind("gmail_attr"))

    def text(self, raw: str) -> None:
        if not self.skip and raw:
            clean = _SPACES.sub(" ", raw.replace("\n", " "))
            self.out.append(clean)
            self.length += len(clean)

    def tag(self, raw: str) -> None:
        match = _TAG.match(raw)
        if not match:
            return
        closing, name = match.group(1), match.group(2).lower()
        if self.skip:
            self._inside(closing, name)
        if not self.skip and not closing:
            self._open(name, raw[:1000])
        if not self.skip and name in _BREAKS:
            self.out.append("\n\n" if name in _SPACED else "\n")

    def _inside(self, closing: str, name: str) -> None:
        if self.skip == "p" and name in _ENDS_PARAGRAPH and (not closing or name != "p"):
            self.skip = ""  # a paragraph needs no end of its own
        elif name == self.skip:
            self.depth += -1 if closing else 1
            if self.depth <= 0:
                self.skip = ""

    def _open(self, name: str, raw: str) -> None:
        if name in _SKIPPED:
            self._leave_out(name)
        elif name == "blockquote":
            if self._is_quote(raw):
                self._quote(name)
        elif name == "hr":
            self.out.append(f"\n\n{DIVIDER}\n\n" if self.marks_quotes else "")
        elif name not in _VOID and len(raw) > len(name) + 4:
            self._open_described(name, raw)

    def _open_described(self, name: str, raw: str) -> None:
        if self._is_hidden(raw):
            self._leave_out(name)
        elif _CUT.search(raw):
            self.ended = True
        elif "gmail_quote" in _classes(raw):
            if self.last_quote < self.at and self._is_introduced():
                self._quote(name)
        elif _QUOTED.search(raw):
            self._quote(name)
        elif _SIGNED.search(raw):
            self._leave_out(name)
        elif _DIVIDER.search(raw) and self.marks_quotes:
            self.out.append(f"\n\n{DIVIDER}\n\n")

    def _is_hidden(self, raw: str) -> bool:
        if self.hidden_classes and not self.hidden_classes.isdisjoint(_classes(raw).split()):
            return True
        lowered = raw[:_LONGEST_STYLE].lower()
        if is_hidden(lowered, self.dark):
            return True
        self.dark = self.dark or is_dark(lowered)
        return False

    def _is_introduced(self) -> bool:
        """Whether the element that begins here opens with a line that introduces a quote."""
        ahead = self.markup[self.at : self.at + _LONGEST_INTRODUCTION]
        begun = html.unescape(_ANY_TAG.sub("\n", ahead)).split("\n")
        lines = [line.strip() for line in begun if line.strip()]
        return bool(lines) and _ends_introduction(lines[:3])

    def _is_quote(self, raw: str) -> bool:
        """Whether a blockquote is one: programs say so, draw a line beside it or introduce it; others are
        indents."""
        named = _classes(raw)
        if _CITED.search(raw) or ("quote" in named and "indent" not in named):
            return True
        if "margin" in raw.lower() and "border" in raw.lower():
            return False
        above = html.unescape("".join(self.out[-40:])).split("\n")
        lines = [line.strip() for line in above if line.strip()][-3:]
        if "margin-left" in raw.lower() and not (lines and lines[-1] == ">"):
            return bool(lines) and _ends_introduction(lines)
        return not lines or lines[-1] == ">" or _ends_introduction(lines)

    def _quote(self, name: str) -> None:
        if self.marks_quotes:
            self.out.append("\n\n>\n\n")
        self._leave_out(name)

    def _leave_out(self, name: str) -> None:
        self.skip, self.depth = name, 1


def _classes(raw: str) -> str:
    """The classes of a tag, in lower case."""
    found = _CLASSES.search(raw) if "class" in raw.lower() else None
    return found[1].lower() if found else ""


def _hidden_classes(markup: str, lowered: str) -> frozenset[str]:
    """The classes that the mail's style sheets hide."""
    found: frozenset[str] = frozenset()
    start = -1
    for _ in range(_MOST_SHEETS):
        start = lowered.find("<style", start + 1)
        if start < 0:
            break
        end = lowered.find("</style", start)
        found |= hidden_classes(markup[markup.find(">", start) + 1 : end if end >= 0 else len(markup)])
    return found


def _ends_introduction(lines: list[str]) -> bool:
    """Whether one of a few lines ends an introduction of a quote."""
    plains = [plain(line[:LONGEST_MARK]) for line in lines]
    return any(introduction_span(lines, plains, at) for at in range(len(lines)))


def to_text(markup: str, *, marks_quotes: bool = False) -> str:
    """The visible text that isn't marked as quoted or signature; breaks become line ends. With `marks_quotes`
    a line ">" stands where a quote is left out, and `DIVIDER` where there is a rule."""
    reader, position, size = _Reader(markup, marks_quotes), 0, len(markup)
    for _ in range(_MOST_TAGS):
        start = markup.find("<", position)
        if start < 0 or reader.ended or reader.length > _LONGEST_TEXT:
            break
        reader.text(markup[position:start])
        if markup.startswith("<!--", start):
            end = markup.find("-->", start + 4)
            position = end + 3 if end >= 0 else size
            continue
        end = markup.find(">", start)
        if end < 0:
            position = size
            break
        reader.at = end + 1
        reader.tag(markup[start + 1 : end])
        position = end + 1
    if not reader.ended and markup.find("<", position) < 0:
        reader.text(markup[position : position + _LONGEST_TEXT])
    return _tidy(html.unescape("".join(reader.out)))


def _tidy(text: str) -> str:
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
