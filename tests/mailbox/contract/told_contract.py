"""What a mailbox backend must do that makes and sends several letters by one request."""

from __future__ import annotations

from ackd.model import Unknown
from tests.mailbox.contract.mailbox_contract import World, drain, letter


class ToldContract:
    """The contract. `world` is an empty mailbox at `NOW`."""

    def test_a_failure_that_is_told_in_full_is_no_cut_connection(self, world: World) -> None:
        drain(world.mailbox, None, None)
        world.fail_next_send(2)
        tokens = ["1" * 32, "2" * 32, "3" * 32]
        outcomes = world.mailbox.send([letter(token) for token in tokens])
        assert [type(outcome) for outcome in outcomes] == [Unknown] * 3
        (failure,) = {outcome.failure for outcome in outcomes if isinstance(outcome, Unknown)}
        assert failure
        assert set(world.mailbox.find(tokens)) == set(tokens[:2]), "the copy was kept first"
        world.break_next_write("after")
        (cut,) = world.mailbox.send([letter("4" * 32)])
        assert isinstance(cut, Unknown)
        assert not cut.failure
