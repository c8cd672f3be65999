"""Options that several commands share."""

from __future__ import annotations

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
LogFormatOption = Annotated[str, typer.Option("--log-format", help="How the log is written: plain or json.")]
LogLevelOption = Annotated[
    str, typer.Option("--log-level", help="How much is logged: debug, info, warning or error.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
ConfirmOption = Annotated[
    list[str] | None,
    typer.Option(
        "--confirm-host",
        metavar="HOST",
        help="Your sign-in may go to this host, where autodiscover leads there and it asks. Repeatable.",
    ),
]

_LEVELS = ("debug", "info", "warning", "error")


def config_path(given: Path | None) -> Path:
    """The configuration file that is meant."""
    if given is not None:
        return given
    import platformdirs

    return platformdirs.user_config_path("ackd") / "config.yaml"


def start_logging(level: str, form: str = "plain") -> None:
    """Log to standard error. Raises BadParameter for a level or form that there isn't."""
    import logging

    from ackd.runtime import logs

    if level not in _LEVELS:
        raise typer.BadParameter(f"{level!r} is none of {', '.join(_LEVELS)}", param_hint="--log-level")
    if form not in logs.FORMATS:
        raise typer.BadParameter(f"{form!r} is none of {', '.join(logs.FORMATS)}", param_hint="--log-format")
    logs.start_logging(logging.getLevelNamesMapping()[level.upper()], form)
