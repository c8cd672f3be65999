"""The files that are made from the schema, and that they fit it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from ackd.config import load
from ackd.config.__main__ import generated
from ackd.config.schema import Config, Section
from ackd.config.schema_help import field_at, fields_of, help_of, section_of

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    "name",
    [
        *("config.example.yaml", "config.schema.json", "docs/configuration.md"),
        *("fleet.example.yaml", "fleet.schema.json", "docs/fleet-configuration.md"),
    ],
)
def test_a_made_file_is_up_to_date(name: str) -> None:
    stored = (ROOT / name).read_text(encoding="utf-8")
    assert stored == generated()[name], f"{name} has drifted: run `python -m ackd.config` in the repository"


def test_the_example_shows_every_line_of_the_agreed_shape(shared: Path) -> None:
    shape = yaml.safe_load((shared / "config-shape.yaml").read_text(encoding="utf-8"))
    example = yaml.safe_load(generated()["config.example.yaml"])
    assert _as_in(example, shape) == shape


def _as_in(example: Any, shape: Any) -> Any:
    """The example without the keys that only ackd's schema has."""
    if isinstance(example, dict) and isinstance(shape, dict):
        return {key: _as_in(value, shape[key]) for key, value in example.items() if key in shape}
    return example


def test_the_example_can_be_used_and_names_its_schema() -> None:
    path = ROOT / "config.example.yaml"
    assert load(path).config.mailbox.address == "alice@corp.example"
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=config.schema.json\n")


def keys(section: type[Section], before: str = "") -> list[str]:
    found = []
    for key, info in fields_of(section).items():
        found.append(before + key)
        below = section_of(info)
        found += keys(below, f"{before}{key}.") if below else []
    return found


def test_every_key_is_explained_everywhere() -> None:
    schema = json.loads(generated()["config.schema.json"])
    page = generated()["docs/configuration.md"]
    for key in keys(Config):
        info = field_at(tuple(key.split(".")))
        assert info is not None, key
        assert help_of(info), f"{key} has no description"
        assert f"`{key.rpartition('.')[2]}`" in page or f"`{key}`" in page, key
    for name, part in schema["$defs"].items():
        if part.get("type") == "object":
            assert part["additionalProperties"] is False, name
            assert all(
                below.get("description") or "$ref" in below for below in part["properties"].values()
            ), name


def test_the_schema_for_editors_has_the_defaults_as_they_are_written() -> None:
    schema = json.loads(generated()["config.schema.json"])
    assert schema["properties"]["poll"]["default"] == "60 s"
    assert schema["properties"]["mode"]["default"] == "preview"
    assert schema["$defs"]["FollowUp"]["properties"]["digest"]["default"] == "mon-fri 08:30"
    assert "x-default" not in json.dumps(schema)
