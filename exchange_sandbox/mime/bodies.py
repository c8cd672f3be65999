"""Bodies: text to HTML, HTML to text, and the part of a body that is new in its conversation."""

from __future__ import annotations

import html
import re

from lxml import etree
from lxml import html as lxml_html

from exchange_sandbox.store.schema import BodyType

_BLOCKS = frozenset(
    (  # noqa: SIM905 - names read best as a text
        "address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 "
        "h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul"
    ).split()
)
_APART = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "pre"]
)  # with an empty line around
_SILENT = frozenset(["head", "script", "style", "title", "template", "noscript"])
_SPACE = re.compile(r"[ \t\r\n\f]+")
_QUOTE_STARTS = re.compile(
    r"^(?:-{3,}\s?(?:original message|forwarded (?:message|by)\b).*|_{20,}\s*|from:\s.*"
    r"|on .{4,200} wrote:\s*)$",
    re.IGNORECASE,
)


def text_to_html(text: str) -> str:
    """Plain text as an HTML document that looks the same."""
    lines = html.escape(text, quote=False).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = "<br>\r\n".join(line.replace("  ", "&nbsp; ").replace("\t", "&nbsp; &nbsp; ") for line in lines)
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>\r\n'
        f'<body>\r\n<div class="PlainText">{shown}</div>\r\n</body></html>\r\n'
    )


def html_to_text(document: str) -> str:
    """What a reader of the HTML sees, as text; links are followed by their address in <>."""
    try:
        root = lxml_html.document_fromstring(document.encode("utf-8", "replace"), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    page = _Page()
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and (silent or name in _SILENT):
            silent += 1
        elif event == "start":
            page.open(name)
            page.add(element.text)
        elif event == "end" and silent:
            silent -= 1
        elif event == "end":
            page.close(name, element.get("href") or "")
        if event != "start" and not silent:
            page.add(element.tail)
    return page.text()


def _parser() -> lxml_html.HTMLParser:
    return lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)


class _Page:
    """Collects text as it would be laid out."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._preformatted = 0
        self._links: list[int] = []

    def open(self, name: str) -> None:
        if name in _BLOCKS:
            self._end_line(apart=name in _APART)
        if name == "br":
            self._lines.append(self._take())
        elif name == "li":
            self._line.append("* ")
        elif name == "pre":
            self._preformatted += 1
        elif name == "a":
            self._links.append(len(self._line))

    def close(self, name: str, href: str) -> None:
        if name in _BLOCKS:
            self._end_line(apart=name in _APART)
        if name == "pre":
            self._preformatted -= 1
        elif name in ("td", "th"):
            self._line.append("\t")
        elif name == "a" and self._links:
            shown = "".join(self._line[self._links.pop() :]).strip()
            if href.startswith(("http://", "https://")) and href.rstrip("/") != shown.rstrip("/"):
                self._line.append(f"<{href}>")

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self._preformatted:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self._line.append(first)
            for line in rest:
                self._lines.append(self._take(strip=False))
                self._line.append(line)
            return
        text = _SPACE.sub(" ", text)
        if not self._line or self._line[-1].endswith((" ", "\t")):
            text = text.lstrip(" ")
        if text:
            self._line.append(text)

    def _take(self, *, strip: bool = True) -> str:
        line = "".join(self._line).replace("\xa0", " ")
        self._line.clear()
        self._links.clear()
        return line.strip() if strip else line.rstrip()

    def _end_line(self, *, apart: bool) -> None:
        if any(part.strip() for part in self._line):
            self._lines.append(self._take(strip=not self._preformatted))
        self._line.clear()
        self._links.clear()
        if apart and self._lines and self._lines[-1]:
            self._lines.append("")

    def text(self) -> str:
        self._end_line(apart=False)
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "\r\n".join(self._lines) + ("\r\n" if self._lines else "")


# where none of these is, nothing runs: then the document needn't be read
_MAY_RUN = re.compile(
    r"script|\bon\w+\s*=|&(?:#|tab|newline|colon)|<\s*(?:i?frame|object|embed|applet|form|base|link)",
    re.IGNORECASE,
)
_RUNNING = ("script", "iframe", "frame", "frameset", "object", "embed", "applet")


def without_what_runs(document: str) -> str:
    """An HTML document without scripts, handlers, frames and forms; one that has none as it is."""
    if not _MAY_RUN.search(document):
        return document
    try:
        root = lxml_html.document_fromstring(document.encode("utf-8", "replace"), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    etree.strip_elements(root, *_RUNNING, with_tail=False)
    etree.strip_tags(root, "form", "base", "link")
    for element in root.iter(etree.Element):
        for key, given in list(element.attrib.items()):
            name, value = str(key), str(given)
            if name.lower().startswith("on") or "".join(value.split()).lower().startswith("javascript:"):
                del element.attrib[key]
    return str(lxml_html.tostring(root, encoding="unicode"))


def unique_text(text: str) -> str:
    """The part of a text that stands above the quoted mail."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if _QUOTE_STARTS.match(line[:300]):
            break
        kept.append(line)
    while kept and (not kept[-1].strip() or kept[-1].startswith(">")):
        kept.pop()
    return "\r\n".join(kept) + ("\r\n" if kept else "")


def converted(body: dict[str, str], wanted: str) -> dict[str, str]:
    """A body as ``wanted``: a BodyType, or ``best``, which is as it was written."""
    if wanted in ("best", body["type"]):
        return body
    if wanted == BodyType.HTML:
        return {"type": BodyType.HTML, "text": text_to_html(body["text"])}
    return {"type": BodyType.TEXT, "text": html_to_text(body["text"])}
