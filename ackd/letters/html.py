"""A letter's text as HTML that Outlook's Word engine, Outlook on the web and phones show alike.

Paragraphs with inline style only (the Word engine ignores style sheets and inherits fonts
badly), and no colours, so that every reader's dark mode can choose its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

_PARAGRAPH = Markup(
    "<p style=\"margin:0 0 12pt 0;font-family:Calibri,'Segoe UI',Arial,sans-serif;font-size:11pt;"
    'word-wrap:break-word;overflow-wrap:anywhere">{}</p>'
)
#: An address, alone or in brackets behind a name.
_NAMED = re.compile(r"((?:[^@]{1,120} \()?)([^\s@<>\"'&?%()]{1,64}@[^\s@<>\"'&?%()]{1,253})(\)?)")


def rich(values: Mapping[str, str | bool]) -> dict[str, object]:
    """The values for HTML: the promised moment stands out, addresses can be clicked."""
    shown: dict[str, object] = dict(values)
    if values["due"]:
        shown["due"] = Markup("<strong>{}</strong>").format(values["due"])
    for key in ("owner_address", "contact"):
        if isinstance(named := values[key], str) and (found := _NAMED.fullmatch(named)):
            name, address, end = found.groups()
            shown[key] = Markup('{0}<a href="mailto:{1}">{1}</a>{2}').format(name, address, end)
    return shown


def content(escaped: str) -> Markup:
    """Paragraphs of text whose markup is already safe: it was rendered with autoescape."""
    safe = Markup(escaped)  # noqa: S704 - see above
    parts = (Markup("<br/>\n").join(part.split("\n")) for part in safe.split("\n\n"))
    return Markup("\n").join(_PARAGRAPH.format(part) for part in parts)
