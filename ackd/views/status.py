"""The ledger as its owner reads it: how things stand, what is parked, and the owner's word on it.

Works beside the running service: every look and every word is a transaction of its own.
"""

from __future__ import annotations

from typing import Any

from ackd.engine import alerts, groups, hold, lease
from ackd.engine.alerts import CONFIG_TROUBLE, TEMPLATE_TROUBLE, TROUBLE
from ackd.engine.outbox import SETTLED_SEND
from ackd.errors import UsageError
from ackd.model import Done, EffectKind, EffectState, Pending
from ackd.ports import Clock, Ledger

_WORDS = {
    EffectKind.ACKNOWLEDGEMENT: "the acknowledgement",
    EffectKind.TASK: "the task of the answer",
    EffectKind.APPOINTMENT: "the calendar entry of the answer",
    EffectKind.NEW_DATE: "the new date",
    EffectKind.CANNOT_HELP: "the letter that you can't help",
    EffectKind.NEED_MORE: "the letter that you need more",
    EffectKind.APOLOGY: "the draft of an apology",
    EffectKind.OVERDUE_NOTICE: "the notice to you of the overdue answer",
}


class StatusView:
    """What `ackd status`, `parked`, `pause` and `resume` say and do. `alive` says whether a
    service is at work with this state."""

    def __init__(self, ledger: Ledger, clock: Clock, *, alive: bool) -> None:
        self._ledger = ledger
        self._clock = clock
        self._alive = alive

    def status(self) -> dict[str, Any]:
        """How things stand, for people and programs alike."""
        held = hold.current(self._ledger)
        count = self._ledger.count_effects
        planned = self._ledger.in_state(EffectState.PLANNED)
        foreign = lease.met(self._ledger)
        next_due = min((pending.effect.not_before for pending in planned), default=None)
        return {
            "service_alive": self._alive,
            "mode": self._ledger.value("mode"),
            "start_mark": self._ledger.value("start_mark"),
            "last_poll": self._ledger.value("last_poll"),
            "trouble": self._ledger.value(TROUBLE),
            "config_trouble": self._ledger.value(CONFIG_TROUBLE),
            "template_trouble": self._ledger.value(TEMPLATE_TROUBLE),
            "folder_trouble": [note.words for note in alerts.load(self._ledger.value(alerts.FOLDERS))],
            "foreign_lease": foreign.words if foreign else None,
            "sending_held": f"{held.why}, since {held.since}" if held else None,
            "lists": list(groups.standing(self._ledger, self._clock.now())),
            "open_promises": self._ledger.count_open(),
            **self._promises(),
            "drafts_waiting": count(EffectState.DRAFTED),
            "waiting_effects": len(planned),
            "next_due": next_due.isoformat(timespec="seconds") if next_due else None,
            "doubtful": count(EffectState.UNKNOWN) + count(EffectState.ATTEMPTING),
            "parked": count(EffectState.PARKED),
            "unreadable_mails": int(self._ledger.value("unread") or 0),
        }

    def _promises(self) -> dict[str, Any]:
        now = self._clock.now()
        made = self._ledger.open_promises()
        ripe = [promise.due for promise in made if not promise.waits]
        coming = min((due for due in ripe if due > now), default=None)
        return {
            "overdue": sum(due <= now for due in ripe),
            "waiting_for_askers": len(made) - len(ripe),
            "next_promise": coming.isoformat(timespec="minutes") if coming else None,
        }

    def parked(self) -> list[dict[str, Any]]:
        """The cases that wait for a person."""
        return [_shown(pending) for pending in self._ledger.in_state(EffectState.PARKED)]

    def resolve(self, number: int, *, send: bool) -> str:
        """Settle a case by the owner's word; returns what happens now. Raises UsageError for a
        number that isn't parked."""
        for pending in self._ledger.in_state(EffectState.PARKED):
            if pending.effect.number == number:
                break
        else:
            raise UsageError(f"no case {number} is parked: `ackd parked` lists them")
        token, what = pending.effect.token, _WORDS[pending.effect.kind]
        if send:
            # at once, also by a clock that is ahead of the server's at present
            soon = min(self._clock.now(), pending.effect.not_before)
            self._ledger.send_again(token, soon, SETTLED_SEND)
            return f"{what} to {pending.promise.question.asker.email} goes out at the next pass"
        self._ledger.settle({token: Done()})
        return f"{what} to {pending.promise.question.asker.email} counts as done"

    def pause(self) -> hold.Hold:
        """Stop sending."""
        return hold.pause(self._ledger, self._clock.now())

    def resume(self) -> int:
        """Send again; returns how many unsent acknowledgements were withdrawn."""
        return hold.resume(self._ledger, self._clock.now())

    def close(self) -> None:
        """Release the ledger."""
        self._ledger.close()


def _shown(pending: Pending) -> dict[str, Any]:
    effect, question = pending.effect, pending.promise.question
    return {
        "number": effect.number,
        "what": _WORDS[effect.kind],
        "asker": question.asker.email,
        "subject": question.subject,
        "message_id": question.message_id,
        "promised": pending.promise.due.isoformat(),
        "tries": effect.tries,
        "attempted": effect.attempted.isoformat() if effect.attempted else None,
        "why": effect.note,
    }
