"""The JSON Schema of the configuration, for editors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from ackd.config import renamed
from ackd.config.renamed import EACH, Renamed
from ackd.config.schema import Config, Section
from ackd.config.serialize import plain

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """Writes defaults as the configuration does."""

    def encode_default(self, dft: Any) -> Any:
        return plain(dft)


def json_schema(root: type[Section] = Config, title: str = "ackd's configuration") -> str:
    """The schema as JSON text."""
    schema = root.model_json_schema(by_alias=True, schema_generator=_Generator)
    for entry in renamed.RENAMED if root is Config else ():
        _add_old_name(schema, entry)
    tidied = {"$schema": _DIALECT, "title": title, **_tidy(schema)}
    return json.dumps(tidied, indent=2, ensure_ascii=False) + "\n"


def _add_old_name(schema: dict[str, Any], entry: Renamed) -> None:
    """The key by its old name too, marked as such: editors strike it out and refuse nothing."""
    *above, key = entry.new.split(".")
    section = _below(schema, schema, above)
    meant = section["properties"][key]
    section["required"] = [one for one in section.get("required", ()) if one != key]
    words = f"The old name of `{entry.new}`, until ackd {entry.since}."
    *above, key = entry.old.split(".")
    _below(schema, schema, above)["properties"][key] = {**meant, "description": words, "deprecated": True}


def _below(schema: dict[str, Any], part: dict[str, Any], steps: Sequence[str]) -> dict[str, Any]:
    """The section at a path; one that isn't there any more is made."""
    if "$ref" in part:
        return _below(schema, schema["$defs"][part["$ref"].rpartition("/")[2]], steps)
    if not steps:
        return part
    if steps[0] == EACH:
        return _below(schema, part["items"], steps[1:])
    gone = {"type": "object", "additionalProperties": False, "deprecated": True, "properties": {}}
    return _below(schema, part["properties"].setdefault(steps[0], gone), steps[1:])


def _tidy(part: Any) -> Any:
    """Without pydantic's titles, which only repeat the keys, our own marks, and the defaults of whole
    sections, whose keys have theirs."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if not isinstance(part, dict):
        return part
    without = (
        {"x-default", "default"}
        if "$ref" in part and isinstance(part.get("default"), dict)
        else {"x-default"}
    )
    return {
        key: _tidy(value)
        for key, value in part.items()
        if key not in without and not (key == "title" and isinstance(value, str))
    }
