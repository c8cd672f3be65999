"""Values as the configuration writes them: the way back from the schema's types to YAML."""

from __future__ import annotations

import enum
from datetime import date
from functools import singledispatch
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from ackd.config.alarm_urls import AlarmUrl
from ackd.config.days import DateRange, ExtraHoliday
from ackd.config.durations import duration_text
from ackd.config.hours import Digest, days_text, spans_text, time_text, week_map
from ackd.config.patterns import Pattern
from ackd.config.schema import Section
from ackd.config.secrets import Secret
from ackd.model import Address, Duration, WorkingHours


@singledispatch
def plain(value: Any) -> Any:
    """A value of the schema as text, number, list or map, so that reading it gives it again."""
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"{type(value).__name__} has no form in the configuration")


def plain_field(name: str, value: Any) -> Any:
    """The value of a field whose type alone doesn't tell how it is written: a rule's hours and
    weekdays."""
    if name == "hour" and value:
        return [spans_text([span]) for span in value]
    if name == "weekday" and value:
        return days_text(value).split(", ")
    return plain(value)


@plain.register
def _(value: Section) -> dict[str, Any]:
    fields = type(value).model_fields.items()
    return {info.alias or name: plain_field(name, getattr(value, name)) for name, info in fields}


@plain.register(list)
@plain.register(tuple)
def _(value: list[Any] | tuple[Any, ...]) -> list[Any]:
    return [plain(item) for item in value]


@plain.register
def _(value: enum.Enum) -> Any:
    return value.value


@plain.register
def _(value: float) -> float:
    return int(value) if value.is_integer() else value


@plain.register(Pattern)
@plain.register(ZoneInfo)
@plain.register(Path)
@plain.register(date)
def _(value: object) -> str:
    return str(value)


@plain.register
def _(value: Duration) -> str:
    return duration_text(value)


@plain.register
def _(value: WorkingHours) -> dict[str, str]:
    return week_map(value)


@plain.register
def _(value: Digest) -> str:
    return f"{days_text(value.days)} {time_text(value.at)}"


@plain.register
def _(value: DateRange) -> str:
    return f"{value.first} to {value.last}" if value.first < value.last else str(value.first)


@plain.register
def _(value: ExtraHoliday) -> dict[str, str] | str:
    return {str(value.day): value.name} if value.name else str(value.day)


@plain.register
def _(value: AlarmUrl) -> str:
    return value.text


@plain.register
def _(value: Secret) -> dict[str, str]:
    return {value.source.value: value.name}


@plain.register
def _(value: Address) -> str:
    return f"{value.name} <{value.email}>" if value.name else value.email


def flow(data: Any) -> str:
    """Data as YAML on one line."""
    text = yaml.safe_dump(data, default_flow_style=True, width=1_000_000, allow_unicode=True, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")
