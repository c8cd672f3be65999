"""By which names the owner is meant: of the address, of the signature, and those that colleagues use."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ackd.judge import facts
from ackd.judge.decide import decide
from ackd.model import Audience
from tests.judge import golden

TEXT = "{}\n\ncould you please send me the figures for March by Friday?\n\nThanks\nBob"


@pytest.mark.parametrize(
    ("greeting", "names", "is_meant"),
    [
        ("Hi Sasha,", (), False),  # somebody's given name, who isn't Alice
        ("Hi Sasha,", ("Sasha",), True),
        ("Hi Sasha,", ("Alex", "Sasha"), True),
        ("Liebe Sascha,", ("sascha",), True),
        ("Sasha - quick one.", ("Sasha",), True),
        ("Hi Bob,", ("Sasha",), False),
        ("Hi Alice,", ("Sasha",), True),
        ("Hi Alice Smith,", (), True),
    ],
)
def test_a_nickname_is_the_owner(greeting: str, names: tuple[str, ...], is_meant: bool) -> None:
    case = {"text": TEXT.format(greeting), "headers": {"From": "Carla <carla@corp.example>"}}
    owner = replace(golden.OWNER, names=names)
    known = facts.read(golden.mail(case), owner)
    policy = replace(golden.policy({}), owner=owner)
    assert decide(known, policy).acknowledge is is_meant
    if is_meant and names and "Sasha" in greeting:
        assert known.request.audience is Audience.OWNER
