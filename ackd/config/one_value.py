"""A single value, read as the configuration reads it at its key: for answers that are checked when they are
given."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from ackd.config.field_types import Base
from ackd.config.schema_help import field_at
from ackd.config.validation_errors import allowed_at, as_wrong
from ackd.config.value_error import Location, Wrong, WrongParts


def read_value(key: str, value: object, base: Base | None = None) -> Any:
    """The value at a key such as "promise.time_zone", as the configuration would have it. Raises Wrong, with
    what is allowed, for one that can't be used."""
    where: Location = tuple(key.split("."))
    info = field_at(where)
    if info is None:
        raise KeyError(key)
    kind: Any = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    try:
        return TypeAdapter(kind).validate_python(value, context=base)
    except ValidationError as error:
        raise _wrong(where, value, error.errors(include_url=False, include_input=False)[0]) from None


def _wrong(where: Location, value: object, mistake: Any) -> Wrong:
    """The first mistake, complete with what is allowed."""
    reason, below = mistake.get("ctx", {}).get("error"), tuple(mistake["loc"])
    if isinstance(reason, WrongParts):
        inner, reason = reason.parts[0]
        below = (*below, *inner)
    place = (*where, *(step for step in below if isinstance(step, int)))
    wrong = reason if isinstance(reason, Wrong) else as_wrong(place, value, mistake)
    allowed = (wrong.allowed or allowed_at(place)).removesuffix("; or null")  # no answer is null
    return Wrong(wrong.detail, allowed=allowed, near=wrong.near, hide=wrong.hide)
