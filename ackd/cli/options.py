"""Options that several commands share."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The configuration file.", show_default="the platform's place"),
]
ClockOption = Annotated[
    Path | None,
    typer.Option("--clock", help="Take the time from this file (one ISO 8601 line); for tests."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def config_path(given: Path | None) -> Path:
    """The configuration file that is meant."""
    if given is not None:
        return given
    import platformdirs

    return platformdirs.user_config_path("ackd") / "config.yaml"


def start_logging(level: int) -> None:
    """Log to standard error, where journald reads it. Prose with an `event=` field."""
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s", force=True
    )
    # it warns whenever a pass takes longer than the poll interval, which is no news
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
