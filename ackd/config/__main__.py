"""Writes the files that are made from the schema into the working directory (the repository's root)."""

from __future__ import annotations

from pathlib import Path

from ackd.config.example import SCHEMA_FILE, example
from ackd.config.fleet.generated import SCHEMA_FILE as FLEET_SCHEMA_FILE
from ackd.config.fleet.generated import fleet_example, fleet_reference, fleet_schema
from ackd.config.json_schema import json_schema
from ackd.config.reference import reference


def generated() -> dict[str, str]:
    """The files by their path in the repository."""
    return {
        "config.example.yaml": example(),
        SCHEMA_FILE: json_schema(),
        "docs/configuration.md": reference(),
        "fleet.example.yaml": fleet_example(),
        FLEET_SCHEMA_FILE: fleet_schema(),
        "docs/fleet-configuration.md": fleet_reference(),
    }


if __name__ == "__main__":
    for name, text in generated().items():
        Path(name).write_text(text, encoding="utf-8")
