"""The schema of the configuration, declared once.

Validation, the example file, the JSON Schema and the reference page come from these models.
An attribute has its key's name; where Python forbids that, an underscore follows
(`internal.except_`, `when.from_`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import BeforeValidator, Field

from ackd.config import addresses, durations, field_types
from ackd.config.patterns import PatternKind
from ackd.config.schema.alarms import Alarms
from ackd.config.schema.asking import Internal, Limits, Questions
from ackd.config.schema.base import Section
from ackd.config.schema.follow_up import Categories, FollowUp, Letters
from ackd.config.schema.mailbox import Mailbox
from ackd.config.schema.promise import Holidays, Promises, Tasks
from ackd.config.schema.rules import RULES_EXAMPLE, Rule, Then, When, number_rules
from ackd.model import Duration, Mode, Unit


class Config(Section):
    """The whole configuration."""

    mailbox: Mailbox
    state: Annotated[Path, field_types.FOLDER] | None = Field(
        default=None,
        description="The directory of the ledger and caches.",
        json_schema_extra={"x-default": "the platform's state directory"},
    )
    ledger: Annotated[str, addresses.LEDGER] | None = Field(
        default=None,
        description="Where the ledger is, as a URL: an SQLite file, or a database of PostgreSQL (its "
        "password in PGPASSWORD or ~/.pgpass). Several mailboxes' ackds may share it.",
        json_schema_extra={"x-default": "SQLite in the state directory"},
    )
    mode: Mode = Field(
        default=Mode.PREVIEW,
        description="What ackd may do to the mailbox. Preview: nothing, it only records what it would do. "
        "Draft: acknowledgements wait in Drafts. Send: it acts.",
    )
    poll: Annotated[Duration, durations.POLL] = Field(
        default=Duration(60, Unit.SECONDS), description="How often ackd looks for new mail."
    )
    keep: Annotated[Duration, durations.KEEP] = Field(
        default=Duration(400, Unit.DAYS), description="The age at which closed records leave the ledger."
    )
    internal: Internal = Internal()
    questions: Questions = Questions()
    promise: Promises = Promises()
    tasks: Tasks = Tasks()
    follow_up: FollowUp = FollowUp()
    limits: Limits = Limits()
    letters: Letters = Letters()
    alarms: Alarms = Alarms()
    rules: Annotated[tuple[Rule, ...], BeforeValidator(number_rules)] = Field(
        default=(),
        description="What the owner wants otherwise. The first rule that matches wins; texts, globs and "
        "/regular expressions/ take upper and lower case as alike. `acknowledge: always` answers "
        "thanks, too; with `threshold: 0.3` beside it what is at all a request, and no more.",
        examples=[RULES_EXAMPLE],
    )

    @property
    def named_groups(self) -> tuple[str, ...]:
        """The distribution lists that rules name by their exact address."""
        patterns = (pattern for rule in self.rules for pattern in rule.when.group)
        return tuple(pattern.text for pattern in patterns if pattern.kind is PatternKind.EQUALS)

    @property
    def state_directory(self) -> Path:
        """The directory of the ledger and caches: as set, else the platform's."""
        return self.state or platformdirs.user_state_path("ackd")


__all__ = [
    "Alarms",
    "Categories",
    "Config",
    "FollowUp",
    "Holidays",
    "Internal",
    "Letters",
    "Limits",
    "Mailbox",
    "Promises",
    "Questions",
    "Rule",
    "Section",
    "Tasks",
    "Then",
    "When",
]
