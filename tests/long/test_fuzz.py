"""Mails and answers, spoiled at random (tests/fuzz.py)."""

from __future__ import annotations

import pytest

from tests.backends import OverGraph, OverHttp
from tests.fuzz import World, json_answer, judged, turns, xml
from tests.plays import many, seeded

pytestmark = pytest.mark.long


def test_spoiled_mails() -> None:
    seeded(turns(judged, many(40)))()


@pytest.mark.parametrize("kind", [OverHttp, OverGraph])
def test_spoiled_answers(kind: type[OverHttp]) -> None:
    world = World(kind, json_answer if kind is OverGraph else xml)
    seeded(turns(world.play, many(25)))()
    world.close()
    assert world.spoiled
