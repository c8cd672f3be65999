"""The text of an HTML mail, without what its markup says is quoted, signed or hidden.

Linear time on any input: one pass, no regular expression over the whole.
"""

from __future__ import annotations

import html
import re

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
    r"gmail_quote|gmail_extra|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra|ms-outlook-mobile-reference"
    r"|type=[\"']?cite|mail-editor-reference-message|x_gmail_quote|reply-intro",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"gmail_signature|moz-signature|ms-outlook-mobile-signature|applemailsignature|id=[\"']?signature|x_signature",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"divrplyfwdmsg|appendonsend|olk_src_body_section|id=[\"']?mail-editor-reference|isforwardcontent"
    r"|border-top:\s?solid\s#?[a-z0-9]{3,8}\s1\.0pt",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display:\s?none|mso-hide:\s?all|visibility:\s?hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u200b\u200c\ufeff]+")


class _Reader:
    """The state of one pass over the markup."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.length = 0
        self.skip = ""  # the element whose content is left out
        self.depth = 0  # how many elements of its name are open inside
        self.ended = False

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
        elif not closing:
            self._open(name, raw[:1000])
        if not self.skip and name in _BREAKS:
            self.out.append("\n\n" if name in _SPACED else "\n")

    def _inside(self, closing: str, name: str) -> None:
        if name == self.skip:
            self.depth += -1 if closing else 1
            if self.depth <= 0:
                self.skip = ""

    def _open(self, name: str, raw: str) -> None:
        if name in _SKIPPED or (name == "blockquote" and "margin-left" not in raw.lower()):
            self._leave_out(name)
        elif name not in _VOID and len(raw) > len(name) + 4:
            if _CUT.search(raw):
                self.ended = True
            elif _QUOTED.search(raw) or _SIGNED.search(raw) or _HIDDEN.search(raw):
                self._leave_out(name)

    def _leave_out(self, name: str) -> None:
        self.skip, self.depth = name, 1


def to_text(markup: str) -> str:
    """The visible text that isn't marked as quoted or signature; breaks become line ends."""
    reader, position, size = _Reader(), 0, len(markup)
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
        reader.tag(markup[start + 1 : end])
        position = end + 1
    if not reader.ended and markup.find("<", position) < 0:
        reader.text(markup[position : position + _LONGEST_TEXT])
    return _tidy(html.unescape("".join(reader.out)))


def _tidy(text: str) -> str:
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
