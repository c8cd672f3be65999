"""What views return, for terminals and programs: JSON, and text without what a terminal obeys."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, tzinfo
from enum import Enum
from typing import TYPE_CHECKING, Any

from ackd.clock import in_zone

if TYPE_CHECKING:
    from ackd.model import Finding, Rule
    from ackd.views.log import Entry

_LONGEST = 400  # characters of one thing that is shown


def shown(text: str, longest: int = _LONGEST) -> str:
    """Text of a mail on one line without control characters."""
    from ackd.letters.sanitize import one_line

    return one_line(text, longest)


def dumped(found: object) -> str:
    """JSON on one line; what can't be written as UTF-8 (halves of characters) becomes "?"."""
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def as_plain(value: Any, timespec: str = "auto") -> Any:
    """Values, one in another, as JSON has them: their fields by name, moments in ISO 8601."""
    if is_dataclass(value):
        return {field.name: as_plain(getattr(value, field.name), timespec) for field in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat(timespec=timespec)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return [as_plain(one, timespec) for one in value] if isinstance(value, list | tuple) else value


def verdict_word(acknowledge: bool) -> str:
    """The verdict as programs read it."""
    return "acknowledge" if acknowledge else "leave"


def findings_as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Who said what; no text of the mail."""
    from ackd.model import Veto

    return [
        {"rule": f.rule, "says": "veto" if isinstance(f, Veto) else "evidence", "reason": f.reason}
        for f in findings
    ]


def rule_as_json(rule: Rule) -> dict[str, Any]:
    """What a rule is for, and what its veto means; null where it has none."""
    means = ("mutes_follow_ups", "overridable", "blocks_task")
    plain = {"rule": rule.name, "description": rule.description, "forbids": rule.forbids}
    return plain | {name: getattr(rule, name) if rule.forbids else None for name in means}


def finding_lines(findings: Iterable[Finding], zone: tzinfo | None) -> list[str]:
    """One line a finding, by a clock in the zone: vetoes begin with "no"."""
    from ackd.model import Veto

    lines = []
    for finding in findings:
        sign = "no " if isinstance(finding, Veto) else "   "
        said = f': "{shown(finding.quote)}"' if finding.quote else ""
        lines.append(f"{sign} {finding.rule}: {in_zone(shown(finding.reason), zone)}{said}")
    return lines


def entry_as_json(entry: Entry) -> dict[str, Any]:
    """A decision of the log."""
    promise = entry.promise
    plain = {
        "message_id": entry.message_id,
        "sender": entry.sender,
        "received": as_plain(entry.received, "seconds"),
        "decided": as_plain(entry.decided, "seconds"),
        "mode": entry.mode,
        "verdict": verdict_word(entry.acknowledge),
        "rules": list(entry.rules),
        "letter": entry.letter or None,
        "findings": findings_as_json(entry.findings),
        "promise": {"due": as_plain(promise.due, "seconds"), "state": promise.state.value}
        if promise
        else None,
        "would_promise": {"due": as_plain(entry.forecast, "seconds")} if entry.forecast else None,
        "effects": as_plain(entry.effects),
    }
    return {**plain, "subject": entry.subject} if entry.subject else plain
