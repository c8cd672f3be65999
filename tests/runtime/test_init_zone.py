"""Which zone `ackd init` writes down where the mailbox tells none."""

from __future__ import annotations

import pytest

from ackd.cli.init_about import _zone
from ackd.cli.questions import Questions
from ackd.model import OwnerCard, OwnerSettings
from ackd.runtime.onboarding import Found


@pytest.mark.parametrize(
    ("variable", "zone"), [("Asia/Tokyo", "Asia/Tokyo"), ("Europe", ""), ("CET-1CEST", "")]
)
def test_what_only_stands_in_is_not_written_down(
    monkeypatch: pytest.MonkeyPatch, variable: str, zone: str
) -> None:
    monkeypatch.setenv("TZ", variable)
    found = Found("", OwnerCard(None, None), OwnerSettings(), (), ())
    assert _zone(Questions(silent=True), found)[0] == zone
