"""What is said of a mail: findings, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Veto:
    """A finding that forbids an acknowledgement, with a reason that a person understands.

    `mutes_follow_ups`: it also says that the sender isn't to be listened to in an open conversation;
    `overridable`: the owner's command on that very mail goes before it; `blocks_task`: where the owner
    wants a task without a letter, there is none either; `leaves_task`: it forbids the letter alone, and a
    question that nothing else forbids gets its task at once. `quote` is text of the mail that shows it. The
    ledger keeps rule and reason, never the quote."""

    rule: str
    reason: str
    mutes_follow_ups: bool = field(default=True, compare=False)
    overridable: bool = field(default=False, compare=False)
    blocks_task: bool = field(default=True, compare=False)
    leaves_task: bool = field(default=False, compare=False)
    quote: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding that speaks for (weight > 0) or against (weight < 0) a question.

    `quote` is text of the mail that shows it; the ledger never keeps it.
    """

    rule: str
    weight: float
    reason: str
    quote: str = ""


Finding = Veto | Evidence


@dataclass(frozen=True, slots=True)
class Verdict:
    """Acknowledge, or leave; with all findings. `task_alone`: it is left, and its task is made at once."""

    acknowledge: bool
    findings: tuple[Finding, ...]
    task_alone: bool = field(default=False, compare=False)

    @property
    def reason(self) -> str:
        """The findings that decided, in one line."""
        vetoes = [f.reason for f in self.findings if isinstance(f, Veto)]
        weighed = [f.reason for f in self.findings if isinstance(f, Evidence) and f.weight]
        return "; ".join(vetoes or weighed or [f.reason for f in self.findings])
