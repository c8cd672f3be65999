"""The document names everything that there is."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from ackd.sandbox import Quirks, operations
from ackd.sandbox.faults import KINDS

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


def test_every_operation_quirk_and_fault_is_described() -> None:
    known = [name.removesuffix("Request") for name in operations.scan()]
    known += [f"`{one.name}`" for one in fields(Quirks)]
    known += [f"`{kind}`" for kind in KINDS]
    assert [name for name in known if name not in DOCUMENT] == []


def test_what_is_here_is_not_called_missing() -> None:
    assert not operations.ELSEWHERE & set(operations.scan())
