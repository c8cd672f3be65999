"""One template: checked before it runs, bounded when it does.

A template is text with a first line "Subject: …". Its language is Jinja2's, less everything that
could loop, grow, call or look into an object: what remains are the values, a few filters, `if`,
and comparisons. So the work is linear in the template's length, whoever wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import escape

from ackd.letters.template_values import VARIABLES

LONGEST = 20_000  # characters of a template
_DEEPEST = 40  # levels of `if`, filters and brackets
_TOO_DEEP = "it is nested too deeply"
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.Name, nodes.Const,
    nodes.Filter, nodes.Keyword, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat,
)  # fmt: skip
_FILTERS = frozenset(("capitalize", "d", "default", "e", "escape", "lower", "title", "trim", "upper"))
_SUBJECT = re.compile(r"Subject:[ \t]*(\S.*)(?:\n|$)")
_MANY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


class TemplateProblem(Exception):
    """A template can't be used; the message gives line, reason and remedy."""


@cache
def _environment(*, html: bool) -> SandboxedEnvironment:
    return SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True, cache_size=0
    )


def problems(source: str, *, html: bool = False) -> tuple[str, ...]:
    """Everything that keeps a template from being used; empty if it is good."""
    try:
        every = _all_nodes(_parsed(source, html=html))
    except TemplateProblem as broken:
        return (str(broken),)
    found = [problem for node in every if (problem := _problem(node, html=html))]
    if not html and not _SUBJECT.match(source):
        found.append('line 1: the first line must be "Subject: " and the subject')
    return tuple(dict.fromkeys(found))


def run(source: str, values: Mapping[str, object], *, html: bool = False) -> str:
    """Render a text template as it is, or (`html`) with values and literal text escaped.

    Raises TemplateProblem if the template is no good or fails.
    """
    return _rendered(_ready(source, html=html, words=True), values)


def run_html(source: str, values: Mapping[str, object]) -> str:
    """Render a template that is HTML itself; values are escaped, `content` is the letter's text
    as paragraphs. Raises TemplateProblem."""
    return _rendered(_ready(source, html=True, words=False), values)


def split(rendered: str) -> tuple[str, str]:
    """Subject and body of a rendered text template. Raises TemplateProblem without either."""
    text = rendered.replace("\r\n", "\n")
    head = _SUBJECT.match(text)
    body = _MANY_LINES.sub("\n\n", text[head.end() :]).strip() if head else ""
    if head is None or not body:
        raise TemplateProblem("the letter came out without a subject or without a text")
    return head[1].strip(), body


@lru_cache(maxsize=256)
def _ready(source: str, *, html: bool, words: bool) -> Template:
    """A template that was found good, compiled; of `words` for HTML the literal text is escaped."""
    if found := problems(source, html=not words):
        raise TemplateProblem("; ".join(found))
    environment, tree = _environment(html=html), _parsed(source, html=html)
    if html and words:
        for data in tree.find_all(nodes.TemplateData):
            data.data = str(escape(data.data))
    try:
        code = environment.compile(tree)
    except (TemplateError, TypeError, ValueError, RecursionError) as error:
        raise TemplateProblem(f"it can't be compiled: {error}") from None
    return environment.template_class.from_code(environment, code, environment.globals)


def _rendered(ready: Template, values: Mapping[str, object]) -> str:
    try:
        return ready.render(values)
    except (TemplateError, TypeError, ValueError, RecursionError) as error:
        raise TemplateProblem(f"it fails: {error}") from None


def _parsed(source: str, *, html: bool) -> nodes.Template:
    if len(source) > LONGEST:
        raise TemplateProblem(f"it is longer than {LONGEST:,} characters")
    try:
        return _environment(html=html).parse(source)
    except TemplateSyntaxError as error:
        raise TemplateProblem(f"line {error.lineno}: {error.message}") from None
    except RecursionError:
        raise TemplateProblem(_TOO_DEEP) from None


def _all_nodes(tree: nodes.Template) -> list[nodes.Node]:
    """Every node, level by level: a chain of filters may be thousands deep."""
    found: list[nodes.Node] = []
    level: list[nodes.Node] = [tree]
    for _ in range(_DEEPEST):
        found += level
        level = [child for node in level for child in node.iter_child_nodes()]
    if level:
        raise TemplateProblem(_TOO_DEEP)
    return found


def _problem(node: nodes.Node, *, html: bool) -> str | None:
    values = {*VARIABLES, "content", "letter_language"} if html else set(VARIABLES)
    if isinstance(node, nodes.Name) and node.name not in values:
        return f"line {node.lineno}: {node.name!r} is not a value of letters (known: {', '.join(VARIABLES)})"
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        known = ", ".join(sorted(_FILTERS))
        return f"line {node.lineno}: the filter {node.name!r} is not allowed (allowed: {known})"
    if not isinstance(node, _ALLOWED):
        return f"line {node.lineno}: {type(node).__name__.lower()!r} is not allowed in a letter"
    return None
