"""A configuration of one's own, written out: what is set, and beside it every key that could be, as a
comment with its meaning and default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_origin

from pydantic.fields import FieldInfo

from ackd.config.example import comment, shown_value, words_of
from ackd.config.schema import Config, Section
from ackd.config.schema_help import fields_of, section_of
from ackd.config.serialize import flow, plain

_HEAD = """\
# ackd's configuration, written by `ackd init`. A line such as `#poll: 60 s`, without a space after
# the `#`, is a default: take away the `#` to change it. `ackd config check` checks this file,
# docs/configuration.md explains it all; the running service takes up a change by itself.
"""


def written(values: Mapping[str, Any]) -> str:
    """The file's text; `values` are plain data by dotted keys such as "mailbox.address"."""
    return "\n".join([_HEAD.rstrip("\n"), *_section(Config, "", "", values)]) + "\n"


def _section(section: type[Section], indent: str, before: str, values: Mapping[str, Any]) -> Iterator[str]:
    for key, info in fields_of(section).items():
        dotted = f"{before}{key}"
        below = section_of(info)
        opens = below is not None and not before
        if opens or not before:
            yield ""
        yield from comment(words_of(info, opens=opens), indent)
        if opens and below is not None and get_origin(info.annotation) is not tuple:
            yield f"{indent}{key}:"
            yield from _section(below, f"{indent}  ", f"{dotted}.", values)
        elif dotted in values:
            yield f"{indent}{key}: {flow(values[dotted])}"
        elif opens:
            yield f"{indent}#{key}:"
            yield from (f"{indent}#  - {flow(entry)}" for entry in shown_value(info))
        else:
            yield f"{indent}#{key}: {flow(_default(info))}"


def _default(info: FieldInfo) -> Any:
    """What the commented line says: the default, or an example where that has no form."""
    if info.default_factory is not None or (info.default is None and info.examples):
        return shown_value(info)
    return plain(info.default)
