"""The configuration in force, as YAML that says where each value comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ackd.config.alarm_urls import AlarmUrl
from ackd.config.load import Loaded
from ackd.config.schema import Section
from ackd.config.secrets import Secret
from ackd.config.serialize import flow, plain_field

_COLUMN = 60  # where the comments begin, unless the value is longer


def show(loaded: Loaded) -> str:
    """Every value, with `# file` or `# default`. A secret's place is shown, never the secret."""
    lines = [f"# {loaded.path}", *_section(loaded.config, "")]
    return "\n".join(lines) + "\n"


def _section(section: Section, indent: str) -> Iterator[str]:
    for name, info in type(section).model_fields.items():
        key = info.alias or name
        value = getattr(section, name)
        origin = "file" if name in section.model_fields_set else "default"
        if isinstance(value, Section):
            yield f"{indent}{key}:"
            yield from _section(value, indent + "  ")
        elif isinstance(value, tuple) and value and isinstance(value[0], Section):
            yield f"{indent}{key}:"
            for entry in value:
                yield from _entry(entry, indent + "  ")
        else:
            value = _masked(value)
            note = f"{origin}; the secret itself isn't shown" if _hides(value) else origin
            yield f"{f'{indent}{key}: {flow(plain_field(name, value))}':<{_COLUMN}}  # {note}"


def _masked(value: Any) -> Any:
    """Addresses of alarms only as far as their scheme: they hold tokens."""
    if isinstance(value, tuple):
        return tuple(map(_masked, value))
    return value.masked if isinstance(value, AlarmUrl) else value


def _hides(value: Any) -> bool:
    values = value if isinstance(value, tuple) else (value,)
    return any(isinstance(one, Secret | AlarmUrl) for one in values)


def _entry(entry: Section, indent: str) -> Iterator[str]:
    """A section in a list, without what it leaves open."""
    for number, name in enumerate(type(entry).model_fields):
        value = getattr(entry, name)
        data = _set_only(value) if isinstance(value, Section) else plain_field(name, value)
        line = f"{indent}{'  ' if number else '- '}{name}: {flow(data)}"
        yield line if number else f"{line:<{_COLUMN}}  # file"


def _set_only(section: Section) -> dict[str, Any]:
    fields = type(section).model_fields
    return {
        fields[name].alias or name: plain_field(name, getattr(section, name))
        for name in fields
        if name in section.model_fields_set
    }
