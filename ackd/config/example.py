"""The example file: every key with its meaning, as comments and values of a YAML file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any, get_origin

from pydantic.fields import FieldInfo

from ackd.config.schema import Config, Section
from ackd.config.schema_help import allowed, fields_of, help_of, section_of
from ackd.config.serialize import flow, plain

SCHEMA_FILE = "config.schema.json"
_WIDTH = 100

_HEAD = f"""\
# yaml-language-server: $schema={SCHEMA_FILE}
#
# ackd's configuration, as `ackd config example` prints it. `ackd config check` checks yours;
# docs/configuration.md explains it all. What isn't set has its default. For editors that complete
# and check: `ackd config schema > {SCHEMA_FILE}` in the folder of this file.
"""


def example(root: type[Section] = Config, head: str = _HEAD) -> str:
    """The whole example file."""
    return "\n".join([head.rstrip("\n"), *_section(root, "", "")]) + "\n"


def shown_value(info: FieldInfo) -> Any:
    """What the example sets: an example where there is one, else the default."""
    return info.examples[0] if info.examples else plain(info.default)


def default_words(info: FieldInfo) -> str | None:
    """The default as the documentation shows it; None for a key that must be set."""
    extra = info.json_schema_extra
    if isinstance(extra, dict) and "x-default" in extra:
        return str(extra["x-default"])
    return None if info.is_required() else flow(plain(info.default))


def _section(section: type[Section], indent: str, before: str) -> Iterator[str]:
    for number, (key, info) in enumerate(fields_of(section).items()):
        below = section_of(info)
        opens = below is not None and not before
        if opens or (number and not before):
            yield ""
        yield from comment(words_of(info, opens=opens), indent)
        if below is not None and opens and get_origin(info.annotation) is not tuple:
            yield f"{indent}{key}:"
            yield from _section(below, f"{indent}  ", f"{before}{key}.")
        elif opens:
            yield f"{indent}{key}:"
            for entry in shown_value(info):
                yield from _entry(entry, f"{indent}  ")
        else:
            yield f"{indent}{key}: {flow(shown_value(info))}"


def _entry(entry: dict[str, Any], indent: str) -> Iterator[str]:
    """A map in a list, its keys on lines of their own."""
    for number, (key, value) in enumerate(entry.items()):
        yield f"{indent}{'  ' if number else '- '}{key}: {flow(value)}"


def words_of(info: FieldInfo, *, opens: bool) -> str:
    """What stands above a key: its meaning, what is allowed, its default."""
    words = [help_of(info)]
    if not opens and section_of(info) is None:
        default = default_words(info)
        words.append(f"Allowed: {allowed(info)}.")
        if default is None:
            words.append("It must be set.")
        elif default != flow(shown_value(info)):
            words.append(f"Default: {default}.")
    return " ".join(word for word in words if word)


def comment(text: str, indent: str) -> list[str]:
    """A text as lines of a YAML comment."""
    start = f"{indent}# "
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=start,
        subsequent_indent=start,
        break_long_words=False,
        break_on_hyphens=False,
    )
