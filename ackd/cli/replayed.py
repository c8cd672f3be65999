"""How one mail of a replay is shown, as JSON and in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ackd.cli.render import as_plain, findings_as_json, shown

if TYPE_CHECKING:
    from ackd.model import Mail
    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.replay import Replayed

REFERRED = "referred elsewhere: nothing promised"


def mail_as_json(found: Replayed, look: ReadOnlyApp) -> dict[str, Any]:
    """The mail, and what would have become of it."""
    return {
        **shown_as_json(found.mail, look),
        **judged_as_json(found, look),
        "answered": iso(found.answered, look),
        "reply_mark": found.is_marked_answered,
        "findings": findings_as_json(found.verdict.findings),
    }


def shown_as_json(mail: Mail, look: ReadOnlyApp) -> dict[str, Any]:
    """Which mail it is."""
    from ackd.views.explain import shown as shown_mail

    plain: dict[str, Any] = as_plain(shown_mail(mail, look.settings.calendar.local), "seconds")
    return plain


def judged_as_json(found: Replayed, look: ReadOnlyApp) -> dict[str, Any]:
    """What would have become of a mail."""
    from ackd.views.replay import Outcome

    return {
        "outcome": found.outcome.value,
        "acknowledged_at": iso(found.leaves, look) if found.outcome is Outcome.ACKNOWLEDGED else None,
        "rules": list(found.rules),
        "letter": found.letter or None,
        "promise": {"due": iso(found.due, look)} if found.due else None,
    }


def iso(at: datetime | None, look: ReadOnlyApp) -> str | None:
    """A moment by the owner's clock."""
    return look.settings.calendar.local(at).isoformat(timespec="seconds") if at else None


def cells(found: Replayed, look: ReadOnlyApp) -> tuple[str, str, str, str]:
    """When, from whom, about what, and what would have become of it and why."""
    return (*mail_cells(found.mail, look), words(found, look))


def mail_cells(mail: Mail, look: ReadOnlyApp) -> tuple[str, str, str]:
    """When, from whom, about what."""
    return (
        f"{look.settings.calendar.local(mail.received):%Y-%m-%d %H:%M}",
        shown(mail.sender.email, 120) if mail.sender else "-",
        shown(mail.subject, 120) or "-",
    )


def words(found: Replayed, look: ReadOnlyApp) -> str:
    """What would have become of a mail, and why."""
    from ackd.views.replay import Outcome

    def said(at: datetime | None) -> str:
        return f"{look.settings.calendar.local(at):%Y-%m-%d %H:%M}" if at else "-"

    rule = f"rule {shown(', '.join(found.rules))}"
    if found.outcome is Outcome.LEFT:
        return f"{rule}: {shown(found.why)}"
    if found.outcome is Outcome.IN_TIME:
        return f"{rule}; you answered on {said(found.answered)}"
    promised = f"an answer by {said(found.due)}" if found.due else REFERRED
    answered = f"; you answered on {said(found.answered)}" if found.answered else ""
    return f"{rule}, letter {found.letter} on {said(found.leaves)}: {promised}{answered}"
