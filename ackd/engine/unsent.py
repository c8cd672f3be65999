"""Letters that stand made in the mailbox and surely weren't sent: the very same ones are sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ackd.engine import promises
from ackd.model import UNKNOWABLE, Effect, EffectState, Letter, Outcome, Pending, Place, Refused
from ackd.ports import Ledger, Writing

#: The note of such a letter: it is looked for again right before it is sent.
MADE = "made, and not sent: the same one is sent"


class Unsent:
    """The tokens of those letters, as the mailbox was looked at last."""

    def __init__(self) -> None:
        self.tokens: set[str] = set()
        self.unclear: set[str] = set()  # of which the mailbox doesn't tell whether they were sent

    def apart(self, found: Mapping[str, Place], asked: Collection[str]) -> dict[str, Place]:
        """Take note of what was found unsent, and of what it isn't clear of; returns the rest."""
        for known, where in ((self.tokens, Place.UNSENT), (self.unclear, Place.UNCLEAR)):
            known.difference_update(asked)
            known |= {token for token, place in found.items() if place is where}
        return {token: place for token, place in found.items() if token not in self.tokens | self.unclear}

    def park(self, ledger: Ledger, effects: Sequence[Effect]) -> frozenset[str]:
        """Of these the letters of which it isn't clear whether they were sent are shown to a person, and
        never sent again; returns their tokens."""
        unclear = [effect for effect in effects if effect.token in self.unclear]
        promises.put(ledger, unclear, EffectState.PARKED, UNKNOWABLE)
        return frozenset(effect.token for effect in unclear)

    def settle(
        self, mailbox: Writing, ledger: Ledger, doubtful: Collection[str], wanted: Collection[str]
    ) -> frozenset[str]:
        """Those of doubtful letters that are unsent are planned again, or taken away where they aren't
        wanted any more; returns which were unsent."""
        unsent = self.tokens.intersection(doubtful)
        if needless := unsent.difference(wanted):
            mailbox.remove(needless)
            promises.put_all(ledger, needless, EffectState.CANCELLED, "not sent, and not wanted any more")
        if unsent:
            promises.put_all(ledger, unsent.intersection(wanted), EffectState.PLANNED, MADE)
        return frozenset(unsent)

    def drop_stale(self, mailbox: Writing, looked: Sequence[Pending], sent: Sequence[Pending]) -> None:
        """Of what was looked for, only what is sent with the date that it names stays; the rest goes."""
        true = {p.effect.token: p.promise for p in sent}
        stale = [t for p in looked if (t := p.effect.token) in self.tokens and true.get(t) != p.promise]
        if stale:
            mailbox.remove(stale)
            self.tokens.difference_update(stale)

    def send(self, mailbox: Writing, letters: Sequence[Letter]) -> list[Outcome]:
        """Send letters: those that stand made as they are, and the others anew."""
        made = [letter.token for letter in letters if letter.token in self.tokens]
        new = [letter for letter in letters if letter.token not in self.tokens]
        outcomes = dict(zip(made, mailbox.send_unsent(made), strict=True)) if made else {}
        if new:
            sent = mailbox.send(new)
            outcomes |= dict(zip((letter.token for letter in new), sent, strict=True))
        return [outcomes[letter.token] for letter in letters]

    def keep(self, ledger: Ledger, outcomes: Mapping[str, Outcome]) -> None:
        """What was refused for now stands made still; with everything else the mailbox is asked."""
        again = {
            token
            for token, outcome in outcomes.items()
            if token in self.tokens and isinstance(outcome, Refused) and outcome.retry
        }
        if again:
            promises.put_all(ledger, again, EffectState.PLANNED, MADE)
        self.tokens.difference_update(outcomes.keys() - again)
