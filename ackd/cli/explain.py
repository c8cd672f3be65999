"""`ackd explain`: what ackd would make of mails in files, and why. No server is contacted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path, warn_not_supported

if TYPE_CHECKING:
    from ackd.judgement import Judgement, Settings

LARGEST = 100 * 1024 * 1024  # bytes of a file that are read


def explain(
    files: Annotated[list[Path], typer.Argument(help="Mails (.eml), or folders with *.eml below.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,
    now: Annotated[
        str | None,
        typer.Option("--now", help="Judge as at this moment (ISO 8601), not at each mail's Date."),
    ] = None,
    clock: ClockOption = None,
) -> None:
    """Judge mails from files and say why; nothing is sent and no server is contacted.

    With --json one object a line. Exit status 66 when a file can't be read.
    """
    import json

    from ackd import config as configuration
    from ackd.app import clock_of, settings_of

    loaded = configuration.load(config_path(config))
    settings, assumed = settings_of(loaded.config)
    if not as_json:
        warn_not_supported(loaded.not_supported)
    for words in assumed.words:
        typer.echo(f"ackd: assumed: {words}", err=True)
    moment = _moment(now) if now else clock_of(clock).now() if clock else None
    failed = False
    for file in _files(files):
        try:
            judgement, at = _judge(file, settings, moment)
        except OSError as error:
            typer.echo(f"ackd: {file}: can't be read: {error.strerror or error}", err=True)
            failed = True
            continue
        if as_json:
            typer.echo(json.dumps(_as_json(file, judgement, settings), ensure_ascii=False))
        else:
            typer.echo(_as_text(file, judgement, settings, at))
    if failed:
        raise typer.Exit(66)  # EX_NOINPUT


def _files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from sorted(path.rglob("*.eml"))
        else:
            yield path


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no moment: write it like 2026-11-23T09:00:00+01:00", param_hint="--now"
        ) from None
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no offset: write {text}+00:00", param_hint="--now")
    return moment.astimezone(UTC)


def _judge(file: Path, settings: Settings, now: datetime | None) -> tuple[Judgement, datetime]:
    """Judge a file as at its own Date: as if it had just arrived."""
    from dataclasses import replace

    from ackd.judgement import judge
    from ackd.mailbox import eml
    from ackd.model import Thread

    with file.open("rb") as source:
        mail = eml.read(source.read(LARGEST))
    at = now or mail.sent or mail.received
    mail = replace(mail, received=at if now is None else mail.sent or mail.received)
    return judge(mail, settings, at, thread=Thread(), start_mark=None), at


def _as_json(file: Path, judgement: Judgement, settings: Settings) -> dict[str, Any]:
    from ackd.model import Veto

    known, verdict = judgement.facts, judgement.verdict
    local = settings.calendar.local
    promise = judgement.planned.promise if judgement.planned and verdict.acknowledge else None
    urgency = promise.question.urgency if promise else known.urgency
    return {
        "file": str(file),
        "verdict": "acknowledge" if verdict.acknowledge else "leave",
        "request": round(known.request.probability, 4),
        "language": known.language,
        "urgency": urgency.value,
        "deadline": local(judgement.stated.moment).isoformat() if judgement.stated else None,
        "findings": [
            {"rule": f.rule, "says": "veto" if isinstance(f, Veto) else "evidence", "reason": f.reason}
            for f in verdict.findings
        ],
        "promise": {"due": local(promise.due).isoformat(timespec="seconds")} if promise else None,
    }


def _as_text(file: Path, judgement: Judgement, settings: Settings, at: datetime) -> str:
    from ackd.model import Evidence, Veto

    known, verdict = judgement.facts, judgement.verdict
    head = (
        f"judged as at {settings.calendar.local(at):%Y-%m-%d %H:%M %Z}, "
        f"language {known.language or 'unknown'}, {known.urgency.value.replace('_', ' ')}, "
        f"probability of a request {known.request.probability:.2f}"
    )
    lines = [f"{file}: {'ACKNOWLEDGE' if verdict.acknowledge else 'leave'}", f"  {head}"]
    for finding in verdict.findings:
        sign = "no " if isinstance(finding, Veto) else "   "
        quote = f': "{finding.quote}"' if isinstance(finding, Evidence) and finding.quote else ""
        lines.append(f"  {sign} {finding.rule}: {finding.reason}{quote}")
    if judgement.stated:
        lines.append(f"  asked by {settings.calendar.local(judgement.stated.moment):%A %d %B %Y %H:%M}")
    if verdict.acknowledge and judgement.planned:
        promise = judgement.planned.promise
        lines.append(f"  promise: an answer by {settings.calendar.local(promise.due):%A %d %B %Y %H:%M}")
    return "\n".join(lines)
