"""`ackd check`: the doctor."""

from __future__ import annotations

import typer

from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path


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
        for finding in findings:
            typer.echo(f"{'ok  ' if finding.well else 'FAIL'} {finding.what}: {finding.found}")
            if finding.remedy:
                typer.echo(f"     remedy: {finding.remedy}")
    worst = max((finding.exit_code for finding in findings), default=0)
    if worst:
        raise typer.Exit(worst)
