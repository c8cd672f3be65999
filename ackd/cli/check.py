"""`ackd check`: the doctor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path

if TYPE_CHECKING:
    from ackd.doctor import Finding


def check(config: ConfigOption = None, clock: ClockOption = None, as_json: JsonOption = False) -> None:
    """Check configuration, sign-in and folders; writes nothing to the mailbox.

    Also lets a password be tried again that the server refused before. The exit status is that
    of the worst finding: 0, 75, 77 or 78.
    """
    import json
    from dataclasses import asdict

    from ackd.app import examine

    findings = list(examine(config_path(config), clock))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        show(findings)
    worst = max((finding.exit_code for finding in findings), default=0)
    if worst:
        raise typer.Exit(worst)


def show(findings: Iterable[Finding]) -> int:
    """A line for each finding, with its remedy; returns the exit status of the worst."""
    worst = 0
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.well else 'FAIL'} {finding.what}: {finding.found}")
        if finding.remedy:
            typer.echo(f"     remedy: {finding.remedy}")
        worst = max(worst, finding.exit_code)
    return worst
