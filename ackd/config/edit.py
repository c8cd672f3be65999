"""A rule of the owner's put into the configuration's text: all else stays as it was written, byte for byte.

The place is found by the positions of YAML's nodes, and what was made is read again: it must hold the rule,
and nothing else may be other than before. (`ruamel.yaml` writes the whole document anew, and so 49 lines of
our own example otherwise.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from ackd.config.addresses import read_address, read_glob
from ackd.config.problems import Broken
from ackd.config.serialize import flow
from ackd.config.value_error import Wrong, shown
from ackd.config.yaml_document import Data, compose, parse
from ackd.errors import ConfigError, UsageError
from ackd.model import Always

_RULES = "rules"
#: Of what `always` takes: all that is at all a request, and no thanks.
ALWAYS_THRESHOLD = 0.3
_OURS = {"acknowledge", "threshold"}
Map = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edited:
    """A text with the rule in it, the rule's name, and its line from 1. `is_new` is False where the text had
    it already: then nothing is changed."""

    text: str
    name: str
    line: int
    is_new: bool


def with_sender_rule(text: str, address: str, wanted: Always, *, globs: bool = True) -> Edited:
    """The configuration's text with a rule that says never, or always, of a sender: at the beginning of the
    rules, for the first that matches wins; one of these that is there already is turned round in its place.

    `address` is an address or, if `globs` says so, a glob such as "*@corp.example" (a mail's sender may be
    called so, to silence everybody). Raises UsageError for anything else, Broken where the text is no YAML,
    and ConfigError where there is no safe place for the rule.
    """
    address = _checked(address, globs)
    root = compose(text)
    before = parse(text).data
    assert isinstance(before, dict)  # parse says so of anything else
    assert isinstance(root, yaml.MappingNode)
    rules = before.get(_RULES)
    rule = _rule(address, wanted)
    if rules is not None and not isinstance(rules, list):
        raise ConfigError(_UNSAFE)
    others: list[Any] = rules or []
    known = _known(others, address)
    if known is not None and others[known]["then"] == _texts(rule["then"]):
        return Edited(text, _name(others, known), _line_of(root, known), is_new=False)
    if known is not None and (turned := _turned(text, root, known, rule["then"])) is not None:
        others[known] = {**others[known], "then": _texts(rule["then"])}
        return _verified(turned, before, others, known)
    return _verified(_inserted(text, root, rule), before, [_texts(rule), *others], 0)


def _checked(address: str, globs: bool) -> str:
    address = address.strip()
    is_glob = "*" in address or "?" in address
    try:
        if address.startswith("/") or (is_glob and not globs):
            raise Wrong("this is no plain address: a rule about it is yours to write into the configuration")
        (read_glob if is_glob else read_address)(address)
    except Wrong as wrong:
        raise UsageError(
            f"{shown(address)}: {wrong.detail or 'this is no address'}; write an address such as "
            'bob@corp.example, or a glob such as "*@corp.example"'
        ) from None
    return address


def _rule(address: str, wanted: Always) -> Map:
    then: Map = {"acknowledge": wanted.value}
    if wanted is Always.ALWAYS:
        then["threshold"] = ALWAYS_THRESHOLD
    return {"name": address, "when": {"from": address}, "then": then}


def _texts(data: Any) -> Data:
    """As the reader of YAML gives it: every scalar a text."""
    if isinstance(data, dict):
        return {key: _texts(value) for key, value in data.items()}
    return str(data)


def _known(rules: list[Any], address: str) -> int | None:
    """The rule that is about this sender alone, and says of it no more than never or always; None too where
    one before it may be about the sender, for then that one wins."""
    for index, rule in enumerate(rules):
        when, then = (rule.get(key) if isinstance(rule, dict) else None for key in ("when", "then"))
        if not isinstance(when, dict) or not isinstance(then, dict):
            return None
        named = when.get("from")
        senders = [str(sender).lower() for sender in (named if isinstance(named, list) else [named])]
        if senders == [address.lower()] and len(when) == 1 and set(then) <= _OURS:
            return index
        if named is None or address.lower() in senders or any(set("*?/") & {*one} for one in senders):
            return None
    return None


def _name(rules: list[Any], index: int) -> str:
    name = rules[index].get("name")
    return name if isinstance(name, str) else f"rule {index + 1}"


# --- the places in the text ---------------------------------------------------------------------


def _value(node: yaml.Node | None, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    """A map's key and value, by the key's name."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value == name:
            return key, value
    return None


def _line_of(root: yaml.Node, index: int) -> int:
    found = _value(root, _RULES)
    assert found is not None
    return int(found[1].value[index].start_mark.line) + 1


def _turned(text: str, root: yaml.Node, index: int, then: Map) -> str | None:
    """With another `then` of a rule; None where it isn't written on one line, in braces."""
    found = _value(root, _RULES)
    assert found is not None
    old = _value(found[1].value[index], "then")
    if old is None or not isinstance(old[1], yaml.MappingNode) or not old[1].flow_style:
        return None
    return text[: old[1].start_mark.index] + flow(then) + text[old[1].end_mark.index :]


def _inserted(text: str, root: yaml.MappingNode, rule: Map) -> str:
    found = _value(root, _RULES)
    if found is None:
        return _with_section(text, root, rule)
    key, value = found
    if isinstance(value, yaml.SequenceNode) and value.flow_style:
        return _opened(text, value.start_mark.index, flow(rule), bool(value.value))
    if isinstance(value, yaml.SequenceNode):
        return _after_line(text, key.end_mark.index, rule, value.start_mark.column)
    if not isinstance(value, yaml.ScalarNode) or (
        value.start_mark.index == value.end_mark.index and root.flow_style
    ):
        raise ConfigError(_UNSAFE)
    if value.start_mark.index < value.end_mark.index:  # `rules: null`
        return text[: value.start_mark.index] + f"[{flow(rule)}]" + text[value.end_mark.index :]
    return _after_line(text, key.end_mark.index, rule, key.start_mark.column + 2)


def _with_section(text: str, root: yaml.MappingNode, rule: Map) -> str:
    """Where there are no rules: as the last section."""
    if root.flow_style:
        return _opened(text, root.start_mark.index, f"{_RULES}: [{flow(rule)}]", bool(root.value))
    end = root.end_mark.index if text[root.end_mark.index :].startswith(("...", "---")) else len(text)
    head = text[:end]
    line = _line_end(text)
    if not head.endswith("\n"):
        head += line
    indent = " " * root.start_mark.column
    blank = "" if head.endswith(2 * line) else line
    return f"{head}{blank}{indent}{_RULES}:{line}{_block(rule, len(indent) + 2, line)}{text[end:]}"


def _opened(text: str, at: int, entry: str, has_others: bool) -> str:
    """With an entry behind the bracket or brace at a place."""
    return text[: at + 1] + entry + (", " if has_others else "") + text[at + 1 :]


def _after_line(text: str, at: int, rule: Map, column: int) -> str:
    """With the rule below the line of a place."""
    end = text.find("\n", at) + 1
    if not end:
        return f"{text}{_line_end(text)}{_block(rule, column, _line_end(text))}"
    return text[:end] + _block(rule, column, _line_end(text)) + text[end:]


def _block(rule: Map, column: int, line: str) -> str:
    indent = " " * column
    rows = [f"{key}: {flow(value)}" for key, value in rule.items()]
    return "".join(f"{indent}{'  ' if number else '- '}{row}{line}" for number, row in enumerate(rows))


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


# --- what was made, read again ------------------------------------------------------------------

_UNSAFE = (
    "there is no safe place for a rule in this file: write it below `rules:` yourself, or mend that "
    "section first "
    "(`ackd config check`)"
)


def _verified(text: str, before: dict[str, Data], rules: list[Any], index: int) -> Edited:
    """Raises ConfigError where the text holds anything else than it should."""
    try:
        after, root = parse(text), compose(text)
    except Broken:
        raise ConfigError(_UNSAFE) from None
    if after.problems or root is None or after.data != {**before, _RULES: rules}:
        raise ConfigError(_UNSAFE)
    return Edited(text, _name(rules, index), _line_of(root, index), is_new=True)
