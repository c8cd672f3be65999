"""Why a mail is left alone. Each rule is an object with its name, its description and its check; what its
veto means for the rest of ackd stands with it.

The rules stand by theme: who writes (`sender`), machines (`robots`), kinds of mail (`mail`), and what is
asked of whom (`question`). None depends on another's answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

#: What a check says: the reason for a veto, a finding of its own, or nothing.
Said = str | Finding | None
Check = Callable[[Facts, Policy], Said]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; the last three say what its veto means (see `model.Veto`)."""

    name: str
    description: str
    said_of: Check
    mutes_follow_ups: bool = True
    overridable: bool = False
    blocks_task: bool = True

    def check(self, facts: Facts, policy: Policy) -> Finding | None:
        """What the rule finds in a mail; None where it has nothing to say."""
        said = self.said_of(facts, policy)
        return self.veto(said) if isinstance(said, str) else said

    def veto(self, reason: str, *, leaves_task: bool = False, quote: str = "") -> Veto:
        """The rule's veto, with what it means for the rest of ackd."""
        means = (self.mutes_follow_ups, self.overridable, self.blocks_task)
        return Veto(self.name, reason, *means, leaves_task, quote)


def rule(
    *, mutes_follow_ups: bool = True, overridable: bool = False, blocks_task: bool = True
) -> Callable[[Check], Rule]:
    """Make a rule of a function: its name in words, its docstring the description."""

    def made(check: Check) -> Rule:
        name = check.__name__.replace("_", " ")
        description = " ".join((check.__doc__ or "").split())
        return Rule(name, description, check, mutes_follow_ups, overridable, blocks_task)

    return made
