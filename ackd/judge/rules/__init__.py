"""Why a mail is left alone. Each rule is an object with its name, its description and its check; what its
veto means for the rest of ackd stands with it.

The rules stand by theme: who writes (`sender`), machines (`robots`), kinds of mail (`mail`), and what is
asked of whom (`question`). None depends on another's answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Rule, RuleName

#: What a check says: the reason for a veto, a finding of its own, or nothing.
Said = str | Finding | None
Check = Callable[[Facts, Policy], Said]


@dataclass(frozen=True, slots=True)
class JudgeRule(Rule):
    """A rule of the judge's."""

    said_of: Check

    def check(self, facts: Facts, policy: Policy) -> Finding | None:
        """What the rule finds in a mail; None where it has nothing to say."""
        said = self.said_of(facts, policy)
        return self.veto(said) if isinstance(said, str) else said


def rule(
    *,
    forbids: bool = True,
    mutes_follow_ups: bool = True,
    overridable: bool = False,
    blocks_task: bool = True,
) -> Callable[[Check], JudgeRule]:
    """Make a rule of a function: its name in words, which `RuleName` must know, its docstring the
    description."""

    def made(check: Check) -> JudgeRule:
        name = RuleName(check.__name__.replace("_", " "))
        return JudgeRule(
            name,
            described(check.__doc__),
            check,
            forbids=forbids,
            mutes_follow_ups=mutes_follow_ups,
            overridable=overridable,
            blocks_task=blocks_task,
        )

    return made


def described(text: str | None) -> str:
    """A description in one line."""
    return " ".join((text or "").split())
