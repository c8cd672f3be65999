"""`ackd calibrate`: which promises the owner's own record would have kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import typer

from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.progress import progress

if TYPE_CHECKING:
    from ackd.views.calibrate import Calibration


def calibrate(config: ConfigOption = None, clock: ClockOption = None, as_json: JsonOption = False) -> None:
    """Show how long internal questions waited for your answers, and propose spans.

    Reads the last 90 days of the watched folders and of Sent Items and changes nothing. The spans
    that it proposes for `promise.within`, `urgent` and `no_rush` would have kept 9 of 10 promises.
    """
    import json

    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.calibrate import BACK, calibration

    with ReadOnlyApp(config_path(config), clock) as look:
        look.learn()
        for words in () if as_json else look.assumed.words:
            typer.echo(f"ackd: assumed: {words}", err=True)
        now = look.clock.now()
        with look.mailbox() as mailbox, progress(now - BACK, now) as tell:
            found = calibration(mailbox, look.settings, now, tell)
    typer.echo(json.dumps(_as_json(found)) if as_json else _as_text(found))


def _as_json(found: Calibration) -> dict[str, Any]:
    return {
        "days": found.days,
        "answered_mails": found.mails,
        "waited": {
            one.key: {
                "questions": one.count,
                "median_hours": _hours(one.median),
                "p80_hours": _hours(one.p80),
                "p95_hours": _hours(one.p95),
                "kept": round(one.kept, 3) if one.span else None,
            }
            for one in found.found
        },
        "proposal": {one.key: str(one.span) for one in found.found if one.span},
    }


def _as_text(past: Calibration) -> str:
    from ackd.views.calibrate import ENOUGH

    found = past.found
    if not found:
        mails = f"{past.mails} mails that you answered in {past.days} days"
        return f"{mails}, and no internal question among them"
    count = sum(one.count for one in found)
    lines = [
        f"{count} internal questions that you answered by mail in {past.days} days;",
        "how long they waited, in business hours:",
        f"{'':9}{'questions':>10}{'median':>9}{'80 %':>9}{'95 %':>9}",
    ]
    for one in found:
        name = one.urgency.value.replace("_", " ")
        spans = "".join(f"{_hours(span):>9.1f}" for span in (one.median, one.p80, one.p95))
        lines.append(f"{name:9}{one.count:>10}{spans}")
    lines.append("Spans with which 9 of 10 promises would have been kept:")
    lines.append("promise:")
    for one in found:
        key = one.key
        if one.span:
            lines.append(f"  {key}: {one.span}  # {one.kept:.0%} kept")
        elif one.count < ENOUGH:
            lines.append(f"  # {key}: only {one.count} questions, too few to say")
        else:
            lines.append(f"  # {key}: answers came too late for any span that a colleague would accept")
    return "\n".join(lines)


def _hours(span: timedelta) -> float:
    return round(span / timedelta(hours=1), 2)
