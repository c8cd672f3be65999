"""PyYAML's errors in words that help. Nothing of the file is shown: it may be a secret."""

from __future__ import annotations

import re

import yaml

from ackd.config.problems import Problem

_TAB = "a tab: YAML is indented with spaces"
_NBSP = "a no-break space: YAML is indented with plain spaces"
_ALIAS = "a text that begins with `*` or `&` needs quotes"

_WORDS = (
    # what PyYAML says (its context, a space, its problem) → what it means to the one who wrote the file
    (r"while scanning an (alias|anchor)", _ALIAS),
    (r"cannot start any token", "a text that begins with this sign needs quotes"),
    (
        r"mapping values are not allowed",
        "a `:` too many, or the line is indented wrongly: a text with `: ` in it needs quotes",
    ),
    (r"sequence entries are not allowed", "a list entry (`- `) can't stand here: begin a new line for it"),
    (r"unexpected end of stream", "a quote is opened here and never closed"),
    (
        r"unknown escape character",
        "in \"…\" a backslash begins an escape: write '…' around a text with backslashes",
    ),
    (
        r"(flow sequence|flow mapping).*expected ',' or",
        "a `[` or `{` isn't closed, a comma is missing, or a text with one of ?[]{}, in it needs quotes",
    ),
    (r"expected <block end>", "the line is indented wrongly, or something stands after the value"),
    (r"could not find expected ':'", "here a `key: value` is expected: is the `: ` missing?"),
    (r"expected the node content", "a value is expected here"),
    (r"another document", "`---`: a second document begins; a configuration is one document"),
    (r"incompatible YAML document|%YAML|directive", "the `%` directive can't be used here"),
    (
        r"undefined tag handle|while (scanning|parsing) a tag",
        "tags (`!`) aren't supported; a text that begins with `!` needs quotes",
    ),
    (r"expected '<document start>'", "something stands before or after the map that makes the configuration"),
    (r"block scalar", "after `|` or `>` the text begins on the next line"),
    (r"double-quoted scalar|quoted scalar", "this quoted text is broken: is a quote or an escape wrong?"),
)


def explain(error: Exception, text: str, reached: yaml.Mark | None) -> Problem:
    """The problem that an error of PyYAML's stands for."""
    if isinstance(error, yaml.reader.ReaderError):
        return _bad_character(error, text)
    mark = getattr(error, "problem_mark", None) or reached
    said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    begun = getattr(error, "context_mark", None)
    if begun is not None and re.search(r"unexpected end of stream|could not find expected ':'", said):
        line, column = begun.line, begun.column  # where it begins, not where it can't go on
    return _at_hidden_space(text, line) or Problem(line + 1, column + 1, _words(said))


def _words(said: str) -> str:
    words = next(
        (words for form, words in _WORDS if re.search(form, said)), "a number or escape here is out of range"
    )
    return f"this is no valid YAML: {words}"


def _at_hidden_space(text: str, line: int) -> Problem | None:
    """The tab or no-break space that the line begins with, or that follows a key. A no-break space
    is looked for further up, too: YAML takes it for a letter, and stumbles later."""
    lines = text.splitlines()[: line + 1]
    for number, before in enumerate(lines):
        if before.lstrip(" ").startswith("\u00a0"):
            return Problem(number + 1, before.index("\u00a0") + 1, _NBSP)
    if line >= len(lines):
        return None
    form = re.match(r"([ ]*|[^#'\"\t\u00a0]*[:-][ ]*)([\t\u00a0])", lines[line])
    return Problem(line + 1, form.start(2) + 1, _TAB if form[2] == "\t" else _NBSP) if form else None


def _bad_character(error: yaml.reader.ReaderError, text: str) -> Problem:
    before = text[: error.position]
    line_start = before.rfind("\n") + 1
    code = error.character if isinstance(error.character, int) else ord(error.character)
    what = f'the character U+{code:04X} isn\'t allowed in YAML: remove it, or write an escape in "…"'
    return Problem(before.count("\n") + 1, len(before) - line_start + 1, what)
