"""Ways in which EWS servers differ, found out while one works and by the self-test: what a server takes with
NoError and doesn't keep is written in another way from then on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

# What the self-test tries, by the names of its results
REMINDER, NOTE, DRAFTS = "task's reminder", "task's note", "drafts are told apart"


@dataclass(slots=True)
class Ways:
    """What is known of one server; None: not found out yet."""

    limits_bodies: bool | None = None
    """It knows MaximumBodySize."""
    keeps_reminders: bool | None = None
    """It keeps a task's ReminderDueBy; else PidLidReminderTime and PidLidReminderSignalTime are written."""
    appends: bool | None = None
    """AppendToItemField adds to a body; else the whole body is set."""
    marks_drafts: bool | None = None
    """IsDraft tells drafts from what was sent; else nothing does once they lie in Deleted Items."""

    @classmethod
    def of(cls, refuted: Collection[str]) -> Ways:
        """As the self-test found them; `refuted` names what doesn't hold."""
        found = {"keeps_reminders": REMINDER, "appends": NOTE, "marks_drafts": DRAFTS}
        return cls(**{name: False for name, what in found.items() if what in refuted})

    def recall(self, known: Mapping[str, bool]) -> None:
        """Know again what was found lacking before, where nothing is known yet."""
        for name in asdict(self):
            if getattr(self, name) is None and known.get(name) is False:
                setattr(self, name, False)

    def lacking(self) -> dict[str, bool]:
        """What was found lacking, to be kept."""
        return {name: False for name, known in asdict(self).items() if known is False}
