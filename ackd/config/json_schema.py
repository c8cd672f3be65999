"""The JSON Schema of the configuration, for editors."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from ackd.config.schema import Config
from ackd.config.serialize import plain

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """Writes defaults as the configuration does."""

    def encode_default(self, dft: Any) -> Any:
        return plain(dft)


def json_schema() -> str:
    """The schema as JSON text."""
    schema = Config.model_json_schema(by_alias=True, schema_generator=_Generator)
    tidied = {"$schema": _DIALECT, "title": "ackd's configuration", **_tidy(schema)}
    return json.dumps(tidied, indent=2, ensure_ascii=False) + "\n"


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
