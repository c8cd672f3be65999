"""`ackd calibrate`: which promises the owner's own record would have kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import typer

from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.progress import progress

if TYPE_CHECKING:
    from ackd.runtime.read_only import ReadOnlyApp
    from ackd.views.calibrate import Found

BACK = timedelta(days=90)
KEYS = {"normal": "within", "urgent": "urgent", "no_rush": "no_rush"}


def calibrate(config: ConfigOption = None, clock: ClockOption = None, as_json: JsonOption = False) -> None:
    """Show how long internal questions waited for your answers, and propose spans.

    Reads the last 90 days of the watched folders and of Sent Items and changes nothing. The spans
    that it proposes for `promise.within`, `urgent` and `no_rush` would have kept 9 of 10 promises.
    """
    import json

    from ackd.runtime.read_only import ReadOnlyApp
    from ackd.views.calibrate import calibrate as evaluate

    with ReadOnlyApp(config_path(config), clock) as look:
        for words in () if as_json else look.assumed.words:
            typer.echo(f"ackd: assumed: {words}", err=True)
        mails, waits = _read(look)
        found = evaluate(waits, look.settings.calendar)
    if as_json:
        typer.echo(json.dumps(_as_json(found, mails)))
    else:
        typer.echo(_as_text(found, mails))


def _read(look: ReadOnlyApp) -> tuple[int, Any]:
    from ackd.views.calibrate import Sampler

    now = look.clock.now()
    begin = now - BACK
    sampler = Sampler(look.settings)
    with look.mailbox() as mailbox, progress(begin, now) as tell:
        for one in mailbox.past(begin, answered=True):
            tell(sampler.take(one), sampler.mails)
    return sampler.mails, sampler.waits


def _as_json(found: tuple[Found, ...], mails: int) -> dict[str, Any]:
    return {
        "days": BACK.days,
        "answered_mails": mails,
        "waited": {
            KEYS[one.urgency.value]: {
                "questions": one.count,
                "median_hours": _hours(one.median),
                "p80_hours": _hours(one.p80),
                "p95_hours": _hours(one.p95),
                "kept": round(one.kept, 3) if one.span else None,
            }
            for one in found
        },
        "proposal": {KEYS[one.urgency.value]: str(one.span) for one in found if one.span},
    }


def _as_text(found: tuple[Found, ...], mails: int) -> str:
    from ackd.views.calibrate import ENOUGH

    if not found:
        return f"{mails} mails that you answered in {BACK.days} days, and no internal question among them"
    count = sum(one.count for one in found)
    lines = [
        f"{count} internal questions that you answered by mail in {BACK.days} days;",
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
        key = KEYS[one.urgency.value]
        if one.span:
            lines.append(f"  {key}: {one.span}  # {one.kept:.0%} kept")
        elif one.count < ENOUGH:
            lines.append(f"  # {key}: only {one.count} questions, too few to say")
        else:
            lines.append(f"  # {key}: answers came too late for any span that a colleague would accept")
    return "\n".join(lines)


def _hours(span: timedelta) -> float:
    return round(span / timedelta(hours=1), 2)
