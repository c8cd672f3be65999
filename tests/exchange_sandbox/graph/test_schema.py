"""That answers are held to the published definitions at all: without the shared data this is skipped, and
says so, since the other tests here then look only at what they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from .graph_client import definitions, validate


def test_an_answer_with_a_misspelt_member_fails(shared: Path) -> None:
    assert definitions() is not None, f"no definitions below {shared}"
    validate("message", {"id": "x", "subject": "Figures"})
    with pytest.raises(AssertionError, match="no message"):
        validate("message", {"id": "x", "subjekt": "Figures"})
