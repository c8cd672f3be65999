"""What a mailbox backend must do that makes a letter first and sends it then. `world` can cut it between."""

from __future__ import annotations

from typing import Protocol

from ackd.model import Done, Place, Unknown
from ackd.ports import Mailbox
from tests.mailbox.contract.mailbox_contract import NOW, drain, letter

TOKEN, OTHER = "a" * 32, "c" * 32


class World(Protocol):
    mailbox: Mailbox

    def tick(self, seconds: float) -> None:
        """Let the server's time pass."""

    def leave_next_unsent(self) -> None:
        """The next letters are made, and the connection is cut before they are sent."""


class UnsentContract:
    """The contract. `world` is an empty mailbox at `NOW`."""

    def test_a_letter_that_was_made_alone_is_told_as_unsent(self, world: World) -> None:
        world.leave_next_unsent()
        (outcome,) = world.mailbox.send([letter()])
        assert isinstance(outcome, Unknown)
        assert world.mailbox.find([TOKEN, OTHER]) == {TOKEN: Place.UNSENT}

    def test_the_same_one_is_sent_once(self, world: World) -> None:
        sync_state = drain(world.mailbox, None, None)[-1].sync_state
        world.tick(5)
        world.leave_next_unsent()
        world.mailbox.send([letter(), letter(OTHER)])
        assert all(isinstance(one, Done) for one in world.mailbox.send_unsent([TOKEN, OTHER]))
        assert world.mailbox.find([TOKEN, OTHER]) == dict.fromkeys((TOKEN, OTHER), Place.SENT)
        sent = [mail.token for page in drain(world.mailbox, sync_state, NOW) for mail in page.sent]
        assert sorted(filter(None, sent)) == [TOKEN, OTHER]
        (again,) = world.mailbox.send_unsent([TOKEN])
        assert isinstance(again, Unknown)
        assert world.mailbox.find([TOKEN]) == {TOKEN: Place.SENT}

    def test_an_unsent_one_can_be_removed(self, world: World) -> None:
        world.leave_next_unsent()
        world.mailbox.send([letter()])
        assert world.mailbox.remove([TOKEN, OTHER]) == {TOKEN}
        assert world.mailbox.find([TOKEN]) == {}
        (outcome,) = world.mailbox.send_unsent([TOKEN])
        assert isinstance(outcome, Unknown)
