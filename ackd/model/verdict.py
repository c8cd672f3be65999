"""The judgement of a mail: findings and the verdict."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Veto:
    """A finding that forbids an acknowledgement, with a reason that a person understands."""

    rule: str
    reason: str


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
    """Acknowledge, or leave; with all findings."""

    acknowledge: bool
    findings: tuple[Finding, ...]

    @property
    def reason(self) -> str:
        """The findings that decided, in one line."""
        vetoes = [f.reason for f in self.findings if isinstance(f, Veto)]
        return "; ".join(vetoes or [f.reason for f in self.findings])
