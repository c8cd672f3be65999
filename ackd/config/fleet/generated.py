"""The files that are made from the fleet's schema."""

from __future__ import annotations

from ackd.config.example import example
from ackd.config.fleet.schema import FleetConfig
from ackd.config.json_schema import json_schema
from ackd.config.reference import reference_of

SCHEMA_FILE = "fleet.schema.json"
_EXAMPLE = f"""\
# yaml-language-server: $schema={SCHEMA_FILE}
#
# A fleet's configuration, as `ackd fleet example` prints it. `ackd fleet check` checks yours and those of the
# owners; docs/fleet.md explains how a fleet is run, docs/fleet-configuration.md each key.
"""
_REFERENCE = """\
# The fleet's configuration

This page is made from the schema (`python -m ackd.config`); `fleet.example.yaml` shows every key in place.
[The fleet](fleet.md) tells how one is run. Values are written as in
[an owner's configuration](configuration.md#how-values-are-written). `ackd fleet check --config fleet.yaml`
names all problems, those of each owner's file alone (exit status 78).

What counts for a mailbox, the upper before the lower:

1. `fixed`: the stricter of what stands there and of what is asked for below.
2. The owner's own file: `mode`, `keep`, `internal`, `questions`, `promise`, `tasks`, `follow_up`, `limits`,
   `letters.language`, `letters.name`, `rules`, `mailbox.aliases`, `mailbox.names` and `mailbox.folders`.
3. `defaults`.
4. ackd's own defaults.
"""


def fleet_example() -> str:
    """The example file."""
    return example(FleetConfig, _EXAMPLE)


def fleet_schema() -> str:
    """The JSON Schema."""
    return json_schema(FleetConfig, "the configuration of ackd's fleet")


def fleet_reference() -> str:
    """The page with all keys."""
    words = "As in [an owner's configuration](configuration.md), without `alarms`."
    return reference_of(FleetConfig, _REFERENCE, {"defaults": words})
